//! What is wrong with the user's text: collected, never thrown, and shown all in one run.

mod concise;
mod fix;
mod full;
mod github;
mod gitlab;
mod json;
mod junit;
mod nearest;
mod report;
mod repository;
pub mod rules;
mod sarif;
mod sink;

pub use fix::{Fix, apply};
pub use full::write_full;
pub use nearest::{did_you_mean, nearest};
pub use report::{FORMATS, Format, Report};
pub use repository::Repository;
pub use rules::RuleId;
pub use sink::{Sink, Stopped};

pub use crate::rule;

use crate::source::Span;

/// One finding about the user's input.
#[derive(Clone, Debug)]
pub struct Diagnostic {
    /// How bad it is.
    pub severity: Severity,
    /// The rule that found it.
    pub rule: RuleId,
    /// One line, lower case, no final period, names in backticks; it makes sense alone.
    pub message: String,
    /// The place of the problem; none when it has no place.
    pub span: Option<Span>,
    /// Other places that explain it, each with a word on what it is.
    pub related: Vec<(Span, String)>,
    /// What to type instead.
    pub help: Vec<String>,
    /// The change that fixes it, when there is one safe answer.
    pub fix: Option<Fix>,
    /// The line that Helm prints for it; reports have it with `--debug`.
    pub helm: Option<Box<str>>,
}

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The input cannot be used: exit status 1.
    Error,
    /// It can be used, and probably is not meant so.
    Warning,
    /// Good to know.
    Note,
}

impl Severity {
    /// The word that messages show.
    pub fn word(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Note => "note",
        }
    }
}

impl Diagnostic {
    /// A finding that makes the input unusable.
    pub fn error(rule: RuleId, message: impl Into<String>) -> Self {
        Self::new(Severity::Error, rule, message)
    }

    /// A finding that does not stop the run.
    pub fn warning(rule: RuleId, message: impl Into<String>) -> Self {
        Self::new(Severity::Warning, rule, message)
    }

    /// Something good to know.
    pub fn note(rule: RuleId, message: impl Into<String>) -> Self {
        Self::new(Severity::Note, rule, message)
    }

    /// A finding without a place.
    pub fn new(severity: Severity, rule: RuleId, message: impl Into<String>) -> Self {
        let message = one_line(message.into());
        Self {
            severity,
            rule,
            message,
            span: None,
            related: Vec::new(),
            help: Vec::new(),
            fix: None,
            helm: None,
        }
    }

    /// Whether it makes the input unusable.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }

    /// The same finding at a place.
    pub fn at(mut self, span: &Span) -> Self {
        self.span = Some(span.clone());
        self
    }

    /// The same finding with a place that explains it.
    pub fn related(mut self, span: &Span, word: impl Into<String>) -> Self {
        self.related.push((span.clone(), word.into()));
        self
    }

    /// The same finding with a remedy.
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help.push(one_line(help.into()));
        self
    }

    /// The same finding with the nearest of these names as the remedy, if one is near enough.
    pub fn did_you_mean<'n>(self, word: &str, names: impl IntoIterator<Item = &'n str>) -> Self {
        match did_you_mean(word, names) {
            Some(help) => self.help(help),
            None => self,
        }
    }

    /// The same finding with the line that Helm prints for it.
    pub fn helm(mut self, line: impl Into<String>) -> Self {
        self.helm = Some(one_line(line.into()).into_boxed_str());
        self
    }

    /// The same finding with the change that fixes it.
    pub fn fix(mut self, fix: Fix) -> Self {
        self.fix = Some(fix);
        self
    }
}

/// Puts findings into the order of the sources that they are about.
pub fn sort_by_place(diagnostics: &mut [Diagnostic]) {
    diagnostics.sort_by_key(|d| {
        d.span.as_ref().map(|span| (span.source().name().to_owned(), span.place()))
    });
}

/// Whether any finding makes the input unusable.
pub fn has_errors(diagnostics: &[Diagnostic]) -> bool {
    diagnostics.iter().any(Diagnostic::is_error)
}

/// The text with line breaks and other control characters written out: what a file holds cannot add lines to
/// a report, nor steer a terminal.
fn one_line(text: String) -> String {
    if !text.contains(char::is_control) {
        return text;
    }
    let mut line = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c.is_control() {
            true => line.extend(c.escape_default()),
            false => line.push(c),
        }
    }
    line
}

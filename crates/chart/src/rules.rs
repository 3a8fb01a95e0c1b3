//! What a schema cannot say of values: rules over several keys, each a small function with an id.

mod surprise;

use jinnacle_syntax::diagnostic::{Diagnostic, Fix, RuleId, Severity, rule, sort_by_place};
use jinnacle_syntax::source::Span;
use jinnacle_syntax::yaml::Node;

use crate::release::Release;

/// A rule over the values of a chart.
pub struct Rule<Check = fn(&Node) -> Vec<Finding>> {
    /// Its id.
    pub id: RuleId,
    /// Finds what breaks it.
    pub check: Check,
}

/// A rule over values in a release.
pub type ReleaseRule = Rule<fn(&Node, &Release) -> Vec<Finding>>;

/// A rule about what works and is hardly meant.
pub type Advice = Rule<fn(&Advised<'_>) -> Vec<Finding>>;

impl<Check> Rule<Check> {
    fn findings(&self, found: Vec<Finding>) -> impl Iterator<Item = Diagnostic> {
        found.into_iter().map(|finding| finding.under(self.id))
    }
}

/// What breaks rules.
pub fn check(rules: &[Rule], values: &Node) -> Vec<Diagnostic> {
    let mut found: Vec<Diagnostic> =
        rules.iter().flat_map(|rule| rule.findings((rule.check)(values))).collect();
    sort_by_place(&mut found);
    found
}

/// What breaks rules in a release.
pub fn check_release(rules: &[ReleaseRule], values: &Node, release: &Release) -> Vec<Diagnostic> {
    rules.iter().flat_map(|rule| rule.findings((rule.check)(values, release))).collect()
}

/// What the user wrote in one or several files, and what came of it.
pub struct Advised<'a> {
    /// The user's part alone.
    pub layer: &'a Node,
    /// The defaults.
    pub defaults: &'a Node,
    /// Both together, as templates see them.
    pub values: &'a Node,
}

/// Advice on the values of any chart.
const FOR_ALL: [Advice; 3] = [
    Advice { id: rule!("yaml/boolean-word"), check: surprise::boolean_words },
    Advice { id: rule!("yaml/number-form"), check: surprise::number_forms },
    Advice { id: rule!("yaml/plain-text"), check: surprise::plain_texts },
];

/// What works and is hardly meant, by the advice for all charts and that for one.
pub fn advise(own: &[Advice], advised: &Advised<'_>) -> Vec<Diagnostic> {
    let all = FOR_ALL.iter().chain(own);
    all.flat_map(|advice| advice.findings((advice.check)(advised))).collect()
}

/// A broken rule at a place, without the id of the rule.
pub struct Finding {
    severity: Severity,
    message: String,
    span: Span,
    related: Vec<(Span, String)>,
    help: Vec<String>,
    fix: Option<Fix>,
}

impl Finding {
    /// An error.
    pub fn error(span: &Span, message: impl Into<String>) -> Self {
        Self::new(Severity::Error, span, message)
    }

    /// A warning.
    pub fn warning(span: &Span, message: impl Into<String>) -> Self {
        Self::new(Severity::Warning, span, message)
    }

    /// A note.
    pub fn note(span: &Span, message: impl Into<String>) -> Self {
        Self::new(Severity::Note, span, message)
    }

    /// What another part of the program found, at this place if it is given, or else at its own.
    pub fn of(other: Diagnostic, span: Option<&Span>) -> Option<Self> {
        let span = span.or(other.span.as_ref())?;
        let finding = Self::new(other.severity, span, other.message);
        Some(Self { related: other.related, help: other.help, fix: other.fix, ..finding })
    }

    fn new(severity: Severity, span: &Span, message: impl Into<String>) -> Self {
        let (message, span) = (message.into(), span.clone());
        Self { severity, message, span, related: Vec::new(), help: Vec::new(), fix: None }
    }

    /// With what to do.
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help.push(help.into());
        self
    }

    /// With the change that fixes it.
    pub fn fix(mut self, fix: Fix) -> Self {
        self.fix = Some(fix);
        self
    }

    /// With another place that it is about.
    pub fn related(mut self, span: &Span, word: impl Into<String>) -> Self {
        self.related.push((span.clone(), word.into()));
        self
    }

    fn under(self, id: RuleId) -> Diagnostic {
        let finding = Diagnostic {
            related: self.related,
            fix: self.fix,
            ..Diagnostic::new(self.severity, id, self.message).at(&self.span)
        };
        self.help.into_iter().fold(finding, Diagnostic::help)
    }
}

/// Whether a map or a list has anything in it, or a string any letter.
pub fn filled(node: Option<&Node>) -> bool {
    node.is_some_and(|node| match (node.as_map(), node.as_list(), node.as_str()) {
        (Some(map), _, _) => !map.is_empty(),
        (_, Some(list), _) => !list.is_empty(),
        (_, _, Some(text)) => !text.is_empty(),
        _ => !node.is_null(),
    })
}

//! What a schema cannot say of values: rules over several keys, each a small function with an id.

mod surprise;

use crate::diagnostic::{Diagnostic, Fix, sort_by_place};
use crate::release::Release;
use crate::source::Span;
use crate::yaml::Node;

/// A rule over the values of a chart.
pub struct Rule<Check = fn(&Node) -> Vec<Finding>> {
    /// Its name in messages: `chart/problem`.
    pub id: &'static str,
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
    Advice { id: "yaml/boolean-word", check: surprise::boolean_words },
    Advice { id: "yaml/number-form", check: surprise::number_forms },
    Advice { id: "yaml/plain-text", check: surprise::plain_texts },
];

/// What works and is hardly meant, by the advice for all charts and that for one.
pub fn advise(own: &[Advice], advised: &Advised<'_>) -> Vec<Diagnostic> {
    let all = FOR_ALL.iter().chain(own);
    all.flat_map(|advice| advice.findings((advice.check)(advised))).collect()
}

/// A broken rule at a place.
pub struct Finding {
    diagnostic: Diagnostic,
}

/// A finding of another part of the program, under the id of a rule.
impl From<Diagnostic> for Finding {
    fn from(diagnostic: Diagnostic) -> Self {
        Self { diagnostic }
    }
}

impl Finding {
    /// An error.
    pub fn error(span: &Span, message: impl Into<String>) -> Self {
        Self { diagnostic: Diagnostic::error("", message).at(span) }
    }

    /// A warning.
    pub fn warning(span: &Span, message: impl Into<String>) -> Self {
        Self { diagnostic: Diagnostic::warning("", message).at(span) }
    }

    /// A note.
    pub fn note(span: &Span, message: impl Into<String>) -> Self {
        Self { diagnostic: Diagnostic::note("", message).at(span) }
    }

    /// With what to do.
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.diagnostic = self.diagnostic.help(help);
        self
    }

    /// With the change that fixes it.
    pub fn fix(mut self, fix: Fix) -> Self {
        self.diagnostic = self.diagnostic.fix(fix);
        self
    }

    /// With another place that it is about.
    pub fn related(mut self, span: &Span, word: impl Into<String>) -> Self {
        self.diagnostic = self.diagnostic.related(span, word);
        self
    }

    fn under(mut self, id: &'static str) -> Diagnostic {
        self.diagnostic.rule = id;
        self.diagnostic
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

//! What a schema cannot say of values: rules over several keys, each a small function with an id.

mod nats;

use crate::chart::Chart;
use crate::diagnostic::{Diagnostic, Findings, has_errors};
use crate::source::Span;
use crate::yaml::{Entry, Node};

/// A rule over the values of a chart.
pub struct Rule {
    /// Its name in messages: `chart/problem`.
    pub id: &'static str,
    /// Finds what breaks it; the id is put in by the caller.
    check: fn(&Node) -> Vec<Finding>,
}

/// Applies the rules of a built-in chart to its merged values; a user's own chart has none.
///
/// # Errors
/// A rule is broken in a way that makes the result unusable. Warnings are added to `diagnostics`.
pub fn check(
    chart: &Chart,
    values: &Node,
    diagnostics: &mut Vec<Diagnostic>,
) -> Result<(), Findings> {
    let rules: &[Rule] = match chart.built_in.map(|built_in| built_in.name) {
        Some("nats") => &nats::RULES,
        _ => &[],
    };
    let found: Vec<Diagnostic> = rules
        .iter()
        .flat_map(|rule| (rule.check)(values).into_iter().map(|finding| finding.under(rule.id)))
        .collect();
    if has_errors(&found) {
        return Err(found.into());
    }
    diagnostics.extend(found);
    Ok(())
}

/// What is hardly meant though it works: `layer` is what the user wrote, `values` what came of it.
pub fn advise(chart: &Chart, layer: &Node, values: &Node) -> Vec<Diagnostic> {
    match chart.built_in.map(|built_in| built_in.name) {
        Some("nats") => Vec::new(),
        _ => Vec::new(),
    }
}

/// A broken rule at a place.
struct Finding {
    diagnostic: Diagnostic,
}

impl Finding {
    fn error(span: &Span, message: impl Into<String>) -> Self {
        Self { diagnostic: Diagnostic::error("", message).at(span) }
    }

    fn warning(span: &Span, message: impl Into<String>) -> Self {
        Self { diagnostic: Diagnostic::warning("", message).at(span) }
    }

    fn help(mut self, help: impl Into<String>) -> Self {
        self.diagnostic = self.diagnostic.help(help);
        self
    }

    fn related(mut self, span: &Span, word: impl Into<String>) -> Self {
        self.diagnostic = self.diagnostic.related(span, word);
        self
    }

    fn under(mut self, id: &'static str) -> Diagnostic {
        self.diagnostic.rule = id;
        self.diagnostic
    }
}

/// The node below a dotted path, unless it is missing or null.
fn at<'v>(values: &'v Node, path: &str) -> Option<&'v Node> {
    path.split('.').try_fold(values, |node, key| node.get(key)).filter(|node| !node.is_null())
}

/// The entry of a dotted path: its key's place and its value.
fn entry<'v>(values: &'v Node, path: &str) -> Option<&'v Entry> {
    let (above, key) = path.rsplit_once('.').unwrap_or(("", path));
    let map = if above.is_empty() { values } else { at(values, above)? };
    map.as_map()?.entry(key)
}

/// Whether a switch is on.
fn on(values: &Node, path: &str) -> bool {
    at(values, path).and_then(Node::as_bool).unwrap_or(false)
}

/// The text at a path; an empty one counts as missing.
fn text<'v>(values: &'v Node, path: &str) -> Option<&'v str> {
    at(values, path).and_then(Node::as_str).filter(|text| !text.is_empty())
}

/// The entries of a list; none when it is missing.
fn list<'v>(values: &'v Node, path: &str) -> &'v [Node] {
    at(values, path).and_then(Node::as_list).unwrap_or(&[])
}

/// Whether a map or a list has anything in it, or a text any letter.
fn filled(node: Option<&Node>) -> bool {
    node.is_some_and(|node| match (node.as_map(), node.as_list(), node.as_str()) {
        (Some(map), _, _) => !map.is_empty(),
        (_, Some(list), _) => !list.is_empty(),
        (_, _, Some(text)) => !text.is_empty(),
        _ => !node.is_null(),
    })
}

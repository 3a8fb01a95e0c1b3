//! What a schema cannot say of values: rules over several keys, each a small function with an id.

mod nats;
mod natscluster;
mod operator;

use crate::chart::Chart;
use crate::diagnostic::{Diagnostic, Findings, has_errors, sort_by_place};
use crate::release::Release;
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
    release: &Release,
    diagnostics: &mut Vec<Diagnostic>,
) -> Result<(), Findings> {
    let Some(built_in) = chart.built_in else { return Ok(()) };
    let mut found = findings(built_in.name, values);
    if built_in.name == "nats-operator" {
        found.extend(operator::home(values, release).map(|it| it.under("operator/namespace")));
        sort_by_place(&mut found);
    }
    if has_errors(&found) {
        return Err(found.into());
    }
    diagnostics.extend(found);
    Ok(())
}

/// What the rules of a built-in chart, or of a kind of manifest, find.
pub fn findings(name: &str, values: &Node) -> Vec<Diagnostic> {
    let rules: &[Rule] = match name {
        "nats" => &nats::RULES,
        "nats-operator" => &operator::RULES,
        "natscluster" => &natscluster::RULES,
        _ => &[],
    };
    let mut found: Vec<Diagnostic> = rules
        .iter()
        .flat_map(|rule| (rule.check)(values).into_iter().map(|finding| finding.under(rule.id)))
        .collect();
    sort_by_place(&mut found);
    found
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

//! What a rule or a value is about, and where a value came from.

use std::fmt::Write as _;

use anyhow::bail;
use serde_json::Value;

use crate::chart::Chart;
use crate::diagnostic::{nearest, rules};
use crate::json::to_json;
use crate::schema::paths::{index, keys, properties, resolved, step};
use crate::source::Span;
use crate::yaml::Node;

/// The page of a rule.
pub fn rule(id: &str) -> Option<String> {
    rules::page(id).map(|page| format!("# {id}\n\n{}\n", page.text))
}

/// What a chart's schema says of the value at a path.
///
/// # Errors
/// There is no such value.
pub fn value(chart: &Chart, path: &str) -> anyhow::Result<String> {
    let Some(schema) = &chart.schema else {
        return Ok(format!("{path}\n\nThe chart has no schema, so nothing more is known.\n"));
    };
    let schema: Value = serde_json::from_str(schema.text())?;
    let (mut whole, mut at, mut so_far) = (&schema, resolved(&schema, &schema), String::new());
    for key in keys(path) {
        let below = step(&schema, at, &key);
        let Some(next) = below else {
            let place =
                if so_far.is_empty() { "the chart".to_owned() } else { format!("`{so_far}`") };
            let known = properties(at);
            match nearest(&key, known.iter().copied()) {
                Some(meant) => bail!("{place} has no `{key}`: did you mean `{meant}`?"),
                None if known.is_empty() => bail!("{place} has no `{key}`: nothing is below it"),
                None => bail!("{place} has no `{key}`: it has {}", known.join(", ")),
            }
        };
        if !so_far.is_empty() && !key.starts_with('[') {
            so_far.push('.');
        }
        so_far.push_str(&key);
        (whole, at) = (next, resolved(&schema, next));
    }
    Ok(described(path, whole, at))
}

/// The layers that have a value at a path, from the defaults on. `winner` is the value that counts.
pub fn provenance(layers: &[(String, Node)], winner: Option<&Node>, path: &str) -> String {
    let keys = keys(path);
    let rows: Vec<(&str, &Node)> = layers
        .iter()
        .filter_map(|(name, root)| Some((name.as_str(), find(root, &keys)?)))
        .collect();
    let wins = |node: &Node| winner.is_some_and(|winner| is_same(&winner.span, &node.span));
    let mut text = String::new();
    let width = rows.iter().map(|(_, node)| node.span.to_string().len()).max().unwrap_or(0);
    let label = rows.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
    for (name, node) in &rows {
        let mark = if wins(node) { '*' } else { ' ' };
        let place = node.span.to_string();
        let _ = writeln!(text, "{mark} {name:label$}  {place:width$}  {}", to_json(node));
    }
    match (rows.is_empty(), winner) {
        (true, _) => text.push_str("  nothing sets it\n"),
        (_, None) => text.push_str("  null takes it away: it is not set\n"),
        (_, Some(winner)) if !rows.iter().any(|(_, node)| wins(node)) => {
            let _ = writeln!(text, "* {} {}", winner.span, to_json(winner));
        }
        _ => {}
    }
    text
}

/// Whether two readings of one string mean the same place.
fn is_same(a: &Span, b: &Span) -> bool {
    let text = |span: &Span| (span.source().name().to_owned(), span.source().text().to_owned());
    a.start() == b.start() && text(a) == text(b)
}

/// The node at a path.
pub fn at<'n>(root: &'n Node, path: &str) -> Option<&'n Node> {
    find(root, &keys(path))
}

fn find<'n>(root: &'n Node, keys: &[String]) -> Option<&'n Node> {
    keys.iter().try_fold(root, |node, key| match index(key) {
        Some(index) => node.as_list()?.get(index?),
        None => node.get(key),
    })
}

/// `whole` may say more than the definition that it refers to.
fn described(path: &str, whole: &Value, at: &Value) -> String {
    let word = |key: &str| whole.get(key).or_else(|| at.get(key));
    let mut text = format!("{path}\n");
    if let Some(doc) = word("description").and_then(Value::as_str) {
        let _ = writeln!(text, "\n{doc}");
    }
    text.push('\n');
    let mut row = |name: &str, words: String| {
        if !words.is_empty() {
            let _ = writeln!(text, "{name:9} {words}");
        }
    };
    row("type", types(at));
    row("default", word("default").map(Value::to_string).unwrap_or_default());
    row("one of", list(word("enum")));
    row("examples", list(word("examples")));
    let bound = |key: &str| word(key).map(Value::to_string);
    row("at least", bound("minimum").unwrap_or_default());
    row("at most", bound("maximum").unwrap_or_default());
    row("keys", properties(at).join(", "));
    text
}

/// `size: an integer or a string`.
fn types(at: &Value) -> String {
    let names: Vec<&str> = match at.get("type") {
        Some(Value::String(name)) => vec![name],
        Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    let words: Vec<&str> = names
        .iter()
        .filter(|name| **name != "null" || names.len() == 1)
        .map(|name| match *name {
            "object" => "map",
            "array" => "list",
            "string" => "text",
            other => other,
        })
        .collect();
    match at.get("title").and_then(Value::as_str) {
        Some(title) if !words.is_empty() => format!("{title} ({})", words.join(" or ")),
        _ => words.join(" or "),
    }
}

fn list(values: Option<&Value>) -> String {
    let values = values.and_then(Value::as_array);
    let words: Vec<String> = values
        .into_iter()
        .flatten()
        .filter(|value| !value.is_null())
        .map(|value| value.as_str().map_or_else(|| value.to_string(), str::to_owned))
        .collect();
    words.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chart;
    use crate::nats::CHARTS;

    #[test]
    fn values_are_explained_by_the_schema() {
        let chart = chart::load("nats/nats", &CHARTS, &mut crate::diagnostic::Sink::new()).unwrap();
        let said = value(&chart, "nats.jetstream.fileStorage.size").unwrap();
        assert!(
            said.contains("\ndefault   \"10Gi\"\n") && said.contains("\ntype      size"),
            "{said}"
        );
        let said = value(&chart, "auth.resolver.type").unwrap();
        assert!(said.contains("one of    none, memory, full, URL"), "{said}");
        assert!(value(&chart, "leafnodes.remotes[0].url").unwrap().contains("type      text"));
        assert!(value(&chart, "podAnnotations.a\\.b/c").unwrap().contains("type      text"));
        let error = value(&chart, "nats.limits.maxPaylod").unwrap_err().to_string();
        assert_eq!(error, "`nats.limits` has no `maxPaylod`: did you mean `maxPayload`?");
    }
}

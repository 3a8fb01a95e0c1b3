//! Differences → text, JSON or annotations of GitHub.

use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::diff::{Change, Side};
use crate::source::Span;

/// Differences in the form that was asked for; those of findings that differences have not are text.
pub fn print(changes: &[Change], format: Option<&str>) -> String {
    match format {
        Some("json") => json(changes),
        Some("github") => changes.iter().map(|change| annotation(change, "")).collect(),
        _ => text(changes),
    }
}

/// Differences for people: an object, below it its changes.
pub fn text(changes: &[Change]) -> String {
    let mut text = String::new();
    let mut object = "";
    for change in changes {
        if change.path.is_empty() {
            let _ = writeln!(text, "{} {}", sign(change), change.object);
            object = "";
            continue;
        }
        if change.object != object {
            let _ = writeln!(text, "~ {}", change.object);
            object = &change.object;
        }
        let mark = if change.forbidden.is_some() { '!' } else { sign(change) };
        let _ = writeln!(text, "  {mark} {}: {}", change.path, values(change));
    }
    text
}

/// Differences for programs: a list, one entry a change.
fn json(changes: &[Change]) -> String {
    let entries: Vec<Value> = changes.iter().map(entry).collect();
    format!("{:#}\n", Value::Array(entries))
}

/// A difference for programs.
pub fn entry(change: &Change) -> Value {
    let side = |side: &Option<Side>| side.as_ref().map_or(Value::Null, |side| json!(side.shown));
    let forbidden = change
        .forbidden
        .map(|forbidden| json!({"field": forbidden.field, "wayOut": forbidden.way_out}));
    json!({
        "object": change.object,
        "path": change.path,
        "old": side(&change.old),
        "new": side(&change.new),
        "forbidden": forbidden,
    })
}

/// A difference as an annotation at the line of a pull request, with more words behind it.
pub fn annotation(change: &Change, more: &str) -> String {
    let level = if change.forbidden.is_some() { "error" } else { "notice" };
    let what = match change.path.as_str() {
        "" => format!("{} {}", sign(change), change.object),
        path => format!("{} {path}: {}", change.object, values(change)),
    };
    let side = change.new.as_ref().or(change.old.as_ref());
    annotated(level, side.map(|side| &side.node.span), &(what + more))
}

/// A message at a line of a pull request.
pub fn annotated(level: &str, span: Option<&Span>, message: &str) -> String {
    let message = message.replace('%', "%25").replace('\n', "%0A").replace('\r', "%0D");
    let place = span.map_or_else(String::new, |span| {
        let (file, place) = (span.source().name(), span.place());
        format!(" file={file},line={},col={}", place.line, place.column)
    });
    format!("::{level}{place}::{message}\n")
}

fn sign(change: &Change) -> char {
    match (&change.old, &change.new) {
        (None, _) => '+',
        (_, None) => '-',
        _ => '~',
    }
}

fn values(change: &Change) -> String {
    match (&change.old, &change.new) {
        (Some(old), Some(new)) => format!("{} → {}", old.shown, new.shown),
        (old, new) => {
            old.as_ref().or(new.as_ref()).map_or(String::new(), |side| side.shown.clone())
        }
    }
}

//! Differences → text, JSON or annotations of GitHub.

use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::diff::{Change, Side};

/// Differences in the form that was asked for; those of findings that differences have not are text.
pub fn print(changes: &[Change], format: Option<&str>) -> String {
    match format {
        Some("json") => json(changes),
        Some("github") => github(changes),
        _ => text(changes),
    }
}

/// Differences for people: an object, below it its changes.
fn text(changes: &[Change]) -> String {
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
    let entry = |change: &Change| {
        let side =
            |side: &Option<Side>| side.as_ref().map_or(Value::Null, |side| json!(side.shown));
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
    };
    let entries: Vec<Value> = changes.iter().map(entry).collect();
    format!("{:#}\n", Value::Array(entries))
}

/// Differences as annotations at the lines of a pull request.
fn github(changes: &[Change]) -> String {
    let mut text = String::new();
    for change in changes {
        let Some(side) = change.new.as_ref().or(change.old.as_ref()) else { continue };
        let place = side.node.span.place();
        let level = if change.forbidden.is_some() { "error" } else { "notice" };
        let what = match change.path.as_str() {
            "" => format!("{} {}", sign(change), change.object),
            path => format!("{} {path}: {}", change.object, values(change)),
        };
        let file = side.node.span.source().name();
        let message = what.replace('%', "%25").replace('\n', "%0A").replace('\r', "%0D");
        let _ = writeln!(
            text,
            "::{level} file={file},line={},col={}::{message}",
            place.line, place.column
        );
    }
    text
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

//! Nodes → JSON text for people and programs. Keys keep their order, and numbers every digit.

use serde_json::Value;

use crate::yaml::{Kind, Node, emit};

/// A node as a document, with a line break at its end.
pub fn to_text(node: &Node) -> String {
    let mut out = String::new();
    value(node, 0, &mut out);
    out + "\n"
}

/// Manifests as one object, a `List` as `kubectl` takes and prints it.
pub fn to_list(manifests: &[Node]) -> String {
    let mut out = "{\n  \"apiVersion\": \"v1\",\n  \"kind\": \"List\",\n  \"items\": ".to_owned();
    list(manifests, 1, &mut out);
    out + "\n}\n"
}

fn value(node: &Node, depth: usize, out: &mut String) {
    match &node.kind {
        Kind::Map(map) if map.is_empty() => out.push_str("{}"),
        Kind::Map(map) => {
            for (index, (key, entry)) in map.iter().enumerate() {
                out.push(if index == 0 { '{' } else { ',' });
                line(depth + 1, out);
                text(key, out);
                out.push_str(": ");
                value(entry, depth + 1, out);
            }
            line(depth, out);
            out.push('}');
        }
        Kind::List(entries) => list(entries, depth, out),
        Kind::Text(words) => text(words, out),
        Kind::Float(number) => out.push_str(&float(*number, node)),
        other => out.push_str(&emit::word(other).unwrap_or_default()),
    }
}

fn list(entries: &[Node], depth: usize, out: &mut String) {
    if entries.is_empty() {
        return out.push_str("[]");
    }
    for (index, entry) in entries.iter().enumerate() {
        out.push(if index == 0 { '[' } else { ',' });
        line(depth + 1, out);
        value(entry, depth + 1, out);
    }
    line(depth, out);
    out.push(']');
}

/// As it was written where that is JSON, since a float of 64 bits has not all digits.
fn float(number: f64, node: &Node) -> String {
    let written = node.span.text();
    match serde_json::from_str::<f64>(written).is_ok_and(|read| read == number) {
        true => written.to_owned(),
        false => emit::word(&node.kind).unwrap_or_default(),
    }
}

fn text(words: &str, out: &mut String) {
    out.push_str(&Value::from(words).to_string());
}

fn line(depth: usize, out: &mut String) {
    out.push('\n');
    emit::spaces(2 * depth, out);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Source;
    use crate::yaml::{Limits, read};

    fn json(yaml: &str) -> String {
        to_text(&read(&Source::new("v.yaml", yaml), &Limits::default()).unwrap().root)
    }

    #[test]
    fn numbers_keep_every_digit_and_keys_their_order() {
        for (yaml, text) in [
            ("9007199254740993", "9007199254740993"),
            ("170141183460469231731687303715884105727", "170141183460469231731687303715884105727"),
            (
                "1234567890123456789012345678901234567890123456789",
                "1234567890123456789012345678901234567890123456789",
            ),
            ("0.1000000000000000055511151231257827", "0.1000000000000000055511151231257827"),
            ("1e3", "1e3"),
            ("+.5e1", "5"),
            ("0x10", "16"),
            ("\"a\\n\\u0001\\\"\"", r#""a\n\u0001\"""#),
            ("[]", "[]"),
            (
                "{z: {}, a: [1, null, no]}",
                "{\n  \"z\": {},\n  \"a\": [\n    1,\n    null,\n    false\n  ]\n}",
            ),
        ] {
            assert_eq!(json(yaml), format!("{text}\n"), "{yaml}");
        }
    }
}

//! TOML, in the layout of the library that Helm uses: keys sorted, tables last, two blanks a level.

use minijinja::value::{Value, ValueKind};
use minijinja::{Error, ErrorKind};
use toml::Value as Toml;

use super::arguments::{Entries, article, check_depth, check_length, entries, items, wrong};
use super::json::write_quoted;
use super::printf::shortest;

/// A map as TOML.
pub fn to_toml(value: &Value) -> Result<String, Error> {
    let mut out = String::new();
    table(&mut Vec::new(), entries(value)?, &mut out)?;
    Ok(out)
}

/// The map that TOML holds.
pub fn from_toml(text: &str) -> Result<Value, Error> {
    let table: toml::Table = text
        .parse()
        .map_err(|error: toml::de::Error| wrong(format!("this is no TOML: {}", error.message())))?;
    Ok(value_of(Toml::Table(table)))
}

fn value_of(toml: Toml) -> Value {
    match toml {
        Toml::String(text) => Value::from(text),
        Toml::Integer(integer) => Value::from(integer),
        Toml::Float(float) => Value::from(float),
        Toml::Boolean(value) => Value::from(value),
        Toml::Datetime(date) => Value::from(date.to_string()),
        Toml::Array(items) => items.into_iter().map(value_of).collect(),
        Toml::Table(table) => {
            Value::from_pairs(table.into_iter().map(|(key, value)| (key, value_of(value))))
        }
    }
}

fn table(path: &mut Vec<String>, mut entries: Entries, out: &mut String) -> Result<(), Error> {
    check_depth(path.len())?;
    check_length(out)?;
    entries.retain(|_, value| !value.is_none());
    entries.sort_unstable_keys();
    let (below, own): (Entries, Entries) =
        entries.into_iter().partition(|(_, value)| is_table(value));
    for (key, value) in own {
        margin(path.len(), out);
        out.push_str(&format!("{} = ", quoted_key(&key)));
        inline(&value, path.len(), out)?;
        out.push('\n');
    }
    for (key, value) in below {
        path.push(quoted_key(&key));
        let (brackets, tables) = match value.kind() {
            ValueKind::Map => (["[", "]"], vec![value]),
            _ => (["[[", "]]"], items(&value)?),
        };
        for inner in tables {
            if !out.is_empty() && (path.len() == 1 || brackets[0] == "[[") {
                out.push('\n');
            }
            margin(path.len() - 1, out);
            out.push_str(&format!("{}{}{}\n", brackets[0], path.join("."), brackets[1]));
            table(path, self::entries(&inner)?, out)?;
        }
        path.pop();
    }
    Ok(())
}

/// Whether a value stands under a `[header]`.
fn is_table(value: &Value) -> bool {
    match value.kind() {
        ValueKind::Map => true,
        ValueKind::Seq | ValueKind::Iterable => items(value).is_ok_and(|items| {
            !items.is_empty() && items.iter().all(|item| item.kind() == ValueKind::Map)
        }),
        _ => false,
    }
}

fn inline(value: &Value, depth: usize, out: &mut String) -> Result<(), Error> {
    check_depth(depth)?;
    check_length(out)?;
    match value.kind() {
        ValueKind::Undefined => return Err(ErrorKind::UndefinedError.into()),
        ValueKind::Bool => out.push_str(if value.is_true() { "true" } else { "false" }),
        ValueKind::String => out.push_str(&quoted(value.as_str().unwrap_or_default())),
        ValueKind::Number if value.is_integer() => out.push_str(&value.to_string()),
        ValueKind::Number => {
            let text = shortest(f64::try_from(value.clone())?).to_lowercase();
            out.push_str(&text);
            // Without a point or an exponent it would be an integer.
            if text.bytes().all(|b| b.is_ascii_digit() || b == b'-') {
                out.push_str(".0");
            }
        }
        ValueKind::Seq | ValueKind::Iterable => {
            out.push('[');
            for (index, item) in items(value)?.iter().enumerate() {
                out.push_str(if index > 0 { ", " } else { "" });
                inline(item, depth + 1, out)?;
            }
            out.push(']');
        }
        ValueKind::Map => {
            let mut entries = entries(value)?;
            entries.retain(|_, value| !value.is_none());
            entries.sort_unstable_keys();
            out.push('{');
            for (index, (key, value)) in entries.iter().enumerate() {
                out.push_str(if index > 0 { ", " } else { "" });
                out.push_str(&format!("{} = ", quoted_key(key)));
                inline(value, depth + 1, out)?;
            }
            out.push('}');
        }
        other => return Err(wrong(format!("{} has no TOML", article(other)))),
    }
    Ok(())
}

fn quoted_key(key: &str) -> String {
    let is_bare =
        !key.is_empty() && key.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-');
    if is_bare { key.to_owned() } else { quoted(key) }
}

fn quoted(text: &str) -> String {
    let mut out = String::new();
    write_quoted(text, |c| matches!(c, '\0'..' ' | '\u{7f}'), &mut out);
    out
}

fn margin(depth: usize, out: &mut String) {
    out.extend(std::iter::repeat_n("  ", depth));
}

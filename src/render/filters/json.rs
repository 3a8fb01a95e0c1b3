//! JSON as Go writes it: keys sorted, whole floats without a point, characters of HTML escaped.

use minijinja::value::{Value, ValueKind};
use minijinja::{Error, ErrorKind};
use serde_json::Value as Json;

use super::arguments::{article, check_depth, check_length, entries, items, wrong};

/// A value as JSON on one line.
pub fn to_json(value: &Value) -> Result<String, Error> {
    written(value, Style { pretty: false, html: true })
}

/// A value as JSON on many lines.
pub fn to_pretty_json(value: &Value) -> Result<String, Error> {
    written(value, Style { pretty: true, html: true })
}

/// A value as JSON on one line, with `<`, `>` and `&` as they are.
pub fn to_raw_json(value: &Value) -> Result<String, Error> {
    written(value, Style { pretty: false, html: false })
}

/// The map that JSON holds.
pub fn from_json(text: &str) -> Result<Value, Error> {
    match from_any_json(text)? {
        value if value.kind() == ValueKind::Map => Ok(value),
        other => Err(wrong(format!("the JSON is {}, not a map", article(other.kind())))),
    }
}

/// The list that JSON holds.
pub fn from_json_array(text: &str) -> Result<Value, Error> {
    match from_any_json(text)? {
        value if value.kind() == ValueKind::Seq => Ok(value),
        other => Err(wrong(format!("the JSON is {}, not a list", article(other.kind())))),
    }
}

/// The value that JSON holds.
pub fn from_any_json(text: &str) -> Result<Value, Error> {
    let json: Json =
        serde_json::from_str(text).map_err(|error| wrong(format!("this is no JSON: {error}")))?;
    Ok(value_of(json))
}

fn value_of(json: Json) -> Value {
    match json {
        Json::Null => Value::from(()),
        Json::Bool(value) => Value::from(value),
        Json::Number(number) => match (number.as_i64(), number.as_u64()) {
            (Some(integer), _) => Value::from(integer),
            (_, Some(integer)) => Value::from(integer),
            _ => Value::from(number.as_f64().unwrap_or_default()),
        },
        Json::String(text) => Value::from(text),
        Json::Array(items) => items.into_iter().map(value_of).collect(),
        Json::Object(entries) => {
            Value::from_pairs(entries.into_iter().map(|(key, value)| (key, value_of(value))))
        }
    }
}

#[derive(Clone, Copy)]
struct Style {
    pretty: bool,
    html: bool,
}

fn written(value: &Value, style: Style) -> Result<String, Error> {
    let mut out = String::new();
    write(value, style, 0, &mut out)?;
    Ok(out)
}

fn write(value: &Value, style: Style, depth: usize, out: &mut String) -> Result<(), Error> {
    check_depth(depth)?;
    check_length(out)?;
    match value.kind() {
        ValueKind::Undefined => return Err(ErrorKind::UndefinedError.into()),
        ValueKind::None => out.push_str("null"),
        ValueKind::Bool => out.push_str(if value.is_true() { "true" } else { "false" }),
        ValueKind::Number => write_number(value, out)?,
        ValueKind::String => write_text(value.as_str().unwrap_or_default(), style, out),
        ValueKind::Seq | ValueKind::Iterable => {
            let items = items(value)?;
            write_all(&items, ['[', ']'], style, depth, out, |item, out| {
                write(item, style, depth + 1, out)
            })?;
        }
        ValueKind::Map => {
            let mut entries = entries(value)?;
            entries.sort_unstable_keys();
            let entries: Vec<(String, Value)> = entries.into_iter().collect();
            write_all(&entries, ['{', '}'], style, depth, out, |(key, value), out| {
                write_text(key, style, out);
                out.push_str(if style.pretty { ": " } else { ":" });
                write(value, style, depth + 1, out)
            })?;
        }
        other => return Err(wrong(format!("{} has no JSON", article(other)))),
    }
    Ok(())
}

fn write_all<T>(
    all: &[T],
    [open, close]: [char; 2],
    style: Style,
    depth: usize,
    out: &mut String,
    mut write: impl FnMut(&T, &mut String) -> Result<(), Error>,
) -> Result<(), Error> {
    let line = |depth: usize, out: &mut String| {
        if style.pretty && !all.is_empty() {
            out.push('\n');
            out.extend(std::iter::repeat_n("  ", depth));
        }
    };
    out.push(open);
    for (index, one) in all.iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        line(depth + 1, out);
        write(one, out)?;
    }
    line(depth, out);
    out.push(close);
    Ok(())
}

/// Go writes an exponent below 1e-6 and from 1e21 on.
fn write_number(value: &Value, out: &mut String) -> Result<(), Error> {
    if value.is_integer() {
        out.push_str(&value.to_string());
        return Ok(());
    }
    let float = f64::try_from(value.clone())?;
    if !float.is_finite() {
        return Err(wrong("infinity and not-a-number have no JSON"));
    }
    if float != 0.0 && !(1e-6..1e21).contains(&float.abs()) {
        let text = format!("{float:e}");
        out.push_str(&if float.abs() < 1.0 { text } else { text.replace('e', "e+") });
    } else {
        out.push_str(&format!("{float}"));
    }
    Ok(())
}

fn write_text(text: &str, style: Style, out: &mut String) {
    let by_code = |c| match c {
        '<' | '>' | '&' => style.html,
        c => matches!(c, '\0'..' ' | '\u{2028}' | '\u{2029}'),
    };
    write_quoted(text, by_code, out);
}

/// Writes a text in double quotes, with the escapes that JSON and TOML share; characters without a letter of
/// their own, for which `by_code` holds, by their code.
pub fn write_quoted(text: &str, by_code: impl Fn(char) -> bool, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            c if by_code(c) => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
}

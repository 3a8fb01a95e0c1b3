//! JSON as Go writes it: keys sorted, whole floats without a point, characters of HTML escaped.

use jinnacle_functions::json::Writer;
use minijinja::value::{Value, ValueKind};
use minijinja::{Error, ErrorKind};
use serde_json::Value as Json;

use super::arguments::{article, check_depth, check_length, entries, items, wrong};

/// A value as JSON on one line.
pub fn to_json(value: &Value) -> Result<String, Error> {
    written(value, true, false)
}

/// A value as JSON on many lines.
pub fn to_pretty_json(value: &Value) -> Result<String, Error> {
    written(value, true, true)
}

/// A value as JSON on one line, with `<`, `>` and `&` as they are.
pub fn to_raw_json(value: &Value) -> Result<String, Error> {
    written(value, false, false)
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
        serde_json::from_str(text).map_err(|error| wrong(format!("invalid JSON: {error}")))?;
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

fn written(value: &Value, escapes_html: bool, is_pretty: bool) -> Result<String, Error> {
    let mut out = Writer::new(escapes_html, is_pretty);
    write(value, 0, &mut out)?;
    String::from_utf8(out.finish()).map_err(|error| wrong(error.to_string()))
}

fn write(value: &Value, depth: usize, out: &mut Writer) -> Result<(), Error> {
    check_depth(depth)?;
    check_length(out.length())?;
    match value.kind() {
        ValueKind::Undefined => return Err(ErrorKind::UndefinedError.into()),
        ValueKind::None => out.null(),
        ValueKind::Bool => out.bool(value.is_true()),
        ValueKind::Number if value.is_integer() => out.raw(value.to_string().as_bytes()),
        ValueKind::Number => {
            let float = f64::try_from(value.clone())?;
            if !float.is_finite() {
                return Err(wrong("infinity and not-a-number have no JSON"));
            }
            out.float(float);
        }
        ValueKind::String => out.string(value.as_str().unwrap_or_default().as_bytes()),
        ValueKind::Seq | ValueKind::Iterable => {
            out.begin_list();
            for item in items(value)? {
                write(&item, depth + 1, out)?;
            }
            out.end_list();
        }
        ValueKind::Map => {
            let mut entries = entries(value)?;
            entries.sort_unstable_keys();
            out.begin_map();
            for (key, value) in &entries {
                out.string(key.as_bytes());
                write(value, depth + 1, out)?;
            }
            out.end_map();
        }
        other => return Err(wrong(format!("{} has no JSON", article(other)))),
    }
    Ok(())
}

//! What functions take: the engine's values as strings, lists, maps and numbers.

use indexmap::IndexMap;
use minijinja::value::{Value, ValueKind};
use minijinja::{Error, ErrorKind};

use crate::engine::bounds;
use jinnacle_syntax::yaml::{Kind, emit};

/// A map in its order.
pub type Entries = IndexMap<String, Value>;

/// An error of a function's own.
pub fn wrong(message: impl Into<String>) -> Error {
    Error::new(ErrorKind::InvalidOperation, message.into())
}

/// A value as Go prints it: `map[a:1 b:[x y]]`, but integers exact; null is `<nil>`.
pub fn text(value: &Value) -> Result<String, Error> {
    let mut out = String::new();
    write_text(value, 0, &mut out)?;
    Ok(out)
}

fn write_text(value: &Value, depth: usize, out: &mut String) -> Result<(), Error> {
    check_depth(depth)?;
    check_length(out.len())?;
    match value.kind() {
        ValueKind::Undefined => return Err(ErrorKind::UndefinedError.into()),
        ValueKind::None => out.push_str("<nil>"),
        ValueKind::String => out.push_str(value.as_str().unwrap_or_default()),
        ValueKind::Bool => out.push_str(if value.is_true() { "true" } else { "false" }),
        ValueKind::Number => out.push_str(&number_text(value)),
        ValueKind::Seq | ValueKind::Iterable => {
            out.push('[');
            for (index, item) in items(value)?.iter().enumerate() {
                out.push_str(if index > 0 { " " } else { "" });
                write_text(item, depth + 1, out)?;
            }
            out.push(']');
        }
        ValueKind::Map => {
            let mut entries = entries(value)?;
            entries.sort_unstable_keys();
            out.push_str("map[");
            for (index, (key, value)) in entries.iter().enumerate() {
                out.push_str(if index > 0 { " " } else { "" });
                out.push_str(key);
                out.push(':');
                write_text(value, depth + 1, out)?;
            }
            out.push(']');
        }
        kind => return Err(wrong(format!("a {kind} has no text"))),
    }
    Ok(())
}

/// A number as `{{ }}` prints it.
pub fn number_text(value: &Value) -> String {
    if value.is_integer() {
        return value.to_string();
    }
    let float = f64::try_from(value.clone()).unwrap_or_default();
    emit::word(&Kind::Float(float)).unwrap_or_default()
}

/// How deep lists and maps may stand in each other: what walks them is recursive.
const DEEPEST: usize = 200;

/// Refuses values that are nested too deep to be walked.
pub fn check_depth(depth: usize) -> Result<(), Error> {
    if depth > DEEPEST {
        Err(wrong(format!("the value is nested deeper than {DEEPEST} levels")))
    } else {
        Ok(())
    }
}

/// Refuses to go on with a string that is too long: a list that holds another one twice may itself be held
/// twice, and so on.
pub fn check_length(length: usize) -> Result<(), Error> {
    if length > bounds::WRITTEN {
        Err(bounds::exceeded(format!("the string is longer than {} MiB", bounds::WRITTEN >> 20)))
    } else {
        Ok(())
    }
}

/// The items of a list; of null, none.
pub fn items(value: &Value) -> Result<Vec<Value>, Error> {
    match value.kind() {
        ValueKind::Undefined => Err(ErrorKind::UndefinedError.into()),
        ValueKind::None => Ok(Vec::new()),
        ValueKind::Seq | ValueKind::Iterable => {
            bounds::countable(std::slice::from_ref(value))?;
            Ok(value.try_iter()?.collect())
        }
        other => Err(wrong(format!("expected a list, found {}", article(other)))),
    }
}

/// The entries of a map; of nothing, none.
pub fn entries(value: &Value) -> Result<Entries, Error> {
    match value.kind() {
        ValueKind::Undefined | ValueKind::None => Ok(Entries::new()),
        ValueKind::Map => {
            value.try_iter()?.map(|key| Ok((key.to_string(), value.get_item(&key)?))).collect()
        }
        other => Err(wrong(format!("expected a map, found {}", article(other)))),
    }
}

/// A count of things that are made; it is bounded, since the memory for them is.
pub fn count(count: i64) -> Result<usize, Error> {
    match usize::try_from(count) {
        Ok(count) if count <= LARGEST => Ok(count),
        Ok(_) => Err(wrong(format!("{count} are too many: {LARGEST} at most"))),
        Err(_) => Err(wrong(format!("there cannot be {count} of something"))),
    }
}

/// The most characters or items that one call makes.
pub const LARGEST: usize = 1 << 20;

/// The word for a kind in messages.
pub fn article(kind: ValueKind) -> &'static str {
    match kind {
        ValueKind::Undefined => "something undefined",
        ValueKind::None => "null",
        ValueKind::Bool => "a boolean",
        ValueKind::Number => "a number",
        ValueKind::String => "a string",
        ValueKind::Bytes => "bytes",
        ValueKind::Seq | ValueKind::Iterable => "a list",
        ValueKind::Map => "a map",
        _ => "a function",
    }
}

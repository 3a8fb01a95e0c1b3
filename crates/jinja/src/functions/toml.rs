//! TOML, in the layout of the library that Helm uses: keys sorted, tables last, two spaces a level.

use jinnacle_functions::toml::write;
use jinnacle_functions::yaml::Tree;
use minijinja::value::{Value, ValueKind};
use minijinja::{Error, ErrorKind};
use toml::Value as Toml;

use super::arguments::{article, check_depth, check_length, entries, items, wrong};

/// A map as TOML.
pub fn to_toml(value: &Value) -> Result<String, Error> {
    let map = tree(&Value::from_pairs(entries(value)?), &mut 0, 0)?;
    let text = write(&map).map_err(wrong)?;
    Ok(String::from_utf8_lossy(&text).into_owned())
}

/// The value, whose strings are counted: what is shared is written as often as it is there.
fn tree(value: &Value, written: &mut usize, depth: usize) -> Result<Tree, Error> {
    check_depth(depth)?;
    check_length(*written)?;
    Ok(match value.kind() {
        ValueKind::Undefined => return Err(ErrorKind::UndefinedError.into()),
        ValueKind::None => Tree::Null,
        ValueKind::Bool => Tree::Bool(value.is_true()),
        ValueKind::Number if value.is_integer() => {
            Tree::Int(value.as_i64().ok_or_else(|| wrong(format!("{value} does not fit 64 bits")))?)
        }
        ValueKind::Number => Tree::Float(f64::try_from(value.clone())?),
        ValueKind::String => {
            let text = value.as_str().unwrap_or_default();
            *written += text.len();
            Tree::String(text.as_bytes().to_vec())
        }
        ValueKind::Seq | ValueKind::Iterable => {
            let items = items(value)?;
            *written += items.len();
            let items = items.iter().map(|item| tree(item, written, depth + 1));
            Tree::List(items.collect::<Result<_, Error>>()?)
        }
        ValueKind::Map => {
            let entries = entries(value)?.into_iter().map(|(key, value)| {
                *written += key.len();
                Ok((key.into_bytes(), tree(&value, written, depth + 1)?))
            });
            Tree::map(entries.collect::<Result<_, Error>>()?)
        }
        other => return Err(wrong(format!("{} has no TOML", article(other)))),
    })
}

/// The map that TOML holds.
pub fn from_toml(text: &str) -> Result<Value, Error> {
    let table: toml::Table = text
        .parse()
        .map_err(|error: toml::de::Error| wrong(format!("invalid TOML: {}", error.message())))?;
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

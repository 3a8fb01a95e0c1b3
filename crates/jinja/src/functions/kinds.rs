//! What a value is, in Go's words.

use minijinja::value::{Value, ValueKind};
use minijinja::{Error, ErrorKind};

/// `string`, `int`, `float64`, `bool`, `slice`, `map`, or `invalid` for null.
pub fn kind_of(value: &Value) -> Result<&'static str, Error> {
    names(value).map(|(kind, _)| kind)
}

/// Whether a value is of a kind.
pub fn kind_is(name: &str, value: &Value) -> Result<bool, Error> {
    Ok(kind_of(value)? == name || is_integer_name(name, value))
}

/// `string`, `int`, `float64`, `bool`, `[]interface {}`, `map[string]interface {}`, or `<nil>`.
pub fn type_of(value: &Value) -> Result<&'static str, Error> {
    names(value).map(|(_, name)| name)
}

/// Whether a value is of a type.
pub fn type_is(name: &str, value: &Value) -> Result<bool, Error> {
    Ok(type_of(value)? == name || is_integer_name(name, value))
}

/// Whether two values are equal.
pub fn deep_equal(a: &Value, b: &Value) -> bool {
    a == b
}

/// Helm reads the integers of values as floats, so a chart may ask for any of these.
fn is_integer_name(name: &str, value: &Value) -> bool {
    value.is_integer() && matches!(name, "int" | "int64" | "float64")
}

fn names(value: &Value) -> Result<(&'static str, &'static str), Error> {
    Ok(match value.kind() {
        ValueKind::Undefined => return Err(ErrorKind::UndefinedError.into()),
        ValueKind::None => ("invalid", "<nil>"),
        ValueKind::Bool => ("bool", "bool"),
        ValueKind::Number if value.is_integer() => ("int", "int"),
        ValueKind::Number => ("float64", "float64"),
        ValueKind::String => ("string", "string"),
        ValueKind::Seq | ValueKind::Iterable => ("slice", "[]interface {}"),
        ValueKind::Map => ("map", "map[string]interface {}"),
        ValueKind::Bytes => ("slice", "[]uint8"),
        _ => ("func", "func"),
    })
}

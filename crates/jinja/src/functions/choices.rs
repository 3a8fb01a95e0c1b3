//! Choices between values. Empty are: what is undefined, null, `false`, 0, and what has no length.

use minijinja::Error;
use minijinja::value::Value;

/// The value, or when it is empty the default.
pub fn default(default: Value, value: Option<Value>) -> Value {
    value.filter(Value::is_true).unwrap_or(default)
}

/// Whether a value is empty.
pub fn empty(value: &Value) -> bool {
    !value.is_true()
}

/// The first value that is not empty.
pub fn coalesce(values: &[Value]) -> Value {
    values.iter().find(|value| value.is_true()).cloned().unwrap_or(Value::from(()))
}

/// Whether none of the values is empty.
pub fn all(values: &[Value]) -> bool {
    values.iter().all(Value::is_true)
}

/// Whether any of the values is not empty.
pub fn any(values: &[Value]) -> bool {
    values.iter().any(Value::is_true)
}

/// One value where a condition holds, else another.
pub fn ternary(yes: Value, no: Value, condition: bool) -> Result<Value, Error> {
    Ok(if condition { yes } else { no })
}

//! What spf13/cast, Sprig's `strval` and its emptiness make of values.

use std::borrow::Cow;

use go_template::format::display;
use go_template::{Fault, Value};
use jinnacle_functions::number::{cast_float, cast_int};

/// `cast.ToInt64`: 0 for what is not a number.
pub fn to_int(value: Value) -> i64 {
    match value {
        Value::Bool(value) => i64::from(value),
        Value::Int(int, _) => int,
        Value::Uint(uint, _) => uint.cast_signed(),
        Value::Float(float) => float_to_int(float),
        Value::Str(text) => std::str::from_utf8(text).map_or(0, cast_int),
        _ => 0,
    }
}

/// Go's conversion on amd64: what does not fit is the smallest integer.
pub fn float_to_int(float: f64) -> i64 {
    let fits = (-9_223_372_036_854_775_808.0..9_223_372_036_854_775_808.0).contains(&float);
    if fits { float as i64 } else { i64::MIN }
}

/// `cast.ToFloat64`: 0 for what is not a number.
pub fn to_float(value: Value) -> f64 {
    match value {
        Value::Bool(value) => f64::from(u8::from(value)),
        Value::Int(int, _) => int as f64,
        Value::Uint(uint, _) => uint as f64,
        Value::Float(float) => float,
        Value::Str(text) => std::str::from_utf8(text).map_or(0.0, cast_float),
        _ => 0.0,
    }
}

/// Sprig's `strval`: a string as it is, anything else as `%v` prints it.
pub fn text<'a>(value: Value<'a>) -> Result<Cow<'a, [u8]>, Fault> {
    Ok(match value {
        Value::Str(text) | Value::Bytes(text) => Cow::Borrowed(text),
        value => {
            let mut out = Vec::new();
            display(&mut out, value)?;
            Cow::Owned(out)
        }
    })
}

/// Sprig's `strslice`: the strings of a list, nil left out; of anything else one string.
pub fn texts<'a>(value: Value<'a>) -> Result<Vec<Cow<'a, [u8]>>, Fault> {
    Ok(match value {
        Value::Nil => Vec::new(),
        Value::List(list) => list
            .values()
            .filter(|item| !matches!(item, Value::Nil))
            .map(text)
            .collect::<Result<_, _>>()?,
        Value::Bytes(bytes) => {
            bytes.iter().map(|b| Cow::Owned(b.to_string().into_bytes())).collect()
        }
        other => vec![text(other)?],
    })
}

/// Sprig's `empty`: nil, false, zero, and what has no length. A struct never is.
pub fn is_empty(value: Value) -> bool {
    !value.truth()
}

//! Numbers. What is not a number counts as zero, as in Helm; what does not fit is an error.

use jinnacle_functions::decimal::Decimal;
use minijinja::Error;
use minijinja::value::{Value, ValueKind};

use super::arguments::{article, text, wrong};

/// A value as an integer; fractions are cut off.
pub fn integer(value: &Value) -> Result<i64, Error> {
    match value.kind() {
        ValueKind::Number if value.is_integer() => {
            value.as_i64().ok_or_else(|| wrong(format!("{value} does not fit 64 bits")))
        }
        ValueKind::Number => {
            let float = f64::try_from(value.clone())?.trunc();
            // 2⁶³ itself is the first float that is too large.
            if (-(2f64.powi(63))..2f64.powi(63)).contains(&float) {
                Ok(float as i64)
            } else {
                Err(wrong(format!("{float} does not fit 64 bits")))
            }
        }
        ValueKind::String => Ok(parsed(value.as_str().unwrap_or_default()).unwrap_or(0)),
        ValueKind::Bool => Ok(i64::from(value.is_true())),
        ValueKind::None => Ok(0),
        other => Err(wrong(format!("expected a number, found {}", article(other)))),
    }
}

/// An integer as Go writes one: `0x1f`, `0o17`, `017`, `0b1`, `1_000`, and `2.0`.
fn parsed(text: &str) -> Option<i64> {
    let text = match text.split_once('.') {
        Some((whole, zeros)) if zeros.bytes().all(|b| b == b'0') => whole,
        Some(_) => return None,
        None => text,
    };
    let (negative, digits) = match text.as_bytes().first()? {
        b'-' => (true, &text[1..]),
        b'+' => (false, &text[1..]),
        _ => (false, text),
    };
    let (radix, digits) = match digits.as_bytes() {
        [b'0', b'x' | b'X', ..] => (16, &digits[2..]),
        [b'0', b'o' | b'O', ..] => (8, &digits[2..]),
        [b'0', b'b' | b'B', ..] => (2, &digits[2..]),
        [b'0', _, ..] => (8, &digits[1..]),
        _ => (10, digits),
    };
    if !digits.starts_with(|c: char| c.is_digit(radix) || c == '_' && radix != 10)
        || digits.contains("__")
        || digits.ends_with('_')
    {
        return None;
    }
    let value = i128::from_str_radix(&digits.replace('_', ""), radix).ok()?;
    i64::try_from(if negative { -value } else { value }).ok()
}

fn float(value: &Value) -> Result<f64, Error> {
    match value.kind() {
        ValueKind::Number => f64::try_from(value.clone()),
        ValueKind::String => Ok(value.as_str().unwrap_or_default().parse().unwrap_or(0.0)),
        ValueKind::Bool => Ok(if value.is_true() { 1.0 } else { 0.0 }),
        ValueKind::None => Ok(0.0),
        other => Err(wrong(format!("expected a number, found {}", article(other)))),
    }
}

/// A value as an integer.
pub fn int64(value: &Value) -> Result<i64, Error> {
    integer(value)
}

/// A value as a float.
pub fn float64(value: &Value) -> Result<f64, Error> {
    float(value)
}

/// A string of decimal digits as an integer, else zero.
pub fn atoi(text: &str) -> i64 {
    text.parse().unwrap_or(0)
}

/// Octal digits as an integer: the mode of a file.
pub fn to_decimal(value: &Value) -> Result<i64, Error> {
    Ok(i64::from_str_radix(&text(value)?, 8).unwrap_or(0))
}

/// The sum.
pub fn add(values: &[Value]) -> Result<i64, Error> {
    folded(&Value::from(0), values, "+", i64::checked_add)
}

/// One more.
pub fn add1(value: &Value) -> Result<i64, Error> {
    folded(value, &[Value::from(1)], "+", i64::checked_add)
}

/// The difference.
pub fn sub(a: &Value, b: &Value) -> Result<i64, Error> {
    folded(a, std::slice::from_ref(b), "-", i64::checked_sub)
}

/// The product.
pub fn mul(a: &Value, values: &[Value]) -> Result<i64, Error> {
    folded(a, values, "*", i64::checked_mul)
}

/// The quotient without its fraction.
pub fn div(a: &Value, b: &Value) -> Result<i64, Error> {
    folded(a, std::slice::from_ref(b), "/", i64::checked_div)
}

/// What a division leaves, with the sign of `a`.
pub fn modulo(a: &Value, b: &Value) -> Result<i64, Error> {
    folded(a, std::slice::from_ref(b), "%", i64::checked_rem)
}

type Operation = fn(i64, i64) -> Option<i64>;

fn folded(first: &Value, values: &[Value], sign: &str, operation: Operation) -> Result<i64, Error> {
    values.iter().try_fold(integer(first)?, |a, b| {
        let b = integer(b)?;
        operation(a, b).ok_or_else(|| match (sign, b) {
            ("/" | "%", 0) => wrong(format!("{a} cannot be divided by zero")),
            _ => wrong(format!("{a} {sign} {b} does not fit 64 bits")),
        })
    })
}

/// The sum of decimal numbers.
pub fn addf(values: &[Value]) -> Result<f64, Error> {
    decimals(&Value::from(0), values, Decimal::plus)
}

/// One more than a decimal number.
pub fn add1f(value: &Value) -> Result<f64, Error> {
    decimals(value, &[Value::from(1)], Decimal::plus)
}

/// The difference of decimal numbers.
pub fn subf(a: &Value, values: &[Value]) -> Result<f64, Error> {
    decimals(a, values, Decimal::minus)
}

/// The product of decimal numbers.
pub fn mulf(a: &Value, values: &[Value]) -> Result<f64, Error> {
    decimals(a, values, Decimal::times)
}

/// The quotient of decimal numbers, to sixteen places.
pub fn divf(a: &Value, values: &[Value]) -> Result<f64, Error> {
    decimals(a, values, Decimal::over)
}

type DecimalOperation = fn(Decimal, Decimal) -> Option<Decimal>;

fn decimals(first: &Value, values: &[Value], operation: DecimalOperation) -> Result<f64, Error> {
    let decimal = |value: &Value| {
        let float = float(value)?;
        Decimal::of(float).ok_or_else(|| wrong(format!("{float:e} is out of range")))
    };
    let result = values.iter().try_fold(decimal(first)?, |a, b| {
        let b = decimal(b)?;
        operation(a, b).ok_or_else(|| wrong("the result is out of range, or a division is by zero"))
    })?;
    Ok(result.to_f64())
}

/// The largest integer.
pub fn max(a: &Value, values: &[Value]) -> Result<i64, Error> {
    values.iter().try_fold(integer(a)?, |a, b| Ok(a.max(integer(b)?)))
}

/// The smallest integer.
pub fn min(a: &Value, values: &[Value]) -> Result<i64, Error> {
    values.iter().try_fold(integer(a)?, |a, b| Ok(a.min(integer(b)?)))
}

/// The largest number.
pub fn maxf(a: &Value, values: &[Value]) -> Result<f64, Error> {
    values.iter().try_fold(float(a)?, |a, b| Ok(a.max(float(b)?)))
}

/// The smallest number.
pub fn minf(a: &Value, values: &[Value]) -> Result<f64, Error> {
    values.iter().try_fold(float(a)?, |a, b| Ok(a.min(float(b)?)))
}

/// The next whole number above.
pub fn ceil(value: &Value) -> Result<f64, Error> {
    float(value).map(f64::ceil)
}

/// The next whole number below.
pub fn floor(value: &Value) -> Result<f64, Error> {
    float(value).map(f64::floor)
}

/// A number to some places after the point; a last digit is rounded up from `up_from` on, a half by default.
pub fn round(value: &Value, places: i32, up_from: Option<f64>) -> Result<f64, Error> {
    let power = 10f64.powi(places);
    let digit = power * float(value)?;
    let rounded =
        if digit.fract() >= up_from.unwrap_or(0.5) { digit.ceil() } else { digit.floor() };
    let result = rounded / power;
    if result.is_finite() {
        Ok(result)
    } else {
        Err(wrong(format!("there are no {places} places")))
    }
}

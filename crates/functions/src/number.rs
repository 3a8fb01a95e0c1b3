//! Numbers as Go reads and writes them (`strconv`), and as spf13/cast makes them of strings.

use go_template::number;

/// Why a string is not a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NumberError {
    /// It has no such form.
    Syntax,
    /// It does not fit; the value is the nearest that does.
    Range,
}

/// `strconv.ParseInt(text, base, 64)`; base 0 takes the prefixes `0x`, `0b`, `0o`, `0`, and underscores.
pub fn parse_int(text: &str, base: u32) -> Result<i64, NumberError> {
    let (negative, digits) = match text.as_bytes().first() {
        Some(b'-') => (true, &text[1..]),
        Some(b'+') => (false, &text[1..]),
        _ => (false, text),
    };
    let size = parse_uint(digits, base)?;
    let signed = if negative { 0i64.checked_sub_unsigned(size) } else { i64::try_from(size).ok() };
    signed.ok_or(NumberError::Range)
}

/// `strconv.ParseUint(text, base, 64)`.
pub(crate) fn parse_uint(text: &str, base: u32) -> Result<u64, NumberError> {
    let takes_underscores = base == 0;
    let (base, digits) = match base {
        0 => {
            let lower = |at: usize| text.as_bytes().get(at).map(u8::to_ascii_lowercase);
            match (lower(0), lower(1)) {
                (Some(b'0'), Some(b'x')) if text.len() > 2 => (16, &text[2..]),
                (Some(b'0'), Some(b'b')) if text.len() > 2 => (2, &text[2..]),
                (Some(b'0'), Some(b'o')) if text.len() > 2 => (8, &text[2..]),
                (Some(b'0'), Some(_)) => (8, &text[1..]),
                _ => (10, text),
            }
        }
        base => (base, text),
    };
    if digits.is_empty() || digits.starts_with(['+', '-']) {
        return Err(NumberError::Syntax);
    }
    let mut bare = digits;
    let without;
    if digits.contains('_') {
        if !takes_underscores || !underscores_fit(text) {
            return Err(NumberError::Syntax);
        }
        without = digits.replace('_', "");
        bare = &without;
    }
    u64::from_str_radix(bare, base).map_err(|error| match error.kind() {
        std::num::IntErrorKind::PosOverflow => NumberError::Range,
        _ => NumberError::Syntax,
    })
}

/// Whether underscores are only between digits, or after a prefix.
fn underscores_fit(text: &str) -> bool {
    let text = text.trim_start_matches(['+', '-']).to_ascii_lowercase();
    let (mut last, digits, hex) = match text.as_bytes() {
        [b'0', b'b' | b'o', ..] => (b'0', &text[2..], false),
        [b'0', b'x', ..] => (b'0', &text[2..], true),
        _ => (b'^', text.as_str(), false),
    };
    for b in digits.bytes() {
        if b.is_ascii_digit() || hex && b.is_ascii_hexdigit() {
            last = b'0';
        } else if b == b'_' {
            if last != b'0' {
                return false;
            }
            last = b'_';
        } else {
            if last == b'_' {
                return false;
            }
            last = b'!';
        }
    }
    last != b'_'
}

/// `strconv.ParseFloat(text, 64)`.
pub fn parse_float(text: &str) -> Result<f64, NumberError> {
    let (negative, size) = match text.as_bytes().first() {
        Some(b'-') => (true, &text[1..]),
        Some(b'+') => (false, &text[1..]),
        _ => (false, text),
    };
    let signed = |float: f64| if negative { -float } else { float };
    let lower = size.to_ascii_lowercase();
    match lower.as_str() {
        "inf" | "infinity" => return Ok(signed(f64::INFINITY)),
        "nan" => return Ok(f64::NAN),
        _ => {}
    }
    if lower.contains('_') && !underscores_fit(size) {
        return Err(NumberError::Syntax);
    }
    let bare = lower.replace('_', "");
    let float = match bare.strip_prefix("0x") {
        Some(hex) => hex_float(hex).ok_or(NumberError::Syntax)?,
        None => {
            let is_number = bare.bytes().any(|b| b.is_ascii_digit())
                && bare.bytes().all(|b| b.is_ascii_digit() || b"e.+-".contains(&b));
            if !is_number {
                return Err(NumberError::Syntax);
            }
            bare.parse::<f64>().map_err(|_| NumberError::Syntax)?
        }
    };
    if float.is_infinite() { Err(NumberError::Range) } else { Ok(signed(float)) }
}

/// `1.8p3`: hexadecimal digits and a power of two, which Go demands.
fn hex_float(text: &str) -> Option<f64> {
    let (mantissa, exponent) = text.split_once('p')?;
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{whole}{fraction}");
    if digits.is_empty() || digits.len() > 15 {
        return None;
    }
    let value = u64::from_str_radix(&digits, 16).ok()? as f64;
    let exponent = exponent.parse::<i32>().ok()? - 4 * i32::try_from(fraction.len()).ok()?;
    Some(value * 2f64.powi(exponent))
}

/// `strconv.Atoi` without its error: 0 for what is not a number, the nearest one for what does not fit.
pub fn atoi(text: &str) -> i64 {
    match parse_int(text, 10) {
        Ok(number) => number,
        Err(NumberError::Range) if text.starts_with('-') => i64::MIN,
        Err(NumberError::Range) => i64::MAX,
        Err(NumberError::Syntax) => 0,
    }
}

/// The integer that spf13/cast makes of a string: `10.00` is 10, `0x1F` 31, `08` and `1e6` are 0.
pub fn cast_int(text: &str) -> i64 {
    let bare = match text.rsplit_once('.') {
        Some((whole, zeros)) if !zeros.is_empty() && zeros.bytes().all(|b| b == b'0') => whole,
        _ => text,
    };
    parse_int(bare, 0).unwrap_or(0)
}

/// The float that spf13/cast makes of a string; 0 for what is none.
pub fn cast_float(text: &str) -> f64 {
    parse_float(text).unwrap_or(0.0)
}

/// A float as Go prints it (`%v`): the shortest digits that read as it, `1e+06` from a million on.
pub fn shortest(float: f64) -> String {
    formatted(float, b'g', None)
}

/// `strconv.FormatFloat(float, format, precision, 64)`.
pub fn formatted(float: f64, format: u8, precision: Option<usize>) -> String {
    let mut out = Vec::new();
    number::float(&mut out, float, format, precision);
    String::from_utf8_lossy(&out).into_owned()
}

/// `(float * 10^places)` rounded half up at `on`, as Sprig's `round` does it.
pub fn round(float: f64, places: i64, on: f64) -> f64 {
    let power = 10f64.powf(places as f64);
    let digit = power * float;
    let up = digit.fract() >= on;
    (if up { digit.ceil() } else { digit.floor() }) / power
}

/// The integers from `start` to before `stop`, step by step; none when the step leads away.
///
/// An error names how many there would be when they are more than can be meant.
pub fn until_step(start: i64, stop: i64, step: i64) -> Result<Vec<i64>, u64> {
    let is_away = if stop < start { step >= 0 } else { step <= 0 };
    if is_away || start == stop {
        return Ok(Vec::new());
    }
    let count = start.abs_diff(stop).div_ceil(step.unsigned_abs());
    if count > LONGEST {
        return Err(count);
    }
    Ok((0..count as i64).map(|n| start + n * step).collect())
}

/// The longest list that a range of numbers makes.
const LONGEST: u64 = 10_000_000;

/// The arguments of `untilStep` for `seq` with up to three numbers; there is none without one.
pub fn seq(numbers: &[i64]) -> Option<(i64, i64, i64)> {
    let (start, step, end) = match *numbers {
        [end] => (1, if end < 1 { -1 } else { 1 }, end),
        [start, end] => (start, if end < start { -1 } else { 1 }, end),
        [start, step, end] => (start, step, end),
        _ => return None,
    };
    let increment = if end < start { -1 } else { 1 };
    if end < start && step > 0 {
        return None;
    }
    Some((start, end.checked_add(increment)?, step))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_become_numbers() {
        for (text, int, float) in [
            ("08", 0, 8.0),
            ("0x1F", 31, 0.0),
            ("1e6", 0, 1e6),
            ("10.00", 10, 10.0),
            ("1_000", 1000, 1000.0),
            ("0x1p4", 0, 16.0),
            ("-5", -5, -5.0),
            (".5", 0, 0.5),
            ("", 0, 0.0),
        ] {
            assert_eq!((cast_int(text), cast_float(text)), (int, float), "{text}");
        }
        assert_eq!(atoi("99999999999999999999"), i64::MAX);
    }

    #[test]
    fn floats_in_their_shortest_form() {
        for (float, text) in [
            (1e6, "1e+06"),
            (8080.0, "8080"),
            (5368709120.0, "5.36870912e+09"),
            (1e-5, "1e-05"),
            (0.0001, "0.0001"),
        ] {
            assert_eq!(shortest(float), text);
        }
    }
}

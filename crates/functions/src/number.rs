//! Numbers as spf13/cast makes them of strings, and as Sprig and Go print and count them.

use go_template::number::{self, NumberError, parse_float, parse_int};

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

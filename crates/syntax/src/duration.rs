//! Durations as Go reads them: `1h30m`, `1.5s`, `-2ms`, `0`.

/// The nanoseconds of a duration; none where Go cannot read it.
pub fn read(text: &str) -> Option<i64> {
    let (negative, mut rest) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    if rest == "0" {
        return Some(0);
    }
    if rest.is_empty() {
        return None;
    }
    let mut total: i128 = 0;
    while !rest.is_empty() {
        let digits_end = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
        let (number, tail) = rest.split_at(digits_end);
        let unit_end = tail.find(|c: char| c.is_ascii_digit() || c == '.').unwrap_or(tail.len());
        let (unit, next) = tail.split_at(unit_end);
        let scale = UNITS.iter().find(|(name, _)| *name == unit)?.1;
        total += amount(number, scale)?;
        if total > LIMIT {
            return None;
        }
        rest = next;
    }
    let total = if negative { -total } else { total };
    i64::try_from(total).ok()
}

/// Whether Go can read it.
pub fn is_valid(text: &str) -> bool {
    read(text).is_some()
}

/// Whether it is a duration of at least so many seconds.
pub fn is_at_least(text: &str, seconds: i64) -> bool {
    read(text).is_some_and(|nanoseconds| nanoseconds >= seconds * SECOND)
}

/// A second in nanoseconds.
pub const SECOND: i64 = 1_000_000_000;

/// One above the largest 64-bit integer, which only a negative duration reaches.
const LIMIT: i128 = 1 << 63;

const UNITS: [(&str, i128); 8] = [
    ("ns", 1),
    ("us", 1_000),
    ("µs", 1_000),
    ("μs", 1_000),
    ("ms", 1_000_000),
    ("s", SECOND as i128),
    ("m", 60 * SECOND as i128),
    ("h", 3_600 * SECOND as i128),
];

/// A decimal number of units in nanoseconds, what is smaller cut off.
fn amount(number: &str, scale: i128) -> Option<i128> {
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    if whole.is_empty() && fraction.is_empty() || fraction.contains('.') {
        return None;
    }
    let whole: i128 =
        if whole.is_empty() { 0 } else { whole.parse().ok().filter(|w| *w <= LIMIT)? };
    // Digits after the eighteenth are below a nanosecond in every unit.
    let fraction = &fraction[..fraction.len().min(18)];
    let part: i128 = if fraction.is_empty() { 0 } else { fraction.parse().ok()? };
    Some(whole * scale + part * scale / 10_i128.pow(fraction.len() as u32))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_go_reads() {
        let cases = [
            ("1h30m", Some(5_400 * SECOND)),
            ("1.5s", Some(1_500_000_000)),
            ("-2ms", Some(-2_000_000)),
            (".5s", Some(500_000_000)),
            ("1.s", Some(SECOND)),
            ("0", Some(0)),
            ("2µs", Some(2_000)),
            ("9223372036854775807ns", Some(i64::MAX)),
            ("9223372036854775808ns", None),
            ("99999999999999999999999999999999999999h", None),
            ("30", None),
            ("", None),
            ("-", None),
            (".s", None),
            ("1d", None),
            ("1 s", None),
            ("1..5s", None),
        ];
        for (text, expected) in cases {
            assert_eq!(read(text), expected, "{text}");
        }
    }
}

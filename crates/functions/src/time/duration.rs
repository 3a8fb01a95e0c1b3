//! Durations as Go writes them: `1h30m`, `-1.5s`.

use std::fmt;

use super::layout::quoted;

/// Nanoseconds, as many as 64 bits hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Duration(pub i64);

const UNITS: [(&str, u64); 8] = [
    ("ns", 1),
    ("us", 1_000),
    ("µs", 1_000),
    ("μs", 1_000),
    ("ms", 1_000_000),
    ("s", 1_000_000_000),
    ("m", 60_000_000_000),
    ("h", 3_600_000_000_000),
];

const SECOND: i64 = 1_000_000_000;

impl Duration {
    /// No time.
    pub const ZERO: Self = Self(0);

    /// A number of seconds; a number that is too large wraps, as Go's multiplication does.
    pub const fn of_seconds(seconds: i64) -> Self {
        Self(seconds.wrapping_mul(SECOND))
    }

    /// `time.ParseDuration`, with its error.
    pub fn parse(text: &str) -> Result<Self, String> {
        let invalid = || format!("time: invalid duration {}", quoted(text));
        let (negative, mut rest) = match text.as_bytes().first() {
            Some(b'-') => (true, &text[1..]),
            Some(b'+') => (false, &text[1..]),
            _ => (false, text),
        };
        if rest == "0" {
            return Ok(Self(0));
        }
        if rest.is_empty() {
            return Err(invalid());
        }
        let mut total: u64 = 0;
        while !rest.is_empty() {
            let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
            let whole = digits(rest);
            let (integer, after) = rest.split_at(whole);
            let (fraction, after) = match after.strip_prefix('.') {
                Some(after) => after.split_at(digits(after)),
                None => ("", after),
            };
            if integer.is_empty() && fraction.is_empty() {
                return Err(invalid());
            }
            let end = after.find(|c: char| c == '.' || c.is_ascii_digit()).unwrap_or(after.len());
            let (name, next) = after.split_at(end);
            if name.is_empty() {
                return Err(format!("time: missing unit in duration {}", quoted(text)));
            }
            let (_, unit) = UNITS.iter().find(|(own, _)| *own == name).ok_or_else(|| {
                format!("time: unknown unit {} in duration {}", quoted(name), quoted(text))
            })?;
            let integer: u64 =
                if integer.is_empty() { 0 } else { integer.parse().map_err(|_| invalid())? };
            let whole = integer.checked_mul(*unit).ok_or_else(invalid)?;
            let part = whole + part_of(fraction, *unit);
            total = total.checked_add(part).filter(|sum| *sum <= 1 << 63).ok_or_else(invalid)?;
            rest = next;
        }
        let signed =
            if negative { 0i64.checked_sub_unsigned(total) } else { i64::try_from(total).ok() };
        signed.map(Self).ok_or_else(invalid)
    }

    /// In full units of the largest that is exceeded: `2h`, `3mo`.
    pub fn in_largest_unit(self) -> String {
        const LARGEST_FIRST: [(&str, u64); 6] = [
            ("y", 365 * 86_400),
            ("mo", 30 * 86_400),
            ("d", 86_400),
            ("h", 3_600),
            ("m", 60),
            ("s", 1),
        ];
        let all = self.0.unsigned_abs();
        let unit = LARGEST_FIRST.iter().find(|(_, unit)| all > *unit * SECOND as u64);
        unit.map_or_else(
            || "0s".to_owned(),
            |(name, unit)| format!("{}{name}", all / (unit * SECOND as u64)),
        )
    }

    /// As a number of units of so many nanoseconds.
    pub fn in_units(self, unit: i64) -> f64 {
        (self.0 / unit) as f64 + (self.0 % unit) as f64 / unit as f64
    }

    /// As a number of seconds.
    pub fn in_seconds(self) -> f64 {
        self.in_units(SECOND)
    }

    /// Rounded to a multiple of another one, halves away from zero; one that is not positive changes nothing.
    pub fn rounded_to(self, unit: Self) -> Self {
        if unit.0 <= 0 {
            return self;
        }
        let rest = self.0 % unit.0;
        let whole = self.0 - rest;
        let up = rest.unsigned_abs() * 2 >= unit.0.unsigned_abs();
        Self(if up { whole.saturating_add(rest.signum() * unit.0) } else { whole })
    }

    /// Rounded toward zero to a multiple of another one.
    pub fn truncated_to(self, unit: Self) -> Self {
        if unit.0 <= 0 { self } else { Self(self.0 - self.0 % unit.0) }
    }

    /// Rounded to the nearest second, halves away from zero.
    pub fn to_seconds(self) -> Self {
        self.rounded_to(Self(SECOND))
    }
}

impl fmt::Display for Duration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let all = self.0.unsigned_abs();
        let fraction = |all: u64, unit: u64| {
            let digits = unit.ilog10() as usize;
            let text = format!("{}.{:0digits$}", all / unit, all % unit);
            text.trim_end_matches('0').trim_end_matches('.').to_owned()
        };
        f.write_str(sign)?;
        match all {
            0 => f.write_str("0s"),
            1..1_000 => write!(f, "{all}ns"),
            1_000..1_000_000 => write!(f, "{}µs", fraction(all, 1_000)),
            1_000_000..1_000_000_000 => write!(f, "{}ms", fraction(all, 1_000_000)),
            _ => {
                let minutes = all / 60_000_000_000;
                let seconds = fraction(all % 60_000_000_000, 1_000_000_000);
                match (minutes / 60, minutes % 60) {
                    (0, 0) => write!(f, "{seconds}s"),
                    (0, minutes) => write!(f, "{minutes}m{seconds}s"),
                    (hours, minutes) => write!(f, "{hours}h{minutes}m{seconds}s"),
                }
            }
        }
    }
}

/// So many nanoseconds of a unit as the digits after a point mean, with Go's rounding.
fn part_of(fraction: &str, unit: u64) -> u64 {
    let (mut value, mut scale) = (0_u64, 1.0);
    for digit in fraction.bytes().map(|b| u64::from(b - b'0')) {
        // More digits than fit are cut off.
        match value.checked_mul(10).and_then(|tens| tens.checked_add(digit)) {
            Some(next) if next <= 1 << 63 => (value, scale) = (next, scale * 10.0),
            _ => break,
        }
    }
    (value as f64 * (unit as f64 / scale)) as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations() {
        for (text, written, rounded) in [
            ("1h30m", "1h30m0s", "1h"),
            ("-1.5s", "-1.5s", "1s"),
            ("90ms", "90ms", "0s"),
            ("0", "0s", "0s"),
        ] {
            let duration = Duration::parse(text).unwrap();
            assert_eq!(
                (duration.to_string(), duration.in_largest_unit()),
                (written.into(), rounded.into())
            );
        }
    }

    #[test]
    fn strings_are_read_as_in_go() {
        let cases = [
            ("1h30m", Some(5_400 * SECOND)),
            ("1.5s", Some(1_500_000_000)),
            ("-2ms", Some(-2_000_000)),
            (".5s", Some(500_000_000)),
            ("1.s", Some(SECOND)),
            ("0", Some(0)),
            ("2µs", Some(2_000)),
            ("0.3333333333333333333h", Some(1_200 * SECOND)),
            ("0.123456789123456789123456789h", Some(444_444_440_844)),
            ("0.000000001h", Some(3_600)),
            ("9223372036854775807ns", Some(i64::MAX)),
            ("9223372036854775808ns", None),
            ("-9223372036854775808ns", Some(i64::MIN)),
            ("99999999999999999999999999999999999999h", None),
            ("30", None),
            ("", None),
            ("-", None),
            (".s", None),
            ("1d", None),
            ("1x", None),
            ("1 s", None),
            ("1..5s", None),
        ];
        for (text, expected) in cases {
            assert_eq!(Duration::parse(text).ok(), expected.map(Duration), "{text}");
        }
    }
}

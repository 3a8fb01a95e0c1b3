//! What a plain scalar means.
//!
//! The rules are those of go-yaml v2 (its `resolve.go`), with which Helm reads values: YAML 1.1 without
//! base 60. One thing differs on purpose: integers beyond 64 bits stay integers.

use data_encoding::BASE64_MIME_PERMISSIVE;

use super::Kind;

/// What a plain scalar means.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Scalar {
    /// `null`, `~` or nothing.
    Null,
    /// A boolean, by any of YAML 1.1's words.
    Bool(bool),
    /// An integer.
    Int(i128),
    /// Any other number; `.inf` and `.nan` among them.
    Float(f64),
    /// The text as it was written.
    Text,
}

impl Scalar {
    /// The kind of node that a scalar of this text is.
    pub(crate) fn into_kind(self, text: impl Into<String>) -> Kind {
        match self {
            Self::Null => Kind::Null,
            Self::Bool(value) => Kind::Bool(value),
            Self::Int(value) => Kind::Int(value),
            Self::Float(value) => Kind::Float(value),
            Self::Text => Kind::Text(text.into()),
        }
    }
}

/// What a plain scalar means to Helm.
pub fn resolve(text: &str) -> Scalar {
    match text.bytes().next() {
        None => Scalar::Null,
        Some(b'0'..=b'9') => number(text),
        Some(b'+' | b'-' | b'.') => word(text).unwrap_or_else(|| number(text)),
        Some(b'~' | b'a'..=b'z' | b'A'..=b'Z') => word(text).unwrap_or(Scalar::Text),
        Some(_) => Scalar::Text,
    }
}

/// What a scalar means under a tag, given in full; the error says what the tag takes.
///
/// A tag that is not one of YAML's own is ignored and makes the scalar a string.
pub(crate) fn resolve_tagged(tag: &str, text: &str) -> Result<Kind, &'static str> {
    let resolved = || resolve(text).into_kind(String::new());
    match tag.strip_prefix("tag:yaml.org,2002:") {
        Some("int") => match resolved() {
            kind @ Kind::Int(_) => Ok(kind),
            _ => Err("an integer"),
        },
        Some("float") => match resolved() {
            Kind::Int(value) => Ok(Kind::Float(value as f64)),
            kind @ Kind::Float(_) => Ok(kind),
            _ => Err("a number"),
        },
        Some("bool") => match resolved() {
            kind @ Kind::Bool(_) => Ok(kind),
            _ => Err("a boolean"),
        },
        Some("null") => match resolved() {
            Kind::Null => Ok(Kind::Null),
            _ => Err("null"),
        },
        Some("timestamp") if !is_timestamp(text) => Err("a timestamp"),
        Some("binary") => base64(text)
            .and_then(|bytes| String::from_utf8(bytes).ok())
            .map(Kind::Text)
            .ok_or("a base64 string"),
        _ => Ok(Kind::Text(text.to_owned())),
    }
}

/// Whether every reader of YAML, 1.1 or 1.2, takes the plain scalar for a string.
///
/// This is about its type alone: whether it can be written plain at its place is not asked.
pub(crate) fn reads_as_text(text: &str) -> bool {
    resolve(text) == Scalar::Text
        && !matches!(text, "=" | "<<")
        && !is_timestamp(text)
        && !looks_like_a_number(text)
}

/// The words that are not strings.
fn word(text: &str) -> Option<Scalar> {
    Some(match text.as_bytes() {
        b"" | b"~" | b"null" | b"Null" | b"NULL" => Scalar::Null,
        b"true" | b"True" | b"TRUE" | b"yes" | b"Yes" | b"YES" => Scalar::Bool(true),
        b"on" | b"On" | b"ON" | b"y" | b"Y" => Scalar::Bool(true),
        b"false" | b"False" | b"FALSE" | b"no" | b"No" | b"NO" => Scalar::Bool(false),
        b"off" | b"Off" | b"OFF" | b"n" | b"N" => Scalar::Bool(false),
        b".inf" | b".Inf" | b".INF" | b"+.inf" | b"+.Inf" | b"+.INF" => {
            Scalar::Float(f64::INFINITY)
        }
        b"-.inf" | b"-.Inf" | b"-.INF" => Scalar::Float(f64::NEG_INFINITY),
        b".nan" | b".NaN" | b".NAN" => Scalar::Float(f64::NAN),
        _ => return None,
    })
}

/// Text that begins with a digit, a sign or a point.
fn number(text: &str) -> Scalar {
    // After a leading point go-yaml takes underscores between digits only.
    if text.starts_with('.') && !underscores_divide_digits(text) {
        return Scalar::Text;
    }
    let plain;
    let digits = if text.contains('_') {
        plain = text.replace('_', "");
        &plain
    } else {
        text
    };
    if let Some(value) = integer(digits) {
        return Scalar::Int(value);
    }
    // What overflows is a string.
    match digits.parse() {
        Ok(value) if is_float(digits) && f64::is_finite(value) => Scalar::Float(value),
        _ => Scalar::Text,
    }
}

fn integer(text: &str) -> Option<i128> {
    let (negative, digits) = match text.as_bytes().first()? {
        b'-' => (true, &text[1..]),
        b'+' => (false, &text[1..]),
        _ => (false, text),
    };
    if !digits.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let radix = match digits.get(..2) {
        Some("0x" | "0X") => Some((16, 2)),
        Some("0o" | "0O") => Some((8, 2)),
        Some("0b" | "0B") => Some((2, 2)),
        Some(two) if two.starts_with('0') => Some((8, 1)),
        _ => None,
    };
    let sign = if negative { -1 } else { 1 };
    if let Some((radix, prefix)) = radix {
        let digits = &digits[prefix..];
        let unsigned = digits.starts_with(|c: char| c.is_digit(radix));
        if let Some(value) = u64::from_str_radix(digits, radix).ok().filter(|_| unsigned) {
            return Some(sign * i128::from(value));
        }
        // Digits that are not octal, such as `08`, are read as decimal; letters are not.
    }
    if !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    // Short numbers, which most are, need no arithmetic with 128 bits.
    if digits.len() < 19 {
        return digits.parse::<i64>().ok().map(|value| sign * i128::from(value));
    }
    digits.parse::<i128>().ok().map(|value| sign * value)
}

/// `1.`, `.5`, `1.5e-3`: digits with at most one point, and an exponent.
fn is_float(text: &str) -> bool {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (unsigned, None),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    digits(whole)
        && digits(fraction)
        && !(whole.is_empty() && fraction.is_empty())
        && exponent.is_none_or(|exponent| {
            let unsigned = exponent.strip_prefix(['-', '+']).unwrap_or(exponent);
            !unsigned.is_empty() && digits(unsigned)
        })
}

fn underscores_divide_digits(text: &str) -> bool {
    let bytes = text.as_bytes();
    let digit = |at: Option<usize>| at.and_then(|at| bytes.get(at)).is_some_and(u8::is_ascii_digit);
    (0..bytes.len()).all(|at| bytes[at] != b'_' || digit(at.checked_sub(1)) && digit(Some(at + 1)))
}

/// A date, alone or with a time after it: `2001-1-2`, `2001-12-14t21:59:43.10-05:00`.
fn is_timestamp(text: &str) -> bool {
    let date_end = text.find(['t', 'T', ' ', '\t']).unwrap_or(text.len());
    let mut parts = text[..date_end].split('-');
    let digits = |part: Option<&str>, lengths: std::ops::RangeInclusive<usize>| {
        part.is_some_and(|p| lengths.contains(&p.len()) && p.bytes().all(|b| b.is_ascii_digit()))
    };
    digits(parts.next(), 4..=4)
        && digits(parts.next(), 1..=2)
        && digits(parts.next(), 1..=2)
        && parts.next().is_none()
        && text[date_end..].bytes().skip(1).all(|b| b.is_ascii_digit() || b" \t:.+-zZ".contains(&b))
}

/// What some reader could take for a number though Helm does not: base 60, radix prefixes, overflow, stray
/// signs. Versions and addresses, digits with two points or more, are strings everywhere.
fn looks_like_a_number(text: &str) -> bool {
    let unsigned = text.trim_start_matches(['-', '+']);
    let bytes = unsigned.as_bytes();
    if !matches!(bytes.first(), Some(b'0'..=b'9' | b'.'))
        || !unsigned.contains(|c: char| c.is_ascii_digit())
    {
        return false;
    }
    if bytes[0] == b'0' && matches!(bytes.get(1), Some(b'x' | b'X' | b'o' | b'O' | b'b' | b'B')) {
        return bytes[2..].iter().all(|b| b.is_ascii_hexdigit() || *b == b'_');
    }
    let dotted = text.bytes().all(|b| b.is_ascii_digit() || b == b'.')
        && text.matches('.').count() > 1
        && !text.starts_with('.');
    !dotted && bytes.iter().all(|b| b.is_ascii_digit() || b"_.,:eE+-".contains(b))
}

/// Base64 with padding, as Go reads it: line breaks are skipped, and the last bits of the last digit do not count.
fn base64(text: &str) -> Option<Vec<u8>> {
    // The library takes text behind padding for another part.
    let digits = text.trim_end_matches(['=', '\n', '\r']);
    BASE64_MIME_PERMISSIVE.decode(text.as_bytes()).ok().filter(|_| !digits.contains('='))
}

#[cfg(test)]
mod tests {
    use super::Scalar::*;
    use super::*;
    use proptest::prelude::*;

    #[test]
    #[rustfmt::skip]
    fn plain_scalars_mean_what_they_mean_to_helm() {
        let table = [
            ("", Null), ("~", Null), ("null", Null), ("NULL", Null), ("nUll", Text),
            ("y", Bool(true)), ("Yes", Bool(true)), ("ON", Bool(true)), ("True", Bool(true)),
            ("n", Bool(false)), ("no", Bool(false)), ("Off", Bool(false)), ("FALSE", Bool(false)),
            ("tRue", Text), ("yEs", Text), ("yes ", Text), ("None", Text),
            ("0", Int(0)), ("-0", Int(0)), ("42", Int(42)), ("-7", Int(-7)), ("+7", Int(7)),
            ("0777", Int(511)), ("0o17", Int(15)), ("0O17", Int(15)), ("-017", Int(-15)), ("007", Int(7)),
            ("0x1F", Int(31)), ("0X1f", Int(31)), ("-0x1F", Int(-31)), ("0b101", Int(5)), ("-0b101", Int(-5)),
            ("08", Int(8)), ("0899", Int(899)), ("00", Int(0)), ("0_7", Int(7)), ("1_000", Int(1000)), ("1_", Int(1)),
            ("0x_1F", Int(31)), ("_1", Text), ("0x", Text), ("0xg", Text), ("0b2", Text), ("0o8", Text), ("0x-1", Text),
            ("-", Text), ("+", Text), ("--1", Text), ("+-1", Text), ("0x+1", Text), ("0+1", Text),
            ("9007199254740993", Int(9007199254740993)),
            ("18446744073709551616", Int(18446744073709551616)),
            ("-100000000000000000000000", Int(-100000000000000000000000)),
            ("1000000000000000000000000000000000000000", Float(1e39)),
            ("0x1FFFFFFFFFFFFFFFF", Text),
            ("1.5", Float(1.5)), ("1.", Float(1.0)), (".5", Float(0.5)), ("-.5", Float(-0.5)), ("+.5", Float(0.5)),
            ("1e3", Float(1000.0)), ("1E+6", Float(1e6)), ("1.5e-7", Float(1.5e-7)), ("1_0.5", Float(10.5)),
            (".5_0", Float(0.5)), (".5_", Text), ("._5", Text), ("1.0", Float(1.0)), ("6.02e23", Float(6.02e23)),
            ("08.5", Float(8.5)), ("09e1", Float(90.0)),
            ("1e", Text), ("e1", Text), ("1e400", Text), ("-1e400", Text), (".", Text), ("..", Text), ("-.", Text), ("+.", Text),
            ("1.2.3", Text), ("10.0.0.1", Text), ("1e1e1", Text), ("1e+", Text), ("infinity", Text), ("inf", Text),
            ("nan", Text), ("NaN", Text), ("-inf", Text), ("+nan", Text), ("1inf", Text),
            (".inf", Float(f64::INFINITY)), ("-.INF", Float(f64::NEG_INFINITY)), ("+.Inf", Float(f64::INFINITY)),
            (".iNf", Text), ("-.nan", Text),
            ("12:30", Text), ("1:20:30", Text), ("190:20:30.15", Text), ("2001-01-01", Text), ("2001-1-1", Text),
            ("2001-12-14t21:59:43.10-05:00", Text), ("=", Text), ("<<", Text), ("100m", Text), ("10Gi", Text),
            ("1,000", Text), ("é", Text), ("0é", Text), ("-é", Text),
        ];
        for (text, scalar) in table {
            assert_eq!(resolve(text), scalar, "{text:?}");
        }
        assert!(matches!(resolve(".NaN"), Float(value) if value.is_nan()));
    }

    #[test]
    #[rustfmt::skip]
    fn strings_that_some_reader_misreads_are_reported() {
        for text in [
            "", "~", "y", "N", "yes", "off", "null", "0", "-1", "0777", "08", "0o17", "0x1F", "0x", "0b2", "0b12", "1_000",
            "1.5", "1e3", "1e400", "1e", ".5", ".5_", "+.5", "5.", ".inf", ".NaN", "12:30", "1:20:30", "-1:30",
            "190:20:30.15", "2001-01-01", "2001-1-1", "2001-12-14t21:59:43.10-05:00", "2001-12-14 21:59:43",
            "2001-12-14 21:59:43.10 -5", "=", "<<", "1,000", "1-2", "0x1FFFFFFFFFFFFFFFFF", "1e1e1", "--1",
        ] {
            assert!(!reads_as_text(text), "{text:?}");
        }
        for text in [
            "nats", "1.2.3", "10.0.0.1", "v2.9", "2.9.1-alpine", "100m", "10Gi", "1a", "-a", ".a", ".", "..", "-", "+", "e1",
            "inf", "NaN", "tRue", "None", "10.0.0.1:4222x", "0xg", "_1", "2024-roadmap", "nats://a:4222", "é", "a: b", "==",
            "2001-01-01 at noon", "::1",
        ] {
            assert!(reads_as_text(text), "{text:?}");
        }
    }

    #[test]
    fn tags_decide_and_refuse() {
        let tagged = |tag: &str, text| resolve_tagged(&format!("tag:yaml.org,2002:{tag}"), text);
        let text = |text: &str| Ok(Kind::Text(text.into()));
        assert_eq!(tagged("str", "123"), text("123"));
        assert_eq!(tagged("str", ""), text(""));
        assert_eq!(tagged("int", "0x10"), Ok(Kind::Int(16)));
        assert_eq!(tagged("int", "1.5"), Err("an integer"));
        assert_eq!(tagged("float", "3"), Ok(Kind::Float(3.0)));
        assert_eq!(tagged("float", "x"), Err("a number"));
        assert_eq!(tagged("bool", "yes"), Ok(Kind::Bool(true)));
        assert_eq!(tagged("bool", "1"), Err("a boolean"));
        assert_eq!(tagged("null", ""), Ok(Kind::Null));
        assert_eq!(tagged("null", "x"), Err("null"));
        assert_eq!(tagged("timestamp", "2001-01-01"), text("2001-01-01"));
        assert_eq!(tagged("timestamp", "noon"), Err("a timestamp"));
        assert_eq!(tagged("binary", "aGVsbG8="), text("hello"));
        assert_eq!(tagged("binary", "aGVs\nbG8h"), text("hello!"));
        assert_eq!(tagged("binary", "%%%"), Err("a base64 string"));
        assert_eq!(tagged("binary", "aGVsbG8"), Err("a base64 string"));
        assert_eq!(tagged("binary", "a==="), Err("a base64 string"));
        assert_eq!(tagged("binary", "/w=="), Err("a base64 string"));
        assert_eq!(tagged("set", "x"), text("x"));
        assert_eq!(resolve_tagged("!custom", "12"), text("12"));
    }

    proptest! {
        #[test]
        fn integers_are_read_back(value: i128) {
            prop_assume!(value != i128::MIN);
            prop_assert_eq!(resolve(&value.to_string()), Int(value));
        }

        #[test]
        fn what_reads_as_text_is_no_number_to_rust(text in "[-+0-9a-fA-FxXob_.:eE ]{0,12}") {
            if reads_as_text(&text) {
                prop_assert!(text.parse::<f64>().is_err() || text.contains(char::is_alphabetic));
                prop_assert!(text.starts_with('_') || text.replace('_', "").parse::<i128>().is_err());
            }
        }
    }
}

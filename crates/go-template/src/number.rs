//! Numbers and quoted strings, as Go's `strconv` reads and writes them.

use crate::unicode::is_newer_than_go;

/// Appends the text as `strconv.Quote` writes it: in double quotes, with escapes for what cannot be printed.
pub fn quote(out: &mut Vec<u8>, text: &[u8]) {
    quote_with(out, text, b'"', false);
}

/// Appends the text in quotes, with escapes for what cannot be printed, or for all that is not ASCII.
pub(crate) fn quote_with(out: &mut Vec<u8>, text: &[u8], mark: u8, ascii: bool) {
    out.push(mark);
    for chunk in text.utf8_chunks() {
        for c in chunk.valid().chars() {
            quote_char(out, c, mark, ascii);
        }
        for byte in chunk.invalid() {
            out.extend_from_slice(format!("\\x{byte:02x}").as_bytes());
        }
    }
    out.push(mark);
}

/// Appends a character as it is written within quotes.
pub(crate) fn quote_char(out: &mut Vec<u8>, c: char, mark: u8, ascii: bool) {
    let short = match c {
        '\x07' => b'a',
        '\x08' => b'b',
        '\x0c' => b'f',
        '\n' => b'n',
        '\r' => b'r',
        '\t' => b't',
        '\x0b' => b'v',
        '\\' => b'\\',
        _ if c == char::from(mark) => mark,
        _ if (!ascii || c.is_ascii()) && is_print(c) => return push_char(out, c),
        _ => {
            let text = match u32::from(c) {
                n @ ..0x80 => format!("\\x{n:02x}"),
                n @ ..0x10000 => format!("\\u{n:04x}"),
                n => format!("\\U{n:08x}"),
            };
            return out.extend_from_slice(text.as_bytes());
        }
    };
    out.extend_from_slice(&[b'\\', short]);
}

pub(crate) fn push_char(out: &mut Vec<u8>, c: char) {
    out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
}

/// Whether the character is a letter, mark, number, punctuation, symbol or the ASCII space.
pub(crate) fn is_print(c: char) -> bool {
    if c.is_ascii() {
        return (' '..='~').contains(&c);
    }
    // The standard library knows, but says so only by escaping. The first character of a string is escaped
    // where it combines with the previous one, so there has to be one before.
    let mut pair = [b'a', 0, 0, 0, 0];
    let length = 1 + c.encode_utf8(&mut pair[1..]).len();
    std::str::from_utf8(&pair[..length]).is_ok_and(|text| text.escape_debug().count() == 2)
        && !is_newer_than_go(c)
}

/// Whether the text is allowed between backquotes as it is.
pub fn can_backquote(text: &[u8]) -> bool {
    std::str::from_utf8(text).is_ok_and(|text| {
        text.chars().all(|c| c == '\t' || (c >= ' ' && c != '\x7f' && c != '`' && c != '\u{feff}'))
    })
}

/// Appends the number as `strconv.FormatFloat(n, format, precision, 64)` writes it. `format` is one of
/// `b"beEfgGxX"`; without a precision, as many digits as tell the number from its neighbours.
pub fn float(out: &mut Vec<u8>, n: f64, format: u8, precision: Option<usize>) {
    if n.is_nan() {
        return out.extend_from_slice(b"NaN");
    }
    if n.is_sign_negative() {
        out.push(b'-');
    }
    let n = n.abs();
    if n.is_infinite() {
        // Go writes the plus sign.
        if out.last() != Some(&b'-') {
            out.push(b'+');
        }
        return out.extend_from_slice(b"Inf");
    }
    match format {
        b'b' => binary(out, n),
        b'x' | b'X' => hexadecimal(out, n, format == b'X', precision),
        b'f' => fixed(out, n, precision),
        b'e' | b'E' => exponent(out, n, format, precision),
        _ => general(out, n, format, precision),
    }
}

/// No float has more digits than this, before or after the point; those that follow are zeros.
const MAX_DIGITS: usize = 1100;

fn fixed(out: &mut Vec<u8>, n: f64, precision: Option<usize>) {
    let Some(precision) = precision else {
        let (digits, power) = digits(n, None);
        return positional(out, &digits, power);
    };
    let written = precision.min(MAX_DIGITS);
    out.extend_from_slice(format!("{n:.written$}").as_bytes());
    out.extend(std::iter::repeat_n(b'0', precision - written));
}

/// The decimal digits, the first before the point, and the power of ten.
fn digits(n: f64, precision: Option<usize>) -> (Vec<u8>, i32) {
    let written = precision.map(|precision| precision.min(MAX_DIGITS));
    let text = written.map_or_else(|| format!("{n:e}"), |precision| format!("{n:.precision$e}"));
    let (mantissa, power) = text.split_once('e').unwrap_or((&text, "0"));
    let mut digits: Vec<u8> = mantissa.bytes().filter(u8::is_ascii_digit).collect();
    digits.extend(std::iter::repeat_n(b'0', precision.unwrap_or(0).saturating_sub(MAX_DIGITS)));
    if precision.is_none() && digits.len() > 15 {
        // Of two shortest strings that are equally near, Go takes the one with the even digit.
        let even = format!("{n:.*e}", digits.len() - 1);
        if even != text && even.parse() == Ok(n) {
            digits =
                even.bytes().take_while(|&byte| byte != b'e').filter(u8::is_ascii_digit).collect();
        }
    }
    (digits, power.parse().unwrap_or(0))
}

fn exponent(out: &mut Vec<u8>, n: f64, format: u8, precision: Option<usize>) {
    let (digits, power) = digits(n, precision);
    scientific(out, &digits, power, format);
}

fn scientific(out: &mut Vec<u8>, digits: &[u8], power: i32, format: u8) {
    out.push(digits[0]);
    if digits.len() > 1 {
        out.push(b'.');
        out.extend_from_slice(&digits[1..]);
    }
    let sign = if power < 0 { '-' } else { '+' };
    out.extend_from_slice(format!("{}{sign}{:02}", char::from(format), power.abs()).as_bytes());
}

fn general(out: &mut Vec<u8>, n: f64, format: u8, precision: Option<usize>) {
    let precision = precision.map(|precision| precision.max(1));
    let (mut digits, power) = digits(n, precision.map(|precision| precision - 1));
    while digits.len() > 1 && digits.last() == Some(&b'0') {
        digits.pop();
    }
    let count = digits.len() as i32;
    let limit = match precision {
        None => 6,
        // A whole number with fewer digits than asked for is written with those that it has.
        Some(precision) if precision as i32 > count && count > power => count,
        Some(precision) => precision as i32,
    };
    if power < -4 || power >= limit {
        return scientific(out, &digits, power, if format == b'G' { b'E' } else { b'e' });
    }
    positional(out, &digits, power);
}

fn positional(out: &mut Vec<u8>, digits: &[u8], power: i32) {
    if power < 0 {
        out.extend_from_slice(b"0.");
        out.extend(std::iter::repeat_n(b'0', (-power - 1) as usize));
        return out.extend_from_slice(digits);
    }
    let whole = power as usize + 1;
    out.extend((0..whole).map(|at| digits.get(at).copied().unwrap_or(b'0')));
    if digits.len() > whole {
        out.push(b'.');
        out.extend_from_slice(&digits[whole..]);
    }
}

/// The mantissa as an integer and the power of two.
fn parts(n: f64) -> (u64, i32) {
    let bits = n.to_bits();
    let (power, mantissa) = ((bits >> 52 & 0x7ff) as i32, bits & ((1 << 52) - 1));
    if power == 0 { (mantissa, -1074) } else { (mantissa | 1 << 52, power - 1075) }
}

fn binary(out: &mut Vec<u8>, n: f64) {
    let (mantissa, power) = parts(n);
    let sign = if power < 0 { '-' } else { '+' };
    out.extend_from_slice(format!("{mantissa}p{sign}{}", power.abs()).as_bytes());
}

fn hexadecimal(out: &mut Vec<u8>, n: f64, upper: bool, precision: Option<usize>) {
    let (mut mantissa, mut power) = parts(n);
    if mantissa == 0 {
        power = 0;
    } else {
        // One bit before the point, 52 after it.
        let shift = mantissa.leading_zeros() - 11;
        mantissa <<= shift;
        power += 52 - shift as i32;
    }
    if let Some(precision) = precision.filter(|&precision| precision < 13) {
        let cut = 52 - 4 * precision as u32;
        let (half, rest) = (1 << (cut - 1), mantissa & ((1 << cut) - 1));
        mantissa >>= cut;
        if rest > half || (rest == half && mantissa & 1 == 1) {
            mantissa += 1;
        }
        mantissa <<= cut;
        if mantissa >> 53 != 0 {
            mantissa >>= 1;
            power += 1;
        }
    }
    let mut fraction = format!("{:013x}", mantissa & ((1 << 52) - 1));
    match precision {
        None => fraction.truncate(fraction.trim_end_matches('0').len()),
        Some(precision) if precision < 13 => fraction.truncate(precision),
        Some(precision) => fraction.extend(std::iter::repeat_n('0', precision - 13)),
    }
    let point = if fraction.is_empty() { "" } else { "." };
    let sign = if power < 0 { '-' } else { '+' };
    let text = format!("0x{}{point}{fraction}p{sign}{:02}", mantissa >> 52, power.abs());
    out.extend_from_slice(if upper { text.to_uppercase() } else { text }.as_bytes());
}

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
pub fn parse_uint(text: &str, base: u32) -> Result<u64, NumberError> {
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
    let (mantissa, power) = text.split_once('p')?;
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{whole}{fraction}");
    let power = power.parse::<i32>().ok()?.checked_sub(4 * i32::try_from(fraction.len()).ok()?)?;
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
        return None;
    }
    // 60 bits are more than a float has; of those that follow it matters only whether one is set.
    let digits = digits.trim_start_matches('0');
    let (first, rest) = digits.split_at(digits.len().min(15));
    let value = if first.is_empty() { 0 } else { u64::from_str_radix(first, 16).ok()? };
    let value = value | u64::from(rest.contains(|c| c != '0'));
    let power = power.checked_add(4 * i32::try_from(rest.len()).ok()?)?;
    // In two steps, since the power alone may be out of range.
    Some(value as f64 * 2f64.powi(power / 2) * 2f64.powi(power - power / 2))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn show(n: f64, format: u8, precision: Option<usize>) -> String {
        let mut out = Vec::new();
        float(&mut out, n, format, precision);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn floats_are_go_s() {
        let general = |n| show(n, b'g', None);
        for (n, text) in [
            (0.0, "0"),
            (1.0, "1"),
            (123_456.0, "123456"),
            (1e6, "1e+06"),
            (1e21, "1e+21"),
            (0.0001, "0.0001"),
            (0.000_012, "1.2e-05"),
            (-2.5, "-2.5"),
            (5_368_709_120.0, "5.36870912e+09"),
            (f64::INFINITY, "+Inf"),
            (f64::NEG_INFINITY, "-Inf"),
            (f64::NAN, "NaN"),
            (5e-324, "5e-324"),
        ] {
            assert_eq!(general(n), text);
        }
        assert_eq!(show(2.25, b'f', Some(1)), "2.2");
        assert_eq!(show(1234.5678, b'e', Some(3)), "1.235e+03");
        assert_eq!(show(1234.5678, b'G', Some(3)), "1.23E+03");
        assert_eq!(show(100.0, b'g', Some(5)), "100");
        assert_eq!(show(1.5, b'b', None), "6755399441055744p-52");
        assert_eq!(show(1.5, b'x', None), "0x1.8p+00");
        assert_eq!(show(1.999, b'X', Some(1)), "0X1.0P+01");
    }

    #[test]
    fn strings_are_read_as_in_go() {
        for (text, int, float) in [
            ("1_000", Some(1000), Some(1000.0)),
            ("1_000.5", None, Some(1000.5)),
            ("1__0", None, None),
            ("1_", None, None),
            ("0x_1p4", None, Some(16.0)),
            ("0x1_0", Some(16), None),
            ("0b1_1", Some(3), None),
            ("0_7", Some(7), Some(7.0)),
            ("08", None, Some(8.0)),
            ("0x1.8p3", None, Some(12.0)),
            ("0x1p-2", None, Some(0.25)),
            ("0x1fffffffffffffp4", None, Some(1.4411518807585586e17)),
            ("0x1fffffffffffff123p4", None, Some(5.902958103587056e20)),
            ("0x1p-1074", None, Some(5e-324)),
            ("1e400", None, None),
            ("-0x10", Some(-16), None),
            ("0x+1", None, None),
        ] {
            assert_eq!((parse_int(text, 0).ok(), parse_float(text).ok()), (int, float), "{text}");
        }
    }

    #[test]
    fn quoting_escapes_what_cannot_be_printed() {
        let quoted = |text: &[u8]| {
            let mut out = Vec::new();
            quote(&mut out, text);
            String::from_utf8(out).unwrap()
        };
        assert_eq!(quoted(b"a\"\\\n\x07\x00\x7f\xff"), r#""a\"\\\n\a\x00\x7f\xff""#);
        assert_eq!(
            quoted("é世\u{ad}\u{301}\u{2028}\u{10ffff}\u{1f600}".as_bytes()),
            "\"é世\\u00ad\u{301}\\u2028\\U0010ffff😀\""
        );
    }
}

//! Quantities: `500m`, `2`, `64Mi`, `1e3`.

use jinnacle_syntax::yaml::{Kind, Node};

/// A quantity in billionths.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Quantity(i128);

const ONE: i128 = 1_000_000_000;

impl Quantity {
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// Whether it is a whole number.
    pub fn is_whole(self) -> bool {
        self.0 % ONE == 0
    }
}

/// The quantity that a node is; a missing one is zero, as for the server.
pub fn of(node: &Node) -> Option<Quantity> {
    match &node.kind {
        Kind::Null => Some(Quantity::ZERO),
        Kind::Text(text) => read(text),
        Kind::Int(number) => Some(Quantity(number.saturating_mul(ONE))),
        Kind::Float(number) if number.is_finite() => {
            Some(Quantity((number * ONE as f64).ceil() as i128))
        }
        _ => None,
    }
}

/// The suffix of a quantity that is one of a unit, as the server writes it in its shortest form: `1000m` and `1` have
/// none, `1024Ki` has `Mi`, and `1024` is not one of any.
pub fn unit(node: &Node) -> Option<&'static str> {
    const DECIMAL: [&str; 8] = ["m", "", "k", "M", "G", "T", "P", "E"];
    const BINARY: [&str; 7] = ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];
    let amount = of(node)?;
    let text = node.as_str().unwrap_or(node.span.text());
    // `1E` has the suffix, `1E3` an exponent.
    let has_exponent = text.trim_end_matches(|c: char| c.is_ascii_digit()).len() < text.len()
        && text.contains(['e', 'E']);
    let is_amount = |suffix: &&&str| read(&format!("1{suffix}")) == Some(amount);
    let suffixes: &[&str] = match () {
        () if has_exponent => &[""],
        () if text.ends_with('i') => &BINARY,
        () => &DECIMAL,
    };
    suffixes.iter().find(is_amount).copied()
}

/// Reads a quantity: a number with a point or without, then a suffix or an exponent.
pub fn read(text: &str) -> Option<Quantity> {
    let (negative, rest) = match text.as_bytes().first()? {
        b'-' => (true, &text[1..]),
        b'+' => (false, &text[1..]),
        _ => (false, text),
    };
    let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
    let (number, suffix) = rest.split_at(end);
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    if whole.is_empty() && fraction.is_empty() || fraction.contains('.') {
        return None;
    }
    let digits = format!("{whole}{fraction}");
    let mut mantissa: i128 = digits.parse().ok()?;
    let (base, mut power): (i128, i32) = factor(suffix)?;
    power -= fraction.len() as i32;
    mantissa = mantissa.saturating_mul(base);
    power += 9;
    let mut value = mantissa;
    for _ in 0..power.clamp(0, 40) {
        value = value.saturating_mul(10);
    }
    for _ in 0..(-power).clamp(0, 60) {
        value = value / 10 + i128::from(value % 10 != 0);
    }
    Some(Quantity(if negative { -value } else { value }))
}

/// A suffix as a factor and a power of ten.
fn factor(suffix: &str) -> Option<(i128, i32)> {
    let binary = |power: u32| Some((1024_i128.pow(power), 0));
    match suffix {
        "" => Some((1, 0)),
        "n" => Some((1, -9)),
        "u" => Some((1, -6)),
        "m" => Some((1, -3)),
        "k" => Some((1, 3)),
        "M" => Some((1, 6)),
        "G" => Some((1, 9)),
        "T" => Some((1, 12)),
        "P" => Some((1, 15)),
        "E" => Some((1, 18)),
        "Ki" => binary(1),
        "Mi" => binary(2),
        "Gi" => binary(3),
        "Ti" => binary(4),
        "Pi" => binary(5),
        "Ei" => binary(6),
        _ => {
            let exponent = suffix.strip_prefix(['e', 'E'])?;
            let digits = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
            let is_number = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
            is_number.then(|| (1, exponent.parse::<i32>().unwrap_or(99).clamp(-99, 99)))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantities_are_compared_by_what_they_mean() {
        let same = [("1", "1000m"), ("1Ki", "1024"), (".5", "500m"), ("1.", "1"), ("1e3", "1k")];
        for (a, b) in same.into_iter().chain([("1E", "1e18"), ("+1Gi", "1024Mi"), ("1E-3", "1m")]) {
            assert_eq!(read(a).unwrap(), read(b).unwrap(), "{a} {b}");
        }
        assert!(read("1500m") > read("1"));
        assert!(read("-1Gi") < Some(Quantity::ZERO));
        assert!(!read("500m").unwrap().is_whole());
        let unit_of = |text: &str| {
            let (documents, _) = jinnacle_syntax::yaml::read_documents(
                &jinnacle_syntax::source::Source::new("q", text),
                &jinnacle_syntax::yaml::Limits::default(),
            );
            unit(&documents[0].root)
        };
        for (text, suffix) in
            [("1", ""), ("1000m", ""), ("0.001", "m"), ("1024Ki", "Mi"), ("1000", "k"), ("1E", "E")]
        {
            assert_eq!(unit_of(text), Some(suffix), "{text}");
        }
        for text in ["1024", "2", "10m", "3Mi", "1e3", "0.5"] {
            assert_eq!(unit_of(text), None, "{text}");
        }
        for text in ["", "1GB", "1gi", "1 Gi", "Gi", "1.2.3", ".", "1ee3", "one"] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}

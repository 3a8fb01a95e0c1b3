//! Go's formats: `%s`, `%05d`, `%.2f`.

use minijinja::Error;
use minijinja::value::{Value, ValueKind};

use super::arguments::{article, text, wrong};
use super::kinds::type_of;
use super::numbers::integer;
use jinnacle_functions::number::formatted;
use jinnacle_functions::text::quoted;

/// A string with values in the places of its verbs.
pub fn printf(format: &str, values: &[Value]) -> Result<String, Error> {
    let mut out = String::new();
    let mut values = values.iter();
    let mut rest = format;
    while let Some((before, spec)) = rest.split_once('%') {
        out.push_str(before);
        let (layout, verb, after) = Layout::read(spec, &mut values)?;
        rest = after;
        if verb == '%' {
            out.push('%');
            continue;
        }
        let value = values
            .next()
            .ok_or_else(|| wrong(format!("missing value for `%{verb}` of `{format}`")))?;
        let formatted = layout.format(verb, value)?;
        layout.pad(&formatted, verb, &mut out);
    }
    out.push_str(rest);
    match values.count() {
        0 => Ok(out),
        left => Err(wrong(format!("`{format}` has no place for {left} of the values"))),
    }
}

/// The values as one string, spaces between those of which neither is a string.
pub fn print(values: &[Value]) -> Result<String, Error> {
    let mut out = String::new();
    for (index, value) in values.iter().enumerate() {
        if index > 0 && value.as_str().is_none() && values[index - 1].as_str().is_none() {
            out.push(' ');
        }
        out.push_str(&text(value)?);
    }
    Ok(out)
}

/// The values with spaces between them, and a line break.
pub fn println(values: &[Value]) -> Result<String, Error> {
    let texts = values.iter().map(text).collect::<Result<Vec<_>, _>>()?;
    Ok(texts.join(" ") + "\n")
}

/// What is between `%` and the verb.
#[derive(Default)]
struct Layout {
    minus: bool,
    plus: bool,
    sharp: bool,
    space: bool,
    zero: bool,
    width: usize,
    precision: Option<usize>,
}

/// The widest field; a wider one is a mistake.
const WIDEST: usize = 4096;

impl Layout {
    /// Reads a layout and its verb; a `*` takes a value.
    fn read<'f, 'v>(
        spec: &'f str,
        values: &mut impl Iterator<Item = &'v Value>,
    ) -> Result<(Self, char, &'f str), Error> {
        let mut layout = Self::default();
        let mut rest = spec;
        loop {
            match rest.as_bytes().first() {
                Some(b'-') => layout.minus = true,
                Some(b'+') => layout.plus = true,
                Some(b'#') => layout.sharp = true,
                Some(b' ') => layout.space = true,
                Some(b'0') => layout.zero = true,
                _ => break,
            }
            rest = &rest[1..];
        }
        let mut number = |rest: &mut &'f str| -> Result<Option<usize>, Error> {
            if let Some(after) = rest.strip_prefix('*') {
                *rest = after;
                let value = values.next().ok_or_else(|| wrong("missing value for `*`"))?;
                return bounded(usize::try_from(integer(value)?).ok());
            }
            let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
            let (digits, after) = rest.split_at(end);
            *rest = after;
            if digits.is_empty() { Ok(None) } else { bounded(digits.parse().ok()) }
        };
        layout.width = number(&mut rest)?.unwrap_or(0);
        if let Some(after) = rest.strip_prefix('.') {
            rest = after;
            layout.precision = Some(number(&mut rest)?.unwrap_or(0));
        }
        let verb = rest.chars().next().ok_or_else(|| wrong("a format ends with `%`"))?;
        Ok((layout, verb, &rest[verb.len_utf8()..]))
    }

    fn format(&self, verb: char, value: &Value) -> Result<String, Error> {
        match verb {
            'v' | 's' => Ok(self.cut(text(value)?)),
            'q' if value.is_integer() => Ok(format!("'{}'", character(value)?)),
            'q' => Ok(quoted(&self.cut(text(value)?))),
            't' if value.kind() == ValueKind::Bool => text(value),
            'T' => type_of(value).map(str::to_owned),
            'c' => character(value).map(String::from),
            'x' | 'X' if value.as_str().is_some() => {
                let bytes = value.as_str().unwrap_or_default().bytes();
                Ok(bytes
                    .map(|b| if verb == 'x' { format!("{b:02x}") } else { format!("{b:02X}") })
                    .collect())
            }
            'd' | 'b' | 'o' | 'O' | 'x' | 'X' if is_whole(value) => {
                let integer = integer(value)?;
                let digits = integer.unsigned_abs();
                let (prefix, digits) = match verb {
                    'd' => ("", digits.to_string()),
                    'b' => ("0b", format!("{digits:b}")),
                    'o' => ("0", format!("{digits:o}")),
                    'O' => ("0o", format!("{digits:o}")),
                    'x' => ("0x", format!("{digits:x}")),
                    _ => ("0X", format!("{digits:X}")),
                };
                let prefix = if self.sharp || verb == 'O' { prefix } else { "" };
                let zeros = "0".repeat(self.precision.unwrap_or(0).saturating_sub(digits.len()));
                Ok(format!("{}{prefix}{zeros}{digits}", self.sign(integer < 0)))
            }
            'e' | 'E' | 'f' | 'F' | 'g' | 'G' if value.is_number() => {
                let float = f64::try_from(value.clone())?;
                let (format, precision) = match verb {
                    'g' | 'G' => (verb as u8, self.precision),
                    'F' => (b'f', self.precision.or(Some(6))),
                    _ => (verb as u8, self.precision.or(Some(6))),
                };
                let digits = formatted(float, format, precision);
                let sign = if digits.starts_with(['-', '+']) { "" } else { self.sign(false) };
                Ok(format!("{sign}{digits}"))
            }
            'd' | 'b' | 'o' | 'O' | 'x' | 'X' | 'e' | 'E' | 'f' | 'F' | 'g' | 'G' | 't' => {
                Err(wrong(format!("`%{verb}` cannot print {}", article(value.kind()))))
            }
            _ => Err(wrong(format!("unknown verb `%{verb}`"))),
        }
    }

    fn sign(&self, negative: bool) -> &'static str {
        match (negative, self.plus, self.space) {
            (true, ..) => "-",
            (_, true, _) => "+",
            (_, _, true) => " ",
            _ => "",
        }
    }

    fn cut(&self, text: String) -> String {
        match self.precision {
            Some(length) => text.chars().take(length).collect(),
            None => text,
        }
    }

    fn pad(&self, text: &str, verb: char, out: &mut String) {
        let missing = self.width.saturating_sub(text.chars().count());
        if self.minus {
            out.push_str(text);
            out.extend(std::iter::repeat_n(' ', missing));
        } else if self.zero && !(verb == 'd' && self.precision.is_some()) {
            let sign = text.len() - text.trim_start_matches(['-', '+', ' ']).len();
            let sign = if "dbxXoOeEfFgG".contains(verb) { sign.min(1) } else { 0 };
            out.push_str(&text[..sign]);
            out.extend(std::iter::repeat_n('0', missing));
            out.push_str(&text[sign..]);
        } else {
            out.extend(std::iter::repeat_n(' ', missing));
            out.push_str(text);
        }
    }
}

fn bounded(number: Option<usize>) -> Result<Option<usize>, Error> {
    match number {
        Some(number) if number <= WIDEST => Ok(Some(number)),
        _ => Err(wrong(format!("a width is {WIDEST} at most"))),
    }
}

fn is_whole(value: &Value) -> bool {
    value.is_integer()
        || f64::try_from(value.clone()).is_ok_and(|float| value.is_number() && float.fract() == 0.0)
}

fn character(value: &Value) -> Result<char, Error> {
    let code = integer(value)?;
    u32::try_from(code)
        .ok()
        .and_then(char::from_u32)
        .ok_or_else(|| wrong(format!("invalid character code {code}")))
}

//! Texts: cut, joined, quoted, indented.

use minijinja::Error;
use minijinja::value::{Value, ValueKind};

use super::arguments::{LARGEST, count, items, text, wrong};

/// The text in at most `width` characters, dots at its end; a width below 4 changes nothing.
pub fn abbrev(width: i64, text: &str) -> String {
    abbrevboth(0, width, text)
}

/// The text in at most `width` characters from about `offset` on, dots where something is missing.
pub fn abbrevboth(offset: i64, width: i64, text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let width = usize::try_from(width).unwrap_or(0);
    if width < 4 || offset > 0 && width < 7 || chars.len() <= width {
        return text.to_owned();
    }
    let offset = usize::try_from(offset).unwrap_or(0).min(chars.len() + 3 - width);
    if offset <= 4 {
        return chars[..width - 3].iter().chain(&['.'; 3]).collect();
    }
    if offset + width - 3 < chars.len() {
        let rest: String = chars[offset..].iter().collect();
        return format!("...{}", abbrevboth(0, i64::try_from(width - 3).unwrap_or(0), &rest));
    }
    ['.'; 3].iter().chain(&chars[chars.len() - (width - 3)..]).collect()
}

/// The first `length` characters; with a negative length the last ones.
pub fn trunc(length: i64, text: &str) -> String {
    let count = text.chars().count();
    let wanted = usize::try_from(length.unsigned_abs()).unwrap_or(usize::MAX).min(count);
    if length < 0 {
        text.chars().skip(count - wanted).collect()
    } else {
        text.chars().take(wanted).collect()
    }
}

/// The text without the white space around it.
pub fn trim(text: &str) -> String {
    text.trim().to_owned()
}

/// The text in upper case.
pub fn upper(text: &str) -> String {
    text.to_uppercase()
}

/// The text in lower case.
pub fn lower(text: &str) -> String {
    text.to_lowercase()
}

/// Every word with a capital, the rest of it as it is.
pub fn title(text: &str) -> String {
    let mut inside = false;
    text.chars()
        .map(|c| {
            let titled = if inside { c } else { first_of(c.to_uppercase(), c) };
            inside = if c.is_ascii() {
                c.is_ascii_alphanumeric() || c == '_'
            } else {
                !c.is_whitespace()
            };
            titled
        })
        .collect()
}

/// Every word with a small first letter.
pub fn untitle(text: &str) -> String {
    let mut inside = false;
    text.chars()
        .map(|c| {
            let untitled = if inside { c } else { first_of(c.to_lowercase(), c) };
            inside = !c.is_whitespace();
            untitled
        })
        .collect()
}

/// The character that a change of case gives; the same where it gives several, such as `SS`.
pub fn first_of(mut changed: impl ExactSizeIterator<Item = char>, same: char) -> char {
    if changed.len() == 1 { changed.next().unwrap_or(same) } else { same }
}

/// The characters from `start` to before `end`; a negative start is the text's begin, a negative end its end.
pub fn substr(start: i64, end: i64, text: &str) -> String {
    let length = text.chars().count();
    let place = |at: i64| usize::try_from(at).unwrap_or(length).min(length);
    let start = if start < 0 { 0 } else { place(start) };
    text.chars().take(place(end)).skip(start).collect()
}

/// The text `times` over.
pub fn repeat(times: i64, text: &str) -> Result<String, Error> {
    let times = count(times)?;
    if text.len().saturating_mul(times) > LARGEST {
        return Err(wrong(format!("the repeated text would be longer than {LARGEST} bytes")));
    }
    Ok(text.repeat(times))
}

/// The text without any of some characters at its ends.
pub fn trim_all(characters: &str, text: &str) -> String {
    text.trim_matches(|c| characters.contains(c)).to_owned()
}

/// The text without a suffix, taken away once.
pub fn trim_suffix(suffix: &str, text: &str) -> String {
    text.strip_suffix(suffix).unwrap_or(text).to_owned()
}

/// The text without a prefix, taken away once.
pub fn trim_prefix(prefix: &str, text: &str) -> String {
    text.strip_prefix(prefix).unwrap_or(text).to_owned()
}

/// The text without any white space.
pub fn nospace(text: &str) -> String {
    text.split_whitespace().collect()
}

/// Whether a text stands in another.
pub fn contains(part: &str, text: &str) -> bool {
    text.contains(part)
}

/// Whether a text begins with another.
pub fn has_prefix(prefix: &str, text: &str) -> bool {
    text.starts_with(prefix)
}

/// Whether a text ends with another.
pub fn has_suffix(suffix: &str, text: &str) -> bool {
    text.ends_with(suffix)
}

/// The values as Go's quoted texts; null is left out.
pub fn quote(values: &[Value]) -> Result<String, Error> {
    joined_with(values, |text| go_quoted(&text))
}

/// The values in single quotes; null is left out.
pub fn squote(values: &[Value]) -> Result<String, Error> {
    joined_with(values, |text| format!("'{text}'"))
}

/// The values with blanks between them; null is left out.
pub fn cat(values: &[Value]) -> Result<String, Error> {
    joined_with(values, |text| text)
}

fn joined_with(values: &[Value], dress: fn(String) -> String) -> Result<String, Error> {
    let texts: Vec<String> = values
        .iter()
        .filter(|value| !value.is_none())
        .map(|value| text(value).map(dress))
        .collect::<Result<_, _>>()?;
    Ok(texts.join(" "))
}

/// A text as a literal of Go.
pub fn go_quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            '\u{7}' => out.push_str("\\a"),
            '\u{8}' => out.push_str("\\b"),
            '\u{b}' => out.push_str("\\v"),
            '\u{c}' => out.push_str("\\f"),
            c if is_go_printable(c) => out.push(c),
            c => match u32::from(c) {
                code @ 0..0x80 => out.push_str(&format!("\\x{code:02x}")),
                code @ 0x80..0x10000 => out.push_str(&format!("\\u{code:04x}")),
                code => out.push_str(&format!("\\U{code:08x}")),
            },
        }
    }
    out.push('"');
    out
}

/// Letters, marks, numbers, punctuation and symbols; of white space the blank alone.
fn is_go_printable(c: char) -> bool {
    let is_format = matches!(c, '\u{ad}' | '\u{600}'..='\u{605}' | '\u{61c}' | '\u{6dd}' | '\u{70f}'
        | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{e000}'..='\u{f8ff}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{fffe}'..='\u{ffff}'
        | '\u{e0000}'..='\u{e007f}' | '\u{f0000}'..);
    c == ' ' || !(c.is_control() || c.is_whitespace() || is_format)
}

/// Every line with blanks before it, empty ones too.
pub fn indent(blanks: i64, text: &str) -> Result<String, Error> {
    let blanks = " ".repeat(count(blanks)?);
    if text.matches('\n').count().saturating_mul(blanks.len()) > LARGEST {
        return Err(wrong(format!("the indented text would be longer than {LARGEST} bytes")));
    }
    Ok(format!("{blanks}{}", text.replace('\n', &format!("\n{blanks}"))))
}

/// The same with a line break before it.
pub fn nindent(blanks: i64, text: &str) -> Result<String, Error> {
    Ok(format!("\n{}", indent(blanks, text)?))
}

/// The text with all occurrences of one text replaced by another.
pub fn replace(old: &str, new: &str, text: &str) -> Result<String, Error> {
    if new.len() > old.len() && text.matches(old).count().saturating_mul(new.len()) > LARGEST {
        return Err(wrong(format!("the replaced text would be longer than {LARGEST} bytes")));
    }
    Ok(text.replace(old, new))
}

/// One word for a count of one, else another.
pub fn plural(one: &str, many: &str, count: i64) -> String {
    if count == 1 { one } else { many }.to_owned()
}

/// The parts of a text as `_0`, `_1` …
pub fn split(separator: &str, text: &str) -> Value {
    numbered(parts(separator, text))
}

/// The same in at most `n` parts; a negative count means all, zero none.
pub fn splitn(separator: &str, n: i64, text: &str) -> Value {
    numbered(match usize::try_from(n) {
        Ok(0) => Vec::new(),
        Ok(n) if separator.is_empty() => {
            let mut parts: Vec<String> = text.chars().take(n - 1).map(String::from).collect();
            let rest: String = text.chars().skip(n - 1).collect();
            parts.extend((!rest.is_empty()).then_some(rest));
            parts
        }
        Ok(n) => text.splitn(n, separator).map(str::to_owned).collect(),
        Err(_) => parts(separator, text),
    })
}

/// The parts of a text as a list.
pub fn split_list(separator: &str, text: &str) -> Vec<String> {
    parts(separator, text)
}

/// Without a separator every character is a part.
fn parts(separator: &str, text: &str) -> Vec<String> {
    if separator.is_empty() {
        text.chars().map(String::from).collect()
    } else {
        text.split(separator).map(str::to_owned).collect()
    }
}

fn numbered(parts: Vec<String>) -> Value {
    Value::from_pairs(
        parts.into_iter().enumerate().map(|(index, part)| (format!("_{index}"), part)),
    )
}

/// A value as a text.
pub fn to_string(value: &Value) -> Result<String, Error> {
    text(value)
}

/// The items of a list as texts; null is left out.
pub fn to_strings(values: &Value) -> Result<Vec<String>, Error> {
    let values = match values.kind() {
        ValueKind::Seq | ValueKind::Iterable | ValueKind::None => items(values)?,
        _ => vec![values.clone()],
    };
    values.iter().filter(|value| !value.is_none()).map(text).collect()
}

/// The items of a list in one text.
pub fn join(separator: &str, values: &Value) -> Result<String, Error> {
    Ok(to_strings(values)?.join(separator))
}

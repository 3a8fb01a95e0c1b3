//! Strings: cut, joined, quoted, indented.

use jinnacle_functions::{text, words};
use minijinja::Error;
use minijinja::value::{Value, ValueKind};

use super::arguments::{LARGEST, count, items, text as shown, wrong};

/// The text in at most `width` characters, dots at its end; a width below 4 changes nothing.
pub fn abbrev(width: i64, text: &str) -> String {
    abbrevboth(0, width, text)
}

/// The text in at most `width` characters from about `offset` on, dots where something is missing.
pub fn abbrevboth(offset: i64, width: i64, text: &str) -> String {
    if width < 4 || offset > 0 && width < 7 {
        return text.to_owned();
    }
    text::abbrev(offset, width, &chars(text)).into_iter().collect()
}

/// The first `length` characters; with a negative length the last ones.
pub fn trunc(length: i64, text: &str) -> String {
    text::trunc(length, &chars(text)).iter().collect()
}

fn chars(text: &str) -> Vec<char> {
    text.chars().collect()
}

/// The text without the white space around it.
pub fn trim(text: &str) -> String {
    text.trim().to_owned()
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

/// Whether a string is in another.
pub fn contains(part: &str, text: &str) -> bool {
    text.contains(part)
}

/// Whether a string begins with another.
pub fn has_prefix(prefix: &str, text: &str) -> bool {
    text.starts_with(prefix)
}

/// Whether a string ends with another.
pub fn has_suffix(suffix: &str, text: &str) -> bool {
    text.ends_with(suffix)
}

/// The values as Go's quoted strings; null is left out.
pub fn quote(values: &[Value]) -> Result<String, Error> {
    joined_with(values, |text| text::quoted(&text))
}

/// The values in single quotes; null is left out.
pub fn squote(values: &[Value]) -> Result<String, Error> {
    joined_with(values, |text| format!("'{text}'"))
}

/// The values with spaces between them; null is left out.
pub fn cat(values: &[Value]) -> Result<String, Error> {
    joined_with(values, |text| text)
}

fn joined_with(values: &[Value], dress: fn(String) -> String) -> Result<String, Error> {
    let texts: Vec<String> = values
        .iter()
        .filter(|value| !value.is_none())
        .map(|value| shown(value).map(dress))
        .collect::<Result<_, _>>()?;
    Ok(texts.join(" "))
}

/// Every line with spaces before it, empty ones too.
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

/// The text with all occurrences of one string replaced by another.
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

/// The parts of a string as `_0`, `_1` …
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

/// The parts of a string as a list.
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

/// A value as a string.
pub fn to_string(value: &Value) -> Result<String, Error> {
    shown(value)
}

/// The items of a list as strings; null is left out.
pub fn to_strings(values: &Value) -> Result<Vec<String>, Error> {
    let values = match values.kind() {
        ValueKind::Seq | ValueKind::Iterable | ValueKind::None => items(values)?,
        _ => vec![values.clone()],
    };
    values.iter().filter(|value| !value.is_none()).map(shown).collect()
}

/// The items of a list in one string.
pub fn join(separator: &str, values: &Value) -> Result<String, Error> {
    Ok(to_strings(values)?.join(separator))
}

/// The first character of every word.
pub fn initials(text: &str) -> String {
    text.split_whitespace().filter_map(|word| word.chars().next()).collect()
}

/// The text in lines of at most `width` characters; a longer word has a line of its own.
pub fn wrap(width: i64, text: &str) -> String {
    wrapped(width, "\n", text, false)
}

/// The same with another line break, and longer words are broken.
pub fn wrap_with(width: i64, line_break: &str, text: &str) -> Result<String, Error> {
    let width_at_least = usize::try_from(width).unwrap_or(1).max(1);
    if (text.len() / width_at_least).saturating_mul(line_break.len()) > LARGEST {
        return Err(wrong(format!("the wrapped text would be longer than {LARGEST} bytes")));
    }
    Ok(wrapped(width, if line_break.is_empty() { "\n" } else { line_break }, text, true))
}

fn wrapped(width: i64, line_break: &str, text: &str, breaks_words: bool) -> String {
    words::wrap(width, &chars(line_break), &chars(text), breaks_words).into_iter().collect()
}

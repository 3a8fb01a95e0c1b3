//! Strings as bytes, as Go has them. What cuts a string takes its bytes, as Go does, or its characters.

use go_template::number;

/// `strconv.Quote`.
pub fn go_quoted(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len() + 2);
    number::quote(&mut out, text);
    out
}

/// The same of a string.
pub fn quoted(text: &str) -> String {
    String::from_utf8_lossy(&go_quoted(text.as_bytes())).into_owned()
}

/// A string as Go quotes it in errors: in back quotes where it can be, else as `go_quoted`.
pub fn back_quoted(text: &str) -> String {
    if number::can_backquote(text.as_bytes()) { format!("`{text}`") } else { quoted(text) }
}

/// The first `count` of all, or the last with a negative count.
pub fn trunc<T>(count: i64, text: &[T]) -> &[T] {
    let size = usize::try_from(count.unsigned_abs()).unwrap_or(usize::MAX);
    if size >= text.len() {
        text
    } else if count < 0 {
        &text[text.len() - size..]
    } else {
        &text[..size]
    }
}

/// The bytes from `start` to before `end`; an end that is negative or too large is that of the text.
pub fn substr(start: i64, end: i64, text: &[u8]) -> Result<&[u8], String> {
    let length = text.len();
    if start < 0 {
        let end = usize::try_from(end)
            .map_err(|_| format!("runtime error: slice bounds out of range [:{end}]"))?;
        return text.get(..end).ok_or_else(|| out_of_range(end, length));
    }
    let from = usize::try_from(start).unwrap_or(usize::MAX);
    match usize::try_from(end) {
        Ok(to) if to <= length => text
            .get(from..to)
            .ok_or_else(|| format!("runtime error: slice bounds out of range [{start}:{to}]")),
        _ => text
            .get(from..)
            .ok_or_else(|| format!("runtime error: slice bounds out of range [{start}:{length}]")),
    }
}

fn out_of_range(end: usize, length: usize) -> String {
    format!("runtime error: slice bounds out of range [:{end}] with length {length}")
}

/// The text in a width of `width` at most, from `offset` on, with dots where something is left out.
pub fn abbrev<T: Copy + From<u8>>(offset: i64, width: i64, text: &[T]) -> Vec<T> {
    let dots: &[T] = &[T::from(b'.'); 3];
    let length = text.len() as i64;
    if width < 4 || length <= width {
        return text.to_vec();
    }
    let offset = offset.min(length);
    let offset =
        if length.wrapping_sub(offset) < width - 3 { length - (width - 3) } else { offset };
    let part = |from: i64, to: i64| &text[from as usize..to as usize];
    if offset <= 4 {
        return [part(0, width - 3), dots].concat();
    }
    if width < 7 {
        return Vec::new();
    }
    if offset + width - 3 < length {
        return [dots, &abbrev(0, width - 3, part(offset, length))].concat();
    }
    [dots, part(length - (width - 3), length)].concat()
}

/// The first byte of every word, taken for a character of Latin-1.
pub fn initials(text: &[u8]) -> String {
    let mut after_gap = true;
    let mut out = String::new();
    for c in text.iter().map(|&b| char::from(b)) {
        if c.is_whitespace() {
            after_gap = true;
        } else if after_gap {
            out.push(c);
            after_gap = false;
        }
    }
    out
}

/// Small letters for capitals and the other way round.
pub fn swapcase(text: &str) -> String {
    let mut begins = true;
    let each = |c: char| {
        let is_small = c.is_lowercase();
        // At the begin of a word, goutils makes a letter of two the one that only begins large.
        let swapped = match is_small {
            true if begins => title_of(c),
            true => upper(c),
            false => lower(c),
        };
        begins = c.is_whitespace();
        swapped
    };
    text.chars().map(each).collect()
}

/// `strings.Title`: a capital at the begin of every word.
pub fn title(text: &str) -> String {
    let mut before = ' ';
    let is_separator = |c: char| match c {
        c if c.is_ascii() => !(c.is_ascii_alphanumeric() || c == '_'),
        c => c.is_whitespace(),
    };
    let each = |c: char| {
        let begins = is_separator(before);
        before = c;
        if begins { title_of(c) } else { c }
    };
    text.chars().map(each).collect()
}

/// A small letter at the begin of every word.
pub fn untitle(text: &str) -> String {
    let mut begins = true;
    let each = |c: char| {
        if c.is_whitespace() {
            begins = true;
            return c;
        }
        if std::mem::take(&mut begins) { lower(c) } else { c }
    };
    text.chars().map(each).collect()
}

/// Go maps a character to one character; those that would become several stay.
fn upper(c: char) -> char {
    single(c.to_uppercase(), c)
}

fn lower(c: char) -> char {
    if c == 'İ' { 'i' } else { single(c.to_lowercase(), c) }
}

/// A capital at the begin of a word, which of some letters is another one than among capitals.
fn title_of(c: char) -> char {
    match c {
        'Ǆ'..='ǆ' => 'ǅ',
        'Ǉ'..='ǉ' => 'ǈ',
        'Ǌ'..='ǌ' => 'ǋ',
        'Ǳ'..='ǳ' => 'ǲ',
        // Georgian has none.
        'ა'..='ჿ' => c,
        c => upper(c),
    }
}

/// The character, if it is one; else the other one.
pub(crate) fn single(mut chars: impl Iterator<Item = char>, otherwise: char) -> char {
    match (chars.next(), chars.next()) {
        (Some(c), None) => c,
        _ => otherwise,
    }
}

/// `strings.ToUpper`.
pub fn to_upper(text: &str) -> String {
    text.chars().map(upper).collect()
}

/// `strings.ToLower`.
pub fn to_lower(text: &str) -> String {
    text.chars().map(lower).collect()
}

/// `n` spaces before every line.
pub fn indent(blanks: usize, text: &[u8]) -> Vec<u8> {
    let margin = vec![b' '; blanks];
    let mut out = Vec::with_capacity(text.len() + 4 * blanks);
    for (at, line) in text.split(|&b| b == b'\n').enumerate() {
        if at > 0 {
            out.push(b'\n');
        }
        out.extend_from_slice(&margin);
        out.extend_from_slice(line);
    }
    out
}

/// `strings.ReplaceAll`; an empty `from` is before every character and at the end.
pub fn replace(text: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    if from.is_empty() {
        while !rest.is_empty() {
            let (_, length) = first_char(rest);
            out.extend_from_slice(to);
            out.extend_from_slice(&rest[..length]);
            rest = &rest[length..];
        }
        out.extend_from_slice(to);
        return out;
    }
    while let Some(at) = find(rest, from) {
        out.extend_from_slice(&rest[..at]);
        out.extend_from_slice(to);
        rest = &rest[at + from.len()..];
    }
    out.extend_from_slice(rest);
    out
}

/// Where a part is in a string.
pub fn find(text: &[u8], part: &[u8]) -> Option<usize> {
    if part.is_empty() {
        return Some(0);
    }
    text.windows(part.len()).position(|window| window == part)
}

/// `strings.SplitN`: `n` parts at most, all of them with a negative count; an empty separator splits characters.
pub fn split<'t>(text: &'t [u8], separator: &[u8], n: i64) -> Vec<&'t [u8]> {
    if n == 0 {
        return Vec::new();
    }
    let limit = usize::try_from(n).unwrap_or(usize::MAX);
    let mut parts = Vec::new();
    let mut rest = text;
    if separator.is_empty() {
        while !rest.is_empty() {
            if parts.len() + 1 == limit {
                parts.push(rest);
                break;
            }
            let (part, after) = rest.split_at(first_char(rest).1);
            parts.push(part);
            rest = after;
        }
        return parts;
    }
    while parts.len() + 1 < limit
        && let Some(at) = find(rest, separator)
    {
        parts.push(&rest[..at]);
        rest = &rest[at + separator.len()..];
    }
    parts.push(rest);
    parts
}

/// The first character of a string and its length; what is no UTF-8 is a character of one byte.
pub(crate) fn first_char(text: &[u8]) -> (Option<char>, usize) {
    let end = text.len().min(4);
    let valid = match std::str::from_utf8(&text[..end]) {
        Ok(valid) => valid,
        Err(error) => std::str::from_utf8(&text[..error.valid_up_to()]).unwrap_or_default(),
    };
    match valid.chars().next() {
        Some(c) => (Some(c), c.len_utf8()),
        None => (None, end.min(1)),
    }
}

/// `strings.TrimSpace`.
pub fn trim_space(text: &[u8]) -> &[u8] {
    trim_matches(text, |c| c.is_some_and(char::is_whitespace))
}

/// `strings.Trim`: without the characters of a set at both ends.
pub fn trim_set<'t>(text: &'t [u8], set: &[u8]) -> &'t [u8] {
    let set = String::from_utf8_lossy(set);
    trim_matches(text, |c| set.contains(c.unwrap_or('\u{fffd}')))
}

fn trim_matches(text: &[u8], is_trimmed: impl Fn(Option<char>) -> bool) -> &[u8] {
    let mut rest = text;
    while !rest.is_empty() {
        let (c, length) = first_char(rest);
        if !is_trimmed(c) {
            break;
        }
        rest = &rest[length..];
    }
    while !rest.is_empty() {
        let start = (1..=4.min(rest.len()))
            .map(|length| rest.len() - length)
            .find(|&start| std::str::from_utf8(&rest[start..]).is_ok())
            .unwrap_or(rest.len() - 1);
        if !is_trimmed(first_char(&rest[start..]).0) {
            break;
        }
        rest = &rest[..start];
    }
    rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_count() {
        assert_eq!(trunc(2, "héllo".as_bytes()), b"h\xc3");
        assert_eq!(abbrev(0, 8, b"hello world"), b"hello...");
        assert_eq!(abbrev(5, 10, b"1234 5678 9123"), b"...5678...");
        assert_eq!(split(b"a,b,c", b",", 2), [&b"a"[..], b"b,c"]);
        assert_eq!(replace(b"ab", b"", b"-"), b"-a-b-");
        assert_eq!(go_quoted(b"a\"\xff\n\xc3\xa9"), "\"a\\\"\\xff\\né\"".as_bytes());
        assert_eq!(trim_space(" \u{a0}x\u{85} ".as_bytes()), b"x");
    }
}

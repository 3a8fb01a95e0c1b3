//! Words: their cases and where lines break between them (huandu/xstrings and Masterminds/goutils).

use crate::text::single;

/// `HTTPServer` → `http_server`.
pub fn snakecase(text: &str) -> String {
    separated(text, '_')
}

/// `HTTPServer` → `http-server`.
pub fn kebabcase(text: &str) -> String {
    separated(text, '-')
}

/// `http_server` → `HttpServer`.
pub fn camelcase(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut connectors = String::new();
    let mut shouts = false;
    let mut begun = false;
    for c in text.chars() {
        if is_connector(c) {
            connectors.push(c);
            continue;
        }
        if begun && connectors.is_empty() {
            // The capitals after a capital become small: `HTTPServer` is one word here.
            shouts = shouts && c.is_uppercase();
            out.push(if shouts { single(c.to_lowercase(), c) } else { c });
            continue;
        }
        // One connector between two words goes, further ones stay, and so do those before the first.
        if begun {
            connectors.pop();
        }
        out.push_str(&connectors);
        connectors.clear();
        begun = true;
        shouts = c.is_uppercase();
        out.push(single(c.to_uppercase(), c));
    }
    out.push_str(&connectors);
    // Of a string of connectors alone the last one is doubled.
    if !begun {
        out.extend(connectors.chars().next_back());
    }
    out
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Number,
    /// `HTTP` or `Http`.
    Capital,
    Small,
    Connector,
    Punctuation,
    Other,
}

fn separated(text: &str, separator: char) -> String {
    let words = words(text);
    let class = |index: usize| words.get(index).map(|&(class, _)| class);
    let mut out = String::with_capacity(text.len() + 8);
    for (index, &(own, word)) in words.iter().enumerate() {
        let before = index.checked_sub(1).and_then(class);
        let parted = match (before, own) {
            (None | Some(Class::Connector | Class::Punctuation), _)
            | (_, Class::Connector | Class::Punctuation)
            | (Some(Class::Number), Class::Small) => false,
            // A number belongs to the small letters after it (`http_2xx`), else to the word before it.
            (Some(Class::Small), Class::Number)
                if index > 1 && class(index - 2) == Some(Class::Number) =>
            {
                false
            }
            (_, Class::Number) => class(index + 1) == Some(Class::Small),
            _ => true,
        };
        if parted {
            out.push(separator);
        }
        match own {
            Class::Connector => out.extend(word.chars().map(|_| separator)),
            Class::Capital => out.push_str(&crate::text::to_lower(word)),
            _ => out.push_str(word),
        }
    }
    out
}

/// A string in words of one class each.
fn words(text: &str) -> Vec<(Class, &str)> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let class = class_of(first);
        let is_other = |c: char| match class {
            // After other punctuation connectors are punctuation, too.
            Class::Punctuation => !(is_punctuation(c) || c == '-' || c == '_'),
            class => class_of(c) != class,
        };
        let mut end = rest.find(is_other).unwrap_or(rest.len());
        if class == Class::Capital {
            let small =
                rest[end..].find(|c| class_of(c) != Class::Small).unwrap_or(rest.len() - end);
            let last = rest[..end].char_indices().next_back().map_or(0, |(at, _)| at);
            // The last capital before small letters begins their word: `HTTP` and `Server`.
            end = match (small, last) {
                (0, _) => end,
                (_, 0) => end + small,
                _ => last,
            };
        }
        found.push((class, &rest[..end]));
        rest = &rest[end..];
    }
    found
}

fn class_of(c: char) -> Class {
    match c {
        _ if is_connector(c) => Class::Connector,
        _ if is_punctuation(c) => Class::Punctuation,
        _ if c.is_uppercase() => Class::Capital,
        _ if c.is_lowercase() => Class::Small,
        _ if c.is_numeric() => Class::Number,
        _ => Class::Other,
    }
}

fn is_connector(c: char) -> bool {
    c == '-' || c == '_' || c.is_whitespace()
}

/// What Unicode calls punctuation, which is not all that ASCII does.
fn is_punctuation(c: char) -> bool {
    c.is_ascii_punctuation() && !"$+<=>^`|~".contains(c) || ('\u{2010}'..='\u{2027}').contains(&c)
}

/// The text in lines of a width of `width` at most; a longer word has a line of its own, or is broken. Go counts
/// bytes; characters can be counted as well.
pub fn wrap<T>(width: i64, line_break: &[T], text: &[T], breaks_words: bool) -> Vec<T>
where
    T: Copy + PartialEq + From<u8>,
{
    let blank = T::from(b' ');
    let width = usize::try_from(width).unwrap_or(1).max(1);
    let mut out = Vec::with_capacity(text.len() + 16);
    let mut at = 0;
    while text.len() - at > width {
        if text[at] == blank {
            at += 1;
            continue;
        }
        let (end, next) = match text[at..=at + width].iter().rposition(|&c| c == blank) {
            Some(end) => (at + end, at + end + 1),
            None if breaks_words => (at + width, at + width),
            None => match text[at + width..].iter().position(|&c| c == blank) {
                Some(end) => (at + width + end, at + width + end + 1),
                None => break,
            },
        };
        out.extend_from_slice(&text[at..end]);
        out.extend_from_slice(line_break);
        at = next;
    }
    out.extend_from_slice(&text[at..]);
    out
}

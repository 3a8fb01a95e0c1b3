//! Where the pieces of a line begin and end; a placeholder is one of a string's signs.

use super::placeholder_at;

/// What follows a placeholder that begins a line, if that is nothing but a comment.
pub fn own_line(content: &str) -> Option<&str> {
    let (_, length) = placeholder_at(content)?;
    let behind = &content[length..];
    let comment = is_blank(behind) && !behind.starts_with('#');
    comment.then(|| behind.trim_matches([' ', '\t', '\r']))
}

/// Whether a line has a dash as its first sign.
pub fn is_dash(line: &str) -> bool {
    line.strip_prefix('-')
        .is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t', '\r']))
}

pub fn is_document_marker(line: &str) -> bool {
    line.starts_with('%')
        || ["---", "..."].iter().any(|marker| {
            line.strip_prefix(marker)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t', '\r']))
        })
}

/// Whether the rest of a line means nothing: spaces, or a comment with a space before it.
pub fn is_blank(rest: &str) -> bool {
    let content = rest.trim_start_matches([' ', '\t', '\r']);
    content.is_empty()
        || (content.starts_with('#') && (content.len() < rest.len() || rest.starts_with('#')))
}

pub fn is_blank_only(rest: &str) -> bool {
    rest.trim_matches([' ', '\t', '\r']).is_empty()
}

pub fn indentation(line: &str) -> usize {
    line.len() - line.trim_start_matches(' ').len()
}

/// Whether the sign after a colon makes it the end of a key.
pub fn is_colon(next: Option<&u8>, flow: bool) -> bool {
    match next {
        None | Some(b' ' | b'\t' | b'\n' | b'\r') => true,
        Some(b',' | b'[' | b']' | b'{' | b'}') => flow,
        _ => false,
    }
}

/// Where in the rest of a line the colon is that ends its key, if it begins with one.
pub fn key_end(line: &str) -> Option<usize> {
    let bytes = line.as_bytes();
    let quoted = match bytes.first()? {
        b'"' => double_end(line)?,
        b'\'' => single_end(line)?,
        b'[' | b'{' | b'|' | b'>' => return None,
        _ => {
            let is_end = |&at: &usize| match bytes[at] {
                b':' => is_colon(bytes.get(at + 1), false),
                b'#' => at == 0 || matches!(bytes[at - 1], b' ' | b'\t'),
                _ => false,
            };
            return (0..bytes.len()).find(is_end).filter(|&at| bytes[at] == b':');
        }
    };
    let blanks = indentation(&line[quoted..]);
    let colon = quoted + blanks;
    (line[colon..].starts_with(':') && is_colon(bytes.get(colon + 1), false)).then_some(colon)
}

/// Where in a line without quotes the comment begins; its end if there is none.
pub fn comment_start(line: &str) -> usize {
    let bytes = line.as_bytes();
    (0..bytes.len())
        .find(|&at| bytes[at] == b'#' && (at == 0 || matches!(bytes[at - 1], b' ' | b'\t')))
        .unwrap_or(bytes.len())
}

/// The length of a string in double quotes, if they are closed.
pub fn double_end(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = 1;
    while at < bytes.len() {
        match bytes[at] {
            b'\\' => at += 1,
            b'"' => return Some(at + 1),
            _ => {}
        }
        at += 1;
    }
    None
}

/// The length of a string in single quotes, in which two mean one, if they are closed.
pub fn single_end(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = 1;
    while at < bytes.len() {
        if bytes[at] == b'\'' {
            if bytes.get(at + 1) != Some(&b'\'') {
                return Some(at + 1);
            }
            at += 1;
        }
        at += 1;
    }
    None
}

/// The length of a plain text in `[ ]` or `{ }`.
pub fn flow_plain_end(text: &str) -> usize {
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        match bytes[at] {
            b',' | b'[' | b']' | b'{' | b'}' | b'\n' | b'\r' => break,
            b':' if is_colon(bytes.get(at + 1), true) => break,
            b'#' if at > 0 && matches!(bytes[at - 1], b' ' | b'\t') => break,
            b' ' | b'\t' if matches!(bytes[0], b'&' | b'!' | b'*') => break,
            _ => {}
        }
        at += 1;
    }
    text[..at].trim_end_matches([' ', '\t']).len()
}

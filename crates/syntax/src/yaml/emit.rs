//! Nodes → text: every level two columns further right, as people write it and as templates have it.
//!
//! A string is plain only where YAML 1.1 and 1.2 both read a string; several lines become a literal block.

use super::{Kind, Node, scalar};

/// A node as a document, with a line break at its end.
pub fn to_yaml(node: &Node) -> String {
    let mut out = String::new();
    block(node, 0, &mut out);
    out
}

/// Where a string is written; the place decides which styles are open to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// The end of a line; a literal block may follow with its lines at this column.
    Block(usize),
    /// A part of one line.
    Line,
    /// Inside `[ ]` or `{ }`.
    Flow,
    /// Before the colon.
    Key,
}

/// Writes a node as whole lines that begin at a column.
pub fn block(node: &Node, column: usize, out: &mut String) {
    match &node.kind {
        Kind::Map(map) if !map.is_empty() => {
            map.iter().for_each(|(key, value)| entry(key, value, column, out));
        }
        Kind::List(list) if !list.is_empty() => {
            list.iter().for_each(|value| item(value, column, out));
        }
        _ => {
            spaces(column, out);
            scalar(node, block_at(column), out);
            out.push('\n');
        }
    }
}

/// Writes a map's entry as whole lines, the key at a column.
pub fn entry(key: &str, value: &Node, column: usize, out: &mut String) {
    spaces(column, out);
    let start = out.len();
    text(key, Place::Key, out);
    if out.len() - start > LONGEST_KEY {
        out.insert_str(start, "? ");
        out.push('\n');
        spaces(column, out);
    }
    out.push(':');
    after_key(value, column, out);
}

/// A simple key may span 1024 characters at most; a longer one is written after `? `.
pub const LONGEST_KEY: usize = 1000;

/// Writes what follows the colon of a key at a column, to the end of the line or of more lines.
pub(crate) fn after_key(value: &Node, column: usize, out: &mut String) {
    let is_block = match &value.kind {
        Kind::Map(map) => !map.is_empty(),
        Kind::List(list) => !list.is_empty(),
        _ => false,
    };
    if is_block {
        out.push('\n');
        block(value, column + 2, out);
    } else {
        out.push(' ');
        scalar(value, Place::Block(column + 2), out);
        out.push('\n');
    }
}

/// Writes a list's entry as whole lines, the dash at a column.
pub fn item(value: &Node, column: usize, out: &mut String) {
    let dash = out.len() + column;
    block(value, column + 2, out);
    out.replace_range(dash..=dash, "-");
}

/// Writes a scalar, or a map or list in its one-line form.
pub fn scalar(node: &Node, place: Place, out: &mut String) {
    match &node.kind {
        Kind::Text(value) => text(value, place, out),
        Kind::Map(map) => {
            out.push('{');
            for (index, (key, value)) in map.iter().enumerate() {
                out.push_str(if index > 0 { ", " } else { "" });
                text(key, Place::Flow, out);
                out.push_str(": ");
                scalar(value, Place::Flow, out);
            }
            out.push('}');
        }
        Kind::List(list) => {
            out.push('[');
            for (index, value) in list.iter().enumerate() {
                out.push_str(if index > 0 { ", " } else { "" });
                scalar(value, Place::Flow, out);
            }
            out.push(']');
        }
        other => out.push_str(&word(other).unwrap_or_default()),
    }
}

/// The word for a null, a boolean or a number, as Go prints it; none for the other kinds.
pub fn word(kind: &Kind) -> Option<String> {
    Some(match kind {
        Kind::Null => "null".to_owned(),
        Kind::Bool(value) => value.to_string(),
        Kind::Int(value) => value.to_string(),
        Kind::Float(value) => float(*value),
        Kind::Text(_) | Kind::List(_) | Kind::Map(_) => return None,
    })
}

/// Go's shortest form of a float: an exponent from 1e+21 on and below 1e-04, with two digits at least.
fn float(value: f64) -> String {
    if !value.is_finite() {
        let sign = if value.is_sign_negative() { "-" } else { "" };
        return if value.is_nan() { ".nan".to_owned() } else { format!("{sign}.inf") };
    }
    let scientific = format!("{value:e}");
    let Some((digits, exponent)) = scientific.split_once('e') else {
        return scientific;
    };
    match exponent.parse::<i32>() {
        Ok(exponent) if !(-4..21).contains(&exponent) => {
            let sign = if exponent < 0 { '-' } else { '+' };
            format!("{digits}e{sign}{:02}", exponent.abs())
        }
        _ => format!("{value}"),
    }
}

/// Writes a string in the simplest style that its place allows and that reads back as this text.
pub fn text(value: &str, place: Place, out: &mut String) {
    match place {
        Place::Block(column) if column > 0 && is_literal(value) => literal(value, column, out),
        _ if is_plain(value, place == Place::Flow) => out.push_str(value),
        _ => quoted(value, out),
    }
}

/// Whether a string is written as a literal block where its place allows one.
///
/// One that ends in several line breaks is not: it would take in empty lines that follow.
pub fn is_literal(value: &str) -> bool {
    let Some(first) = value.chars().next() else {
        return false;
    };
    !first.is_whitespace()
        && value.contains('\n')
        && !value.ends_with("\n\n")
        && value.chars().all(|c| matches!(c, '\n' | '\t') || is_printable(c))
        && value.lines().all(|line| line.is_empty() || !line.trim_matches([' ', '\t']).is_empty())
}

fn literal(value: &str, column: usize, out: &mut String) {
    out.push_str(if value.ends_with('\n') { "|" } else { "|-" });
    for line in value.lines() {
        out.push('\n');
        if !line.is_empty() {
            spaces(column, out);
            out.push_str(line);
        }
    }
}

/// Whether a string means itself without quotes; `flow` for inside `[ ]` and `{ }`.
fn is_plain(value: &str, flow: bool) -> bool {
    let bytes = value.as_bytes();
    let (Some(&first), Some(&last)) = (bytes.first(), bytes.last()) else {
        return false;
    };
    let begins = match first {
        b'-' => bytes.get(1).is_some_and(|&next| next != b' ') && !value.starts_with("---"),
        b'.' => !value.starts_with("..."),
        _ => !b" ?:,[]{}#&*!|>'\"%@`=~<".contains(&first),
    };
    begins
        && !value.starts_with(char::is_whitespace)
        && !value.ends_with(char::is_whitespace)
        && last != b':'
        && !bytes.windows(2).any(|pair| matches!(pair, [b':', b' '] | [b' ', b'#']))
        && value.chars().all(is_printable)
        && !(flow && bytes.iter().any(|b| b",[]{}?:".contains(b)))
        && scalar::reads_as_text(value)
}

/// Single quotes where they spare escapes, else double quotes.
pub fn quoted(value: &str, out: &mut String) {
    if value.contains(['"', '\\']) && !value.contains('\'') && value.chars().all(is_printable) {
        out.push('\'');
        out.push_str(value);
        out.push('\'');
    } else {
        out.push('"');
        escaped(value, out);
        out.push('"');
    }
}

/// Writes a string for the inside of double quotes.
pub fn escaped(value: &str, out: &mut String) {
    for c in value.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            c if is_printable(c) => out.push(c),
            c => match u32::from(c) {
                code @ 0..=0xff => out.push_str(&format!("\\x{code:02X}")),
                code @ 0x100..=0xffff => out.push_str(&format!("\\u{code:04X}")),
                code => out.push_str(&format!("\\U{code:08X}")),
            },
        }
    }
}

/// Whether a character may stand in YAML as itself on a line; the line breaks of YAML 1.1 may not.
pub fn is_printable(c: char) -> bool {
    match c {
        ' '..='~' => true,
        '\u{a0}'..='\u{d7ff}' => !matches!(c, '\u{2028}' | '\u{2029}'),
        '\u{e000}'..='\u{fffd}' => c != '\u{feff}',
        '\u{10000}'.. => true,
        _ => false,
    }
}

/// Writes spaces.
pub fn spaces(count: usize, out: &mut String) {
    out.extend(std::iter::repeat_n(' ', count));
}

/// A string alone in its document has no column to be indented from, so a literal block is not for it.
fn block_at(column: usize) -> Place {
    if column == 0 { Place::Line } else { Place::Block(column) }
}

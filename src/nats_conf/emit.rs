//! Writes the language, so that reading gives the same values again.

use std::fmt;

use super::{Entry, Kind, Map, Value};
use crate::yaml::emit::is_printable;

/// A name that the language cannot express: keys know no escapes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inexpressible(pub String);

impl fmt::Display for Inexpressible {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "nats.conf cannot express the name {:?}", self.0)
    }
}

impl std::error::Error for Inexpressible {}

/// A configuration as text, one option a line.
pub fn to_text(root: &Map) -> Result<String, Inexpressible> {
    let mut out = String::new();
    write_entries(&mut out, root, 0)?;
    Ok(out)
}

/// Writes the name of an option: bare where it is a plain word, else in the quotes that it does not contain.
pub fn write_key(out: &mut String, name: &str) -> Result<(), Inexpressible> {
    let is_directive = name.eq_ignore_ascii_case("include");
    if is_plain(name) && !name.contains(':') && !is_directive {
        out.push_str(name);
        return Ok(());
    }
    let quote = ['"', '\''].into_iter().find(|&quote| !name.contains(quote));
    let Some(quote) = quote.filter(|_| !name.contains('\0')) else {
        return Err(Inexpressible(name.to_owned()));
    };
    out.push(quote);
    out.push_str(name);
    out.push(quote);
    Ok(())
}

/// Writes a text: bare where it reads as a word, else in double quotes, with every control character escaped.
pub fn write_text(out: &mut String, text: &str) {
    if is_plain(text) && !is_boolean(text) {
        out.push_str(text);
        return;
    }
    out.push('"');
    write_escaped(out, text);
    out.push('"');
}

/// Writes what stands between double quotes.
pub fn write_escaped(out: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if is_printable(c) => out.push(c),
            c => {
                for byte in c.encode_utf8(&mut [0; 4]).bytes() {
                    out.push_str(&format!("\\x{byte:02X}"));
                }
            }
        }
    }
}

/// Whether the server reads it as one word in every place: it begins like no number, variable or quote.
fn is_plain(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && text.chars().all(|c| c.is_ascii_alphanumeric() || "_-./:@+*>".contains(c))
}

fn is_boolean(text: &str) -> bool {
    ["true", "false", "yes", "no", "on", "off"].iter().any(|word| text.eq_ignore_ascii_case(word))
}

fn write_entries(out: &mut String, map: &Map, depth: usize) -> Result<(), Inexpressible> {
    for (name, Entry { value, .. }) in &map.entries {
        indent(out, depth);
        write_key(out, name)?;
        out.push_str(": ");
        write_kind(out, value, depth)?;
        out.push('\n');
    }
    Ok(())
}

fn write_kind(out: &mut String, value: &Value, depth: usize) -> Result<(), Inexpressible> {
    match &value.kind {
        Kind::Bool(b) => out.push_str(if *b { "true" } else { "false" }),
        Kind::Integer(i) => out.push_str(&i.to_string()),
        // The decimal form, since an exponent reads as text; a point makes it a float.
        Kind::Float(f) if f.fract() == 0.0 => out.push_str(&format!("{f:.1}")),
        Kind::Float(f) => out.push_str(&f.to_string()),
        Kind::Text(text) => write_text(out, text),
        Kind::Date(date) => out.push_str(date),
        Kind::Unset(name) => {
            out.push('$');
            out.push_str(name);
        }
        Kind::List(list) if list.is_empty() => out.push_str("[]"),
        Kind::List(list) => {
            // One a line, because a number must not touch the bracket.
            out.push_str("[\n");
            for item in list {
                indent(out, depth + 1);
                write_kind(out, item, depth + 1)?;
                out.push('\n');
            }
            indent(out, depth);
            out.push(']');
        }
        Kind::Map(map) if map.entries.is_empty() => out.push_str("{}"),
        Kind::Map(map) => {
            out.push_str("{\n");
            write_entries(out, map, depth + 1)?;
            indent(out, depth);
            out.push('}');
        }
    }
    Ok(())
}

fn indent(out: &mut String, depth: usize) {
    out.extend(std::iter::repeat_n("  ", depth));
}

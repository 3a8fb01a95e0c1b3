//! TOML as BurntSushi/toml writes and reads it.

use crate::number::shortest;
use crate::time::{Moment, layout};
use crate::yaml::Tree;

/// A map as TOML: values first, then tables, each sorted by key. The error is BurntSushi's.
pub fn write(tree: &Tree) -> Result<Vec<u8>, String> {
    let mut out = Vec::new();
    match tree {
        Tree::Map(entries) => table(&mut Vec::new(), entries, &mut out)?,
        Tree::Null => {}
        list if is_table(list) => {
            return Err("toml: top-level values must be Go maps or structs".to_owned());
        }
        value => inline(value, &mut out)?,
    }
    Ok(out)
}

type Entries = [(Vec<u8>, Tree)];

fn table(path: &mut Vec<Vec<u8>>, entries: &Entries, out: &mut Vec<u8>) -> Result<(), String> {
    let present = || entries.iter().filter(|(_, value)| !matches!(value, Tree::Null));
    for (key, value) in present().filter(|(_, value)| !is_table(value)) {
        margin(path.len(), out);
        out.extend(quoted_key(key));
        out.extend_from_slice(b" = ");
        inline(value, out)?;
        out.push(b'\n');
    }
    for (key, value) in present().filter(|(_, value)| is_table(value)) {
        path.push(quoted_key(key));
        let (brackets, tables): ([&[u8]; 2], &[Tree]) = match value {
            Tree::List(items) => ([b"[[", b"]]"], items),
            value => ([b"[", b"]"], std::slice::from_ref(value)),
        };
        for inner in tables {
            let Tree::Map(inner) = inner else { continue };
            if !out.is_empty() && (path.len() == 1 || brackets[0] == b"[[") {
                out.push(b'\n');
            }
            margin(path.len() - 1, out);
            out.extend_from_slice(brackets[0]);
            out.extend(path.join(&b'.'));
            out.extend_from_slice(brackets[1]);
            out.push(b'\n');
            table(path, inner, out)?;
        }
        path.pop();
    }
    Ok(())
}

/// Whether a value is under a `[header]`.
fn is_table(value: &Tree) -> bool {
    match value {
        Tree::Map(_) => true,
        Tree::List(items) => {
            !items.is_empty() && items.iter().all(|item| matches!(item, Tree::Map(_)))
        }
        _ => false,
    }
}

fn inline(value: &Tree, out: &mut Vec<u8>) -> Result<(), String> {
    match value {
        Tree::Null => return Err("toml: cannot encode array with nil element".to_owned()),
        Tree::Bool(value) => out.extend_from_slice(value.to_string().as_bytes()),
        Tree::Int(int) => out.extend_from_slice(int.to_string().as_bytes()),
        Tree::Float(float) => {
            let text = shortest(*float).to_lowercase();
            out.extend_from_slice(text.as_bytes());
            // Without a point or an exponent it would be an integer.
            if text.bytes().all(|b| b.is_ascii_digit() || b == b'-') {
                out.extend_from_slice(b".0");
            }
        }
        Tree::String(text) => out.extend(quoted(text)),
        Tree::Time(moment) => out.extend_from_slice(moment.to_string().as_bytes()),
        Tree::List(items) => {
            out.push(b'[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.extend_from_slice(b", ");
                }
                inline(item, out)?;
            }
            out.push(b']');
        }
        Tree::Map(entries) => {
            out.push(b'{');
            // A value that is left out at the end leaves its comma there.
            let (tables, values): (Vec<_>, Vec<_>) =
                entries.iter().partition(|(_, value)| is_table(value));
            for (group, has_more) in [(&values, !tables.is_empty()), (&tables, false)] {
                for (index, (key, value)) in group.iter().enumerate() {
                    if matches!(value, Tree::Null) {
                        continue;
                    }
                    out.extend(quoted_key(key));
                    out.extend_from_slice(b" = ");
                    inline(value, out)?;
                    if has_more || index + 1 < group.len() {
                        out.extend_from_slice(b", ");
                    }
                }
            }
            out.push(b'}');
        }
    }
    Ok(())
}

fn quoted_key(key: &[u8]) -> Vec<u8> {
    let is_bare =
        !key.is_empty() && key.iter().all(|b| b.is_ascii_alphanumeric() || b"_-".contains(b));
    if is_bare { key.to_vec() } else { quoted(key) }
}

fn quoted(text: &[u8]) -> Vec<u8> {
    let mut out = vec![b'"'];
    for &b in text {
        match b {
            b'"' => out.extend_from_slice(b"\\\""),
            b'\\' => out.extend_from_slice(b"\\\\"),
            b'\n' => out.extend_from_slice(b"\\n"),
            b'\r' => out.extend_from_slice(b"\\r"),
            b'\t' => out.extend_from_slice(b"\\t"),
            8 => out.extend_from_slice(b"\\b"),
            12 => out.extend_from_slice(b"\\f"),
            0..b' ' | 0x7f => out.extend_from_slice(format!("\\u{b:04x}").as_bytes()),
            b => out.push(b),
        }
    }
    out.push(b'"');
    out
}

fn margin(depth: usize, out: &mut Vec<u8>) {
    out.extend(std::iter::repeat_n(b' ', 2 * depth));
}

/// Reads TOML. The error is BurntSushi's line for what templates meet, a string that is no TOML at all.
pub fn read(text: &[u8]) -> Result<Tree, String> {
    let text = std::str::from_utf8(text).map_err(|error| {
        format!(
            "toml: line {}: invalid UTF-8 byte: {:#04x}",
            line_of(text, error.valid_up_to()),
            text[error.valid_up_to()]
        )
    })?;
    let parsed: Result<toml::Table, toml::de::Error> = text.parse();
    match parsed {
        Ok(table) => Ok(tree(toml::Value::Table(table))),
        Err(error) => {
            let at = error.span().map_or(0, |span| span.start.min(text.len()));
            Err(go_error(text, at, error.message()))
        }
    }
}

fn tree(value: toml::Value) -> Tree {
    match value {
        toml::Value::String(text) => Tree::String(text.into_bytes()),
        toml::Value::Integer(int) => Tree::Int(int),
        toml::Value::Float(float) => Tree::Float(float),
        toml::Value::Boolean(value) => Tree::Bool(value),
        toml::Value::Datetime(date) => moment(&date.to_string())
            .map_or_else(|| Tree::String(date.to_string().into_bytes()), Tree::Time),
        toml::Value::Array(items) => Tree::List(items.into_iter().map(tree).collect()),
        toml::Value::Table(table) => Tree::map(
            table.into_iter().map(|(key, value)| (key.into_bytes(), tree(value))).collect(),
        ),
    }
}

fn moment(text: &str) -> Option<Moment> {
    // What has no zone is in one with a name of its own.
    [
        (layout::RFC_3339, None),
        ("2006-01-02T15:04:05", Some("datetime-local")),
        ("2006-01-02", Some("date-local")),
        ("15:04:05", Some("time-local")),
    ]
    .iter()
    .find_map(|(layout, zone)| {
        let moment = layout::parse(layout, text)?;
        Some(zone.map_or(moment, |zone| moment.in_zone_called(zone)))
    })
}

fn line_of(text: &[u8], at: usize) -> usize {
    text[..at].iter().filter(|&&b| b == b'\n').count() + 1
}

/// The message for the line of a mistake: what follows its key, most of the time.
fn go_error(text: &str, at: usize, otherwise: &str) -> String {
    let number = line_of(text.as_bytes(), at);
    let start = text[..at].rfind('\n').map_or(0, |at| at + 1);
    let line = text[start..].trim_start_matches([' ', '\t']);
    let is_bare = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    let header = line.starts_with('[');
    let mut rest = line.trim_start_matches(['[', ' ', '\t']);
    let mut key;
    loop {
        let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''));
        let key_end = match quote {
            Some(quote) => match rest[1..].find(quote) {
                Some(end) => end + 2,
                None => {
                    let quote = if quote == '"' { "'\"'" } else { "\"'\"" };
                    return format!("toml: line {number}: unexpected EOF; expected {quote}");
                }
            },
            None => rest.find(|c| !is_bare(c)).unwrap_or(rest.len()),
        };
        (key, rest) = rest.split_at(key_end);
        rest = rest.trim_start_matches([' ', '\t']);
        match rest.strip_prefix('.') {
            Some(next) if !key.is_empty() => rest = next.trim_start_matches([' ', '\t']),
            _ => break,
        }
    }
    let said = match (key, rest.chars().next()) {
        (_, Some(c)) if header && c != ']' => {
            format!("expected '.' or ']' to end table name, but got {} instead", quoted_char(c))
        }
        _ if header => otherwise.to_owned(),
        ("", Some('.')) => "unexpected '.': keys cannot start with a '.'".to_owned(),
        ("", Some('=')) => "unexpected '=': key name appears blank".to_owned(),
        (_, None) => "unexpected EOF; expected key separator '='".to_owned(),
        (key, Some('=')) if !key.is_empty() && rest[1..].trim_matches([' ', '\t']).is_empty() => {
            return format!(
                "toml: line {number} (last key {key:?}): unexpected EOF; expected value"
            );
        }
        (_, Some(c)) if c != '.' && c != '=' => {
            format!("expected '.' or '=', but got {} instead", quoted_char(c))
        }
        _ => otherwise.to_owned(),
    };
    format!("toml: line {number}: {said}")
}

/// A character as `%q` prints it.
fn quoted_char(c: char) -> String {
    let quoted = crate::text::go_quoted(c.to_string().as_bytes());
    match c {
        '"' => "'\"'".to_owned(),
        '\'' => "'\\''".to_owned(),
        _ => format!("'{}'", String::from_utf8_lossy(&quoted[1..quoted.len() - 1])),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn toml_there_and_back() {
        let text = "a = 1\nb = [1.5, 2.0]\n\n[c]\n  d = \"x\"\n";
        assert_eq!(write(&read(text.as_bytes()).unwrap()).unwrap(), text.as_bytes());
        assert_eq!(
            read(b"a: 1").unwrap_err(),
            "toml: line 1: expected '.' or '=', but got ':' instead"
        );
    }
}

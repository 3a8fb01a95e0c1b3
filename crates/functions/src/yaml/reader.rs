//! YAML as sigs.k8s.io/yaml reads it: YAML 1.1 by go-yaml 2, then JSON, in which every number is a float.

use std::borrow::Cow;
use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

use libyaml_safer::{Encoding, Event, EventData, Mark, Parser, ScalarStyle};

use super::scalar::{Meaning, resolve};
use crate::encoding::from_base64;
use crate::number::shortest;

/// A value as the formats know it. The keys of a map are sorted by their bytes, each there once.
#[derive(Clone, Debug, PartialEq)]
pub enum Tree {
    Null,
    Bool(bool),
    Int(i64),
    Float(f64),
    String(Vec<u8>),
    /// A point in time of TOML, in RFC 3339.
    Time(crate::time::Moment),
    List(Vec<Tree>),
    Map(Vec<(Vec<u8>, Tree)>),
}

impl Tree {
    /// A map of entries in any order, of which the last one of a key counts.
    pub fn map(entries: Vec<(Vec<u8>, Tree)>) -> Self {
        let mut sorted = entries;
        sorted.reverse();
        sorted.sort_by(|a, b| a.0.cmp(&b.0));
        sorted.dedup_by(|a, b| a.0 == b.0);
        Self::Map(sorted)
    }
}

/// Reads the first document of a string; a string without one is null. The error is Go's line.
pub fn read(text: &[u8]) -> Result<Tree, String> {
    let complete = with_line_break(text);
    let mut parser = Parser::new();
    parser.set_input(&*complete);
    parser.set_encoding(Encoding::Utf8);
    let mut reader = Reader { parser, text, anchors: HashMap::new(), depth: 0, nodes: 0 };
    loop {
        let event = reader.next()?;
        match event.data {
            EventData::DocumentStart { version_directive: Some(version), .. }
                if (version.major, version.minor) != (1, 1) =>
            {
                let line = event.start_mark.line;
                let place = if line == 0 { String::new() } else { format!("line {line}: ") };
                return Err(format!("yaml: {place}found incompatible YAML document"));
            }
            EventData::StreamStart { .. } | EventData::DocumentStart { .. } => {}
            EventData::StreamEnd => return Ok(Tree::Null),
            // What does not parse is found before what cannot be decoded.
            _ => return plain(decode(reader.node(event)?)?),
        }
    }
}

/// A string with a line break at its end, without which the parser panics in a block scalar. A last line of
/// spaces alone means nothing.
fn with_line_break(text: &[u8]) -> Cow<'_, [u8]> {
    let start = text.iter().rposition(|byte| matches!(byte, b'\n' | b'\r')).map_or(0, |at| at + 1);
    let (lines, last) = text.split_at(start);
    if last.iter().all(|byte| *byte == b' ') {
        return Cow::Borrowed(lines);
    }
    Cow::Owned([text, b"\n"].concat())
}

struct Reader<'r> {
    parser: Parser<&'r [u8]>,
    text: &'r [u8],
    anchors: HashMap<String, Raw>,
    depth: usize,
    nodes: usize,
}

/// A node as it is written.
#[derive(Clone, Debug)]
enum Raw {
    Scalar { tag: Option<String>, value: String, is_plain: bool },
    List(Vec<Raw>),
    Map(Vec<(Raw, Raw)>),
}

/// A node with its meaning.
#[derive(Clone, Debug)]
enum Node {
    Scalar(Meaning, String),
    List(Vec<Node>),
    Map(Vec<(Node, Node)>),
    Merge,
}

/// go-yaml's limit.
const DEEPEST: usize = 10_000;
/// As many nodes may come of aliases.
const MOST_NODES: usize = 4_000_000;

impl Reader<'_> {
    fn next(&mut self) -> Result<Event, String> {
        // The parser panics on some input, such as `[!tag, x]`.
        catch_unwind(AssertUnwindSafe(|| self.parser.parse()))
            .map_err(|_| "yaml: found a tag without a space after it".to_owned())?
            .map_err(|error| go_error(&error))
    }

    fn node(&mut self, event: Event) -> Result<Raw, String> {
        self.depth += 1;
        if self.depth > DEEPEST.min(1000) {
            return Err(format!("yaml: exceeded max depth of {DEEPEST}"));
        }
        let (start, end) = (event.start_mark, event.end_mark);
        let (node, anchor) = match event.data {
            EventData::Alias { anchor } => {
                let found = self.anchors.get(&anchor).cloned();
                let node =
                    found.ok_or_else(|| format!("yaml: unknown anchor '{anchor}' referenced"))?;
                self.nodes += size(&node);
                if self.nodes > MOST_NODES {
                    return Err("yaml: document contains excessive aliasing".to_owned());
                }
                (node, None)
            }
            EventData::Scalar { anchor, tag, mut value, plain_implicit, style, .. } => {
                if style == ScalarStyle::DoubleQuoted && value.contains('/') {
                    self.check_escapes(start, end)?;
                }
                let is_block = matches!(style, ScalarStyle::Literal | ScalarStyle::Folded);
                let is_behind = usize::try_from(end.index).is_ok_and(|at| at > self.text.len());
                if is_block && is_behind && value.ends_with('\n') {
                    // The line break that was added to the text.
                    value.pop();
                }
                let is_plain = style == ScalarStyle::Plain && plain_implicit;
                (Raw::Scalar { tag, value, is_plain }, anchor)
            }
            EventData::SequenceStart { anchor, .. } => {
                let mut items = Vec::new();
                loop {
                    let event = self.next()?;
                    if matches!(event.data, EventData::SequenceEnd) {
                        break;
                    }
                    items.push(self.node(event)?);
                }
                (Raw::List(items), anchor)
            }
            EventData::MappingStart { anchor, .. } => {
                let mut entries = Vec::new();
                loop {
                    let event = self.next()?;
                    if matches!(event.data, EventData::MappingEnd) {
                        break;
                    }
                    let key = self.node(event)?;
                    let event = self.next()?;
                    entries.push((key, self.node(event)?));
                }
                (Raw::Map(entries), anchor)
            }
            _ => (Raw::Scalar { tag: None, value: String::new(), is_plain: true }, None),
        };
        self.depth -= 1;
        if let Some(anchor) = anchor {
            self.anchors.insert(anchor, node.clone());
        }
        Ok(node)
    }

    /// go-yaml does not know the escape `\/`.
    fn check_escapes(&self, start: Mark, end: Mark) -> Result<(), String> {
        let place = |mark: Mark| usize::try_from(mark.index).unwrap_or(usize::MAX);
        let mut line = start.line;
        let mut is_escaped = false;
        for &b in self.text.get(place(start)..place(end)).unwrap_or_default() {
            match b {
                b'/' if is_escaped => {
                    let place =
                        if line == 0 { String::new() } else { format!("line {}: ", line + 1) };
                    return Err(format!("yaml: {place}found unknown escape character"));
                }
                b'\n' => line += 1,
                _ => {}
            }
            is_escaped = b == b'\\' && !is_escaped;
        }
        Ok(())
    }
}

fn decode(raw: Raw) -> Result<Node, String> {
    Ok(match raw {
        Raw::Scalar { tag, value, is_plain } => scalar(tag.as_deref(), value, is_plain)?,
        Raw::List(items) => Node::List(items.into_iter().map(decode).collect::<Result<_, _>>()?),
        Raw::Map(entries) => {
            let mut decoded = Vec::with_capacity(entries.len());
            for (key, value) in entries {
                let key = decode(key)?;
                if matches!(key, Node::List(_) | Node::Map(_)) {
                    return Err(format!("yaml: invalid map key: {}", go_syntax(&key, true)));
                }
                decoded.push((key, decode(value)?));
            }
            Node::Map(merged(decoded)?)
        }
    })
}

fn size(node: &Raw) -> usize {
    match node {
        Raw::Scalar { .. } => 1,
        Raw::List(items) => 1 + items.iter().map(size).sum::<usize>(),
        Raw::Map(entries) => 1 + entries.iter().map(|(k, v)| size(k) + size(v)).sum::<usize>(),
    }
}

fn scalar(tag: Option<&str>, value: String, is_plain: bool) -> Result<Node, String> {
    let core = tag.and_then(|tag| tag.strip_prefix("tag:yaml.org,2002:"));
    let meaning = match (tag, core) {
        (None | Some(""), _) if is_plain => {
            if value == "<<" {
                return Ok(Node::Merge);
            }
            resolve(&value, true)
        }
        (_, Some("null" | "bool" | "int" | "float" | "timestamp")) => {
            let found = resolve(&value, true);
            let fits = match (core, found) {
                (Some("null"), Meaning::Null)
                | (Some("bool"), Meaning::Bool(_))
                | (Some("int"), Meaning::Int(_) | Meaning::Uint(_))
                | (Some("float"), Meaning::Float(_))
                | (Some("timestamp"), Meaning::Timestamp) => Some(found),
                (Some("float"), Meaning::Int(int)) => Some(Meaning::Float(int as f64)),
                _ => None,
            };
            fits.ok_or_else(|| {
                let kind = core.unwrap_or_default();
                format!("yaml: cannot decode !!str `{value}` as a !!{kind}")
            })?
        }
        (_, Some("merge")) => return Ok(Node::Merge),
        (_, Some("binary")) => {
            let bytes = from_base64(value.as_bytes())
                .map_err(|_| "yaml: !!binary value contains invalid base64 data".to_owned())?;
            return Ok(Node::Scalar(Meaning::String, String::from_utf8_lossy(&bytes).into_owned()));
        }
        _ => Meaning::String,
    };
    Ok(Node::Scalar(meaning, value))
}

/// The entries with those of `<<` in its place: a later key wins, whoever has it.
fn merged(entries: Vec<(Node, Node)>) -> Result<Vec<(Node, Node)>, String> {
    const NEEDS_MAP: &str = "yaml: map merge requires map or sequence of maps as the value";
    let mut out = Vec::with_capacity(entries.len());
    for (key, value) in entries {
        match (key, value) {
            (Node::Merge, Node::Map(inner)) => out.extend(inner),
            (Node::Merge, Node::List(maps)) => {
                // The first map of a list wins.
                for map in maps.into_iter().rev() {
                    match map {
                        Node::Map(inner) => out.extend(inner),
                        _ => return Err(NEEDS_MAP.to_owned()),
                    }
                }
            }
            (Node::Merge, _) => return Err(NEEDS_MAP.to_owned()),
            entry => out.push(entry),
        }
    }
    Ok(out)
}

fn plain(node: Node) -> Result<Tree, String> {
    Ok(match node {
        Node::Merge => Tree::String(b"<<".to_vec()),
        Node::Scalar(meaning, text) => match meaning {
            Meaning::Null => Tree::Null,
            Meaning::Bool(value) => Tree::Bool(value),
            Meaning::Int(int) => Tree::Float(int as f64),
            Meaning::Uint(uint) => Tree::Float(uint as f64),
            // JSON has no such number.
            Meaning::Float(float) if !float.is_finite() => {
                return Err(format!("json: unsupported value: {}", shortest(float)));
            }
            Meaning::Float(float) => Tree::Float(float),
            Meaning::String | Meaning::Timestamp => Tree::String(text.into_bytes()),
        },
        Node::List(items) => Tree::List(items.into_iter().map(plain).collect::<Result<_, _>>()?),
        Node::Map(entries) => {
            let mut out = Vec::with_capacity(entries.len());
            for (key, value) in entries {
                out.push((key_text(key, &value)?, plain(value)?));
            }
            Tree::map(out)
        }
    })
}

fn key_text(key: Node, value: &Node) -> Result<Vec<u8>, String> {
    Ok(match key {
        Node::Merge => b"<<".to_vec(),
        Node::Scalar(meaning, text) => match meaning {
            Meaning::String | Meaning::Timestamp => text.into_bytes(),
            Meaning::Bool(value) => value.to_string().into_bytes(),
            Meaning::Int(int) => int.to_string().into_bytes(),
            Meaning::Uint(uint) => uint.to_string().into_bytes(),
            // Floats as keys have the digits of 32 bits.
            Meaning::Float(float) => short_key(float).into_bytes(),
            Meaning::Null => {
                return Err(format!(
                    "unsupported map key of type: %!s(<nil>), key: <nil>, value: {}",
                    go_syntax(value, true)
                ));
            }
        },
        Node::List(_) | Node::Map(_) => return Err("yaml: invalid map key".to_owned()),
    })
}

/// A node as `%#v` prints it.
fn go_syntax(node: &Node, is_outermost: bool) -> String {
    let list = |parts: Vec<String>| parts.join(", ");
    match node {
        Node::Merge => "\"<<\"".to_owned(),
        Node::Scalar(meaning, text) => match meaning {
            Meaning::Null if is_outermost => "<nil>".to_owned(),
            Meaning::Null => "interface {}(nil)".to_owned(),
            Meaning::Bool(value) => value.to_string(),
            Meaning::Int(int) => int.to_string(),
            Meaning::Uint(uint) => format!("{uint:#x}"),
            Meaning::Float(float) if float.is_finite() => crate::json::float_text(*float),
            Meaning::Float(float) => shortest(*float),
            Meaning::String | Meaning::Timestamp => {
                String::from_utf8_lossy(&crate::text::go_quoted(text.as_bytes())).into_owned()
            }
        },
        Node::List(items) => {
            let items = items.iter().map(|item| go_syntax(item, false)).collect();
            format!("[]interface {{}}{{{}}}", list(items))
        }
        Node::Map(entries) => {
            let entries = entries
                .iter()
                .map(|(key, value)| {
                    format!("{}:{}", go_syntax(key, false), go_syntax(value, false))
                })
                .collect();
            format!("map[interface {{}}]interface {{}}{{{}}}", list(entries))
        }
    }
}

fn short_key(float: f64) -> String {
    match shortest(float).as_str() {
        "+Inf" => ".inf".to_owned(),
        "-Inf" => "-.inf".to_owned(),
        "NaN" => ".nan".to_owned(),
        other => other.to_owned(),
    }
}

/// The line of an error as go-yaml words it.
fn go_error(error: &libyaml_safer::Error) -> String {
    use libyaml_safer::ErrorKind;

    let line = |mark: Option<libyaml_safer::Mark>| mark.map_or(0, |mark| mark.line);
    let mut place = line(error.problem_mark());
    if place != 0 {
        place += u64::from(error.kind() == ErrorKind::Scanner);
    } else {
        place = line(error.context_mark());
    }
    let problem = error.problem();
    if place == 0 { format!("yaml: {problem}") } else { format!("yaml: line {place}: {problem}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_floats_and_keys_strings() {
        let text = "n: 5\na: 0x10\nl: [1, yes, ~]\nb: &b {x: 1}\nc: {<<: *b, y: 2}\n";
        let Tree::Map(entries) = read(text.as_bytes()).unwrap() else { panic!("no map") };
        let get = |key: &str| &entries.iter().find(|(own, _)| own == key.as_bytes()).unwrap().1;
        assert_eq!(*get("false"), Tree::Float(5.0));
        assert_eq!(*get("a"), Tree::Float(16.0));
        assert_eq!(*get("l"), Tree::List(vec![Tree::Float(1.0), Tree::Bool(true), Tree::Null]));
        assert!(matches!(get("c"), Tree::Map(entries) if entries.len() == 2));
    }

    #[test]
    fn a_block_scalar_ends_without_a_line_break() {
        for (text, value) in [
            ("|\n  x", "x"),
            (">-\n  x", "x"),
            ("|+\n  x\n\n", "x\n\n"),
            ("|\n  x\n ", "x\n"),
            ("|\n  é", "é"),
        ] {
            assert_eq!(read(text.as_bytes()).unwrap(), Tree::String(value.into()), "{text:?}");
        }
        assert!(read(b"[!tag, x]").is_err());
    }

    #[test]
    fn errors_are_in_go_yaml_words() {
        for (text, error) in [
            ("a: b: c", "yaml: mapping values are not allowed in this context"),
            ("[a\nb: c", "yaml: line 1: did not find expected ',' or ']'"),
            ("%YAML 1.2\n---\na", "yaml: found incompatible YAML document"),
        ] {
            assert_eq!(read(text.as_bytes()).unwrap_err(), error);
        }
    }
}

//! Nodes ↔ the engine's values, and values as text.

use minijinja::value::{Value, ValueKind};
use minijinja::{Error, ErrorKind, Output};

use super::bounds;
use super::token::Token;
use crate::placeholders::conf;
use jinnacle_syntax::source::Span;
use jinnacle_syntax::yaml::{Kind, Map, Node, emit};

/// A node as templates see it: integers exact, order kept.
pub fn to_value(node: &Node) -> Value {
    match &node.kind {
        Kind::Null => Value::from(()),
        Kind::Bool(value) => Value::from(*value),
        Kind::Int(value) => i64::try_from(*value).map_or_else(|_| Value::from(*value), Value::from),
        Kind::Float(value) => Value::from(*value),
        Kind::Text(text) => Value::from(text.as_str()),
        Kind::List(list) => list.iter().map(to_value).collect(),
        Kind::Map(map) => Value::from_pairs(map.iter().map(|(key, value)| (key, to_value(value)))),
    }
}

/// A template's value as a node at a place, or why it is none.
pub fn from_value(value: &Value, span: &Span) -> Result<Node, Error> {
    node(value, span, &mut 0)
}

/// The same, and adds to `size` what the node holds: bytes of strings, and each node as one.
pub fn node(value: &Value, span: &Span, size: &mut usize) -> Result<Node, Error> {
    Walk { span, size, nodes: 0 }.node(value, 0)
}

/// A walk through a value, which a template may have made as large and deep as it likes.
struct Walk<'a> {
    span: &'a Span,
    size: &'a mut usize,
    nodes: usize,
}

impl Walk<'_> {
    fn node(&mut self, value: &Value, depth: usize) -> Result<Node, Error> {
        self.nodes += 1;
        *self.size += 1 + value.as_str().map_or(0, str::len);
        if depth > bounds::DEPTH {
            let message = format!("more than {} lists and maps within each other", bounds::DEPTH);
            return Err(bounds::exceeded(message));
        }
        if self.nodes > bounds::NODES || *self.size > bounds::PRINTED {
            return Err(bounds::exceeded("the value is too large to be written"));
        }
        let kind = match value.kind() {
            ValueKind::Undefined => return Err(wrong("an entry of the value is undefined")),
            ValueKind::None => Kind::Null,
            ValueKind::Bool => Kind::Bool(value.is_true()),
            ValueKind::Number => number(value).map_err(wrong)?,
            ValueKind::String => Kind::Text(value.as_str().unwrap_or_default().to_owned()),
            ValueKind::Seq | ValueKind::Iterable => Kind::List(
                value
                    .try_iter()?
                    .map(|entry| self.node(&entry, depth + 1))
                    .collect::<Result<_, _>>()?,
            ),
            ValueKind::Map => {
                let mut map = Map::new();
                for key in value.try_iter()? {
                    let entry = value.get_item(&key)?;
                    let key = match key.as_str() {
                        Some(key) => key.to_owned(),
                        None => text(&key).map_err(|_| wrong("a key must be a string"))?,
                    };
                    map.insert(key, self.span.clone(), self.node(&entry, depth + 1)?);
                }
                Kind::Map(map)
            }
            kind => match Token::of(value) {
                Some(word) => return Ok(conf::token(word)),
                None => return Err(wrong(format!("{} cannot be printed", article(kind)))),
            },
        };
        Ok(Node::new(kind, self.span.clone()))
    }
}

fn wrong(message: impl Into<String>) -> Error {
    Error::new(ErrorKind::InvalidOperation, message.into())
}

fn number(value: &Value) -> Result<Kind, String> {
    if value.is_integer() {
        return i128::try_from(value.clone())
            .map(Kind::Int)
            .map_err(|_| "the integer is too large".to_owned());
    }
    match f64::try_from(value.clone()) {
        Ok(float) if float.is_finite() => Ok(Kind::Float(float)),
        _ => Err("infinity and not-a-number cannot be printed".to_owned()),
    }
}

/// A value as `{{ }}` prints it in a string.
pub fn text(value: &Value) -> Result<String, Error> {
    let kind = match value.kind() {
        ValueKind::String => return Ok(value.as_str().unwrap_or_default().to_owned()),
        ValueKind::Undefined => return Err(ErrorKind::UndefinedError.into()),
        ValueKind::Bool => Kind::Bool(value.is_true()),
        ValueKind::Number => {
            number(value).map_err(|message| Error::new(ErrorKind::InvalidOperation, message))?
        }
        kind => {
            if let Some(word) = Token::of(value) {
                return Ok(word.to_owned());
            }
            let message = format!("{} cannot be printed as text", article(kind));
            return Err(Error::new(ErrorKind::InvalidOperation, message));
        }
    };
    Ok(emit::word(&kind).unwrap_or_default())
}

/// Writes a value as text.
pub fn write_text(out: &mut Output, value: &Value) -> Result<(), Error> {
    match value.as_str() {
        Some(text) => out.write_str(text).map_err(Error::from),
        None => out.write_str(&text(value)?).map_err(Error::from),
    }
}

fn article(kind: ValueKind) -> &'static str {
    match kind {
        ValueKind::None => "null",
        ValueKind::Map => "a map",
        ValueKind::Seq | ValueKind::Iterable => "a list",
        ValueKind::Bytes => "a value of bytes",
        _ => "a function or a template",
    }
}

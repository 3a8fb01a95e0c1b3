//! Nodes as JSON: what schemas judge and what `tojson` prints.

pub mod emit;

use serde_json::{Map as Object, Number, Value};

use crate::source::Span;
use crate::yaml::{Kind, Map, Node};

/// The JSON value of a node. An integer beyond 64 bits becomes the nearest float, as JSON readers have it.
pub fn to_json(node: &Node) -> Value {
    match &node.kind {
        Kind::Null => Value::Null,
        Kind::Bool(value) => Value::Bool(*value),
        Kind::Int(value) => integer(*value),
        Kind::Float(value) => Number::from_f64(*value).map_or(Value::Null, Value::Number),
        Kind::Text(text) => Value::String(text.clone()),
        Kind::List(list) => Value::Array(list.iter().map(to_json).collect()),
        Kind::Map(map) => Value::Object(
            map.iter()
                .map(|(key, value)| (key.to_owned(), to_json(value)))
                .collect::<Object<_, _>>(),
        ),
    }
}

/// The node of a JSON value, all of it at one place.
pub fn from_json(value: &Value, span: &Span) -> Node {
    let kind = match value {
        Value::Null => Kind::Null,
        Value::Bool(value) => Kind::Bool(*value),
        Value::Number(number) => match number.as_i128() {
            Some(value) => Kind::Int(value),
            None => Kind::Float(number.as_f64().unwrap_or_default()),
        },
        Value::String(text) => Kind::Text(text.clone()),
        Value::Array(list) => Kind::List(list.iter().map(|value| from_json(value, span)).collect()),
        Value::Object(entries) => {
            let mut map = Map::new();
            for (key, value) in entries {
                map.insert(key.as_str(), span.clone(), from_json(value, span));
            }
            Kind::Map(map)
        }
    };
    Node::new(kind, span.clone())
}

fn integer(value: i128) -> Value {
    if let Ok(value) = i64::try_from(value) {
        Value::from(value)
    } else if let Ok(value) = u64::try_from(value) {
        Value::from(value)
    } else {
        Value::from(value as f64)
    }
}

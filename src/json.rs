//! Nodes as JSON: what schemas judge and what `tojson` prints.

use serde_json::{Map as Object, Number, Value};

use crate::yaml::{Kind, Node};

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

fn integer(value: i128) -> Value {
    if let Ok(value) = i64::try_from(value) {
        Value::from(value)
    } else if let Ok(value) = u64::try_from(value) {
        Value::from(value)
    } else {
        Value::from(value as f64)
    }
}

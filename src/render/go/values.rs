//! Values as Go templates see them: numbers of files are floats, and each value knows where it was written.

use bumpalo::Bump;
use go_template::Value;
use go_template::value::{Item, LIST, List, Map, Origin};

use crate::source::Span;
use crate::yaml::{Kind, Node};

/// Where values were written, by the number that the engine keeps beside each.
#[derive(Default)]
pub struct Origins<'v>(Vec<&'v Span>);

impl<'v> Origins<'v> {
    /// The place of a value, if it is known.
    pub fn span(&self, origin: Origin) -> Option<&'v Span> {
        self.0.get(usize::try_from(origin.0).ok()?).copied()
    }

    fn add(&mut self, span: &'v Span) -> Origin {
        let Ok(number) = u32::try_from(self.0.len()) else { return Origin::NONE };
        self.0.push(span);
        Origin(number)
    }
}

/// A node as a value of Go, in the arena of a run.
pub fn value<'a>(node: &'a Node, arena: &'a Bump, origins: &mut Origins<'a>) -> Value<'a> {
    match &node.kind {
        Kind::Null => Value::Nil,
        Kind::Bool(value) => Value::Bool(*value),
        Kind::Int(number) => integer(*number, &node.span),
        Kind::Float(number) => Value::Float(*number),
        Kind::Text(text) => Value::str(text),
        Kind::List(list) => {
            let items: Vec<Item<'a>> = list
                .iter()
                .map(|node| {
                    let origin = origins.add(&node.span);
                    Item { origin, ..value(node, arena, origins).into() }
                })
                .collect();
            Value::List(List::new(arena, &LIST, arena.alloc_slice_clone(&items)))
        }
        Kind::Map(entries) => {
            let mut entries: Vec<(&str, &Node)> = entries.iter().collect();
            entries.sort_unstable_by_key(|(key, _)| *key);
            let map = Map::with_capacity(arena, entries.len());
            for (key, node) in entries {
                let origin = origins.add(&node.span);
                map.insert_from(key.as_bytes(), value(node, arena, origins), origin);
            }
            Value::map(map)
        }
    }
}

/// Helm reads files and `--set-json` as JSON, whose numbers are floats; `--set` has integers (its strvals package).
#[allow(clippy::cast_precision_loss)] // as Go's reader of JSON
fn integer<'a>(number: i128, span: &Span) -> Value<'a> {
    match i64::try_from(number) {
        Ok(number) if span.source().name() == "--set" => Value::int64(number),
        _ => Value::Float(number as f64),
    }
}

//! Merging of maps as mergo does it: into the first map itself, sharing what it takes.

use std::ptr;

use go_template::Value;
use go_template::value::Map;

use crate::cast::is_empty;

/// Merges a map into another. Without overwriting, only what is missing or empty is taken.
pub fn merge<'a>(into: &'a Map<'a>, from: &'a Map<'a>, overwrite: bool) {
    merge_at(into, from, overwrite, 0);
}

/// Maps that are nested deeper hold themselves.
const DEEPEST: u32 = 1000;

fn merge_at<'a>(into: &'a Map<'a>, from: &'a Map<'a>, overwrite: bool, depth: u32) {
    if ptr::eq(into, from) || depth > DEEPEST {
        return;
    }
    let entries: Vec<_> = from.iter().collect();
    for entry in entries {
        let own = into.peek(entry.key);
        if is_nil(entry.value) {
            if overwrite {
                into.insert_from(entry.key, entry.value, entry.origin);
            }
            continue;
        }
        if let (Some(Value::Map(own, _)), Value::Map(other, _)) =
            (own.map(|own| own.value), entry.value)
        {
            if !own.is_nil() {
                merge_at(own, other, overwrite, depth + 1);
            }
            if !own.is_empty() {
                continue;
            }
        }
        if overwrite || own.is_none_or(|own| is_empty(own.value)) {
            into.insert_from(entry.key, entry.value, entry.origin);
        }
    }
}

fn is_nil(value: Value) -> bool {
    matches!(value, Value::Nil)
}

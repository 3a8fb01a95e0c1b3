//! Paths of values, such as `a.b[0].c`, and where they lead in a schema.

use serde_json::Value;

/// How deep alternatives are looked through; a chart's own schema may have itself for one.
const MAX_ALTERNATIVES: usize = 4;

/// `a.b[0].c\.d` in parts: `a`, `b`, `[0]`, `c.d`.
pub fn keys(path: &str) -> Vec<String> {
    let mut keys = vec![String::new()];
    let mut letters = path.chars();
    while let Some(letter) = letters.next() {
        let last = keys.last_mut().expect("there is always a last key");
        match letter {
            '.' => keys.push(String::new()),
            '[' => keys.push("[".to_owned()),
            '\\' => last.extend(letters.next()),
            letter => last.push(letter),
        }
    }
    keys.retain(|key| !key.is_empty());
    keys
}

/// The number between brackets; `[]` means any entry.
pub fn index(key: &str) -> Option<Option<usize>> {
    let inside = key.strip_prefix('[')?.strip_suffix(']')?;
    Some(if inside.is_empty() { Some(0) } else { inside.parse().ok() })
}

/// What a schema says of a key or an entry.
pub fn step<'s>(schema: &'s Value, at: &'s Value, key: &str) -> Option<&'s Value> {
    step_within(schema, at, key, MAX_ALTERNATIVES)
}

fn step_within<'s>(schema: &'s Value, at: &'s Value, key: &str, depth: usize) -> Option<&'s Value> {
    if index(key).is_some() {
        return at.get("items");
    }
    at.get("properties")
        .and_then(|properties| properties.get(key))
        .or_else(|| at.get("additionalProperties").filter(|below| below.is_object()))
        .or_else(|| {
            let depth = depth.checked_sub(1)?;
            alternatives(at).find_map(|one| step_within(schema, resolved(schema, one), key, depth))
        })
}

/// The schemas that together or one of them make up a schema.
pub fn alternatives(at: &Value) -> impl Iterator<Item = &Value> {
    let words = ["anyOf", "oneOf", "allOf"].into_iter();
    words.filter_map(|word| at.get(word)?.as_array()).flatten()
}

/// The keys that a schema names, in its order.
pub fn properties(at: &Value) -> Vec<&str> {
    let properties = at.get("properties").and_then(Value::as_object);
    properties.into_iter().flat_map(|map| map.keys().map(String::as_str)).collect()
}

/// What a reference inside of a schema means.
pub fn resolved<'s>(schema: &'s Value, at: &'s Value) -> &'s Value {
    let mut at = at;
    // A chart's own schema may refer in circles.
    for _ in 0..64 {
        let pointer =
            at.get("$ref").and_then(Value::as_str).and_then(|name| name.strip_prefix('#'));
        match pointer.and_then(|pointer| schema.pointer(pointer)) {
            Some(next) => at = next,
            None => break,
        }
    }
    at
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_schema_may_refer_to_itself() {
        let schema = json!({
            "anyOf": [{"$ref": "#"}, {"properties": {"a": {"$ref": "#/anyOf/1/properties/a"}}}],
        });
        assert!(step(&schema, &schema, "a").is_some_and(|at| resolved(&schema, at) == at));
        assert_eq!(step(&schema, &schema, "b"), None);
    }
}

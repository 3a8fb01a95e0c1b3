//! Maps. Each function gives a new one, in the order of the first.

use minijinja::value::{Kwargs, Rest, Value, ValueKind, ValueOrKwargs};
use minijinja::{Error, ErrorKind};

use super::arguments::{Entries, article, check_depth, entries, text, wrong};

/// Keys and values by turns; Jinja's way works as well: `dict(map, key=value)`.
pub fn dict(values: Rest<ValueOrKwargs>) -> Result<Value, Error> {
    let values: Vec<Value> = values.0.into_iter().map(Value::from).collect();
    let mut made = Entries::new();
    let mut values = values.as_slice();
    if let Some((named, before)) = values.split_last().filter(|(last, _)| last.is_kwargs()) {
        let named = Kwargs::try_from(named.clone())?;
        for key in named.args() {
            made.insert(key.to_owned(), named.get(key)?);
        }
        values = before;
    }
    if let [map] = values
        && map.kind() == ValueKind::Map
    {
        let mut all = entries(map)?;
        all.extend(made);
        return Ok(Value::from_pairs(all));
    }
    let mut all = Entries::new();
    for pair in values.chunks(2) {
        all.insert(text(&pair[0])?, pair.get(1).cloned().unwrap_or(Value::from("")));
    }
    all.extend(made);
    Ok(Value::from_pairs(all))
}

/// The value of a key; without one, an empty string.
pub fn get(map: &Value, key: &str) -> Result<Value, Error> {
    Ok(entries(map)?.swap_remove(key).unwrap_or(Value::from("")))
}

/// The map with a key set.
pub fn set(map: &Value, key: String, value: Value) -> Result<Value, Error> {
    let mut entries = entries(map)?;
    entries.insert(key, value);
    Ok(Value::from_pairs(entries))
}

/// The map without a key.
pub fn unset(map: &Value, key: &str) -> Result<Value, Error> {
    let mut entries = entries(map)?;
    entries.shift_remove(key);
    Ok(Value::from_pairs(entries))
}

/// Whether a map has a key.
pub fn has_key(map: &Value, key: &str) -> Result<bool, Error> {
    Ok(entries(map)?.contains_key(key))
}

/// The values that a key has in some maps.
pub fn pluck(key: &str, maps: &[Value]) -> Result<Vec<Value>, Error> {
    let mut found = Vec::new();
    for map in maps {
        found.extend(entries(map)?.swap_remove(key));
    }
    Ok(found)
}

/// The keys of some maps.
pub fn keys(maps: &[Value]) -> Result<Vec<String>, Error> {
    let mut keys = Vec::new();
    for map in maps {
        keys.extend(entries(map)?.into_keys());
    }
    Ok(keys)
}

/// The values of a map.
pub fn values(map: &Value) -> Result<Vec<Value>, Error> {
    Ok(entries(map)?.into_values().collect())
}

/// A map of some of the keys.
pub fn pick(map: &Value, keys: &[Value]) -> Result<Value, Error> {
    Ok(Value::from_pairs(entries(map)?.into_iter().filter(|(key, _)| named(keys, key))))
}

/// A map without some of the keys.
pub fn omit(map: &Value, keys: &[Value]) -> Result<Value, Error> {
    Ok(Value::from_pairs(entries(map)?.into_iter().filter(|(key, _)| !named(keys, key))))
}

fn named(keys: &[Value], key: &str) -> bool {
    keys.iter().any(|name| name.as_str() == Some(key))
}

/// All maps in one, maps in them likewise; the first that has more than emptiness to say wins.
pub fn merge(map: &Value, others: &[Value]) -> Result<Value, Error> {
    others.iter().try_fold(map.clone(), |map, other| merged(&map, other, Winner::First, 0))
}

/// The same, and the last wins.
pub fn merge_overwrite(map: &Value, others: &[Value]) -> Result<Value, Error> {
    others.iter().try_fold(map.clone(), |map, other| merged(&map, other, Winner::Last, 0))
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Winner {
    First,
    Last,
}

fn merged(below: &Value, above: &Value, winner: Winner, depth: usize) -> Result<Value, Error> {
    check_depth(depth)?;
    let mut all = entries(below)?;
    for (key, value) in entries(above)? {
        match all.get_mut(&key) {
            Some(known) if known.kind() == ValueKind::Map && value.kind() == ValueKind::Map => {
                *known = merged(known, &value, winner, depth + 1)?;
            }
            Some(known) => {
                if winner == Winner::Last || !known.is_true() {
                    *known = value;
                }
            }
            None => {
                all.insert(key, value);
            }
        }
    }
    Ok(Value::from_pairs(all))
}

/// The value itself: values never change.
pub fn deep_copy(value: Value) -> Value {
    value
}

/// The value below keys, else a default: `dig("a", "b", default, map)`.
pub fn dig(args: &[Value]) -> Result<Value, Error> {
    let [keys @ .., default, map] = args else { return Err(ErrorKind::MissingArgument.into()) };
    let mut value = map.clone();
    for key in keys {
        let key = key.as_str().ok_or_else(|| wrong("a key must be a string"))?;
        match value.kind() {
            ValueKind::Map => value = value.get_attr(key)?,
            ValueKind::None => return Ok(default.clone()),
            other => {
                return Err(wrong(format!("`{key}`: expected a map, found {}", article(other))));
            }
        }
        if value.is_undefined() {
            return Ok(default.clone());
        }
    }
    Ok(value)
}

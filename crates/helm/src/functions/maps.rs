//! Maps. Those that are given are changed in place, as in Go.

use go_template::value::Map;

use super::*;
use crate::cast;
use crate::merge::merge;

pub static TABLE: &[Function] = &[
    Function::variadic("dict", &[A], |rt, a| {
        let map = rt.new_map();
        for pair in a.chunks(2) {
            let key = match pair[0] {
                Value::Str(text) => text,
                other => rt.copy(cast::text(other)?),
            };
            map.insert(key, pair.get(1).copied().unwrap_or(Value::Str(b"")));
        }
        Ok(Value::map(map))
    }),
    Function::new("get", &[M, S], |_, a| {
        Ok(map(a[0]).and_then(|map| map.get(a[1].text())).unwrap_or(Value::Str(b"")))
    }),
    Function::new("set", &[M, S, A], |_, a| {
        if let Some(map) = map(a[0]) {
            map.set(a[1].text(), a[2])?;
        }
        Ok(a[0])
    }),
    Function::new("unset", &[M, S], |_, a| {
        if let Some(map) = map(a[0]) {
            map.remove(a[1].text());
        }
        Ok(a[0])
    }),
    Function::new("hasKey", &[M, S], |_, a| {
        bool(map(a[0]).is_some_and(|map| map.contains(a[1].text())))
    }),
    Function::variadic("pluck", &[S, M], |rt, a| {
        let key = a[0].text();
        Ok(rt.list(a[1..].iter().filter_map(|other| map(*other)?.get(key)).collect::<Vec<_>>()))
    }),
    Function::variadic("keys", &[M], |rt, a| {
        let keys: Vec<&[u8]> = a
            .iter()
            .filter_map(|other| map(*other))
            .flat_map(|map| map.iter().map(|entry| entry.key))
            .collect();
        Ok(rt.typed_list(&go_template::value::STRINGS, keys.into_iter().map(Value::Str)))
    }),
    Function::variadic("pick", &[M, S], |rt, a| {
        let out = rt.new_map();
        for key in &a[1..] {
            if let Some(entry) = map(a[0]).and_then(|map| map.read(key.text())) {
                out.insert_from(entry.key, entry.value, entry.origin);
            }
        }
        Ok(Value::map(out))
    }),
    Function::variadic("omit", &[M, S], |rt, a| {
        let out = rt.new_map();
        let omitted = |key: &[u8]| a[1..].iter().any(|other| other.text() == key);
        for entry in map(a[0]).into_iter().flat_map(|map| map.iter()) {
            if !omitted(entry.key) {
                out.insert_from(entry.key, entry.value, entry.origin);
            }
        }
        Ok(Value::map(out))
    }),
    Function::new("values", &[M], |rt, a| {
        Ok(rt.list(
            map(a[0])
                .into_iter()
                .flat_map(|map| map.iter().map(|entry| entry.value))
                .collect::<Vec<_>>(),
        ))
    }),
    Function::variadic("merge", &[M, M], |rt, a| merged(rt, a, false)),
    Function::variadic("mustMerge", &[M, M], |rt, a| merged(rt, a, false)),
    Function::variadic("mergeOverwrite", &[M, M], |rt, a| merged(rt, a, true)),
    Function::variadic("mustMergeOverwrite", &[M, M], |rt, a| merged(rt, a, true)),
    Function::variadic("dig", &[A], |_, a| dig(a)),
    Function::new("deepCopy", &[A], copied),
    Function::new("mustDeepCopy", &[A], copied),
];

fn map<'a>(value: Value<'a>) -> Option<&'a Map<'a>> {
    value.as_map()
}

fn merged<'a>(rt: &Runtime<'a>, a: &[Value<'a>], overwrite: bool) -> Answer<'a> {
    let Some(mut into) = map(a[0]) else { return Ok(a[0]) };
    for from in a[1..].iter().filter_map(|from| map(*from)) {
        if into.is_nil() && !from.is_nil() {
            into = rt.new_map();
        }
        merge(into, from, overwrite);
    }
    Ok(Value::map(into))
}

/// `dig "a" "b" default map`.
fn dig<'a>(a: &[Value<'a>]) -> Answer<'a> {
    let [keys @ .., default, start] = a else {
        return Err("dig needs at least three arguments".into());
    };
    if keys.is_empty() {
        return Err("dig needs at least three arguments".into());
    }
    let mut current = plain_map(*start)?;
    let keys = keys
        .iter()
        .map(|key| key.as_bytes().ok_or_else(|| conversion(*key, "string")))
        .collect::<Result<Vec<_>, _>>()?;
    for (index, key) in keys.iter().enumerate() {
        let Some(step) = current.get(key) else { return Ok(*default) };
        if index + 1 == keys.len() {
            return Ok(step);
        }
        current = plain_map(step)?;
    }
    Ok(*default)
}

/// The map of a value whose type is `map[string]interface {}` and no other.
fn plain_map<'a>(value: Value<'a>) -> Result<&'a Map<'a>, Fault> {
    match value {
        Value::Map(map, ty) if ty.name == go_template::value::MAP.name => Ok(map),
        other => Err(conversion(other, go_template::value::MAP.name)),
    }
}

fn conversion(value: Value, wanted: &str) -> Fault {
    let found = if matches!(value, Value::Nil) { "nil" } else { value.type_name() };
    Fault::Message(format!("interface conversion: interface {{}} is {found}, not {wanted}"))
}

/// A value that is nested deeper holds itself.
const DEEPEST: u32 = 1000;

fn copied<'a>(rt: &mut Runtime<'a>, a: &[Value<'a>]) -> Answer<'a> {
    match a[0] {
        Value::Nil => Err("reflect: call of reflect.Value.Type on zero Value".into()),
        value => deep_copy(rt, value, 0),
    }
}

fn deep_copy<'a>(rt: &mut Runtime<'a>, value: Value<'a>, depth: u32) -> Answer<'a> {
    rt.charge(1)?;
    if depth > DEEPEST {
        return Err(Fault::Limit(go_template::Limit::Depth));
    }
    Ok(match value {
        Value::Map(map, ty) if !map.is_nil() => {
            let copy = Map::with_capacity(rt.arena(), map.len());
            for entry in map.iter() {
                copy.insert_from(entry.key, deep_copy(rt, entry.value, depth + 1)?, entry.origin);
            }
            Value::Map(copy, ty)
        }
        Value::List(list) if !list.is_nil => {
            let values = list
                .values()
                .map(|item| deep_copy(rt, item, depth + 1))
                .collect::<Result<Vec<_>, _>>()?;
            rt.typed_list(list.ty, values)
        }
        other => other,
    })
}

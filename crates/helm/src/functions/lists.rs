//! Lists. A list never changes: what adds to it makes another.

use go_template::value::{Kind, LISTS, List};

use super::*;
use crate::cast::{is_empty, to_int};
use crate::encode::nil_list;
use crate::equal::deep_equal;

pub static TABLE: &[Function] = &[
    Function::variadic("list", &[A], |rt, a| Ok(rt.list(a.iter().copied()))),
    Function::variadic("tuple", &[A], |rt, a| Ok(rt.list(a.iter().copied()))),
    Function::new("append", &[A, A], append),
    Function::new("push", &[A, A], append),
    Function::new("mustAppend", &[A, A], append),
    Function::new("mustPush", &[A, A], append),
    Function::new("prepend", &[A, A], prepend),
    Function::new("mustPrepend", &[A, A], prepend),
    Function::new("first", &[A], first),
    Function::new("mustFirst", &[A], first),
    Function::new("last", &[A], last),
    Function::new("mustLast", &[A], last),
    Function::new("rest", &[A], rest),
    Function::new("mustRest", &[A], rest),
    Function::new("initial", &[A], initial),
    Function::new("mustInitial", &[A], initial),
    Function::new("reverse", &[A], reverse),
    Function::new("mustReverse", &[A], reverse),
    Function::new("compact", &[A], compact),
    Function::new("mustCompact", &[A], compact),
    Function::new("uniq", &[A], uniq),
    Function::new("mustUniq", &[A], uniq),
    Function::variadic("without", &[A, A], without),
    Function::variadic("mustWithout", &[A, A], without),
    Function::new("has", &[A, A], has),
    Function::new("mustHas", &[A, A], has),
    Function::variadic("slice", &[A, A], slice),
    Function::variadic("mustSlice", &[A, A], slice),
    Function::variadic("concat", &[A], concat),
    Function::new("chunk", &[I, A], chunk),
    Function::new("mustChunk", &[I, A], chunk),
];

/// The elements of a list; of anything else the error that `problem` begins.
fn items<'a>(value: Value<'a>, problem: &str) -> Result<Vec<Value<'a>>, Fault> {
    match value {
        Value::List(list) => Ok(list.values().collect()),
        Value::Bytes(bytes) => Ok(bytes
            .iter()
            .map(|b| Value::Uint(u64::from(*b), go_template::value::UintType::Uint8))
            .collect()),
        Value::Nil => Err(NIL_POINTER.into()),
        other => Err(message(format!("{problem} {}", other.kind().name()))),
    }
}

fn append<'a>(rt: &mut Runtime<'a>, a: &[Value<'a>]) -> Answer<'a> {
    let mut all = items(a[0], "Cannot push on type")?;
    rt.charge(all.len() as u64)?;
    all.push(a[1]);
    Ok(rt.list(all))
}

fn prepend<'a>(rt: &mut Runtime<'a>, a: &[Value<'a>]) -> Answer<'a> {
    let mut all = items(a[0], "Cannot prepend on type")?;
    rt.charge(all.len() as u64)?;
    all.insert(0, a[1]);
    Ok(rt.list(all))
}

fn first<'a>(_: &mut Runtime<'a>, a: &[Value<'a>]) -> Answer<'a> {
    Ok(items(a[0], "Cannot find first on type")?.first().copied().unwrap_or(Value::Nil))
}

fn last<'a>(_: &mut Runtime<'a>, a: &[Value<'a>]) -> Answer<'a> {
    Ok(items(a[0], "Cannot find last on type")?.last().copied().unwrap_or(Value::Nil))
}

fn rest<'a>(rt: &mut Runtime<'a>, a: &[Value<'a>]) -> Answer<'a> {
    match items(a[0], "Cannot find rest on type")?.split_first() {
        Some((_, rest)) => Ok(rt.list(rest.iter().copied())),
        None => Ok(nil_list(rt)),
    }
}

fn initial<'a>(rt: &mut Runtime<'a>, a: &[Value<'a>]) -> Answer<'a> {
    match items(a[0], "Cannot find initial on type")?.split_last() {
        Some((_, rest)) => Ok(rt.list(rest.iter().copied())),
        None => Ok(nil_list(rt)),
    }
}

fn reverse<'a>(rt: &mut Runtime<'a>, a: &[Value<'a>]) -> Answer<'a> {
    let mut all = items(a[0], "Cannot find reverse on type")?;
    all.reverse();
    Ok(rt.list(all))
}

fn compact<'a>(rt: &mut Runtime<'a>, a: &[Value<'a>]) -> Answer<'a> {
    let all = items(a[0], "Cannot compact on type")?;
    Ok(rt.list(all.into_iter().filter(|item| !is_empty(*item))))
}

fn uniq<'a>(rt: &mut Runtime<'a>, a: &[Value<'a>]) -> Answer<'a> {
    let mut out: Vec<Value<'a>> = Vec::new();
    for item in items(a[0], "Cannot find uniq on type")? {
        rt.charge(out.len() as u64)?;
        if !out.iter().any(|other| deep_equal(item, *other)) {
            out.push(item);
        }
    }
    Ok(rt.list(out))
}

fn without<'a>(rt: &mut Runtime<'a>, a: &[Value<'a>]) -> Answer<'a> {
    let all = items(a[0], "Cannot find without on type")?;
    rt.charge((all.len() * a.len()) as u64)?;
    Ok(rt
        .list(all.into_iter().filter(|item| !a[1..].iter().any(|other| deep_equal(*other, *item)))))
}

fn has<'a>(_: &mut Runtime<'a>, a: &[Value<'a>]) -> Answer<'a> {
    if matches!(a[1], Value::Nil) {
        return bool(false);
    }
    bool(items(a[1], "Cannot find has on type")?.iter().any(|item| deep_equal(a[0], *item)))
}

fn slice<'a>(rt: &mut Runtime<'a>, a: &[Value<'a>]) -> Answer<'a> {
    let all = items(a[0], "list should be type of slice or array but")?;
    if all.is_empty() {
        return Ok(Value::Nil);
    }
    let index = |at: usize, otherwise: usize| match a.get(at) {
        None => Ok(otherwise),
        Some(value) => usize::try_from(to_int(*value)).map_err(|_| OUT_OF_BOUNDS),
    };
    let (start, end) = (index(1, 0)?, index(2, all.len())?);
    let part = all.get(start..end).ok_or(OUT_OF_BOUNDS)?;
    Ok(match a[0] {
        Value::Bytes(bytes) => Value::Bytes(&bytes[start..end]),
        Value::List(list) => rt.typed_list(list.ty, part.iter().copied()),
        _ => Value::Nil,
    })
}

const OUT_OF_BOUNDS: &str = "reflect.Value.Slice: slice index out of bounds";

fn concat<'a>(rt: &mut Runtime<'a>, a: &[Value<'a>]) -> Answer<'a> {
    let mut all = Vec::new();
    for list in a {
        if !matches!(list.kind(), Kind::Slice | Kind::Invalid) {
            return Err(message(format!("Cannot concat type {} as list", list.kind().name())));
        }
        all.extend(items(*list, "")?);
    }
    rt.charge(all.len() as u64)?;
    Ok(if all.is_empty() { nil_list(rt) } else { rt.list(all) })
}

fn chunk<'a>(rt: &mut Runtime<'a>, a: &[Value<'a>]) -> Answer<'a> {
    let all = items(a[1], "Cannot chunk type")?;
    let length = a[0].integer();
    if length < 1 {
        // Go computes the number of chunks in floats and makes a list of it.
        let chunks = ((all.len() as f64 - 1.0) / length as f64).floor() + 1.0;
        if !(0.0..1e9).contains(&chunks) {
            return Err("runtime error: makeslice: len out of range".into());
        }
        if chunks as usize == 0 {
            return Ok(Value::List(List::new(rt.arena(), &LISTS, &[])));
        }
        return Err("runtime error: makeslice: len out of range".into());
    }
    let chunks: Vec<Value> = all
        .chunks(usize::try_from(length).unwrap_or(1))
        .map(|part| rt.list(part.iter().copied()))
        .collect();
    Ok(rt.typed_list(&LISTS, chunks))
}

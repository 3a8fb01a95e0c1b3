//! The functions that `text/template` has itself.

use std::cmp::Ordering;

use crate::{
    Fault, Function, Runtime, Value,
    exec::Slot,
    format,
    function::FunctionId,
    lex::char_at,
    number::is_print,
    value::{Kind, List, Type, UintType},
};

/// A built-in function sees more of its arguments than others do.
#[derive(Clone, Copy)]
pub(crate) enum Builtin {
    /// `and`, `or`
    Choice {
        until: bool,
    },
    Call,
    Function(for<'a> fn(&mut Runtime<'a>, &[Slot<'a>]) -> Result<Slot<'a>, Fault>),
}

/// The rows come first among a run's functions, so that an index here is a function's id.
pub static TABLE: &[Function] = &[
    row("and", &[Type::Raw, Type::Raw], true),
    row("or", &[Type::Raw, Type::Raw], true),
    row("call", &[Type::Raw, Type::Raw], true),
    row("not", &[Type::Raw], false),
    row("eq", &[Type::Raw, Type::Raw], true),
    row("ne", &[Type::Raw, Type::Raw], false),
    row("lt", &[Type::Raw, Type::Raw], false),
    row("le", &[Type::Raw, Type::Raw], false),
    row("gt", &[Type::Raw, Type::Raw], false),
    row("ge", &[Type::Raw, Type::Raw], false),
    row("len", &[Type::Raw], false),
    row("index", &[Type::Raw, Type::Raw], true),
    row("slice", &[Type::Raw, Type::Raw], true),
    row("print", &[Type::Any], true),
    row("printf", &[Type::String, Type::Any], true),
    row("println", &[Type::Any], true),
    row("html", &[Type::Any], true),
    row("js", &[Type::Any], true),
    row("urlquery", &[Type::Any], true),
];

static BUILTINS: &[Builtin] = &[
    Builtin::Choice { until: false },
    Builtin::Choice { until: true },
    Builtin::Call,
    Builtin::Function(|_, args| bool(!args[0].value.truth())),
    Builtin::Function(|_, args| bool(equal(args)?)),
    Builtin::Function(|_, args| bool(!equal(args)?)),
    Builtin::Function(|_, args| bool(less(args)?)),
    Builtin::Function(|_, args| bool(less(args)? || equal(args)?)),
    Builtin::Function(|_, args| bool(!(less(args)? || equal(args)?))),
    Builtin::Function(|_, args| bool(!less(args)?)),
    Builtin::Function(|_, args| length(args[0])),
    Builtin::Function(index),
    Builtin::Function(slice),
    Builtin::Function(|rt, args| text(rt, args, format::sprint)),
    Builtin::Function(|rt, args| {
        text(rt, args, |out, values| format::sprintf(out, values[0].text(), &values[1..]))
    }),
    Builtin::Function(|rt, args| text(rt, args, format::sprintln)),
    Builtin::Function(|rt, args| escape(rt, args, html)),
    Builtin::Function(|rt, args| escape(rt, args, javascript)),
    Builtin::Function(|rt, args| escape(rt, args, query)),
];

const fn row(name: &'static str, params: &'static [Type], variadic: bool) -> Function {
    Function { name, params, variadic, call: |_, _| Err(Fault::Message(String::new())) }
}

/// The built-in function of the id, if it is one.
pub(crate) fn find(id: FunctionId) -> Option<Builtin> {
    BUILTINS.get(usize::from(id)).copied()
}

fn bool<'a>(b: bool) -> Result<Slot<'a>, Fault> {
    Ok(Slot::new(Value::Bool(b)))
}

fn text<'a>(
    rt: &mut Runtime<'a>,
    args: &[Slot<'a>],
    print: impl Fn(&mut Vec<u8>, &[Value<'a>]) -> Result<(), Fault>,
) -> Result<Slot<'a>, Fault> {
    let values: Vec<Value<'a>> = args.iter().map(|arg| arg.value).collect();
    let mut out = Vec::new();
    print(&mut out, &values)?;
    rt.reserve(out.len())?;
    Ok(Slot::new(rt.string(out)))
}

/// What can be compared with what.
#[derive(PartialEq)]
enum Basic {
    Bool(bool),
    Int(i64),
    Uint(u64),
    Float(f64),
    Complex(f64, f64),
    Other,
}

fn basic(value: Value<'_>) -> Result<Basic, &[u8]> {
    Ok(match value {
        Value::Bool(b) => Basic::Bool(b),
        Value::Int(n, _) => Basic::Int(n),
        Value::Uint(n, _) => Basic::Uint(n),
        Value::Float(n) => Basic::Float(n),
        Value::Complex(real, imaginary) => Basic::Complex(real, imaginary),
        Value::Str(text) => return Err(text),
        Value::Object(object) => object.integer().map_or(Basic::Other, Basic::Int),
        _ => Basic::Other,
    })
}

fn incompatible(a: Value<'_>, b: Value<'_>) -> Fault {
    Fault::Comparison { left: a.type_name(), right: b.type_name() }
}

/// Whether the first value is one of the others.
fn equal(args: &[Slot<'_>]) -> Result<bool, Fault> {
    let a = args[0].value;
    if args.len() == 1 {
        return Err("missing argument for comparison".into());
    }
    for arg in &args[1..] {
        let b = arg.value;
        let same = match (basic(a), basic(b)) {
            (Err(a), Err(b)) => a == b,
            (Ok(Basic::Int(a)), Ok(Basic::Uint(b))) | (Ok(Basic::Uint(b)), Ok(Basic::Int(a))) => {
                u64::try_from(a) == Ok(b)
            }
            (Ok(Basic::Other), Ok(Basic::Other)) => equal_others(a, b)?,
            (Ok(x), Ok(y)) if std::mem::discriminant(&x) == std::mem::discriminant(&y) => x == y,
            _ if matches!(a, Value::Nil) || matches!(b, Value::Nil) => false,
            _ => return Err(incompatible(a, b)),
        };
        if same {
            return Ok(true);
        }
    }
    Ok(false)
}

fn is_nil(value: Value<'_>) -> bool {
    match value {
        Value::Nil => true,
        Value::Map(map, _) => map.is_nil(),
        Value::List(list) => list.is_nil,
        Value::Object(object) => object.is_nil(),
        _ => false,
    }
}

fn equal_others(a: Value<'_>, b: Value<'_>) -> Result<bool, Fault> {
    if a.kind() != b.kind() && a.kind() != Kind::Invalid && b.kind() != Kind::Invalid {
        let message = format!(
            "non-comparable types {}: {}, {}: {}",
            printed(a)?,
            a.type_name(),
            b.type_name(),
            shown(b)?
        );
        return Err(message.into());
    }
    if is_nil(a) || is_nil(b) {
        return Ok(is_nil(a) == is_nil(b));
    }
    if !is_comparable(b) {
        return Err(format!("non-comparable type {}: {}", printed(b)?, b.type_name()).into());
    }
    match (a, b) {
        (Value::Object(x), Value::Object(y)) => Ok(std::ptr::addr_eq(x, y)
            || (x.object_type().kind == Kind::Struct
                && a.ty() == b.ty()
                && shown(a)? == shown(b)?)),
        _ => Ok(false),
    }
}

/// Whether Go has `==` for the type: not for lists, maps, functions, and structs that hold one.
fn is_comparable(value: Value<'_>) -> bool {
    match value {
        Value::List(_) | Value::Bytes(_) | Value::Map(..) | Value::Func(_) => false,
        Value::Object(object) if object.object_type().kind == Kind::Struct => {
            object.fields().iter().all(|(_, field)| is_comparable(*field))
        }
        _ => true,
    }
}

fn printed(value: Value<'_>) -> Result<String, Fault> {
    let mut out = Vec::new();
    format::sprintf(&mut out, b"%s", &[value])?;
    Ok(String::from_utf8_lossy(&out).into_owned())
}

fn shown(value: Value<'_>) -> Result<String, Fault> {
    let mut out = Vec::new();
    format::display(&mut out, value)?;
    Ok(String::from_utf8_lossy(&out).into_owned())
}

fn less(args: &[Slot<'_>]) -> Result<bool, Fault> {
    let (a, b) = (args[0].value, args[1].value);
    const BAD: &str = "invalid type for comparison";
    let (x, y) = (basic(a), basic(b));
    if matches!(x, Ok(Basic::Other)) || matches!(y, Ok(Basic::Other)) {
        return Err(BAD.into());
    }
    Ok(match (x, y) {
        (Err(a), Err(b)) => a < b,
        (Ok(Basic::Int(a)), Ok(Basic::Int(b))) => a < b,
        (Ok(Basic::Uint(a)), Ok(Basic::Uint(b))) => a < b,
        (Ok(Basic::Float(a)), Ok(Basic::Float(b))) => a.partial_cmp(&b) == Some(Ordering::Less),
        (Ok(Basic::Int(a)), Ok(Basic::Uint(b))) => u64::try_from(a).is_ok_and(|a| a < b) || a < 0,
        (Ok(Basic::Uint(a)), Ok(Basic::Int(b))) => u64::try_from(b).is_ok_and(|b| a < b),
        (Ok(Basic::Bool(_)), Ok(Basic::Bool(_)))
        | (Ok(Basic::Complex(..)), Ok(Basic::Complex(..))) => return Err(BAD.into()),
        _ => return Err(incompatible(a, b)),
    })
}

const ZERO_TYPE: &str = "reflect: call of reflect.Value.Type on zero Value";

fn length<'a>(slot: Slot<'a>) -> Result<Slot<'a>, Fault> {
    let length = match slot.value {
        Value::Nil => return Err(if slot.boxed { "len of nil pointer" } else { ZERO_TYPE }.into()),
        Value::Str(text) | Value::Bytes(text) => text.len(),
        Value::List(list) => list.len(),
        Value::Map(map, _) => map.len(),
        Value::Object(object) if object.is_nil() => return Err("len of nil pointer".into()),
        other => {
            return Err(format!("len of type {}", other.type_name().trim_start_matches('*')).into());
        }
    };
    Ok(Slot::new(Value::int(length as i64)))
}

/// The number of an index that may be as large as the length.
fn position(index: Value<'_>, length: usize) -> Result<usize, Fault> {
    let n = match index {
        Value::Int(n, _) => n,
        Value::Uint(n, _) => n.cast_signed(),
        Value::Nil => return Err("cannot index slice/array with nil".into()),
        other => {
            return Err(format!("cannot index slice/array with type {}", other.type_name()).into());
        }
    };
    usize::try_from(n)
        .ok()
        .filter(|&n| n <= length)
        .ok_or_else(|| format!("index out of range: {n}").into())
}

fn index<'a>(rt: &mut Runtime<'a>, args: &[Slot<'a>]) -> Result<Slot<'a>, Fault> {
    let mut item = args[0].unboxed();
    if item.is_nothing() {
        return Err("index of untyped nil".into());
    }
    for index in &args[1..] {
        let index = index.value;
        item = match item.value {
            Value::Nil => return Err("index of nil pointer".into()),
            Value::Object(object) if object.is_nil() => return Err("index of nil pointer".into()),
            Value::Str(text) | Value::Bytes(text) => {
                let is_text = matches!(item.value, Value::Str(_));
                let at = position(index, text.len())?;
                let byte = text.get(at).ok_or(if is_text {
                    "reflect: string index out of range"
                } else {
                    "reflect: slice index out of range"
                })?;
                Slot::new(Value::Uint(u64::from(*byte), UintType::Uint8))
            }
            Value::List(list) => {
                let at = position(index, list.len())?;
                let element = list.items.get(at).ok_or("reflect: slice index out of range")?;
                element.read.set(true);
                Slot::element(element.value, list.ty.elem, element.origin)
            }
            Value::Map(map, ty) => {
                let key = match index {
                    Value::Str(key) => key,
                    Value::Nil => return Err("value is nil; should be of type string".into()),
                    other => {
                        return Err(format!(
                            "value has type {}; should be string",
                            other.type_name()
                        )
                        .into());
                    }
                };
                match map.read(key) {
                    Some(entry) => Slot::element(entry.value, ty.elem, entry.origin),
                    None => Slot::element(Value::zero(ty.elem, rt.arena()), ty.elem, item.origin),
                }
            }
            other => {
                return Err(format!(
                    "can't index item of type {}",
                    other.type_name().trim_start_matches('*')
                )
                .into());
            }
        };
    }
    Ok(item)
}

fn slice<'a>(rt: &mut Runtime<'a>, args: &[Slot<'a>]) -> Result<Slot<'a>, Fault> {
    let item = args[0].value;
    let indexes = &args[1..];
    if matches!(item, Value::Nil) {
        return Err("slice of untyped nil".into());
    }
    if indexes.len() > 3 {
        return Err(format!("too many slice indexes: {}", indexes.len()).into());
    }
    let length = match item {
        Value::Str(_) if indexes.len() == 3 => return Err("cannot 3-index slice a string".into()),
        Value::Str(text) | Value::Bytes(text) => text.len(),
        Value::List(list) => list.len(),
        other => return Err(format!("can't slice item of type {}", other.type_name()).into()),
    };
    let mut range = [0, length, length];
    for (at, index) in indexes.iter().enumerate() {
        // Unlike `index`, this one does not look into the box.
        if index.boxed {
            return Err("cannot index slice/array with type interface {}".into());
        }
        range[at] = position(index.value, length)?;
    }
    let [from, to, end] = range;
    if from > to {
        return Err(format!("invalid slice index: {from} > {to}").into());
    }
    if to > end {
        return Err(format!("invalid slice index: {to} > {end}").into());
    }
    Ok(Slot::new(match item {
        Value::Str(text) => Value::Str(&text[from..to]),
        Value::Bytes(bytes) => Value::Bytes(&bytes[from..to]),
        Value::List(list) => Value::List(List::new(rt.arena(), list.ty, &list.items[from..to])),
        other => other,
    }))
}

/// The arguments as one string, in which some characters are then written otherwise.
fn escape<'a>(
    rt: &mut Runtime<'a>,
    args: &[Slot<'a>],
    escape: fn(&mut Vec<u8>, &[u8]),
) -> Result<Slot<'a>, Fault> {
    text(rt, args, |out, values| {
        let mut plain = Vec::new();
        if let [Value::Str(text)] = values {
            plain.extend_from_slice(text);
        } else {
            let values: Vec<Value<'_>> =
                values
                    .iter()
                    .map(|value| {
                        if matches!(value, Value::Nil) { Value::str("<no value>") } else { *value }
                    })
                    .collect();
            format::sprint(&mut plain, &values)?;
        }
        escape(out, &plain);
        Ok(())
    })
}

fn html(out: &mut Vec<u8>, text: &[u8]) {
    for &byte in text {
        match byte {
            0 => out.extend_from_slice("\u{fffd}".as_bytes()),
            b'"' => out.extend_from_slice(b"&#34;"),
            b'\'' => out.extend_from_slice(b"&#39;"),
            b'&' => out.extend_from_slice(b"&amp;"),
            b'<' => out.extend_from_slice(b"&lt;"),
            b'>' => out.extend_from_slice(b"&gt;"),
            _ => out.push(byte),
        }
    }
}

fn javascript(out: &mut Vec<u8>, text: &[u8]) {
    let mut at = 0;
    while let Some((c, length)) = char_at(text, at) {
        match c {
            '\\' | '\'' | '"' => out.extend_from_slice(&[b'\\', c as u8]),
            '<' | '>' | '&' | '=' | '\0'..' ' => {
                out.extend_from_slice(format!("\\u{:04X}", u32::from(c)).as_bytes())
            }
            _ if c.is_ascii() || is_print(c) => out.extend_from_slice(&text[at..at + length]),
            _ => out.extend_from_slice(format!("\\u{:04X}", u32::from(c)).as_bytes()),
        }
        at += length;
    }
}

fn query(out: &mut Vec<u8>, text: &[u8]) {
    for &byte in text {
        match byte {
            b' ' => out.push(b'+'),
            b'-' | b'_' | b'.' | b'~' => out.push(byte),
            _ if byte.is_ascii_alphanumeric() => out.push(byte),
            _ => out.extend_from_slice(format!("%{byte:02X}").as_bytes()),
        }
    }
}

//! Choices between values, and what stops a run.

use super::*;
use crate::cast::is_empty;

pub static TABLE: &[Function] = &[
    Function::variadic("default", &[A, A], |_, a| {
        Ok(a.get(1).copied().filter(|given| !is_empty(*given)).unwrap_or(a[0]))
    }),
    Function::new("empty", &[A], |_, a| bool(is_empty(a[0]))),
    Function::variadic("coalesce", &[A], |_, a| {
        Ok(a.iter().copied().find(|value| !is_empty(*value)).unwrap_or(Value::Nil))
    }),
    Function::variadic("all", &[A], |_, a| bool(!a.iter().any(|value| is_empty(*value)))),
    Function::variadic("any", &[A], |_, a| bool(a.iter().any(|value| !is_empty(*value)))),
    Function::new("ternary", &[A, A, Type::Bool], |_, a| {
        Ok(if a[2].truth() { a[0] } else { a[1] })
    }),
    Function::new("fail", &[S], |_, a| Err(Fault::Fail(utf8(a[0]).into_owned()))),
    Function::new("required", &[S, A], |_, a| match a[1] {
        Value::Nil | Value::Str(b"") => Err(Fault::Fail(utf8(a[0]).into_owned())),
        value => Ok(value),
    }),
    Function::new("lookup", &[S, S, S, S], |rt, _| Ok(Value::map(rt.new_map()))),
    Function::new("getHostByName", &[S], |rt, _| string(rt, "")),
];

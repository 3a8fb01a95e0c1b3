//! Types and kinds of values.

use super::*;
use crate::equal::deep_equal;

pub static TABLE: &[Function] = &[
    Function::new("typeOf", &[A], |_, a| Ok(Value::str(a[0].type_name()))),
    Function::new("typeIs", &[S, A], |_, a| bool(a[0].text() == a[1].type_name().as_bytes())),
    Function::new("typeIsLike", &[S, A], |_, a| {
        let (target, name) = (a[0].text(), a[1].type_name().as_bytes());
        bool(target == name || name.strip_prefix(b"*") == Some(target))
    }),
    Function::new("kindOf", &[A], |_, a| Ok(Value::str(a[0].kind().name()))),
    Function::new("kindIs", &[S, A], |_, a| bool(a[0].text() == a[1].kind().name().as_bytes())),
    Function::new("deepEqual", &[A, A], |_, a| bool(deep_equal(a[0], a[1]))),
];

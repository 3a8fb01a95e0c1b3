//! Paths of files; on Linux those of the system are no others.

use jinnacle_functions::paths;

use super::*;

pub static TABLE: &[Function] = &[
    Function::new("base", &[S], |rt, a| string(rt, paths::base(&utf8(a[0])))),
    Function::new("osBase", &[S], |rt, a| string(rt, paths::base(&utf8(a[0])))),
    Function::new("dir", &[S], |rt, a| string(rt, paths::dir(&utf8(a[0])))),
    Function::new("osDir", &[S], |rt, a| string(rt, paths::dir(&utf8(a[0])))),
    Function::new("clean", &[S], |rt, a| string(rt, paths::clean(&utf8(a[0])))),
    Function::new("osClean", &[S], |rt, a| string(rt, paths::clean(&utf8(a[0])))),
    Function::new("ext", &[S], |rt, a| string(rt, paths::ext(&utf8(a[0])))),
    Function::new("osExt", &[S], |rt, a| string(rt, paths::ext(&utf8(a[0])))),
    Function::new("isAbs", &[S], |_, a| bool(paths::is_abs(&utf8(a[0])))),
    Function::new("osIsAbs", &[S], |_, a| bool(paths::is_abs(&utf8(a[0])))),
];

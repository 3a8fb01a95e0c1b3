//! Semantic versions.

use jinnacle_functions::semver::{Constraint, Version};

use super::*;
use crate::objects::semver;

pub static TABLE: &[Function] = &[
    Function::new("semver", &[S], |rt, a| {
        Version::parse(&utf8(a[0])).map(|version| semver(rt, version)).map_err(message)
    }),
    Function::new("semverCompare", &[S, S], |_, a| {
        let constraint = Constraint::parse(&utf8(a[0])).map_err(message)?;
        let version = Version::parse(&utf8(a[1])).map_err(message)?;
        bool(constraint.check(&version))
    }),
];

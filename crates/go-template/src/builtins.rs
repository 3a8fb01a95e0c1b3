//! The functions that `text/template` has itself.

use crate::Function;

pub static TABLE: &[Function] = &[];

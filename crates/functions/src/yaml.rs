//! YAML as Go's libraries write and read it.

mod emitter;
mod reader;
mod scalar;

pub use emitter::{Dialect, Emitter, sort_keys};
pub use reader::{Tree, read};

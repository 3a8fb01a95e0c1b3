//! Go's `text/template` as a language: what Go's package makes of a template, byte for byte, with its error
//! strings, for programs that are not written in Go.
//!
//! A run has an arena (`bumpalo::Bump`) in which parsed templates and values live.
//!
//! ```text
//! Functions::new(tables) ─┐
//! strings ── Runtime::parse ──┴──► Runtime::run(name, dot) ──► output, or an Error with its frames
//! ```
//!
//! # Functions
//! A function is a row of a table: its name, Go's types of its parameters and a Rust function
//! (see [`Function`]). The engine checks the number and the types of the arguments with Go's strings. The
//! [`Runtime`] that the function gets allocates ([`Runtime::string`], [`Runtime::list`],
//! [`Runtime::new_map`]), runs templates ([`Runtime::execute`], [`Runtime::execute_text`]), holds the bounds
//! ([`Runtime::reserve`], [`Runtime::charge`]) and what belongs to the caller ([`Runtime::host`]).
//!
//! Strings of values come from [`format`](mod@format) (`%v`, `printf`) and [`number`] (floats, `strconv.Quote`).
//!
//! # Values
//! See [`value`]: maps are references ([`value::Map`]), lists never change ([`value::List`]), types can have
//! names and methods ([`value::MapType`], [`value::ListType`]), and anything else is an [`value::Object`].
//!
//! ```
//! use go_template::{Fault, Function, Runtime, Value, value::{Type, MapType, Map}};
//!
//! // A map with a name and a method: `{{ .Values.Has "a" }}`. The receiver is the first argument.
//! fn has<'a>(_: &mut Runtime<'a>, args: &[Value<'a>]) -> Result<Value<'a>, Fault> {
//!     Ok(Value::Bool(args[0].as_map().is_some_and(|map| map.contains(args[1].text()))))
//! }
//! static HAS: &[Function] = &[Function::new("Has", &[Type::String], has)];
//! static VALUES: MapType = MapType { name: "chartutil.Values", elem: Type::Any, methods: HAS };
//!
//! let arena = bumpalo::Bump::new();
//! let map = Map::new(&arena);
//! map.insert(b"a", Value::Float(1.0));
//! let values = Value::Map(map, &VALUES);
//! assert_eq!(values.type_name(), "chartutil.Values");
//! ```

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

pub mod value;
pub mod function;
pub mod number;
pub mod format;
mod unicode;
mod lex;
pub mod tree;
pub mod parse;
mod builtins;
pub mod error;
mod exec;

pub use error::{Cause, Error, Frame, Limit, SyntaxCause, SyntaxError};
pub use exec::{Limits, Mark, MissingKey, Runtime};
pub use function::{Fault, Function, Functions};
pub use value::Value;

/// Runs something that needs a large stack, as templates do that nest deep: on a thread of its own with 256
/// MiB, of which only what is used is taken from the system.
pub fn with_stack<T: Send>(run: impl FnOnce() -> T + Send) -> T {
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new()
            .name("templates".into())
            .stack_size(256 << 20)
            .spawn_scoped(scope, run);
        match thread.map(std::thread::ScopedJoinHandle::join) {
            Ok(Ok(value)) => value,
            Ok(Err(panic)) => std::panic::resume_unwind(panic),
            Err(error) => panic!("no thread for templates: {error}"),
        }
    })
}

//! The configuration language of nats-server: read with places, checked against the options the server knows.
//!
//! The language was never specified; what counts is what the server's own lexer does
//! (<https://github.com/nats-io/nats-server/tree/main/conf>), including where it surprises: a number that
//! touches `]` is text, a second block replaces the first, `2m` is two million. The recorded verdicts of a
//! real server keep this module honest.

mod address;
mod arguments;
mod check;
mod encoding;
mod files;
mod likeness;
pub mod nkey;
pub mod options;
mod read;
mod section;
mod size;
mod subject;

pub use arguments::{Arguments, Word};
pub use check::{Context, SAFE_CIPHERS, check, check_started, claims};
pub use files::{File, Purpose, files};
pub use likeness::is_likely;
pub use options::CURVES;
pub use read::parse;

use indexmap::IndexMap;
use jinnacle_syntax::source::{Source, Span};
use std::sync::Arc;

/// A configuration as the server sees it.
#[derive(Clone, Debug)]
pub struct Tree {
    /// The options at the top.
    pub root: Map,
    /// The files that were named and could not be read from here.
    pub includes: Vec<Include>,
}

/// A value and where it was written.
#[derive(Clone, Debug)]
pub struct Value {
    /// What it is.
    pub kind: Kind,
    /// Its text; for a variable the place where it is used.
    pub span: Span,
}

/// What a value is, as the server's parser types it.
#[derive(Clone, Debug)]
pub enum Kind {
    /// `true`, `yes`, `on` and their opposites, in any case.
    Bool(bool),
    /// Digits, with a size suffix multiplied out.
    Integer(i64),
    /// Digits with a point.
    Float(f64),
    /// Anything in quotes, and words that are nothing else.
    Text(String),
    /// A date and time such as `2026-01-02T03:04:05Z`.
    Date(String),
    /// Values in brackets.
    List(Vec<Value>),
    /// Options in braces.
    Map(Map),
    /// A variable that only the place where the server runs can know.
    Unset(String),
}

/// Options by name, in the order in which they were first written.
#[derive(Clone, Debug, Default)]
pub struct Map {
    /// The options; of an option that is set twice, the last.
    pub entries: IndexMap<String, Entry>,
    /// Whether an included file that could not be read may set more.
    pub open: bool,
}

/// One option.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Where its name is.
    pub key: Span,
    /// What it is set to.
    pub value: Value,
    /// Whether a variable refers to it, which excuses a name that is not an option.
    pub used: bool,
}

/// A file that was named and could not be read from here.
#[derive(Clone, Debug)]
pub struct Include {
    /// The name as it is written.
    pub name: String,
    /// Where it is written.
    pub span: Span,
}

/// The context of a configuration. Reading files and looking at the environment is left to the caller.
pub struct ParseContext<'a> {
    /// The text of an environment variable, if it is known.
    pub environment: &'a dyn Fn(&str) -> Option<String>,
    /// The file that a source includes under a name, if it can be read.
    pub include: &'a dyn Fn(&Source, &str) -> Option<Arc<Source>>,
}

impl Default for ParseContext<'_> {
    /// Nothing is known of the place where the server runs.
    fn default() -> Self {
        Self { environment: &|_| None, include: &|_, _| None }
    }
}

impl Kind {
    /// What it is, as messages say it.
    pub fn describe(&self) -> String {
        match self {
            Self::Bool(b) => format!("the boolean {b}"),
            Self::Integer(i) => format!("the integer {i}"),
            Self::Float(f) => format!("the number {f}"),
            Self::Text(t) => format!("the string {t:?}"),
            Self::Date(d) => format!("the date {d}"),
            Self::List(_) => "a list".to_owned(),
            Self::Map(_) => "a block".to_owned(),
            Self::Unset(name) => format!("the variable `${name}`"),
        }
    }
}

impl Map {
    /// The value under exactly this name.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.entries.get(name).map(|entry| &entry.value)
    }
}

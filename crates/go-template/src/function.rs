//! Functions and methods that templates call, as rows of tables.

use std::{collections::HashMap, fmt};

use foldhash::fast::RandomState;

use crate::{Error, Limit, Runtime, SyntaxError, Value, value::Type};

/// What a function is: the engine evaluates the arguments, checks their number and types with Go's error
/// strings, and only then calls it.
///
/// ```
/// use go_template::{Fault, Function, Runtime, Value, value::Type};
///
/// fn repeat<'a>(rt: &mut Runtime<'a>, args: &[Value<'a>]) -> Result<Value<'a>, Fault> {
///     let (count, text) = (args[0].integer(), args[1].text());
///     let count = usize::try_from(count).map_err(|_| "strings: negative Repeat count")?;
///     rt.reserve(count.saturating_mul(text.len()))?;
///     Ok(rt.string(text.repeat(count)))
/// }
///
/// static FUNCTIONS: &[Function] = &[Function::new("repeat", &[Type::INT, Type::String], repeat)];
/// ```
#[derive(Clone, Copy)]
pub struct Function {
    pub name: &'static str,
    pub params: &'static [Type],
    /// Whether the last parameter takes any number of arguments, none too.
    pub variadic: bool,
    pub call: Call,
}

/// Of a method, the receiver is `args[0]` and is not among the parameters. There are as many arguments as
/// parameters (a variadic one aside), and each has its parameter's type: `Type::String` is a `Value::Str`,
/// `Type::MAP` a `Value::Map`, perhaps a nil one. An argument of `Type::Any` can be `Value::Nil`.
pub type Call = for<'a> fn(&mut Runtime<'a>, &[Value<'a>]) -> Result<Value<'a>, Fault>;

impl Function {
    pub const fn new(name: &'static str, params: &'static [Type], call: Call) -> Self {
        Self { name, params, variadic: false, call }
    }

    /// The last parameter takes any number of arguments.
    pub const fn variadic(name: &'static str, params: &'static [Type], call: Call) -> Self {
        Self { name, params, variadic: true, call }
    }
}

impl fmt::Debug for Function {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

/// Why a function failed. A string becomes `error calling NAME: TEXT`; what Go would recover from a panic of
/// the function (`runtime error: integer divide by zero`) is a string like any other.
#[derive(Clone, Debug)]
pub enum Fault {
    Message(String),
    /// There is no template of that name.
    NoTemplate {
        name: String,
        message: String,
    },
    /// Values of types, Go's, that cannot be compared.
    Comparison {
        left: &'static str,
        right: &'static str,
    },
    /// The template's author wants the run to stop with this text.
    Fail(String),
    /// A bound of the run was reached.
    Limit(Limit),
    /// A template that the function ran failed, with what the function says before that error's text.
    Template {
        before: String,
        error: Box<Error>,
    },
    /// A string that the function wanted to run is not a template.
    Syntax {
        before: String,
        error: Box<SyntaxError>,
    },
}

impl Fault {
    /// Puts a string before that of the error: `rt.execute(…).map_err(|e| e.context("error during …: "))`.
    /// What is not an error of the template (`Fail`, `Limit`) stays as it is.
    #[must_use]
    pub fn context(self, text: &str) -> Self {
        match self {
            Self::Message(message) => Self::Message(format!("{text}{message}")),
            Self::Template { before, error } => {
                Self::Template { before: format!("{text}{before}"), error }
            }
            Self::Syntax { before, error } => {
                Self::Syntax { before: format!("{text}{before}"), error }
            }
            Self::NoTemplate { name, message } => {
                Self::NoTemplate { name, message: format!("{text}{message}") }
            }
            Self::Fail(_) | Self::Limit(_) | Self::Comparison { .. } => self,
        }
    }
}

impl From<&str> for Fault {
    fn from(message: &str) -> Self {
        Self::Message(message.to_owned())
    }
}

impl From<String> for Fault {
    fn from(message: String) -> Self {
        Self::Message(message)
    }
}

/// All functions of a run by name. Parsing needs them: a name that is not among them is a syntax error.
#[derive(Debug)]
pub struct Functions {
    by_name: HashMap<&'static str, FunctionId, RandomState>,
    rows: Vec<&'static Function>,
}

/// The index of a function in [`Functions`].
pub type FunctionId = u16;

impl Functions {
    /// The built-in functions and those of the tables; a later row takes the place of an earlier one of
    /// that name, a built-in one too.
    pub fn new(tables: &[&'static [Function]]) -> Self {
        let mut functions = Self { by_name: HashMap::default(), rows: Vec::new() };
        for function in std::iter::once(&crate::builtins::TABLE).chain(tables).copied().flatten() {
            if let Ok(id) = FunctionId::try_from(functions.rows.len()) {
                functions.by_name.insert(function.name, id);
                functions.rows.push(function);
            }
        }
        functions
    }

    pub fn find(&self, name: &str) -> Option<FunctionId> {
        self.by_name.get(name).copied()
    }

    pub fn get(&self, id: FunctionId) -> &'static Function {
        self.rows[usize::from(id)]
    }

    pub fn names(&self) -> impl Iterator<Item = &'static str> + '_ {
        self.by_name.keys().copied()
    }
}

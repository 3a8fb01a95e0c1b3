//! Errors as data, and Go's line for them.

use std::fmt;

use crate::{Fault, number, value::Origin};

/// A bound of a run that was reached.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Limit {
    /// Too much work.
    Steps,
    /// Templates, or values, within one another too deep.
    Depth,
    /// Too much output.
    Output,
    /// Too many values.
    Memory,
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Steps => "rendering takes too long",
            Self::Depth => "templates or values are nested too deeply",
            Self::Output => "output is too large",
            Self::Memory => "values take too much memory",
        })
    }
}

/// A string that is not a template.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SyntaxError {
    /// The name of the template's file.
    pub template: String,
    /// From 1.
    pub line: u32,
    /// Where what is wrong begins in the file, in bytes.
    pub offset: u32,
    pub cause: SyntaxCause,
    /// Go's text of it.
    pub message: String,
}

/// What is wrong with a template, for those that want more than a string.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum SyntaxCause {
    /// There is no function of that name.
    UnknownFunction {
        name: String,
    },
    /// The file ends within a block.
    UnclosedBlock {
        /// Where its body begins.
        body: u32,
    },
    Other,
}

/// As Go prints it.
impl fmt::Display for SyntaxError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "template: {}:{}: {}", self.template, self.line, self.message)
    }
}

impl std::error::Error for SyntaxError {}

/// An error of a run: where each of the templates was that had called one another, and what went wrong in
/// the innermost one.
#[derive(Clone, Debug)]
pub struct Error {
    /// Innermost first, at least one.
    pub frames: Vec<Frame>,
    pub cause: Cause,
    /// Go's text of the cause.
    pub message: String,
    /// Where the value was written that did not fit, if that is known.
    pub origin: Origin,
}

/// A place in a template.
#[derive(Clone, Debug)]
pub struct Frame {
    /// The template: a file, or a name that one defines.
    pub template: String,
    /// The name of the file that the template is in.
    pub file: String,
    /// Into the file, in bytes.
    pub offset: u32,
    /// From 1.
    pub line: u32,
    /// From 0, in bytes, as Go counts.
    pub column: u32,
    /// What was evaluated there, as Go prints it.
    pub node: String,
    /// The function that was called there, where it is its failure that ends the run.
    pub function: Option<String>,
    /// What that function says before the text of the error within it.
    pub before: String,
}

/// What went wrong, for those that want more than a string.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Cause {
    /// A field of nil.
    NilPointer {
        field: String,
    },
    /// A field that there is not.
    NoField {
        field: String,
        /// Go's type of the value that does not have it.
        found: &'static str,
    },
    /// An argument of another type than the function takes. The types are Go's.
    Type {
        function: &'static str,
        expected: &'static str,
        /// `interface {}` is nil.
        found: &'static str,
        /// Whether the argument is the value of the command before.
        is_piped: bool,
    },
    /// More or fewer arguments than the function takes.
    Count {
        function: &'static str,
        expected: usize,
        /// Whether it takes more than that too.
        or_more: bool,
        found: usize,
    },
    /// Values of types, Go's, that cannot be compared.
    Comparison {
        left: &'static str,
        right: &'static str,
    },
    /// A value of a type, Go's, that `range` cannot go over.
    Range {
        found: &'static str,
    },
    /// No template of that name.
    NoTemplate {
        name: String,
    },
    /// A function said so.
    Function,
    /// A string that was to be run is not a template.
    Syntax(Box<SyntaxError>),
    /// The template's author wants the run to stop.
    Fail,
    Limit(Limit),
    Other,
}

impl Error {
    pub(crate) fn new(frame: Frame, cause: Cause, message: String) -> Self {
        Self { frames: vec![frame], cause, message, origin: Origin::NONE }
    }

    /// The error that a function's failure is at this place.
    pub(crate) fn of_call(mut frame: Frame, function: &str, fault: Fault) -> Self {
        frame.function = Some(function.to_owned());
        match fault {
            Fault::Message(message) => Self::new(frame, Cause::Function, message),
            Fault::NoTemplate { name, message } => {
                Self::new(frame, Cause::NoTemplate { name }, message)
            }
            Fault::Comparison { left, right } => {
                let message = format!("incompatible types for comparison: {left} and {right}");
                Self::new(frame, Cause::Comparison { left, right }, message)
            }
            Fault::Fail(message) => Self::new(frame, Cause::Fail, message),
            Fault::Limit(limit) => Self::new(frame, Cause::Limit(limit), limit.to_string()),
            Fault::Syntax { before, error } => {
                frame.before = before;
                let message = error.to_string();
                Self::new(frame, Cause::Syntax(error), message)
            }
            Fault::Template { before, mut error } => {
                frame.before = before;
                error.frames.push(frame);
                *error
            }
        }
    }

    /// The outermost place.
    pub fn outermost(&self) -> Option<&Frame> {
        self.frames.last()
    }
}

impl fmt::Display for Frame {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut name = Vec::new();
        number::quote(&mut name, self.template.as_bytes());
        let name = String::from_utf8_lossy(&name);
        write!(
            f,
            "template: {}:{}:{}: executing {name} at <{}>: ",
            self.file, self.line, self.column, self.node
        )?;
        if let Some(function) = &self.function {
            write!(f, "error calling {function}: {}", self.before)?;
        }
        Ok(())
    }
}

/// As Go prints it: the outermost place comes first.
impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for frame in self.frames.iter().rev() {
            write!(f, "{frame}")?;
        }
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {}

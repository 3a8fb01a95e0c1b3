//! Errors as data.

/// A bound of a run that was reached.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Limit {
    Steps,
    Depth,
    Output,
    Memory,
}

/// A text that is no template.
#[derive(Clone, Debug)]
pub struct SyntaxError {
    /// The name of the template's file.
    pub template: String,
    /// From 1.
    pub line: u32,
    pub message: String,
}

/// An error of a run.
#[derive(Clone, Debug)]
pub struct Error {
    pub message: String,
}

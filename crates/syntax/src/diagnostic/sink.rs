//! Where findings go.

use std::fmt;
use std::ops::{Deref, DerefMut};

use super::{Diagnostic, Severity, has_errors};

/// All findings of a run. It is passed down to every stage, which adds to it; nothing else carries findings up.
#[derive(Clone, Debug, Default)]
pub struct Sink(Vec<Diagnostic>);

/// The input is unusable, and the sink says why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stopped;

impl std::error::Error for Stopped {}

impl fmt::Display for Stopped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("stopped by errors in the input")
    }
}

impl Sink {
    /// A sink without findings.
    pub fn new() -> Self {
        Self::default()
    }

    /// The value of a step, or the findings that it gave instead, which are added.
    ///
    /// # Errors
    /// The step gave findings.
    pub fn take<T>(&mut self, step: Result<T, impl Into<Vec<Diagnostic>>>) -> Result<T, Stopped> {
        step.map_err(|found| {
            self.0.append(&mut found.into());
            Stopped
        })
    }

    /// Adds findings, any of which stops the run.
    ///
    /// # Errors
    /// There are findings.
    pub fn stop_on(&mut self, found: impl Into<Vec<Diagnostic>>) -> Result<(), Stopped> {
        let before = self.0.len();
        self.0.append(&mut found.into());
        if self.0.len() == before { Ok(()) } else { Err(Stopped) }
    }

    /// Adds findings, and goes on unless any of them is an error.
    ///
    /// # Errors
    /// There is an error.
    pub fn stop_on_errors(&mut self, found: impl Into<Self>) -> Result<(), Stopped> {
        let mut found = found.into();
        let stops = has_errors(&found);
        self.0.append(&mut found);
        if stops { Err(Stopped) } else { Ok(()) }
    }

    /// Does a step whose warnings are of no interest; its errors are kept.
    pub fn without_warnings<T>(&mut self, step: impl FnOnce(&mut Self) -> T) -> T {
        let mut found = Self::new();
        let done = step(&mut found);
        self.0.extend(found.0.into_iter().filter(|it| it.severity == Severity::Error));
        done
    }

    /// The findings.
    pub fn into_vec(self) -> Vec<Diagnostic> {
        self.0
    }
}

impl Deref for Sink {
    type Target = Vec<Diagnostic>;

    fn deref(&self) -> &Vec<Diagnostic> {
        &self.0
    }
}

impl DerefMut for Sink {
    fn deref_mut(&mut self) -> &mut Vec<Diagnostic> {
        &mut self.0
    }
}

impl From<Vec<Diagnostic>> for Sink {
    fn from(found: Vec<Diagnostic>) -> Self {
        Self(found)
    }
}

impl From<Diagnostic> for Vec<Diagnostic> {
    fn from(found: Diagnostic) -> Self {
        vec![found]
    }
}

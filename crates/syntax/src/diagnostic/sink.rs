//! Where findings go.

use std::collections::HashSet;
use std::{fmt, slice, vec};

use super::{Diagnostic, Severity, has_errors};
use crate::source::Span;

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

    /// What a step finds.
    pub fn of<T>(step: impl FnOnce(&mut Self) -> T) -> Vec<Diagnostic> {
        let mut found = Self::new();
        step(&mut found);
        found.0
    }

    /// Adds a finding.
    pub fn push(&mut self, finding: Diagnostic) {
        self.0.push(finding);
    }

    /// Adds a finding that stops the run: `return Err(sink.stop(finding))`.
    pub fn stop(&mut self, finding: Diagnostic) -> Stopped {
        self.0.push(finding);
        Stopped
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

    /// Does a step, and goes on unless there are errors among its findings.
    ///
    /// # Errors
    /// There is an error.
    pub fn stop_on_errors<T>(&mut self, step: impl FnOnce(&mut Self) -> T) -> Result<T, Stopped> {
        let before = self.0.len();
        let done = step(self);
        if has_errors(&self.0[before..]) { Err(Stopped) } else { Ok(done) }
    }

    /// Does a step whose warnings are of no interest; its errors are kept.
    pub fn without_warnings<T>(&mut self, step: impl FnOnce(&mut Self) -> T) -> T {
        self.changed(step, |finding| Some(finding).filter(|it| it.severity == Severity::Error))
    }

    /// Does a step, and changes or drops each of its findings.
    pub fn changed<T>(
        &mut self,
        step: impl FnOnce(&mut Self) -> T,
        change: impl FnMut(Diagnostic) -> Option<Diagnostic>,
    ) -> T {
        let mut found = Self::new();
        let done = step(&mut found);
        self.0.extend(found.0.into_iter().filter_map(change));
        done
    }

    /// Does a step, and leaves each of its findings once: a partial that two templates include fails twice, for one
    /// reason.
    pub fn without_repeats<T>(&mut self, step: impl FnOnce(&mut Self) -> T) -> T {
        let mut seen = HashSet::new();
        self.changed(step, |finding| {
            let place = finding.span.as_ref().map(Span::to_string);
            seen.insert((finding.message.clone(), place)).then_some(finding)
        })
    }

    /// The findings so far.
    pub fn iter(&self) -> slice::Iter<'_, Diagnostic> {
        self.0.iter()
    }

    /// How many findings there are so far.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether nothing is found so far.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether any finding makes the input unusable.
    pub fn has_errors(&self) -> bool {
        has_errors(&self.0)
    }

    /// The findings.
    pub fn into_vec(self) -> Vec<Diagnostic> {
        self.0
    }
}

impl Extend<Diagnostic> for Sink {
    fn extend<I: IntoIterator<Item = Diagnostic>>(&mut self, found: I) {
        self.0.extend(found);
    }
}

impl IntoIterator for Sink {
    type Item = Diagnostic;
    type IntoIter = vec::IntoIter<Diagnostic>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'a> IntoIterator for &'a Sink {
    type Item = &'a Diagnostic;
    type IntoIter = slice::Iter<'a, Diagnostic>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

impl From<Diagnostic> for Vec<Diagnostic> {
    fn from(found: Diagnostic) -> Self {
        vec![found]
    }
}

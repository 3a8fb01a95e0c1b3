//! Randomness from a seed, a clock that is still, and a list of who asked for them.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use jinnacle_functions::random::Stream;
use minijinja::value::{Object, ObjectRepr, Value};
use minijinja::{Environment, Error, State};

use super::arguments::wrong;

/// What templates draw: the same bytes for the same seed, template and number of the draw in that template.
///
/// So a template more or less in a chart leaves the secrets of the others alone, and so does the order
/// in which threads render them.
#[derive(Clone, Debug)]
pub struct Randomness(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    seed: String,
    now: i64,
    draws: Mutex<BTreeSet<Draw>>,
}

/// A function that drew, in a template.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Draw {
    /// The name of the template that was rendered.
    pub template: String,
    /// Helm's name of the function.
    pub function: &'static str,
}

thread_local! {
    /// The template that this thread renders, and how often it drew.
    static RENDERED: RefCell<(String, u64)> = const { RefCell::new((String::new(), 0)) };
}

/// No name that a template could write.
const GLOBAL: &str = "randomness";

impl Randomness {
    /// Generates random values from a seed, at a time in seconds since 1970.
    pub fn new(seed: impl Into<String>, now: i64) -> Self {
        Self(Arc::new(Inner { seed: seed.into(), now, draws: Mutex::default() }))
    }

    /// The same to draw from, for another release: nobody drew so far.
    pub fn again(&self) -> Self {
        Self::new(self.0.seed.as_str(), self.0.now)
    }

    /// Says which template this thread renders from now on; random values of what it includes count for it.
    pub fn begin(template: &str) {
        RENDERED.set((template.to_owned(), 0));
    }

    /// Who drew so far, each once, sorted.
    pub fn draws(&self) -> Vec<Draw> {
        self.0.draws.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect()
    }

    pub(super) fn add_to(&self, env: &mut Environment<'static>) {
        env.add_global(GLOBAL, Value::from_object(self.clone()));
    }

    /// Fresh bytes for a function.
    pub(super) fn stream(state: &State, function: &'static str) -> Result<Stream, Error> {
        let randomness = Self::of(state)?;
        randomness.drew(function);
        Ok(RENDERED.with_borrow_mut(|(template, count)| {
            let stream = Stream::new(randomness.0.seed.as_bytes(), template.as_bytes(), *count);
            *count += 1;
            stream
        }))
    }

    /// The time, for a function.
    pub(super) fn now(state: &State, function: &'static str) -> Result<i64, Error> {
        let randomness = Self::of(state)?;
        randomness.drew(function);
        Ok(randomness.0.now)
    }

    fn of(state: &State) -> Result<Arc<Self>, Error> {
        state
            .lookup(GLOBAL)
            .and_then(|value| value.downcast_object())
            .ok_or_else(|| wrong("random values are not available here"))
    }

    fn drew(&self, function: &'static str) {
        let template = RENDERED.with_borrow(|(template, _)| template.clone());
        self.note(&template, function);
    }

    /// The seed.
    pub fn seed(&self) -> &str {
        &self.0.seed
    }

    /// The time, in seconds since 1970.
    pub fn time(&self) -> i64 {
        self.0.now
    }

    /// Notes that a function of a template drew.
    pub fn note(&self, template: &str, function: &'static str) {
        let template = template.to_owned();
        let mut draws = self.0.draws.lock().unwrap_or_else(PoisonError::into_inner);
        draws.insert(Draw { template, function });
    }
}

impl Object for Randomness {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }
}

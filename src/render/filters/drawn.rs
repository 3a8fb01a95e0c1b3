//! Randomness from a seed, a clock that stands still, and a list of who asked for them.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use minijinja::value::{Object, ObjectRepr, Value};
use minijinja::{Environment, Error, State};
use sha2::{Digest, Sha256};

use super::arguments::wrong;

/// What templates draw: the same bytes for the same seed, template and number of the draw in that template.
///
/// So a template more or less in a chart leaves the secrets of the others alone, and so does the order
/// in which threads render them.
#[derive(Clone, Debug)]
pub struct Drawn(Arc<Inner>);

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
const GLOBAL: &str = "what is drawn";

impl Drawn {
    /// Draws from a seed, at a time in seconds since 1970.
    pub fn new(seed: impl Into<String>, now: i64) -> Self {
        Self(Arc::new(Inner { seed: seed.into(), now, draws: Mutex::default() }))
    }

    /// The same to draw from, for another release: nobody drew so far.
    pub fn again(&self) -> Self {
        Self::new(self.0.seed.as_str(), self.0.now)
    }

    /// Says which template this thread renders from now on; what it includes draws in its name.
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
        let drawn = Self::of(state)?;
        drawn.drew(function);
        let mut hash = Sha256::new();
        RENDERED.with_borrow_mut(|(template, count)| {
            for part in [drawn.0.seed.as_bytes(), template.as_bytes(), &count.to_le_bytes()] {
                hash.update((part.len() as u64).to_le_bytes());
                hash.update(part);
            }
            *count += 1;
        });
        Ok(Stream { key: hash.finalize().into(), block: [0; 32], blocks: 0, used: 32 })
    }

    /// The time, for a function.
    pub(super) fn now(state: &State, function: &'static str) -> Result<i64, Error> {
        let drawn = Self::of(state)?;
        drawn.drew(function);
        Ok(drawn.0.now)
    }

    fn of(state: &State) -> Result<Arc<Self>, Error> {
        state
            .lookup(GLOBAL)
            .and_then(|value| value.downcast_object())
            .ok_or_else(|| wrong("there is nothing to draw from here"))
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

impl Object for Drawn {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }
}

/// Bytes without end: SHA-256 of a key and the number of the block.
pub struct Stream {
    key: [u8; 32],
    block: [u8; 32],
    blocks: u64,
    used: usize,
}

impl Stream {
    /// The next bytes.
    pub fn bytes<const N: usize>(&mut self) -> [u8; N] {
        std::array::from_fn(|_| self.byte())
    }

    /// A number below a bound, each as likely.
    pub fn below(&mut self, bound: u64) -> u64 {
        let bound = bound.max(1);
        // What is left over at the top would make the small numbers likelier.
        let fair = u64::MAX - u64::MAX % bound;
        loop {
            let number = u64::from_le_bytes(self.bytes());
            if number < fair {
                return number % bound;
            }
        }
    }

    fn byte(&mut self) -> u8 {
        if self.used == self.block.len() {
            let hash = Sha256::new().chain_update(self.key).chain_update(self.blocks.to_le_bytes());
            self.block = hash.finalize().into();
            self.blocks += 1;
            self.used = 0;
        }
        self.used += 1;
        self.block[self.used - 1]
    }
}

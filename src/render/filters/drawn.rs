//! Randomness from a seed, a clock that stands still, and a list of who asked for them.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use indexmap::IndexSet;
use minijinja::value::{Object, ObjectRepr, Value};
use minijinja::{Environment, Error, State};
use sha2::{Digest, Sha256};

use super::arguments::wrong;

/// What templates draw: the same bytes for the same seed, template and number of the draw in that template.
///
/// So a template more or less in a chart leaves the secrets of the others alone.
#[derive(Clone, Debug)]
pub struct Drawn(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    seed: String,
    now: i64,
    record: Mutex<Record>,
}

#[derive(Debug, Default)]
struct Record {
    draws: IndexSet<Draw>,
    counts: HashMap<String, u64>,
}

/// A function that drew, in a template.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Draw {
    /// Helm's name of the function.
    pub function: &'static str,
    /// The name of the template that called it.
    pub template: String,
}

/// No name that a template could write.
const GLOBAL: &str = "what is drawn";

impl Drawn {
    /// Draws from a seed, at a time in seconds since 1970.
    pub fn new(seed: impl Into<String>, now: i64) -> Self {
        Self(Arc::new(Inner { seed: seed.into(), now, record: Mutex::default() }))
    }

    /// Who drew so far, each once, in order.
    pub fn draws(&self) -> Vec<Draw> {
        self.record().draws.iter().cloned().collect()
    }

    pub(super) fn add_to(&self, env: &mut Environment<'static>) {
        env.add_global(GLOBAL, Value::from_object(self.clone()));
    }

    /// Fresh bytes for a function.
    pub(super) fn stream(state: &State, function: &'static str) -> Result<Stream, Error> {
        let drawn = Self::of(state)?;
        let number = drawn.note(state, function);
        let mut hash = Sha256::new();
        for part in [drawn.0.seed.as_bytes(), state.name().as_bytes(), &number.to_le_bytes()] {
            hash.update((part.len() as u64).to_le_bytes());
            hash.update(part);
        }
        Ok(Stream { key: hash.finalize().into(), block: [0; 32], blocks: 0, used: 32 })
    }

    /// The time, for a function.
    pub(super) fn now(state: &State, function: &'static str) -> Result<i64, Error> {
        let drawn = Self::of(state)?;
        drawn.note(state, function);
        Ok(drawn.0.now)
    }

    fn of(state: &State) -> Result<Arc<Self>, Error> {
        state
            .lookup(GLOBAL)
            .and_then(|value| value.downcast_object())
            .ok_or_else(|| wrong("there is nothing to draw from here"))
    }

    /// How often the template drew before.
    fn note(&self, state: &State, function: &'static str) -> u64 {
        let mut record = self.record();
        record.draws.insert(Draw { function, template: state.name().to_owned() });
        let count = record.counts.entry(state.name().to_owned()).or_default();
        *count += 1;
        *count - 1
    }

    fn record(&self) -> MutexGuard<'_, Record> {
        self.0.record.lock().unwrap_or_else(PoisonError::into_inner)
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

//! What a run has beside its values: the version of Helm, a clock, randomness, caches.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use go_template::{Fault, Runtime};
use jinnacle_functions::random::{Source, Stream};
use jinnacle_functions::regexp::{Regexp, SyntaxError};
use jinnacle_functions::time::Moment;

use crate::HelmVersion;

/// What functions find after `Runtime::host`.
#[derive(Debug)]
pub struct Host {
    pub version: HelmVersion,
    /// The time of the run.
    pub now: Moment,
    random: RefCell<Source>,
    /// Which functions drew random numbers or asked for the time, in order, each once.
    draws: RefCell<Vec<&'static str>>,
    regexes: RefCell<HashMap<Vec<u8>, Rc<Regexp>>>,
    /// How often each template is being included at the moment.
    included: RefCell<HashMap<Vec<u8>, u32>>,
}

/// Helm's limit of an `include` within itself.
const DEEPEST_INCLUDE: u32 = 1000;

impl Host {
    /// A host whose random functions give the same for the same seed.
    pub fn new(version: HelmVersion, now: Moment, seed: impl Into<Vec<u8>>) -> Self {
        Self {
            version,
            now,
            random: RefCell::new(Source::new(seed)),
            draws: RefCell::default(),
            regexes: RefCell::default(),
            included: RefCell::default(),
        }
    }

    /// The host of a run.
    pub fn of<'a>(rt: &Runtime<'a>) -> Result<&'a Self, Fault> {
        rt.host().ok_or_else(|| "this run has no release".into())
    }

    /// Fresh random bytes for a function.
    pub fn draw(&self, function: &'static str) -> Stream {
        self.note(function);
        self.random.borrow_mut().draw(function.as_bytes())
    }

    /// The time, for a function.
    pub fn now(&self, function: &'static str) -> Moment {
        self.note(function);
        self.now
    }

    /// The functions whose results differ from run to run without a seed.
    pub fn draws(&self) -> Vec<&'static str> {
        self.draws.borrow().clone()
    }

    fn note(&self, function: &'static str) {
        let mut draws = self.draws.borrow_mut();
        if !draws.contains(&function) {
            draws.push(function);
        }
    }

    /// A compiled expression, kept for the next call.
    pub fn regex(&self, expression: &[u8]) -> Result<Rc<Regexp>, SyntaxError> {
        if let Some(regex) = self.regexes.borrow().get(expression) {
            return Ok(Rc::clone(regex));
        }
        let regex = Rc::new(Regexp::new(&String::from_utf8_lossy(expression))?);
        self.regexes.borrow_mut().insert(expression.to_vec(), Rc::clone(&regex));
        Ok(regex)
    }

    /// Counts an `include` of a name; false when there are too many within each other.
    pub(crate) fn enter(&self, name: &[u8]) -> bool {
        let mut included = self.included.borrow_mut();
        match included.get_mut(name) {
            Some(count) if *count > DEEPEST_INCLUDE => false,
            Some(count) => {
                *count += 1;
                true
            }
            None => {
                included.insert(name.to_vec(), 1);
                true
            }
        }
    }

    pub(crate) fn leave(&self, name: &[u8]) {
        if let Some(count) = self.included.borrow_mut().get_mut(name) {
            *count -= 1;
        }
    }
}

//! Evaluation.

use std::any::Any;

use bumpalo::Bump;

use crate::{
    Fault, Functions, Limit, Value,
    value::{Item, LIST, List, ListType, Map, STRINGS},
};

/// The bounds of a run.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Nodes evaluated, and what functions add with [`Runtime::charge`].
    pub steps: u64,
    /// Templates within templates.
    pub depth: u32,
    /// Bytes of output.
    pub output: usize,
    /// Bytes of the arena.
    pub memory: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { steps: 200_000_000, depth: 100_000, output: 256 << 20, memory: 1 << 30 }
    }
}

/// A run: what functions get to work with.
pub struct Runtime<'a> {
    arena: &'a Bump,
    functions: &'a Functions,
    host: &'a dyn Any,
    limits: Limits,
    steps: u64,
}

impl<'a> Runtime<'a> {
    pub fn new(
        arena: &'a Bump,
        functions: &'a Functions,
        host: &'a dyn Any,
        limits: Limits,
    ) -> Self {
        Self { arena, functions, host, limits, steps: 0 }
    }

    pub fn functions(&self) -> &'a Functions {
        self.functions
    }

    /// Where values live.
    pub fn arena(&self) -> &'a Bump {
        self.arena
    }

    /// What the caller gave to the run, if it is of this type: release, clock, random numbers, caches (in
    /// cells of their own).
    pub fn host<T: Any>(&self) -> Option<&'a T> {
        self.host.downcast_ref()
    }

    /// A string with a copy of the text.
    pub fn string(&self, text: impl AsRef<[u8]>) -> Value<'a> {
        Value::Str(self.copy(text))
    }

    /// A copy of the bytes in the arena: for keys of maps.
    pub fn copy(&self, bytes: impl AsRef<[u8]>) -> &'a [u8] {
        self.arena.alloc_slice_copy(bytes.as_ref())
    }

    /// A `[]interface {}`.
    pub fn list(&self, values: impl IntoIterator<Item = Value<'a>>) -> Value<'a> {
        self.typed_list(&LIST, values)
    }

    /// A `[]string`.
    pub fn strings<T: AsRef<[u8]>>(&self, texts: impl IntoIterator<Item = T>) -> Value<'a> {
        self.typed_list(&STRINGS, texts.into_iter().map(|text| self.string(text)))
    }

    /// A list of another type.
    pub fn typed_list(
        &self,
        ty: &'static ListType,
        values: impl IntoIterator<Item = Value<'a>>,
    ) -> Value<'a> {
        let items: Vec<Item<'a>> = values.into_iter().map(Item::from).collect();
        Value::List(List::new(self.arena, ty, self.arena.alloc_slice_clone(&items)))
    }

    /// An empty map; `Value::map(…)` makes a `map[string]interface {}` of it.
    pub fn new_map(&self) -> &'a Map<'a> {
        Map::new(self.arena)
    }

    /// Runs a template of the set, as `include` does: its output.
    pub fn execute(&mut self, name: &[u8], dot: Value<'a>) -> Result<&'a [u8], Fault> {
        let _ = dot;
        Err(Fault::Message(format!(
            "template: no template {:?} associated with template \"gotpl\"",
            String::from_utf8_lossy(name)
        )))
    }

    /// Parses the text as the template `name` and runs it, as `tpl` does. It sees all templates of the set;
    /// what it defines itself is gone afterwards.
    pub fn execute_text(
        &mut self,
        name: &'static str,
        text: &'a [u8],
        dot: Value<'a>,
    ) -> Result<&'a [u8], Fault> {
        let _ = (name, text, dot);
        Err("not yet".into())
    }

    /// Counts work that takes longer than a call does, in units of about ten nanoseconds.
    pub fn charge(&mut self, steps: u64) -> Result<(), Fault> {
        self.steps = self.steps.saturating_add(steps);
        if self.steps > self.limits.steps { Err(Fault::Limit(Limit::Steps)) } else { Ok(()) }
    }

    /// To be asked before something large is made: whether there is room for so many bytes.
    pub fn reserve(&mut self, bytes: usize) -> Result<(), Fault> {
        self.charge(bytes as u64 / 64)?;
        let used = self.arena.allocated_bytes();
        if used.saturating_add(bytes) > self.limits.memory {
            Err(Fault::Limit(Limit::Memory))
        } else {
            Ok(())
        }
    }
}

//! A block as the rules look at it: by option, whatever name and case it was written in.

use super::options::Block;
use super::{Entry, Kind, Map, Value, address};
use jinnacle_syntax::source::Span;

/// A block of options.
#[derive(Clone, Copy)]
pub struct Section<'a> {
    /// Its options.
    pub map: &'a Map,
    /// Its place; the root has none.
    pub span: Option<&'a Span>,
    /// Whether names must be in lower case, as in a few places.
    is_exact: bool,
}

/// A value of a known type and its place.
#[derive(Clone, Copy)]
pub struct Found<'a, T> {
    /// What it is.
    pub value: T,
    /// Where it is.
    pub span: &'a Span,
}

impl<'a> Section<'a> {
    /// The options at the top.
    pub fn root(map: &'a Map) -> Self {
        Self { map, span: None, is_exact: false }
    }

    /// The same block, with names in lower case alone.
    pub fn exact(self) -> Self {
        Self { is_exact: true, ..self }
    }

    /// A value as a block.
    pub fn of(value: &'a Value) -> Option<Self> {
        match &value.kind {
            Kind::Map(map) => Some(Self { map, span: Some(&value.span), is_exact: false }),
            _ => None,
        }
    }

    /// The entry of an option under any of its names, which are separated by `|`.
    pub fn entry(self, names: &str) -> Option<&'a Entry> {
        names.split('|').find_map(|name| {
            let fold = || {
                let mut entries = self.map.entries.iter().filter(|_| !self.is_exact);
                entries
                    .find(|(written, _)| written.eq_ignore_ascii_case(name))
                    .map(|(_, entry)| entry)
            };
            self.map.entries.get(name).or_else(fold)
        })
    }

    /// Whether an option is certainly not set: an included file or a variable may set it still.
    pub fn lacks(self, names: &str) -> bool {
        match self.entry(names) {
            None => !self.map.open,
            Some(entry) => matches!(&entry.value.kind, Kind::Text(text) if text.is_empty()),
        }
    }

    /// Whether an option is certainly set to something.
    pub fn has(self, names: &str) -> bool {
        self.entry(names).is_some_and(|entry| match &entry.value.kind {
            Kind::Text(text) => !text.is_empty(),
            Kind::List(list) => !list.is_empty(),
            Kind::Map(map) => !map.entries.is_empty(),
            Kind::Unset(_) => false,
            _ => true,
        })
    }

    /// The text that an option is set to, if it is not empty.
    pub fn text(self, names: &str) -> Option<Found<'a, &'a str>> {
        let value = &self.entry(names)?.value;
        match &value.kind {
            Kind::Text(text) if !text.is_empty() => Some(Found { value: text, span: &value.span }),
            _ => None,
        }
    }

    /// The integer that an option is set to.
    pub fn integer(self, names: &str) -> Option<Found<'a, i64>> {
        let value = &self.entry(names)?.value;
        match value.kind {
            Kind::Integer(integer) => Some(Found { value: integer, span: &value.span }),
            _ => None,
        }
    }

    /// Whether an option is set to true.
    pub fn is_true(self, names: &str) -> bool {
        self.entry(names).is_some_and(|entry| matches!(entry.value.kind, Kind::Bool(true)))
    }

    /// The block that an option is set to.
    pub fn section(self, names: &str) -> Option<Self> {
        Self::of(&self.entry(names)?.value)
    }

    /// The items of the list that an option is set to; none where it is not a list.
    pub fn list(self, names: &str) -> &'a [Value] {
        match self.entry(names).map(|entry| &entry.value.kind) {
            Some(Kind::List(list)) => list,
            _ => &[],
        }
    }

    /// The blocks in the list that an option is set to.
    pub fn sections(self, names: &str) -> impl Iterator<Item = Self> + 'a {
        self.list(names).iter().filter_map(Self::of)
    }

    /// The strings of an option that takes one string or a list of them.
    pub fn strings(self, names: &str) -> Vec<Found<'a, &'a str>> {
        let value = self.entry(names).map(|entry| &entry.value);
        let values = match value.map(|value| &value.kind) {
            Some(Kind::List(list)) => list.as_slice(),
            Some(_) => value.map(std::slice::from_ref).unwrap_or_default(),
            None => &[],
        };
        let text = |value: &'a Value| match &value.kind {
            Kind::Text(text) => Some(Found { value: text.as_str(), span: &value.span }),
            _ => None,
        };
        values.iter().filter_map(text).collect()
    }

    /// The port of `port`, or of `listen` where that is all there is.
    pub fn port(self, port: &str, listen: &str) -> Option<Found<'a, i64>> {
        self.integer(port).or_else(|| self.integer(listen)).or_else(|| {
            let listen = self.text(listen)?;
            Some(Found { value: address::split(listen.value)?.1, span: listen.span })
        })
    }

    /// The host of `host`, or of `listen`; empty means every address.
    pub fn host(self, host: &str, listen: &str) -> &'a str {
        let listen = || {
            self.text(listen).and_then(|listen| address::split(listen.value)).map(|(host, _)| host)
        };
        self.text(host).map(|host| host.value).or_else(listen).unwrap_or("")
    }

    /// Whether it opens a port of its own; unknown counts as yes.
    pub fn listens(self) -> bool {
        match self.port("port", "listen") {
            Some(port) => port.value != 0,
            None => self.entry("port|listen").is_some() || self.map.open,
        }
    }

    /// The places of options that the block knows under several names or cases and that are set under more
    /// than one.
    pub fn doubled(self, block: &Block, exactly: bool) -> Vec<(&'a str, &'a Span, &'a Span)> {
        let written = |option: &super::options::Setting| {
            let mut found =
                self.map.entries.iter().filter(|(name, _)| option.is_called(name, exactly));
            let first = found.next()?;
            let second = found.next()?;
            Some((second.0.as_str(), &second.1.key, &first.1.key))
        };
        match self.map.entries.len() {
            0 | 1 => Vec::new(),
            _ => block.options.iter().filter_map(written).collect(),
        }
    }
}

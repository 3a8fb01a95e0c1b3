//! YAML as values files and manifests use it: trees whose every node knows where it was written.
//!
//! Reading follows the library with which Helm reads YAML (sigs.k8s.io/yaml over go-yaml v2).

mod block;
mod documents;
pub mod emit;
mod path;
mod raw;
mod read;
pub mod scalar;
mod syntax;

pub use documents::{Ends, documents, without_blank_end};
pub use path::Path;
pub use read::{Document, Limits, decode, read, read_documents, read_entries, read_part};

use std::fmt;

use foldhash::quality::RandomState;
use indexmap::IndexMap;

use crate::source::Span;

/// A value with the place where it was written.
#[derive(Clone, Debug)]
pub struct Node {
    /// What it is.
    pub kind: Kind,
    /// Where it was written.
    pub span: Span,
}

/// What a node is.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// `null`, `~` or nothing.
    Null,
    /// A boolean, by any of YAML 1.1's words.
    Bool(bool),
    /// An integer, exact.
    Int(i128),
    /// A number with a fraction or an exponent, or beyond 128 bits.
    Float(f64),
    /// A string.
    Text(String),
    /// A sequence.
    List(Vec<Node>),
    /// A mapping, in the order of the text.
    Map(Map),
}

/// A mapping whose keys know their place too, in the order of the text.
#[derive(Clone)]
pub struct Map(Entries);

/// Most maps are small: to look at all keys of one is faster than a table of hashes, and to make it much
/// faster.
#[derive(Clone)]
enum Entries {
    Few(Vec<(String, Entry)>),
    Many(Box<IndexMap<String, Entry, RandomState>>),
}

/// How many entries are few.
const FEW: usize = 16;

/// A key's place and its value.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Where the key was written.
    pub key: Span,
    /// The value.
    pub value: Node,
}

impl Map {
    /// A mapping without entries.
    pub fn new() -> Self {
        Self::default()
    }

    /// A mapping of entries whose keys differ.
    fn of_distinct(entries: Vec<(String, Entry)>) -> Self {
        Self(if entries.len() <= FEW {
            Entries::Few(entries)
        } else {
            Entries::Many(Box::new(entries.into_iter().collect()))
        })
    }

    /// The number of entries.
    pub fn len(&self) -> usize {
        match &self.0 {
            Entries::Few(entries) => entries.len(),
            Entries::Many(entries) => entries.len(),
        }
    }

    /// Whether there are no entries.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.entry(key).map(|entry| &entry.value)
    }

    /// The value of a key, to change it.
    pub fn get_mut(&mut self, key: &str) -> Option<&mut Node> {
        self.entry_mut(key).map(|entry| &mut entry.value)
    }

    /// A key's place and value.
    pub fn entry(&self, key: &str) -> Option<&Entry> {
        match &self.0 {
            Entries::Few(entries) => {
                entries.iter().find(|(known, _)| known == key).map(|(_, entry)| entry)
            }
            Entries::Many(entries) => entries.get(key),
        }
    }

    fn entry_mut(&mut self, key: &str) -> Option<&mut Entry> {
        match &mut self.0 {
            Entries::Few(entries) => {
                entries.iter_mut().find(|(known, _)| known == key).map(|(_, entry)| entry)
            }
            Entries::Many(entries) => entries.get_mut(key),
        }
    }

    /// Sets a key; one that was there keeps its position, and its old entry is returned.
    pub fn insert(&mut self, key: impl Into<String>, place: Span, value: Node) -> Option<Entry> {
        let (key, entry) = (key.into(), Entry { key: place, value });
        if let Entries::Few(entries) = &mut self.0 {
            if let Some((_, known)) = entries.iter_mut().find(|(known, _)| *known == key) {
                return Some(std::mem::replace(known, entry));
            }
            if entries.len() < FEW {
                entries.push((key, entry));
                return None;
            }
            self.0 = Entries::Many(Box::new(std::mem::take(entries).into_iter().collect()));
        }
        match &mut self.0 {
            Entries::Many(entries) => entries.insert(key, entry),
            Entries::Few(_) => None,
        }
    }

    /// Removes a key; the order of the others stays.
    pub fn remove(&mut self, key: &str) -> Option<Entry> {
        match &mut self.0 {
            Entries::Few(entries) => {
                let at = entries.iter().position(|(known, _)| known == key)?;
                Some(entries.remove(at).1)
            }
            Entries::Many(entries) => entries.shift_remove(key),
        }
    }

    /// Removes the entries whose value is not wanted.
    pub fn retain(&mut self, mut wanted: impl FnMut(&Node) -> bool) {
        match &mut self.0 {
            Entries::Few(entries) => entries.retain(|(_, entry)| wanted(&entry.value)),
            Entries::Many(entries) => entries.retain(|_, entry| wanted(&entry.value)),
        }
    }

    /// Keys and values in order.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (&str, &Node)> {
        self.entries().map(|(key, entry)| (key, &entry.value))
    }

    /// Keys and values in order, to change the values.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = (&str, &mut Node)> {
        let (few, many) = match &mut self.0 {
            Entries::Few(entries) => (Some(entries), None),
            Entries::Many(entries) => (None, Some(entries)),
        };
        let few = few.into_iter().flatten().map(|(key, entry)| (&*key, entry));
        let many = many.into_iter().flat_map(|entries| entries.iter_mut());
        few.chain(many).map(|(key, entry)| (key.as_str(), &mut entry.value))
    }

    /// Keys with their places and values, in order.
    pub fn entries(&self) -> impl DoubleEndedIterator<Item = (&str, &Entry)> {
        let (few, many) = match &self.0 {
            Entries::Few(entries) => (entries.as_slice(), None),
            Entries::Many(entries) => (&[][..], Some(entries)),
        };
        let few = few.iter().map(|(key, entry)| (key, entry));
        let many = many.into_iter().flat_map(|entries| entries.iter());
        few.chain(many).map(|(key, entry)| (key.as_str(), entry))
    }

    /// The keys in order.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.entries().map(|(key, _)| key)
    }
}

impl fmt::Debug for Map {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.entries()).finish()
    }
}

impl Default for Map {
    fn default() -> Self {
        Self(Entries::Few(Vec::new()))
    }
}

/// Equal meaning: the same keys with the same values, in any order and at any place.
impl PartialEq for Map {
    fn eq(&self, other: &Self) -> bool {
        self.len() == other.len() && self.iter().all(|(k, v)| other.get(k) == Some(v))
    }
}

impl IntoIterator for Map {
    type Item = (String, Entry);
    type IntoIter = std::vec::IntoIter<(String, Entry)>;

    fn into_iter(self) -> Self::IntoIter {
        match self.0 {
            Entries::Few(entries) => entries.into_iter(),
            Entries::Many(entries) => entries.into_iter().collect::<Vec<_>>().into_iter(),
        }
    }
}

/// Equal meaning, wherever it was written.
impl PartialEq for Node {
    fn eq(&self, other: &Self) -> bool {
        self.kind == other.kind
    }
}

impl Node {
    /// A node of a kind at a place.
    pub fn new(kind: Kind, span: Span) -> Self {
        Self { kind, span }
    }

    /// An empty mapping at a place.
    pub fn empty_map(span: Span) -> Self {
        Self::new(Kind::Map(Map::new()), span)
    }

    /// The mapping that it is.
    pub fn as_map(&self) -> Option<&Map> {
        if let Kind::Map(map) = &self.kind { Some(map) } else { None }
    }

    /// The mapping that it is, to change it.
    pub fn as_map_mut(&mut self) -> Option<&mut Map> {
        if let Kind::Map(map) = &mut self.kind { Some(map) } else { None }
    }

    /// The list that it is.
    pub fn as_list(&self) -> Option<&[Node]> {
        if let Kind::List(list) = &self.kind { Some(list) } else { None }
    }

    /// The text that it is.
    pub fn as_str(&self) -> Option<&str> {
        if let Kind::Text(text) = &self.kind { Some(text) } else { None }
    }

    /// The boolean that it is.
    pub fn as_bool(&self) -> Option<bool> {
        if let Kind::Bool(value) = self.kind { Some(value) } else { None }
    }

    /// The integer that it is.
    pub fn as_int(&self) -> Option<i128> {
        if let Kind::Int(value) = self.kind { Some(value) } else { None }
    }

    /// Whether it is null.
    pub fn is_null(&self) -> bool {
        matches!(self.kind, Kind::Null)
    }

    /// The entry of a key, when it is a mapping that has it.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.as_map()?.get(key)
    }

    /// The path of keys to the smallest value that holds a place, such as `nats.tls.cert`; none if the place is in
    /// another source, or in no value below this one.
    pub fn key_at(&self, place: &Span) -> Option<String> {
        let holds = |node: &Self| {
            let span = &node.span;
            span.source().name() == place.source().name()
                && span.start() <= place.start()
                && place.start() < span.end().max(span.start() + 1)
        };
        let below = |name: String, node: &Self| {
            let rest = node.key_at(place);
            let is_list = rest.as_ref().is_some_and(|rest| rest.starts_with('['));
            match rest {
                Some(rest) if is_list => Some(format!("{name}{rest}")),
                Some(rest) => Some(format!("{name}.{rest}")),
                None => holds(node).then_some(name),
            }
        };
        match &self.kind {
            Kind::Map(map) => map.iter().find_map(|(key, node)| below(key.to_owned(), node)),
            Kind::List(list) => {
                list.iter().enumerate().find_map(|(at, node)| below(format!("[{at}]"), node))
            }
            _ => None,
        }
    }

    /// The word for its kind in messages: `a boolean`, `a list` …
    pub fn kind_word(&self) -> &'static str {
        match self.kind {
            Kind::Null => "null",
            Kind::Bool(_) => "a boolean",
            Kind::Int(_) => "an integer",
            Kind::Float(_) => "a number",
            Kind::Text(_) => "a string",
            Kind::List(_) => "a list",
            Kind::Map(_) => "a map",
        }
    }
}

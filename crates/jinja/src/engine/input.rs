//! Values as templates see them: maps and lists that log which of their entries are read.
//!
//! Where a printed value was written follows from that: a list, a map or a string is known by its identity, which
//! it keeps on its way through variables, macros, filters and new maps; another scalar by the log.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use foldhash::quality::RandomState;
use minijinja::value::{Enumerator, Object, ObjectExt, ObjectRepr, Value, ValueKind};

use super::{Rendered, bounds};
use jinnacle_syntax::source::Span;
use jinnacle_syntax::yaml::{Kind, Node};

/// What the templates of a chart did in a render: which values they read, and which templates they included as strings.
#[derive(Debug, Default)]
pub struct Log {
    containers: AtomicU32,
    reads: Mutex<Vec<Read>>,
    included: Mutex<Vec<(Value, Arc<Rendered>)>>,
    /// The bytes of what is included.
    size: AtomicU32,
}

/// An entry of a map or a list that was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Read {
    container: u32,
    entry: u32,
}

/// More reads than these are not logged.
const READS: usize = 1 << 20;

impl Log {
    /// A node as templates see it, whose reads are logged here.
    pub fn value(self: &Arc<Self>, node: &Node) -> Value {
        match &node.kind {
            Kind::List(list) => {
                let id = self.container();
                let items = list.iter().map(|node| self.value(node)).collect();
                Value::from_object(List { id, items, log: Arc::clone(self) })
            }
            Kind::Map(map) => {
                let id = self.container();
                let entries: Vec<(Arc<str>, Value)> =
                    map.iter().map(|(key, node)| (key.into(), self.value(node))).collect();
                let index = match entries.len() {
                    0..=FEW => HashMap::default(),
                    _ => (0..).zip(&entries).map(|(at, (key, _))| (Arc::clone(key), at)).collect(),
                };
                Value::from_object(Map { id, entries, index, log: Arc::clone(self) })
            }
            // Not a short string within the value: each string has an address by which it is known.
            Kind::Text(text) => Value::from(Arc::<str>::from(text.as_str())),
            _ => super::to_value(node),
        }
    }

    fn container(&self) -> u32 {
        self.containers.fetch_add(1, Ordering::Relaxed)
    }

    fn read(&self, container: u32, entry: usize) {
        let mut reads = self.reads.lock().unwrap_or_else(PoisonError::into_inner);
        if reads.len() < READS
            && let Ok(entry) = u32::try_from(entry)
        {
            reads.push(Read { container, entry });
        }
    }

    /// How many reads there were so far.
    pub fn count(&self) -> usize {
        self.reads.lock().unwrap_or_else(PoisonError::into_inner).len()
    }

    /// The reads so far, in order.
    pub fn reads(&self) -> Vec<Read> {
        self.reads.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The text of a template as the value that another includes; the log keeps what printed it.
    pub fn include(&self, rendered: Rendered) -> Value {
        let text = Value::from(Arc::<str>::from(rendered.text.as_str()));
        let size = u32::try_from(rendered.text.len()).unwrap_or(u32::MAX);
        let before = self.size.fetch_add(size, Ordering::Relaxed);
        if before.saturating_add(size) as usize <= bounds::PRINTED {
            let mut included = self.included.lock().unwrap_or_else(PoisonError::into_inner);
            included.push((text.clone(), Arc::new(rendered)));
        }
        text
    }

    /// The rendered template whose text a value is.
    pub fn included(&self, value: &Value) -> Option<Arc<Rendered>> {
        let included = self.included.lock().unwrap_or_else(PoisonError::into_inner);
        let address = address(value)?;
        let found = included.iter().find(|(text, _)| self::address(text) == Some(address));
        found.map(|(_, rendered)| Arc::clone(rendered))
    }
}

/// The log itself is a value that the engine can look up.
impl Object for Log {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }
}

/// A map of more entries has an index.
const FEW: usize = 16;

#[derive(Debug)]
struct Map {
    id: u32,
    entries: Vec<(Arc<str>, Value)>,
    /// The number of the entry by its key, in large maps.
    index: HashMap<Arc<str>, usize, RandomState>,
    log: Arc<Log>,
}

impl Object for Map {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        self.get_value_by_str(key.as_str()?)
    }

    fn get_value_by_str(self: &Arc<Self>, key: &str) -> Option<Value> {
        let at = match self.index.is_empty() {
            true => self.entries.iter().position(|(known, _)| **known == *key)?,
            false => *self.index.get(key)?,
        };
        self.log.read(self.id, at);
        Some(self.entries[at].1.clone())
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        self.mapped_rev_key_value_enumerator(|map| {
            Box::new(map.entries.iter().enumerate().map(|(at, (key, value))| {
                map.log.read(map.id, at);
                (Value::from(key), value.clone())
            }))
        })
    }

    fn enumerator_len(self: &Arc<Self>) -> Option<usize> {
        Some(self.entries.len())
    }
}

#[derive(Debug)]
struct List {
    id: u32,
    items: Vec<Value>,
    log: Arc<Log>,
}

impl Object for List {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Seq
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        let at = key.as_usize()?;
        let item = self.items.get(at)?.clone();
        self.log.read(self.id, at);
        Some(item)
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::Seq(self.items.len())
    }
}

/// An entry of a map or a list, as it is looked at to explain a place: that is no read.
pub struct Entry {
    /// The key, in a map.
    pub key: Option<Value>,
    /// The value.
    pub value: Value,
    /// What a read of it would log, in the values of the chart.
    pub read: Option<Read>,
}

/// The entries of a map or a list; of another value, none.
pub fn entries(value: &Value) -> Vec<Entry> {
    let read =
        |container: u32, entry: usize| Some(Read { container, entry: u32::try_from(entry).ok()? });
    if let Some(map) = value.downcast_object_ref::<Map>() {
        let entries = map.entries.iter().enumerate();
        let entry = |(at, (key, value)): (usize, &(Arc<str>, Value))| Entry {
            key: Some(Value::from(key)),
            value: value.clone(),
            read: read(map.id, at),
        };
        return entries.map(entry).collect();
    }
    if let Some(list) = value.downcast_object_ref::<List>() {
        let items = list.items.iter().enumerate();
        let entry = |(at, item): (usize, &Value)| Entry {
            key: None,
            value: item.clone(),
            read: read(list.id, at),
        };
        return items.map(entry).collect();
    }
    let items = value.try_iter().into_iter().flatten();
    match value.kind() {
        ValueKind::Map => items
            .map(|key| {
                let value = value.get_item(&key).unwrap_or_default();
                Entry { key: Some(key), value, read: None }
            })
            .collect(),
        ValueKind::Seq | ValueKind::Iterable => {
            items.map(|value| Entry { key: None, value, read: None }).collect()
        }
        _ => Vec::new(),
    }
}

/// The values of a chart with the places where they were written.
pub struct Input {
    value: Value,
    node: Arc<Node>,
    /// What the templates did with them.
    pub log: Arc<Log>,
    index: OnceLock<Index>,
}

#[derive(Default)]
struct Index {
    entries: HashMap<Read, Written>,
    /// The places of maps and lists by their numbers.
    containers: HashMap<u32, Span>,
    /// The entries whose key or value is a string at an address.
    keys: HashMap<usize, Read>,
    values: HashMap<usize, Read>,
}

/// An entry as it was written.
pub struct Written {
    /// The key, in a map, and its place.
    pub key: Option<(Arc<str>, Span)>,
    /// The value.
    pub value: Value,
    /// Its place.
    pub span: Span,
}

impl Input {
    /// The values that a log made of a node.
    pub fn new(value: Value, node: Arc<Node>, log: Arc<Log>) -> Arc<Self> {
        Arc::new(Self { value, node, log, index: OnceLock::new() })
    }

    /// The entry that was read.
    pub fn written(&self, read: Read) -> Option<&Written> {
        self.index().entries.get(&read)
    }

    /// The place of a map, a list, a string or a key that is one of the values, not a copy.
    pub fn place(&self, value: &Value) -> Option<&Span> {
        let index = self.index();
        if let Some(id) = id(value) {
            return index.containers.get(&id);
        }
        let address = address(value)?;
        if let Some(read) = index.values.get(&address) {
            return Some(&index.entries.get(read)?.span);
        }
        let (_, span) = index.entries.get(index.keys.get(&address)?)?.key.as_ref()?;
        Some(span)
    }

    fn index(&self) -> &Index {
        self.index.get_or_init(|| {
            let mut index = Index::default();
            index.add(&self.value, &self.node);
            index
        })
    }
}

impl Index {
    fn add(&mut self, value: &Value, node: &Node) {
        let nodes: Vec<(Option<&Span>, &Node)> = match &node.kind {
            Kind::List(list) => list.iter().map(|node| (None, node)).collect(),
            Kind::Map(map) => {
                map.entries().map(|(_, entry)| (Some(&entry.key), &entry.value)).collect()
            }
            _ => return,
        };
        self.containers.extend(id(value).map(|id| (id, node.span.clone())));
        for (entry, (key_span, node)) in entries(value).into_iter().zip(nodes) {
            let Some(read) = entry.read else { continue };
            self.add(&entry.value, node);
            self.values.extend(address(&entry.value).map(|address| (address, read)));
            self.keys.extend(entry.key.as_ref().and_then(address).map(|address| (address, read)));
            let key = entry.key.and_then(|key| key.to_str()).zip(key_span.cloned());
            let written = Written { key, value: entry.value, span: node.span.clone() };
            self.entries.insert(read, written);
        }
    }
}

/// The number of a map or a list of the values.
fn id(value: &Value) -> Option<u32> {
    let map = value.downcast_object_ref::<Map>().map(|map| map.id);
    map.or_else(|| value.downcast_object_ref::<List>().map(|list| list.id))
}

/// Where a string is in memory: copies of a value share it.
fn address(value: &Value) -> Option<usize> {
    value.as_str().filter(|text| !text.is_empty()).map(|text| text.as_ptr().addr())
}

//! Nodes as they are written, with aliases and merge keys, and the tree that they mean.

use std::collections::HashSet;
use std::ops::Range;
use std::sync::Arc;

use super::{Kind, Map, Node};
use crate::diagnostic::{Diagnostic, rule};
use crate::source::{Source, Span};

/// A node as it is written.
pub(super) struct Raw {
    /// Its bytes in the source.
    pub at: Range<usize>,
    pub kind: RawKind,
}

/// What is written; other nodes are meant by their index.
pub(super) enum RawKind {
    /// A collection whose end has not been seen.
    Unfinished,
    Scalar(Kind),
    List(Vec<usize>),
    Map(Vec<RawEntry>),
    Alias(usize),
}

/// A key and its value.
pub(super) struct RawEntry {
    pub key: Key,
    /// The bytes of the key.
    pub at: Range<usize>,
    pub value: usize,
}

/// The key of an entry.
pub(super) enum Key {
    Text(String),
    /// `<<`: takes over the entries of its value.
    Merge,
}

/// The tree below a raw node, with what is to be said about it.
pub(super) fn tree(
    source: &Arc<Source>,
    nodes: &[Raw],
    root: usize,
    depth: usize,
    warnings: &mut Vec<Diagnostic>,
) -> Result<Node, Box<Diagnostic>> {
    let mut tree = Tree { source, nodes, depth, warnings, following: 0, made: 0, aliased: 0 };
    tree.node(root, 0)
}

/// The error of a source that nests too deep.
pub(super) fn too_deep(depth: usize, place: &Span) -> Diagnostic {
    Diagnostic::error(rule!("yaml/limit"), format!("nesting too deep: more than {depth} levels"))
        .at(place)
}

struct Tree<'a> {
    source: &'a Arc<Source>,
    nodes: &'a [Raw],
    depth: usize,
    warnings: &'a mut Vec<Diagnostic>,
    /// How many aliases are being followed.
    following: usize,
    /// How many nodes have been made, and how many of them by way of an alias.
    made: usize,
    aliased: usize,
}

impl Tree<'_> {
    fn node(&mut self, index: usize, depth: usize) -> Result<Node, Box<Diagnostic>> {
        self.count(index)?;
        let nodes = self.nodes;
        let span = self.span(&nodes[index].at);
        match &nodes[index].kind {
            RawKind::Scalar(kind) => Ok(Node::new(kind.clone(), span)),
            RawKind::Alias(target) => {
                self.following += 1;
                let node = self.node(*target, depth);
                self.following -= 1;
                node
            }
            _ if depth >= self.depth => Err(Box::new(too_deep(self.depth, &span))),
            RawKind::List(items) => {
                let mut list = Vec::with_capacity(items.len());
                for &item in items {
                    list.push(self.node(item, depth + 1)?);
                }
                Ok(Node::new(Kind::List(list), span))
            }
            RawKind::Map(entries) => {
                let mut map = Map::new();
                self.fill(entries, &mut map, depth + 1)?;
                Ok(Node::new(Kind::Map(map), span))
            }
            RawKind::Unfinished => unreachable!("a document ends after its collections"),
        }
    }

    /// Puts entries into a map in the order of the text: what comes later wins, be it a key or what `<<`
    /// takes over. So does go-yaml v2, against the specification.
    fn fill(
        &mut self,
        entries: &[RawEntry],
        map: &mut Map,
        depth: usize,
    ) -> Result<(), Box<Diagnostic>> {
        let merges = entries.iter().any(|entry| matches!(entry.key, Key::Merge));
        let mut explicit = HashSet::new();
        for entry in entries {
            let place = self.span(&entry.at);
            match &entry.key {
                Key::Text(key) => {
                    self.made += 1;
                    let value = self.node(entry.value, depth)?;
                    let first = map.insert(key.as_str(), place.clone(), value);
                    if let Some(first) = first.filter(|_| !merges || explicit.contains(key)) {
                        self.warn_duplicate(key, &place, &first.key);
                    }
                    if merges {
                        explicit.insert(key);
                    }
                }
                Key::Merge => {
                    let mut taken = Map::new();
                    self.merge(entry.value, &mut taken, depth)?;
                    for (key, entry) in taken {
                        if explicit.contains(&key) {
                            self.warn_merge(&key, &place, map, &entry.value);
                        }
                        map.insert(key, entry.key, entry.value);
                    }
                }
            }
        }
        Ok(())
    }

    /// Takes over the entries of `<<`'s value; of several maps the first takes precedence.
    fn merge(&mut self, index: usize, map: &mut Map, depth: usize) -> Result<(), Box<Diagnostic>> {
        match &self.nodes[index].kind {
            RawKind::List(items) => {
                items.iter().rev().try_for_each(|&item| self.merge_one(item, map, depth))
            }
            _ => self.merge_one(index, map, depth),
        }
    }

    fn merge_one(
        &mut self,
        index: usize,
        map: &mut Map,
        depth: usize,
    ) -> Result<(), Box<Diagnostic>> {
        self.count(index)?;
        let nodes = self.nodes;
        let aliased = match nodes[index].kind {
            RawKind::Alias(target) => Some(target),
            _ => None,
        };
        let RawKind::Map(entries) = &nodes[aliased.unwrap_or(index)].kind else {
            let error =
                Diagnostic::error(rule!("yaml/value"), "`<<`: expected a map or a list of maps");
            return Err(Box::new(error.at(&self.span(&nodes[index].at))));
        };
        let Some(target) = aliased else { return self.fill(entries, map, depth) };
        self.following += 1;
        self.count(target)?;
        self.fill(entries, map, depth)?;
        self.following -= 1;
        Ok(())
    }

    /// Counts as go-yaml does, whose limit on the share of aliases this is (`allowedAliasRatio`).
    fn count(&mut self, index: usize) -> Result<(), Box<Diagnostic>> {
        const LOW: f64 = 400_000.0;
        const HIGH: f64 = 4_000_000.0;
        self.made += 1;
        self.aliased += usize::from(self.following > 0);
        let (made, aliased) = (self.made as f64, self.aliased as f64);
        let allowed = 0.99 - 0.89 * ((made - LOW) / (HIGH - LOW)).clamp(0.0, 1.0);
        if self.aliased > 100 && self.made > 1000 && aliased / made > allowed {
            let error = Diagnostic::error(rule!("yaml/limit"), "aliases expand to too much text");
            return Err(Box::new(error.at(&self.span(&self.nodes[index].at))));
        }
        Ok(())
    }

    /// A map is checked where it is written, not again where an alias repeats it.
    fn warn_duplicate(&mut self, key: &str, place: &Span, first: &Span) {
        if self.following == 0 {
            let message = format!("duplicate key `{key}`: the last one is used");
            self.warnings.push(
                Diagnostic::warning(rule!("yaml/duplicate-key"), message)
                    .at(place)
                    .related(first, "first set here")
                    .help("remove one of them"),
            );
        }
    }

    fn warn_merge(&mut self, key: &str, place: &Span, map: &Map, value: &Node) {
        let replaced = map.entry(key).filter(|entry| entry.value != *value);
        if let Some(replaced) = replaced.filter(|_| self.following == 0) {
            let message = format!("`<<` replaces the previous key `{key}`");
            self.warnings.push(
                Diagnostic::warning(rule!("yaml/merge-order"), message)
                    .at(place)
                    .related(&replaced.key, "the replaced key")
                    .help("move `<<` to the top of the map"),
            );
        }
    }

    fn span(&self, at: &Range<usize>) -> Span {
        Span::new(self.source, at.start, at.end)
    }
}

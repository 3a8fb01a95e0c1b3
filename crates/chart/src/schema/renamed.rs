//! Keys that a chart does not have and that are known from elsewhere: its other series, other charts, tutorials.

use std::sync::Arc;

use jinnacle_syntax::diagnostic::{Diagnostic, Fix, rule};
use jinnacle_syntax::yaml::{Entry, Map, Node};

use super::moved;

/// What a key that is known from elsewhere is called in a chart.
#[derive(Clone, Copy)]
pub enum Instead {
    /// A key of the chart; what is below goes with it.
    Key(&'static str),
    /// Nothing of the kind: what to do.
    Gone(&'static str),
}

/// The keys that a chart has under other names.
pub struct Renamed {
    /// By path. Of rows that match, the longest counts; what it gives may be looked up once more.
    pub keys: &'static [(&'static str, Instead)],
    /// Endings that are the same at every place.
    pub endings: &'static [(&'static str, Instead)],
    /// Who has the keys below names at the top, as a message says it.
    pub owners: &'static [(&'static [&'static str], &'static str)],
}

impl Renamed {
    /// What is to be said of a key that the chart does not have, which is in a map: a finding for each part that has
    /// become something of its own; none if the key is not known from elsewhere either.
    pub fn explain(&self, path: &str, entry: &Entry, map: &Map, values: &Node) -> Vec<Diagnostic> {
        let mut found = Vec::new();
        if self.instead(path).is_some() {
            self.parts(path, entry, map, values, &mut found);
        }
        found
    }

    fn parts(
        &self,
        path: &str,
        entry: &Entry,
        map: &Map,
        values: &Node,
        found: &mut Vec<Diagnostic>,
    ) {
        let instead = self.instead(path);
        // What goes into the map that the one above has become is not moved as a whole.
        let is_merged =
            path.rsplit_once('.').is_some_and(|(above, _)| self.instead(above) == instead);
        let is_in_parts = |below: &&Map| {
            is_merged && !below.is_empty() || self.differs_below(path, &entry.value, &instead)
        };
        if let Some(below) = entry.value.as_map().filter(is_in_parts) {
            for (key, entry) in below.entries() {
                self.parts(&format!("{path}.{key}"), entry, below, values, found);
            }
            return;
        }
        let root = path.split('.').next().unwrap_or(path);
        let owner = self.owners.iter().find(|(roots, _)| roots.contains(&root));
        let words = match (owner, &instead) {
            (Some((_, words)), _) => words,
            (None, Some(Ok(_))) => "at another place in this chart",
            (None, _) => "unknown key",
        };
        let mut finding =
            Diagnostic::error(rule!("values/other-generation"), format!("`{path}`: {words}"))
                .at(&entry.key);
        finding = match &instead {
            Some(Ok(key)) => finding.help(format!("write `{key}`")),
            Some(Err(words)) => finding.help(*words),
            None => finding.help("leave it out"),
        };
        if let Some(Ok(key)) = &instead {
            finding.fix = match renamed(path, key) {
                Some(name) if is_written_beside(map, name, entry) => None,
                Some(name) => Some(Fix::replace(&entry.key, name)),
                None => moved::fix(values, path, key),
            };
        }
        found.push(finding);
    }

    /// Whether any part of a map has become something else than the whole.
    fn differs_below(
        &self,
        path: &str,
        value: &Node,
        whole: &Option<Result<String, &'static str>>,
    ) -> bool {
        let Some(map) = value.as_map() else { return false };
        map.iter().any(|(key, value)| {
            let path = format!("{path}.{key}");
            let expected = match whole {
                Some(Ok(whole)) => Some(Ok(format!("{whole}.{key}"))),
                other => other.clone(),
            };
            self.instead(&path) != expected || self.differs_below(&path, value, &expected)
        })
    }

    /// The key to write instead, or the words that say what to do.
    pub fn instead(&self, path: &str) -> Option<Result<String, &'static str>> {
        let mut path = path.to_owned();
        let mut known = false;
        while let Some((prefix, instead)) = self.row(&path) {
            match instead {
                Instead::Key(key) => path = format!("{key}{}", &path[prefix.len()..]),
                Instead::Gone(words) => return Some(Err(words)),
            }
            known = true;
        }
        for (ending, instead) in self.endings {
            match (path.strip_suffix(ending), *instead) {
                (Some(start), Instead::Key(key)) => return Some(Ok(format!("{start}{key}"))),
                (Some(_), Instead::Gone(words)) => return Some(Err(words)),
                (None, _) => {}
            }
        }
        known.then_some(Ok(path))
    }

    /// The row of a path, or of the nearest map above it.
    fn row(&self, path: &str) -> Option<(&'static str, Instead)> {
        self.keys
            .iter()
            .filter(|(known, _)| {
                path.strip_prefix(known)
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
            })
            .max_by_key(|(known, _)| known.len())
            .copied()
    }
}

/// The new name of a key that stays in its map.
fn renamed<'k>(old: &str, new: &'k str) -> Option<&'k str> {
    let (old_map, _) = old.rsplit_once('.').unwrap_or(("", old));
    let (new_map, name) = new.rsplit_once('.').unwrap_or(("", new));
    (old_map == new_map).then_some(name)
}

/// Whether the user has written a key in the same file too.
fn is_written_beside(map: &Map, name: &str, entry: &Entry) -> bool {
    map.entry(name).is_some_and(|other| Arc::ptr_eq(other.key.source(), entry.key.source()))
}

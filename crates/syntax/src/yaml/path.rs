//! What is at a path of keys: `nats.jetstream.enabled`, or `["metadata", "labels", "a.b/c"]` where a key has dots.

use super::{Entry, Map, Node};

/// A path of keys: one string with dots between them, or the keys one by one.
pub trait Path<'k> {
    /// The keys, from the outermost on.
    fn keys(self) -> impl Iterator<Item = &'k str>;
}

impl<'k> Path<'k> for &'k str {
    fn keys(self) -> impl Iterator<Item = &'k str> {
        self.split('.')
    }
}

/// A reference to a path, as iterators give it.
impl<'k, P: Path<'k> + Copy> Path<'k> for &P {
    fn keys(self) -> impl Iterator<Item = &'k str> {
        (*self).keys()
    }
}

impl<'k> Path<'k> for &'k String {
    fn keys(self) -> impl Iterator<Item = &'k str> {
        self.split('.')
    }
}

impl<'k> Path<'k> for &'k [&'k str] {
    fn keys(self) -> impl Iterator<Item = &'k str> {
        self.iter().copied()
    }
}

impl<'k, const N: usize> Path<'k> for &'k [&'k str; N] {
    fn keys(self) -> impl Iterator<Item = &'k str> {
        self.iter().copied()
    }
}

impl Node {
    /// The node at a path; none where it is missing or null.
    pub fn at<'k>(&self, path: impl Path<'k>) -> Option<&Self> {
        path.keys().try_fold(self, |node, key| node.get(key)).filter(|node| !node.is_null())
    }

    /// The entry at a path: the place of its key and its value, which may be null.
    pub fn entry_at<'k>(&self, path: impl Path<'k>) -> Option<&Entry> {
        let mut keys = path.keys();
        let first = self.as_map()?.entry(keys.next()?);
        keys.try_fold(first?, |entry, key| entry.value.as_map()?.entry(key))
    }

    /// The string at a path; empty where it is missing or something else.
    pub fn str_at<'k>(&self, path: impl Path<'k>) -> &str {
        self.at(path).and_then(Self::as_str).unwrap_or_default()
    }

    /// The string at a path, unless it is missing, empty or something else.
    pub fn text_at<'k>(&self, path: impl Path<'k>) -> Option<&str> {
        Some(self.str_at(path)).filter(|text| !text.is_empty())
    }

    /// The entries of the list at a path; none where it is missing or something else.
    pub fn list_at<'k>(&self, path: impl Path<'k>) -> &[Self] {
        self.at(path).and_then(Self::as_list).unwrap_or_default()
    }

    /// The map at a path.
    pub fn map_at<'k>(&self, path: impl Path<'k>) -> Option<&Map> {
        self.at(path)?.as_map()
    }

    /// The integer at a path.
    pub fn int_at<'k>(&self, path: impl Path<'k>) -> Option<i128> {
        self.at(path)?.as_int()
    }

    /// Whether the boolean at a path is true; a missing one is not.
    pub fn is_true<'k>(&self, path: impl Path<'k>) -> bool {
        self.at(path).and_then(Self::as_bool) == Some(true)
    }
}

#[cfg(test)]
mod tests {
    use crate::source::Source;
    use crate::yaml::{Limits, read};

    #[test]
    fn paths_lead_to_values_of_the_wanted_type() {
        let text = "a: {b: x, num: 3, none: null, sure: true, 'k.l/m': z, list: [1]}";
        let root = read(&Source::new("t.yaml", text), &Limits::default()).unwrap().root;
        assert_eq!((root.str_at("a.b"), root.str_at("a.num"), root.str_at("a.c.d")), ("x", "", ""));
        assert_eq!((root.text_at("a.b"), root.text_at("a.none")), (Some("x"), None));
        assert_eq!(root.str_at(&["a", "k.l/m"]), "z");
        assert_eq!(
            (root.int_at("a.num"), root.is_true("a.sure"), root.is_true("a.num")),
            (Some(3), true, false)
        );
        assert_eq!((root.list_at("a.list").len(), root.list_at("a.b").len()), (1, 0));
        assert!(root.map_at("a").is_some() && root.at("a.none").is_none());
        assert_eq!(root.entry_at("a.none").unwrap().key.text(), "none");
        assert!(root.entry_at("a.c.d").is_none() && root.entry_at("a.b.c").is_none());
    }
}

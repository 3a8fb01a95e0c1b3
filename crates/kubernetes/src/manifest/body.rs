//! What a manifest holds, read as far as it is asked for.

use std::ops::{Deref, Range};
use std::sync::{Arc, OnceLock};

use jinnacle_syntax::source::Source;
use jinnacle_syntax::yaml::{self, Limits, Node};

/// The entries that say what a manifest is.
const HEAD: [&str; 3] = ["apiVersion", "kind", "metadata"];

/// A parsed document, of which at first only its head may have been read. What is known to be sound is read
/// whole when it is looked at: `*body` is all of it.
#[derive(Clone, Debug)]
pub struct Body {
    head: Node,
    /// The rest, if the head is not all.
    rest: Option<Rest>,
}

#[derive(Clone, Debug)]
struct Rest {
    text: Arc<Source>,
    part: Range<usize>,
    whole: OnceLock<Node>,
}

impl Body {
    /// The document in a part of a source, if one pass over it shows that it can be read without errors and
    /// warnings.
    pub(super) fn unread(text: &Arc<Source>, part: Range<usize>) -> Option<Self> {
        let head = yaml::read_entries(text, part.clone(), &HEAD)?;
        let rest = Rest { text: Arc::clone(text), part, whole: OnceLock::new() };
        Some(Self { head, rest: Some(rest) })
    }

    /// The document with at least its `apiVersion`, `kind` and `metadata`.
    pub fn head(&self) -> &Node {
        &self.head
    }
}

impl Deref for Body {
    type Target = Node;

    fn deref(&self) -> &Node {
        let Some(Rest { text, part, whole }) = &self.rest else { return &self.head };
        whole.get_or_init(|| {
            yaml::read_part(text, part.clone(), &Limits::default())
                .map_or_else(|_| self.head.clone(), |document| document.root)
        })
    }
}

impl From<Node> for Body {
    fn from(whole: Node) -> Self {
        Self { head: whole, rest: None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_is_read_when_it_is_looked_at() {
        let text = Source::new("t.yaml", "kind: A\nspec: {b: [1]}\nmetadata: {name: c}\n");
        let body = Body::unread(&text, 0..text.text().len()).unwrap();
        assert!(body.head().get("spec").is_none());
        assert_eq!(body.head().at("metadata.name").unwrap().span.to_string(), "t.yaml:3:18");
        assert_eq!(body.at("spec.b").unwrap().span.to_string(), "t.yaml:2:11");
        assert_eq!(body.at("metadata.name"), body.head().at("metadata.name"));
    }

    #[test]
    fn what_the_whole_reader_has_to_see_is_read_at_once() {
        for text in
            ["kind: A\nspec: {b: 1, b: 2}\n", "kind: A\nb: *c\n", "- a\n", "kind: A\n b: 1\n"]
        {
            let text = Source::new("t.yaml", text);
            assert!(Body::unread(&text, 0..text.text().len()).is_none(), "{}", text.text());
        }
    }
}

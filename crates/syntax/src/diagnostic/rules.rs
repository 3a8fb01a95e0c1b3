//! Rules: their ids, and the page of each: what it finds, why that matters, an example, and what to write instead.

use std::fmt;
use std::str::FromStr;

use super::nearest;

/// The pages as people read them, a section each.
const PAGES: &str = include_str!("../../rules.md");

/// What a section begins with.
const HEADING: &str = "\n## ";

/// The ids of all rules, in the order of the document.
const IDS: [RuleId; count()] = ids();

/// The id of a rule, `stage/problem`, such as `schema/type`. Every id has a page; [`rule!`](crate::rule) makes one.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RuleId(&'static str);

/// The id of a rule. It does not compile without a page of the rule in `docs/rules.md`.
#[macro_export]
macro_rules! rule {
    ($id:literal) => {
        const { $crate::diagnostic::RuleId::new($id) }
    };
}

impl RuleId {
    /// The id with these letters.
    ///
    /// # Panics
    /// There is no such rule. [`rule!`](crate::rule) makes that a compile error.
    pub const fn new(id: &str) -> Self {
        let mut at = 0;
        while at < IDS.len() {
            if is_equal(IDS[at].0.as_bytes(), id.as_bytes()) {
                return IDS[at];
            }
            at += 1;
        }
        panic!("docs/rules.md has no section for this rule")
    }

    /// All rules, in the order of the document.
    pub fn all() -> impl Iterator<Item = Self> {
        IDS.into_iter()
    }

    /// The id as people write it.
    pub const fn as_str(self) -> &'static str {
        self.0
    }
}

impl FromStr for RuleId {
    type Err = String;

    fn from_str(id: &str) -> Result<Self, String> {
        if let Some(known) = Self::all().find(|known| known.0 == id) {
            return Ok(known);
        }
        Err(match nearest(id, Self::all().map(Self::as_str)) {
            Some(meant) => format!("unknown rule `{id}`, did you mean `{meant}`?"),
            None => format!("unknown rule `{id}`"),
        })
    }
}

impl fmt::Display for RuleId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.0)
    }
}

impl fmt::Debug for RuleId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.0, f)
    }
}

/// What is to be known of a rule.
#[derive(Clone, Copy, Debug)]
pub struct Page {
    /// The rule.
    pub id: RuleId,
    /// The text in Markdown, without the heading.
    pub text: &'static str,
}

impl Page {
    /// The first sentence.
    pub fn summary(&self) -> &'static str {
        self.text.lines().next().unwrap_or("")
    }
}

/// The page of a rule.
pub fn page(id: &str) -> Option<Page> {
    pages().find(|page| page.id.0 == id)
}

/// Every page, in the order of the document.
pub fn pages() -> impl Iterator<Item = Page> {
    let texts = PAGES.split(HEADING).skip(1);
    RuleId::all()
        .zip(texts)
        .map(|(id, section)| Page { id, text: section.get(id.0.len()..).unwrap_or("").trim() })
}

/// The number of sections.
const fn count() -> usize {
    let mut count = 0;
    let mut rest = after_heading(PAGES);
    while let Some(section) = rest {
        count += 1;
        rest = after_heading(section);
    }
    count
}

/// The headings of all sections.
const fn ids() -> [RuleId; count()] {
    let mut ids = [RuleId(""); count()];
    let mut at = 0;
    let mut rest = after_heading(PAGES);
    while let Some(section) = rest {
        let id = first_line(section);
        assert!(is_id(id.as_bytes()), "a section of docs/rules.md is not headed `stage/problem`");
        ids[at] = RuleId(id);
        at += 1;
        rest = after_heading(section);
    }
    ids
}

/// The text behind the next heading's mark.
const fn after_heading(text: &str) -> Option<&str> {
    let mut rest = text.as_bytes();
    while rest.len() >= HEADING.len() {
        if rest[0] == b'\n' && is_equal(rest.split_at(HEADING.len()).0, HEADING.as_bytes()) {
            return Some(text.split_at(text.len() - rest.len() + HEADING.len()).1);
        }
        rest = rest.split_at(1).1;
    }
    None
}

const fn first_line(text: &str) -> &str {
    let bytes = text.as_bytes();
    let mut end = 0;
    while end < bytes.len() && bytes[end] != b'\n' {
        end += 1;
    }
    text.split_at(end).0
}

/// Whether it is two words in lower case, possibly with hyphens, and a slash between them.
const fn is_id(id: &[u8]) -> bool {
    let mut slashes = 0;
    let mut at = 0;
    while at < id.len() {
        match id[at] {
            b'a'..=b'z' => {}
            b'-' | b'/' if at == 0 || at + 1 == id.len() => return false,
            b'-' => {}
            b'/' => slashes += 1,
            _ => return false,
        }
        at += 1;
    }
    slashes == 1
}

const fn is_equal(a: &[u8], b: &[u8]) -> bool {
    if a.len() != b.len() {
        return false;
    }
    let mut at = 0;
    while at < a.len() {
        if a[at] != b[at] {
            return false;
        }
        at += 1;
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_what_follows_the_heading_of_its_rule() {
        for page in pages() {
            let section = format!("{HEADING}{}\n\n{}\n", page.id, page.text);
            assert!(PAGES.contains(&section), "{}", page.id);
            assert_eq!(page.id.as_str().parse(), Ok(page.id));
        }
        assert!(!is_id(b"a") && !is_id(b"a/") && !is_id(b"a/b/c") && !is_id(b""));
    }
}

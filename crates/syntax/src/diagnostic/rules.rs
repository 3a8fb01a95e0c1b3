//! Rules: their ids, and the page of each: what it finds, why that matters, an example, and what to write instead.

use std::fmt;
use std::str::FromStr;

use super::nearest;

/// The pages as people read them, a section each.
const PAGES: &str = include_str!("../../rules.md");

/// What a section begins with.
const HEADING: &str = "\n## ";

/// The ids of all rules, in the order of the document.
const IDS: &[RuleId] = &include!(concat!(env!("OUT_DIR"), "/rules.rs"));

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
        IDS.iter().copied()
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
    }

    #[test]
    fn an_id_is_a_stage_and_a_problem() {
        let is_word = |word: &str| {
            let is_inside =
                word.starts_with(char::is_alphabetic) && word.ends_with(char::is_alphabetic);
            is_inside && word.chars().all(|c| c.is_ascii_lowercase() || c == '-')
        };
        for id in RuleId::all() {
            let parts = id.as_str().split_once('/');
            assert!(
                parts.is_some_and(|(stage, problem)| is_word(stage) && is_word(problem)),
                "{id}"
            );
        }
        assert!(RuleId::all().count() > 100);
    }
}

//! The page of every rule: what it finds, why that matters, an example, and what to write instead.

/// The pages as people read them, a section each.
const PAGES: &str = include_str!("../../rules.md");

/// What is to be known of a rule.
#[derive(Clone, Copy, Debug)]
pub struct Page {
    /// The rule: `stage/problem`.
    pub id: &'static str,
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
    pages().find(|page| page.id == id)
}

/// Every page, in the order of the document.
pub fn pages() -> impl Iterator<Item = Page> {
    PAGES.split("\n## ").skip(1).filter_map(|section| {
        let (id, text) = section.split_once('\n')?;
        Some(Page { id: id.trim(), text: text.trim() })
    })
}

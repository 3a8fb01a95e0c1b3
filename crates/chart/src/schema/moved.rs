//! Moving an entry of a values file to another path: the lines concerned, and no other.

use std::ops::Range;
use std::sync::Arc;

use jinnacle_syntax::diagnostic::Fix;
use jinnacle_syntax::source::{Source, Span};
use jinnacle_syntax::yaml::{Entry, Map, Node};

/// The change that moves what is at one path to another; none when it is not plain how: in flow maps,
/// where something is at the new path, or where comments would lose what they speak of.
pub(super) fn fix(values: &Node, old: &str, new: &str) -> Option<Fix> {
    let old: Vec<&str> = old.split('.').collect();
    let new: Vec<&str> = new.split('.').collect();
    let from = chain(values, &old, None);
    let entry = *from.last().filter(|_| from.len() == old.len())?;
    let source = entry.key.source();
    let to = chain(values, &new, Some(source));
    if to.len() == new.len() || !from.iter().all(|entry| own(entry, source)) {
        return None;
    }
    let moved = Lines::of(source, entry)?;
    let (at, column) = match to.last() {
        Some(parent) => inside(source, parent)?,
        None => (source.text().len(), 0),
    };
    // What goes away in front of the new place would take it along.
    let shared = from.iter().zip(&to).take_while(|(a, b)| std::ptr::eq(**a, **b)).count();
    let gone = emptied(values, &from, shared, source)?;
    if gone.start < at && at < gone.end {
        return None;
    }
    let missing = &new[to.len()..];
    let mut text = String::new();
    if at > 0 && !source.text()[..at].ends_with('\n') {
        text.push_str(moved.line_break);
    }
    let step = 2;
    for (depth, key) in missing.iter().enumerate() {
        let blanks = " ".repeat(column + depth * step);
        text.push_str(&format!("{blanks}{key}:"));
        if depth + 1 < missing.len() {
            text.push_str(moved.line_break);
        }
    }
    text.push_str(&moved.value_at(column + (missing.len() - 1) * step)?);
    let edits = vec![
        (Span::new(source, gone.start, gone.end), String::new()),
        (Span::new(source, at, at), text),
    ];
    Some(Fix { edits })
}

/// The entries on the way to a path, as far as they go; of one source only, if one is given.
fn chain<'n>(values: &'n Node, path: &[&str], source: Option<&Arc<Source>>) -> Vec<&'n Entry> {
    let mut found: Vec<&Entry> = Vec::new();
    let mut at = values;
    for key in path {
        let entry = at.as_map().and_then(|map| map.entry(key));
        let Some(entry) = entry.filter(|entry| source.is_none_or(|source| own(entry, source)))
        else {
            break;
        };
        found.push(entry);
        at = &entry.value;
    }
    found
}

fn own(entry: &Entry, source: &Arc<Source>) -> bool {
    Arc::ptr_eq(entry.key.source(), source)
}

fn written<'m>(map: &'m Map, source: &'m Arc<Source>) -> impl Iterator<Item = &'m Entry> {
    map.entries().map(|(_, entry)| entry).filter(move |entry| own(entry, source))
}

/// The lines of an entry that is alone in them.
struct Lines<'s> {
    start: usize,
    end: usize,
    /// Where the key is in its line.
    column: usize,
    /// What is after the colon, with the lines below.
    rest: &'s str,
    line_break: &'static str,
}

impl<'s> Lines<'s> {
    fn of(source: &'s Arc<Source>, entry: &Entry) -> Option<Self> {
        let text = source.text();
        let start = text[..entry.key.start()].rfind('\n').map_or(0, |at| at + 1);
        let column = entry.key.start() - start;
        let bare = text[start..entry.key.start()].bytes().all(|b| b == b' ');
        let last = entry.key.end().max(entry.value.span.end());
        // A block text ends with its line break.
        let last = if text[..last].ends_with('\n') { last - 1 } else { last };
        let end = text[last..].find('\n').map_or(text.len(), |at| last + at + 1);
        let behind = text[last..end].trim();
        let rest = text[entry.key.end()..end].strip_prefix(':')?;
        let here = Arc::ptr_eq(entry.value.span.source(), source)
            && entry.value.span.start() >= entry.key.end();
        let alone = bare && here && (behind.is_empty() || behind.starts_with('#'));
        let line_break = if text[start..end].contains("\r\n") { "\r\n" } else { "\n" };
        alone.then_some(Self { start, end, column, rest, line_break })
    }

    /// What is after the key, when that is moved to another column.
    fn value_at(&self, column: usize) -> Option<String> {
        let mut lines = self.rest.split_inclusive('\n');
        let mut text = lines.next().unwrap_or("").to_owned();
        for line in lines {
            let blank = line.trim().is_empty();
            let bare = if blank { line.trim_start_matches(' ') } else { line.get(self.column..)? };
            if !blank && !line[..self.column].bytes().all(|b| b == b' ') {
                return None;
            }
            if !blank {
                text.push_str(&" ".repeat(column));
            }
            text.push_str(bare);
        }
        if !text.ends_with('\n') {
            text.push_str(self.line_break);
        }
        Some(text)
    }
}

/// The first place inside of a block map, and the column of its keys.
fn inside(source: &Arc<Source>, parent: &Entry) -> Option<(usize, usize)> {
    let first = written(parent.value.as_map()?, source).min_by_key(|entry| entry.key.start())?;
    if parent.value.span.text().starts_with('{') || first.key.start() < parent.key.end() {
        return None;
    }
    let line = Lines::of(source, first)?;
    (line.start > parent.key.end()).then_some((line.start, line.column))
}

/// The lines that go away: those of the entry, and of the maps that would be left empty, but for those that
/// the new path goes through.
fn emptied(
    values: &Node,
    from: &[&Entry],
    shared: usize,
    source: &Arc<Source>,
) -> Option<Range<usize>> {
    let mut depth = from.len() - 1;
    let count = |depth: usize| {
        let map = if depth == 0 { values } else { &from[depth - 1].value };
        map.as_map().map_or(0, |map| written(map, source).count())
    };
    while depth > shared && count(depth) == 1 {
        depth -= 1;
    }
    let lines = Lines::of(source, from[depth])?;
    let inner = Lines::of(source, from[from.len() - 1])?;
    // A comment between the two would be lost.
    let between = &source.text()[lines.start..inner.start];
    let silent = !between.contains('#') && source.text()[inner.end..lines.end].trim().is_empty();
    silent.then_some(lines.start..lines.end)
}

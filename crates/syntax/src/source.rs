//! Sources of text and places in them.

mod bytes;

use std::fmt;
use std::io::Read as _;
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, OnceLock};

use flate2::read::DeflateDecoder;

pub use bytes::{LARGEST, file, stdin};

/// Text with a name: a values file, standard input, a `--set` argument, a template, rendered output.
pub struct Source {
    name: String,
    /// Computed when it is asked for first, if it is packed.
    text: OnceLock<String>,
    /// The text, deflated.
    packed: &'static [u8],
    /// Byte offset at which each line begins; computed when a place is asked for first.
    lines: OnceLock<Vec<usize>>,
}

impl Source {
    /// A source under the name that messages show, usually the path as the user typed it.
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Arc<Self> {
        let text = OnceLock::from(text.into());
        Arc::new(Self { name: name.into(), text, packed: &[], lines: OnceLock::new() })
    }

    /// A source whose text is in the program, deflated by its build script: one that few runs look at.
    pub fn packed(name: impl Into<String>, packed: &'static [u8]) -> Arc<Self> {
        let (text, lines) = (OnceLock::new(), OnceLock::new());
        Arc::new(Self { name: name.into(), text, packed, lines })
    }

    /// The name that messages show.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The whole text.
    pub fn text(&self) -> &str {
        self.text.get_or_init(|| {
            let mut text = String::new();
            let mut inflated = DeflateDecoder::new(self.packed);
            inflated.read_to_string(&mut text).expect("the build script deflates text");
            text
        })
    }

    /// The place of a byte offset; an offset after the end gives the end.
    pub fn place(&self, offset: usize) -> Place {
        let mut offset = offset.min(self.text().len());
        while !self.text().is_char_boundary(offset) {
            offset -= 1;
        }
        let line = self.lines().partition_point(|&start| start <= offset);
        let start = self.lines()[line - 1];
        Place { line, column: self.text()[start..offset].chars().count() + 1 }
    }

    /// The text of a line, counted from 1, without its line break; empty after the end.
    pub fn line(&self, number: usize) -> &str {
        let Some(&start) = number.checked_sub(1).and_then(|n| self.lines().get(n)) else {
            return "";
        };
        self.text()[start..].lines().next().unwrap_or("")
    }

    /// The byte offset at which a line begins, counted from 1; the end of the text after the last line.
    pub fn line_start(&self, number: usize) -> usize {
        number
            .checked_sub(1)
            .and_then(|n| self.lines().get(n).copied())
            .unwrap_or(self.text().len())
    }

    fn lines(&self) -> &[usize] {
        self.lines.get_or_init(|| {
            std::iter::once(0)
                .chain(self.text().match_indices('\n').map(|(at, _)| at + 1))
                .collect()
        })
    }
}

impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

/// A line and a column, both counted from 1; columns count characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}

/// A stretch of a source, in bytes. It keeps its source alive, so it can be shown at any later time.
#[derive(Clone)]
pub struct Span {
    source: Arc<Source>,
    // There are as many spans as nodes and keys: half the bytes matter, and no string is as long as 4 GiB.
    start: u32,
    end: u32,
}

impl Span {
    /// The bytes from `start` to `end` of a source.
    pub fn new(source: &Arc<Source>, start: usize, end: usize) -> Self {
        let short = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        Self { source: Arc::clone(source), start: short(start), end: short(end.max(start)) }
    }

    /// The whole of a source.
    pub fn whole(source: &Arc<Source>) -> Self {
        Self::new(source, 0, source.text().len())
    }

    /// The source in which the span lies.
    pub fn source(&self) -> &Arc<Source> {
        &self.source
    }

    /// The byte at which the span begins, that of a whole character.
    pub fn start(&self) -> usize {
        let text = self.source.text();
        (0..=(self.start as usize).min(text.len()))
            .rev()
            .find(|&at| text.is_char_boundary(at))
            .unwrap_or(0)
    }

    /// The byte after the span's last, that of a whole character.
    pub fn end(&self) -> usize {
        let text = self.source.text();
        let end = (self.end as usize).min(text.len());
        (end..=text.len()).find(|&at| text.is_char_boundary(at)).unwrap_or(end)
    }

    /// The line and column at which the span begins.
    pub fn place(&self) -> Place {
        self.source.place(self.start as usize)
    }

    /// The line and column after the span's last character; spaces at its end do not count.
    pub fn end_place(&self) -> Place {
        self.source.place(self.start as usize + self.text().trim_end().len())
    }

    /// A source for the text that a scalar here means, each line of it where it is in this source, so
    /// that a place in the one is the place in the other. None if lines of the text are no lines here.
    pub fn inside(&self, text: &str) -> Option<Arc<Source>> {
        let place = self.place();
        let is_block = self.text().starts_with('|');
        let (line, indent) = if is_block {
            let first = self.text().lines().skip(1).find(|line| !line.trim().is_empty())?;
            (place.line + 1, first.len() - first.trim_start_matches(' ').len())
        } else if text.contains('\n') {
            return None;
        } else {
            (place.line, place.column - 1 + usize::from(self.text().starts_with(['"', '\''])))
        };
        let mut there = "\n".repeat(line - 1);
        for line in text.lines() {
            if !line.is_empty() {
                there.extend(std::iter::repeat_n(' ', indent));
                there.push_str(line);
            }
            there.push('\n');
        }
        Some(Source::new(self.source.name(), there))
    }

    /// The text of the span, as it was written.
    pub fn text(&self) -> &str {
        &self.source.text()[self.start()..self.end()]
    }
}

impl fmt::Debug for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

/// `file:line:column`, as editors and terminals link it.
impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.source.name(), self.place())
    }
}

/// A path without `.` and, where a directory is known, without `..`; links are not followed.
pub fn normalized(path: &Path) -> PathBuf {
    let mut normalized = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir if normalized.file_name().is_some() => {
                normalized.pop();
            }
            Component::ParentDir if normalized.has_root() => {}
            part => normalized.push(part),
        }
    }
    normalized
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_count_lines_and_characters_from_one() {
        let source = Source::new("v.yaml", "a: é\nb: x\n");
        let place = |text: &str| source.place(source.text().find(text).unwrap()).to_string();
        assert_eq!(place("a"), "1:1");
        assert_eq!(place("é"), "1:4");
        assert_eq!(place("\nb"), "1:5");
        assert_eq!(place("x"), "2:4");
        assert_eq!(source.place(99).to_string(), "3:1");
    }

    #[test]
    fn a_span_shows_its_text_and_place() {
        let source = Source::new("v.yaml", "a: é\nb: x\n");
        let span = Span::new(&source, 9, 10);
        assert_eq!((span.text(), span.to_string().as_str()), ("x", "v.yaml:2:4"));
        assert_eq!((source.line(1), source.line(2), source.line(9)), ("a: é", "b: x", ""));
    }
}

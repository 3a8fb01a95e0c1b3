//! The YAML that nearly every values file and manifest is written in, read in one pass.
//!
//! Block maps and lists, scalars on one line, literal blocks, lists and maps in brackets on one line: no anchors, no
//! tags, nothing over several lines but `|`. Of anything else this reader gives nothing, and the whole one
//! reads the text instead, which also words all errors and warnings. A test holds both to the same trees.

use std::ops::Range;
use std::sync::Arc;

use memchr::{memchr, memrchr};

use super::scalar::{self, Scalar};
use super::{Kind, Map, Node};
use crate::source::{Source, Span};

/// How many collections within each other are read here.
pub(super) const DEPTH: usize = 48;

/// How many brackets within each other are read here.
const SHORT: usize = 8;

/// The root of the only document in a stretch of a text, if all of it is of the common kind and it is a map
/// or a list.
pub(super) fn read(source: &Arc<Source>, range: &Range<usize>) -> Option<Node> {
    let bytes = &source.text().as_bytes()[..range.end];
    if !bytes[range.start..].iter().all(is_common) || has_rare_character(&bytes[range.start..]) {
        return None;
    }
    // A stretch that begins within a line has lost its first column.
    if range.start > 0 && bytes[range.start - 1] != b'\n' {
        return None;
    }
    let mut reader = Reader { source, bytes, at: range.start, column: 0, depth: 0 };
    if bytes[range.start..].starts_with(b"---\n") {
        reader.at += 3;
    }
    reader.line();
    let root = reader.block()?;
    reader.is_done().then_some(root)
}

/// Line feeds are the only control characters.
fn is_common(byte: &u8) -> bool {
    matches!(byte, b'\n' | b' '..=b'~' | 0x80..)
}

/// Whether there is a line break or a control character beyond ASCII, a byte order mark among them. It may
/// find one too many, but misses none.
fn has_rare_character(bytes: &[u8]) -> bool {
    let rare = |next: &[u8]| {
        matches!(next, [0xC2, ..0xA0, ..] | [0xE2, 0x80, 0xA8 | 0xA9, ..] | [0xEF, ..])
    };
    !bytes.is_ascii() && (0..bytes.len()).any(|at| rare(&bytes[at..]))
}

struct Reader<'a> {
    source: &'a Arc<Source>,
    /// The text up to the end of the stretch.
    bytes: &'a [u8],
    /// The byte that is read next.
    at: usize,
    /// How far from the margin the line began that is read, or the entry of a list on it.
    column: usize,
    depth: usize,
}

impl Reader<'_> {
    /// Goes on to the next line that holds more than a comment, behind the rest of this one.
    fn line(&mut self) {
        let mut begin = self.at;
        loop {
            let blanks = self.blanks(begin);
            match self.bytes.get(blanks) {
                Some(b'\n') => begin = blanks + 1,
                Some(b'#') => begin = self.line_end(blanks),
                _ => {
                    self.column = blanks - self.line_start(blanks);
                    self.at = blanks;
                    return;
                }
            }
        }
    }

    fn is_done(&self) -> bool {
        self.at >= self.bytes.len()
    }

    fn line_start(&self, at: usize) -> usize {
        memrchr(b'\n', &self.bytes[..at]).map_or(0, |line_break| line_break + 1)
    }

    /// The offset of the line break at or behind a byte.
    fn line_end(&self, at: usize) -> usize {
        memchr(b'\n', &self.bytes[at..]).map_or(self.bytes.len(), |length| at + length)
    }

    /// The first byte at or behind `at` that is no blank.
    fn blanks(&self, at: usize) -> usize {
        let length = self.bytes[at..].iter().position(|byte| *byte != b' ');
        length.map_or(self.bytes.len(), |length| at + length)
    }

    /// Whether nothing but a comment is on the line from here on; one needs a blank before it.
    fn line_is_over(&self, at: usize) -> bool {
        let next = self.blanks(at);
        match self.bytes.get(next) {
            None | Some(b'\n') => true,
            Some(b'#') => next > at,
            Some(_) => false,
        }
    }

    fn is_blank(&self, at: usize) -> bool {
        matches!(self.bytes.get(at), None | Some(b' ' | b'\n'))
    }

    fn is_entry(&self) -> bool {
        self.bytes.get(self.at) == Some(&b'-') && self.is_blank(self.at + 1)
    }

    fn node(&self, kind: Kind, range: Range<usize>) -> Node {
        Node::new(kind, Span::new(self.source, range.start, range.end))
    }

    fn text(&self, range: Range<usize>) -> &str {
        &self.source.text()[range]
    }

    /// The map or list that begins here.
    fn block(&mut self) -> Option<Node> {
        self.depth += 1;
        if self.depth > DEPTH || self.is_done() {
            return None;
        }
        let node = if self.is_entry() { self.list() } else { self.map() };
        self.depth -= 1;
        node
    }

    fn map(&mut self) -> Option<Node> {
        let (start, column) = (self.at, self.column);
        let mut map = Map::new();
        let mut end = start;
        while !self.is_done() && self.column == column {
            let (key, place) = self.key()?;
            let value = self.value_behind(column, true)?;
            end = value.span.end();
            if map.insert(key, place, value).is_some() {
                return None;
            }
        }
        (self.is_done() || self.column < column).then(|| self.node(Kind::Map(map), start..end))
    }

    fn list(&mut self) -> Option<Node> {
        let (start, column) = (self.at, self.column);
        let mut items = Vec::new();
        while !self.is_done() && self.column == column && self.is_entry() {
            self.at += 1;
            items.push(self.value_behind(column, false)?);
        }
        let end = items.last()?.span.end();
        (self.is_done() || self.column <= column).then(|| self.node(Kind::List(items), start..end))
    }

    /// What stands behind a key's colon or a dash: on the line, on deeper lines below, or nothing.
    fn value_behind(&mut self, column: usize, is_entry_of_map: bool) -> Option<Node> {
        let sign_end = self.at;
        if self.line_is_over(self.at) {
            self.line();
            let is_deeper =
                self.column > column || is_entry_of_map && self.column == column && self.is_entry();
            return match !self.is_done() && is_deeper {
                true => self.block(),
                false => Some(self.node(Kind::Null, sign_end..sign_end)),
            };
        }
        self.at = self.blanks(self.at);
        if !is_entry_of_map && self.begins_key() {
            self.column = self.at - self.line_start(self.at);
            return self.block();
        }
        let node = self.scalar(column)?;
        if !self.is_done() && self.column > column { None } else { Some(node) }
    }

    /// A key with the colon behind it.
    fn key(&mut self) -> Option<(String, Span)> {
        let (text, range) = self.key_at(self.at)?;
        let key = text.to_owned();
        self.at = range.end + 1;
        Some((key, Span::new(self.source, range.start, range.end)))
    }

    fn begins_key(&self) -> bool {
        self.key_at(self.at).is_some()
    }

    /// The key that stands at a byte, before a colon, with its bytes.
    fn key_at(&self, start: usize) -> Option<(&str, Range<usize>)> {
        let (text, end) = match self.bytes.get(start)? {
            b'"' | b'\'' => {
                let end = self.quoted_end(start)?;
                (self.text(start + 1..end - 1), end)
            }
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'_' | b'/' | b'.' => {
                let length = self.bytes[start..].iter().position(|byte| !is_word(*byte))?;
                let text = self.text(start..start + length);
                if scalar::resolve(text) != Scalar::Text {
                    return None;
                }
                (text, start + length)
            }
            _ => return None,
        };
        (end - start < 512 && self.bytes.get(end) == Some(&b':') && self.is_blank(end + 1))
            .then_some((text, start..end))
    }

    /// A value that begins on this line, up to the line behind it.
    fn scalar(&mut self, column: usize) -> Option<Node> {
        if self.bytes[self.at] == b'|' {
            return self.literal(column);
        }
        let start = self.at;
        let (kind, end) = match self.bytes[start] {
            b'"' | b'\'' => {
                let end = self.quoted_end(start)?;
                (Kind::Text(self.text(start + 1..end - 1).to_owned()), end)
            }
            b'{' => self.short_map(start, SHORT)?,
            b'[' => self.short_list(start, SHORT)?,
            _ => self.plain(start)?,
        };
        if !self.line_is_over(end) {
            return None;
        }
        self.at = end;
        self.line();
        Some(self.node(kind, start..end))
    }

    fn behind(&self, at: usize, sign: u8) -> Option<usize> {
        (self.bytes.get(at) == Some(&sign)).then_some(at + 1)
    }

    /// The byte behind a text in quotes that has no escape in it and ends on its line.
    fn quoted_end(&self, start: usize) -> Option<usize> {
        let quote = self.bytes[start];
        let ends = |byte: &u8| *byte == quote || matches!(byte, b'\\' | b'\n');
        let end = start + 1 + self.bytes[start + 1..].iter().position(ends)?;
        // Single quotes know no escape but themselves, twice.
        let is_whole = self.bytes[end] == quote && self.bytes.get(end + 1) != Some(&quote);
        is_whole.then_some(end + 1)
    }

    /// A word, a text in quotes, or more brackets, on one line.
    fn short(&self, at: usize, depth: usize) -> Option<Node> {
        let (kind, end) = match self.bytes.get(at)? {
            b'"' | b'\'' => {
                let end = self.quoted_end(at)?;
                (Kind::Text(self.text(at + 1..end - 1).to_owned()), end)
            }
            b'[' => self.short_list(at, depth)?,
            b'{' => self.short_map(at, depth)?,
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' => {
                let length = self.bytes[at..].iter().position(|byte| !is_word(*byte))?;
                (self.plain_kind(at..at + length)?, at + length)
            }
            _ => return None,
        };
        Some(self.node(kind, at..end))
    }

    /// A list in brackets.
    fn short_list(&self, start: usize, depth: usize) -> Option<(Kind, usize)> {
        let mut items = Vec::new();
        let mut at = self.blanks(start + 1);
        if let Some(end) = self.behind(at, b']') {
            return Some((Kind::List(items), end));
        }
        loop {
            let item = self.short(at, depth.checked_sub(1)?)?;
            let end = item.span.end();
            items.push(item);
            match self.next_of_brackets(end, b']')? {
                Ok(next) => at = next,
                Err(end) => return Some((Kind::List(items), end)),
            }
        }
    }

    /// A map in braces.
    fn short_map(&self, start: usize, depth: usize) -> Option<(Kind, usize)> {
        let mut map = Map::new();
        let mut at = self.blanks(start + 1);
        if let Some(end) = self.behind(at, b'}') {
            return Some((Kind::Map(map), end));
        }
        loop {
            let (key, place) = self.key_at(at)?;
            let value = self.short(self.blanks(place.end + 1), depth.checked_sub(1)?)?;
            let end = value.span.end();
            let place = Span::new(self.source, place.start, place.end);
            if map.insert(key, place, value).is_some() {
                return None;
            }
            match self.next_of_brackets(end, b'}')? {
                Ok(next) => at = next,
                Err(end) => return Some((Kind::Map(map), end)),
            }
        }
    }

    /// Behind an entry in brackets: where the next begins, or else where the brackets end.
    fn next_of_brackets(&self, at: usize, sign: u8) -> Option<Result<usize, usize>> {
        let at = self.blanks(at);
        match self.bytes.get(at)? {
            b',' if self.bytes.get(at + 1) == Some(&b' ') => Some(Ok(self.blanks(at + 1))),
            found if *found == sign => Some(Err(at + 1)),
            _ => None,
        }
    }

    /// A scalar without quotes that ends on its line.
    fn plain(&self, start: usize) -> Option<(Kind, usize)> {
        let begins = match self.bytes[start] {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' => true,
            b'_' | b'.' | b'/' | b'$' | b'(' | b'+' | b'=' | b'<' | b'~' | b'^' | b';' => true,
            b'-' => !self.is_blank(start + 1),
            _ => false,
        };
        if !begins {
            return None;
        }
        let mut end = start;
        for at in start..self.line_end(start) {
            match self.bytes[at] {
                b' ' => continue,
                b'#' if self.bytes[at - 1] == b' ' => break,
                b':' if self.is_blank(at + 1) => return None,
                _ => end = at + 1,
            }
        }
        Some((self.plain_kind(start..end)?, end))
    }

    fn plain_kind(&self, range: Range<usize>) -> Option<Kind> {
        let text = self.text(range);
        match scalar::resolve(text) {
            Scalar::Float(number) if !number.is_finite() => None,
            scalar => Some(scalar.into_kind(text.to_owned())),
        }
    }

    /// A literal block, up to the line behind it. `column` is that of the map or list around it.
    fn literal(&mut self, column: usize) -> Option<Node> {
        let start = self.at;
        let chomp = self.bytes.get(start + 1).copied().filter(|sign| matches!(sign, b'-' | b'+'));
        let header_end = start + 1 + usize::from(chomp.is_some());
        if !self.line_is_over(header_end) {
            return None;
        }
        let first = self.line_end(header_end) + 1;
        let indent = self.indent(first, column)?;
        let mut text = String::new();
        let mut end = header_end;
        let mut at = first;
        // The line breaks behind the last line that is not empty.
        let mut breaks = 0;
        while at < self.bytes.len() {
            let blanks = self.blanks(at).min(at + indent);
            let line_end = self.line_end(blanks);
            if line_end == self.bytes.len() {
                return None;
            }
            if blanks < at + indent && blanks < line_end {
                break;
            }
            if blanks < line_end {
                text.extend(std::iter::repeat_n('\n', breaks));
                text.push_str(self.text(blanks..line_end));
                breaks = 0;
                end = blanks + self.text(blanks..line_end).trim_end_matches(' ').len();
                end = if end == blanks { self.trimmed(start, blanks) } else { end };
            }
            breaks += 1;
            at = line_end + 1;
        }
        let kept = match chomp {
            Some(b'-') => 0,
            Some(_) => breaks,
            None => breaks.min(usize::from(!text.is_empty())),
        };
        text.extend(std::iter::repeat_n('\n', kept));
        self.at = at.min(self.bytes.len());
        self.line();
        Some(self.node(Kind::Text(text), start..end))
    }

    /// The end of a stretch without the white space behind it.
    fn trimmed(&self, start: usize, end: usize) -> usize {
        start + self.text(start..end).trim_end_matches([' ', '\n']).len()
    }

    /// How far a literal block is shifted from the margin: as its first line with text.
    fn indent(&self, first: usize, column: usize) -> Option<usize> {
        let mut at = first;
        let mut widest = 0;
        while at < self.bytes.len() {
            let blanks = self.blanks(at);
            let width = blanks - at;
            match self.bytes.get(blanks) {
                Some(b'\n') => {
                    widest = widest.max(width);
                    at = blanks + 1;
                }
                Some(_) => return (width > column && widest <= width).then_some(width),
                None => return None,
            }
        }
        None
    }
}

/// The characters of most keys, which mean nothing to YAML at any place in a scalar.
fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b'/')
}

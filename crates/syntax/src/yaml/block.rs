//! The YAML that nearly every values file and manifest is written in, read in one pass.
//!
//! Block maps and lists, scalars of every style, lists and maps in brackets: no anchors, no tags, no rare
//! escapes. Of anything else this reader gives nothing, and the whole one reads the text instead, which also
//! words all errors and warnings. A test holds both to the same trees.

use std::hash::BuildHasher as _;
use std::ops::Range;
use std::sync::Arc;

use foldhash::fast::FixedState;
use memchr::{memchr, memchr3_iter};

use super::scalar::{self, Scalar};
use super::{Entry, Kind, Map, Node};
use crate::source::{Source, Span};

/// How many collections within each other are read here.
pub(super) const DEPTH: usize = 128;

/// How many entries of one map are read here: the search for a second one of the same key takes all before.
const ENTRIES: usize = 4096;

/// The length of a key: the whole reader has its own rules for longer ones.
const KEY: usize = 512;

/// The root of the only document in a stretch of a source, if all of it is of the common kind and it is a map
/// or a list; null if there are only comments.
pub(super) fn read(source: &Arc<Source>, range: &Range<usize>) -> Option<Node> {
    let mut reader = Reader::new(source, range)?;
    let root = if reader.is_empty { reader.nothing() } else { reader.root()? };
    reader.is_done().then_some(root)
}

/// As [`read`], but of the entries of the root, which must be a map, only those of some keys are kept. The
/// others are as well verified.
pub(super) fn read_entries(
    source: &Arc<Source>,
    range: &Range<usize>,
    keys: &[&str],
) -> Option<Node> {
    let mut reader = Reader::new(source, range)?;
    let root = if reader.is_empty { reader.nothing() } else { reader.entries(keys)? };
    reader.is_done().then_some(root)
}

/// What is made of the text: a tree, or nothing if it is only verified.
trait Output: Sized {
    /// Whether the text of scalars is wanted.
    const IS_KEPT: bool;
    /// A key with its value.
    type Entry;

    fn scalar(source: &Arc<Source>, at: Range<usize>, kind: impl FnOnce() -> Kind) -> Self;
    fn list(source: &Arc<Source>, at: Range<usize>, items: Vec<Self>) -> Self;
    fn map(source: &Arc<Source>, at: Range<usize>, entries: Vec<Self::Entry>) -> Self;
    fn entry(source: &Arc<Source>, at: Range<usize>, key: &str, value: Self) -> Self::Entry;
}

impl Output for Node {
    const IS_KEPT: bool = true;
    type Entry = (String, Entry);

    fn scalar(source: &Arc<Source>, at: Range<usize>, kind: impl FnOnce() -> Kind) -> Self {
        Self::new(kind(), Span::new(source, at.start, at.end))
    }

    fn list(source: &Arc<Source>, at: Range<usize>, items: Vec<Self>) -> Self {
        Self::new(Kind::List(items), Span::new(source, at.start, at.end))
    }

    fn map(source: &Arc<Source>, at: Range<usize>, entries: Vec<Self::Entry>) -> Self {
        Self::new(Kind::Map(Map::of_distinct(entries)), Span::new(source, at.start, at.end))
    }

    fn entry(source: &Arc<Source>, at: Range<usize>, key: &str, value: Self) -> Self::Entry {
        (key.to_owned(), Entry { key: Span::new(source, at.start, at.end), value })
    }
}

impl Output for () {
    const IS_KEPT: bool = false;
    type Entry = ();

    fn scalar(_: &Arc<Source>, _: Range<usize>, _: impl FnOnce() -> Kind) {}
    fn list(_: &Arc<Source>, _: Range<usize>, _: Vec<Self>) {}
    fn map(_: &Arc<Source>, _: Range<usize>, _: Vec<Self::Entry>) {}
    fn entry(_: &Arc<Source>, _: Range<usize>, _: &str, (): Self) {}
}

/// Whether all characters are ones that mean the same to every reader. Tabs are among them, since comments and
/// strings hold some; line breaks other than `\n`, control characters and byte order marks are not.
fn is_common(text: &str) -> bool {
    let mut is_ascii = true;
    for chunk in text.as_bytes().chunks(64) {
        // Without a way out of the loop, the compiler takes many bytes at once.
        let (mut rare, mut wide) = (false, false);
        for &byte in chunk {
            rare |= byte < b' ' && byte != b'\n' && byte != b'\t' || byte == 0x7F;
            wide |= byte >= 0x80;
        }
        if rare {
            return false;
        }
        is_ascii &= !wide;
    }
    is_ascii || !has_rare_character(text.as_bytes())
}

/// Whether there is a line break, a control character or a byte order mark beyond ASCII.
fn has_rare_character(bytes: &[u8]) -> bool {
    memchr3_iter(0xC2, 0xE2, 0xEF, bytes).any(|at| {
        matches!(
            &bytes[at..],
            [0xC2, ..0xA0, ..]
                | [0xE2, 0x80, 0xA8 | 0xA9, ..]
                | [0xEF, 0xBB, 0xBF, ..]
                | [0xEF, 0xBF, 0xBE | 0xBF, ..]
        )
    })
}

struct Reader<'a> {
    source: &'a Arc<Source>,
    /// The text up to the end of the stretch.
    text: &'a str,
    bytes: &'a [u8],
    /// The byte that is read next.
    at: usize,
    /// Where the line begins in which that is.
    line: usize,
    /// How far from the margin the line began that is read, or the entry of a list on it.
    column: usize,
    /// The end of the last node.
    end: usize,
    depth: usize,
    /// Whether there is nothing but comments.
    is_empty: bool,
    /// The hashes of the keys of all open maps.
    keys: Vec<u64>,
    /// The text of a scalar that is written otherwise.
    scratch: String,
}

/// A key that was found: the bytes of its text, those with quotes, and the first one after the colon.
struct Key {
    text: Range<usize>,
    at: Range<usize>,
    behind: usize,
}

impl<'a> Reader<'a> {
    fn new(source: &'a Arc<Source>, range: &Range<usize>) -> Option<Self> {
        let text = &source.text()[..range.end];
        // A last line of spaces alone means nothing, not even in a string that keeps its lines.
        let last_line = text.rfind('\n').map_or(range.start, |at| (at + 1).max(range.start));
        let text = if text[last_line..].bytes().all(|byte| byte == b' ') {
            &text[..last_line]
        } else {
            text
        };
        let bytes = text.as_bytes();
        // A stretch that begins within a line has lost its first column.
        let begins_line = range.start == 0 || bytes[range.start - 1] == b'\n';
        if !begins_line || !is_common(&text[range.start..]) {
            return None;
        }
        let mut reader = Self {
            source,
            text,
            bytes,
            at: range.start,
            line: range.start,
            column: 0,
            end: range.start,
            depth: 0,
            is_empty: false,
            keys: Vec::new(),
            scratch: String::new(),
        };
        reader.next_line();
        reader.is_empty = reader.is_done();
        if reader.column == 0 && bytes[reader.at..].starts_with(b"---") {
            if !reader.line_is_over(reader.at + 3) {
                return None;
            }
            reader.at += 3;
            reader.next_line();
        }
        Some(reader)
    }

    /// What a source without nodes is.
    fn nothing(&self) -> Node {
        Node::scalar(self.source, 0..0, || Kind::Null)
    }

    fn root<O: Output>(&mut self) -> Option<O> {
        if matches!(self.bytes.get(self.at), Some(b'{' | b'[')) {
            return self.scalar(0);
        }
        self.block()
    }

    /// The root with the entries of some keys.
    fn entries(&mut self, wanted: &[&str]) -> Option<Node> {
        self.deeper()?;
        let (start, column) = (self.at, self.column);
        let mut entries = Vec::new();
        let mut key = self.key_at(self.at)?;
        loop {
            if wanted.contains(&&self.text[key.text.clone()]) {
                entries.push(self.entry::<Node>(key, column, 0)?);
            } else {
                self.entry::<()>(key, column, 0)?;
            }
            if self.is_done() || self.column != column {
                break;
            }
            key = self.key_at(self.at)?;
        }
        (self.is_done() || self.column < column)
            .then(|| Node::map(self.source, start..self.end, entries))
    }

    /// Goes on to the next line that holds more than a comment, after the rest of this one.
    fn next_line(&mut self) {
        let mut at = self.at;
        loop {
            let next = self.blanks(at);
            match self.bytes.get(next) {
                Some(b'\n') => {
                    at = next + 1;
                    self.line = at;
                }
                Some(b'#') => at = self.line_end(next),
                _ => {
                    self.at = next;
                    self.column = next - self.line;
                    return;
                }
            }
        }
    }

    fn is_done(&self) -> bool {
        self.at >= self.bytes.len()
    }

    /// The offset of the line break at or after a byte.
    fn line_end(&self, at: usize) -> usize {
        memchr(b'\n', &self.bytes[at..]).map_or(self.bytes.len(), |length| at + length)
    }

    /// The first byte at or after `at` that is not a space.
    fn blanks(&self, at: usize) -> usize {
        let length = self.bytes[at..].iter().position(|byte| *byte != b' ');
        length.map_or(self.bytes.len(), |length| at + length)
    }

    /// Whether nothing but a comment is on the line from here on; one needs a space before it.
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

    fn is_entry(&self, at: usize) -> bool {
        self.bytes.get(at) == Some(&b'-') && self.is_blank(at + 1)
    }

    /// Whether a line begins with `---` or `...`, which end a document even within quotes.
    fn is_marker(&self, line: usize) -> bool {
        matches!(self.bytes.get(line..line + 3), Some(b"---" | b"..."))
    }

    /// The map or list that begins here.
    fn block<O: Output>(&mut self) -> Option<O> {
        if self.is_done() {
            return None;
        }
        if self.is_entry(self.at) {
            return self.list();
        }
        let key = self.key_at(self.at)?;
        self.map(key)
    }

    /// The map that begins with a key.
    fn map<O: Output>(&mut self, mut key: Key) -> Option<O> {
        self.deeper()?;
        let (start, column, first) = (key.at.start, self.column, self.keys.len());
        let mut entries = Vec::new();
        loop {
            entries.push(self.entry::<O>(key, column, first)?);
            if self.is_done() || self.column != column {
                break;
            }
            key = self.key_at(self.at)?;
        }
        self.keys.truncate(first);
        self.depth -= 1;
        (self.is_done() || self.column < column)
            .then(|| O::map(self.source, start..self.end, entries))
    }

    /// A key that was found and the value after it; `first` is the first one among the keys of its map.
    fn entry<O: Output>(&mut self, key: Key, column: usize, first: usize) -> Option<O::Entry> {
        let text = &self.text[key.text];
        self.note(text, first)?;
        self.at = key.behind;
        let value = self.value_after(column, true)?;
        Some(O::entry(self.source, key.at, text, value))
    }

    /// Notes a key of a map, unless it has one like it.
    fn note(&mut self, key: &str, first: usize) -> Option<()> {
        let hash = FixedState::default().hash_one(key);
        let known = &self.keys[first..];
        if known.len() >= ENTRIES || known.contains(&hash) {
            return None;
        }
        self.keys.push(hash);
        Some(())
    }

    fn deeper(&mut self) -> Option<()> {
        self.depth += 1;
        (self.depth <= DEPTH).then_some(())
    }

    fn list<O: Output>(&mut self) -> Option<O> {
        self.deeper()?;
        let (start, column) = (self.at, self.column);
        let mut items = Vec::new();
        while !self.is_done() && self.column == column && self.is_entry(self.at) {
            self.at += 1;
            items.push(self.value_after(column, false)?);
        }
        self.depth -= 1;
        (self.is_done() || self.column <= column)
            .then(|| O::list(self.source, start..self.end, items))
    }

    /// What follows a key's colon or a dash: on the line, on deeper lines below, or nothing.
    fn value_after<O: Output>(&mut self, column: usize, is_entry_of_map: bool) -> Option<O> {
        let sign_end = self.at;
        self.at = self.blanks(self.at);
        let is_over = match self.bytes.get(self.at) {
            None | Some(b'\n') => true,
            Some(b'#') => self.at > sign_end,
            Some(_) => false,
        };
        if is_over {
            self.next_line();
            let is_deeper = self.column > column
                || is_entry_of_map && self.column == column && self.is_entry(self.at);
            if self.is_done() || !is_deeper {
                self.end = sign_end;
                return Some(O::scalar(self.source, sign_end..sign_end, || Kind::Null));
            }
            return self.block_or_scalar(column);
        }
        if !is_entry_of_map {
            if self.is_entry(self.at) {
                self.column = self.at - self.line;
                return self.list();
            }
            if let Some(key) = self.key_at(self.at) {
                self.column = self.at - self.line;
                return self.map(key);
            }
        }
        self.last_scalar(column)
    }

    /// A value that begins on a line of its own.
    fn block_or_scalar<O: Output>(&mut self, column: usize) -> Option<O> {
        if self.is_entry(self.at) {
            return self.list();
        }
        match self.key_at(self.at) {
            Some(key) => self.map(key),
            None => self.last_scalar(column),
        }
    }

    /// A scalar after which nothing is as deep as it.
    fn last_scalar<O: Output>(&mut self, column: usize) -> Option<O> {
        let scalar = self.scalar(column)?;
        if !self.is_done() && self.column > column { None } else { Some(scalar) }
    }

    /// The key that is at a byte, before a colon.
    fn key_at(&self, start: usize) -> Option<Key> {
        let (text, end, colon) = match self.bytes.get(start)? {
            b'"' | b'\'' => {
                let end = self.quoted_end(start)?;
                (start + 1..end - 1, end, end)
            }
            _ => {
                let (end, colon) = self.plain_end(start).ok()?;
                let text = &self.text[start..end];
                let is_text = match scalar::resolve(text) {
                    Scalar::Text => text != "<<",
                    Scalar::Int(value) => value.to_string() == text,
                    _ => false,
                };
                if !is_text {
                    return None;
                }
                (start..end, end, colon)
            }
        };
        let is_key = end - start < KEY && self.bytes.get(colon) == Some(&b':');
        (is_key && self.is_blank(colon + 1)).then_some(Key {
            text,
            at: start..end,
            behind: colon + 1,
        })
    }

    /// A value that begins on this line, up to the line after it.
    fn scalar<O: Output>(&mut self, column: usize) -> Option<O> {
        let start = self.at;
        match self.bytes[start] {
            b'|' | b'>' => self.text_block(column),
            b'"' | b'\'' => {
                let node = self.quoted();
                self.over(node)
            }
            b'{' | b'[' => {
                let node = self.brackets();
                self.over(node)
            }
            _ => self.plain(column),
        }
    }

    /// A value after which its line is over.
    fn over<O: Output>(&mut self, node: Option<O>) -> Option<O> {
        let node = node?;
        if !self.line_is_over(self.at) {
            return None;
        }
        self.end = self.at;
        self.next_line();
        Some(node)
    }

    /// The byte after a string in quotes that has no escape in it and ends on its line.
    fn quoted_end(&self, start: usize) -> Option<usize> {
        let quote = self.bytes[start];
        let ends = |byte: &u8| *byte == quote || matches!(byte, b'\\' | b'\n');
        let end = start + 1 + self.bytes[start + 1..].iter().position(ends)?;
        // Single quotes know no escape but themselves, twice.
        let is_whole = self.bytes[end] == quote && self.bytes.get(end + 1) != Some(&quote);
        is_whole.then_some(end + 1)
    }

    /// A string in quotes.
    fn quoted<O: Output>(&mut self) -> Option<O> {
        let start = self.at;
        if let Some(end) = self.quoted_end(start) {
            self.at = end;
            let text = &self.text[start + 1..end - 1];
            return Some(O::scalar(self.source, start..end, || Kind::Text(text.to_owned())));
        }
        self.unquote()?;
        let text = &self.scratch;
        Some(O::scalar(self.source, start..self.at, || Kind::Text(text.clone())))
    }

    /// Puts what a string in quotes means into `scratch`.
    fn unquote(&mut self) -> Option<()> {
        let quote = self.bytes[self.at];
        self.scratch.clear();
        self.at += 1;
        loop {
            let from = self.at;
            let special =
                |byte: &u8| *byte == quote || matches!(byte, b' ' | b'\t' | b'\n' | b'\\');
            self.at = from + self.bytes[from..].iter().position(special)?;
            self.scratch.push_str(&self.text[from..self.at]);
            match self.bytes[self.at] {
                b'\\' if quote == b'\'' => {
                    self.scratch.push('\\');
                    self.at += 1;
                }
                b'\\' => self.escape()?,
                b' ' | b'\t' | b'\n' => self.fold(false)?,
                _ if quote == b'\'' && self.bytes.get(self.at + 1) == Some(&quote) => {
                    self.scratch.push('\'');
                    self.at += 2;
                }
                _ => {
                    self.at += 1;
                    return Some(());
                }
            }
        }
    }

    /// The common escapes of double quotes.
    fn escape(&mut self) -> Option<()> {
        let character = match self.bytes.get(self.at + 1)? {
            b'\n' => {
                self.at += 1;
                return self.fold(true);
            }
            b'n' => '\n',
            b't' => '\t',
            b'r' => '\r',
            b'0' => '\0',
            b'e' => '\u{1B}',
            found @ (b'"' | b'\\' | b' ') => char::from(*found),
            _ => return None,
        };
        self.scratch.push(character);
        self.at += 2;
        Some(())
    }

    /// White space within quotes: kept on a line, and folded over several; nothing is left of an escaped line
    /// break.
    fn fold(&mut self, is_escaped: bool) -> Option<()> {
        let from = self.at;
        let mut breaks = 0;
        loop {
            match self.bytes.get(self.at)? {
                b' ' | b'\t' => self.at += 1,
                b'\n' => {
                    breaks += 1;
                    self.at += 1;
                    self.line = self.at;
                    if self.is_marker(self.at) {
                        return None;
                    }
                }
                _ => break,
            }
        }
        match breaks {
            0 => self.scratch.push_str(&self.text[from..self.at]),
            1 if !is_escaped => self.scratch.push(' '),
            _ => self.scratch.extend(std::iter::repeat_n('\n', breaks - 1)),
        }
        Some(())
    }

    /// A map or list in brackets.
    fn brackets<O: Output>(&mut self) -> Option<O> {
        self.deeper()?;
        let start = self.at;
        let node = if self.bytes[start] == b'{' {
            let entries = self.braces::<O>()?;
            O::map(self.source, start..self.at, entries)
        } else {
            let items = self.square_brackets()?;
            O::list(self.source, start..self.at, items)
        };
        self.depth -= 1;
        Some(node)
    }

    fn square_brackets<O: Output>(&mut self) -> Option<Vec<O>> {
        let mut items = Vec::new();
        self.at += 1;
        while !self.closes(b']')? {
            items.push(self.short()?);
            self.separator(b']')?;
        }
        Some(items)
    }

    fn braces<O: Output>(&mut self) -> Option<Vec<O::Entry>> {
        let first = self.keys.len();
        let mut entries = Vec::new();
        self.at += 1;
        while !self.closes(b'}')? {
            let key = self.short_key()?;
            let text = &self.text[key.text];
            self.note(text, first)?;
            self.at = key.behind;
            self.gap();
            let value = self.short()?;
            entries.push(O::entry(self.source, key.at, text, value));
            self.separator(b'}')?;
        }
        self.keys.truncate(first);
        Some(entries)
    }

    /// The key that is here in braces, before a colon.
    fn short_key(&self) -> Option<Key> {
        let start = self.at;
        if !matches!(self.bytes.get(start)?, b'"' | b'\'') {
            let end = self.word_end(start)?;
            // A colon without a space would belong to the word.
            return self.key_at(start).filter(|key| key.at.end == end);
        }
        let end = self.quoted_end(start)?;
        let is_key = end - start < KEY && self.bytes.get(end) == Some(&b':');
        is_key.then_some(Key { text: start + 1..end - 1, at: start..end, behind: end + 1 })
    }

    /// A word, a string in quotes, or more brackets, within brackets.
    fn short<O: Output>(&mut self) -> Option<O> {
        let start = self.at;
        match self.bytes.get(start)? {
            b'"' | b'\'' => self.quoted(),
            b'[' | b'{' => self.brackets(),
            _ => {
                self.at = self.word_end(start)?;
                self.resolved(&self.text[start..self.at], start..self.at)
            }
        }
    }

    /// The byte after a word within brackets.
    fn word_end(&self, start: usize) -> Option<usize> {
        let begins = match self.bytes.get(start)? {
            b'-' | b'.' => start > self.line && !self.is_blank(start + 1),
            b'*' | b'!' | b'&' | b'%' | b'@' | b'|' | b'>' => false,
            byte => is_word(*byte),
        };
        let length = self.bytes[start..].iter().position(|byte| !is_word(*byte))?;
        begins.then_some(start + length)
    }

    /// Goes on to the next byte within brackets that is not a space, line break or comment.
    fn gap(&mut self) {
        while let Some(byte) = self.bytes.get(self.at) {
            match byte {
                b' ' => self.at += 1,
                b'\n' => {
                    self.at += 1;
                    self.line = self.at;
                }
                b'#' if matches!(self.bytes[self.at - 1], b' ' | b'\n') => {
                    self.at = self.line_end(self.at);
                }
                _ => return,
            }
        }
    }

    /// Whether brackets end here.
    fn closes(&mut self, bracket: u8) -> Option<bool> {
        self.gap();
        let closes = *self.bytes.get(self.at)? == bracket;
        self.at += usize::from(closes);
        Some(closes)
    }

    /// The comma after an entry in brackets, or their end, which stays.
    fn separator(&mut self, bracket: u8) -> Option<()> {
        self.gap();
        match *self.bytes.get(self.at)? {
            b',' => self.at += 1,
            found if found == bracket => {}
            _ => return None,
        }
        Some(())
    }

    /// The end of a plain scalar or key on its line, and the byte that ends it: a colon if it is `Ok`, a line
    /// break, a comment or the end if it is `Err`. Where none can begin, the end is the beginning.
    fn plain_end(&self, start: usize) -> Result<(usize, usize), (usize, usize)> {
        if !self.begins_plain(start) {
            return Err((start, start));
        }
        self.plain_rest(start)
    }

    fn plain_rest(&self, start: usize) -> Result<(usize, usize), (usize, usize)> {
        let (mut at, mut end) = (start, start);
        loop {
            while let Some(byte) = self.bytes.get(at)
                && !ENDS_WORD[usize::from(*byte)]
            {
                at += 1;
                end = at;
            }
            match self.bytes.get(at) {
                Some(b' ') => at += 1,
                Some(b':') if self.is_blank(at + 1) => return Ok((end, at)),
                Some(b'#') if at > end => return Err((end, at)),
                Some(b':' | b'#') => {
                    at += 1;
                    end = at;
                }
                // What a tab means depends on what is after it.
                Some(b'\t') => return Err((start, start)),
                _ => return Err((end, at)),
            }
        }
    }

    fn begins_plain(&self, start: usize) -> bool {
        match self.bytes.get(start) {
            None => false,
            Some(b'-') => {
                !(self.is_blank(start + 1) || start == self.line && self.is_marker(start))
            }
            Some(b'.') => !(start == self.line && self.is_marker(start)),
            Some(b'?' | b':') => {
                !matches!(self.bytes.get(start + 1), None | Some(b' ' | b'\n' | b'\t'))
            }
            Some(byte) => !BEGINS_NO_SCALAR[usize::from(*byte)],
        }
    }

    /// A scalar without quotes, on this line and those below it that are deeper than its map or list.
    fn plain<O: Output>(&mut self, column: usize) -> Option<O> {
        let start = self.at;
        let Err((mut end, mut stop)) = self.plain_end(start) else { return None };
        if end == start {
            return None;
        }
        let mut is_folded = false;
        loop {
            let mut breaks = 0;
            let mut next = stop;
            while self.bytes.get(next) == Some(&b'\n') {
                breaks += 1;
                self.line = next + 1;
                next = self.blanks(next + 1);
            }
            let is_over = breaks == 0 || next >= self.bytes.len() || self.bytes[next] == b'#';
            if is_over || next - self.line <= column {
                self.at = next;
                break;
            }
            if !is_folded {
                is_folded = true;
                self.scratch.clear();
                self.scratch.push_str(&self.text[start..end]);
            }
            match breaks {
                1 => self.scratch.push(' '),
                _ => self.scratch.extend(std::iter::repeat_n('\n', breaks - 1)),
            }
            let Err(ends) = self.plain_rest(next) else { return None };
            (end, stop) = ends;
            if end == next {
                return None;
            }
            self.scratch.push_str(&self.text[next..end]);
        }
        self.end = end;
        self.next_line();
        let text = if is_folded { self.scratch.as_str() } else { &self.text[start..end] };
        self.resolved(text, start..end)
    }

    /// The scalar that a plain text is.
    fn resolved<O: Output>(&self, text: &str, at: Range<usize>) -> Option<O> {
        // Words and numbers that JSON has not begin with these; all else need only be looked at to be kept.
        if (O::IS_KEPT || matches!(text.as_bytes()[0], b'.' | b'+' | b'-'))
            && let Scalar::Float(number) = scalar::resolve(text)
            && !number.is_finite()
        {
            return None;
        }
        Some(O::scalar(self.source, at, || scalar::resolve(text).into_kind(text)))
    }

    /// A string that keeps its lines (`|`) or folds them (`>`), up to the line after it. `column` is that of
    /// the map or list around it.
    fn text_block<O: Output>(&mut self, column: usize) -> Option<O> {
        let start = self.at;
        let folds = self.bytes[start] == b'>';
        let (mut chomp, mut shift) = (None, None);
        let mut header_end = start + 1;
        while let Some(sign) = self.bytes.get(header_end) {
            match sign {
                b'-' | b'+' if chomp.is_none() => chomp = Some(*sign),
                b'1'..=b'9' if shift.is_none() => shift = Some(usize::from(*sign - b'0')),
                _ => break,
            }
            header_end += 1;
        }
        if !self.line_is_over(header_end) {
            return None;
        }
        let first = (self.line_end(header_end) + 1).min(self.bytes.len());
        let indent = match shift {
            Some(shift) => column + shift,
            None => self.indent(first, column)?,
        };
        self.line = first;
        self.scratch.clear();
        let (mut at, mut end) = (first, self.line_end(header_end));
        // The line breaks after the last line that is not empty; whether that begins with a space.
        let (mut breaks, mut was_shifted) = (0, true);
        while at < self.bytes.len() {
            let blanks = self.blanks(at).min(at + indent);
            let is_short = blanks < at + indent;
            if is_short && self.bytes.get(blanks).is_some_and(|byte| *byte != b'\n') {
                break;
            }
            let line_end = if is_short { blanks } else { self.line_end(blanks) };
            if blanks < line_end {
                if O::IS_KEPT {
                    let is_shifted = matches!(self.bytes[blanks], b' ' | b'\t');
                    match breaks {
                        1 if folds && !was_shifted && !is_shifted => self.scratch.push(' '),
                        _ if folds && !was_shifted && !is_shifted => {
                            self.scratch.extend(std::iter::repeat_n('\n', breaks - 1));
                        }
                        _ => self.scratch.extend(std::iter::repeat_n('\n', breaks)),
                    }
                    self.scratch.push_str(&self.text[blanks..line_end]);
                    was_shifted = is_shifted;
                }
                breaks = 0;
                end = line_end;
            }
            if line_end == self.bytes.len() {
                at = line_end;
                break;
            }
            breaks += 1;
            at = line_end + 1;
            self.line = at;
        }
        let kept = match chomp {
            Some(b'-') => 0,
            Some(_) => breaks,
            None => breaks.min(usize::from(!self.scratch.is_empty())),
        };
        self.scratch.extend(std::iter::repeat_n('\n', kept));
        end = start + self.text[start..end].trim_end_matches([' ', '\t', '\n']).len();
        self.end = end;
        self.at = at;
        self.next_line();
        let text = &self.scratch;
        Some(O::scalar(self.source, start..end, || Kind::Text(text.clone())))
    }

    /// How far a string in a block is shifted from the margin: as its first line that is not empty.
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
                // The whole reader refuses a tab here, as deep as it may be.
                Some(b'\t') => return None,
                Some(_) if width > column => return (widest <= width).then_some(width),
                _ => break,
            }
        }
        // The block is empty, but for line breaks.
        Some(widest.max(column + 1))
    }
}

/// The characters that may end a plain scalar, or a part of it.
const ENDS_WORD: [bool; 256] = table(b" \t\n:#");

/// The characters that begin something else than a plain scalar.
const BEGINS_NO_SCALAR: [bool; 256] = table(b" \t\n,[]{}#&*!|>'\"%@`");

/// Which bytes are among some.
const fn table(bytes: &[u8]) -> [bool; 256] {
    let mut table = [false; 256];
    let mut at = 0;
    while at < bytes.len() {
        table[bytes[at] as usize] = true;
        at += 1;
    }
    table
}

/// The characters of words within brackets, which mean nothing to YAML at any place after the first.
fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte >= 0x80 || b"_-./*+()$=@^~<>;%\\|!&".contains(&byte)
}

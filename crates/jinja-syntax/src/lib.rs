//! A template's text: its language, its tags, and what the engine is given of it.
//!
//! It needs nothing of the rest, as the program's build links the built-in templates by it.

pub mod signs;

use std::ops::Range;

use minijinja::syntax::SyntaxConfig;

use signs::{BEGIN, COLUMN, END, NAME, OFFSET_END, PLACEHOLDER};

/// The function that gives a linked template what another defines. No template can write its name.
pub const MODULE: &str = "\u{1}module";

/// The filter that has a linked macro print a string as it is.
pub const VERBATIM: &str = "\u{1}verbatim";

/// How tags are written, and what becomes of the white space around them.
pub fn syntax() -> SyntaxConfig {
    SyntaxConfig::builder()
        .trim_blocks(true)
        .lstrip_blocks(true)
        .keep_trailing_newline(true)
        .build()
        .expect("the default delimiters are valid")
}

/// How the values of a template are printed; the suffix of its name decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// `*.yaml.j2`, `*.yml.j2`: by the rules of YAML.
    Yaml,
    /// `*.conf.j2`: by the rules of nats.conf.
    Conf,
    /// Everything else: strings, numbers and booleans as they are.
    Text,
}

impl Language {
    /// The language of a template's name.
    pub fn of(name: &str) -> Self {
        let name = [".j2", ".jinja", ".jinja2"]
            .iter()
            .find_map(|suffix| name.strip_suffix(suffix))
            .unwrap_or(name);
        match name.rsplit_once('.').map(|(_, suffix)| suffix) {
            Some("yaml" | "yml") => Self::Yaml,
            Some("conf") => Self::Conf,
            _ => Self::Text,
        }
    }

    /// Whether its values are printed by their place.
    pub fn has_placeholders(self) -> bool {
        self != Self::Text
    }
}

/// The text that the engine compiles, of the same lines, and offsets of it with the author's from there on, in order.
/// Where values are printed by their place, it says where its tags are: see `placeholders`.
pub fn for_engine(text: &str, name: &str) -> (String, Vec<(usize, usize)>) {
    let mut edits = Edits { text, edits: Vec::new() };
    edits.line_breaks();
    if Language::of(name).has_placeholders() {
        edits.lines(name);
    }
    let mut edits = edits.edits;
    edits.sort_by_key(|edit| edit.range.start);
    let mut made = String::with_capacity(text.len() + 16);
    let mut anchors = vec![(0, 0)];
    let mut at = 0;
    for edit in edits {
        made.push_str(&text[at..edit.range.start]);
        made.push_str(&edit.text);
        at = edit.range.end;
        anchors.push((made.len(), at));
    }
    made.push_str(&text[at..]);
    (made, anchors)
}

/// A replacement of a stretch of the author's text.
struct Edit {
    range: Range<usize>,
    text: String,
}

struct Edits<'a> {
    text: &'a str,
    edits: Vec<Edit>,
}

impl Edits<'_> {
    /// Lines end in a line feed alone, so that a value never meets half a line break.
    fn line_breaks(&mut self) {
        // A search for the rarer byte first: nearly all templates hold none.
        let breaks = self.text.match_indices('\r');
        for (at, _) in breaks.filter(|(at, _)| self.text[at + 1..].starts_with('\n')) {
            self.edits.push(Edit { range: at..at + 1, text: String::new() });
        }
    }

    /// The text begins with the name of its template. The engine drops spaces before a tag that begins a line: behind
    /// the name it cannot tell them.
    fn name(&mut self, name: &str, first: Option<&Tag>) {
        let spaces =
            first.filter(|tag| tag.kind != TagKind::Value).map_or(0, |tag| tag.range.start);
        let is_edited = self.edits.iter().any(|edit| edit.range.start <= spaces + 2);
        let is_dropped = !is_edited && self.text[..spaces].bytes().all(|b| b == b' ');
        let name = name.replace(|c: char| c.is_ascii_control(), "");
        let (end, text) = (if is_dropped { spaces } else { 0 }, format!("{NAME}{name}{NAME}"));
        self.edits.insert(0, Edit { range: 0..end, text });
    }

    /// What the engine knows of the lines, the values and the included files.
    fn lines(&mut self, name: &str) {
        let text = self.text;
        let tags: Vec<Tag> = tags(text).collect();
        for tag in tags.iter().filter(|tag| tag.kind == TagKind::Statement) {
            let inner = text[tag.inner()].trim_start_matches(['-', '+', ' ', '\t', '\n', '\r']);
            if inner.starts_with("include") {
                self.bring_at_column(tag);
            }
        }
        for tag in tags.iter().filter(|tag| tag.kind == TagKind::Value) {
            let start = tag.range.start;
            let text = format!("{PLACEHOLDER}{start}{OFFSET_END}");
            self.edits.push(Edit { range: start..start, text });
        }
        let touch = |a: &Tag, b: &Tag| !text[a.range.end..b.range.start].contains('\n');
        for line in tags.chunk_by(touch) {
            self.line(line);
        }
        self.name(name, tags.first());
    }

    /// The engine drops the spaces before a tag that begins a line and the line break after one that
    /// ends it. On a line that holds more than tags, the one would move a key to the margin, the other
    /// join the next line to a value.
    fn line(&mut self, tags: &[Tag]) {
        let text = self.text;
        let (Some(first), Some(last)) = (tags.first(), tags.last()) else { return };
        let start = text[..first.range.start].rfind('\n').map_or(0, |at| at + 1);
        let end = text[last.range.end..].find('\n').map_or(text.len(), |at| last.range.end + at);
        let before = &text[start..first.range.start];
        let behind = text[last.range.end..end].trim_end_matches('\r');
        let between = tags.windows(2).map(|pair| &text[pair[0].range.end..pair[1].range.start]);
        let has_text = tags.iter().any(|tag| tag.kind == TagKind::Value)
            || between.chain([before, behind]).any(|text| !text.trim().is_empty());
        if !has_text {
            return;
        }
        let mut keep = |at: usize, sign: usize| {
            if text.as_bytes()[sign] != b'+' {
                self.edits.push(Edit { range: at..at, text: "+".to_owned() });
            }
        };
        if first.kind != TagKind::Value && !before.is_empty() && before.trim().is_empty() {
            keep(first.range.start + 2, first.range.start + 2);
        }
        if last.kind != TagKind::Value && behind.is_empty() {
            keep(last.range.end - 2, last.range.end - 3);
        }
    }

    /// The included file is brought at the column of the tag.
    fn bring_at_column(&mut self, tag: &Tag) {
        let text = self.text;
        let start = text[..tag.range.start].rfind('\n').map_or(0, |at| at + 1);
        let (offset, spaces) = (tag.range.start, &text[start..tag.range.start]);
        let head = format!("{COLUMN}{offset}{OFFSET_END}{spaces}{BEGIN}");
        self.edits.push(Edit { range: start..tag.range.start, text: head });
        let end = tag.range.end;
        self.edits.push(Edit { range: end..end, text: END.to_string() });
    }
}

/// Whose a stretch is.
#[derive(Clone, Copy, PartialEq)]
pub enum TagKind {
    Value,
    Statement,
    Comment,
}

/// A stretch of a template that is the engine's.
pub struct Tag {
    pub kind: TagKind,
    /// With its braces.
    pub range: Range<usize>,
}

impl Tag {
    /// What is between its braces.
    pub fn inner(&self) -> Range<usize> {
        self.range.start + 2..self.range.end - 2
    }
}

/// The tags of a template in order; what is between `raw` and `endraw` holds none. Tags that are
/// not closed are left to the engine's own error.
pub fn tags(text: &str) -> impl Iterator<Item = Tag> {
    let mut at = 0;
    let mut raw = false;
    std::iter::from_fn(move || {
        loop {
            let start = at + text[at..].find('{')?;
            let kind = match text.as_bytes().get(start + 1) {
                Some(b'{') if !raw => TagKind::Value,
                Some(b'#') if !raw => TagKind::Comment,
                Some(b'%') => TagKind::Statement,
                _ => {
                    at = start + 1;
                    continue;
                }
            };
            let end = match kind {
                TagKind::Comment => start + 2 + text[start + 2..].find("#}")? + 2,
                TagKind::Value => tag_end(text, start + 2, b'}')?,
                TagKind::Statement => match tag_end(text, start + 2, b'%') {
                    Some(end) => end,
                    None if raw => {
                        at = start + 1;
                        continue;
                    }
                    None => return None,
                },
            };
            let tag = Tag { kind, range: start..end };
            if kind == TagKind::Statement {
                let inner = text[tag.inner()].trim_matches(['-', '+', ' ', '\t', '\n', '\r']);
                if raw && inner != "endraw" {
                    at = start + 1;
                    continue;
                }
                raw = inner == "raw";
            }
            at = end;
            return Some(tag);
        }
    })
}

/// The tag that begins at an offset.
pub fn tag_at(text: &str, offset: usize) -> Option<Tag> {
    tags(text.get(offset..)?)
        .next()
        .filter(|tag| tag.range.start == 0)
        .map(|tag| Tag { range: offset..offset + tag.range.end, ..tag })
}

/// Where the closing braces of a tag end, the first of them `close`: not in a string, not in brackets.
fn tag_end(text: &str, start: usize, close: u8) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut depth = 0;
    let mut at = start;
    while at < bytes.len() {
        match bytes[at] {
            quote @ (b'"' | b'\'') => at = string_end(bytes, at, quote),
            byte if byte == close && depth == 0 && bytes.get(at + 1) == Some(&b'}') => {
                return Some(at + 2);
            }
            b'{' | b'[' | b'(' => depth += 1,
            b'}' | b']' | b')' => depth -= 1,
            _ => {}
        }
        at += 1;
    }
    None
}

/// The offset of the quote that ends a string.
pub fn string_end(bytes: &[u8], start: usize, quote: u8) -> usize {
    let mut at = start + 1;
    while at < bytes.len() && bytes[at] != quote {
        at += if bytes[at] == b'\\' { 2 } else { 1 };
    }
    at.min(bytes.len() - 1)
}

/// A name, a string or a sign.
pub struct Word<'a> {
    /// As it is written.
    pub text: &'a str,
    /// Where, in the template.
    pub range: Range<usize>,
}

/// The names, strings and signs of a tag.
pub fn words(text: &str, range: Range<usize>) -> impl Iterator<Item = Word<'_>> {
    let bytes = text.as_bytes();
    let mut at = range.start;
    std::iter::from_fn(move || {
        while at < range.end && matches!(bytes[at], b' ' | b'\t' | b'\n' | b'\r' | b'+' | b'-') {
            at += 1;
        }
        if at >= range.end {
            return None;
        }
        let start = at;
        at = match bytes[start] {
            quote @ (b'"' | b'\'') => string_end(bytes, start, quote) + 1,
            b'=' | b'!' | b'<' | b'>' if bytes.get(start + 1) == Some(&b'=') => start + 2,
            b'_' | b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => {
                let length = bytes[start..range.end]
                    .iter()
                    .take_while(|b| b.is_ascii_alphanumeric() || **b == b'_')
                    .count();
                start + length
            }
            _ => start + text[start..].chars().next().map_or(1, char::len_utf8),
        };
        Some(Word { text: &text[start..at.min(range.end)], range: start..at.min(range.end) })
    })
}

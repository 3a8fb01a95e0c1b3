//! A template as its author wrote it → the text that the engine compiles.
//!
//! In a template whose values are printed by their place nothing may catch printed text, since it
//! holds marks: macros and the like belong into a file of their own (`_names.j2`).

use std::ops::Range;
use std::sync::Arc;

use super::bounds;
use super::literal::ambiguous;
use crate::diagnostic::Diagnostic;
use crate::render::marks::{BEGIN, COLUMN, END};
use crate::source::{Source, Span};

/// How the values of a template are printed; the suffix of its name decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// `*.yaml.j2`, `*.yml.j2`: by the rules of YAML.
    Yaml,
    /// `*.conf.j2`: by the rules of nats.conf.
    Conf,
    /// Everything else: texts, numbers and booleans as they are.
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
    pub fn has_marks(self) -> bool {
        self != Self::Text
    }
}

/// A template ready for the engine, and the way back to its author's text.
pub struct Template {
    /// The author's text.
    pub source: Arc<Source>,
    /// The engine's text: the same lines.
    pub text: String,
    /// Offsets of the engine's text with the author's offsets from there on, in order.
    anchors: Vec<(usize, usize)>,
}

impl Template {
    /// Makes a template ready; all that is wrong with it at once. A trusted one is not searched for faults.
    pub fn new(
        source: Arc<Source>,
        language: Language,
        trusted: bool,
    ) -> Result<Self, Vec<Diagnostic>> {
        let mut author =
            Author { source: &source, language, edits: Vec::new(), diagnostics: Vec::new() };
        if !trusted {
            author.control_characters();
            author.nesting();
            if !author.diagnostics.is_empty() {
                return Err(author.diagnostics);
            }
        }
        author.line_breaks();
        if language.has_marks() {
            let tags: Vec<Tag> = tags(source.text()).collect();
            if !trusted {
                author.faults(&tags);
            }
            author.lines(&tags);
        }
        let Author { mut edits, diagnostics, .. } = author;
        if !diagnostics.is_empty() {
            return Err(diagnostics);
        }
        edits.sort_by_key(|edit| edit.range.start);
        let mut text = String::with_capacity(source.text().len() + 16);
        let mut anchors = vec![(0, 0)];
        let mut at = 0;
        for edit in edits {
            text.push_str(&source.text()[at..edit.range.start]);
            text.push_str(&edit.text);
            at = edit.range.end;
            anchors.push((text.len(), at));
        }
        text.push_str(&source.text()[at..]);
        Ok(Self { source, text, anchors })
    }

    /// The author's text for a range of the engine's.
    pub fn span(&self, range: Range<usize>) -> Span {
        Span::new(&self.source, self.original(range.start), self.original(range.end))
    }

    fn original(&self, offset: usize) -> usize {
        let next = self.anchors.partition_point(|&(engine, _)| engine <= offset);
        let (engine, author) = self.anchors[next - 1];
        let limit = self.anchors.get(next).map_or(self.source.text().len(), |&(_, author)| author);
        (author + offset - engine).min(limit)
    }
}

/// A replacement of a stretch of the author's text.
struct Edit {
    range: Range<usize>,
    text: String,
}

struct Author<'a> {
    source: &'a Arc<Source>,
    language: Language,
    edits: Vec<Edit>,
    diagnostics: Vec<Diagnostic>,
}

/// The statements that catch no printed text.
const STATEMENTS: [&str; 13] = [
    "if", "elif", "else", "for", "with", "set", "include", "import", "from", "do", "break",
    "continue", "raw",
];

impl Author<'_> {
    fn control_characters(&mut self) {
        let text = self.source.text();
        if let Some(at) = text.find(|c| (crate::render::marks::MARK..=END).contains(&c)) {
            let code = u32::from(text.as_bytes()[at]);
            self.error(
                "template/character",
                at..at + 1,
                format!("a template cannot hold the control character U+{code:04X}"),
                "print it from a value",
            );
        }
    }

    fn nesting(&mut self) {
        let text = self.source.text();
        if let Some((range, message)) = bounds::nesting(text) {
            self.error("template/limit", range, message, "put a part of it into a macro");
        }
    }

    /// Lines end in a line feed alone, so that a value never meets half a line break.
    fn line_breaks(&mut self) {
        let text = self.source.text();
        // A search for the rarer byte first: nearly all templates hold none.
        let breaks = text.match_indices('\r').filter(|(at, _)| text[at + 1..].starts_with('\n'));
        for (at, _) in breaks {
            self.edits.push(Edit { range: at..at + 1, text: String::new() });
        }
    }

    /// What the engine is told of the lines and the included files.
    fn lines(&mut self, tags: &[Tag]) {
        let text = self.source.text();
        for tag in tags.iter().filter(|tag| tag.kind == TagKind::Statement) {
            let inner = text[tag.inner()].trim_start_matches(['-', '+', ' ', '\t', '\n', '\r']);
            if inner.starts_with("include") {
                self.bring_at_column(tag);
            }
        }
        let touch = |a: &Tag, b: &Tag| !text[a.range.end..b.range.start].contains('\n');
        for line in tags.chunk_by(touch) {
            self.line(line);
        }
    }

    fn faults(&mut self, tags: &[Tag]) {
        let text = self.source.text();
        for tag in tags {
            self.white_space_control(tag);
            if tag.kind != TagKind::Comment {
                self.joins(tag);
            }
            if tag.kind == TagKind::Statement {
                self.statement(tag);
            }
        }
        if self.language == Language::Yaml {
            for (range, help) in ambiguous(text, tags) {
                let message = format!(
                    "`{}` means one thing in YAML 1.1 and another in YAML 1.2",
                    &text[range.clone()]
                );
                self.error("template/literal", range, message, &help);
            }
        }
    }

    /// The engine drops the blanks before a tag that begins a line and the line break behind one that
    /// ends it. On a line that holds more than tags, the one would move a key to the margin, the other
    /// join the next line to a value.
    fn line(&mut self, tags: &[Tag]) {
        let text = self.source.text();
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

    fn white_space_control(&mut self, tag: &Tag) {
        let bytes = self.source.text().as_bytes();
        for at in [tag.range.start + 2, tag.range.end - 3] {
            if bytes[at] == b'-' {
                self.error(
                    "template/whitespace",
                    at..at + 1,
                    "`-` in a tag would glue lines together",
                    "remove it: a line that holds only `{% %}` leaves nothing behind",
                );
            }
        }
    }

    fn joins(&mut self, tag: &Tag) {
        for word in words(self.source.text(), tag.inner()).filter(|word| word.text == "~") {
            self.error(
                "template/join",
                word.range,
                "`~` joins texts before their place is known",
                "write the parts side by side: `{{ a }}-{{ b }}`",
            );
        }
    }

    fn statement(&mut self, tag: &Tag) {
        let text = self.source.text();
        let words: Vec<Word> = words(text, tag.inner()).collect();
        let Some(first) = words.first() else { return };
        let refused = match first.text {
            "set" => !words.iter().any(|word| word.text == "="),
            "for" => words.last().is_some_and(|word| word.text == "recursive"),
            "include" => {
                self.include(tag, &words);
                false
            }
            // What is wrong with the begin of a block is said there.
            word => !STATEMENTS.contains(&word) && !word.starts_with("end"),
        };
        if refused {
            let message = match first.text {
                "set" => "`{% set %}` without `=` catches printed text".to_owned(),
                "for" => "`{% for %}` with `recursive` catches printed text".to_owned(),
                word => format!("`{{% {word} %}}` catches printed text"),
            };
            let help = "put it into a file with another suffix, such as `_names.j2`, and import it";
            self.error("template/statement", first.range.clone(), message, help);
        }
    }

    /// The included file is brought at the column of the tag.
    fn bring_at_column(&mut self, tag: &Tag) {
        let text = self.source.text();
        let start = text[..tag.range.start].rfind('\n').map_or(0, |at| at + 1);
        let head = format!("{COLUMN}{}{BEGIN}", &text[start..tag.range.start]);
        self.edits.push(Edit { range: start..tag.range.start, text: head });
        let end = tag.range.end;
        self.edits.push(Edit { range: end..end, text: END.to_string() });
    }

    fn include(&mut self, tag: &Tag, words: &[Word]) {
        let text = self.source.text();
        let start = text[..tag.range.start].rfind('\n').map_or(0, |at| at + 1);
        let behind = &text[tag.range.end..];
        let line_end = behind.find('\n').unwrap_or(behind.len());
        let blanks = &text[start..tag.range.start];
        if !blanks.trim_matches(' ').is_empty() || !behind[..line_end].trim().is_empty() {
            self.error(
                "template/include",
                tag.range.clone(),
                "`{% include %}` must stand alone on its line",
                "the included file is brought at the column of the tag",
            );
            return;
        }
        let names: Vec<&Word> = match words.get(1) {
            Some(word) if word.text == "[" => words[2..]
                .iter()
                .take_while(|word| word.text != "]")
                .filter(|word| word.text != ",")
                .collect(),
            word => word.into_iter().collect(),
        };
        for name in names {
            let literal = name.text.trim_matches(['"', '\'']);
            if literal.len() + 2 != name.text.len() {
                self.error(
                    "template/include",
                    name.range.clone(),
                    "the name of an included template must be written out",
                    "choose with `{% if %}`",
                );
            } else if Language::of(literal) != self.language {
                self.error(
                    "template/include",
                    name.range.clone(),
                    format!("{name} prints its values by other rules", name = name.text),
                    "include a template with the same suffix, import one with macros, or use `include_text`",
                );
            }
        }
    }

    fn error(
        &mut self,
        rule: &'static str,
        range: Range<usize>,
        message: impl Into<String>,
        help: &str,
    ) {
        let span = Span::new(self.source, range.start, range.end);
        self.diagnostics.push(Diagnostic::error(rule, message).at(&span).help(help));
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

/// The tags of a template in order; what stands between `raw` and `endraw` holds none. Tags that are
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

/// Where the closing braces of a tag end, the first of them `close`: not in a text, not in brackets.
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

/// The offset of the quote that ends a text.
pub fn string_end(bytes: &[u8], start: usize, quote: u8) -> usize {
    let mut at = start + 1;
    while at < bytes.len() && bytes[at] != quote {
        at += if bytes[at] == b'\\' { 2 } else { 1 };
    }
    at.min(bytes.len() - 1)
}

/// A name, a text or a sign.
pub struct Word<'a> {
    pub text: &'a str,
    range: Range<usize>,
}

/// The names, texts and signs of a tag.
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

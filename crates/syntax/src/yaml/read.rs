//! Text → nodes.
//!
//! The parser's events become raw nodes, and those the tree: two steps, because go-yaml counts aliases and
//! applies merge keys while it decodes.

use std::collections::HashMap;
use std::io::{BufReader, Chain, Read};
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use libyaml_safer::{Encoding, Event, EventData, MappingStyle, Parser, ScalarStyle, SequenceStyle};

use super::raw::{Key, Raw, RawEntry, RawKind, too_deep, tree};
use super::syntax::{self, Open, Situation};
use super::{Kind, Node, block, scalar};
use crate::diagnostic::{Diagnostic, Fix, rule};
use crate::source::{Source, Span};

/// One document of a source.
#[derive(Clone, Debug)]
pub struct Document {
    /// What it holds; null with an empty span when it holds nothing.
    pub root: Node,
    /// What is legal and probably not meant.
    pub warnings: Vec<Diagnostic>,
}

/// How much is read before the text is refused.
#[derive(Clone, Debug)]
pub struct Limits {
    /// The number of lists and maps within each other. Everything that walks a tree may recurse this deep:
    /// at 256 a step has 8 KB of a thread's 2 MB of stack.
    pub depth: usize,
    /// The length of the text.
    pub bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { depth: 256, bytes: 64 << 20 }
    }
}

/// The text of the bytes of a file: UTF-8 with or without a byte order mark, or UTF-16 with one.
pub fn decode(name: impl Into<String>, bytes: &[u8]) -> Result<Arc<Source>, Diagnostic> {
    let utf16 = |bytes: &[u8], unit: fn([u8; 2]) -> u16| {
        let units = bytes.chunks(2).map(|pair| pair.try_into().map_or(0xD800, unit));
        let mut fault = None;
        let mut text = String::with_capacity(bytes.len());
        for unit in char::decode_utf16(units) {
            if unit.is_err() {
                fault = fault.or(Some(text.len()));
            }
            text.push(unit.unwrap_or(char::REPLACEMENT_CHARACTER));
        }
        (text, fault.map(|at| (at, "UTF-16")))
    };
    let (text, fault) = match bytes {
        [0xFF, 0xFE, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xFE, 0xFF, rest @ ..] => utf16(rest, u16::from_be_bytes),
        _ => {
            let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
            match str::from_utf8(bytes) {
                Ok(text) => (text.to_owned(), None),
                Err(error) => (
                    String::from_utf8_lossy(bytes).into_owned(),
                    Some((error.valid_up_to(), "UTF-8")),
                ),
            }
        }
    };
    let source = Source::new(name, text);
    match fault {
        None => Ok(source),
        Some((at, encoding)) => {
            let span = Span::new(&source, at, at + char::REPLACEMENT_CHARACTER.len_utf8());
            Err(Diagnostic::error(
                rule!("yaml/encoding"),
                format!("invalid {encoding}: unexpected byte"),
            )
            .at(&span)
            .help("save the file as UTF-8"))
        }
    }
}

/// Reads the first document of a source, as Helm 3 does; a further one gives a warning.
pub fn read(source: &Arc<Source>, limits: &Limits) -> Result<Document, Vec<Diagnostic>> {
    read_part(source, 0..source.text().len(), limits)
}

/// Reads a stretch of a source as [`read`] reads a whole one. Places are those of the whole.
pub fn read_part(
    source: &Arc<Source>,
    part: Range<usize>,
    limits: &Limits,
) -> Result<Document, Vec<Diagnostic>> {
    if part.len() <= limits.bytes
        && limits.depth >= block::DEPTH
        && let Some(root) = block::read(source, &part)
    {
        return Ok(Document { root, warnings: Vec::new() });
    }
    let mut stream = Stream::new(source, limits, part);
    let Some(mut document) = stream.document()? else {
        let root = Node::new(Kind::Null, Span::new(source, 0, 0));
        return Ok(Document { root, warnings: Vec::new() });
    };
    if let Some(second) = stream.start().map_err(|error| vec![error])? {
        let rest = &source.text()[second.end()..stream.limit];
        if rest
            .lines()
            .any(|line| !matches!(line.split('#').next().map(str::trim), Some("" | "---" | "...")))
        {
            document.warnings.push(
                Diagnostic::warning(
                    rule!("yaml/documents"),
                    "ignored document: only the first document of this file is read",
                )
                .at(&second)
                .help("move the second document to another file"),
            );
        }
    }
    Ok(document)
}

/// Reads of the map that a stretch of a source holds the entries of some keys, and verifies the others. It gives
/// nothing where this cannot be done in one pass; where it can, [`read_part`] gives the whole map without
/// warnings.
pub fn read_entries(source: &Arc<Source>, part: Range<usize>, keys: &[&str]) -> Option<Node> {
    (part.len() <= Limits::default().bytes).then(|| block::read_entries(source, &part, keys))?
}

/// Reads all documents of a source, empty ones included, and goes on after a faulty one.
pub fn read_documents(source: &Arc<Source>, limits: &Limits) -> (Vec<Document>, Vec<Diagnostic>) {
    if let Some(documents) = common_documents(source, limits) {
        return (documents, Vec::new());
    }
    let (mut documents, mut errors) = (Vec::new(), Vec::new());
    let mut stream = Stream::new(source, limits, 0..source.text().len());
    loop {
        match stream.document() {
            Ok(Some(document)) => documents.push(document),
            Ok(None) => return (documents, errors),
            Err(faults) => {
                errors.extend(faults);
                let Some(next) = stream.next_marker() else { return (documents, errors) };
                stream = Stream::new(source, limits, next..source.text().len());
            }
        }
    }
}

/// All documents of a source, if each is of the common kind.
fn common_documents(source: &Arc<Source>, limits: &Limits) -> Option<Vec<Document>> {
    let text = source.text();
    let has_end_markers = text.starts_with("...") || text.contains("\n...");
    if text.len() > limits.bytes || limits.depth < block::DEPTH || has_end_markers {
        return None;
    }
    let bytes = text.as_bytes();
    let markers = memchr::memmem::find_iter(bytes, "---").filter(|at| {
        (*at == 0 || bytes[at - 1] == b'\n')
            && bytes.get(at + 3).is_none_or(|after| matches!(after, b' ' | b'\t' | b'\n'))
    });
    let mut documents = Vec::new();
    let mut start = 0;
    for end in markers.chain([text.len()]) {
        let root = block::read(source, &(start..end))?;
        // Comments before the first marker are no document.
        if text[start..end].starts_with("---") || !root.is_null() {
            documents.push(Document { root, warnings: Vec::new() });
        }
        start = end;
    }
    Some(documents)
}

/// The documents of a source from some line on.
struct Stream<'a> {
    source: &'a Arc<Source>,
    limits: &'a Limits,
    parser: Parser<BufReader<Chain<&'a [u8], &'static [u8]>>>,
    /// Where the parser's first byte is.
    base: usize,
    /// Where the text that was given to the parser ends.
    end: usize,
    /// Where the part of the text ends that is read.
    limit: usize,
    /// The `---` of a document that has begun.
    started: Option<Span>,
    /// The collections that are open.
    frames: Vec<Frame>,
    nodes: Vec<Raw>,
    anchors: HashMap<String, usize>,
    /// The last node that was read to its end.
    last: Range<usize>,
    /// How far the events reach.
    reached: usize,
    warnings: Vec<Diagnostic>,
    errors: Vec<Diagnostic>,
}

struct Frame {
    /// The collection among the nodes.
    node: usize,
    open: Open,
    items: Vec<usize>,
    entries: Vec<RawEntry>,
    /// A key that waits for its value, with its place.
    key: Option<(Key, Range<usize>)>,
}

/// What ends a line to YAML 1.1.
const BREAKS: [char; 5] = ['\n', '\r', '\u{85}', '\u{2028}', '\u{2029}'];

impl<'a> Stream<'a> {
    fn new(source: &'a Arc<Source>, limits: &'a Limits, part: Range<usize>) -> Self {
        // The parser needs a line break at the end (it gives up in a block scalar without one), and a last
        // line of spaces alone means nothing.
        let (base, limit) = (part.start, part.end);
        let text = &source.text()[..limit];
        let last_line = text[base..].rsplit(BREAKS).next().unwrap_or("");
        let complete = last_line.trim_matches(' ').is_empty();
        let end = if complete { text.len() - last_line.len() } else { text.len() };
        let added: &[u8] = if complete { b"" } else { b"\n" };
        let mut parser = Parser::new();
        parser.set_encoding(Encoding::Utf8);
        parser.set_input(BufReader::with_capacity(4096, text.as_bytes()[base..end].chain(added)));
        Self {
            source,
            limits,
            parser,
            base,
            end,
            limit,
            started: None,
            frames: Vec::new(),
            nodes: Vec::new(),
            anchors: HashMap::new(),
            last: base..base,
            reached: base,
            warnings: Vec::new(),
            errors: Vec::new(),
        }
    }

    /// Reads to the start of the next document, unless there is none; gives its `---`.
    fn start(&mut self) -> Result<Option<Span>, Diagnostic> {
        while self.started.is_none() {
            let event = self.event()?;
            match event.data {
                EventData::StreamEnd => return Ok(None),
                EventData::DocumentStart { version_directive, .. } => {
                    let span = self.span(&self.range(&event));
                    if version_directive.is_some_and(|version| version.minor != 1) {
                        return Err(Diagnostic::error(
                            rule!("yaml/syntax"),
                            "unsupported YAML version: expected 1.1, as in Helm",
                        )
                        .at(&span)
                        .help("remove the line that begins with `%YAML`"));
                    }
                    self.started = Some(span);
                }
                _ => {}
            }
        }
        Ok(self.started.clone())
    }

    /// Reads the next document to its end.
    fn document(&mut self) -> Result<Option<Document>, Vec<Diagnostic>> {
        let root = match self.compose() {
            Ok(None) => return Ok(None),
            Ok(Some(root)) => root,
            Err(error) => {
                self.errors.push(error);
                return Err(std::mem::take(&mut self.errors));
            }
        };
        let root = tree(self.source, &self.nodes, root, self.limits.depth, &mut self.warnings);
        self.nodes.clear();
        self.anchors.clear();
        match root {
            Ok(root) if self.errors.is_empty() => {
                Ok(Some(Document { root, warnings: std::mem::take(&mut self.warnings) }))
            }
            root => {
                self.errors.extend(root.err().map(|error| *error));
                Err(std::mem::take(&mut self.errors))
            }
        }
    }

    /// Reads the events of the next document; gives the index of its root.
    fn compose(&mut self) -> Result<Option<usize>, Diagnostic> {
        if self.limits.bytes < self.limit - self.base {
            let message = format!("file too large: more than {} bytes", self.limits.bytes);
            return Err(Diagnostic::error(rule!("yaml/limit"), message).at(&self.span(&(0..0))));
        }
        if self.start()?.is_none() {
            return Ok(None);
        }
        let mut root = 0;
        loop {
            let event = self.event()?;
            let at = self.range(&event);
            let finished = match event.data {
                EventData::DocumentEnd { .. } => {
                    self.started = None;
                    return Ok(Some(root));
                }
                EventData::Scalar { anchor, tag, mut value, style, plain_implicit, .. } => {
                    let at = self.scalar_range(at, anchor.is_some() || tag.is_some(), style);
                    match style {
                        ScalarStyle::DoubleQuoted => self.refuse_slash_escape(&at)?,
                        // Without the line break that was added to the text.
                        ScalarStyle::Literal | ScalarStyle::Folded
                            if self.base + event.end_mark.index as usize > self.end
                                && value.ends_with('\n') =>
                        {
                            value.pop();
                        }
                        _ => {}
                    }
                    self.scalar(anchor, tag.as_deref(), value, plain_implicit, at)
                }
                EventData::Alias { anchor } => self.alias(&anchor, at)?,
                EventData::SequenceStart { anchor, style, .. } => {
                    // The event ends before the first dash, or after it when the list is at the column
                    // of its key.
                    let dash_follows = self.source.text().as_bytes().get(at.end) == Some(&b'-');
                    let (open, start) = match style {
                        SequenceStyle::Flow => (Open::FlowList, at.end - 1),
                        _ if dash_follows => (Open::BlockList, at.end),
                        _ => (Open::BlockList, at.end - 1),
                    };
                    self.open(anchor, open, start)?;
                    continue;
                }
                EventData::MappingStart { anchor, style, .. } => {
                    // A single pair in a list has no brace.
                    let brace = self.source.text()[..at.end].ends_with('{');
                    let (open, start) = match style {
                        MappingStyle::Flow if brace => (Open::FlowMap, at.end - 1),
                        MappingStyle::Flow => (Open::FlowPair, at.start),
                        _ => (Open::BlockMap, at.end),
                    };
                    self.open(anchor, open, start)?;
                    continue;
                }
                EventData::SequenceEnd | EventData::MappingEnd => self.close(at.end),
                _ => continue,
            };
            if self.frames.is_empty() {
                root = finished;
            }
        }
    }

    fn open(&mut self, anchor: Option<String>, open: Open, start: usize) -> Result<(), Diagnostic> {
        if self.frames.len() >= self.limits.depth {
            return Err(too_deep(self.limits.depth, &self.span(&(start..start + 1))));
        }
        let node = self.add(anchor, start..start, RawKind::Unfinished);
        self.frames.push(Frame { node, open, items: Vec::new(), entries: Vec::new(), key: None });
        Ok(())
    }

    /// Ends the innermost collection; `end` is after its bracket, if it has one.
    fn close(&mut self, end: usize) -> usize {
        let frame = self.frames.pop().expect("the parser ends only what it began");
        let raw = &mut self.nodes[frame.node];
        raw.at.end = match frame.open {
            Open::FlowList | Open::FlowMap => end,
            _ => self.last.end.max(raw.at.start),
        };
        raw.kind = match frame.open {
            Open::FlowList | Open::BlockList => RawKind::List(frame.items),
            _ => RawKind::Map(frame.entries),
        };
        self.last = raw.at.clone();
        self.attach(frame.node, false);
        frame.node
    }

    fn scalar(
        &mut self,
        anchor: Option<String>,
        tag: Option<&str>,
        value: String,
        plain: bool,
        at: Range<usize>,
    ) -> usize {
        let merge =
            value == "<<" && (plain && tag.is_none() || tag == Some("tag:yaml.org,2002:merge"));
        let kind = match tag {
            None if plain => scalar::resolve(&value).into_kind(value),
            None => Kind::Text(value),
            Some(tag) => scalar::resolve_tagged(tag, &value).unwrap_or_else(|wanted| {
                let short = tag.rsplit(':').next().unwrap_or(tag);
                let found = syntax::shortened(&value);
                let message = format!("tag `!!{short}`: expected {wanted}, found `{found}`");
                self.errors
                    .push(Diagnostic::error(rule!("yaml/value"), message).at(&self.span(&at)));
                Kind::Null
            }),
        };
        if let Kind::Float(number) = kind
            && !number.is_finite()
            && !self.awaits_key()
        {
            let span = self.span(&at);
            let message = format!("number out of range for JSON: `{}`", span.text());
            self.errors.push(
                Diagnostic::error(rule!("yaml/value"), message)
                    .at(&span)
                    .help("quote it if it is a string"),
            );
        }
        self.last = at.clone();
        let node = self.add(anchor, at, RawKind::Scalar(kind));
        self.attach(node, merge);
        node
    }

    fn alias(&mut self, name: &str, at: Range<usize>) -> Result<usize, Diagnostic> {
        let span = self.span(&at);
        let wrong = |message: String| Diagnostic::error(rule!("yaml/syntax"), message).at(&span);
        let Some(&target) = self.anchors.get(name) else {
            let help = format!("write `&{name}` further up, before the value that it refers to");
            return Err(wrong(format!("unknown anchor `{name}`"))
                .help(help)
                .help("quote the string if it is not an alias"));
        };
        let raw = &self.nodes[target];
        if matches!(raw.kind, RawKind::Unfinished) {
            let beginning = self.span(&(raw.at.start..raw.at.start + 1));
            return Err(wrong(format!("alias `*{name}` refers to a value that contains it"))
                .related(&beginning, format!("the value of `&{name}` begins here")));
        }
        self.last = at.clone();
        let node = self.add(None, at, RawKind::Alias(target));
        self.attach(node, false);
        Ok(node)
    }

    fn add(&mut self, anchor: Option<String>, at: Range<usize>, kind: RawKind) -> usize {
        let node = self.nodes.len();
        self.nodes.push(Raw { at, kind });
        if let Some(anchor) = anchor {
            self.anchors.insert(anchor, node);
        }
        node
    }

    fn awaits_key(&self) -> bool {
        self.frames.last().is_some_and(|frame| frame.open.is_map() && frame.key.is_none())
    }

    /// Puts a finished node into the collection around it.
    fn attach(&mut self, node: usize, merge: bool) {
        if self.awaits_key() {
            let key = if merge { Key::Merge } else { Key::Text(self.key(node)) };
            let at = self.nodes[node].at.clone();
            self.frames.last_mut().expect("a map awaits the key").key = Some((key, at));
        } else if let Some(frame) = self.frames.last_mut() {
            match frame.key.take() {
                Some((key, at)) => frame.entries.push(RawEntry { key, at, value: node }),
                None => frame.items.push(node),
            }
        }
    }

    /// The text of a key; of booleans and numbers it is the one that go-yaml makes of them.
    fn key(&mut self, node: usize) -> String {
        let meant = match self.nodes[node].kind {
            RawKind::Alias(target) => target,
            _ => node,
        };
        let (text, rule) = match &self.nodes[meant].kind {
            RawKind::Scalar(Kind::Text(text)) => return text.clone(),
            RawKind::Scalar(Kind::Bool(value)) => (value.to_string(), rule!("yaml/boolean-key")),
            RawKind::Scalar(Kind::Int(value)) => (value.to_string(), rule!("yaml/number-key")),
            RawKind::Scalar(Kind::Float(value)) => (go_float32(*value), rule!("yaml/number-key")),
            _ => {
                self.refuse_key(node, meant);
                return String::new();
            }
        };
        let span = self.span(&self.nodes[node].at);
        let written = span.text();
        if text != written && meant == node {
            let message = format!("key `{written}` is read as `{text}`");
            self.warnings.push(
                Diagnostic::warning(rule, message)
                    .at(&span)
                    .help(format!("quote it: `\"{written}\"`"))
                    .fix(Fix::replace(&span, format!("\"{written}\""))),
            );
        }
        text
    }

    fn refuse_key(&mut self, node: usize, meant: usize) {
        let at = &self.nodes[node].at;
        let span = self.span(at);
        let reported = self.errors.last().and_then(|error| error.span.as_ref());
        if reported.is_some_and(|reported| reported.start() >= at.start) {
            // A key within this one, as in `{{ x }}: 1`.
            return;
        }
        let template =
            self.source.text()[..at.start].ends_with('{') || span.text().starts_with("{{");
        let (found, help) = match self.nodes[meant].kind {
            RawKind::List(_) => ("a list", "quote a string that begins with `[`"),
            RawKind::Map(_) if template => {
                ("a map", "quote a string that begins with `{{`: values are not templates")
            }
            RawKind::Map(_) => ("a map", "quote a string that begins with `{`"),
            _ if span.text().is_empty() => ("nothing", "write the key before its colon"),
            _ => ("null", "put it in quotes"),
        };
        let error = Diagnostic::error(
            rule!("yaml/value"),
            format!("key: expected a string, found {found}"),
        );
        self.errors.push(error.at(&span).help(help));
    }

    /// JSON's `\/` is not an escape in YAML 1.1, and Helm refuses it.
    fn refuse_slash_escape(&self, at: &Range<usize>) -> Result<(), Diagnostic> {
        let mut characters = self.source.text()[at.clone()].char_indices();
        while let Some((offset, character)) = characters.next() {
            if character == '\\' && characters.next().is_some_and(|(_, escaped)| escaped == '/') {
                let start = at.start + offset;
                return Err(syntax::unknown_escape(&self.span(&(start..start + 2))));
            }
        }
        Ok(())
    }

    /// The bytes of a scalar without its anchor and tag, and without line breaks after it.
    fn scalar_range(&self, at: Range<usize>, properties: bool, style: ScalarStyle) -> Range<usize> {
        let text = self.source.text();
        let start = if properties { after_properties(text, &at) } else { at.start };
        let block = matches!(style, ScalarStyle::Literal | ScalarStyle::Folded);
        let before = self.last.end.min(start);
        if block {
            start..start + text[start..at.end].trim_end_matches(is_white).len()
        } else if start == at.end && only_comments(&text[before..start]) {
            // Nothing at all: as near to what is before it as possible.
            before..before
        } else {
            start..at.end
        }
    }

    fn event(&mut self) -> Result<Event, Diagnostic> {
        // The parser panics on some input, such as `[!tag, x]`.
        match catch_unwind(AssertUnwindSafe(|| self.parser.parse())) {
            Ok(Ok(event)) => {
                self.reached = self.reached.max(self.offset(event.end_mark.index));
                Ok(event)
            }
            Ok(Err(error)) => {
                let open: Vec<_> = self
                    .frames
                    .iter()
                    .map(|frame| (frame.open, self.nodes[frame.node].at.start))
                    .collect();
                let situation = Situation {
                    source: self.source,
                    base: self.base,
                    open: &open,
                    last: self.last.clone(),
                };
                let diagnostic = situation.explain(&error);
                self.reached = self
                    .reached
                    .max(error.problem_mark().map_or(0, |mark| self.offset(mark.index)));
                Err(diagnostic)
            }
            Err(_) => Err(Diagnostic::error(rule!("yaml/syntax"), "unexpected text after this")
                .at(&self.span(&self.last))
                .help("write a space after the tag")),
        }
    }

    /// The next line that begins with `---`, after all that has been read.
    fn next_marker(&self) -> Option<usize> {
        let text = self.source.text();
        let line = text[..self.reached].rfind('\n').map_or(0, |at| at + 1);
        let own = self.started.as_ref().map_or(self.base, Span::start);
        let marks = |at: usize| {
            text[at..].starts_with("---")
                && text[at + 3..].chars().next().is_none_or(char::is_whitespace)
        };
        std::iter::once(line)
            .chain(text[line..].match_indices('\n').map(|(at, _)| line + at + 1))
            .find(|&at| at > own && marks(at))
    }

    /// The parser's position, which counts bytes, as one of the text.
    fn offset(&self, index: u64) -> usize {
        (self.base + index as usize).min(self.end)
    }

    fn range(&self, event: &Event) -> Range<usize> {
        self.offset(event.start_mark.index)..self.offset(event.end_mark.index)
    }

    fn span(&self, at: &Range<usize>) -> Span {
        Span::new(self.source, at.start, at.end)
    }
}

/// The first byte after anchor and tag.
pub(super) fn after_properties(text: &str, at: &Range<usize>) -> usize {
    let mut rest = &text[at.clone()];
    loop {
        rest = rest.trim_start_matches(is_white);
        let skipped = match rest.as_bytes().first() {
            Some(b'&' | b'!') => rest.find(is_white),
            Some(b'#') => rest.find(BREAKS),
            _ => return at.end - rest.len(),
        };
        rest = &rest[skipped.unwrap_or(rest.len())..];
    }
}

fn is_white(character: char) -> bool {
    matches!(character, ' ' | '\t') || BREAKS.contains(&character)
}

fn only_comments(text: &str) -> bool {
    text.lines().all(|line| line.trim_start().is_empty() || line.trim_start().starts_with('#'))
}

/// A number as Go prints it with `%g` in 32 bits, which is how a key that is a float ends up.
fn go_float32(value: f64) -> String {
    let value = value as f32;
    if !value.is_finite() {
        return if value.is_nan() {
            ".nan"
        } else if value > 0.0 {
            ".inf"
        } else {
            "-.inf"
        }
        .to_owned();
    }
    let scientific = format!("{value:e}");
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    if !(-4..6).contains(&exponent) {
        let sign = if exponent < 0 { '-' } else { '+' };
        format!("{mantissa}e{sign}{:02}", exponent.abs())
    } else {
        value.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn source(text: &str) -> Arc<Source> {
        Source::new("v.yaml", text)
    }

    fn root(text: &str) -> Node {
        read(&source(text), &Limits::default())
            .unwrap_or_else(|errors| panic!("{text:?}: {errors:?}"))
            .root
    }

    /// The node as JSON, for what JSON can say.
    fn json(node: &Node) -> String {
        match &node.kind {
            Kind::Null => "null".into(),
            Kind::Bool(value) => value.to_string(),
            Kind::Int(value) => value.to_string(),
            Kind::Float(value) => value.to_string(),
            Kind::Text(text) => format!("{text:?}"),
            Kind::List(list) => {
                format!("[{}]", list.iter().map(json).collect::<Vec<_>>().join(","))
            }
            Kind::Map(map) => {
                let entries: Vec<_> =
                    map.iter().map(|(key, value)| format!("{key:?}:{}", json(value))).collect();
                format!("{{{}}}", entries.join(","))
            }
        }
    }

    /// Each node's text, depth first, keys before values.
    fn texts(node: &Node, found: &mut Vec<String>) {
        found.push(node.span.text().to_owned());
        match &node.kind {
            Kind::List(list) => list.iter().for_each(|node| texts(node, found)),
            Kind::Map(map) => map.entries().for_each(|(_, entry)| {
                found.push(entry.key.text().to_owned());
                texts(&entry.value, found);
            }),
            _ => {}
        }
    }

    fn rules(text: &str) -> Vec<(&'static str, String)> {
        let warnings = match read(&source(text), &Limits::default()) {
            Ok(document) => document.warnings,
            Err(errors) => errors,
        };
        warnings
            .iter()
            .map(|w| {
                (
                    w.rule.as_str(),
                    w.span.as_ref().map(|s| s.place().to_string()).unwrap_or_default(),
                )
            })
            .collect()
    }

    #[test]
    fn values_are_those_of_helm() {
        for (text, expected) in [
            ("", "null"),
            ("# nothing\n", "null"),
            ("---\n", "null"),
            ("a:", r#"{"a":null}"#),
            ("a: 1\nb: [x, 'y', \"z\"]\n", r#"{"a":1,"b":["x","y","z"]}"#),
            ("a:\n- 1\n- \n-\n  b: 2\n", r#"{"a":[1,null,{"b":2}]}"#),
            ("{a, b: c, d: }", r#"{"a":null,"b":"c","d":null}"#),
            ("a: [b: c, d]", r#"{"a":[{"b":"c"},"d"]}"#),
            (
                "a: !!str 1\nb: !!int '7'\nc: !x 5\nd: ! 5\ne: !!set {x}",
                r#"{"a":"1","b":7,"c":"5","d":"5","e":{"x":null}}"#,
            ),
            ("a: |\n  x\n   y\n\n", r#"{"a":"x\n y\n"}"#),
            ("a: |\n  x", r#"{"a":"x"}"#),
            ("a: |+\n  x", r#"{"a":"x"}"#),
            ("a: >-\n  x\n  y\n", r#"{"a":"x y"}"#),
            ("a: x\n  y\r\nb: \"x\\\n  y\"\r\n", r#"{"a":"x y","b":"xy"}"#),
            ("a: &x {b: 1}\nc: *x", r#"{"a":{"b":1},"c":{"b":1}}"#),
            ("a: &x 1\nb: &x 2\nc: *x", r#"{"a":1,"b":2,"c":2}"#),
            ("&k a: 1\n*k : 2", r#"{"a":2}"#),
            (
                "0x10: a\n1e3: b\n2.50: c\n0.000001: d\n1000000.0: e\n.inf: f",
                r#"{"16":"a","1000":"b","2.5":"c","1e-06":"d","1e+06":"e",".inf":"f"}"#,
            ),
            ("on: 1\nNo: 2", r#"{"true":1,"false":2}"#),
            ("2024-01-02: a\n'': b", r#"{"2024-01-02":"a","":"b"}"#),
            ("a: 1\n---\nb: [", r#"{"a":1}"#),
        ] {
            assert_eq!(json(&root(text)), expected, "{text:?}");
        }
    }

    #[test]
    fn a_merge_key_wins_over_what_stands_before_it() {
        let text = "d: &d {x: 1, v: 1}\ne: &e {v: 2, z: 2}\n\
            a: {<<: *d, x: 9}\nb: {<<: [*d, *e], w: 0}\nc: {v: 5, <<: *e}\nf: {'<<': 1}";
        let root = root(text);
        let of = |key| json(root.get(key).unwrap());
        assert_eq!(of("a"), r#"{"x":9,"v":1}"#);
        assert_eq!(of("b"), r#"{"v":1,"z":2,"x":1,"w":0}"#);
        assert_eq!(of("c"), r#"{"v":2,"z":2}"#);
        assert_eq!(of("f"), r#"{"<<":1}"#);
        assert_eq!(rules(text), [("yaml/merge-order", "5:11".into())]);
        assert_eq!(rules("a: {<<: 5}"), [("yaml/value", "1:9".into())]);
    }

    #[test]
    fn spans_are_what_is_written() {
        let text = "# c\na:\n  b: !!str &x 'q\"' # c\n  é: [é, 1, {k: }]\n\n# c\nl:\n- |\n  t\n\n-\n- *x\nm: &y\n  - yes\nn: {o: p} # c\n";
        let mut found = Vec::new();
        texts(&root(text), &mut found);
        let whole = &text[4..text.len() - 5];
        assert_eq!(
            found,
            [
                whole,
                "a",
                "b: !!str &x 'q\"' # c\n  é: [é, 1, {k: }]",
                "b",
                "'q\"'",
                "é",
                "[é, 1, {k: }]",
                "é",
                "1",
                "{k: }",
                "k",
                "",
                "l",
                "- |\n  t\n\n-\n- *x",
                "|\n  t",
                "",
                "'q\"'",
                "m",
                "- yes",
                "yes",
                "n",
                "{o: p}",
                "o",
                "p",
            ]
        );
    }

    #[test]
    fn nothing_has_an_empty_span_where_it_is_missing() {
        let root = root("a:   # c\nb:\n  - \n  -\nc: {d}\n");
        let at = |path: &[&str]| {
            path.iter().try_fold(&root, |node, key| node.get(key)).unwrap().span.to_string()
        };
        assert_eq!((at(&["a"]), at(&["c", "d"])), ("v.yaml:1:3".into(), "v.yaml:5:6".into()));
        let items: Vec<_> =
            root.get("b").unwrap().as_list().unwrap().iter().map(|n| n.span.to_string()).collect();
        assert_eq!(items, ["v.yaml:3:4", "v.yaml:4:4"]);
    }

    #[test]
    fn legal_but_unintended_input_is_reported() {
        assert_eq!(
            rules("a: 1\nb: {x: 1, x: 2}\na: 3"),
            [("yaml/duplicate-key", "2:11".into()), ("yaml/duplicate-key", "3:1".into())]
        );
        assert_eq!(json(&root("a: 1\nb: 2\na: 3")), r#"{"a":3,"b":2}"#);
        assert_eq!(
            rules("x:\n  y: 1\n  false: 2\n  'on': 3"),
            [("yaml/boolean-key", "2:3".into())]
        );
        assert_eq!(rules("1: a\n010: b"), [("yaml/number-key", "2:1".into())]);
        assert_eq!(rules("a: 1\n--- # c\nb: 2"), [("yaml/documents", "2:1".into())]);
        assert_eq!(rules("---\na: 1\n---\n# c\n...\n"), []);
        assert_eq!(
            rules("a: &x {z: 1, z: 2}\nb: *x\nc: {<<: *x}"),
            [("yaml/duplicate-key", "1:14".into())]
        );
    }

    #[test]
    fn values_without_a_meaning_are_errors_and_all_are_reported() {
        assert_eq!(
            rules("a: .inf\nb: !!int x\n[c]: 1\n~: 2\n{{ d }}: 3"),
            [
                ("yaml/value", "1:4".into()),
                ("yaml/value", "2:10".into()),
                ("yaml/value", "3:1".into()),
                ("yaml/value", "4:1".into()),
                ("yaml/value", "5:2".into()),
            ]
        );
        assert_eq!(rules("a: *x"), [("yaml/syntax", "1:4".into())]);
        assert_eq!(rules("a: &x [*x]"), [("yaml/syntax", "1:8".into())]);
    }

    #[test]
    fn a_stream_goes_on_after_a_faulty_document() {
        let source = source("a: 1\n---\nb: [\n---\n# c\n---\nc: 'x\n---\nd: !!int x\n--- e\n...\n");
        let (documents, errors) = read_documents(&source, &Limits::default());
        let found: Vec<_> = documents.iter().map(|document| json(&document.root)).collect();
        assert_eq!(found, [r#"{"a":1}"#, "null", r#""e""#]);
        let places: Vec<_> =
            errors.iter().map(|error| error.span.as_ref().unwrap().place().to_string()).collect();
        assert_eq!(places, ["3:4", "7:4", "9:10"]);
    }

    #[test]
    fn bytes_are_decoded() {
        let text = |bytes: &[u8]| decode("v.yaml", bytes).map(|source| source.text().to_owned());
        let fault = |bytes: &[u8]| text(bytes).map_err(|error| error.span.unwrap().to_string());
        assert_eq!(fault(b"a: \xC3\xA9"), Ok("a: é".into()));
        assert_eq!(fault(b"\xEF\xBB\xBFa: 1"), Ok("a: 1".into()));
        assert_eq!(fault(b"\xFF\xFEa\0:\0 \0\xE9\0"), Ok("a: é".into()));
        assert_eq!(fault(b"\xFE\xFF\0a\xD8\x3D\xDE\0"), Ok("a😀".into()));
        assert_eq!(fault(b"a: 1\nb: \xFF"), Err("v.yaml:2:4".into()));
        assert_eq!(fault(b"\xFF\xFEa\0:"), Err("v.yaml:1:2".into()));
    }

    #[test]
    fn limits_hold() {
        let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        let limits = Limits::default();
        let deep = root(&nested(limits.depth));
        assert_eq!(deep.clone(), deep);
        assert_eq!(
            rules(&nested(limits.depth + 1)),
            [("yaml/limit", format!("1:{}", limits.depth + 1))]
        );
        let by_alias =
            format!("a: &a {}\nb: {}*a{}", nested(300), "[".repeat(300), "]".repeat(300));
        assert_eq!(rules(&by_alias)[0].0, "yaml/limit");
        let small = Limits { bytes: 3, ..limits };
        assert_eq!(read(&source("a: 1"), &small).unwrap_err()[0].rule, rule!("yaml/limit"));

        let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned();
        for level in 1..9 {
            let alias = format!("*a{}", level - 1);
            bomb += &format!("a{level}: &a{level} [{}]\n", [alias.as_str(); 9].join(", "));
        }
        assert_eq!(rules(&bomb)[0].0, "yaml/limit");
    }

    #[test]
    fn block_maps_may_be_as_deep_as_lists() {
        let text: String = (0..256).map(|depth| format!("{}a:\n", " ".repeat(depth))).collect();
        let mut node = &root(&text);
        let mut depth = 0;
        while let Some(inner) = node.get("a") {
            (node, depth) = (inner, depth + 1);
        }
        assert_eq!(depth, 256);
    }

    /// Pieces of which nearly every construct and every fault can be made.
    fn pieces() -> impl Strategy<Value = String> {
        let piece = prop::sample::select(vec![
            "a", "b", "1", "x y", ": ", ":", "- ", "\n", "\n ", "\n  ", "\n- ", "[", "]", "{", "}",
            ",", " ", "\"", "'", "\\", "#", " #", "&a ", "*a", "!", "!!str ", "|", "|-", "|+", ">",
            "? ", "<<: ", "~", "yes", "0x1", ".5", "---", "\n---\n", "\n...\n", "%", "@", "\t",
            "é", "\u{2028}", "\u{85}", "\r\n", "\0", "\na: ", "\n  b: ", "\n  - ",
        ]);
        prop::collection::vec(piece, 0..16).prop_map(|pieces| pieces.concat())
    }

    fn assert_places(node: &Node, tagged: bool) {
        let text = node.span.source().text();
        assert!(text.get(node.span.start()..node.span.end()).is_some());
        let written = node.span.text();
        match &node.kind {
            Kind::List(list) => list.iter().for_each(|node| assert_places(node, tagged)),
            Kind::Map(map) => map.entries().for_each(|(_, entry)| {
                assert!(text.get(entry.key.start()..entry.key.end()).is_some());
                assert_places(&entry.value, tagged);
            }),
            kind if written.starts_with(['"', '\'', '|', '>']) => {
                assert!(matches!(kind, Kind::Text(_)) || tagged)
            }
            kind if written.contains(BREAKS) => assert!(matches!(kind, Kind::Text(_))),
            kind => assert!(
                *kind == scalar::resolve(written).into_kind(written.to_owned()) || tagged,
                "{written:?} {kind:?}"
            ),
        }
    }

    /// The documents of a source by the whole reader, with the places of all that is in them.
    fn by_the_whole_reader(source: &Arc<Source>) -> Option<String> {
        let limits = Limits::default();
        let mut stream = Stream::new(source, &limits, 0..source.text().len());
        let Some(document) = stream.document().ok()? else {
            return Some("0..0 Null".to_owned());
        };
        let is_alone = stream.start().ok()?.is_none() && document.warnings.is_empty();
        is_alone.then(|| shown(&document.root))
    }

    /// A tree with the bytes of each node and key.
    fn shown(node: &Node) -> String {
        let mut shown = format!("{}..{} {:?}", node.span.start(), node.span.end(), node.kind);
        match &node.kind {
            Kind::List(list) => shown.extend(list.iter().map(self::shown)),
            Kind::Map(map) => shown.extend(map.entries().map(|(key, entry)| {
                let place = &entry.key;
                format!("{key:?} {}..{} {}", place.start(), place.end(), self::shown(&entry.value))
            })),
            _ => {}
        }
        shown
    }

    fn by_the_reader_of_blocks(source: &Arc<Source>) -> Option<String> {
        block::read(source, &(0..source.text().len())).map(|root| shown(&root))
    }

    #[test]
    fn files_are_of_the_common_kind_and_both_readers_agree_on_them() {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let mut count = 0;
        let mut common = 0;
        for directory in ["values", "values/examples", "tests/cases/nats", "snapshots/nats"] {
            for entry in std::fs::read_dir(root.join(directory)).unwrap() {
                let Ok(text) = std::fs::read_to_string(entry.unwrap().path()) else { continue };
                for (start, end) in crate::yaml::documents(&text, crate::yaml::Ends::Lines) {
                    let source = source(&(text[start..end].to_owned() + "\n"));
                    count += 1;
                    if let Some(found) = by_the_reader_of_blocks(&source) {
                        common += 1;
                        assert_eq!(Some(found), by_the_whole_reader(&source), "{}", source.text());
                    }
                }
            }
        }
        assert!(common * 100 > count * 80, "{common} of {count}");
    }

    /// `YAML_FILES=LIST cargo test -p jinnacle-syntax files_of_a_list -- --ignored --nocapture`, where LIST
    /// is a file with a path on each line.
    #[test]
    #[ignore = "reads the files that a list names"]
    fn both_readers_agree_on_the_files_of_a_list() {
        let list = std::fs::read_to_string(std::env::var("YAML_FILES").unwrap()).unwrap();
        let (mut count, mut common) = (0, 0);
        for path in list.lines() {
            let Ok(text) = std::fs::read_to_string(path) else { continue };
            let source = source(&text);
            let parts = match path.ends_with("values.yaml") {
                true => vec![(0, text.len())],
                false => crate::yaml::documents(&text, crate::yaml::Ends::Lines),
            };
            let mut is_common = true;
            for (start, end) in parts {
                let part = start..end + usize::from(text[end..].starts_with('\n'));
                let Some(found) = block::read(&source, &part) else {
                    println!("{path}: {}", source.place(start));
                    is_common = false;
                    continue;
                };
                assert_entries(&source, &part, &found);
                let limits = Limits::default();
                let mut stream = Stream::new(&source, &limits, part);
                let whole = match stream.document() {
                    Ok(Some(whole)) if whole.warnings.is_empty() => shown(&whole.root),
                    Ok(None) => "0..0 Null".to_owned(),
                    other => format!("{other:?}"),
                };
                assert_eq!(whole, shown(&found), "{path}");
            }
            count += 1;
            common += usize::from(is_common);
        }
        println!("{common} of {count} are of the common kind");
    }

    /// The entries of some keys are those of the whole map.
    fn assert_entries(source: &Arc<Source>, part: &Range<usize>, whole: &Node) {
        let keys = ["a", "kind", "metadata"];
        let is_flow = source.text()[whole.span.start()..].starts_with(['{', '[']);
        let mut expected = whole.clone();
        if let Some(map) = expected.as_map_mut() {
            for key in whole.as_map().unwrap().keys().filter(|key| !keys.contains(key)) {
                map.remove(key);
            }
        }
        let expected = (!is_flow && expected.as_list().is_none()).then(|| shown(&expected));
        let found = block::read_entries(source, part, &keys);
        assert_eq!(found.map(|found| shown(&found)), expected, "{}", source.text());
    }

    #[test]
    fn both_readers_agree_on_streams() {
        for (text, count) in [
            ("# a\n---\nb: c\n---\n# d\nd: 1\n---\ne: |\n  f\n  ---\n", 3),
            ("a: b\n---\nc: d\n", 2),
            ("# a\n\n", 0),
            ("a: b\n--- # c\nd: e\n", 2),
            ("---\na: b", 1),
        ] {
            let source = source(text);
            let limits = Limits::default();
            let documents = common_documents(&source, &limits).expect(text);
            let mut stream = Stream::new(&source, &limits, 0..text.len());
            let mut whole = Vec::new();
            while let Some(document) = stream.document().unwrap() {
                whole.push(crate::json::to_json(&document.root));
            }
            let found: Vec<_> =
                documents.iter().map(|document| crate::json::to_json(&document.root)).collect();
            assert_eq!(found, whole, "{text}");
            assert_eq!(found.len(), count, "{text}");
        }
        let source = source("a: b\n...\n--- c\n");
        assert!(common_documents(&source, &Limits::default()).is_none());
    }

    #[test]
    fn scalars_of_every_style_are_of_the_common_kind() {
        for text in [
            "a: b\n  c\n\n  d # e\nf: ' g''\n  h'\n",
            "a: \"b\\n\\\"c\\\"\\\n   \\  d\n\n  e\"\n",
            "a: >-\n  b\n  c\n\n    d\n  e\nf: |2\n    g\nh: |+\n\n i\n\n",
            "a: |\nb: >\n\nc:\n  - |-\n   x",
            "a b : c:d\ne: :8080\n80: http\n",
            "- - a\n  - b: 1\n-\n  c\n",
            "# a\n--- # b\nc: d\n",
            "{\"a\": [1,\n  \"b\", # c\n  {d: e_*,},\n]}\n",
            "# nothing\n",
        ] {
            let source = source(text);
            let found = by_the_reader_of_blocks(&source);
            assert!(found.is_some(), "{text}");
            assert_eq!(found, by_the_whole_reader(&source), "{text}");
        }
    }

    #[test]
    fn brackets_on_one_line_are_of_the_common_kind() {
        for text in [
            "a: {b: 1, c: {d: [x, {e: f}], \"g\": true}, h: 10m}\n",
            "- {a: 1}\n- [ {b: no} , [] ]\n- { } # c\n",
            "a: {b: 'x: y', c: \"1\"}\nd:\n- {e: 2.10}\n",
        ] {
            let source = source(text);
            let found = by_the_reader_of_blocks(&source);
            assert!(found.is_some(), "{text}");
            assert_eq!(found, by_the_whole_reader(&source), "{text}");
        }
        for text in
            ["a: {b}\n", "a: {b:1}\n", "a: {b: }\n", "a: {b: 1, b: 2}\n", "a: {b: 1,\n 'c\n': 2}\n"]
        {
            assert_eq!(by_the_reader_of_blocks(&source(text)), None, "{text}");
        }
    }

    /// Lines as block YAML has them, whole and broken.
    fn lines() -> impl Strategy<Value = String> {
        let piece = prop::sample::select(vec![
            "a:",
            "b: ",
            "- ",
            "-",
            "  ",
            " ",
            "\n",
            "\n",
            "\n",
            "\n  ",
            "\n  ",
            "\n    ",
            "\n- ",
            "\n  - ",
            "|",
            "|-",
            "|+",
            "x",
            "y z",
            "1",
            "0x1f",
            "1e3",
            "-1",
            "- a: 1",
            "\"q\"",
            "'s'",
            "''",
            "\"\"",
            "{}",
            "[]",
            "[a, \"b\", 1]",
            "[a,b]",
            "{a: 1, \"b\": [x, {c: y}]}",
            "[{a: b}, [c], {}]",
            "{a: ",
            "{",
            "}",
            "[",
            "]",
            ", ",
            " # c",
            "#",
            "\n# c",
            ":",
            ": ",
            "---",
            "...",
            "c: |\n    t\n\n     u\n",
            "d:\n- e\n",
            "true",
            "~",
            "on",
            "\t",
            "é",
            "\u{2028}",
            "f: 1\n",
            "g:\n  h: 2\n",
            "<<",
            "=",
            "\\",
            "@",
            "*a",
            "&a ",
            ">",
            ">-",
            "|2",
            "|-1",
            ">+\n  t\n  u\n\n   v\n\n  w\n",
            "\"a\\n b\"",
            "\"x\n  y \\\n   z\"",
            "'it''s \n\n  b'",
            "\"\n\n\\\"\"",
            "a b: ",
            "a : ",
            "\n    y",
            "\n\n  y",
            "[a,\n b # c\n, {c: d,}]",
            "{\"a\":1}",
            ":x",
            "?x",
            "80: ",
            "010: ",
            "- - ",
            " \t ",
            "\n     ",
        ]);
        prop::collection::vec(piece, 0..14).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(20000))]

        #[test]
        fn both_readers_agree_wherever_the_reader_of_blocks_reads(
            text in prop_oneof![lines(), pieces()],
        ) {
            let source = source(&text);
            let part = 0..text.len();
            if let Some(found) = block::read(&source, &part) {
                assert_entries(&source, &part, &found);
                prop_assert_eq!(Some(shown(&found)), by_the_whole_reader(&source));
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]

        #[test]
        fn plain_scalars_are_where_their_spans_say(text in pieces()) {
            let source = source(&text);
            if let Ok(document) = read(&source, &Limits::default()) {
                assert_places(&document.root, text.contains('!'));
            }
        }

        #[test]
        fn every_text_is_read_or_refused_with_a_place(text in pieces()) {
            let (_, errors) = read_documents(&source(&text), &Limits::default());
            for error in errors {
                let span = error.span.expect("every error of a source has a place");
                prop_assert!(span.end() <= text.len());
                prop_assert!(text.get(span.start()..span.end()).is_some());
            }
        }

        #[test]
        fn no_bytes_make_it_panic(bytes: Vec<u8>) {
            if let Ok(source) = decode("v.yaml", &bytes) {
                let _ = read(&source, &Limits::default());
            }
        }
    }
}

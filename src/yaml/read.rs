//! Text → nodes.
//!
//! The parser's events become an arena of raw nodes, in which an alias is an index; the arena becomes the
//! tree. Two steps, because go-yaml counts aliases and applies merge keys while it decodes.

use std::collections::{HashMap, HashSet};
use std::io::{Chain, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use libyaml_safer::{Encoding, Event, EventData, MappingStyle, Parser, ScalarStyle, SequenceStyle};

use super::syntax::{self, Open, Situation};
use super::{Kind, Map, Node, scalar};
use crate::diagnostic::Diagnostic;
use crate::source::{Source, Span};

/// One document of a text.
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
    /// The number of lists and maps within each other. Everything that walks a tree may recurse this deep,
    /// so it fits into the 2 MB stack of a thread.
    pub depth: usize,
    /// The length of the text.
    pub bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { depth: 500, bytes: 64 << 20 }
    }
}

/// A text from the bytes of a file: UTF-8 with or without a byte order mark, or UTF-16 with one.
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
            Err(Diagnostic::error("yaml/encoding", format!("a byte that is not {encoding}"))
                .at(&span)
                .help("save the file as UTF-8"))
        }
    }
}

/// Reads the first document of a text, as Helm 3 does; a further one gives a warning.
pub fn read(source: &Arc<Source>, limits: &Limits) -> Result<Document, Vec<Diagnostic>> {
    let mut stream = Stream::new(source, limits, 0);
    let Some(mut document) = stream.document()? else {
        let root = Node::new(Kind::Null, Span::new(source, 0, 0));
        return Ok(Document { root, warnings: Vec::new() });
    };
    if let Some(second) = stream.start().map_err(|error| vec![error])? {
        let rest = &source.text()[second.end()..];
        if rest
            .lines()
            .any(|line| !matches!(line.split('#').next().map(str::trim), Some("" | "---" | "...")))
        {
            document.warnings.push(
                Diagnostic::warning(
                    "yaml/documents",
                    "only the first document of this file is read",
                )
                .at(&second)
                .help("put the second document into a file of its own"),
            );
        }
    }
    Ok(document)
}

/// Reads all documents of a text, empty ones included, and goes on behind a faulty one.
pub fn read_documents(source: &Arc<Source>, limits: &Limits) -> (Vec<Document>, Vec<Diagnostic>) {
    let (mut documents, mut errors) = (Vec::new(), Vec::new());
    let mut stream = Stream::new(source, limits, 0);
    loop {
        match stream.document() {
            Ok(Some(document)) => documents.push(document),
            Ok(None) => return (documents, errors),
            Err(faults) => {
                errors.extend(faults);
                let Some(next) = stream.next_marker() else { return (documents, errors) };
                stream = Stream::new(source, limits, next);
            }
        }
    }
}

/// The documents of a text from some line on.
struct Stream<'a> {
    source: &'a Arc<Source>,
    limits: &'a Limits,
    parser: Parser<Chain<&'a [u8], &'static [u8]>>,
    /// Where the parser's first byte is.
    base: usize,
    /// Where the text that was given to the parser ends.
    end: usize,
    /// The `---` of a document that has begun.
    started: Option<Span>,
    /// The collections that are open.
    frames: Vec<Frame>,
    nodes: Vec<Raw>,
    anchors: HashMap<String, usize>,
    /// The last node that was read to its end.
    last: (usize, usize),
    /// How far the events reach.
    reached: usize,
    warnings: Vec<Diagnostic>,
    errors: Vec<Diagnostic>,
}

/// A node as it is written.
struct Raw {
    start: usize,
    end: usize,
    kind: RawKind,
}

enum RawKind {
    /// A collection whose end has not been seen.
    Unfinished,
    Scalar(Kind),
    List(Vec<usize>),
    Map(Vec<RawEntry>),
    Alias(usize),
}

struct RawEntry {
    key: Key,
    start: usize,
    end: usize,
    value: usize,
}

enum Key {
    Text(String),
    /// `<<`: takes over the entries of its value.
    Merge,
}

struct Frame {
    /// The collection among the nodes.
    node: usize,
    open: Open,
    items: Vec<usize>,
    entries: Vec<RawEntry>,
    /// A key that waits for its value, with its place.
    key: Option<(Key, usize, usize)>,
}

/// What ends a line to YAML 1.1.
const BREAKS: [char; 5] = ['\n', '\r', '\u{85}', '\u{2028}', '\u{2029}'];

impl<'a> Stream<'a> {
    fn new(source: &'a Arc<Source>, limits: &'a Limits, base: usize) -> Self {
        // The parser needs a line break at the end (it gives up in a block scalar without one), and a last
        // line of blanks alone means nothing.
        let text = source.text();
        let last_line = text[base..].rsplit(BREAKS).next().unwrap_or("");
        let complete = last_line.trim_matches([' ', '\t']).is_empty();
        let end = if complete { text.len() - last_line.len() } else { text.len() };
        let added: &[u8] = if complete { b"" } else { b"\n" };
        let mut parser = Parser::new();
        parser.set_encoding(Encoding::Utf8);
        parser.set_input(text.as_bytes()[base..end].chain(added));
        Self {
            source,
            limits,
            parser,
            base,
            end,
            started: None,
            frames: Vec::new(),
            nodes: Vec::new(),
            anchors: HashMap::new(),
            last: (base, base),
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
                    let span = self.span(
                        self.offset(event.start_mark.index),
                        self.offset(event.end_mark.index),
                    );
                    if version_directive.is_some_and(|version| version.minor != 1) {
                        return Err(Diagnostic::error(
                            "yaml/syntax",
                            "only YAML 1.1 is read, as Helm does",
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
        let mut tree = Tree { stream: self, merged: 0, nodes: 0, aliased: 0 };
        let root = tree.node(root, 0);
        self.nodes.clear();
        self.anchors.clear();
        match root {
            Ok(root) if self.errors.is_empty() => {
                Ok(Some(Document { root, warnings: std::mem::take(&mut self.warnings) }))
            }
            root => {
                self.errors.extend(root.err());
                Err(std::mem::take(&mut self.errors))
            }
        }
    }

    /// Reads the events of the next document into the arena; gives its root.
    fn compose(&mut self) -> Result<Option<usize>, Diagnostic> {
        if self.limits.bytes < self.source.text().len() {
            let message = format!("the text is longer than {} bytes", self.limits.bytes);
            return Err(Diagnostic::error("yaml/limit", message).at(&self.span(0, 0)));
        }
        if self.start()?.is_none() {
            return Ok(None);
        }
        let mut root = 0;
        loop {
            let event = self.event()?;
            let (start, end) =
                (self.offset(event.start_mark.index), self.offset(event.end_mark.index));
            let finished = match event.data {
                EventData::DocumentEnd { .. } => {
                    self.started = None;
                    return Ok(Some(root));
                }
                EventData::Scalar { anchor, tag, value, style, plain_implicit, .. } => {
                    let (start, end) =
                        self.scalar_place(start, end, anchor.is_some() || tag.is_some(), style);
                    let value = match style {
                        ScalarStyle::Literal | ScalarStyle::Folded => {
                            self.without_added_break(value, event.end_mark.index)
                        }
                        _ => value,
                    };
                    self.scalar(anchor, tag.as_deref(), value, style, plain_implicit, start, end)?
                }
                EventData::Alias { anchor } => {
                    self.last = (start, end);
                    self.alias(&anchor, start, end)?
                }
                EventData::SequenceStart { anchor, style, .. } => {
                    // The event ends before the first dash, or behind it when the list stands at the column
                    // of its key.
                    let dash_follows = self.source.text().as_bytes().get(end) == Some(&b'-');
                    let (open, at) = match style {
                        SequenceStyle::Flow => (Open::FlowList, end - 1),
                        _ if dash_follows => (Open::BlockList, end),
                        _ => (Open::BlockList, end - 1),
                    };
                    self.open(anchor, open, at)?;
                    continue;
                }
                EventData::MappingStart { anchor, style, .. } => {
                    // A single pair in a list has no brace.
                    let brace = style == MappingStyle::Flow
                        && end > 0
                        && self.source.text().as_bytes()[end - 1] == b'{';
                    let (open, at) = match style {
                        MappingStyle::Flow if brace => (Open::FlowMap, end - 1),
                        MappingStyle::Flow => (Open::FlowPair, start),
                        _ => (Open::BlockMap, end),
                    };
                    self.open(anchor, open, at)?;
                    continue;
                }
                EventData::SequenceEnd | EventData::MappingEnd => self.close(end),
                _ => continue,
            };
            if self.frames.is_empty() {
                root = finished;
            }
        }
    }

    fn open(&mut self, anchor: Option<String>, open: Open, start: usize) -> Result<(), Diagnostic> {
        if self.frames.len() >= self.limits.depth {
            return Err(self.too_deep(start));
        }
        let node = self.add(anchor, start, start, RawKind::Unfinished);
        self.frames.push(Frame { node, open, items: Vec::new(), entries: Vec::new(), key: None });
        Ok(())
    }

    /// Ends the innermost collection; `end` is behind its bracket, if it has one.
    fn close(&mut self, end: usize) -> usize {
        let frame = self.frames.pop().expect("the parser ends only what it began");
        let start = self.nodes[frame.node].start;
        let end = if matches!(frame.open, Open::FlowList | Open::FlowMap) {
            end
        } else {
            self.last.1.max(start)
        };
        self.last = (start, end);
        let kind = match frame.open {
            Open::FlowList | Open::BlockList => RawKind::List(frame.items),
            _ => RawKind::Map(frame.entries),
        };
        let raw = &mut self.nodes[frame.node];
        (raw.end, raw.kind) = (end, kind);
        self.attach(frame.node, false);
        frame.node
    }

    #[allow(clippy::too_many_arguments)]
    fn scalar(
        &mut self,
        anchor: Option<String>,
        tag: Option<&str>,
        value: String,
        style: ScalarStyle,
        plain: bool,
        start: usize,
        end: usize,
    ) -> Result<usize, Diagnostic> {
        if style == ScalarStyle::DoubleQuoted {
            self.refuse_slash_escape(start, end)?;
        }
        self.last = (start, end);
        let merge =
            value == "<<" && (plain && tag.is_none() || tag == Some("tag:yaml.org,2002:merge"));
        let kind = match tag {
            None if plain => scalar::resolve(&value).into_kind(value),
            None => Kind::Text(value),
            Some(tag) => scalar::resolve_tagged(tag, &value).unwrap_or_else(|wanted| {
                let short = tag.rsplit(':').next().unwrap_or(tag);
                let message = format!(
                    "the tag `!!{short}` wants {wanted}, found `{}`",
                    syntax::shortened(&value)
                );
                self.errors
                    .push(Diagnostic::error("yaml/value", message).at(&self.span(start, end)));
                Kind::Null
            }),
        };
        let is_key = self.awaits_key();
        if let Kind::Float(number) = kind
            && !number.is_finite()
            && !is_key
        {
            let message = format!(
                "`{}` is no number that Kubernetes or JSON can hold",
                &self.source.text()[start..end]
            );
            self.errors.push(
                Diagnostic::error("yaml/value", message)
                    .at(&self.span(start, end))
                    .help("put it in quotes if it is meant as a text"),
            );
        }
        let node = self.add(anchor, start, end, RawKind::Scalar(kind));
        self.attach(node, merge);
        Ok(node)
    }

    fn alias(&mut self, name: &str, start: usize, end: usize) -> Result<usize, Diagnostic> {
        let span = self.span(start, end);
        let Some(&target) = self.anchors.get(name) else {
            return Err(Diagnostic::error("yaml/syntax", format!("`*{name}` refers to an anchor that is not there"))
                .at(&span)
                .help(format!("write `&{name}` before the value it stands for, further up; or put the text in quotes")));
        };
        let raw = &self.nodes[target];
        if matches!(raw.kind, RawKind::Unfinished) {
            return Err(Diagnostic::error(
                "yaml/syntax",
                format!("`*{name}` stands within the value that it refers to"),
            )
            .at(&span)
            .related(
                &self.span(raw.start, raw.start + 1),
                format!("the value of `&{name}` begins here"),
            ));
        }
        let node = self.add(None, start, end, RawKind::Alias(target));
        self.attach(node, false);
        Ok(node)
    }

    fn add(&mut self, anchor: Option<String>, start: usize, end: usize, kind: RawKind) -> usize {
        let node = self.nodes.len();
        self.nodes.push(Raw { start, end, kind });
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
        let key =
            self.awaits_key().then(|| if merge { Key::Merge } else { Key::Text(self.key(node)) });
        let (start, end) = (self.nodes[node].start, self.nodes[node].end);
        let Some(frame) = self.frames.last_mut() else { return };
        match (frame.open.is_map(), frame.key.take()) {
            (false, _) => frame.items.push(node),
            (true, None) => frame.key = key.map(|key| (key, start, end)),
            (true, Some((key, start, end))) => {
                frame.entries.push(RawEntry { key, start, end, value: node })
            }
        }
    }

    /// The text of a key; go-yaml's own texts for booleans and numbers.
    fn key(&mut self, node: usize) -> String {
        let (start, end) = (self.nodes[node].start, self.nodes[node].end);
        let meant = match self.nodes[node].kind {
            RawKind::Alias(target) => target,
            _ => node,
        };
        let (text, rule) = match &self.nodes[meant].kind {
            RawKind::Scalar(Kind::Text(text)) => return text.clone(),
            RawKind::Scalar(Kind::Bool(value)) => (value.to_string(), "yaml/boolean-key"),
            RawKind::Scalar(Kind::Int(value)) => (value.to_string(), "yaml/number-key"),
            RawKind::Scalar(Kind::Float(value)) => (go_float32(*value), "yaml/number-key"),
            kind => {
                let span = self.span(start, end);
                let template = self.source.text()[..end]
                    .get(start.saturating_sub(1)..)
                    .is_some_and(|text| text.contains("{{"));
                let (found, help) = match kind {
                    RawKind::List(_) => ("a list", "a text that begins with `[` goes in quotes"),
                    RawKind::Map(_) if template => {
                        ("a map", "values are no template; a text that holds `{{` goes in quotes")
                    }
                    RawKind::Map(_) => ("a map", "a text that begins with `{` goes in quotes"),
                    _ if span.text().is_empty() => ("nothing", "write the key before its colon"),
                    _ => ("null", "put it in quotes"),
                };
                // A key within this one has been told already.
                if self
                    .errors
                    .last()
                    .and_then(|error| error.span.as_ref())
                    .is_some_and(|told| told.start() >= start)
                {
                    return String::new();
                }
                let error =
                    Diagnostic::error("yaml/value", format!("a key must be a text, found {found}"));
                self.errors.push(error.at(&span).help(help));
                return span.text().to_owned();
            }
        };
        let span = self.span(start, end);
        if text != span.text() && meant == node {
            let written = span.text();
            let warning =
                Diagnostic::warning(rule, format!("the key `{written}` is read as `{text}`"));
            self.warnings
                .push(warning.help(format!("put it in quotes: `\"{written}\"`")).at(&span));
        }
        text
    }

    /// JSON's `\/` is no escape in YAML 1.1, and Helm refuses it.
    fn refuse_slash_escape(&self, start: usize, end: usize) -> Result<(), Diagnostic> {
        let text = &self.source.text()[start..end];
        let mut escapes = text.char_indices();
        while let Some((at, character)) = escapes.next() {
            if character == '\\' && escapes.next().is_some_and(|(_, escaped)| escaped == '/') {
                return Err(syntax::unknown_escape(&self.span(start + at, start + at + 2)));
            }
        }
        Ok(())
    }

    /// The place of a scalar without its anchor and tag, and without line breaks behind it.
    fn scalar_place(
        &self,
        start: usize,
        end: usize,
        properties: bool,
        style: ScalarStyle,
    ) -> (usize, usize) {
        let text = self.source.text();
        let start = if properties { behind_properties(text, start, end) } else { start };
        match style {
            ScalarStyle::Literal | ScalarStyle::Folded => (
                start,
                start
                    + text[start..end]
                        .trim_end_matches(|c| BREAKS.contains(&c) || c == ' ' || c == '\t')
                        .len(),
            ),
            // Nothing at all: as near to what is before it as possible.
            _ if start == end && only_comments(&text[self.last.1.min(start)..start]) => {
                (self.last.1.min(start), self.last.1.min(start))
            }
            _ => (start, end),
        }
    }

    /// A block scalar without the line break that the reader added to the text.
    fn without_added_break(&self, mut value: String, end: u64) -> String {
        if self.base + end as usize > self.end && value.ends_with('\n') {
            value.pop();
        }
        value
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
                    .map(|frame| (frame.open, self.nodes[frame.node].start))
                    .collect();
                let situation = Situation {
                    source: self.source,
                    base: self.base,
                    open: &open,
                    last: self.last,
                };
                let diagnostic = situation.explain(&error);
                self.reached = self
                    .reached
                    .max(error.problem_mark().map_or(0, |mark| self.offset(mark.index)));
                Err(diagnostic)
            }
            Err(_) => Err(Diagnostic::error("yaml/syntax", "the text behind this cannot be read")
                .at(&self.span(self.last.0, self.last.1))
                .help("a tag must have a blank behind it")),
        }
    }

    /// The next line that begins with `---`, behind all that has been read.
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

    fn span(&self, start: usize, end: usize) -> Span {
        Span::new(self.source, start, end)
    }

    fn too_deep(&self, at: usize) -> Diagnostic {
        let message = format!("more than {} lists and maps within each other", self.limits.depth);
        Diagnostic::error("yaml/limit", message).at(&self.span(at, at + 1))
    }
}

/// The arena on its way to a tree.
struct Tree<'s, 'a> {
    stream: &'s mut Stream<'a>,
    /// How many aliases are being followed.
    merged: usize,
    /// How many nodes have been made.
    nodes: usize,
    /// How many of them by way of an alias.
    aliased: usize,
}

impl Tree<'_, '_> {
    fn node(&mut self, at: usize, depth: usize) -> Result<Node, Diagnostic> {
        self.count(at)?;
        let raw = &self.stream.nodes[at];
        let span = self.stream.span(raw.start, raw.end);
        match &raw.kind {
            RawKind::Scalar(kind) => Ok(Node::new(kind.clone(), span)),
            RawKind::Alias(target) => {
                let target = *target;
                self.merged += 1;
                let node = self.node(target, depth);
                self.merged -= 1;
                node
            }
            _ if depth >= self.stream.limits.depth => Err(self.stream.too_deep(raw.start)),
            RawKind::List(items) => {
                let mut nodes = Vec::with_capacity(items.len());
                for at in items.clone() {
                    nodes.push(self.node(at, depth + 1)?);
                }
                Ok(Node::new(Kind::List(nodes), span))
            }
            _ => {
                let mut map = Map::new();
                self.fill(at, &mut map, depth + 1)?;
                Ok(Node::new(Kind::Map(map), span))
            }
        }
    }

    /// Puts the entries of a raw map into a map, in the order of the text: what comes later wins, be it a
    /// key or the entries that `<<` takes over.
    fn fill(&mut self, at: usize, map: &mut Map, depth: usize) -> Result<(), Diagnostic> {
        let RawKind::Map(entries) = &mut self.stream.nodes[at].kind else { return Ok(()) };
        let entries = std::mem::take(entries);
        let merges = entries.iter().any(|entry| matches!(entry.key, Key::Merge));
        let mut explicit = HashSet::new();
        for entry in &entries {
            let place = self.stream.span(entry.start, entry.end);
            match &entry.key {
                Key::Text(key) => {
                    self.nodes += 1;
                    let value = self.node(entry.value, depth)?;
                    let first = map.insert(key.clone(), place.clone(), value);
                    if let Some(first) =
                        first.filter(|_| !merges || explicit.contains(key.as_str()))
                    {
                        self.warn_duplicate(key, &place, &first.key);
                    }
                    if merges {
                        explicit.insert(key.as_str());
                    }
                }
                Key::Merge => {
                    let mut taken = Map::new();
                    self.merge(entry.value, &mut taken, depth)?;
                    for (key, entry) in taken {
                        if explicit.contains(key.as_str()) {
                            self.warn_merge(&key, &place, map, &entry.value);
                        }
                        map.insert(key, entry.key, entry.value);
                    }
                }
            }
        }
        self.stream.nodes[at].kind = RawKind::Map(entries);
        Ok(())
    }

    /// Takes over the entries of `<<`'s value; of several maps the first has the last word.
    fn merge(&mut self, at: usize, map: &mut Map, depth: usize) -> Result<(), Diagnostic> {
        match &self.stream.nodes[at].kind {
            RawKind::List(items) => {
                for at in items.clone().into_iter().rev() {
                    self.merge_one(at, map, depth)?;
                }
                Ok(())
            }
            _ => self.merge_one(at, map, depth),
        }
    }

    fn merge_one(&mut self, at: usize, map: &mut Map, depth: usize) -> Result<(), Diagnostic> {
        self.count(at)?;
        let raw = &self.stream.nodes[at];
        match raw.kind {
            RawKind::Map(_) => self.fill(at, map, depth),
            RawKind::Alias(target) if matches!(self.stream.nodes[target].kind, RawKind::Map(_)) => {
                self.merged += 1;
                self.count(target)?;
                self.fill(target, map, depth)?;
                self.merged -= 1;
                Ok(())
            }
            _ => Err(Diagnostic::error("yaml/value", "`<<` takes a map or a list of maps")
                .at(&self.stream.span(raw.start, raw.end))),
        }
    }

    /// Counts as go-yaml does, whose limit on the share of aliases this is (`allowedAliasRatio`).
    fn count(&mut self, at: usize) -> Result<(), Diagnostic> {
        const LOW: f64 = 400_000.0;
        const HIGH: f64 = 4_000_000.0;
        self.nodes += 1;
        self.aliased += usize::from(self.merged > 0);
        let (nodes, aliased) = (self.nodes as f64, self.aliased as f64);
        let allowed = 0.99 - 0.89 * ((nodes - LOW) / (HIGH - LOW)).clamp(0.0, 1.0);
        if self.aliased > 100 && self.nodes > 1000 && aliased / nodes > allowed {
            let raw = &self.stream.nodes[at];
            return Err(Diagnostic::error(
                "yaml/limit",
                "the aliases of this text make it too large",
            )
            .at(&self.stream.span(raw.start, raw.end)));
        }
        Ok(())
    }

    fn warn_duplicate(&mut self, key: &str, place: &Span, first: &Span) {
        if self.merged == 0 {
            let message = format!("`{key}` is written twice in this map, and the last one counts");
            let warning = Diagnostic::warning("yaml/duplicate-key", message).at(place);
            self.stream.warnings.push(
                warning.related(first, "it is written here first").help("remove one of them"),
            );
        }
    }

    fn warn_merge(&mut self, key: &str, place: &Span, map: &Map, value: &Node) {
        if let Some(explicit) =
            map.entry(key).filter(|explicit| self.merged == 0 && explicit.value != *value)
        {
            let warning = Diagnostic::warning(
                "yaml/merge-order",
                format!("`<<` replaces `{key}`, which stands before it"),
            );
            let warning = warning.at(place).related(&explicit.key, "what it replaces");
            self.stream.warnings.push(warning.help("move `<<` to the top of the map"));
        }
    }
}

/// The first byte behind anchor and tag.
fn behind_properties(text: &str, start: usize, end: usize) -> usize {
    let mut rest = &text[start..end];
    loop {
        rest = rest.trim_start_matches(|c| BREAKS.contains(&c) || c == ' ' || c == '\t');
        let skipped = match rest.as_bytes().first() {
            Some(b'&' | b'!') => rest.find(|c| BREAKS.contains(&c) || c == ' ' || c == '\t'),
            Some(b'#') => rest.find(BREAKS),
            _ => return end - rest.len(),
        };
        rest = &rest[skipped.unwrap_or(rest.len())..];
    }
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

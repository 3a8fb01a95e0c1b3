//! Reads the language in one pass, as the server's lexer and parser do together.

use super::{Entry, Include, Kind, Map, ParseContext, Tree, Value};
use jinnacle_functions::time::layout;
use jinnacle_syntax::diagnostic::{Diagnostic, RuleId, Sink, Stopped, rule};
use jinnacle_syntax::source::{Source, Span};
use std::sync::Arc;

/// Reads a configuration, with the files it includes as far as they are known.
///
/// What the server's parser refuses is an error at its place. A variable that nobody knows here stays in
/// the tree as such, and an include that cannot be read marks its map as open: both are no errors, since
/// the server may find them. What the server accepts although it is probably not meant, such as an option that is set
/// twice, is a warning.
///
/// # Errors
/// The server's parser would refuse it.
pub fn parse(
    source: &Arc<Source>,
    context: &ParseContext,
    sink: &mut Sink,
) -> Result<Tree, Stopped> {
    let mut shared =
        Shared { context, including: Vec::new(), variables: Vec::new(), files: 0, copied: 0, sink };
    let tree = Reader::new(source, &mut shared).read();
    sink.take(tree)
}

/// The server nests without a limit; people stay far below this one, and no stack overflows.
const MAX_DEPTH: usize = 250;
/// Values that variables may repeat; without a bound, a short text could grow without end.
const MAX_COPIED: usize = 1_000_000;
/// Files that one configuration may include.
const MAX_FILES: usize = 1_000;
/// Files that may include one another in a row.
const MAX_INCLUDE_DEPTH: usize = 20;

/// The end of the text as a character. The server does not tell it from a NUL, so a NUL ends words as well.
const END: char = '\0';

/// What the readers of one configuration, its includes and its variables have in common.
struct Shared<'a> {
    context: &'a ParseContext<'a>,
    including: Vec<String>,
    variables: Vec<String>,
    files: usize,
    copied: usize,
    sink: &'a mut Sink,
}

struct Reader<'s, 'a> {
    source: &'s Arc<Source>,
    text: &'s str,
    at: usize,
    frames: Vec<Frame>,
    root: Map,
    /// Keys that wait for their value. A value takes the last one, so a key whose value vanishes hands its
    /// place on to the enclosing block, as it does in the server.
    keys: Vec<Key>,
    /// Whether the last thing read was a key.
    key_is_last: bool,
    includes: Vec<Include>,
    /// Variables that were set nowhere above the place of their use.
    unset: Vec<(String, Span)>,
    /// A `]` that became text because a number touches it: the usual reason for a list without an end.
    swallowed: Option<Span>,
    shared: &'s mut Shared<'a>,
}

/// What is open around the current place.
enum Frame {
    /// The file.
    Top,
    /// Braces around the file, as JSON has them; their options belong to the top.
    Braces,
    Map(Map, usize),
    List(Vec<Value>, usize),
}

struct Key {
    name: String,
    span: Span,
}

/// What comes next within the innermost frame.
enum Next {
    /// A key or a value, or the end of the frame.
    Item,
    /// What may follow a value.
    Separator,
    /// What may follow braces within braces.
    BracesEnd,
    /// Nothing: the text is over.
    Done,
}

type Step = Result<Next, Diagnostic>;

impl<'s, 'a> Reader<'s, 'a> {
    fn new(source: &'s Arc<Source>, shared: &'s mut Shared<'a>) -> Self {
        Self {
            source,
            text: source.text(),
            at: 0,
            frames: vec![Frame::Top],
            root: Map::default(),
            keys: Vec::new(),
            key_is_last: false,
            includes: Vec::new(),
            unset: Vec::new(),
            swallowed: None,
            shared,
        }
    }

    fn read(mut self) -> Result<Tree, Diagnostic> {
        let mut next = Next::Item;
        loop {
            next = match (self.frames.last(), next) {
                (_, Next::Done) | (None, _) => break,
                (Some(Frame::Top | Frame::Braces), Next::Item) => self.top_item()?,
                (Some(Frame::Map(..)), Next::Item) => self.map_item()?,
                (Some(Frame::List(..)), Next::Item) => self.list_item()?,
                (Some(_), Next::BracesEnd) => self.braces_end()?,
                (Some(_), Next::Separator) => self.separator()?,
            };
        }
        // A closing brace too many at the very end reads as a key, which the server forgives.
        match self.keys.last() {
            Some(key) if self.key_is_last && key.name != "}" => Err(Diagnostic::error(
                SYNTAX,
                format!("`{}` has no value: unexpected end of file", key.name),
            )
            .at(&key.span)
            .help("write `name: value`, or remove the name")),
            _ => {
                self.warn_of_late_variables();
                Ok(Tree { root: self.root, includes: self.includes })
            }
        }
    }

    fn warn_of_late_variables(&mut self) {
        for (name, span) in &self.unset {
            if let Some(entry) = self.root.entries.get(name) {
                let message = format!("the variable `${name}` is used before it is set");
                let warning =
                    Diagnostic::warning(VALUE, message).at(span).related(&entry.key, "set here");
                self.shared.sink.push(warning.help("set the variable before its first use"));
            }
        }
    }

    // ---- Frames

    fn top_item(&mut self) -> Step {
        self.skip_while(char::is_whitespace);
        let start = self.at;
        match self.next() {
            '{' => {
                self.open(Frame::Braces, start)?;
                Ok(Next::Item)
            }
            '}' if matches!(self.frames.last(), Some(Frame::Braces)) => Ok(self.close_braces()),
            '#' => Ok(self.comment()),
            '/' if self.take('/') => Ok(self.comment()),
            END if self.at == start => Ok(Next::Done),
            '/' | END => Err(self.unexpected(start, "a name")),
            _ => {
                self.at = start;
                self.top_key()
            }
        }
    }

    fn top_key(&mut self) -> Step {
        let start = self.at;
        match self.next() {
            '=' | ':' => return Err(self.separator_without_key(start)),
            quote @ ('"' | '\'') => {
                if !self.quoted_key(quote, start)? {
                    return Ok(Next::Done);
                }
            }
            _ => {
                self.skip_while(|c| !c.is_whitespace() && !matches!(c, '=' | ':' | END));
                if self.is_include(start) {
                    return self.include();
                }
                self.push_key(start, self.at);
            }
        }
        self.skip_while(char::is_whitespace);
        let end = self.at;
        match self.next() {
            '=' | ':' => {}
            END => return Ok(Next::Done),
            _ => self.at = end,
        }
        self.value()
    }

    fn map_item(&mut self) -> Step {
        self.skip_while(char::is_whitespace);
        let mut start = self.at;
        match self.next() {
            '=' | ':' => return Err(self.separator_without_key(start)),
            ']' => {
                let error = self.error(start, "expected `}` to close the block, found `]`");
                return Err(error.help("close the block with `}`"));
            }
            '}' => return self.close(),
            '#' => return Ok(self.comment()),
            '/' if self.take('/') => return Ok(self.comment()),
            END => return Err(self.unclosed()),
            quote @ ('"' | '\'') => {
                if !self.quoted_key(quote, start)? {
                    return Err(self.unclosed());
                }
                return self.map_value();
            }
            // A lone slash is dropped, and whatever follows begins the key.
            '/' => {
                start = self.at;
                self.next();
            }
            _ => {}
        }
        self.skip_while(|c| !c.is_whitespace() && !matches!(c, '=' | ':' | END));
        if self.peek() == END {
            return Err(self.unclosed());
        }
        if self.is_include(start) {
            return self.include();
        }
        self.push_key(start, self.at);
        self.map_value()
    }

    fn map_value(&mut self) -> Step {
        self.skip_while(char::is_whitespace);
        if matches!(self.peek(), '=' | ':') {
            self.next();
            self.skip_while(char::is_whitespace);
        }
        match self.peek() {
            ',' => {
                let error = self.error_here("expected a value, found `,`");
                Err(error.help("write the value after the name, or put it in quotes"))
            }
            '}' => {
                self.next();
                self.close()
            }
            _ => self.value(),
        }
    }

    fn list_item(&mut self) -> Step {
        self.skip_while(char::is_whitespace);
        let start = self.at;
        match self.next() {
            '#' => Ok(self.comment()),
            '/' if self.take('/') => Ok(self.comment()),
            '/' | ',' => Err(self.unexpected(start, "a value or `]`")),
            ']' => self.close(),
            _ => {
                self.at = start;
                self.value()
            }
        }
    }

    /// What comes between a value and the next item of the same frame.
    fn separator(&mut self) -> Step {
        self.skip_while(is_blank);
        let start = self.at;
        let c = self.next();
        if c == '#' || c == '/' && self.take('/') {
            let after = self.comment();
            return Ok(if matches!(self.frames.last(), Some(Frame::Top)) {
                after
            } else {
                Next::Separator
            });
        }
        match (self.frames.last(), c) {
            (Some(Frame::Top), '/') | (Some(Frame::Braces), '/') => Ok(Next::Separator),
            (Some(Frame::Top), '\n' | '\r' | END | ';' | ',' | '}') => Ok(Next::Item),
            (Some(Frame::Braces), '\n' | '\r' | ';' | ',') => Ok(Next::Item),
            (Some(Frame::Braces), '}') => Ok(self.close_braces()),
            (Some(Frame::Map(..)), '/' | ';' | ',' | '\n' | '\r') => Ok(Next::Item),
            (Some(Frame::Map(..)), '}') => self.close(),
            (Some(Frame::List(..)), '/' | ',' | '\n' | '\r') => Ok(Next::Item),
            (Some(Frame::List(..)), ']') => self.close(),
            (Some(Frame::Map(..) | Frame::List(..) | Frame::Braces), END) => Err(self.unclosed()),
            (Some(Frame::List(..)), _) => {
                let error = self.unexpected(start, "`,` or `]` after a value");
                Err(self
                    .explain_list(error)
                    .help("put `,` between values, or quote a string with spaces"))
            }
            (Some(Frame::Top), _) => {
                Err(self.unexpected(start, "the end of the line after a value").help(
                    "quote a string with spaces, or put `;` or `,` between two options on a line",
                ))
            }
            _ => Err(self
                .unexpected(start, "`,`, `;`, `}` or the end of the line after a value")
                .help(
                    "quote a string with spaces, or put `;` or `,` between two options on a line",
                )),
        }
    }

    fn braces_end(&mut self) -> Step {
        self.skip_while(|c| is_blank(c) || is_break(c));
        let start = self.at;
        match self.next() {
            '#' => Ok(self.comment()),
            '/' => {
                if self.take('/') {
                    return Ok(self.comment());
                }
                Ok(Next::BracesEnd)
            }
            ';' | ',' => Ok(Next::Item),
            '}' => Ok(self.close_braces()),
            _ => Err(self.unexpected(start, "`}`")),
        }
    }

    fn close_braces(&mut self) -> Next {
        self.frames.pop();
        match self.frames.last() {
            Some(Frame::Braces) => Next::BracesEnd,
            _ => Next::Item,
        }
    }

    fn open(&mut self, frame: Frame, start: usize) -> Result<(), Diagnostic> {
        if self.frames.len() > MAX_DEPTH {
            return Err(self
                .error(start, format!("blocks and lists are nested more than {MAX_DEPTH} deep")));
        }
        self.key_is_last = false;
        self.frames.push(frame);
        Ok(())
    }

    fn close(&mut self) -> Step {
        let (kind, start) = match self.frames.pop() {
            Some(Frame::Map(map, start)) => (Kind::Map(map), start),
            Some(Frame::List(list, start)) => (Kind::List(list), start),
            _ => return Ok(Next::Done),
        };
        self.put(kind, self.span(start, self.at))
    }

    /// Gives a value to the innermost frame, in a map under the key that waits for it.
    fn put(&mut self, kind: Kind, span: Span) -> Step {
        self.key_is_last = false;
        let value = Value { kind, span };
        if let Some(Frame::List(list, _)) = self.frames.last_mut() {
            list.push(value);
        } else if let Some(key) = self.keys.pop() {
            self.insert(key.name, Entry { key: key.span, value, used: false });
        }
        Ok(Next::Separator)
    }

    fn insert(&mut self, name: String, entry: Entry) {
        let map = match self.frames.last_mut() {
            Some(Frame::Map(map, _)) => map,
            _ => &mut self.root,
        };
        if let Some(first) = map.entries.get(&name) {
            let (what, help) = match entry.value.kind {
                Kind::Map(_) => {
                    ("this block replaces the first one", "write all its options in one block")
                }
                _ => ("the last one is used", "remove one of them"),
            };
            let message = format!("`{name}` is set twice; {what}");
            self.shared.sink.push(
                Diagnostic::warning(DUPLICATE, message)
                    .at(&entry.key)
                    .related(&first.key, "first set here")
                    .help(help),
            );
        }
        map.entries.insert(name, entry);
    }

    // ---- Keys and includes

    fn push_key(&mut self, start: usize, end: usize) {
        self.key_is_last = true;
        self.keys.push(Key { name: self.text[start..end].to_owned(), span: self.span(start, end) });
    }

    /// Reads a key up to its closing quote; keys know no escapes. False when the text ends with the opening
    /// quote, which the server takes for a regular end.
    fn quoted_key(&mut self, quote: char, start: usize) -> Result<bool, Diagnostic> {
        let inner = self.at;
        self.skip_while(|c| c != quote && c != END);
        if self.peek() == END {
            return match self.at == inner {
                true => Ok(false),
                false => Err(self.unclosed_quote(quote, start)),
            };
        }
        self.push_key(inner, self.at);
        self.next();
        Ok(true)
    }

    /// Only a bare word that is followed by a space asks for a file.
    fn is_include(&self, start: usize) -> bool {
        self.peek().is_whitespace() && self.text[start..self.at].eq_ignore_ascii_case("include")
    }

    fn include(&mut self) -> Step {
        self.key_is_last = false;
        self.skip_while(is_blank);
        let start = self.at;
        let (from, to) = match self.next() {
            quote @ ('"' | '\'') => {
                self.skip_while(|c| c != quote && c != END);
                if self.peek() == END {
                    return Err(self.unclosed_quote(quote, start));
                }
                let end = self.at;
                self.next();
                (start + 1, end)
            }
            c if matches!(c, '[' | '{' | '(' | '-' | '\\' | '\n' | '\r') || c.is_ascii_digit() => {
                let error = self.unexpected(start, "a file name after `include`");
                return Err(error.help("write `include \"./name.conf\"`"));
            }
            _ => {
                self.at = start;
                self.skip_while(|c| {
                    !is_blank(c) && !is_break(c) && !matches!(c, ';' | '}' | '\'' | END)
                });
                let end = self.at;
                self.take('\'');
                (start, end)
            }
        };
        let name = self.text[from..to].to_owned();
        let span = self.span(from, to);
        match (self.shared.context.include)(self.source, &name) {
            Some(source) => self.include_source(&source, &name, &span)?,
            None => {
                match self.frames.last_mut() {
                    Some(Frame::Map(map, _)) => map.open = true,
                    _ => self.root.open = true,
                }
                self.includes.push(Include { name, span });
            }
        }
        Ok(Next::Separator)
    }

    fn include_source(
        &mut self,
        source: &Arc<Source>,
        name: &str,
        span: &Span,
    ) -> Result<(), Diagnostic> {
        let shared = &mut *self.shared;
        shared.files += 1;
        let includes_itself = source.name() == self.source.name()
            || shared.including.iter().any(|n| n == source.name());
        if includes_itself
            || shared.including.len() >= MAX_INCLUDE_DEPTH
            || shared.files > MAX_FILES
        {
            let message = match includes_itself {
                true => format!("`{name}` includes itself, which crashes the server"),
                false => format!("too many included files: `{name}`"),
            };
            return Err(Diagnostic::error(SYNTAX, message).at(span).help("remove this include"));
        }
        shared.including.push(self.source.name().to_owned());
        // The file does not see the variables of the one that includes it, as in the server.
        let tree = Reader::new(source, shared).read().map_err(|e| e.related(span, "included here"));
        self.shared.including.pop();
        let Tree { root, includes } = tree?;
        self.includes.extend(includes);
        for (name, entry) in root.entries {
            self.insert(name, entry);
        }
        if root.open {
            match self.frames.last_mut() {
                Some(Frame::Map(map, _)) => map.open = true,
                _ => self.root.open = true,
            }
        }
        Ok(())
    }

    // ---- Values

    fn value(&mut self) -> Step {
        self.skip_while(is_blank);
        let start = self.at;
        match self.next() {
            '[' => {
                self.open(Frame::List(Vec::new(), start), start)?;
                Ok(Next::Item)
            }
            '{' => {
                self.open(Frame::Map(Map::default(), start), start)?;
                Ok(Next::Item)
            }
            '\'' => self.single_quoted(start),
            '"' => self.double_quoted(start),
            '(' => self.raw_block(start),
            '-' => {
                if !self.take_digit() {
                    let error = self.error_here("expected a digit after `-`");
                    return Err(error.help("quote a string that begins with `-`"));
                }
                self.number(start, true)
            }
            '.' => {
                let error = self.error(start, "expected a value, found `.`");
                Err(error.help("write a number as `0.5`, or quote a string"))
            }
            c if c.is_ascii_digit() => self.number(start, false),
            c if is_break(c) => {
                let error = self.error(start, "expected a value, found the end of the line");
                Err(error.help("write the value on the same line"))
            }
            _ => {
                self.at = start;
                self.bare(start)
            }
        }
    }

    fn single_quoted(&mut self, start: usize) -> Step {
        let inner = self.at;
        self.skip_while(|c| c != '\'' && c != END);
        if self.at == self.text.len() && self.at == inner {
            return Ok(Next::Done);
        }
        let text = self.text[inner..self.at].to_owned();
        if !self.take('\'') {
            return Err(self.unclosed_quote('\'', start));
        }
        self.put(Kind::Text(text), self.span(start, self.at))
    }

    fn double_quoted(&mut self, start: usize) -> Step {
        let mut from = self.at;
        let mut bytes = Vec::new();
        loop {
            self.skip_while(|c| !matches!(c, '"' | '\\' | END));
            bytes.extend_from_slice(&self.text.as_bytes()[from..self.at]);
            match self.next() {
                '"' => break,
                '\\' => self.escape(&mut bytes)?,
                // A quote that opens right at the end, or after an escape there, reads as a regular end.
                _ if self.at == from => return Ok(Next::Done),
                _ => return Err(self.unclosed_quote('"', start)),
            }
            from = self.at;
        }
        self.put(Kind::Text(lossy(bytes)), self.span(start, self.at))
    }

    /// The rest of a word: text, a boolean or a variable.
    fn bare(&mut self, start: usize) -> Step {
        let mut from = start;
        let mut bytes = Vec::new();
        let mut escaped = false;
        loop {
            self.skip_while(|c| {
                !is_blank(c)
                    && !is_break(c)
                    && !matches!(c, '\\' | ';' | ',' | ']' | '}' | '\'' | END)
            });
            bytes.extend_from_slice(&self.text.as_bytes()[from..self.at]);
            if !self.take('\\') {
                break;
            }
            escaped = true;
            self.escape(&mut bytes)?;
            from = self.at;
        }
        let span = self.span(start, self.at);
        let quoted = self.take('\'');
        let text = lossy(bytes);
        if escaped || quoted {
            return self.put(Kind::Text(text), span);
        }
        match text.to_ascii_lowercase().as_str() {
            "true" | "yes" | "on" => self.put(Kind::Bool(true), span),
            "false" | "no" | "off" => self.put(Kind::Bool(false), span),
            _ => match text.strip_prefix('$') {
                Some(name) => self.variable(name, span),
                None => self.put(Kind::Text(text), span),
            },
        }
    }

    fn escape(&mut self, bytes: &mut Vec<u8>) -> Result<(), Diagnostic> {
        let start = self.at - 1;
        let byte = match self.next() {
            't' => b'\t',
            'n' => b'\n',
            'r' => b'\r',
            '"' => b'"',
            '\\' => b'\\',
            'x' => {
                let digits = self
                    .text
                    .get(self.at..self.at + 2)
                    .filter(|d| d.bytes().all(|b| b.is_ascii_hexdigit()));
                let Some(byte) = digits.and_then(|d| u8::from_str_radix(d, 16).ok()) else {
                    return Err(
                        self.error(start, "`\\x` must be followed by two hexadecimal digits")
                    );
                };
                self.at += 2;
                byte
            }
            _ => {
                let error =
                    self.error(start, format!("unknown escape `{}`", &self.text[start..self.at]));
                return Err(
                    error.help("use \\t \\n \\r \\\" \\\\ or \\xHH; write a backslash as \\\\")
                );
            }
        };
        bytes.push(byte);
        Ok(())
    }

    /// A block in parentheses is taken as it is, up to a `)` alone at the beginning of a line.
    fn raw_block(&mut self, start: usize) -> Step {
        let inner = self.at;
        let rest = &self.text[inner..];
        let close = rest.match_indices("\n)").map(|(at, _)| at + 1).find(|&at| {
            let after = rest[at + 1..].chars().next();
            matches!(after, None | Some('\n' | END))
        });
        // A NUL within the block ends the text for the server.
        let Some(close) = close.filter(|&close| !rest[..close].contains(END)) else {
            let error = self.error(start, "unclosed block: expected `)`");
            return Err(error.help("close it with a `)` alone at the beginning of a line"));
        };
        // At the very end of the file the server keeps the parenthesis.
        let is_end = rest.len() == close + 1;
        let text = rest[..close + usize::from(is_end)].to_owned();
        self.at = inner + close + 1;
        self.put(Kind::Text(text), self.span(start, self.at))
    }

    fn number(&mut self, start: usize, negative: bool) -> Step {
        while self.take_digit() {}
        let end = self.at;
        match self.next() {
            '-' if !negative => self.date(start),
            '.' => self.float(start),
            'k' | 'K' | 'm' | 'M' | 'g' | 'G' | 't' | 'T' | 'p' | 'P' | 'e' | 'E' => {
                self.skip_while(|c| matches!(c, 'b' | 'B' | 'i' | 'I'));
                match ends_number(self.peek()) {
                    true => self.integer(start, end),
                    false => self.bare(start),
                }
            }
            c if negative || ends_number(c) => {
                self.at = end;
                self.integer(start, end)
            }
            // The character is taken without a look, so `1]` is the text of that name.
            c => {
                if c == ']' {
                    self.swallowed = Some(self.span(end, self.at));
                }
                self.bare(start)
            }
        }
    }

    fn integer(&mut self, start: usize, digits_end: usize) -> Step {
        let span = self.span(start, self.at);
        let Ok(number) = self.text[start..digits_end].parse::<i64>() else {
            let error = Diagnostic::error(SYNTAX, format!("integer {} out of range", span.text()))
                .at(&span);
            return Err(error.help("use a 64-bit integer, or quote it if it is a string"));
        };
        let suffix = self.text[digits_end..self.at].to_ascii_lowercase();
        match factor(&suffix) {
            Some(factor) => {
                if number.checked_mul(factor).is_none() {
                    let message =
                        format!("`{}` overflows: the server reads another number", span.text());
                    self.shared.sink.push(Diagnostic::warning(VALUE, message).at(&span));
                }
                self.put(Kind::Integer(number.wrapping_mul(factor)), span)
            }
            // The server drops a value whose suffix it does not know, and the key with it.
            None => {
                self.key_is_last = false;
                let message = format!(
                    "`{}` has an unknown suffix: the server ignores the option",
                    span.text()
                );
                let warning = Diagnostic::warning(VALUE, message).at(&span);
                self.shared
                    .sink
                    .push(warning.help("use one of K M G T P E, or KB, Ki, KiB and so on"));
                Ok(Next::Separator)
            }
        }
    }

    fn float(&mut self, start: usize) -> Step {
        if !self.take_digit() {
            let error = self.error_here("expected a digit after the point");
            return Err(error.help("quote it if it is a string"));
        }
        while self.take_digit() {}
        if self.take('.') {
            // A second point makes it an address, such as 10.0.0.1:4222.
            self.skip_while(|c| c.is_ascii_digit() || matches!(c, '.' | ':' | '-'));
            let span = self.span(start, self.at);
            return self.put(Kind::Text(span.text().to_owned()), span);
        }
        let span = self.span(start, self.at);
        match span.text().parse::<f64>() {
            Ok(number) if number.is_finite() => self.put(Kind::Float(number), span),
            _ => Err(Diagnostic::error(SYNTAX, "number out of range").at(&span)),
        }
    }

    fn date(&mut self, start: usize) -> Step {
        const FORM: &[u8] = b"0000-00-00T00:00:00Z";
        let text = self.text.get(start..start + FORM.len()).filter(|text| {
            text.bytes()
                .zip(FORM)
                .all(|(b, &form)| if form == b'0' { b.is_ascii_digit() } else { b == form })
        });
        let Some(text) = text.filter(|text| layout::parse(layout::RFC_3339, text).is_some()) else {
            let end = start
                + self.text[start..]
                    .find(|c| is_blank(c) || is_break(c))
                    .unwrap_or(self.text.len() - start);
            let message =
                "unexpected `-` in a number; only a date such as 2026-01-02T03:04:05Z has it";
            let error = Diagnostic::error(SYNTAX, message).at(&self.span(start, end));
            return Err(error.help("quote it if it is a string"));
        };
        self.at = start + FORM.len();
        self.put(Kind::Date(text.to_owned()), self.span(start, self.at))
    }

    // ---- Variables

    fn variable(&mut self, name: &str, span: Span) -> Step {
        // The one exception: a bcrypt hash needs no quotes.
        if name.starts_with("2a$") {
            return self.put(Kind::Text(format!("${name}")), span);
        }
        let depth = self.frames.len();
        let maps = self.frames.iter_mut().rev().filter_map(|frame| match frame {
            Frame::Map(map, _) => Some(map),
            _ => None,
        });
        let entry = maps.chain([&mut self.root]).find_map(|map| map.entries.get_mut(name));
        let kind = match entry {
            Some(entry) => {
                entry.used = true;
                let size = size(&entry.value);
                self.shared.copied += size.values;
                if depth + size.depth > MAX_DEPTH || self.shared.copied > MAX_COPIED {
                    let message = format!("the variable `${name}` is expanded too often");
                    return Err(Diagnostic::error(SYNTAX, message).at(&span));
                }
                entry.value.kind.clone()
            }
            None => match (self.shared.context.environment)(name) {
                Some(text) => self.environment(name, &text, &span)?,
                None if is_environment_name(name) => {
                    self.unset.push((name.to_owned(), span.clone()));
                    Kind::Unset(name.to_owned())
                }
                None => {
                    let message = format!("expected a name, found the variable `${name}`");
                    let error = Diagnostic::error(SYNTAX, message).at(&span);
                    return Err(error.help(
                        "quote a string that begins with `$`, or write a variable as `$NAME`",
                    ));
                }
            },
        };
        self.put(kind, span)
    }

    /// The text of an environment variable is read as the value of an option.
    fn environment(&mut self, name: &str, text: &str, span: &Span) -> Result<Kind, Diagnostic> {
        if self.shared.variables.iter().any(|n| n == name)
            || self.shared.variables.len() >= MAX_INCLUDE_DEPTH
        {
            return Err(Diagnostic::error(
                SYNTAX,
                format!("the variable `${name}` refers to itself"),
            )
            .at(span));
        }
        let source = Source::new(format!("${name}"), format!("value={text}"));
        self.shared.variables.push(name.to_owned());
        let tree = Reader::new(&source, self.shared).read();
        self.shared.variables.pop();
        match tree.map_err(|e| e.related(span, "used here"))?.root.entries.swap_remove("value") {
            Some(entry) => Ok(entry.value.kind),
            None => {
                Err(Diagnostic::error(SYNTAX, format!("the variable `${name}` has no value"))
                    .at(span))
            }
        }
    }

    // ---- Characters

    fn peek(&self) -> char {
        self.text[self.at..].chars().next().unwrap_or(END)
    }

    fn next(&mut self) -> char {
        match self.text[self.at..].chars().next() {
            Some(c) => {
                self.at += c.len_utf8();
                c
            }
            None => END,
        }
    }

    fn take(&mut self, wanted: char) -> bool {
        let found = self.text[self.at..].starts_with(wanted);
        if found {
            self.at += wanted.len_utf8();
        }
        found
    }

    fn take_digit(&mut self) -> bool {
        let found = self.peek().is_ascii_digit();
        if found {
            self.at += 1;
        }
        found
    }

    fn skip_while(&mut self, wanted: impl Fn(char) -> bool) {
        let rest = &self.text[self.at..];
        self.at += rest.find(|c| !wanted(c)).unwrap_or(rest.len());
    }

    fn comment(&mut self) -> Next {
        self.key_is_last = false;
        self.skip_while(|c| !is_break(c) && c != END);
        Next::Item
    }

    // ---- Errors

    fn span(&self, start: usize, end: usize) -> Span {
        Span::new(self.source, start, end)
    }

    /// An error at one character.
    fn error(&self, start: usize, message: impl Into<String>) -> Diagnostic {
        let width = self.text[start..].chars().next().map_or(0, char::len_utf8);
        Diagnostic::error(SYNTAX, message).at(&self.span(start, start + width))
    }

    fn error_here(&self, message: impl Into<String>) -> Diagnostic {
        self.error(self.at, message)
    }

    fn unexpected(&self, start: usize, wanted: &str) -> Diagnostic {
        let found = match self.text[start..].chars().next() {
            None => "the end of the file".to_owned(),
            Some('\n' | '\r') => "the end of the line".to_owned(),
            Some(c) if c.is_control() => format!("the character {:#04x}", u32::from(c)),
            Some(c) => format!("`{c}`"),
        };
        self.error(start, format!("expected {wanted}, found {found}"))
    }

    fn separator_without_key(&self, start: usize) -> Diagnostic {
        self.unexpected(start, "a name").help("write `name: value`")
    }

    fn unclosed_quote(&self, quote: char, start: usize) -> Diagnostic {
        self.error(start, format!("unclosed string: expected `{quote}`"))
    }

    fn explain_list(&self, error: Diagnostic) -> Diagnostic {
        match &self.swallowed {
            Some(bracket) => error
                .related(bracket, "this `]` directly after a number is read as part of a string")
                .help("put a space between a number and `]`"),
            None => error,
        }
    }

    /// The text ends, or has a NUL, within a block or list.
    fn unclosed(&self) -> Diagnostic {
        match self.frames.last() {
            Some(&Frame::Map(_, start)) => {
                self.error(start, "unclosed block").help("close it with `}`")
            }
            Some(&Frame::List(_, start)) => {
                let error = self.error(start, "unclosed list");
                self.explain_list(error).help("close it with `]`")
            }
            _ => self
                .unexpected(self.at, "the end of the line or `}`")
                .help("end the last line with a line break"),
        }
    }
}

const SYNTAX: RuleId = rule!("nats-conf/syntax");
const DUPLICATE: RuleId = rule!("nats-conf/duplicate");
const VALUE: RuleId = rule!("nats-conf/value");

fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t')
}

fn is_break(c: char) -> bool {
    matches!(c, '\n' | '\r')
}

fn ends_number(c: char) -> bool {
    is_blank(c) || is_break(c) || matches!(c, '}' | ';' | ',' | END)
}

/// A name that an environment variable can have in practice; a bcrypt hash or `{x` is none.
fn is_environment_name(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"_.-".contains(&b))
}

/// Letters alone count in thousands, with `b`, `i` or `ib` in 1024s.
fn factor(suffix: &str) -> Option<i64> {
    let Some(letter) = suffix.chars().next() else {
        return Some(1);
    };
    let base: i64 = match &suffix[1..] {
        "" => 1000,
        "b" | "i" | "ib" => 1024,
        _ => return None,
    };
    let power = "kmgtpe".find(letter)? + 1;
    Some(base.wrapping_pow(power as u32))
}

/// Escapes may spell any bytes; what is no UTF-8 cannot be shown.
fn lossy(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap_or_else(|e| String::from_utf8_lossy(e.as_bytes()).into_owned())
}

struct Size {
    values: usize,
    depth: usize,
}

fn size(value: &Value) -> Size {
    let inner: Vec<Size> = match &value.kind {
        Kind::List(list) => list.iter().map(size).collect(),
        Kind::Map(map) => map.entries.values().map(|entry| size(&entry.value)).collect(),
        _ => Vec::new(),
    };
    Size {
        values: 1 + inner.iter().map(|s| s.values).sum::<usize>(),
        depth: 1 + inner.iter().map(|s| s.depth).max().unwrap_or(0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Context, check};
    use proptest::prelude::*;
    use serde_json::{Value as Json, json};
    use std::fs;
    use std::path::Path;

    /// Each `*.conf` has the tree that nats-server reads from it beside it, or our finding where the
    /// server refuses it.
    #[test]
    fn reads_what_the_server_reads() {
        let directory =
            Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/nats_conf/language");
        let mut count = 0;
        for entry in fs::read_dir(directory).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_none_or(|e| e != "conf") {
                continue;
            }
            count += 1;
            let text = String::from_utf8_lossy(&fs::read(&path).unwrap()).into_owned();
            let source = Source::new(path.file_name().unwrap().to_str().unwrap(), text);
            let mut sink = Sink::new();
            match parse(&source, &ParseContext::default(), &mut sink) {
                Ok(tree) => {
                    let expected = fs::read_to_string(path.with_extension("json")).unwrap();
                    let expected: Json = serde_json::from_str(&expected).unwrap();
                    assert_eq!(json_of(&tree.root), expected, "{}", source.name());
                }
                Err(Stopped) => {
                    let expected = fs::read_to_string(path.with_extension("txt")).unwrap();
                    assert_eq!(shown(&fault(sink)), expected.trim_end(), "{}", source.name());
                }
            }
        }
        assert!(count > 60, "only {count} cases found");
    }

    #[test]
    fn variables_come_from_the_environment_too() {
        let environment = |name: &str| match name {
            "SIZE" => Some("1MB".to_owned()),
            "MAP" => Some("{a: $SIZE}".to_owned()),
            "LOOP" => Some("$LOOP".to_owned()),
            _ => None,
        };
        let read = |text: &str| {
            let context = ParseContext { environment: &environment, ..ParseContext::default() };
            let mut sink = Sink::new();
            parse(&Source::new("t", text), &context, &mut sink)
                .map(|tree| json_of(&tree.root))
                .map_err(|_| fault(sink).message)
        };
        assert_eq!(read("x: $SIZE"), Ok(json!({"x": 1048576})));
        assert_eq!(read("x: $MAP"), Ok(json!({"x": {"a": 1048576}})));
        assert_eq!(read("x: $NOWHERE"), Ok(json!({"x": "$NOWHERE"})));
        assert_eq!(read("x: $LOOP"), Err("the variable `$LOOP` refers to itself".to_owned()));
    }

    #[test]
    fn includes_are_read_where_they_can_be() {
        let include = |_: &Source, name: &str| match name {
            "a.conf" => Some(Source::new("a.conf", "x: 1\nwho: me")),
            "bad.conf" => Some(Source::new("bad.conf", "x: [")),
            "loop.conf" => Some(Source::new("loop.conf", "include loop.conf")),
            _ => None,
        };
        let read = |text: &str| {
            let context = ParseContext { include: &include, ..ParseContext::default() };
            let mut sink = Sink::new();
            parse(&Source::new("t", text), &context, &mut sink).map_err(|_| fault(sink))
        };
        let tree = read("x: 0\nin { include 'a.conf'; y: $who }").unwrap();
        assert_eq!(json_of(&tree.root), json!({"x": 0, "in": {"x": 1, "who": "me", "y": "me"}}));
        let tree = read("include ./elsewhere.conf\nport: 1").unwrap();
        assert_eq!((tree.includes[0].name.as_str(), tree.root.open), ("./elsewhere.conf", true));
        let error = read("\ninclude bad.conf").unwrap_err();
        assert_eq!((shown(&error).as_str(), error.related.len()), ("1:4: unclosed list", 1));
        let error = read("include loop.conf").unwrap_err();
        assert_eq!(shown(&error), "1:9: `loop.conf` includes itself, which crashes the server");
    }

    #[test]
    fn warns_of_what_the_server_accepts_silently() {
        let warnings = |text: &str| {
            let mut sink = Sink::new();
            parse(&Source::new("t", text), &ParseContext::default(), &mut sink).unwrap();
            sink.iter().map(shown).collect::<Vec<_>>()
        };
        assert_eq!(
            warnings("port: 1\nport: 2"),
            ["2:1: `port` is set twice; the last one is used"]
        );
        assert_eq!(
            warnings("x: 1kbb\ny: 1"),
            ["1:4: `1kbb` has an unknown suffix: the server ignores the option"]
        );
        assert_eq!(warnings("x: 10E"), ["1:4: `10E` overflows: the server reads another number"]);
        assert_eq!(warnings("x: $A\nA: 1"), ["1:4: the variable `$A` is used before it is set"]);
    }

    #[test]
    fn depth_and_repetition_have_bounds() {
        let read = |text: String| {
            let mut sink = Sink::new();
            let read = parse(&Source::new("t", text), &ParseContext::default(), &mut sink);
            read.err().map(|_| fault(sink).message)
        };
        assert_eq!(
            read(format!("x: {}", "[".repeat(100_000))).unwrap(),
            "blocks and lists are nested more than 250 deep"
        );
        assert_eq!(
            read("{".repeat(100_000)).unwrap(),
            "blocks and lists are nested more than 250 deep"
        );
        let bomb: String = (1..40).map(|n| format!("v{n}: [$v{0}, $v{0}]\n", n - 1)).collect();
        assert_eq!(
            read(format!("v0: x\n{bomb}")).unwrap(),
            "the variable `$v17` is expanded too often"
        );
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in ".*", odd in "[\\[\\]{}()'\"\\\\$#/:=,;\n\t\0a1kb.x-]{0,60}") {
            for text in [text, odd] {
                let mut sink = Sink::new();
                let tree = parse(&Source::new("t", text), &ParseContext::default(), &mut sink);
                if let Ok(tree) = tree {
                    check(&tree, &Context::default(), &mut sink);
                }
            }
        }
    }

    fn fault(sink: Sink) -> Diagnostic {
        sink.into_vec().pop().unwrap()
    }

    fn shown(diagnostic: &Diagnostic) -> String {
        format!("{}: {}", diagnostic.span.as_ref().unwrap().place(), diagnostic.message)
    }

    fn json_of(map: &Map) -> Json {
        map.entries
            .iter()
            .map(|(name, entry)| (name.clone(), json_of_kind(&entry.value.kind)))
            .collect()
    }

    fn json_of_kind(kind: &Kind) -> Json {
        match kind {
            Kind::Bool(b) => json!(b),
            Kind::Integer(i) => json!(i),
            Kind::Float(f) => json!(f),
            Kind::Text(text) | Kind::Date(text) => json!(text),
            Kind::List(list) => list.iter().map(|value| json_of_kind(&value.kind)).collect(),
            Kind::Map(map) => json_of(map),
            Kind::Unset(name) => json!(format!("${name}")),
        }
    }
}

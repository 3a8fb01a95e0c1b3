//! What is wrong with a source that is not YAML.
//!
//! The parser reports where it stopped and what it was reading, which is seldom the place of the mistake. So the text
//! around both places is examined.

use std::ops::Range;
use std::sync::Arc;

use libyaml_safer::{Error, ErrorKind, Mark};

use crate::diagnostic::{Diagnostic, rule};
use crate::source::{Source, Span};
use crate::yaml::read::after_properties;

/// A collection that has begun.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Open {
    BlockList,
    BlockMap,
    /// `[ … ]`
    FlowList,
    /// `{ … }`
    FlowMap,
    /// `a: b` as an item of `[ … ]`.
    FlowPair,
}

impl Open {
    pub(super) fn is_map(self) -> bool {
        !matches!(self, Self::BlockList | Self::FlowList)
    }

    fn brackets(self) -> Option<(char, char)> {
        match self {
            Self::FlowList => Some(('[', ']')),
            Self::FlowMap => Some(('{', '}')),
            _ => None,
        }
    }

    fn word(self) -> &'static str {
        if self.is_map() { "map" } else { "list" }
    }
}

/// What had been read when the parser gave up.
pub(super) struct Situation<'a> {
    pub source: &'a Arc<Source>,
    /// The byte from which the parser counts.
    pub base: usize,
    /// The open collections with their places, the innermost last.
    pub open: &'a [(Open, usize)],
    /// The last node that was complete.
    pub last: Range<usize>,
}

/// Text in double quotes with a backslash that means nothing.
pub(super) fn unknown_escape(escape: &Span) -> Diagnostic {
    wrong(format!("unknown escape `{}`", escape.text()))
        .at(escape)
        .help("write `\\\\` for a backslash, or use single quotes")
}

/// The first line of a string, cut when it is long.
pub(super) fn shortened(text: &str) -> String {
    let line = text.lines().next().unwrap_or("");
    match line.char_indices().nth(40) {
        None => line.to_owned(),
        Some((at, _)) => format!("{}…", &line[..at]),
    }
}

fn wrong(message: impl Into<String>) -> Diagnostic {
    Diagnostic::error(rule!("yaml/syntax"), message)
}

impl Situation<'_> {
    /// Says what the parser's error is about: by the layer that raised it, and by the text at its places. The error's
    /// own words are not read.
    pub(super) fn explain(&self, error: &Error) -> Diagnostic {
        let place = |mark: Mark| self.boundary(self.base + mark.index as usize);
        let at = error.problem_mark().map_or(0, place);
        match (error.kind(), error.context_mark().map(place)) {
            (ErrorKind::Scanner, None) => self.misplaced_sign(at),
            (ErrorKind::Scanner, Some(from)) => self.no_end_of_token(from, at),
            (ErrorKind::Parser, None) => self.behind_document(at),
            (ErrorKind::Parser, Some(from)) => self.no_end_of_node(from, at),
            _ => self.control_character(),
        }
    }

    /// A sign that means something at other places only.
    fn misplaced_sign(&self, at: usize) -> Diagnostic {
        match self.char_at(at) {
            Some('-') => wrong("a list must begin on its own line")
                .at(&self.line_from(at))
                .help("begin the list on the next line, or quote the string"),
            Some('?') => wrong("unexpected `? `").at(&self.line_from(at)).help("quote the string"),
            _ => self.second_colon(at),
        }
    }

    /// A token that begins at `from`, and something at `at` that cannot be a part of it.
    fn no_end_of_token(&self, from: usize, at: usize) -> Diagnostic {
        match self.char_at(from) {
            _ if from == at => self.no_token(at),
            Some('%') => self.no_directive(from),
            Some('*' | '&') if !self.has_name(from) => self.no_name(from),
            Some('!') if !self.text()[from..at].contains(char::is_whitespace) => self.no_tag(from),
            Some('|' | '>') => self.block_text(from, at),
            Some('"' | '\'') if self.closing_quote(from).is_none_or(|end| end >= at) => {
                self.quoted_text(from, at)
            }
            Some(first) if self.char_at(at) == Some('\t') && !"[{&*!".contains(first) => {
                self.tab(at)
            }
            _ if self.char_at(at) == Some(':')
                && self.text()[at + 1..].starts_with([',', '?', '[', ']', '{', '}']) =>
            {
                wrong("expected a space after `:`")
                    .at(&self.span(at, at + 1))
                    .help("write `key: value`, or quote a string with `:`")
            }
            _ => self.no_colon(from),
        }
    }

    /// A node or a collection that begins at `from`, and something at `at` that cannot be a part of it.
    fn no_end_of_node(&self, from: usize, at: usize) -> Diagnostic {
        let is_new = after_properties(self.text(), &(from..at)) == at;
        let word = self.word_at(at);
        if is_new && word.strip_prefix('!').is_some_and(|name| name.contains('!')) {
            return self.no_tag(at);
        }
        match self.open.last() {
            // A map may begin with a colon that has no key.
            innermost if is_new && innermost.is_none_or(|&(_, start)| start != from) => {
                self.no_node(at)
            }
            Some((Open::FlowList | Open::FlowMap | Open::FlowPair, _)) => self.no_comma(from, at),
            Some((Open::BlockList, _)) => self.no_dash(from, at),
            _ => self.no_key(from, at),
        }
    }

    /// The parser checks all characters at once and gives no place.
    fn control_character(&self) -> Diagnostic {
        let forbidden = |c: char| match c {
            '\t' | '\n' | '\r' | '\u{85}' => false,
            '\u{FFFE}' | '\u{FFFF}' => true,
            _ => c.is_control(),
        };
        let at = self.text()[self.base..].find(forbidden).map_or(0, |at| self.base + at);
        let character = self.char_at(at).unwrap_or_default();
        wrong(format!("control character U+{:04X} is not allowed", u32::from(character)))
            .at(&self.span(at, at + character.len_utf8()))
            .help("remove it, or write it as an escape such as `\\x1b` within double quotes")
    }

    fn no_token(&self, at: usize) -> Diagnostic {
        let character = self.char_at(at).unwrap_or(' ');
        if character == '\t' {
            return self.tab(at);
        }
        let sign =
            if character == '`' { "a backtick".to_owned() } else { format!("`{character}`") };
        wrong(format!("a string without quotes must not begin with {sign}"))
            .at(&self.word_span(at))
            .help("quote the string")
    }

    fn tab(&self, at: usize) -> Diagnostic {
        let indentation = self.text()[self.line_start(at)..at].trim().is_empty();
        let message =
            if indentation { "tab in the indentation" } else { "unexpected tab, expected spaces" };
        let end = at + self.text()[at..].chars().take_while(|&c| c == '\t').count();
        wrong(message).at(&self.span(at, end)).help("use spaces")
    }

    /// A line of a map without a colon, or a key that spans lines.
    fn no_colon(&self, key: usize) -> Diagnostic {
        let line = self.line_from(key);
        let text = line.text();
        if let Some(long) = self.long_key(key) {
            return long;
        }
        let colon =
            text.find(':').filter(|_| !text.contains("://") && !text.starts_with(['"', '\'']));
        if let Some(colon) = colon {
            let (name, value) = text.split_at(colon);
            return wrong("expected a space after `:`")
                .at(&self.span(line.start() + colon, line.start() + colon + 1))
                .help(format!("write `{name}: {}`", shortened(&value[1..])));
        }
        let diagnostic = no_entry(&line);
        match text.chars().next() {
            Some(quote @ ('"' | '\'')) => {
                diagnostic.help(format!("look for an extra or missing {quote} further up"))
            }
            _ => diagnostic.help(
                "indent the line to continue the string above it, or write a colon after the key",
            ),
        }
    }

    fn long_key(&self, at: usize) -> Option<Diagnostic> {
        let line = self.line_from(at);
        let key = self.span(at, at + line.text().find(": ").unwrap_or(line.text().len()));
        (key.text().len() > 1024).then(|| wrong("key too long: more than 1024 bytes").at(&key))
    }

    /// `a: b: c`, or a key that the text of the line above has swallowed.
    fn second_colon(&self, at: usize) -> Diagnostic {
        let start = self.line_start(at);
        let line = self.line_from(start);
        let before = &self.text()[line.start()..at];
        let value = [": ", "- "]
            .iter()
            .filter_map(|mark| before.rfind(mark))
            .max()
            .map(|found| line.start() + found + 2);
        if let Some(value) = value {
            let value =
                value + self.text()[value..at].len() - self.text()[value..at].trim_start().len();
            let rest = self.line_from(value);
            let quote = rest.text().chars().next().filter(|c| matches!(c, '"' | '\''));
            let end = quote
                .and_then(|quote| rest.text()[1..].find(quote))
                .map(|end| rest.start() + end + 2);
            if let Some(end) = end.filter(|&end| end <= at) {
                return self.after_quote(rest.start(), end);
            }
            return wrong("unexpected second `: ` on one line")
                .at(&rest)
                .help(format!("quote the string: `{}`", quoted(rest.text())));
        }
        if let Some(long) = self.long_key(line.start()) {
            return long;
        }
        let key = self.span(line.start(), at);
        match self.line_above(start) {
            Some(above) if self.column(above.start()) == self.column(key.start()) => {
                no_entry(&above).help("write a colon and a space after the key")
            }
            above => {
                let message = format!("key `{}` is indented too far", shortened(key.text()));
                let diagnostic = wrong(message)
                    .at(&key)
                    .help("align it with the line above, or quote the string");
                above.iter().fold(diagnostic, |diagnostic, above| {
                    diagnostic.related(above, "it continues the string of this line")
                })
            }
        }
    }

    /// `*` or `&` without a name, as in `*.example.com`.
    fn no_name(&self, at: usize) -> Diagnostic {
        let sign = &self.text()[at..at + 1];
        let what = if sign == "*" { "an alias" } else { "an anchor" };
        let text = self.flow_text_at(at);
        wrong(format!("expected {what}, found `{}`", shortened(text)))
            .at(&self.span(at, at + text.len()))
            .help(format!("quote a string that begins with `{sign}`: `{}`", quoted(text)))
    }

    fn no_tag(&self, at: usize) -> Diagnostic {
        wrong(format!("invalid tag `{}`", self.word_at(at)))
            .at(&self.word_span(at))
            .help("quote a string that begins with `!`")
    }

    fn no_directive(&self, at: usize) -> Diagnostic {
        wrong("unknown directive")
            .at(&self.line_from(at))
            .help("quote a string that begins with `%`")
    }

    /// Whether what is behind `*` or `&` is a name, which ends where the parser ends it.
    fn has_name(&self, at: usize) -> bool {
        let name = &self.text()[at + 1..];
        let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
        let rest = name.trim_start_matches(is_part);
        let ends = |c: char| c.is_whitespace() || "?:,]}%@`".contains(c);
        rest.len() < name.len() && rest.chars().next().is_none_or(ends)
    }

    /// Text after `|` or `>`, or a tab before a line of the block.
    fn block_text(&self, from: usize, at: usize) -> Diagnostic {
        let line = self.line_from(from);
        let sign = &self.text()[from..from + 1];
        match self.char_at(at) {
            Some('\t') => self.tab(at),
            Some('0') if self.text()[from + 1..at].trim_matches(['+', '-']).is_empty() => {
                wrong("block scalar: expected an indentation from 1 to 9, found 0")
                    .at(&line)
                    .help("write a digit from 1 to 9, or remove it")
            }
            _ => wrong(format!("unexpected text after `{sign}`, which begins a block scalar"))
                .at(&line)
                .help(format!(
                    "quote the string: `{}`; or begin the block on the next line",
                    quoted(line.text())
                )),
        }
    }

    /// A wrong escape, or a quote that nothing closes.
    fn quoted_text(&self, from: usize, at: usize) -> Diagnostic {
        let before = &self.text()[from..at];
        let escape = before.strip_suffix(['x', 'u', 'U']).filter(|text| {
            // An even number of backslashes is that of backslashes that are escaped.
            (text.len() - text.trim_end_matches('\\').len()) % 2 == 1
        });
        if let Some(escape) = escape.filter(|_| before.starts_with('"')) {
            let escape = from + escape.len() - 1;
            return wrong(format!("invalid escape `{}`", self.word_at(escape)))
                .at(&self.word_span(escape))
                .help(
                    "write two hexadecimal digits after `\\x`, four after `\\u`, eight after `\\U`",
                );
        }
        if self.char_at(at) == Some('\\') {
            return unknown_escape(&self.span(at, at + 2));
        }
        self.open_quote(from, at)
    }

    /// Where the quote that begins at a place is closed.
    fn closing_quote(&self, from: usize) -> Option<usize> {
        let text = &self.text()[from..];
        let quote = text.chars().next()?;
        let mut characters = text.char_indices().skip(1).peekable();
        while let Some((offset, character)) = characters.next() {
            if character == '\\' && quote == '"' {
                characters.next();
            } else if character == quote
                && (quote == '"' || characters.next_if(|next| next.1 == quote).is_none())
            {
                return Some(from + offset);
            }
        }
        None
    }

    fn open_quote(&self, from: usize, at: usize) -> Diagnostic {
        let quote = &self.text()[from..from + 1];
        let noticed = if at < self.text().trim_end().len() {
            "the document ends here"
        } else {
            "the file ends here"
        };
        let at = at.min(self.text().trim_end().len());
        wrong("unclosed string")
            .at(&self.line_from(from))
            .related(&self.span(at, at), noticed)
            .help(format!("write `{quote}` at its end"))
    }

    fn no_comma(&self, from: usize, at: usize) -> Diagnostic {
        let (open, close) =
            if self.text()[from..].starts_with('[') { ('[', ']') } else { ('{', '}') };
        if self.has_left(from, at) {
            return self.unclosed(from, at);
        }
        let opening = self.span(from, from + 1);
        match self.char_at(at) {
            Some(other @ (']' | '}')) => {
                wrong(format!("expected `{close}` to close `{open}`, found `{other}`"))
                    .at(&self.span(at, at + 1))
                    .related(&opening, "opened here")
            }
            Some(':') => wrong(format!("expected a comma or `{close}`, found `:`"))
                .at(&self.span(at, at + 1))
                .related(&opening, format!("`{open}` is opened here"))
                .help("quote a string with `:`"),
            _ => wrong(format!("expected a comma or `{close}`, found `{}`", self.word_at(at)))
                .at(&self.word_span(at))
                .related(&opening, format!("`{open}` is opened here")),
        }
    }

    fn no_node(&self, at: usize) -> Diagnostic {
        let innermost = self.open.last().and_then(|&(open, from)| Some((open.brackets()?, from)));
        if let Some((_, from)) = innermost
            && self.has_left(from, at)
        {
            return self.unclosed(from, at);
        }
        let found = self.word_at(at);
        let diagnostic = match (self.char_at(at), innermost) {
            (Some(']' | '}'), None) => wrong(format!("unexpected `{found}`")),
            (Some(other @ (']' | '}')), Some(((open, close), from))) if other != close => {
                return wrong(format!("expected `{close}` to close `{open}`, found `{other}`"))
                    .at(&self.span(at, at + 1))
                    .related(&self.span(from, from + 1), "opened here");
            }
            (Some(','), Some(_)) => {
                return wrong("expected a value, found `,`")
                    .at(&self.word_span(at))
                    .help("write a value before the comma, or remove it");
            }
            (Some(','), None) => wrong("a string without quotes must not begin with `,`"),
            (None, _) => wrong("expected a value, found the end of the file"),
            _ => wrong(format!("expected a value, found `{found}`")),
        };
        diagnostic.at(&self.word_span(at)).help("quote a string that begins with punctuation")
    }

    /// Something in a map that is not a key: mostly a matter of indentation or of quotes.
    fn no_key(&self, from: usize, at: usize) -> Diagnostic {
        if !self.begins_line(at) {
            return self.after_value(at);
        }
        let rest = self.line_from(at);
        if let Some(close @ (']' | '}')) = rest.text().chars().next() {
            return wrong(format!("unexpected `{close}`")).at(&self.span(at, at + 1));
        }
        if self.column(at) != self.column(from) {
            return self.indentation(from, at);
        }
        if rest.text().starts_with("- ") || rest.text() == "-" {
            return wrong("expected a key of a map, found a list item")
                .at(&rest)
                .related(&self.line_from(from), "the map begins here")
                .help("indent the item below its key");
        }
        no_entry(&rest)
    }

    fn no_dash(&self, from: usize, at: usize) -> Diagnostic {
        if !self.begins_line(at) {
            return self.after_value(at);
        }
        if self.column(at) == self.column(from) {
            return wrong("expected a list item, found a key")
                .at(&self.line_from(at))
                .related(&self.line_from(from), "the list begins here")
                .help("write `- ` before it, or indent it like the other keys of its item");
        }
        self.indentation(from, at)
    }

    fn behind_document(&self, at: usize) -> Diagnostic {
        match self.char_at(at) {
            Some('%') if self.text()[at..].starts_with("%YAML") => {
                wrong("unsupported YAML version: expected 1.1, as in Helm")
                    .at(&self.line_from(at))
                    .help("remove the line that begins with `%YAML`")
            }
            Some('%') => self.no_directive(at),
            Some(close @ (']' | '}')) => {
                wrong(format!("unexpected `{close}`")).at(&self.span(at, at + 1))
            }
            _ if !self.begins_line(at) => self.after_value(at),
            _ if self.column(at) < self.column(self.last.start) => {
                self.indentation(self.last.start, at)
            }
            _ => wrong("unexpected text after the end of the document")
                .at(&self.line_from(at))
                .related(&self.line_from(self.last.start), "the document begins here")
                .help("write `---` on a line before it, or indent it"),
        }
    }

    /// Text after a value that is complete, on the same line.
    fn after_value(&self, at: usize) -> Diagnostic {
        let Range { start, end } = self.last;
        if self.text()[start..].starts_with(['"', '\'']) && end <= at {
            return self.after_quote(start, end);
        }
        let rest = self.line_from(at);
        let diagnostic =
            wrong(format!("unexpected `{}` after a value", shortened(rest.text()))).at(&rest);
        let (line, value) = (self.line_start(at), self.line_from(start));
        match start >= line && value.text().starts_with(['{', '[', '*']) {
            true => diagnostic.help(format!("quote the string: `{}`", quoted(value.text()))),
            false => diagnostic.help("quote it together with the text before it"),
        }
    }

    fn after_quote(&self, start: usize, end: usize) -> Diagnostic {
        let quote = &self.text()[start..start + 1];
        let rest = self.line_from(end);
        let rest = self.span(rest.end() - rest.text().trim_start().len(), rest.end());
        let diagnostic = wrong("unexpected text after a closing quote").at(&rest);
        let diagnostic = match self.line_start(start) == self.line_start(end) {
            true => diagnostic,
            false => diagnostic.related(&self.line_from(start), "the quoted string begins here"),
        };
        diagnostic.help(match quote {
            _ if rest.text() == "," => "remove the comma",
            "'" => "write `''` for a quote within single quotes",
            _ => "write `\\\"` for a quote within double quotes, or use single quotes around the whole",
        })
    }

    fn unclosed(&self, from: usize, at: usize) -> Diagnostic {
        let (open, close) =
            if self.text()[from..].starts_with('[') { ('[', ']') } else { ('{', '}') };
        let end = self.text().trim_end().len();
        let noticed =
            if at < end { self.line_from(self.line_start(at)) } else { self.span(end, end) };
        wrong(format!("unclosed `{open}`"))
            .at(&self.span(from, from + 1))
            .related(&noticed, format!("`{close}` is missing before this"))
            .help(format!(
                "write `{close}` at its end, or quote a string that begins with `{open}`"
            ))
    }

    /// A line that begins at a column of its own; `from` is where the collection begins that it was read in.
    fn indentation(&self, from: usize, at: usize) -> Diagnostic {
        let column = self.column(at);
        let block = |&&(open, _): &&(Open, usize)| open.brackets().is_none();
        let mut begun: Vec<(usize, &str)> =
            self.open.iter().filter(block).map(|&(open, start)| (start, open.word())).collect();
        if begun.iter().all(|&(start, _)| start != from) {
            begun.push((from, "string"));
        }
        // The nearest on both sides: what the line could belong to, and what the line above belongs to.
        let outer = begun.iter().copied().filter(|&(start, _)| self.column(start) < column).max();
        let above = self.line_above(self.line_start(at)).map(|above| {
            let dashes = above.text().len() - above.text().trim_start_matches("- ").len();
            (above.start() + dashes, "string")
        });
        let inner =
            begun.iter().copied().filter(|&(start, _)| self.column(start) > column).min().or(above);
        let message =
            format!("unexpected indentation: no line above begins at column {}", column + 1);
        let mut diagnostic = wrong(message).at(&self.line_from(at));
        for (start, word) in outer
            .into_iter()
            .chain(inner.filter(|inner| outer.is_none_or(|outer| outer.0 != inner.0)))
        {
            let word = format!("this {word} begins at column {}", self.column(start) + 1);
            diagnostic = diagnostic.related(&self.line_from(start), word);
        }
        diagnostic.help("align the keys of one map, and the items of one list, at the same column")
    }

    /// Whether what comes next cannot belong into a bracket: the text is at its end, or the line is indented
    /// no further than the line of the bracket.
    fn has_left(&self, from: usize, at: usize) -> bool {
        let (opened, here) = (self.line_start(from), self.line_start(at));
        self.text()[at..].trim().is_empty()
            || here > opened
                && self.indent(here) <= self.indent(opened)
                && !self.text()[here..].trim_start().starts_with([']', '}'])
    }

    fn text(&self) -> &str {
        self.source.text()
    }

    fn char_at(&self, at: usize) -> Option<char> {
        self.text()[at..].chars().next()
    }

    fn span(&self, start: usize, end: usize) -> Span {
        Span::new(self.source, self.boundary(start), self.boundary(end))
    }

    /// The offset, or the beginning of the character in which it lies.
    fn boundary(&self, offset: usize) -> usize {
        let mut offset = offset.min(self.text().len());
        while !self.text().is_char_boundary(offset) {
            offset -= 1;
        }
        offset
    }

    fn line_start(&self, at: usize) -> usize {
        self.text()[..at].rfind('\n').map_or(0, |found| found + 1)
    }

    /// How far from the margin a byte is; the parser's text may begin within a line.
    fn column(&self, at: usize) -> usize {
        let start = self.line_start(at);
        let start = if at >= self.base { start.max(self.base) } else { start };
        self.text()[start..at].chars().count()
    }

    fn indent(&self, line: usize) -> usize {
        self.text()[line..].chars().take_while(|&c| c == ' ').count()
    }

    fn begins_line(&self, at: usize) -> bool {
        self.text()[self.line_start(at)..at].trim().is_empty()
    }

    /// From a place to the end of its line, without spaces and comment.
    fn line_from(&self, at: usize) -> Span {
        let line = self.text()[at..].lines().next().unwrap_or("");
        let start = at + line.len() - line.trim_start().len();
        let line = line.trim_start();
        let end = line.find(" #").unwrap_or(line.len());
        self.span(start, start + line[..end].trim_end().len())
    }

    /// The line with text before the one that begins at `line`.
    fn line_above(&self, line: usize) -> Option<Span> {
        let above = self.text()[..line].trim_end();
        let span = self.line_from(self.line_start(above.len()));
        (!span.text().is_empty()).then_some(span)
    }

    /// The word at a place, or its sign, or nothing at the end.
    fn word_at(&self, at: usize) -> &str {
        let rest = &self.text()[at..];
        let first = rest.chars().next().map_or(0, char::len_utf8);
        let end =
            rest.find(|c: char| c.is_whitespace() || ",[]{}".contains(c)).unwrap_or(rest.len());
        let end = rest.char_indices().nth(40).map_or(end, |(at, _)| end.min(at));
        if rest.starts_with(char::is_whitespace) { "" } else { &rest[..end.max(first)] }
    }

    fn word_span(&self, at: usize) -> Span {
        self.span(at, at + self.word_at(at).len())
    }

    /// A plain text at a place, which ends at a comma or bracket within brackets.
    fn flow_text_at(&self, at: usize) -> &str {
        let line = &self.text()[at..self.line_from(at).end().max(at)];
        let in_brackets = self.open.iter().any(|(open, _)| open.brackets().is_some());
        let end = line.find([',', ']', '}']).filter(|_| in_brackets).unwrap_or(line.len());
        &line[..end]
    }
}

/// A string in quotes that need the least escaping.
fn quoted(text: &str) -> String {
    let text = shortened(text);
    if text.contains(['"', '\\']) {
        format!("'{}'", text.replace('\'', "''"))
    } else {
        format!("\"{text}\"")
    }
}

fn no_entry(line: &Span) -> Diagnostic {
    wrong(format!("expected `key: value`, found `{}`", shortened(line.text()))).at(line)
}

#[cfg(test)]
mod tests {
    use crate::source::Source;
    use crate::yaml::{Limits, read};

    /// The place and the message of a source's only error, and where else it points.
    fn fault(text: &str) -> String {
        let errors = read(&Source::new("v.yaml", text), &Limits::default()).expect_err(text);
        assert_eq!(errors.len(), 1, "{text:?}: {errors:?}");
        let mut fault =
            format!("{} {}", errors[0].span.as_ref().expect("a place").place(), errors[0].message);
        for (span, _) in &errors[0].related {
            fault += &format!("; {}", span.place());
        }
        fault
    }

    #[test]
    fn faults_are_reported_at_their_place() {
        for (text, expected) in [
            ("a: b: c", "1:4 unexpected second `: ` on one line"),
            ("a: \"b\": c", "1:7 unexpected text after a closing quote"),
            ("a: 1\n  b: 2", "2:3 key `b` is indented too far; 1:1"),
            ("foo\nbar: 1", "1:1 expected `key: value`, found `foo`"),
            ("a: 1\nfoo\nb: 2", "2:1 expected `key: value`, found `foo`"),
            ("a: 1\nreplicas:3\nb: 2", "2:9 expected a space after `:`"),
            ("{a:[1]}", "1:3 expected a space after `:`"),
            (
                "a:\n  b: 1\n c: 2",
                "3:2 unexpected indentation: no line above begins at column 2; 1:1; 2:3",
            ),
            ("  a: 1\nb: 2", "2:1 unexpected indentation: no line above begins at column 1; 1:3"),
            (
                "l:\n  - a: 1\n   b: 2",
                "3:4 unexpected indentation: no line above begins at column 4; 2:3; 2:5",
            ),
            ("a: 1\n- b", "2:1 expected a key of a map, found a list item; 1:1"),
            ("- a\nb: 1", "2:1 expected a list item, found a key; 1:1"),
            ("a: - b", "1:4 a list must begin on its own line"),
            ("a:\n\tb: 1", "2:1 tab in the indentation"),
            ("a: 1\n\tb: 2", "2:1 tab in the indentation"),
            ("a: |\n\tx", "2:1 tab in the indentation"),
            ("a: [1, 2\nb: 3\n", "1:4 unclosed `[`; 2:1"),
            ("a:\n  b: {c: 1\n", "2:6 unclosed `{`; 2:11"),
            ("a: [", "1:4 unclosed `[`; 1:5"),
            ("a: [1, 2}", "1:9 expected `]` to close `[`, found `}`; 1:4"),
            ("a: [\"x\" \"y\"]", "1:9 expected a comma or `]`, found `\"y\"`; 1:4"),
            ("a: [x, , y]", "1:8 expected a value, found `,`"),
            ("a: [b: c: d]", "1:9 expected a comma or `]`, found `:`; 1:4"),
            ("{a: 1}}", "1:7 unexpected `}`"),
            ("a: ]", "1:4 unexpected `]`"),
            ("a: 1\n}", "2:1 unexpected `}`"),
            ("a: \"x\nb: y\n", "1:4 unclosed string; 2:5"),
            ("a: 'x\nb: 'y'", "2:5 unexpected text after a closing quote; 1:4"),
            ("a: 'it's'", "1:8 unexpected text after a closing quote"),
            ("a: [1] x", "1:8 unexpected `x` after a value"),
            ("subject: *.foo", "1:10 expected an alias, found `*.foo`"),
            ("s: [*.foo, x]", "1:5 expected an alias, found `*.foo`"),
            ("a: & b", "1:4 expected an anchor, found `& b`"),
            ("a: *b", "1:4 unknown anchor `b`"),
            ("a: >.foo", "1:4 unexpected text after `>`, which begins a block scalar"),
            ("a: |0\n x", "1:4 block scalar: expected an indentation from 1 to 9, found 0"),
            ("a: @x", "1:4 a string without quotes must not begin with `@`"),
            ("a: `x`", "1:4 a string without quotes must not begin with a backtick"),
            ("a: !foo!bar x", "1:4 invalid tag `!foo!bar`"),
            ("a: \"\\d+\"", "1:5 unknown escape `\\d`"),
            ("a: \"\\/\"", "1:5 unknown escape `\\/`"),
            ("a: \"\\ud83d\\ude00\"", "1:5 invalid escape `\\ud83d\\ude00\"`"),
            ("%YAML 1.2\n---\na: 1", "1:1 unsupported YAML version: expected 1.1, as in Helm"),
            ("%FOO\n---\na: 1", "1:1 unknown directive"),
            ("é: \u{1}", "1:4 control character U+0001 is not allowed"),
            (": 1", "1:1 expected `key: value`, found `: 1`"),
            ("a: 1\n*b\nc: 1", "2:1 expected `key: value`, found `*b`"),
            ("a: \"\\x4\"", "1:5 invalid escape `\\x4\"`"),
            ("a: \"x\\\\u", "1:4 unclosed string; 1:9"),
            ("a: !b!c x", "1:4 invalid tag `!b!c`"),
            ("a: |1 0\n x", "1:4 unexpected text after `|`, which begins a block scalar"),
            ("[1]\n2", "2:1 unexpected text after the end of the document; 1:1"),
        ] {
            assert_eq!(fault(text), expected, "{text:?}");
        }
    }

    #[test]
    fn a_remedy_says_what_to_type() {
        let help = |text: &str| {
            read(&Source::new("v.yaml", text), &Limits::default()).unwrap_err()[0].help.join("; ")
        };
        assert_eq!(help("a: b: c # d"), "quote the string: `\"b: c\"`");
        assert_eq!(help("a: *.\"x\""), "quote a string that begins with `*`: `'*.\"x\"'`");
        assert_eq!(help("a: 1\nreplicas:3\nb: 2"), "write `replicas: 3`");
    }
}

//! Placeholders in a nats.conf → the values, each printed by the rules of its place.
//!
//! The server reads `on`, `1k`, `-a`, `1.5x`, `$a` and more as something else than a string, so a string
//! is bare only where nothing can happen to it (see the lexer,
//! <https://github.com/nats-io/nats-server/blob/main/conf/lex.go>).

use std::sync::{Arc, LazyLock};

use super::{
    Claim, Expected, Part, PrintError, Resolved, comment, escape_is_open, first_placeholder,
    joined, only_placeholder, part_of_text, parts, placeholder_at,
};
use jinnacle_syntax::source::{Source, Span};
use jinnacle_syntax::yaml::emit::{is_printable, spaces};
use jinnacle_syntax::yaml::{Kind, Map, Node};

/// Puts the values in the places of their placeholders.
pub fn resolve(text: &str, values: &[Node]) -> Result<Resolved, PrintError> {
    let mut printer = Printer {
        text,
        at: 0,
        values,
        out: String::with_capacity(text.len() * 5 / 4),
        claims: Vec::new(),
        open: Vec::new(),
        wants: Wants::Key,
        before: None,
    };
    while printer.at < text.len() {
        printer.token()?;
    }
    Ok(Resolved { text: printer.out, claims: printer.claims })
}

/// A word that is printed as it is, without quotes.
pub fn token(word: &str) -> Node {
    Node::new(Kind::Text(word.to_owned()), Span::whole(&TOKENS))
}

/// What is written in this source is a token; no value of a user is.
static TOKENS: LazyLock<Arc<Source>> = LazyLock::new(|| Source::new("tokens", ""));

fn is_token(node: &Node) -> bool {
    Arc::ptr_eq(node.span.source(), &TOKENS)
}

/// Whether the server reads a string without quotes as this text.
fn is_bare(text: &str) -> bool {
    let word = |c: char| c.is_ascii_alphanumeric() || "_-./:@+*>".contains(c);
    text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && text.chars().all(word)
        && !["true", "false", "yes", "no", "on", "off"]
            .iter()
            .any(|boolean| text.eq_ignore_ascii_case(boolean))
}

struct Printer<'a> {
    text: &'a str,
    at: usize,
    values: &'a [Node],
    out: String,
    claims: Vec<Claim>,
    /// The brackets that are open: `{` or `[`.
    open: Vec<char>,
    wants: Wants,
    /// A value that ended on this line with nothing but spaces after it yet; its placeholder, if it has one.
    before: Option<Option<usize>>,
}

#[derive(Clone, Copy, PartialEq)]
enum Wants {
    Key,
    Value,
}

impl<'a> Printer<'a> {
    fn token(&mut self) -> Result<(), PrintError> {
        let rest = &self.text[self.at..];
        let Some(first) = rest.chars().next() else {
            return Ok(());
        };
        match first {
            ' ' | '\t' | '\r' => self.copy(1),
            '\n' | ',' | ';' => {
                self.copy(1);
                self.before = None;
            }
            '#' => self.comment(),
            '/' if rest.starts_with("//") => self.comment(),
            '}' | ']' => {
                self.copy(1);
                self.open.pop();
                self.ended(None);
            }
            _ => {
                let in_list = self.open.last() == Some(&'[');
                let placeholder = first_placeholder(
                    &rest[..token_end(rest, in_list || self.wants == Wants::Value)],
                );
                if let Some(before) = self.before.take()
                    && let Some(placeholder) = placeholder.or(before)
                {
                    return Err(PrintError::new(placeholder, "missing comma between two values")
                        .help("put the whole text in one pair of quotes"));
                }
                if let Some((placeholder, length)) = placeholder_at(rest)
                    && (in_list || self.wants == Wants::Key)
                    && let Some(behind) = self.alone(length)
                {
                    return self.own_line(placeholder, behind, in_list);
                }
                if in_list || self.wants == Wants::Value {
                    return self.value(first);
                }
                return self.key(first);
            }
        }
        Ok(())
    }

    fn ended(&mut self, placeholder: Option<usize>) {
        self.wants = Wants::Key;
        self.before = Some(placeholder);
    }

    fn comment(&mut self) {
        let rest = &self.text[self.at..];
        let line = &rest[..rest.find('\n').unwrap_or(rest.len())];
        self.at += line.len();
        comment(self.values, line, &mut self.out);
    }

    /// What is after a placeholder that has its line for itself: nothing, or a comment.
    fn alone(&self, length: usize) -> Option<&'a str> {
        let begins = self.out.trim_end_matches([' ', '\t']);
        let rest = &self.text[self.at + length..];
        let line = &rest[..rest.find('\n').unwrap_or(rest.len())];
        let behind = line.trim_start_matches([' ', '\t', ',']).trim_end();
        let comment = behind.is_empty() || behind.starts_with('#') || behind.starts_with("//");
        (comment && (begins.is_empty() || begins.ends_with('\n'))).then_some(behind)
    }

    /// A map's entries among those of a map, a list's among those of a list.
    fn own_line(
        &mut self,
        placeholder: usize,
        behind: &str,
        in_list: bool,
    ) -> Result<(), PrintError> {
        let rest = &self.text[self.at..];
        self.at += rest.find('\n').map_or(rest.len(), |end| end + 1);
        let line = self.out.rfind('\n').map_or(0, |at| at + 1);
        let column = self.out.len() - line;
        self.out.truncate(line);
        let start = line;
        if !behind.is_empty() {
            spaces(column, &mut self.out);
            comment(self.values, behind, &mut self.out);
            self.out.push('\n');
        }
        let value = &self.values[placeholder];
        match &value.kind {
            Kind::Map(map) if !in_list => entries(map, column, &mut self.out),
            Kind::List(list) if in_list => items(list, column, &mut self.out),
            _ if in_list => items(std::slice::from_ref(value), column, &mut self.out),
            _ => {
                let word = value.kind_word();
                return Err(PrintError::new(
                    placeholder,
                    format!("{word} is not allowed alone on a line among keys"),
                )
                .help("only a map can: its entries are printed"));
            }
        }
        .map_err(|message| PrintError::new(placeholder, message))?;
        self.before = None;
        self.claim(placeholder, start);
        Ok(())
    }

    fn key(&mut self, first: char) -> Result<(), PrintError> {
        let rest = &self.text[self.at..];
        let end = match first {
            '"' | '\'' => quoted_end(rest, first).unwrap_or(rest.len()),
            _ => token_end(rest, false),
        };
        let written = &rest[..end];
        match first_placeholder(written) {
            None => self.copy(end.max(1)),
            Some(placeholder) => {
                let own = match first {
                    '"' | '\'' => &written[1..end - 1],
                    _ => written,
                };
                let start = self.out.len();
                let text = joined(self.values, own)?;
                key(&text, &mut self.out)
                    .map_err(|message| PrintError::new(placeholder, message))?;
                self.at += end;
                self.claims_of(written, start);
            }
        }
        let rest = &self.text[self.at..];
        let blanks = rest.len() - rest.trim_start_matches([' ', '\t']).len();
        self.copy(blanks);
        if self.text[self.at..].starts_with([':', '=']) {
            self.copy(1);
        }
        self.wants = Wants::Value;
        Ok(())
    }

    fn value(&mut self, first: char) -> Result<(), PrintError> {
        let rest = &self.text[self.at..];
        let start = self.out.len();
        match first {
            '{' | '[' => {
                self.copy(1);
                self.open.push(first);
                self.wants = Wants::Key;
                self.before = None;
                return Ok(());
            }
            '(' => {
                let end = rest.find(')').map_or(rest.len(), |end| end + 1);
                if let Some(placeholder) = first_placeholder(&rest[..end]) {
                    return Err(PrintError::new(
                        placeholder,
                        "a value is not allowed in a block string `( )`",
                    )
                    .help("print it as a value of its own"));
                }
                self.copy(end);
                self.ended(None);
                return Ok(());
            }
            _ => {}
        }
        let end = match first {
            '"' | '\'' => match quoted_end(rest, first) {
                Some(end) => end,
                None => match first_placeholder(rest) {
                    Some(placeholder) => {
                        return Err(PrintError::new(placeholder, "quotes are not closed"));
                    }
                    None => rest.len(),
                },
            },
            _ => token_end(rest, true).max(1),
        };
        let written = &rest[..end];
        let Some(placeholder) = first_placeholder(written) else {
            self.copy(end);
            self.ended(None);
            return Ok(());
        };
        self.at += end;
        if is_include(&self.out) {
            let name = joined(self.values, written.trim_matches(['"', '\'']))?;
            if !name.chars().all(|c| is_printable(c) && !matches!(c, '"' | '\\')) {
                return Err(PrintError::new(
                    placeholder,
                    "the name of an included file cannot hold quotes, backslashes or control characters",
                ));
            }
        }
        match first {
            '"' => self.double(written)?,
            '\'' => {
                let text = joined(self.values, &written[1..end - 1])?;
                quoted(&text, &mut self.out);
            }
            '$' => {
                return Err(PrintError::new(
                    placeholder,
                    "a value cannot be part of a variable's name",
                )
                .help("put quotes around a string with `$`"));
            }
            _ if only_placeholder(written).is_some() => {
                let line = self.out.rfind('\n').map_or(0, |at| at + 1);
                let column =
                    self.out[line..].len() - self.out[line..].trim_start_matches(' ').len();
                if self.out.ends_with([':', '=']) {
                    self.out.push(' ');
                }
                value(&self.values[placeholder], column, &mut self.out)
                    .map_err(|message| PrintError::new(placeholder, message))?;
            }
            _ if written.contains('\\') => {
                return Err(PrintError::new(
                    placeholder,
                    "a string with `\\` and a value needs quotes",
                ));
            }
            _ => text(&joined(self.values, written)?, &mut self.out),
        }
        // The server reads a number that touches a bracket as a string.
        if self.text[self.at..].starts_with([']', '}'])
            && self.out.ends_with(|c: char| c.is_ascii_digit())
        {
            self.out.push(' ');
        }
        self.claims_of(written, start);
        self.ended(Some(placeholder));
        Ok(())
    }

    /// The value goes between the template's quotes and gets its escapes; the template's own stay.
    fn double(&mut self, written: &str) -> Result<(), PrintError> {
        let mut before = "";
        for part in parts(written) {
            match part {
                Part::Own(own) => {
                    self.out.push_str(own);
                    before = own;
                }
                Part::Placeholder(placeholder) => {
                    if escape_is_open(before, &[('x', 2)]) {
                        return Err(PrintError::new(
                            placeholder,
                            "a value cannot be part of an escape",
                        ));
                    }
                    escaped(&part_of_text(self.values, placeholder)?, &mut self.out);
                    before = "";
                }
            }
        }
        Ok(())
    }

    fn copy(&mut self, length: usize) {
        self.out.push_str(&self.text[self.at..self.at + length]);
        self.at += length;
    }

    fn claim(&mut self, placeholder: usize, start: usize) {
        self.claims.push(Claim {
            placeholder,
            range: start..self.out.len(),
            want: Expected::Nothing,
        });
    }

    fn claims_of(&mut self, written: &str, start: usize) {
        for part in parts(written) {
            if let Part::Placeholder(placeholder) = part {
                self.claim(placeholder, start);
            }
        }
    }
}

/// Whether a string ends with the word that has the server read a file; the name after it has no escapes.
fn is_include(text: &str) -> bool {
    let before = text.trim_end_matches([' ', '\t']);
    let word = before.rsplit(|c: char| c.is_whitespace() || "{};,".contains(c)).next();
    before.len() < text.len() && word.is_some_and(|word| word.eq_ignore_ascii_case("include"))
}

/// The length of a bare key or value.
fn token_end(text: &str, value: bool) -> usize {
    let ends = |c: char| match c {
        ' ' | '\t' | '\n' | '\r' => true,
        ',' | ';' | ']' | '}' => value,
        ':' | '=' | '{' => !value,
        _ => false,
    };
    match text.chars().next() {
        Some(quote @ ('"' | '\'')) => quoted_end(text, quote).unwrap_or(text.len()),
        _ => text.find(ends).unwrap_or(text.len()),
    }
}

/// The length of a string in quotes; single quotes have no escapes.
fn quoted_end(text: &str, quote: char) -> Option<usize> {
    let mut escaped = true;
    for (at, c) in text.char_indices() {
        if escaped {
            escaped = false;
        } else if c == '\\' && quote == '"' {
            escaped = true;
        } else if c == quote {
            return Some(at + 1);
        }
    }
    None
}

/// A map's entries, each on lines of its own.
fn entries(map: &Map, column: usize, out: &mut String) -> Result<(), String> {
    for (name, entry) in map.iter() {
        spaces(column, out);
        key(name, out)?;
        out.push_str(": ");
        value(entry, column, out)?;
        out.push('\n');
    }
    Ok(())
}

/// A list's entries, each on lines of its own.
fn items(list: &[Node], column: usize, out: &mut String) -> Result<(), String> {
    for entry in list {
        spaces(column, out);
        value(entry, column, out)?;
        out.push('\n');
    }
    Ok(())
}

/// A value whose line begins at a column.
fn value(node: &Node, column: usize, out: &mut String) -> Result<(), String> {
    match &node.kind {
        Kind::Null => return Err("nats.conf has no null".to_owned()),
        Kind::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
        Kind::Int(value) => match i64::try_from(*value) {
            Ok(value) => out.push_str(&value.to_string()),
            Err(_) => return Err(format!("the integer {value} has more than 64 bits")),
        },
        Kind::Float(value) => {
            // An exponent would make it a string.
            let number = value.to_string();
            out.push_str(&number);
            out.push_str(if number.contains('.') { "" } else { ".0" });
        }
        Kind::Text(value) => match is_token(node) {
            true => out.push_str(value),
            false => text(value, out),
        },
        Kind::List(list) if list.is_empty() => out.push_str("[]"),
        Kind::List(list) => {
            out.push_str("[\n");
            items(list, column + 2, out)?;
            spaces(column, out);
            out.push(']');
        }
        Kind::Map(map) if map.is_empty() => out.push_str("{}"),
        Kind::Map(map) => {
            out.push_str("{\n");
            entries(map, column + 2, out)?;
            spaces(column, out);
            out.push('}');
        }
    }
    Ok(())
}

/// Writes a string so that it is read as this text.
fn text(value: &str, out: &mut String) {
    if is_bare(value) {
        out.push_str(value);
    } else {
        quoted(value, out);
    }
}

fn quoted(value: &str, out: &mut String) {
    out.push('"');
    escaped(value, out);
    out.push('"');
}

/// Writes what is between double quotes, with every control character escaped.
fn escaped(text: &str, out: &mut String) {
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if is_printable(c) => out.push(c),
            c => {
                for byte in c.encode_utf8(&mut [0; 4]).bytes() {
                    out.push_str(&format!("\\x{byte:02X}"));
                }
            }
        }
    }
}

/// Writes a key; keys have no escapes, in neither quotes.
fn key(name: &str, out: &mut String) -> Result<(), String> {
    if is_bare(name) && !name.contains(':') && !name.eq_ignore_ascii_case("include") {
        out.push_str(name);
        return Ok(());
    }
    if !name.chars().all(is_printable) {
        return Err(
            "a key of nats.conf cannot hold line breaks, tabs or control characters".to_owned()
        );
    }
    let quote = if name.contains('"') { '\'' } else { '"' };
    if name.contains(quote) {
        return Err("a key of nats.conf cannot hold both kinds of quotes".to_owned());
    }
    out.push(quote);
    out.push_str(name);
    out.push(quote);
    Ok(())
}

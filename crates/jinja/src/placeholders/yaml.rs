//! Placeholders in a YAML text → the values, each printed by the rules of its place.
//!
//! One pass over the lines. It knows as much of YAML as is needed to tell where a placeholder is: keys,
//! dashes, comments, quotes, block strings, `[ ]` and `{ }`. Whatever is not certain is an error.

mod block_text;
mod flow;
mod quotes;
mod signs;

use std::cell::Cell;

use super::{
    Claim, Expected, PLACEHOLDER, PLACEHOLDER_END, Part, PrintError, Resolved, comment,
    escape_is_open, first_placeholder, joined, only_placeholder, part_of_text, parts,
    placeholder_at,
};
use jinnacle_syntax::yaml::emit::{self, Place};
use jinnacle_syntax::yaml::{Kind, Node};

pub use signs::key_end;
use signs::{
    comment_start, indentation, is_blank, is_blank_only, is_dash, is_document_marker, own_line,
};

/// Puts the values in the places of their placeholders.
pub fn resolve(text: &str, values: &[Node]) -> Result<Resolved, PrintError> {
    if !text.contains(PLACEHOLDER) {
        return Ok(Resolved { text: text.to_owned(), claims: Vec::new() });
    }
    let mut printer = Printer {
        text,
        at: 0,
        line_end: Cell::new(text.find('\n').unwrap_or(text.len())),
        values,
        out: String::with_capacity(text.len() * 5 / 4),
        claims: Vec::with_capacity(values.len()),
        open: None,
        ended: None,
        literal: None,
    };
    printer.begin_document();
    while printer.at < text.len() {
        printer.line()?;
    }
    printer.close(DOCUMENT, false);
    Ok(Resolved { text: printer.out, claims: printer.claims })
}

struct Printer<'a> {
    text: &'a str,
    at: usize,
    /// The end of the line in which `at` is, once it was asked for.
    line_end: Cell<usize>,
    values: &'a [Node],
    out: String,
    claims: Vec<Claim>,
    /// A key or dash with nothing after it, until its first child.
    open: Option<Open>,
    /// A value that a deeper line would continue.
    ended: Option<Ended>,
    /// The column of a printed block text, while nothing but comments came after it.
    literal: Option<usize>,
}

/// The column of what holds a document's node: everything is deeper.
const DOCUMENT: isize = -1;

struct Open {
    column: isize,
    dash: bool,
    /// Where in the output ` []` or ` {}` goes when all that came were empty lists or maps.
    insert: usize,
    /// The placeholder of an empty list or map that is the only child so far.
    empty: Option<usize>,
}

struct Ended {
    column: isize,
    placeholder: Option<usize>,
}

/// Where a value is.
#[derive(Clone, Copy, PartialEq)]
enum Behind {
    Key,
    Dash,
    /// Neither: on a line of its own, or after `---`.
    Nothing,
}

impl<'a> Printer<'a> {
    fn line(&mut self) -> Result<(), PrintError> {
        let line = self.rest_of_line();
        let content = line.trim_start_matches(' ');
        let column = (line.len() - content.len()) as isize;
        let placeholder = first_placeholder(content);
        if content.is_empty() {
            // A printed block text would take in a line of spaces.
            self.at += line.len();
            self.line_break();
            return Ok(());
        }
        if content.starts_with('#') {
            return self.comment_line(column as usize);
        }
        if column == 0 && is_document_marker(content) {
            return self.document_marker(content, placeholder);
        }
        if content.starts_with('\t')
            && let Some(placeholder) = placeholder
        {
            return Err(tab(placeholder));
        }
        if let Some(ended) = self.ended.as_ref().filter(|ended| column > ended.column) {
            if let Some(placeholder) = ended.placeholder {
                return Err(PrintError::new(placeholder, "the line below is indented as if it belonged to it")
                    .help("begin that line at the column of the key, or print the value on a line of its own"));
            }
            if let Some(placeholder) = placeholder {
                return Err(PrintError::new(placeholder, "the line continues the string above it")
                    .help("put quotes around a string of several lines, or begin it with `|`"));
            }
            self.copy_line();
            return Ok(());
        }
        if let Some(placeholder) = placeholder
            && let Some(behind) = own_line(content)
        {
            return self.own_line(column, placeholder, behind);
        }
        let above = self.close(column, is_dash(content));
        self.ended = None;
        self.literal = None;
        if placeholder.is_none() && self.simple_line(column, content) {
            return Ok(());
        }
        self.copy(column as usize);
        self.node(column, above)
    }

    /// A line that holds neither placeholders nor anything that could reach into the next line, but a plain text.
    fn simple_line(&mut self, mut column: isize, content: &str) -> bool {
        let special =
            |b: u8| matches!(b, b'!'..=b'\'' | b'*' | b'>' | b'?' | b'[' | b'{' | b'|' | b'\t');
        if content.bytes().any(special) {
            return false;
        }
        let mut rest = content.trim_ascii_end();
        let (mut parent, mut dash) = (column, false);
        while is_dash(rest) {
            let inner = rest[1..].trim_ascii_start();
            (parent, dash) = (column, true);
            column += (rest.len() - inner.len()) as isize;
            rest = inner;
        }
        let opens = match key_end(rest) {
            Some(colon) => {
                (parent, dash) = (column, false);
                colon + 1 == rest.len()
            }
            None if dash => rest.is_empty(),
            None => return false,
        };
        let insert =
            self.out.len() + indentation(self.rest_of_line()) + content.trim_ascii_end().len();
        self.copy_line();
        if opens {
            self.open = Some(Open { column: parent, dash, insert, empty: None });
        } else {
            self.ended = Some(Ended { column: parent, placeholder: None });
        }
        true
    }

    // Documents and comments.

    fn begin_document(&mut self) {
        let insert = self.out.len();
        self.open = Some(Open { column: DOCUMENT, dash: false, insert, empty: None });
        self.ended = None;
        self.literal = None;
    }

    fn document_marker(
        &mut self,
        content: &str,
        placeholder: Option<usize>,
    ) -> Result<(), PrintError> {
        self.close(DOCUMENT, false);
        let behind = content[3..].trim_start_matches(' ');
        if content.starts_with('%') || is_blank(behind) {
            match content.find('#') {
                Some(start) => {
                    self.copy(start);
                    self.comment();
                }
                None => self.copy_line(),
            }
            self.begin_document();
            return Ok(());
        }
        if content.starts_with('.')
            && let Some(placeholder) = placeholder
        {
            return Err(PrintError::new(placeholder, "a value is not allowed after `...`"));
        }
        self.copy(content.len() - behind.len());
        self.begin_document();
        self.open = None;
        self.value(DOCUMENT, Behind::Nothing)
    }

    /// A comment at or right of a block text above it would be read as its last line.
    fn comment_line(&mut self, column: usize) -> Result<(), PrintError> {
        self.at += column;
        let column = self.literal.map_or(column, |literal| {
            if column < literal { column } else { literal.saturating_sub(2) }
        });
        emit::spaces(column, &mut self.out);
        self.comment();
        Ok(())
    }

    /// Copies the rest of the line, which is space or a comment, with its break.
    fn comment(&mut self) {
        let rest = self.rest_of_line();
        self.at += rest.len();
        comment(self.values, rest, &mut self.out);
        self.line_break();
    }

    // Lines that hold a placeholder only.

    fn own_line(
        &mut self,
        column: isize,
        placeholder: usize,
        behind: &str,
    ) -> Result<(), PrintError> {
        let value = &self.values[placeholder];
        let line = self.rest_of_line();
        self.at += line.len();
        self.at += usize::from(self.at < self.text.len());
        let is_list = matches!(value.kind, Kind::List(_));
        let child = self.open.as_ref().is_some_and(|open| open.holds(column, is_list));
        match &value.kind {
            Kind::Map(map) if map.is_empty() => self.own_empty(child, column, placeholder)?,
            Kind::List(list) if list.is_empty() => self.own_empty(child, column, placeholder)?,
            Kind::Map(_) | Kind::List(_) => {
                self.close(column, is_list);
                if !behind.is_empty() {
                    emit::spaces(column as usize, &mut self.out);
                    comment(self.values, behind, &mut self.out);
                    self.out.push('\n');
                }
                self.collection(placeholder, column as usize);
                self.ended = Some(Ended { column, placeholder: Some(placeholder) });
            }
            _ => {
                let Some(open) = self.open.take().filter(|open| child && open.empty.is_none())
                else {
                    return Err(alone(placeholder, value));
                };
                self.literal = None;
                let place = if behind.is_empty() && open.column >= 0 {
                    Place::Block(column as usize)
                } else {
                    Place::Line
                };
                if open.column >= 0 && self.out[open.insert..].trim().is_empty() {
                    self.out.truncate(open.insert);
                    self.out.push(' ');
                } else {
                    emit::spaces(column as usize, &mut self.out);
                }
                self.scalar(placeholder, place, self.out.len(), Expected::Value);
                if !behind.is_empty() {
                    self.out.push(' ');
                    comment(self.values, behind, &mut self.out);
                }
                self.out.push('\n');
                self.ended = Some(Ended { column: open.column, placeholder: Some(placeholder) });
            }
        }
        Ok(())
    }

    fn own_empty(
        &mut self,
        child: bool,
        column: isize,
        placeholder: usize,
    ) -> Result<(), PrintError> {
        if !child {
            self.close(column, false);
            return Ok(());
        }
        let Some(open) = &mut self.open else {
            return Ok(());
        };
        match open.empty {
            Some(first) if self.values[first] != self.values[placeholder] => Err(PrintError::new(
                placeholder,
                "an empty list and an empty map in the same place",
            )),
            _ => {
                open.empty = open.empty.or(Some(placeholder));
                Ok(())
            }
        }
    }

    /// Ends the wait for a first child before a line; the column of the parent if that line is the child.
    fn close(&mut self, column: isize, is_list: bool) -> Option<isize> {
        let open = self.open.take()?;
        if open.holds(column, is_list) {
            return Some(open.column);
        }
        if let Some(placeholder) = open.empty {
            let document = open.column == DOCUMENT;
            let start = open.insert + usize::from(!document);
            let empty =
                if matches!(self.values[placeholder].kind, Kind::List(_)) { "[]" } else { "{}" };
            self.out.insert_str(open.insert, if document { "\n" } else { " " });
            self.out.insert_str(start, empty);
            self.claim(placeholder, start, Expected::Value);
        }
        None
    }

    // Nodes of a line.

    /// Dashes, then a key or a value. `above` is the column of the key or dash whose only child this is.
    fn node(&mut self, mut column: isize, above: Option<isize>) -> Result<(), PrintError> {
        let mut parent = above;
        let mut behind = Behind::Nothing;
        while is_dash(self.rest_of_line()) {
            behind = Behind::Dash;
            parent = Some(column);
            self.copy(1);
            let insert = self.out.len();
            column += 1 + self.blanks()? as isize;
            if is_blank(self.rest_of_line()) {
                self.comment();
                self.open = parent.map(|column| Open { column, dash: true, insert, empty: None });
                return Ok(());
            }
        }
        if let Some(colon) = key_end(self.rest_of_line()) {
            return self.key(column, self.at + colon);
        }
        let line = self.rest_of_line();
        if let Some(placeholder) = first_placeholder(line) {
            if line.starts_with("? ") {
                return Err(PrintError::new(
                    placeholder,
                    "a value is not allowed in a key after `? `",
                ));
            }
            if parent.is_none() {
                return Err(alone(placeholder, &self.values[placeholder]));
            }
        }
        self.value(parent.unwrap_or(column - 1), behind)
    }

    fn key(&mut self, column: isize, colon: usize) -> Result<(), PrintError> {
        let key = self.text[self.at..colon].trim_end_matches(' ');
        let placeholder = first_placeholder(key);
        let start = self.out.len();
        match (placeholder, key.as_bytes().first()) {
            (None, _) => self.copy(key.len()),
            (Some(placeholder), Some(b'&' | b'!' | b'*')) => {
                return Err(PrintError::new(
                    placeholder,
                    "a value is not allowed in a key after a tag or an anchor",
                ));
            }
            (Some(_), Some(b'"')) => self.double()?,
            (Some(_), Some(b'\'')) => self.single()?,
            (Some(_), _) => {
                let text = joined(self.values, key)?;
                emit::text(&text, Place::Key, &mut self.out);
                self.claims_of(key, start, Expected::Text(text));
            }
        }
        self.key_fits(placeholder, start)?;
        self.at = colon + 1;
        self.out.push(':');
        let insert = self.out.len();
        self.blanks()?;
        if is_blank(self.rest_of_line()) {
            self.comment();
            self.open = Some(Open { column, dash: false, insert, empty: None });
            return Ok(());
        }
        self.value(column, Behind::Key)
    }

    fn key_fits(&self, placeholder: Option<usize>, start: usize) -> Result<(), PrintError> {
        match placeholder {
            Some(placeholder) if self.out.len() - start > emit::LONGEST_KEY => {
                let longest = emit::LONGEST_KEY;
                Err(PrintError::new(placeholder, format!("a key may have {longest} bytes at most")))
            }
            _ => Ok(()),
        }
    }

    /// What follows a key or dash at `column`.
    fn value(&mut self, column: isize, behind: Behind) -> Result<(), PrintError> {
        let start = self.out.len();
        let mut tag = None;
        while let Some(b'&' | b'!') = self.rest_of_line().as_bytes().first() {
            let line = self.rest_of_line();
            let word = &line[..line.find([' ', '\t']).unwrap_or(line.len())];
            if let Some(placeholder) = first_placeholder(word) {
                return Err(PrintError::new(
                    placeholder,
                    "a value cannot be part of a tag or an anchor",
                )
                .help("put quotes around the whole text"));
            }
            tag = tag.or(word.starts_with('!').then_some(word));
            self.copy(word.len());
            let insert = self.out.len();
            self.blanks()?;
            if is_blank(self.rest_of_line()) {
                self.comment();
                self.open =
                    Some(Open { column, dash: behind == Behind::Dash, insert, empty: None });
                return Ok(());
            }
        }
        let line = self.rest_of_line();
        match line.as_bytes().first() {
            Some(b'|' | b'>') => self.block_text(column),
            Some(b'"') => self.double().and_then(|()| self.behind_value()),
            Some(b'\'') => self.single().and_then(|()| self.behind_value()),
            Some(b'[' | b'{') => self.flow().and_then(|()| self.behind_value()),
            _ => self.plain(column, behind, self.out.len() > start, tag),
        }
    }

    /// Only a comment may stand after a quoted text or after `]`.
    fn behind_value(&mut self) -> Result<(), PrintError> {
        let rest = self.rest_of_line();
        if is_blank(rest) {
            self.comment();
            return Ok(());
        }
        match first_placeholder(rest) {
            Some(placeholder) => {
                Err(PrintError::new(placeholder, "unexpected value after the end of another")
                    .help("put the whole text in one pair of quotes"))
            }
            None => {
                self.copy_line();
                Ok(())
            }
        }
    }

    fn plain(
        &mut self,
        column: isize,
        behind: Behind,
        props: bool,
        tag: Option<&str>,
    ) -> Result<(), PrintError> {
        let line = self.rest_of_line();
        let end = comment_start(line);
        let own = line[..end].trim_end_matches([' ', '\t']);
        let Some(placeholder) = first_placeholder(own) else {
            self.copy(end);
            self.comment();
            self.ended = Some(Ended { column, placeholder: None });
            return Ok(());
        };
        if own.starts_with('*') {
            return Err(PrintError::new(placeholder, "a value cannot be part of an alias")
                .help("put quotes around the whole text"));
        }
        if let Some(sign) = ["- ", "? ", ": "].into_iter().find(|sign| match *sign {
            ": " => own.contains(sign),
            _ => own.starts_with(sign),
        }) {
            return Err(PrintError::new(
                placeholder,
                format!("a string with `{sign}` needs quotes"),
            ));
        }
        self.at += own.len();
        let behind_it = &line[own.len()..];
        let place = if !is_blank_only(behind_it) || column == DOCUMENT {
            Place::Line
        } else {
            Place::Block(column as usize + 2)
        };
        self.ended = Some(Ended { column, placeholder: Some(placeholder) });
        let start = self.out.len();
        if only_placeholder(own).is_none() {
            let text = joined(self.values, own)?;
            self.text(&text, place);
            let known = tag.is_none() || tag == Some("!!str");
            self.claims_of(
                own,
                start,
                if known { Expected::Text(text) } else { Expected::Nothing },
            );
        } else if tag == Some("!!str") && self.values[placeholder].as_str().is_none() {
            let text = part_of_text(self.values, placeholder)?;
            self.text(&text, place);
            self.claim(placeholder, start, Expected::Text(text));
        } else {
            match &self.values[placeholder].kind {
                Kind::Map(map) if !map.is_empty() => {
                    return self.nested(placeholder, column, behind, props);
                }
                Kind::List(list) if !list.is_empty() => {
                    return self.nested(placeholder, column, behind, props);
                }
                _ => {
                    let known = tag.is_none() || tag == Some("!!str");
                    self.scalar(
                        placeholder,
                        place,
                        start,
                        if known { Expected::Value } else { Expected::Nothing },
                    );
                }
            }
        }
        if is_blank_only(behind_it) {
            self.at += behind_it.len();
            self.at += usize::from(self.at < self.text.len());
            self.out.push('\n');
        } else {
            self.comment();
            self.end_line();
        }
        Ok(())
    }

    /// A map or list after a key goes to the next line, after a dash it begins on the same.
    fn nested(
        &mut self,
        placeholder: usize,
        column: isize,
        behind: Behind,
        props: bool,
    ) -> Result<(), PrintError> {
        let rest = self.rest_of_line();
        let comment = !is_blank_only(rest);
        if behind == Behind::Nothing || (behind == Behind::Dash && props) {
            let word = self.values[placeholder].kind_word();
            return Err(PrintError::new(placeholder, format!("{word} is not allowed here"))
                .help("print it on a line of its own"));
        }
        let deeper = (column + 2) as usize;
        if behind == Behind::Dash && !comment {
            // The spaces of the first entry's column take the place of the dash and what is after it.
            let line = self.out.rfind('\n').map_or(0, |at| at + 1);
            let dash = self.out[line..].trim_end_matches(' ').len();
            self.out.truncate(line + dash);
            let head = self.out.split_off(line);
            let at = self.collection(placeholder, deeper);
            self.out.replace_range(at..at + head.len(), &head);
            self.at += rest.len();
            self.at += usize::from(self.at < self.text.len());
        } else {
            self.out.truncate(self.out.trim_end_matches(' ').len());
            if comment {
                self.out.push(' ');
                self.at += rest.len() - rest.trim_start_matches(' ').len();
                self.comment();
                self.end_line();
            } else {
                self.at += rest.len();
                self.at += usize::from(self.at < self.text.len());
                self.out.push('\n');
            }
            self.collection(placeholder, deeper);
        }
        self.ended = Some(Ended { column, placeholder: Some(placeholder) });
        Ok(())
    }

    // Printing.

    /// Prints a map's or list's entries as lines at a column, and says where the first line begins.
    fn collection(&mut self, placeholder: usize, column: usize) -> usize {
        let start = self.out.len();
        let values = self.values;
        match &values[placeholder].kind {
            Kind::Map(map) => {
                for (index, (key, value)) in map.iter().enumerate() {
                    let start = self.out.len() + column;
                    emit::entry(key, value, column, &mut self.out);
                    // A key that is too long for the line of its value has a sign before it.
                    let sign = if self.out[start..].starts_with("? ") { 2 } else { 0 };
                    self.claim(placeholder, start + sign, Expected::Entry(index));
                }
            }
            Kind::List(list) => {
                for (index, value) in list.iter().enumerate() {
                    let start = self.out.len() + column + 2;
                    emit::item(value, column, &mut self.out);
                    self.claim(placeholder, start, Expected::Entry(index));
                }
            }
            _ => {}
        }
        self.literal = last_literal(&values[placeholder], column);
        start
    }

    fn scalar(&mut self, placeholder: usize, place: Place, start: usize, want: Expected) {
        match &self.values[placeholder].kind {
            Kind::Text(text) => self.text(text, place),
            _ => emit::scalar(&self.values[placeholder], place, &mut self.out),
        }
        self.claim(placeholder, start, want);
    }

    fn text(&mut self, text: &str, place: Place) {
        emit::text(text, place, &mut self.out);
        if let Place::Block(column) = place
            && emit::is_literal(text)
        {
            self.literal = Some(column);
        }
    }

    fn claim(&mut self, placeholder: usize, start: usize, want: Expected) {
        self.claims.push(Claim { placeholder, range: start..self.out.len(), want });
    }

    /// A claim for each placeholder of a string; the first says what the whole must read as.
    fn claims_of(&mut self, text: &str, start: usize, want: Expected) {
        let mut want = Some(want);
        for part in parts(text) {
            if let Part::Placeholder(placeholder) = part {
                self.claim(placeholder, start, want.take().unwrap_or(Expected::Nothing));
            }
        }
    }

    // Moving through the text.

    fn rest_of_line(&self) -> &'a str {
        if self.at > self.line_end.get() {
            let rest = &self.text[self.at..];
            self.line_end.set(rest.find('\n').map_or(self.text.len(), |end| self.at + end));
        }
        &self.text[self.at..self.line_end.get()]
    }

    fn copy(&mut self, length: usize) {
        self.out.push_str(&self.text[self.at..self.at + length]);
        self.at += length;
    }

    fn copy_line(&mut self) {
        self.copy(self.rest_of_line().len());
        self.line_break();
    }

    /// Copies the line break, if there is one.
    fn line_break(&mut self) {
        if self.at < self.text.len() {
            self.out.push('\n');
            self.at += 1;
        }
    }

    /// A printed line has a break even where the template ends without one.
    fn end_line(&mut self) {
        if !self.out.ends_with('\n') {
            self.out.push('\n');
        }
    }

    /// Copies spaces; a tab among them makes the column of what follows unclear.
    fn blanks(&mut self) -> Result<usize, PrintError> {
        let line = self.rest_of_line();
        let count = line.len() - line.trim_start_matches([' ', '\t']).len();
        if line[..count].contains('\t')
            && let Some(placeholder) = first_placeholder(line)
        {
            return Err(tab(placeholder));
        }
        self.copy(count);
        Ok(count)
    }
}

impl Open {
    /// Whether a line at a column is a child: a list may stand at the column of its key.
    fn holds(&self, column: isize, is_list: bool) -> bool {
        column > self.column || (column == self.column && is_list && !self.dash)
    }
}

fn alone(placeholder: usize, value: &Node) -> PrintError {
    let word = value.kind_word();
    PrintError::new(
        placeholder,
        format!("{word} is not allowed alone on a line among other entries"),
    )
    .help("only a map among the entries of a map and a list among those of a list may")
}

fn tab(placeholder: usize) -> PrintError {
    PrintError::new(placeholder, "unexpected tab before the value").help("use spaces")
}

/// The column of the block text with which a printed node ends, if it does.
fn last_literal(node: &Node, column: usize) -> Option<usize> {
    let last = match &node.kind {
        Kind::Map(map) => map.iter().next_back()?.1,
        Kind::List(list) => list.last()?,
        _ => return None,
    };
    match &last.kind {
        Kind::Text(text) => emit::is_literal(text).then_some(column + 2),
        _ => last_literal(last, column + 2),
    }
}

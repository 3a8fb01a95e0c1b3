//! Marks in a YAML text → the values, each printed by the rules of its place.
//!
//! One pass over the lines. It knows as much of YAML as is needed to tell where a mark stands: keys,
//! dashes, comments, quotes, block texts, `[ ]` and `{ }`. Whatever is not certain is an error.

use super::{
    Claim, MARK, MARK_END, Part, Resolved, Trouble, Want, comment, escape_is_open, first_mark,
    joined, mark_at, only_mark, part_of_text, parts,
};
use crate::yaml::emit::{self, Place};
use crate::yaml::{Kind, Node};

/// Puts the values in the places of their marks.
pub fn resolve(text: &str, values: &[Node]) -> Result<Resolved, Trouble> {
    if !text.contains(MARK) {
        return Ok(Resolved { text: text.to_owned(), claims: Vec::new() });
    }
    let mut printer = Printer {
        text,
        at: 0,
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
    values: &'a [Node],
    out: String,
    claims: Vec<Claim>,
    /// A key or dash with nothing behind it, until its first child.
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
    /// The mark of an empty list or map that is the only child so far.
    empty: Option<usize>,
}

struct Ended {
    column: isize,
    mark: Option<usize>,
}

/// Where a value stands.
#[derive(Clone, Copy, PartialEq)]
enum Behind {
    Key,
    Dash,
    /// Neither: on a line of its own, or behind `---`.
    Nothing,
}

impl<'a> Printer<'a> {
    fn line(&mut self) -> Result<(), Trouble> {
        let line = self.rest_of_line();
        let content = line.trim_start_matches(' ');
        let column = (line.len() - content.len()) as isize;
        let mark = first_mark(content);
        if content.is_empty() {
            // A printed block text would take in a line of blanks.
            self.at += if self.literal.is_some() { line.len() } else { 0 };
            self.copy_line();
            return Ok(());
        }
        if content.starts_with('#') {
            return self.comment_line(column as usize);
        }
        if column == 0 && is_document_marker(content) {
            return self.document_marker(content, mark);
        }
        if content.starts_with('\t')
            && let Some(mark) = mark
        {
            return Err(tab(mark));
        }
        if let Some(ended) = self.ended.as_ref().filter(|ended| column > ended.column) {
            if let Some(mark) = mark.or(ended.mark) {
                return Err(Trouble::new(mark, "the line continues the value above it")
                    .help("put quotes around a text of several lines, or begin it with `|`"));
            }
            self.copy_line();
            return Ok(());
        }
        if let Some(mark) = mark
            && let Some(behind) = own_line(content)
        {
            return self.own_line(column, mark, behind);
        }
        let above = self.close(column, is_dash(content));
        self.ended = None;
        self.literal = None;
        if mark.is_none() && self.simple_line(column, content) {
            return Ok(());
        }
        self.copy(column as usize);
        self.node(column, above)
    }

    /// A line that holds neither marks nor anything that could reach into the next line, but a plain text.
    fn simple_line(&mut self, mut column: isize, content: &str) -> bool {
        if content.bytes().any(|b| b"|>\"'[{?&!*#\t".contains(&b)) {
            return false;
        }
        let mut dash = false;
        let mut parent = column;
        let mut rest = content.trim_end();
        while is_dash(rest) {
            let inner = rest[1..].trim_start_matches(' ');
            parent = column;
            column += (rest.len() - inner.len()) as isize;
            rest = inner;
            dash = true;
        }
        let opens = if rest.is_empty() {
            true
        } else if let Some(key) = rest.strip_suffix(':') {
            if key.contains(": ") {
                return false;
            }
            (parent, dash) = (column, false);
            true
        } else if rest.contains(": ") {
            parent = column;
            false
        } else if dash {
            false
        } else {
            return false;
        };
        let insert = self.out.len() + indentation(self.rest_of_line()) + content.trim_end().len();
        self.copy_line();
        if opens {
            self.open = Some(Open { column: parent, dash, insert, empty: None });
        } else {
            self.ended = Some(Ended { column: parent, mark: None });
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

    fn document_marker(&mut self, content: &str, mark: Option<usize>) -> Result<(), Trouble> {
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
            && let Some(mark) = mark
        {
            return Err(Trouble::new(mark, "a value cannot stand behind `...`"));
        }
        self.copy(content.len() - behind.len());
        self.begin_document();
        self.open = None;
        self.value(DOCUMENT, Behind::Nothing)
    }

    /// A comment at or right of a block text above it would be read as its last line.
    fn comment_line(&mut self, column: usize) -> Result<(), Trouble> {
        self.at += column;
        let column = self.literal.map_or(column, |literal| column.min(literal - 1));
        emit::spaces(column, &mut self.out);
        self.comment();
        Ok(())
    }

    /// Copies the rest of the line, which is blank or a comment, with its break.
    fn comment(&mut self) {
        let rest = self.rest_of_line();
        self.at += rest.len();
        comment(self.values, rest, &mut self.out);
        self.line_break();
    }

    // Lines that hold a mark only.

    fn own_line(&mut self, column: isize, mark: usize, behind: &str) -> Result<(), Trouble> {
        let value = &self.values[mark];
        let line = self.rest_of_line();
        self.at += line.len();
        self.at += usize::from(self.at < self.text.len());
        let is_list = matches!(value.kind, Kind::List(_));
        let child = self.open.as_ref().is_some_and(|open| open.holds(column, is_list));
        match &value.kind {
            Kind::Map(map) if map.is_empty() => self.own_empty(child, column, mark)?,
            Kind::List(list) if list.is_empty() => self.own_empty(child, column, mark)?,
            Kind::Map(_) | Kind::List(_) => {
                self.close(column, is_list);
                if !behind.is_empty() {
                    emit::spaces(column as usize, &mut self.out);
                    comment(self.values, behind, &mut self.out);
                    self.out.push('\n');
                }
                self.collection(mark, column as usize);
                self.ended = Some(Ended { column, mark: Some(mark) });
            }
            _ => {
                let Some(open) = self.open.take().filter(|open| child && open.empty.is_none())
                else {
                    return Err(alone(mark, value));
                };
                self.literal = None;
                emit::spaces(column as usize, &mut self.out);
                let place = if behind.is_empty() && open.column >= 0 {
                    Place::Block(column as usize)
                } else {
                    Place::Line
                };
                self.scalar(mark, place, self.out.len(), Want::Value);
                if !behind.is_empty() {
                    self.out.push(' ');
                    comment(self.values, behind, &mut self.out);
                }
                self.out.push('\n');
                self.ended = Some(Ended { column: open.column, mark: Some(mark) });
            }
        }
        Ok(())
    }

    fn own_empty(&mut self, child: bool, column: isize, mark: usize) -> Result<(), Trouble> {
        if !child {
            self.close(column, false);
            return Ok(());
        }
        let Some(open) = &mut self.open else {
            return Ok(());
        };
        match open.empty {
            Some(first) if self.values[first] != self.values[mark] => {
                Err(Trouble::new(mark, "an empty list and an empty map stand in the same place"))
            }
            _ => {
                open.empty = open.empty.or(Some(mark));
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
        if let Some(mark) = open.empty {
            let document = open.column == DOCUMENT;
            let start = open.insert + usize::from(!document);
            let empty = if matches!(self.values[mark].kind, Kind::List(_)) { "[]" } else { "{}" };
            self.out.insert_str(open.insert, if document { "\n" } else { " " });
            self.out.insert_str(start, empty);
            self.claim(mark, start, Want::Value);
        }
        None
    }

    // Nodes of a line.

    /// Dashes, then a key or a value. `above` is the column of the key or dash whose only child this is.
    fn node(&mut self, mut column: isize, above: Option<isize>) -> Result<(), Trouble> {
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
        if let Some(mark) = first_mark(line) {
            if line.starts_with("? ") {
                return Err(Trouble::new(mark, "a value cannot stand in a key behind `? `"));
            }
            if parent.is_none() {
                return Err(alone(mark, &self.values[mark]));
            }
        }
        self.value(parent.unwrap_or(column - 1), behind)
    }

    fn key(&mut self, column: isize, colon: usize) -> Result<(), Trouble> {
        let key = self.text[self.at..colon].trim_end_matches(' ');
        let mark = first_mark(key);
        let start = self.out.len();
        match (mark, key.as_bytes().first()) {
            (None, _) => self.copy(key.len()),
            (Some(mark), Some(b'&' | b'!' | b'*')) => {
                return Err(Trouble::new(
                    mark,
                    "a value cannot be in a key behind a tag or an anchor",
                ));
            }
            (Some(_), Some(b'"')) => self.double()?,
            (Some(_), Some(b'\'')) => self.single()?,
            (Some(_), _) => {
                let text = joined(self.values, key)?;
                emit::text(&text, Place::Key, &mut self.out);
                self.claims_of(key, start, Want::Text(text));
            }
        }
        self.key_fits(mark, start)?;
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

    fn key_fits(&self, mark: Option<usize>, start: usize) -> Result<(), Trouble> {
        match mark {
            Some(mark) if self.out.len() - start > emit::LONGEST_KEY => {
                let longest = emit::LONGEST_KEY;
                Err(Trouble::new(mark, format!("a key may have {longest} bytes at most")))
            }
            _ => Ok(()),
        }
    }

    /// What stands behind a key or dash at `column`.
    fn value(&mut self, column: isize, behind: Behind) -> Result<(), Trouble> {
        let start = self.out.len();
        let mut tag = None;
        while let Some(b'&' | b'!') = self.rest_of_line().as_bytes().first() {
            let line = self.rest_of_line();
            let word = &line[..line.find([' ', '\t']).unwrap_or(line.len())];
            if let Some(mark) = first_mark(word) {
                return Err(Trouble::new(mark, "a value cannot be part of a tag or an anchor")
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

    /// Only a comment may stand behind a quoted text or behind `]`.
    fn behind_value(&mut self) -> Result<(), Trouble> {
        let rest = self.rest_of_line();
        if is_blank(rest) {
            self.comment();
            return Ok(());
        }
        match first_mark(rest) {
            Some(mark) => Err(Trouble::new(mark, "a value stands behind the end of another")
                .help("put the whole text in one pair of quotes")),
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
    ) -> Result<(), Trouble> {
        let line = self.rest_of_line();
        let end = comment_start(line);
        let own = line[..end].trim_end_matches([' ', '\t']);
        let Some(mark) = first_mark(own) else {
            self.copy(end);
            self.comment();
            self.ended = Some(Ended { column, mark: None });
            return Ok(());
        };
        if own.starts_with('*') {
            return Err(Trouble::new(mark, "a value cannot be part of an alias")
                .help("put quotes around the whole text"));
        }
        if let Some(sign) = ["- ", "? ", ": "].into_iter().find(|sign| match *sign {
            ": " => own.contains(sign),
            _ => own.starts_with(sign),
        }) {
            return Err(Trouble::new(mark, format!("a text with `{sign}` needs quotes")));
        }
        self.at += own.len();
        let behind_it = &line[own.len()..];
        let place = if !is_blank_only(behind_it) || column == DOCUMENT {
            Place::Line
        } else {
            Place::Block(column as usize + 2)
        };
        self.ended = Some(Ended { column, mark: Some(mark) });
        let start = self.out.len();
        if only_mark(own).is_none() {
            let text = joined(self.values, own)?;
            self.text(&text, place);
            let known = tag.is_none() || tag == Some("!!str");
            self.claims_of(own, start, if known { Want::Text(text) } else { Want::Nothing });
        } else if tag == Some("!!str") && self.values[mark].as_str().is_none() {
            let text = part_of_text(self.values, mark)?;
            self.text(&text, place);
            self.claim(mark, start, Want::Text(text));
        } else {
            match &self.values[mark].kind {
                Kind::Map(map) if !map.is_empty() => {
                    return self.nested(mark, column, behind, props);
                }
                Kind::List(list) if !list.is_empty() => {
                    return self.nested(mark, column, behind, props);
                }
                _ => {
                    let known = tag.is_none() || tag == Some("!!str");
                    self.scalar(
                        mark,
                        place,
                        start,
                        if known { Want::Value } else { Want::Nothing },
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

    /// A map or list behind a key goes to the next line, behind a dash it begins on the same.
    fn nested(
        &mut self,
        mark: usize,
        column: isize,
        behind: Behind,
        props: bool,
    ) -> Result<(), Trouble> {
        let rest = self.rest_of_line();
        let is_list = matches!(self.values[mark].kind, Kind::List(_));
        let comment = !is_blank_only(rest);
        if behind == Behind::Nothing || (behind == Behind::Dash && props) {
            let word = self.values[mark].kind_word();
            return Err(Trouble::new(mark, format!("{word} cannot stand here"))
                .help("print it on a line of its own"));
        }
        let deeper = if behind == Behind::Key && is_list { column } else { column + 2 } as usize;
        if behind == Behind::Dash && !comment {
            // The blanks of the first entry's column take the place of the dash and what is behind it.
            let line = self.out.rfind('\n').map_or(0, |at| at + 1);
            let dash = self.out[line..].trim_end_matches(' ').len();
            self.out.truncate(line + dash);
            let head = self.out.split_off(line);
            let at = self.collection(mark, deeper);
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
            self.collection(mark, deeper);
        }
        self.ended = Some(Ended { column, mark: Some(mark) });
        Ok(())
    }

    // Texts in quotes.

    /// The value goes between the template's quotes and gets its escapes; the template's own stay.
    fn double(&mut self) -> Result<(), Trouble> {
        let start = self.out.len();
        let inside = self.quoted(double_end)?;
        if first_mark(inside).is_none() {
            self.out.push_str(inside);
            return Ok(());
        }
        let lines = inside.contains('\n');
        let mut at = 0;
        while at < inside.len() {
            let rest = &inside[at..];
            let Some((mark, length)) = mark_at(rest) else {
                let own = rest.find(MARK).unwrap_or(rest.len());
                self.out.push_str(&rest[..own]);
                at += own;
                continue;
            };
            let own = inside[..at].rfind(MARK_END).map_or(0, |end| end + 1);
            if escape_is_open(&inside[own..at], &[('x', 2), ('u', 4), ('U', 8)]) {
                return Err(Trouble::new(mark, "a value cannot be part of an escape"));
            }
            let value = part_of_text(self.values, mark)?;
            // Blanks at the edge of a line of a text over several lines are not read.
            let begins = lines && ends_in_line_edge(&inside[..at]);
            let ends = lines && starts_with_line_edge(&rest[length..]);
            if value.is_empty() && (begins || ends) {
                return Err(Trouble::new(
                    mark,
                    "an empty text stands at the edge of a line of a quoted text",
                ));
            }
            self.escaped(&value, begins, ends);
            at += length;
        }
        let want = if inside.contains(['\\', '\n']) {
            Want::Nothing
        } else {
            Want::Text(joined(self.values, &inside[1..inside.len() - 1])?)
        };
        self.claims_of(inside, start, want);
        Ok(())
    }

    /// Moves behind a quoted text.
    fn quoted(&mut self, end: fn(&str) -> Option<usize>) -> Result<&'a str, Trouble> {
        let rest = &self.text[self.at..];
        let inside = match (end(rest), first_mark(rest)) {
            (Some(end), _) => &rest[..end],
            (None, None) => rest,
            (None, Some(mark)) => return Err(Trouble::new(mark, "quotes are not closed")),
        };
        self.at += inside.len();
        Ok(inside)
    }

    fn escaped(&mut self, value: &str, begins: bool, ends: bool) {
        let start = self.out.len();
        emit::escaped(value, &mut self.out);
        if ends && self.out.len() > start && self.out.ends_with(' ') {
            self.out.pop();
            self.out.push_str("\\x20");
        }
        if begins && self.out[start..].starts_with(' ') {
            self.out.replace_range(start..=start, "\\x20");
        }
    }

    /// Single quotes have no escapes: the text is read, joined and written again.
    fn single(&mut self) -> Result<(), Trouble> {
        let start = self.out.len();
        let inside = self.quoted(single_end)?;
        if first_mark(inside).is_none() {
            self.out.push_str(inside);
            return Ok(());
        }
        let text = joined(self.values, &fold(&inside[1..inside.len() - 1].replace("''", "'")))?;
        if text.chars().all(emit::is_printable) {
            self.out.push('\'');
            self.out.push_str(&text.replace('\'', "''"));
            self.out.push('\'');
        } else {
            emit::quoted(&text, &mut self.out);
        }
        self.claims_of(inside, start, Want::Text(text));
        Ok(())
    }

    // Block texts.

    fn block_text(&mut self, column: isize) -> Result<(), Trouble> {
        let header = self.rest_of_line();
        let folded = header.starts_with('>');
        let signs = &header[..header.find([' ', '\t']).unwrap_or(header.len())];
        if let Some(mark) = first_mark(signs) {
            return Err(Trouble::new(mark, "a text that begins with `|` or `>` needs quotes"));
        }
        let mut digit = signs.bytes().find(u8::is_ascii_digit).map(|b| usize::from(b - b'0'));
        let insert = self.out.len() + 1;
        self.copy(signs.len());
        self.comment();
        let parent = column.max(0) as usize;
        let lines = self.text[self.at..].split_inclusive('\n');
        let Some(content) = digit.map(|digit| parent + digit).or_else(|| {
            lines.map(|line| line.trim_end()).find(|line| !line.is_empty()).map(indentation)
        }) else {
            return Ok(());
        };
        if (content as isize) <= column || (content == 0 && self.text[self.at..].starts_with("---"))
        {
            return Ok(());
        }
        let mut first = true;
        while self.at < self.text.len() {
            let line = self.rest_of_line();
            let blank = line.trim_end_matches('\r').trim_matches(' ').is_empty();
            if !blank && (indentation(line) < content || (content == 0 && is_document_marker(line)))
            {
                break;
            }
            let Some(mark) = first_mark(line) else {
                self.copy_line();
                first &= blank;
                continue;
            };
            if content == 0 {
                return Err(Trouble::new(
                    mark,
                    "a value cannot stand in a block text without indentation",
                ));
            }
            self.at += line.len();
            let text = joined(self.values, &line[content..])?;
            block_text_takes(&text, folded).map_err(|message| Trouble::new(mark, message))?;
            if first && digit.is_none() && (text.is_empty() || text.starts_with([' ', '\t', '\n']))
            {
                // The reader would take the column from the value.
                if content - parent > 9 {
                    return Err(Trouble::new(
                        mark,
                        "a block text that may begin with a blank stands too deep",
                    )
                    .help("indent it by 9 blanks at most"));
                }
                digit = Some(content - parent);
                self.out.insert_str(insert, &(content - parent).to_string());
            }
            first = false;
            let start = self.out.len();
            for (index, part) in text.split('\n').enumerate() {
                if index > 0 {
                    self.out.push('\n');
                }
                if !part.is_empty() {
                    emit::spaces(content, &mut self.out);
                    self.out.push_str(part);
                }
            }
            self.claims_of(line, start, Want::Nothing);
            self.line_break();
        }
        Ok(())
    }

    // Lists and maps in one line.

    fn flow(&mut self) -> Result<(), Trouble> {
        let mut depth = 0;
        let mut scalar_before = false;
        let mut mark_before = None;
        while self.at < self.text.len() {
            let rest = &self.text[self.at..];
            let Some(first) = rest.chars().next() else {
                break;
            };
            match first {
                ' ' | '\t' | '\n' | '\r' => {
                    self.copy(1);
                    continue;
                }
                '#' if self.out.ends_with([' ', '\t', '\n']) => {
                    self.comment();
                    continue;
                }
                '[' | '{' => {
                    depth += 1;
                    self.copy(1);
                    scalar_before = false;
                    continue;
                }
                ']' | '}' => {
                    depth -= 1;
                    self.copy(1);
                    if depth == 0 {
                        return Ok(());
                    }
                    (scalar_before, mark_before) = (true, None);
                    continue;
                }
                ',' => {
                    self.copy(1);
                    scalar_before = false;
                    continue;
                }
                ':' if is_colon(&rest[1..], true) || self.out.ends_with(['"', '\'', '}', ']']) => {
                    self.copy(1);
                    scalar_before = false;
                    continue;
                }
                _ => {}
            }
            let end = match first {
                '"' => double_end(rest).unwrap_or(rest.len()),
                '\'' => single_end(rest).unwrap_or(rest.len()),
                _ => flow_plain_end(rest),
            };
            let part = &rest[..end];
            let mark = first_mark(part);
            if scalar_before && let Some(mark) = mark.or(mark_before) {
                return Err(Trouble::new(mark, "two texts stand side by side without a comma")
                    .help("put the whole text in one pair of quotes"));
            }
            (scalar_before, mark_before) = (true, mark);
            match (mark, first) {
                (None, '&' | '!') => {
                    self.copy(end);
                    let next = self.text[self.at..].trim_start_matches([' ', '\t', '\n', '\r']);
                    if let Some((mark, _)) = mark_at(next) {
                        return Err(behind_tag(mark));
                    }
                    scalar_before = false;
                }
                (None, _) => self.copy(end),
                (Some(_), '"') => self.double()?,
                (Some(_), '\'') => self.single()?,
                (Some(mark), '&' | '!' | '*') => return Err(behind_tag(mark)),
                (Some(mark), _) => self.flow_plain(part, mark)?,
            }
        }
        Ok(())
    }

    fn flow_plain(&mut self, part: &str, mark: usize) -> Result<(), Trouble> {
        self.at += part.len();
        let rest = self.text[self.at..].trim_start_matches([' ', '\t']);
        let is_key = rest.strip_prefix(':').is_some_and(|rest| is_colon(rest, true));
        if self.out.ends_with(':') {
            self.out.push(' ');
        }
        let start = self.out.len();
        if only_mark(part).is_some() && !is_key {
            self.scalar(mark, Place::Flow, start, Want::Value);
            return Ok(());
        }
        let text = joined(self.values, part)?;
        emit::text(&text, Place::Flow, &mut self.out);
        self.claims_of(part, start, Want::Text(text));
        self.key_fits(is_key.then_some(mark), start)
    }

    // Printing.

    /// Prints a map's or list's entries as lines at a column, and says where the first line begins.
    fn collection(&mut self, mark: usize, column: usize) -> usize {
        let start = self.out.len();
        let values = self.values;
        match &values[mark].kind {
            Kind::Map(map) => {
                for (index, (key, value)) in map.iter().enumerate() {
                    let start = self.out.len() + column;
                    emit::entry(key, value, column, &mut self.out);
                    self.claim(mark, start, Want::Entry(index));
                }
            }
            Kind::List(list) => {
                for (index, value) in list.iter().enumerate() {
                    let start = self.out.len() + column + 2;
                    emit::item(value, column, &mut self.out);
                    self.claim(mark, start, Want::Entry(index));
                }
            }
            _ => {}
        }
        self.literal = last_literal(&values[mark], column);
        start
    }

    fn scalar(&mut self, mark: usize, place: Place, start: usize, want: Want) {
        match &self.values[mark].kind {
            Kind::Text(text) => self.text(text, place),
            _ => emit::scalar(&self.values[mark], place, &mut self.out),
        }
        self.claim(mark, start, want);
    }

    fn text(&mut self, text: &str, place: Place) {
        emit::text(text, place, &mut self.out);
        if let Place::Block(column) = place
            && emit::is_literal(text)
        {
            self.literal = Some(column);
        }
    }

    fn claim(&mut self, mark: usize, start: usize, want: Want) {
        self.claims.push(Claim { mark, range: start..self.out.len(), want });
    }

    /// A claim for each mark of a text; the first says what the whole must read as.
    fn claims_of(&mut self, text: &str, start: usize, want: Want) {
        let mut want = Some(want);
        for part in parts(text) {
            if let Part::Mark(mark) = part {
                self.claim(mark, start, want.take().unwrap_or(Want::Nothing));
            }
        }
    }

    // Moving through the text.

    fn rest_of_line(&self) -> &'a str {
        let rest = &self.text[self.at..];
        &rest[..rest.find('\n').unwrap_or(rest.len())]
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

    /// Copies blanks; a tab among them makes the column of what follows unclear.
    fn blanks(&mut self) -> Result<usize, Trouble> {
        let line = self.rest_of_line();
        let count = line.len() - line.trim_start_matches([' ', '\t']).len();
        if line[..count].contains('\t')
            && let Some(mark) = first_mark(line)
        {
            return Err(tab(mark));
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

fn alone(mark: usize, value: &Node) -> Trouble {
    let word = value.kind_word();
    Trouble::new(mark, format!("{word} cannot stand alone on a line among other entries"))
        .help("only a map among the entries of a map and a list among those of a list may")
}

fn tab(mark: usize) -> Trouble {
    Trouble::new(mark, "a tab stands before the value").help("write blanks")
}

fn behind_tag(mark: usize) -> Trouble {
    Trouble::new(mark, "a value cannot stand behind a tag, an anchor or an alias in `[ ]` or `{ }`")
}

/// What stands behind a mark that begins a line, if that is nothing but a comment.
fn own_line(content: &str) -> Option<&str> {
    let (_, length) = mark_at(content)?;
    let behind = &content[length..];
    let comment = is_blank(behind) && !behind.starts_with('#');
    comment.then(|| behind.trim_matches([' ', '\t', '\r']))
}

/// Whether a line has a dash as its first sign.
fn is_dash(line: &str) -> bool {
    line.strip_prefix('-')
        .is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t', '\r']))
}

fn is_document_marker(line: &str) -> bool {
    line.starts_with('%')
        || ["---", "..."].iter().any(|marker| {
            line.strip_prefix(marker)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t', '\r']))
        })
}

/// Whether the rest of a line means nothing: blanks, or a comment with a blank before it.
fn is_blank(rest: &str) -> bool {
    let content = rest.trim_start_matches([' ', '\t', '\r']);
    content.is_empty()
        || (content.starts_with('#') && (content.len() < rest.len() || rest.starts_with('#')))
}

fn is_blank_only(rest: &str) -> bool {
    rest.trim_matches([' ', '\t', '\r']).is_empty()
}

fn indentation(line: &str) -> usize {
    line.len() - line.trim_start_matches(' ').len()
}

/// Whether what follows a colon makes it the end of a key.
fn is_colon(rest: &str, flow: bool) -> bool {
    match rest.as_bytes().first() {
        None | Some(b' ' | b'\t' | b'\n' | b'\r') => true,
        Some(b',' | b'[' | b']' | b'{' | b'}') => flow,
        _ => false,
    }
}

/// Where in the rest of a line the colon is that ends its key, if it begins with one.
pub fn key_end(line: &str) -> Option<usize> {
    let bytes = line.as_bytes();
    let quoted = match bytes.first()? {
        b'"' => double_end(line)?,
        b'\'' => single_end(line)?,
        b'[' | b'{' | b'|' | b'>' => return None,
        _ => {
            let end = comment_start(line);
            return (0..end).find(|&at| bytes[at] == b':' && is_colon(&line[at + 1..], false));
        }
    };
    let blanks = indentation(&line[quoted..]);
    let colon = quoted + blanks;
    (line[colon..].starts_with(':') && is_colon(&line[colon + 1..], false)).then_some(colon)
}

/// Where in a line without quotes the comment begins; its end if there is none.
fn comment_start(line: &str) -> usize {
    let bytes = line.as_bytes();
    (0..bytes.len())
        .find(|&at| bytes[at] == b'#' && (at == 0 || matches!(bytes[at - 1], b' ' | b'\t')))
        .unwrap_or(bytes.len())
}

/// The length of a text in double quotes, if they are closed.
fn double_end(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = 1;
    while at < bytes.len() {
        match bytes[at] {
            b'\\' => at += 1,
            b'"' => return Some(at + 1),
            _ => {}
        }
        at += 1;
    }
    None
}

/// The length of a text in single quotes, in which two stand for one, if they are closed.
fn single_end(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = 1;
    while at < bytes.len() {
        if bytes[at] == b'\'' {
            if bytes.get(at + 1) != Some(&b'\'') {
                return Some(at + 1);
            }
            at += 1;
        }
        at += 1;
    }
    None
}

/// The length of a plain text in `[ ]` or `{ }`.
fn flow_plain_end(text: &str) -> usize {
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        match bytes[at] {
            b',' | b'[' | b']' | b'{' | b'}' | b'\n' | b'\r' => break,
            b':' if is_colon(&text[at + 1..], true) => break,
            b'#' if at > 0 && matches!(bytes[at - 1], b' ' | b'\t') => break,
            b' ' | b'\t' if matches!(bytes[0], b'&' | b'!' | b'*') => break,
            _ => {}
        }
        at += 1;
    }
    text[..at].trim_end_matches([' ', '\t']).len()
}

/// Whether the last line of a text holds nothing but blanks; a text without a break has no edge.
fn ends_in_line_edge(text: &str) -> bool {
    text.trim_end_matches([' ', '\t']).ends_with('\n')
}

fn starts_with_line_edge(text: &str) -> bool {
    text.trim_start_matches([' ', '\t', '\r']).starts_with('\n')
}

/// Reads the lines of a quoted text: a break is a blank, more breaks are one less.
fn fold(text: &str) -> String {
    let mut out = String::new();
    let mut breaks = 0;
    let last = text.matches('\n').count();
    for (index, line) in text.split('\n').enumerate() {
        let mut line = line;
        if index > 0 {
            line = line.trim_start_matches([' ', '\t']);
            breaks += 1;
        }
        if index < last {
            line = line.trim_end_matches([' ', '\t', '\r']);
        }
        if line.is_empty() && index > 0 && index < last {
            continue;
        }
        match breaks {
            0 => {}
            1 => out.push(' '),
            more => out.extend(std::iter::repeat_n('\n', more - 1)),
        }
        breaks = 0;
        out.push_str(line);
    }
    out
}

/// Whether a block text can hold a line with its values.
fn block_text_takes(text: &str, folded: bool) -> Result<(), String> {
    if let Some(c) = text.chars().find(|&c| !matches!(c, '\n' | '\t') && !emit::is_printable(c)) {
        return Err(format!("a block text cannot hold the character U+{:04X}", u32::from(c)));
    }
    if folded && (text.contains('\n') || text.is_empty() || text.starts_with([' ', '\t'])) {
        return Err("a folded text (`>`) would change the lines of the value".to_owned());
    }
    Ok(())
}

/// The column of the block text with which a printed node ends, if it does.
fn last_literal(node: &Node, column: usize) -> Option<usize> {
    let (last, deeper) = match &node.kind {
        Kind::Map(map) => {
            let last = map.iter().next_back()?.1;
            (last, if matches!(last.kind, Kind::List(_)) { column } else { column + 2 })
        }
        Kind::List(list) => (list.last()?, column + 2),
        _ => return None,
    };
    match &last.kind {
        Kind::Text(text) => emit::is_literal(text).then_some(deeper),
        _ => last_literal(last, deeper),
    }
}

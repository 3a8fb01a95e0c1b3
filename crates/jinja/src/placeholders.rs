//! Placeholders: what `{{ }}` leaves in a rendered text until it is known where it is.
//!
//! The formatter writes a placeholder for each value; once the whole text is rendered, one pass puts the
//! values in their places. Only then is it visible whether a value is a whole scalar, a part of
//! one, a key or a line of its own. A placeholder is opaque to that pass: only the template's own
//! characters are structure, whatever a value holds.
//!
//! An included file is in the text between `COLUMN` offset `OFFSET_END` spaces `BEGIN` and `END`; its lines are
//! shifted to that column before anything else.
//!
//! The text also tells where everything comes from: a placeholder is `PLACEHOLDER` offset `OFFSET_END` number `PLACEHOLDER_END`, where the
//! offset is that of the `{{ }}` in its template, and the text of a template begins with its name.

pub mod conf;
mod read_back;
pub mod yaml;

pub use read_back::misread;

use std::borrow::Cow;
use std::ops::Range;

use jinnacle_jinja_syntax::signs::{
    BEGIN, COLUMN, END, NAME, OFFSET_END, PLACEHOLDER, PLACEHOLDER_END,
};
use jinnacle_syntax::yaml::{Kind, Node, emit};

/// A string whose placeholders are resolved.
#[derive(Debug)]
pub struct Resolved {
    /// The text.
    pub text: String,
    /// Which of its bytes were printed by which placeholder, in order.
    pub claims: Vec<Claim>,
}

/// Bytes of a string that a placeholder printed.
#[derive(Clone, Debug)]
pub struct Claim {
    /// The number of the placeholder: the count of values printed before.
    pub placeholder: usize,
    /// Where the scalar, key or entry is of which the value is a part or the whole.
    pub range: Range<usize>,
    /// What a reader must find there.
    pub want: Expected,
}

/// What a reader must find where a value was printed.
#[derive(Clone, Debug, PartialEq)]
pub enum Expected {
    /// Nothing that a reader could tell: a part of a block text, a comment.
    Nothing,
    /// This text, as a key or a value.
    Text(String),
    /// The value itself.
    Value,
    /// The entry with this number of the value, which is a map or a list.
    Entry(usize),
}

/// Why a value cannot be printed where it is.
#[derive(Debug)]
pub struct PrintError {
    /// The number of the placeholder.
    pub placeholder: usize,
    /// One line for people.
    pub message: String,
    /// What to write instead.
    pub help: Option<String>,
}

impl PrintError {
    fn new(placeholder: usize, message: impl Into<String>) -> Self {
        Self { placeholder, message: message.into(), help: None }
    }

    fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

/// The number of the placeholder at the begin of a string, and the length of the placeholder.
fn placeholder_at(text: &str) -> Option<(usize, usize)> {
    let body = text.strip_prefix(PLACEHOLDER)?;
    let end = body.find(PLACEHOLDER_END)?;
    let (_, number) = body[..end].split_once(OFFSET_END)?;
    Some((number.parse().ok()?, end + 2))
}

/// The first placeholder in a string.
fn first_placeholder(text: &str) -> Option<usize> {
    placeholder_at(&text[text.find(PLACEHOLDER)?..]).map(|(placeholder, _)| placeholder)
}

/// A stretch of a template's text: its own characters, or a value.
#[derive(Clone, Copy, Debug)]
enum Part<'a> {
    Own(&'a str),
    Placeholder(usize),
}

/// The parts of a string in order.
fn parts(mut text: &str) -> impl Iterator<Item = Part<'_>> {
    std::iter::from_fn(move || {
        if text.is_empty() {
            return None;
        }
        if let Some((placeholder, length)) = placeholder_at(text) {
            text = &text[length..];
            return Some(Part::Placeholder(placeholder));
        }
        let (own, rest) = text.split_at(text.find(PLACEHOLDER).unwrap_or(text.len()));
        text = rest;
        Some(Part::Own(own))
    })
}

/// The only placeholder of a string that holds nothing else.
fn only_placeholder(text: &str) -> Option<usize> {
    let (placeholder, length) = placeholder_at(text)?;
    (length == text.len()).then_some(placeholder)
}

/// The text of a value that is printed as a part of a longer string.
fn part_of_text(values: &[Node], placeholder: usize) -> Result<String, PrintError> {
    match &values[placeholder].kind {
        Kind::Text(text) => Ok(text.clone()),
        Kind::Null => Err(PrintError::new(placeholder, "null cannot be part of a string")
            .help("give it a default, or put an `{% if %}` around the line")),
        Kind::Bool(_) | Kind::Int(_) | Kind::Float(_) => {
            Ok(emit::word(&values[placeholder].kind).unwrap_or_default())
        }
        Kind::List(_) | Kind::Map(_) => Err(PrintError::new(
            placeholder,
            format!("{} cannot be part of a string", values[placeholder].kind_word()),
        )
        .help("print it on a line of its own or as the whole value of a key")),
    }
}

/// One string of own characters and values.
fn joined(values: &[Node], text: &str) -> Result<String, PrintError> {
    let mut joined = String::new();
    for part in parts(text) {
        match part {
            Part::Own(own) => joined.push_str(own),
            Part::Placeholder(placeholder) => joined.push_str(&part_of_text(values, placeholder)?),
        }
    }
    Ok(joined)
}

/// Whether a string ends inside an escape; some have a fixed number of digits.
fn escape_is_open(text: &str, digits: &[(char, usize)]) -> bool {
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        let Some(sign) = rest[at + 1..].chars().next() else {
            return true;
        };
        rest = &rest[at + 1 + sign.len_utf8()..];
        let needed =
            digits.iter().find(|(letter, _)| *letter == sign).map_or(0, |(_, count)| *count);
        if rest.len() < needed {
            return true;
        }
    }
    false
}

/// A comment with its values, all on the line it is on.
fn comment(values: &[Node], text: &str, out: &mut String) {
    for part in parts(text) {
        match part {
            Part::Own(own) => out.push_str(own),
            Part::Placeholder(placeholder) => {
                let mut value = String::new();
                match &values[placeholder].kind {
                    Kind::Text(text) => value.push_str(text),
                    _ => emit::scalar(&values[placeholder], emit::Place::Flow, &mut value),
                }
                out.extend(value.chars().map(|c| if emit::is_printable(c) { c } else { ' ' }));
            }
        }
    }
}

/// Shifts each included text to the column of its include; a line break ends it in any case. Names of templates are
/// left out.
pub fn shift_included(raw: &str) -> Cow<'_, str> {
    let text = after_name(raw);
    if !text.contains(COLUMN) {
        return text.into();
    }
    let mut out = String::with_capacity(text.len() * 5 / 4);
    let mut columns: Vec<usize> = Vec::new();
    let mut column = 0;
    let mut line_begins = true;
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        match c {
            COLUMN => {
                let end = rest.find(BEGIN).unwrap_or(rest.len() - 1);
                let spaces =
                    rest[..end].split_once(OFFSET_END).map_or(0, |(_, spaces)| spaces.len());
                columns.push(spaces);
                column += spaces;
                rest = after_name(&rest[end + 1..]);
                line_begins = true;
            }
            END => {
                column -= columns.pop().unwrap_or(0);
                rest = &rest[1..];
                if !out.is_empty() && !out.ends_with('\n') {
                    out.push('\n');
                }
                rest = rest.strip_prefix('\n').unwrap_or(rest);
                line_begins = true;
            }
            _ => {
                let end = rest.find(['\n', COLUMN, END]).unwrap_or(rest.len());
                if line_begins && end > 0 {
                    emit::spaces(column, &mut out);
                }
                let broken = rest[end..].starts_with('\n');
                let end = end + usize::from(broken);
                out.push_str(&rest[..end]);
                line_begins = broken;
                rest = &rest[end..];
            }
        }
    }
    out.into()
}

/// The text behind the name of its template.
fn after_name(text: &str) -> &str {
    text.strip_prefix(NAME).and_then(|text| text.split_once(NAME)).map_or(text, |(_, text)| text)
}

/// A tag of a template.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TagPlace<'a> {
    /// The name of the template.
    pub template: &'a str,
    /// Where the tag begins in it.
    pub offset: usize,
}

/// The way through a string with placeholders, which says where everything in it comes from.
struct Way<'a> {
    rest: &'a str,
    template: &'a str,
    /// The `{% include %}`s that led to the template.
    includes: Vec<TagPlace<'a>>,
}

/// A part of a string with placeholders.
enum Step<'a> {
    /// Text of the template.
    Own(&'a str),
    /// A placeholder: the number of its value, and its `{{ }}`.
    Placeholder(usize, TagPlace<'a>),
}

impl<'a> Way<'a> {
    fn new(raw: &'a str) -> Self {
        Self { rest: raw, template: "", includes: Vec::new() }
    }

    fn tag(&mut self) -> Option<TagPlace<'a>> {
        let (offset, rest) = self.rest.split_once(OFFSET_END)?;
        self.rest = rest;
        Some(TagPlace { template: self.template, offset: offset.parse().ok()? })
    }
}

impl<'a> Iterator for Way<'a> {
    type Item = Step<'a>;

    fn next(&mut self) -> Option<Step<'a>> {
        loop {
            let end = self.rest.find([PLACEHOLDER, COLUMN, END, NAME]).unwrap_or(self.rest.len());
            if end > 0 {
                let (own, rest) = self.rest.split_at(end);
                self.rest = rest;
                return Some(Step::Own(own));
            }
            let sign = self.rest.chars().next()?;
            self.rest = &self.rest[1..];
            match sign {
                NAME => (self.template, self.rest) = self.rest.split_once(NAME)?,
                END => self.template = self.includes.pop()?.template,
                COLUMN => {
                    let tag = self.tag()?;
                    self.includes.push(tag);
                    self.rest = self.rest.split_once(BEGIN)?.1;
                }
                _ => {
                    let tag = self.tag()?;
                    let (number, rest) = self.rest.split_once(PLACEHOLDER_END)?;
                    self.rest = rest;
                    return Some(Step::Placeholder(number.parse().ok()?, tag));
                }
            }
        }
    }
}

/// The `{{ }}` of a placeholder in a string, then the `{% include %}`s that led there, the innermost first.
pub fn tags_of(raw: &str, placeholder: usize) -> Option<Vec<TagPlace<'_>>> {
    let mut way = Way::new(raw);
    while let Some(step) = way.next() {
        if let Step::Placeholder(number, tag) = step
            && number == placeholder
        {
            return Some(std::iter::once(tag).chain(way.includes.into_iter().rev()).collect());
        }
    }
    None
}

/// The template that holds a line without placeholders, which comes after some placeholder or is anywhere, and the offset in the
/// template after which it is.
pub fn template_of_line<'a>(
    raw: &'a str,
    after: Option<usize>,
    line: &str,
) -> Option<TagPlace<'a>> {
    let mut way = Way::new(raw);
    let mut last = TagPlace { template: "", offset: 0 };
    let mut is_after = after.is_none();
    while let Some(step) = way.next() {
        match step {
            Step::Placeholder(number, tag) => {
                is_after |= Some(number) == after;
                last = tag;
            }
            Step::Own(text) if is_after && text.lines().any(|own| own.trim() == line.trim()) => {
                let offset = if last.template == way.template { last.offset } else { 0 };
                return Some(TagPlace { template: way.template, offset });
            }
            Step::Own(_) => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_included_text_stands_at_its_column() {
        let shifted = |text: &str| shift_included(&text.replace('\x03', "\x030\x06")).into_owned();
        assert_eq!(
            shifted("a:\n\x03  \x04b: 1\n\nc: 2\n\x05\nd: 3\n"),
            "a:\n  b: 1\n\n  c: 2\nd: 3\n"
        );
        assert_eq!(
            shifted("\x03  \x04b:\n\x03  \x04c: 1\x05\nd: 2\x05\ne: 3"),
            "  b:\n    c: 1\n  d: 2\ne: 3"
        );
        assert_eq!(shifted("a: 1\n\x03  \x04\x05\nb: 2\n"), "a: 1\nb: 2\n");
        assert_eq!(shifted("\x07t\x07a:\n\x03  \x04\x07u\x07b: 1\x05"), "a:\n  b: 1\n");
    }

    #[test]
    fn a_mark_tells_the_tags_that_led_to_it() {
        let raw = "\x07t\x07a: \x013\x060\x02\n\x0320\x06  \x04\x07u\x07b: \x017\x061\x02\x05c: \x0130\x062\x02";
        let tags = |placeholder| {
            let tags = tags_of(raw, placeholder).unwrap_or_default();
            tags.iter().map(|tag| format!("{}:{}", tag.template, tag.offset)).collect::<Vec<_>>()
        };
        assert_eq!(tags(0), ["t:3"]);
        assert_eq!(tags(1), ["u:7", "t:20"]);
        assert_eq!(tags(2), ["t:30"]);
        assert_eq!(tags_of(raw, 3), None);
        let raw = raw.replace("c: ", "c:\n");
        let found = template_of_line(&raw, Some(1), "c:");
        assert_eq!(found, Some(TagPlace { template: "t", offset: 0 }));
    }
}

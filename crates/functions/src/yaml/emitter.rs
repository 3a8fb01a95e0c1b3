//! go-yaml's emitter: which style a scalar gets, where a line is folded, how far a list is indented.

use std::cmp::Ordering;

use data_encoding::BASE64;

use super::scalar::{Meaning, is_base_60, resolve};
use crate::number::shortest;

/// Whose rules hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// go-yaml 2: folds at 80 columns, a list is at the indentation of its key.
    V2,
    /// go-yaml 3 with an indentation of two: never folds, a list is indented.
    V3,
}

/// Writes YAML from events: a scalar, the begin and the end of a list or map. In a map every second event is a key.
#[derive(Debug)]
pub struct Emitter {
    out: Vec<u8>,
    dialect: Dialect,
    /// The width from which on a space becomes a line break.
    width: usize,
    column: usize,
    indent: isize,
    indents: Vec<isize>,
    frames: Vec<Frame>,
    /// Whether the last character was a space or an indicator that counts as one.
    whitespace: bool,
    /// Whether the line has only indicators so far.
    indention: bool,
}

#[derive(Debug)]
enum Frame {
    List,
    Map(Turn),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Turn {
    Key,
    SimpleValue,
    /// The value of a key after `?`.
    ComplexValue,
}

/// Where a node is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Root,
    Item,
    SimpleKey,
    ComplexKey,
    Value,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Style {
    Plain,
    Single,
    Double,
    Literal,
}

/// A longer key gets a `?`.
const LONGEST_SIMPLE_KEY: usize = 128;

impl Emitter {
    /// Begins a document.
    pub fn new(dialect: Dialect) -> Self {
        Self {
            out: Vec::new(),
            dialect,
            width: if dialect == Dialect::V2 { 80 } else { usize::MAX },
            column: 0,
            indent: -1,
            indents: Vec::new(),
            frames: Vec::new(),
            whitespace: true,
            indention: true,
        }
    }

    /// Ends the document: its text, with a line break at the end.
    pub fn finish(mut self) -> Vec<u8> {
        self.write_indent();
        self.out
    }

    /// `null`.
    pub fn null(&mut self) {
        self.scalar(b"null", Style::Plain);
    }

    /// `true` or `false`.
    pub fn bool(&mut self, value: bool) {
        self.scalar(if value { b"true" } else { b"false" }, Style::Plain);
    }

    /// A number in its digits.
    pub fn integer(&mut self, digits: &str) {
        self.scalar(digits.as_bytes(), Style::Plain);
    }

    /// A float in Go's shortest form.
    pub fn float(&mut self, float: f64) {
        let text = shortest(float);
        let text = match text.as_str() {
            "+Inf" => ".inf",
            "-Inf" => "-.inf",
            "NaN" => ".nan",
            other => other,
        };
        self.scalar(text.as_bytes(), Style::Plain);
    }

    /// A string, or a key; what is no UTF-8 is written as `!!binary`.
    pub fn string(&mut self, bytes: &[u8]) {
        let Ok(text) = std::str::from_utf8(bytes) else {
            return self.binary(bytes);
        };
        let can_be_plain = resolve(text, true) == Meaning::String && !is_base_60(text);
        let style = if text.contains('\n') {
            Style::Literal
        } else if can_be_plain {
            Style::Plain
        } else {
            Style::Double
        };
        self.scalar(bytes, style);
    }

    fn binary(&mut self, bytes: &[u8]) {
        let place = self.begin_node(b"");
        self.write_indicator(b"!!binary", true, false, false);
        self.write_scalar(BASE64.encode(bytes).as_bytes(), Style::Plain, place);
    }

    /// The begin of a list of a length.
    pub fn begin_list(&mut self, length: usize) {
        let place = self.begin_node(b"");
        if length == 0 {
            self.write_indicator(b"[", true, true, false);
        } else {
            let is_flush = self.dialect == Dialect::V2 && place == Place::Value && !self.indention;
            self.increase_indent(false, is_flush);
        }
        self.frames.push(Frame::List);
        if length == 0 {
            self.indents.push(isize::MIN);
        }
    }

    /// The end of a list.
    pub fn end_list(&mut self) {
        self.end_collection(b"]");
    }

    /// The begin of a map of a length.
    pub fn begin_map(&mut self, length: usize) {
        self.begin_node(b"");
        if length == 0 {
            self.write_indicator(b"{", true, true, false);
            self.indents.push(isize::MIN);
        } else {
            self.increase_indent(false, false);
        }
        self.frames.push(Frame::Map(Turn::Key));
    }

    /// The end of a map.
    pub fn end_map(&mut self) {
        self.end_collection(b"}");
    }

    fn end_collection(&mut self, bracket: &[u8]) {
        self.frames.pop();
        match self.indents.pop() {
            // An empty one, which did not indent.
            Some(isize::MIN) => self.write_indicator(bracket, false, false, false),
            Some(indent) => self.indent = indent,
            None => {}
        }
    }

    fn scalar(&mut self, value: &[u8], style: Style) {
        let place = self.begin_node(value);
        self.write_scalar(value, style, place);
    }

    /// Writes what is before a node, and says where it is. Of a scalar it needs to know the text.
    fn begin_node(&mut self, value: &[u8]) -> Place {
        let turn = match self.frames.last_mut() {
            None => return Place::Root,
            Some(Frame::List) => {
                self.write_indent();
                self.write_indicator(b"-", true, false, true);
                return Place::Item;
            }
            Some(Frame::Map(turn)) => {
                let now = *turn;
                *turn = match now {
                    Turn::Key if is_complex(value) => Turn::ComplexValue,
                    Turn::Key => Turn::SimpleValue,
                    _ => Turn::Key,
                };
                now
            }
        };
        match turn {
            Turn::Key => {
                self.write_indent();
                if !is_complex(value) {
                    return Place::SimpleKey;
                }
                self.write_indicator(b"?", true, false, true);
                Place::ComplexKey
            }
            Turn::SimpleValue => {
                self.write_indicator(b":", false, false, false);
                Place::Value
            }
            Turn::ComplexValue => {
                self.write_indent();
                self.write_indicator(b":", true, false, true);
                Place::Value
            }
        }
    }

    fn write_scalar(&mut self, value: &[u8], wanted: Style, place: Place) {
        let is_key = place == Place::SimpleKey;
        let analysis = Analysis::of(value, self.dialect);
        let mut style = wanted;
        if is_key && analysis.has_breaks {
            style = Style::Double;
        }
        if style == Style::Plain && (!analysis.plain || value.is_empty() && is_key) {
            style = Style::Single;
        }
        if style == Style::Single && !analysis.single {
            style = Style::Double;
        }
        if style == Style::Literal && (!analysis.block || is_key) {
            style = Style::Double;
        }
        self.increase_indent(true, false);
        match style {
            Style::Plain => self.write_plain(value, !is_key),
            Style::Single => self.write_single(value, !is_key),
            Style::Double => self.write_double(value, !is_key),
            Style::Literal => self.write_literal(value),
        }
        if let Some(indent) = self.indents.pop() {
            self.indent = indent;
        }
    }

    fn write_plain(&mut self, value: &[u8], may_break: bool) {
        if !self.whitespace && !value.is_empty() {
            self.put(b' ');
        }
        let mut in_blanks = false;
        let mut at = 0;
        while at < value.len() {
            let is_blank = value[at] == b' ';
            let next_is_blank = value.get(at + 1) == Some(&b' ');
            if is_blank && may_break && !in_blanks && self.column > self.width && !next_is_blank {
                self.write_indent();
                at += 1;
            } else {
                at += self.put_char(&value[at..]);
            }
            in_blanks = is_blank;
            self.indention &= is_blank;
        }
        self.whitespace = false;
        self.indention = false;
    }

    fn write_single(&mut self, value: &[u8], may_break: bool) {
        self.write_indicator(b"'", true, false, false);
        let (mut in_blanks, mut in_breaks) = (false, false);
        let mut at = 0;
        while at < value.len() {
            if value[at] == b' ' {
                let is_inner = at > 0 && at + 1 < value.len() && value[at + 1] != b' ';
                if may_break && !in_blanks && self.column > self.width && is_inner {
                    self.write_indent();
                    at += 1;
                } else {
                    at += self.put_char(&value[at..]);
                }
                in_blanks = true;
            } else if let Some(length) = break_at(value, at) {
                if !in_breaks && value[at] == b'\n' {
                    self.put_break();
                }
                at += self.write_break(&value[at..at + length]);
                in_breaks = true;
            } else {
                if in_breaks {
                    self.write_indent();
                }
                if value[at] == b'\'' {
                    self.put(b'\'');
                }
                at += self.put_char(&value[at..]);
                self.indention = false;
                (in_blanks, in_breaks) = (false, false);
            }
        }
        self.write_indicator(b"'", false, false, false);
        self.whitespace = false;
        self.indention = false;
    }

    fn write_double(&mut self, value: &[u8], may_break: bool) {
        self.write_indicator(b"\"", true, false, false);
        // go-yaml looks for a byte order mark at the begin of the whole string, at every character.
        let has_mark = value.starts_with(MARK);
        let mut in_blanks = false;
        let mut at = 0;
        while at < value.len() {
            let is_escaped = has_mark
                || !is_printable(&value[at..])
                || break_at(value, at).is_some()
                || matches!(value[at], b'"' | b'\\');
            if is_escaped {
                at += self.put_escape(&value[at..]);
                in_blanks = false;
            } else if value[at] == b' ' {
                let is_inner = at > 0 && at + 1 < value.len();
                if may_break && !in_blanks && self.column > self.width && is_inner {
                    self.write_indent();
                    if value[at + 1] == b' ' {
                        self.put(b'\\');
                    }
                    at += 1;
                } else {
                    at += self.put_char(&value[at..]);
                }
                in_blanks = true;
            } else {
                at += self.put_char(&value[at..]);
                in_blanks = false;
            }
        }
        self.write_indicator(b"\"", false, false, false);
        self.whitespace = false;
        self.indention = false;
    }

    fn put_escape(&mut self, rest: &[u8]) -> usize {
        let (code, length) = decode(rest);
        let short = SHORT_ESCAPES.iter().find(|(own, _)| *own == code);
        let text = match short {
            Some((_, letter)) => format!("\\{letter}"),
            None if code <= 0xff => format!("\\x{code:02X}"),
            None if code <= 0xffff => format!("\\u{code:04X}"),
            None => format!("\\U{code:08X}"),
        };
        text.bytes().for_each(|b| self.put(b));
        length
    }

    fn write_literal(&mut self, value: &[u8]) {
        self.write_indicator(b"|", true, false, false);
        if value.first() == Some(&b' ') || break_at(value, 0).is_some() {
            self.write_indicator(b"2", false, false, false);
        }
        let last = last_break(value);
        let chomping: &[u8] = match last {
            None => b"-",
            Some(0) => b"+",
            Some(at) if last_break(&value[..at]).is_some() => b"+",
            Some(_) => b"",
        };
        if !chomping.is_empty() {
            self.write_indicator(chomping, false, false, false);
        }
        self.put_break();
        self.indention = true;
        self.whitespace = true;
        let mut in_breaks = true;
        let mut at = 0;
        while at < value.len() {
            if let Some(length) = break_at(value, at) {
                at += self.write_break(&value[at..at + length]);
                in_breaks = true;
            } else {
                if in_breaks {
                    self.write_indent();
                }
                at += self.put_char(&value[at..]);
                self.indention = false;
                in_breaks = false;
            }
        }
    }

    fn increase_indent(&mut self, is_scalar: bool, is_flush: bool) {
        self.indents.push(self.indent);
        if self.indent < 0 {
            self.indent = if is_scalar { 2 } else { 0 };
        } else if !is_flush {
            self.indent += 2;
        }
    }

    fn write_indent(&mut self) {
        let indent = usize::try_from(self.indent).unwrap_or(0);
        if !self.indention || self.column > indent || self.column == indent && !self.whitespace {
            self.put_break();
        }
        while self.column < indent {
            self.put(b' ');
        }
        self.whitespace = true;
        self.indention = true;
    }

    fn write_indicator(&mut self, text: &[u8], after_blank: bool, is_blank: bool, indents: bool) {
        if after_blank && !self.whitespace {
            self.put(b' ');
        }
        text.iter().for_each(|&b| self.put(b));
        self.whitespace = is_blank;
        self.indention &= indents;
    }

    fn put(&mut self, b: u8) {
        self.out.push(b);
        self.column += 1;
    }

    fn put_char(&mut self, rest: &[u8]) -> usize {
        let length = width(rest[0]).min(rest.len());
        self.out.extend_from_slice(&rest[..length]);
        self.column += 1;
        length
    }

    fn put_break(&mut self) {
        self.out.push(b'\n');
        self.column = 0;
    }

    /// Writes a line break of a string, and says how many bytes it has.
    fn write_break(&mut self, text: &[u8]) -> usize {
        self.out.extend_from_slice(text);
        self.column = 0;
        self.indention = true;
        text.len()
    }
}

const MARK: &[u8] = "\u{feff}".as_bytes();

const SHORT_ESCAPES: [(u32, char); 15] = [
    (0x00, '0'),
    (0x07, 'a'),
    (0x08, 'b'),
    (0x09, 't'),
    (0x0a, 'n'),
    (0x0b, 'v'),
    (0x0c, 'f'),
    (0x0d, 'r'),
    (0x1b, 'e'),
    (0x22, '"'),
    (0x5c, '\\'),
    (0x85, 'N'),
    (0xa0, '_'),
    (0x2028, 'L'),
    (0x2029, 'P'),
];

/// Which styles a scalar can have in a block.
struct Analysis {
    has_breaks: bool,
    plain: bool,
    single: bool,
    block: bool,
}

impl Analysis {
    fn of(value: &[u8], dialect: Dialect) -> Self {
        let Some(&first) = value.first() else {
            return Self { has_breaks: false, plain: true, single: true, block: false };
        };
        let is_blank = |at: usize| value.get(at).is_none_or(|b| matches!(b, b' ' | b'\t'));
        let mut indicators = value.starts_with(b"---") || value.starts_with(b"...");
        indicators |= b"#,[]{}&*!|>'\"%@`".contains(&first)
            || b"?:-".contains(&first) && (is_blank(1) || break_at(value, 1).is_some());
        let (mut special, mut tabs, mut has_breaks) = (false, false, false);
        let (mut break_blank, mut blank_break) = (false, false);
        let (mut previous_blank, mut previous_break) = (false, false);
        let mut after_whitespace = true;
        let mut at = 0;
        while at < value.len() {
            let length = width(value[at]).min(value.len() - at);
            let after = at + length;
            if at > 0 {
                let ends = is_blank(after) || break_at(value, after).is_some();
                indicators |= value[at] == b':' && ends || value[at] == b'#' && after_whitespace;
            }
            if !is_printable(&value[at..]) {
                match dialect {
                    Dialect::V3 if value[at] == b'\t' => tabs = true,
                    _ => special = true,
                }
            }
            let is_break = break_at(value, at).is_some();
            has_breaks |= is_break;
            blank_break |= is_break && previous_blank;
            break_blank |= value[at] == b' ' && previous_break;
            previous_blank = value[at] == b' ';
            previous_break = is_break;
            after_whitespace = is_blank(at) || is_break;
            at = after;
        }
        let edges = first == b' '
            || break_at(value, 0).is_some()
            || value.ends_with(b" ")
            || last_break(value).is_some();
        let odd = blank_break || special;
        Self {
            has_breaks,
            plain: !(edges || break_blank || odd || tabs || has_breaks || indicators),
            single: !(break_blank || odd || tabs),
            block: !(value.ends_with(b" ") || odd),
        }
    }
}

/// Whether a key has a `?` before it: a long one, and one of several lines.
fn is_complex(key: &[u8]) -> bool {
    key.len() > LONGEST_SIMPLE_KEY || (0..key.len()).any(|at| break_at(key, at).is_some())
}

/// The length of the line break at a place: LF, CR, NEL, LS or PS.
fn break_at(value: &[u8], at: usize) -> Option<usize> {
    match value.get(at..)? {
        [b'\n' | b'\r', ..] => Some(1),
        [0xc2, 0x85, ..] => Some(2),
        [0xe2, 0x80, 0xa8 | 0xa9, ..] => Some(3),
        _ => None,
    }
}

/// Where the line break begins that ends a string.
fn last_break(value: &[u8]) -> Option<usize> {
    (1..=3usize)
        .filter_map(|length| value.len().checked_sub(length))
        .find(|&at| break_at(value, at) == Some(value.len() - at))
}

/// What go-yaml prints as it is; four-byte characters and tabs are not among it.
fn is_printable(rest: &[u8]) -> bool {
    match *rest {
        [b'\n' | 0x20..=0x7e, ..] => true,
        [0xc2, second, ..] => second >= 0xa0,
        [0xed, second, ..] => second < 0xa0,
        [0xef, 0xbb, 0xbf, ..] | [0xef, 0xbf, 0xbe | 0xbf, ..] => false,
        [0xc3..=0xef, ..] => true,
        _ => false,
    }
}

fn width(first: u8) -> usize {
    match first {
        0..0x80 => 1,
        0x80..0xe0 => 2,
        0xe0..0xf0 => 3,
        _ => 4,
    }
}

fn decode(rest: &[u8]) -> (u32, usize) {
    let length = width(rest[0]).min(rest.len());
    let c = std::str::from_utf8(&rest[..length]).ok().and_then(|text| text.chars().next());
    (c.map_or(u32::from(rest[0]), u32::from), length)
}

/// Sorts keys in go-yaml's order, in which numbers within them count as numbers: `a2` before `a10`.
pub fn sort_keys<T>(dialect: Dialect, keys: &mut [T], key: impl Fn(&T) -> &[u8]) {
    if keys.len() < 2 {
        return;
    }
    let mut named: Vec<(Vec<char>, usize)> = keys
        .iter()
        .enumerate()
        .map(|(at, item)| (String::from_utf8_lossy(key(item)).chars().collect(), at))
        .collect();
    // The order is not transitive for every three keys, which the sorts of the standard library may refuse.
    merge_sort(&mut named, &|a, b| natural_order(&a.0, &b.0, dialect) == Ordering::Less);
    let mut order: Vec<usize> = named.into_iter().map(|(_, at)| at).collect();
    for at in 0..order.len() {
        // Where the wanted item went by the swaps so far.
        let mut from = order[at];
        while from < at {
            from = order[from];
        }
        keys.swap(at, from);
        order[at] = from;
    }
}

fn merge_sort<T>(items: &mut Vec<T>, less: &impl Fn(&T, &T) -> bool) {
    if items.len() < 2 {
        return;
    }
    let mut right = items.split_off(items.len() / 2);
    merge_sort(items, less);
    merge_sort(&mut right, less);
    let mut left = std::mem::take(items).into_iter().peekable();
    let mut right = right.into_iter().peekable();
    while let (Some(a), Some(b)) = (left.peek(), right.peek()) {
        let next = if less(b, a) { right.next() } else { left.next() };
        items.extend(next);
    }
    items.extend(left);
    items.extend(right);
}

fn natural_order(a: &[char], b: &[char], dialect: Dialect) -> Ordering {
    let is_digit = |c: &char| c.is_ascii_digit();
    let same = a.iter().zip(b).take_while(|(a, b)| a == b).count();
    let (Some(left), Some(right)) = (a.get(same), b.get(same)) else {
        return a.len().cmp(&b.len());
    };
    let letters = (left.is_alphabetic(), right.is_alphabetic());
    match letters {
        (true, true) => return left.cmp(right),
        (false, false) => {}
        (left, _) => {
            let after_digit =
                dialect == Dialect::V3 && same.checked_sub(1).is_some_and(|at| is_digit(&a[at]));
            return if left == after_digit { Ordering::Less } else { Ordering::Greater };
        }
    }
    let mut start = 0i64;
    if *left == '0' || *right == '0' {
        let before = a[..same].iter().rev().take_while(|c| is_digit(c)).any(|c| *c != '0');
        start = i64::from(before);
    }
    let number = |text: &[char]| {
        let digits: Vec<char> = text[same..].iter().copied().take_while(is_digit).collect();
        let value = digits.iter().fold(start, |sum, c| {
            sum.wrapping_mul(10).wrapping_add(i64::from(u32::from(*c) - u32::from('0')))
        });
        (value, digits.len())
    };
    number(a).cmp(&number(b)).then(left.cmp(right))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(dialect: Dialect, values: &[(&str, &str)]) -> String {
        let mut values = values.to_vec();
        sort_keys(dialect, &mut values, |(key, _)| key.as_bytes());
        let mut emitter = Emitter::new(dialect);
        emitter.begin_map(values.len());
        for (key, value) in values {
            emitter.string(key.as_bytes());
            emitter.string(value.as_bytes());
        }
        emitter.end_map();
        String::from_utf8(emitter.finish()).unwrap()
    }

    #[test]
    fn scalars_have_the_styles_of_go_yaml() {
        for (value, text) in [
            ("yes", "\"yes\""),
            ("1", "\"1\""),
            ("1:20", "\"1:20\""),
            ("2024-01-02", "\"2024-01-02\""),
            ("a: b", "'a: b'"),
            ("it's", "it's"),
            (" x", "' x'"),
            ("x\ny", "|-\n  x\n  y"),
            ("x\n\n", "|+\n  x\n"),
            ("\n", "|2+\n"),
            ("a \nb", "\"a \\nb\""),
            ("\u{1F600}", "\"\\U0001F600\""),
            ("\u{feff}bom", "\"\\uFEFF\\x62\\x6F\\x6D\""),
            ("<<", "<<"),
            ("", "\"\""),
        ] {
            assert_eq!(written(Dialect::V2, &[("k", value)]), format!("k: {text}\n"), "{value:?}");
        }
    }

    #[test]
    fn long_lines_are_folded_by_version_2_only() {
        let long = "word ".repeat(30);
        let folded = written(Dialect::V2, &[("k", &long)]);
        assert_eq!(folded.lines().count(), 2);
        assert_eq!(written(Dialect::V3, &[("k", &long)]).lines().count(), 1);
        let key = "k".repeat(129);
        assert_eq!(written(Dialect::V2, &[(&key, "v")]), format!("? {key}\n: v\n"));
    }

    #[test]
    fn keys_are_in_natural_order() {
        let keys = ["a10", "a2", "a-b", "a", "B", "10", "9", "_x"].map(|key| (key, "v"));
        let text = written(Dialect::V2, &keys).replace(": v", "").replace('"', "");
        assert_eq!(
            text.lines().collect::<Vec<_>>(),
            ["_x", "9", "10", "B", "a", "a-b", "a2", "a10"]
        );
    }
}

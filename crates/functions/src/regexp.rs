//! Regular expressions in Go's syntax (RE2), run by Rust's engine.

use std::fmt;
use std::ops::Range;

use regex_automata::meta::Regex;
use regex_automata::util::{captures::Captures, syntax};

/// A compiled expression of Go's syntax.
#[derive(Clone, Debug)]
pub struct Regexp {
    regex: Regex,
    /// The names of the groups, from the first; an unnamed one has none.
    names: Vec<Option<String>>,
    is_empty: bool,
}

/// Why an expression does not parse, in Go's words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntaxError {
    problem: &'static str,
    part: String,
}

impl SyntaxError {
    /// The problem without the expression: `missing closing )`.
    pub fn problem(&self) -> &'static str {
        self.problem
    }
}

impl fmt::Display for SyntaxError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "error parsing regexp: {}: `{}`", self.problem, self.part)
    }
}

impl std::error::Error for SyntaxError {}

/// The memory that a compiled expression may take; Go allows about as much.
const SIZE_LIMIT: usize = 1 << 24;

impl Regexp {
    /// Compiles an expression.
    pub fn new(expression: &str) -> Result<Self, SyntaxError> {
        let Translated { text, names } = translate(expression)?;
        let too_large =
            || SyntaxError { problem: "expression too large", part: expression.to_owned() };
        let regex = Regex::builder()
            .configure(Regex::config().utf8_empty(true).nfa_size_limit(Some(SIZE_LIMIT)))
            .syntax(syntax::Config::new().utf8(false))
            .build(&text)
            .map_err(|_| too_large())?;
        Ok(Self { regex, names, is_empty: expression.is_empty() })
    }

    /// Whether it matches a part of a string.
    pub fn is_match(&self, text: &[u8]) -> bool {
        self.regex.is_match(text)
    }

    /// The first match.
    pub fn find<'t>(&self, text: &'t [u8]) -> Option<&'t [u8]> {
        self.regex.find(text).map(|found| &text[found.range()])
    }

    /// The first `n` matches; with a negative count all of them.
    pub fn find_all<'t>(&self, text: &'t [u8], n: i64) -> Vec<&'t [u8]> {
        let n = usize::try_from(n).unwrap_or(usize::MAX);
        self.regex.find_iter(text).take(n).map(|found| &text[found.range()]).collect()
    }

    /// The text with every match replaced by a template, in which `$1`, `$name` and `${1}` are groups.
    pub fn replace_all(&self, text: &[u8], template: &[u8]) -> Vec<u8> {
        let mut out = Vec::with_capacity(text.len());
        let mut copied = 0;
        for groups in self.regex.captures_iter(text) {
            let Some(found) = groups.get_match() else { continue };
            out.extend_from_slice(&text[copied..found.start()]);
            self.expand(template, text, &groups, &mut out);
            copied = found.end();
        }
        out.extend_from_slice(&text[copied..]);
        out
    }

    /// The text with every match replaced by bytes that mean themselves.
    pub fn replace_all_literal(&self, text: &[u8], by: &[u8]) -> Vec<u8> {
        let mut out = Vec::with_capacity(text.len());
        let mut copied = 0;
        for found in self.regex.find_iter(text) {
            out.extend_from_slice(&text[copied..found.start()]);
            out.extend_from_slice(by);
            copied = found.end();
        }
        out.extend_from_slice(&text[copied..]);
        out
    }

    /// The parts between the matches, `n` parts at most; all of them with a negative count, `None` with zero.
    pub fn split<'t>(&self, text: &'t [u8], n: i64) -> Option<Vec<&'t [u8]>> {
        if n == 0 {
            return None;
        }
        if !self.is_empty && text.is_empty() {
            return Some(vec![text]);
        }
        let limit = usize::try_from(n).unwrap_or(usize::MAX);
        let mut parts = Vec::new();
        let (mut begin, mut end) = (0, 0);
        for Range { start, end: after } in
            self.regex.find_iter(text).take(limit).map(|found| found.range())
        {
            if parts.len() + 1 == limit {
                break;
            }
            end = start;
            // Nothing is before an empty match at the beginning.
            if after != 0 {
                parts.push(&text[begin..end]);
            }
            begin = after;
        }
        if end != text.len() {
            parts.push(&text[begin..]);
        }
        Some(parts)
    }

    /// `$name` takes as many word characters as there are; `$$` is a dollar; what is not a group is empty.
    fn expand(&self, template: &[u8], text: &[u8], groups: &Captures, out: &mut Vec<u8>) {
        let mut rest = template;
        while let Some(at) = rest.iter().position(|&b| b == b'$') {
            out.extend_from_slice(&rest[..at]);
            rest = &rest[at..];
            if rest.get(1) == Some(&b'$') {
                out.push(b'$');
                rest = &rest[2..];
                continue;
            }
            let Some((name, after)) = group_name(rest) else {
                out.push(b'$');
                rest = &rest[1..];
                continue;
            };
            rest = after;
            // Of several groups with a name there is at most one: Go refuses a second.
            let index = match name.parse::<usize>() {
                _ if !name.bytes().all(|b| b.is_ascii_digit()) => {
                    self.names.iter().position(|own| own.as_deref() == Some(name)).map(|i| i + 1)
                }
                Ok(index) if name == "0" || !name.starts_with('0') => Some(index),
                _ => None,
            };
            if let Some(span) = index.and_then(|index| groups.get_group(index)) {
                out.extend_from_slice(&text[span.range()]);
            }
        }
        out.extend_from_slice(rest);
    }
}

/// The name after a dollar, and what follows it.
fn group_name(text: &[u8]) -> Option<(&str, &[u8])> {
    let rest = &text[1..];
    let (braces, rest) = match rest.split_first() {
        Some((b'{', rest)) => (true, rest),
        _ => (false, rest),
    };
    let valid = std::str::from_utf8(rest).unwrap_or_else(|error| {
        std::str::from_utf8(&rest[..error.valid_up_to()]).unwrap_or_default()
    });
    let end = valid.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(valid.len());
    let (name, after) = (&valid[..end], &rest[end..]);
    match (name, braces, after.first()) {
        ("", ..) => None,
        (_, true, Some(b'}')) => Some((name, &after[1..])),
        (_, true, _) => None,
        (_, false, _) => Some((name, after)),
    }
}

/// The text as an expression that matches it alone.
pub fn quote_meta(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    for &b in text {
        if br"\.+*?()|[]{}^$".contains(&b) {
            out.push(b'\\');
        }
        out.push(b);
    }
    out
}

struct Translated {
    text: String,
    names: Vec<Option<String>>,
}

/// The most that a counted repetition may repeat, nested ones multiplied.
const LARGEST_COUNT: u32 = 1000;
/// Go's own limit of nested groups.
const DEEPEST: usize = 1000;

const NO_ARGUMENT: &str = "missing argument to repetition operator";
const NESTED_REPETITION: &str = "invalid nested repetition operator";
const BAD_COUNT: &str = "invalid repeat count";
const BAD_ESCAPE: &str = "invalid escape sequence";
const BAD_RANGE: &str = "invalid character class range";
const BAD_PERL: &str = "invalid or unsupported Perl syntax";
const BAD_NAME: &str = "invalid named capture";
const NO_BRACKET: &str = "missing closing ]";
const NO_PARENTHESIS: &str = "missing closing )";
const SURPLUS_PARENTHESIS: &str = "unexpected )";
const TRAILING_BACKSLASH: &str = "trailing backslash at end of expression";
const TOO_DEEP: &str = "expression nests too deeply";

/// Rewrites Go's syntax in that of the `regex` crate.
fn translate(expression: &str) -> Result<Translated, SyntaxError> {
    let mut translator = Translator {
        all: expression,
        rest: expression,
        out: String::with_capacity(expression.len() + 16),
        names: Vec::new(),
        open: Vec::new(),
        counts: vec![1],
        has_argument: false,
        last_count: 1,
    };
    translator.run()?;
    Ok(Translated { text: translator.out, names: translator.names })
}

struct Translator<'e> {
    all: &'e str,
    rest: &'e str,
    out: String,
    names: Vec<Option<String>>,
    /// Where the open groups begin in the expression.
    open: Vec<usize>,
    /// The largest product of counts within each open group, the outermost first.
    counts: Vec<u32>,
    /// Whether a repetition has something to repeat.
    has_argument: bool,
    /// The product of counts within what was read last.
    last_count: u32,
}

fn error<T>(problem: &'static str, part: &str) -> Result<T, SyntaxError> {
    Err(SyntaxError { problem, part: part.to_owned() })
}

impl<'e> Translator<'e> {
    fn run(&mut self) -> Result<(), SyntaxError> {
        let mut repeated: Option<&'e str> = None;
        while let Some(c) = self.rest.chars().next() {
            let mut repeat = None;
            match c {
                '(' => self.group()?,
                ')' => {
                    if self.open.pop().is_none() {
                        return error(SURPLUS_PARENTHESIS, self.all);
                    }
                    self.take(1);
                    self.out.push(')');
                    self.has_argument = true;
                    self.last_count = self.counts.pop().unwrap_or(1);
                    self.note_count();
                }
                '|' => {
                    self.copy(1);
                    self.has_argument = false;
                }
                '^' | '$' | '.' => {
                    self.copy(1);
                    self.single();
                }
                '[' => self.class()?,
                '*' | '+' | '?' => repeat = Some(self.repetition(1, repeated, (0, 0))?),
                '{' => match counts(self.rest) {
                    Some((length, least, most)) => {
                        repeat = Some(self.repetition(length, repeated, (least, most))?);
                    }
                    None => self.literal(),
                },
                '\\' => self.escape()?,
                _ => self.literal(),
            }
            repeated = repeat;
        }
        if !self.open.is_empty() {
            return error(NO_PARENTHESIS, self.all);
        }
        Ok(())
    }

    fn take(&mut self, length: usize) -> &'e str {
        let (taken, rest) = self.rest.split_at(length);
        self.rest = rest;
        taken
    }

    fn copy(&mut self, length: usize) {
        let taken = self.take(length);
        self.out.push_str(taken);
    }

    fn single(&mut self) {
        self.has_argument = true;
        self.last_count = 1;
    }

    fn literal(&mut self) {
        if let Some(c) = self.rest.chars().next() {
            self.take(c.len_utf8());
            push_literal(c, &mut self.out);
            self.single();
        }
    }

    fn note_count(&mut self) {
        if let Some(largest) = self.counts.last_mut() {
            *largest = (*largest).max(self.last_count);
        }
    }

    /// `*`, `+?`, `{2,3}`. Returns its text, since nothing may repeat it.
    fn repetition(
        &mut self,
        length: usize,
        repeated: Option<&'e str>,
        (least, most): (i64, i64),
    ) -> Result<&'e str, SyntaxError> {
        let before = self.rest;
        let operator = self.take(length);
        let count = i64::from(LARGEST_COUNT);
        if least > count || most > count || most >= 0 && least > most {
            return error(BAD_COUNT, operator);
        }
        let lazy = self.rest.starts_with('?');
        if lazy {
            self.take(1);
        }
        let whole = &before[..before.len() - self.rest.len()];
        if let Some(first) = repeated {
            let start = self.all.len() - before.len() - first.len();
            return error(NESTED_REPETITION, &self.all[start..self.all.len() - self.rest.len()]);
        }
        if !self.has_argument {
            return error(NO_ARGUMENT, whole);
        }
        let factor = u32::try_from(least.max(most)).unwrap_or(0).max(1);
        self.last_count = self.last_count.saturating_mul(factor);
        if self.last_count > LARGEST_COUNT {
            return error(BAD_COUNT, operator);
        }
        self.note_count();
        self.out.push_str(whole);
        Ok(whole)
    }

    fn group(&mut self) -> Result<(), SyntaxError> {
        if self.open.len() >= DEEPEST {
            return error(TOO_DEEP, self.all);
        }
        let start = self.all.len() - self.rest.len();
        if !self.rest.starts_with("(?") {
            self.copy(1);
            self.names.push(None);
            self.opened(start);
            return Ok(());
        }
        let named = ["(?P<", "(?<"].iter().find(|prefix| self.rest.starts_with(**prefix));
        if let Some(prefix) = named {
            if self.rest.starts_with("(?<=") || self.rest.starts_with("(?<!") {
                return error(BAD_PERL, &self.rest[..4]);
            }
            let Some(end) = self.rest.find('>') else {
                return error(BAD_NAME, self.rest);
            };
            let name = &self.rest[prefix.len()..end];
            let is_name =
                !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
            if !is_name {
                return error(BAD_NAME, &self.rest[..=end]);
            }
            if self.names.iter().flatten().any(|other| other == name) {
                return error("duplicate capture group name", name);
            }
            self.names.push(Some(name.to_owned()));
            self.take(end + 1);
            self.out.push('(');
            self.opened(start);
            return Ok(());
        }
        // Flags: `(?i)`, `(?i-s:`. Go knows four, Rust more.
        let mut negative = false;
        let mut seen = false;
        for (at, c) in self.rest.char_indices().skip(2) {
            match c {
                'i' | 'm' | 's' | 'U' => seen = true,
                '-' if !negative => {
                    negative = true;
                    seen = false;
                }
                ':' | ')' if !negative || seen => {
                    // `(?)` changes nothing; Rust refuses it.
                    let text = self.take(at + 1);
                    if text != "(?)" {
                        self.out.push_str(text);
                    }
                    if c == ':' {
                        self.opened(start);
                    }
                    return Ok(());
                }
                _ => return error(BAD_PERL, &self.rest[..at + c.len_utf8()]),
            }
        }
        error(NO_PARENTHESIS, self.all)
    }

    fn opened(&mut self, start: usize) {
        self.open.push(start);
        self.counts.push(1);
        self.has_argument = false;
    }

    fn escape(&mut self) -> Result<(), SyntaxError> {
        let after = &self.rest[1..];
        let simple = match after.chars().next() {
            Some('A') => Some("\\A"),
            Some('z') => Some("\\z"),
            Some('b') => Some("(?-u:\\b)"),
            Some('B') => Some("(?-u:\\B)"),
            Some('Q') => {
                self.take(2);
                let (quoted, length) = match self.rest.find("\\E") {
                    Some(end) => (&self.rest[..end], end + 2),
                    None => (self.rest, self.rest.len()),
                };
                for c in quoted.chars() {
                    push_literal(c, &mut self.out);
                    self.single();
                }
                self.take(length);
                return Ok(());
            }
            _ => None,
        };
        if let Some(text) = simple {
            self.take(2);
            self.out.push_str(text);
        } else if let Some(class) = self.named_class()? {
            self.out.push_str(&format!("[{class}]"));
        } else {
            let c = self.escaped_char()?;
            push_literal(c, &mut self.out);
        }
        self.single();
        Ok(())
    }

    /// `\d` or `\pL` at this place, as part of a class of Rust's.
    fn named_class(&mut self) -> Result<Option<String>, SyntaxError> {
        let Some(c) = self.rest[1..].chars().next() else { return Ok(None) };
        if let Some((_, ranges)) = PERL.iter().find(|(name, _)| *name == c.to_ascii_lowercase())
            && "dswDSW".contains(c)
        {
            self.take(2);
            return Ok(Some(if c.is_ascii_uppercase() {
                format!("[^{ranges}]")
            } else {
                (*ranges).to_owned()
            }));
        }
        if c != 'p' && c != 'P' {
            return Ok(None);
        }
        let Some(first) = self.rest[2..].chars().next() else {
            return error(BAD_RANGE, self.rest);
        };
        let (name, length) = if first == '{' {
            let Some(end) = self.rest.find('}') else {
                return error(BAD_RANGE, self.rest);
            };
            (&self.rest[3..end], end + 1)
        } else {
            (&self.rest[2..2 + first.len_utf8()], 2 + first.len_utf8())
        };
        let text = self.take(length);
        let (negated, name) = match name.strip_prefix('^') {
            Some(name) => (c == 'p', name),
            None => (c == 'P', name),
        };
        let written = format!("\\{}{{{name}}}", if negated { 'P' } else { 'p' });
        let is_known = name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
            && name.starts_with(|c: char| c.is_ascii_uppercase())
            && Regex::new(&written).is_ok();
        if is_known { Ok(Some(written)) } else { error(BAD_RANGE, text) }
    }

    /// The character that an escape means.
    fn escaped_char(&mut self) -> Result<char, SyntaxError> {
        let whole = self.rest;
        self.take(1);
        let Some(c) = self.rest.chars().next() else {
            return error(TRAILING_BACKSLASH, "");
        };
        self.take(c.len_utf8());
        let bad =
            |translator: &Self| error(BAD_ESCAPE, &whole[..whole.len() - translator.rest.len()]);
        Ok(match c {
            'a' => '\x07',
            'f' => '\x0c',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'v' => '\x0b',
            '0' | '1'..='7' => {
                if c != '0' && !self.rest.starts_with(|c: char| c.is_digit(8)) {
                    return bad(self);
                }
                let more = self.rest.bytes().take(2).take_while(|b| (b'0'..b'8').contains(b));
                let digits = whole[1..].get(..=more.count()).unwrap_or("0");
                self.take(digits.len() - 1);
                u32::from_str_radix(digits, 8).ok().and_then(char::from_u32).unwrap_or('\0')
            }
            'x' => {
                let hex = |text: &str| {
                    u32::from_str_radix(text, 16)
                        .ok()
                        .filter(|_| text.bytes().all(|b| b.is_ascii_hexdigit()))
                };
                let (code, length) = match self.rest.strip_prefix('{') {
                    Some(inner) => match inner.find('}') {
                        Some(end) => (hex(&inner[..end]), end + 2),
                        None => (None, self.rest.len()),
                    },
                    None => (self.rest.get(..2).and_then(hex), 2),
                };
                let Some(c) = code.and_then(char::from_u32) else {
                    let shown = self.rest.chars().next().map_or(0, char::len_utf8);
                    self.take(shown);
                    return bad(self);
                };
                self.take(length);
                c
            }
            c if c.is_ascii() && !c.is_ascii_alphanumeric() => c,
            _ => return bad(self),
        })
    }

    fn class(&mut self) -> Result<(), SyntaxError> {
        let whole = self.rest;
        self.take(1);
        let negated = self.rest.starts_with('^');
        if negated {
            self.take(1);
        }
        let mut items = String::new();
        let mut first = true;
        while first || !self.rest.starts_with(']') {
            if self.rest.is_empty() {
                return error(NO_BRACKET, whole);
            }
            let is_first = std::mem::take(&mut first);
            if self.rest.starts_with("[:")
                && let Some(end) = self.rest[2..].find(":]")
            {
                let name = self.take(end + 4);
                let inner = &name[2..name.len() - 2];
                let (sign, inner) = inner.strip_prefix('^').map_or(("", inner), |rest| ("^", rest));
                if !POSIX.contains(&inner) {
                    return error(BAD_RANGE, name);
                }
                items.push_str(&format!("[:{sign}{inner}:]"));
                continue;
            }
            if self.rest.starts_with('\\')
                && let Some(class) = self.named_class()?
            {
                items.push_str(&class);
                continue;
            }
            let range = self.rest;
            let low = self.class_char(whole, is_first)?;
            let mut high = low;
            if self.rest.starts_with('-') && self.rest.len() > 1 && !self.rest.starts_with("-]") {
                self.take(1);
                high = self.class_char(whole, false)?;
                if high < low {
                    return error(BAD_RANGE, &range[..range.len() - self.rest.len()]);
                }
            }
            push_code(low, &mut items);
            if high != low {
                items.push('-');
                push_code(high, &mut items);
            }
        }
        self.take(1);
        self.out.push_str(if negated { "[^" } else { "[" });
        self.out.push_str(&items);
        self.out.push(']');
        self.single();
        Ok(())
    }

    fn class_char(&mut self, whole: &str, _first: bool) -> Result<char, SyntaxError> {
        match self.rest.chars().next() {
            None => error(NO_BRACKET, whole),
            Some('\\') => self.escaped_char(),
            Some(c) => {
                self.take(c.len_utf8());
                Ok(c)
            }
        }
    }
}

/// Perl's classes; in RE2 they are of ASCII, and `\s` has no vertical tab.
const PERL: [(char, &str); 3] =
    [('d', "0-9"), ('s', "\\x{9}\\x{A}\\x{C}\\x{D}\\x{20}"), ('w', "0-9A-Za-z_")];

const POSIX: [&str; 14] = [
    "alnum", "alpha", "ascii", "blank", "cntrl", "digit", "graph", "lower", "print", "punct",
    "space", "upper", "word", "xdigit",
];

/// The length and the bounds of `{2}`, `{2,}` or `{2,3}`; without an upper bound it is -1. Anything else is
/// literal. Numbers that are too large stay large enough to be refused.
fn counts(text: &str) -> Option<(usize, i64, i64)> {
    let end = text.find('}')?;
    let inner = &text[1..end];
    let number = |digits: &str| {
        let fits = !digits.is_empty()
            && digits.bytes().all(|b| b.is_ascii_digit())
            && (digits.len() == 1 || !digits.starts_with('0'));
        fits.then(|| digits.parse().unwrap_or(i64::MAX))
    };
    let (least, most) = match inner.split_once(',') {
        None => (number(inner)?, number(inner)?),
        Some((least, "")) => (number(least)?, -1),
        Some((least, most)) => (number(least)?, number(most)?),
    };
    Some((end + 1, least, most))
}

fn push_literal(c: char, out: &mut String) {
    if c.is_ascii() && !c.is_ascii_alphanumeric() {
        push_code(c, out);
    } else {
        out.push(c);
    }
}

fn push_code(c: char, out: &mut String) {
    out.push_str(&format!("\\x{{{:X}}}", u32::from(c)));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn syntax_that_rust_does_not_take() {
        for (expression, text, found) in [
            (r"{(v[0-9])*[^}]*}}$", "a {v1}}", Some("{v1}}")),
            (r"^[\w-\.]+$", "a-b.c", Some("a-b.c")),
            (r"[[a]", "[", Some("[")),
            (r"[a&&b]", "&", Some("&")),
            (r"\Qa.b\E+", "a.bb", Some("a.bb")),
            (r"\101", "A", Some("A")),
            (r"\w+", "é_1", Some("_1")),
            (r"x{,2}", "x{,2}", Some("x{,2}")),
            (r"(?i)ABC", "xabc", Some("abc")),
            (r"a\z", "ba", Some("a")),
        ] {
            let found = found.map(str::as_bytes);
            assert_eq!(
                Regexp::new(expression).unwrap().find(text.as_bytes()),
                found,
                "{expression}"
            );
        }
    }

    #[test]
    fn errors_are_in_go_words() {
        for (expression, problem) in [
            ("a**", "invalid nested repetition operator: `**`"),
            ("*", "missing argument to repetition operator: `*`"),
            ("[a", "missing closing ]: `[a`"),
            ("(a", "missing closing ): `(a`"),
            ("a)", "unexpected ): `a)`"),
            (r"\C", r"invalid escape sequence: `\C`"),
            ("[z-a]", "invalid character class range: `z-a`"),
            ("(?x)", "invalid or unsupported Perl syntax: `(?x`"),
            ("a{1001}", "invalid repeat count: `{1001}`"),
            ("(a{100}){100}", "invalid repeat count: `{100}`"),
            ("\\", "trailing backslash at end of expression: ``"),
        ] {
            let here = Regexp::new(expression).unwrap_err().to_string();
            assert_eq!(here, format!("error parsing regexp: {problem}"));
        }
    }

    #[test]
    fn groups_in_replacements() {
        let regex = Regexp::new("(a)(?P<n>b)").unwrap();
        for (template, out) in
            [("$1x", ""), ("${1}x", "ax"), ("$n-", "b-"), ("$$", "$"), ("$", "$"), ("${", "${")]
        {
            assert_eq!(regex.replace_all(b"ab", template.as_bytes()), out.as_bytes(), "{template}");
        }
        let split = |regex: &str, text: &str, n| {
            let parts = Regexp::new(regex).unwrap();
            let parts = parts.split(text.as_bytes(), n)?;
            Some(parts.iter().map(|part| String::from_utf8_lossy(part).into_owned()).collect())
        };
        assert_eq!(split("X", "aXbXc", 2), Some(vec!["a".to_owned(), "bXc".to_owned()]));
        assert_eq!(split("X", "aXbXc", 0), None);
    }
}

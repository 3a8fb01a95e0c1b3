//! A template's text as tokens.

use memchr::memmem;

use crate::number::{is_print, push_char, quote};

/// A token: a kind and a range of the text.
#[derive(Clone, Copy, Debug)]
pub struct Token {
    pub kind: TokenKind,
    pub start: u32,
    pub end: u32,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum TokenKind {
    /// See [`Lexer::error`].
    Error,
    Eof,
    Text,
    LeftDelim,
    RightDelim,
    Space,
    Bool,
    /// A character without a meaning of its own, as the comma is.
    Char,
    CharConstant,
    Complex,
    Number,
    String,
    RawString,
    Assign,
    Declare,
    Pipe,
    LeftParen,
    RightParen,
    /// `.name`
    Field,
    Identifier,
    /// `$` or `$name`
    Variable,
    Dot,
    Nil,
    Block,
    Break,
    Continue,
    Define,
    Else,
    End,
    If,
    Range,
    Template,
    With,
}

impl TokenKind {
    pub fn is_keyword(self) -> bool {
        matches!(
            self,
            Self::Dot
                | Self::Nil
                | Self::Block
                | Self::Break
                | Self::Continue
                | Self::Define
                | Self::Else
                | Self::End
                | Self::If
                | Self::Range
                | Self::Template
                | Self::With
        )
    }
}

const LEFT: &[u8] = b"{{";
const RIGHT: &[u8] = b"}}";

pub struct Lexer<'a> {
    text: &'a [u8],
    at: usize,
    /// Between `{{` and `}}`.
    inside: bool,
    parens: u32,
    done: bool,
    /// `break` is a keyword unless there is a function of that name.
    pub break_is_keyword: bool,
    pub continue_is_keyword: bool,
    /// What is wrong, once there was a token of kind `Error`.
    pub error: String,
    left: memmem::Finder<'static>,
}

impl<'a> Lexer<'a> {
    pub fn new(text: &'a [u8]) -> Self {
        Self {
            text,
            at: 0,
            inside: false,
            parens: 0,
            done: false,
            break_is_keyword: true,
            continue_is_keyword: true,
            error: String::new(),
            left: memmem::Finder::new(LEFT),
        }
    }

    /// The next token. After the end or an error, there is nothing but ends.
    pub fn next(&mut self) -> Token {
        if self.done {
            return self.token(TokenKind::Eof, self.at);
        }
        if self.inside { self.action() } else { self.outside() }
    }

    fn token(&self, kind: TokenKind, start: usize) -> Token {
        Token { kind, start: start as u32, end: self.at as u32 }
    }

    fn fail(&mut self, start: usize, message: impl Into<String>) -> Token {
        self.error = message.into();
        self.done = true;
        self.token(TokenKind::Error, start)
    }

    fn starts_with(&self, at: usize, what: &[u8]) -> bool {
        self.text.get(at..).is_some_and(|rest| rest.starts_with(what))
    }

    /// Text, and the `{{` after it.
    fn outside(&mut self) -> Token {
        loop {
            let start = self.at;
            let Some(length) = self.left.find(&self.text[start..]) else {
                self.at = self.text.len();
                let kind = if self.at > start { TokenKind::Text } else { TokenKind::Eof };
                self.done = kind == TokenKind::Eof;
                return self.token(kind, start);
            };
            let delim = start + length;
            let marker = if self.is_left_marker(delim + 2) { 2 } else { 0 };
            if length > 0 {
                let mut end = delim;
                if marker > 0 {
                    while end > start && is_space(self.text[end - 1]) {
                        end -= 1;
                    }
                }
                self.at = delim;
                if end > start {
                    return Token { kind: TokenKind::Text, start: start as u32, end: end as u32 };
                }
            }
            self.at = delim + 2 + marker;
            if !self.starts_with(self.at, b"/*") {
                self.inside = true;
                self.parens = 0;
                return Token {
                    kind: TokenKind::LeftDelim,
                    start: delim as u32,
                    end: delim as u32 + 2,
                };
            }
            if let Err(message) = self.comment() {
                return self.fail(self.at, message);
            }
        }
    }

    /// Goes beyond the comment that starts here, and what its marker trims.
    fn comment(&mut self) -> Result<(), &'static str> {
        let body = self.at + 2;
        let length = memmem::find(&self.text[body..], b"*/").ok_or("unclosed comment")?;
        let end = body + length + 2;
        if self.is_right_marker(end) {
            self.at = end + 4;
            self.skip_space();
        } else if self.starts_with(end, RIGHT) {
            self.at = end + 2;
        } else {
            return Err("comment ends before closing delimiter");
        }
        Ok(())
    }

    /// Whether a `-` and a space follow `{{`.
    fn is_left_marker(&self, at: usize) -> bool {
        self.text.get(at) == Some(&b'-') && self.text.get(at + 1).copied().is_some_and(is_space)
    }

    /// Whether a space and `-}}` are here.
    fn is_right_marker(&self, at: usize) -> bool {
        self.text.get(at).copied().is_some_and(is_space) && self.starts_with(at + 1, b"-}}")
    }

    fn skip_space(&mut self) {
        while self.text.get(self.at).copied().is_some_and(is_space) {
            self.at += 1;
        }
    }

    fn action(&mut self) -> Token {
        let start = self.at;
        let trims = self.is_right_marker(start);
        if trims || self.starts_with(start, RIGHT) {
            if self.parens > 0 {
                return self.fail(start, "unclosed left paren");
            }
            let delim = start + if trims { 2 } else { 0 };
            self.at = delim + 2;
            if trims {
                self.skip_space();
            }
            self.inside = false;
            return Token {
                kind: TokenKind::RightDelim,
                start: delim as u32,
                end: delim as u32 + 2,
            };
        }
        let Some(&first) = self.text.get(start) else {
            return self.fail(start, "unclosed action");
        };
        self.at += 1;
        match first {
            _ if is_space(first) => {
                self.skip_space();
                // The last space before `-}}` belongs to that.
                if self.starts_with(self.at, b"-}}") {
                    self.at -= 1;
                }
                self.token(TokenKind::Space, start)
            }
            b'=' => self.token(TokenKind::Assign, start),
            b':' if self.text.get(self.at) == Some(&b'=') => {
                self.at += 1;
                self.token(TokenKind::Declare, start)
            }
            b':' => self.fail(start, "expected :="),
            b'|' => self.token(TokenKind::Pipe, start),
            b'"' => self.quoted(start, b'"', TokenKind::String, "unterminated quoted string"),
            b'\'' => self.quoted(
                start,
                b'\'',
                TokenKind::CharConstant,
                "unterminated character constant",
            ),
            b'`' => match memchr::memchr(b'`', &self.text[self.at..]) {
                Some(length) => {
                    self.at += length + 1;
                    self.token(TokenKind::RawString, start)
                }
                None => self.fail(start, "unterminated raw quoted string"),
            },
            b'$' => self.name(start, TokenKind::Variable),
            b'.' if self.text.get(self.at).is_some_and(|next| !next.is_ascii_digit()) => {
                if self.at_terminator() {
                    self.token(TokenKind::Dot, start)
                } else {
                    self.name(start, TokenKind::Field)
                }
            }
            b'.' | b'+' | b'-' | b'0'..=b'9' => self.number(start),
            b'(' => {
                self.parens += 1;
                self.token(TokenKind::LeftParen, start)
            }
            b')' if self.parens == 0 => self.fail(start, "unexpected right paren"),
            b')' => {
                self.parens -= 1;
                self.token(TokenKind::RightParen, start)
            }
            _ => {
                let (c, _) = char_at(self.text, start).unwrap_or_default();
                if is_alphanumeric(c) {
                    self.identifier(start)
                } else if c.is_ascii_graphic() {
                    self.token(TokenKind::Char, start)
                } else {
                    self.fail(start, format!("unrecognized character in action: {}", describe(c)))
                }
            }
        }
    }

    /// Goes beyond letters, digits and underscores.
    fn skip_alphanumeric(&mut self) {
        while let Some(&byte) = self.text.get(self.at) {
            if byte.is_ascii_alphanumeric() || byte == b'_' {
                self.at += 1;
            } else if byte.is_ascii() {
                return;
            } else {
                match char_at(self.text, self.at) {
                    Some((c, length)) if is_alphanumeric(c) => self.at += length,
                    _ => return,
                }
            }
        }
    }

    fn name(&mut self, start: usize, kind: TokenKind) -> Token {
        self.skip_alphanumeric();
        if self.at_terminator() { self.token(kind, start) } else { self.bad_character(start) }
    }

    fn identifier(&mut self, start: usize) -> Token {
        self.at = start;
        self.skip_alphanumeric();
        if !self.at_terminator() {
            return self.bad_character(start);
        }
        let kind = match &self.text[start..self.at] {
            b"true" | b"false" => TokenKind::Bool,
            b"nil" => TokenKind::Nil,
            b"if" => TokenKind::If,
            b"else" => TokenKind::Else,
            b"end" => TokenKind::End,
            b"range" => TokenKind::Range,
            b"with" => TokenKind::With,
            b"template" => TokenKind::Template,
            b"define" => TokenKind::Define,
            b"block" => TokenKind::Block,
            b"break" if self.break_is_keyword => TokenKind::Break,
            b"continue" if self.continue_is_keyword => TokenKind::Continue,
            _ => TokenKind::Identifier,
        };
        self.token(kind, start)
    }

    fn bad_character(&mut self, start: usize) -> Token {
        let (c, _) = char_at(self.text, self.at).unwrap_or_default();
        self.fail(start, format!("bad character {}", describe(c)))
    }

    /// Whether what is here can follow a name.
    fn at_terminator(&self) -> bool {
        match self.text.get(self.at) {
            None | Some(b' ' | b'\t' | b'\r' | b'\n' | b'.' | b',' | b'|' | b':' | b'(' | b')') => {
                true
            }
            Some(_) => self.starts_with(self.at, RIGHT),
        }
    }

    /// A string or a character in quotes, which ends on its line.
    fn quoted(
        &mut self,
        start: usize,
        mark: u8,
        kind: TokenKind,
        unterminated: &'static str,
    ) -> Token {
        loop {
            let byte = self.text.get(self.at).copied();
            self.at += 1;
            match byte {
                Some(b'\\') if self.text.get(self.at).is_some_and(|&next| next != b'\n') => {
                    self.at += 1
                }
                None | Some(b'\\' | b'\n') => {
                    self.at = self.at.min(self.text.len());
                    return self.fail(start, unterminated);
                }
                Some(byte) if byte == mark => return self.token(kind, start),
                Some(_) => {}
            }
        }
    }

    fn number(&mut self, start: usize) -> Token {
        self.at = start;
        let mut kind = TokenKind::Number;
        let mut good = self.scan_number();
        if good && matches!(self.text.get(self.at), Some(b'+' | b'-')) {
            kind = TokenKind::Complex;
            good = self.scan_number() && self.text[self.at - 1] == b'i';
        }
        if good {
            return self.token(kind, start);
        }
        let mut message = b"bad number syntax: ".to_vec();
        quote(&mut message, &self.text[start..self.at]);
        self.fail(start, String::from_utf8_lossy(&message))
    }

    fn accept(&mut self, bytes: &[u8]) -> bool {
        let accepted = self.text.get(self.at).is_some_and(|byte| bytes.contains(byte));
        self.at += usize::from(accepted);
        accepted
    }

    fn accept_run(&mut self, bytes: &[u8]) {
        while self.accept(bytes) {}
    }

    /// Goes beyond what may be a number; whether it ends well.
    fn scan_number(&mut self) -> bool {
        const DECIMAL: &[u8] = b"0123456789_";
        const HEXADECIMAL: &[u8] = b"0123456789abcdefABCDEF_";
        self.accept(b"+-");
        let mut digits = DECIMAL;
        if self.accept(b"0") {
            if self.accept(b"xX") {
                digits = HEXADECIMAL;
            } else if self.accept(b"oO") {
                digits = b"01234567_";
            } else if self.accept(b"bB") {
                digits = b"01_";
            }
        }
        self.accept_run(digits);
        if self.accept(b".") {
            self.accept_run(digits);
        }
        if (digits == DECIMAL && self.accept(b"eE"))
            || (digits == HEXADECIMAL && self.accept(b"pP"))
        {
            self.accept(b"+-");
            self.accept_run(DECIMAL);
        }
        self.accept(b"i");
        match char_at(self.text, self.at) {
            Some((c, length)) if is_alphanumeric(c) => {
                self.at += length;
                false
            }
            _ => true,
        }
    }
}

pub fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n')
}

fn is_alphanumeric(c: char) -> bool {
    c == '_' || c.is_alphanumeric()
}

/// The character at the index and its length; a byte that is not a part of one is the replacement character.
pub fn char_at(text: &[u8], at: usize) -> Option<(char, usize)> {
    let head = text.get(at..text.len().min(at + 4)).filter(|head| !head.is_empty())?;
    let first = head.utf8_chunks().next()?.valid().chars().next();
    Some(first.map_or((char::REPLACEMENT_CHARACTER, 1), |c| (c, c.len_utf8())))
}

/// `U+0040 '@'`
fn describe(c: char) -> String {
    let mut text = format!("U+{:04X}", u32::from(c)).into_bytes();
    if is_print(c) {
        text.extend_from_slice(b" '");
        push_char(&mut text, c);
        text.push(b'\'');
    }
    String::from_utf8_lossy(&text).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(text: &str) -> String {
        let mut lexer = Lexer::new(text.as_bytes());
        let mut out = String::new();
        loop {
            let token = lexer.next();
            match token.kind {
                TokenKind::Eof => return out,
                TokenKind::Error => return out + "! " + &lexer.error,
                TokenKind::Space => {}
                kind => {
                    out +=
                        &format!("{kind:?}({}) ", &text[token.start as usize..token.end as usize])
                }
            }
        }
    }

    #[test]
    fn trim_markers_need_a_blank() {
        assert_eq!(
            kinds("a {{- 3 -}} b"),
            "Text(a) LeftDelim({{) Number(3) RightDelim(}}) Text(b) "
        );
        assert_eq!(
            kinds("a {{-3}} b"),
            "Text(a ) LeftDelim({{) Number(-3) RightDelim(}}) Text( b) "
        );
        assert_eq!(kinds("a {{- /* c */ -}} b"), "Text(a) Text(b) ");
        assert_eq!(
            kinds("{{ /* c */ }}"),
            "LeftDelim({{) Char(/) Char(*) Identifier(c) Char(*) Char(/) RightDelim(}}) "
        );
    }

    #[test]
    fn errors_are_go_s() {
        assert_eq!(kinds("{{ a@ }}"), "LeftDelim({{) ! bad character U+0040 '@'");
        assert_eq!(kinds("{{ \x01 }}"), "LeftDelim({{) ! unrecognized character in action: U+0001");
        assert_eq!(kinds("{{ (1 }}"), "LeftDelim({{) LeftParen(() Number(1) ! unclosed left paren");
        assert_eq!(kinds("{{ 1x }}"), "LeftDelim({{) ! bad number syntax: \"1x\"");
        assert_eq!(kinds("{{ .a"), "LeftDelim({{) Field(.a) ! unclosed action");
    }
}

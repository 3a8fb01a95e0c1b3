//! JSON as Go's encoding/json writes and reads it.

use crate::number::formatted;
use crate::yaml::Tree;

/// Writes JSON from events. In a map every second event is a key; keys come in the order in which they are to be
/// written.
#[derive(Debug)]
pub struct Writer {
    out: Vec<u8>,
    escapes_html: bool,
    /// Two spaces a level, and each entry on its own line.
    is_pretty: bool,
    /// How many entries each open collection has so far, and whether it is a map.
    open: Vec<(usize, bool)>,
}

impl Writer {
    /// A writer that escapes `<`, `>` and `&` or not, on one line or many.
    pub fn new(escapes_html: bool, is_pretty: bool) -> Self {
        Self { out: Vec::new(), escapes_html, is_pretty, open: Vec::new() }
    }

    /// How many bytes are written so far.
    pub fn length(&self) -> usize {
        self.out.len()
    }

    /// The text.
    pub fn finish(self) -> Vec<u8> {
        self.out
    }

    /// `null`.
    pub fn null(&mut self) {
        self.raw(b"null");
    }

    /// `true` or `false`.
    pub fn bool(&mut self, value: bool) {
        self.raw(if value { b"true" } else { b"false" });
    }

    /// What is JSON already: the digits of an integer.
    pub fn raw(&mut self, text: &[u8]) {
        self.begin();
        self.out.extend_from_slice(text);
    }

    /// A finite float.
    pub fn float(&mut self, float: f64) {
        let text = float_text(float);
        self.raw(text.as_bytes());
    }

    /// A string or a key.
    pub fn string(&mut self, text: &[u8]) {
        self.begin();
        write_string(text, self.escapes_html, &mut self.out);
    }

    /// The begin of a list.
    pub fn begin_list(&mut self) {
        self.begin();
        self.out.push(b'[');
        self.open.push((0, false));
    }

    /// The end of a list.
    pub fn end_list(&mut self) {
        self.end(b']');
    }

    /// The begin of a map.
    pub fn begin_map(&mut self) {
        self.begin();
        self.out.push(b'{');
        self.open.push((0, true));
    }

    /// The end of a map.
    pub fn end_map(&mut self) {
        self.end(b'}');
    }

    fn begin(&mut self) {
        let Some((count, is_map)) = self.open.last_mut() else { return };
        let is_value = *is_map && *count % 2 == 1;
        let is_first = *count == 0;
        *count += 1;
        if is_value {
            self.out.push(b':');
            if self.is_pretty {
                self.out.push(b' ');
            }
            return;
        }
        if !is_first {
            self.out.push(b',');
        }
        self.line();
    }

    fn end(&mut self, bracket: u8) {
        let is_empty = self.open.pop().is_none_or(|(count, _)| count == 0);
        if !is_empty {
            self.line();
        }
        self.out.push(bracket);
    }

    fn line(&mut self) {
        if self.is_pretty {
            self.out.push(b'\n');
            self.out.extend(std::iter::repeat_n(b' ', 2 * self.open.len()));
        }
    }
}

/// A finite float as encoding/json writes it: in digits below 1e21, else `1e+21`; `1e-7`.
pub fn float_text(float: f64) -> String {
    let size = float.abs();
    if size == 0.0 || (1e-6..1e21).contains(&size) {
        formatted(float, b'f', None)
    } else {
        formatted(float, b'e', None).replacen("e-0", "e-", 1)
    }
}

/// A string in JSON. What is no UTF-8 becomes U+FFFD.
pub fn write_string(text: &[u8], escapes_html: bool, out: &mut Vec<u8>) {
    out.push(b'"');
    for chunk in text.utf8_chunks() {
        let mut copied = 0;
        let valid = chunk.valid();
        for (at, c) in valid.char_indices() {
            let short = match c {
                '"' => "\\\"",
                '\\' => "\\\\",
                '\n' => "\\n",
                '\r' => "\\r",
                '\t' => "\\t",
                '\u{8}' => "\\b",
                '\u{c}' => "\\f",
                '\0'..' ' | '\u{2028}' | '\u{2029}' => "",
                '<' | '>' | '&' if escapes_html => "",
                _ => continue,
            };
            out.extend_from_slice(&valid.as_bytes()[copied..at]);
            copied = at + c.len_utf8();
            if short.is_empty() {
                out.extend_from_slice(format!("\\u{:04x}", u32::from(c)).as_bytes());
            } else {
                out.extend_from_slice(short.as_bytes());
            }
        }
        out.extend_from_slice(&valid.as_bytes()[copied..]);
        // A byte that is no UTF-8 counts by itself.
        for _ in chunk.invalid() {
            out.extend_from_slice(b"\\ufffd");
        }
    }
    out.push(b'"');
}

/// Reads one JSON value; every number is a float. The error is Go's.
pub fn read(text: &[u8]) -> Result<Tree, String> {
    match read_on(text)? {
        (tree, None) => Ok(tree),
        (_, Some(error)) => Err(error),
    }
}

/// As [`read`], but goes on after a number that no float holds, which is null then: what Go's reader leaves, and its
/// error.
pub fn read_on(text: &[u8]) -> Result<(Tree, Option<String>), String> {
    let mut reader = Reader { text, at: 0, depth: 0, too_large: None };
    let tree = reader.value("looking for beginning of value")?;
    reader.blanks();
    if reader.peek().is_some() {
        return reader.unexpected("after top-level value");
    }
    let error = reader.too_large.map(|number| {
        format!("json: cannot unmarshal number {number} into Go value of type float64")
    });
    Ok((tree, error))
}

struct Reader<'t> {
    text: &'t [u8],
    at: usize,
    depth: usize,
    /// The first number that no float holds.
    too_large: Option<&'t str>,
}

/// Go allows 10,000; the stack of a thread less.
const DEEPEST: usize = 2_000;

impl<'t> Reader<'t> {
    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    fn blanks(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\r' | b'\n')) {
            self.at += 1;
        }
    }

    fn unexpected<T>(&self, place: &str) -> Result<T, String> {
        // At its end Go's reader tries a space, which only some places take.
        const NO_BLANKS: [&str; 5] =
            ["in literal", "numeric literal", "in exponent", "escape code", "character escape"];
        let b = match self.peek() {
            Some(b) => b,
            None if NO_BLANKS.iter().any(|part| place.contains(part)) => b' ',
            None => return Err("unexpected end of JSON input".to_owned()),
        };
        let shown = match b {
            b'\'' => "'\\''".to_owned(),
            b'"' => "'\"'".to_owned(),
            b => {
                // Go takes the byte for a character.
                let quoted = crate::text::go_quoted(char::from(b).to_string().as_bytes());
                let inner = String::from_utf8_lossy(&quoted[1..quoted.len() - 1]).into_owned();
                format!("'{inner}'")
            }
        };
        Err(format!("invalid character {shown} {place}"))
    }

    fn value(&mut self, place: &str) -> Result<Tree, String> {
        self.blanks();
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err("exceeded max depth".to_owned());
        }
        let tree = match self.peek() {
            Some(b'{') => self.map(),
            Some(b'[') => self.list(),
            Some(b'"') => self.string().map(Tree::String),
            Some(b't') => self.word("true").map(|()| Tree::Bool(true)),
            Some(b'f') => self.word("false").map(|()| Tree::Bool(false)),
            Some(b'n') => self.word("null").map(|()| Tree::Null),
            Some(b'-' | b'0'..=b'9') => self.number(),
            _ => self.unexpected(place),
        };
        self.depth -= 1;
        tree
    }

    fn word(&mut self, word: &str) -> Result<(), String> {
        for (index, b) in word.bytes().enumerate() {
            if self.peek() != Some(b) {
                return self.unexpected(&format!(
                    "in literal {word} (expecting '{}')",
                    &word[index..=index]
                ));
            }
            self.at += 1;
        }
        Ok(())
    }

    fn digits(&mut self) -> usize {
        let start = self.at;
        while self.peek().is_some_and(|b| b.is_ascii_digit()) {
            self.at += 1;
        }
        self.at - start
    }

    fn number(&mut self) -> Result<Tree, String> {
        let start = self.at;
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        match self.peek() {
            Some(b'0') => self.at += 1,
            _ if self.digits() > 0 => {}
            _ => return self.unexpected("in numeric literal"),
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            if self.digits() == 0 {
                return self.unexpected("after decimal point in numeric literal");
            }
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.at += 1;
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.at += 1;
            }
            if self.digits() == 0 {
                return self.unexpected("in exponent of numeric literal");
            }
        }
        let text: &'t [u8] = self.text;
        let text = std::str::from_utf8(&text[start..self.at]).unwrap_or_default();
        match text.parse::<f64>() {
            Ok(float) if float.is_finite() => Ok(Tree::Float(float)),
            _ => {
                self.too_large.get_or_insert(text);
                Ok(Tree::Null)
            }
        }
    }

    fn string(&mut self) -> Result<Vec<u8>, String> {
        self.at += 1;
        let mut out = Vec::new();
        loop {
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(String::from_utf8_lossy(&out).into_owned().into_bytes());
                }
                Some(b'\\') => {
                    self.at += 1;
                    self.escape(&mut out)?;
                }
                Some(0x20..) => {
                    out.push(self.text[self.at]);
                    self.at += 1;
                }
                _ => return self.unexpected("in string literal"),
            }
        }
    }

    fn escape(&mut self, out: &mut Vec<u8>) -> Result<(), String> {
        let b = match self.peek() {
            Some(b @ (b'"' | b'\\' | b'/')) => b,
            Some(b'b') => 8,
            Some(b'f') => 12,
            Some(b'n') => b'\n',
            Some(b'r') => b'\r',
            Some(b't') => b'\t',
            Some(b'u') => {
                self.at += 1;
                let first = self.hex()?;
                let mut code = first;
                if (0xd800..0xdc00).contains(&first) && self.text[self.at..].starts_with(b"\\u") {
                    let back = self.at;
                    self.at += 2;
                    let second = self.hex()?;
                    if (0xdc00..0xe000).contains(&second) {
                        code = 0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00);
                    } else {
                        self.at = back;
                    }
                }
                let c = char::from_u32(code).unwrap_or('\u{fffd}');
                out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
                return Ok(());
            }
            _ => return self.unexpected("in string escape code"),
        };
        self.at += 1;
        out.push(b);
        Ok(())
    }

    fn hex(&mut self) -> Result<u32, String> {
        let mut code = 0;
        for _ in 0..4 {
            let digit = self.peek().and_then(|b| char::from(b).to_digit(16));
            let Some(digit) = digit else {
                return self.unexpected("in \\u hexadecimal character escape");
            };
            code = code * 16 + digit;
            self.at += 1;
        }
        Ok(code)
    }

    fn list(&mut self) -> Result<Tree, String> {
        self.at += 1;
        let mut items = Vec::new();
        self.blanks();
        if self.peek() == Some(b']') {
            self.at += 1;
            return Ok(Tree::List(items));
        }
        loop {
            items.push(self.value("looking for beginning of value")?);
            self.blanks();
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(b']') => {
                    self.at += 1;
                    return Ok(Tree::List(items));
                }
                _ => return self.unexpected("after array element"),
            }
        }
    }

    fn map(&mut self) -> Result<Tree, String> {
        self.at += 1;
        let mut entries = Vec::new();
        self.blanks();
        if self.peek() == Some(b'}') {
            self.at += 1;
            return Ok(Tree::Map(entries));
        }
        loop {
            self.blanks();
            if self.peek() != Some(b'"') {
                return self.unexpected("looking for beginning of object key string");
            }
            let key = self.string()?;
            self.blanks();
            if self.peek() != Some(b':') {
                return self.unexpected("after object key");
            }
            self.at += 1;
            entries.push((key, self.value("looking for beginning of value")?));
            self.blanks();
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(b'}') => {
                    self.at += 1;
                    return Ok(Tree::map(entries));
                }
                _ => return self.unexpected("after object key:value pair"),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_are_in_go_words() {
        for (text, error) in [
            ("a", "invalid character 'a' looking for beginning of value"),
            ("", "unexpected end of JSON input"),
            ("{\"a\" 1}", "invalid character '1' after object key"),
            ("[1 2]", "invalid character '2' after array element"),
            ("nul ", "invalid character ' ' in literal null (expecting 'l')"),
            ("1 x", "invalid character 'x' after top-level value"),
        ] {
            assert_eq!(read(text.as_bytes()).unwrap_err(), error);
        }
    }

    #[test]
    fn floats() {
        for (float, text) in [
            (1e6, "1000000"),
            (1e21, "1e+21"),
            (1e-7, "1e-7"),
            (0.000001, "0.000001"),
            (-0.0, "-0"),
        ] {
            assert_eq!(float_text(float), text);
        }
    }
}

//! Strings of values, as Go's `fmt` makes them.
//!
//! A map can hold itself, and a list can be nested as deep as a template likes, so all functions here fail
//! where Go would not come back: at a depth of [`MAX_DEPTH`] and a string of [`MAX_TEXT`] bytes.

use crate::{
    Fault, Limit, Value,
    number::{self, can_backquote, push_char, quote_char, quote_with},
    value::{Kind, Object},
};

/// How deep values are nested that can be printed.
pub const MAX_DEPTH: u32 = 1_000;
/// The longest text that is made of values, in bytes.
pub(crate) const MAX_TEXT: usize = 64 << 20;
/// Widths and precisions beyond this are refused by Go too.
const MAX_NUMBER: i64 = 1_000_000;

/// Appends the value as `%v` prints it.
pub fn display(out: &mut Vec<u8>, value: Value<'_>) -> Result<(), Fault> {
    match value {
        // What is printed most.
        Value::Str(text) => out.extend_from_slice(text),
        _ => Printer::new(out).argument(value, 'v')?,
    }
    Ok(())
}

/// Appends the value as an action prints it: what a pointer points to, and nothing for an address.
pub(crate) fn print(out: &mut Vec<u8>, value: Value<'_>) -> Result<(), Fault> {
    if let Value::Object(object) = value
        && let Some(text) = object.printed()
    {
        out.extend_from_slice(&text);
        return Ok(());
    }
    let mut printer = Printer::new(out);
    printer.through_pointers = true;
    printer.argument(value, 'v')
}

/// Appends what `fmt.Sprint` makes of the arguments: spaces between two that are no strings.
pub(crate) fn sprint(out: &mut Vec<u8>, args: &[Value<'_>]) -> Result<(), Fault> {
    let mut previous_is_string = true;
    for arg in args {
        let is_string = matches!(arg, Value::Str(_));
        if !is_string && !previous_is_string {
            out.push(b' ');
        }
        previous_is_string = is_string;
        display(out, *arg)?;
    }
    Ok(())
}

/// Appends what `fmt.Sprintln` makes of the arguments: spaces between all, and a line break.
pub(crate) fn sprintln(out: &mut Vec<u8>, args: &[Value<'_>]) -> Result<(), Fault> {
    for (at, arg) in args.iter().enumerate() {
        if at > 0 {
            out.push(b' ');
        }
        display(out, *arg)?;
    }
    out.push(b'\n');
    Ok(())
}

/// Appends what `fmt.Sprintf` makes of the format and the arguments.
pub(crate) fn sprintf(out: &mut Vec<u8>, format: &[u8], args: &[Value<'_>]) -> Result<(), Fault> {
    Directives {
        format,
        at: 0,
        args,
        next: 0,
        reordered: false,
        index_is_good: true,
        after_index: false,
    }
    .print(&mut Printer::new(out))
}

/// A format while it is read.
struct Directives<'f, 'a> {
    format: &'f [u8],
    at: usize,
    args: &'f [Value<'a>],
    next: usize,
    /// Whether an index like `[2]` was used at all, which takes away the complaint about surplus arguments.
    reordered: bool,
    index_is_good: bool,
    /// Whether the last thing read was an index.
    after_index: bool,
}

impl Directives<'_, '_> {
    fn print(mut self, p: &mut Printer<'_>) -> Result<(), Fault> {
        let mut any_reordered = false;
        while self.at < self.format.len() {
            let text = &self.format[self.at..];
            let literal = memchr::memchr(b'%', text).unwrap_or(text.len());
            p.out.extend_from_slice(&text[..literal]);
            p.check()?;
            self.at += literal + 1;
            if literal == text.len() {
                break;
            }
            self.directive(p)?;
            any_reordered |= self.reordered;
        }
        if !any_reordered && self.next < self.args.len() {
            p.flags = Flags::default();
            p.out.extend_from_slice(b"%!(EXTRA ");
            for (at, arg) in self.args[self.next..].iter().enumerate() {
                if at > 0 {
                    p.out.extend_from_slice(b", ");
                }
                p.out.extend_from_slice(arg.type_name().as_bytes());
                if !matches!(arg, Value::Nil) {
                    p.out.push(b'=');
                    p.argument(*arg, 'v')?;
                }
            }
            p.out.push(b')');
        }
        Ok(())
    }

    fn directive(&mut self, p: &mut Printer<'_>) -> Result<(), Fault> {
        p.flags = Flags::default();
        (self.after_index, self.index_is_good, self.reordered) = (false, true, false);
        while let Some(flag) = self.peek() {
            match flag {
                b'#' => p.flags.sharp = true,
                b'0' => p.flags.zero = true,
                b'+' => p.flags.plus = true,
                b'-' => p.flags.minus = true,
                b' ' => p.flags.space = true,
                _ => break,
            }
            self.at += 1;
        }
        self.index();
        if self.peek() == Some(b'*') {
            self.at += 1;
            p.flags.width = self.star();
            match p.flags.width {
                None => p.out.extend_from_slice(b"%!(BADWIDTH)"),
                Some(width) if width < 0 => {
                    p.flags.width = Some(-width);
                    p.flags.minus = true;
                    p.flags.zero = false;
                }
                _ => {}
            }
            self.after_index = false;
        } else {
            p.flags.width = self.number();
            if self.after_index && p.flags.width.is_some() {
                self.index_is_good = false;
            }
        }
        if self.peek() == Some(b'.') && self.at + 1 < self.format.len() {
            self.at += 1;
            if self.after_index {
                self.index_is_good = false;
            }
            self.index();
            if self.peek() == Some(b'*') {
                self.at += 1;
                p.flags.precision = self.star().filter(|&precision| precision >= 0);
                if p.flags.precision.is_none() {
                    p.out.extend_from_slice(b"%!(BADPREC)");
                }
                self.after_index = false;
            } else {
                p.flags.precision = Some(self.number().unwrap_or(0));
            }
        }
        if !self.after_index {
            self.index();
        }
        let Some(verb) = self.verb() else {
            p.out.extend_from_slice(b"%!(NOVERB)");
            return Ok(());
        };
        if verb == '%' {
            p.out.push(b'%');
        } else if !self.index_is_good {
            bad(p.out, verb, "BADINDEX");
        } else if let Some(&arg) = self.args.get(self.next) {
            self.next += 1;
            if matches!(verb, 'v' | 'w') {
                p.flags.sharp_v = std::mem::take(&mut p.flags.sharp);
                p.flags.plus_v = std::mem::take(&mut p.flags.plus);
            }
            p.argument(arg, verb)?;
        } else {
            bad(p.out, verb, "MISSING");
        }
        Ok(())
    }

    fn peek(&self) -> Option<u8> {
        self.format.get(self.at).copied()
    }

    /// The verb: a character; of a byte that is none, the replacement character.
    fn verb(&mut self) -> Option<char> {
        let rest = self.format.get(self.at..).filter(|rest| !rest.is_empty())?;
        let head = &rest[..rest.len().min(4)];
        let chunk = head.utf8_chunks().next()?;
        let verb = chunk.valid().chars().next();
        self.at += verb.map_or(1, char::len_utf8);
        Some(verb.unwrap_or(char::REPLACEMENT_CHARACTER))
    }

    /// A number of digits; none where there are no digits or too large a number.
    fn number(&mut self) -> Option<i64> {
        let start = self.at;
        let mut number = 0;
        while let Some(digit @ b'0'..=b'9') = self.peek() {
            if number > MAX_NUMBER {
                // Go reads no further then, so there is no verb.
                self.at = self.format.len();
                return None;
            }
            number = number * 10 + i64::from(digit - b'0');
            self.at += 1;
        }
        (self.at > start).then_some(number)
    }

    /// The number that an argument gives for `*`.
    fn star(&mut self) -> Option<i64> {
        let arg = self.args.get(self.next)?;
        self.next += 1;
        let number = match *arg {
            Value::Int(n, _) => n,
            Value::Uint(n, _) => i64::try_from(n).ok()?,
            _ => return None,
        };
        (-MAX_NUMBER..=MAX_NUMBER).contains(&number).then_some(number)
    }

    /// An index like `[2]`, if there is one here.
    fn index(&mut self) {
        self.after_index = false;
        if self.peek() != Some(b'[') {
            return;
        }
        self.reordered = true;
        let rest = &self.format[self.at..];
        let Some(end) = memchr::memchr(b']', rest).filter(|_| rest.len() > 2) else {
            self.index_is_good = false;
            self.at += 1;
            return;
        };
        let digits = &rest[1..end];
        let all_digits = !digits.is_empty() && digits.iter().all(u8::is_ascii_digit);
        let index = std::str::from_utf8(digits)
            .ok()
            .filter(|_| all_digits)
            .and_then(|digits| digits.parse::<usize>().ok());
        self.at += end + 1;
        match index {
            Some(index) if index >= 1 && index <= self.args.len() => {
                self.next = index - 1;
                self.after_index = true;
            }
            _ => {
                self.index_is_good = false;
                self.after_index = index.is_some();
            }
        }
    }
}

fn bad(out: &mut Vec<u8>, verb: char, problem: &str) {
    out.extend_from_slice(b"%!");
    push_char(out, verb);
    out.extend_from_slice(format!("({problem})").as_bytes());
}

#[derive(Clone, Copy, Default)]
struct Flags {
    width: Option<i64>,
    precision: Option<i64>,
    sharp: bool,
    zero: bool,
    plus: bool,
    minus: bool,
    space: bool,
    /// `%#v`
    sharp_v: bool,
    /// `%+v`
    plus_v: bool,
}

struct Printer<'o> {
    out: &'o mut Vec<u8>,
    start: usize,
    flags: Flags,
    /// The outermost value is printed without the `&` that says it is a pointer.
    through_pointers: bool,
}

impl<'o> Printer<'o> {
    fn new(out: &'o mut Vec<u8>) -> Self {
        let start = out.len();
        Self { out, start, flags: Flags::default(), through_pointers: false }
    }

    fn check(&self) -> Result<(), Fault> {
        if self.out.len() - self.start > MAX_TEXT {
            Err(Fault::Limit(Limit::Memory))
        } else {
            Ok(())
        }
    }

    fn precision(&self) -> Option<usize> {
        self.flags.precision.and_then(|n| usize::try_from(n).ok())
    }

    /// An argument of its own, not one within another.
    fn argument(&mut self, value: Value<'_>, verb: char) -> Result<(), Fault> {
        match (value, verb) {
            (Value::Nil, 'T' | 'v') => {
                self.pad(b"<nil>");
                Ok(())
            }
            (_, 'T') => {
                self.string(value.type_name().as_bytes(), 's');
                Ok(())
            }
            (_, 'p') => self.pointer(value, verb),
            // Only errors can be wrapped, and a template has none.
            (
                Value::Nil | Value::List(_) | Value::Map(..) | Value::Object(_) | Value::Func(_),
                'w',
            ) => self.bad_verb(value, verb),
            _ => self.value(value, verb, 0),
        }
    }

    fn value(&mut self, value: Value<'_>, verb: char, depth: u32) -> Result<(), Fault> {
        self.check()?;
        if depth > MAX_DEPTH {
            return Err(Fault::Limit(Limit::Depth));
        }
        match value {
            Value::Nil if depth == 0 => return self.bad_verb(value, verb),
            Value::Nil => self.out.extend_from_slice(if self.flags.sharp_v {
                b"interface {}(nil)"
            } else {
                b"<nil>"
            }),
            Value::Bool(b) if matches!(verb, 't' | 'v') => {
                self.pad(if b { b"true" } else { b"false" })
            }
            Value::Int(n, _) if is_integer_verb(verb) => {
                self.integer(n.unsigned_abs(), n < 0, verb, true)
            }
            Value::Uint(n, _) if is_integer_verb(verb) => self.integer(n, false, verb, false),
            Value::Float(n) if is_float_verb(verb) => self.float(n, verb),
            Value::Complex(real, imaginary) if is_float_verb(verb) => {
                self.out.push(b'(');
                self.float(real, verb);
                let plus = std::mem::replace(&mut self.flags.plus, true);
                self.float(imaginary, verb);
                self.flags.plus = plus;
                self.out.extend_from_slice(b"i)");
            }
            Value::Str(text) if is_string_verb(verb) => self.string(text, verb),
            Value::Bytes(text) if matches!(verb, 's' | 'x' | 'X' | 'q') => self.string(text, verb),
            Value::Bytes(bytes) => {
                let name =
                    if depth == 0 && matches!(verb, 'v' | 'd') { "[]byte" } else { "[]uint8" };
                let items = bytes
                    .iter()
                    .map(|&byte| Value::Uint(u64::from(byte), crate::value::UintType::Uint8));
                self.sequence(name, items, verb, depth)?;
            }
            Value::List(list) => {
                if list.is_nil && self.flags.sharp_v {
                    self.out.extend_from_slice(list.ty.name.as_bytes());
                    self.out.extend_from_slice(b"(nil)");
                } else {
                    self.sequence(list.ty.name, list.values(), verb, depth)?;
                }
            }
            Value::Map(map, ty) => {
                if self.flags.sharp_v {
                    self.out.extend_from_slice(ty.name.as_bytes());
                    if map.is_nil() {
                        self.out.extend_from_slice(b"(nil)");
                        return Ok(());
                    }
                }
                self.out.extend_from_slice(if self.flags.sharp_v { b"{" } else { b"map[" });
                for (at, entry) in map.iter().enumerate() {
                    if at > 0 {
                        self.out.extend_from_slice(if self.flags.sharp_v { b", " } else { b" " });
                    }
                    self.value(Value::Str(entry.key), verb, depth + 1)?;
                    self.out.push(b':');
                    self.value(entry.value, verb, depth + 1)?;
                }
                self.out.push(if self.flags.sharp_v { b'}' } else { b']' });
            }
            Value::Object(object) => match object.integer() {
                Some(n) if is_integer_verb(verb) && !is_string_verb(verb) => {
                    self.integer(n.unsigned_abs(), n < 0, verb, true);
                }
                _ => self.object(value, object, verb, depth)?,
            },
            Value::Func(_) => return self.pointer(value, verb),
            _ => return self.bad_verb(value, verb),
        }
        Ok(())
    }

    fn sequence<'a>(
        &mut self,
        name: &str,
        items: impl Iterator<Item = Value<'a>>,
        verb: char,
        depth: u32,
    ) -> Result<(), Fault> {
        let sharp_v = self.flags.sharp_v;
        if sharp_v {
            self.out.extend_from_slice(name.as_bytes());
        }
        self.out.push(if sharp_v { b'{' } else { b'[' });
        for (at, item) in items.enumerate() {
            if at > 0 {
                self.out.extend_from_slice(if sharp_v { b", " } else { b" " });
            }
            self.value(item, verb, depth + 1)?;
        }
        self.out.push(if sharp_v { b'}' } else { b']' });
        Ok(())
    }

    fn object<'a>(
        &mut self,
        value: Value<'a>,
        object: &dyn Object<'a>,
        verb: char,
        depth: u32,
    ) -> Result<(), Fault> {
        let ty = object.object_type();
        if object.is_nil() {
            if self.flags.sharp_v {
                self.out.extend_from_slice(format!("({})(nil)", ty.name).as_bytes());
            } else if verb == 'v' {
                self.pad(b"<nil>");
            } else {
                self.bad_verb(value, verb)?;
            }
            return Ok(());
        }
        if is_string_verb(verb)
            && !self.flags.sharp_v
            && let Some(text) = object.text()
        {
            self.string(&text, verb);
            return Ok(());
        }
        let mut name = ty.name;
        if ty.kind == Kind::Ptr {
            if depth > 0 {
                return self.pointer(value, verb);
            }
            name = name.trim_start_matches('*');
            if !self.through_pointers {
                self.out.push(b'&');
            }
        }
        if self.flags.sharp_v {
            self.out.extend_from_slice(name.as_bytes());
        }
        self.out.push(b'{');
        for (at, (field, value)) in object.fields().iter().enumerate() {
            if at > 0 {
                self.out.extend_from_slice(if self.flags.sharp_v { b", " } else { b" " });
            }
            if self.flags.plus_v || self.flags.sharp_v {
                self.out.extend_from_slice(field.as_bytes());
                self.out.push(b':');
            }
            self.value(*value, verb, depth + 1)?;
        }
        self.out.push(b'}');
        Ok(())
    }

    /// An address. There is none that means anything, so it is always the same.
    fn pointer(&mut self, value: Value<'_>, verb: char) -> Result<(), Fault> {
        let has_one =
            matches!(value, Value::Map(..) | Value::List(_) | Value::Bytes(_) | Value::Func(_))
                || matches!(value, Value::Object(o) if o.object_type().kind == Kind::Ptr);
        if !has_one {
            return self.bad_verb(value, verb);
        }
        match verb {
            'v' | 'p' => self.pad(b"0xc000000000"),
            'b' | 'o' | 'd' | 'x' | 'X' => self.integer(0xc0_0000_0000, false, verb, false),
            _ => return self.bad_verb(value, verb),
        }
        Ok(())
    }

    fn bad_verb(&mut self, value: Value<'_>, verb: char) -> Result<(), Fault> {
        self.out.extend_from_slice(b"%!");
        push_char(self.out, verb);
        self.out.push(b'(');
        self.out.extend_from_slice(value.type_name().as_bytes());
        if !matches!(value, Value::Nil) {
            self.out.push(b'=');
            if matches!(value, Value::Func(_)) {
                self.pad(b"0xc000000000");
            } else {
                self.value(value, 'v', 0)?;
            }
        }
        self.out.push(b')');
        Ok(())
    }

    /// Appends the text with spaces or zeros up to the width, which counts characters.
    fn pad(&mut self, text: &[u8]) {
        let width = self.flags.width.and_then(|n| usize::try_from(n).ok()).unwrap_or(0);
        let missing = if width == 0 { 0 } else { width.saturating_sub(characters(text)) };
        if self.flags.minus {
            self.out.extend_from_slice(text);
            self.fill(missing);
        } else {
            self.fill(missing);
            self.out.extend_from_slice(text);
        }
    }

    fn fill(&mut self, count: usize) {
        let byte = if self.flags.zero && !self.flags.minus { b'0' } else { b' ' };
        self.out.extend(std::iter::repeat_n(byte, count));
    }

    fn string(&mut self, text: &[u8], verb: char) {
        match verb {
            'v' if self.flags.sharp_v => self.quoted(text),
            'q' => self.quoted(text),
            'x' | 'X' => self.hexadecimal(text, verb == 'X'),
            _ => self.pad(self.cut(text)),
        }
    }

    /// As many characters as the precision allows.
    fn cut<'t>(&self, text: &'t [u8]) -> &'t [u8] {
        let Some(precision) = self.precision() else { return text };
        let mut left = precision;
        let mut length = 0;
        for chunk in text.utf8_chunks() {
            for c in chunk.valid().chars() {
                if left == 0 {
                    return &text[..length];
                }
                left -= 1;
                length += c.len_utf8();
            }
            for _ in chunk.invalid() {
                if left == 0 {
                    return &text[..length];
                }
                left -= 1;
                length += 1;
            }
        }
        text
    }

    fn quoted(&mut self, text: &[u8]) {
        let text = self.cut(text);
        let mut quoted = Vec::with_capacity(text.len() + 2);
        if self.flags.sharp && can_backquote(text) {
            quoted.push(b'`');
            quoted.extend_from_slice(text);
            quoted.push(b'`');
        } else {
            quote_with(&mut quoted, text, b'"', self.flags.plus);
        }
        self.pad(&quoted);
    }

    fn hexadecimal(&mut self, text: &[u8], upper: bool) {
        let text = &text[..self.precision().unwrap_or(text.len()).min(text.len())];
        let prefix = if upper { "0X" } else { "0x" };
        let mut digits = String::with_capacity(text.len() * 2);
        for (at, byte) in text.iter().enumerate() {
            if self.flags.space && at > 0 {
                digits.push(' ');
            }
            if self.flags.sharp && (self.flags.space || at == 0) {
                digits.push_str(prefix);
            }
            digits.push_str(&if upper { format!("{byte:02X}") } else { format!("{byte:02x}") });
        }
        self.pad(digits.as_bytes());
    }

    fn integer(&mut self, n: u64, negative: bool, verb: char, signed: bool) {
        match verb {
            'v' if self.flags.sharp_v && !signed => {
                self.flags.sharp = true;
                self.digits(n, negative, 'x');
                self.flags.sharp = false;
            }
            'c' => {
                let mut text = Vec::new();
                push_char(&mut text, character(n, negative));
                self.pad(&text);
            }
            'q' => {
                let mut text = vec![b'\''];
                quote_char(&mut text, character(n, negative), b'\'', self.flags.plus);
                text.push(b'\'');
                self.pad(&text);
            }
            'U' => self.code_point(if negative { n.wrapping_neg() } else { n }),
            _ => self.digits(n, negative, verb),
        }
    }

    fn digits(&mut self, n: u64, negative: bool, verb: char) {
        let mut digits = match verb {
            'b' => format!("{n:b}"),
            'o' | 'O' => format!("{n:o}"),
            'x' => format!("{n:x}"),
            'X' => format!("{n:X}"),
            _ => n.to_string(),
        };
        let signed = negative || self.flags.plus || self.flags.space;
        if let Some(precision) = self.precision() {
            if precision == 0 && n == 0 {
                self.flags.zero = false;
                return self.fill(self.flags.width.unwrap_or(0) as usize);
            }
            zeros(&mut digits, precision);
        } else if self.flags.zero
            && !self.flags.minus
            && let Some(width) = self.flags.width
        {
            let width = (width as usize).saturating_sub(usize::from(signed));
            zeros(&mut digits, width);
        }
        let prefix = match verb {
            'b' if self.flags.sharp => "0b",
            'o' if self.flags.sharp && !digits.starts_with('0') => "0",
            'x' if self.flags.sharp => "0x",
            'X' if self.flags.sharp => "0X",
            'O' if self.flags.sharp && !digits.starts_with('0') => "0o0",
            'O' => "0o",
            _ => "",
        };
        let sign = if negative {
            "-"
        } else if self.flags.plus {
            "+"
        } else if self.flags.space {
            " "
        } else {
            ""
        };
        let zero = std::mem::take(&mut self.flags.zero);
        self.pad(format!("{sign}{prefix}{digits}").as_bytes());
        self.flags.zero = zero;
    }

    fn code_point(&mut self, n: u64) {
        let precision = self.precision().unwrap_or(0).max(4);
        let mut digits = format!("{n:X}");
        zeros(&mut digits, precision);
        let mut text = format!("U+{digits}");
        if self.flags.sharp
            && let Some(c) = u32::try_from(n).ok().and_then(char::from_u32)
            && number::is_print(c)
        {
            text.push_str(&format!(" '{c}'"));
        }
        let zero = std::mem::take(&mut self.flags.zero);
        self.pad(text.as_bytes());
        self.flags.zero = zero;
    }

    fn float(&mut self, n: f64, verb: char) {
        let (format, default) = match verb {
            'v' => (b'g', None),
            'F' | 'f' => (b'f', Some(6)),
            'e' | 'E' => (verb as u8, Some(6)),
            _ => (verb as u8, None),
        };
        let precision = self.precision().or(default);
        let mut text = Vec::new();
        number::float(&mut text, n, format, precision);
        if !matches!(text[0], b'-' | b'+') {
            text.insert(0, b'+');
        }
        if self.flags.space && text[0] == b'+' && !self.flags.plus {
            text[0] = b' ';
        }
        if n.is_infinite() || n.is_nan() {
            let zero = std::mem::take(&mut self.flags.zero);
            if n.is_nan() && !self.flags.space && !self.flags.plus {
                text.remove(0);
            }
            self.pad(&text);
            self.flags.zero = zero;
            return;
        }
        if self.flags.sharp && format != b'b' {
            self.all_digits(&mut text, format, precision);
        }
        self.signed(&text);
    }

    /// Pads a number with a sign: zeros go between the sign and the digits.
    fn signed(&mut self, text: &[u8]) {
        if !self.flags.plus && text[0] == b'+' {
            return self.pad(&text[1..]);
        }
        let width = self.flags.width.unwrap_or(0) as usize;
        if self.flags.zero && !self.flags.minus && width > text.len() {
            self.out.push(text[0]);
            self.fill(width - text.len());
            self.out.extend_from_slice(&text[1..]);
        } else {
            self.pad(text);
        }
    }

    /// `%#g`: a point always, and the zeros at the end that the precision asks for.
    fn all_digits(&self, text: &mut Vec<u8>, format: u8, precision: Option<usize>) {
        let wanted = match format {
            b'g' | b'G' | b'x' => precision.unwrap_or(6) as i64,
            _ => 0,
        };
        let mark: &[u8] = if matches!(format, b'x' | b'X') { b"pP" } else { b"eE" };
        let end = text.iter().position(|b| mark.contains(b)).unwrap_or(text.len());
        let tail = text.split_off(end);
        // The x of 0x counts as a digit.
        let digits = &text[1..];
        let mut left = wanted;
        let mut seen = false;
        let mut has_point = false;
        for &byte in digits {
            if byte == b'.' {
                has_point = true;
            } else {
                seen |= byte != b'0';
                if seen {
                    left -= 1;
                }
            }
        }
        if !has_point {
            // A lone 0 counts as a digit here.
            if digits.len() == 1 && digits[0] == b'0' {
                left -= 1;
            }
            text.push(b'.');
        }
        text.extend(std::iter::repeat_n(b'0', usize::try_from(left).unwrap_or(0)));
        text.extend_from_slice(&tail);
    }
}

/// Puts zeros before the digits, up to the length.
fn zeros(digits: &mut String, length: usize) {
    digits.insert_str(0, &"0".repeat(length.saturating_sub(digits.len())));
}

fn characters(text: &[u8]) -> usize {
    text.utf8_chunks().map(|chunk| chunk.valid().chars().count() + chunk.invalid().len()).sum()
}

/// The character of a number; of one that is none, the replacement character.
fn character(n: u64, negative: bool) -> char {
    u32::try_from(n)
        .ok()
        .filter(|_| !negative)
        .and_then(char::from_u32)
        .unwrap_or(char::REPLACEMENT_CHARACTER)
}

fn is_integer_verb(verb: char) -> bool {
    matches!(verb, 'v' | 'd' | 'b' | 'o' | 'O' | 'x' | 'X' | 'c' | 'q' | 'U')
}

fn is_float_verb(verb: char) -> bool {
    matches!(verb, 'v' | 'b' | 'e' | 'E' | 'f' | 'F' | 'g' | 'G' | 'x' | 'X')
}

fn is_string_verb(verb: char) -> bool {
    matches!(verb, 'v' | 's' | 'x' | 'X' | 'q')
}

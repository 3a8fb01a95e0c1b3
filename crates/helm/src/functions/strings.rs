//! Strings.

use go_template::number::parse_int;
use go_template::value::{Map, STRING_MAP, STRINGS};
use jinnacle_functions::{text, words};

use super::*;
use crate::Host;
use crate::cast;

pub static TABLE: &[Function] = &[
    Function::new("hello", &[], |rt, _| string(rt, "Hello!")),
    Function::new("abbrev", &[I, S], |rt, a| {
        string(rt, text::abbrev(0, a[0].integer(), a[1].text()))
    }),
    Function::new("abbrevboth", &[I, I, S], |rt, a| {
        let (left, right) = (a[0].integer(), a[1].integer());
        if right < 4 || left > 0 && right < 7 {
            return Ok(a[2]);
        }
        string(rt, text::abbrev(left, right, a[2].text()))
    }),
    Function::new("trunc", &[I, S], |_, a| {
        Ok(Value::Str(text::trunc(a[0].integer(), a[1].text())))
    }),
    Function::new("trim", &[S], |_, a| Ok(Value::Str(text::trim_space(a[0].text())))),
    Function::new("upper", &[S], |rt, a| string(rt, text::to_upper(&utf8(a[0])))),
    Function::new("lower", &[S], |rt, a| string(rt, text::to_lower(&utf8(a[0])))),
    Function::new("title", &[S], |rt, a| string(rt, text::title(&utf8(a[0])))),
    Function::new("untitle", &[S], |rt, a| string(rt, text::untitle(&utf8(a[0])))),
    Function::new("substr", &[I, I, S], |_, a| {
        text::substr(a[0].integer(), a[1].integer(), a[2].text()).map(Value::Str).map_err(message)
    }),
    Function::new("repeat", &[I, S], |rt, a| {
        let count = size(a[0].integer(), "strings: negative Repeat count")?;
        rt.reserve(count.saturating_mul(a[1].text().len()))?;
        string(rt, a[1].text().repeat(count))
    }),
    Function::new("trimall", &[S, S], trim_all),
    Function::new("trimAll", &[S, S], trim_all),
    Function::new("trimSuffix", &[S, S], |_, a| {
        Ok(Value::Str(a[1].text().strip_suffix(a[0].text()).unwrap_or(a[1].text())))
    }),
    Function::new("trimPrefix", &[S, S], |_, a| {
        Ok(Value::Str(a[1].text().strip_prefix(a[0].text()).unwrap_or(a[1].text())))
    }),
    Function::new("nospace", &[S], |rt, a| {
        // Bytes are taken for characters of Latin-1; a string without spaces stays as it is.
        let chars = a[0].text().iter().map(|&b| char::from(b));
        if !chars.clone().any(char::is_whitespace) {
            return Ok(a[0]);
        }
        string(rt, chars.filter(|c| !c.is_whitespace()).collect::<String>())
    }),
    Function::new("initials", &[S], |rt, a| string(rt, text::initials(a[0].text()))),
    Function::new("swapcase", &[S], |rt, a| string(rt, text::swapcase(&utf8(a[0])))),
    Function::new("snakecase", &[S], |rt, a| string(rt, words::snakecase(&utf8(a[0])))),
    Function::new("camelcase", &[S], |rt, a| string(rt, words::camelcase(&utf8(a[0])))),
    Function::new("kebabcase", &[S], |rt, a| string(rt, words::kebabcase(&utf8(a[0])))),
    Function::new("wrap", &[I, S], |rt, a| {
        string(rt, words::wrap(a[0].integer(), b"\n", a[1].text(), false))
    }),
    Function::new("wrapWith", &[I, S, S], |rt, a| {
        let (width, line_break) = (a[0].integer(), a[1].text());
        let lines = a[2].text().len() / usize::try_from(width).unwrap_or(1).max(1);
        rt.reserve(lines.saturating_mul(line_break.len()))?;
        let line_break = if line_break.is_empty() { b"\n" } else { line_break };
        string(rt, words::wrap(width, line_break, a[2].text(), true))
    }),
    Function::new("contains", &[S, S], |_, a| bool(text::find(a[1].text(), a[0].text()).is_some())),
    Function::new("hasPrefix", &[S, S], |_, a| bool(a[1].text().starts_with(a[0].text()))),
    Function::new("hasSuffix", &[S, S], |_, a| bool(a[1].text().ends_with(a[0].text()))),
    Function::variadic("quote", &[A], |rt, a| {
        let mut out = Vec::new();
        for value in a.iter().filter(|value| !matches!(value, Value::Nil)) {
            if !out.is_empty() {
                out.push(b' ');
            }
            go_template::number::quote(&mut out, &cast::text(*value)?);
        }
        string(rt, out)
    }),
    Function::variadic("squote", &[A], |rt, a| {
        let mut out = Vec::new();
        for value in a.iter().filter(|value| !matches!(value, Value::Nil)) {
            out.extend_from_slice(if out.is_empty() { b"'" } else { b" '" });
            go_template::format::display(&mut out, *value)?;
            out.push(b'\'');
        }
        string(rt, out)
    }),
    Function::variadic("cat", &[A], |rt, a| {
        let mut out = Vec::new();
        for (index, value) in a.iter().filter(|value| !matches!(value, Value::Nil)).enumerate() {
            if index > 0 {
                out.push(b' ');
            }
            go_template::format::display(&mut out, *value)?;
        }
        string(rt, out)
    }),
    Function::new("indent", &[I, S], |rt, a| {
        let out = indented(rt, a)?;
        string(rt, out)
    }),
    Function::new("nindent", &[I, S], |rt, a| {
        let mut out = vec![b'\n'];
        out.extend(indented(rt, a)?);
        string(rt, out)
    }),
    Function::new("replace", &[S, S, S], |rt, a| {
        let (from, to, text) = (a[0].text(), a[1].text(), a[2].text());
        rt.reserve((text.len() / from.len().max(1)).saturating_mul(to.len()))?;
        string(rt, text::replace(text, from, to))
    }),
    Function::new("plural", &[S, S, I], |_, a| Ok(if a[2].integer() == 1 { a[0] } else { a[1] })),
    Function::new("toString", &[A], |rt, a| string(rt, cast::text(a[0])?)),
    Function::new("toStrings", &[A], |rt, a| Ok(rt.strings(cast::texts(a[0])?))),
    Function::new("split", &[S, S], |rt, a| {
        Ok(parts(rt, text::split(a[1].text(), a[0].text(), -1)))
    }),
    Function::new("splitn", &[S, I, S], |rt, a| {
        Ok(parts(rt, text::split(a[2].text(), a[0].text(), a[1].integer())))
    }),
    Function::new("splitList", &[S, S], |rt, a| {
        let parts = text::split(a[1].text(), a[0].text(), -1);
        Ok(rt.typed_list(&STRINGS, parts.into_iter().map(Value::Str)))
    }),
    Function::new("join", &[S, A], |rt, a| {
        let texts = cast::texts(a[1])?;
        rt.reserve(texts.len().saturating_mul(a[0].text().len()))?;
        string(rt, texts.join(a[0].text()))
    }),
    Function::new("sortAlpha", &[A], |rt, a| {
        let mut texts = match a[0] {
            // A nil one is not copied.
            Value::List(list) if list.is_nil && list.ty.elem == Type::String => return Ok(a[0]),
            list @ (Value::List(_) | Value::Bytes(_)) => cast::texts(list)?,
            other => vec![cast::text(other)?],
        };
        texts.sort();
        Ok(rt.strings(texts))
    }),
    Function::new("shuffle", &[S], |rt, a| {
        let mut stream = Host::of(rt)?.draw("shuffle");
        string(rt, stream.shuffled(&utf8(a[0])))
    }),
    Function::new("randAlphaNum", &[I], |rt, a| {
        random(rt, a, "randAlphaNum", u8::is_ascii_alphanumeric)
    }),
    Function::new("randAlpha", &[I], |rt, a| random(rt, a, "randAlpha", u8::is_ascii_alphabetic)),
    Function::new("randNumeric", &[I], |rt, a| random(rt, a, "randNumeric", u8::is_ascii_digit)),
    Function::new("randAscii", &[I], |rt, a| {
        random(rt, a, "randAscii", |b| b.is_ascii_graphic() || *b == b' ')
    }),
    Function::new("randBytes", &[I], |rt, a| {
        let count = size(a[0].integer(), "runtime error: makeslice: len out of range")?;
        rt.reserve(count.saturating_mul(2))?;
        let mut stream = Host::of(rt)?.draw("randBytes");
        let bytes: Vec<u8> = (0..count).map(|_| stream.bytes::<1>()[0]).collect();
        string(rt, jinnacle_functions::encoding::base64(&bytes))
    }),
    Function::new("uuidv4", &[], |rt, _| {
        let mut stream = Host::of(rt)?.draw("uuidv4");
        string(rt, stream.uuid())
    }),
    Function::new("atoi", &[S], |_, a| {
        Ok(Value::int(jinnacle_functions::number::atoi(&utf8(a[0]))))
    }),
    Function::new("toDecimal", &[A], |_, a| {
        let octal = parse_int(&String::from_utf8_lossy(&cast::text(a[0])?), 8);
        Ok(Value::int64(octal.unwrap_or(0)))
    }),
];

fn trim_all<'a>(_: &mut Runtime<'a>, a: &[Value<'a>]) -> Answer<'a> {
    Ok(Value::Str(text::trim_set(a[1].text(), a[0].text())))
}

fn indented<'a>(rt: &mut Runtime<'a>, a: &[Value<'a>]) -> Result<Vec<u8>, Fault> {
    let blanks = size(a[0].integer(), "strings: negative Repeat count")?;
    let text = a[1].text();
    let lines = text.iter().filter(|&&b| b == b'\n').count() + 1;
    rt.reserve(lines.saturating_mul(blanks).saturating_add(text.len()))?;
    Ok(text::indent(blanks, text))
}

/// A `map[string]string` with the keys `_0`, `_1`, ….
fn parts<'a>(rt: &Runtime<'a>, parts: Vec<&'a [u8]>) -> Value<'a> {
    let map = Map::new(rt.arena());
    for (index, part) in parts.into_iter().enumerate() {
        map.insert(rt.copy(format!("_{index}")), Value::Str(part));
    }
    Value::Map(map, &STRING_MAP)
}

fn random<'a>(
    rt: &mut Runtime<'a>,
    a: &[Value<'a>],
    name: &'static str,
    is_wanted: impl Fn(&u8) -> bool,
) -> Answer<'a> {
    // Sprig drops the error of a negative count.
    let count = usize::try_from(a[0].integer()).unwrap_or(0);
    rt.reserve(count)?;
    let mut stream = Host::of(rt)?.draw(name);
    string(rt, stream.text(count, is_wanted))
}

//! The grammar of `--set` and similar: `a.b[0]=x,c={1,2}` (Helm's `pkg/strvals`).

use std::sync::Arc;

use jinnacle_syntax::diagnostic::{Diagnostic, rule};
use jinnacle_syntax::source::{Source, Span};
use jinnacle_syntax::yaml::{Kind, Map, Node};

use crate::release::{Difference, HelmVersion};

/// The largest list index that an argument may name, as in Helm.
const MAX_INDEX: usize = 65536;

/// How many dots a key may have, as in Helm.
const MAX_NESTED: usize = 30;

/// The flags that set single values, in the order in which Helm applies them whatever their order
/// on the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SetFlag {
    /// `--set-json`: values are JSON.
    Json,
    /// `--set`: booleans, null and integers are typed, all else is text.
    Typed,
    /// `--set-string`: values are text.
    Text,
    /// `--set-file`: values are paths of files whose content is the text.
    File,
    /// `--set-literal`: everything after the first `=` is the text.
    Literal,
}

impl SetFlag {
    /// The flag as it is typed.
    pub fn flag(self) -> &'static str {
        match self {
            Self::Json => "--set-json",
            Self::Typed => "--set",
            Self::Text => "--set-string",
            Self::File => "--set-file",
            Self::Literal => "--set-literal",
        }
    }
}

/// Reads the file that a `--set-file` value names; the error is one line for a person.
pub type ReadFile<'a> = dyn FnMut(&str) -> Result<String, String> + 'a;

/// Applies one argument to the values so far. What precedes an error has been applied.
///
/// # Errors
/// The argument does not follow the grammar, or goes through a value that is not a map or list.
pub fn apply(
    root: &mut Map,
    argument: &Arc<Source>,
    flag: SetFlag,
    helm: HelmVersion,
    read_file: &mut ReadFile<'_>,
) -> Result<(), Diagnostic> {
    let mut parser = Parser { source: argument, at: 0, flag, read_file };
    let takes_objects = flag == SetFlag::Json && helm.has(Difference::SetJson);
    if takes_objects && parser.rest().trim_start().starts_with('{') {
        return parser.whole_object(root);
    }
    while parser.at < argument.text().len() {
        parser.key(root, 0)?;
    }
    Ok(())
}

struct Parser<'a, 'f> {
    source: &'a Arc<Source>,
    at: usize,
    flag: SetFlag,
    read_file: &'a mut ReadFile<'f>,
}

/// Characters up to a stop, with the escapes taken away.
struct Word {
    text: String,
    span: Span,
    /// The character that ended it; none at the end of the argument.
    stop: Option<char>,
}

impl Parser<'_, '_> {
    /// `name ( '.' name | '[' index ']' )* '=' value`, into `map`.
    fn key(&mut self, map: &mut Map, depth: usize) -> Result<(), Diagnostic> {
        let name = self.word(if self.literal() { "=[." } else { "=[,." });
        match name.stop {
            None if name.text.is_empty() => Ok(()),
            None => Err(self.no_value(&name)),
            Some(',') => Err(self.no_value(&name)),
            Some('=') => {
                let value = self.value()?;
                set(map, &name, value);
                Ok(())
            }
            Some('[') => {
                let index = self.index()?;
                let mut list = match map.get_mut(&name.text).map(|n| &mut n.kind) {
                    None => Vec::new(),
                    Some(Kind::List(list)) => std::mem::take(list),
                    Some(_) => return Err(self.wrong_kind(&name, map.get(&name.text), "a list")),
                };
                self.item(&mut list, index, depth)?;
                let node = Node::new(Kind::List(list), name.span.clone());
                set(map, &name, node);
                Ok(())
            }
            Some(_) => {
                self.deeper(&name, depth)?;
                let mut inner = match map.get_mut(&name.text).map(|n| &mut n.kind) {
                    None => Map::new(),
                    Some(Kind::Map(inner)) => std::mem::take(inner),
                    Some(_) => return Err(self.wrong_kind(&name, map.get(&name.text), "a map")),
                };
                let before = self.at;
                let result = self.key(&mut inner, depth + 1);
                let empty = inner.is_empty();
                if !empty {
                    let node = Node::new(Kind::Map(inner), name.span.clone());
                    set(map, &name, node);
                }
                result?;
                if empty {
                    return Err(self.error(
                        &Span::new(self.source, before, self.at.max(before)),
                        format!("the key `{}.` names nothing below `{0}`", name.text),
                    ));
                }
                Ok(())
            }
        }
    }

    /// Refuses to go below a name or an index that is too deep.
    fn deeper(&self, word: &Word, depth: usize) -> Result<(), Diagnostic> {
        if depth < MAX_NESTED {
            return Ok(());
        }
        let message = format!("a key may be nested at most {MAX_NESTED} levels deep");
        Err(self.error(&word.span, message).help("give the whole of it in a values file"))
    }

    /// What follows an index: `=` value, another index, or `.` and a key of the map in the list.
    fn item(&mut self, list: &mut Vec<Node>, index: usize, depth: usize) -> Result<(), Diagnostic> {
        let word = self.word("[.=");
        if !word.text.is_empty() {
            return Err(self.error(
                &word.span,
                format!("unexpected `{}` after the index `[{index}]`", word.text),
            ));
        }
        let node = match word.stop {
            None => return Ok(()),
            Some('=') => self.value()?,
            Some('[') => {
                self.deeper(&word, depth)?;
                let next = self.index()?;
                let mut inner = match list.get_mut(index).map(|n| &mut n.kind) {
                    None | Some(Kind::Null) => Vec::new(),
                    Some(Kind::List(inner)) => std::mem::take(inner),
                    Some(_) => {
                        return Err(self.error(
                            &word.span,
                            format!("entry {index} is {}, not a list", list[index].kind_word()),
                        ));
                    }
                };
                self.item(&mut inner, next, depth + 1)?;
                Node::new(Kind::List(inner), word.span)
            }
            Some(_) => {
                let mut inner = match list.get_mut(index).map(|n| &mut n.kind) {
                    Some(Kind::Map(inner)) => std::mem::take(inner),
                    _ => Map::new(),
                };
                self.deeper(&word, depth)?;
                self.key(&mut inner, depth + 1)?;
                Node::new(Kind::Map(inner), word.span)
            }
        };
        while list.len() <= index {
            list.push(Node::new(Kind::Null, node.span.clone()));
        }
        list[index] = node;
        Ok(())
    }

    /// The number between `[` and `]`.
    fn index(&mut self) -> Result<usize, Diagnostic> {
        let word = self.word("]");
        if word.stop.is_none() {
            return Err(self.error(&word.span, "the index is not closed").help("add `]`"));
        }
        let number: i64 = word.text.parse().map_err(|_| {
            self.error(&word.span, format!("invalid index `{}`", word.text))
                .help("write a number, or escape the bracket: `\\[`")
        })?;
        if number < 0 {
            return Err(self.error(&word.span, format!("the index {number} is negative")));
        }
        usize::try_from(number).ok().filter(|&index| index <= MAX_INDEX).ok_or_else(|| {
            self.error(&word.span, format!("the index {number} is greater than {MAX_INDEX}"))
        })
    }

    /// What follows `=`, in the language of the flag.
    fn value(&mut self) -> Result<Node, Diagnostic> {
        match self.flag {
            SetFlag::Json => self.json(),
            SetFlag::Literal => {
                let start = self.at;
                self.at = self.source.text().len();
                let span = Span::new(self.source, start, self.at);
                Ok(Node::new(Kind::Text(span.text().to_owned()), span))
            }
            _ if self.rest().starts_with('{') => self.list(),
            _ => {
                let word = self.word(",");
                // Nothing is the empty string, and no file.
                if word.text.is_empty() {
                    return Ok(Node::new(Kind::Text(String::new()), word.span));
                }
                self.scalar(word)
            }
        }
    }

    /// `{a,b}`; a comma after it belongs to it.
    fn list(&mut self) -> Result<Node, Diagnostic> {
        let start = self.at;
        self.at += 1;
        let mut list = Vec::new();
        loop {
            let word = self.word(",}");
            let stop = word.stop;
            if stop.is_none() {
                let open = Span::new(self.source, start, start + 1);
                return Err(self.error(&open, "the list is not closed").help("add `}`"));
            }
            list.push(self.scalar(word)?);
            if stop == Some('}') {
                break;
            }
        }
        let span = Span::new(self.source, start, self.at);
        if self.rest().starts_with(',') {
            self.at += 1;
        }
        Ok(Node::new(Kind::List(list), span))
    }

    fn scalar(&mut self, word: Word) -> Result<Node, Diagnostic> {
        let kind = match self.flag {
            SetFlag::Typed => typed(word.text),
            SetFlag::File => {
                Kind::Text((self.read_file)(&word.text).map_err(|why| self.error(&word.span, why))?)
            }
            _ => Kind::Text(word.text),
        };
        Ok(Node::new(kind, word.span))
    }

    /// A JSON value up to the next comma; nothing at all is null.
    fn json(&mut self) -> Result<Node, Diagnostic> {
        let blank = self.rest().len() - self.rest().trim_start().len();
        let start = self.at + blank;
        let rest = &self.source.text()[start..];
        if rest.is_empty() || rest.starts_with(',') {
            self.at = (start + 1).min(self.source.text().len());
            return Ok(Node::new(Kind::Null, Span::new(self.source, start, start)));
        }
        let mut values = serde_json::Deserializer::from_str(rest).into_iter::<serde_json::Value>();
        let value = match values.next() {
            Some(Ok(value)) => value,
            Some(Err(error)) => {
                let at = start + error.column().saturating_sub(1).min(rest.len());
                let words = error.to_string();
                let words = words.split(" at line ").next().unwrap_or_default();
                return Err(self
                    .error(&Span::new(self.source, at, at + 1), format!("not JSON: {words}"))
                    .help("write JSON strings in double quotes: `--set-json 'key=\"text\"'`"));
            }
            None => unreachable!("the rest is not empty"),
        };
        self.at = start + values.byte_offset();
        let span = Span::new(self.source, start, self.at);
        let node = jinnacle_syntax::json::from_json(&value, &span);
        self.at += self.rest().len() - self.rest().trim_start().len();
        if self.rest().starts_with(',') {
            self.at += 1;
        }
        Ok(node)
    }

    /// `--set-json '{"a": 1}'` sets each key of the object.
    fn whole_object(&mut self, root: &mut Map) -> Result<(), Diagnostic> {
        let node = self.json()?;
        if self.at < self.source.text().len() {
            let span = Span::new(self.source, self.at, self.source.text().len());
            return Err(self.error(&span, "unexpected text after the JSON object"));
        }
        if let Kind::Map(map) = node.kind {
            for (key, entry) in map {
                root.insert(key, entry.key, entry.value);
            }
        }
        Ok(())
    }

    /// Characters up to one of `stops`, which is taken too; `\` makes the next character plain.
    fn word(&mut self, stops: &str) -> Word {
        let start = self.at;
        let mut text = String::new();
        let mut chars = self.source.text()[start..].char_indices();
        while let Some((offset, c)) = chars.next() {
            if stops.contains(c) {
                let end = start + offset;
                self.at = end + c.len_utf8();
                return Word { text, span: Span::new(self.source, start, end), stop: Some(c) };
            }
            if c == '\\' && !self.literal() {
                text.extend(chars.next().map(|(_, escaped)| escaped));
            } else {
                text.push(c);
            }
        }
        self.at = self.source.text().len();
        Word { text, span: Span::new(self.source, start, self.at), stop: None }
    }

    fn rest(&self) -> &str {
        &self.source.text()[self.at..]
    }

    fn literal(&self) -> bool {
        self.flag == SetFlag::Literal
    }

    fn error(&self, span: &Span, message: impl Into<String>) -> Diagnostic {
        Diagnostic::error(rule!("values/set"), format!("{}: {}", self.flag.flag(), message.into()))
            .at(span)
    }

    fn no_value(&self, name: &Word) -> Diagnostic {
        let what = if name.stop == Some(',') { " before the comma" } else { "" };
        self.error(&name.span, format!("the key `{}` has no value{what}", name.text))
            .help(format!("write `{}=VALUE`; a comma inside a value is `\\,`", name.text))
    }

    fn wrong_kind(&self, name: &Word, found: Option<&Node>, wanted: &str) -> Diagnostic {
        let found = found.map_or("nothing", Node::kind_word);
        self.error(&name.span, format!("`{}` is {found} here, not {wanted}", name.text))
            .help("set the whole of it with --set-json")
    }
}

/// Helm ignores a value for an empty key.
fn set(map: &mut Map, name: &Word, value: Node) {
    if !name.text.is_empty() {
        map.insert(name.text.clone(), name.span.clone(), value);
    }
}

/// Booleans and null in any case, and decimal 64-bit integers without a leading zero.
fn typed(text: String) -> Kind {
    if text.eq_ignore_ascii_case("true") {
        return Kind::Bool(true);
    }
    if text.eq_ignore_ascii_case("false") {
        return Kind::Bool(false);
    }
    if text.eq_ignore_ascii_case("null") {
        return Kind::Null;
    }
    if (text == "0" || !text.starts_with('0'))
        && let Ok(number) = text.parse::<i64>()
    {
        return Kind::Int(number.into());
    }
    Kind::Text(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The values that arguments of one flag make, as compact JSON.
    fn values(flag: SetFlag, arguments: &[&str]) -> Result<String, String> {
        let mut root = Map::new();
        for argument in arguments {
            let source = Source::new(flag.flag(), *argument);
            let mut read = |path: &str| match path {
                "there" => Ok("content\n".to_owned()),
                _ => Err(format!("cannot read `{path}`")),
            };
            apply(&mut root, &source, flag, HelmVersion::default(), &mut read).map_err(|d| {
                format!(
                    "{}: {}",
                    d.span.map_or(String::new(), |s| s.place().to_string()),
                    d.message
                )
            })?;
        }
        let span = Span::whole(&Source::new("test", ""));
        Ok(jinnacle_syntax::json::to_json(&Node::new(Kind::Map(root), span)).to_string())
    }

    #[test]
    fn set_types_booleans_null_and_integers_only() {
        for (argument, json) in [
            ("a=1,b=-5,c=+7,d=0", r#"{"a":1,"b":-5,"c":7,"d":0}"#),
            (
                "a=007,b=0x1F,c=1.5,d=1e3,e=yes,f=~",
                r#"{"a":"007","b":"0x1F","c":"1.5","d":"1e3","e":"yes","f":"~"}"#,
            ),
            (
                "a=TRUE,b=False,c=NULL,d=9223372036854775808",
                r#"{"a":true,"b":false,"c":null,"d":"9223372036854775808"}"#,
            ),
            ("a={1,b,true},b={}", r#"{"a":[1,"b",true],"b":[""]}"#),
            ("a.b.c=1,a.b.d=2", r#"{"a":{"b":{"c":1,"d":2}}}"#),
            (r"a\.b=x\,y,c=a\\b,d=a\b", r#"{"a.b":"x,y","c":"a\\b","d":"ab"}"#),
            ("a = 1", r#"{"a ":" 1"}"#),
            ("l[2]=c,l[0]=a", r#"{"l":["a",null,"c"]}"#),
            ("l[0].k=1,l[0].m=2,l[1][1]=x", r#"{"l":[{"k":1,"m":2},[null,"x"]]}"#),
            ("=1,.a=1,b=,c=1,", r#"{"b":"","c":1}"#),
            ("l[0]", r#"{"l":[]}"#),
            ("a={x},b=1", r#"{"a":["x"],"b":1}"#),
        ] {
            assert_eq!(values(SetFlag::Typed, &[argument]).as_deref(), Ok(json), "{argument}");
        }
    }

    #[test]
    fn other_flags_have_their_own_values() {
        for (flag, argument, json) in [
            (SetFlag::Text, "a=1,b=null", r#"{"a":"1","b":"null"}"#),
            (SetFlag::File, "a.b=there", r#"{"a":{"b":"content\n"}}"#),
            (SetFlag::Literal, r"a.b=x,c=\d={1}", r#"{"a":{"b":"x,c=\\d={1}"}}"#),
            (
                SetFlag::Json,
                r#"a={"x":[1,null]},b="t",c=,d=1.5"#,
                r#"{"a":{"x":[1,null]},"b":"t","c":null,"d":1.5}"#,
            ),
            (SetFlag::Json, r#" {"a":{"b":1},"c":2}"#, r#"{"a":{"b":1},"c":2}"#),
        ] {
            assert_eq!(values(flag, &[argument]).as_deref(), Ok(json), "{argument}");
        }
    }

    #[test]
    fn later_arguments_build_on_earlier_ones() {
        assert_eq!(
            values(SetFlag::Typed, &["a.b=1", "a.c=2", "a.b=null", "l={1,2}", "l[1]=9"]).as_deref(),
            Ok(r#"{"a":{"b":null,"c":2},"l":[1,9]}"#)
        );
    }

    #[test]
    fn errors_name_the_place_in_the_argument() {
        for (argument, error) in [
            ("a", "1:1: --set: the key `a` has no value"),
            ("b=1,a,c=2", "1:5: --set: the key `a` has no value before the comma"),
            ("a.=1", "1:3: --set: the key `a.` names nothing below `a`"),
            ("l[-1]=1", "1:3: --set: the index -1 is negative"),
            ("l[65537]=1", "1:3: --set: the index 65537 is greater than 65536"),
            ("l[x]=1", "1:3: --set: invalid index `x`"),
            ("l[0=1", "1:3: --set: the index is not closed"),
            ("l[0]x=1", "1:5: --set: unexpected `x` after the index `[0]`"),
            ("a={b,c", "1:3: --set: the list is not closed"),
            ("a=1,a.b=2", "1:5: --set: `a` is an integer here, not a map"),
            ("a=1,a[0]=2", "1:5: --set: `a` is an integer here, not a list"),
        ] {
            assert_eq!(values(SetFlag::Typed, &[argument]), Err(error.to_owned()), "{argument}");
        }
        assert_eq!(
            values(SetFlag::Json, &["a={bad}"]),
            Err("1:4: --set-json: not JSON: key must be a string".to_owned())
        );
        assert_eq!(
            values(SetFlag::File, &["a=gone"]),
            Err("1:3: --set-file: cannot read `gone`".to_owned())
        );
    }
}

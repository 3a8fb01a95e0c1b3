//! What went wrong in Go templates, at its line and column.

use std::collections::HashMap;
use std::sync::Arc;

use go_template::{Cause, Error, Frame, SyntaxCause, SyntaxError};
use jinnacle_helm::engine::Failure;

use super::values::Origins;
use crate::diagnostic::{Diagnostic, RuleId, nearest, rule};
use crate::source::{Source, Span};
use crate::yaml::{Kind, Map, Node};

/// What there is in a run, for places and for the names that were meant.
pub struct Known<'c> {
    /// The templates' files by their full names.
    pub sources: &'c HashMap<String, &'c Arc<Source>>,
    pub origins: &'c Origins<'c>,
    /// The values of the whole tree.
    pub values: &'c Node,
    /// The names of all templates.
    pub templates: Vec<&'c str>,
    /// The names of all functions.
    pub functions: Vec<&'static str>,
}

/// A failure as a finding: at the innermost place, with the way to it and where the value was written.
pub fn explain(failure: &Failure, known: &Known<'_>) -> Diagnostic {
    let finding = match failure {
        Failure::Syntax(error) => syntax(error, known),
        Failure::Execution(error) => execution(error, known),
        Failure::Other(message) => Diagnostic::error(rule!("template/error"), message.clone()),
    };
    finding.helm(failure.to_string())
}

fn syntax(error: &SyntaxError, known: &Known<'_>) -> Diagnostic {
    let finding = match &error.cause {
        SyntaxCause::UnknownFunction { name } => {
            let finding =
                Diagnostic::error(rule!("template/syntax"), format!("unknown function `{name}`"));
            meant(finding, name, known.functions.iter().copied())
        }
        SyntaxCause::UnclosedBlock { .. } => {
            Diagnostic::error(rule!("template/syntax"), "the file ends within a block")
                .help("end the block with `{{ end }}`")
        }
        SyntaxCause::Other => Diagnostic::error(rule!("template/syntax"), error.message.clone()),
    };
    let Some(source) = known.sources.get(&error.template) else { return finding };
    let (text, offset) = (source.text(), error.offset as usize);
    let whole_line = || {
        let line = error.line as usize;
        let (start, text) = (source.line_start(line), source.line(line));
        let indent = text.len() - text.trim_start().len();
        Span::new(source, start + indent, start + text.trim_end().len())
    };
    if let SyntaxCause::UnclosedBlock { body } = error.cause {
        let end = body as usize;
        let start = text.get(..end).and_then(|before| before.rfind("{{")).unwrap_or(end);
        return finding
            .at(&Span::new(source, start, end))
            .related(&whole_line(), "the file ends here");
    }
    let rest = text.get(offset..).unwrap_or_default();
    let length = rest.find([' ', '\t', '\n', ')', '(', '|', '}']).unwrap_or(rest.len());
    if length == 0 {
        return finding.at(&whole_line());
    }
    let finding = finding.at(&Span::new(source, offset, offset + length));
    // The chain may begin before the name with the dash.
    let start = text[..offset].rfind(|c: char| !(c.is_alphanumeric() || "._$".contains(c)));
    match dashed_key(&text[start.map_or(0, |at| at + 1)..offset + length]) {
        Some((map, key)) => {
            finding.help(format!("read a key with a dash by `index`: `index {map} \"{key}\"`"))
        }
        None => finding,
    }
}

/// The map and the key of a chain like `.Values.a-b`, which Go does not read.
fn dashed_key(chain: &str) -> Option<(&str, &str)> {
    let (before, _) = chain.split_once('-')?;
    let (map, key) = chain.split_at(before.rfind('.')?);
    let key = key[1..].split('.').next()?;
    Some((if map.is_empty() { "." } else { map }, key))
}

fn execution(error: &Error, known: &Known<'_>) -> Diagnostic {
    let mut places = error.frames.iter().filter_map(|frame| Some((frame, place(frame, known)?)));
    let mut finding = message(error, known);
    if let Some((_, span)) = places.next() {
        finding = finding.at(&span);
    }
    for (_, span) in places {
        finding = finding.related(&span, "called here");
    }
    if let Some(span) = known.origins.span(error.origin) {
        let word = match &error.cause {
            Cause::NilPointer { .. } if map_at(known.values, span).is_some() => {
                "the keys begin here"
            }
            Cause::NilPointer { .. } => "null here",
            _ => "read from here",
        };
        finding = finding.related(span, word);
    }
    finding
}

/// Where a frame is, if it is in a file of the chart and not in a string that `tpl` rendered.
///
/// Go names the second name of a chain such as `.Values.a.b` as its place; the whole chain is shown.
fn place(frame: &Frame, known: &Known<'_>) -> Option<Span> {
    let source = known.sources.get(&frame.file)?;
    let (text, offset) = (source.text(), frame.offset as usize);
    let before = text.get(..offset)?.rfind("{{").unwrap_or_default();
    let within = text[before..].find(&frame.node).map(|at| before + at);
    Some(match within.filter(|start| (*start..=start + frame.node.len()).contains(&offset)) {
        Some(start) => Span::new(source, start, start + frame.node.len()),
        None => {
            let rest = text[offset..].split(['\n', ' ', ')', '}']).next().unwrap_or_default();
            Span::new(source, offset, offset + rest.len())
        }
    })
}

fn message(error: &Error, known: &Known<'_>) -> Diagnostic {
    let node = error.frames.first().map_or("", |frame| frame.node.as_str());
    let finding = |rule: RuleId, words: String| Diagnostic::error(rule, words);
    match &error.cause {
        Cause::NilPointer { field } => undefined(error, node, field, known),
        Cause::NoField { field, found } => {
            let before = before(node, field)
                .map_or("the value before it".into(), |before| format!("`{before}`"));
            let words = match word(found) {
                Some(word) => format!("`{node}`: cannot read `{field}`: {before} is {word}"),
                None => format!("`{node}`: no field `{field}` in {found}"),
            };
            let finding = finding(rule!("template/unknown"), words);
            match word(found) {
                _ if is_root(&format!(".{field}")) => finding.help(of_the_root(node)),
                Some(LIST) => {
                    finding.help("go over it with `range`, or read an element by `index`")
                }
                _ => finding,
            }
        }
        Cause::Type { function, expected, found, is_piped } => {
            let or_type = |ty: &&'static str| word(ty).unwrap_or(*ty);
            let (expected, found) = (or_type(expected), or_type(found));
            let value = if *is_piped { " before the `|`" } else { "" };
            let finding = finding(
                rule!("template/error"),
                format!("`{function}`: expected {expected}, found {found}{value}"),
            );
            match (expected, found) {
                (_, NOTHING) => finding.help("set the value, or test it with `if` or `with` first"),
                (STRING, MAP | LIST) => finding.help("make a string of it with `toYaml`"),
                (STRING, _) => finding.help("make a string of it with `toString`"),
                (INTEGER, STRING | NUMBER) => finding.help("make an integer of it with `int`"),
                _ => finding,
            }
        }
        Cause::Count { function, expected, or_more, found } => {
            let least = if *or_more { "at least " } else { "" };
            let plural = if *expected == 1 { "" } else { "s" };
            let finding = finding(
                rule!("template/error"),
                format!("`{function}`: expected {least}{expected} argument{plural}, found {found}"),
            );
            match (*function, found) {
                ("include" | "tpl", 1) => finding.help("pass `.` as the last argument"),
                _ => finding,
            }
        }
        Cause::Comparison { left, right } => {
            let shown = |ty: &'static str| match word(ty) {
                Some(word @ (NUMBER | INTEGER)) => format!("{word} ({ty})"),
                word => word.unwrap_or(ty).to_owned(),
            };
            let words = format!("`{node}`: cannot compare {} with {}", shown(left), shown(right));
            let finding = finding(rule!("template/error"), words);
            match (word(left), word(right)) {
                (Some(NUMBER), Some(INTEGER)) | (Some(INTEGER), Some(NUMBER)) => finding
                    .help("convert the value with `int`: numbers of values files are float64"),
                (Some(STRING), Some(_)) | (Some(_), Some(STRING)) => {
                    finding.help("convert one of them, by `toString` or `int`")
                }
                _ => finding,
            }
        }
        Cause::Range { found } => finding(
            rule!("template/error"),
            format!(
                "`range`: expected a list, a map or an integer, found {}",
                word(found).unwrap_or(found)
            ),
        ),
        Cause::NoTemplate { name } => {
            let missing =
                finding(rule!("template/missing"), format!("no template is named `{name}`"));
            meant(missing, name, known.templates.iter().copied())
        }
        Cause::Fail => finding(rule!("template/fail"), error.message.clone()),
        Cause::Limit(_) => finding(rule!("template/limit"), error.message.clone()),
        Cause::Syntax(syntax) => {
            finding(rule!("template/syntax"), format!("`{node}`: {}", syntax.message))
        }
        Cause::Function | Cause::Other => {
            finding(rule!("template/error"), format!("`{node}`: {}", error.message))
        }
    }
}

/// A field of what is not set: which part of the chain that is, and the key that was meant.
fn undefined(error: &Error, node: &str, field: &str, known: &Known<'_>) -> Diagnostic {
    let unset = before(node, field);
    let words = match unset {
        Some(unset) => format!("`{node}`: cannot read `{field}`: `{unset}` is not set"),
        None => format!("`{node}`: cannot read `{field}`: the value before it is not set"),
    };
    let finding = Diagnostic::error(rule!("template/undefined"), words);
    let set = "set the value, or test it with `if` or `with` first";
    let Some(unset) = unset else { return finding.help(set) };
    let (map, key) = unset.rsplit_once('.').unwrap_or(("", unset));
    if is_root(unset) {
        return finding.help(of_the_root(node));
    }
    if map.is_empty() || map == "$" {
        return match nearest(key, ROOTS) {
            Some(meant) => finding.help(format!("did you mean `{map}.{meant}`?")),
            None => finding.help(set),
        };
    }
    let span = known.origins.span(error.origin);
    let keys = match map {
        ".Values" | "$.Values" if span.is_none() => known.values.as_map(),
        _ => span.and_then(|span| map_at(known.values, span)),
    };
    match keys.and_then(|keys| nearest(key, keys.keys())) {
        Some(meant) => finding.help(format!("did you mean `{map}.{meant}`?")),
        None => finding.help(set),
    }
}

fn meant<'a>(
    finding: Diagnostic,
    name: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Diagnostic {
    match nearest(name, candidates) {
        Some(meant) => finding.help(format!("did you mean `{meant}`?")),
        None => finding,
    }
}

/// The chain up to the field.
fn before<'n>(node: &'n str, field: &str) -> Option<&'n str> {
    let name = format!(".{field}");
    let mut ends = node.match_indices(&name).map(|(at, _)| at);
    let is_end = |at: &usize| matches!(node[at + name.len()..].chars().next(), None | Some('.'));
    ends.find(is_end).map(|at| &node[..at]).filter(|before| {
        !before.is_empty() && before.starts_with(['.', '$']) && !before.contains([' ', '('])
    })
}

/// What every template of a chart finds in its `.`.
const ROOTS: [&str; 7] =
    ["Values", "Release", "Chart", "Capabilities", "Files", "Template", "Subcharts"];

fn is_root(chain: &str) -> bool {
    chain.strip_prefix('.').is_some_and(|name| ROOTS.contains(&name))
}

fn of_the_root(node: &str) -> String {
    format!("write `${node}`: `.` is not the root of the chart within `range` and `with`")
}

/// The map that was written at a place.
fn map_at<'n>(node: &'n Node, span: &Span) -> Option<&'n Map> {
    let is_here = |node: &Node| {
        Arc::ptr_eq(node.span.source(), span.source())
            && (node.span.start(), node.span.end()) == (span.start(), span.end())
    };
    match &node.kind {
        Kind::Map(map) if is_here(node) => Some(map),
        Kind::Map(map) => map.iter().find_map(|(_, node)| map_at(node, span)),
        Kind::List(list) => list.iter().find_map(|node| map_at(node, span)),
        _ => None,
    }
}

const STRING: &str = "a string";
const INTEGER: &str = "an integer";
const NUMBER: &str = "a number";
const MAP: &str = "a map";
const LIST: &str = "a list";
const NOTHING: &str = "nothing";

/// What a type of Go is to people who write values.
fn word(ty: &str) -> Option<&'static str> {
    Some(match ty {
        "string" => STRING,
        "bool" => "a boolean",
        "int" | "int64" | "uint8" | "uint64" => INTEGER,
        "float64" => NUMBER,
        "map[string]interface {}" | "chartutil.Values" | "common.Values" => MAP,
        "[]interface {}" | "[]string" => LIST,
        "interface {}" | "<nil>" => NOTHING,
        _ => return None,
    })
}

//! Values after `--set` and similar: paths of the chart's schema and defaults, and the words that a value may be.

use std::ffi::OsStr;

use clap_complete::engine::{CompletionCandidate, PathCompleter, ValueCompleter as _};
use indexmap::IndexMap;
use serde_json::Value;

use crate::chart::{Chart, Dependency};
use crate::schema::paths::{alternatives, keys, properties, resolved, step};
use crate::values::SetFlag;
use crate::yaml::{Kind, Node};

/// More levels with a single key than this are a circle.
const MAX_LEVELS: usize = 16;

/// What may follow in an argument such as `a=b,nats.jet`: ways on of its last path, or words after its `=`.
pub fn assignments(chart: &Chart, flag: SetFlag, typed: &str) -> Vec<CompletionCandidate> {
    let (before, last) = typed.split_at(last_assignment(typed, flag));
    let found = match split_unescaped(last, '=') {
        None => paths(chart, last, "="),
        Some((path, value)) if flag == SetFlag::File => {
            let files = PathCompleter::file().complete(OsStr::new(value)).into_iter();
            files.map(|file| file.add_prefix(format!("{path}="))).collect()
        }
        Some((path, value)) => {
            let mut words = words(chart, flag, &keys(path));
            words.retain(|word| word.starts_with(value));
            words.iter().map(|word| CompletionCandidate::new(format!("{path}={word}"))).collect()
        }
    };
    found.into_iter().map(|candidate| candidate.add_prefix(before)).collect()
}

/// The paths that a path may become by one more key. Where only one key fits, and more stand below it, those
/// are offered: a shell writes what they share, and no space after it.
pub fn paths(chart: &Chart, typed: &str, end: &str) -> Vec<CompletionCandidate> {
    let mut begin = typed.len() - last_key(typed).len();
    let mut typed = typed.to_owned();
    let mut offered = Vec::new();
    for _ in 0..MAX_LEVELS {
        let mut found = below(chart, &typed[..begin]);
        found.retain(|name, _| name.starts_with(&typed[begin..]));
        if found.is_empty() {
            break;
        }
        let shown = |(name, key): (&String, &Key)| {
            let ending = key.way_on.unwrap_or(end);
            CompletionCandidate::new(format!("{}{name}{ending}", &typed[..begin]))
                .help(key.about.clone().map(Into::into))
        };
        offered = found.iter().map(shown).collect();
        let Some((name, Key { way_on: Some(way_on), .. })) =
            found.pop().filter(|_| found.is_empty())
        else {
            break;
        };
        typed = format!("{}{name}{way_on}", &typed[..begin]);
        begin = typed.len();
    }
    offered
}

/// A key that may follow.
struct Key {
    /// What it is for.
    about: Option<String>,
    /// What precedes the keys below it; none if it has none.
    way_on: Option<&'static str>,
}

/// The keys below a path, as they are typed: those of the schema first, then what only the defaults have.
fn below(chart: &Chart, path: &str) -> IndexMap<String, Key> {
    let mut found = IndexMap::new();
    let path = keys(path);
    collect(chart, &path, &mut found);
    found
}

fn collect(chart: &Chart, path: &[String], found: &mut IndexMap<String, Key>) {
    if let Some(schema) = schema(chart)
        && let Some(at) = follow(&schema, path)
    {
        let ways = [at].into_iter().chain(alternatives(at).map(|one| resolved(&schema, one)));
        for at in ways {
            for name in properties(at) {
                let whole = &at["properties"][name];
                let below = resolved(&schema, whole);
                let about = whole.get("description").or_else(|| below.get("description"));
                let about = about.and_then(Value::as_str).and_then(|text| text.lines().next());
                let way_on = way_on(&schema, below);
                found
                    .entry(escaped(name))
                    .or_insert(Key { about: about.map(str::to_owned), way_on });
            }
        }
    }
    if let Some(map) = node_at(&chart.defaults, path).and_then(Node::as_map) {
        for (name, value) in map.iter() {
            let has_more = value.as_map().is_some_and(|map| !map.is_empty())
                || path.is_empty() && subcharts(chart).iter().any(|(sub, _)| *sub == name);
            let key = Key { about: None, way_on: has_more.then_some(".") };
            found.entry(escaped(name)).or_insert(key);
        }
    }
    for (name, sub) in subcharts(chart) {
        match path {
            [] => {
                let about = Some(format!("values of the chart {}", sub.metadata.name));
                found.entry(escaped(name)).or_insert(Key { about, way_on: Some(".") });
            }
            [first, rest @ ..] if first == name => collect(sub, rest, found),
            _ => {}
        }
    }
}

/// The subcharts by the names that they go by, whether they are switched on or not.
fn subcharts(chart: &Chart) -> Vec<(&str, &Chart)> {
    let all = chart.dependencies.iter().flat_map(|sub| {
        let own = sub.metadata.name.as_str();
        let declared = chart.metadata.dependencies.iter().filter(move |entry| entry.name == own);
        let names: Vec<&str> = declared.map(Dependency::local_name).collect();
        if names.is_empty() {
            vec![(own, sub)]
        } else {
            names.into_iter().map(|n| (n, sub)).collect()
        }
    });
    all.collect()
}

/// The words that a value may be: those that the schema names, and of a boolean both.
fn words(chart: &Chart, flag: SetFlag, path: &[String]) -> Vec<String> {
    let schema = schema(chart).unwrap_or_default();
    let at = follow(&schema, path).unwrap_or(&Value::Null);
    let default = node_at(&chart.defaults, path);
    let is_boolean =
        allows(at, "boolean") || default.is_some_and(|default| default.as_bool().is_some());
    let takes_text = matches!(flag, SetFlag::Text | SetFlag::Literal);
    if let Some(named) = at.get("enum").and_then(Value::as_array) {
        let word = |word: &Value| match word {
            Value::String(text) if flag != SetFlag::Json => text.clone(),
            other => other.to_string(),
        };
        return named.iter().filter(|word| !word.is_null()).map(word).collect();
    }
    if is_boolean && !takes_text {
        return ["true", "false"].map(str::to_owned).into();
    }
    let below =
        subcharts(chart).into_iter().find(|(name, _)| path.first().is_some_and(|at| at == name));
    below.map_or_else(Vec::new, |(_, sub)| words(sub, flag, &path[1..]))
}

fn schema(chart: &Chart) -> Option<Value> {
    serde_json::from_str(chart.schema.as_ref()?.text()).ok()
}

fn follow<'s>(schema: &'s Value, path: &[String]) -> Option<&'s Value> {
    let start = resolved(schema, schema);
    path.iter().try_fold(start, |at, key| Some(resolved(schema, step(schema, at, key)?)))
}

fn way_on(schema: &Value, at: &Value) -> Option<&'static str> {
    let has_keys = |at: &Value| !properties(at).is_empty() || allows(at, "object");
    if has_keys(at) {
        return Some(".");
    }
    at.get("items").filter(|items| has_keys(resolved(schema, items))).map(|_| "[0].")
}

/// Whether a schema lists a type.
fn allows(at: &Value, kind: &str) -> bool {
    match at.get("type") {
        Some(Value::String(only)) => only == kind,
        Some(Value::Array(kinds)) => kinds.iter().any(|one| one == kind),
        _ => false,
    }
}

fn node_at<'n>(root: &'n Node, path: &[String]) -> Option<&'n Node> {
    path.iter().try_fold(root, |node, key| match &node.kind {
        Kind::List(list) => list.first(),
        _ => node.get(key),
    })
}

/// A key as a path has it.
fn escaped(name: &str) -> String {
    let mut text = String::new();
    for letter in name.chars() {
        if ".,=[\\".contains(letter) {
            text.push('\\');
        }
        text.push(letter);
    }
    text
}

/// The part of a path after its last dot.
fn last_key(path: &str) -> &str {
    let mut key = path;
    while let Some((_, behind)) = split_unescaped(key, '.') {
        key = behind;
    }
    key
}

/// Where the last assignment of an argument begins: after the last comma that means itself.
fn last_assignment(text: &str, flag: SetFlag) -> usize {
    let (mut begin, mut depth, mut quoted, mut escaped) = (0, 0_usize, false, false);
    for (at, letter) in text.char_indices() {
        match letter {
            _ if flag == SetFlag::Literal => break,
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' if flag == SetFlag::Json => quoted = !quoted,
            _ if quoted => {}
            '{' | '[' => depth += 1,
            '}' | ']' => depth = depth.saturating_sub(1),
            ',' if depth == 0 => begin = at + 1,
            _ => {}
        }
    }
    begin
}

/// The parts of a string around the first `stop` without a backslash before it.
fn split_unescaped(text: &str, stop: char) -> Option<(&str, &str)> {
    let mut escaped = false;
    let at = text.char_indices().find_map(|(at, letter)| {
        let found = letter == stop && !escaped;
        escaped = letter == '\\' && !escaped;
        found.then_some(at)
    })?;
    Some((&text[..at], &text[at + stop.len_utf8()..]))
}

//! What a schema's finding means in words, and where it is.

use jinnacle_syntax::diagnostic::{Diagnostic, Fix, nearest, rule};
use jinnacle_syntax::source::Span;
use jinnacle_syntax::yaml::{Entry, Kind, Node};
use jsonschema::ValidationError;
use jsonschema::error::{TypeKind, ValidationErrorKind};
use jsonschema::paths::{Location, LocationSegment};
use regex::Regex;
use serde_json::Value;

use super::renamed::Renamed;

/// Values that a schema has judged.
pub struct Judged<'a> {
    /// The values.
    pub values: &'a Node,
    /// The way to them in messages: the name of a subchart, or nothing.
    pub below: &'a str,
    /// The schema.
    pub schema: &'a Value,
    /// The keys that are known from elsewhere.
    pub renamed: Option<&'static Renamed>,
}

impl Judged<'_> {
    /// The findings that one error of the validator means.
    pub fn explain(&self, error: &ValidationError<'_>) -> Vec<Diagnostic> {
        let place = Spot::find(self.values, self.below, error.instance_path());
        let rule = schema_at(self.schema, error.schema_path());
        let name = place.name();
        let found = found(place.node);
        let one = |diagnostic: Diagnostic| vec![diagnostic.at(&place.node.span)];
        match error.kind() {
            ValidationErrorKind::AdditionalProperties { unexpected }
            | ValidationErrorKind::UnevaluatedProperties { unexpected } => {
                let known = known_keys(rule);
                unexpected.iter().flat_map(|key| self.unknown(key, &place, &known)).collect()
            }
            ValidationErrorKind::Type { kind } => {
                let wanted = type_words(kind);
                let mut diagnostic = Diagnostic::error(
                    rule!("schema/type"),
                    format!("{name}: expected {wanted}, found {found}"),
                );
                let known = known_keys(rule);
                if let Some(help) = remedy(place.node, kind, referred(self.schema, &rule["items"]))
                {
                    diagnostic = diagnostic.help(help);
                } else if let Some(map) = switch(place.node, kind, &known) {
                    diagnostic = diagnostic
                        .help(format!("write `{map}`"))
                        .fix(Fix::replace(&place.node.span, map));
                } else if wants(kind, "object") && !known.is_empty() {
                    diagnostic = diagnostic.help(format!("{name} takes {}", listed(&known)));
                }
                if let Some(bare) = unquoted(place.node, kind) {
                    diagnostic = diagnostic.fix(Fix::replace(&place.node.span, bare));
                }
                one(diagnostic)
            }
            ValidationErrorKind::Enum { options } => {
                let options: Vec<String> = options
                    .as_array()
                    .into_iter()
                    .flatten()
                    .filter(|option| !option.is_null() && *option != "")
                    .map(|option| option.as_str().map_or(option.to_string(), str::to_owned))
                    .collect();
                let mut diagnostic = Diagnostic::error(
                    rule!("schema/enum"),
                    format!("{name}: expected {}, found {found}", alternatives(&options)),
                );
                let word = place.node.as_str().unwrap_or_default();
                if place.node.as_str() == Some("") {
                    diagnostic = diagnostic.help("leave the key out, or write `null`");
                } else if let Some(meant) = nearest(word, options.iter().map(String::as_str)) {
                    diagnostic = diagnostic
                        .help(format!("did you mean `{meant}`?"))
                        .fix(Fix::replace(&place.node.span, rewritten(&place.node.span, meant)));
                }
                one(diagnostic)
            }
            ValidationErrorKind::Required { property } => {
                let key = property.as_str().unwrap_or_default();
                one(Diagnostic::error(
                    rule!("schema/required"),
                    format!("{name}: missing key `{key}`"),
                ))
            }
            ValidationErrorKind::Pattern { pattern } => {
                let written = place.node.span.text();
                let number = place.node.as_str().filter(|text| text.parse::<f64>().is_ok());
                // A number without quotes was taken for a string, since a string is expected.
                let found = number.filter(|text| *text == written).unwrap_or(&found);
                let mut diagnostic = Diagnostic::error(
                    rule!("schema/text"),
                    match examples(rule) {
                        Some(examples) => format!("{name}: expected {examples}, found {found}"),
                        None => format!(
                            "{name}: expected a match of the pattern `{pattern}`, found {found}"
                        ),
                    },
                );
                if let Some(number) = number.filter(|_| rule["title"] == "duration") {
                    diagnostic = diagnostic.help(format!("write the unit: `{number}s`"));
                } else if let Some(meant) = respelt(place.node, rule, pattern) {
                    diagnostic = diagnostic
                        .help(format!("write `{meant}`"))
                        .fix(Fix::replace(&place.node.span, rewritten(&place.node.span, &meant)));
                }
                one(diagnostic)
            }
            ValidationErrorKind::Minimum { limit } => one(Diagnostic::error(
                rule!("schema/range"),
                format!("{name}: expected at least {limit}, found {found}"),
            )),
            ValidationErrorKind::Maximum { limit } => one(Diagnostic::error(
                rule!("schema/range"),
                format!("{name}: expected at most {limit}, found {found}"),
            )),
            ValidationErrorKind::MinLength { limit: 1 } => {
                one(Diagnostic::error(rule!("schema/text"), format!("{name}: must not be empty")))
            }
            ValidationErrorKind::MaxLength { limit } => one(Diagnostic::error(
                rule!("schema/text"),
                format!("{name}: expected at most {limit} characters, found {found}"),
            )),
            ValidationErrorKind::MinItems { limit: 1 } => {
                one(Diagnostic::error(rule!("schema/range"), format!("{name}: must not be empty")))
            }
            ValidationErrorKind::MinItems { limit } => one(Diagnostic::error(
                rule!("schema/range"),
                format!("{name}: expected at least {limit} entries"),
            )),
            ValidationErrorKind::UniqueItems => {
                one(Diagnostic::error(rule!("schema/range"), format!("{name}: duplicate entry")))
            }
            ValidationErrorKind::AnyOf { context }
            | ValidationErrorKind::OneOfNotValid { context } => likeliest(context)
                .map(|errors| errors.iter().flat_map(|error| self.explain(error)).collect())
                .unwrap_or_default(),
            ValidationErrorKind::PropertyNames { error } => one(Diagnostic::error(
                rule!("schema/key"),
                format!("a key of {name} is not allowed: {error}"),
            )),
            other => one(Diagnostic::error(
                rule!("schema/other"),
                format!("{name} does not follow the schema (`{}`): {error}", other.keyword()),
            )),
        }
    }

    /// A key that is known from elsewhere is more than unknown.
    fn unknown(&self, key: &str, place: &Spot<'_>, known: &[&str]) -> Vec<Diagnostic> {
        if let (Some(renamed), Some(map)) = (self.renamed, place.node.as_map())
            && let Some(entry) = map.entry(key)
        {
            let found = renamed.explain(&place.key(key), entry, map, self.values);
            if !found.is_empty() {
                return found;
            }
        }
        let what = if is_of_manifest(self.schema) { "field" } else { "key" };
        vec![unknown_key(key, place, known, what)]
    }
}

/// A node of the values with the way to it.
struct Spot<'n> {
    node: &'n Node,
    path: String,
}

impl<'n> Spot<'n> {
    fn find(root: &'n Node, below: &str, path: &Location) -> Self {
        let mut spot = Self { node: root, path: below.to_owned() };
        for segment in path {
            let next = match (&spot.node.kind, &segment) {
                (Kind::Map(map), LocationSegment::Property(key)) => map.get(key),
                (Kind::List(list), LocationSegment::Index(index)) => list.get(*index),
                _ => None,
            };
            let Some(next) = next else { break };
            spot.node = next;
            match segment {
                LocationSegment::Property(key) => push_key(&mut spot.path, &key),
                LocationSegment::Index(index) => spot.path.push_str(&format!("[{index}]")),
            }
        }
        spot
    }

    fn name(&self) -> String {
        if self.path.is_empty() { "the file".to_owned() } else { format!("`{}`", self.path) }
    }

    fn key(&self, key: &str) -> String {
        let mut path = self.path.clone();
        push_key(&mut path, key);
        path
    }
}

fn push_key(path: &mut String, key: &str) {
    if !path.is_empty() {
        path.push('.');
    }
    if key.contains('.') {
        path.push_str(&key.replace('.', "\\."));
    } else {
        path.push_str(key);
    }
}

/// Whether a schema judges manifests, not the values of a chart.
fn is_of_manifest(schema: &Value) -> bool {
    schema.pointer("/properties/apiVersion").is_some()
}

fn unknown_key(key: &str, place: &Spot<'_>, known: &[&str], what: &str) -> Diagnostic {
    let entry: Option<&Entry> = place.node.as_map().and_then(|map| map.entry(key));
    let span: &Span = entry.map_or(&place.node.span, |entry| &entry.key);
    let diagnostic = Diagnostic::error(
        rule!("schema/unknown-key"),
        format!("unknown {what} `{}`", place.key(key)),
    )
    .at(span);
    // YAML 1.1 reads some words in the place of a key as booleans, and numbers in other forms.
    let written = span.text();
    if !written.starts_with(['"', '\'']) && entry.is_some() && written != key {
        let help = format!("quote the key, which YAML reads as `{key}`: `\"{written}\"`");
        return diagnostic.help(help).fix(Fix::replace(span, format!("\"{written}\"")));
    }
    match nearest(key, known.iter().copied()) {
        Some(meant) => diagnostic
            .help(format!("did you mean `{meant}`?"))
            .fix(Fix::replace(span, rewritten(span, meant))),
        None if known.is_empty() => diagnostic,
        None => diagnostic.help(format!("{} takes {}", place.name(), listed(known))),
    }
}

/// A word in the quotes of the one that it replaces.
fn rewritten(span: &Span, word: &str) -> String {
    match span.text().chars().next() {
        Some(quote @ ('"' | '\'')) => format!("{quote}{word}{quote}"),
        _ => word.to_owned(),
    }
}

fn listed(known: &[&str]) -> String {
    const MOST: usize = 12;
    let mut words: Vec<String> = known.iter().take(MOST).map(|key| format!("`{key}`")).collect();
    if known.len() > MOST {
        words.push("…".to_owned());
    }
    words.join(", ")
}

/// `the string "3"`, `the boolean true`, `a map`.
fn found(node: &Node) -> String {
    match &node.kind {
        Kind::Null => "nothing".to_owned(),
        Kind::Bool(value) => format!("the boolean {value}"),
        Kind::Int(value) => value.to_string(),
        Kind::Float(_) => node.span.text().to_owned(),
        Kind::Text(text) if text.chars().count() <= 40 => format!("the string {text:?}"),
        Kind::Text(_) | Kind::List(_) | Kind::Map(_) => node.kind_word().to_owned(),
    }
}

fn type_words(kind: &TypeKind) -> String {
    let names: Vec<String> = match kind {
        TypeKind::Single(kind) => vec![kind.to_string()],
        TypeKind::Multiple(kinds) => kinds.iter().map(|kind| kind.to_string()).collect(),
    };
    let words: Vec<&str> = names
        .iter()
        .filter(|name| *name != "null" || names.len() == 1)
        .map(|name| match name.as_str() {
            "integer" => "an integer",
            "number" => "a number",
            "boolean" => "a boolean",
            "string" => "a string",
            "array" => "a list",
            "object" => "a map",
            _ => "null",
        })
        .collect();
    match words.as_slice() {
        [] => "null".to_owned(),
        [one] => (*one).to_owned(),
        [most @ .., last] => format!("{} or {last}", most.join(", ")),
    }
}

/// What to type where a value of another kind is expected; `items` is the rule for entries of a list.
fn remedy(node: &Node, kind: &TypeKind, items: &Value) -> Option<String> {
    let wants = |name: &str| wants(kind, name);
    let written = node.span.text();
    let is_scalar = !matches!(node.kind, Kind::List(_) | Kind::Map(_) | Kind::Null);
    if wants("array") && is_scalar && !written.is_empty() && !written.contains('\n') {
        let options = node.as_str().filter(|text| text.starts_with('-') && text.contains(' '));
        let words = options.map(|text| text.split_whitespace().collect::<Vec<_>>().join(", "));
        return Some(format!("write a list: `[{}]`", words.as_deref().unwrap_or(written)));
    }
    if let Some(map) = node.as_map().filter(|_| wants("array")) {
        return Some(match known_keys(items) {
            known if known.contains(&"value") && !map.keys().all(|key| known.contains(&key)) => {
                "write a list, each entry with `- name: NAME` and `value: VALUE`".to_owned()
            }
            _ => "write a list: begin each entry with `- `".to_owned(),
        });
    }
    if wants("object") && matches!(node.kind, Kind::List(_)) {
        return Some("write a map: `KEY: VALUE` lines without `- `".to_owned());
    }
    if wants("string") && matches!(node.kind, Kind::Bool(_) | Kind::Int(_) | Kind::Float(_)) {
        return Some(format!("quote it: `\"{written}\"`"));
    }
    let text = node.as_str()?;
    if wants("object")
        && written == text
        && let Some((key, value)) = text.split_once(':')
    {
        return Some(format!("write a space after the colon: `{key}: {value}`"));
    }
    let meant = match text.trim() {
        number if wants("integer") && number.parse::<i128>().is_ok() => number,
        "true" | "yes" | "on" if wants("boolean") => "true",
        "false" | "no" | "off" if wants("boolean") => "false",
        _ => return None,
    };
    Some(if !written.starts_with(['"', '\'']) {
        "set it with --set, which knows numbers and booleans".to_owned()
    } else if meant == text {
        "remove the quotes".to_owned()
    } else {
        format!("write `{meant}`, without quotes")
    })
}

/// A number or a boolean that is in quotes, without them.
fn unquoted<'n>(node: &'n Node, kind: &TypeKind) -> Option<&'n str> {
    let text = node.as_str().filter(|_| node.span.text().starts_with(['"', '\'']))?;
    let wants = |name: &str| wants(kind, name);
    let number = wants("integer") && text.parse::<i128>().is_ok_and(|n| n.to_string() == text);
    (number || wants("boolean") && matches!(text, "true" | "false")).then_some(text)
}

/// A switch where the map is expected that has it: `jetstream: true`.
fn switch(node: &Node, kind: &TypeKind, known: &[&str]) -> Option<String> {
    let on = node.as_bool().filter(|_| wants(kind, "object") && known.contains(&"enabled"))?;
    Some(format!("{{enabled: {on}}}"))
}

/// A size or a duration as the pattern wants it: `8 MB`, `10GB`, `2 minutes` and `1d` can only mean one thing.
fn respelt(node: &Node, rule: &Value, pattern: &str) -> Option<String> {
    const UNITS: [(&str, &str); 9] = [
        ("hours", "h"),
        ("hour", "h"),
        ("minutes", "m"),
        ("minute", "m"),
        ("mins", "m"),
        ("min", "m"),
        ("seconds", "s"),
        ("second", "s"),
        ("sec", "s"),
    ];
    let text: String = node.as_str()?.split_whitespace().collect();
    let meant = match rule["title"].as_str()? {
        "duration" => match (UNITS.iter().find(|(word, _)| text.ends_with(word)), &text) {
            (Some((word, unit)), _) => text.replace(word, unit),
            (None, text) => {
                match text.strip_suffix('d').and_then(|days| days.parse::<u64>().ok()) {
                    Some(days) => format!("{}h", days.checked_mul(24)?),
                    None => text.clone(),
                }
            }
        },
        // A claim counts in K, M and G, each a thousand of the one before, as `GB` does.
        "size" | "quantity" => match text.strip_suffix(['B', 'b']) {
            Some(bare) if !bare.is_empty() && !matches(pattern, &text) => bare.to_owned(),
            _ => text.clone(),
        },
        _ => return None,
    };
    matches(pattern, &meant).then_some(meant)
}

fn matches(pattern: &str, text: &str) -> bool {
    Regex::new(pattern).is_ok_and(|pattern| pattern.is_match(text))
}

fn wants(kind: &TypeKind, name: &str) -> bool {
    type_names(kind).iter().any(|known| known == name)
}

fn type_names(kind: &TypeKind) -> Vec<String> {
    match kind {
        TypeKind::Single(kind) => vec![kind.to_string()],
        TypeKind::Multiple(kinds) => kinds.iter().map(|kind| kind.to_string()).collect(),
    }
}

fn alternatives(options: &[String]) -> String {
    match options {
        [] => "something else".to_owned(),
        [one] => format!("`{one}`"),
        [most @ .., last] => {
            let most: Vec<String> = most.iter().map(|option| format!("`{option}`")).collect();
            format!("{} or `{last}`", most.join(", "))
        }
    }
}

/// The part of the schema that holds the keyword which failed.
fn schema_at<'s>(schema: &'s Value, path: &Location) -> &'s Value {
    let mut at = schema;
    let segments: Vec<LocationSegment<'_>> = path.into_iter().collect();
    for segment in segments.iter().take(segments.len().saturating_sub(1)) {
        let next = match segment {
            LocationSegment::Property(key) => at.get(key.as_ref()),
            LocationSegment::Index(index) => at.get(index),
        };
        match next {
            Some(next) => at = next,
            None => break,
        }
    }
    at
}

/// What a reference within the schema refers to, or the rule itself.
fn referred<'s>(schema: &'s Value, rule: &'s Value) -> &'s Value {
    let reference = rule.get("$ref").and_then(Value::as_str);
    reference.and_then(|it| schema.pointer(it.strip_prefix('#')?)).unwrap_or(rule)
}

fn known_keys(rule: &Value) -> Vec<&str> {
    rule.get("properties")
        .and_then(Value::as_object)
        .map(|properties| properties.keys().map(String::as_str).collect())
        .unwrap_or_default()
}

/// ``a size such as `64MB` or `1Gi` ``: the title and the examples of a schema.
fn examples(rule: &Value) -> Option<String> {
    let title = rule.get("title")?.as_str()?.to_lowercase();
    let article = if title.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
    let examples: Vec<String> = rule
        .get("examples")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .map(|example| example.as_str().map_or(example.to_string(), str::to_owned))
        .collect();
    Some(match examples.is_empty() {
        true => format!("{article} {title}"),
        false => format!("{article} {title} such as {}", alternatives(&examples)),
    })
}

/// Of several alternatives, the one that the user probably meant: the one that fails deepest, and
/// with the fewest findings.
fn likeliest<'e>(
    context: &'e [Vec<ValidationError<'static>>],
) -> Option<&'e Vec<ValidationError<'static>>> {
    context.iter().filter(|errors| !errors.is_empty()).max_by_key(|errors| {
        let depth = errors.iter().map(|e| e.instance_path().into_iter().count()).max();
        let shape = errors.iter().any(|e| matches!(e.kind(), ValidationErrorKind::Type { .. }));
        (depth, !shape, std::cmp::Reverse(errors.len()))
    })
}

//! What is wrong with one object: findings with the path and the place of the field.

use jinnacle_syntax::diagnostic::{Diagnostic, RuleId, Severity, Sink, rule};
use jinnacle_syntax::source::Span;
use jinnacle_syntax::yaml::{Kind, Node};

/// Collects findings about one object.
pub struct Report<'a> {
    /// The object.
    pub root: &'a Node,
    /// The object in words: StatefulSet `bus`.
    object: String,
    found: Vec<Diagnostic>,
}

const TYPE: RuleId = rule!("kubernetes/type");
const VALUE: RuleId = rule!("kubernetes/value");
const REQUIRED: RuleId = rule!("kubernetes/required");
const DUPLICATE: RuleId = rule!("kubernetes/duplicate");
const CONFLICT: RuleId = rule!("kubernetes/conflict");
const UNKNOWN_FIELD: RuleId = rule!("kubernetes/unknown-field");
const DEPRECATED: RuleId = rule!("kubernetes/deprecated");

impl<'a> Report<'a> {
    /// An empty report about an object.
    pub fn new(root: &'a Node) -> Self {
        let kind = root.get("kind").and_then(Node::as_str).unwrap_or("object");
        let name = |field: &str| {
            let name = root.at(&["metadata", field]).and_then(Node::as_str);
            name.filter(|name| !name.is_empty())
        };
        let name = name("name").or_else(|| name("generateName"));
        let object = name.map_or(kind.to_owned(), |name| format!("{kind} `{name}`"));
        Self { root, object, found: Vec::new() }
    }

    /// Hands over the findings, in the order of the text.
    pub fn finish(mut self, sink: &mut Sink) {
        self.found.sort_by_key(|finding| finding.span.as_ref().map(Span::start));
        sink.extend(self.found);
    }

    /// How many findings there are so far.
    pub fn len(&self) -> usize {
        self.found.len()
    }

    /// Drops findings after the first `known` whose place holds one of those from `start` on: what follows
    /// from a wrong type adds nothing.
    pub fn drop_echoes(&mut self, start: usize, known: usize) {
        let later = self.found.split_off(known);
        let holds = |outer: &Diagnostic, inner: &Diagnostic| {
            let spans = outer.span.as_ref().zip(inner.span.as_ref());
            spans.is_some_and(|(outer, inner)| {
                outer.start() <= inner.start() && inner.end() <= outer.end()
            })
        };
        let is_echo = |finding: &Diagnostic| {
            let mut errors = self.found[start..].iter().filter(|k| k.severity == Severity::Error);
            errors.any(|error| holds(finding, error))
        };
        let news: Vec<Diagnostic> = later.into_iter().filter(|f| !is_echo(f)).collect();
        self.found.extend(news);
    }

    /// The value at a node is accepted, but does not work.
    pub fn doubt(&mut self, node: &Node, words: impl AsRef<str>) -> &mut Diagnostic {
        let finding = self.value(node, words);
        finding.severity = Severity::Warning;
        finding
    }

    /// The value at a node is refused: `words` has what is expected.
    pub fn value(&mut self, node: &Node, words: impl AsRef<str>) -> &mut Diagnostic {
        let path = self.path_to(node);
        let words = format!("{}, found {}", words.as_ref(), describe(node));
        self.error(VALUE, path, &words, &node.span)
    }

    /// The value at a node has the wrong type.
    pub fn wrong_type(&mut self, node: &Node, due: &str) -> &mut Diagnostic {
        let path = self.path_to(node);
        let words = format!("expected {due}, found {}", describe(node));
        self.error(TYPE, path, &words, &node.span)
    }

    /// A key of a map, such as the name of a label, is refused.
    pub fn key(&mut self, map: &Node, key: &str, words: impl AsRef<str>) -> &mut Diagnostic {
        let path = format!("{}[{key}]", self.path_to(map));
        let span = map.as_map().and_then(|map| map.entry(key)).map(|entry| entry.key.clone());
        self.error(VALUE, path, words.as_ref(), &span.unwrap_or(map.span.clone()))
    }

    /// A field that does not exist.
    pub fn unknown(&mut self, map: &Node, key: &str, span: &Span) -> &mut Diagnostic {
        let path = joined(&self.path_to(map), key);
        self.error(UNKNOWN_FIELD, path, "unknown field", span)
    }

    /// A field below a node must be set.
    pub fn required(&mut self, node: &Node, field: &str) -> &mut Diagnostic {
        self.required_as(node, field, "required")
    }

    /// A field below a node must be set, for the reason in `words`.
    pub fn required_as(&mut self, node: &Node, field: &str, words: &str) -> &mut Diagnostic {
        let path = match self.path_to(node) {
            path if path.is_empty() => field.to_owned(),
            path => format!("{path}.{field}"),
        };
        let span = match node.as_map().and_then(|map| map.entry(field)) {
            Some(entry) if entry.value.is_null() => entry.key.clone(),
            Some(entry) => entry.value.span.clone(),
            None => self.key_of(node).or_else(|| first_key(node)).unwrap_or(node.span.clone()),
        };
        self.error(REQUIRED, path, words, &span)
    }

    /// A node that is there twice.
    pub fn duplicate(&mut self, node: &Node, words: impl AsRef<str>) -> &mut Diagnostic {
        let path = self.path_to(node);
        self.error(DUPLICATE, path, words.as_ref(), &node.span)
    }

    /// A node that contradicts another.
    pub fn conflict(&mut self, node: &Node, words: impl AsRef<str>) -> &mut Diagnostic {
        let path = self.path_to(node);
        let span = self.key_of(node).unwrap_or_else(|| node.span.clone());
        self.error(CONFLICT, path, words.as_ref(), &span)
    }

    /// A kind that does not exist.
    pub fn unknown_kind(&mut self, node: &Node, message: String) -> &mut Diagnostic {
        self.found.push(Diagnostic::error(rule!("kubernetes/kind"), message).at(&node.span));
        self.last()
    }

    /// The finding that was added last.
    pub fn last(&mut self) -> &mut Diagnostic {
        self.found.last_mut().expect("a finding was added just now")
    }

    /// Something that is accepted, and should not be relied on.
    pub fn warn(&mut self, node: &Node, words: impl AsRef<str>) {
        let message = format!("`{}` of {}: {}", self.path_to(node), self.object, words.as_ref());
        self.found.push(Diagnostic::warning(DEPRECATED, message).at(&node.span));
    }

    fn error(&mut self, rule: RuleId, path: String, words: &str, span: &Span) -> &mut Diagnostic {
        let message = match path.as_str() {
            "" => format!("{}: {words}", self.object),
            path => format!("`{path}` of {}: {words}", self.object),
        };
        self.found.push(Diagnostic::error(rule, message).at(span));
        self.last()
    }

    /// The path of a node in the object: `spec.template.spec.containers[0].image`. It is looked for only
    /// when something is wrong, so that callers need not carry it along.
    fn path_to(&self, node: &Node) -> String {
        let mut path = String::new();
        find(self.root, node, &mut path);
        path
    }

    /// The place of the key under which a node is.
    fn key_of(&self, node: &Node) -> Option<Span> {
        fn search(at: &Node, node: &Node) -> Option<Span> {
            match &at.kind {
                Kind::Map(map) => map.entries().find_map(|(_, entry)| {
                    if std::ptr::eq(&entry.value, node) {
                        return Some(entry.key.clone());
                    }
                    search(&entry.value, node)
                }),
                Kind::List(list) => list.iter().find_map(|item| search(item, node)),
                _ => None,
            }
        }
        search(self.root, node)
    }
}

/// The place of the first key of an entry of a list, in place of the whole entry.
fn first_key(node: &Node) -> Option<Span> {
    node.as_map()?.entries().next().map(|(_, entry)| entry.key.clone())
}

fn find(at: &Node, node: &Node, path: &mut String) -> bool {
    if std::ptr::eq(at, node) {
        return true;
    }
    let length = path.len();
    match &at.kind {
        Kind::Map(map) => {
            for (key, value) in map.iter() {
                *path = joined(path, key);
                if find(value, node, path) {
                    return true;
                }
                path.truncate(length);
            }
        }
        Kind::List(list) => {
            for (index, item) in list.iter().enumerate() {
                *path += &format!("[{index}]");
                if find(item, node, path) {
                    return true;
                }
                path.truncate(length);
            }
        }
        _ => {}
    }
    false
}

/// A key with dots or slashes in it is in brackets.
fn joined(path: &str, key: &str) -> String {
    match (path, key.contains(['.', '/'])) {
        (_, true) => format!("{path}[{key}]"),
        ("", false) => key.to_owned(),
        (_, false) => format!("{path}.{key}"),
    }
}

/// A value in a message: a string in quotes, short things as they are written, long ones by their kind.
fn describe(node: &Node) -> String {
    match &node.kind {
        Kind::Text(text) if text.chars().count() <= 80 => format!("{text:?}"),
        Kind::Text(text) => format!("a string of {} characters", text.chars().count()),
        Kind::Int(number) => number.to_string(),
        Kind::Bool(value) => format!("the boolean {value}"),
        Kind::Float(number) => format!("the number {number}"),
        Kind::List(list) if list.is_empty() => "an empty list".to_owned(),
        Kind::Map(map) if map.is_empty() => "an empty map".to_owned(),
        _ => node.kind_word().to_owned(),
    }
}

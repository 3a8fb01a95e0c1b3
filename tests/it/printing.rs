//! Values printed by their place: whatever a value holds, it reads back as what it was, or is refused.
//!
//! `tests/printing/strings.json` are texts that YAML or nats.conf misread, `positions.json` places in
//! templates. What must be read back is what a neutral word gives, with the text in its stead.

use std::collections::HashMap;
use std::sync::Arc;

use jinnacle::diagnostic::{Diagnostic, rule};
use jinnacle::source::{Source, Span};
use jinnacle::yaml::{Document, Kind, Limits, Map, Node, emit, read_documents};
use jinnacle_jinja::engine::{Context, Engine, Rendered};
use minijinja::context;
use proptest::prelude::*;

/// A word that no template holds.
const NEUTRAL: &str = "wOrd";

const HELPERS: &str = "{% macro f(x) %}{{ x }}{% endmacro %}\
    {% macro g(x) %}{% set y %}{{ x }}{% endset %}{{ y }}{% endmacro %}";

fn engine(templates: &[(&str, &str)]) -> Engine {
    let sources: HashMap<String, Arc<Source>> = templates
        .iter()
        .chain(&[("_h.j2", HELPERS), ("_p.yaml.j2", "p: {{ x }}\n")])
        .map(|(name, text)| ((*name).to_owned(), Source::new(*name, *text)))
        .collect();
    Engine::new(move |name| sources.get(name).cloned(), |_, _| None)
}

fn nowhere() -> Span {
    Span::whole(&Source::new("", ""))
}

fn node(kind: Kind) -> Node {
    Node::new(kind, nowhere())
}

fn text(text: &str) -> Node {
    node(Kind::Text(text.to_owned()))
}

fn map(entries: impl IntoIterator<Item = (String, Node)>) -> Node {
    let mut map = Map::new();
    for (key, value) in entries {
        map.insert(key, nowhere(), value);
    }
    node(Kind::Map(map))
}

/// `x` is the text, `m` a map that holds it in several places.
fn context(x: &str) -> Context {
    let list = node(Kind::List(vec![text(x), map([("n".to_owned(), text(x))])]));
    let m = [("mk".to_owned(), text(x)), ("l".to_owned(), list), ("e".to_owned(), map([]))];
    Context::of(&map([("x".to_owned(), text(x)), ("m".to_owned(), map(m))]))
}

/// The engine's own check of what reads back.
fn misread(rendered: &Rendered, documents: &[Document]) -> Option<Diagnostic> {
    let roots: Vec<&Node> = documents.iter().map(|document| &document.root).collect();
    let mut warnings = documents.iter().flat_map(|document| &document.warnings);
    let overwritten = warnings.any(|warning| warning.rule == rule!("yaml/duplicate-key"));
    rendered.misread(&roots, overwritten)
}

/// The documents of a rendered text, after the engine's own check of what reads back.
fn read(rendered: &Rendered) -> Vec<Node> {
    let source = Source::new("output", rendered.text.as_str());
    let (documents, errors) = read_documents(&source, &Limits::default());
    assert!(errors.is_empty(), "{errors:?}\n{}", rendered.text);
    if let Some(misread) = misread(rendered, &documents) {
        panic!("{misread:?}\n{}", rendered.text);
    }
    documents.into_iter().map(|document| document.root).collect()
}

/// The same tree with a text in the place of the neutral word.
fn with(node: &Node, x: &str) -> Node {
    let kind = match &node.kind {
        Kind::Text(text) => Kind::Text(text.replace(NEUTRAL, x)),
        Kind::List(list) => Kind::List(list.iter().map(|entry| with(entry, x)).collect()),
        Kind::Map(entries) => {
            return map(entries
                .iter()
                .map(|(key, value)| (key.replace(NEUTRAL, x), with(value, x))));
        }
        other => other.clone(),
    };
    Node::new(kind, node.span.clone())
}

struct Position {
    name: String,
    engine: Engine,
    neutral: Vec<Node>,
}

/// The positions, but the one whose template is refused.
fn positions() -> Vec<Position> {
    let positions: Vec<HashMap<String, String>> =
        serde_json::from_str(include_str!("../printing/positions.json")).unwrap();
    positions
        .iter()
        .filter(|position| position["position"] != "concatenation")
        .map(|position| {
            let name = position["position"].clone();
            let engine = engine(&[("t.yaml.j2", &position["template"])]);
            let context = context(NEUTRAL);
            let rendered = engine.render("t.yaml.j2", &context).unwrap();
            let neutral = read(&rendered);
            let written = position["template"].replace("{{ x }}", NEUTRAL);
            if !written.contains("{{") && !written.contains("{%") && name != "colon after" {
                let (documents, _) = read_documents(&Source::new("", written), &Limits::default());
                let roots: Vec<Node> =
                    documents.into_iter().map(|document| document.root).collect();
                assert_eq!(neutral, roots, "{name}");
            }
            Position { name, engine, neutral }
        })
        .collect()
}

/// Prints a text in a position; whether it was printed, and not refused.
fn print(position: &Position, x: &str) -> bool {
    let context = context(x);
    let Ok(rendered) = position.engine.render("t.yaml.j2", &context) else { return false };
    let roots = read(&rendered);
    let wanted: Vec<Node> = position.neutral.iter().map(|root| with(root, x)).collect();
    assert_eq!(roots, wanted, "{}: {x:?}\n{}", position.name, rendered.text);
    true
}

#[test]
fn every_text_is_right_in_every_position_or_refused() {
    let strings: Vec<String> =
        serde_json::from_str(include_str!("../printing/strings.json")).unwrap();
    let positions = positions();
    let mut refused = HashMap::new();
    for position in &positions {
        for x in &strings {
            if !print(position, x) {
                *refused.entry(position.name.as_str()).or_insert(0) += 1;
            }
        }
    }
    let mut refused: Vec<_> = refused.into_iter().collect();
    refused.sort_unstable();
    assert_eq!(
        refused,
        [
            // Characters that a block text cannot hold.
            ("block text first line", 19),
            ("block text in entry of list", 19),
            ("block text inside line", 19),
            ("block text later line, in list", 19),
            // An empty text on a line of its own.
            ("double quotes, lines", 1),
            // Keys of more than 1000 bytes.
            ("flow key", 2),
            // Lines and blanks at the edge, which folding would change.
            ("folded text", 81),
            ("key", 2),
            ("key part", 2),
            ("key quoted", 2),
            ("key with child", 2),
        ]
    );
}

/// What becomes of a template: its text, or what is wrong with it.
fn outcome(name: &str, template: &str) -> String {
    let engine = engine(&[
        (name, template),
        ("_p.conf.j2", "p: {{ x }}\n"),
        ("_t.txt.j2", "{{ x }} {{ 1e6 }} {{ y }}\n"),
        ("_bad.conf.j2", "a: 1\nb {\n  c: {{ n }}\n}\n"),
        ("_bad.yaml.j2", "# {{ x }}\nb: {{ x }}{{ n }}\n"),
        ("_includes.j2", "{% include '_p.yaml.j2' %}"),
    ]);
    let context: Context = context! {
        x => "v", t => "c\nd\n", m => context! { a => 1 }, l => ["a", "b"], n => (),
        values => context! { image => "nats" },
    }
    .into();
    let rendered = match engine.render(name, &context) {
        Ok(rendered) => rendered,
        Err(found) => {
            let mut text = String::new();
            for diagnostic in found {
                let place = diagnostic.span.map(|span| span.to_string()).unwrap_or_default();
                text += &format!("{}[{}] {}\n", place, diagnostic.rule, diagnostic.message);
                for (span, word) in diagnostic.related {
                    text += &format!("  {span} {word}\n");
                }
                for help in diagnostic.help {
                    text += &format!("  help: {help}\n");
                }
            }
            return text;
        }
    };
    if name.ends_with(".yaml.j2") {
        let source = Source::new("output", rendered.text.as_str());
        let (documents, errors) = read_documents(&source, &Limits::default());
        if let Some(error) = errors.first() {
            return format!("not YAML: {}\n{}", error.message, rendered.text);
        }
        if let Some(misread) = misread(&rendered, &documents) {
            return format!("misread: {}\n{}", misread.message, rendered.text);
        }
    }
    rendered.text
}

/// All outcomes of a file of templates, each below its template.
fn outcomes(name: &str, templates: &str) -> String {
    let groups: serde_json::Map<String, serde_json::Value> =
        serde_json::from_str(templates).unwrap();
    let mut all = String::new();
    for (group, templates) in groups {
        all += &format!("\n======== {group}\n");
        for template in templates.as_array().unwrap() {
            let template = template.as_str().unwrap();
            all += &format!("\n---- {template:?}\n{}", outcome(name, template));
        }
    }
    all
}

#[test]
fn templates_have_these_outcomes() {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(concat!(env!("CARGO_MANIFEST_DIR"), "/snapshots/printing"));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| {
        let yaml = outcomes("t.yaml.j2", include_str!("../printing/yaml.json"));
        insta::assert_snapshot!("yaml", yaml);
        let conf = outcomes("t.conf.j2", include_str!("../printing/conf.json"));
        insta::assert_snapshot!("conf", conf);
    });
}

/// Texts of what YAML takes for structure.
pub fn nasty() -> impl Strategy<Value = String> {
    const PIECES: &[&str] = &[
        "a", "b", "0", "1", "e", "y", "N", "x", " ", "  ", "\t", "\n", "\n\n", "\r", ".", "-", ":",
        "?", ",", "[", "]", "{", "}", "#", "&", "*", "!", "|", ">", "'", "\"", "%", "@", "`", "\\",
        "/", "=", "~", "<", "<<", "+", "_", "$", ": ", " #", "- ", "---", "...", "{{", "}}", "{%",
        "null", "true", "0x", "\u{85}", "\u{2028}", "\u{feff}", "\0", "\u{1}", "\u{2}", "\u{3}",
        "\u{5}", "\u{7f}", "\u{a0}", "é", "😀",
    ];
    prop::collection::vec(prop::sample::select(PIECES), 0..9).prop_map(|pieces| pieces.concat())
}

fn scalar() -> impl Strategy<Value = Kind> {
    prop_oneof![
        6 => nasty().prop_map(Kind::Text),
        2 => "[a-z]{1,6}( [a-z]{1,6})?(\n[a-z]{1,6}){0,2}\n?".prop_map(Kind::Text),
        1 => any::<i64>().prop_map(|value| Kind::Int(value.into())),
        1 => any::<bool>().prop_map(Kind::Bool),
        1 => prop_oneof![-1e3..1e3, -1e19..1e19, -1e25..1e25].prop_map(Kind::Float),
        1 => Just(Kind::Null),
    ]
}

fn tree() -> impl Strategy<Value = Node> {
    scalar().prop_map(node).prop_recursive(4, 40, 4, |inner| {
        let key = prop_oneof![3 => "[a-z]{1,4}", 1 => nasty()];
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(|list| node(Kind::List(list))),
            prop::collection::vec((key, inner), 0..4).prop_map(map),
        ]
    })
}

/// The same tree, with floats that hold integers as integers: that is how both are written.
fn reread(node: &Node) -> Node {
    let kind = match &node.kind {
        Kind::Float(float) if float.abs() < 1e21 => {
            float.to_string().parse().map_or(Kind::Float(*float), Kind::Int)
        }
        Kind::List(list) => Kind::List(list.iter().map(reread).collect()),
        Kind::Map(entries) => {
            return map(entries.iter().map(|(key, value)| (key.to_owned(), reread(value))));
        }
        other => other.clone(),
    };
    Node::new(kind, node.span.clone())
}

/// Writes a tree as a template in which some of its parts are values; the tape decides which.
struct Author<'t> {
    tape: std::iter::Cycle<std::slice::Iter<'t, u8>>,
    template: String,
    values: Vec<Node>,
}

impl Author<'_> {
    fn choose(&mut self, count: u8) -> u8 {
        self.tape.next().map_or(0, |byte| byte % count)
    }

    fn mark(&mut self, value: Node) -> String {
        self.values.push(value);
        format!("{{{{ v[{}] }}}}", self.values.len() - 1)
    }

    fn line(&mut self, column: usize, line: &str) {
        self.template.extend(std::iter::repeat_n(' ', column));
        self.template.push_str(line);
        self.template.push('\n');
        match self.choose(12) {
            0 => self.template.push('\n'),
            1 => self.template.push_str("# at the margin\n"),
            2 => self.template.push_str("              # deep\n"),
            3 => self.template.push_str("              \n"),
            _ => {}
        }
    }

    /// The entries of a map or list as lines; `head` stands before the first.
    fn entries(&mut self, tree: &Node, column: usize) {
        match &tree.kind {
            Kind::Map(entries) => {
                let entries: Vec<(String, Node)> =
                    entries.iter().map(|(key, value)| (key.to_owned(), value.clone())).collect();
                let mut rest = &entries[..];
                while let [(key, value), ..] = rest {
                    if self.choose(5) == 0 {
                        let empty = self.mark(map([]));
                        self.line(column, &empty);
                    }
                    let spliced = usize::from(self.choose(4)).min(rest.len());
                    if spliced > 1 {
                        let mark = self.mark(map(rest[..spliced].iter().cloned()));
                        self.line(column, &mark);
                        rest = &rest[spliced..];
                        continue;
                    }
                    let head = match self.choose(3) {
                        0 => self.mark(text(key)),
                        1 => format!("\"{}\"", self.mark(text(key))),
                        _ => {
                            let mut head = String::new();
                            emit::text(key, emit::Place::Key, &mut head);
                            raw(&head)
                        }
                    };
                    self.value(&format!("{head}:"), value, column);
                    rest = &rest[1..];
                }
            }
            Kind::List(list) => {
                let mut rest = &list[..];
                while let [value, ..] = rest {
                    if self.choose(5) == 0 {
                        let empty = self.mark(node(Kind::List(Vec::new())));
                        self.line(column, &empty);
                    }
                    let spliced = usize::from(self.choose(4)).min(rest.len());
                    if spliced > 1 {
                        let mark = self.mark(node(Kind::List(rest[..spliced].to_vec())));
                        self.line(column, &mark);
                        rest = &rest[spliced..];
                    } else {
                        self.value("-", value, column);
                        rest = &rest[1..];
                    }
                }
            }
            _ => {}
        }
    }

    /// A value behind a key or dash.
    fn value(&mut self, head: &str, value: &Node, column: usize) {
        let comment = if self.choose(5) == 0 { " # about it" } else { "" };
        let deeper = column + 1 + usize::from(self.choose(3));
        let is_empty = match &value.kind {
            Kind::Map(entries) => entries.is_empty(),
            Kind::List(list) => list.is_empty(),
            _ => true,
        };
        match self.choose(4) {
            0 => {
                let mark = self.mark(value.clone());
                self.line(column, &format!("{head} {mark}{comment}"));
            }
            1 => {
                self.line(column, &format!("{head}{comment}"));
                let mark = self.mark(value.clone());
                self.line(deeper, &mark);
            }
            2 if value.as_str().is_some_and(|text| text.chars().count() > 1) => {
                let whole = value.as_str().unwrap();
                let half = whole.char_indices().nth(whole.chars().count() / 2).unwrap().0;
                let (first, second) =
                    (self.mark(text(&whole[..half])), self.mark(text(&whole[half..])));
                let quote = ["", "'", "\""][usize::from(self.choose(3))];
                self.line(column, &format!("{head} {quote}{first}{second}{quote}{comment}"));
            }
            _ if is_empty => {
                let mut written = String::new();
                emit::scalar(value, emit::Place::Line, &mut written);
                self.line(column, &format!("{head} {}{comment}", raw(&written)));
            }
            _ => {
                self.line(column, &format!("{head}{comment}"));
                self.entries(value, deeper);
            }
        }
    }
}

/// A text that Jinja would take for its own, as the template's author would have to write it.
fn raw(written: &str) -> String {
    match ["{{", "{%", "{#"].iter().any(|begin| written.contains(begin)) {
        true => format!("{{% raw %}}{written}{{% endraw %}}"),
        false => written.to_owned(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_random_text_is_right_in_every_position_or_refused(x in nasty()) {
        thread_local!(static POSITIONS: Vec<Position> = positions());
        POSITIONS.with(|positions| {
            for position in positions {
                print(position, &x);
            }
        });
    }

    #[test]
    fn what_is_emitted_reads_back(tree in tree()) {
        let text = emit::to_yaml(&tree);
        let (documents, errors) = read_documents(&Source::new("", text.as_str()), &Limits::default());
        prop_assert!(errors.is_empty(), "{errors:?}\n{text}");
        prop_assert_eq!(&documents[0].root, &reread(&tree), "{}", text);
    }

    #[test]
    fn a_tree_reads_back_whichever_parts_of_it_are_values(
        entries in prop::collection::vec(("[a-z]{1,4}", tree()), 1..5),
        tape in prop::collection::vec(any::<u8>(), 40),
    ) {
        let tree = map(entries);
        let mut author = Author { tape: tape.iter().cycle(), template: String::new(), values: Vec::new() };
        author.entries(&tree, 0);
        let Author { template, values, .. } = author;
        let engine = engine(&[("t.yaml.j2", &template)]);
        let context = Context::of(&map([("v".to_owned(), node(Kind::List(values)))]));
        let rendered = match engine.render("t.yaml.j2", &context) {
            Ok(rendered) => rendered,
            Err(errors) => panic!("{errors:?}\n{template}"),
        };
        let roots = read(&rendered);
        prop_assert_eq!(&roots[0], &reread(&tree), "{}\n{}", template, rendered.text);
    }
}

//! Each text of a user comes out as it went in, in its own fields and in no other.
//!
//! All texts of a file are replaced at once, each by one of its own, so that one render tries some
//! hundred of them. In a first render a mark is in the place of each; what must come out is that, with
//! the texts for the marks.

use std::sync::LazyLock;

use jinnacle::diagnostic::Diagnostic;
use jinnacle::yaml::{Kind, Map, Node};
use proptest::prelude::*;
use serde_json::{Value as Json, json};

use super::{FILES, layer, nowhere, objects};
use crate::printing::nasty;

/// Texts that are more than texts: they choose, or have a grammar of their own and are checked by it.
const KEPT: [&str; 15] = [
    "auth.resolver.type",
    // Its number decides what the probes ask.
    "nats.image",
    // Its number decides which files it mounts.
    "reloader.image",
    "reloader.image.tag",
    "nats.limits.maxControlLine",
    "nats.limits.maxPayload",
    "nats.limits.maxPending",
    "nats.jetstream.maxOutstandingCatchup",
    "nats.jetstream.max_file",
    "nats.jetstream.memStorage.size",
    "nats.jetstream.fileStorage.size",
    "nats.jetstream.fileStorage.claimStorageSize",
    "cluster.tls.custom",
    "leafnodes.tls.custom",
    "leafnodes.remotes.tls.custom",
];

/// Where template text is expanded.
const EXPANDED: [&str; 15] = [
    "affinity",
    "commonLabels",
    "statefulSetPodLabels",
    "nats.selectorLabels",
    "natsbox.affinity",
    "natsbox.additionalLabels",
    "natsbox.podLabels",
    "networkPolicy.extra",
    "leafnodes.remotes",
    "nats.tls.",
    "mqtt.tls.",
    "cluster.tls.",
    "leafnodes.tls.",
    "gateway.tls.",
    "websocket.tls.",
];

/// Keys that become keys of nats.conf.
const CONF_KEYS: [&str; 4] = [
    "nats.mappings.*",
    "auth.basic.accounts.*",
    "auth.basic.accounts.key-1.mappings.*",
    "auth.resolver.resolverPreload.*",
];

/// Names of files that nats.conf includes.
const INCLUDED: [&str; 2] = ["nats.config.name", "auth.resolver.configMap.key"];

/// Whether a text can stand at a path without being changed on purpose.
fn stands(path: &str, text: &str) -> bool {
    let invisible = |c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}');
    match path {
        // They are cut to the length that Kubernetes allows for labels.
        "nameOverride" | "fullnameOverride" => text.chars().count() <= 40 && !text.ends_with('-'),
        // The name of a file that nats.conf includes has no escapes either.
        _ if INCLUDED.contains(&path) => {
            !text.contains(|c: char| invisible(c) || "\"\\".contains(c))
        }
        // nats.conf has no escapes in its keys.
        _ if CONF_KEYS.contains(&path) => {
            !(text.contains(invisible) || text.contains('"') && text.contains('\''))
        }
        // The user's label instead of the chart's.
        _ if path.ends_with(".*") && text.starts_with("app.kubernetes.io/") => false,
        _ if EXPANDED.iter().any(|part| path.starts_with(part)) => !text.contains("{{"),
        _ => true,
    }
}

/// The same values with other texts; `text` is asked for each, by its path and in order. The path of a
/// key ends with `.*`.
fn with_texts(node: &Node, path: &str, text: &mut dyn FnMut(&str) -> Option<Node>) -> Node {
    let kind = match &node.kind {
        Kind::Text(_) => return text(path).unwrap_or_else(|| node.clone()),
        Kind::List(list) => {
            Kind::List(list.iter().map(|entry| with_texts(entry, path, text)).collect())
        }
        Kind::Map(entries) => {
            let mut map = Map::new();
            for (key, entry) in entries.entries() {
                let below = if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") };
                let (key, span) =
                    match key.starts_with("key-").then(|| text(&format!("{path}.*"))).flatten() {
                        Some(Node { kind: Kind::Text(key), span }) => (key, span),
                        _ => (key.to_owned(), entry.key.clone()),
                    };
                map.insert(key, span, with_texts(&entry.value, &below, text));
            }
            Kind::Map(map)
        }
        other => other.clone(),
    };
    Node::new(kind, node.span.clone())
}

/// A file of `tests/chart` whose texts can be others.
struct Form {
    kube: &'static str,
    values: Node,
    /// The paths of its texts, in order.
    paths: Vec<String>,
    /// Its objects when each text is a mark.
    marked: Json,
}

const MARK: &str = "wOrd";

/// The mark of a text by its number.
fn mark(number: usize) -> String {
    format!("{MARK}{number}x")
}

impl Form {
    fn new((name, kube): (&str, &'static str)) -> Self {
        let values = Node::new(Kind::Map(layer(name, None).unwrap()), nowhere());
        let mut paths = Vec::new();
        with_texts(&values, "", &mut |path| {
            if !KEPT.contains(&path) {
                paths.push(path.to_owned());
            }
            None
        });
        let mut form = Self { kube, values, paths, marked: Json::Null };
        let marks: Vec<String> = (0..form.paths.len()).map(mark).collect();
        form.marked = form.objects(&marks).unwrap_or_else(|found| panic!("{name}: {found:#?}"));
        form
    }

    /// The values with these texts, and null for one of them.
    fn values(&self, texts: &[String], null: Option<usize>) -> Map {
        let mut number = 0;
        let values = with_texts(&self.values, "", &mut |path| {
            if KEPT.contains(&path) {
                return None;
            }
            number += 1;
            let is_null = null == Some(number - 1);
            let text = Kind::Text(texts[number - 1].clone());
            Some(Node::new(if is_null { Kind::Null } else { text }, nowhere()))
        });
        match values.kind {
            Kind::Map(user) => user,
            _ => unreachable!("a values file is a map"),
        }
    }

    /// The objects with these texts.
    fn objects(&self, texts: &[String]) -> Result<Json, Vec<Diagnostic>> {
        objects(self.values(texts, None), self.kube)
    }

    /// Renders these texts, each of which must come out as it is.
    fn check(&self, texts: &[String]) {
        let found = self.objects(texts).unwrap_or_else(|errors| panic!("{errors:#?}"));
        let differences = differences(&filled(&self.marked, texts), &found);
        assert!(differences.is_empty(), "{}", differences.join("\n"));
    }
}

/// The objects with the texts in the places of their marks.
fn filled(marked: &Json, texts: &[String]) -> Json {
    match marked {
        Json::String(text) => json!(fill(text, texts)),
        Json::Array(list) => list.iter().map(|entry| filled(entry, texts)).collect(),
        Json::Object(map) => {
            map.iter().map(|(key, value)| (fill(key, texts), filled(value, texts))).collect()
        }
        other => other.clone(),
    }
}

fn fill(text: &str, texts: &[String]) -> String {
    let is_route = text.starts_with(&format!("nats://{MARK}"));
    let mut filled = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(MARK) {
        let (number, after) = after.split_once('x').unwrap();
        let given = &texts[number.parse::<usize>().unwrap()];
        filled.push_str(before);
        match (is_route, after) {
            // The login of a route is a part of a URL.
            (true, after) if after.contains('@') => filled.push_str(&url_encoded(given)),
            // An image without a tag is the latest.
            (_, ":latest") if before.is_empty() && has_tag(given) => return given.clone(),
            _ => filled.push_str(given),
        }
        rest = after;
    }
    filled + rest
}

fn url_encoded(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    text.bytes()
        .map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}

fn has_tag(image: &str) -> bool {
    let name = image.rsplit('/').next().unwrap_or_default();
    image.contains('@') || name.split(':').nth(1).is_some_and(|tag| !tag.is_empty())
}

/// The places in which two trees differ, with what is there.
fn differences(wanted: &Json, found: &Json) -> Vec<String> {
    let mut differences = Vec::new();
    if wanted != found {
        differ("", wanted, found, &mut differences);
    }
    differences
}

fn differ(path: &str, wanted: &Json, found: &Json, differences: &mut Vec<String>) {
    match (wanted, found) {
        (Json::Object(a), Json::Object(b)) => {
            for key in a.keys().chain(b.keys().filter(|key| !a.contains_key(*key))) {
                let (a, b) = (a.get(key), b.get(key));
                let nothing = json!("(nothing)");
                differ(
                    &format!("{path}/{key}"),
                    a.unwrap_or(&nothing),
                    b.unwrap_or(&nothing),
                    differences,
                );
            }
        }
        (Json::Array(a), Json::Array(b)) if a.len() == b.len() => {
            for (index, (a, b)) in a.iter().zip(b).enumerate() {
                differ(&format!("{path}/{index}"), a, b, differences);
            }
        }
        _ if wanted == found => {}
        _ => differences.push(format!("{path}: wanted {wanted}, found {found}")),
    }
}

static FORMS: LazyLock<Vec<Form>> = LazyLock::new(|| FILES.map(Form::new).into());

/// Texts that YAML, nats.conf or the templates might misread; an empty one is as good as none.
fn hard_texts() -> Vec<String> {
    let texts: Vec<String> =
        serde_json::from_str(include_str!("../../printing/strings.json")).unwrap();
    let more = ["Include", "INCLUDE x", "wOrd", "$NATS", "nats://a:b@c", "a:latest", "@"];
    let more = more.map(str::to_owned);
    texts.into_iter().chain(more).filter(|text| !text.is_empty()).collect()
}

#[test]
fn every_text_comes_out_as_it_went_in() {
    let hard = hard_texts();
    for form in &*FORMS {
        for round in 0..hard.len() {
            // In each round another text for each path, all of them different.
            let texts = form.paths.iter().enumerate().map(|(number, path)| {
                let text = &hard[(number * 7 + round) % hard.len()];
                if stands(path, text) { text.clone() } else { mark(number) }
            });
            form.check(&texts.collect::<Vec<_>>());
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn any_text_comes_out_as_it_went_in(texts in prop::collection::vec(nasty(), 400)) {
        for form in &*FORMS {
            let fitting = |(number, text): (usize, &String)| {
                let fits = !text.is_empty() && stands(&form.paths[number], text);
                if fits { text.clone() } else { mark(number) }
            };
            form.check(&texts[..form.paths.len()].iter().enumerate().map(fitting).collect::<Vec<_>>());
        }
    }
}

#[test]
fn what_nats_conf_cannot_hold_is_an_error_with_a_place() {
    for form in &*FORMS {
        let marks: Vec<String> = (0..form.paths.len()).map(mark).collect();
        for (number, path) in form.paths.iter().enumerate() {
            if !CONF_KEYS.contains(&path.as_str()) && !INCLUDED.contains(&path.as_str()) {
                continue;
            }
            for text in hard_texts().iter().filter(|text| !stands(path, text)) {
                let mut texts = marks.clone();
                texts[number].clone_from(text);
                let errors = form.objects(&texts).expect_err(text);
                assert!(errors.iter().all(|error| error.span.is_some()), "{path}: {errors:#?}");
            }
        }
    }
}

#[test]
fn an_empty_text_is_printed_or_as_good_as_none() {
    for form in &*FORMS {
        let marks: Vec<String> = (0..form.paths.len()).map(mark).collect();
        for (number, path) in form.paths.iter().enumerate() {
            let mut texts = marks.clone();
            texts[number].clear();
            let found = form.objects(&texts).unwrap_or_else(|errors| panic!("{path}: {errors:#?}"));
            if found == filled(&form.marked, &texts) {
                continue;
            }
            // The one is refused before, the other is an account by the name of the release; and to be
            // nobody is a login.
            let login = ["cluster.authorization.user", "cluster.authorization.password"];
            let differ = ["exporter.portName", "nats.serviceAccount"];
            if differ.iter().chain(&login).any(|known| known == path) {
                continue;
            }
            let without = objects(form.values(&texts, Some(number)), form.kube);
            assert_eq!(differences(&without.unwrap(), &found), [""; 0], "{path}");
        }
    }
}

//! Two sets of manifests → what differs between them in meaning.

mod forbidden;
mod refused;
pub mod versions;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use indexmap::IndexMap;

use crate::check::configuration;
use crate::diagnostic::Sink;
use crate::nats_conf::{self, ParseContext};
use crate::render::Rendered;
use crate::source::Source;
use crate::yaml::{Kind, Map, Node};

pub use forbidden::Forbidden;
pub use refused::refused;

/// What one side of a comparison holds: documents, and where they come from if they were rendered.
pub struct Content {
    /// The documents.
    pub documents: Vec<Node>,
    /// The values that they were made of.
    pub values: Option<Arc<Node>>,
    /// The strings in which they stand.
    pub texts: Vec<Rendered>,
}

impl Content {
    /// Documents from files.
    pub fn of(documents: Vec<Node>) -> Self {
        Self { documents, values: None, texts: Vec::new() }
    }
}

/// What differs between the objects of two sides.
pub fn contents<'n>(old: &'n Content, new: &'n Content) -> Vec<Change<'n>> {
    compare(&objects(&old.documents), &objects(&new.documents))
}

/// A difference.
#[derive(Clone, Debug)]
pub struct Change<'n> {
    /// The object: StatefulSet `default/bus`.
    pub object: String,
    /// Where in the object, such as `spec.template.spec.containers[name=nats].image`; empty for the object
    /// itself.
    pub path: String,
    /// What was there; none if it is new.
    pub old: Option<Side<'n>>,
    /// What is there now; none if it went.
    pub new: Option<Side<'n>>,
    /// Why Kubernetes refuses it as an update, if it does.
    pub forbidden: Option<Forbidden>,
}

/// One side of a difference.
#[derive(Clone, Debug)]
pub struct Side<'n> {
    /// The value in one line; secrets are not shown.
    pub shown: String,
    /// What to point at.
    pub node: &'n Node,
}

/// Fields of which one tells the entries of a list apart, the usual ones first.
const KEYS: [&str; 11] = [
    "name",
    "mountPath",
    "devicePath",
    "containerPort",
    "port",
    "key",
    "topologyKey",
    "ip",
    "host",
    "path",
    "metadata.name",
];

/// What differs between objects with the same kind, namespace and name, in the order of the old ones and
/// then of the new.
pub fn compare<'n>(old: &[&'n Node], new: &[&'n Node]) -> Vec<Change<'n>> {
    let mut changes = Vec::new();
    let (old, new) = (numbered(old), numbered(new));
    let known: HashSet<_> = old.iter().map(|(key, _)| key).collect();
    let replaced: HashMap<_, _> = new.iter().map(|(key, after)| (key, *after)).collect();
    for (key, before) in &old {
        let mut pair = Pair { before, object: words(before), changes: &mut changes };
        pair.value("", Some(before), replaced.get(key).copied());
    }
    for (_, after) in new.iter().filter(|(key, _)| !known.contains(key)) {
        let mut pair = Pair { before: after, object: words(after), changes: &mut changes };
        pair.value("", None, Some(after));
    }
    changes
}

/// Objects by their identity; several with the same one are numbered.
fn numbered<'n>(objects: &[&'n Node]) -> Vec<((Identity<'n>, usize), &'n Node)> {
    let mut seen: HashMap<Identity, usize> = HashMap::new();
    let number = |object: &&'n Node| {
        let count = seen.entry(identity(object)).or_default();
        *count += 1;
        ((identity(object), *count), *object)
    };
    objects.iter().map(number).collect()
}

/// What differs between two trees of values, and what is new in the second.
pub fn values<'n>(old: &'n Node, new: &'n Node) -> Vec<Change<'n>> {
    let mut changes = Vec::new();
    let mut pair = Pair { before: old, object: "values".to_owned(), changes: &mut changes };
    pair.value("", Some(old), Some(new));
    changes
}

type Identity<'n> = (&'n str, &'n str, &'n str, &'n str);

/// The group, the kind, the namespace and the name: the version is only a way to see an object.
fn identity(object: &Node) -> Identity<'_> {
    let text = |path: &[&str]| object.str_at(path);
    let group = text(&["apiVersion"]).split_once('/').map_or("", |(group, _)| group);
    (group, text(&["kind"]), text(&["metadata", "namespace"]), text(&["metadata", "name"]))
}

fn words(object: &Node) -> String {
    match identity(object) {
        (_, kind, "", name) => format!("{kind} `{name}`"),
        (_, kind, namespace, name) => format!("{kind} `{namespace}/{name}`"),
    }
}

struct Pair<'c, 'n> {
    before: &'n Node,
    object: String,
    changes: &'c mut Vec<Change<'n>>,
}

impl<'n> Pair<'_, 'n> {
    /// Null is as good as nothing.
    fn value(&mut self, path: &str, old: Option<&'n Node>, new: Option<&'n Node>) {
        let there = |node: &&Node| !node.is_null();
        let (Some(before), Some(after)) = (old.filter(there), new.filter(there)) else {
            if old.filter(there).is_some() || new.filter(there).is_some() {
                self.add(path, old.filter(there), new.filter(there));
            }
            return;
        };
        if before == after || self.configuration(path, before, after) {
            return;
        }
        match (&before.kind, &after.kind) {
            (Kind::Map(old), Kind::Map(new)) => self.map(path, old, new),
            (Kind::List(old), Kind::List(new)) => self.list(path, old, new),
            _ => self.add(path, Some(before), Some(after)),
        }
    }

    fn map(&mut self, path: &str, old: &'n Map, new: &'n Map) {
        for (key, before) in old.iter() {
            self.value(&below(path, key), Some(before), new.get(key));
        }
        for (key, after) in new.iter().filter(|(key, _)| old.get(key).is_none()) {
            self.value(&below(path, key), None, Some(after));
        }
    }

    /// Entries with a name are compared by it, in any order; others by their positions between what both
    /// lists begin and end with.
    fn list(&mut self, path: &str, old: &'n [Node], new: &'n [Node]) {
        if let Some(key) =
            KEYS.into_iter().find(|key| tells_apart(old, key) && tells_apart(new, key))
        {
            let mut named: IndexMap<String, [Option<&'n Node>; 2]> = IndexMap::new();
            for (side, entries) in [old, new].into_iter().enumerate() {
                for entry in entries {
                    let Some(name) = name_of(entry, key) else { continue };
                    named.entry(name).or_default()[side].get_or_insert(entry);
                }
            }
            for (name, [before, after]) in named {
                self.value(&format!("{path}[{key}={name}]"), before, after);
            }
            return;
        }
        let start = old.iter().zip(new).take_while(|(a, b)| a == b).count();
        let most = old.len().min(new.len()) - start;
        let end =
            old.iter().rev().zip(new.iter().rev()).take(most).take_while(|(a, b)| a == b).count();
        let (old_end, new_end) = (old.len() - end, new.len() - end);
        for index in start..old_end.max(new_end) {
            let side = |entries: &'n [Node], end: usize| entries.get(index).filter(|_| index < end);
            self.value(&format!("{path}[{index}]"), side(old, old_end), side(new, new_end));
        }
    }

    /// Configurations of nats-server are compared as trees.
    fn configuration(&mut self, path: &str, old: &'n Node, new: &'n Node) -> bool {
        let Some(name) = path.strip_prefix("data[").and_then(|rest| rest.strip_suffix(']')) else {
            return false;
        };
        let (Some(before), Some(after)) = (old.as_str(), new.as_str()) else { return false };
        if self.kind() != "ConfigMap" || !configuration::is_of_nats(name, after) {
            return false;
        }
        let read = |text: &str| {
            let source = Source::new(name, text);
            let tree = nats_conf::parse(&source, &ParseContext::default(), &mut Sink::new());
            tree.ok().map(|tree| tree.root)
        };
        let (Some(before), Some(after)) = (read(before), read(after)) else { return false };
        let from = self.changes.len();
        options(path, &before, &after, &mut |path, was, is| {
            let side = |shown: Option<String>, node| shown.map(|shown| Side { shown, node });
            let (was, is) = (side(was, old), side(is, new));
            self.push(path, was, is);
        });
        if self.changes.len() == from {
            // The same meaning in other words: pods see another file all the same.
            let words =
                |node: &'n Node| Side { shown: "other words for the same".to_owned(), node };
            self.push(path.to_owned(), Some(words(old)), Some(words(new)));
        }
        true
    }

    fn add(&mut self, path: &str, old: Option<&'n Node>, new: Option<&'n Node>) {
        let is_secret = self.kind() == "Secret"
            && ["data", "stringData"].iter().any(|field| path.starts_with(field));
        let side = |node: &'n Node| Side {
            shown: if is_secret { HIDDEN.to_owned() } else { in_line(node, path.is_empty()) },
            node,
        };
        self.push(path.to_owned(), old.map(side), new.map(side));
    }

    fn push(&mut self, path: String, old: Option<Side<'n>>, new: Option<Side<'n>>) {
        let is_update = !path.is_empty();
        let forbidden = is_update
            .then(|| forbidden::find(self.before, &path, old.as_ref(), new.as_ref()))
            .flatten();
        self.changes.push(Change { object: self.object.clone(), path, old, new, forbidden });
    }

    fn kind(&self) -> &'n str {
        self.before.str_at("kind")
    }
}

/// What differs between two configurations: the options' paths and what they were and are. Of a list, the
/// entries that went and those that came.
fn options(
    path: &str,
    old: &nats_conf::Map,
    new: &nats_conf::Map,
    report: &mut dyn FnMut(String, Option<String>, Option<String>),
) {
    use nats_conf::Kind;
    for (name, entry) in &old.entries {
        let path = below(path, name);
        let before = &entry.value.kind;
        match (before, new.get(name).map(|value| &value.kind)) {
            (Kind::Map(old), Some(Kind::Map(new))) => options(&path, old, new, report),
            (Kind::List(old), Some(Kind::List(new))) => {
                let lacks = |list: &[nats_conf::Value], item: &nats_conf::Value| {
                    !list.iter().any(|other| exact(&other.kind) == exact(&item.kind))
                };
                for item in old.iter().filter(|item| lacks(new, item)) {
                    report(path.clone(), Some(shown(name, &item.kind)), None);
                }
                for item in new.iter().filter(|item| lacks(old, item)) {
                    report(path.clone(), None, Some(shown(name, &item.kind)));
                }
            }
            (_, after) if Some(exact(before)) != after.map(exact) => {
                report(path, Some(shown(name, before)), after.map(|after| shown(name, after)));
            }
            _ => {}
        }
    }
    for (name, entry) in new.entries.iter().filter(|(name, _)| old.get(name).is_none()) {
        report(below(path, name), None, Some(shown(name, &entry.value.kind)));
    }
}

/// Options whose values are secrets.
const SECRETS: [&str; 7] =
    ["password", "pass", "token", "key", "ek", "encryption_key", "prev_encryption_key"];

/// An option's value for eyes.
fn shown(name: &str, kind: &nats_conf::Kind) -> String {
    if SECRETS.contains(&name.to_lowercase().as_str()) {
        HIDDEN.to_owned()
    } else {
        written(kind, &shown)
    }
}

/// A value to compare.
fn exact(kind: &nats_conf::Kind) -> String {
    written(kind, &|_, kind| exact(kind))
}

const HIDDEN: &str = "(not shown)";

/// A value of a configuration in one line; `option` writes those of a block by their names.
fn written(kind: &nats_conf::Kind, option: &dyn Fn(&str, &nats_conf::Kind) -> String) -> String {
    use nats_conf::Kind;
    match kind {
        Kind::Bool(value) => value.to_string(),
        Kind::Integer(value) => value.to_string(),
        Kind::Float(value) => value.to_string(),
        Kind::Text(text) => format!("{text:?}"),
        Kind::Date(text) => text.clone(),
        Kind::Unset(name) => format!("${name}"),
        Kind::List(list) => {
            let items: Vec<String> = list.iter().map(|item| option("", &item.kind)).collect();
            format!("[{}]", items.join(", "))
        }
        Kind::Map(map) => {
            let entries: Vec<String> = map
                .entries
                .iter()
                .map(|(name, entry)| format!("{name}: {}", option(name, &entry.value.kind)))
                .collect();
            format!("{{{}}}", entries.join(", "))
        }
    }
}

/// Whether a field is there in every entry and never the same.
fn tells_apart(entries: &[Node], key: &str) -> bool {
    let names: Option<Vec<String>> = entries.iter().map(|entry| name_of(entry, key)).collect();
    names.is_some_and(|mut names| {
        names.sort();
        names.windows(2).all(|pair| pair[0] != pair[1])
    })
}

fn name_of(entry: &Node, key: &str) -> Option<String> {
    let node = entry.at(key)?;
    match &node.kind {
        Kind::Text(text) => Some(text.clone()),
        Kind::Int(number) => Some(number.to_string()),
        _ => None,
    }
}

fn below(path: &str, key: &str) -> String {
    match (path, key.contains(['.', '/'])) {
        (_, true) => format!("{path}[{key}]"),
        ("", false) => key.to_owned(),
        (_, false) => format!("{path}.{key}"),
    }
}

/// A value in one line; of a whole object its version is enough.
fn in_line(node: &Node, is_object: bool) -> String {
    if is_object {
        return node.str_at("apiVersion").to_owned();
    }
    crate::json::to_json(node).to_string()
}

/// The objects of some documents, those of lists too.
pub fn objects(documents: &[Node]) -> Vec<&Node> {
    let is_list = |node: &Node| node.str_at("kind").ends_with("List");
    documents
        .iter()
        .flat_map(|node| match node.get("items").and_then(Node::as_list) {
            Some(items) if is_list(node) => items.iter().collect(),
            _ => vec![node],
        })
        .filter(|node| node.as_map().is_some())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::changes;
    use crate::yaml::{Limits, read_documents};

    fn documents(text: &str) -> Vec<Node> {
        let (found, errors) = read_documents(&Source::new("t.yaml", text), &Limits::default());
        assert!(errors.is_empty(), "{errors:?}");
        found.into_iter().map(|document| document.root).collect()
    }

    fn shown(old: &str, new: &str) -> String {
        let (old, new) = (documents(old), documents(new));
        changes::print(&compare(&objects(&old), &objects(&new)), None)
    }

    #[test]
    fn objects_are_matched_by_identity_and_lists_by_names() {
        let old = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  containers:\n  - {name: x, image: i:1, args: [a, b]}\n  - {name: w}\n---\nkind: Pod\nmetadata: {name: b}\n";
        let new = "kind: Pod\nmetadata: {name: c}\n---\nkind: Pod\napiVersion: v1\nmetadata: {name: a}\nspec:\n  containers:\n  - {name: w}\n  - {name: x, args: [a, c, b], image: i:2, tty: null}\n";
        let expected = "~ Pod `a`\n  ~ spec.containers[name=x].image: \"i:1\" → \"i:2\"\n  + spec.containers[name=x].args[1]: \"c\"\n- Pod `b`\n+ Pod `c`\n";
        assert_eq!(shown(old, new), expected);
        assert_eq!(shown(old, old), "");
    }

    #[test]
    fn objects_with_the_same_identity_are_matched_in_order() {
        let old = "kind: A\nmetadata: {name: a}\nx: 1\n---\nkind: A\nmetadata: {name: a}\nx: 2\n";
        assert_eq!(shown(old, old), "");
        assert_eq!(shown(old, &old.replace("2", "3")), "~ A `a`\n  ~ x: 2 → 3\n");
    }

    #[test]
    fn a_configuration_is_compared_as_a_tree_and_hides_passwords() {
        let map = |conf: &str| {
            format!(
                "kind: ConfigMap\nmetadata: {{name: a}}\ndata:\n  nats.conf: |\n    {}\n",
                conf.replace('\n', "\n    ")
            )
        };
        let old = map(
            "port: 4222\nauthorization { user: a, password: x }\ncluster { routes: [ \"r1\", \"r2\" ] }",
        );
        let new = map(
            "authorization { password: y, user: a }\ncluster { routes: [ \"r2\", \"r3\" ] }\nport = 4223",
        );
        let expected = "~ ConfigMap `a`\n  ~ data[nats.conf].port: 4222 → 4223\n  ~ data[nats.conf].authorization.password: (not shown) → (not shown)\n  - data[nats.conf].cluster.routes: \"r1\"\n  + data[nats.conf].cluster.routes: \"r3\"\n";
        assert_eq!(shown(&old, &new), expected);
    }

    #[test]
    fn secrets_are_not_shown() {
        let secret = |value: &str| {
            format!("kind: Secret\nmetadata: {{name: a}}\nstringData: {{a: {value}}}\n")
        };
        let expected = "~ Secret `a`\n  ~ stringData.a: (not shown) → (not shown)\n";
        assert_eq!(shown(&secret("x"), &secret("y")), expected);
    }

    #[test]
    fn changes_that_kubernetes_refuses_are_marked() {
        let refused = |kind: &str, old: &str, new: &str| {
            let object = |rest: &str| format!("kind: {kind}\nmetadata: {{name: a}}\n{rest}\n");
            shown(&object(old), &object(new)).contains("  ! ")
        };
        assert!(refused("StatefulSet", "spec: {serviceName: a}", "spec: {serviceName: b}"));
        assert!(refused("StatefulSet", "spec: {}", "spec: {podManagementPolicy: Parallel}"));
        assert!(!refused("StatefulSet", "spec: {}", "spec: {podManagementPolicy: OrderedReady}"));
        assert!(!refused("StatefulSet", "spec: {replicas: 1}", "spec: {replicas: 2}"));
        assert!(refused("Service", "spec: {type: ClusterIP}", "spec: {clusterIP: None}"));
        assert!(refused(
            "Deployment",
            "spec: {selector: {matchLabels: {a: b}}}",
            "spec: {selector: {matchLabels: {a: c}}}"
        ));
        assert!(refused(
            "Job",
            "spec: {template: {spec: {a: 1}}}",
            "spec: {template: {spec: {a: 2}}}"
        ));
        assert!(refused(
            "ConfigMap",
            "immutable: true\ndata: {a: b}",
            "immutable: true\ndata: {a: c}"
        ));
        assert!(!refused("ConfigMap", "data: {a: b}", "data: {a: c}"));
        let claim = |size: &str| format!("spec: {{resources: {{requests: {{storage: {size}}}}}}}");
        assert!(refused("PersistentVolumeClaim", &claim("2Gi"), &claim("1Gi")));
        assert!(!refused("PersistentVolumeClaim", &claim("1Gi"), &claim("2Gi")));
    }
}

//! Each key of the values has an effect, or a reason to have none; templates read no other key.

use std::collections::{BTreeSet, HashMap};

use jinnacle::diagnostic::{Sink, has_errors};
use jinnacle::values;
use jinnacle::yaml::{Kind, Map, Node};
use serde_json::Value as Json;

use super::{CHART, FILES, layer, nowhere, objects, release};

/// Keys that no template reads.
const WITHOUT_EFFECT: [(&str, &str); 5] = [
    ("appProtocol.enabled", "ports always name their protocol"),
    ("auth.basic.timeout", "it only opened a block of the configuration; auth.timeout is meant"),
    ("global", "values that a chart shares with others; there are none"),
    ("nats.jetstream.max_outstanding_catchup", "a misspelt key of the 0.x chart"),
    ("upgrade", "took a release for an upgrade in the charts 0.12.1 to 0.13.1"),
];

/// Parts of values that are printed as they are, by their names in the schema.
const PRINTED_WHOLE: [&str; 21] = [
    "Account",
    "Affinity",
    "Container",
    "DefaultPermissions",
    "Destination",
    "EnvVar",
    "Include",
    "LeafUser",
    "LocalObjectReference",
    "NetworkPolicyEgressRule",
    "NetworkPolicyIngressRule",
    "PodSecurityContext",
    "ProbeOverride",
    "ResourceRequirements",
    "SecurityContext",
    "Toleration",
    "TopologySpreadConstraint",
    "User",
    "Volume",
    "VolumeMount",
    "VolumeSource",
];

fn schema() -> Json {
    serde_json::from_str(include_str!("../../../schemas/nats.json")).unwrap()
}

/// The paths of the keys below a schema that have no keys of their own; entries of a list have its path.
fn keys(schema: &Json, at: &Json, path: &str, found: &mut BTreeSet<String>) {
    if let Some(name) = at["$ref"].as_str().and_then(|name| name.strip_prefix("#/definitions/")) {
        if PRINTED_WHOLE.contains(&name) {
            found.insert(path.to_owned());
        } else {
            keys(schema, &schema["definitions"][name], path, found);
        }
        return;
    }
    for (key, below) in at["properties"].as_object().into_iter().flatten() {
        let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
        keys(schema, below, &path, found);
    }
    for one in ["anyOf", "oneOf", "allOf"].iter().filter_map(|of| at[of].as_array()).flatten() {
        keys(schema, one, path, found);
    }
    if at["items"].is_object() {
        keys(schema, &at["items"], path, found);
    }
    if !at["type"].is_null() && at["properties"].is_null() {
        found.insert(path.to_owned());
    }
}

/// The paths of a file's keys.
fn paths(node: &Node, path: &str, found: &mut BTreeSet<String>) {
    match &node.kind {
        Kind::Map(map) => {
            for (key, value) in map.iter() {
                let below = if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") };
                paths(value, &below, found);
                found.insert(below);
            }
        }
        Kind::List(list) => list.iter().for_each(|entry| paths(entry, path, found)),
        _ => {}
    }
}

/// The values with the other truth at a path, or nothing.
fn changed(node: &Node, path: &str) -> Node {
    let kind = match &node.kind {
        Kind::Bool(value) if path.is_empty() => Kind::Bool(!value),
        _ if path.is_empty() => Kind::Null,
        Kind::List(list) => Kind::List(list.iter().map(|entry| changed(entry, path)).collect()),
        Kind::Map(entries) => {
            let (key, rest) = path.split_once('.').unwrap_or((path, ""));
            let mut map = Map::new();
            for (name, entry) in entries.entries() {
                let value = &entry.value;
                let value = if name == key { changed(value, rest) } else { value.clone() };
                map.insert(name, entry.key.clone(), value);
            }
            Kind::Map(map)
        }
        other => other.clone(),
    };
    Node::new(kind, node.span.clone())
}

fn map(node: Node) -> Map {
    match node.kind {
        Kind::Map(map) => map,
        _ => unreachable!("a values file is a map"),
    }
}

#[test]
fn every_key_has_an_effect_or_a_reason_to_have_none() {
    let schema = schema();
    let mut without_effect = BTreeSet::new();
    keys(&schema, &schema, "", &mut without_effect);
    for (name, kube) in FILES {
        let file = Node::new(Kind::Map(layer(name, None).unwrap()), nowhere());
        let objects = |values: Node| super::objects(map(values), kube).ok();
        let before = objects(file.clone());
        assert!(before.is_some(), "{name} does not render");
        let mut set = BTreeSet::new();
        paths(&file, "", &mut set);
        let has_no_effect = |path: &String| objects(changed(&file, path)) == before;
        without_effect.retain(|path| !set.contains(path) || has_no_effect(path));
    }
    let known: BTreeSet<String> =
        WITHOUT_EFFECT.iter().map(|(path, _)| (*path).to_owned()).collect();
    assert_eq!(without_effect, known);
}

/// The paths below `values` that a template reads, by their names there or behind `{% set name = … %}`.
fn read_paths(template: &str) -> BTreeSet<String> {
    let mut names = HashMap::from([("values", String::new())]);
    for line in template.lines() {
        let Some(set) = line.trim().strip_prefix("{% set ") else { continue };
        let Some((name, path)) = set.split_once(" = values.") else { continue };
        let path = path.trim_end_matches(" %}").trim_end_matches(" or {}");
        if path.chars().all(|c| c.is_alphanumeric() || "._".contains(c)) {
            names.insert(name, format!("{path}."));
        }
    }
    template
        .split(|c: char| !(c.is_alphanumeric() || "._".contains(c)))
        .filter_map(|word| {
            let (name, path) = word.split_once('.')?;
            Some(format!("{}{path}", names.get(name)?))
        })
        .collect()
}

/// Whether a schema has a key.
fn has_key(schema: &Json, at: &Json, path: &str) -> bool {
    let definition = at["$ref"].as_str().and_then(|name| name.strip_prefix("#/definitions/"));
    let mut parts = ["anyOf", "oneOf", "allOf"].iter().filter_map(|of| at[of].as_array()).flatten();
    let (key, rest) = path.split_once('.').unwrap_or((path, ""));
    path.is_empty()
        || definition.is_some_and(|name| has_key(schema, &schema["definitions"][name], path))
        || parts.any(|part| has_key(schema, part, path))
        || at["properties"].get(key).is_some_and(|below| has_key(schema, below, rest))
}

#[test]
fn templates_read_no_key_that_the_schema_does_not_have() {
    let schema = schema();
    let mut read = 0;
    for template in &CHART.templates {
        for path in read_paths(template.source.text()) {
            assert!(has_key(&schema, &schema, &path), "{}: values.{path}", template.path);
            read += 1;
        }
    }
    assert!(read > 200, "only {read} paths were found");
}

#[test]
fn null_anywhere_is_nothing_or_an_error_in_the_values() {
    let mut all = BTreeSet::new();
    paths(&CHART.defaults, "", &mut all);
    let mut wrong = Vec::new();
    for (name, kube) in FILES {
        let mut set = all.clone();
        let file = layer(name, None).unwrap();
        set.extend(file.keys().map(str::to_owned));
        for path in set {
            // No key is below a text, such as an image in one.
            let Ok(user) = layer(name, Some(&format!("{path}=null"))) else { continue };
            let values = values::merge(&CHART, user.clone(), &mut Sink::new()).unwrap();
            if !has_errors(&Sink::of(|sink| CHART.check(&values, &release(), sink)))
                && let Err(found) = objects(user, kube)
            {
                wrong.push(format!("{name}, {path}: {found:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

//! Schemas of custom resources → their definitions, as an API server takes them.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use crate::kubernetes::KIND;
use crate::shape::{Object, target};

/// The names of a kind of the group `nats.io`.
pub struct Resource {
    pub kind: &'static str,
    pub plural: &'static str,
    pub short_names: &'static [&'static str],
    /// What `kubectl get` shows beside the name: title, type and path.
    pub columns: &'static [(&'static str, &'static str, &'static str)],
}

pub const NATS_CLUSTER: Resource = Resource {
    kind: "NatsCluster",
    plural: "natsclusters",
    short_names: &["nats"],
    columns: &[
        ("Size", "integer", ".spec.size"),
        ("Version", "string", ".spec.version"),
        ("Age", "date", ".metadata.creationTimestamp"),
    ],
};

pub const NATS_SERVICE_ROLE: Resource = Resource {
    kind: "NatsServiceRole",
    plural: "natsserviceroles",
    short_names: &[],
    columns: &[("Age", "date", ".metadata.creationTimestamp")],
};

/// The definition of a resource.
///
/// The status is no subresource: the operator writes it together with the rest, and such writes would be
/// dropped.
pub fn definition(resource: &Resource, schema: &Object) -> Value {
    let singular = resource.kind.to_lowercase();
    let mut names = json!({
        "kind": resource.kind,
        "listKind": format!("{}List", resource.kind),
        "plural": resource.plural,
        "singular": singular,
    });
    if !resource.short_names.is_empty() {
        names["shortNames"] = json!(resource.short_names);
    }
    let columns: Vec<Value> = resource
        .columns
        .iter()
        .map(|(name, kind, path)| json!({"name": name, "type": kind, "jsonPath": path}))
        .collect();
    let mut structure = structural(schema, schema);
    structure["properties"]["metadata"] = json!({"type": "object"});
    structure["required"] = json!(["spec"]);
    json!({
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": format!("{}.nats.io", resource.plural)},
        "spec": {
            "group": "nats.io",
            "scope": "Namespaced",
            "names": names,
            "versions": [{
                "name": "v1alpha2",
                "served": true,
                "storage": true,
                "schema": {"openAPIV3Schema": structure},
                "additionalPrinterColumns": columns,
            }],
        },
    })
}

/// The keywords of a structural schema that are used here; unknown keys are the API server's matter.
const KEYWORDS: [&str; 7] =
    ["description", "enum", "minimum", "maximum", "pattern", "maxLength", "required"];

/// A schema without references. What Kubernetes itself defines may hold anything.
fn structural(schema: &Object, root: &Object) -> Value {
    if let Some(name) = target(schema) {
        let mut found = structural(
            root["definitions"][name].as_object().expect("references lead to definitions"),
            root,
        );
        if let Some(description) = schema.get("description") {
            found["description"] = description.clone();
        }
        return found;
    }
    let types = types(schema);
    let kind = types.iter().find(|kind| *kind != "null").map_or("object", String::as_str);
    let mut found = json!({"type": kind});
    for keyword in KEYWORDS {
        if let Some(value) = schema.get(keyword) {
            found[keyword] = value.clone();
        }
    }
    if let Some(Value::Array(words)) = found.get_mut("enum") {
        words.retain(|word| !word.is_null());
    }
    if types.contains("null") {
        found["nullable"] = json!(true);
    }
    let comment = schema.get("$comment").and_then(Value::as_str).unwrap_or_default();
    if kind == "object"
        && (comment.starts_with(KIND) || schema.get("additionalProperties") == Some(&json!(true)))
    {
        found.as_object_mut().expect("it was made an object").remove("required");
        found["x-kubernetes-preserve-unknown-fields"] = json!(true);
        return found;
    }
    if let Some(Value::Object(properties)) = schema.get("properties") {
        let properties: Map<String, Value> = properties
            .iter()
            .filter_map(|(key, property)| {
                Some((key.clone(), structural(property.as_object()?, root)))
            })
            .collect();
        found["properties"] = Value::Object(properties);
    }
    if let Some(Value::Object(below)) = schema.get("additionalProperties") {
        found["additionalProperties"] = structural(below, root);
    }
    if let Some(Value::Object(items)) = schema.get("items") {
        found["items"] = structural(items, root);
    }
    found
}

fn types(schema: &Object) -> BTreeSet<String> {
    match schema.get("type") {
        Some(Value::Array(types)) => {
            types.iter().filter_map(Value::as_str).map(str::to_owned).collect()
        }
        Some(Value::String(kind)) => BTreeSet::from([kind.clone()]),
        _ => BTreeSet::new(),
    }
}

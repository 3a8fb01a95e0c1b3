//! Custom resource definitions.

use super::{Node, Report, entries, filled, names};

/// The groups that are Kubernetes' own.
const PROTECTED: [&str; 2] = [".k8s.io", ".kubernetes.io"];

const TYPES: [&str; 6] = ["array", "boolean", "integer", "number", "object", "string"];

pub fn definition(node: &Node, report: &mut Report) {
    let (plural, group) = (node.str_at("spec.names.plural"), node.str_at("spec.group"));
    // Without either, that it is missing says it all.
    if let Some((node, name)) = filled(node, "metadata.name")
        && !plural.is_empty()
        && !group.is_empty()
        && name != format!("{plural}.{group}")
    {
        report.value(node, format!("must be the plural and the group, `{plural}.{group}`"));
    }
    let approved = ["metadata", "annotations", "api-approved.kubernetes.io"];
    if PROTECTED.iter().any(|suffix| group.ends_with(suffix)) && node.at(&approved).is_none() {
        let metadata = node.at("metadata").unwrap_or(node);
        let words = "required for groups of Kubernetes";
        report.required_as(metadata, "annotations[api-approved.kubernetes.io]", words);
    }
}

pub fn spec(node: &Node, report: &mut Report) {
    super::named(node, "group", names::subdomain, report);
    super::named(node, "names.plural", names::label, report);
    super::named(node, "names.singular", names::label, report);
    let kind = |text: &str| names::label(&text.to_lowercase());
    super::named(node, "names.kind", kind, report);
    super::named(node, "names.listKind", kind, report);
    let versions = node.list_at("versions");
    if versions.iter().filter(|version| version.is_true("storage")).count() != 1
        && let Some(versions) = node.at("versions")
    {
        report.conflict(versions, "must have exactly one version with `storage: true`");
    }
    let mut seen: Vec<&str> = Vec::new();
    for version in versions {
        if let Some((node, name)) = filled(version, "name") {
            if seen.contains(&name) {
                report.duplicate(node, format!("duplicate: {name:?}"));
            }
            seen.push(name);
            super::named(version, "name", names::label, report);
        }
        match version.at("schema.openAPIV3Schema") {
            Some(schema) => {
                if schema.str_at("type") != "object" {
                    report.required_as(schema, "type", "expected `object`");
                }
                structure(schema, report);
            }
            None => {
                report.required(version, "schema.openAPIV3Schema");
            }
        }
    }
    if node.is_true("preserveUnknownFields")
        && let Some(node) = node.at("preserveUnknownFields")
    {
        report.value(node, "must be false; set x-kubernetes-preserve-unknown-fields in the schema");
    }
    if node.str_at("conversion.strategy") == "Webhook" {
        match node.at("conversion.webhook.clientConfig") {
            Some(client) => super::webhook::client(client, report),
            None => {
                report.required(node, "conversion.webhook.clientConfig");
            }
        }
    }
}

/// A structural schema: each part has a type, and is a map of one kind.
fn structure(node: &Node, report: &mut Report) {
    if node.as_map().is_none() {
        return;
    }
    let is_free = node.is_true("x-kubernetes-int-or-string")
        || node.is_true("x-kubernetes-preserve-unknown-fields");
    match filled(node, "type") {
        None if !is_free => {
            report.required(node, "type");
        }
        Some((node, word)) if !TYPES.contains(&word) => {
            let words = format!("must be {}", super::either(&TYPES));
            report.value(node, words);
        }
        _ => {}
    }
    let extra = node.at("additionalProperties");
    if let (Some(extra), true) = (extra, entries(node, "properties").next().is_some()) {
        report.conflict(extra, "not allowed together with `properties`");
    }
    if node.str_at("type") == "array" && node.at("items").is_none() {
        report.required_as(node, "items", "required for the type `array`");
    }
    if node.is_true("uniqueItems")
        && let Some(unique) = node.at("uniqueItems")
    {
        report.value(unique, "must not be true");
    }
    for field in [
        "$ref",
        "definitions",
        "dependencies",
        "deprecated",
        "discriminator",
        "id",
        "patternProperties",
    ] {
        if let Some(node) =
            node.at(field).filter(|node| node.as_map().is_none_or(|map| !map.is_empty()))
        {
            report.conflict(node, "not allowed in a structural schema");
        }
    }
    for (_, property) in entries(node, "properties") {
        structure(property, report);
    }
    for inner in ["items", "additionalProperties"] {
        if let Some(inner) = node.at(inner) {
            structure(inner, report);
        }
    }
}

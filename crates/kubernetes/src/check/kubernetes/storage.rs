//! ConfigMaps, Secrets, volumes and claims.

use super::{Node, Report, base64, entries, filled, named, names, quantity};

/// The most that a ConfigMap or a Secret holds.
const MAX_DATA: usize = 1 << 20;

pub fn config_map(node: &Node, report: &mut Report) {
    let mut size = 0;
    for field in ["data", "binaryData"] {
        let Some(map) = node.at(field) else { continue };
        for (key, value) in entries(node, field) {
            if let Some(words) = names::config_key(key) {
                report.key(map, key, words);
            }
            if field == "binaryData" && node.get("data").and_then(|data| data.get(key)).is_some() {
                report.key(map, key, "also set in `data`");
            }
            let text = value.as_str().unwrap_or("");
            size += match field {
                "data" => text.len(),
                _ => base64::decode(text).map_or(0, |bytes| bytes.len()),
            };
        }
    }
    if size > MAX_DATA {
        let field = node.at("data").or_else(|| node.at("binaryData")).unwrap_or(node);
        report.value(field, format!("must be no more than {MAX_DATA} bytes"));
    }
}

pub fn secret(node: &Node, report: &mut Report) {
    let mut size = 0;
    for field in ["data", "stringData"] {
        let Some(map) = node.at(field) else { continue };
        for (key, value) in entries(node, field) {
            if let Some(words) = names::config_key(key) {
                report.key(map, key, words);
            }
            size += value.as_str().map_or(0, |text| match field {
                "data" => base64::decode(text).map_or(0, |bytes| bytes.len()),
                _ => text.len(),
            });
        }
    }
    if size > MAX_DATA {
        report.value(
            node.at("data").unwrap_or(node),
            format!("must be no more than {MAX_DATA} bytes"),
        );
    }
    // What is written in both is taken from `stringData`.
    let has = |key: &str| {
        ["data", "stringData"]
            .iter()
            .any(|field| node.get(field).and_then(|map| map.get(key)).is_some())
    };
    let needs = |key: &str, report: &mut Report| {
        if !has(key) {
            let words = format!("required for the type `{}`", node.str_at("type"));
            report.required_as(node, &format!("data[{key}]"), &words);
        }
    };
    match node.str_at("type") {
        "kubernetes.io/service-account-token" => {
            let account = ["metadata", "annotations", "kubernetes.io/service-account.name"];
            if node.str_at(&account).is_empty() {
                let metadata = node.at("metadata").unwrap_or(node);
                report.required_as(
                    metadata,
                    "annotations[kubernetes.io/service-account.name]",
                    "required for a token",
                );
            }
        }
        "kubernetes.io/dockercfg" => docker(node, ".dockercfg", &needs, report),
        "kubernetes.io/dockerconfigjson" => docker(node, ".dockerconfigjson", &needs, report),
        "kubernetes.io/basic-auth" if !has("username") && !has("password") => {
            needs("username", report)
        }
        "kubernetes.io/ssh-auth" => needs("ssh-privatekey", report),
        "kubernetes.io/tls" => {
            needs("tls.crt", report);
            needs("tls.key", report);
        }
        _ => {}
    }
}

fn docker(node: &Node, key: &str, needs: &dyn Fn(&str, &mut Report), report: &mut Report) {
    needs(key, report);
    let field =
        |field: &str| node.get(field).and_then(|map| map.get(key)).filter(|node| !node.is_null());
    let (value, content) = match (field("stringData"), field("data")) {
        (Some(value), _) => (value, value.as_str().map(|text| text.as_bytes().to_vec())),
        (None, Some(value)) => (value, value.as_str().and_then(base64::decode)),
        (None, None) => return,
    };
    let is_json =
        content.is_some_and(|bytes| serde_json::from_slice::<serde_json::Value>(&bytes).is_ok());
    if !is_json {
        report.value(value, "must be JSON");
    }
}

pub fn claim(node: &Node, report: &mut Report) {
    match node.at("spec") {
        Some(spec) => claim_spec(spec, report),
        None => {
            report.required(node, "spec");
        }
    }
}

/// A claim of a StatefulSet, whose rules are those of any claim.
pub fn claim_template(node: &Node, report: &mut Report) {
    if node.str_at("metadata.name").is_empty() {
        report.warn(node, "has no name");
    }
}

fn claim_spec(spec: &Node, report: &mut Report) {
    let modes = spec.list_at("accessModes");
    if modes.is_empty() {
        report.required_as(spec, "accessModes", "required: at least one mode");
    }
    if modes.len() > 1
        && let Some(alone) = modes.iter().find(|mode| mode.as_str() == Some("ReadWriteOncePod"))
    {
        report.conflict(alone, "not allowed together with other modes");
    }
    match spec.at("resources.requests.storage") {
        None => {
            report.required(spec, "resources.requests.storage");
        }
        Some(amount) if quantity::of(amount).is_some_and(|q| q <= quantity::Quantity::ZERO) => {
            report.value(amount, "must be more than 0");
        }
        Some(_) => {}
    }
    named(spec, "storageClassName", names::subdomain, report);
}

pub fn volume(node: &Node, report: &mut Report) {
    const NOT_SOURCES: [&str; 9] = [
        "accessModes",
        "capacity",
        "claimRef",
        "mountOptions",
        "nodeAffinity",
        "persistentVolumeReclaimPolicy",
        "storageClassName",
        "volumeAttributesClassName",
        "volumeMode",
    ];
    let Some(spec) = node.at("spec") else {
        report.required(node, "spec");
        return;
    };
    if spec.list_at("accessModes").is_empty() {
        report.required_as(spec, "accessModes", "required: at least one mode");
    }
    let capacity = spec.at("capacity").map(|capacity| (capacity, capacity.get("storage")));
    match capacity {
        Some((map, Some(amount))) => {
            if quantity::of(amount).is_some_and(|amount| amount <= quantity::Quantity::ZERO) {
                report.value(amount, "must be more than 0");
            }
            if map.as_map().is_some_and(|map| map.len() > 1) {
                report.value(map, "must only have `storage`");
            }
        }
        _ => {
            report.required(spec, "capacity.storage");
        }
    }
    let sources: Vec<(&str, &Node)> = spec
        .as_map()
        .into_iter()
        .flat_map(|map| map.iter())
        .filter(|(key, value)| !NOT_SOURCES.contains(key) && !value.is_null())
        .collect();
    match sources.as_slice() {
        [] => {
            report.required_as(spec, "hostPath", "required: set it or another kind of volume");
        }
        [(first, _), (_, second), ..] => {
            report.conflict(second, format!("not allowed together with `{first}`"));
        }
        [("local", _)] if spec.at("nodeAffinity.required").is_none() => {
            report.required_as(spec, "nodeAffinity", "required for a local volume");
        }
        [("hostPath", path)]
            if path.str_at("path") == "/"
                && spec.str_at("persistentVolumeReclaimPolicy") == "Recycle" =>
        {
            report.conflict(path, "must not be `/` for a recycled volume");
        }
        _ => {}
    }
    if let Some((policy, "Recycle")) = filled(spec, "persistentVolumeReclaimPolicy") {
        report.warn(policy, "is deprecated: provision volumes with a storage class");
    }
    named(spec, "storageClassName", names::subdomain, report);
}

pub fn class(node: &Node, report: &mut Report) {
    named(node, "provisioner", |text| names::qualified(&text.to_lowercase()), report);
    for (key, value) in entries(node, "parameters") {
        if key.is_empty() {
            report.value(value, "must have a name");
        }
    }
}

//! Names, labels, annotations and selectors.

use super::names::Form;
use super::{Node, Report, entries, filled, names, number};
use crate::check::api::is_of_kubernetes;

/// The sum of all annotations of an object.
const MAX_ANNOTATIONS: usize = 256 << 10;

/// Kinds whose names are a DNS label, because names of hosts are made of them.
const LABELS: [&str; 4] = ["Service", "Namespace", "StatefulSet", "ServiceCIDR"];

/// Kinds whose names may be anything that fits into a URL.
const SEGMENTS: [&str; 4] = ["Role", "ClusterRole", "RoleBinding", "ClusterRoleBinding"];

/// The name of an object.
pub fn name(api_version: &str, kind: &str, report: &mut Report) {
    let root = report.root;
    let generated = || {
        let (node, prefix) = filled(root, "metadata.generateName")?;
        // The server puts letters after the prefix.
        Some((node, format!("{}x", prefix.strip_suffix('-').unwrap_or(prefix))))
    };
    let written = filled(root, "metadata.name").map(|(node, name)| (node, name.to_owned()));
    let Some((node, name)) = written.or_else(generated) else { return };
    let name = name.as_str();
    let form: Form = match kind {
        _ if SEGMENTS.contains(&kind) => names::path_segment,
        _ if LABELS.contains(&kind) => names::label,
        // Its names are addresses and user names, which have forms of their own.
        "IPAddress" => names::path_segment,
        _ if api_version.starts_with("certificates.k8s.io/") => names::path_segment,
        _ => names::subdomain,
    };
    if let Some(words) = names::path_segment(name).or_else(|| form(name)) {
        report.value(node, words);
    } else if kind == "CronJob" && name.len() > 52 {
        report.value(node, "must be no longer than 52 characters").help.push(
            "shorten it: the controller appends 11 characters to the names of the jobs".to_owned(),
        );
    }
}

/// Labels, annotations, finalizers.
pub fn metadata(node: &Node, report: &mut Report) {
    labels(node, "labels", report);
    if let Some(map) = node.at("annotations") {
        let mut size = 0;
        for (key, value) in entries(node, "annotations") {
            size += key.len() + value.as_str().unwrap_or("").len();
            if let Some(words) = names::qualified(&key.to_lowercase()) {
                report.key(map, key, words);
            }
        }
        if size > MAX_ANNOTATIONS {
            report.value(map, format!("must be at most {MAX_ANNOTATIONS} bytes in total"));
        }
    }
    // The server reads no finalizers in the metadata of a template.
    if report.root.get("metadata").is_some_and(|own| std::ptr::eq(own, node)) {
        finalizers(node, report);
    }
    super::named(node, "namespace", names::label, report);
    if let Some(generation) = node.at("generation").filter(|_| number(node, "generation") < Some(0))
    {
        report.value(generation, "must be at least 0");
    }
    let owners = node.list_at("ownerReferences");
    let mut controllers = owners.iter().filter(|owner| owner.is_true("controller"));
    if let (Some(_), Some(second)) = (controllers.next(), controllers.next()) {
        report.conflict(second, "the object has another controller");
    }
}

/// Groups of Kubernetes that take finalizers as custom resources do, with a domain or without.
const FREE_FINALIZERS: [&str; 5] = [
    "admissionregistration.k8s.io",
    "apiextensions.k8s.io",
    "apiregistration.k8s.io",
    "coordination.k8s.io",
    "rbac.authorization.k8s.io",
];

fn finalizers(node: &Node, report: &mut Report) {
    let version = report.root.str_at("apiVersion");
    let group = version.split_once('/').map_or("", |(group, _)| group);
    let is_free = !is_of_kubernetes(version) || FREE_FINALIZERS.contains(&group);
    let finalizers = node.list_at("finalizers");
    for finalizer in finalizers {
        self::finalizer(finalizer, is_free, report);
    }
    let of = |name: &str| finalizers.iter().find(|finalizer| finalizer.as_str() == Some(name));
    if let (Some(_), Some(second)) = (of("orphan"), of("foregroundDeletion")) {
        report.conflict(second, "not allowed together with `orphan`");
    }
}

/// A finalizer: one that Kubernetes has itself, or one with a domain.
fn finalizer(node: &Node, is_free: bool, report: &mut Report) {
    const OWN: [&str; 3] = ["foregroundDeletion", "kubernetes", "orphan"];
    let name = node.as_str().unwrap_or("");
    if let Some(words) = names::qualified(name) {
        report.value(node, words);
    } else if !is_free && !name.contains('/') && !OWN.contains(&name) {
        let finding = report.value(node, "must have a domain prefix before a `/`");
        finding.help.push(format!("write it like `example.org/{name}`"));
    }
}

/// The `apiVersion` of an owner.
pub fn owner(node: &Node, report: &mut Report) {
    if let Some((node, _)) =
        filled(node, "apiVersion").filter(|(_, text)| text.matches('/').count() > 1)
    {
        report.value(node, "must be `group/version`");
    }
}

/// A map of labels: keys and values.
pub fn labels(node: &Node, field: &str, report: &mut Report) {
    let Some(map) = node.at(field) else { return };
    for (key, value) in entries(node, field) {
        if let Some(words) = names::qualified(key) {
            report.key(map, key, words);
        }
        if let Some(words) = value.as_str().and_then(names::label_value) {
            report.value(value, words);
        }
    }
}

/// A selector of labels.
pub fn selector(node: &Node, report: &mut Report) {
    labels(node, "matchLabels", report);
    for expression in node.list_at("matchExpressions") {
        requirement(expression, &["In", "NotIn"], report);
    }
}

/// An expression of a selector: which operators want values and which none.
pub fn requirement(node: &Node, with_values: &[&str], report: &mut Report) {
    super::named(node, "key", names::qualified, report);
    let operator = node.str_at("operator");
    let values = node.list_at("values");
    match operator {
        _ if with_values.contains(&operator) && values.is_empty() => {
            report.required_as(node, "values", &format!("required for the operator `{operator}`"));
        }
        "Exists" | "DoesNotExist" if !values.is_empty() => {
            let values = node.at("values").unwrap_or(node);
            report.conflict(values, format!("not allowed for the operator `{operator}`"));
        }
        "Gt" | "Lt" => match values {
            [one] if one.as_str().is_some_and(|text| text.parse::<i64>().is_ok()) => {}
            [one] => {
                report.value(one, "must be an integer in quotes");
            }
            _ => {
                report.required_as(
                    node,
                    "values",
                    &format!("expected exactly one value for the operator `{operator}`"),
                );
            }
        },
        _ => {}
    }
    for value in values.iter().filter(|_| with_values.contains(&operator)) {
        if let Some(words) = value.as_str().and_then(names::label_value) {
            report.value(value, words);
        }
    }
}

/// The levels of pod security are words.
pub fn namespace(node: &Node, report: &mut Report) {
    const LEVELS: [&str; 3] = ["privileged", "baseline", "restricted"];
    for finalizer in node.list_at("spec.finalizers") {
        self::finalizer(finalizer, false, report);
    }
    let Some(metadata) = node.at("metadata") else { return };
    for (key, value) in entries(metadata, "labels") {
        let Some(mode) = key.strip_prefix("pod-security.kubernetes.io/") else { continue };
        let word = value.as_str().unwrap_or("");
        let is_version = |word: &str| {
            word == "latest"
                || word.strip_prefix("v1.").is_some_and(|minor| minor.parse::<u32>().is_ok())
        };
        if mode.ends_with("-version") && !is_version(word) {
            report.value(value, "must be `latest` or a version such as `v1.31`");
        } else if !mode.contains('-') && !LEVELS.contains(&word) {
            report.value(value, format!("must be {}", super::either(&LEVELS)));
        }
    }
}

/// Whether labels fulfil a selector.
pub fn matches(selector: &Node, labels: Option<&Node>) -> bool {
    let label = |key: &str| {
        labels.and_then(|labels| labels.get(key)).map(|value| value.as_str().unwrap_or(""))
    };
    let by_label = entries(selector, "matchLabels")
        .all(|(key, value)| label(key) == Some(value.as_str().unwrap_or("")));
    by_label
        && selector.list_at("matchExpressions").iter().all(|expression| {
            let found = label(expression.str_at("key"));
            let listed =
                || expression.list_at("values").iter().any(|value| value.as_str() == found);
            match expression.str_at("operator") {
                "In" => found.is_some() && listed(),
                "NotIn" => found.is_none() || !listed(),
                "Exists" => found.is_some(),
                "DoesNotExist" => found.is_none(),
                _ => true,
            }
        })
}

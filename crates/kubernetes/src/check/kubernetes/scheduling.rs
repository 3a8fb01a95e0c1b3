//! Where pods go: affinity, tolerations, spread, priority.

use super::{Node, Report, filled, metadata, named, names, number};

/// The greatest priority that is not the system's.
const MAX_PRIORITY: i128 = 1_000_000_000;

pub fn node_selector(node: &Node, report: &mut Report) {
    if node.list_at("nodeSelectorTerms").is_empty() {
        report.required_as(node, "nodeSelectorTerms", "required: at least one term");
    }
}

pub fn node_selector_term(node: &Node, report: &mut Report) {
    for expression in node.list_at("matchExpressions") {
        metadata::requirement(expression, &["In", "NotIn"], report);
    }
    for field in node.list_at("matchFields") {
        if let Some((key, name)) = filled(field, "key")
            && name != "metadata.name"
        {
            report.value(key, "must be `metadata.name`, the only field to select by");
        }
        if field.list_at("values").len() != 1 {
            report.required_as(field, "values", "expected exactly one value");
        }
        if let Some((operator, word)) = filled(field, "operator")
            && !matches!(word, "In" | "NotIn")
        {
            report.value(operator, "must be `In` or `NotIn`");
        }
    }
}

pub fn pod_affinity_term(node: &Node, report: &mut Report) {
    named(node, "topologyKey", names::qualified, report);
    for namespace in node.list_at("namespaces") {
        if let Some(words) = namespace.as_str().and_then(names::label) {
            report.value(namespace, words);
        }
    }
}

pub fn toleration(node: &Node, report: &mut Report) {
    named(node, "key", names::qualified, report);
    let operator = node.str_at("operator");
    if node.str_at("key").is_empty() && operator != "Exists" {
        let at = node.at("operator").unwrap_or(node);
        report.conflict(at, "must be `Exists` without a `key`, as it then matches every taint");
    }
    if let Some((value, word)) = filled(node, "value") {
        if operator == "Exists" {
            report.conflict(value, "not allowed for the operator `Exists`");
        } else if let Some(words) =
            names::label_value(word).filter(|_| !matches!(operator, "Lt" | "Gt"))
        {
            report.value(value, words);
        }
    }
    if node.at("tolerationSeconds").is_some() && node.str_at("effect") != "NoExecute" {
        let at = node.at("effect").unwrap_or(node);
        report.conflict(at, "must be `NoExecute` when `tolerationSeconds` is set");
    }
}

pub fn spread(node: &Node, report: &mut Report) {
    named(node, "topologyKey", names::qualified, report);
    if let Some(domains) = node.at("minDomains")
        && node.str_at("whenUnsatisfiable") == "ScheduleAnyway"
    {
        report.conflict(domains, "only allowed for `whenUnsatisfiable: DoNotSchedule`");
    }
    let keys = node.list_at("matchLabelKeys");
    if let Some(key) = keys.first().filter(|_| node.at("labelSelector").is_none()) {
        report.conflict(key, "requires a `labelSelector`");
    }
}

pub fn priority_class(node: &Node, report: &mut Report) {
    if let Some((name, word)) = filled(node, "metadata.name")
        && word.starts_with("system-")
    {
        report.value(name, "must not begin with `system-`");
    }
    if let Some(value) = node.at("value").filter(|_| number(node, "value") > Some(MAX_PRIORITY)) {
        report.value(value, format!("must be no more than {MAX_PRIORITY}"));
    }
}

//! Limits on what runs: disruption budgets, autoscalers, quotas, limit ranges.

use std::cmp::Ordering;

use super::{
    Node, Report, at, entries, filled, list, names, number, quantity, set, text, workload,
};

pub fn disruption_budget(node: &Node, report: &mut Report) {
    let bounds = set(node, &["minAvailable", "maxUnavailable"]);
    if let [_, (name, second)] = bounds.as_slice() {
        report
            .conflict(second, "may not be set beside the other bound")
            .help
            .push(format!("remove `{name}`"));
    }
    for (_, bound) in bounds {
        workload::share(bound, true, report);
    }
}

pub fn autoscaler_bounds(node: &Node, report: &mut Report) {
    let least = number(node, "minReplicas").unwrap_or(1);
    let Some(most) = at(node, "maxReplicas") else { return };
    if number(node, "maxReplicas") < Some(least) {
        report.value(most, format!("must be at least `minReplicas`, {least}"));
    }
    if least < 0
        && let Some(least) = at(node, "minReplicas")
    {
        report.value(least, "must be at least 0");
    }
    let Some(target) = at(node, "scaleTargetRef") else { return };
    let version = text(target, "apiVersion");
    if !version.contains('/') && text(target, "kind") != "ReplicationController" {
        report.required_as(target, "apiVersion", "must name the API group");
    } else if let Some((node, _)) =
        filled(target, "apiVersion").filter(|_| version.matches('/').count() > 1)
    {
        report.value(node, "must be a group and a version");
    }
}

pub fn autoscaler(node: &Node, report: &mut Report) {
    autoscaler_bounds(node, report);
    let metrics = list(node, "metrics");
    let is_outside = |metric: &Node| matches!(text(metric, "type"), "Object" | "External");
    if let Some(least) = at(node, "minReplicas")
        && number(node, "minReplicas") == Some(0)
        && !metrics.iter().any(is_outside)
    {
        report.conflict(least, "may be 0 only with a metric of type `Object` or `External`");
    }
    for direction in ["behavior.scaleUp", "behavior.scaleDown"] {
        let Some(rules) = at(node, direction) else { continue };
        if at(rules, "policies").is_some() && list(rules, "policies").is_empty() {
            report.required(rules, "policies");
        }
    }
}

pub fn metric(node: &Node, report: &mut Report) {
    let sources = ["object", "pods", "resource", "containerResource", "external"];
    let kind = text(node, "type");
    let field = sources.into_iter().find(|field| field.eq_ignore_ascii_case(kind)).unwrap_or("");
    if at(node, field).is_none() {
        report.required_as(node, field, &format!("is required for the type `{kind}`"));
    }
    for (name, source) in set(node, &sources) {
        if name != field {
            report.conflict(source, format!("is not for the type `{kind}`"));
        }
        let Some(target) = at(source, "target") else { continue };
        let wants = match text(target, "type") {
            "Utilization" => "averageUtilization",
            "Value" => "value",
            "AverageValue" => "averageValue",
            _ => continue,
        };
        if at(target, wants).is_none() {
            report.required_as(
                target,
                wants,
                &format!("is required for the type `{}`", text(target, "type")),
            );
        }
    }
}

pub fn quota(node: &Node, report: &mut Report) {
    for (name, value) in entries(node, "hard") {
        let Some(amount) = quantity::of(value) else { continue };
        let counts = !name.contains("cpu") && !name.contains("memory") && !name.contains("storage");
        if amount < quantity::Quantity::ZERO {
            report.value(value, "must not be negative");
        } else if counts && !amount.is_whole() {
            report.value(value, "must be a whole number");
        }
        let is_known = name.contains(['/', '.'])
            || matches!(
                name,
                "cpu"
                    | "memory"
                    | "storage"
                    | "ephemeral-storage"
                    | "pods"
                    | "services"
                    | "secrets"
                    | "configmaps"
                    | "replicationcontrollers"
                    | "resourcequotas"
                    | "persistentvolumeclaims"
            )
            || name.starts_with("hugepages-");
        if let Some(map) = at(node, "hard").filter(|_| !is_known) {
            report.key(map, name, "is no resource that a quota can have");
        }
    }
}

pub fn limit(node: &Node, report: &mut Report) {
    let kind = text(node, "type");
    if let Some((node, _)) = filled(node, "type")
        && !matches!(kind, "Pod" | "Container" | "PersistentVolumeClaim")
        && (!kind.contains('/') || names::qualified(kind).is_some())
    {
        report.value(node, "must be `Container`, `Pod` or `PersistentVolumeClaim`");
    }
    if kind == "Pod" {
        for (_, node) in set(node, &["default", "defaultRequest"]) {
            report.conflict(node, "is not for the type `Pod`");
        }
    }
    if kind == "PersistentVolumeClaim"
        && at(node, "min.storage").is_none()
        && at(node, "max.storage").is_none()
    {
        report.required_as(node, "max.storage", "or `min.storage` is required");
    }
    // Each of the first must be no more than each of the second.
    let order = [
        ("min", "max"),
        ("min", "defaultRequest"),
        ("min", "default"),
        ("defaultRequest", "max"),
        ("defaultRequest", "default"),
        ("default", "max"),
    ];
    for (lower, upper) in order {
        for (name, value) in entries(node, lower) {
            let above = node.get(upper).and_then(|map| map.get(name)).and_then(quantity::of);
            if let (Some(low), Some(high)) = (quantity::of(value), above)
                && low.cmp(&high) == Ordering::Greater
            {
                report.conflict(value, format!("must be no more than `{upper}`"));
            }
        }
    }
}

//! Limits on what runs: disruption budgets, quotas, limit ranges.

use std::cmp::Ordering;

use super::{Node, Report, entries, filled, names, quantity, set, workload};

pub fn disruption_budget(node: &Node, report: &mut Report) {
    let bounds = set(node, &["minAvailable", "maxUnavailable"]);
    if let [_, (name, second)] = bounds.as_slice() {
        report
            .conflict(second, "not allowed together with the other bound")
            .help
            .push(format!("remove `{name}`"));
    }
    for (_, bound) in bounds {
        workload::share(bound, true, report);
    }
}

pub fn quota(node: &Node, report: &mut Report) {
    for (name, value) in entries(node, "hard") {
        let Some(amount) = quantity::of(value) else { continue };
        let counts = !name.contains("cpu") && !name.contains("memory") && !name.contains("storage");
        if amount < quantity::Quantity::ZERO {
            report.value(value, "must not be negative");
        } else if counts && !amount.is_whole() {
            report.value(value, "must be an integer");
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
        if let Some(map) = node.at("hard").filter(|_| !is_known) {
            report.key(map, name, "unknown quota resource");
        }
    }
}

pub fn limit(node: &Node, report: &mut Report) {
    let kind = node.str_at("type");
    if let Some((node, _)) = filled(node, "type")
        && !matches!(kind, "Pod" | "Container" | "PersistentVolumeClaim")
        && (!kind.contains('/') || names::qualified(kind).is_some())
    {
        report.value(node, "must be `Container`, `Pod` or `PersistentVolumeClaim`");
    }
    if kind == "Pod" {
        for (_, node) in set(node, &["default", "defaultRequest"]) {
            report.conflict(node, "not allowed for the type `Pod`");
        }
    }
    if kind == "PersistentVolumeClaim"
        && node.at("min.storage").is_none()
        && node.at("max.storage").is_none()
    {
        report.required_as(node, "max.storage", "required: set it or `min.storage`");
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

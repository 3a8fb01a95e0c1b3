//! Roles and bindings.

use super::{Node, Report, at, filled, list, names, text};

const GROUP: &str = "rbac.authorization.k8s.io";

pub fn rule(node: &Node, report: &mut Report) {
    if list(node, "verbs").is_empty() && at(node, "verbs").is_some() {
        report.required(node, "verbs");
    }
}

pub fn role(node: &Node, report: &mut Report) {
    for rule in list(node, "rules") {
        if let Some(urls) = urls(rule) {
            report.conflict(urls, "is for ClusterRoles only");
        } else {
            resources(rule, report);
        }
    }
}

pub fn cluster_role(node: &Node, report: &mut Report) {
    for rule in list(node, "rules") {
        match urls(rule) {
            Some(urls)
                if !list(rule, "apiGroups").is_empty() || !list(rule, "resources").is_empty() =>
            {
                report.conflict(urls, "may not stand beside resources");
            }
            Some(_) => {}
            None => resources(rule, report),
        }
    }
}

fn urls(rule: &Node) -> Option<&Node> {
    at(rule, "nonResourceURLs").filter(|_| !list(rule, "nonResourceURLs").is_empty())
}

fn resources(rule: &Node, report: &mut Report) {
    for field in ["apiGroups", "resources"] {
        if list(rule, field).is_empty() {
            report.required_as(rule, field, "needs at least one entry");
        }
    }
}

pub fn role_binding(node: &Node, report: &mut Report) {
    role_reference(node, &["Role", "ClusterRole"], report);
}

pub fn cluster_role_binding(node: &Node, report: &mut Report) {
    role_reference(node, &["ClusterRole"], report);
    for subject in list(node, "subjects") {
        if text(subject, "kind") == "ServiceAccount" && text(subject, "namespace").is_empty() {
            report.required_as(subject, "namespace", "is required for a ServiceAccount");
        }
    }
}

fn role_reference(node: &Node, kinds: &[&str], report: &mut Report) {
    if let Some((node, group)) = filled(node, "roleRef.apiGroup")
        && group != GROUP
    {
        report.value(node, format!("must be `{GROUP}`"));
    }
    if let Some((node, kind)) = filled(node, "roleRef.kind")
        && !kinds.contains(&kind)
    {
        report.value(node, format!("must be {}", super::either(kinds)));
    }
    super::named(node, "roleRef.name", names::path_segment, report);
}

pub fn subject(node: &Node, report: &mut Report) {
    let group = text(node, "apiGroup");
    let due = match text(node, "kind") {
        "ServiceAccount" => {
            super::named(node, "name", names::subdomain, report);
            ""
        }
        "User" | "Group" => GROUP,
        _ => {
            if let Some(kind) = at(node, "kind") {
                report.value(kind, "must be `ServiceAccount`, `User` or `Group`");
            }
            return;
        }
    };
    if let Some(node) = at(node, "apiGroup").filter(|_| group != due && !group.is_empty()) {
        let words =
            if due.is_empty() { "must be empty".to_owned() } else { format!("must be `{due}`") };
        report.value(node, words);
    }
}

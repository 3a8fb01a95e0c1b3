//! Roles and bindings.

use super::{Node, Report, filled, names};

const GROUP: &str = "rbac.authorization.k8s.io";

pub fn rule(node: &Node, report: &mut Report) {
    if node.list_at("verbs").is_empty() && node.at("verbs").is_some() {
        report.required(node, "verbs");
    }
}

pub fn role(node: &Node, report: &mut Report) {
    for rule in node.list_at("rules") {
        if let Some(urls) = urls(rule) {
            report.conflict(urls, "only allowed in ClusterRoles");
        } else {
            resources(rule, report);
        }
    }
}

pub fn cluster_role(node: &Node, report: &mut Report) {
    for rule in node.list_at("rules") {
        match urls(rule) {
            Some(urls)
                if !rule.list_at("apiGroups").is_empty()
                    || !rule.list_at("resources").is_empty() =>
            {
                report.conflict(urls, "not allowed together with resources");
            }
            Some(_) => {}
            None => resources(rule, report),
        }
    }
}

fn urls(rule: &Node) -> Option<&Node> {
    rule.at("nonResourceURLs").filter(|_| !rule.list_at("nonResourceURLs").is_empty())
}

fn resources(rule: &Node, report: &mut Report) {
    for field in ["apiGroups", "resources"] {
        if rule.list_at(field).is_empty() {
            report.required_as(rule, field, "required: at least one entry");
        }
    }
}

pub fn role_binding(node: &Node, report: &mut Report) {
    role_reference(node, &["Role", "ClusterRole"], report);
}

pub fn cluster_role_binding(node: &Node, report: &mut Report) {
    role_reference(node, &["ClusterRole"], report);
    for subject in node.list_at("subjects") {
        if subject.str_at("kind") == "ServiceAccount" && subject.str_at("namespace").is_empty() {
            report.required_as(subject, "namespace", "required for a ServiceAccount");
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
    let group = node.str_at("apiGroup");
    let due = match node.str_at("kind") {
        "ServiceAccount" => {
            super::named(node, "name", names::subdomain, report);
            ""
        }
        "User" | "Group" => GROUP,
        _ => {
            if let Some(kind) = node.at("kind") {
                report.value(kind, "must be `ServiceAccount`, `User` or `Group`");
            }
            return;
        }
    };
    if let Some(node) = node.at("apiGroup").filter(|_| group != due && !group.is_empty()) {
        let words =
            if due.is_empty() { "must be empty".to_owned() } else { format!("must be `{due}`") };
        report.value(node, words);
    }
}

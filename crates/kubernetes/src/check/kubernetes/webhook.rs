//! Admission webhooks.

use super::{Node, Report, filled, names, set};

pub fn webhook(node: &Node, report: &mut Report) {
    if let Some((node, name)) = filled(node, "name")
        && (names::subdomain(name).is_some() || name.split('.').count() < 3)
    {
        report.value(node, "must be a domain with at least three parts");
    }
    if node.list_at("admissionReviewVersions").is_empty()
        && node.at("admissionReviewVersions").is_some()
    {
        report.required(node, "admissionReviewVersions");
    }
    if let Some(client) = node.at("clientConfig") {
        self::client(client, report);
    }
    for rule in node.list_at("rules") {
        for field in ["operations", "apiGroups", "apiVersions", "resources"] {
            let entries = rule.list_at(field);
            if entries.is_empty() {
                report.required(rule, field);
            }
            let star = entries.iter().find(|entry| entry.as_str() == Some("*"));
            if let Some(star) = star.filter(|_| entries.len() > 1 && field != "resources") {
                report.conflict(star, "must be the only entry, as it matches all");
            }
        }
    }
}

/// A policy of expressions: what it is about, and what it wants.
pub fn policy(node: &Node, report: &mut Report) {
    if node.at("matchConstraints").is_none() {
        report.required(node, "matchConstraints");
    }
    if node.list_at("validations").is_empty() && node.list_at("auditAnnotations").is_empty() {
        report.required_as(node, "validations", "required: set it or `auditAnnotations`");
    }
}

/// Where a webhook is: a URL or a service.
pub fn client(node: &Node, report: &mut Report) {
    match set(node, &["url", "service"]).as_slice() {
        [] => {
            report.required_as(node, "service", "required: set it or `url`");
        }
        [_, (_, second), ..] => {
            report.conflict(second, "not allowed together with the other address");
        }
        [("url", url)] => {
            let text = url.as_str().unwrap_or("");
            let host = text.strip_prefix("https://");
            if host.is_none_or(|host| host.is_empty() || host.starts_with('/')) {
                report.value(url, "must begin with https:// and have a host");
            } else if text.contains(['?', '#', '@']) {
                report.value(url, "must not have a user, query or fragment");
            }
        }
        [(_, service)] => {
            if let Some((path, text)) = filled(service, "path")
                && !text.starts_with('/')
            {
                report.value(path, "must begin with `/`");
            }
        }
    }
}

//! Autoscalers of pods.

use super::{Node, Report, filled, names, number, quantity, set};

pub fn bounds(node: &Node, report: &mut Report) {
    let least = number(node, "minReplicas").unwrap_or(1);
    let Some(most) = node.at("maxReplicas") else { return };
    if number(node, "maxReplicas") < Some(least) {
        report.value(most, format!("must be at least `minReplicas`, {least}"));
    }
    if least < 0
        && let Some(least) = node.at("minReplicas")
    {
        report.value(least, "must be at least 0");
    }
    let Some(target) = node.at("scaleTargetRef") else { return };
    let version = target.str_at("apiVersion");
    if !version.contains('/') && target.str_at("kind") != "ReplicationController" {
        report.required_as(target, "apiVersion", "required: the API group and version");
    } else if let Some((node, _)) =
        filled(target, "apiVersion").filter(|_| version.matches('/').count() > 1)
    {
        report.value(node, "must be `group/version`");
    }
}

pub fn spec(node: &Node, report: &mut Report) {
    bounds(node, report);
    let metrics = node.list_at("metrics");
    let is_outside = |metric: &Node| matches!(metric.str_at("type"), "Object" | "External");
    if let Some(least) = node.at("minReplicas")
        && number(node, "minReplicas") == Some(0)
        && !metrics.iter().any(is_outside)
    {
        report.conflict(least, "0 requires a metric of type `Object` or `External`");
    }
    for direction in ["behavior.scaleUp", "behavior.scaleDown"] {
        let Some(rules) = node.at(direction) else { continue };
        if rules.at("policies").is_some() && rules.list_at("policies").is_empty() {
            report.required(rules, "policies");
        }
    }
}

pub fn metric(node: &Node, report: &mut Report) {
    let sources = ["object", "pods", "resource", "containerResource", "external"];
    let kind = node.str_at("type");
    let field = sources.into_iter().find(|field| field.eq_ignore_ascii_case(kind)).unwrap_or("");
    if node.at(field).is_none() {
        report.required_as(node, field, &format!("required for the type `{kind}`"));
    }
    for (name, source) in set(node, &sources) {
        if name != field {
            report.conflict(source, format!("not allowed for the type `{kind}`"));
        }
    }
}

/// A metric of an object that is not a pod: a value, or one per pod, or both.
pub fn object(node: &Node, report: &mut Report) {
    one_target(node, &["value", "averageValue"], report);
    super::named(node, "describedObject.kind", names::path_segment, report);
    super::named(node, "describedObject.name", names::path_segment, report);
}

/// A metric from outside of the cluster: a value, or one per pod.
pub fn external(node: &Node, report: &mut Report) {
    one_target(node, &["value", "averageValue"], report);
    no_second_target(node, "averageValue", "value", report);
}

/// A metric of the pods: a value per pod.
pub fn pods(node: &Node, report: &mut Report) {
    one_target(node, &["averageValue"], report);
}

/// A resource of the pods: a share of what they ask for, or a value per pod.
pub fn resource(node: &Node, report: &mut Report) {
    one_target(node, &["averageUtilization", "averageValue"], report);
    no_second_target(node, "averageUtilization", "averageValue", report);
}

/// A resource of one container of the pods.
pub fn container_resource(node: &Node, report: &mut Report) {
    resource(node, report);
    super::named(node, "container", names::label, report);
}

/// The word `type` decides nothing: the server looks at which of the values is set.
fn one_target(node: &Node, fields: &[&str], report: &mut Report) {
    let Some(target) = node.at("target") else { return };
    if let ([first, ..], true) = (fields, set(target, fields).is_empty()) {
        let words = match fields {
            [_, second] => format!("required: set it or `{second}`"),
            _ => "required".to_owned(),
        };
        report.required_as(target, first, &words);
    }
}

fn no_second_target(node: &Node, first: &str, second: &str, report: &mut Report) {
    let Some(target) = node.at("target") else { return };
    if let (Some(_), Some(second)) = (target.at(first), target.at(second)) {
        report.conflict(second, format!("not allowed together with `{first}`"));
    }
}

/// What a metric should be: more than nothing.
pub fn target(node: &Node, report: &mut Report) {
    for (_, value) in set(node, &["value", "averageValue"]) {
        if quantity::of(value).is_some_and(|amount| amount <= quantity::Quantity::ZERO) {
            report.value(value, "must be more than 0");
        }
    }
}

pub fn identifier(node: &Node, report: &mut Report) {
    super::named(node, "name", names::path_segment, report);
}

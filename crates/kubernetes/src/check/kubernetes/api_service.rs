//! API services: versions of groups that another server serves.

use super::{Node, Report, filled, names};

/// The rules of kube-aggregator's validation of an APIService.
pub fn service(node: &Node, report: &mut Report) {
    let Some(spec) = node.at("spec") else {
        report.required(node, "spec");
        return;
    };
    let (version, group) = (spec.str_at("version"), spec.str_at("group"));
    let due = format!("{version}.{group}");
    if version.is_empty() {
        report.required(spec, "version");
    } else if let Some((node, name)) = filled(node, "metadata.name")
        && name != due
    {
        report.value(node, format!("must be the version and the group, `{due}`"));
    }
    if group.is_empty() && !matches!(version, "" | "v1") {
        report.required(spec, "group");
    }
    super::named(spec, "group", names::subdomain, report);
    super::named(spec, "version", names::label, report);
    let has_bundle = filled(spec, "caBundle").is_some();
    let is_insecure = spec.is_true("insecureSkipTLSVerify");
    let Some(service) = spec.at("service") else {
        for (_, field) in super::set(spec, &["caBundle", "insecureSkipTLSVerify"]) {
            if has_bundle && field.as_str().is_some() || is_insecure && field.as_bool().is_some() {
                report.conflict(field, "requires a `service`");
            }
        }
        return;
    };
    for field in ["namespace", "name"] {
        if service.str_at(field).is_empty() {
            report.required(service, field);
        }
    }
    if let Some(insecure) = spec.at("insecureSkipTLSVerify").filter(|_| is_insecure && has_bundle) {
        report.conflict(insecure, "must not be true together with `caBundle`");
    }
}

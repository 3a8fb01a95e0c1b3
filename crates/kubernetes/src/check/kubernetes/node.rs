//! Nodes.

use super::{Node, Report, filled, named, names, network};

/// The ranges of a node's pods, and its taints.
pub fn spec(node: &Node, report: &mut Report) {
    network::ranges(node, "podCIDRs", report);
    if let Some((range, text)) = filled(node, "podCIDR") {
        let first = node.list_at("podCIDRs").first();
        if first.is_some_and(|first| first.as_str() != Some(text)) {
            report.conflict(range, "must be the first of `podCIDRs`");
        } else if first.is_none() {
            network::cidr(range, text, report);
        }
    }
    let mut seen: Vec<(&str, &str)> = Vec::new();
    for taint in node.list_at("taints") {
        named(taint, "key", names::qualified, report);
        named(taint, "value", names::label_value, report);
        let key = (taint.str_at("key"), taint.str_at("effect"));
        if seen.contains(&key) {
            report.duplicate(taint, format!("duplicate: {}:{}", key.0, key.1));
        }
        seen.push(key);
    }
}

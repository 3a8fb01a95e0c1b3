//! What runs pods: Deployment, StatefulSet, DaemonSet, ReplicaSet, Job, CronJob.

use super::{Node, Report, cron, entries, filled, metadata, named, names, number, storage, whole};

pub fn deployment(node: &Node, report: &mut Report) {
    selector(node, report);
    restart_policy(node, &["Always"], report);
    no_deadline(node, report);
    let deadline = number(node, "progressDeadlineSeconds").unwrap_or(600);
    if let Some(seconds) = node.at("progressDeadlineSeconds")
        && deadline <= number(node, "minReadySeconds").unwrap_or(0)
    {
        report.value(seconds, "must be more than `minReadySeconds`");
    }
    let Some(strategy) = node.at("strategy") else { return };
    if let Some(rolling) = strategy.at("rollingUpdate")
        && strategy.str_at("type") == "Recreate"
    {
        report.conflict(rolling, "may not be set for the strategy `Recreate`");
    }
    rolling(strategy, report);
    let zero = |field: &str| strategy.at(field).is_some_and(is_zero);
    if zero("rollingUpdate.maxSurge")
        && zero("rollingUpdate.maxUnavailable")
        && let Some(unavailable) = strategy.at("rollingUpdate.maxUnavailable")
    {
        report.conflict(unavailable, "may not be 0 when `maxSurge` is 0");
    }
}

pub fn stateful_set(node: &Node, report: &mut Report) {
    selector(node, report);
    restart_policy(node, &["Always"], report);
    no_deadline(node, report);
    named(node, "serviceName", names::label, report);
    for claim in node.list_at("volumeClaimTemplates") {
        storage::claim_template(claim, report);
    }
    let Some(strategy) = node.at("updateStrategy") else { return };
    if let Some(rolling) = strategy.at("rollingUpdate")
        && strategy.str_at("type") == "OnDelete"
    {
        report.conflict(rolling, "is for the strategy `RollingUpdate` only");
    }
    if let Some(unavailable) = strategy.at("rollingUpdate.maxUnavailable") {
        share(unavailable, true, report);
        if is_zero(unavailable) {
            report.value(unavailable, "must not be 0");
        }
    }
}

pub fn daemon_set(node: &Node, report: &mut Report) {
    selector(node, report);
    restart_policy(node, &["Always"], report);
    no_deadline(node, report);
    let Some(strategy) = node.at("updateStrategy") else { return };
    rolling(strategy, report);
    let amount = |field: &str| strategy.at(field);
    let surge = amount("rollingUpdate.maxSurge").filter(|surge| !is_zero(surge));
    let unavailable = amount("rollingUpdate.maxUnavailable");
    match (surge, unavailable) {
        // When it is not set, one pod may be unavailable.
        (Some(surge), unavailable) if unavailable.is_none_or(|node| !is_zero(node)) => {
            report.conflict(surge, "may not be set when `maxUnavailable` is not 0");
        }
        (None, Some(unavailable)) if is_zero(unavailable) => {
            report.conflict(unavailable, "may not be 0 when `maxSurge` is 0");
        }
        _ => {}
    }
}

pub fn replica_set(node: &Node, report: &mut Report) {
    selector(node, report);
    restart_policy(node, &["Always"], report);
    no_deadline(node, report);
    if node.at("template").is_none() {
        report.required(node, "template");
    }
}

pub fn replication_controller(node: &Node, report: &mut Report) {
    let Some(template) = node.at("template") else {
        report.required(node, "template");
        return;
    };
    restart_policy(node, &["Always"], report);
    let labels = template.at("metadata.labels");
    let mut selected = entries(node, "selector");
    let differs =
        |(key, value): (&str, &Node)| labels.and_then(|labels| labels.get(key)) != Some(value);
    if selected.any(differs) {
        mismatch(node, report);
    }
    if labels.is_none() && node.at("selector").is_none() {
        report.required(node, "selector");
    }
}

pub fn job(node: &Node, report: &mut Report) {
    restart_policy(node, &["OnFailure", "Never"], report);
    if let Some(selector) = node.at("selector") {
        if !node.is_true("manualSelector") {
            report.conflict(selector, "is made by the server unless `manualSelector` is on");
        } else {
            self::selector(node, report);
        }
    }
    if let Some(rules) = node.at("podFailurePolicy")
        && node.str_at("template.spec.restartPolicy") != "Never"
    {
        report.conflict(rules, "needs pods with `restartPolicy: Never`");
    }
    if let Some(limit) = node.at("backoffLimitPerIndex")
        && node.str_at("completionMode") != "Indexed"
    {
        report.conflict(limit, "needs `completionMode: Indexed`");
    }
}

pub fn cron_job(node: &Node, report: &mut Report) {
    if let Some((schedule, text)) = filled(node, "schedule")
        && let Some(words) = cron::fault(text)
    {
        report.value(schedule, words);
    }
    if let Some(zone) = node.at("timeZone")
        && let Some(help) = zone.as_str().and_then(cron::zone_fault)
    {
        let words = "must be the name of a time zone such as Europe/Berlin";
        report.value(zone, words).help.extend(help);
    }
    if let Some(job) = node.at("jobTemplate")
        && job.at("spec").is_none()
    {
        report.required(job, "spec");
    }
}

/// A selector must select something, and the pods of the template.
fn selector(node: &Node, report: &mut Report) {
    let Some(selector) = node.at("selector") else { return };
    if selector.list_at("matchExpressions").is_empty()
        && entries(selector, "matchLabels").next().is_none()
    {
        report.value(selector, "must not be empty");
    } else if !metadata::matches(selector, node.at("template.metadata.labels")) {
        mismatch(node, report);
    }
}

fn mismatch(node: &Node, report: &mut Report) {
    let labels = node
        .at("template.metadata.labels")
        .or_else(|| node.at("template.metadata"))
        .or_else(|| node.at("template"))
        .unwrap_or(node);
    let finding = report.conflict(labels, "do not match the selector");
    finding
        .related
        .extend(node.at("selector").map(|node| (node.span.clone(), "the selector".to_owned())));
}

fn restart_policy(node: &Node, known: &[&str], report: &mut Report) {
    let Some(spec) = node.at("template.spec") else { return };
    let policy = spec.str_at("restartPolicy");
    let is_default = policy.is_empty() && known.contains(&"Always");
    if known.contains(&policy) || is_default {
        return;
    }
    let words = format!("must be {}", super::either(known));
    match spec.at("restartPolicy") {
        Some(policy) => report.value(policy, words),
        None => report.required_as(spec, "restartPolicy", &words),
    };
}

fn no_deadline(node: &Node, report: &mut Report) {
    if let Some(deadline) = node.at("template.spec.activeDeadlineSeconds") {
        report.conflict(deadline, "is for jobs only");
    }
}

fn rolling(strategy: &Node, report: &mut Report) {
    if let Some(surge) = strategy.at("rollingUpdate.maxSurge") {
        share(surge, false, report);
    }
    if let Some(unavailable) = strategy.at("rollingUpdate.maxUnavailable") {
        share(unavailable, true, report);
    }
}

/// A number, or a string with a percent sign, which for some is no more than all.
pub fn share(node: &Node, is_part: bool, report: &mut Report) {
    if let Some(text) = node.as_str() {
        let digits = text.strip_suffix('%').filter(|digits| !digits.is_empty());
        match digits.filter(|digits| digits.bytes().all(|b| b.is_ascii_digit())) {
            None => {
                report.value(node, "must be a number, or a text such as 25%");
            }
            Some(digits) if is_part && digits.parse::<u32>().is_ok_and(|number| number > 100) => {
                report.value(node, "must be no more than 100%");
            }
            Some(_) => {}
        }
    } else if whole(node) < Some(0) {
        report.value(node, "must be at least 0");
    }
}

fn is_zero(node: &Node) -> bool {
    match node.as_str() {
        Some(text) => text.strip_suffix('%').is_some_and(|digits| digits.parse() == Ok(0)),
        None => whole(node) == Some(0),
    }
}

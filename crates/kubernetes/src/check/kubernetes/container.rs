//! Containers: their images, environments, ports, probes, resources and mounts.

use super::{Node, Report, either, entries, filled, named, names, number, one_of, quantity, set};
use quantity::Quantity;

/// What a variable may be read from.
const FIELDS: [&str; 9] = [
    "metadata.name",
    "metadata.namespace",
    "metadata.uid",
    "spec.nodeName",
    "spec.serviceAccountName",
    "status.hostIP",
    "status.hostIPs",
    "status.podIP",
    "status.podIPs",
];

/// The resources of a container that have no domain.
const RESOURCES: [&str; 3] = ["cpu", "memory", "ephemeral-storage"];

pub fn container(node: &Node, report: &mut Report) {
    named(node, "name", names::label, report);
    match node.at("image") {
        Some(image) if image.as_str() != Some("") => self::image(image, report),
        _ => {
            report.required(node, "image");
        }
    }
    let mut seen: Vec<&str> = Vec::new();
    for port in node.list_at("ports") {
        let Some((node, name)) = filled(port, "name") else { continue };
        if seen.contains(&name) {
            report.duplicate(node, format!("duplicate: {name:?}"));
        }
        seen.push(name);
    }
    for probe in ["livenessProbe", "startupProbe", "readinessProbe"] {
        if let Some(node) = node.at(probe) {
            self::probe(node, probe == "readinessProbe", report);
        }
    }
    let is_privileged = node.is_true("securityContext.privileged");
    for mount in node.list_at("volumeMounts") {
        if let Some((node, "Bidirectional")) = filled(mount, "mountPropagation")
            && !is_privileged
        {
            report.conflict(node, "only allowed for privileged containers");
        }
    }
}

/// An image that no registry has: the server takes any string, and the kubelet then waits with `InvalidImageName`.
pub fn image(node: &Node, report: &mut Report) {
    let text = node.as_str().unwrap_or("");
    // What is to be filled in, and what other programs resolve.
    if text.contains(['$', '{', '<']) || text.contains("://") {
        return;
    }
    let (name, digest) = text.split_once('@').unwrap_or((text, ""));
    let tags = name.rsplit('/').next().unwrap_or("").matches(':').count();
    if tags > 1 {
        report.doubt(node, "must have at most one tag");
    } else if digest.contains('@') {
        report.doubt(node, "must have at most one digest");
    }
}

/// What a container that runs to its end before the others start cannot have.
pub fn init(node: &Node, report: &mut Report) {
    if node.str_at("restartPolicy") == "Always" {
        return;
    }
    for (_, field) in set(node, &["lifecycle", "livenessProbe", "readinessProbe", "startupProbe"]) {
        let words = "not allowed for an init container without `restartPolicy: Always`";
        report.conflict(field, words);
    }
}

/// The claims of a container must be among those of its pod, each named once.
pub fn claims(node: &Node, known: &[&str], report: &mut Report) {
    let mut seen: Vec<(&str, &str)> = Vec::new();
    for claim in node.list_at("resources.claims") {
        let Some((node, name)) = filled(claim, "name") else { continue };
        if !known.contains(&name) {
            let help = jinnacle_syntax::diagnostic::nearest(name, known.iter().copied());
            let finding = report.value(node, "must be one of the pod's `resourceClaims`");
            finding.help.extend(help.map(|name| format!("did you mean `{name}`?")));
        }
        let request = claim.str_at("request");
        let is_part = |(other, part): &(&str, &str)| {
            *other == name && (part.is_empty() || request.is_empty() || *part == request)
        };
        if seen.iter().any(is_part) {
            report.duplicate(claim, format!("duplicate: {name:?}"));
        }
        seen.push((name, request));
    }
}

/// A port of a container.
pub fn port(node: &Node, report: &mut Report) {
    named(node, "name", names::port, report);
}

/// A volume at a path.
pub fn mount(node: &Node, report: &mut Report) {
    for field in ["subPath", "subPathExpr"] {
        if let Some((node, path)) = filled(node, field) {
            local_path(node, path, report);
        }
    }
    if let (Some(_), Some((node, _))) = (filled(node, "subPath"), filled(node, "subPathExpr")) {
        report.conflict(node, "not allowed together with `subPath`");
    }
    if let Some((mode, "Enabled" | "IfPossible")) = filled(node, "recursiveReadOnly")
        && !node.is_true("readOnly")
    {
        report.conflict(mode, "requires `readOnly: true`");
    }
}

/// A path inside a volume.
pub fn local_path(node: &Node, path: &str, report: &mut Report) {
    if path.starts_with('/') {
        report.value(node, "must be a relative path");
    } else if path.split('/').any(|part| part == "..") {
        report.value(node, "must not contain `..`");
    }
}

pub fn variable(node: &Node, report: &mut Report) {
    named(node, "name", names::variable, report);
    if let (Some(_), Some(from)) = (filled(node, "value"), node.at("valueFrom")) {
        report.conflict(from, "not allowed together with `value`");
    }
}

pub fn variable_source(node: &Node, report: &mut Report) {
    one_of(
        node,
        &["fieldRef", "resourceFieldRef", "configMapKeyRef", "secretKeyRef", "fileKeyRef"],
        true,
        report,
    );
    if let Some((path, field)) = filled(node, "fieldRef.fieldPath") {
        field_path(path, field, &FIELDS, report);
    }
    if let Some(resource) = node.at("resourceFieldRef") {
        resource_field(resource, report);
    }
}

/// A field of the pod that files or variables are made of.
pub fn field_path(node: &Node, field: &str, known: &[&str], report: &mut Report) {
    let subscript = ["metadata.labels", "metadata.annotations"]
        .into_iter()
        .find_map(|map| field.strip_prefix(map)?.strip_prefix("['")?.strip_suffix("']"));
    if let Some(key) = subscript {
        if let Some(words) = names::qualified(&key.to_lowercase()) {
            report.value(node, words);
        }
    } else if !known.contains(&field) {
        report.value(node, format!("must be one of {}", either(known)));
    }
}

/// A resource of a container that a file or a variable is made of.
pub fn resource_field(node: &Node, report: &mut Report) {
    divisor(node, report);
    let Some((resource, name)) = filled(node, "resource") else { return };
    let known = ["limits.", "requests."].into_iter().find_map(|prefix| name.strip_prefix(prefix));
    if known.is_none_or(|name| !RESOURCES.contains(&name) && !name.starts_with("hugepages-")) {
        report
            .value(resource, "must be `limits` or `requests` of cpu, memory or ephemeral-storage");
    }
}

/// What the amount of a resource is divided by: a unit, compared as it is written in its shortest form.
fn divisor(node: &Node, report: &mut Report) {
    let Some(divisor) = node.at("divisor") else { return };
    let name = node.str_at("resource").split_once('.').map_or("", |(_, name)| name);
    let is_unit = match (name, quantity::of(divisor), quantity::unit(divisor)) {
        (_, None | Some(Quantity::ZERO), _) => true,
        ("cpu", _, unit) => matches!(unit, Some("" | "m")),
        ("memory" | "ephemeral-storage", _, unit) => unit.is_some_and(|unit| unit != "m"),
        (name, _, unit) => !name.starts_with("hugepages-") || unit.is_some_and(|unit| unit != "m"),
    };
    if !is_unit {
        let known = if name == "cpu" { "1 or 1m" } else { "1, or 1 with a suffix from k to Ei" };
        report.value(divisor, format!("must be {known}"));
    }
}

pub fn env_from(node: &Node, report: &mut Report) {
    one_of(node, &["configMapRef", "secretRef"], true, report);
    named(node, "prefix", names::variable, report);
}

/// An object that variables are made of.
pub fn named_source(node: &Node, report: &mut Report) {
    if node.str_at("name").is_empty() {
        report.required(node, "name");
    }
    named(node, "name", names::subdomain, report);
}

/// A key of an object that a variable is made of.
pub fn key_selector(node: &Node, report: &mut Report) {
    named_source(node, report);
    named(node, "key", names::config_key, report);
}

fn probe(node: &Node, is_readiness: bool, report: &mut Report) {
    handler(node, &["exec", "httpGet", "tcpSocket", "grpc"], report);
    if let Some(successes) = node.at("successThreshold")
        && !is_readiness
        && number(node, "successThreshold") > Some(1)
    {
        report.value(successes, "must be 1 for probes other than the readiness probe");
    }
    if let Some(grace) = node.at("terminationGracePeriodSeconds").filter(|_| is_readiness) {
        report.conflict(grace, "not allowed for a readiness probe");
    }
}

fn handler(node: &Node, kinds: &[&str], report: &mut Report) {
    one_of(node, kinds, true, report);
    if let Some(exec) = node.at("exec")
        && exec.list_at("command").is_empty()
    {
        report.required(exec, "command");
    }
}

pub fn lifecycle(node: &Node, report: &mut Report) {
    for hook in ["postStart", "preStop"] {
        if let Some(node) = node.at(hook) {
            handler(node, &["exec", "httpGet", "tcpSocket", "sleep"], report);
        }
    }
}

/// An action on a port that may have a name.
pub fn port_of_action(node: &Node, report: &mut Report) {
    if let Some(port) = node.at("port") {
        port_or_name(port, report);
    }
}

/// A number in the range of ports, or the name of one.
pub fn port_or_name(node: &Node, report: &mut Report) {
    match node.as_str() {
        Some("") => {
            report.value(node, "must be a port number or a port name");
        }
        Some(name) => {
            if let Some(words) = names::port(name) {
                report.value(node, words);
            }
        }
        None if !super::whole(node).is_some_and(|port| (1..=65535).contains(&port)) => {
            report.value(node, "must be between 1 and 65535");
        }
        None => {}
    }
}

pub fn grpc(node: &Node, report: &mut Report) {
    if let Some(port) = node.at("port") {
        port_or_name(port, report);
    }
}

pub fn header(node: &Node, report: &mut Report) {
    named(node, "name", names::header, report);
}

pub fn resources(node: &Node, report: &mut Report) {
    let mut names_set: Vec<&str> = Vec::new();
    for field in ["limits", "requests"] {
        for (name, value) in entries(node, field) {
            names_set.push(name);
            resource(name, field, node, report);
            let Some(amount) = quantity::of(value) else { continue };
            if amount < Quantity::ZERO {
                report.value(value, "must not be negative");
            } else if !is_divisible(name) && !amount.is_whole() {
                report.value(value, "must be an integer");
            }
        }
    }
    let limits = node.at("limits");
    for (name, value) in entries(node, "requests") {
        let limit = limits.and_then(|limits| limits.get(name));
        match (quantity::of(value), limit.map(quantity::of)) {
            (Some(request), Some(Some(limit))) if request > limit => {
                report.conflict(value, format!("must not be more than the limit of {name}"));
            }
            (Some(request), Some(Some(limit))) if request != limit && !may_differ(name) => {
                report.conflict(value, format!("must equal the limit of {name}"));
            }
            (_, None) if !may_differ(name) => {
                report.conflict(value, "requires an equal limit");
            }
            _ => {}
        }
    }
    let has = |prefix: &str| names_set.iter().any(|name| name.starts_with(prefix));
    if has("hugepages-") && !has("cpu") && !has("memory") {
        report.conflict(node, "huge pages require cpu or memory");
    }
}

fn resource(name: &str, field: &str, node: &Node, report: &mut Report) {
    let Some(map) = node.at(field) else { return };
    if let Some(words) = names::qualified(name) {
        report.key(map, name, words);
    } else if !name.contains('/') && !RESOURCES.contains(&name) && !name.starts_with("hugepages-") {
        report.key(map, name, "unknown container resource").help.extend(
            jinnacle_syntax::diagnostic::nearest(name, RESOURCES)
                .map(|name| format!("did you mean `{name}`?")),
        );
    }
}

fn is_divisible(name: &str) -> bool {
    !name.contains('/') || name.contains("kubernetes.io/")
}

/// Whether a request may be below its limit.
fn may_differ(name: &str) -> bool {
    is_divisible(name) && !name.starts_with("hugepages-")
}

pub fn security(node: &Node, report: &mut Report) {
    let Some(escalation) = node.at("allowPrivilegeEscalation") else { return };
    if node.is_true("allowPrivilegeEscalation") {
        return;
    }
    if node.is_true("privileged") {
        report.conflict(escalation, "must not be false for a privileged container");
    }
    let adds = node.list_at("capabilities.add");
    // The server looks for this word alone; a runtime takes `SYS_ADMIN` for the same.
    if adds.iter().any(|name| name.as_str() == Some("CAP_SYS_ADMIN")) {
        report.conflict(escalation, "must not be false together with the capability CAP_SYS_ADMIN");
    }
}

/// A profile of the node: a path is for local ones only.
pub fn localhost_profile(node: &Node, report: &mut Report) {
    let is_local = node.str_at("type") == "Localhost";
    match set(node, &["localhostProfile"]).as_slice() {
        [] if is_local => {
            report.required_as(node, "localhostProfile", "required for the type `Localhost`");
        }
        [(_, profile)] if !is_local => {
            report.conflict(profile, "only allowed for the type `Localhost`");
        }
        [(_, profile)] => local_path(profile, profile.as_str().unwrap_or(""), report),
        _ => {}
    }
}

/// Mounts must name volumes that there are.
pub fn mounts(node: &Node, volumes: &[&str], report: &mut Report) {
    for mount in node.list_at("volumeMounts").iter().chain(node.list_at("volumeDevices")) {
        let Some((node, name)) = filled(mount, "name") else { continue };
        if !volumes.contains(&name) {
            let help = jinnacle_syntax::diagnostic::nearest(name, volumes.iter().copied());
            let finding = report.value(node, "must be the name of a volume of the pod");
            finding.help.extend(help.map(|name| format!("did you mean `{name}`?")));
        }
    }
}

//! Pods: containers with each other, volumes, and what the pod says for all of them.

use super::{
    Node, Report, container, entries, filled, metadata, named, names, network, number, one_of,
    quantity, set,
};
use quantity::Quantity;

/// What a volume may come from.
const SOURCES: [&str; 30] = [
    "awsElasticBlockStore",
    "azureDisk",
    "azureFile",
    "cephfs",
    "cinder",
    "configMap",
    "csi",
    "downwardAPI",
    "emptyDir",
    "ephemeral",
    "fc",
    "flexVolume",
    "flocker",
    "gcePersistentDisk",
    "gitRepo",
    "glusterfs",
    "hostPath",
    "image",
    "iscsi",
    "nfs",
    "persistentVolumeClaim",
    "photonPersistentDisk",
    "portworxVolume",
    "projected",
    "quobyte",
    "rbd",
    "scaleIO",
    "secret",
    "storageos",
    "vsphereVolume",
];

/// What a file may be made of.
const FIELDS: [&str; 5] = [
    "metadata.name",
    "metadata.namespace",
    "metadata.uid",
    "metadata.labels",
    "metadata.annotations",
];

pub fn pod(node: &Node, report: &mut Report) {
    let Some(spec) = node.at("spec") else {
        report.required(node, "spec");
        return;
    };
    if !spec.list_at("ephemeralContainers").is_empty() {
        report.conflict(
            spec.at("ephemeralContainers").unwrap_or(spec),
            "must not be set when a pod is created",
        );
    }
    named(spec, "hostname", names::label, report);
    named(spec, "subdomain", names::label, report);
    for container in spec.list_at("containers").iter().chain(spec.list_at("initContainers")) {
        if let Some((image, text)) = filled(container, "image")
            && text.trim() != text
        {
            report.value(image, "must not begin or end with whitespace");
        }
    }
}

pub fn template(node: &Node, report: &mut Report) {
    let Some(spec) = node.at("spec") else {
        report.required(node, "spec");
        return;
    };
    if let Some(containers) = spec.at("ephemeralContainers").filter(|n| n.as_list() != Some(&[])) {
        report.conflict(containers, "not allowed in a template");
    }
}

pub fn spec(node: &Node, report: &mut Report) {
    let containers = node.list_at("containers");
    if containers.is_empty() && node.at("containers").is_some() {
        report.required(node, "containers");
    }
    let all = || node.list_at("initContainers").iter().chain(containers);
    // Two of one list are found by the key of the list.
    let first: Vec<&str> =
        node.list_at("initContainers").iter().map(|container| container.str_at("name")).collect();
    for container in containers {
        let Some((node, name)) = filled(container, "name") else { continue };
        if first.contains(&name) {
            report.duplicate(node, format!("duplicate container name {name:?}"));
        }
    }
    let claims = report.root.list_at("spec.volumeClaimTemplates");
    let volumes: Vec<&str> = node
        .list_at("volumes")
        .iter()
        .map(|volume| volume.str_at("name"))
        .chain(claims.iter().map(|claim| claim.str_at("metadata.name")))
        .collect();
    let claims: Vec<&str> =
        node.list_at("resourceClaims").iter().map(|claim| claim.str_at("name")).collect();
    for container in all() {
        container::mounts(container, &volumes, report);
        container::claims(container, &claims, report);
    }
    for container in node.list_at("initContainers") {
        container::init(container, report);
    }
    if let Some(claims) = node.at("resources.claims") {
        report.conflict(claims, "only allowed for containers");
    }
    operating_system(node, report);
    host(node, report);
    sleeps(node, report);
    dns(node, report);
    for name in ["serviceAccountName", "serviceAccount", "priorityClassName", "runtimeClassName"] {
        named(node, name, names::subdomain, report);
    }
    metadata::labels(node, "nodeSelector", report);
    for secret in node.list_at("imagePullSecrets").iter().filter(|s| s.str_at("name").is_empty()) {
        report.warn(secret, "has no secret name");
    }
    for gate in node.list_at("readinessGates") {
        named(gate, "conditionType", names::qualified, report);
    }
    for (_, value) in entries(node, "overhead") {
        if quantity::of(value).is_some_and(|amount| amount < Quantity::ZERO) {
            report.value(value, "must not be negative");
        }
    }
}

/// What the operating system of a pod has not.
fn operating_system(node: &Node, report: &mut Report) {
    const POD: [&str; 5] =
        ["hostIPC", "hostPID", "hostUsers", "resources", "shareProcessNamespace"];
    const BOTH: [&str; 5] =
        ["appArmorProfile", "runAsGroup", "runAsUser", "seLinuxOptions", "seccompProfile"];
    const PODS_CONTEXT: [&str; 6] = [
        "fsGroup",
        "fsGroupChangePolicy",
        "seLinuxChangePolicy",
        "supplementalGroups",
        "supplementalGroupsPolicy",
        "sysctls",
    ];
    const CONTAINERS_CONTEXT: [&str; 5] = [
        "allowPrivilegeEscalation",
        "capabilities",
        "privileged",
        "procMount",
        "readOnlyRootFilesystem",
    ];
    let name = node.str_at("os.name");
    let (pod, both, pods, containers): (&[&str], &[&str], &[&str], &[&str]) = match name {
        "windows" => (&POD, &BOTH, &PODS_CONTEXT, &CONTAINERS_CONTEXT),
        "linux" => (&[], &["windowsOptions"], &[], &[]),
        _ => return,
    };
    // Switches that are off and a list without entries count as unset.
    let is_off = |field: &str, value: &Node| match field {
        "hostIPC" | "hostPID" => value.as_bool() == Some(false),
        "sysctls" => value.as_list() == Some(&[]),
        _ => false,
    };
    let mut forbid = |node: &Node, fields: &[&str]| {
        for (field, value) in set(node, fields) {
            if !is_off(field, value) {
                report.conflict(value, format!("not allowed for a pod with `os.name: {name}`"));
            }
        }
    };
    forbid(node, pod);
    if let Some(context) = node.at("securityContext") {
        forbid(context, both);
        forbid(context, pods);
    }
    for list in ["initContainers", "containers"] {
        for context in node.list_at(list).iter().filter_map(|c| c.at("securityContext")) {
            forbid(context, both);
            forbid(context, containers);
        }
    }
}

/// A claim of a pod: of a resource, or of a template that makes one.
pub fn resource_claim(node: &Node, report: &mut Report) {
    named(node, "name", names::label, report);
    // Before Kubernetes 1.31 they were below `source`.
    let is_needed = node.at("source").is_none();
    one_of(node, &["resourceClaimName", "resourceClaimTemplateName"], is_needed, report);
}

/// A volume made of an image.
pub fn image_volume(node: &Node, report: &mut Report) {
    if let Some(reference) = node.at("reference") {
        container::image(reference, report);
    }
}

/// What a pod shares with its node.
fn host(node: &Node, report: &mut Report) {
    let in_host = node.is_true("hostNetwork");
    let mut seen: Vec<(i128, &str, &str)> = Vec::new();
    for port in node.list_at("containers").iter().flat_map(|container| container.list_at("ports")) {
        let Some(number) = number(port, "hostPort").filter(|number| *number != 0) else { continue };
        let Some(host_port) = port.at("hostPort") else { continue };
        if in_host && Some(number) != super::number(port, "containerPort") {
            report.conflict(host_port, "must equal `containerPort` when `hostNetwork` is on");
        }
        let protocol = Some(port.str_at("protocol")).filter(|p| !p.is_empty()).unwrap_or("TCP");
        let key = (number, protocol, port.str_at("hostIP"));
        if seen.contains(&key) {
            report.duplicate(host_port, format!("duplicate port {number} {protocol}"));
        }
        seen.push(key);
    }
    if let Some(share) =
        node.at("shareProcessNamespace").filter(|_| node.is_true("shareProcessNamespace"))
        && node.is_true("hostPID")
    {
        report.conflict(share, "must not be true together with `hostPID`");
    }
    if let Some(users) = node.at("hostUsers").filter(|users| users.as_bool() == Some(false)) {
        let shared =
            ["hostNetwork", "hostPID", "hostIPC"].into_iter().find(|name| node.is_true(name));
        if let Some(name) = shared {
            report.conflict(users, format!("must not be false together with `{name}`"));
        }
    }
    for alias in node.list_at("hostAliases") {
        for name in alias.list_at("hostnames") {
            if let Some(words) = name.as_str().and_then(names::subdomain) {
                report.value(name, words);
            }
        }
    }
}

/// A container that sleeps before it stops has no longer than the pod has.
fn sleeps(node: &Node, report: &mut Report) {
    let grace = number(node, "terminationGracePeriodSeconds").unwrap_or(30);
    if let Some(seconds) = node.at("terminationGracePeriodSeconds").filter(|_| grace < 0) {
        report.warn(seconds, "negative values count as 1");
    }
    for container in node.list_at("containers").iter().chain(node.list_at("initContainers")) {
        for hook in ["lifecycle.postStart.sleep.seconds", "lifecycle.preStop.sleep.seconds"] {
            if let Some(seconds) = number(container, hook)
                && !(0..=grace.max(1)).contains(&seconds)
                && let Some(node) = container.at(hook)
            {
                report.value(
                    node,
                    format!("must be between 0 and `terminationGracePeriodSeconds`, {grace}"),
                );
            }
        }
    }
}

fn dns(node: &Node, report: &mut Report) {
    let servers = node.list_at("dnsConfig.nameservers");
    if node.str_at("dnsPolicy") == "None" && servers.is_empty() {
        report.required_as(node, "dnsConfig.nameservers", "required when `dnsPolicy` is None");
    }
    for server in servers {
        network::address(server, report);
    }
    if let Some(fourth) = servers.get(3) {
        report.value(fourth, "must have at most three name servers");
    }
    for search in node.list_at("dnsConfig.searches") {
        let Some(text) = search.as_str() else { continue };
        if text != "."
            && names::subdomain(text.strip_suffix('.').unwrap_or(text)).is_some()
            && !text.contains('_')
        {
            report.value(search, "must be a DNS name");
        }
    }
    for option in node.list_at("dnsConfig.options") {
        if option.str_at("name").is_empty() {
            report.required(option, "name");
        }
    }
}

pub fn host_alias(node: &Node, report: &mut Report) {
    if let Some((node, _)) = filled(node, "ip") {
        network::address(node, report);
    }
}

pub fn sysctl(node: &Node, report: &mut Report) {
    let is_part = |part: &str| {
        let is_end = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
        part.starts_with(is_end)
            && part.ends_with(is_end)
            && part.chars().all(|c| is_end(c) || matches!(c, '-' | '_'))
    };
    if let Some((node, name)) = filled(node, "name")
        && (name.len() > 253 || !name.split(['.', '/']).all(is_part))
    {
        report.value(node, "must be lower case words separated by dots or slashes");
    }
}

pub fn volume(node: &Node, report: &mut Report) {
    named(node, "name", names::label, report);
    one_of(node, &SOURCES, false, report);
    if let Some(claim) = node.at("ephemeral")
        && claim.at("volumeClaimTemplate").is_none()
    {
        report.required(claim, "volumeClaimTemplate");
    }
}

pub fn config_map_volume(node: &Node, report: &mut Report) {
    if node.str_at("name").is_empty() {
        report.required(node, "name");
    }
}

pub fn secret_volume(node: &Node, report: &mut Report) {
    if node.str_at("secretName").is_empty() {
        report.required(node, "secretName");
    }
}

pub fn claim_volume(node: &Node, report: &mut Report) {
    named(node, "claimName", names::subdomain, report);
}

pub fn csi_volume(node: &Node, report: &mut Report) {
    named(node, "driver", |text| names::subdomain(&text.to_lowercase()), report);
}

pub fn empty_dir(node: &Node, report: &mut Report) {
    if let Some(limit) = node.at("sizeLimit")
        && quantity::of(limit).is_some_and(|amount| amount < Quantity::ZERO)
    {
        report.value(limit, "must not be negative");
    }
}

pub fn git_repo(node: &Node, report: &mut Report) {
    report.warn(node, "current clusters do not mount this kind of volume");
    if let Some((node, path)) = filled(node, "directory") {
        container::local_path(node, path, report);
    }
}

pub fn host_path(node: &Node, report: &mut Report) {
    if let Some((node, path)) = filled(node, "path")
        && path.split('/').any(|part| part == "..")
    {
        report.value(node, "must not contain `..`");
    }
}

pub fn nfs(node: &Node, report: &mut Report) {
    if let Some((node, path)) = filled(node, "path")
        && !path.starts_with('/')
    {
        report.value(node, "must be an absolute path");
    }
}

/// A file of a volume.
pub fn key_to_path(node: &Node, report: &mut Report) {
    if let Some((node, path)) = filled(node, "path") {
        container::local_path(node, path, report);
    }
}

pub fn downward_file(node: &Node, report: &mut Report) {
    key_to_path(node, report);
    one_of(node, &["fieldRef", "resourceFieldRef"], true, report);
    if let Some((path, field)) = filled(node, "fieldRef.fieldPath") {
        container::field_path(path, field, &FIELDS, report);
    }
    if let Some(resource) = node.at("resourceFieldRef") {
        container::resource_field(resource, report);
        if resource.str_at("containerName").is_empty() {
            report.required(resource, "containerName");
        }
    }
}

pub fn token(node: &Node, report: &mut Report) {
    key_to_path(node, report);
}

/// Several sources in one directory.
pub fn projected(node: &Node, report: &mut Report) {
    let kinds = [
        "clusterTrustBundle",
        "configMap",
        "downwardAPI",
        "podCertificate",
        "secret",
        "serviceAccountToken",
    ];
    let mut seen: Vec<&str> = Vec::new();
    for source in node.list_at("sources") {
        one_of(source, &kinds, true, report);
        for (_, inner) in set(source, &["configMap", "secret"]) {
            if inner.str_at("name").is_empty() {
                report.required(inner, "name");
            }
        }
        let paths = set(source, &kinds)
            .into_iter()
            .flat_map(|(_, inner)| inner.list_at("items").iter().chain([inner]))
            .filter_map(|item| filled(item, "path"));
        for (node, path) in paths {
            if seen.contains(&path) {
                report.duplicate(node, format!("duplicate path {path:?}"));
            }
            seen.push(path);
        }
    }
}

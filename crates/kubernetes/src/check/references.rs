//! Names of other objects that are not in the stream, and near to the name of one that is: they are probably misspelled.
//! Others are left alone: they may be in the cluster, or be made when something runs.

use jinnacle_syntax::diagnostic::{Diagnostic, Sink, did_you_mean, nearest, rule};
use jinnacle_syntax::yaml::Node;

/// Finds references within a namespace whose names nothing at hand has, and something nearly has.
pub fn check(all: &[&Node], sink: &mut Sink) {
    for object in all {
        let mut report = |kind: &str, node: Option<&Node>| {
            let Some((node, name)) = node.and_then(|node| Some((node, node.as_str()?))) else {
                return;
            };
            let known: Vec<&str> = names(all, kind, namespace(object));
            if known.is_empty() || known.contains(&name) || name.is_empty() {
                return;
            }
            let slips = known.iter().copied().filter(|known| is_slip(name, known));
            if let Some(help) = did_you_mean(name, slips) {
                let message = format!("unknown {kind} `{name}`: not among these manifests");
                let warning = Diagnostic::warning(rule!("kubernetes/reference"), message);
                sink.push(warning.at(&node.span).help(help));
            }
        };
        report("Service", object.at("spec.serviceName"));
        if let Some(spec) = pod_spec(object) {
            of_pod(spec, &mut report);
        }
        for path in object.list_at("spec.rules") {
            for path in path.list_at("http.paths") {
                report("Service", path.at("backend.service.name"));
            }
        }
        ports(object, all, sink);
    }
}

/// Whether one of two names may be a typo for the other: most of their parts are the same, and those that
/// differ do so by a letter or two. `web-1` and `web-2`, `api-tls` and `app-tls` are names of their own.
fn is_slip(name: &str, other: &str) -> bool {
    let is_word = |part: &&str| !part.is_empty();
    let parts = |text: &'_ str| -> Vec<String> {
        text.split(['-', '.']).filter(is_word).map(str::to_owned).collect()
    };
    let (mine, theirs) = (parts(name), parts(other));
    if mine.len() != theirs.len() {
        // A sign between two words too many or too few.
        return mine.concat() == theirs.concat();
    }
    let differing: Vec<_> = mine.iter().zip(&theirs).filter(|(a, b)| a != b).collect();
    differing.len() == 1
        && differing.iter().all(|(a, b)| {
            a.len().min(b.len()) > 3
                && !a.contains(|c: char| c.is_ascii_digit())
                && !b.contains(|c: char| c.is_ascii_digit())
                && nearest(a, [b.as_str()]).is_some()
        })
}

/// The ports of a Service to which no Pod that it selects gives the name.
fn ports(service: &Node, all: &[&Node], sink: &mut Sink) {
    let selector = service.map_at("spec.selector");
    let is_service = service.str_at("kind") == "Service";
    let Some(selector) = selector.filter(|selector| is_service && !selector.is_empty()) else {
        return;
    };
    let is_selected = |pod: &&Node| {
        let labels = pod.at("metadata.labels");
        selector.iter().all(|(name, value)| labels.and_then(|l| l.get(name)) == Some(value))
    };
    let neighbours = all.iter().filter(|other| namespace(other) == namespace(service));
    let pods: Vec<&Node> = neighbours.filter_map(|other| pod(other)).filter(is_selected).collect();
    let known: Vec<&str> = pods
        .iter()
        .flat_map(|pod| {
            let containers = ["initContainers", "containers"].map(|list| pod.at(&["spec", list]));
            containers.into_iter().flatten().filter_map(Node::as_list).flatten()
        })
        .filter_map(|container| container.get("ports")?.as_list())
        .flatten()
        .filter_map(|port| port.get("name")?.as_str())
        .collect();
    let targets = service.list_at("spec.ports");
    let missing = |target: &&Node| target.as_str().is_some_and(|name| !known.contains(&name));
    let targets = targets.iter().filter_map(|port| port.get("targetPort"));
    for target in targets.filter(|target| !pods.is_empty() && missing(target)) {
        let name = target.as_str().unwrap_or_default();
        let message = format!("unknown port `{name}`: no Pod that this Service selects has it");
        let warning = Diagnostic::warning(rule!("kubernetes/reference"), message);
        sink.push(warning.at(&target.span).did_you_mean(name, known.iter().copied()));
    }
}

/// What a pod names: an account, objects that make its files and its variables.
fn of_pod(spec: &Node, report: &mut dyn FnMut(&str, Option<&Node>)) {
    let account = spec.get("serviceAccountName").filter(|name| name.as_str() != Some("default"));
    report("ServiceAccount", account);
    let optional = |node: &Node| node.is_true("optional");
    let list = |node: &'_ Node, field: &str| -> Vec<Node> { node.list_at(field).to_vec() };
    let mut named = |kind: &str, node: Option<&Node>, field: &str| {
        report(kind, node.filter(|node| !optional(node)).and_then(|node| node.get(field)));
    };
    for volume in list(spec, "volumes") {
        named("ConfigMap", volume.get("configMap"), "name");
        named("Secret", volume.get("secret"), "secretName");
        named("PersistentVolumeClaim", volume.get("persistentVolumeClaim"), "claimName");
        for source in volume.get("projected").map(|node| list(node, "sources")).unwrap_or_default()
        {
            named("ConfigMap", source.get("configMap"), "name");
            named("Secret", source.get("secret"), "name");
        }
    }
    for container in list(spec, "initContainers").iter().chain(&list(spec, "containers")) {
        for variable in list(container, "env") {
            named("ConfigMap", variable.at("valueFrom.configMapKeyRef"), "name");
            named("Secret", variable.at("valueFrom.secretKeyRef"), "name");
        }
        for source in list(container, "envFrom") {
            named("ConfigMap", source.get("configMapRef"), "name");
            named("Secret", source.get("secretRef"), "name");
        }
    }
}

/// The spec of the Pods that an object makes.
pub fn pod_spec(object: &Node) -> Option<&Node> {
    pod(object)?.get("spec")
}

/// The Pods that an object makes, or is.
pub fn pod(object: &Node) -> Option<&Node> {
    match object.text_at("kind")? {
        "Pod" => Some(object),
        "CronJob" => object.at("spec.jobTemplate.spec.template"),
        _ => object.at("spec.template"),
    }
}

/// The namespace that an object names; empty if none.
pub fn namespace(object: &Node) -> &str {
    object.str_at("metadata.namespace")
}

fn names<'n>(all: &[&'n Node], kind: &str, namespace: &str) -> Vec<&'n str> {
    all.iter()
        .filter(|object| object.str_at("kind") == kind)
        .filter(|object| self::namespace(object) == namespace)
        .filter_map(|object| object.at("metadata.name")?.as_str())
        .collect()
}

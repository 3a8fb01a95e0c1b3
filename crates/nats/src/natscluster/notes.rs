//! What to know before the operator goes: what changes, names for certificates, the order of steps.

use jinnacle_chart::release::Capabilities;
use jinnacle_syntax::diagnostic::{Diagnostic, rule};

use super::{Cluster, Target};

/// The notes on a cluster.
pub fn of(cluster: &Cluster, to: Target, capabilities: &Capabilities) -> Vec<Diagnostic> {
    let changes = match to {
        Target::Manifests => changes(cluster, capabilities),
        Target::Values => Vec::new(),
    };
    let title = |what: &str| format!("{what} {}/{}", cluster.namespace, cluster.name);
    [
        (rule!("natscluster/changes"), title("what changes for"), changes),
        (
            rule!("natscluster/dns-names"),
            title("names in the certificates of"),
            dns_names(cluster, to),
        ),
        (rule!("natscluster/steps"), title("steps to move"), steps(cluster, to)),
    ]
    .into_iter()
    .filter(|(_, _, lines)| !lines.is_empty())
    .map(|(rule, title, lines)| {
        lines.into_iter().fold(Diagnostic::note(rule, title), Diagnostic::help)
    })
    .collect()
}

fn changes(cluster: &Cluster, capabilities: &Capabilities) -> Vec<String> {
    let size = cluster.node.at("spec.size").and_then(|node| node.as_int()).unwrap_or_default();
    let name = cluster.name;
    let mut lines = Vec::new();
    if (capabilities.kube_version.major, capabilities.kube_version.minor) < (1, 27) {
        lines.push(format!(
            "the servers are {name}-0 to {name}-{}: before Kubernetes 1.27 a StatefulSet counts from 0",
            size - 1
        ));
    } else if size > 9 {
        lines.push(format!(
            "the tenth server is {name}-10, and was {name}-a: the operator counts in base 16"
        ));
    }
    lines.push(
        "all routes are written from the start, and servers start at the same time".to_owned(),
    );
    lines.push(
        "the Service for servers does not select by version, so that it keeps both in an upgrade"
            .to_owned(),
    );
    lines.push(
        "lame duck mode is a preStop hook; the operator runs it in the Pod itself".to_owned(),
    );
    if !cluster.node.is_true("spec.pod.enableConfigReload") {
        lines.push("a change of nats.conf restarts the servers, one after the other".to_owned());
    }
    lines
}

/// Names that a certificate needs: of the client Service, and of each server for the routes.
fn dns_names(cluster: &Cluster, to: Target) -> Vec<String> {
    let (name, namespace) = (cluster.name, cluster.namespace);
    let pods = match to {
        Target::Manifests => format!("{name}-mgmt"),
        Target::Values => name.to_owned(),
    };
    let mut lines = Vec::new();
    if cluster.node.text_at("spec.tls.serverSecret").is_some() {
        lines.push(format!(
            "clients: {name}, {name}.{namespace}, {name}.{namespace}.svc, {name}.{namespace}.svc.cluster.local, *.{pods}.{namespace}.svc"
        ));
    }
    if cluster.node.text_at("spec.tls.routesSecret").is_some() {
        let domain = match to {
            Target::Manifests => "",
            Target::Values => ".cluster.local",
        };
        lines.push(format!("routes: *.{pods}.{namespace}.svc{domain}"));
    }
    lines
}

/// How a live cluster is moved while its clients stay connected.
fn steps(cluster: &Cluster, to: Target) -> Vec<String> {
    let (name, namespace) = (cluster.name, cluster.namespace);
    let old_pod = format!("nats://{name}-1.{name}-mgmt.{namespace}.svc:6222");
    let mut lines = match to {
        Target::Manifests => vec![
            format!("1. the extra routes to the old Pods are there: the routes of the new nats.conf, such as {old_pod}, are their names"),
            "2. stop the operator, which then watches no cluster: kubectl scale deployment/nats-operator --replicas=0".to_owned(),
            format!("3. keep all that it made: kubectl -n {namespace} delete natscluster {name} --cascade=orphan"),
            format!("4. kubectl apply this output: the StatefulSet takes the Pods over and replaces them one by one; wait with kubectl -n {namespace} rollout status statefulset/{name}"),
            format!("5. delete the remaining old Pods: kubectl -n {namespace} get pods -l nats_cluster={name}"),
        ],
        Target::Values => vec![
            format!("1. install next to the old servers, with extra routes to them: `fullnameOverride: {name}-next`, and {old_pod} among `cluster.extraRoutes`; the Service {name} selects the new servers, too"),
            "2. stop the operator, which then watches no cluster: kubectl scale deployment/nats-operator --replicas=0".to_owned(),
            format!("3. send the clients over, Pod by Pod: kubectl -n {namespace} exec {name}-1 -c nats -- /nats-server -sl=ldm=/var/run/nats/nats.pid"),
            format!("4. keep the Service {name}: kubectl -n {namespace} delete natscluster {name} --cascade=orphan, then delete the old Pods and the Secret {name}"),
            format!("5. later, without clients that need the old address: delete the Services {name} and {name}-mgmt, and leave out both settings of step 1"),
        ],
    };
    if cluster.node.is_true("spec.pod.advertiseExternalIP")
        && let Some(account) = cluster.node.text_at("spec.template.spec.serviceAccountName")
        && to == Target::Manifests
    {
        lines.push(format!(
            "when the operator is uninstalled, keep the ServiceAccount {account} and its right to get nodes"
        ));
    }
    lines
}

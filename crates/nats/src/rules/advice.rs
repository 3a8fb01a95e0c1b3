//! What works in `nats/nats` and is hardly meant, or will hurt later.

use jinnacle_chart::rules::{Advised, Finding, filled};
use jinnacle_nats_conf::nkey;
use jinnacle_syntax::yaml::Node;

/// A majority of four is three, as of five: the fourth server costs and carries nothing.
pub(super) fn even_replicas(advised: &Advised<'_>) -> Vec<Finding> {
    let values = advised.values;
    let Some(replicas) = clustered(values).filter(|_| values.is_true("nats.jetstream.enabled"))
    else {
        return Vec::new();
    };
    let count = replicas.as_int().unwrap_or(0);
    if count < 2 || count % 2 != 0 {
        return Vec::new();
    }
    vec![
        Finding::warning(
            &replicas.span,
            match (count - 1) / 2 {
                0 => format!("a JetStream cluster of {count} tolerates no failed server"),
                loss => format!("a JetStream cluster of {count} tolerates only {loss} failed"),
            },
        )
        .help(format!("write `cluster.replicas: {}`", count + 1)),
    ]
}

/// The startup probe waits for a leader, whom the first server cannot elect alone; the second one is started when
/// the first is ready (nats-io/k8s#594).
pub(super) fn ordered_start(advised: &Advised<'_>) -> Vec<Finding> {
    let values = advised.values;
    let several = clustered(values).and_then(Node::as_int).is_some_and(|count| count > 1);
    let waits = values.is_true("nats.healthcheck.startup.enabled")
        && values.is_true("nats.healthcheck.enableHealthz")
        && !filled(values.at("nats.healthcheck.startup.httpGet"));
    match values.at("podManagementPolicy") {
        Some(policy)
            if several
                && waits
                && values.is_true("nats.jetstream.enabled")
                && policy.as_str() == Some("OrderedReady") =>
        {
            let message = "the first server of a JetStream cluster waits for the others, which `OrderedReady` starts after it";
            vec![
                Finding::warning(&policy.span, message)
                    .help("write `podManagementPolicy: Parallel`"),
            ]
        }
        _ => Vec::new(),
    }
}

/// A cluster of one server, to which no other has a route.
pub(super) fn lonely_cluster(advised: &Advised<'_>) -> Vec<Finding> {
    let values = advised.values;
    let routes = filled(values.at("cluster.extraRoutes"));
    let Some(replicas) = clustered(values).filter(|node| node.as_int() == Some(1) && !routes)
    else {
        return Vec::new();
    };
    vec![
        Finding::warning(
            &replicas.span,
            "a cluster of one server has a route to itself only, and its streams no replica",
        )
        .help("write `cluster.replicas: 3`, or `cluster.enabled: false` for a single server"),
    ]
}

/// Pods in the network of their node ask the node's resolver unless configured otherwise, which does not know the
/// names in the routes.
pub(super) fn host_network(advised: &Advised<'_>) -> Vec<Finding> {
    let values = advised.values;
    let Some(network) =
        values.at("nats.hostNetwork").filter(|_| values.is_true("nats.hostNetwork"))
    else {
        return Vec::new();
    };
    if !matches!(values.text_at("nats.dnsPolicy"), None | Some("ClusterFirst" | "Default")) {
        return Vec::new();
    }
    vec![
        Finding::warning(
            &network.span,
            "Pods with `nats.hostNetwork` do not find the names of the other servers",
        )
        .help("write `nats.dnsPolicy: ClusterFirstWithHostNet`"),
    ]
}

/// Two servers with one host port do not fit on one node: the second waits for a node forever.
pub(super) fn host_ports(advised: &Advised<'_>) -> Vec<Finding> {
    let values = advised.values;
    let path =
        ["nats.externalAccess", "nats.hostNetwork"].into_iter().find(|path| values.is_true(path));
    let apart = filled(values.at("affinity.podAntiAffinity"))
        || filled(values.at("topologySpreadConstraints"));
    let several = clustered(values).and_then(Node::as_int).is_some_and(|count| count > 1);
    let (Some(path), true, false) = (path, several, apart) else { return Vec::new() };
    let Some(switch) = values.at(path) else { return Vec::new() };
    vec![
        Finding::warning(
            &switch.span,
            format!("`{path}` takes ports of the nodes, so each node can have one server, and nothing keeps them apart"),
        )
        .help("write `affinity.podAntiAffinity`, as values/examples/production.yaml does"),
    ]
}

/// A leaf node that has nowhere to connect to: the server starts, and does nothing about it.
pub(super) fn leaf_remote(advised: &Advised<'_>) -> Vec<Finding> {
    advised
        .values
        .list_at("leafnodes.remotes")
        .iter()
        .enumerate()
        .filter(|(_, remote)| remote.text_at("url").is_none() && !filled(remote.at("urls")))
        .map(|(index, remote)| {
            Finding::warning(
                &remote.span,
                format!(
                    "`leafnodes.remotes[{index}]` has no URL, so the server connects to nothing"
                ),
            )
            .help("write `url: nats://HOST:7422`, or `urls:` with a list")
        })
        .collect()
}

/// Names that the objects cannot have, or that something is cut off from.
pub(super) fn names(advised: &Advised<'_>) -> Vec<Finding> {
    /// The hash of a revision, which Kubernetes puts after the name of a StatefulSet in a label.
    const REVISION: usize = 11;
    const LABEL: usize = 63;
    let mut found = Vec::new();
    for path in ["fullnameOverride", "nameOverride", "namespaceOverride"] {
        let (Some(node), Some(name)) = (advised.values.at(path), advised.values.text_at(path))
        else {
            continue;
        };
        let longest = if path == "namespaceOverride" { LABEL } else { LABEL - REVISION };
        let letters =
            name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        let starts = name.starts_with(|c: char| c.is_ascii_lowercase());
        if !letters || !starts || name.ends_with('-') {
            found.push(
                Finding::error(&node.span, format!("`{path}`: invalid name for Kubernetes"))
                    .help("write small letters, digits and `-`, a letter first"),
            );
        } else if name.len() > longest {
            found.push(
                Finding::warning(
                    &node.span,
                    format!("`{path}` has {} characters, and {longest} are safe", name.len()),
                )
                .help("shorten it: Kubernetes adds to it in labels, which have 63 at most"),
            );
        }
    }
    found
}

/// Secrets that everyone reads who may read the ConfigMap.
pub(super) fn plain_secrets(advised: &Advised<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    search(advised.layer, "", &mut |path, node| {
        let key = path.rsplit('.').next().unwrap_or(path);
        let Some(text) = node.as_str().filter(|text| !text.is_empty()) else { return };
        let named =
            matches!(key, "password" | "pass" | "token") || path == "nats.jetstream.encryption.key";
        // What bcrypt has made of a password may be read.
        let hashed = text.starts_with("$2");
        let configured = !path.starts_with("affinity") && !path.contains("nnotations");
        if configured && (named && !hashed || nkey::is_user_seed(text)) {
            found.push(
                Finding::warning(&node.span, format!("`{path}` is readable in a ConfigMap"))
                    .help("put it into a Secret and include it by `nats.config`, or use JWTs, NKeys or bcrypt"),
            );
        }
    });
    found
}

fn search(node: &Node, path: &str, visit: &mut impl FnMut(&str, &Node)) {
    if let Some(map) = node.as_map() {
        for (key, below) in map.iter() {
            let path = if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") };
            search(below, &path, visit);
        }
    } else if let Some(list) = node.as_list() {
        for (index, below) in list.iter().enumerate() {
            search(below, &format!("{path}[{index}]"), visit);
        }
    } else {
        visit(path, node);
    }
}

/// The number of servers, if they are a cluster.
fn clustered(values: &Node) -> Option<&Node> {
    values.at("cluster.replicas").filter(|_| values.is_true("cluster.enabled"))
}

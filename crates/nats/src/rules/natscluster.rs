//! The rules of a NatsCluster. The operator checks nothing: what they find it drops in silence, hands to a
//! server that does not start, or crashes on.

use jinnacle_chart::rules::{Finding, Rule, filled};
use jinnacle_nats_conf::{CURVES, SAFE_CIPHERS};
use jinnacle_syntax::diagnostic::{nearest, rule};
use jinnacle_syntax::source::Span;
use jinnacle_syntax::yaml::Node;

use super::images;

/// Every rule, in the order of the manifest.
pub const RULES: &[Rule] = &[
    Rule { id: rule!("natscluster/api-version"), check: api_version },
    Rule { id: rule!("natscluster/name"), check: name },
    Rule { id: rule!("natscluster/image"), check: images::of_cluster },
    Rule { id: rule!("natscluster/paused"), check: paused },
    Rule { id: rule!("natscluster/pod-label"), check: pod_labels },
    Rule { id: rule!("natscluster/server-name"), check: server_name },
    Rule { id: rule!("natscluster/node-rights"), check: node_rights },
    Rule { id: rule!("natscluster/tls"), check: tls },
    Rule { id: rule!("natscluster/cipher"), check: ciphers },
    Rule { id: rule!("natscluster/auth"), check: auth },
    Rule { id: rule!("natscluster/lame-duck"), check: lame_duck },
    Rule { id: rule!("natscluster/template"), check: template },
    Rule { id: rule!("natscluster/route"), check: routes },
    Rule { id: rule!("natscluster/port"), check: ports },
    Rule { id: rule!("natscluster/port"), check: closed_ports },
    Rule { id: rule!("natscluster/operator"), check: operator },
];

/// What a Service's name adds to that of the cluster.
const MANAGEMENT: &str = "-mgmt";

/// The place of a key.
fn key<'v>(values: &'v Node, path: &str) -> &'v Span {
    values.entry_at(path).map_or(&values.span, |entry| &entry.key)
}

fn api_version(cluster: &Node) -> Vec<Finding> {
    let Some(version) = cluster.at("apiVersion").filter(|v| v.as_str() != Some("nats.io/v1alpha2"))
    else {
        return Vec::new();
    };
    vec![Finding::error(
        &version.span,
        format!(
            "`apiVersion`: expected nats.io/v1alpha2, found {}",
            version.as_str().unwrap_or_default()
        ),
    )]
}

/// Two Services bear the name, one with `-mgmt` after it; a Service's name is a DNS label.
fn name(cluster: &Node) -> Vec<Finding> {
    let Some(node) = cluster.at("metadata.name") else {
        if cluster.at("metadata").is_none() {
            // The schema says so.
            return Vec::new();
        }
        return vec![Finding::error(key(cluster, "metadata"), "`metadata.name` is missing")];
    };
    let name = node.as_str().unwrap_or_default();
    let is_label = !name.is_empty()
        && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
        && !name.starts_with('-')
        && !name.ends_with('-');
    if !is_label {
        return vec![
            Finding::error(&node.span, format!("`metadata.name`: invalid DNS label `{name}`"))
                .help("use lower-case letters, digits and dashes: the Services have the name, too"),
        ];
    }
    let bytes = name.len() + MANAGEMENT.len();
    if bytes > 63 {
        return vec![Finding::error(
            &node.span,
            format!(
                "`metadata.name` is too long: with `{MANAGEMENT}` it has {bytes} bytes, and the name of a Service 63"
            ),
        )];
    }
    if name.starts_with(|c: char| c.is_ascii_digit()) {
        return vec![Finding::warning(
            &node.span,
            "`metadata.name` begins with a digit: only the newest Kubernetes takes such a Service",
        )];
    }
    Vec::new()
}

fn paused(cluster: &Node) -> Vec<Finding> {
    if !cluster.is_true("spec.paused") {
        return Vec::new();
    }
    vec![
        Finding::warning(
            key(cluster, "spec.paused"),
            "`spec.paused` has no meaning without the operator: the servers are made",
        )
        .help("the operator makes nothing for a paused cluster that is new"),
    ]
}

/// The operator has a rule against them and never asks it.
fn pod_labels(cluster: &Node) -> Vec<Finding> {
    const RESERVED: [&str; 4] = ["app", "nats_cluster", "nats_version", "nats_zone"];
    let Some(labels) = cluster.map_at("spec.pod.labels") else {
        return Vec::new();
    };
    labels
        .entries()
        .filter(|(label, _)| RESERVED.contains(label))
        .map(|(label, entry)| {
            Finding::error(
                &entry.key,
                format!("the label `{label}` is reserved: the operator sets it, or will"),
            )
            .help("choose another name")
        })
        .collect()
}

/// The server refuses a variable that is not there.
fn server_name(cluster: &Node) -> Vec<Finding> {
    let container = first_container(cluster);
    let own = container.map_or(&[][..], |container| container.list_at("env"));
    let known = own
        .iter()
        .chain(cluster.list_at("spec.pod.natsEnv"))
        .any(|variable| variable.text_at("name") == Some("SERVER_NAME"))
        || container.is_some_and(|container| !container.list_at("envFrom").is_empty());
    if !cluster.is_true("spec.useServerName") || known {
        return Vec::new();
    }
    vec![
        Finding::error(
            key(cluster, "spec.useServerName"),
            "`spec.useServerName` requires the variable `SERVER_NAME`: the server does not start without it",
        )
        .help(
            "add to `spec.pod.natsEnv`: `{name: SERVER_NAME, valueFrom: {fieldRef: {fieldPath: metadata.name}}}`",
        ),
    ]
}

fn first_container(cluster: &Node) -> Option<&Node> {
    cluster.list_at("spec.template.spec.containers").first()
}

/// An init container asks the API server for the address of the node.
fn node_rights(cluster: &Node) -> Vec<Finding> {
    let advertises = "spec.pod.advertiseExternalIP";
    if !cluster.is_true(advertises)
        || cluster.text_at("spec.template.spec.serviceAccountName").is_some()
    {
        return Vec::new();
    }
    vec![
        Finding::warning(
            key(cluster, advertises),
            format!("`{advertises}` requires a ServiceAccount with the right to get nodes; the default one has no such right"),
        )
        .help("write `spec.template.spec.serviceAccountName: nats-server`, the account of the operator's manifests"),
    ]
}

fn tls(cluster: &Node) -> Vec<Finding> {
    let mut found = Vec::new();
    let needs = |path: &'static str, needed: &str, why: &str| {
        (filled(cluster.at(path))
            && cluster.at(path).and_then(Node::as_bool) != Some(false)
            && !filled(cluster.at(needed)))
        .then(|| Finding::error(key(cluster, path), format!("`{path}` requires `{needed}`{why}")))
    };
    let plain = ": without it the operator serves clients in plain text";
    for (path, needed, why) in [
        ("spec.tls.verify", "spec.tls.serverSecret", plain),
        ("spec.tls.cipherSuites", "spec.tls.serverSecret", plain),
        ("spec.tls.curvePreferences", "spec.tls.serverSecret", plain),
        ("spec.tls.clientsTLSTimeout", "spec.tls.serverSecret", plain),
        ("spec.tls.enableHttps", "spec.tls.serverSecret", ": its certificate is served there, too"),
        ("spec.tls.routesTLSTimeout", "spec.tls.routesSecret", ""),
        ("spec.tls.gatewaysTLSTimeout", "spec.tls.gatewaySecret", ""),
        ("spec.tls.leafnodesTLSTimeout", "spec.tls.leafnodeSecret", ""),
        ("spec.tls.gatewaySecret", "spec.gatewayConfig", ": the operator crashes on it"),
        ("spec.tls.leafnodeSecret", "spec.leafnodeConfig", ": the operator crashes on it"),
        ("spec.tls.websocketTLSTimeout", "spec.tls.websocketSecret", ""),
        ("spec.tls.websocketSecret", "spec.websocketConfig", ": the operator crashes on it"),
        ("spec.auth.tlsVerifyAndMap", "spec.tls.serverSecret", ": there is no certificate to map"),
    ] {
        found.extend(needs(path, needed, why));
    }
    if let Some(map) = cluster.map_at("spec.tls") {
        for (name, entry) in map.entries().filter(|(_, entry)| entry.value.as_str() == Some("")) {
            found.push(Finding::error(&entry.value.span, format!("`spec.tls.{name}` is empty")));
        }
        let secrets =
            ["serverSecret", "routesSecret", "gatewaySecret", "leafnodeSecret", "websocketSecret"];
        if !secrets.iter().any(|secret| map.get(secret).is_some_and(|node| !node.is_null()))
            && found.is_empty()
        {
            found.push(
                Finding::error(
                    key(cluster, "spec.tls"),
                    "`spec.tls` names no Secret: the operator serves plain text",
                )
                .help("name one with `serverSecret` or `routesSecret`, or leave `tls` out"),
            );
        }
    }
    if cluster.is_true("spec.tls.enableHttps") && cluster.is_true("spec.pod.enableMetrics") {
        found.push(Finding::warning(
            key(cluster, "spec.tls.enableHttps"),
            "the metrics exporter of the operator uses HTTP, which fails: here it uses HTTPS",
        ));
    }
    found
}

fn ciphers(cluster: &Node) -> Vec<Finding> {
    let unknown = |path: &str, word: &str, known: &[&'static str]| -> Vec<Finding> {
        cluster
            .list_at(path)
            .iter()
            .filter_map(|node| Some((node, node.as_str()?)))
            .filter(|(_, name)| !known.contains(name))
            .map(|(node, name)| {
                let error = Finding::error(&node.span, format!("unknown {word} `{name}`"));
                match nearest(name, known.iter().copied()) {
                    Some(meant) => error.help(format!("did you mean `{meant}`?")),
                    None => error.help(format!("known are {}", known.join(", "))),
                }
            })
            .collect()
    };
    let mut found = unknown("spec.tls.cipherSuites", "cipher suite", &SAFE_CIPHERS);
    found.extend(unknown("spec.tls.curvePreferences", "curve", &CURVES));
    found
}

/// Of several ways to log in the operator takes the first.
fn auth(cluster: &Node) -> Vec<Finding> {
    let ways = ["enableServiceAccounts", "clientsAuthSecret", "clientsAuthFile"];
    let given: Vec<String> = ways
        .iter()
        .map(|way| format!("spec.auth.{way}"))
        .filter(|path| cluster.is_true(path.as_str()) || cluster.text_at(path).is_some())
        .collect();
    let mut found: Vec<Finding> = given
        .iter()
        .skip(1)
        .map(|path| {
            Finding::warning(
                key(cluster, path),
                format!("`{path}` has no effect: `{}` comes first", given[0]),
            )
        })
        .collect();
    for (path, needed) in [
        ("spec.auth.clusterAuthTimeout", "spec.auth.clusterAuthSecret"),
        ("spec.auth.gatewayAuthTimeout", "spec.auth.gatewayAuthSecret"),
        ("spec.auth.gatewayAuthSecret", "spec.gatewayConfig"),
    ] {
        if filled(cluster.at(path)) && !filled(cluster.at(needed)) {
            let message = format!("`{path}` has no effect without `{needed}`");
            found.push(Finding::warning(key(cluster, path), message));
        }
    }
    if let Some(file) = cluster.at("spec.auth.clientsAuthFile") {
        let path = file.as_str().unwrap_or_default();
        if path.starts_with('/') {
            found.push(
                Finding::warning(
                    &file.span,
                    format!("`{path}` is relative to /etc/nats-config: /etc/nats-config{path}"),
                )
                .help("mount it there with `spec.pod.volumeMounts`, and write its path from there"),
            );
        }
        if path.split('/').any(|part| part == "..") {
            found.push(Finding::error(
                &file.span,
                format!("`spec.auth.clientsAuthFile` leads out of /etc/nats-config: `{path}`"),
            ));
        }
    }
    found
}

/// Where the address of the node is advertised, its ports are opened whatever is set.
fn closed_ports(cluster: &Node) -> Vec<Finding> {
    let advertises = "spec.pod.advertiseExternalIP";
    ["disableGatewaysHostPort", "disableLeafnodesHostPort", "disableWebsocketsHostPort"]
        .map(|field| format!("spec.pod.{field}"))
        .iter()
        .filter(|path| cluster.is_true(path.as_str()) && cluster.is_true(advertises))
        .map(|path| {
            let message = format!("`{path}` has no effect together with `{advertises}`");
            Finding::warning(key(cluster, path), message)
        })
        .collect()
}

fn lame_duck(cluster: &Node) -> Vec<Finding> {
    let path = "spec.lameDuckDurationSeconds";
    match cluster.at(path).and_then(|node| Some((node, node.as_int()?))) {
        Some((node, seconds)) if seconds < 30 => vec![Finding::error(
            &node.span,
            format!("`{path}`: expected at least 30, the minimum of nats-server, found {seconds}"),
        )],
        _ => Vec::new(),
    }
}

/// Of the template the operator takes only the `spec`, and overwrites some of that.
fn template(cluster: &Node) -> Vec<Finding> {
    let lost = |span: &Span, path: &str, why: &str| {
        Finding::warning(span, format!("`{path}` has no effect: {why}"))
    };
    let mut found = Vec::new();
    if filled(cluster.at("spec.template.metadata")) {
        let path = "spec.template.metadata";
        found.push(
            lost(key(cluster, path), path, "the operator drops it")
                .help("use `spec.pod.labels` and `spec.pod.annotations`"),
        );
    }
    for field in ["hostname", "subdomain", "restartPolicy", "shareProcessNamespace"] {
        let path = format!("spec.template.spec.{field}");
        if cluster.at(&path).is_some() {
            found.push(lost(key(cluster, &path), &path, "every server has its own"));
        }
    }
    for (below, above) in [
        ("affinity", "spec.pod.antiAffinity"),
        ("nodeSelector", "spec.pod.nodeSelector"),
        ("tolerations", "spec.pod.tolerations"),
    ] {
        let path = format!("spec.template.spec.{below}");
        if filled(cluster.at(&path)) && (cluster.is_true(above) || filled(cluster.at(above))) {
            found.push(lost(key(cluster, &path), &path, &format!("`{above}` replaces it")));
        }
    }
    let Some(container) = first_container(cluster) else { return found };
    let path = "spec.template.spec.containers[0]";
    let Some(map) = container.as_map() else { return found };
    for field in ["name", "image", "command", "ports", "livenessProbe", "volumeMounts"] {
        if let Some(entry) = map.entry(field)
            && !(field == "name" && entry.value.as_str() == Some("nats"))
        {
            let help = match field {
                "image" => "use `spec.serverImage` and `spec.version`",
                "volumeMounts" => "use `spec.pod.volumeMounts`",
                _ => "remove it",
            };
            found.push(
                lost(
                    &entry.key,
                    &format!("{path}.{field}"),
                    "the first container is the server's, and the operator overwrites that",
                )
                .help(help),
            );
        }
    }
    found
}

fn routes(cluster: &Node) -> Vec<Finding> {
    let name = cluster.text_at("metadata.name");
    let mut found = Vec::new();
    for (index, route) in cluster.list_at("spec.extraRoutes").iter().enumerate() {
        let path = format!("spec.extraRoutes[{index}]");
        match (route.text_at("route"), route.text_at("cluster")) {
            (None, None) => found.push(
                Finding::error(&route.span, format!("`{path}`: missing `route` or `cluster`"))
                    .help("`route` is an address such as nats://nats-a.example.com:6222"),
            ),
            (Some(_), Some(_)) => found.push(Finding::warning(
                key(route, "cluster"),
                format!("`{path}.cluster` has no effect together with `route`"),
            )),
            (None, other) if other == name => found.push(Finding::warning(
                key(route, "cluster"),
                format!("`{path}` is a route of the cluster to itself"),
            )),
            _ => {}
        }
    }
    found
}

/// The fixed ports of a server, and those that are chosen.
fn ports(cluster: &Node) -> Vec<Finding> {
    const FIXED: [(i128, &str); 4] =
        [(4222, "clients"), (6222, "routes"), (8222, "monitoring"), (7777, "metrics")];
    let mut found = Vec::new();
    let gateway = "spec.gatewayConfig";
    if cluster.at(gateway).is_some() {
        for field in ["name", "hostPort"] {
            let path = format!("{gateway}.{field}");
            if !filled(cluster.at(&path)) {
                found.push(
                    Finding::error(
                        key(cluster, gateway),
                        format!("`{gateway}`: missing `{field}`"),
                    )
                    .help("without it the server does not start"),
                );
            }
        }
        if !cluster.is_true("spec.pod.advertiseExternalIP") {
            found.push(
                Finding::warning(
                    key(cluster, gateway),
                    "operator 0.6 includes advertise/gateway_advertise.conf, which does not exist: left out here",
                )
                .help("set `spec.pod.advertiseExternalIP: true` to advertise the node's address to other clusters"),
            );
        }
    }
    let leaf = "spec.leafnodeConfig";
    let remotes = cluster.list_at("spec.leafnodeConfig.remotes");
    if cluster.at(leaf).is_some()
        && remotes.is_empty()
        && !filled(cluster.at("spec.leafnodeConfig.hostPort"))
    {
        found.push(
            Finding::error(
                key(cluster, leaf),
                format!("`{leaf}`: missing `hostPort` or `remotes`"),
            )
            .help("write `hostPort: 7422` to have leaf nodes connect to these servers"),
        );
    }
    for (index, remote) in remotes.iter().enumerate() {
        if remote.text_at("url").is_none() && !filled(remote.at("urls")) {
            let message = format!("`{leaf}.remotes[{index}]`: missing `url` or `urls`");
            found
                .push(Finding::error(&remote.span, message).help(
                    "write the address of the server to connect to: `url: nats://HOST:7422`",
                ));
        }
    }
    if cluster.at(leaf).is_some() && remotes.is_empty() && cluster.at(gateway).is_none() {
        found.push(Finding::warning(
            key(cluster, leaf),
            "operator 0.6 configures leaf nodes only together with a gateway; here the server listens for them",
        ));
    }
    let websocket = "spec.websocketConfig";
    if cluster.at(websocket).is_some() {
        if !filled(cluster.at("spec.websocketConfig.port")) {
            found.push(
                Finding::error(key(cluster, websocket), format!("`{websocket}`: missing `port`"))
                    .help("without it the server does not listen for WebSocket clients"),
            );
        }
        if !filled(cluster.at("spec.tls.websocketSecret")) {
            found.push(
                Finding::error(
                    key(cluster, websocket),
                    format!("`{websocket}` requires `spec.tls.websocketSecret`: the server does not start without TLS"),
                )
                .help("name the Secret with the certificate of the WebSocket port"),
            );
        }
    }
    let mut taken: Vec<(i128, String)> =
        FIXED.iter().map(|(port, what)| (*port, (*what).to_owned())).collect();
    for path in
        ["spec.gatewayConfig.hostPort", "spec.leafnodeConfig.hostPort", "spec.websocketConfig.port"]
    {
        let Some((node, port)) = cluster.at(path).and_then(|node| Some((node, node.as_int()?)))
        else {
            continue;
        };
        if let Some((_, what)) = taken.iter().find(|(other, _)| *other == port) {
            found.push(Finding::error(
                &node.span,
                format!("`{path}` is {port}, which is the port of {what}"),
            ));
        }
        taken.push((port, format!("`{path}`")));
    }
    found
}

fn operator(cluster: &Node) -> Vec<Finding> {
    let path = "spec.operatorConfig";
    if cluster.at(path).is_none() || cluster.text_at("spec.operatorConfig.secret").is_some() {
        return Vec::new();
    }
    vec![
        Finding::error(key(cluster, path), format!("`{path}`: missing `secret`"))
            .help("it names the Secret with the JWT of the operator, under the key `op.jwt`"),
    ]
}

//! The rules of `nats/nats`. What nats-server refuses is cited by the message that it gives.

use std::collections::HashMap;

use super::{images, keys};
use jinnacle_chart::rules::{Finding, Rule, filled};
use jinnacle_functions::time::Duration;
use jinnacle_syntax::diagnostic::{Sink, Stopped, rule};
use jinnacle_syntax::source::{Source, Span};
use jinnacle_syntax::yaml::{Kind, Node};

/// Every rule, in the order of the values file.
pub const RULES: &[Rule] = &[
    Rule { id: rule!("nats/needed"), check: needed },
    Rule { id: rule!("nats/needed"), check: config_secret },
    Rule { id: rule!("nats/image"), check: images::of_nats },
    Rule { id: rule!("nats/lame-duck"), check: lame_duck },
    Rule { id: rule!("nats/claim"), check: claim },
    Rule { id: rule!("nats/mqtt-jetstream"), check: mqtt_without_jetstream },
    Rule { id: rule!("nats/route-login"), check: route_login },
    Rule { id: rule!("nats/gateway-name"), check: gateway_name },
    Rule { id: rule!("nats/gateway-leafnodes"), check: gateway_and_leafnodes },
    Rule { id: rule!("nats/websocket-tls"), check: websocket_without_tls },
    Rule { id: rule!("nats/auth-open"), check: auth_open },
    Rule { id: rule!("nats/auth-token"), check: token_and_users },
    Rule { id: rule!("nats/resolver"), check: resolver },
    Rule { id: rule!("nats/nkey"), check: keys::nkeys },
    Rule { id: rule!("nats/jwt"), check: keys::tokens },
    Rule { id: rule!("nats/server-name"), check: server_name },
    Rule { id: rule!("nats/tls-secret"), check: tls_without_secret },
    Rule { id: rule!("nats/tls-custom"), check: custom_tls },
    Rule { id: rule!("nats/port"), check: ports },
    Rule { id: rule!("nats/port-name"), check: port_names },
    Rule { id: rule!("nats/selector"), check: selector },
    Rule { id: rule!("nats/node-rights"), check: node_rights },
    Rule { id: rule!("nats/disruption"), check: disruption },
];

/// What nothing is allowed in for, and the switches with which it is needed.
const NEEDED: [(&str, &[&str]); 19] = [
    ("nats.image", &[]),
    ("nats.client.port", &[]),
    ("nats.client.portName", &[]),
    ("nats.terminationGracePeriodSeconds", &[]),
    ("nats.profiling.port", &["nats.profiling.enabled"]),
    (
        "nats.jetstream.memStorage.size",
        &["nats.jetstream.enabled", "nats.jetstream.memStorage.enabled"],
    ),
    ("nats.jetstream.fileStorage.size", FILES),
    ("nats.jetstream.fileStorage.storageDirectory", FILES),
    ("websocket.port", &["websocket.enabled"]),
    ("cluster.replicas", &["cluster.enabled"]),
    ("leafnodes.port", &["leafnodes.enabled"]),
    ("gateway.name", &["gateway.enabled"]),
    ("gateway.port", &["gateway.enabled"]),
    ("bootconfig.image", &["nats.externalAccess", "nats.advertise"]),
    ("natsbox.image", &[]),
    ("reloader.image", &["reloader.enabled"]),
    ("exporter.image", &["exporter.enabled"]),
    ("exporter.portName", &["exporter.enabled"]),
    ("k8sClusterDomain", &["useFQDN"]),
];

const FILES: &[&str] = &["nats.jetstream.enabled", "nats.jetstream.fileStorage.enabled"];

fn needed(values: &Node) -> Vec<Finding> {
    let mut missing: Vec<(Span, Vec<String>)> = Vec::new();
    for (path, switches) in NEEDED {
        let is_image =
            path.ends_with(".image") && values.map_at(path).is_some_and(|map| !map.is_empty());
        let path = if is_image { format!("{path}.repository") } else { path.to_owned() };
        if filled(values.at(&path)) || !switches.iter().all(|switch| values.is_true(switch)) {
            continue;
        }
        let place = key(values, &path);
        match missing.iter_mut().find(|(known, _)| known.to_string() == place.to_string()) {
            Some((_, paths)) => paths.push(path),
            None => missing.push((place, vec![path])),
        }
    }
    missing
        .into_iter()
        .map(|(place, paths)| {
            let verbs = if paths.len() == 1 { "is needed and was" } else { "are needed and were" };
            Finding::error(&place, format!("`{}` {verbs} taken away", paths.join("`, `")))
                .help("leave the null out, and the default is back")
        })
        .collect()
}

/// A nats.conf of one's own has to be somewhere; chart 0.8.9 said so in two keys.
fn config_secret(values: &Node) -> Vec<Finding> {
    let switch = values.at("nats.configMap.enabled").filter(|it| it.as_bool() == Some(false));
    let named = ["nats.secret.name", "nats.customConfigSecret.name"];
    let Some(switch) = switch.filter(|_| named.iter().all(|path| values.text_at(path).is_none()))
    else {
        return Vec::new();
    };
    let message = "`nats.configMap.enabled` is false, and no Secret with a nats.conf is named";
    vec![Finding::error(&switch.span, message).help("write `nats.customConfigSecret.name`")]
}

/// The server drains clients for at least 30 seconds: `invalid lame_duck_duration of 10s, minimum is
/// 30 seconds`; the grace period is a part of that; and Kubernetes has to wait for longer.
fn lame_duck(values: &Node) -> Vec<Finding> {
    let mut found = Vec::new();
    let node =
        |path| values.at(path).and_then(|at| Some((at, Duration::parse(at.as_str()?).ok()?)));
    let total = node("nats.limits.lameDuckDuration");
    if let Some((at, total)) = total
        && total < Duration::of_seconds(30)
    {
        found.push(
            Finding::error(
                &at.span,
                format!(
                    "`nats.limits.lameDuckDuration`: expected at least 30s, found {}",
                    at.as_str().unwrap_or_default()
                ),
            )
            .help("write 30s or more; `nats.terminationGracePeriodSeconds` has to be longer still"),
        );
    }
    let grace = node("nats.limits.lameDuckGracePeriod");
    if let (Some((at, grace)), Some((total_at, total))) = (grace, total)
        && grace >= total
    {
        found.push(
            Finding::error(
                &at.span,
                "`nats.limits.lameDuckGracePeriod` must be shorter than `lameDuckDuration`",
            )
            .related(&total_at.span, "the whole duration"),
        );
    }
    let killed = values.at("nats.terminationGracePeriodSeconds");
    if let (Some((total_at, total)), Some(killed)) = (total, killed)
        && killed.as_int().is_some_and(|seconds| seconds as f64 <= total.in_seconds())
    {
        let seconds = killed.span.text();
        let (place, other) = blamed(&total_at.span, &killed.span, values);
        found.push(
            Finding::warning(
                place,
                format!(
                    "Kubernetes kills a server after {seconds}s, before all clients have left it"
                ),
            )
            .related(other, "the other of the two")
            .help(format!(
                "write more than {} for `nats.terminationGracePeriodSeconds`",
                total.in_seconds()
            )),
        );
    }
    found
}

/// A claim template needs an access mode; of a claim that is there already nobody knows the size.
fn claim(values: &Node) -> Vec<Finding> {
    let storage = "nats.jetstream.fileStorage";
    if !FILES.iter().all(|switch| values.is_true(switch)) {
        return Vec::new();
    }
    let existing = format!("{storage}.existingClaim");
    if values.text_at(&existing).is_some() {
        let is_sized = filled(values.at(&format!("{storage}.claimStorageSize")));
        let message =
            format!("`{existing}` requires `claimStorageSize`, the part that streams may use");
        let error = Finding::error(&key(values, &existing), message);
        return if is_sized {
            vec![]
        } else {
            vec![error.help("write `claimStorageSize: 10Gi` next to it")]
        };
    }
    if !values.list_at(&format!("{storage}.accessModes")).is_empty() {
        return Vec::new();
    }
    let Some(storage_at) = values.at(storage) else { return Vec::new() };
    let span = values.at(&format!("{storage}.accessModes")).unwrap_or(storage_at);
    vec![
        Finding::error(
            &span.span,
            "`nats.jetstream.fileStorage.accessModes`: expected at least one entry",
        )
        .help("write `accessModes: [ReadWriteOnce]`"),
    ]
}

/// `mqtt requires JetStream to be enabled if running in standalone mode`.
fn mqtt_without_jetstream(values: &Node) -> Vec<Finding> {
    if values.is_true("mqtt.enabled")
        && !includes_anything(values)
        && !values.is_true("nats.jetstream.enabled")
        && !values.is_true("cluster.enabled")
    {
        return vec![
            Finding::error(
                &key(values, "mqtt.enabled"),
                "`mqtt` requires JetStream on a single server",
            )
            .help("write `nats.jetstream.enabled: true`"),
        ];
    }
    Vec::new()
}

/// Servers log in to each other with the user and the password of the cluster.
fn route_login(values: &Node) -> Vec<Finding> {
    let login = "cluster.authorization";
    let has = |key: &str| values.text_at(&format!("{login}.{key}")).is_some();
    if !values.is_true("cluster.enabled") || !filled(values.at(login)) {
        return Vec::new();
    }
    let problem = match (has("user"), has("password")) {
        (true, true) => return Vec::new(),
        (true, false) => "has no `password`: the name of the user alone lets a server in",
        (false, _) => "has no `user`: nats-server lets every server in",
    };
    vec![
        Finding::warning(&key(values, login), format!("`{login}` {problem}"))
            .help("give both `user` and `password`"),
    ]
}

/// Remote gateways have names; and a cluster with a name of its own must have the gateway's:
/// `cluster name "a" conflicts between cluster and gateway`.
fn gateway_name(values: &Node) -> Vec<Finding> {
    if !values.is_true("gateway.enabled") {
        return Vec::new();
    }
    let mut found = Vec::new();
    for (index, remote) in values.list_at("gateway.gateways").iter().enumerate() {
        if remote.text_at("name").is_none() {
            found.push(Finding::error(
                &remote.span,
                format!(
                    "`gateway.gateways[{index}]`: missing `name`, the name of the other cluster"
                ),
            ));
        }
        if remote.text_at("url").is_none() && !filled(remote.at("urls")) {
            found.push(
                Finding::error(&remote.span, format!("`gateway.gateways[{index}]` has no URL"))
                    .help("write `url: nats://HOST:7522`, or `urls:` with a list"),
            );
        }
    }
    let own = values.text_at("gateway.name").unwrap_or_default();
    let named = values.is_true("cluster.enabled")
        && (values.text_at("cluster.name").is_some() || values.is_true("nats.jetstream.enabled"));
    let cluster =
        values.text_at("cluster.name").or_else(|| values.text_at("nameOverride")).unwrap_or("nats");
    if named && own != cluster {
        found.push(
            Finding::error(
                blamed(&key(values, "gateway.name"), &key(values, "gateway.enabled"), values).0,
                format!("the gateway is named `{own}` and its cluster `{cluster}`: the server wants one name"),
            )
            .help(format!("write `gateway.name: {cluster}`, or `cluster.name: {own}`")),
        );
    }
    found
}

/// `leaf nodes and gateways (both being defined) require a system account to also be configured`.
fn gateway_and_leafnodes(values: &Node) -> Vec<Finding> {
    let accounts = ["auth.systemAccount", "auth.resolver.systemAccount"];
    let system = includes_anything(values)
        || values.is_true("auth.enabled")
            && (accounts.iter().any(|path| values.text_at(path).is_some())
                || filled(values.at("auth.resolver.configMap")));
    if values.is_true("gateway.enabled") && values.is_true("leafnodes.enabled") && !system {
        return vec![
            Finding::error(
                &key(values, "leafnodes.enabled"),
                "leaf nodes together with a gateway need a system account",
            )
            .related(&key(values, "gateway.enabled"), "the gateway")
            .help("write `auth.enabled: true`, `auth.systemAccount: SYS` and the account `auth.basic.accounts.SYS`"),
        ];
    }
    Vec::new()
}

/// `websocket requires TLS configuration`, unless it says `no_tls`.
fn websocket_without_tls(values: &Node) -> Vec<Finding> {
    let tls = filled(values.at("websocket.tls"));
    if values.is_true("websocket.enabled") && !values.is_true("websocket.noTLS") && !tls {
        return vec![
            Finding::error(
                &key(values, "websocket.noTLS"),
                "`websocket` requires `tls`, or `noTLS: true` behind a proxy that terminates TLS",
            )
            .help("write `websocket.tls.secret.name` with the Secret of the certificate"),
        ];
    }
    Vec::new()
}

/// Authentication that is on and asks nobody for anything leaves the server open to everyone.
fn auth_open(values: &Node) -> Vec<Finding> {
    let asks = [
        "auth.token",
        "auth.nkeys.users",
        "auth.basic.users",
        "auth.basic.accounts",
        "auth.resolver.operator",
        "auth.resolver.resolverPreload",
        "auth.resolver.configMap",
        "auth.operatorjwt",
    ];
    let resolves = values.text_at("auth.resolver.type").is_some_and(|kind| kind != "none");
    if !values.is_true("auth.enabled")
        || resolves
        || includes_anything(values)
        || asks.iter().any(|path| filled(values.at(path)))
    {
        return Vec::new();
    }
    vec![
        Finding::error(
            &key(values, "auth.enabled"),
            "`auth` is enabled without users: the server would accept everyone",
        )
        .help("give `auth.token`, `auth.basic.users`, `auth.basic.accounts`, `auth.nkeys.users` or a resolver"),
    ]
}

/// `Can not have a token and a users array`.
fn token_and_users(values: &Node) -> Vec<Finding> {
    let users = ["auth.nkeys.users", "auth.basic.users"];
    let both = users.iter().find(|path| filled(values.at(path)));
    match both {
        Some(path) if values.is_true("auth.enabled") && values.text_at("auth.token").is_some() => {
            vec![
                Finding::error(
                    &key(values, "auth.token"),
                    format!("`auth.token` and `{path}` are both given"),
                )
                .related(&key(values, path), "the users")
                .help("the server takes one of them: leave the other out"),
            ]
        }
        _ => Vec::new(),
    }
}

/// What each kind of account resolver needs.
fn resolver(values: &Node) -> Vec<Finding> {
    if !values.is_true("auth.enabled") {
        return Vec::new();
    }
    let Some(kind_at) = values.at("auth.resolver.type") else { return Vec::new() };
    let need = |path: &str, why: &str, example: &str| {
        Finding::error(
            &kind_at.span,
            format!(
                "resolver of type {}: missing `{path}`, {why}",
                kind_at.as_str().unwrap_or_default()
            ),
        )
        .help(format!("write {example}"))
    };
    let is_open = includes_anything(values);
    let mut found = unbound_remotes(values, is_open);
    match kind_at.as_str() {
        Some("full") => {
            let included = is_open || filled(values.at("auth.resolver.configMap"));
            if values.text_at("auth.resolver.operator").is_none() && !included {
                found.push(need(
                    "auth.resolver.operator",
                    "the JWT of the operator",
                    "`auth.resolver.operator: eyJ0…` as `nsc describe operator --raw` prints it",
                ));
            }
            if values.text_at("auth.resolver.store.dir").is_none() {
                found.push(need(
                    "auth.resolver.store.dir",
                    "the directory of the account JWTs",
                    "`auth.resolver.store.dir: /accounts/jwt`",
                ));
            }
            if !filled(values.at("auth.resolver.store.size")) {
                found.push(need(
                    "auth.resolver.store.size",
                    "the size of the claim for them",
                    "`auth.resolver.store.size: 1Gi`",
                ));
            }
            if values.text_at("auth.resolver.interval").is_none() && !included {
                found.push(need(
                    "auth.resolver.interval",
                    "how often the servers compare theirs",
                    "`auth.resolver.interval: 2m`",
                ));
            }
        }
        Some("memory")
            if !is_open
                && !filled(values.at("auth.resolver.configMap"))
                && !filled(values.at("auth.resolver.resolverPreload")) =>
        {
            found.push(need(
                "auth.resolver.configMap",
                "the ConfigMap with the accounts, or `auth.resolver.resolverPreload`",
                "`auth.resolver.configMap: {name: nats-accounts, key: resolver.conf}`, a file of `nsc generate config --mem-resolver`",
            ));
        }
        Some("URL") => {
            if values.text_at("auth.resolver.url").is_none() {
                found.push(need(
                    "auth.resolver.url",
                    "where accounts are looked up",
                    "`auth.resolver.url: http://HOST:9090/jwt/v1/accounts/`",
                ));
            }
            if !is_open && !filled(values.at("auth.operatorjwt")) {
                found.push(need(
                    "auth.operatorjwt.configMap",
                    "the ConfigMap with the operator's JWT",
                    "`auth.operatorjwt.configMap: {name: operator-jwt, key: KO.jwt}`",
                ));
            }
        }
        _ => {}
    }
    found
}

/// `account nkey "" is not valid`: where an operator signs accounts, a remote leaf node says to which it is bound.
fn unbound_remotes(values: &Node, is_open: bool) -> Vec<Finding> {
    let has_operator = match values.text_at("auth.resolver.type") {
        Some("full") => values.text_at("auth.resolver.operator").is_some(),
        Some("memory" | "URL") => filled(values.at("auth.operatorjwt")),
        _ => false,
    };
    let remotes = values.list_at("leafnodes.remotes").iter();
    remotes
        .filter(|_| has_operator && !is_open)
        .filter(|remote| {
            !remote.text_at("account").is_some_and(jinnacle_nats_conf::nkey::is_account)
        })
        .map(|remote| {
            let account = remote.entry_at("account").filter(|entry| !entry.value.is_null());
            let first = remote.as_map().and_then(|map| map.entries().next());
            let span = match (account, first) {
                (Some(account), _) => &account.value.span,
                (None, Some((_, first))) => &first.key,
                (None, None) => &remote.span,
            };
            Finding::error(
                span,
                "a remote leaf node requires its `account` when an operator signs accounts",
            )
            .help("write the public key of the account, which begins with `A`")
        })
        .collect()
}

/// Whether nats.conf includes files of the user's, or is one: they can set whatever is missing in the values.
fn includes_anything(values: &Node) -> bool {
    let files = ["nats.config", "nats.customConfigSecret", "nats.secret.name"];
    files.iter().any(|path| filled(values.at(path)))
}

/// `server name cannot contain spaces`; the name of the Pod, which follows, has none.
fn server_name(values: &Node) -> Vec<Finding> {
    let path = "nats.serverNamePrefix";
    match values.at(path) {
        Some(node) if node.as_str().is_some_and(|text| text.contains(char::is_whitespace)) => {
            let message = format!("`{path}`: nats-server refuses a name with a space");
            vec![Finding::error(&node.span, message).help("write a dash instead")]
        }
        _ => Vec::new(),
    }
}

/// A TLS block names the Secret that holds its files.
fn tls_without_secret(values: &Node) -> Vec<Finding> {
    ["nats.tls", "cluster.tls", "leafnodes.tls", "gateway.tls", "mqtt.tls", "websocket.tls"]
        .into_iter()
        .filter_map(|path| Some((path, values.at(path)?)))
        .filter(|(_, tls)| filled(Some(tls)))
        .filter(|(_, tls)| tls.text_at("secret.name").is_none() && tls.text_at("custom").is_none())
        .map(|(path, _)| {
            Finding::error(
                &key(values, path),
                format!("`{path}` names no Secret with its certificate"),
            )
            .help(format!("write `{path}.secret.name`"))
        })
        .collect()
}

/// TLS in nats.conf's own words is read here, since it is printed again at its place.
fn custom_tls(values: &Node) -> Vec<Finding> {
    let remotes = values.list_at("leafnodes.remotes").iter();
    ["cluster", "leafnodes"]
        .into_iter()
        .filter_map(|section| values.at(section))
        .chain(remotes)
        .filter_map(|section| section.at("tls.custom"))
        .filter_map(|custom| {
            let text = custom.as_str()?;
            let there = custom.span.inside(text);
            let source = there.clone().unwrap_or_else(|| Source::new("", text));
            let outside = if there.is_none() { Some(&custom.span) } else { None };
            let (parse_context, mut found) =
                (jinnacle_nats_conf::ParseContext::default(), Sink::new());
            match jinnacle_nats_conf::parse(&source, &parse_context, &mut found) {
                Ok(tree) => {
                    let include = &tree.includes.first()?.span;
                    let message = "`custom` cannot include a file";
                    let finding = Finding::error(outside.unwrap_or(include), message);
                    Some(finding.help("write the values of the file here"))
                }
                Err(Stopped) => Finding::of(found.into_vec().pop()?, outside),
            }
        })
        .collect()
}

/// The ports that one Pod listens on, with their names; those of the sidecars too.
fn listeners(values: &Node) -> Vec<(&str, &'static str, Option<&Node>, i128)> {
    let mut all = Vec::new();
    let mut listen = |name, path: &'static str, on: bool, default: i128| {
        if on {
            let node = values.at(path);
            all.push((name, path, node, node.and_then(Node::as_int).unwrap_or(default)));
        }
    };
    listen(
        values.text_at("nats.client.portName").unwrap_or("client"),
        "nats.client.port",
        true,
        4222,
    );
    listen("monitor", "the monitoring port", true, 8222);
    listen("cluster", "the cluster port", true, 6222);
    listen("leafnodes", "leafnodes.port", values.is_true("leafnodes.enabled"), 7422);
    listen("gateways", "gateway.port", values.is_true("gateway.enabled"), 7522);
    listen("mqtt", "the MQTT port", values.is_true("mqtt.enabled"), 1883);
    listen("websocket", "websocket.port", values.is_true("websocket.enabled"), 443);
    listen("profiling", "nats.profiling.port", values.is_true("nats.profiling.enabled"), 6000);
    let metrics = values.text_at("exporter.portName").unwrap_or("metrics");
    listen(metrics, "the exporter's port", values.is_true("exporter.enabled"), 7777);
    all
}

/// Two listeners of one Pod cannot have one port.
fn ports(values: &Node) -> Vec<Finding> {
    let mut taken: HashMap<i128, &str> = HashMap::new();
    let mut found = Vec::new();
    for (_, path, node, port) in listeners(values) {
        let Some(other) = taken.insert(port, path) else { continue };
        let other_at = values.at(other).map_or(&values.span, |node| &node.span);
        let (place, _) = blamed(node.map_or(other_at, |node| &node.span), other_at, values);
        found.push(
            Finding::error(
                place,
                format!("port {port} is used twice: {} and {}", named(other), named(path)),
            )
            .help("choose another number"),
        );
    }
    found
}

fn named(path: &str) -> String {
    if path.contains(' ') { path.to_owned() } else { format!("`{path}`") }
}

/// Two ports of one Pod or Service cannot have one name.
fn port_names(values: &Node) -> Vec<Finding> {
    let mut names = vec![];
    let mut found = Vec::new();
    for (name, ..) in listeners(values) {
        if names.contains(&name) {
            let by_user =
                |path: &&str| values.at(path).is_some_and(|it| written_by_user(&it.span, values));
            let paths = ["nats.client.portName", "exporter.portName"];
            let mut named = paths.into_iter().filter(|path| values.text_at(path) == Some(name));
            let Some(path) = named.clone().find(by_user).or_else(|| named.next()) else { continue };
            found.push(
                Finding::error(
                    &key(values, path),
                    format!("`{path}` is `{name}`, which is the name of another port"),
                )
                .help("choose another name"),
            );
        }
        names.push(name);
    }
    found
}

/// A label of the Pods that says something else than the selector: Kubernetes refuses the StatefulSet.
fn selector(values: &Node) -> Vec<Finding> {
    let Some(labels) = values.map_at("statefulSetPodLabels") else {
        return Vec::new();
    };
    let own = values.map_at("nats.selectorLabels").filter(|map| !map.is_empty());
    labels
        .entries()
        .filter(|(label, entry)| match own {
            Some(own) => own.get(label).is_some_and(|selected| *selected != entry.value),
            None => matches!(*label, "app.kubernetes.io/name" | "app.kubernetes.io/instance"),
        })
        .map(|(label, entry)| {
            Finding::error(
                &entry.key,
                format!("`statefulSetPodLabels` sets `{label}`, by which the StatefulSet selects its Pods"),
            )
            .help("leave it out, or set it in `nats.selectorLabels`")
        })
        .collect()
}

/// External access lets the service account read nodes. Without an account of its own that would be
/// `default`, and so every Pod of the namespace.
fn node_rights(values: &Node) -> Vec<Finding> {
    let account = values.at("nats.serviceAccount");
    let own = account.is_some_and(|account| account.as_str().is_some())
        || values.is_true("nats.serviceAccount.create")
        || values.text_at("nats.serviceAccount.name").is_some();
    if values.is_true("nats.externalAccess") && values.is_true("nats.advertise") && !own {
        return vec![
            Finding::error(
                &key(values, "nats.serviceAccount.create"),
                "external access would let the account `default`, and every Pod that uses it, read nodes",
            )
            .help("name an account in `nats.serviceAccount.name`, or let one be created"),
        ];
    }
    Vec::new()
}

/// A disruption budget has one bound: the API server refuses two.
fn disruption(values: &Node) -> Vec<Finding> {
    let bound = |name: &str| values.entry_at(&format!("podDisruptionBudget.{name}"));
    match (bound("minAvailable"), bound("maxUnavailable")) {
        (Some(least), Some(most))
            if !least.value.is_null()
                // A zero takes the default away, as in the 0.x chart.
                && !matches!(most.value.kind, Kind::Null | Kind::Int(0))
                && written_by_user(&least.key, values)
                && written_by_user(&most.key, values) =>
        {
            vec![
                Finding::error(
                    &least.key,
                    "`podDisruptionBudget` has both `minAvailable` and `maxUnavailable`",
                )
                .related(&most.key, "the other bound")
                .help("leave one of them out"),
            ]
        }
        _ => Vec::new(),
    }
}

/// Two places, that which the user wrote first.
fn blamed<'s>(a: &'s Span, b: &'s Span, values: &Node) -> (&'s Span, &'s Span) {
    if written_by_user(a, values) { (a, b) } else { (b, a) }
}

/// Whether a key is somewhere else than in the chart's defaults, whose span the root has.
fn written_by_user(key: &Span, values: &Node) -> bool {
    !std::sync::Arc::ptr_eq(key.source(), values.span.source())
}

/// The place of a key, or of the nearest map above it that was written.
fn key(values: &Node, path: &str) -> Span {
    let mut path = path;
    loop {
        if let Some(entry) = values.entry_at(path) {
            return match entry.value.kind {
                Kind::Map(_) | Kind::List(_) | Kind::Null => entry.key.clone(),
                _ => entry.value.span.clone(),
            };
        }
        match path.rsplit_once('.') {
            Some((above, _)) => path = above,
            None => return values.span.clone(),
        }
    }
}

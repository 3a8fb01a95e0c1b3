//! Servers among themselves and the doors they open: cluster, gateway, leaf nodes, websocket, MQTT, ports.
//! What is refused at a start is in `validateOptions` of `server/server.go` and what it calls.

use super::super::section::{Found, Section};
use super::super::{Kind, Value, address};
use super::accounts::{self, Accounts};
use super::operators;
use super::{CONFLICT, DUPLICATE, MISSING, PORT, RANGE, VALUE, conflict, is_unset, missing};
use jinnacle_functions::time::Duration;
use jinnacle_syntax::diagnostic::{Diagnostic, Sink};
use std::collections::{HashMap, HashSet};

pub fn check(root: Section, found: &mut Sink) {
    if let Some(cluster) = root.section("cluster") {
        check_cluster(root, cluster, found);
    }
    if let Some(gateway) = root.section("gateway") {
        check_gateway(gateway, found);
    }
    if let Some(leafnodes) = root.section("leafnodes|leaf") {
        check_leafnodes(root, leafnodes, found);
    }
    if let Some(websocket) = root.section("websocket|ws") {
        check_websocket(root, websocket, found);
    }
    if let Some(mqtt) = root.section("mqtt") {
        check_mqtt(root, mqtt, found);
    }
    check_advertised(root, found);
    check_monitoring(root, found);
    check_ports(root, found);
}

fn check_cluster(root: Section, cluster: Section, found: &mut Sink) {
    warn_of_doubles(&cluster.strings("routes"), found);
    check_compression(cluster, found);
    let gateway = root.section("gateway").and_then(|gateway| gateway.text("name"));
    if let (Some(own), Some(gateway)) = (cluster.text("name"), gateway)
        && own.value != gateway.value
    {
        let message = format!(
            "`cluster.name` \"{}\" differs from `gateway.name` \"{}\"",
            own.value, gateway.value
        );
        found.push(
            Diagnostic::error(CONFLICT, message)
                .at(gateway.span)
                .related(own.span, "the name of the cluster")
                .help("set both to the same name"),
        );
    }
    let pinned = cluster.strings("accounts");
    let mut seen = HashSet::new();
    for account in &pinned {
        if !seen.insert(account.value) {
            let message = format!("duplicate account `{}` in `cluster.accounts`", account.value);
            found.push(Diagnostic::error(DUPLICATE, message).at(account.span));
        }
    }
    if let Some(pool) =
        cluster.integer("pool_size").filter(|pool| pool.value < 0 && !pinned.is_empty())
    {
        let message = "`cluster.pool_size` must not be negative together with `cluster.accounts`";
        found.push(Diagnostic::error(CONFLICT, message).at(pool.span));
    }
    let interval = cluster
        .text("ping_interval")
        .filter(|text| Duration::parse(text.value).is_ok_and(|all| all > Duration::of_seconds(30)));
    if let Some(interval) = interval {
        let message = "`cluster.ping_interval` is reduced to 30s, the maximum for routes";
        found.push(Diagnostic::warning(RANGE, message).at(interval.span));
    }
}

fn check_gateway(gateway: Section, found: &mut Sink) {
    let is_used = gateway.has("name") || gateway.listens();
    if is_used && gateway.lacks("name") {
        found.push(
            missing(gateway, "missing `name` of the gateway")
                .help("set it to the name of the cluster"),
        );
    }
    let lacks_port = match gateway.port("port", "listen") {
        Some(port) => port.value == 0,
        None => gateway.lacks("port") && gateway.lacks("listen"),
    };
    if is_used && lacks_port {
        found.push(missing(gateway, "missing `port` of the gateway").help("write `port: 7222`"));
    }
    for remote in gateway.sections("gateways") {
        warn_of_doubles(&remote.strings("urls"), found);
        if is_used && remote.lacks("name") {
            found.push(missing(remote, "missing `name` of a remote gateway"));
        }
        if is_used
            && remote.entry("url").is_none()
            && remote.list("urls").is_empty()
            && !is_unset(remote, "urls")
        {
            found.push(missing(remote, "missing `url` or `urls` of a remote gateway"));
        }
    }
}

fn check_leafnodes(root: Section, leafnodes: Section, found: &mut Sink) {
    check_compression(leafnodes, found);
    let is_operator_mode = operators::are_set(root);
    let local = LocalAccounts::of(root);
    let mut remotes: HashMap<(Vec<&str>, &str, &str), Section> = HashMap::new();
    for remote in leafnodes.sections("remotes") {
        check_compression(remote, found);
        check_proxy(remote, found);
        let urls = remote.strings("url|urls");
        warn_of_doubles(&urls, found);
        let is_websocket = |url: &&Found<&str>| {
            address::parts(url.value).is_some_and(|(scheme, _)| scheme.starts_with("ws"))
        };
        if let Some(websocket) = urls.iter().find(is_websocket)
            && urls.iter().any(|url| !is_websocket(&url))
        {
            let message = "remote leaf node mixes websocket URLs with others";
            found.push(
                Diagnostic::error(CONFLICT, message).at(websocket.span).help("use two remotes"),
            );
        }
        let account = remote.text("account|local");
        let key = (
            urls.iter().map(|url| url.value).collect(),
            account.map_or("$G", |account| account.value),
            remote.text("credentials|creds|nkey|seed").map_or("", |secret| secret.value),
        );
        if let Some(first) = remotes.insert(key, remote) {
            let mut error =
                Diagnostic::error(DUPLICATE, "duplicate remote leaf node: same URLs and account");
            if let (Some(second), Some(first)) = (remote.span, first.span) {
                error = error.at(second).related(first, "the first one");
            }
            found.push(error);
        }
        if remote.has("credentials|creds") && remote.has("nkey|seed") {
            found.push(conflict(
                remote,
                "`credentials` and `nkey` are mutually exclusive in a remote leaf node",
            ));
        }
        if is_operator_mode {
            let is_key =
                account.is_some_and(|account| super::super::nkey::is_account(account.value));
            if !is_key && !is_unset(remote, "account|local") && !remote.map.open {
                let error = missing(
                    remote,
                    "missing `account` of a remote leaf node, required together with operators",
                );
                found.push(
                    error.help("set it to the public key of the account, which begins with `A`"),
                );
            }
        } else if let Some(account) = account {
            local.must_exist(account, "`leafnodes.remotes`", found);
        }
    }
    if let Some(authorization) = leafnodes.section("authorization") {
        check_leaf_authorization(leafnodes, authorization, &local, is_operator_mode, found);
    }
    let listens = leafnodes.port("port", "listen").is_some_and(|port| port.value != 0);
    let gateway = root.section("gateway");
    if listens
        && gateway.is_some_and(|gateway| {
            let port = gateway.port("port", "listen");
            gateway.has("name") || port.is_some_and(|port| port.value != 0)
        })
    {
        // Not even the account `$SYS` in `accounts` will do; operators may name one in their token.
        if root.exact().lacks(accounts::SYSTEM) && operators::are_absent(root) {
            found.push(
                missing(
                    leafnodes,
                    "missing `system_account`: leaf nodes together with a gateway need one",
                )
                .help("define a system account and set `system_account` to its name"),
            );
        }
    }
}

/// The accounts to which leaf nodes can be bound: the defined ones and those that a server makes itself.
struct LocalAccounts<'a> {
    defined: Accounts<'a>,
    has_system: bool,
    may_be_signed: bool,
}

impl<'a> LocalAccounts<'a> {
    fn of(root: Section<'a>) -> Self {
        let is_off = root.is_true("no_system_account|no_system|no_sys_acc");
        let has_system = root.exact().text(accounts::SYSTEM).is_none() && !is_off;
        Self {
            defined: Accounts::of(root),
            has_system,
            may_be_signed: !operators::are_absent(root),
        }
    }

    fn must_exist(&self, account: Found<&str>, place: &str, found: &mut Sink) {
        let is_built_in = account.value == "$G" || account.value == "$SYS" && self.has_system;
        if !is_built_in && !self.may_be_signed {
            self.defined.must_exist(account, place, found);
        }
    }
}

fn check_leaf_authorization(
    leafnodes: Section,
    authorization: Section,
    local: &LocalAccounts,
    is_operator_mode: bool,
    found: &mut Sink,
) {
    let users: Vec<Section> = authorization.sections("users").collect();
    if !users.is_empty() {
        for single in ["user|username", "nkey"] {
            if let Some(entry) = authorization.entry(single).filter(|_| authorization.has(single)) {
                let message =
                    "`user` and `users` are mutually exclusive in `leafnodes.authorization`";
                found.push(Diagnostic::error(CONFLICT, message).at(&entry.key));
            }
        }
        if is_operator_mode {
            found.push(conflict(
                authorization,
                "`leafnodes.authorization.users` is not allowed together with operators",
            ));
        }
    }
    let mut names = HashMap::new();
    for user in users {
        let name = user.text("user|username");
        if let Some(name) = name
            && let Some(first) = names.insert(name.value, name.span)
        {
            let message = format!("duplicate leaf node user `{}`", name.value);
            found.push(
                Diagnostic::error(DUPLICATE, message)
                    .at(name.span)
                    .related(first, "first defined here"),
            );
        }
        if let Some(account) = user.text("account") {
            local.must_exist(account, "`leafnodes.authorization.users`", found);
        }
    }
    if let Some(account) = authorization.text("account") {
        if !is_operator_mode {
            local.must_exist(account, "`leafnodes.authorization`", found);
        } else if leafnodes.has("port|listen") && !super::super::nkey::is_account(account.value) {
            let message = "`leafnodes.authorization.account`: expected the public key of an account, as operators are set";
            found.push(Diagnostic::error(VALUE, message).at(account.span));
        }
    }
}

/// The proxy through which a remote leaf node is reached (`validateLeafNodeProxyOptions`).
fn check_proxy(remote: Section, found: &mut Sink) {
    let Some(proxy) = remote.section("proxy") else {
        return;
    };
    let has = |names| proxy.has(names) || is_unset(proxy, names);
    let Some(url) = proxy.text("url") else {
        if proxy.lacks("url")
            && ["username", "password", "timeout", "tls"].into_iter().any(|name| proxy.has(name))
        {
            found.push(missing(proxy, "missing `url` in `proxy`"));
        }
        return;
    };
    match address::parts(url.value) {
        Some((scheme, host))
            if ["http", "https"].contains(&scheme.as_str()) && !host.is_empty() =>
        {
            if let Some(tls) = proxy.entry("tls").filter(|_| scheme == "http") {
                let message = "`proxy.tls` requires an https `proxy.url`";
                found.push(Diagnostic::error(CONFLICT, message).at(&tls.key));
            }
        }
        _ => {
            let message = format!(
                "`proxy.url`: expected an http or https URL with a host, found {:?}",
                url.value
            );
            found.push(Diagnostic::error(VALUE, message).at(url.span));
        }
    }
    if has("username") != has("password") {
        found.push(missing(proxy, "`proxy` requires both `username` and `password`, or neither"));
    }
    if let Some(timeout) = proxy.entry("timeout").filter(|timeout| is_negative(&timeout.value)) {
        found.push(
            Diagnostic::error(RANGE, "`proxy.timeout` must not be negative")
                .at(&timeout.value.span),
        );
    }
    for url in remote.strings("url|urls") {
        let is_secure = address::parts(url.value).is_some_and(|(scheme, _)| scheme == "wss");
        if is_secure && remote.entry("tls").is_none() && !remote.map.open {
            let message = "missing `tls` in the remote: a wss URL behind a proxy needs it";
            found.push(Diagnostic::error(MISSING, message).at(url.span).help("write `tls {}`"));
        }
    }
}

fn check_websocket(root: Section, websocket: Section, found: &mut Sink) {
    if websocket.port("port", "listen").is_none_or(|port| port.value == 0) {
        return;
    }
    let is_plain = websocket.is_true("no_tls") || is_unset(websocket, "no_tls");
    if !is_plain && websocket.entry("tls").is_none() && !websocket.map.open {
        found.push(
            missing(websocket, "missing `tls` in `websocket`")
                .help("configure `tls`, or set `no_tls: true`"),
        );
    }
    for origin in websocket
        .strings("allowed_origins|allowed_origin|allow_origins|allow_origin|origins|origin")
    {
        let is_good = address::parts(origin.value).is_some_and(|(scheme, host)| {
            ["http", "https"].contains(&scheme.as_str()) && !host.is_empty()
        });
        if !is_good {
            let message =
                format!("allowed origin: expected an http or https URL, found {:?}", origin.value);
            found.push(
                Diagnostic::error(VALUE, message)
                    .at(origin.span)
                    .help("write \"https://example.org\""),
            );
        }
    }
    if let Some(cookie) = websocket.text("jwt_cookie")
        && root.lacks(operators::NAMES)
        && root.lacks("trusted_keys|trusted")
    {
        let message = "`websocket.jwt_cookie` requires operators or `trusted_keys`";
        found.push(Diagnostic::error(MISSING, message).at(cookie.span));
    }
    for (name, entry) in
        websocket.section("headers").into_iter().flat_map(|headers| &headers.map.entries)
    {
        let lower = name.to_ascii_lowercase();
        let is_reserved = ["host", "content-length", "connection", "upgrade", "nats-no-masking"];
        if is_reserved.contains(&lower.as_str()) || lower.starts_with("sec-websocket-") {
            let message = format!("header `{name}` is not allowed in `websocket.headers`");
            found.push(Diagnostic::error(VALUE, message).at(&entry.key));
        }
    }
}

fn check_mqtt(root: Section, mqtt: Section, found: &mut Sink) {
    if let Some(replicas) = mqtt.entry("consumer_replicas") {
        let message = "`mqtt.consumer_replicas` has no effect";
        found.push(Diagnostic::warning(VALUE, message).at(&replicas.key).help("remove it"));
    }
    if mqtt.port("port", "listen").is_none_or(|port| port.value == 0) {
        return;
    }
    let opens = |names| {
        root.section(names).is_some_and(|section| {
            section.port("port", "listen").is_some_and(|port| port.value != 0)
        })
    };
    let may_open =
        |names| root.section(names).is_some_and(Section::listens) || is_unset(root, names);
    if root.lacks("server_name") && (opens("cluster") || opens("gateway")) {
        let error = missing(mqtt, "missing top-level `server_name`: MQTT in a cluster needs it");
        found.push(error.help("give each server a unique name"));
    }
    for name in ["ack_wait|ackwait", "js_api_timeout|api_timeout"] {
        if let Some(entry) = mqtt.entry(name).filter(|entry| is_negative(&entry.value)) {
            let message = format!(
                "`mqtt.{}` must not be negative",
                entry.key.text().trim_matches(['"', '\''])
            );
            found.push(Diagnostic::error(RANGE, message).at(&entry.value.span));
        }
    }
    let has_leaf = root
        .section("leafnodes|leaf")
        .is_some_and(|leaf| leaf.listens() || leaf.has("remotes") || is_unset(leaf, "remotes"));
    let reaches_others =
        may_open("cluster") || may_open("gateway") || has_leaf || is_unset(root, "leafnodes|leaf");
    if !reaches_others && super::jetstream::is_off(root) && !root.map.open {
        let error = missing(mqtt, "MQTT on a single server requires JetStream");
        found.push(error.help("write `jetstream: enabled`"));
    }
}

/// What servers tell others to connect to must be a host with or without a port.
fn check_advertised(root: Section, found: &mut Sink) {
    let places = [
        (Some(root), "client_advertise"),
        (root.section("cluster"), "cluster_advertise|advertise"),
        (root.section("gateway"), "advertise"),
        (root.section("leafnodes|leaf"), "leafnode_advertise|advertise"),
        (root.section("websocket|ws"), "advertise"),
    ];
    for (section, names) in places {
        let Some(section) = section.filter(|section| section.span.is_none() || section.listens())
        else {
            continue;
        };
        if let Some(text) = section.text(names).filter(|text| !address::is_advertisable(text.value))
        {
            let message =
                format!("advertised address: expected a host and a port, found {:?}", text.value);
            found.push(
                Diagnostic::error(VALUE, message).at(text.span).help("write \"example.org:4222\""),
            );
        }
    }
}

fn check_monitoring(root: Section, found: &mut Sink) {
    let plain = root.port("http_port|monitor_port", "http").filter(|port| port.value != 0);
    let secure = root.port("https_port", "https").filter(|port| port.value != 0);
    match (plain, secure) {
        (Some(plain), Some(secure)) => {
            let message = "`http` and `https` are mutually exclusive";
            found.push(
                Diagnostic::error(CONFLICT, message)
                    .at(secure.span)
                    .related(plain.span, "set here"),
            );
        }
        (None, Some(secure)) if root.lacks("tls") => {
            found.push(
                Diagnostic::error(MISSING, "`https` requires a top-level `tls`").at(secure.span),
            );
        }
        _ => {}
    }
}

/// A port that is opened: who opens it, on which host, and where it is written if it is.
struct Door<'a> {
    name: &'static str,
    host: &'a str,
    port: i64,
    span: Option<&'a jinnacle_syntax::source::Span>,
}

fn check_ports(root: Section, found: &mut Sink) {
    let doors = doors(root);
    for (n, door) in doors.iter().enumerate() {
        if let Some(span) = door.span.filter(|_| !(-1..=65_535).contains(&door.port)) {
            let message = format!(
                "port of {}: expected 1 to 65535, or -1 for a random port, found {}",
                door.name, door.port
            );
            found.push(Diagnostic::error(PORT, message).at(span));
        }
        for other in &doors[..n] {
            if door.port != other.port || door.port < 0 || !same_host(door.host, other.host) {
                continue;
            }
            let message =
                format!("{} and {} use the same port {}", other.name, door.name, door.port);
            let mut error = Diagnostic::error(PORT, message);
            let mut spans = [door.span, other.span].into_iter().flatten();
            if let Some(span) = spans.next() {
                error = error.at(span);
            }
            if let Some(span) = spans.next() {
                error = error.related(span, "also used here");
            }
            found.push(error.help(format!("give {} another port", door.name)));
        }
    }
}

/// The ports that are opened, as far as they are known.
fn doors<'a>(root: Section<'a>) -> Vec<Door<'a>> {
    let client_host = root.host("host|net", "listen");
    let client = root.port("port", "listen");
    let monitoring_host = |listen| match root.host("", listen) {
        "" => client_host,
        host => host,
    };
    let mut wanted = vec![
        ("clients", client_host, client),
        ("monitoring", monitoring_host("http"), root.port("http_port|monitor_port", "http")),
        ("monitoring", monitoring_host("https"), root.port("https_port", "https")),
        ("profiling", client_host, root.integer("prof_port")),
    ];
    let sections = [
        ("cluster", "cluster"),
        ("gateway", "gateway"),
        ("leaf nodes", "leafnodes|leaf"),
        ("websocket", "websocket|ws"),
        ("MQTT", "mqtt"),
    ];
    for (name, names) in sections {
        if let Some(section) = root.section(names) {
            wanted.push((name, section.host("host|net", "listen"), section.port("port", "listen")));
        }
    }
    let open = |(name, host, port): (_, _, Option<Found<'a, i64>>)| {
        let port = port.filter(|port| port.value != 0)?;
        Some(Door { name, host, port: port.value, span: Some(port.span) })
    };
    let mut doors: Vec<Door> = wanted.into_iter().filter_map(open).collect();
    let is_default = match client {
        Some(port) => port.value == 0,
        None => root.lacks("port") && root.lacks("listen"),
    };
    if is_default {
        doors.push(Door {
            name: "clients",
            host: client_host,
            port: 4222,
            span: client.map(|port| port.span),
        });
    }
    doors
}

/// Whether two listeners on these hosts would take the same port from each other.
fn same_host(a: &str, b: &str) -> bool {
    let plain = |host: &str| match host {
        "localhost" => "127.0.0.1".to_owned(),
        host => host.to_ascii_lowercase(),
    };
    let is_every = |host: &str| ["", "0.0.0.0", "::"].contains(&host);
    is_every(a) || is_every(b) || plain(a) == plain(b)
}

/// Thresholds of round trips must rise, and at most four count (`validateAndNormalizeCompressionOption`).
fn check_compression(section: Section, found: &mut Sink) {
    let Some(compression) = section.section("compression") else {
        return;
    };
    let is_auto = compression.text("mode").is_some_and(|mode| {
        ["auto", "s2_auto"].contains(&mode.value.to_ascii_lowercase().as_str())
    });
    let thresholds = compression.strings("rtt_thresholds|thresholds|rtts|rtt");
    if !is_auto || thresholds.is_empty() {
        return;
    }
    let times: Result<Vec<Duration>, _> = thresholds
        .iter()
        .map(|t| Duration::parse(t.value).map(|t| t.max(Duration::ZERO)))
        .collect();
    let Ok(times) = times else {
        return;
    };
    let mut highest = Duration::ZERO;
    for (time, text) in times.iter().zip(&thresholds) {
        if *time != Duration::ZERO && *time < highest {
            found.push(
                Diagnostic::error(RANGE, "`compression`: expected ascending thresholds")
                    .at(text.span),
            );
            return;
        }
        highest = highest.max(*time);
    }
    let count = times.iter().rposition(|time| *time != Duration::ZERO).map_or(0, |last| last + 1);
    if count == 0 || count > 4 {
        let message =
            format!("`compression`: expected one to four thresholds above zero, found {count}");
        found.push(Diagnostic::error(RANGE, message).at(thresholds[0].span));
    }
}

/// A URL that is twice in a list is dropped with a warning; the test of a file (`-t`) refuses it.
fn warn_of_doubles(urls: &[Found<&str>], found: &mut Sink) {
    let mut seen = HashMap::new();
    for url in urls {
        if let Some(first) = seen.insert(url.value, url.span) {
            let message = format!("duplicate URL \"{}\"", url.value);
            found.push(
                Diagnostic::warning(DUPLICATE, message)
                    .at(url.span)
                    .related(first, "first defined here"),
            );
        }
    }
}

fn is_negative(value: &Value) -> bool {
    match &value.kind {
        Kind::Text(text) => Duration::parse(text).is_ok_and(|all| all < Duration::ZERO),
        Kind::Integer(seconds) => *seconds < 0,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use crate::check::tests::expect;

    #[test]
    fn servers_and_their_doors_fit_together() {
        let cases: &[(&str, &[&str])] = &[
            ("leafnodes { port: -1 }\ngateway { port: 0 }", &[]),
            ("websocket { port: -1, no_tls: true, advertise: \"a:x\" }", &["value 1:48"]),
            ("cluster { name: a }\ngateway { name: b, port: -1 }", &["conflict 2:17"]),
            ("cluster { accounts: [A, A], pool_size: -1 }", &["duplicate 1:25", "conflict 1:40"]),
            ("cluster { ping_interval: \"1m\" }", &["warning: range 1:26"]),
            ("cluster { routes: [\"nats://a:1\", \"nats://a:1\"] }", &["warning: duplicate 1:34"]),
            (
                "cluster { compression { mode: s2_auto, rtts: [\"20ms\", \"10ms\"] } }",
                &["range 1:55"],
            ),
            ("cluster { compression { mode: s2_auto, rtts: [\"0s\"] } }", &["range 1:47"]),
            ("cluster { port: -1, advertise: \"a:b:c\" }", &["value 1:32"]),
            ("gateway { port: -1 }", &["missing 1:9"]),
            ("gateway { name: a }", &["missing 1:9"]),
            (
                "gateway { name: a, port: -1, gateways: [{url: \"nats://a:1\"}, {name: b}] }",
                &["missing 1:41", "missing 1:62"],
            ),
            ("leafnodes { remotes: [{urls: [\"ws://a:1\", \"nats://a:1\"]}] }", &["conflict 1:31"]),
            (
                "leafnodes { remotes: [{url: \"nats://a:1\"}, {url: \"nats://a:1\", account: \"$G\"}] }",
                &["duplicate 1:44"],
            ),
            ("leafnodes { remotes: [{url: \"nats://a:1\", account: A}] }", &["reference 1:52"]),
            ("leafnodes { remotes: [{url: \"nats://a:1\", account: \"$SYS\"}] }", &[]),
            ("accounts { A {} }\nleafnodes { remotes: [{url: \"nats://a:1\", account: A}] }", &[]),
            (
                "include accounts.conf\nleafnodes { remotes: [{url: \"nats://a:1\", account: A}] }",
                &[],
            ),
            (
                "leafnodes { authorization { user: a, users: [{user: b}, {user: b, account: X}] } }",
                &["conflict 1:29", "duplicate 1:64", "reference 1:76"],
            ),
            ("leafnodes { authorization { account: X } }", &["reference 1:38"]),
            ("leafnodes { port: -1 }\ngateway { name: a, port: -1 }", &["missing 1:11"]),
            (
                "leafnodes { remotes: [{url: \"nats://a:1\", proxy { username: a }}] }",
                &["missing 1:49"],
            ),
            (
                "leafnodes { remotes: [{url: \"wss://a:1\", proxy { url: \"ftp://a\", username: a }}] }",
                &["value 1:55", "missing 1:48", "missing 1:29"],
            ),
            ("websocket { port: -1 }", &["missing 1:11"]),
            (
                "websocket { port: -1, no_tls: true, origins: [a, \"https://a.b\"], jwt_cookie: c, headers { Host: a } }",
                &["value 1:47", "missing 1:78", "value 1:91"],
            ),
            ("websocket { origins: [a] }", &[]),
            ("mqtt { port: -1 }", &["missing 1:6"]),
            (
                "mqtt { port: -1 }\njetstream: on\ncluster { port: -1, name: a, routes: [\"nats://a:1\"] }",
                &["missing 1:6", "missing 2:1"],
            ),
            (
                "mqtt { port: -1, ack_wait: \"-1s\", consumer_replicas: 1 }\njetstream: on",
                &["warning: value 1:35", "range 1:28"],
            ),
            ("http: 8222\nhttps: 8223", &["conflict 2:8"]),
            ("https: 8222", &["missing 1:8"]),
            ("port: 70000", &["port 1:7"]),
            ("port: -2", &["port 1:7"]),
            ("http: 4222", &["port 1:7"]),
            ("listen: \"127.0.0.1:5\"\ncluster { listen: \"10.0.0.1:5\" }", &[]),
            ("listen: \"127.0.0.1:5\"\ncluster { port: 5 }", &["port 2:17"]),
        ];
        expect(cases);
    }
}

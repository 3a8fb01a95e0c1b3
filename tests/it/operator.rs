//! What leaves the NATS operator: the same servers by either way, and a reason for all that is refused.

use std::collections::BTreeMap;

use jinnacle::commands;
use jinnacle::commands::Cli;
use jinnacle::diagnostic::{Diagnostic, Severity, Sink, has_errors, rule};
use jinnacle::nats_conf::{self, Kind, Map, ParseContext};
use jinnacle::natscluster::{OperatorKind, kind_of};
use jinnacle::source::Source;
use jinnacle::yaml::{Limits, Node, read_documents};

/// Output and findings of a command line.
fn run(words: &[&str]) -> Result<(String, Vec<Diagnostic>), Vec<Diagnostic>> {
    let outcome = commands::run(Cli::from_words([&["jinnacle"], words].concat()).unwrap());
    assert!(outcome.failure.is_none(), "{:?}", outcome.failure);
    match outcome.judged.is_none() && outcome.stdout.is_empty() && has_errors(&outcome.diagnostics)
    {
        false => Ok((outcome.stdout, outcome.diagnostics)),
        true => Err(outcome.diagnostics),
    }
}

fn documents(text: &str) -> Vec<Node> {
    let (documents, errors) = read_documents(&Source::new("output", text), &Limits::default());
    assert!(errors.is_empty(), "{errors:?}\n{text}");
    documents.into_iter().map(|document| document.root).collect()
}

/// The options of a nats.conf by their paths, certificates by their names alone; and how many routes there are.
fn options(conf: &str) -> (BTreeMap<String, String>, usize) {
    let source = Source::new("nats.conf", conf);
    let tree = nats_conf::parse(&source, &ParseContext::default(), &mut Sink::new()).unwrap();
    let mut found = BTreeMap::new();
    flatten("", &tree.root, &mut found);
    let routes = found.keys().filter(|path| path.starts_with("cluster.routes[")).count();
    found.retain(|path, _| !path.starts_with("cluster.routes["));
    (found, routes)
}

fn flatten(path: &str, map: &Map, found: &mut BTreeMap<String, String>) {
    for (key, entry) in &map.entries {
        let key = match key.as_str() {
            "http_port" => "http",
            "leafnodes" => "leaf",
            "username" => "user",
            "reject_unknown" => "reject_unknown_cluster",
            key => key,
        };
        let below = if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") };
        add(&below, &entry.value.kind, found);
    }
}

fn add(path: &str, kind: &Kind, found: &mut BTreeMap<String, String>) {
    match kind {
        Kind::Map(map) => flatten(path, map, found),
        Kind::List(list) => {
            for (index, entry) in list.iter().enumerate() {
                add(&format!("{path}[{index}]"), &entry.kind, found);
            }
        }
        Kind::Text(text) => {
            let file = path.ends_with("_file") || path == "operator";
            let text = if file { text.rsplit('/').next().unwrap_or(text) } else { text };
            match path.strip_suffix(".listen").zip(text.strip_prefix("0.0.0.0:")) {
                Some((block, port)) => {
                    found.insert(format!("{block}.port"), format!("the integer {port}"))
                }
                None => found.insert(path.to_owned(), text.to_owned()),
            };
        }
        other => {
            found.insert(path.to_owned(), other.describe());
        }
    }
}

/// What the chart writes for itself, whatever the cluster is.
const THE_CHARTS_OWN: [&str; 6] = [
    "websocket.same_origin",
    "server_name",
    "pid_file",
    "cluster.cluster_advertise",
    "cluster.connect_retries",
    "cluster.no_advertise",
];

/// The nats.conf in a Secret or a ConfigMap.
fn nats_conf(documents: &[Node], name: &str) -> String {
    let key = |node: &Node| {
        let text = ["stringData", "data"].iter().find_map(|part| node.at(&[part, "nats.conf"]));
        let is_it = node.str_at("metadata.name") == name;
        is_it.then(|| text.and_then(Node::as_str).map(str::to_owned)).flatten()
    };
    documents.iter().find_map(key).unwrap_or_else(|| panic!("no nats.conf for {name}"))
}

/// `convert --to values` and then `template` give the servers of `convert`, but for what is said to be lost.
#[test]
fn values_make_the_servers_that_manifests_make() {
    let mut seen = 0;
    for entry in std::fs::read_dir("tests/cases/operator").unwrap() {
        let path = entry.unwrap().path();
        let file = path.to_str().unwrap();
        let text = std::fs::read_to_string(&path).unwrap();
        let noted = text.lines().find_map(|line| line.strip_prefix("# args: ")).unwrap_or_default();
        let args: Vec<&str> = noted.split_whitespace().collect();
        let Ok((plain, _)) = run(&[&["convert", file][..], &args].concat()) else { continue };
        let plain = documents(&plain);
        for name in clusters(&text) {
            let words = ["convert", "--to", "values", "--cluster", &name, file];
            let (values, said) = run(&[&words[..], &args].concat()).unwrap();
            let values_file =
                std::env::temp_dir().join(format!("jinnacle-{}-{name}.yaml", std::process::id()));
            std::fs::write(&values_file, values).unwrap();
            let made = run(&["template", &name, "nats/nats", "-f", values_file.to_str().unwrap()]);
            std::fs::remove_file(&values_file).unwrap();
            let (made, findings) = made.unwrap_or_else(|found| panic!("{file}: {found:#?}"));
            let errors: Vec<_> =
                findings.iter().filter(|found| found.severity == Severity::Error).collect();
            assert!(errors.is_empty(), "{file}: {errors:#?}");
            let (mut want, routes) = options(&nats_conf(&plain, &name));
            let (mut have, other_routes) =
                options(&nats_conf(&documents(&made), &format!("{name}-config")));
            assert_eq!(routes, other_routes, "{file}");
            let lost: Vec<&str> = said
                .iter()
                .filter(|said| {
                    said.rule == rule!("natscluster/lost")
                        || said.rule == rule!("natscluster/by-hand")
                })
                .map(|said| said.message.as_str())
                .collect();
            let mut ignored: Vec<&str> = THE_CHARTS_OWN.to_vec();
            for (word, option) in [
                ("enableHttps", "http"),
                ("enableHttps", "https_port"),
                ("who may connect", "authorization"),
                // The same address in the server's other spelling.
                ("JWT", "resolver"),
                ("websocketConfig.compression", "websocket.compression"),
                ("websocketTLSTimeout", "websocket.tls.timeout"),
            ] {
                if lost.iter().any(|message| message.contains(word)) {
                    ignored.push(option);
                }
            }
            for tree in [&mut want, &mut have] {
                // Each mounts the Secret in a directory of its own.
                for (_, file) in tree.iter_mut().filter(|(path, _)| path.ends_with(".credentials"))
                {
                    *file = file.rsplit('/').next().unwrap().to_owned();
                }
                tree.retain(|path, _| {
                    !ignored.iter().any(|option| {
                        path == option
                            || path.starts_with(&format!("{option}."))
                            || path.starts_with(&format!("{option}["))
                    })
                });
            }
            assert_eq!(want, have, "{file}: {lost:#?}");
            seen += 1;
        }
    }
    assert!(seen > 10, "{seen}");
}

/// The names of the clusters among manifests.
fn clusters(text: &str) -> Vec<String> {
    let documents = documents(text);
    let items = |node: &Node| node.get("items").and_then(Node::as_list).map(<[Node]>::to_vec);
    documents
        .into_iter()
        .flat_map(|node| items(&node).unwrap_or_else(|| vec![node]))
        .filter(|node| kind_of(node) == Some(OperatorKind::Cluster))
        .filter_map(|node| Some(node.at("metadata.name")?.as_str()?.to_owned()))
        .collect()
}

/// What `convert` says of a cluster whose `spec` has these lines, and whether it converts it. `validate` knows the
/// manifest by its kind and says the same, but for what the move changes.
fn said_of(name: &str, spec: &str, beside: &str) -> (bool, Vec<Diagnostic>) {
    let spec: String = spec.lines().map(|line| format!("  {line}\n")).collect();
    let text = format!(
        "apiVersion: nats.io/v1alpha2\nkind: NatsCluster\nmetadata:\n  name: {name}\nspec:\n{spec}{beside}"
    );
    let number = std::collections::hash_map::RandomState::new();
    let number = std::hash::BuildHasher::hash_one(&number, &text);
    let file = std::env::temp_dir().join(format!("jinnacle-{number:x}.yaml"));
    std::fs::write(&file, text).unwrap();
    let said = run(&["convert", file.to_str().unwrap()]);
    let (_, validated) = run(&["validate", file.to_str().unwrap()]).unwrap();
    std::fs::remove_file(file).unwrap();
    let (is_converted, found) = match said {
        Ok((_, found)) => (true, found),
        Err(found) => (false, found),
    };
    for finding in
        found.iter().filter(|it| it.severity != Severity::Note && !MOVE.contains(&it.rule.as_str()))
    {
        let same = validated.iter().find(|it| it.message == finding.message);
        assert_eq!(same.map(|it| it.severity), Some(finding.severity), "{spec}: {validated:#?}");
    }
    (is_converted, found)
}

#[test]
fn what_is_allowed_is_converted() {
    let file = std::env::temp_dir().join(format!("jinnacle-allow-{}.yaml", std::process::id()));
    let cluster = |more: &str| {
        format!(
            "apiVersion: nats.io/v1alpha2\nkind: NatsCluster\nmetadata: {{name: a}}\nspec:\n  size: 1\n  natsConfig:\n    \
             maxPayload: 104857600{more}\n"
        )
    };
    let path = file.to_str().unwrap();
    std::fs::write(&file, cluster("")).unwrap();
    for to in ["manifests", "values"] {
        let refused = run(&["convert", "--to", to, path]).unwrap_err();
        assert!(refused.iter().any(|it| it.rule == rule!("nats-conf/conflict")), "{refused:#?}");
        assert!(run(&["convert", "--to", to, "--allow", "nats-conf/conflict", path]).is_ok());
    }
    std::fs::write(&file, cluster(" # jinnacle: allow(nats-conf/conflict)")).unwrap();
    for to in ["manifests", "values"] {
        assert!(run(&["convert", "--to", to, path]).is_ok());
    }
    std::fs::remove_file(file).unwrap();
}

/// Rules of what the move to plain manifests changes.
const MOVE: [&str; 3] = ["natscluster/changes", "natscluster/dns-names", "natscluster/steps"];

/// In quotes the name of the variable would be the password.
#[test]
fn tokens_are_looked_up_by_the_server() {
    let file = "tests/cases/operator/token-secrets.yaml";
    let (text, _) = run(&["convert", "--token-secrets", file]).unwrap();
    let conf = nats_conf(&documents(&text), "example");
    let source = Source::new("nats.conf", conf);
    let tree = nats_conf::parse(&source, &ParseContext::default(), &mut Sink::new()).unwrap();
    let Some(Kind::Map(login)) = tree.root.get("authorization").map(|value| &value.kind) else {
        panic!("{tree:?}")
    };
    let Some(Kind::List(users)) = login.get("users").map(|value| &value.kind) else {
        panic!("{tree:?}")
    };
    let Kind::Map(user) = &users[0].kind else { panic!("{tree:?}") };
    let password = user.get("password").map(|value| &value.kind);
    assert!(
        matches!(password, Some(Kind::Unset(name)) if name == "NATS_ROLE_READER_TOKEN"),
        "{password:?}"
    );
    assert!(text.contains("type: kubernetes.io/service-account-token"));
}

const USERS: &str = "\n---\napiVersion: v1\nkind: Secret\nmetadata:\n  name: p\nstringData:\n";

/// What the operator drops in silence or crashes on is refused, with the place and the reason.
#[test]
fn what_the_operator_cannot_do_is_refused() {
    let beside = |data: &str| format!("{USERS}{data}");
    let accounts = "\n---\napiVersion: v1\nkind: ServiceAccount\nmetadata: {name: r}\n---\napiVersion: v1\n\
        kind: ServiceAccount\nmetadata: {name: r, namespace: other}\n---\napiVersion: nats.io/v1alpha2\n\
        kind: NatsServiceRole\nmetadata: {name: r, labels: {nats_cluster: c}}\nspec: {}\n";
    let other = |name: &str| {
        format!(
            "\n---\napiVersion: nats.io/v1alpha2\nkind: NatsCluster\nmetadata: {{name: {name}}}\nspec: {{size: 1}}\n"
        )
    };
    let auth = "size: 1\nauth: {clientsAuthSecret: p, clientsAuthTimeout: 3}";
    for (name, spec, beside, message) in [
        ("c", "size: 0", String::new(), "`spec.size`: expected at least 1"),
        (
            "c",
            "size: 1",
            "---\napiVersion: nats.io/v1alpha2\nkind: NatsServiceRoles\n".to_owned(),
            "the operator knows no kind `NatsServiceRoles`",
        ),
        ("c", "version: 2.1.4", String::new(), "`spec`: missing key `size`"),
        ("c", "size: -1", String::new(), "`spec.size`: expected at least 1"),
        (
            "c",
            "size: \"3\"",
            String::new(),
            "`spec.size`: expected an integer, found the string \"3\"",
        ),
        ("c", "size: 1\nversion: 2.1", String::new(), "`spec.version`: expected a string"),
        ("c", "size: 1\npod: true", String::new(), "`spec.pod`: expected a map"),
        ("c", "size: 1\nversion: latest greatest", String::new(), "`spec.version`: expected a tag"),
        ("c", "size: 1\nTLS: {}", String::new(), "`spec.TLS`"),
        (
            "c",
            "size: 1\nnatsConfig: {writeDeadline: 5s}",
            String::new(),
            "`spec.natsConfig.writeDeadline`",
        ),
        ("c", "size: 1\ntls: {}", String::new(), "`spec.tls` names no Secret"),
        (
            "c",
            "size: 1\ntls: {verify: true}",
            String::new(),
            "`spec.tls.verify` requires `spec.tls.serverSecret`",
        ),
        (
            "c",
            "size: 1\ntls: {gatewaySecret: g}",
            String::new(),
            "`spec.tls.gatewaySecret` requires `spec.gatewayConfig`",
        ),
        (
            "c",
            "size: 1\ntls: {leafnodeSecret: g}",
            String::new(),
            "`spec.tls.leafnodeSecret` requires `spec.leafnodeConfig`",
        ),
        (
            "c",
            "size: 1\nauth: {tlsVerifyAndMap: true}",
            String::new(),
            "`spec.auth.tlsVerifyAndMap` requires",
        ),
        ("c", auth, beside("  x: nonsense\n"), "invalid JSON"),
        ("c", auth, beside("  x: \"null\"\n"), "expected a JSON object"),
        ("c", auth, beside("  x: \"{}\"\n  y: \"{}\"\n"), "has several keys"),
        (
            "c",
            "size: 1\nextraRoutes: [null]",
            String::new(),
            "`spec.extraRoutes[0]`: expected a map",
        ),
        (
            "c",
            "size: 1\nextraRoutes: [{}]",
            String::new(),
            "`spec.extraRoutes[0]`: missing `route` or `cluster`",
        ),
        (
            "c",
            "size: 1\ngatewayConfig: {name: a, hostPort: 7522, gateways: [null]}",
            String::new(),
            "`spec.gatewayConfig.gateways[0]`: expected a map",
        ),
        ("c", "size: 1\ngatewayConfig: {}", String::new(), "`spec.gatewayConfig`: missing `name`"),
        (
            "c",
            "size: 1\ngatewayConfig: {name: a}",
            String::new(),
            "`spec.gatewayConfig`: missing `hostPort`",
        ),
        (
            "c",
            "size: 1\ngatewayConfig: {name: a, hostPort: 4222}",
            String::new(),
            "which is the port of clients",
        ),
        (
            "c",
            "size: 1\ngatewayConfig: {name: a, hostPort: 7522}\nleafnodeConfig: {hostPort: 7522}",
            String::new(),
            "which is the port of `spec.gatewayConfig.hostPort`",
        ),
        (
            "c",
            "size: 1\nleafnodeConfig: {hostPort: 70000}",
            String::new(),
            "expected at most 65535",
        ),
        (
            "c",
            "size: 1\npod: {labels: {nats_zone: a}}",
            String::new(),
            "the label `nats_zone` is reserved",
        ),
        (
            "c",
            "size: 1\ntls: {serverSecret: s, cipherSuites: [ASDF]}",
            String::new(),
            "unknown cipher suite `ASDF`",
        ),
        (
            "c",
            "size: 1\ntls: {serverSecret: s, curvePreferences: [FOO]}",
            String::new(),
            "unknown curve `FOO`",
        ),
        ("c", "size: 1\nlameDuckDurationSeconds: 10", String::new(), "at least 30"),
        ("c", "size: 1\nuseServerName: true", String::new(), "requires the variable `SERVER_NAME`"),
        (
            "c",
            "size: 1\noperatorConfig: {}",
            String::new(),
            "`spec.operatorConfig`: missing `secret`",
        ),
        (
            "a12345678901234567890123456789012345678901234567890123456789",
            "size: 1",
            String::new(),
            "with `-mgmt` it has 65 bytes",
        ),
        ("a.b", "size: 1", String::new(), "invalid DNS label"),
        ("My", "size: 1", String::new(), "invalid DNS label"),
        (
            "c",
            "size: 1\ntls: {serverSecret: s, serverSecretCAFileName: ../x}",
            String::new(),
            "expected a plain file name",
        ),
        (
            "c",
            "size: 1\ntls: {serverSecret: s, serverSecretCAFileName: ..}",
            String::new(),
            "expected a plain file name",
        ),
        (
            "c",
            "size: 1\nauth: {clientsAuthFile: ../x}",
            String::new(),
            "leads out of /etc/nats-config",
        ),
        ("c", "size: 1", other("c"), "two clusters in default would have the Service `c`"),
        (
            "c",
            "size: 1",
            other("c-mgmt"),
            "two clusters in default would have the Service `c-mgmt`",
        ),
        (
            "c",
            "size: 1\nauth: {enableServiceAccounts: true}",
            accounts.to_owned(),
            "the server refuses two users of one name",
        ),
        (
            "c",
            "size: 1\nwebsocketConfig: {port: 443}",
            String::new(),
            "`spec.websocketConfig` requires `spec.tls.websocketSecret`",
        ),
    ] {
        let (rendered, said) = said_of(name, spec, &beside);
        let error = said.iter().find(|said| {
            said.severity == Severity::Error
                && said.message.contains(message)
                && said.span.is_some()
        });
        assert!(!rendered && error.is_some(), "{spec}: {said:#?}");
    }
}

/// What may be meant so is said and done.
#[test]
fn what_the_operator_does_otherwise_is_warned_of() {
    for (name, spec, message) in [
        ("1a", "size: 1", "begins with a digit"),
        ("c", "size: 1\nauth: {clientsAuthSecret: p}", "is not among the manifests"),
        (
            "c",
            "size: 1\nauth: {clientsAuthSecret: p, clientsAuthFile: x}",
            "`spec.auth.clientsAuthFile` has no effect",
        ),
        (
            "c",
            "size: 1\nauth: {enableServiceAccounts: true, clientsAuthFile: x}",
            "`spec.auth.clientsAuthFile` has no effect",
        ),
        ("c", "size: 1\nauth: {clientsAuthFile: /x}", "is relative to /etc/nats-config"),
        (
            "c",
            "size: 1\ntls: {serverSecret: s, enableHttps: true}\npod: {enableMetrics: true}",
            "here it uses HTTPS",
        ),
        ("c", "size: 1\nextraRoutes: [{cluster: c}]", "is a route of the cluster to itself"),
        ("c", "size: 1\nextraRoutes: [{cluster: d}]", "the cluster `d` is not among the manifests"),
        (
            "c",
            "size: 1\nleafnodeConfig: {hostPort: 7422}",
            "operator 0.6 configures leaf nodes only together with a gateway",
        ),
        ("c", "size: 1\ngatewayConfig: {name: a, hostPort: 7522}", "which does not exist"),
        (
            "c",
            "size: 1\npod: {advertiseExternalIP: true}",
            "requires a ServiceAccount with the right to get nodes",
        ),
        ("c", "size: 1\npaused: true", "has no meaning without the operator"),
        (
            "c",
            "size: 1\nversion: v2.1.4-alpine\ntemplate: {metadata: {labels: {a: b}}}",
            "`spec.template.metadata` has no effect",
        ),
    ] {
        let (rendered, said) = said_of(name, spec, "");
        let warning = said.iter().find(|said| {
            said.severity == Severity::Warning
                && said.message.contains(message)
                && said.span.is_some()
        });
        assert!(rendered && warning.is_some(), "{spec}: {said:#?}");
    }
}

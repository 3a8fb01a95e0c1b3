//! Values that nothing reads, because of what is in another value.

use jinnacle_chart::rules::{Advised, Finding, filled};
use jinnacle_syntax::yaml::{Entry, Node};

/// Values that depend on others.
struct Idle {
    /// Their path, or `PATH.*` for all that is below a map but its `enabled`.
    paths: &'static [&'static str],
    /// When they have no effect.
    when: fn(&Node) -> bool,
    /// What the message says of that.
    because: &'static str,
    /// What to write.
    help: &'static str,
}

/// The values below a switch, which `enabled` beside them is.
const SWITCHED: [&str; 15] = [
    "nats.profiling",
    "nats.jetstream",
    "nats.jetstream.memStorage",
    "nats.jetstream.fileStorage",
    "cluster",
    "gateway",
    "mqtt",
    "websocket",
    "auth",
    "natsbox",
    "reloader",
    "exporter",
    "exporter.serviceMonitor",
    "networkPolicy",
    "podDisruptionBudget",
];

const IDLE: [Idle; 12] = [
    Idle {
        paths: &["leafnodes.*"],
        when: |values| {
            !values.is_true("leafnodes.enabled") && !filled(values.at("leafnodes.remotes"))
        },
        because: "`leafnodes.enabled` is false and there are no `remotes`",
        help: "write `leafnodes.enabled: true`, or leave it out",
    },
    Idle {
        paths: &["nats.serviceAccount.annotations"],
        when: |values| {
            values.at("nats.serviceAccount").is_some_and(|account| account.as_map().is_some())
                && !values.is_true("nats.serviceAccount.create")
        },
        because: "`nats.serviceAccount.create` is false",
        help: "annotate the account where it is made",
    },
    Idle {
        paths: &["nats.jetstream.store_dir", "nats.jetstream.max_file"],
        when: |values| values.is_true("nats.jetstream.fileStorage.enabled"),
        because: "`nats.jetstream.fileStorage.enabled` is true",
        help: "write `fileStorage.storageDirectory` and `fileStorage.size`, or `fileStorage.enabled: false`",
    },
    Idle {
        paths: &["nats.jetstream.fileStorage.claimStorageSize"],
        when: |values| values.text_at("nats.jetstream.fileStorage.existingClaim").is_none(),
        because: "`nats.jetstream.fileStorage.existingClaim` is not set",
        help: "write `fileStorage.size`",
    },
    Idle {
        paths: &[
            "nats.jetstream.fileStorage.size",
            "nats.jetstream.fileStorage.storageClassName",
            "nats.jetstream.fileStorage.accessModes",
            "nats.jetstream.fileStorage.annotations",
        ],
        when: |values| values.text_at("nats.jetstream.fileStorage.existingClaim").is_some(),
        because: "`nats.jetstream.fileStorage.existingClaim` names an existing claim",
        help: "write `fileStorage.claimStorageSize` for what streams may take, or leave `existingClaim` out",
    },
    Idle {
        paths: &["nats.secret.name"],
        when: |values| !replaces_nats_conf(values),
        because: "`nats.configMap.enabled` is not false",
        help: "write `nats.customConfigSecret.name` to use the nats.conf of a Secret",
    },
    Idle {
        paths: &["websocket.noTLS"],
        when: |values| filled(values.at("websocket.tls")),
        because: "`websocket.tls` goes before it",
        help: "leave one of the two out",
    },
    Idle {
        paths: &["networkPolicy.ingressNSMatchLabels", "networkPolicy.ingressNSPodMatchLabels"],
        when: |values| values.is_true("networkPolicy.allowExternal"),
        because: "`networkPolicy.allowExternal` is true",
        help: "write `networkPolicy.allowExternal: false`",
    },
    Idle {
        paths: &["networkPolicy.ingressNSPodMatchLabels"],
        when: |values| !filled(values.at("networkPolicy.ingressNSMatchLabels")),
        because: "`networkPolicy.ingressNSMatchLabels` is empty",
        help: "write `networkPolicy.ingressNSMatchLabels` too",
    },
    Idle {
        paths: &[
            "auth.resolver.operator",
            "auth.resolver.store",
            "auth.resolver.allowDelete",
            "auth.resolver.interval",
        ],
        when: |values| values.text_at("auth.resolver.type") != Some("full"),
        because: "`auth.resolver.type` is not `full`",
        help: "write `auth.resolver.type: full`, or leave it out",
    },
    Idle {
        paths: &["auth.resolver.url"],
        when: |values| values.text_at("auth.resolver.type") != Some("URL"),
        because: "`auth.resolver.type` is not `URL`",
        help: "write `auth.resolver.type: URL`, or leave it out",
    },
    Idle {
        paths: &[
            "auth.basic.timeout",
            "natsbox.imagePullSecrets",
            "appProtocol.enabled",
            "upgrade",
        ],
        when: |_| true,
        because: "nothing reads it",
        help: "leave it out",
    },
];

/// Whether the Secret of chart 0.8.9 is used.
fn replaces_nats_conf(values: &Node) -> bool {
    values.at("nats.configMap.enabled").and_then(Node::as_bool) == Some(false)
}

/// What the user wrote and nothing reads. A value that says what the default says, beside its switch, is not a mistake.
pub(super) fn no_effect(advised: &Advised<'_>) -> Vec<Finding> {
    let mut found: Vec<(String, Finding)> = Vec::new();
    let mut say = |path: String, entry: &Entry, because: &str, help: &str| {
        // What is below something that has been said to have no effect is known.
        let known = |other: &(String, Finding)| {
            path.strip_prefix(&other.0).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        };
        if !found.iter().any(known) {
            let message = format!("`{path}` has no effect: {because}");
            found.push((path, Finding::warning(&entry.key, message).help(help)));
        }
    };
    for switch in SWITCHED {
        let enabled = format!("{switch}.enabled");
        if advised.values.at(switch).is_none_or(|map| map.as_map().is_none())
            || advised.values.is_true(&enabled)
        {
            continue;
        }
        let because = format!("`{enabled}` is false");
        let help = format!("write `{enabled}: true`, or leave it out");
        // Who copies the defaults copies the switch; who writes a value without it has forgotten it.
        let is_forgotten = advised.layer.entry_at(&enabled).is_none();
        for (path, entry) in below(advised, switch, is_forgotten) {
            say(path, entry, &because, &help);
        }
    }
    for row in IDLE.iter().filter(|row| (row.when)(advised.values)) {
        for path in row.paths {
            match path.strip_suffix(".*") {
                Some(map) => {
                    for (path, entry) in below(advised, map, false) {
                        say(path, entry, row.because, row.help);
                    }
                }
                None => {
                    if let Some(entry) = advised.layer.entry_at(path)
                        && differs(&entry.value, advised.defaults.at(path))
                    {
                        say((*path).to_owned(), entry, row.because, row.help);
                    }
                }
            }
        }
    }
    found.into_iter().map(|(_, finding)| finding).collect()
}

/// The user's entries of a map that say something else than the defaults, or all that say something; the switch
/// is not among them.
fn below<'a>(advised: &Advised<'a>, map: &str, all: bool) -> Vec<(String, &'a Entry)> {
    let entries = advised.layer.map_at(map);
    entries
        .into_iter()
        .flat_map(|entries| entries.entries())
        .filter(|(key, _)| *key != "enabled" && !key.starts_with("x-"))
        .map(|(key, entry)| (format!("{map}.{key}"), entry))
        .filter(|(path, entry)| {
            all && says_something(&entry.value) || differs(&entry.value, advised.defaults.at(path))
        })
        .collect()
}

fn says_something(value: &Node) -> bool {
    match value.as_map() {
        Some(map) => map.iter().any(|(_, below)| says_something(below)),
        None => filled(Some(value)),
    }
}

/// Whether any part is another than in the defaults; nothing is the same as nothing.
fn differs(value: &Node, default: Option<&Node>) -> bool {
    match value.as_map() {
        Some(map) => map
            .iter()
            .any(|(key, below)| differs(below, default.and_then(|default| default.get(key)))),
        None => match default {
            Some(default) => value != default && (filled(Some(value)) || filled(Some(default))),
            None => filled(Some(value)),
        },
    }
}

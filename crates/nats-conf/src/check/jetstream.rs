//! JetStream: what it needs at a start (`validateJetStreamOptions` and `EnableJetStream`).

use super::super::section::Section;
use super::super::{Kind, size, subject};
use super::accounts::{self, Accounts};
use super::operators;
use super::{CONFLICT, DUPLICATE, MISSING, RANGE, VALUE, conflict, is_unset};
use jinnacle_syntax::diagnostic::{Diagnostic, Sink};

pub fn check(root: Section, found: &mut Sink) {
    check_directories(root, found);
    check_domain(root, found);
    check_default_domains(root, found);
    if is_on(root) {
        check_cluster(root, found);
        check_accounts(root, found);
        check_system(root, found);
    }
    let jetstream = root.section("jetstream");
    if let Some(jetstream) = jetstream
        && jetstream.has("encryption_key|ek|key")
        && jetstream.section("tpm").is_some_and(|tpm| tpm.has("keys_file"))
        && is_on(root)
    {
        found.push(conflict(jetstream, "`key` and `tpm` are mutually exclusive in `jetstream`"));
    }
}

/// JetStream speaks through the system account, which is not made where accounts are signed; and a TPM is not to be
/// had on Linux (`setupJetStreamTPM`).
fn check_system(root: Section, found: &mut Sink) {
    let is_signed = operators::are_set(root) || root.has("trusted_keys|trusted");
    if is_signed && operators::name_no_system(root) && root.exact().lacks(accounts::SYSTEM) {
        let message = "missing `system_account`: JetStream needs it with signed accounts";
        let error = Diagnostic::error(MISSING, message)
            .help("set it to the public key of an account that the operator signed");
        found.push(match root.entry("jetstream") {
            Some(entry) => error.at(&entry.key),
            None => error,
        });
    }
    let tpm = root.section("jetstream").and_then(|jetstream| jetstream.section("tpm"));
    if let Some(keys) = tpm.and_then(|tpm| tpm.text("keys_file")) {
        let message = "TPM is not supported on Linux";
        found.push(
            Diagnostic::error(VALUE, message).at(keys.span).help("encrypt with a `key` instead"),
        );
    }
}

/// Whether JetStream is certainly on.
pub fn is_on(root: Section) -> bool {
    match root.entry("jetstream").map(|entry| &entry.value.kind) {
        Some(Kind::Bool(on)) => *on,
        Some(Kind::Text(word)) => word.to_ascii_lowercase().starts_with("enable"),
        Some(Kind::Map(map)) => {
            let block = Section::root(map);
            block.entry("enabled|enable").is_none_or(|_| block.is_true("enabled|enable"))
                && !map.open
        }
        _ => false,
    }
}

/// Whether JetStream is certainly off.
pub fn is_off(root: Section) -> bool {
    let is_variable = |section: Section, names| is_unset(section, names);
    let is_open = root
        .section("jetstream")
        .is_some_and(|jetstream| jetstream.map.open || is_variable(jetstream, "enabled|enable"));
    !is_on(root) && !is_open && !is_variable(root, "jetstream") && !root.map.open
}

/// The directory can be named once only, wherever it is.
fn check_directories(root: Section, found: &mut Sink) {
    let names = ["store_dir", "storedir", "store"];
    let top = names[..2].iter().filter_map(|name| root.entry(name));
    let inner = root.section("jetstream");
    let inner = names.iter().filter_map(|name| inner?.entry(name));
    let mut entries = top
        .chain(inner)
        .filter(|entry| matches!(&entry.value.kind, Kind::Text(t) if !t.is_empty()));
    if let Some(first) = entries.next() {
        for second in entries {
            let message = "duplicate JetStream directory: the server refuses it";
            found.push(
                Diagnostic::error(DUPLICATE, message)
                    .at(&second.key)
                    .related(&first.key, "first set here"),
            );
        }
    }
}

fn check_domain(root: Section, found: &mut Sink) {
    let Some(domain) = root.section("jetstream").and_then(|jetstream| jetstream.text("domain"))
    else {
        return;
    };
    if domain.value.contains(|c: char| c.is_ascii_whitespace() || ".*>".contains(c)) {
        let message = format!(
            "`jetstream.domain`: expected a name without spaces, `.`, `*` and `>`, found {:?}",
            domain.value
        );
        found.push(Diagnostic::error(VALUE, message).at(domain.span));
    }
}

fn check_default_domains(root: Section, found: &mut Sink) {
    let Some(domains) = root.section("default_js_domain") else {
        return;
    };
    let accounts = Accounts::of(root);
    let is_operator_mode = super::operators::are_set(root);
    let system = accounts::system(root).map_or("$SYS", |system| system.value);
    for (name, entry) in &domains.map.entries {
        let domain = match &entry.value.kind {
            Kind::Text(text) => text.as_str(),
            _ => continue,
        };
        let account = accounts.find(name);
        let problem = if is_operator_mode {
            (!super::super::nkey::is_account(name))
                .then(|| "is not the public key of an account".to_owned())
        } else if name == system {
            Some("is the system account, which cannot have a domain".to_owned())
        } else if name != "$G" && account.is_none() && accounts.are_known {
            Some("is not defined".to_owned())
        } else if !domain.is_empty() && account.is_some_and(|account| account.has_jetstream()) {
            Some("has JetStream itself".to_owned())
        } else if !domain.is_empty() && !subject::is_valid(&format!("$JS.{domain}.API.>")) {
            Some(format!("cannot have the domain {domain:?}"))
        } else {
            None
        };
        if let Some(problem) = problem {
            let message = format!("the account `{name}` in `default_js_domain` {problem}");
            found.push(Diagnostic::error(VALUE, message).at(&entry.key));
        }
    }
}

/// A cluster of JetStream servers elects leaders, so all must have names and know one another.
fn check_cluster(root: Section, found: &mut Sink) {
    let Some(jetstream) = root.entry("jetstream") else {
        return;
    };
    let opens = |section: Option<Section>| {
        section.is_some_and(|section| {
            section.port("port", "listen").is_some_and(|port| port.value != 0)
        })
    };
    let (cluster, gateway) = (root.section("cluster"), root.section("gateway"));
    if !opens(cluster) && !opens(gateway) {
        return;
    }
    let need = |message: &str, help: &str| {
        Diagnostic::error(MISSING, message).at(&jetstream.key).help(help.to_owned())
    };
    if let Some(cluster) = cluster.filter(|_| opens(cluster)) {
        if root.lacks("server_name") {
            found.push(need(
                "missing top-level `server_name`: JetStream in a cluster needs it",
                "give each server a unique name",
            ));
        }
        let gateway_lacks_name = gateway.is_none_or(|gateway| gateway.lacks("name"));
        if cluster.lacks("name")
            && gateway_lacks_name
            && !is_unset(root, "gateway")
            && !root.map.open
        {
            found.push(need(
                "missing `cluster.name`: JetStream in a cluster needs it",
                "give all servers of the cluster the same name",
            ));
        }
        let options = root.section("jetstream");
        let hint = options.and_then(|options| options.text("extension_hint"));
        if let Some(hint) = hint.filter(|hint| {
            !["no_extend", "will_extend"].contains(&hint.value.to_ascii_lowercase().as_str())
        }) {
            let message = format!(
                "`extension_hint`: expected `no_extend` or `will_extend`, found {:?}",
                hint.value
            );
            found.push(Diagnostic::error(VALUE, message).at(hint.span));
        }
        let catchup = options.and_then(|options| options.integer("max_outstanding_catchup"));
        if let Some(catchup) = catchup.filter(|catchup| catchup.value < 0) {
            let message = "`max_outstanding_catchup` must not be negative in a cluster";
            found.push(Diagnostic::error(RANGE, message).at(catchup.span));
        }
    }
    let routes_lack = cluster.is_none_or(|cluster| {
        cluster.list("routes").is_empty() && !is_unset(cluster, "routes") && !cluster.map.open
    });
    // A leaf node that shares the system account joins another cluster instead of making one.
    let system = accounts::system(root).map_or("$SYS", |system| system.value);
    let may_share = |remote: Section| {
        let account = remote.text("account|local");
        is_unset(remote, "account|local") || account.is_some_and(|account| account.value == system)
    };
    let leafnodes = root.section("leafnodes|leaf");
    let shares_system = is_unset(root, "leafnodes|leaf")
        || is_unset(root.exact(), accounts::SYSTEM)
        || leafnodes.is_some_and(|leaf| {
            leaf.map.open || is_unset(leaf, "remotes") || leaf.sections("remotes").any(may_share)
        });
    if routes_lack && !shares_system && !root.map.open && !is_unset(root, "cluster") {
        found.push(need(
            "missing `cluster.routes`: JetStream in a cluster needs it",
            "list the URLs of all servers of the cluster",
        ));
    }
}

/// What is reserved for accounts must be there, and the system account takes no part
/// (`sufficientResources` in `server/jetstream.go`).
fn check_accounts(root: Section, found: &mut Sink) {
    let accounts = Accounts::of(root);
    let system = accounts::system(root).map_or("$SYS", |system| system.value);
    if let Some(account) = accounts.find(system).filter(|account| account.has_jetstream()) {
        let message = format!("JetStream is not allowed in the system account `{system}`");
        found.push(
            Diagnostic::error(CONFLICT, message).at(account.key).help("remove `jetstream` from it"),
        );
    }
    if let Some(global) = accounts::system(root).filter(|system| system.value == "$G") {
        let message = "the account `$G` must not be the system account together with JetStream";
        found.push(Diagnostic::error(CONFLICT, message).at(global.span));
    }
    let is_alone = ["cluster", "gateway"]
        .into_iter()
        .all(|names| root.section(names).is_none_or(|s| !s.listens()));
    if !is_alone {
        return;
    }
    let Some(jetstream) = root.section("jetstream") else {
        return;
    };
    let kinds = [
        ("max_memory_store|max_mem_store|max_mem", "max_memory|max_mem|memory|mem", "memory"),
        ("max_file_store|max_file", "max_store|max_file|max_disk|store|disk", "files"),
    ];
    for (server, account, what) in kinds {
        let Some(entry) = jetstream.entry(server) else {
            continue;
        };
        let bound = match &entry.value.kind {
            Kind::Integer(bytes) => Some(*bytes),
            Kind::Text(text) => size::read(text),
            _ => None,
        };
        let wanted: i128 = accounts
            .list
            .iter()
            .filter_map(|account| account.options?.section("jetstream"))
            .filter_map(|jetstream| jetstream.integer(account))
            .map(|bytes| i128::from(bytes.value.max(0)))
            .sum();
        if let Some(bound) = bound.filter(|bound| *bound >= 0 && wanted > i128::from(*bound)) {
            let message =
                format!("accounts reserve {wanted} bytes of {what}, but JetStream has {bound}");
            found.push(Diagnostic::error(RANGE, message).at(&entry.value.span));
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::check::tests::expect;

    #[test]
    fn jetstream_finds_what_it_needs() {
        let cases: &[(&str, &[&str])] = &[
            ("store_dir: a\njetstream { store_dir: b }", &["duplicate 2:13"]),
            ("jetstream { domain: \"a.b\" }", &["value 1:21"]),
            ("jetstream: on\ncluster { port: -1 }", &["missing 1:1", "missing 1:1", "missing 1:1"]),
            (
                "server_name: n\njetstream: on\ncluster { port: -1, name: c, routes: [\"nats://a:1\"] }",
                &[],
            ),
            (
                "server_name: $NAME\njetstream: on\ncluster { port: -1, name: c, routes: [\"nats://a:1\"] }",
                &[],
            ),
            ("jetstream: off\ncluster { port: -1 }", &[]),
            ("jetstream { enabled: false }\ncluster { port: -1 }", &[]),
            ("include cluster.conf\njetstream: on\ncluster { port: -1, include c.conf\n }", &[]),
            (
                "server_name: n\njetstream { extension_hint: x, max_outstanding_catchup: -1 }\ncluster { port: -1, name: c, routes: [\"nats://a:1\"] }",
                &["value 2:29", "range 2:57"],
            ),
            (
                "default_js_domain { A: x, \"$SYS\": y, B: z }\naccounts { B { jetstream: on } }",
                &["value 1:21", "value 1:28", "value 1:38"],
            ),
            (
                "system_account: SYS\njetstream: on\naccounts { SYS { jetstream: on } }",
                &["conflict 3:12"],
            ),
            (
                "jetstream { max_mem: 1M }\naccounts { A { jetstream { max_mem: 600K } }, B { jetstream { max_mem: 600K } } }",
                &["range 1:22"],
            ),
            ("jetstream { key: a, tpm { keys_file: b } }", &["value 1:38", "conflict 1:11"]),
            ("jetstream { tpm { keys_file: b }, enabled: false }", &[]),
            ("jetstream: on\nsystem_account: \"$G\"", &["conflict 2:17"]),
            (
                "leafnodes {}\njetstream { max_mem: 1M }\naccounts { A { jetstream { max_mem: 2M } } }",
                &["range 2:22"],
            ),
            (
                "jetstream: on\ntrusted_keys: [OAZLGTTIBT7WJDDBV4UESWCNFQEAEIGAUEMGRRATCTUG3BR4D7XX25ZM]",
                &["missing 1:1"],
            ),
            ("jetstream: on\ntrusted_keys: []", &[]),
        ];
        expect(cases);
    }
}

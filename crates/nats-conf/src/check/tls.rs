//! TLS: certificates and keys in pairs, and ciphers that exist (`parseTLS` and `GenTLSConfig`).

use super::super::section::Section;
use super::{CONFLICT, MISSING, VALUE, conflict, is_unset, missing};
use jinnacle_syntax::diagnostic::{Diagnostic, Sink, nearest};

pub fn check<'a>(root: Section<'a>, found: &mut Sink) {
    let tls = |section: Option<Section<'a>>| section.and_then(|section| section.section("tls"));
    let (cluster, gateway) = (root.section("cluster"), root.section("gateway"));
    let leafnodes = root.section("leafnodes|leaf");
    let mut blocks = vec![
        (root.section("tls"), Peer::Clients),
        (root.section("resolver_tls"), Peer::Clients),
        (tls(cluster), Peer::Servers),
        (tls(gateway), Peer::Servers),
        (tls(leafnodes), Peer::Clients),
        (tls(root.section("websocket|ws")), Peer::Clients),
        (tls(root.section("mqtt")), Peer::Clients),
    ];
    blocks.extend(
        gateway
            .into_iter()
            .flat_map(|g| g.sections("gateways"))
            .map(|g| (tls(Some(g)), Peer::Servers)),
    );
    for remote in leafnodes.into_iter().flat_map(|leafnodes| leafnodes.sections("remotes")) {
        blocks.push((tls(Some(remote)), Peer::Clients));
        blocks.push((tls(remote.section("proxy")), Peer::Proxy));
    }
    let listening = |block: Option<Section<'a>>| block.filter(|block| block.listens());
    let servers = [
        root.section("tls"),
        tls(leafnodes),
        tls(listening(root.section("websocket|ws"))),
        tls(listening(root.section("mqtt"))),
    ];
    for block in servers.into_iter().flatten() {
        check_peers_certificates(block, found);
    }
    for (block, peer) in blocks {
        if let Some(block) = block {
            check_files(block, found);
            check_ciphers(block, found);
            check_peer(block, peer, found);
        }
    }
}

/// Where clients show no certificate there is none to ask an authority about.
fn check_peers_certificates(tls: Section, found: &mut Sink) {
    let is_on = tls.is_true("ocsp_peer")
        || tls.section("ocsp_peer").is_some_and(|peer| peer.is_true("verify"));
    let asks = ["verify", "verify_and_map"];
    let may_ask = asks.iter().any(|name| tls.is_true(name) || is_unset(tls, name));
    if let Some(entry) = tls.entry("ocsp_peer").filter(|_| is_on && !may_ask && !tls.map.open) {
        let message = "`ocsp_peer` requires `verify: true`";
        found.push(Diagnostic::error(MISSING, message).at(&entry.key));
    }
}

/// With whom a block of TLS is for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Peer {
    Clients,
    Servers,
    Proxy,
}

fn check_files(tls: Section, found: &mut Sink) {
    if tls.has("cert_file") && tls.lacks("key_file") {
        found.push(missing(tls, "missing `key_file` in `tls` with a `cert_file`"));
    }
    if tls.has("key_file") && tls.lacks("cert_file") {
        found.push(missing(tls, "missing `cert_file` in `tls` with a `key_file`"));
    }
    if tls.has("cert_file") && tls.has("certs|certificates") {
        found.push(conflict(tls, "`cert_file` and `certs` are mutually exclusive in `tls`"));
    }
    for pair in tls.sections("certs|certificates") {
        if pair.lacks("cert_file") || pair.lacks("key_file") {
            found.push(missing(pair, "missing `cert_file` or `key_file` in `certs`"));
        }
    }
    for option in ["cert_store", "cert_match_by"] {
        let Some(store) = tls.entry(option).filter(|_| tls.has(option)) else {
            continue;
        };
        let message = format!("`{option}` is only supported on Windows");
        found.push(
            Diagnostic::error(VALUE, message).at(&store.key).help("use `cert_file` and `key_file`"),
        );
    }
}

fn check_ciphers(tls: Section, found: &mut Sink) {
    for names in ["cipher_suites", "curve_preferences"] {
        if let Some(entry) = tls.entry(names)
            && matches!(&entry.value.kind, super::super::Kind::List(list) if list.is_empty())
        {
            found.push(
                Diagnostic::error(VALUE, format!("`{names}` must not be empty"))
                    .at(&entry.value.span),
            );
        }
    }
    for cipher in tls.strings("cipher_suites") {
        if SAFE_CIPHERS.contains(&cipher.value) {
            continue;
        }
        if !UNSAFE_CIPHERS.contains(&cipher.value) {
            let message = format!("unknown cipher suite `{}`", cipher.value);
            let mut error = Diagnostic::error(VALUE, message).at(cipher.span);
            if let Some(known) = nearest(cipher.value, SAFE_CIPHERS) {
                error = error.help(format!("did you mean `{known}`?"));
            }
            found.push(error);
        } else if !tls.is_true("allow_insecure_cipher_suites") {
            let message = format!("insecure cipher suite `{}`", cipher.value);
            let help = "remove it, or set `allow_insecure_cipher_suites: true`";
            found.push(Diagnostic::error(CONFLICT, message).at(cipher.span).help(help));
        }
    }
}

fn check_peer(tls: Section, peer: Peer, found: &mut Sink) {
    let known_urls = "verify_cert_and_check_known_urls";
    if let Some(entry) =
        tls.entry(known_urls).filter(|_| peer == Peer::Clients && tls.is_true(known_urls))
    {
        let message = format!("`{known_urls}` is only allowed in `cluster` and `gateway`");
        found.push(Diagnostic::error(CONFLICT, message).at(&entry.key));
    }
    if peer == Peer::Proxy {
        for (name, entry) in &tls.map.entries {
            if !PROXY_OPTIONS.contains(&name.to_ascii_lowercase().as_str()) {
                let message = format!("`{name}` is not allowed in the `tls` of a proxy");
                found.push(Diagnostic::error(CONFLICT, message).at(&entry.key));
            }
        }
    }
    let verifies = tls.is_true("verify") || tls.is_true("verify_and_map");
    if let Some(entry) =
        tls.entry("verify|verify_and_map").filter(|_| verifies && tls.lacks("ca_file"))
    {
        let message =
            "missing `ca_file`: certificates are verified against the system's authorities";
        found.push(Diagnostic::warning(MISSING, message).at(&entry.key));
    }
}

/// The cipher suites that a server takes without more ado.
pub const SAFE_CIPHERS: [&str; 13] = [
    "TLS_AES_128_GCM_SHA256",
    "TLS_AES_256_GCM_SHA384",
    "TLS_CHACHA20_POLY1305_SHA256",
    "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA",
    "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA",
    "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA",
    "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA",
    "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
    "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
    "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
    "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
    "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
    "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
];

const UNSAFE_CIPHERS: [&str; 12] = [
    "TLS_RSA_WITH_RC4_128_SHA",
    "TLS_RSA_WITH_3DES_EDE_CBC_SHA",
    "TLS_RSA_WITH_AES_128_CBC_SHA",
    "TLS_RSA_WITH_AES_256_CBC_SHA",
    "TLS_RSA_WITH_AES_128_CBC_SHA256",
    "TLS_RSA_WITH_AES_128_GCM_SHA256",
    "TLS_RSA_WITH_AES_256_GCM_SHA384",
    "TLS_ECDHE_ECDSA_WITH_RC4_128_SHA",
    "TLS_ECDHE_RSA_WITH_RC4_128_SHA",
    "TLS_ECDHE_RSA_WITH_3DES_EDE_CBC_SHA",
    "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256",
    "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256",
];

const PROXY_OPTIONS: [&str; 16] = [
    "cert_file",
    "key_file",
    "ca_file",
    "insecure",
    "cipher_suites",
    "allow_insecure_cipher_suites",
    "curve_preferences",
    "min_version",
    "timeout",
    "cert_store",
    "cert_match_by",
    "cert_match",
    "cert_match_skip_invalid",
    "ca_certs_match",
    "certs",
    "certificates",
];

#[cfg(test)]
mod tests {
    use crate::check::tests::expect;

    #[test]
    fn certificates_and_ciphers_fit_together() {
        let cases: &[(&str, &[&str])] = &[
            ("tls { cert_file: a }", &["missing 1:5"]),
            ("cluster { tls { key_file: a } }", &["missing 1:15"]),
            (
                "tls { cert_file: a, key_file: b, certs: [{cert_file: a, key_file: b}] }",
                &["conflict 1:5"],
            ),
            ("mqtt { tls { certs: [{cert_file: a}] } }", &["missing 1:22"]),
            ("tls { cipher_suites: [] }", &["value 1:22"]),
            ("tls { ocsp_peer: true }", &["missing 1:7"]),
            ("leafnodes { tls { ocsp_peer { verify: true } } }", &["missing 1:19"]),
            ("cluster { tls { ocsp_peer: true } }", &[]),
            ("tls { ocsp_peer: true, verify: true, ca_file: a }", &[]),
            (
                "tls { cipher_suites: [TLS_AES_128_GCM_SHA25, TLS_RSA_WITH_RC4_128_SHA] }",
                &["value 1:23", "conflict 1:46"],
            ),
            (
                "tls { cipher_suites: [TLS_RSA_WITH_RC4_128_SHA], allow_insecure_cipher_suites: true }",
                &[],
            ),
            ("tls { verify_cert_and_check_known_urls: true }", &["conflict 1:7"]),
            ("cluster { tls { verify_cert_and_check_known_urls: true } }", &[]),
            ("tls { verify: true }", &["warning: missing 1:7"]),
            ("tls { verify: true, ca_file: a }", &[]),
            ("tls { cert_store: a }", &["value 1:7"]),
            (
                "leafnodes { remotes: [{url: \"nats://a:1\", proxy { url: \"https://a\", tls { verify: true, ca_file: a } }}] }",
                &["conflict 1:75"],
            ),
        ];
        expect(cases);
    }
}

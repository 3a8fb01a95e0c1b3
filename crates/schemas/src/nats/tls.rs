use schemars::JsonSchema;

use super::reference::SecretName;
use crate::scalar::{OneOrMore, Timeout};

/// A `tls` block of nats.conf. The Secret is mounted; `ca`, `cert` and `key` name files in it.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
pub struct Tls {
    /// The Secret with the files. Its name may contain `{{ release.name }}`.
    secret: Option<SecretName>,

    /// The file with the trusted CA certificates (`ca_file`).
    ca: Option<String>,

    /// The file with the certificate (`cert_file`).
    cert: Option<String>,

    /// The file with the private key (`key_file`).
    key: Option<String>,

    /// Accepts any certificate of the peer (`insecure`). Only for tests.
    insecure: Option<bool>,

    /// Requires a certificate from the peer (`verify`).
    verify: Option<bool>,

    /// Requires a certificate from the client, and uses its subject as the user (`verify_and_map`).
    verify_and_map: Option<bool>,

    /// Requires a certificate for a host in the configured routes or gateways
    /// (`verify_cert_and_check_known_urls`). Not for clients.
    verify_cert_and_check_known_urls: Option<bool>,

    /// The allowed cipher suites (`cipher_suites`).
    cipher_suites: Option<Vec<String>>,

    /// The curves in order of preference (`curve_preferences`).
    curve_preferences: Option<OneOrMore>,

    /// The maximum duration of the handshake (`timeout`), in seconds.
    timeout: Option<Timeout>,
}

/// TLS for clients.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
pub struct ClientTls {
    #[schemars(flatten)]
    tls: Tls,

    /// Also accepts clients without TLS (`allow_non_tls`).
    #[schemars(rename = "allowNonTLS")]
    allow_non_tls: Option<bool>,
}

/// A `tls` block that you can also write as text.
#[derive(JsonSchema)]
pub struct CustomTls {
    #[schemars(flatten)]
    tls: Tls,

    /// The content of the block in the syntax of nats.conf, instead of all other keys. No Secret is
    /// mounted: mount the files with `additionalVolumes`.
    custom: Option<String>,
}

/// TLS for the connection of a leaf node to a remote server.
#[derive(JsonSchema)]
pub struct RemoteTls {
    /// The Secret with the files.
    secret: Option<SecretName>,

    /// The file with the trusted CA certificates.
    ca: Option<String>,

    /// The file with the client certificate.
    cert: Option<String>,

    /// The file with the private key.
    key: Option<String>,

    /// The content of the block in the syntax of nats.conf, instead of all other keys.
    custom: Option<String>,
}

/// TLS for WebSocket clients.
#[derive(JsonSchema)]
pub struct WebsocketTls {
    /// The Secret with the files. Its name may contain `{{ release.name }}`.
    secret: SecretName,

    /// The file with the trusted CA certificates.
    ca: Option<String>,

    /// The file with the certificate.
    cert: Option<String>,

    /// The file with the private key.
    key: Option<String>,
}

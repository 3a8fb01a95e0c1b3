use schemars::JsonSchema;

use super::reference::SecretName;
use crate::scalar::{OneOrMore, Timeout};

/// A `tls` block of nats.conf. The Secret is mounted; `ca`, `cert` and `key` name files in it.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
pub struct Tls {
    /// The Secret with the files. Its name may hold `{{ release.name }}`.
    secret: Option<SecretName>,

    /// The file with the certificates of the authorities that are trusted (`ca_file`).
    ca: Option<String>,

    /// The file with the server's certificate (`cert_file`).
    cert: Option<String>,

    /// The file with the key of the certificate (`key_file`).
    key: Option<String>,

    /// Takes any certificate of the other side (`insecure`). Only for trials.
    insecure: Option<bool>,

    /// Wants a certificate of the other side, too (`verify`).
    verify: Option<bool>,

    /// Wants a certificate of the client, and its subject is the user (`verify_and_map`).
    verify_and_map: Option<bool>,

    /// Wants a certificate for a host of the routes or gateways in the configuration
    /// (`verify_cert_and_check_known_urls`). Not for clients.
    verify_cert_and_check_known_urls: Option<bool>,

    /// The ciphers that are allowed (`cipher_suites`).
    cipher_suites: Option<Vec<String>>,

    /// The curves, the preferred one first (`curve_preferences`).
    curve_preferences: Option<OneOrMore>,

    /// How long the handshake may take (`timeout`), in seconds.
    timeout: Option<Timeout>,
}

/// TLS for clients.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
pub struct ClientTls {
    #[schemars(flatten)]
    tls: Tls,

    /// Lets clients in that do not speak TLS (`allow_non_tls`).
    #[schemars(rename = "allowNonTLS")]
    allow_non_tls: Option<bool>,
}

/// A `tls` block that can also be written by hand.
#[derive(JsonSchema)]
pub struct CustomTls {
    #[schemars(flatten)]
    tls: Tls,

    /// The text of the block in nats.conf's own language, instead of all other keys. No Secret is
    /// mounted for it: the files come from `additionalVolumes`.
    custom: Option<String>,
}

/// TLS towards the server that a leaf node connects to.
#[derive(JsonSchema)]
pub struct RemoteTls {
    /// The Secret with the files.
    secret: Option<SecretName>,

    /// The file with the certificates of the authorities that are trusted.
    ca: Option<String>,

    /// The file with the certificate that is shown.
    cert: Option<String>,

    /// The file with the key of the certificate.
    key: Option<String>,

    /// The text of the block in nats.conf's own language, instead of all other keys.
    custom: Option<String>,
}

/// TLS for WebSocket clients.
#[derive(JsonSchema)]
pub struct WebsocketTls {
    /// The Secret with the files. Its name may hold `{{ release.name }}`.
    secret: SecretName,

    /// The file with the certificates of the authorities that are trusted.
    ca: Option<String>,

    /// The file with the server's certificate.
    cert: Option<String>,

    /// The file with the key of the certificate.
    key: Option<String>,
}

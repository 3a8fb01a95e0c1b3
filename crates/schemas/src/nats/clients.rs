//! Clients that do not speak the protocol of NATS.

use schemars::JsonSchema;

use super::tls::{Tls, WebsocketTls};
use crate::scalar::{Duration, Port};

#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
pub struct Mqtt {
    /// Listens on port 1883.
    enabled: bool,

    /// A message that is not acknowledged in this time is sent again (`ack_wait`).
    ack_wait: Option<Duration>,

    /// As many messages may wait for acknowledgement in one subscription (`max_ack_pending`).
    #[schemars(range(min = 0, max = 65535))]
    max_ack_pending: Option<u32>,

    /// The user that clients without a name are (`no_auth_user`).
    no_auth_user: Option<String>,

    /// TLS for MQTT clients.
    tls: Option<Tls>,
}

#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
pub struct Websocket {
    /// Listens.
    enabled: bool,

    /// The port of the servers and of the Service.
    port: Port,

    /// Does without TLS (`no_tls`), since a proxy in front has it. `tls` goes before it.
    #[schemars(rename = "noTLS")]
    no_tls: Option<bool>,

    /// Takes only clients of pages that come from the same host (`same_origin`).
    same_origin: Option<bool>,

    /// Takes only clients of pages that come from these addresses (`allowed_origins`).
    allowed_origins: Option<Vec<String>>,

    /// The host and port that clients are told (`advertise`).
    advertise: Option<String>,

    /// How long the handshake may take (`handshake_timeout`).
    handshake_timeout: Option<Duration>,

    /// TLS for WebSocket clients.
    tls: Option<WebsocketTls>,
}

//! Clients that do not speak the protocol of NATS.

use schemars::JsonSchema;

use super::tls::{Tls, WebsocketTls};
use crate::scalar::{Duration, Port};

#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
pub struct Mqtt {
    /// Enables MQTT on port 1883.
    enabled: bool,

    /// How long to wait for an acknowledgement before a message is sent again (`ack_wait`).
    ack_wait: Option<Duration>,

    /// The maximum number of unacknowledged messages per subscription (`max_ack_pending`).
    #[schemars(range(min = 0, max = 65535))]
    max_ack_pending: Option<u32>,

    /// The user for clients without credentials (`no_auth_user`).
    no_auth_user: Option<String>,

    /// TLS for MQTT clients.
    tls: Option<Tls>,
}

#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
pub struct Websocket {
    /// Enables WebSocket.
    enabled: bool,

    /// The port of the servers and of the Service.
    port: Port,

    /// Disables TLS (`no_tls`), for use behind a proxy that terminates TLS. Ignored if `tls` is
    /// set.
    #[schemars(rename = "noTLS")]
    no_tls: Option<bool>,

    /// Accepts only clients of pages from the same host (`same_origin`).
    same_origin: Option<bool>,

    /// Accepts only clients of pages from these origins (`allowed_origins`).
    allowed_origins: Option<Vec<String>>,

    /// The host and port to advertise to clients (`advertise`).
    advertise: Option<String>,

    /// The maximum duration of the handshake (`handshake_timeout`).
    handshake_timeout: Option<Duration>,

    /// TLS for WebSocket clients.
    tls: Option<WebsocketTls>,
}

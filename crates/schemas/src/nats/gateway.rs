use schemars::JsonSchema;

use super::cluster::Authorization;
use super::tls::Tls;
use crate::scalar::{Count, OneOrMore, Port};

#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
pub struct Gateway {
    /// Enables the gateway.
    enabled: bool,

    /// The port of the servers and of the Service.
    port: Port,

    /// The name of this cluster in the super cluster (`name`). It must equal `cluster.name`, if
    /// that is set.
    name: String,

    /// The host and port to advertise to other clusters (`advertise`).
    advertise: Option<String>,

    /// Accepts only the clusters in `gateways` (`reject_unknown_cluster`).
    reject_unknown_cluster: Option<bool>,

    /// The number of retries for the first connection to another cluster (`connect_retries`).
    connect_retries: Option<Count>,

    /// Credentials for connections from other clusters.
    authorization: Option<Authorization>,

    /// The clusters to connect to. The list may include this one.
    gateways: Option<Vec<RemoteGateway>>,

    /// TLS between the clusters.
    tls: Option<Tls>,
}

/// Another cluster.
#[derive(JsonSchema)]
struct RemoteGateway {
    /// Its `gateway.name`.
    name: String,

    /// The URL of one of its servers, or of all.
    #[schemars(example = "nats://nats.west.example.com:7522")]
    url: Option<String>,

    /// The URLs of several of its servers.
    urls: Option<OneOrMore>,
}

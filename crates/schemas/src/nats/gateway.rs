use schemars::JsonSchema;

use super::cluster::Authorization;
use super::tls::Tls;
use crate::scalar::{Count, OneOrMore, Port};

#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
pub struct Gateway {
    /// Joins the super cluster.
    enabled: bool,

    /// The port of the servers and of the Service.
    port: Port,

    /// The name of this cluster in the super cluster (`name`): that of `cluster.name`, if there is
    /// one.
    name: String,

    /// The host and port that other clusters are told (`advertise`).
    advertise: Option<String>,

    /// Lets in only the clusters of `gateways` (`reject_unknown_cluster`).
    reject_unknown_cluster: Option<bool>,

    /// How often another cluster is tried at first (`connect_retries`).
    connect_retries: Option<Count>,

    /// What the servers of another cluster need to be let in.
    authorization: Option<Authorization>,

    /// The clusters to connect to. This one may be among them.
    gateways: Option<Vec<RemoteGateway>>,

    /// TLS between the clusters.
    tls: Option<Tls>,
}

/// Another cluster.
#[derive(JsonSchema)]
struct RemoteGateway {
    /// Its `gateway.name`.
    name: String,

    /// The address of one of its servers, or of all.
    #[schemars(example = "nats://nats.west.example.com:7522")]
    url: Option<String>,

    /// The addresses of several of its servers.
    urls: Option<OneOrMore>,
}

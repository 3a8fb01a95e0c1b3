use schemars::JsonSchema;

use super::tls::CustomTls;
use crate::scalar::{Count, Timeout};

#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
pub struct Cluster {
    /// Makes a cluster of `replicas` servers. Without it there is one server.
    enabled: bool,

    /// The number of servers: three or five with JetStream.
    replicas: Count,

    /// The name of the cluster. With JetStream, the name of the chart if there is none.
    name: Option<String>,

    /// Does not tell clients the addresses of the other servers (`no_advertise`).
    no_advertise: Option<bool>,

    /// Routes to servers besides those of this release (`routes`).
    extra_routes: Option<Vec<String>>,

    /// What a server needs to be let into the cluster.
    authorization: Option<Authorization>,

    /// TLS between the servers.
    tls: Option<CustomTls>,
}

/// The one user that other servers log in as.
#[derive(JsonSchema)]
pub struct Authorization {
    /// The name.
    user: Option<String>,

    /// The password.
    password: Option<String>,

    /// How long the login may take, in seconds.
    timeout: Option<Timeout>,
}

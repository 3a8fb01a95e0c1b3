use schemars::JsonSchema;

use super::tls::CustomTls;
use crate::scalar::{Count, Timeout};

#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
pub struct Cluster {
    /// Enables a cluster of `replicas` servers. Otherwise there is one server.
    enabled: bool,

    /// The number of servers. Use 3 or 5 with JetStream.
    replicas: Count,

    /// The name of the cluster. Default with JetStream: the name of the chart.
    name: Option<String>,

    /// Does not advertise the addresses of the other servers to clients (`no_advertise`).
    no_advertise: Option<bool>,

    /// Routes to servers outside of this release (`routes`).
    extra_routes: Option<Vec<String>>,

    /// Credentials of the routes between the servers.
    authorization: Option<Authorization>,

    /// TLS between the servers.
    tls: Option<CustomTls>,
}

/// The user for connections from other servers.
#[derive(JsonSchema)]
pub struct Authorization {
    /// The name.
    user: Option<String>,

    /// The password.
    password: Option<String>,

    /// The maximum duration of the login, in seconds.
    timeout: Option<Timeout>,
}

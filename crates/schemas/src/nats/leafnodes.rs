use schemars::JsonSchema;

use super::reference::SecretEntry;
use super::tls::{CustomTls, RemoteTls};
use crate::scalar::{OneOrMore, Port, Timeout};

#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
pub struct Leafnodes {
    /// Accepts connections from leaf nodes.
    enabled: bool,

    /// The port of the servers and of the Service.
    port: Port,

    /// Does not advertise the addresses of the servers to leaf nodes (`no_advertise`).
    no_advertise: Option<bool>,

    /// Credentials for connections from leaf nodes.
    authorization: Option<LeafAuthorization>,

    /// Remote servers to connect to.
    remotes: Option<Vec<Remote>>,

    /// TLS for leaf nodes.
    tls: Option<CustomTls>,
}

/// The user for leaf nodes, or several users.
#[derive(JsonSchema)]
struct LeafAuthorization {
    /// The name.
    user: Option<String>,

    /// The password.
    password: Option<String>,

    /// Their account, from `auth.basic.accounts`.
    account: Option<String>,

    /// The maximum duration of the login, in seconds.
    timeout: Option<Timeout>,

    /// Several users, each with its own account.
    users: Option<Vec<LeafUser>>,
}

#[derive(JsonSchema)]
struct LeafUser {
    /// The name.
    user: String,

    /// The password.
    password: Option<String>,

    /// Alias of `password`.
    pass: Option<String>,

    /// The account of the leaf node.
    account: Option<String>,
}

/// A remote server, or several servers of one cluster.
#[derive(JsonSchema)]
struct Remote {
    /// Its URL.
    #[schemars(example = "tls://connect.ngs.global:7422")]
    url: Option<String>,

    /// The URLs of several servers of one cluster.
    urls: Option<OneOrMore>,

    /// The local account: its name or its public key.
    account: Option<String>,

    /// The credentials file for the remote server.
    credentials: Option<SecretEntry>,

    /// TLS for this connection.
    tls: Option<RemoteTls>,
}

use schemars::JsonSchema;

use super::reference::SecretEntry;
use super::tls::{CustomTls, RemoteTls};
use crate::scalar::{OneOrMore, Port, Timeout};

#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
pub struct Leafnodes {
    /// Lets leaf nodes connect to these servers.
    enabled: bool,

    /// The port of the servers and of the Service.
    port: Port,

    /// Does not tell leaf nodes the addresses of the servers (`no_advertise`).
    no_advertise: Option<bool>,

    /// What a leaf node needs to be let in.
    authorization: Option<LeafAuthorization>,

    /// Servers elsewhere that these servers connect to.
    remotes: Option<Vec<Remote>>,

    /// TLS for leaf nodes.
    tls: Option<CustomTls>,
}

/// The user that leaf nodes log in as, or several of them.
#[derive(JsonSchema)]
struct LeafAuthorization {
    /// The name.
    user: Option<String>,

    /// The password.
    password: Option<String>,

    /// The account of `auth.basic.accounts` that they belong to.
    account: Option<String>,

    /// How long the login may take, in seconds.
    timeout: Option<Timeout>,

    /// Several users, each with an account of its own.
    users: Option<Vec<LeafUser>>,
}

#[derive(JsonSchema)]
struct LeafUser {
    /// The name.
    user: String,

    /// The password.
    password: Option<String>,

    /// `password` by another name.
    pass: Option<String>,

    /// The account that the leaf node belongs to.
    account: Option<String>,
}

/// A server elsewhere, or several of one cluster.
#[derive(JsonSchema)]
struct Remote {
    /// Its address.
    #[schemars(example = "tls://connect.ngs.global:7422")]
    url: Option<String>,

    /// The addresses of several servers of one cluster.
    urls: Option<OneOrMore>,

    /// The account here that is connected: its name, or its public key.
    account: Option<String>,

    /// The credentials file of the user that logs in there.
    credentials: Option<SecretEntry>,

    /// TLS towards it.
    tls: Option<RemoteTls>,
}

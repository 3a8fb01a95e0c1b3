use std::collections::HashMap;

use schemars::JsonSchema;

use super::Texts;
use super::account::{Account, Permission, User};
use super::reference::{ConfigMapEntry, Entry};
use crate::scalar::{Duration, Quantity, Timeout};

#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
pub struct Auth {
    /// Turns everything below on.
    enabled: bool,

    /// How long a client has to log in (`authorization.timeout`), in seconds.
    timeout: Option<Timeout>,

    /// The account of the servers' events and of their management (`system_account`): its name, or
    /// its public key.
    system_account: Option<String>,

    /// The one secret that all clients share (`authorization.token`).
    token: Option<String>,

    /// Users that prove who they are by a key pair.
    nkeys: Option<Nkeys>,

    /// Users with passwords, and accounts.
    basic: Option<Basic>,

    /// The JWT of the operator, for the resolvers `memory` and `URL`.
    operatorjwt: Option<ConfigMapEntry>,

    /// Where the JWTs of accounts come from.
    resolver: Resolver,
}

#[derive(JsonSchema)]
struct Nkeys {
    /// The users. Each has an `nkey`.
    users: Option<Vec<User>>,
}

#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
struct Basic {
    /// The user that clients without a name are (`no_auth_user`).
    no_auth_user: Option<String>,

    /// Users of the one global account; not beside `accounts`.
    users: Option<Vec<User>>,

    /// Has no effect: see `auth.timeout`.
    timeout: Option<Timeout>,

    /// What users may do who have no permissions of their own (`default_permissions`).
    default_permissions: Option<DefaultPermissions>,

    /// Accounts by name. What one account sends no other one sees, unless it is exported.
    accounts: Option<HashMap<String, Account>>,
}

#[derive(JsonSchema)]
struct DefaultPermissions {
    /// Subjects that may be published to.
    publish: Option<Permission>,

    /// Subjects that may be subscribed to.
    subscribe: Option<Permission>,
}

#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
struct Resolver {
    /// `none`: there are no JWTs. `memory`: they are in the configuration. `full`: the servers keep
    /// what is pushed to them. `URL`: an account server has them.
    #[schemars(rename = "type")]
    kind: Option<ResolverType>,

    /// `memory` and `full`: a file that is included, as `nsc generate config` makes it.
    config_map: Option<Entry>,

    /// `URL`: the address of the account server.
    #[schemars(example = "http://nats-account-server:9090/jwt/v1/accounts/")]
    url: Option<String>,

    /// `full`: the JWT of the operator.
    operator: Option<String>,

    /// `full`: the public key of the system account.
    system_account: Option<String>,

    /// `full`: lets `nsc` delete accounts (`allow_delete`).
    allow_delete: Option<bool>,

    /// `full`: how often the servers compare what they have (`interval`).
    interval: Option<Duration>,

    /// `full`: where each server keeps the JWTs.
    store: Store,

    /// The accounts that are there from the beginning: their JWTs by their public keys.
    resolver_preload: Option<Texts>,
}

#[derive(JsonSchema)]
#[schemars(inline, rename_all = "lowercase")]
enum ResolverType {
    None,
    Memory,
    Full,
    #[schemars(rename = "URL")]
    Url,
}

#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
struct Store {
    /// The folder (`dir`), where a volume is mounted.
    dir: String,

    /// The size of the volume that each server claims.
    size: Quantity,

    /// The storage class of the claim. Unset, the default of the Kubernetes cluster.
    storage_class_name: Option<String>,
}

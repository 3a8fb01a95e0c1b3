//! Accounts and users, which nats.conf gets as they are written: the keys are the server's own,
//! and each has one name here; [`aliases`](crate::aliases) adds the others.

use std::collections::HashMap;

use schemars::JsonSchema;

use crate::scalar::{Duration, Limit, OneOrMore, Sampling, Weight};

/// An account: users that see only each other's messages.
#[derive(JsonSchema)]
pub struct Account {
    /// The users.
    users: Option<Vec<User>>,

    /// The public key of the account.
    nkey: Option<String>,

    /// JetStream for the account: all of it, or within limits.
    jetstream: Option<AccountJetstream>,

    /// The exports: what other accounts may import.
    exports: Option<Vec<Export>>,

    /// The imports from other accounts.
    imports: Option<Vec<Import>>,

    /// Subject mappings.
    mappings: Option<Mappings>,

    /// Permissions of users without their own.
    default_permissions: Option<Permissions>,

    /// Limits for all users of the account together.
    limits: Option<AccountLimits>,

    /// The subject to which message traces are sent.
    msg_trace: Option<MessageTrace>,
}

/// A user with a name and a password, or with an NKey.
#[derive(JsonSchema)]
pub struct User {
    /// The name.
    user: Option<String>,

    /// The password, or its bcrypt hash.
    password: Option<String>,

    /// The public key of the user, instead of a name and a password.
    nkey: Option<String>,

    /// The permissions of the user. Default: everything in the account.
    permissions: Option<Permissions>,

    /// The connection types that the user may use.
    allowed_connection_types: Option<Vec<ConnectionType>>,

    /// Accepts the user only through a trusted proxy.
    proxy_required: Option<bool>,
}

/// Permissions to publish and to subscribe.
#[derive(JsonSchema)]
pub struct Permissions {
    /// Subjects to which the user may publish.
    publish: Option<Permission>,

    /// Subjects to which the user may subscribe.
    subscribe: Option<Permission>,

    /// Allows replies to incoming requests, regardless of `publish`.
    allow_responses: Option<Responses>,
}

/// A subject, a list of subjects, or a map with `allow` and `deny`.
#[derive(JsonSchema)]
#[schemars(extend("type" = ["string", "array", "object"], "items" = {"type": "string"}))]
pub struct Permission {
    /// Allowed subjects. Default: all.
    allow: Option<OneOrMore>,

    /// Denied subjects, which take precedence over `allow`.
    deny: Option<OneOrMore>,
}

/// Replies: true, or a maximum number within a time limit.
#[derive(JsonSchema)]
#[schemars(extend("type" = ["boolean", "object"]))]
struct Responses {
    /// The maximum number of replies to a request.
    max: Option<Limit>,

    /// How long after a request replies are allowed.
    expires: Option<Duration>,
}

#[derive(JsonSchema)]
#[schemars(inline, rename_all = "SCREAMING_SNAKE_CASE")]
enum ConnectionType {
    Standard,
    Websocket,
    Leafnode,
    LeafnodeWs,
    Mqtt,
    MqttWs,
    InProcess,
}

/// JetStream for an account: true, `enabled`, or limits.
#[derive(JsonSchema)]
#[schemars(extend(
    "type" = ["boolean", "string", "object"],
    "pattern" = "^([Ee]nabled?|[Dd]isabled?)$"
))]
struct AccountJetstream {
    /// The maximum size of all streams in memory, in bytes.
    max_memory: Option<Limit>,

    /// The maximum size of all streams in files, in bytes.
    max_store: Option<Limit>,

    /// The maximum number of streams.
    max_streams: Option<Limit>,

    /// The maximum number of consumers.
    max_consumers: Option<Limit>,

    /// Accepts only streams with a maximum size.
    max_bytes_required: Option<bool>,

    /// The maximum size of one stream in memory, in bytes.
    memory_max_stream_bytes: Option<Limit>,

    /// The maximum size of one stream in files, in bytes.
    disk_max_stream_bytes: Option<Limit>,

    /// The maximum number of unacknowledged messages of one consumer.
    max_ack_pending: Option<Limit>,

    /// The account that is charged for the replication traffic between servers.
    cluster_traffic: Option<ClusterTraffic>,
}

#[derive(JsonSchema)]
#[schemars(inline, rename_all = "lowercase")]
enum ClusterTraffic {
    System,
    Owner,
}

/// A stream or a service that other accounts may import.
#[derive(JsonSchema)]
struct Export {
    /// The subject of the messages.
    stream: Option<String>,

    /// The subject of the requests.
    service: Option<String>,

    /// The accounts that may import it. Default: all.
    accounts: Option<OneOrMore>,

    /// Whether a service replies with one message or with several.
    response_type: Option<ResponseType>,

    /// The maximum time until a reply.
    response_threshold: Option<Duration>,

    /// The subject to which latency measurements are sent.
    latency: Option<Latency>,

    /// The position of the subject token that must be the public key of the importing account.
    account_token_position: Option<Limit>,

    /// Continues message traces in this account.
    allow_trace: Option<bool>,
}

#[derive(JsonSchema)]
#[schemars(inline, rename_all = "lowercase")]
enum ResponseType {
    Single,
    Singleton,
    Stream,
    Chunk,
    Chunked,
}

/// The subject for latency measurements, or the subject and the sampling rate.
#[derive(JsonSchema)]
#[schemars(extend("type" = ["string", "object"]))]
struct Latency {
    /// The subject.
    subject: String,

    /// The percentage of requests to measure, or `headers` for requests that ask for it.
    sampling: Option<Sampling>,
}

/// An import from another account.
#[derive(JsonSchema)]
struct Import {
    /// The stream.
    stream: Option<ImportSource>,

    /// The service.
    service: Option<ImportSource>,

    /// A prefix for the subjects of the stream in this account.
    prefix: Option<String>,

    /// The subject in this account.
    to: Option<String>,

    /// Shares information about the client with the service, for latency measurements.
    share: Option<bool>,

    /// Continues message traces in the other account.
    allow_trace: Option<bool>,
}

#[derive(JsonSchema)]
struct ImportSource {
    /// The exporting account.
    account: String,

    /// The subject in the exporting account.
    subject: String,
}

/// Limits for all users of an account together; -1 means no limit.
#[derive(JsonSchema)]
struct AccountLimits {
    /// The maximum number of connections.
    max_connections: Option<Limit>,

    /// The maximum number of subscriptions.
    max_subscriptions: Option<Limit>,

    /// The maximum size of a message, in bytes.
    max_payload: Option<Limit>,

    /// The maximum number of leaf node connections.
    max_leafnodes: Option<Limit>,
}

/// The subject for traces, or the subject and the sampling rate.
#[derive(JsonSchema)]
#[schemars(extend("type" = ["string", "object"]))]
struct MessageTrace {
    /// The subject.
    dest: String,

    /// The percentage of messages to trace.
    sampling: Option<Sampling>,
}

/// Destination subjects by the original subject.
pub type Mappings = HashMap<String, Mapping>;

/// A subject, or several weighted destinations.
#[derive(JsonSchema)]
#[schemars(extend("type" = ["string", "array", "object"], "items" = {"$ref": "#/definitions/Mapping"}))]
pub struct Mapping {
    /// The subject.
    destination: Option<String>,

    /// The percentage of messages. The weights for one cluster add up to 100.
    weight: Option<Weight>,

    /// Applies only to messages in this cluster.
    cluster: Option<String>,
}

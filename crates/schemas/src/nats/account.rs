//! Accounts and users, which nats.conf gets as they are written: the keys are the server's own,
//! with all the words that it has for one thing.

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

    /// What other accounts may import.
    exports: Option<Vec<Export>>,

    /// What this account takes of the exports of others.
    imports: Option<Vec<Import>>,

    /// Subjects that are rewritten.
    mappings: Option<Mappings>,

    /// `mappings` by another name.
    maps: Option<Mappings>,

    /// What users may do who have no permissions of their own.
    default_permissions: Option<Permissions>,

    /// What all users together may use.
    limits: Option<AccountLimits>,

    /// The subject that traced messages are reported to.
    msg_trace: Option<MessageTrace>,
}

/// A user: a name and a password, or an nkey.
#[derive(JsonSchema)]
pub struct User {
    /// The name.
    user: Option<String>,

    /// `user` by another name.
    username: Option<String>,

    /// The password, or its bcrypt hash.
    password: Option<String>,

    /// `password` by another name.
    pass: Option<String>,

    /// The public key of the user, instead of a name and a password.
    nkey: Option<String>,

    /// What the user may do. Without them, everything in the account.
    permissions: Option<Permissions>,

    /// `permissions` by another name.
    permission: Option<Permissions>,

    /// `permissions` by another name.
    authorization: Option<Permissions>,

    /// How the user may connect.
    allowed_connection_types: Option<Vec<ConnectionType>>,

    /// `allowed_connection_types` by another name.
    connection_types: Option<Vec<ConnectionType>>,

    /// `allowed_connection_types` by another name.
    clients: Option<Vec<ConnectionType>>,

    /// Takes the user only behind a trusted proxy.
    proxy_required: Option<bool>,
}

/// What may be published and subscribed to.
#[derive(JsonSchema)]
pub struct Permissions {
    /// Subjects that may be published to.
    publish: Option<Permission>,

    /// `publish` by another name.
    #[schemars(rename = "pub")]
    publish_short: Option<Permission>,

    /// `publish` by another name.
    import: Option<Permission>,

    /// Subjects that may be subscribed to.
    subscribe: Option<Permission>,

    /// `subscribe` by another name.
    sub: Option<Permission>,

    /// `subscribe` by another name.
    export: Option<Permission>,

    /// Allows answers to the requests that come in, whatever `publish` says.
    allow_responses: Option<Responses>,

    /// `allow_responses` by another name.
    publish_allow_responses: Option<Responses>,
}

/// Subjects: one, a list, or what is allowed and what is not.
#[derive(JsonSchema)]
#[schemars(extend("type" = ["string", "array", "object"], "items" = {"type": "string"}))]
pub struct Permission {
    /// Subjects that are allowed. Unset, all.
    allow: Option<OneOrMore>,

    /// Subjects that are not, even if they are allowed above.
    deny: Option<OneOrMore>,
}

/// Answers: true, or as many in such a time.
#[derive(JsonSchema)]
#[schemars(extend("type" = ["boolean", "object"]))]
struct Responses {
    /// The number of answers to one request.
    max: Option<Limit>,

    /// `max` by another name.
    max_msgs: Option<Limit>,

    /// `max` by another name.
    max_messages: Option<Limit>,

    /// `max` by another name.
    max_responses: Option<Limit>,

    /// How long after a request.
    expires: Option<Duration>,

    /// `expires` by another name.
    expiration: Option<Duration>,

    /// `expires` by another name.
    ttl: Option<Duration>,
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

/// JetStream for an account: true, `enabled`, or what it may use.
#[derive(JsonSchema)]
#[schemars(extend(
    "type" = ["boolean", "string", "object"],
    "pattern" = "^([Ee]nabled?|[Dd]isabled?)$"
))]
struct AccountJetstream {
    /// Bytes in memory.
    max_memory: Option<Limit>,

    /// `max_memory` by another name.
    max_mem: Option<Limit>,

    /// `max_memory` by another name.
    mem: Option<Limit>,

    /// `max_memory` by another name.
    memory: Option<Limit>,

    /// Bytes in files.
    max_store: Option<Limit>,

    /// `max_store` by another name.
    max_file: Option<Limit>,

    /// `max_store` by another name.
    max_disk: Option<Limit>,

    /// `max_store` by another name.
    store: Option<Limit>,

    /// `max_store` by another name.
    disk: Option<Limit>,

    /// The number of streams.
    max_streams: Option<Limit>,

    /// `max_streams` by another name.
    streams: Option<Limit>,

    /// The number of consumers.
    max_consumers: Option<Limit>,

    /// `max_consumers` by another name.
    consumers: Option<Limit>,

    /// Takes only streams that say how large they may become.
    max_bytes_required: Option<bool>,

    /// `max_bytes_required` by another name.
    max_stream_bytes: Option<bool>,

    /// `max_bytes_required` by another name.
    max_bytes: Option<bool>,

    /// Bytes of one stream in memory.
    memory_max_stream_bytes: Option<Limit>,

    /// `memory_max_stream_bytes` by another name.
    mem_max_stream_bytes: Option<Limit>,

    /// Bytes of one stream in files.
    disk_max_stream_bytes: Option<Limit>,

    /// `disk_max_stream_bytes` by another name.
    store_max_stream_bytes: Option<Limit>,

    /// Messages of one consumer that wait for acknowledgement.
    max_ack_pending: Option<Limit>,

    /// The account that the traffic between the servers is counted for.
    cluster_traffic: Option<ClusterTraffic>,
}

#[derive(JsonSchema)]
#[schemars(inline, rename_all = "lowercase")]
enum ClusterTraffic {
    System,
    Owner,
}

/// A stream of messages or a service that other accounts may import.
#[derive(JsonSchema)]
struct Export {
    /// The subject of messages to listen to.
    stream: Option<String>,

    /// The subject of requests that are answered.
    service: Option<String>,

    /// The accounts that may import it. Unset, all.
    accounts: Option<OneOrMore>,

    /// How a service answers: once, or with several messages.
    response_type: Option<ResponseType>,

    /// `response_type` by another name.
    response: Option<ResponseType>,

    /// How long an answer may take.
    response_threshold: Option<Duration>,

    /// `response_threshold` by another name.
    threshold: Option<Duration>,

    /// `response_threshold` by another name.
    response_max_time: Option<Duration>,

    /// `response_threshold` by another name.
    response_time: Option<Duration>,

    /// The subject that measured times of answers are sent to.
    latency: Option<Latency>,

    /// The place of the token in the subject that has to be the importing account's key.
    account_token_position: Option<Limit>,

    /// Lets traces of messages go on into this account.
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

/// A subject for measured times, or that and how many requests are measured.
#[derive(JsonSchema)]
#[schemars(extend("type" = ["string", "object"]))]
struct Latency {
    /// The subject.
    subject: String,

    /// The share of requests that are measured, or `headers` for those that ask for it.
    sampling: Option<Sampling>,
}

/// What another account exports.
#[derive(JsonSchema)]
struct Import {
    /// The stream.
    stream: Option<ImportSource>,

    /// The service.
    service: Option<ImportSource>,

    /// Stands before the subjects of a stream here.
    prefix: Option<String>,

    /// The subject that it has here.
    to: Option<String>,

    /// Shares what the server knows of the client with the service, for its latency.
    share: Option<bool>,

    /// Lets traces of messages go on into the other account.
    allow_trace: Option<bool>,
}

#[derive(JsonSchema)]
struct ImportSource {
    /// The account that exports it.
    account: String,

    /// The subject there.
    subject: String,
}

/// What the users of an account may use together; -1 is no limit.
#[derive(JsonSchema)]
struct AccountLimits {
    /// Connections.
    max_connections: Option<Limit>,

    /// `max_connections` by another name.
    max_conn: Option<Limit>,

    /// Subscriptions.
    max_subscriptions: Option<Limit>,

    /// `max_subscriptions` by another name.
    max_subs: Option<Limit>,

    /// Bytes of one message.
    max_payload: Option<Limit>,

    /// `max_payload` by another name.
    max_pay: Option<Limit>,

    /// Leaf nodes.
    max_leafnodes: Option<Limit>,

    /// `max_leafnodes` by another name.
    max_leafs: Option<Limit>,
}

/// A subject for traces, or that and how many messages are traced.
#[derive(JsonSchema)]
#[schemars(extend("type" = ["string", "object"]))]
struct MessageTrace {
    /// The subject.
    dest: String,

    /// The share of messages that are traced.
    sampling: Option<Sampling>,
}

/// Subjects by the subject that they are sent to instead.
pub type Mappings = HashMap<String, Mapping>;

/// A subject, or one or several that are chosen by weight.
#[derive(JsonSchema)]
#[schemars(extend("type" = ["string", "array", "object"], "items" = {"$ref": "#/definitions/Mapping"}))]
pub struct Mapping {
    /// The subject.
    destination: Option<String>,

    /// `destination` by another name.
    dest: Option<String>,

    /// The share of messages in percent. All shares of one cluster are 100 together.
    weight: Option<Weight>,

    /// Only for messages in this cluster.
    cluster: Option<String>,
}

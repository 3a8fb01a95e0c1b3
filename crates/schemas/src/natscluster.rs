//! The manifests of the NATS operator: `nats.io/v1alpha2`, kinds NatsCluster and NatsServiceRole.
//!
//! The schemas judge what `convert` and `validate` read, and the definitions of the custom resources in the
//! chart `nats/nats-operator` follow from them.

use std::collections::HashMap;

use k8s_openapi::api::core::v1::{EnvVar, ResourceRequirements, Toleration, VolumeMount};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use schemars::JsonSchema;

use crate::kubernetes::PodTemplateOverride;
use crate::nats::image::PullPolicy;
use crate::scalar::{Anything, Count, FileName, Port, Seconds, ServerCount, ServerVersion};

/// Labels, annotations: texts by name.
type Texts = HashMap<String, String>;

/// NatsCluster of nats.io/v1alpha2
///
/// A cluster of NATS servers that the NATS operator runs.
#[derive(JsonSchema)]
#[schemars(rename = "natscluster", rename_all = "camelCase")]
pub struct NatsCluster {
    /// `nats.io/v1alpha2`.
    api_version: String,

    /// `NatsCluster`.
    kind: String,

    /// The name, the namespace and labels.
    metadata: ObjectMeta,

    /// What is wanted.
    spec: Spec,

    /// What the operator says of it.
    status: Option<Status>,
}

/// What is wanted of a cluster.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
struct Spec {
    /// The number of servers.
    size: ServerCount,

    /// The version of nats-server: the tag of the image.
    version: Option<ServerVersion>,

    /// The image of the server without its tag.
    server_image: Option<String>,

    /// Settings of the server.
    nats_config: Option<NatsConfig>,

    /// Takes the name of a server from its variable `SERVER_NAME`.
    use_server_name: Option<bool>,

    /// Has the operator leave the cluster alone.
    paused: Option<bool>,

    /// What is special in the Pods.
    pod: Option<Pod>,

    /// Certificates.
    tls: Option<Tls>,

    /// Who may connect.
    auth: Option<Auth>,

    /// Over how many seconds a server sends its clients away before it ends; 30 at least.
    lame_duck_duration_seconds: Option<i64>,

    /// Does not tell clients the addresses of the other servers.
    no_advertise: Option<bool>,

    /// The Pods to begin with. Only `spec` counts, and of it the server's container is the first one.
    template: Option<PodTemplateOverride>,

    /// Routes to servers besides those of the cluster.
    extra_routes: Option<Vec<ExtraRoute>>,

    /// The port for other clusters of a super cluster.
    gateway_config: Option<GatewayConfig>,

    /// The port for leaf nodes.
    leafnode_config: Option<LeafnodeConfig>,

    /// Who signs the JWTs of accounts.
    operator_config: Option<OperatorConfig>,

    /// The port for WebSocket clients (0.7 and later).
    websocket_config: Option<WebsocketConfig>,

    /// Labels and annotations of the Service (0.8 and later).
    service_policy: Option<ServicePolicy>,

    /// Labels and annotations of the management Service (0.8 and later).
    management_service_policy: Option<ServicePolicy>,
}

/// Settings of the server, most of them by the names of nats.conf.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
struct NatsConfig {
    /// Writes what the server does to the log.
    debug: Option<bool>,

    /// Writes every message of the protocol to the log.
    trace: Option<bool>,

    /// How long a write to a client may take.
    #[schemars(rename = "write_deadline")]
    write_deadline: Option<String>,

    /// Connections of clients.
    max_connections: Option<i64>,

    /// The largest message, in bytes.
    max_payload: Option<i64>,

    /// What may wait for one client, in bytes.
    max_pending: Option<i64>,

    /// Subscriptions of one connection.
    max_subscriptions: Option<i64>,

    /// The longest line of the protocol, in bytes.
    max_control_line: Option<i64>,

    /// Leaves the time out of the log.
    disable_logtime: Option<bool>,
}

/// What is special in the Pods of the servers.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
struct Pod {
    /// More labels.
    labels: Option<Texts>,

    /// More annotations.
    annotations: Option<Texts>,

    /// Labels of the nodes that the servers may run on.
    node_selector: Option<Texts>,

    /// Puts no two servers of the cluster on one node.
    anti_affinity: Option<bool>,

    /// What the server's container asks for and what it may use at most.
    resources: Option<ResourceRequirements>,

    /// Taints of nodes that the servers bear with.
    tolerations: Option<Vec<Toleration>>,

    /// The environment of the server.
    nats_env: Option<Vec<EnvVar>>,

    /// Adds the sidecar that has the server read a changed configuration.
    enable_config_reload: Option<bool>,

    /// Its image without the tag.
    reloader_image: Option<String>,

    /// The tag.
    reloader_image_tag: Option<String>,

    /// When the node asks the registry for it.
    reloader_image_pull_policy: Option<PullPolicy>,

    /// What that container asks for and what it may use at most.
    reloader_resources: Option<ResourceRequirements>,

    /// Adds the sidecar with figures for Prometheus.
    enable_metrics: Option<bool>,

    /// Its image without the tag.
    metrics_image: Option<String>,

    /// The tag.
    metrics_image_tag: Option<String>,

    /// When the node asks the registry for it.
    metrics_image_pull_policy: Option<PullPolicy>,

    /// Opens port 4222 on the address of the node.
    enable_clients_host_port: Option<bool>,

    /// Tells clients the address of the node, which an init container asks Kubernetes for.
    #[schemars(rename = "advertiseExternalIP")]
    advertise_external_ip: Option<bool>,

    /// The image of that container without the tag.
    bootconfig_image: Option<String>,

    /// The tag.
    bootconfig_image_tag: Option<String>,

    /// More mounts of the server's container.
    volume_mounts: Option<Vec<VolumeMount>>,

    /// Does not open the gateway's port on the node (0.8 and later).
    disable_gateways_host_port: Option<bool>,

    /// Does not open the leaf nodes' port on the node (0.8 and later).
    disable_leafnodes_host_port: Option<bool>,

    /// Does not open the WebSocket port on the node (0.8 and later).
    disable_websockets_host_port: Option<bool>,
}

/// Secrets with certificates, and the names of the files in them.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
struct Tls {
    /// The Secret for clients.
    server_secret: Option<String>,

    /// The file with the authorities that are trusted, `ca.pem` if unset.
    #[schemars(rename = "serverSecretCAFileName")]
    server_secret_ca_file_name: Option<FileName>,

    /// The file with the key, `server-key.pem` if unset.
    server_secret_key_file_name: Option<FileName>,

    /// The file with the certificate, `server.pem` if unset.
    server_secret_cert_file_name: Option<FileName>,

    /// The Secret for routes.
    routes_secret: Option<String>,

    /// The file with the authorities that are trusted, `ca.pem` if unset.
    #[schemars(rename = "routesSecretCAFileName")]
    routes_secret_ca_file_name: Option<FileName>,

    /// The file with the key, `route-key.pem` if unset.
    routes_secret_key_file_name: Option<FileName>,

    /// The file with the certificate, `route.pem` if unset.
    routes_secret_cert_file_name: Option<FileName>,

    /// The Secret for gateways.
    gateway_secret: Option<String>,

    /// The file with the authorities that are trusted, `ca.pem` if unset.
    #[schemars(rename = "gatewaySecretCAFileName")]
    gateway_secret_ca_file_name: Option<FileName>,

    /// The file with the key, `server-key.pem` if unset.
    gateway_secret_key_file_name: Option<FileName>,

    /// The file with the certificate, `server.pem` if unset.
    gateway_secret_cert_file_name: Option<FileName>,

    /// The Secret for leaf nodes.
    leafnode_secret: Option<String>,

    /// The file with the authorities that are trusted, `ca.pem` if unset.
    #[schemars(rename = "leafnodeSecretCAFileName")]
    leafnode_secret_ca_file_name: Option<FileName>,

    /// The file with the key, `server-key.pem` if unset.
    leafnode_secret_key_file_name: Option<FileName>,

    /// The file with the certificate, `server.pem` if unset.
    leafnode_secret_cert_file_name: Option<FileName>,

    /// The Secret for WebSocket clients (0.7 and later).
    websocket_secret: Option<String>,

    /// The file with the authorities that are trusted.
    #[schemars(rename = "websocketSecretCAFileName")]
    websocket_secret_ca_file_name: Option<FileName>,

    /// The file with the key.
    websocket_secret_key_file_name: Option<FileName>,

    /// The file with the certificate.
    websocket_secret_cert_file_name: Option<FileName>,

    /// Serves the monitoring port by HTTPS.
    enable_https: Option<bool>,

    /// Wants a certificate of the client, too.
    verify: Option<bool>,

    /// Seconds that the handshake with a client may take.
    #[schemars(rename = "clientsTLSTimeout")]
    clients_tls_timeout: Option<Seconds>,

    /// Seconds that the handshake of a route may take.
    #[schemars(rename = "routesTLSTimeout")]
    routes_tls_timeout: Option<Seconds>,

    /// Seconds that the handshake of a gateway may take.
    #[schemars(rename = "gatewaysTLSTimeout")]
    gateways_tls_timeout: Option<Seconds>,

    /// Seconds that the handshake with a leaf node may take.
    #[schemars(rename = "leafnodesTLSTimeout")]
    leafnodes_tls_timeout: Option<Seconds>,

    /// Seconds that the handshake with a WebSocket client may take.
    #[schemars(rename = "websocketTLSTimeout")]
    websocket_tls_timeout: Option<Seconds>,

    /// The ciphers that are allowed.
    cipher_suites: Option<Vec<String>>,

    /// The curves, the preferred one first.
    curve_preferences: Option<Vec<String>>,
}

/// Who may connect: of several ways the operator takes the first.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
struct Auth {
    /// Makes users of the NatsServiceRoles that name the cluster, each with the token of a ServiceAccount.
    enable_service_accounts: Option<bool>,

    /// The Secret with the users in JSON.
    clients_auth_secret: Option<String>,

    /// A file with users below `/etc/nats-config`, which is included.
    clients_auth_file: Option<String>,

    /// Seconds that a client has to log in.
    clients_auth_timeout: Option<Count>,

    /// The subject of a client's certificate is the user.
    tls_verify_and_map: Option<bool>,

    /// The Secret with the login of routes (0.8 and later).
    cluster_auth_secret: Option<String>,

    /// Seconds that a route has to log in (0.8 and later).
    cluster_auth_timeout: Option<Count>,

    /// The Secret with the login of gateways (0.8 and later).
    gateway_auth_secret: Option<String>,

    /// Seconds that a gateway has to log in (0.8 and later).
    gateway_auth_timeout: Option<Count>,
}

/// A route: an address, or a cluster of the same namespace.
#[derive(JsonSchema)]
struct ExtraRoute {
    /// The name of another NatsCluster.
    cluster: Option<String>,

    /// The address of a server.
    #[schemars(example = "nats://nats-a.example.com:6222")]
    route: Option<String>,
}

/// The port for other clusters, and where they are.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
struct GatewayConfig {
    /// The name of this cluster in the super cluster.
    name: Option<String>,

    /// The port of the server and of its node.
    host_port: Option<Port>,

    /// The clusters to connect to.
    gateways: Option<Vec<RemoteGateway>>,

    /// Lets in only the clusters of `gateways` (0.7 and later).
    reject_unknown: Option<bool>,
}

#[derive(JsonSchema)]
struct RemoteGateway {
    /// Its name.
    name: String,

    /// The address of one of its servers.
    url: Option<String>,
}

/// The port for leaf nodes.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
struct LeafnodeConfig {
    /// The port of the server and of its node.
    host_port: Option<Port>,

    /// Servers that these connect to (0.7 and later).
    remotes: Option<Vec<LeafnodeRemote>>,
}

#[derive(JsonSchema)]
struct LeafnodeRemote {
    /// The address of a server.
    url: Option<String>,

    /// The addresses of several servers of one cluster.
    urls: Option<Vec<String>>,

    /// The path of a credentials file.
    credentials: Option<String>,
}

/// Who signs the JWTs of accounts, and where they are.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
struct OperatorConfig {
    /// The Secret with the JWT of the operator, under the key `op.jwt`.
    secret: Option<String>,

    /// The public key of the system account.
    system_account: Option<String>,

    /// Where the JWTs of accounts are, such as `URL(http://accounts:9090/jwt/v1/accounts/)`.
    resolver: Option<String>,
}

/// The port for WebSocket clients.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
struct WebsocketConfig {
    /// The port of the server and of its node.
    port: Option<Port>,

    /// How long the handshake may take, such as `2s`.
    handshake_timeout: Option<String>,

    /// Compresses messages.
    compression: Option<bool>,
}

/// Labels and annotations of a Service.
#[derive(JsonSchema)]
struct ServicePolicy {
    /// More labels.
    labels: Option<Texts>,

    /// More annotations.
    annotations: Option<Texts>,
}

/// What the operator says of a cluster.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
struct Status {
    /// `Creating`, `Running`, `Failed` or nothing.
    phase: Option<String>,

    /// Why.
    reason: Option<String>,

    /// Whether the operator leaves the cluster alone.
    control_paused: Option<bool>,

    /// The number of servers.
    size: Option<i64>,

    /// Their version.
    current_version: Option<String>,

    /// The last ten changes.
    conditions: Option<Vec<Condition>>,
}

#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
struct Condition {
    /// `Ready`, `ScalingUp`, `ScalingDown` or `Upgrading`.
    #[schemars(rename = "type")]
    kind: Option<String>,

    /// Why.
    reason: Option<String>,

    /// When.
    transition_time: Option<String>,
}

/// NatsServiceRole of nats.io/v1alpha2
///
/// What the users of a ServiceAccount may do in a cluster.
#[derive(JsonSchema)]
#[schemars(rename = "natsservicerole", rename_all = "camelCase")]
pub struct NatsServiceRole {
    /// `nats.io/v1alpha2`.
    api_version: String,

    /// `NatsServiceRole`.
    kind: String,

    /// The name of the ServiceAccount, the namespace, and the label `nats_cluster` with the name of the
    /// cluster.
    metadata: ObjectMeta,

    /// What is wanted.
    spec: RoleSpec,

    /// Nothing.
    status: Option<Anything>,
}

#[derive(JsonSchema)]
struct RoleSpec {
    /// The subjects.
    permissions: Option<RolePermissions>,
}

#[derive(JsonSchema)]
struct RolePermissions {
    /// Subjects that may be published to.
    publish: Option<Vec<String>>,

    /// Subjects that may be subscribed to.
    subscribe: Option<Vec<String>>,
}

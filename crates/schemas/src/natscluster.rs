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

/// Labels or annotations: strings by name.
type Texts = HashMap<String, String>;

/// NatsCluster of nats.io/v1alpha2
///
/// A cluster of NATS servers, managed by the NATS operator.
#[derive(JsonSchema)]
#[schemars(rename = "natscluster", rename_all = "camelCase")]
pub struct NatsCluster {
    /// `nats.io/v1alpha2`.
    api_version: String,

    /// `NatsCluster`.
    kind: String,

    /// The name, the namespace and labels.
    metadata: ObjectMeta,

    /// The desired state.
    spec: Spec,

    /// The observed state.
    status: Option<Status>,
}

/// The desired state of a cluster.
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

    /// Takes the server name from the environment variable `SERVER_NAME`.
    use_server_name: Option<bool>,

    /// Stops the operator from managing the cluster.
    paused: Option<bool>,

    /// Settings of the Pods.
    pod: Option<Pod>,

    /// Certificates.
    tls: Option<Tls>,

    /// Authentication.
    auth: Option<Auth>,

    /// How many seconds a server takes to disconnect its clients before it exits. At least 30.
    lame_duck_duration_seconds: Option<i64>,

    /// Does not advertise the addresses of the other servers to clients.
    no_advertise: Option<bool>,

    /// The Pod template. Only its `spec` is used, with the server as the first container.
    template: Option<PodTemplateOverride>,

    /// Routes to servers outside of the cluster.
    extra_routes: Option<Vec<ExtraRoute>>,

    /// The port for other clusters of a super cluster.
    gateway_config: Option<GatewayConfig>,

    /// The port for leaf nodes.
    leafnode_config: Option<LeafnodeConfig>,

    /// The operator that signs account JWTs.
    operator_config: Option<OperatorConfig>,

    /// The port for WebSocket clients (0.7 and later).
    websocket_config: Option<WebsocketConfig>,

    /// Labels and annotations of the Service (0.8 and later).
    service_policy: Option<ServicePolicy>,

    /// Labels and annotations of the management Service (0.8 and later).
    management_service_policy: Option<ServicePolicy>,
}

/// Settings of the server, most of them named as in nats.conf.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
struct NatsConfig {
    /// Logs debug messages.
    debug: Option<bool>,

    /// Logs every protocol message.
    trace: Option<bool>,

    /// The maximum time for a write to a client.
    #[schemars(rename = "write_deadline")]
    write_deadline: Option<String>,

    /// The maximum number of client connections.
    max_connections: Option<i64>,

    /// The maximum size of a message, in bytes.
    max_payload: Option<i64>,

    /// The maximum amount of pending data per client, in bytes.
    max_pending: Option<i64>,

    /// The maximum number of subscriptions per connection.
    max_subscriptions: Option<i64>,

    /// The maximum length of a protocol line, in bytes.
    max_control_line: Option<i64>,

    /// Omits the time in the log.
    disable_logtime: Option<bool>,
}

/// Settings of the server Pods.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
struct Pod {
    /// Additional labels.
    labels: Option<Texts>,

    /// Additional annotations.
    annotations: Option<Texts>,

    /// Labels of the nodes on which the servers may run.
    node_selector: Option<Texts>,

    /// Runs the servers of the cluster on different nodes.
    anti_affinity: Option<bool>,

    /// The resource requests and limits of the server container.
    resources: Option<ResourceRequirements>,

    /// Node taints that the servers tolerate.
    tolerations: Option<Vec<Toleration>>,

    /// Environment variables of the server.
    nats_env: Option<Vec<EnvVar>>,

    /// Adds the sidecar that makes the server reload a changed configuration.
    enable_config_reload: Option<bool>,

    /// Its image, without the tag.
    reloader_image: Option<String>,

    /// The tag.
    reloader_image_tag: Option<String>,

    /// When the node pulls the image.
    reloader_image_pull_policy: Option<PullPolicy>,

    /// The resource requests and limits of that container.
    reloader_resources: Option<ResourceRequirements>,

    /// Adds the sidecar that exports metrics to Prometheus.
    enable_metrics: Option<bool>,

    /// Its image, without the tag.
    metrics_image: Option<String>,

    /// The tag.
    metrics_image_tag: Option<String>,

    /// When the node pulls the image.
    metrics_image_pull_policy: Option<PullPolicy>,

    /// Exposes port 4222 on the node.
    enable_clients_host_port: Option<bool>,

    /// Advertises the address of the node to clients. An init container gets it from Kubernetes.
    #[schemars(rename = "advertiseExternalIP")]
    advertise_external_ip: Option<bool>,

    /// The image of that container, without the tag.
    bootconfig_image: Option<String>,

    /// The tag.
    bootconfig_image_tag: Option<String>,

    /// Additional volume mounts of the server container.
    volume_mounts: Option<Vec<VolumeMount>>,

    /// Does not expose the gateway port on the node (0.8 and later).
    disable_gateways_host_port: Option<bool>,

    /// Does not expose the leaf node port on the node (0.8 and later).
    disable_leafnodes_host_port: Option<bool>,

    /// Does not expose the WebSocket port on the node (0.8 and later).
    disable_websockets_host_port: Option<bool>,
}

/// Secrets with certificates, and the names of their files.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
struct Tls {
    /// The Secret for clients.
    server_secret: Option<String>,

    /// The file with the trusted CA certificates. Default: `ca.pem`.
    #[schemars(rename = "serverSecretCAFileName")]
    server_secret_ca_file_name: Option<FileName>,

    /// The file with the private key. Default: `server-key.pem`.
    server_secret_key_file_name: Option<FileName>,

    /// The file with the certificate. Default: `server.pem`.
    server_secret_cert_file_name: Option<FileName>,

    /// The Secret for routes.
    routes_secret: Option<String>,

    /// The file with the trusted CA certificates. Default: `ca.pem`.
    #[schemars(rename = "routesSecretCAFileName")]
    routes_secret_ca_file_name: Option<FileName>,

    /// The file with the private key. Default: `route-key.pem`.
    routes_secret_key_file_name: Option<FileName>,

    /// The file with the certificate. Default: `route.pem`.
    routes_secret_cert_file_name: Option<FileName>,

    /// The Secret for gateways.
    gateway_secret: Option<String>,

    /// The file with the trusted CA certificates. Default: `ca.pem`.
    #[schemars(rename = "gatewaySecretCAFileName")]
    gateway_secret_ca_file_name: Option<FileName>,

    /// The file with the private key. Default: `server-key.pem`.
    gateway_secret_key_file_name: Option<FileName>,

    /// The file with the certificate. Default: `server.pem`.
    gateway_secret_cert_file_name: Option<FileName>,

    /// The Secret for leaf nodes.
    leafnode_secret: Option<String>,

    /// The file with the trusted CA certificates. Default: `ca.pem`.
    #[schemars(rename = "leafnodeSecretCAFileName")]
    leafnode_secret_ca_file_name: Option<FileName>,

    /// The file with the private key. Default: `server-key.pem`.
    leafnode_secret_key_file_name: Option<FileName>,

    /// The file with the certificate. Default: `server.pem`.
    leafnode_secret_cert_file_name: Option<FileName>,

    /// The Secret for WebSocket clients (0.7 and later).
    websocket_secret: Option<String>,

    /// The file with the trusted CA certificates.
    #[schemars(rename = "websocketSecretCAFileName")]
    websocket_secret_ca_file_name: Option<FileName>,

    /// The file with the private key.
    websocket_secret_key_file_name: Option<FileName>,

    /// The file with the certificate.
    websocket_secret_cert_file_name: Option<FileName>,

    /// Serves the monitoring port over HTTPS.
    enable_https: Option<bool>,

    /// Requires a certificate from the client.
    verify: Option<bool>,

    /// The timeout of the handshake with a client, in seconds.
    #[schemars(rename = "clientsTLSTimeout")]
    clients_tls_timeout: Option<Seconds>,

    /// The timeout of the handshake of a route, in seconds.
    #[schemars(rename = "routesTLSTimeout")]
    routes_tls_timeout: Option<Seconds>,

    /// The timeout of the handshake of a gateway, in seconds.
    #[schemars(rename = "gatewaysTLSTimeout")]
    gateways_tls_timeout: Option<Seconds>,

    /// The timeout of the handshake with a leaf node, in seconds.
    #[schemars(rename = "leafnodesTLSTimeout")]
    leafnodes_tls_timeout: Option<Seconds>,

    /// The timeout of the handshake with a WebSocket client, in seconds.
    #[schemars(rename = "websocketTLSTimeout")]
    websocket_tls_timeout: Option<Seconds>,

    /// The allowed cipher suites.
    cipher_suites: Option<Vec<String>>,

    /// The curves in order of preference.
    curve_preferences: Option<Vec<String>>,
}

/// Authentication. If several methods are set, the operator uses the first one.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
struct Auth {
    /// Creates a user for each NatsServiceRole of the cluster, with the token of a ServiceAccount.
    enable_service_accounts: Option<bool>,

    /// The Secret with the users, in JSON.
    clients_auth_secret: Option<String>,

    /// A file with users below `/etc/nats-config`, which nats.conf includes.
    clients_auth_file: Option<String>,

    /// Seconds until a client must have logged in.
    clients_auth_timeout: Option<Count>,

    /// Uses the subject of the client certificate as the user.
    tls_verify_and_map: Option<bool>,

    /// The Secret with the credentials of routes (0.8 and later).
    cluster_auth_secret: Option<String>,

    /// Seconds until a route must have logged in (0.8 and later).
    cluster_auth_timeout: Option<Count>,

    /// The Secret with the credentials of gateways (0.8 and later).
    gateway_auth_secret: Option<String>,

    /// Seconds until a gateway must have logged in (0.8 and later).
    gateway_auth_timeout: Option<Count>,
}

/// A route: a URL, or a cluster in the same namespace.
#[derive(JsonSchema)]
struct ExtraRoute {
    /// The name of another NatsCluster.
    cluster: Option<String>,

    /// The URL of a server.
    #[schemars(example = "nats://nats-a.example.com:6222")]
    route: Option<String>,
}

/// The port for other clusters, and their URLs.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
struct GatewayConfig {
    /// The name of this cluster in the super cluster.
    name: Option<String>,

    /// The port of the server and of the node.
    host_port: Option<Port>,

    /// The clusters to connect to.
    gateways: Option<Vec<RemoteGateway>>,

    /// Accepts only the clusters in `gateways` (0.7 and later).
    reject_unknown: Option<bool>,
}

#[derive(JsonSchema)]
struct RemoteGateway {
    /// Its name.
    name: String,

    /// The URL of one of its servers.
    url: Option<String>,
}

/// The port for leaf nodes.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
struct LeafnodeConfig {
    /// The port of the server and of the node.
    host_port: Option<Port>,

    /// Remote servers to connect to (0.7 and later).
    remotes: Option<Vec<LeafnodeRemote>>,
}

#[derive(JsonSchema)]
struct LeafnodeRemote {
    /// The URL of a server.
    url: Option<String>,

    /// The URLs of several servers of one cluster.
    urls: Option<Vec<String>>,

    /// The path of a credentials file.
    credentials: Option<String>,
}

/// The operator that signs account JWTs, and their resolver.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
struct OperatorConfig {
    /// The Secret with the JWT of the operator, under the key `op.jwt`.
    secret: Option<String>,

    /// The public key of the system account.
    system_account: Option<String>,

    /// The resolver for account JWTs, such as `URL(http://accounts:9090/jwt/v1/accounts/)`.
    resolver: Option<String>,
}

/// The port for WebSocket clients.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
struct WebsocketConfig {
    /// The port of the server and of the node.
    port: Option<Port>,

    /// The timeout of the handshake, such as `2s`.
    handshake_timeout: Option<String>,

    /// Compresses messages.
    compression: Option<bool>,
}

/// Labels and annotations of a Service.
#[derive(JsonSchema)]
struct ServicePolicy {
    /// Additional labels.
    labels: Option<Texts>,

    /// Additional annotations.
    annotations: Option<Texts>,
}

/// The observed state of a cluster.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
struct Status {
    /// `Creating`, `Running`, `Failed` or empty.
    phase: Option<String>,

    /// The reason.
    reason: Option<String>,

    /// Whether the cluster is paused.
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

    /// The reason.
    reason: Option<String>,

    /// The time.
    transition_time: Option<String>,
}

/// NatsServiceRole of nats.io/v1alpha2
///
/// The permissions of a ServiceAccount in a cluster.
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

    /// The desired state.
    spec: RoleSpec,

    /// Unused.
    status: Option<Anything>,
}

#[derive(JsonSchema)]
struct RoleSpec {
    /// The subjects.
    permissions: Option<RolePermissions>,
}

#[derive(JsonSchema)]
struct RolePermissions {
    /// Subjects to which the user may publish.
    publish: Option<Vec<String>>,

    /// Subjects to which the user may subscribe.
    subscribe: Option<Vec<String>>,
}

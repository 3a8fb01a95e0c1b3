use k8s_openapi::api::core::v1::{
    ConfigMapVolumeSource, EnvVar, ResourceRequirements, SecretVolumeSource, SecurityContext,
};
use schemars::JsonSchema;

use super::Texts;
use super::account::Mappings;
use super::image::{Image, PullPolicy};
use super::jetstream::Jetstream;
use super::reference::SecretName;
use super::tls::ClientTls;
use crate::kubernetes::ProbeOverride;
use crate::scalar::{Count, Duration, GoMemory, Limit, Port, PortName, Size};

#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
pub struct Nats {
    /// The image of nats-server.
    image: Image,

    /// Alias of `image.pullPolicy`.
    pull_policy: Option<PullPolicy>,

    /// A prefix for server names, which follow Pod names. In a super cluster, server names must
    /// differ between clusters.
    server_name_prefix: Option<String>,

    /// Tags of the server, for the placement of streams (`server_tags`).
    server_tags: Option<Vec<String>>,

    /// The soft memory limit of the Go runtime (`GOMEMLIMIT`). Use about 90 % of the memory limit
    /// of the container.
    gomemlimit: Option<GoMemory>,

    /// The Go profiler, for debugging.
    profiling: Profiling,

    /// The probes of the server. `null` disables all three.
    healthcheck: Option<Healthcheck>,

    /// Runs the Pods in the host network.
    host_network: Option<bool>,

    /// The DNS policy of the Pods. Use `ClusterFirstWithHostNet` with `hostNetwork`.
    dns_policy: Option<DnsPolicy>,

    /// Restarts the servers one after the other when their configuration changes, with an
    /// annotation that holds its checksum.
    config_checksum_annotation: bool,

    /// `securityContext` of the container.
    security_context: Option<SecurityContext>,

    /// Exposes the server ports on the nodes (host ports).
    external_access: bool,

    /// With `externalAccess`: advertises the address of the node to clients and other servers. An
    /// init container gets it from the API server, which requires permission to read nodes.
    advertise: bool,

    /// The ServiceAccount of the Pods.
    service_account: ServiceAccount,

    /// Mounts the ServiceAccount token into the Pods. Default: as Kubernetes decides.
    automount_service_account_token: Option<bool>,

    /// The number of retries for a connection to another server of the cluster
    /// (`cluster.connect_retries`).
    connect_retries: Option<Count>,

    /// Deprecated alias of `limits.pingInterval`.
    ping_interval: Option<Duration>,

    /// The labels that select the Pods, instead of name and instance. Use them to adopt an existing
    /// StatefulSet. They may contain `{{ release.name }}`.
    selector_labels: Option<Texts>,

    /// The resource requests and limits of the container.
    resources: Option<ResourceRequirements>,

    /// The port for clients.
    client: Client,

    /// Additional environment variables of the container.
    extra_env: Option<Vec<EnvVar>>,

    /// Limits for clients. Unset limits have the defaults of the server.
    limits: Limits,

    /// Seconds until Kubernetes kills a server that should stop. It must be longer than
    /// `limits.lameDuckDuration`.
    termination_grace_period_seconds: Count,

    /// Logging.
    logging: Logging,

    /// A Secret with a complete `nats.conf`, instead of the generated one.
    custom_config_secret: Option<SecretName>,

    /// The name of `customConfigSecret` in chart 0.8.9, for use with `configMap.enabled: false`.
    secret: Option<OptionalSecretName>,

    /// In chart 0.8.9: whether the generated `nats.conf` is used, or that of `secret`.
    config_map: Option<ConfigMapSwitch>,

    /// Secrets and ConfigMaps with additional configuration, which nats.conf includes.
    config: Option<Vec<Include>>,

    /// Subject mappings of the global account (`mappings`).
    mappings: Option<Mappings>,

    /// Streams, key-value buckets and object stores.
    jetstream: Jetstream,

    /// TLS for clients.
    tls: Option<ClientTls>,
}

/// The name of a Secret, or empty.
#[derive(JsonSchema)]
struct OptionalSecretName {
    /// Its name.
    name: Option<String>,
}

/// Whether a ConfigMap is used.
#[derive(JsonSchema)]
struct ConfigMapSwitch {
    /// Uses the ConfigMap.
    enabled: Option<bool>,
}

#[derive(JsonSchema)]
struct Profiling {
    /// Enables the profiler.
    enabled: bool,

    /// The port of the profiler.
    port: Port,
}

#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
struct Healthcheck {
    /// Uses `/healthz` only if the version in the image tag supports it: 2.7.1 for the startup
    /// probe, 2.9.0 for the others.
    detect_healthz: bool,

    /// Uses `/healthz` for the startup probe: the server has started when its streams have caught
    /// up.
    enable_healthz: bool,

    /// Uses `/healthz` for the liveness and the readiness probe too, not only whether the server
    /// responds.
    enable_healthz_liveness_readiness: bool,

    /// The liveness probe. Kubernetes restarts a server that fails it.
    liveness: Option<ProbeOverride>,

    /// The readiness probe. A server that fails it gets no new clients through the Service.
    readiness: Option<ProbeOverride>,

    /// The startup probe. The other probes start when it has succeeded.
    startup: Option<ProbeOverride>,
}

#[derive(JsonSchema)]
#[schemars(inline)]
enum DnsPolicy {
    ClusterFirst,
    ClusterFirstWithHostNet,
    Default,
    None,
}

/// The ServiceAccount of the Pods: a map of settings, or the name of an existing one.
#[derive(JsonSchema)]
#[schemars(extend("type" = ["object", "string"]))]
struct ServiceAccount {
    /// Creates the ServiceAccount.
    create: bool,

    /// Annotations of the ServiceAccount, for example the role of a cloud provider.
    annotations: Option<Texts>,

    /// Its name. Empty: the name of the other objects, or `default` if none is created.
    name: Option<String>,
}

#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
struct Client {
    /// The port of the servers and of the Service.
    port: Port,

    /// The name of the port in both.
    port_name: PortName,
}

#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
struct Limits {
    /// The maximum number of client connections (`max_connections`).
    max_connections: Option<Limit>,

    /// The maximum number of subscriptions per connection (`max_subscriptions`).
    max_subscriptions: Option<Limit>,

    /// The maximum length of a protocol line (`max_control_line`), in bytes.
    max_control_line: Option<Size>,

    /// The maximum size of a message (`max_payload`), in bytes. At most `maxPending`.
    max_payload: Option<Size>,

    /// The maximum time for a write to a client before it is disconnected (`write_deadline`).
    write_deadline: Option<Duration>,

    /// The maximum amount of pending data per client (`max_pending`), in bytes.
    max_pending: Option<Size>,

    /// The number of unanswered pings before a client is disconnected (`ping_max`).
    max_pings: Option<Count>,

    /// The interval of pings to an idle client (`ping_interval`).
    ping_interval: Option<Duration>,

    /// How long a server that shuts down waits before it closes connections
    /// (`lame_duck_grace_period`).
    lame_duck_grace_period: Option<Duration>,

    /// How long it then takes to close them (`lame_duck_duration`). At least 30s, and more than the
    /// grace period.
    lame_duck_duration: Option<Duration>,
}

#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
struct Logging {
    /// Logs debug messages (`debug`). This is expensive.
    debug: Option<bool>,

    /// Logs every protocol message (`trace`). This is even more expensive.
    trace: Option<bool>,

    /// Logs the time in each line (`logtime`).
    logtime: Option<bool>,

    /// Logs every n-th failed attempt of a first connection to another server
    /// (`connect_error_reports`).
    connect_error_reports: Option<Count>,

    /// Logs every n-th failed attempt of a reconnection to another server
    /// (`reconnect_error_reports`).
    reconnect_error_reports: Option<Count>,
}

/// A Secret or a ConfigMap with a file `NAME.conf`, which nats.conf includes and the reloader
/// watches.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
struct Include {
    /// The name of the volume, of its directory below `/etc/nats-config`, and of the file in it
    /// without `.conf`.
    name: String,

    /// The Secret.
    secret: Option<SecretVolumeSource>,

    /// The ConfigMap.
    config_map: Option<ConfigMapVolumeSource>,
}

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

    /// `image.pullPolicy` by another name.
    pull_policy: Option<PullPolicy>,

    /// Stands before the name of the Pod in the name of the server, so that names differ between
    /// the clusters of a super cluster.
    server_name_prefix: Option<String>,

    /// Tags of the server, for the placement of streams (`server_tags`).
    server_tags: Option<Vec<String>>,

    /// The soft memory limit of the Go runtime (`GOMEMLIMIT`), about nine tenths of the memory limit
    /// of the container.
    gomemlimit: Option<GoMemory>,

    /// Go's profiler, for a search for a fault.
    profiling: Profiling,

    /// The probes of the server. null leaves all three out.
    healthcheck: Option<Healthcheck>,

    /// Puts the Pods into the network of their nodes.
    host_network: Option<bool>,

    /// How the Pods look up names. `ClusterFirstWithHostNet` belongs to `hostNetwork`.
    dns_policy: Option<DnsPolicy>,

    /// Starts the servers anew, one after the other, when their configuration changes: the Pods get
    /// an annotation with its checksum.
    config_checksum_annotation: bool,

    /// `securityContext` of the container.
    security_context: Option<SecurityContext>,

    /// Opens the ports of the servers on the addresses of their nodes (host ports).
    external_access: bool,

    /// With `externalAccess`: tells clients and other servers the address of the node. An init
    /// container asks the API server for it, which takes a right to read nodes.
    advertise: bool,

    /// The account that the Pods run as.
    service_account: ServiceAccount,

    /// Mounts the account's token into the Pods. Unset, Kubernetes decides.
    automount_service_account_token: Option<bool>,

    /// How often a server tries to reach another one of the cluster before it gives up
    /// (`cluster.connect_retries`).
    connect_retries: Option<Count>,

    /// `limits.pingInterval` by an older name.
    ping_interval: Option<Duration>,

    /// Selects the Pods by these labels instead of name and instance, to take over a StatefulSet
    /// that was made in another way. They may hold `{{ release.name }}`.
    selector_labels: Option<Texts>,

    /// What the container asks for and what it may use at most.
    resources: Option<ResourceRequirements>,

    /// The port for clients.
    client: Client,

    /// More environment variables of the container.
    extra_env: Option<Vec<EnvVar>>,

    /// What a client may use. Unset ones are the server's defaults.
    limits: Limits,

    /// Seconds that a server has to stop before Kubernetes kills it. `limits.lameDuckDuration` has
    /// to fit in.
    termination_grace_period_seconds: Count,

    /// What the server writes to its log.
    logging: Logging,

    /// A Secret with a whole `nats.conf`, which is used instead of the chart's.
    custom_config_secret: Option<SecretName>,

    /// `customConfigSecret` in chart 0.8.9, beside `configMap.enabled: false`.
    secret: Option<OptionalSecretName>,

    /// Says in chart 0.8.9 whether the chart's own `nats.conf` is used, or that of `secret`.
    config_map: Option<ConfigMapSwitch>,

    /// Secrets and ConfigMaps with more configuration, which is included.
    config: Option<Vec<Include>>,

    /// Subjects of the global account that are rewritten (`mappings`).
    mappings: Option<Mappings>,

    /// Streams, key-value buckets and object stores.
    jetstream: Jetstream,

    /// TLS for clients.
    tls: Option<ClientTls>,
}

/// The name of a Secret, or nothing.
#[derive(JsonSchema)]
struct OptionalSecretName {
    /// Its name.
    name: Option<String>,
}

/// Whether a ConfigMap is used.
#[derive(JsonSchema)]
struct ConfigMapSwitch {
    /// Uses it.
    enabled: Option<bool>,
}

#[derive(JsonSchema)]
struct Profiling {
    /// Opens the profiler's port.
    enabled: bool,

    /// The profiler's port.
    port: Port,
}

#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
struct Healthcheck {
    /// Uses `/healthz` only if the image tag says that the server is new enough: 2.7.1 to start,
    /// 2.9.0 for the other two.
    detect_healthz: bool,

    /// The startup probe asks `/healthz`: the server is started when its streams have caught up.
    enable_healthz: bool,

    /// The liveness and the readiness probe ask `/healthz`, too, not just whether the server answers.
    enable_healthz_liveness_readiness: bool,

    /// Kubernetes restarts a server that fails it.
    liveness: Option<ProbeOverride>,

    /// A server that fails it gets no new clients through the Service.
    readiness: Option<ProbeOverride>,

    /// The other two begin when it has passed.
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

/// An account of the Pods: one that is made, or the name of one.
#[derive(JsonSchema)]
#[schemars(extend("type" = ["object", "string"]))]
struct ServiceAccount {
    /// Makes the account.
    create: bool,

    /// Annotations of the account, for example the role of a cloud provider.
    annotations: Option<Texts>,

    /// Its name. Empty: the name of the other objects, or `default` if none is made.
    name: Option<String>,
}

#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
struct Client {
    /// The port of the servers and of the Service.
    port: Port,

    /// Its name in both.
    port_name: PortName,
}

#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
struct Limits {
    /// Connections of clients (`max_connections`).
    max_connections: Option<Limit>,

    /// Subscriptions of one connection (`max_subscriptions`).
    max_subscriptions: Option<Limit>,

    /// The longest line of the protocol (`max_control_line`), in bytes.
    max_control_line: Option<Size>,

    /// The largest message (`max_payload`), in bytes; no more than `maxPending`.
    max_payload: Option<Size>,

    /// How long a write to a client may take before the client is cut off (`write_deadline`).
    write_deadline: Option<Duration>,

    /// What may wait for one client (`max_pending`), in bytes.
    max_pending: Option<Size>,

    /// As many pings without an answer, and the client is cut off (`ping_max`).
    max_pings: Option<Count>,

    /// How often a silent client is asked whether it is still there (`ping_interval`).
    ping_interval: Option<Duration>,

    /// How long a server that has to go waits before it closes connections
    /// (`lame_duck_grace_period`).
    lame_duck_grace_period: Option<Duration>,

    /// Over what time it then closes them (`lame_duck_duration`); 30s at least, and more than the
    /// grace period.
    lame_duck_duration: Option<Duration>,
}

#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
struct Logging {
    /// Writes what the server does (`debug`). It costs a lot.
    debug: Option<bool>,

    /// Writes every message of the protocol (`trace`). It costs even more.
    trace: Option<bool>,

    /// Writes the time into each line (`logtime`).
    logtime: Option<bool>,

    /// Every how many failed attempts a first connection to another server is reported
    /// (`connect_error_reports`).
    connect_error_reports: Option<Count>,

    /// The same for a connection that was there before (`reconnect_error_reports`).
    reconnect_error_reports: Option<Count>,
}

/// A Secret or a ConfigMap with a file `NAME.conf`, which nats.conf includes and the reloader
/// watches.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
struct Include {
    /// NAME: of the volume, of its folder below `/etc/nats-config`, and of the file in it.
    name: String,

    /// The Secret.
    secret: Option<SecretVolumeSource>,

    /// The ConfigMap.
    config_map: Option<ConfigMapVolumeSource>,
}

//! The values of the chart `nats/nats-operator`.

use std::collections::HashMap;

use k8s_openapi::api::apps::v1::DeploymentStrategy;
use k8s_openapi::api::core::v1::{
    Affinity, LocalObjectReference, PodSecurityContext, ResourceRequirements, Toleration,
};
use schemars::JsonSchema;

use crate::nats::account::Permission;
use crate::nats::image::PullPolicy;
use crate::scalar::{Count, ServerCount, ServerVersion};

/// Labels or annotations: strings by name.
type Texts = HashMap<String, String>;

/// Values of the chart nats/nats-operator
///
/// The NATS operator, and optionally a NatsCluster.
#[derive(JsonSchema)]
#[schemars(rename = "nats-operator", rename_all = "camelCase", extend("patternProperties" = {"^x-": {}}))]
pub struct Values {
    /// Which NatsClusters the operator manages: those in its namespace, or all.
    scope: Scope,

    /// The namespace of the operator. Empty: the release namespace.
    namespace: String,

    /// Creates this namespace.
    create_namespace: bool,

    /// Namespaces of other operators, whose ServiceAccounts get the same permissions.
    extra_namespaces: Option<Vec<String>>,

    /// The name of the objects. The default is built from the release name and the chart name.
    fullname_override: Option<String>,

    /// The number of Pods. Only one of them is active.
    replica_count: Count,

    /// The image of the operator.
    image: Image,

    /// The custom resource definitions.
    crds: Crds,

    /// The permissions of the operator.
    rbac: Rbac,

    /// The ServiceAccount of the operator.
    service_account: ServiceAccount,

    /// Objects that NatsClusters need.
    nats_server: NatsServer,

    /// Feature gates other than `ClusterScoped`, which `scope` sets.
    feature_gates: Option<HashMap<String, bool>>,

    /// Additional flags of the operator.
    extra_args: Option<Vec<String>>,

    /// The liveness probe. Kubernetes restarts an operator that fails it.
    liveness_probe: Probe,

    /// The readiness probe.
    readiness_probe: Probe,

    /// The resource requests and limits of the container.
    resources: Option<ResourceRequirements>,

    /// `securityContext` of the Pod.
    security_context: Option<PodSecurityContext>,

    /// Additional labels of the Pod.
    pod_labels: Option<Texts>,

    /// Annotations of the Pod.
    pod_annotations: Option<Texts>,

    /// Labels of the nodes on which the Pod may run.
    node_selector: Option<Texts>,

    /// Node taints that the Pod tolerates.
    tolerations: Option<Vec<Toleration>>,

    /// Whether the operator Pods run on different nodes: preferred (`soft`), required (`hard`) or
    /// not.
    anti_affinity: AntiAffinity,

    /// The affinity of the Pod, instead of `antiAffinity`.
    affinity: Option<Affinity>,

    /// The scheduler of the Pod.
    scheduler_name: Option<String>,

    /// The update strategy of the Deployment.
    update_strategy: Option<DeploymentStrategy>,

    /// A NatsCluster that is created with the operator.
    cluster: Cluster,
}

#[derive(JsonSchema)]
#[schemars(inline, rename_all = "lowercase")]
enum Scope {
    Namespace,
    Cluster,
}

#[derive(JsonSchema)]
#[schemars(inline, rename_all = "lowercase")]
enum AntiAffinity {
    Soft,
    Hard,
    None,
}

#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
struct Image {
    /// The host and the port of the registry.
    registry: Option<String>,

    /// The name of the image, without registry and tag.
    repository: String,

    /// The version, a string: `0.10` stays `0.10`.
    tag: String,

    /// When the node pulls the image.
    pull_policy: Option<PullPolicy>,

    /// Secrets with credentials for the registry.
    pull_secrets: Option<Vec<LocalObjectReference>>,
}

#[derive(JsonSchema)]
struct Crds {
    /// Includes the definitions in the manifests.
    install: bool,
}

#[derive(JsonSchema)]
struct Rbac {
    /// Creates the permissions.
    create: bool,

    /// With `scope: namespace`, grants permissions only in the namespaces of the operators.
    namespaced: bool,
}

#[derive(JsonSchema)]
struct ServiceAccount {
    /// Creates the ServiceAccount.
    create: bool,

    /// Its name. Empty: the name of the other objects.
    name: Option<String>,
}

#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
struct NatsServer {
    /// Creates the ServiceAccount `nats-server`, which may read nodes.
    service_account: bool,
}

#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
struct Probe {
    /// Enables the probe.
    enabled: bool,

    /// Seconds before the first probe.
    initial_delay_seconds: Option<Count>,

    /// The timeout in seconds.
    timeout_seconds: Option<Count>,

    /// Seconds between two probes.
    period_seconds: Option<Count>,

    /// Failures in a row until the probe counts as failed.
    failure_threshold: Option<Count>,

    /// Successes in a row until the probe counts as successful.
    success_threshold: Option<Count>,
}

#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
struct Cluster {
    /// Creates the NatsCluster.
    create: bool,

    /// Its name.
    name: String,

    /// Its namespace, with `scope: cluster`.
    namespace: Option<String>,

    /// The version of nats-server.
    version: ServerVersion,

    /// The number of servers.
    size: ServerCount,

    /// Annotations of its Pods.
    annotations: Option<Texts>,

    /// The resource requests and limits of a server.
    resources: Option<ResourceRequirements>,

    /// Authentication.
    auth: Auth,

    /// Secrets with certificates.
    tls: Tls,

    /// The sidecar that makes a server reload its configuration.
    config_reload: Sidecar,

    /// The sidecar that exports metrics to Prometheus.
    metrics: Metrics,
}

#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
struct Auth {
    /// Requires clients to log in.
    enabled: bool,

    /// Uses ServiceAccounts and NatsServiceRoles as users.
    enable_service_accounts: bool,

    /// The only user, if `users` is empty.
    username: Option<String>,

    /// The password of that user.
    password: Option<String>,

    /// The users.
    users: Option<Vec<User>>,

    /// Permissions of users without their own.
    default_permissions: Option<Permissions>,

    /// Seconds until a client must have logged in.
    timeout: Option<Count>,
}

#[derive(JsonSchema)]
struct User {
    /// The name.
    username: String,

    /// The password, or its bcrypt hash.
    password: Option<String>,

    /// The public key, instead of a password.
    nkey: Option<String>,

    /// The permissions of the user.
    permissions: Option<Permissions>,
}

#[derive(JsonSchema)]
struct Permissions {
    /// Subjects to which the user may publish.
    publish: Option<Permission>,

    /// Subjects to which the user may subscribe.
    subscribe: Option<Permission>,
}

#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
struct Tls {
    /// Enables TLS.
    enabled: bool,

    /// The Secret for clients.
    server_secret: Option<String>,

    /// The Secret for routes.
    routes_secret: Option<String>,
}

#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
struct Sidecar {
    /// Adds the sidecar.
    enabled: bool,

    /// The host and the port of the registry.
    registry: Option<String>,

    /// The name of the image, without registry and tag.
    repository: String,

    /// The tag.
    tag: String,

    /// When the node pulls the image.
    pull_policy: Option<PullPolicy>,

    /// The resource requests and limits of the container.
    resources: Option<ResourceRequirements>,
}

#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
struct Metrics {
    /// Adds the sidecar.
    enabled: bool,

    /// The host and the port of the registry.
    registry: Option<String>,

    /// The name of the image, without registry and tag.
    repository: String,

    /// The tag.
    tag: String,

    /// When the node pulls the image.
    pull_policy: Option<PullPolicy>,

    /// A ServiceMonitor of the Prometheus operator.
    servicemonitor: ServiceMonitor,
}

#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
struct ServiceMonitor {
    /// Creates the object.
    enabled: bool,

    /// The value of the label `prometheus`, which a Prometheus instance selects by.
    prometheus_instance: Option<String>,
}

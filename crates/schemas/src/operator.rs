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

/// Labels, annotations: texts by name.
type Texts = HashMap<String, String>;

/// Values of the chart nats/nats-operator
///
/// The NATS operator, and if wanted a NatsCluster.
#[derive(JsonSchema)]
#[schemars(rename = "nats-operator", rename_all = "camelCase", extend("patternProperties" = {"^x-": {}}))]
pub struct Values {
    /// Which NatsClusters the operator looks after: those of its namespace, or all.
    scope: Scope,

    /// The namespace of the operator. Empty, that of the release.
    namespace: String,

    /// Makes that namespace, too.
    create_namespace: bool,

    /// Namespaces with further operators, whose accounts are bound to the same rights.
    extra_namespaces: Option<Vec<String>>,

    /// The name of the objects, instead of one made of the release and the chart.
    fullname_override: Option<String>,

    /// The number of Pods, of which one works.
    replica_count: Count,

    /// The image of the operator.
    image: Image,

    /// The custom resource definitions.
    crds: Crds,

    /// The rights of the operator.
    rbac: Rbac,

    /// The account that the operator runs as.
    service_account: ServiceAccount,

    /// What NatsClusters need.
    nats_server: NatsServer,

    /// Gates beside `ClusterScoped`, which `scope` sets.
    feature_gates: Option<HashMap<String, bool>>,

    /// Flags of the operator.
    extra_args: Option<Vec<String>>,

    /// Kubernetes restarts an operator that fails it.
    liveness_probe: Probe,

    /// Whether the operator is ready.
    readiness_probe: Probe,

    /// What the container asks for and what it may use at most.
    resources: Option<ResourceRequirements>,

    /// `securityContext` of the Pod.
    security_context: Option<PodSecurityContext>,

    /// More labels of the Pod.
    pod_labels: Option<Texts>,

    /// Annotations of the Pod.
    pod_annotations: Option<Texts>,

    /// Labels of the nodes that the Pod may run on.
    node_selector: Option<Texts>,

    /// Taints of nodes that the Pod bears with.
    tolerations: Option<Vec<Toleration>>,

    /// Keeps operators apart.
    anti_affinity: AntiAffinity,

    /// Where the Pod may run, and beside what, instead of `antiAffinity`.
    affinity: Option<Affinity>,

    /// The scheduler of the Pod.
    scheduler_name: Option<String>,

    /// How Pods are replaced.
    update_strategy: Option<DeploymentStrategy>,

    /// A NatsCluster that is made with the operator.
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
    /// The host of the registry, and its port.
    registry: Option<String>,

    /// The name without registry and tag.
    repository: String,

    /// The version. It is a text: `0.10` stays `0.10`.
    tag: String,

    /// When the node asks the registry.
    pull_policy: Option<PullPolicy>,

    /// Secrets with the password of the registry.
    pull_secrets: Option<Vec<LocalObjectReference>>,
}

#[derive(JsonSchema)]
struct Crds {
    /// Prints the definitions beside the other manifests.
    install: bool,
}

#[derive(JsonSchema)]
struct Rbac {
    /// Makes the rights.
    create: bool,

    /// Grants what is in namespaces there alone, when the scope is a namespace.
    namespaced: bool,
}

#[derive(JsonSchema)]
struct ServiceAccount {
    /// Makes the account.
    create: bool,

    /// Its name. Empty, that of the other objects.
    name: Option<String>,
}

#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
struct NatsServer {
    /// Makes the account `nats-server`, which may get nodes.
    service_account: bool,
}

#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
struct Probe {
    /// Has Kubernetes ask.
    enabled: bool,

    /// Seconds before it asks first.
    initial_delay_seconds: Option<Count>,

    /// Seconds that an answer may take.
    timeout_seconds: Option<Count>,

    /// Seconds from one question to the next.
    period_seconds: Option<Count>,

    /// As many failures count.
    failure_threshold: Option<Count>,

    /// As many successes count.
    success_threshold: Option<Count>,
}

#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
struct Cluster {
    /// Makes the NatsCluster.
    create: bool,

    /// Its name.
    name: String,

    /// Its namespace, if the scope is the cluster.
    namespace: Option<String>,

    /// The version of nats-server.
    version: ServerVersion,

    /// The number of servers.
    size: ServerCount,

    /// Annotations of its Pods.
    annotations: Option<Texts>,

    /// What a server asks for and what it may use at most.
    resources: Option<ResourceRequirements>,

    /// Who may connect.
    auth: Auth,

    /// Secrets with certificates.
    tls: Tls,

    /// The sidecar that has a server read its configuration again.
    config_reload: Sidecar,

    /// The sidecar with figures for Prometheus.
    metrics: Metrics,
}

#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
struct Auth {
    /// Lets in only users.
    enabled: bool,

    /// Users by ServiceAccounts and NatsServiceRoles.
    enable_service_accounts: bool,

    /// The one user, if `users` is empty.
    username: Option<String>,

    /// The password of that user.
    password: Option<String>,

    /// The users.
    users: Option<Vec<User>>,

    /// What a user without permissions may do.
    default_permissions: Option<Permissions>,

    /// Seconds that a client has to log in.
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

    /// What the user may do.
    permissions: Option<Permissions>,
}

#[derive(JsonSchema)]
struct Permissions {
    /// Subjects that may be published to.
    publish: Option<Permission>,

    /// Subjects that may be subscribed to.
    subscribe: Option<Permission>,
}

#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
struct Tls {
    /// Uses certificates.
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

    /// The host of the registry, and its port.
    registry: Option<String>,

    /// The name of the image without registry and tag.
    repository: String,

    /// The tag.
    tag: String,

    /// When the node asks the registry.
    pull_policy: Option<PullPolicy>,

    /// What the container asks for and what it may use at most.
    resources: Option<ResourceRequirements>,
}

#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
struct Metrics {
    /// Adds the sidecar.
    enabled: bool,

    /// The host of the registry, and its port.
    registry: Option<String>,

    /// The name of the image without registry and tag.
    repository: String,

    /// The tag.
    tag: String,

    /// When the node asks the registry.
    pull_policy: Option<PullPolicy>,

    /// A ServiceMonitor of the Prometheus operator.
    servicemonitor: ServiceMonitor,
}

#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
struct ServiceMonitor {
    /// Makes the object.
    enabled: bool,

    /// The label `prometheus`, by which an instance chooses.
    prometheus_instance: Option<String>,
}

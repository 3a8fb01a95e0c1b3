//! The values of the chart `nats/nats`.
//!
//! A field's comment is what its users read, in `schemas/nats.json` and `docs/values-nats.md`. An
//! `Option` may be left out or be null. Any other field has its default in `values/nats.yaml`, or is
//! required where the file has none.

use std::collections::HashMap;

use k8s_openapi::api::core::v1::{
    Affinity, Container, LocalObjectReference, PodSecurityContext, Toleration,
    TopologySpreadConstraint, Volume, VolumeMount,
};
use schemars::JsonSchema;

use crate::kubernetes::VolumeSource;
use crate::scalar::{Anything, Name, PodCount};

pub mod account;
mod auth;
mod clients;
mod cluster;
mod container;
mod gateway;
pub mod image;
mod jetstream;
mod leafnodes;
mod network_policy;
mod reference;
mod server;
mod tls;

/// Labels or annotations: strings by name.
type Texts = HashMap<String, String>;

/// Values of the chart nats/nats
///
/// Settings of NATS servers on Kubernetes. Keys that start with `x-` are for your own YAML anchors.
#[derive(JsonSchema)]
#[schemars(rename = "nats", rename_all = "camelCase", extend("patternProperties" = {"^x-": {}}))]
pub struct Values {
    /// The servers.
    nats: server::Nats,

    /// MQTT 3.1.1 clients. Requires JetStream.
    mqtt: clients::Mqtt,

    /// WebSocket clients, such as browsers.
    websocket: clients::Websocket,

    /// A cluster of several servers.
    cluster: cluster::Cluster,

    /// Leaf nodes: servers that connect to this one, or that this one connects to.
    leafnodes: leafnodes::Leafnodes,

    /// Gateways between the clusters of a super cluster.
    gateway: gateway::Gateway,

    /// Authentication and authorization: one of `token`, `nkeys`, `basic`, or a `resolver` for
    /// JWTs.
    auth: auth::Auth,

    /// The init container that looks up the address of the node, for `nats.externalAccess`.
    bootconfig: container::Bootconfig,

    /// A Pod with the `nats` command, to inspect the servers from inside the cluster.
    natsbox: container::Natsbox,

    /// The sidecar that makes a server reload its configuration after a change.
    reloader: container::Reloader,

    /// The sidecar that exports the metrics of a server to Prometheus.
    exporter: container::Exporter,

    /// The NetworkPolicy of the server Pods.
    network_policy: network_policy::NetworkPolicy,

    /// Replaces the name of the chart in the names of the objects and in
    /// `app.kubernetes.io/name`.
    name_override: Name,

    /// The name of the objects. The default is built from the release name and the chart name.
    fullname_override: Option<Name>,

    /// The namespace of the objects, instead of the release namespace.
    namespace_override: Name,

    /// Secrets with credentials for image registries, for the Pods of the servers and of nats-box.
    image_pull_secrets: Option<Vec<LocalObjectReference>>,

    /// `securityContext` of the Pods of the servers and of nats-box.
    security_context: Option<PodSecurityContext>,

    /// The affinity of the server Pods. Strings may contain `{{ release.name }}`.
    affinity: Option<Affinity>,

    /// The priority class of the Pods of the servers.
    priority_class_name: Option<String>,

    /// The topology keys of the Service. Kubernetes removed them in 1.22.
    topology_keys: Option<Vec<String>>,

    /// How the server Pods are spread over nodes and zones. The label selector is added
    /// automatically.
    topology_spread_constraints: Option<Vec<TopologySpreadConstraint>>,

    /// Labels of the nodes on which the servers may run.
    node_selector: Option<Texts>,

    /// Node taints that the servers tolerate.
    tolerations: Option<Vec<Toleration>>,

    /// Annotations of the Pods of the servers.
    pod_annotations: Option<Texts>,

    /// Annotations of the StatefulSet.
    stateful_set_annotations: Option<Texts>,

    /// Additional labels of the server Pods. They may contain `{{ release.name }}`.
    stateful_set_pod_labels: Option<Texts>,

    /// Annotations of the Service.
    service_annotations: Option<Texts>,

    /// Labels of all objects of the servers. They may contain `{{ release.name }}`.
    common_labels: Option<Texts>,

    /// How many servers may be evicted at the same time when nodes are drained.
    pod_disruption_budget: Option<PodDisruptionBudget>,

    /// Whether the servers start in parallel or one after the other. It cannot be changed later.
    pod_management_policy: Option<PodManagementPolicy>,

    /// Has no effect. In the charts 0.12.1 to 0.13.1: treats the release as an upgrade.
    upgrade: Option<bool>,

    /// Additional containers of the server Pods.
    additional_containers: Option<Vec<Container>>,

    /// Additional volumes of the server Pods.
    additional_volumes: Option<Vec<Volume>>,

    /// Additional volume mounts of the containers `nats` and `reloader`.
    additional_volume_mounts: Option<Vec<VolumeMount>>,

    /// The DNS domain of the Kubernetes cluster.
    #[schemars(rename = "k8sClusterDomain")]
    k8s_cluster_domain: String,

    /// Whether host names of routes include the domain of the Kubernetes cluster.
    #[schemars(rename = "useFQDN")]
    use_fqdn: bool,

    /// The volume for the PID file of the server, which the reloader needs.
    pid_volume: Option<VolumeSource>,

    /// The volume for the address of the node, which the init container writes.
    advertiseconfig_volume: Option<VolumeSource>,

    /// Has no effect: the Service always sets the application protocol of its ports.
    app_protocol: Option<AppProtocol>,

    /// Not used by this chart. Values that a chart shares with its dependencies.
    global: Option<Anything>,
}

/// A PodDisruptionBudget. If you set one limit, the default of the other one does not apply.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
struct PodDisruptionBudget {
    /// Creates the object.
    enabled: bool,

    /// The maximum number of unavailable servers.
    max_unavailable: Option<PodCount>,

    /// The minimum number of available servers.
    min_available: Option<PodCount>,
}

#[derive(JsonSchema)]
#[schemars(inline)]
enum PodManagementPolicy {
    OrderedReady,
    Parallel,
}

#[derive(JsonSchema)]
struct AppProtocol {
    /// Has no effect.
    enabled: bool,
}

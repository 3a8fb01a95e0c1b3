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

/// Labels, annotations: texts by name.
type Texts = HashMap<String, String>;

/// Values of the chart nats/nats
///
/// What can be said about NATS servers on Kubernetes. Keys that begin with `x-` are yours, for
/// anchors that are used elsewhere in the file.
#[derive(JsonSchema)]
#[schemars(rename = "nats", rename_all = "camelCase", extend("patternProperties" = {"^x-": {}}))]
pub struct Values {
    /// The servers and what a single one of them does.
    nats: server::Nats,

    /// MQTT 3.1.1 clients. They need JetStream.
    mqtt: clients::Mqtt,

    /// Clients in browsers, by WebSocket.
    websocket: clients::Websocket,

    /// Several servers that know each other.
    cluster: cluster::Cluster,

    /// Servers elsewhere that extend this one, or that this one extends.
    leafnodes: leafnodes::Leafnodes,

    /// Clusters that are one super cluster.
    gateway: gateway::Gateway,

    /// Who may connect, and what for: one of `token`, `nkeys`, `basic`, or a `resolver` of JWTs.
    auth: auth::Auth,

    /// The init container that finds the address of the node, for `nats.externalAccess`.
    bootconfig: container::Bootconfig,

    /// A Pod with the `nats` command, to look at the servers from within.
    natsbox: container::Natsbox,

    /// The sidecar that has a server read its configuration again after a change.
    reloader: container::Reloader,

    /// The sidecar that gives Prometheus the figures of a server.
    exporter: container::Exporter,

    /// What may reach the Pods of the servers, and what they may reach.
    network_policy: network_policy::NetworkPolicy,

    /// Replaces the name of the chart in the names of the objects and in
    /// `app.kubernetes.io/name`.
    name_override: Name,

    /// The name of the objects, instead of one made of the release and the chart.
    fullname_override: Option<Name>,

    /// The namespace of the objects, instead of the release's.
    namespace_override: Name,

    /// Secrets with the passwords of image registries, for the Pods of the servers and of nats-box.
    image_pull_secrets: Option<Vec<LocalObjectReference>>,

    /// `securityContext` of the Pods of the servers and of nats-box.
    security_context: Option<PodSecurityContext>,

    /// Where the Pods of the servers may run, and beside what. Texts may hold `{{ release.name }}`.
    affinity: Option<Affinity>,

    /// The priority class of the Pods of the servers.
    priority_class_name: Option<String>,

    /// Keys that the Service prefers near servers by. No Kubernetes since 1.22 takes them.
    topology_keys: Option<Vec<String>>,

    /// How the Pods of the servers are spread over nodes and zones. Their selector is added.
    topology_spread_constraints: Option<Vec<TopologySpreadConstraint>>,

    /// Labels of the nodes that the servers may run on.
    node_selector: Option<Texts>,

    /// Taints of nodes that the servers bear with.
    tolerations: Option<Vec<Toleration>>,

    /// Annotations of the Pods of the servers.
    pod_annotations: Option<Texts>,

    /// Annotations of the StatefulSet.
    stateful_set_annotations: Option<Texts>,

    /// More labels of the Pods of the servers. They may hold `{{ release.name }}`.
    stateful_set_pod_labels: Option<Texts>,

    /// Annotations of the Service.
    service_annotations: Option<Texts>,

    /// Labels of all objects of the servers. They may hold `{{ release.name }}`.
    common_labels: Option<Texts>,

    /// How many servers may be taken away at a time when nodes are drained.
    pod_disruption_budget: Option<PodDisruptionBudget>,

    /// Starts all servers at once, or one after the other. A StatefulSet never changes it.
    pod_management_policy: Option<PodManagementPolicy>,

    /// Has no effect. In the charts 0.12.1 to 0.13.1: takes a release for an upgrade.
    upgrade: Option<bool>,

    /// More containers in the Pods of the servers.
    additional_containers: Option<Vec<Container>>,

    /// More volumes of the Pods of the servers.
    additional_volumes: Option<Vec<Volume>>,

    /// More mounts of the containers `nats` and `reloader`.
    additional_volume_mounts: Option<Vec<VolumeMount>>,

    /// The domain of the Kubernetes cluster, the end of all host names in it.
    #[schemars(rename = "k8sClusterDomain")]
    k8s_cluster_domain: String,

    /// Writes the host names of routes with the domain of the Kubernetes cluster.
    #[schemars(rename = "useFQDN")]
    use_fqdn: bool,

    /// The volume with the server's process number, which the reloader needs.
    pid_volume: Option<VolumeSource>,

    /// The volume with the address of the node, which the init container writes.
    advertiseconfig_volume: Option<VolumeSource>,

    /// Has no effect: the Service always names the protocols of its ports.
    app_protocol: Option<AppProtocol>,

    /// Read by nothing here: values that a chart shares with the charts it depends on.
    global: Option<Anything>,
}

/// A PodDisruptionBudget. A bound that is set replaces the default of the other one.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
struct PodDisruptionBudget {
    /// Makes the object.
    enabled: bool,

    /// As many servers may be missing.
    max_unavailable: Option<PodCount>,

    /// As many servers have to stay.
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

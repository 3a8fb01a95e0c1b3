//! The containers besides nats-server.

use k8s_openapi::api::core::v1::{
    Affinity, LocalObjectReference, ResourceRequirements, SecurityContext, Toleration, Volume,
    VolumeMount,
};
use schemars::JsonSchema;

use super::Texts;
use super::image::{Image, PullPolicy};
use super::reference::SecretEntry;
use crate::scalar::{PortName, ScrapeDuration};

#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
pub struct Bootconfig {
    /// Its image.
    image: Image,

    /// `image.pullPolicy` by another name.
    pull_policy: Option<PullPolicy>,

    /// `securityContext` of the container.
    security_context: Option<SecurityContext>,

    /// What the container asks for and what it may use at most.
    resources: Option<ResourceRequirements>,
}

#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
pub struct Natsbox {
    /// Makes the Deployment.
    enabled: bool,

    /// Its image, which the test of the release uses, too.
    image: Image,

    /// `image.pullPolicy` by another name.
    pull_policy: Option<PullPolicy>,

    /// `securityContext` of the container.
    security_context: Option<SecurityContext>,

    /// What the container asks for and what it may use at most.
    resources: Option<ResourceRequirements>,

    /// The credentials file of the user that `nats` logs in as.
    credentials: Option<SecretEntry>,

    /// Annotations of the Deployment.
    annotations: Option<Texts>,

    /// Labels of the Deployment.
    additional_labels: Option<Texts>,

    /// Secrets with the passwords of image registries, instead of the `imagePullSecrets` of all Pods.
    image_pull_secrets: Option<Vec<LocalObjectReference>>,

    /// Annotations of the Pod.
    pod_annotations: Option<Texts>,

    /// Labels of the Pod. They may hold `{{ release.name }}`.
    pod_labels: Option<Texts>,

    /// Where the Pod may run, and beside what. Texts may hold `{{ release.name }}`.
    affinity: Option<Affinity>,

    /// Labels of the nodes that the Pod may run on.
    node_selector: Option<Texts>,

    /// Taints of nodes that the Pod bears with.
    tolerations: Option<Vec<Toleration>>,

    /// More volumes of the Pod.
    extra_volumes: Option<Vec<Volume>>,

    /// More mounts of the container.
    extra_volume_mounts: Option<Vec<VolumeMount>>,

    /// Mounts a token of the Kubernetes API into the Pod. Unset, Kubernetes decides.
    automount_service_account_token: Option<bool>,
}

#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
pub struct Reloader {
    /// Adds the sidecar. Without it a new configuration waits for a restart.
    enabled: bool,

    /// Its image.
    image: Image,

    /// `image.pullPolicy` by another name.
    pull_policy: Option<PullPolicy>,

    /// `securityContext` of the container.
    security_context: Option<SecurityContext>,

    /// What the container asks for and what it may use at most.
    resources: Option<ResourceRequirements>,

    /// More files to watch.
    extra_configs: Option<Vec<String>>,
}

#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
pub struct Exporter {
    /// Adds the sidecar, on port 7777.
    enabled: bool,

    /// Its image.
    image: Image,

    /// `image.pullPolicy` by another name.
    pull_policy: Option<PullPolicy>,

    /// The name of the port in the Pod, in the Service and in the ServiceMonitor.
    port_name: PortName,

    /// `securityContext` of the container.
    security_context: Option<SecurityContext>,

    /// What the container asks for and what it may use at most.
    resources: Option<ResourceRequirements>,

    /// The arguments, instead of those that fit what is enabled.
    args: Option<Vec<String>>,

    /// Has the Prometheus operator find the sidecar.
    service_monitor: ServiceMonitor,
}

#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
struct ServiceMonitor {
    /// Makes the object; the exporter has to be enabled.
    enabled: bool,

    /// Its namespace, instead of the release's.
    namespace: Option<String>,

    /// Labels of the object, by which the Prometheus operator may choose.
    labels: Option<Texts>,

    /// Annotations of the object.
    annotations: Option<Texts>,

    /// The path that is asked.
    path: Option<String>,

    /// How often it is asked. Unset, Prometheus decides.
    interval: Option<ScrapeDuration>,

    /// How long the answer may take; no longer than the interval.
    scrape_timeout: Option<ScrapeDuration>,
}

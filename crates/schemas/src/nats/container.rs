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

    /// Alias of `image.pullPolicy`.
    pull_policy: Option<PullPolicy>,

    /// `securityContext` of the container.
    security_context: Option<SecurityContext>,

    /// The resource requests and limits of the container.
    resources: Option<ResourceRequirements>,
}

#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
pub struct Natsbox {
    /// Creates the Deployment.
    enabled: bool,

    /// Its image, which the test of the release also uses.
    image: Image,

    /// Alias of `image.pullPolicy`.
    pull_policy: Option<PullPolicy>,

    /// `securityContext` of the container.
    security_context: Option<SecurityContext>,

    /// The resource requests and limits of the container.
    resources: Option<ResourceRequirements>,

    /// The credentials file that `nats` logs in with.
    credentials: Option<SecretEntry>,

    /// Annotations of the Deployment.
    annotations: Option<Texts>,

    /// Labels of the Deployment.
    additional_labels: Option<Texts>,

    /// Secrets with credentials for image registries, instead of the global `imagePullSecrets`.
    image_pull_secrets: Option<Vec<LocalObjectReference>>,

    /// Annotations of the Pod.
    pod_annotations: Option<Texts>,

    /// Labels of the Pod. They may contain `{{ release.name }}`.
    pod_labels: Option<Texts>,

    /// The affinity of the Pod. Strings may contain `{{ release.name }}`.
    affinity: Option<Affinity>,

    /// Labels of the nodes on which the Pod may run.
    node_selector: Option<Texts>,

    /// Node taints that the Pod tolerates.
    tolerations: Option<Vec<Toleration>>,

    /// Additional volumes of the Pod.
    extra_volumes: Option<Vec<Volume>>,

    /// Additional volume mounts of the container.
    extra_volume_mounts: Option<Vec<VolumeMount>>,

    /// Mounts the ServiceAccount token into the Pod. Default: as Kubernetes decides.
    automount_service_account_token: Option<bool>,
}

#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
pub struct Reloader {
    /// Adds the sidecar. Without it, a new configuration takes effect after a restart.
    enabled: bool,

    /// Its image.
    image: Image,

    /// Alias of `image.pullPolicy`.
    pull_policy: Option<PullPolicy>,

    /// `securityContext` of the container.
    security_context: Option<SecurityContext>,

    /// The resource requests and limits of the container.
    resources: Option<ResourceRequirements>,

    /// Additional files to watch.
    extra_configs: Option<Vec<String>>,
}

#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
pub struct Exporter {
    /// Adds the sidecar, on port 7777.
    enabled: bool,

    /// Its image.
    image: Image,

    /// Alias of `image.pullPolicy`.
    pull_policy: Option<PullPolicy>,

    /// The name of the port in the Pod, in the Service and in the ServiceMonitor.
    port_name: PortName,

    /// `securityContext` of the container.
    security_context: Option<SecurityContext>,

    /// The resource requests and limits of the container.
    resources: Option<ResourceRequirements>,

    /// The arguments, instead of those for the enabled features.
    args: Option<Vec<String>>,

    /// A ServiceMonitor for the Prometheus operator.
    service_monitor: ServiceMonitor,
}

#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
struct ServiceMonitor {
    /// Creates the object. Requires the exporter.
    enabled: bool,

    /// The namespace of the object, instead of the release namespace.
    namespace: Option<String>,

    /// Labels of the object, which Prometheus may select by.
    labels: Option<Texts>,

    /// Annotations of the object.
    annotations: Option<Texts>,

    /// The path of the metrics.
    path: Option<String>,

    /// The scrape interval. Default: that of Prometheus.
    interval: Option<ScrapeDuration>,

    /// The scrape timeout, at most the interval.
    scrape_timeout: Option<ScrapeDuration>,
}

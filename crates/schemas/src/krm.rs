//! The configurations of `jinnacle krm`: what a kustomize or kpt function is asked to do.

use std::collections::HashMap;

use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use schemars::JsonSchema;

use crate::scalar::FunctionVersion;

/// JinnacleChart of jinnacle.github.io/v1
///
/// Renders a chart and adds its manifests to the items.
#[derive(JsonSchema)]
#[schemars(rename = "jinnaclechart", rename_all = "camelCase")]
pub struct JinnacleChart {
    /// `jinnacle.github.io/v1`.
    api_version: FunctionVersion,

    /// `JinnacleChart`.
    kind: String,

    /// The name and the annotations that say how the function is called.
    metadata: ObjectMeta,

    /// What is rendered.
    spec: Option<Chart>,
}

/// What is rendered.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
struct Chart {
    /// The chart: `nats/nats` if nothing is said, or a folder or archive.
    chart: Option<String>,

    /// The release's name: `metadata.name` if nothing is said.
    release_name: Option<String>,

    /// The namespace of the release: `metadata.namespace` if nothing is said.
    namespace: Option<String>,

    /// Values files, later ones win.
    values_files: Option<Vec<String>>,

    /// Values over those of the files.
    values_inline: Option<HashMap<String, serde_json::Value>>,

    /// The Kubernetes version to render for.
    kube_version: Option<String>,

    /// API versions that the cluster has beside the usual ones.
    api_versions: Option<Vec<String>>,

    /// Adds the custom resource definitions in crds/ too.
    #[schemars(rename = "includeCRDs")]
    include_crds: Option<bool>,

    /// Leaves hooks out.
    skip_hooks: Option<bool>,

    /// Leaves test hooks out.
    skip_tests: Option<bool>,
}

/// JinnacleCheck of jinnacle.github.io/v1
///
/// Checks the items as Kubernetes and nats-server would.
#[derive(JsonSchema)]
#[schemars(rename = "jinnaclecheck", rename_all = "camelCase")]
pub struct JinnacleCheck {
    /// `jinnacle.github.io/v1`.
    api_version: FunctionVersion,

    /// `JinnacleCheck`.
    kind: String,

    /// The name and the annotations that say how the function is called.
    metadata: ObjectMeta,

    /// How it is checked.
    spec: Option<Check>,
}

/// How items are checked.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
struct Check {
    /// The Kubernetes version that the items are for.
    kube_version: Option<String>,

    /// Takes warnings for errors.
    strict: Option<bool>,
}

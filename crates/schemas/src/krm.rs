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

    /// The name, and the annotations that configure how the function is called.
    metadata: ObjectMeta,

    /// What to render.
    spec: Option<Chart>,
}

/// What to render.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
struct Chart {
    /// The chart: `nats/nats`, a directory or an archive. Default: `nats/nats`.
    chart: Option<String>,

    /// The release name. Default: `metadata.name`.
    release_name: Option<String>,

    /// The namespace of the release. Default: `metadata.namespace`.
    namespace: Option<String>,

    /// Values files. Later ones win.
    values_files: Option<Vec<String>>,

    /// Values that override those of the files.
    values_inline: Option<HashMap<String, serde_json::Value>>,

    /// The Kubernetes version to render for.
    kube_version: Option<String>,

    /// Additional API versions of the cluster.
    api_versions: Option<Vec<String>>,

    /// The Helm version to follow: 3 or 4. Default: JINNACLE_HELM_VERSION or 4.
    helm_version: Option<String>,

    /// Also adds the custom resource definitions in crds/.
    #[schemars(rename = "includeCRDs")]
    include_crds: Option<bool>,

    /// Omits hooks.
    skip_hooks: Option<bool>,

    /// Omits test hooks.
    skip_tests: Option<bool>,

    /// Rules to suppress.
    allow: Option<Vec<String>>,

    /// Rules whose findings are errors.
    deny: Option<Vec<String>>,
}

/// JinnacleCheck of jinnacle.github.io/v1
///
/// Checks the items like Kubernetes and nats-server.
#[derive(JsonSchema)]
#[schemars(rename = "jinnaclecheck", rename_all = "camelCase")]
pub struct JinnacleCheck {
    /// `jinnacle.github.io/v1`.
    api_version: FunctionVersion,

    /// `JinnacleCheck`.
    kind: String,

    /// The name, and the annotations that configure how the function is called.
    metadata: ObjectMeta,

    /// How to check the items.
    spec: Option<Check>,
}

/// How to check the items.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
struct Check {
    /// The Kubernetes version of the target cluster.
    kube_version: Option<String>,

    /// Turns warnings into errors.
    strict: Option<bool>,

    /// Rules to suppress.
    allow: Option<Vec<String>>,

    /// Rules whose findings are errors.
    deny: Option<Vec<String>>,
}

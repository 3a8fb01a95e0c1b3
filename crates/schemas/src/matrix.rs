//! The file of `template --matrix`: releases that are rendered in one run. Keys are named as the flags are.

use schemars::JsonSchema;

use crate::scalar::FileOrValues;

/// Releases for jinnacle template --matrix
///
/// Releases, and their common settings.
#[derive(JsonSchema)]
#[schemars(rename = "matrix", rename_all = "kebab-case", extend("patternProperties" = {"^x-": {}}))]
pub struct Matrix {
    /// Settings for every release that does not override them. Values of a release take precedence.
    defaults: Option<Defaults>,

    /// The releases, in the order in which they are reported.
    releases: Vec<Release>,
}

/// Settings for every release that does not override them.
#[derive(JsonSchema)]
#[schemars(rename_all = "kebab-case")]
struct Defaults {
    #[schemars(flatten)]
    settings: Settings,
}

/// One release.
#[derive(JsonSchema)]
#[schemars(rename_all = "kebab-case")]
struct Release {
    /// The release name.
    name: String,

    /// The directory of its manifests below `--output-dir`, such as `eu/nats`. Default: the release
    /// name.
    output_dir: Option<String>,

    #[schemars(flatten)]
    settings: Settings,
}

/// Settings of a release and of the defaults.
#[derive(JsonSchema)]
#[schemars(rename_all = "kebab-case")]
struct Settings {
    /// The namespace.
    namespace: Option<String>,

    /// The chart: `nats/nats`, or a directory or archive, relative to the directory of this file.
    chart: Option<String>,

    /// Values files, relative to the directory of this file, and inline values. Later ones win.
    values: Option<Vec<FileOrValues>>,

    /// As `--set`: `key=value`, with types.
    set: Option<Vec<String>>,

    /// As `--set-string`: `key=string`.
    set_string: Option<Vec<String>>,

    /// As `--set-json`: `key={"a": 1}`.
    set_json: Option<Vec<String>>,

    /// As `--set-file`: `key=file`, relative to the directory of this file.
    set_file: Option<Vec<String>>,

    /// As `--set-literal`: `key=string` with any characters.
    set_literal: Option<Vec<String>>,

    /// The Kubernetes version to render for.
    kube_version: Option<String>,

    /// Additional API versions of the cluster.
    api_versions: Option<Vec<String>>,
}

//! The file of `template --matrix`: releases that are rendered in one run. Keys are named as the flags are.

use schemars::JsonSchema;

use crate::scalar::FileOrValues;

/// Releases for jinnacle template --matrix
///
/// What many releases have in common, and the releases.
#[derive(JsonSchema)]
#[schemars(rename = "matrix", rename_all = "kebab-case", extend("patternProperties" = {"^x-": {}}))]
pub struct Matrix {
    /// What holds for every release that does not say otherwise. Its values lie below those of the releases.
    defaults: Option<Defaults>,

    /// The releases, in the order in which they are reported.
    releases: Vec<Release>,
}

/// What holds for every release that does not say otherwise.
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
    /// The release's name.
    name: String,

    /// The folder of its manifests below `--output-dir`, such as `eu/nats`: the release's name if nothing is said.
    output_dir: Option<String>,

    #[schemars(flatten)]
    settings: Settings,
}

/// What a release and the defaults may say.
#[derive(JsonSchema)]
#[schemars(rename_all = "kebab-case")]
struct Settings {
    /// The namespace.
    namespace: Option<String>,

    /// The chart: `nats/nats`, or a folder or archive, counted from the folder of this file.
    chart: Option<String>,

    /// Values files, counted from the folder of this file, and values; later ones win.
    values: Option<Vec<FileOrValues>>,

    /// As `--set`: `key=value`, typed.
    set: Option<Vec<String>>,

    /// As `--set-string`: `key=text`.
    set_string: Option<Vec<String>>,

    /// As `--set-json`: `key={"a": 1}`.
    set_json: Option<Vec<String>>,

    /// As `--set-file`: `key=file`, counted from the folder of this file.
    set_file: Option<Vec<String>>,

    /// As `--set-literal`: `key=text` with any characters.
    set_literal: Option<Vec<String>>,

    /// The Kubernetes version to render for.
    kube_version: Option<String>,

    /// API versions that the cluster has beside the usual ones.
    api_versions: Option<Vec<String>>,
}

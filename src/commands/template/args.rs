//! The words of `template`.

use clap::{Args, ValueHint};
use jinnacle_functions::time::Duration;

use crate::cli::{DownloadArgs, FormArgs, GlobalArgs, ValuesArgs};

/// Render a chart and print its manifests.
///
/// Only manifests go to stdout, so you can pipe the output into `kubectl apply -f -`. The values are checked first.
/// If there is an error, no manifests are printed.
///
/// All other flags of `helm template` are accepted. Those that need a cluster or a registry and would change the
/// output are errors, the others have no effect.
#[derive(Args, Debug)]
#[command(
    override_usage = "jinnacle template [NAME] [CHART] [OPTIONS]",
    after_help = "Examples:
  jinnacle template my-nats nats/nats -f values.yaml | kubectl apply -f -
  jinnacle template my-shop ./shop -f prod.yaml --watch --output-dir manifests"
)]
pub struct TemplateArgs {
    /// The release name and the chart: `nats/nats`, a directory or a .tgz
    ///
    /// A single argument is the chart. The name is then `release-name`, as in Helm.
    #[arg(value_name = "[NAME] CHART", num_args = 0..)]
    pub names: Vec<String>,

    #[command(flatten)]
    pub values: ValuesArgs,

    #[command(flatten)]
    pub release: ReleaseArgs,

    #[command(flatten)]
    pub output: OutputArgs,

    #[command(flatten)]
    pub checks: ChecksArgs,

    #[command(flatten)]
    pub helm: HelmArgs,
}

impl TemplateArgs {
    /// Whether any flag says what to render, so that the chart may be left out.
    pub fn asks_for_something(&self) -> bool {
        let values = &self.values;
        let lists = [
            &values.files,
            &values.set,
            &values.set_string,
            &values.set_json,
            &values.set_file,
            &values.set_literal,
            &self.output.show_only,
            &self.release.api_versions,
        ];
        lists.iter().any(|list| !list.is_empty())
            || self.release.namespace.is_some()
            || self.release.name_template.is_some()
            || self.release.kube_version.is_some()
            || self.release.matrix.is_some()
            || self.output.output_dir.is_some()
            || self.output.check.is_some()
    }
}

/// The release and the cluster that templates see.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Release and cluster")]
pub struct ReleaseArgs {
    /// The namespace of the release
    #[arg(short, long, value_name = "NAME")]
    pub namespace: Option<String>,

    /// A template for the release name
    #[arg(long, hide_short_help = true, value_name = "TEMPLATE")]
    pub name_template: Option<String>,

    /// The Kubernetes version to render for
    #[arg(long, value_name = "VERSION")]
    pub kube_version: Option<String>,

    /// Additional API versions of the cluster
    #[arg(short, long, value_name = "VERSION", value_delimiter = ',')]
    pub api_versions: Vec<String>,

    /// Render as for an upgrade of an installed release
    #[arg(long)]
    pub is_upgrade: bool,

    /// Render the releases of a file, or one per values file of a directory
    #[arg(long, value_name = "FILE|DIR", value_hint = ValueHint::AnyPath)]
    pub matrix: Option<String>,

    /// The seed for random values, such as passwords and certificates
    #[arg(long, value_name = "TEXT")]
    pub seed: Option<String>,
}

/// What is printed.
#[derive(Args, Debug)]
#[command(next_help_heading = "Output")]
pub struct OutputArgs {
    /// Print only these templates, such as `templates/s*`
    #[arg(short, long, value_name = "PATH")]
    pub show_only: Vec<String>,

    /// Write the manifests into files below this directory
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub output_dir: Option<String>,

    /// Show the differences between this directory or file and the rendered manifests
    #[arg(long, value_name = "PATH", value_hint = ValueHint::AnyPath)]
    pub check: Option<String>,

    /// Use a subdirectory of --output-dir named after the release
    #[arg(long)]
    pub release_name: bool,

    /// Also print the custom resource definitions in crds/
    #[arg(long)]
    pub include_crds: bool,

    /// Print no hooks
    #[arg(long)]
    pub no_hooks: bool,

    /// Print no test hooks
    #[arg(long)]
    pub skip_tests: bool,

    /// A program that modifies the manifests before they are printed
    #[arg(long, value_name = "PROGRAM", value_hint = ValueHint::ExecutablePath)]
    pub post_renderer: Option<String>,

    /// Arguments of the post-renderer
    #[arg(long, hide_short_help = true, value_name = "ARG")]
    pub post_renderer_args: Vec<String>,

    #[command(flatten)]
    pub form: FormArgs,

    /// Render again when an input file changes, until Ctrl-C
    #[arg(long, conflicts_with = "matrix")]
    pub watch: bool,
}

/// How what comes out is checked.
#[derive(Args, Debug)]
#[command(next_help_heading = "Checks")]
pub struct ChecksArgs {
    /// Do not check whether Kubernetes and nats-server would accept the manifests
    #[arg(long)]
    pub skip_checks: bool,

    /// Turn warnings into errors
    #[arg(long)]
    pub strict: bool,
}

/// Flags of `helm template` that change nothing here, because nothing is installed, or that ask for a
/// cluster or a registry. They are taken so that command lines keep working.
#[derive(Args, Debug)]
#[command(next_help_heading = "Flags of Helm")]
pub struct HelmArgs {
    #[arg(short, long, hide = true)]
    pub generate_name: bool,
    #[arg(long, hide = true)]
    pub skip_crds: bool,
    #[arg(long, hide = true)]
    pub atomic: bool,
    #[arg(long, hide = true)]
    pub rollback_on_failure: bool,
    #[arg(long, hide = true, num_args = 0..=1, require_equals = true, default_missing_value = "watcher",
          value_parser = ["true", "false", "watcher", "hookOnly", "legacy"])]
    pub wait: Option<String>,
    #[arg(long, hide = true)]
    pub wait_for_jobs: bool,
    #[arg(long, hide = true, value_parser = duration)]
    pub timeout: Option<String>,
    #[arg(long, hide = true)]
    pub force: bool,
    #[arg(long, hide = true)]
    pub force_replace: bool,
    #[arg(long, hide = true)]
    pub force_conflicts: bool,
    #[arg(long, hide = true)]
    pub server_side: bool,
    #[arg(long, hide = true)]
    pub replace: bool,
    #[arg(long, hide = true)]
    pub create_namespace: bool,
    #[arg(long, hide = true)]
    pub description: Option<String>,
    #[arg(short, long, hide = true)]
    pub labels: Vec<String>,
    #[arg(long, hide = true)]
    pub hide_notes: bool,
    #[arg(long, hide = true)]
    pub render_subchart_notes: bool,
    #[arg(long, hide = true)]
    pub take_ownership: bool,
    #[arg(long, hide = true)]
    pub enable_dns: bool,
    #[arg(long, hide = true)]
    pub disable_openapi_validation: bool,
    #[arg(long, hide = true)]
    pub version: Option<String>,
    #[arg(long, hide = true, num_args = 0..=1, require_equals = true, default_missing_value = "unset",
          value_parser = ["false", "true", "none", "unset", "client", "server"])]
    pub dry_run: Option<String>,
    #[arg(long, hide = true)]
    pub validate: bool,
    #[arg(long, hide = true)]
    pub dependency_update: bool,

    #[command(flatten)]
    pub download: DownloadArgs,

    #[command(flatten)]
    pub global: GlobalArgs,
}

impl HelmArgs {
    /// The flags among these that Helm 4 renamed or will remove, each with what to do.
    pub fn deprecated(&self) -> Vec<(&'static str, &'static str)> {
        let mut flags = Vec::new();
        for (given, flag, remedy) in [
            (self.atomic, "--atomic", "use `--rollback-on-failure`"),
            (self.force, "--force", "use `--force-replace`"),
            (self.hide_notes, "--hide-notes", REMOVED),
            (self.render_subchart_notes, "--render-subchart-notes", REMOVED),
        ] {
            flags.extend(given.then_some((flag, remedy)));
        }
        flags.extend(match self.dry_run.as_deref() {
            Some("unset") => Some(("--dry-run", "use `--dry-run=client`")),
            Some("true") => Some(("--dry-run=true", "use `--dry-run=client`")),
            Some("false") => Some(("--dry-run=false", "remove it: Helm 4 refuses it")),
            Some("none") => Some(("--dry-run=none", "remove it: Helm 4 refuses it")),
            _ => None,
        });
        flags.extend(match self.wait.as_deref() {
            Some("true") => Some(("--wait=true", "use `--wait=watcher`")),
            Some("false") => Some(("--wait=false", "use `--wait=hookOnly`")),
            _ => None,
        });
        flags
    }
}

const REMOVED: &str = "remove it: it has no effect, and Helm 5 will not have it";

/// A Go duration such as `5m0s`, of which nothing but the form counts.
fn duration(text: &str) -> Result<String, String> {
    match Duration::parse(text) {
        Ok(_) => Ok(text.to_owned()),
        Err(_) => Err("write a duration such as 5m0s".to_owned()),
    }
}

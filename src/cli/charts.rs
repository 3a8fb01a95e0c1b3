//! The commands for charts of one's own.

use clap::{Args, ValueEnum, ValueHint};

use super::{Form, ValuesArgs};

/// Check charts: metadata, values, schema, templates and rendered manifests.
///
/// Exit status 1: there are errors, or with --strict also warnings.
#[derive(Args, Debug)]
#[command(after_help = "Example:\n  jinnacle lint shop --strict -f prod.yaml")]
pub struct LintArgs {
    /// The charts: directories or archives
    #[arg(value_name = "PATH", default_value = ".", value_hint = ValueHint::AnyPath)]
    pub paths: Vec<String>,

    /// Fail on warnings too
    #[arg(long)]
    pub strict: bool,

    /// Print only warnings and errors
    #[arg(long)]
    pub quiet: bool,

    /// Also check the charts in charts/
    #[arg(long)]
    pub with_subcharts: bool,

    /// The Kubernetes version to render for
    #[arg(long, value_name = "VERSION")]
    pub kube_version: Option<String>,

    /// The namespace of the release
    #[arg(short, long, value_name = "NAME", hide = true)]
    pub namespace: Option<String>,

    #[command(flatten)]
    pub values: ValuesArgs,
}

/// Print a chart's defaults with their comments, its metadata, schema or other files.
#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  jinnacle show values nats/nats > values.yaml\n  \
    jinnacle show chart ./shop -o json")]
pub struct ShowArgs {
    /// What to print
    pub what: What,

    /// The chart: `nats/nats`, a directory or a .tgz
    pub chart: String,

    /// Print only the values at this path, such as `{.image.tag}`
    #[arg(long, value_name = "EXPRESSION")]
    pub jsonpath: Option<String>,

    #[arg(long, hide = true)]
    pub version: Option<String>,

    /// The output format: yaml, json
    #[arg(
        short,
        long,
        value_name = "FORM",
        hide_possible_values = true,
        conflicts_with = "jsonpath"
    )]
    pub output: Option<Form>,
}

/// A part of a chart that can be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum What {
    /// The default values with their comments
    Values,
    /// Chart.yaml
    Chart,
    /// The README
    Readme,
    /// The custom resource definitions
    Crds,
    /// The JSON schema of the values
    Schema,
    /// All of them except the schema
    All,
}

/// List the dependencies of a chart, and whether they are in charts/.
#[derive(Args, Debug)]
#[command(after_help = "Example:\n  jinnacle dependency list shop")]
pub struct DependencyArgs {
    /// The action; only `list` works, because nothing is downloaded
    pub action: DependencyAction,

    /// The directory or archive of the chart
    #[arg(default_value = ".")]
    pub chart: String,

    /// The maximum width of a column
    #[arg(long, value_name = "COUNT", default_value_t = 80)]
    pub max_col_width: usize,
}

/// What can be done with dependencies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum DependencyAction {
    /// Print each dependency with its state
    #[value(alias = "ls")]
    List,
    /// Needs a registry
    #[value(hide = true)]
    Build,
    /// Needs a registry
    #[value(hide = true, alias = "up")]
    Update,
}

/// Pack charts into reproducible archives.
#[derive(Args, Debug)]
#[command(after_help = "Example:\n  jinnacle package shop --version 1.2.0 -d dist")]
pub struct PackageArgs {
    /// The directories of the charts
    #[arg(value_name = "CHART", required = true, value_hint = ValueHint::DirPath)]
    pub charts: Vec<String>,

    /// The directory for the archives
    #[arg(short, long, value_name = "DIR", default_value = ".", value_hint = ValueHint::DirPath)]
    pub destination: String,

    /// Override the version of the chart
    #[arg(long, value_name = "VERSION")]
    pub version: Option<String>,

    /// Override the version of the application
    #[arg(long, value_name = "VERSION")]
    pub app_version: Option<String>,
}

/// Create a chart: a directory with one template, values and a schema.
#[derive(Args, Debug)]
#[command(after_help = "Example:\n  jinnacle create shop")]
pub struct CreateArgs {
    /// The directory; its last component is the name of the chart
    pub name: String,
}

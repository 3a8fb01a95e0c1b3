//! The commands for charts of one's own.

use clap::{Args, ValueEnum, ValueHint};

use super::{Form, ValuesArgs};

/// Look for mistakes in charts: metadata, values, schema, templates and what they make.
///
/// Errors mean exit status 1; with --strict warnings do too.
#[derive(Args, Debug)]
#[command(after_help = "Example:\n  jinnacle lint shop --strict -f prod.yaml")]
pub struct LintArgs {
    /// The charts: folders or archives
    #[arg(value_name = "PATH", default_value = ".", value_hint = ValueHint::AnyPath)]
    pub paths: Vec<String>,

    /// Fail on warnings too
    #[arg(long)]
    pub strict: bool,

    /// Print only warnings and errors
    #[arg(long)]
    pub quiet: bool,

    /// Look at the charts in charts/ too
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

    /// The chart: `nats/nats`, a folder or a .tgz
    pub chart: String,

    /// Print only these of the values, as in `{.image.tag}`
    #[arg(long, value_name = "EXPRESSION")]
    pub jsonpath: Option<String>,

    #[arg(long, hide = true)]
    pub version: Option<String>,

    /// Print YAML or JSON, whatever the file is: yaml, json
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
    /// All of them but the schema
    All,
}

/// Say which dependencies of a chart are in charts/.
#[derive(Args, Debug)]
#[command(after_help = "Example:\n  jinnacle dependency list shop")]
pub struct DependencyArgs {
    /// What to do; only `list` works, because nothing is fetched
    pub action: DependencyAction,

    /// The chart's folder or archive
    #[arg(default_value = ".")]
    pub chart: String,

    /// The widest column
    #[arg(long, value_name = "COUNT", default_value_t = 80)]
    pub max_col_width: usize,
}

/// What can be done with dependencies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum DependencyAction {
    /// Print each with its state
    #[value(alias = "ls")]
    List,
    /// Needs a registry
    #[value(hide = true)]
    Build,
    /// Needs a registry
    #[value(hide = true, alias = "up")]
    Update,
}

/// Pack charts into archives, the same bytes each time.
#[derive(Args, Debug)]
#[command(after_help = "Example:\n  jinnacle package shop --version 1.2.0 -d dist")]
pub struct PackageArgs {
    /// The charts' folders
    #[arg(value_name = "CHART", required = true, value_hint = ValueHint::DirPath)]
    pub charts: Vec<String>,

    /// The folder for the archives
    #[arg(short, long, value_name = "DIR", default_value = ".", value_hint = ValueHint::DirPath)]
    pub destination: String,

    /// Another version for the chart
    #[arg(long, value_name = "VERSION")]
    pub version: Option<String>,

    /// Another version for what it installs
    #[arg(long, value_name = "VERSION")]
    pub app_version: Option<String>,
}

/// Make a new chart: a folder with one template, its values and their schema.
#[derive(Args, Debug)]
#[command(after_help = "Example:\n  jinnacle create shop")]
pub struct CreateArgs {
    /// The folder; its last word is the chart's name
    pub name: String,
}

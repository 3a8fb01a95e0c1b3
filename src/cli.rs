//! The command line as clap declares it. Doc comments here are the help texts that users read.

use clap::builder::BoolishValueParser;
use clap::{ArgAction, Args, Parser, Subcommand};

/// Render NATS and other Helm-style charts for Kubernetes, from Jinja templates; nothing in a values
/// file is ignored.
#[derive(Debug, Parser)]
#[command(name = "jinnacle", version, args_override_self = true, propagate_version = true)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    Template(Box<TemplateArgs>),
}

/// Render a chart and print its manifests.
///
/// Only manifests go to stdout, so the output can be piped into `kubectl apply -f -`. The values are
/// checked against the chart's schema first; an error means that nothing is printed.
#[derive(Args, Debug)]
#[command(args_override_self = true, after_help = "Example:\n  jinnacle template my-nats nats/nats -f values.yaml | kubectl apply -f -")]
pub struct TemplateArgs {
    /// The release's name (default `release-name`) and the chart: `nats/nats`, or a folder
    #[arg(value_name = "[NAME] CHART", num_args = 0.., hide_short_help = false)]
    pub names: Vec<String>,

    #[command(flatten)]
    pub values: ValuesArgs,

    #[command(flatten)]
    pub release: ReleaseArgs,

    #[command(flatten)]
    pub output: OutputArgs,
}

/// Where values come from.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Values")]
pub struct ValuesArgs {
    /// Values files, later ones win; `-` is standard input
    #[arg(short = 'f', long = "values", value_name = "FILE", allow_hyphen_values = true)]
    pub files: Vec<String>,

    /// Set values: `key=value,a.b=2,list={x,y}`
    #[arg(long = "set", value_name = "KEY=VALUE", allow_hyphen_values = true)]
    pub set: Vec<String>,

    /// Set values that are texts, whatever they look like
    #[arg(long, value_name = "KEY=TEXT", allow_hyphen_values = true)]
    pub set_string: Vec<String>,

    /// Set values written in JSON: `key={"a": [1]}`
    #[arg(long, value_name = "KEY=JSON", allow_hyphen_values = true)]
    pub set_json: Vec<String>,

    /// Set values to the content of files
    #[arg(long, value_name = "KEY=FILE", allow_hyphen_values = true)]
    pub set_file: Vec<String>,

    /// Set one value to a text with any characters in it
    #[arg(long, value_name = "KEY=TEXT", allow_hyphen_values = true)]
    pub set_literal: Vec<String>,

    /// Do not check the values against the chart's schema
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_value = "false",
          default_missing_value = "true", action = ArgAction::Set, value_parser = BoolishValueParser::new(), hide_default_value = true, hide_possible_values = true)]
    pub skip_schema_validation: bool,
}

/// The release and the cluster that templates see.
#[derive(Args, Debug)]
#[command(next_help_heading = "Release and cluster")]
pub struct ReleaseArgs {
    /// The namespace of the release
    #[arg(short, long, value_name = "NAME", allow_hyphen_values = true)]
    pub namespace: Option<String>,

    /// The Kubernetes version to render for
    #[arg(long, value_name = "VERSION", allow_hyphen_values = true)]
    pub kube_version: Option<String>,

    /// API versions that the cluster has beside the usual ones
    #[arg(short, long, value_name = "VERSION", value_delimiter = ',', allow_hyphen_values = true)]
    pub api_versions: Vec<String>,

    /// Render as for an upgrade of an installed release
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_value = "false",
          default_missing_value = "true", action = ArgAction::Set, value_parser = BoolishValueParser::new(), hide_default_value = true, hide_possible_values = true)]
    pub is_upgrade: bool,
}

/// What is printed.
#[derive(Args, Debug)]
#[command(next_help_heading = "Output")]
pub struct OutputArgs {
    /// Print no hooks
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_value = "false",
          default_missing_value = "true", action = ArgAction::Set, value_parser = BoolishValueParser::new(), hide_default_value = true, hide_possible_values = true)]
    pub no_hooks: bool,

    /// Print no test hooks
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_value = "false",
          default_missing_value = "true", action = ArgAction::Set, value_parser = BoolishValueParser::new(), hide_default_value = true, hide_possible_values = true)]
    pub skip_tests: bool,
}

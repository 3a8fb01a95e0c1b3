//! `show`: print a part of a chart.

use anyhow::bail;
use clap::{Args, ValueEnum};

use crate::chart;
use crate::cli::{DownloadArgs, Form, GlobalArgs};
use crate::commands::Outcome;
use crate::diagnostic::Sink;
use crate::nats::CHARTS;
use crate::output::{self, form};
use crate::{request, show};

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

    /// The namespace of the release
    #[arg(short, long, value_name = "NAME", hide = true)]
    pub namespace: Option<String>,

    #[command(flatten)]
    pub download: DownloadArgs,

    #[command(flatten)]
    pub global: GlobalArgs,
}

/// Runs `jinnacle show`.
///
/// # Errors
/// The chart cannot be read or is wrong, or the expression is none.
pub fn run(args: &ShowArgs, sink: &mut Sink) -> anyhow::Result<Outcome> {
    sink.extend(request::offline(&args.global, Some(&args.download))?);
    // What is odd in a chart is for `lint` to say.
    let chart = sink.without_warnings(|sink| chart::load(&args.chart, &CHARTS, sink))?;
    chart::check_version(&chart, args.version.as_deref())?;
    let stdout = match (args.what, &args.jsonpath) {
        (What::Values, Some(expression)) => show::values_at(&chart, expression)?,
        (What::Values, None) => show::values(&chart),
        (What::Chart, _) => show::metadata(&chart),
        (What::Readme, _) => show::readme(&chart),
        (What::Crds, _) => show::crds(&chart),
        (What::Schema, _) => show::schema(&chart),
        (What::All, _) => show::all(&chart),
    };
    let stdout = match (args.what, args.output) {
        (_, None) => stdout,
        (What::Readme | What::All, _) => {
            bail!("--output is for values, chart, crds and schema only")
        }
        // As they are, with their comments.
        (What::Values | What::Chart | What::Crds, Some(Form::Yaml)) => stdout,
        (What::Crds, Some(form)) => {
            form::stream(output::stream(&output::crds(&chart, &chart.metadata.name)), form, sink)?
        }
        (_, Some(form)) => form::document(&stdout, form, sink)?,
    };
    Ok(Outcome { stdout, ..Outcome::default() })
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

//! `dependency`: say which dependencies of a chart are there.

use anyhow::bail;
use clap::{Args, ValueEnum};

use crate::chart::{self, statuses};
use crate::cli::GlobalArgs;
use crate::commands::Outcome;
use crate::diagnostic::Sink;
use crate::nats::CHARTS;
use crate::request;

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

    /// The namespace of the release
    #[arg(short, long, value_name = "NAME", hide = true)]
    pub namespace: Option<String>,

    #[command(flatten)]
    pub global: GlobalArgs,
}

/// Runs `jinnacle dependency`.
///
/// # Errors
/// The chart cannot be read or is wrong, or something is to be fetched.
pub fn run(args: &DependencyArgs, sink: &mut Sink) -> anyhow::Result<Outcome> {
    sink.extend(request::offline(&args.global, None)?);
    if args.action != DependencyAction::List {
        bail!(
            "only `dependency list` works: nothing is fetched here, so put charts or archives into charts/"
        );
    }
    let chart = sink.without_warnings(|sink| chart::load(&args.chart, &CHARTS, sink))?;
    let files = chart::files(&args.chart, sink)?;
    let stdout = statuses::table(&chart, &files, &args.chart, args.max_col_width);
    Ok(Outcome { stdout, ..Outcome::default() })
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

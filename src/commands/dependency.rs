//! `dependency`: say which dependencies of a chart are there.

use anyhow::bail;

use crate::chart::{self, statuses};
use crate::cli::{DependencyAction, DependencyArgs};
use crate::commands::Outcome;
use crate::diagnostic::Sink;
use crate::nats::CHARTS;

/// Runs `jinnacle dependency`.
///
/// # Errors
/// The chart cannot be read or is wrong, or something is to be fetched.
pub fn run(args: &DependencyArgs, sink: &mut Sink) -> anyhow::Result<Outcome> {
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

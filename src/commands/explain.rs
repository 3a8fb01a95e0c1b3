//! `explain`: what a rule or a value is about.

use crate::cli::ExplainArgs;
use crate::commands::Outcome;
use crate::diagnostic::Sink;
use crate::nats::CHARTS;
use crate::request::ExplainRequest;
use crate::{chart, explain, values};

/// Runs `jinnacle explain`.
///
/// # Errors
/// There is no such rule or value, or a file cannot be read.
pub fn run(args: ExplainArgs, sink: &mut Sink) -> anyhow::Result<Outcome> {
    let request = ExplainRequest::new(args)?;
    if let Some(stdout) = explain::rule(&request.what) {
        return Ok(Outcome { stdout, ..Outcome::default() });
    }
    let chart = chart::load(&request.chart, &CHARTS, sink)?;
    let mut stdout = explain::value(&chart, &request.what)?;
    if !request.values.is_empty() {
        let layers = values::layers(&chart, &request.values, sink)?;
        let user = sink.without_warnings(|sink| values::load(&request.values, sink))?;
        let merged = sink.without_warnings(|sink| values::merge(&chart, user, sink))?;
        let winner = explain::at(&merged, &request.what);
        stdout.push('\n');
        stdout += &explain::provenance(&layers, winner, &request.what);
    }
    Ok(Outcome { stdout, ..Outcome::default() })
}

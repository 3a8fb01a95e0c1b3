//! `explain`: what a rule or a value is about.

use crate::cli::ExplainArgs;
use crate::commands::Outcome;
use crate::request::ExplainRequest;
use crate::{chart, explain, values};

/// Runs `jinnacle explain`.
///
/// # Errors
/// There is no such rule or value, or a file cannot be read.
pub fn run(args: ExplainArgs) -> anyhow::Result<Outcome> {
    let request = ExplainRequest::new(args)?;
    if let Some(stdout) = explain::rule(&request.what) {
        return Ok(Outcome { stdout, ..Outcome::default() });
    }
    let mut notes = Vec::new();
    let chart = chart::load(&request.chart, &mut notes)?;
    let mut stdout = explain::value(&chart, &request.what)?;
    if !request.values.is_empty() {
        let layers = values::layers(&chart, &request.values, &mut notes)?;
        let user = values::load(&request.values, &mut Vec::new())?;
        let merged = values::of(&chart, user, &mut Vec::new())?;
        let winner = explain::at(&merged, &request.what);
        stdout.push('\n');
        stdout += &explain::provenance(&layers, winner, &request.what);
    }
    Ok(Outcome { stdout, diagnostics: notes, ..Outcome::default() })
}

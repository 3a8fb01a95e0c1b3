//! `validate`: check values files, and manifests of the NATS operator.

use std::sync::Arc;

use crate::cli::ValidateArgs;
use crate::commands::Outcome;
use crate::output::fixed;
use crate::request::ValidateRequest;
use crate::{chart, validate, values};

/// Runs `jinnacle validate`.
///
/// # Errors
/// A file cannot be read or written, or the chart is wrong.
pub fn run(args: ValidateArgs) -> anyhow::Result<Outcome> {
    let request = ValidateRequest::new(args)?;
    let mut notes = Vec::new();
    let chart = chart::load(&request.chart, &mut notes)?;
    if request.fix {
        for file in &request.files {
            fixed::mend(file, |source| {
                request.policy.judge(validate::files(&chart, &[Arc::clone(source)], false))
            })?;
        }
    }
    let sources = values::sources(&request.files, &mut notes)?;
    notes.extend(validate::files(&chart, &sources, request.merge));
    let diagnostics = request.policy.judge(notes);
    Ok(Outcome { diagnostics, judged: Some(request.files), ..Outcome::default() })
}

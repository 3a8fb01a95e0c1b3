//! `validate`: check values files.

use crate::cli::ValidateArgs;
use crate::commands::Outcome;
use crate::request::ValidateRequest;
use crate::{chart, validate, values};

/// Runs `jinnacle validate`.
///
/// # Errors
/// A file cannot be read or written, or the chart is wrong.
pub fn run(args: ValidateArgs) -> anyhow::Result<Outcome> {
    let request = ValidateRequest::new(args)?;
    let mut found = Vec::new();
    let chart = chart::load(&request.chart, &mut found)?;
    let sources = values::sources(&request.files, &mut found)?;
    let stacks = if request.merge { vec![sources.as_slice()] } else { sources.chunks(1).collect() };
    for stack in stacks {
        found.extend(validate::validate(&chart, stack));
    }
    let diagnostics = request.policy.judge(found);
    Ok(Outcome { diagnostics, validated: Some(request.files), ..Outcome::default() })
}

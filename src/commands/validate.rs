//! `validate`: check values files, and manifests of the NATS operator.

use std::sync::Arc;

use crate::chart::owner::{self, Owner};
use crate::cli::ValidateArgs;
use crate::commands::Outcome;
use crate::diagnostic::Sink;
use crate::nats::CHARTS;
use crate::output::fixed;
use crate::policy::Policy;
use crate::request::ValidateRequest;
use crate::{chart, validate, values};

/// Runs `jinnacle validate`.
///
/// # Errors
/// A file cannot be read or written, or the chart is wrong.
pub fn run(args: ValidateArgs, policy: &Policy, sink: &mut Sink) -> anyhow::Result<Outcome> {
    let request = ValidateRequest::new(args)?;
    let chart = chart::load(&request.chart, &CHARTS, sink)?;
    // Who names a chart knows whose values the files hold.
    let owner = if request.names_chart {
        |_: &_| Owner::Nobody
    } else {
        |file: &_| owner::of(file, &CHARTS)
    };
    if request.fix {
        for file in &request.files {
            fixed::mend(file, |source| {
                policy.judge(Sink::of(|sink| {
                    validate::files(&chart, &[Arc::clone(source)], false, owner, sink);
                }))
            })?;
        }
    }
    let sources = values::sources(&request.files, sink)?;
    validate::files(&chart, &sources, request.merge, owner, sink);
    Ok(Outcome { judged: Some(request.files), ..Outcome::default() })
}

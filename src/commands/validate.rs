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
                policy.judge(validate::files(&chart, &[Arc::clone(source)], false, owner))
            })?;
        }
    }
    let sources = values::sources(&request.files, sink)?;
    sink.extend(validate::files(&chart, &sources, request.merge, owner));
    Ok(Outcome { judged: Some(request.files), ..Outcome::default() })
}

//! `template`: render a chart and print its manifests.

mod args;
mod destination;
pub mod matrix;
mod request;
mod stages;

pub use args::{ReleaseArgs, TemplateArgs};
pub use destination::documents;
pub use request::TemplateRequest;
pub use stages::{check, render, run_all};

use crate::commands::Outcome;
use crate::diagnostic::Sink;
use crate::nats::CHARTS;
use crate::pipeline::Made;
use crate::policy::Policy;
use crate::{chart, values};

/// Runs `jinnacle template`.
///
/// # Errors
/// A file cannot be read, or findings make the input unusable.
pub fn run(args: TemplateArgs, policy: &Policy, sink: &mut Sink) -> anyhow::Result<Outcome> {
    let mut request = TemplateRequest::new(args, sink)?;
    request.policy = policy.clone();
    if let Some(path) = &request.matrix {
        return matrix::run(&request, path, sink);
    }
    let user = values::load(&request.values, sink)?;
    let chart = chart::load(&request.chart, &CHARTS, sink)?;
    chart::check_version(&chart, request.chart_version.as_deref())?;
    let made = render(&request, chart, user, sink)?;
    let checks_come_first = stages::checks_come_first(&request, &made);
    if checks_come_first {
        check(&request, &made, sink)?;
    }
    let stdout = write(&request, &made, sink)?;
    let checks = move |sink: &mut Sink| {
        if !checks_come_first {
            // They only warn.
            let _ = check(&request, &made, sink);
        }
    };
    Ok(Outcome { stdout, checks: Some(Box::new(checks)), ..Outcome::default() })
}

/// Writes a release, or compares it with what is there; what goes to stdout.
fn write(request: &TemplateRequest, made: &Made, sink: &mut Sink) -> anyhow::Result<String> {
    let Some(place) = &request.check else { return destination::write(request, made, sink) };
    let stdout = destination::compare(place, request, made, sink)?;
    if !stdout.is_empty() {
        sink.push(destination::stale(place));
    }
    Ok(stdout)
}

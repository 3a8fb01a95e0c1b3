//! `template`: render a chart and print its manifests.

mod destination;
mod fleet;

pub use destination::documents;

use crate::chart::Chart;
use crate::cli::TemplateArgs;
use crate::commands::Outcome;
use crate::diagnostic::Diagnostic;
use crate::policy::Policy;
use crate::request::TemplateRequest;
use crate::yaml::Map;
use crate::{chart, render, rendering, values};

/// Runs `jinnacle template`.
///
/// # Errors
/// A file cannot be read, or findings make the input unusable.
pub fn run(
    args: TemplateArgs,
    policy: &Policy,
    found: &mut Vec<Diagnostic>,
) -> anyhow::Result<Outcome> {
    let ends = !args.output.watch;
    let mut request = TemplateRequest::new(args)?;
    request.is_last = ends && request.matrix.is_none();
    request.policy = policy.clone();
    found.extend(request.notes.iter().cloned());
    if let Some(matrix) = &request.matrix {
        return fleet::run(&request, matrix, found);
    }
    let user = values::load(&request.values, found)?;
    let chart = chart::load(&request.chart, found)?;
    chart::check_version(&chart, request.chart_version.as_deref())?;
    let stdout = release(&request, chart, user, found)?;
    Ok(Outcome { stdout, ..Outcome::default() })
}

/// Renders a release and writes it, or compares it with what is there; what goes to stdout.
fn release(
    request: &TemplateRequest,
    chart: Chart,
    user: Map,
    notes: &mut Vec<Diagnostic>,
) -> anyhow::Result<String> {
    let is_built_in = chart.built_in.is_some();
    let work = || {
        rendering::of_chart(request, chart, user, notes, |made| match &request.check {
            Some(place) => destination::compare(place, request, made.chart, made.manifests),
            None => destination::write(request, made.chart, made.manifests),
        })
    };
    // One thread for all of a stranger's templates, instead of one for each.
    let stdout = if is_built_in { work()? } else { render::on_a_large_stack(work)? };
    if let Some(place) = request.check.as_ref().filter(|_| !stdout.is_empty()) {
        notes.push(destination::stale(place));
    }
    Ok(stdout)
}

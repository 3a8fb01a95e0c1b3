//! The stages of `template`.

use super::TemplateRequest;
use crate::chart::{self, Chart};
use crate::diagnostic::{Diagnostic, Sink, Stopped, rule};
use crate::manifest::Manifest;
use crate::nats::CHARTS;
use crate::pipeline::{self, Made, Merged};
use crate::yaml::Map;
use crate::{check, dependencies, release, render, values};

/// All stages: loads what is asked for, renders and checks it.
///
/// # Errors
/// A file cannot be read, or [`Stopped`].
pub fn run_all(request: &TemplateRequest, sink: &mut Sink) -> anyhow::Result<Made> {
    let user = values::load(&request.values, sink)?;
    let chart = chart::load(&request.chart, &CHARTS, sink)?;
    let made = render(request, chart, user, sink)?;
    check(request, &made, sink)?;
    Ok(made)
}

/// The stages between `load` and `check`.
///
/// # Errors
/// The sink has what makes the input unusable.
pub fn render(
    request: &TemplateRequest,
    chart: Chart,
    user: Map,
    sink: &mut Sink,
) -> Result<Made, Stopped> {
    let is_built_in = chart.is_built_in();
    let work = || stages(request, chart, user, sink);
    // One thread for all templates of a third-party chart, instead of one for each.
    if is_built_in { work() } else { render::on_a_large_stack(work) }
}

fn stages(
    request: &TemplateRequest,
    chart: Chart,
    user: Map,
    sink: &mut Sink,
) -> Result<Made, Stopped> {
    let policy = &request.policy;
    sink.take(release::check_name(&request.release.name))?;
    sink.take(chart.check_installable())?;
    dependencies::check_present(&chart, sink)?;
    let mut merged = pipeline::merge(chart, user, request.release_context(), sink)?;
    let check_schema = |merged: &mut Merged, sink: &mut Sink| match request.skip_schema_validation {
        true => Ok(()),
        false => policy.pass(sink, |sink| merged.check_schema(sink)),
    };
    check_schema(&mut merged, sink)?;
    if merged.expand(sink)? {
        check_schema(&mut merged, sink)?;
    }
    policy.pass(sink, |sink| merged.check_rules(sink))?;
    sink.take(merged.chart.check_kube_version(&request.capabilities.kube_version.to_string()))?;
    let mut made = merged.render(sink)?;
    sink.extend(random(request));
    made.manifests.retain(|manifest| is_wanted(manifest, request));
    Ok(made)
}

/// Whether the checks can stop the run, so that they come before the manifests are printed. Helm prints whatever a
/// third-party chart makes: there they only warn, unless the user asks for more.
pub fn checks_come_first(request: &TemplateRequest, made: &Made) -> bool {
    let policy = &request.policy;
    made.chart.is_built_in() || request.strict || policy.strict || !policy.deny.is_empty()
}

/// The stage `check`.
///
/// # Errors
/// Something is wrong that counts.
pub fn check(request: &TemplateRequest, made: &Made, sink: &mut Sink) -> Result<(), Stopped> {
    if request.skip_checks {
        return Ok(());
    }
    let minor = request.capabilities.kube_version.minor;
    let weigh = match (request.strict, made.chart.is_built_in()) {
        (true, _) => check::strictly,
        (false, true) => |finding| finding,
        (false, false) => check::leniently,
    };
    request.policy.pass(sink, |sink| {
        sink.changed(|sink| made.check(minor, sink), |finding| Some(weigh(finding)));
    })
}

/// A note on what is different in another run.
fn random(request: &TemplateRequest) -> Option<Diagnostic> {
    let draws = request.randomness.draws();
    let first = draws.first().filter(|_| !request.is_seeded)?;
    let message = format!(
        "`{}` in `{}` is random: each run gives a different result",
        first.function, first.template
    );
    Some(
        Diagnostic::note(rule!("template/random"), message)
            .help("give `--seed STRING` for the same result on every run"),
    )
}

fn is_wanted(manifest: &Manifest, request: &TemplateRequest) -> bool {
    match &manifest.hook {
        Some(hook) => !(request.no_hooks || request.skip_tests && hook.is_test()),
        None => true,
    }
}

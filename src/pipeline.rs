//! A request → the manifests of its release in install order, checked.

use std::sync::Arc;

use crate::chart::Chart;
use crate::diagnostic::{Diagnostic, Sink, Stopped, rule};
use crate::manifest::{Manifest, order};
use crate::nats::CHARTS;
use crate::render::{Rendered, Surroundings};
use crate::request::TemplateRequest;
use crate::source::Source;
use crate::yaml::{Map, Node};
use crate::{chart, check, dependencies, manifest, output, release, render, values};

/// What is made of a chart.
pub struct Made {
    /// The chart.
    pub chart: Chart,
    /// The values that its templates saw.
    pub values: Arc<Node>,
    /// The manifests, in install order.
    pub manifests: Vec<Manifest>,
    /// The texts in which they stand.
    pub texts: Vec<Rendered>,
}

/// Loads what is asked for, renders and checks it.
///
/// # Errors
/// A file cannot be read, or [`Stopped`].
pub fn run(request: &TemplateRequest, sink: &mut Sink) -> anyhow::Result<Made> {
    let user = values::load(&request.values, sink)?;
    let chart = chart::load(&request.chart, &CHARTS, sink)?;
    Ok(of_chart(request, chart, user, sink)?)
}

/// Renders a chart with the user's values and checks what comes out.
///
/// # Errors
/// The sink has what makes the input unusable.
pub fn of_chart(
    request: &TemplateRequest,
    chart: Chart,
    user: Map,
    sink: &mut Sink,
) -> Result<Made, Stopped> {
    let is_built_in = chart.is_built_in();
    let work = || render(request, chart, user, sink);
    // One thread for all of a stranger's templates, instead of one for each.
    let made = if is_built_in { work()? } else { render::on_a_large_stack(work)? };
    if !request.skip_checks {
        request.policy.pass(check(request, &made), sink)?;
    }
    Ok(made)
}

/// Renders a chart with the user's values.
fn render(
    request: &TemplateRequest,
    mut chart: Chart,
    user: Map,
    sink: &mut Sink,
) -> Result<Made, Stopped> {
    let policy = &request.policy;
    values::follow(&mut chart, request.capabilities.helm, sink)?;
    sink.take(release::check_name(&request.release.name))?;
    sink.take(chart.check_installable())?;
    sink.take(dependencies::check_present(&chart))?;
    dependencies::process(&mut chart, &user, sink)?;
    let mut values = values::merge(&chart, user, sink)?;
    validate(request, &chart, &mut values, sink)?;
    policy.pass(chart.check(&values, &request.release), sink)?;
    sink.take(chart.check_kube_version(&request.capabilities.kube_version.to_string()))?;
    let values = Arc::new(values);
    let (release, capabilities) = (&request.release, &request.capabilities);
    let around = Surroundings { release, capabilities, drawn: &request.drawn };
    let (texts, mut manifests) = render::manifests(&chart, &values, around, sink)?;
    sink.extend(draws(request));
    manifests.retain(|manifest| wanted(manifest, request));
    order::sort(&mut manifests, request.capabilities.helm.last_kinds());
    Ok(Made { chart, values, manifests, texts })
}

/// Judges the values by the chart's schemas, before and after template text in them is expanded.
fn validate(
    request: &TemplateRequest,
    chart: &Chart,
    values: &mut Node,
    sink: &mut Sink,
) -> Result<(), Stopped> {
    let judge = |values: &mut Node, sink: &mut Sink| match request.skip_schema_validation {
        true => Ok(()),
        false => request.policy.pass(chart.validate(values), sink),
    };
    judge(values, sink)?;
    let (release, capabilities) = (&request.release, &request.capabilities);
    let around = Surroundings { release, capabilities, drawn: &request.drawn };
    if sink.take(render::expand(chart, values, around))? { judge(values, sink) } else { Ok(()) }
}

/// What Kubernetes and nats-server would say of manifests. Helm prints whatever a user's own chart makes: there
/// it is a warning, unless more is asked for.
pub fn check(request: &TemplateRequest, made: &Made) -> Vec<Diagnostic> {
    let is_built_in = made.chart.is_built_in();
    let minor = request.capabilities.kube_version.minor;
    let mut definitions = Vec::new();
    for document in output::crds(&made.chart, &made.chart.metadata.name) {
        let source = Source::new(document.name, document.text);
        definitions.extend(manifest::files::documents(&source, &mut Vec::new()));
    }
    let found = check::manifests(&made.manifests, &definitions, minor, is_built_in);
    let mut found = render::explained(found, &made.texts);
    for finding in found.iter_mut().filter(|finding| finding.rule == check::MOUNT) {
        let spans = finding.span.iter().chain(finding.related.iter().map(|(span, _)| span));
        if let Some(key) = spans.filter_map(|span| made.values.key_at(span)).next() {
            finding.help.push(format!("the values key is `{key}`"));
        }
    }
    if request.strict {
        check::strictly(&mut found);
    } else if !is_built_in {
        check::leniently(&mut found);
    }
    found
}

/// A word on what another run would make otherwise.
fn draws(request: &TemplateRequest) -> Option<Diagnostic> {
    let draws = request.drawn.draws();
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

fn wanted(manifest: &Manifest, request: &TemplateRequest) -> bool {
    match &manifest.hook {
        Some(hook) => !(request.no_hooks || request.skip_tests && hook.is_test()),
        None => true,
    }
}

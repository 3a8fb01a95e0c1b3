//! `load → dependencies → merge → schema → expand → rules → render → manifests → check`: the stages between a chart with
//! values and its manifests, each of which adds to the sink. Commands differ in where they stop.

use std::sync::Arc;

use crate::chart::Chart;
use crate::diagnostic::{Diagnostic, Sink, Stopped, rule};
use crate::manifest::{Manifest, files, order};
use crate::nats::CHARTS;
use crate::render::{Rendered, Surroundings};
use crate::request::TemplateRequest;
use crate::source::Source;
use crate::yaml::{Map, Node};
use crate::{chart, check, dependencies, output, release, render, values};

/// A chart over whose defaults the user's values are merged.
pub struct Merged<'a> {
    /// The chart, with the subcharts that take part.
    pub chart: Chart,
    /// The values.
    pub values: Node,
    /// The release that is made of them.
    pub around: Surroundings<'a>,
}

/// What is made of a chart.
pub struct Made {
    /// The chart.
    pub chart: Chart,
    /// The values that its templates saw.
    pub values: Arc<Node>,
    /// The manifests, in install order.
    pub manifests: Vec<Manifest>,
    /// The texts that hold them.
    pub texts: Vec<Rendered>,
}

/// `dependencies → merge`.
///
/// # Errors
/// The chart is not for this version of Helm, or the values of a subchart are not a map.
pub fn merge<'a>(
    mut chart: Chart,
    user: Map,
    around: Surroundings<'a>,
    sink: &mut Sink,
) -> Result<Merged<'a>, Stopped> {
    values::follow(&mut chart, around.capabilities.helm, sink)?;
    dependencies::process(&mut chart, &user, sink)?;
    let values = values::merge(&chart, user, sink)?;
    Ok(Merged { chart, values, around })
}

impl Merged<'_> {
    /// `schema`: checks the values by the chart's schemas.
    pub fn check_schema(&mut self, sink: &mut Sink) {
        self.chart.validate(&mut self.values, sink);
    }

    /// `expand`: expands template text in the values, and says whether that changed their shape, so that the schema may
    /// have something new to say.
    ///
    /// # Errors
    /// Text cannot be expanded.
    pub fn expand(&mut self, sink: &mut Sink) -> Result<bool, Stopped> {
        sink.take(render::expand(&self.chart, &mut self.values, self.around))
    }

    /// `rules`: checks what a schema cannot say.
    pub fn check_rules(&self, sink: &mut Sink) {
        self.chart.check(&self.values, self.around.release, sink);
    }

    /// `render → manifests`: all templates, also when one is wrong, and the manifests in install order.
    ///
    /// # Errors
    /// A template fails, or what it makes is not a manifest.
    pub fn render(self, sink: &mut Sink) -> Result<Made, Stopped> {
        let values = Arc::new(self.values);
        let (texts, mut manifests) = render::manifests(&self.chart, &values, self.around, sink)?;
        order::sort(&mut manifests, self.around.capabilities.helm.last_kinds());
        Ok(Made { chart: self.chart, values, manifests, texts })
    }
}

impl Made {
    /// `check`: what Kubernetes and nats-server would say of the manifests, at the places that caused it.
    pub fn check(&self, minor: u64, sink: &mut Sink) {
        let is_built_in = self.chart.is_built_in();
        let definitions = || definitions(&self.chart);
        let found = Sink::of(|sink| {
            check::manifests(&self.manifests, definitions, minor, is_built_in, sink)
        });
        sink.extend(render::explained(found, &self.texts).into_iter().map(|finding| {
            match finding.rule == check::MOUNT {
                true => self.with_key(finding),
                false => finding,
            }
        }));
    }

    /// The finding with the key of the value that it is about.
    fn with_key(&self, finding: Diagnostic) -> Diagnostic {
        let mut spans = finding.span.iter().chain(finding.related.iter().map(|(span, _)| span));
        match spans.find_map(|span| self.values.key_at(span)) {
            Some(key) => finding.help(format!("the values key is `{key}`")),
            None => finding,
        }
    }
}

/// The custom resource definitions in the directories `crds/` of a chart and its subcharts.
fn definitions(chart: &Chart) -> Vec<Node> {
    let crds = output::crds(chart, &chart.metadata.name);
    let read = |crd: output::Document| {
        // What is wrong in them is for `lint` to say.
        files::documents(&Source::new(crd.name, crd.text), &mut Sink::new())
    };
    crds.into_iter().flat_map(read).collect()
}

/// The whole of it for `template`: loads what is asked for, renders and checks it.
///
/// # Errors
/// A file cannot be read, or [`Stopped`].
pub fn run(request: &TemplateRequest, sink: &mut Sink) -> anyhow::Result<Made> {
    let user = values::load(&request.values, sink)?;
    let chart = chart::load(&request.chart, &CHARTS, sink)?;
    let made = render(request, chart, user, sink)?;
    check(request, &made, sink)?;
    Ok(made)
}

/// All stages of `template` between `load` and `check`.
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
    let mut merged = merge(chart, user, request.around(), sink)?;
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

/// The stage `check` of `template`.
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

fn is_wanted(manifest: &Manifest, request: &TemplateRequest) -> bool {
    match &manifest.hook {
        Some(hook) => !(request.no_hooks || request.skip_tests && hook.is_test()),
        None => true,
    }
}

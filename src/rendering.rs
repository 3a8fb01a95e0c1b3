//! A request → the manifests of its release in install order, judged.

use std::cell::RefCell;
use std::mem;

use crate::chart::Chart;
use crate::dependencies;
use crate::diagnostic::{Diagnostic, Findings};
use crate::manifest::{Manifest, order};
use crate::render::{Rendered, Surroundings};
use crate::request::TemplateRequest;
use crate::source::Source;
use crate::yaml::{Map, Node};
use crate::{chart, check, manifest, output, release, render, rules, values};

/// What is made of a chart.
pub struct Rendering<'r> {
    /// The chart.
    pub chart: &'r Chart,
    /// The values that its templates saw.
    pub values: &'r Node,
    /// The manifests, in install order.
    pub manifests: &'r [Manifest],
    /// The texts in which they stand.
    pub texts: &'r [Rendered<'r>],
}

/// Renders what is asked for and hands it on.
///
/// # Errors
/// A file cannot be read, or findings make the input unusable.
pub fn of<T>(
    request: &TemplateRequest,
    notes: &mut Vec<Diagnostic>,
    then: impl FnOnce(Rendering<'_>) -> anyhow::Result<T>,
) -> anyhow::Result<T> {
    let user = values::load(&request.values, notes)?;
    let chart = chart::load(&request.chart, notes)?;
    of_chart(request, chart, user, notes, then)
}

/// Renders a chart with the user's values and hands it on.
///
/// # Errors
/// A file cannot be read, or findings make the input unusable.
pub fn of_chart<T>(
    request: &TemplateRequest,
    mut chart: Chart,
    user: Map,
    notes: &mut Vec<Diagnostic>,
    then: impl FnOnce(Rendering<'_>) -> anyhow::Result<T>,
) -> anyhow::Result<T> {
    release::check_name(&request.release.name).map_err(Findings::from)?;
    chart.check_installable().map_err(Findings::from)?;
    dependencies::check_present(&chart)?;
    dependencies::process(&mut chart, &user, notes).map_err(Findings::from)?;
    let mut values = values::of(&chart, user, notes)?;
    let (release, capabilities) = (&request.release, &request.capabilities);
    let around = Surroundings { release, capabilities, drawn: &request.drawn };
    let policy = &request.policy;
    if !request.skip_schema_validation {
        policy.allow(chart.validate(&mut values), notes)?;
    }
    if render::expand(&chart, &mut values, around)? && !request.skip_schema_validation {
        policy.allow(chart.validate(&mut values), notes)?;
    }
    let broken = rules::check(&chart, &values, &request.release, notes);
    policy.allow(broken, notes)?;
    chart
        .check_kube_version(&request.capabilities.kube_version.to_string())
        .map_err(Findings::from)?;
    let (mut manifests, mut texts) = (Vec::new(), Vec::new());
    let warnings = RefCell::new(Vec::new());
    let rendered = render::render(&chart, &values, around, |text| {
        let (read, mut found) = text.manifests()?;
        warnings.borrow_mut().append(&mut found);
        Ok((read, text))
    });
    notes.extend(warnings.into_inner());
    for (read, text) in rendered? {
        manifests.extend(read);
        texts.push(text);
    }
    notes.extend(draws(request));
    manifests.retain(|manifest| wanted(manifest, request));
    order::sort(&mut manifests);
    if !request.skip_checks {
        judge(request, &chart, &values, &manifests, &texts, notes)?;
    }
    let made = Rendering { chart: &chart, values: &values, manifests: &manifests, texts: &texts };
    let done = then(made);
    if request.is_last {
        // Freeing them piece by piece would be a twentieth of the run.
        mem::forget((manifests, texts));
        mem::forget((chart, values));
    }
    done
}

/// What Kubernetes and nats-server would say of manifests. Helm prints whatever a user's own chart makes: there
/// it is a warning, unless more is asked for.
fn judge(
    request: &TemplateRequest,
    chart: &Chart,
    values: &Node,
    manifests: &[Manifest],
    texts: &[Rendered<'_>],
    notes: &mut Vec<Diagnostic>,
) -> Result<(), Findings> {
    let is_built_in = chart.built_in.is_some();
    let minor = request.capabilities.kube_version.minor;
    let mut definitions = Vec::new();
    for document in output::crds(chart, &chart.metadata.name) {
        let source = Source::new(document.name, document.text);
        definitions.extend(manifest::files::documents(&source, &mut Vec::new()));
    }
    let found = check::manifests(manifests, &definitions, minor, is_built_in);
    let mut found = render::explained(found, texts);
    for finding in found.iter_mut().filter(|finding| finding.rule == check::MOUNT) {
        let spans = finding.span.iter().chain(finding.related.iter().map(|(span, _)| span));
        if let Some(key) = spans.filter_map(|span| values.key_at(span)).next() {
            finding.help.push(format!("the values key is `{key}`"));
        }
    }
    if request.strict {
        check::strictly(&mut found);
    } else if !is_built_in {
        check::leniently(&mut found);
    }
    request.policy.pass(found, notes)
}

/// A word on what another run would make otherwise.
fn draws(request: &TemplateRequest) -> Option<Diagnostic> {
    let draws = request.drawn.draws();
    let first = draws.first().filter(|_| !request.is_seeded)?;
    let message = format!(
        "`{}` in `{}` draws what another run draws otherwise",
        first.function, first.template
    );
    Some(
        Diagnostic::note("template/random", message)
            .help("give --seed TEXT for the same bytes on every run"),
    )
}

fn wanted(manifest: &Manifest, request: &TemplateRequest) -> bool {
    match &manifest.hook {
        Some(hook) => !(request.no_hooks || request.skip_tests && hook.is_test()),
        None => true,
    }
}

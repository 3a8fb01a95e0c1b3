//! `template`: render a chart and print its manifests.

mod fleet;

use std::mem;
use std::path::Path;

use anyhow::anyhow;

use crate::chart::{Chart, dependencies};
use crate::cli::TemplateArgs;
use crate::commands::Outcome;
use crate::diagnostic::{Diagnostic, Findings, has_errors};
use crate::manifest::{Manifest, order};
use crate::output::{Document, diff, directory, form, post_render};
use crate::render::{Rendered, Surroundings};
use crate::request::TemplateRequest;
use crate::source::Source;
use crate::yaml::{Map, Node};
use crate::{chart, check, manifest, output, release, render, rules, values};

/// Runs `jinnacle template`.
///
/// # Errors
/// A file cannot be read, or findings make the input unusable.
pub fn run(args: TemplateArgs) -> anyhow::Result<Outcome> {
    let ends = !args.output.watch;
    let mut request = TemplateRequest::new(args)?;
    request.is_last = ends && request.matrix.is_none();
    let mut notes = request.notes.clone();
    if let Some(matrix) = &request.matrix {
        return fleet::run(&request, matrix, notes);
    }
    let mut odd = Vec::new();
    let chart = chart::load(&request.chart, &mut odd).inspect(render::prepare);
    let user = values::load(&request.values, &mut notes)?;
    let chart = chart?;
    notes.append(&mut odd);
    let stdout = release(&request, chart, user, &mut notes)?;
    Ok(Outcome { stdout, diagnostics: notes, ..Outcome::default() })
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
        with_manifests_of(request, chart, user, notes, |made| match &request.check {
            Some(place) => compare(place, request, made.chart, made.manifests),
            None => print(request, made.chart, made.manifests),
        })
    };
    // One thread for all of a stranger's templates, instead of one for each.
    let stdout = if is_built_in { work()? } else { render::on_a_large_stack(work)? };
    if let Some(place) = request.check.as_ref().filter(|_| !stdout.is_empty()) {
        notes.push(stale(place));
    }
    Ok(stdout)
}

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
/// As [`run`].
pub fn with_manifests<T>(
    request: &TemplateRequest,
    notes: &mut Vec<Diagnostic>,
    then: impl FnOnce(Rendering<'_>) -> anyhow::Result<T>,
) -> anyhow::Result<T> {
    let user = values::load(&request.values, notes)?;
    let chart = chart::load(&request.chart, notes)?;
    with_manifests_of(request, chart, user, notes, then)
}

/// Renders a chart with the user's values and hands it on.
///
/// # Errors
/// As [`run`].
pub fn with_manifests_of<T>(
    request: &TemplateRequest,
    mut chart: Chart,
    user: Map,
    notes: &mut Vec<Diagnostic>,
    then: impl FnOnce(Rendering<'_>) -> anyhow::Result<T>,
) -> anyhow::Result<T> {
    release::check_name(&request.release.name).map_err(Findings::from)?;
    dependencies::check_present(&chart)?;
    dependencies::process(&mut chart, &user, notes).map_err(Findings::from)?;
    let mut values = values::of(&chart, user, notes)?;
    let (release, capabilities) = (&request.release, &request.capabilities);
    let around = Surroundings { release, capabilities, drawn: &request.drawn };
    if !request.skip_schema_validation {
        chart.validate(&mut values)?;
    }
    if render::expand(&chart, &mut values, around)? && !request.skip_schema_validation {
        chart.validate(&mut values)?;
    }
    rules::check(&chart, &values, &request.release, notes)?;
    chart
        .check_kube_version(&request.capabilities.kube_version.to_string())
        .map_err(Findings::from)?;
    let (mut manifests, mut texts) = (Vec::new(), Vec::new());
    let read = |text| manifest::read(&text).map(|read| (read, text));
    for ((read, mut found), text) in render::render(&chart, &values, around, read)? {
        manifests.extend(read);
        texts.push(text);
        notes.append(&mut found);
    }
    notes.extend(draws(request));
    manifests.retain(|manifest| wanted(manifest, request));
    order::sort(&mut manifests);
    if !request.skip_checks {
        judge(request, &chart, &manifests, &texts, notes)?;
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
    if request.strict {
        check::strictly(&mut found);
    } else if !is_built_in {
        check::leniently(&mut found);
    }
    if has_errors(&found) {
        return Err(found.into());
    }
    notes.append(&mut found);
    Ok(())
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

/// To files, or to a stream that may go through a program first; hooks do not, as in Helm.
fn print(
    request: &TemplateRequest,
    chart: &Chart,
    manifests: &[Manifest],
) -> anyhow::Result<String> {
    let Some(folder) = &request.output_dir else {
        return printed(request, &documents(request, chart, manifests)?);
    };
    let below = request.output_subfolder.as_ref().map_or(folder.clone(), |name| folder.join(name));
    let documents: Vec<Document> = manifests.iter().map(Document::from).collect();
    Ok(directory::write(folder, &crds(request, chart, manifests))?
        + &directory::write(&below, &documents)?
        + "\n")
}

/// The documents that were asked for, in order.
///
/// # Errors
/// A program that they go through fails.
pub fn documents(
    request: &TemplateRequest,
    chart: &Chart,
    manifests: &[Manifest],
) -> anyhow::Result<Vec<Document>> {
    let mut documents = crds(request, chart, manifests);
    documents.extend(manifests.iter().map(Document::from));
    if let Some((program, args)) = &request.post_renderer {
        let (hooks, plain): (Vec<_>, Vec<_>) = documents.into_iter().partition(|d| d.is_hook);
        documents = output::documents(&post_render::run(program, args, &output::stream(&plain))?);
        documents.extend(hooks);
    }
    Ok(documents)
}

/// What goes to stdout.
fn printed(request: &TemplateRequest, documents: &[Document]) -> anyhow::Result<String> {
    if request.show_only.is_empty() {
        return Ok(form::stream(output::stream(documents), request.form)?);
    }
    let chosen = output::only(documents, &request.show_only)
        .map_err(|pattern| anyhow!("no template `{pattern}` in the chart printed anything"))?;
    Ok(form::stream(output::selection(&chosen), request.form)?)
}

/// The definitions that were asked for; one that a template prints, too, is left to it.
fn crds(request: &TemplateRequest, chart: &Chart, manifests: &[Manifest]) -> Vec<Document> {
    if !request.include_crds {
        return Vec::new();
    }
    let mut crds = output::crds(chart, &chart.metadata.name);
    crds.retain(|crd| !manifests.iter().any(|manifest| manifest.text.trim() == crd.text.trim()));
    crds
}

/// The differences between a file or a folder and what it would hold.
fn compare(
    place: &Path,
    request: &TemplateRequest,
    chart: &Chart,
    manifests: &[Manifest],
) -> anyhow::Result<String> {
    let documents = documents(request, chart, manifests)?;
    if place.is_file() {
        return diff::file(place, &printed(request, &documents)?);
    }
    diff::folder(place, &documents)
}

fn stale(place: &Path) -> Diagnostic {
    let message = format!("`{}` is not what the chart and its values make", place.display());
    Diagnostic::error("manifest/stale", message).help("render it anew and commit the result")
}

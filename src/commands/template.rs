//! `template`: render a chart and print its manifests.

use std::path::Path;

use anyhow::anyhow;

use crate::chart::{Chart, dependencies};
use crate::cli::TemplateArgs;
use crate::commands::Outcome;
use crate::diagnostic::{Diagnostic, Findings};
use crate::manifest::{Manifest, order};
use crate::output::{Document, diff, directory, post_render};
use crate::render::Surroundings;
use crate::request::TemplateRequest;
use crate::{chart, manifest, output, release, render, rules, values};

/// Runs `jinnacle template`.
///
/// # Errors
/// A file cannot be read, or findings make the input unusable.
pub fn run(args: TemplateArgs) -> anyhow::Result<Outcome> {
    let request = TemplateRequest::new(args)?;
    let mut notes = request.notes.clone();
    let user = values::load(&request.values, &mut notes)?;
    let mut chart = chart::load(&request.chart, &mut notes)?;
    release::check_name(&request.release.name).map_err(Findings::from)?;
    dependencies::check_present(&chart)?;
    dependencies::process(&mut chart, &user, &mut notes).map_err(Findings::from)?;
    let mut values = values::of(&chart, user, &mut notes)?;
    let around = Surroundings { release: &request.release, capabilities: &request.capabilities };
    if !request.skip_schema_validation {
        chart.validate(&mut values)?;
    }
    if render::expand(&chart, &mut values, around)? && !request.skip_schema_validation {
        chart.validate(&mut values)?;
    }
    rules::check(&chart, &values, &mut notes)?;
    chart
        .check_kube_version(&request.capabilities.kube_version.to_string())
        .map_err(Findings::from)?;
    let mut manifests = Vec::new();
    for (read, mut found) in render::render(&chart, &values, around, |text| manifest::read(&text))?
    {
        manifests.extend(read);
        notes.append(&mut found);
    }
    manifests.retain(|manifest| wanted(manifest, &request));
    order::sort(&mut manifests);
    if let Some(place) = &request.check {
        let stdout = compare(place, &request, &chart, &manifests)?;
        notes.extend((!stdout.is_empty()).then(|| stale(place)));
        return Ok(Outcome { stdout, diagnostics: notes, ..Outcome::default() });
    }
    let stdout = print(&request, &chart, &manifests)?;
    Ok(Outcome { stdout, diagnostics: notes, ..Outcome::default() })
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
    Ok(directory::write(folder, &crds(request, chart))?
        + &directory::write(&below, &documents)?
        + "\n")
}

/// The documents that were asked for, in order.
fn documents(
    request: &TemplateRequest,
    chart: &Chart,
    manifests: &[Manifest],
) -> anyhow::Result<Vec<Document>> {
    let mut documents = crds(request, chart);
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
        return Ok(output::stream(documents));
    }
    let chosen = output::only(documents, &request.show_only)
        .map_err(|pattern| anyhow!("no template `{pattern}` in the chart printed anything"))?;
    Ok(output::selection(&chosen))
}

fn crds(request: &TemplateRequest, chart: &Chart) -> Vec<Document> {
    if request.include_crds { output::crds(chart, &chart.metadata.name) } else { Vec::new() }
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

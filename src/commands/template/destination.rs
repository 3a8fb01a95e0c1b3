//! Where manifests go: to stdout, into files, or against what is there.

use std::path::Path;

use anyhow::anyhow;

use super::TemplateRequest;
use crate::diagnostic::{Diagnostic, Sink, Stopped, rule};
use crate::manifest::{self, order};
use crate::output::{self, Document, diff, directory, form, post_render};
use crate::pipeline::Made;
use crate::release::Difference;
use crate::source::Source;
use crate::yaml::Ends;

/// To files, or to a stream that may go through a program first; hooks do not, as in Helm.
pub fn write(request: &TemplateRequest, made: &Made, sink: &mut Sink) -> anyhow::Result<String> {
    let Some(directory) = &request.output_dir else {
        return printed(request, &documents(request, made, sink)?, sink);
    };
    let below =
        request.output_subfolder.as_ref().map_or(directory.clone(), |name| directory.join(name));
    let documents: Vec<Document> = made.manifests.iter().map(Document::from).collect();
    Ok(directory::write(directory, &crds(request, made))?
        + &directory::write(&below, &documents)?
        + "\n")
}

/// The documents that were asked for, in order.
///
/// # Errors
/// A program that they go through fails.
pub fn documents(
    request: &TemplateRequest,
    made: &Made,
    sink: &mut Sink,
) -> anyhow::Result<Vec<Document>> {
    let mut documents = crds(request, made);
    documents.extend(made.manifests.iter().map(Document::from));
    let post_renderer = request.post_renderer.as_ref().filter(|_| !documents.is_empty());
    if let Some((program, args)) = post_renderer
        && request.capabilities.helm.has(Difference::PostRenderer)
    {
        let rendered: Vec<Document> = made.manifests.iter().map(Document::from).collect();
        let stream = post_render::run(program, args, &output::stream(&rendered))?;
        documents = crds(request, made);
        let ends = made.manifests.first().map(|manifest| manifest.ends).unwrap_or_default();
        documents.extend(sorted(&stream, ends, request, sink)?);
    } else if let Some((program, args)) = post_renderer {
        let (hooks, plain): (Vec<_>, Vec<_>) = documents.into_iter().partition(|d| d.is_hook);
        documents = output::documents(&post_render::run(program, args, &output::stream(&plain))?);
        documents.extend(hooks);
    }
    Ok(documents)
}

/// The documents that a post-renderer made, in install order, with the ends that the chart's documents have.
fn sorted(
    stream: &str,
    ends: Ends,
    request: &TemplateRequest,
    sink: &mut Sink,
) -> Result<Vec<Document>, Stopped> {
    let mut made = Vec::new();
    for document in output::documents(stream) {
        // Helm writes each document again, with one line break at its end.
        let end = if ends == Ends::Kept { "\n" } else { "" };
        let source = Source::new("<post-renderer>", document.text + end);
        let read = manifest::documents(&document.name, &source, ends, sink)?;
        made.extend(manifest::manifests(&document.name, read));
    }
    order::sort(&mut made, request.capabilities.helm.last_kinds());
    Ok(made.iter().map(Document::from).collect())
}

/// What goes to stdout.
fn printed(
    request: &TemplateRequest,
    documents: &[Document],
    sink: &mut Sink,
) -> anyhow::Result<String> {
    if request.show_only.is_empty() {
        return Ok(form::stream(output::stream(documents), request.form, sink)?);
    }
    let chosen = output::selection(documents, &request.show_only)
        .map_err(|pattern| anyhow!("no template `{pattern}` in the chart printed anything"))?;
    Ok(form::stream(chosen, request.form, sink)?)
}

/// The definitions that were asked for; one that a template prints, too, is left to it.
fn crds(request: &TemplateRequest, made: &Made) -> Vec<Document> {
    if !request.include_crds {
        return Vec::new();
    }
    let mut crds = output::crds(&made.chart, &made.chart.metadata.name);
    if request.capabilities.helm.has(Difference::DocumentEnds) {
        crds.iter_mut().for_each(|crd| crd.ends = Ends::Kept);
    }
    crds.retain(|crd| {
        !made.manifests.iter().any(|manifest| manifest.text.trim() == crd.text.trim())
    });
    crds
}

/// The differences between a file or a directory and what it would hold.
pub fn compare(
    place: &Path,
    request: &TemplateRequest,
    made: &Made,
    sink: &mut Sink,
) -> anyhow::Result<String> {
    let documents = documents(request, made, sink)?;
    if place.is_file() {
        return diff::file(place, &printed(request, &documents, sink)?);
    }
    diff::directory(place, &documents)
}

pub fn stale(place: &Path) -> Diagnostic {
    let message = format!("`{}` differs from what the chart and its values make", place.display());
    Diagnostic::error(rule!("manifest/stale"), message).help("render again and commit the result")
}

//! `template`: render a chart and print its manifests.

use anyhow::anyhow;

use crate::chart::{Chart, dependencies};
use crate::cli::TemplateArgs;
use crate::commands::Outcome;
use crate::diagnostic::Findings;
use crate::manifest::{Manifest, order};
use crate::output::{Document, directory, post_render};
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
    Ok(Outcome { stdout: print(&request, &chart, &manifests)?, diagnostics: notes })
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
    let crds =
        if request.include_crds { output::crds(chart, &chart.metadata.name) } else { Vec::new() };
    let documents: Vec<Document> = manifests.iter().map(Document::from).collect();
    if let Some(folder) = &request.output_dir {
        let below =
            request.output_subfolder.as_ref().map_or(folder.clone(), |name| folder.join(name));
        return Ok(directory::write(folder, &crds)?
            + &directory::write(&below, &documents)?
            + "\n");
    }
    let mut documents: Vec<Document> = crds.into_iter().chain(documents).collect();
    if let Some((program, args)) = &request.post_renderer {
        let (hooks, plain): (Vec<_>, Vec<_>) = documents.into_iter().partition(|d| d.is_hook);
        documents = output::documents(&post_render::run(program, args, &output::stream(&plain))?);
        documents.extend(hooks);
    }
    if request.show_only.is_empty() {
        return Ok(output::stream(&documents));
    }
    let chosen = output::only(&documents, &request.show_only)
        .map_err(|pattern| anyhow!("no template `{pattern}` in the chart printed anything"))?;
    Ok(output::selection(&chosen))
}

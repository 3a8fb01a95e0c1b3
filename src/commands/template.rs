//! `template`: render a chart and print its manifests.

use crate::cli::TemplateArgs;
use crate::commands::Outcome;
use crate::diagnostic::Findings;
use crate::chart::dependencies;
use crate::manifest::{Manifest, order};
use crate::render::Surroundings;
use crate::request::TemplateRequest;
use crate::{chart, manifest, output, release, render, rules, values};

/// Runs `jinnacle template`.
///
/// # Errors
/// A file cannot be read, or findings make the input unusable.
pub fn run(args: TemplateArgs) -> anyhow::Result<Outcome> {
    let request = TemplateRequest::new(args)?;
    let mut notes = Vec::new();
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
    chart.check_kube_version(&request.capabilities.kube_version.to_string()).map_err(Findings::from)?;
    let mut manifests = Vec::new();
    for rendered in render::render(&chart, &values, around)? {
        manifests.extend(manifest::read(&rendered, &mut notes)?);
    }
    manifests.retain(|manifest| wanted(manifest, &request));
    order::sort(&mut manifests);
    Ok(Outcome { stdout: output::stream(&manifests), diagnostics: notes })
}

fn wanted(manifest: &Manifest, request: &TemplateRequest) -> bool {
    match &manifest.hook {
        Some(hook) => !request.no_hooks && !(request.skip_tests && hook.is_test()),
        None => true,
    }
}

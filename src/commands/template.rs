//! `template`: render a chart and print its manifests.

use crate::cli::TemplateArgs;
use crate::commands::Outcome;
use crate::diagnostic::Findings;
use crate::manifest::{Manifest, manifests, order};
use crate::request::TemplateRequest;
use crate::yaml::{Kind, Node};
use crate::{chart, output, release, render, rules, values};

/// Runs `jinnacle template`.
///
/// # Errors
/// A file cannot be read, or findings make the input unusable.
pub fn run(args: TemplateArgs) -> anyhow::Result<Outcome> {
    let request = TemplateRequest::new(args)?;
    let mut diagnostics = Vec::new();
    let user = values::load(&request.values, &mut diagnostics)?;
    let chart = chart::load(&request.chart)?;
    release::check_name(&request.release.name).map_err(Findings::from)?;
    let merged = values::coalesce(&chart, user, &mut diagnostics).map_err(Findings::from)?;
    let mut values = Node::new(Kind::Map(merged), chart.defaults.span.clone());
    if !request.skip_schema_validation {
        let found = chart.validate(&mut values);
        if !found.is_empty() {
            return Err(Findings(found).into());
        }
    }
    rules::check(&chart, &values, &mut diagnostics)?;
    let rendered = render::render(&chart, &request.release, &request.capabilities, &values)?;
    let mut manifests = manifests(&rendered, &mut diagnostics)?;
    manifests.retain(|manifest| wanted(manifest, &request));
    order::sort(&mut manifests);
    Ok(Outcome { stdout: output::stream(&manifests), diagnostics })
}

fn wanted(manifest: &Manifest, request: &TemplateRequest) -> bool {
    match &manifest.hook {
        Some(hook) => !request.no_hooks && !(request.skip_tests && hook.is_test()),
        None => true,
    }
}

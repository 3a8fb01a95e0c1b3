//! A chart and its values → texts.

mod context;
mod expand;
pub mod filters;
mod from_conf;
pub mod jinja;
pub mod marks;

use std::collections::HashMap;
use std::sync::Arc;

pub use context::Scope;
pub use expand::expand;

use crate::chart::{Chart, Template};
use crate::diagnostic::{Diagnostic, Findings};
use crate::manifest::Rendered;
use crate::release::{Capabilities, Release};
use crate::source::{Source, Span};
use crate::yaml::{Map, Node};
use jinja::Engine;

/// What every template of a chart sees beside the chart's own values.
#[derive(Clone, Copy, Debug)]
pub struct Surroundings<'a> {
    /// The release.
    pub release: &'a Release,
    /// The cluster.
    pub capabilities: &'a Capabilities,
}

/// Renders every template of a chart and its subcharts, partials and notes excepted.
///
/// # Errors
/// Findings of what is wrong in the templates, of all of them.
pub fn render(
    chart: &Chart,
    values: &Node,
    surroundings: Surroundings<'_>,
) -> Result<Vec<Rendered>, Findings> {
    let mut rendered = Vec::new();
    let mut errors = Vec::new();
    render_chart(chart, &chart.metadata.name, values, surroundings, &mut rendered, &mut errors);
    if errors.is_empty() { Ok(rendered) } else { Err(errors.into()) }
}

/// The release name that `--name-template` makes; templates in it are Jinja and see no data.
///
/// # Errors
/// The template is wrong.
pub fn name(template: &str) -> Result<String, Findings> {
    let mut engine = Engine::new(|_| None);
    filters::add_to(engine.environment());
    engine.environment().render_named_str("--name-template", template, ()).map_err(|error| {
        let source = Source::new("--name-template", template);
        let range = error.range().unwrap_or(0..template.len());
        let words = error.detail().map_or_else(|| error.kind().to_string(), str::to_owned);
        Diagnostic::error("template/name", words)
            .at(&Span::new(&source, range.start, range.end))
            .help("templates are written in Jinja: `{{ \"nats\" | upper }}`")
            .into()
    })
}

fn render_chart(
    chart: &Chart,
    full_name: &str,
    values: &Node,
    surroundings: Surroundings<'_>,
    rendered: &mut Vec<Rendered>,
    errors: &mut Vec<Diagnostic>,
) {
    let scope = Scope::new(chart, values, surroundings);
    let engine = engine(chart);
    for template in chart.templates.iter().filter(|t| makes_manifests(chart, t)) {
        let name = format!("{full_name}/{}", template.shown_path());
        if !template.is_jinja() {
            match static_text(template) {
                Ok(()) => {
                    rendered.push(Rendered { template: name, text: Arc::clone(&template.source) })
                }
                Err(error) => errors.push(error),
            }
            continue;
        }
        let context = scope.context(&name, &format!("{full_name}/templates"));
        match engine.render(inside(template), &context) {
            Ok(done) => {
                let text = Source::new(name.as_str(), done.text);
                rendered.push(Rendered { template: name, text });
            }
            Err(mut found) => errors.append(&mut found),
        }
    }
    let nothing = Map::new();
    for sub in &chart.dependencies {
        let name = &sub.metadata.name;
        let below = values.as_map().unwrap_or(&nothing).get(name);
        let full_name = format!("{full_name}/charts/{name}");
        render_chart(
            sub,
            &full_name,
            below.unwrap_or(&sub.defaults),
            surroundings,
            rendered,
            errors,
        );
    }
}

fn makes_manifests(chart: &Chart, template: &Template) -> bool {
    !chart.metadata.is_library && !template.is_partial() && !template.is_notes()
}

/// Templates name each other by their paths below `templates/`.
fn inside(template: &Template) -> &str {
    template.path.strip_prefix("templates/").unwrap_or(&template.path)
}

/// The engine over a chart's templates, with the functions that they call.
fn engine(chart: &Chart) -> Engine {
    let sources: HashMap<String, Arc<Source>> = chart
        .templates
        .iter()
        .map(|template| (inside(template).to_owned(), Arc::clone(&template.source)))
        .collect();
    let mut engine = Engine::new(move |name| sources.get(name).cloned());
    filters::add_to(engine.environment());
    engine.environment().add_filter("from_conf", from_conf::from_conf);
    engine
}

/// A template without a suffix of ours is printed as it is; Helm's own language is not rendered.
fn static_text(template: &Template) -> Result<(), Diagnostic> {
    let Some(at) = template.source.text().find("{{") else { return Ok(()) };
    let span = Span::new(&template.source, at, at + 2);
    Err(Diagnostic::error(
        "template/language",
        format!("`{}` is a Go template, which is not rendered", template.path),
    )
    .at(&span)
    .help(format!("write it in Jinja as `{}.j2`", template.path)))
}

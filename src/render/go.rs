//! Go templates, Helm's own language: a chart's are rendered as one set with those of its subcharts.

mod failure;
mod values;

use std::collections::HashMap;
use std::sync::Arc;

use bumpalo::Bump;
use go_template::{Limits, Mark, Runtime, Value};
use jinnacle_functions::number::shortest;
use jinnacle_functions::time::Moment;
use jinnacle_helm::engine::{self, ChartTree, File, Input};
use jinnacle_helm::{Host, functions, objects};

use super::ReleaseContext;
use crate::chart::{Chart, Dependency, Metadata, Template};
use crate::diagnostic::{Diagnostic, Sink, sort_by_place};
use crate::source::{Source, Span};
use crate::yaml::{Kind, Node};
use values::Origins;

/// A file that was rendered.
pub struct Text {
    /// The full name, as `# Source:` shows it.
    pub name: String,
    /// What it printed; bytes that are not UTF-8 are replaced.
    pub text: String,
    /// What printed it.
    pub trace: Trace,
}

/// Which part of a string was printed by which part of a template.
pub struct Trace(Vec<Part>);

/// A part of a string, up to the next one.
struct Part {
    /// Where it begins in the text.
    start: usize,
    template: Arc<Source>,
    /// Where the text or action that printed it begins in the template.
    offset: usize,
    /// Where the value was written that was printed.
    value: Option<Span>,
}

impl Trace {
    /// What printed a byte of the text: the line of the template or its action, and the value.
    pub fn at(&self, text: &str, offset: usize) -> Option<super::Origin> {
        let after = self.0.partition_point(|part| part.start <= offset);
        let part = self.0.get(after.checked_sub(1)?)?;
        let template = part.template.text();
        let written = template.get(part.offset..)?;
        let printed = text.get(part.start..=offset).unwrap_or_default();
        let span = if !printed.is_empty() && written.starts_with(printed) {
            let start = part.offset + printed.len() - 1;
            let rest = template[start..].lines().next().unwrap_or_default();
            Span::new(&part.template, start, start + rest.trim_end().len())
        } else {
            let end = written.find("}}").unwrap_or_default();
            let action = written[..end].trim_end_matches('-').trim_end();
            Span::new(&part.template, part.offset, part.offset + action.len())
        };
        Some(super::Origin { template: span, value: part.value.clone(), is_at_fault: false })
    }
}

/// Whether a chart or one of its subcharts has Go templates. Files without `{{` are printed as they are.
pub fn is_used(chart: &Chart) -> bool {
    let has = |template: &Template| !template.is_jinja() && template.source.text().contains("{{");
    chart.templates.iter().any(has) || chart.dependencies.iter().any(is_used)
}

/// Renders all files of a chart and its subcharts that are not Jinja; nothing if one is wrong. After a file that fails,
/// the others are rendered for the errors in them.
pub fn render(
    chart: &Chart,
    user_values: &Node,
    release_context: ReleaseContext<'_>,
    sink: &mut Sink,
) -> Vec<Text> {
    let arena = Bump::new();
    let version = release_context.capabilities.helm;
    let host = Host::new(
        version,
        Moment::at(release_context.randomness.time()),
        release_context.randomness.seed(),
    );
    let functions = functions(version);
    let mut rt = Runtime::new(&arena, &functions, &host, Limits::default());
    let mut origins = Origins::default();
    let values = match values::value(user_values, &arena, &mut origins) {
        Value::Map(map, _) => map,
        _ => rt.new_map(),
    };
    let tree = tree(chart, true);
    let mut sources = HashMap::new();
    named(chart, &chart.metadata.name, &mut sources);
    let release = objects::Release {
        name: release_context.release.name.clone(),
        namespace: release_context.release.namespace.clone(),
        revision: 1,
        is_upgrade: release_context.release.is_upgrade,
    };
    let capabilities = capabilities(release_context);
    let input =
        Input { chart: &tree, values, release: &release, capabilities: &capabilities, version };
    let outcome = engine::render(&mut rt, input);
    for function in host.draws() {
        release_context.randomness.note(&chart.metadata.name, function);
    }
    if !outcome.failures.is_empty() {
        let names = rt.template_names().filter_map(|name| std::str::from_utf8(name).ok());
        let known = failure::Known {
            sources: &sources,
            origins: &origins,
            values: user_values,
            templates: names.collect(),
            functions: rt.functions().names().collect(),
        };
        let explained = |failure| failure::explain(failure, &known);
        let mut found: Vec<Diagnostic> = outcome.failures.iter().map(explained).collect();
        sort_by_place(&mut found);
        sink.extend(found);
        return Vec::new();
    }
    let shown = outcome.rendered.into_iter().filter(|file| !file.name.ends_with("NOTES.txt"));
    shown
        .map(|file| {
            let part = |mark: &Mark<'_>| {
                Some(Part {
                    start: mark.output,
                    template: Arc::clone(sources.get(mark.template.file.name)?),
                    offset: mark.offset as usize,
                    value: origins.span(mark.origin).cloned(),
                })
            };
            let parts = file.marks.iter().filter_map(part).collect();
            let text = String::from_utf8(file.text)
                .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned());
            Text { name: file.name.to_owned(), text, trace: Trace(parts) }
        })
        .collect()
}

/// The templates of a chart and its subcharts by their full names.
fn named<'c>(chart: &'c Chart, path: &str, sources: &mut HashMap<String, &'c Arc<Source>>) {
    for template in chart.templates.iter().filter(|template| !template.is_jinja()) {
        sources.insert(format!("{path}/{}", template.path), &template.source);
    }
    for sub in &chart.dependencies {
        named(sub, &format!("{path}/charts/{}", sub.metadata.name), sources);
    }
}

fn tree(chart: &Chart, is_root: bool) -> ChartTree<'_> {
    let templates = chart.templates.iter().filter(|template| !template.is_jinja());
    ChartTree {
        metadata: metadata(&chart.metadata, is_root),
        templates: templates
            .map(|template| File { name: &template.path, bytes: template.source.text().as_bytes() })
            .collect(),
        files: chart
            .files
            .iter()
            .map(|file| File { name: &file.path, bytes: &file.bytes })
            .collect(),
        children: chart.dependencies.iter().map(|sub| tree(sub, false)).collect(),
    }
}

fn metadata(metadata: &Metadata, is_root: bool) -> objects::Chart {
    let text = |key: &str| written_at(&metadata.node, key);
    let entries = |key: &str| metadata.node.get(key).and_then(Node::as_list).unwrap_or_default();
    let texts = |key: &str| entries(key).iter().map(written).collect();
    let maintainer = |node: &Node| objects::Maintainer {
        name: written_at(node, "name"),
        email: written_at(node, "email"),
        url: written_at(node, "url"),
    };
    let annotations = metadata.node.get("annotations").and_then(Node::as_map);
    objects::Chart {
        name: metadata.name.clone(),
        home: text("home"),
        sources: texts("sources"),
        version: text("version"),
        description: text("description"),
        keywords: texts("keywords"),
        maintainers: entries("maintainers").iter().map(maintainer).collect(),
        icon: text("icon"),
        api_version: metadata.api_version(),
        condition: text("condition"),
        tags: text("tags"),
        app_version: text("appVersion"),
        deprecated: metadata.deprecated,
        annotations: annotations
            .into_iter()
            .flat_map(|map| map.iter())
            .map(|(key, value)| (key.to_owned(), written(value)))
            .collect(),
        kube_version: text("kubeVersion"),
        dependencies: metadata.dependencies.iter().map(dependency).collect(),
        kind: text("type"),
        is_root,
    }
}

fn dependency(dependency: &Dependency) -> objects::Dependency {
    objects::Dependency {
        name: dependency.name.clone(),
        version: written_at(&dependency.node, "version"),
        repository: dependency.repository.clone(),
        condition: dependency.condition.clone(),
        tags: dependency.tags.clone(),
        enabled: true,
        alias: dependency.alias.clone().unwrap_or_default(),
    }
}

/// A string; another scalar as go-yaml and sigs.k8s.io/yaml make a string of it (`1.10` is `1.1`).
fn written(node: &Node) -> String {
    match &node.kind {
        Kind::Text(text) => text.clone(),
        Kind::Bool(value) => value.to_string(),
        Kind::Int(number) => number.to_string(),
        Kind::Float(number) => shortest(*number),
        Kind::Null | Kind::List(_) | Kind::Map(_) => String::new(),
    }
}

fn written_at(node: &Node, key: &str) -> String {
    node.get(key).map(written).unwrap_or_default()
}

fn capabilities(release_context: ReleaseContext<'_>) -> objects::Capabilities {
    let capabilities = release_context.capabilities;
    let kube = capabilities.kube_version;
    objects::Capabilities {
        kube_version: capabilities.shown_kube_version(),
        kube_major: kube.major.to_string(),
        kube_minor: kube.minor.to_string(),
        api_versions: capabilities.api_versions.to_vec(),
        ..objects::Capabilities::of_helm(capabilities.helm)
    }
}

//! A chart and its values → strings.

mod built_in;
mod context;
mod expand;
mod go;
mod linked;
mod partials;
mod trace;

use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering::Relaxed;
use std::thread;

use minijinja::Value;

pub use context::Scope;
pub use expand::expand;

use crate::chart::{Chart, Template};
use crate::diagnostic::{Diagnostic, Sink, Stopped, rule};
use crate::manifest::{self, Manifest};
use crate::release::{Capabilities, Difference, Release};
use crate::source::{Source, Span};
use crate::yaml::{Ends, Node};
pub use jinnacle_jinja::engine::bounds::on_a_large_stack;
use jinnacle_jinja::engine::{Context, Engine, Input};
pub use jinnacle_jinja::functions::Randomness;
use jinnacle_jinja::{from_conf, functions};
use partials::{Partials, inside};
use trace::Trace;

/// What every template of a chart sees beside the chart's own values.
#[derive(Clone, Copy, Debug)]
pub struct ReleaseContext<'a> {
    /// The release.
    pub release: &'a Release,
    /// The cluster.
    pub capabilities: &'a Capabilities,
    /// Where what is random comes from, and the time.
    pub randomness: &'a Randomness,
}

/// A template's output.
pub struct Rendered {
    /// The full name of the template, as `# Source:` shows it: `nats/templates/service.yaml`.
    pub template: String,
    /// The text that it made.
    pub text: Arc<Source>,
    /// What is done with the whitespace around its documents.
    ends: Ends,
    /// The way back to the template.
    trace: Way,
}

/// The way from a string back to what made it.
enum Way {
    /// The text is the template's own.
    None,
    Jinja(Trace),
    Go(go::Trace),
}

/// What made a place of a rendered text.
struct Origin {
    /// The expression or the line in the template.
    template: Span,
    /// Where the value was written that was printed there, if it is known.
    value: Option<Span>,
    /// Whether only that value can be wrong: the template is one of ours.
    is_at_fault: bool,
}

impl Rendered {
    /// A string that is printed as it was written.
    pub fn verbatim(template: impl Into<String>, text: Arc<Source>, ends: Ends) -> Self {
        Self { template: template.into(), text, ends, trace: Way::None }
    }

    /// The manifests in the text.
    ///
    /// # Errors
    /// A document is not YAML or not a map, or a printed value was read as something else.
    pub fn manifests(&self, sink: &mut Sink) -> Result<Vec<Manifest>, Stopped> {
        let documents = sink.changed(
            |sink| manifest::documents(&self.template, &self.text, self.ends, sink),
            |finding| Some(self.explained(finding)),
        )?;
        match self.misread(&documents) {
            None => Ok(manifest::manifests(&self.template, documents)),
            Some(misread) => Err(sink.stop(misread)),
        }
    }

    /// Whether a printed value was read as something else from the text's documents.
    fn misread(&self, documents: &manifest::Documents) -> Option<Diagnostic> {
        let Way::Jinja(trace) = &self.trace else { return None };
        trace.rendered.misread(&documents.roots(), documents.has_duplicate_key())
    }

    /// Where a place of a string with the same lines is in this one.
    fn offset(&self, span: &Span) -> usize {
        let place = span.place();
        let line = self.text.line(place.line);
        let column = line.char_indices().nth(place.column - 1).map_or(line.len(), |(at, _)| at);
        self.text.line_start(place.line) + column
    }

    /// A finding in the text, at the line of the template that made it and with the value that caused it; where
    /// only a value can be wrong, at that.
    pub fn explained(&self, finding: Diagnostic) -> Diagnostic {
        let span = finding.span.clone().filter(|span| span.source().name() == self.text.name());
        let Some(span) = span else { return finding };
        let offset = self.offset(&span);
        let origin = match &self.trace {
            Way::None => None,
            Way::Go(trace) => trace.at(self.text.text(), offset),
            // The finding's text has the lines of this one, and maybe not its bytes.
            Way::Jinja(trace) => trace.origin(&self.text, offset..offset + span.text().len()),
        };
        let Some(Origin { template, value, is_at_fault }) = origin else { return finding };
        match value {
            Some(value) if is_at_fault => finding
                .at(&value)
                .related(&template, "the template that prints it")
                .related(&span, "in what it makes"),
            Some(value) => finding
                .at(&template)
                .related(&span, "in what it makes")
                .related(&value, "the value"),
            None => finding.at(&template).related(&span, "in what it makes"),
        }
    }
}

/// Findings in rendered strings, each at its origin. A value that is printed in several places is reported once.
pub fn explained(findings: Vec<Diagnostic>, texts: &[Rendered]) -> Vec<Diagnostic> {
    let mut explained: Vec<Diagnostic> = Vec::new();
    for finding in findings {
        let name = finding.span.as_ref().map(|span| span.source().name().to_owned());
        let text = texts.iter().find(|text| Some(text.text.name()) == name.as_deref());
        let before = finding.span.clone();
        let finding = match text {
            Some(text) => text.explained(finding),
            None => finding,
        };
        let place = |finding: &Diagnostic| finding.span.as_ref().map(Span::to_string);
        let is_known = |known: &Diagnostic| {
            known.rule == finding.rule
                && place(known) == place(&finding)
                && known.help == finding.help
        };
        let moved = before.map(|span| span.to_string()) != place(&finding);
        if !(moved && explained.iter().any(is_known)) {
            explained.push(finding);
        }
    }
    explained
}

/// Renders every template of a chart and its subcharts, partials excepted; what is wrong in any of them goes to the
/// sink, and the strings of the others come back, in the order of the charts and of their templates' paths. Notes are
/// rendered for the errors in them. All is done by one thread: the templates of a chart take about a millisecond,
/// and a second thread was measured to win nothing.
pub fn render(
    chart: &Chart,
    values: &Arc<Node>,
    release_context: ReleaseContext<'_>,
    sink: &mut Sink,
) -> Vec<Rendered> {
    let partials = Partials::of(chart);
    let randomness = release_context.randomness;
    let helm = release_context.capabilities.helm;
    let ends = match chart.built_in {
        Some(_) => Ends::Lines,
        None if helm.has(Difference::DocumentEnds) => Ends::Kept,
        None => Ends::Trimmed,
    };
    let mut run = Run { partials, randomness, jobs: Vec::new(), has_go: go::is_used(chart), ends };
    // Without Jinja, all files are the Go engine's: values and functions for the other engine would be wasted.
    if !run.has_go || has_jinja(chart) {
        let scope = Scope::new(chart, values, release_context);
        let input = scope.input(Arc::clone(values));
        run.chart(chart, std::slice::from_ref(&chart.metadata.name), (values, &input), &scope);
    }
    let mut texts = Vec::new();
    if run.has_go {
        let rendered = on_a_large_stack(|| go::render(chart, values, release_context, sink));
        texts.extend(rendered.into_iter().map(|go::Text { name, text, trace }| {
            let text = Source::new(name.as_str(), text);
            Rendered { template: name, text, ends, trace: Way::Go(trace) }
        }));
    }
    for job in &run.jobs {
        texts.extend(job.render(sink));
    }
    texts
}

/// The strings that templates make and the manifests in them; all templates are rendered, also when one is wrong.
///
/// # Errors
/// The sink has what is wrong in templates and strings.
pub fn manifests(
    chart: &Chart,
    values: &Arc<Node>,
    release_context: ReleaseContext<'_>,
    sink: &mut Sink,
) -> Result<(Vec<Rendered>, Vec<Manifest>), Stopped> {
    let render = |sink: &mut Sink| {
        let texts = render(chart, values, release_context, sink);
        let manifests = texts.iter().flat_map(|text| text.manifests(sink).unwrap_or_default());
        let manifests = manifests.collect();
        (texts, manifests)
    };
    sink.stop_on_errors(|sink| sink.without_repeats(render))
}

/// What `work` makes of each item, in their order, by as many threads as there are cores.
pub fn side_by_side<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let next = AtomicUsize::new(items.len());
    let take = || {
        let mut done = Vec::new();
        while let Ok(at) = next.fetch_update(Relaxed, Relaxed, |left| left.checked_sub(1)) {
            done.push((at - 1, work(&items[at - 1])));
        }
        done
    };
    let mut done = thread::scope(|scope| {
        let others: Vec<_> = (1..threads.min(items.len())).map(|_| scope.spawn(take)).collect();
        let mut done = take();
        for other in others {
            match other.join() {
                Ok(more) => done.extend(more),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        done
    });
    done.sort_by_key(|(at, _)| *at);
    done.into_iter().map(|(_, result)| result).collect()
}

/// The release name that `--name-template` makes; templates in it are Jinja and see no data.
///
/// # Errors
/// The template is wrong.
pub fn name(template: &str, randomness: &Randomness) -> Result<String, Diagnostic> {
    let mut engine = Engine::new(|_| None, |_, _| None);
    functions::add_all_to(engine.environment(), randomness);
    let render = || engine.render_text("--name-template", template, Value::from(()));
    let made = on_a_large_stack(render);
    made.map_err(|error| {
        let source = Source::new("--name-template", template);
        let range = error.range().unwrap_or(0..template.len());
        let words = error.detail().map_or_else(|| error.kind().to_string(), str::to_owned);
        Diagnostic::error(rule!("template/name"), words)
            .at(&Span::new(&source, range.start, range.end))
            .help("templates are written in Jinja: `{{ \"nats\" | upper }}`")
    })
}

/// A release that is being rendered.
struct Run<'v> {
    partials: Arc<Partials>,
    randomness: &'v Randomness,
    jobs: Vec<Job<'v>>,
    /// Whether there are Go templates; what is not Jinja is rendered with them then.
    has_go: bool,
    /// What is done with the whitespace around documents that are not Jinja.
    ends: Ends,
}

/// A template that is to be rendered.
struct Job<'v> {
    /// The full name that `# Source:` shows.
    name: String,
    template: &'v Template,
    engine: Arc<Engine>,
    context: Context,
    input: Arc<Input>,
    /// The source of the defaults, in a built-in chart.
    defaults: Option<Arc<Source>>,
    ends: Ends,
}

impl<'v> Run<'v> {
    /// Adds the templates of a chart and its subcharts. The values of the chart are a part of the input.
    fn chart(
        &mut self,
        chart: &'v Chart,
        path: &[String],
        (values, input): (&Node, &Arc<Input>),
        scope: &Scope,
    ) {
        self.templates(chart, path, (values, input), scope);
        for (sub, scope) in chart.dependencies.iter().zip(&scope.subcharts) {
            let name = &sub.metadata.name;
            let path = [path, std::slice::from_ref(name)].concat();
            match values.get(name) {
                Some(values) => self.chart(sub, &path, (values, input), scope),
                None => {
                    let input = scope.input(Arc::new(sub.defaults.clone()));
                    self.chart(sub, &path, (&sub.defaults, &input), scope);
                }
            }
        }
    }

    fn templates(
        &mut self,
        chart: &'v Chart,
        path: &[String],
        (values, input): (&Node, &Arc<Input>),
        scope: &Scope,
    ) {
        let full_name = path.join("/charts/");
        let base_path = format!("{full_name}/templates");
        let engine = match chart.built_in {
            Some(built_in) => built_in::engine(chart, built_in),
            None => Arc::new(engine(Arc::clone(&self.partials), path, Some(self.randomness))),
        };
        let mine = |template: &&Template| {
            makes_text(chart, template) && (template.is_jinja() || !self.has_go)
        };
        for template in chart.templates.iter().filter(mine) {
            let name = format!("{full_name}/{}", template.shown_path());
            let context = scope.context(&name, &base_path);
            let (engine, input) = (Arc::clone(&engine), Arc::clone(input));
            let defaults = chart.built_in.map(|_| Arc::clone(values.span.source()));
            let ends = self.ends;
            self.jobs.push(Job { name, template, engine, context, input, defaults, ends });
        }
    }
}

impl Job<'_> {
    /// The template's output; none of notes, which are not printed, and of a template with errors.
    fn render(&self, sink: &mut Sink) -> Option<Rendered> {
        if !self.template.is_jinja() {
            let source = Arc::clone(&self.template.source);
            return Some(Rendered::verbatim(self.name.as_str(), source, self.ends));
        }
        let name = inside(self.template);
        let render = || {
            // The state of random functions belongs to the thread that renders.
            Randomness::begin(&self.name);
            self.engine.render(name, &self.context)
        };
        let rendered = if self.defaults.is_some() { render() } else { on_a_large_stack(render) };
        let rendered = sink.take(rendered).ok()?;
        if self.template.is_notes() {
            return None;
        }
        let text = Source::new(self.name.as_str(), rendered.text.as_str());
        let (input, defaults) = (Arc::clone(&self.input), self.defaults.clone());
        let trace = Trace { rendered, input, defaults };
        let trace = Way::Jinja(trace);
        Some(Rendered { template: self.name.clone(), text, ends: Ends::Lines, trace })
    }
}

fn has_jinja(chart: &Chart) -> bool {
    chart.templates.iter().any(Template::is_jinja) || chart.dependencies.iter().any(has_jinja)
}

/// Whether a template is rendered for itself. Notes are only for people, and rendered for the errors in them:
/// not those of a built-in chart, which have none.
fn makes_text(chart: &Chart, template: &Template) -> bool {
    let notes_matter = template.is_jinja() && !chart.is_built_in();
    !chart.metadata.is_library && !template.is_partial() && (notes_matter || !template.is_notes())
}

/// The engine over a chart's templates, with the functions that they call: all of Helm's in a user's chart,
/// which may draw, and few in a built-in one.
fn engine(partials: Arc<Partials>, chart: &[String], randomness: Option<&Randomness>) -> Engine {
    let (own, beside) = (chart.to_vec(), (Arc::clone(&partials), chart.to_vec()));
    let mut engine = Engine::new(
        move |name| partials.find(&own, name),
        move |name, parent| beside.0.beside(&beside.1, name, parent),
    );
    match randomness {
        Some(randomness) => functions::add_all_to(engine.environment(), randomness),
        None => functions::add_to(engine.environment()),
    }
    engine.environment().add_filter("from_conf", from_conf::from_conf);
    engine
}

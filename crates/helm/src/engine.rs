//! Renders a tree of charts as Helm does: all files are one set of templates, the deepest ones are rendered first.

use std::fmt;

use go_template::value::Map;
use go_template::{Cause, Error, Fault, Mark, MissingKey, Runtime, SyntaxError, Value};
use jinnacle_functions::text;

use crate::HelmVersion;
use crate::objects::{self, Capabilities, Chart, Release, values_type};

/// A chart and those in it, as they are rendered: without what is disabled, under the names that aliases give.
#[derive(Clone, Debug, Default)]
pub struct ChartTree<'a> {
    pub metadata: Chart,
    /// What is under `templates/`, with that in its name.
    pub templates: Vec<File<'a>>,
    /// What `.Files` holds: anything else that is not values, schema, metadata or another chart.
    pub files: Vec<File<'a>>,
    pub children: Vec<ChartTree<'a>>,
}

/// A file of a chart.
#[derive(Clone, Copy, Debug)]
pub struct File<'a> {
    /// From the directory of the chart on, with slashes.
    pub name: &'a str,
    pub bytes: &'a [u8],
}

/// What is rendered.
#[derive(Clone, Copy, Debug)]
pub struct Input<'a> {
    pub chart: &'a ChartTree<'a>,
    /// The values of the whole tree: each chart's own are under its name in those of its parent.
    pub values: &'a Map<'a>,
    pub release: &'a Release,
    pub capabilities: &'a Capabilities,
    pub version: HelmVersion,
}

/// A file that was rendered.
#[derive(Debug)]
pub struct Rendered<'a> {
    /// `app/charts/one/templates/x.yaml`
    pub name: &'a str,
    pub text: Vec<u8>,
    /// Which part of the text comes from where, in order.
    pub marks: Vec<Mark<'a>>,
}

/// Why a tree does not render; it prints as Helm's line.
#[derive(Clone, Debug)]
pub enum Failure {
    /// A file is not a template.
    Syntax(Box<SyntaxError>),
    /// A template failed, or wanted the run to stop.
    Execution(Box<Error>),
    Other(String),
}

/// What became of a tree.
#[derive(Debug, Default)]
pub struct Outcome<'a> {
    /// The files that rendered, in the order in which Helm renders them.
    pub rendered: Vec<Rendered<'a>>,
    /// Why others did not. Helm stops at the first one and prints nothing.
    pub failures: Vec<Failure>,
}

/// How many steps the search for further failures takes at most, which is about a fifth of a second.
const STEPS_AFTER_FAILURE: u64 = 20_000_000;

/// Renders a tree: the files in the order in which Helm renders them, those with a leading `_` left out.
///
/// After a failure the other files are rendered too, for the failures in them; after a file that does not
/// parse none is, since what it defines would be missing.
pub fn render<'a>(rt: &mut Runtime<'a>, input: Input<'a>) -> Outcome<'a> {
    rt.set_missing_key(MissingKey::Zero);
    let mut sources = Vec::new();
    scope(rt, &input, input.chart, None, &mut sources);
    sources.sort_by(|a, b| {
        let depth = |name: &str| name.matches('/').count();
        depth(b.name).cmp(&depth(a.name)).then_with(|| b.name.cmp(a.name))
    });
    let mut outcome = Outcome::default();
    for source in &sources {
        if let Err(error) = rt.parse(source.name, source.text) {
            outcome.failures.push(Failure::Syntax(Box::new(error)));
        }
    }
    if !outcome.failures.is_empty() {
        return outcome;
    }
    for source in sources.iter().filter(|source| !is_partial(source.name)) {
        let template = objects::template(rt.arena(), input.version, source.name, source.base_path);
        source.scope.insert(b"Template", template);
        let dot = Value::Map(source.scope, values_type(input.version));
        let mut out = Vec::new();
        match rt.run_marked(source.name.as_bytes(), dot, &mut out) {
            Ok(marks) => {
                let (text, marks) = without_no_value(out, marks);
                outcome.rendered.push(Rendered { name: source.name, text, marks });
            }
            Err(fault) => {
                let failure = Failure::of(fault);
                let is_last = failure.is_limit();
                // A limit after another failure is only that of the search for more of them.
                if !is_last || outcome.failures.is_empty() {
                    outcome.failures.push(failure);
                }
                if is_last {
                    break;
                }
                rt.leave_steps(STEPS_AFTER_FAILURE);
            }
        }
    }
    outcome
}

/// A file to parse, and what its templates see.
struct Source<'a> {
    name: &'a str,
    text: &'a [u8],
    base_path: &'a str,
    scope: &'a Map<'a>,
}

/// Where a chart is: the scope of its parent, and its path there.
type Parent<'a> = (&'a Map<'a>, &'a str);

fn scope<'a>(
    rt: &Runtime<'a>,
    input: &Input<'a>,
    chart: &'a ChartTree<'a>,
    parent: Option<Parent<'a>>,
    sources: &mut Vec<Source<'a>>,
) -> &'a Map<'a> {
    let arena = rt.arena();
    let name = &chart.metadata.name;
    let path: &'a str = match parent {
        None => name,
        Some((_, path)) => arena.alloc_str(&format!("{path}/charts/{name}")),
    };
    let values = match parent {
        None => input.values,
        Some((scope, _)) => values_of(scope, name).unwrap_or_else(|| rt.new_map()),
    };
    let inherited = |key: &str, make: &dyn Fn() -> Value<'a>| match parent {
        None => make(),
        Some((scope, _)) => scope.peek(key.as_bytes()).map_or(Value::Nil, |entry| entry.value),
    };
    let subcharts = rt.new_map();
    let scope_of_chart = rt.new_map();
    let files = chart.files.iter().map(|file| (file.name, file.bytes));
    for (key, value) in [
        (
            "Capabilities",
            inherited("Capabilities", &|| {
                objects::capabilities(arena, input.version, input.capabilities)
            }),
        ),
        ("Chart", objects::chart(arena, input.version, &chart.metadata)),
        ("Files", objects::files(arena, files)),
        ("Release", inherited("Release", &|| objects::release(arena, input.release))),
        ("Subcharts", Value::map(subcharts)),
        ("Values", Value::Map(values, values_type(input.version))),
    ] {
        scope_of_chart.insert(key.as_bytes(), value);
    }
    for child in &chart.children {
        let child_scope = scope(rt, input, child, Some((scope_of_chart, path)), sources);
        subcharts.insert(child.metadata.name.as_bytes(), Value::map(child_scope));
    }
    let base_path = arena.alloc_str(&format!("{path}/templates"));
    let is_library = chart.metadata.kind.eq_ignore_ascii_case("library");
    sources.extend(chart.templates.iter().filter(|file| !is_library || is_partial(file.name)).map(
        |file| Source {
            name: arena.alloc_str(&format!("{path}/{}", file.name)),
            text: file.bytes,
            base_path,
            scope: scope_of_chart,
        },
    ));
    scope_of_chart
}

/// The values of a chart in those of its parent, which both share.
fn values_of<'a>(scope: &Map<'a>, name: &str) -> Option<&'a Map<'a>> {
    scope.peek(b"Values")?.value.as_map()?.peek(name.as_bytes())?.value.as_map()
}

/// Whether a file only defines what others include.
fn is_partial(name: &str) -> bool {
    name.rsplit('/').next().is_some_and(|base| base.starts_with('_'))
}

/// The text without what missing values print.
fn without_no_value<'a>(out: Vec<u8>, mut marks: Vec<Mark<'a>>) -> (Vec<u8>, Vec<Mark<'a>>) {
    const NO_VALUE: &[u8] = b"<no value>";
    let Some(first) = text::find(&out, NO_VALUE) else { return (out, marks) };
    let mut kept = out[..first].to_vec();
    let mut removed = Vec::new();
    let mut at = first;
    while let Some(next) = text::find(&out[at..], NO_VALUE) {
        kept.extend_from_slice(&out[at..at + next]);
        removed.push(at + next);
        at += next + NO_VALUE.len();
    }
    kept.extend_from_slice(&out[at..]);
    for mark in &mut marks {
        let before = removed.partition_point(|start| *start < mark.output);
        let cut: usize =
            removed[..before].iter().map(|start| NO_VALUE.len().min(mark.output - start)).sum();
        mark.output -= cut;
    }
    (kept, marks)
}

impl Failure {
    /// Whether a bound of the whole run was reached, so that nothing more can be rendered.
    fn is_limit(&self) -> bool {
        matches!(self, Self::Execution(error) if matches!(error.cause, Cause::Limit(_)))
    }

    fn of(fault: Fault) -> Self {
        match fault {
            Fault::Template { error, .. } => Self::Execution(error),
            Fault::Syntax { error, .. } => Self::Syntax(error),
            Fault::Message(message) | Fault::Fail(message) => Self::Other(message),
            Fault::NoTemplate { message, .. } => Self::Other(message),
            Fault::Limit(limit) => Self::Other(limit.to_string()),
            Fault::Comparison { left, right } => {
                Self::Other(format!("incompatible types for comparison: {left} and {right}"))
            }
        }
    }
}

/// Helm's line.
impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            // Helm prints only what is after the last colon.
            Self::Syntax(error) => {
                let message = error.message.rsplit(": ").next().unwrap_or_default();
                write!(f, "parse error at ({}:{}): {message}", error.template, error.line)
            }
            Self::Execution(error) => match error.outermost() {
                Some(place) if error.cause == Cause::Fail => write!(
                    f,
                    "execution error at ({}:{}:{}): {}",
                    place.file, place.line, place.column, error.message
                ),
                _ => write!(f, "{error}"),
            },
            Self::Other(message) => f.write_str(message),
        }
    }
}

impl std::error::Error for Failure {}

//! What made a place of a rendered text: a line of a template, and a value.

mod printed;

use std::sync::Arc;

use minijinja::Value;
use minijinja::value::{Enumerator, Object};

use super::jinja::{Engine, Origin, to_value};
use super::marks::Claim;
use crate::source::{Source, Span};
use crate::yaml::Node;

/// What made a place of a rendered text.
pub struct Cause {
    /// The expression or the line in the template.
    pub template: Span,
    /// Where the value that was printed there was written, if it is known.
    pub value: Option<Span>,
}

/// The values of a chart, which may be a part of those of the chart above it.
#[derive(Clone)]
pub struct ChartValues {
    root: Arc<Node>,
    path: Vec<String>,
}

impl ChartValues {
    /// The values of the topmost chart.
    pub fn all(root: Arc<Node>) -> Self {
        Self { root, path: Vec::new() }
    }

    /// Those of its subchart of a name, if there are any.
    pub fn below(&self, name: &str) -> Option<Self> {
        self.node().get(name)?;
        let path = [self.path.as_slice(), &[name.to_owned()]].concat();
        Some(Self { root: Arc::clone(&self.root), path })
    }

    fn node(&self) -> &Node {
        self.path.iter().fold(&*self.root, |node, key| node.get(key).unwrap_or(node))
    }
}

/// A template that was rendered, kept so that places of its text can be explained.
pub struct Trace {
    /// The engine that rendered it.
    pub engine: Arc<Engine>,
    /// The template.
    pub source: Arc<Source>,
    /// Its name in the engine.
    pub name: String,
    /// What it saw.
    pub context: Value,
    /// The values of its chart, with their places.
    pub values: ChartValues,
    /// Which bytes of the text were printed from which `{{ }}`.
    pub claims: Vec<Claim>,
    /// Whether the template is one of ours, so that only a value can be wrong.
    pub is_built_in: bool,
    /// The values that they were printed from, by the number of their mark.
    pub printed: Vec<Node>,
}

impl Trace {
    /// Where the user wrote the value that is printed at a place of the text, if only that can be wrong.
    pub fn guilty(&self, text: &Source, place: &Span) -> Option<Span> {
        let render = |values: &Node| {
            let context = Changed { context: self.context.clone(), values: to_value(values) };
            let rendered = self.engine.again().render(&self.name, &Value::from_object(context));
            rendered.ok().map(|rendered| rendered.text)
        };
        self.is_built_in.then(|| printed::printed(self.values.node(), text, place, render))?
    }

    /// What made a byte of the text.
    ///
    /// A `{{ }}` on the line is to blame, the last one before the byte; on a line without any it is the
    /// line itself, which is in a template as it is in the text, after the last `{{ }}` that was printed.
    pub fn cause(&self, text: &Source, offset: usize) -> Option<Cause> {
        let line = text.place(offset).line;
        let range = text.line_start(line)..text.line_start(line + 1);
        let before = self.claims.partition_point(|claim| claim.range.start <= offset);
        let last = before.checked_sub(1).map(|index| &self.claims[index]);
        let claim = last
            .filter(|claim| claim.range.end > offset || claim.range.start >= range.start)
            .or_else(|| self.claims.get(before).filter(|claim| range.contains(&claim.range.start)));
        match claim {
            Some(claim) => {
                let origin = self.origin(claim)?;
                let first_line = text.place(claim.range.start).line + 1;
                self.inside(&origin.expression, text, first_line, offset).or_else(|| {
                    let value = self.value(&origin.expression);
                    Some(Cause { template: origin.span, value })
                })
            }
            None => {
                let origin = last.and_then(|claim| self.origin(claim));
                let written = text.line(line);
                let span = origin
                    .iter()
                    .filter_map(|origin| {
                        same_line(origin.span.source(), origin.span.end(), written)
                    })
                    .chain(same_line(&self.source, 0, written))
                    .next()?;
                Some(Cause { template: span, value: None })
            }
        }
    }

    /// What made a byte of a block that another template made, such as nats.conf in its ConfigMap.
    fn inside(
        &self,
        expression: &str,
        text: &Source,
        first_line: usize,
        offset: usize,
    ) -> Option<Cause> {
        let name = expression.strip_prefix("include_text(\"")?.strip_suffix("\")")?;
        let rendered = self.engine.render(name, &self.context).ok()?;
        let inner = Source::new(name, rendered.text);
        let place = text.place(offset);
        let line = (place.line + 1).checked_sub(first_line).filter(|line| *line > 0)?;
        let indent = text.line(place.line).strip_suffix(inner.line(line))?.len();
        let column = offset.checked_sub(text.line_start(place.line) + indent)?;
        let engine = Arc::clone(&self.engine);
        let (source, context) = (Arc::clone(&self.source), self.context.clone());
        let (values, is_built_in) = (self.values.clone(), self.is_built_in);
        let (name, claims, printed) = (name.to_owned(), rendered.claims, rendered.values);
        Trace { engine, source, name, context, values, claims, printed, is_built_in }
            .cause(&inner, inner.line_start(line) + column)
    }

    fn origin(&self, claim: &Claim) -> Option<Origin> {
        self.engine.origin(&self.name, &self.context, claim.mark)
    }

    /// Where the value of `values.a.b`, whatever is done with it after it, was written.
    fn value(&self, expression: &str) -> Option<Span> {
        let end = expression.find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '.')));
        let mut names = expression[..end.unwrap_or(expression.len())].split('.');
        if !matches!(names.next(), Some("values" | "Values")) {
            return None;
        }
        names
            .try_fold(self.values.node(), |node, name| node.get(name))
            .map(|node| node.span.clone())
    }
}

/// What a template sees, with other values.
#[derive(Debug)]
struct Changed {
    context: Value,
    values: Value,
}

impl Object for Changed {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        match key.as_str()? {
            "values" | "Values" => Some(self.values.clone()),
            _ => self.context.get_item(key).ok().filter(|value| !value.is_undefined()),
        }
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::Values(self.context.try_iter().into_iter().flatten().collect())
    }
}

/// The first line at or after an offset that reads the same.
fn same_line(source: &Arc<Source>, from: usize, written: &str) -> Option<Span> {
    let written = written.trim();
    let mut at = 0;
    for line in source.text().split_inclusive('\n') {
        let end = at + line.len();
        if end > from && !written.is_empty() && line.trim() == written {
            let start = at + (line.len() - line.trim_start().len());
            return Some(Span::new(source, start, start + written.len()));
        }
        at = end;
    }
    None
}

//! What went wrong in Go templates, at its line and column.

use std::collections::HashMap;
use std::sync::Arc;

use go_template::{Cause, Error, Frame, SyntaxError};
use jinnacle_helm::engine::Failure;

use super::values::Origins;
use crate::diagnostic::{Diagnostic, rule};
use crate::source::{Source, Span};

/// The templates by their full names.
type Sources<'c> = HashMap<String, &'c Arc<Source>>;

/// A failure as a finding: at the innermost place, with the way to it and where the value was written.
pub fn explain(failure: &Failure, sources: &Sources<'_>, origins: &Origins) -> Diagnostic {
    let finding = match failure {
        Failure::Syntax(error) => syntax(error, sources),
        Failure::Execution(error) => execution(error, sources, origins),
        Failure::Other(message) => Diagnostic::error(rule!("template/error"), message.clone()),
    };
    finding.helm(failure.to_string())
}

fn syntax(error: &SyntaxError, sources: &Sources<'_>) -> Diagnostic {
    let finding = Diagnostic::error(rule!("template/syntax"), error.message.clone());
    let Some(source) = sources.get(&error.template) else { return finding };
    let line = error.line as usize;
    let start = source.line_start(line);
    let text = source.line(line);
    let indent = text.len() - text.trim_start().len();
    finding.at(&Span::new(source, start + indent, start + text.trim_end().len()))
}

fn execution(error: &Error, sources: &Sources<'_>, origins: &Origins) -> Diagnostic {
    let mut places = error.frames.iter().filter_map(|frame| Some((frame, place(frame, sources)?)));
    let mut finding = message(error);
    if let Some((_, span)) = places.next() {
        finding = finding.at(&span);
    }
    for (_, span) in places {
        finding = finding.related(&span, "called here");
    }
    if let Some(span) = origins.span(error.origin) {
        finding = finding.related(span, "read from here");
    }
    finding
}

/// Where a frame is, if it is in a file of the chart and not in a string that `tpl` rendered.
///
/// Go names the second name of a chain such as `.Values.a.b` as its place; the whole chain is shown.
fn place(frame: &Frame, sources: &Sources<'_>) -> Option<Span> {
    let source = sources.get(&frame.file)?;
    let (text, offset) = (source.text(), frame.offset as usize);
    let before = text.get(..offset)?.rfind("{{").unwrap_or_default();
    let within = text[before..].find(&frame.node).map(|at| before + at);
    Some(match within.filter(|start| (*start..=start + frame.node.len()).contains(&offset)) {
        Some(start) => Span::new(source, start, start + frame.node.len()),
        None => {
            let rest = text[offset..].split(['\n', ' ', ')', '}']).next().unwrap_or_default();
            Span::new(source, offset, offset + rest.len())
        }
    })
}

fn message(error: &Error) -> Diagnostic {
    let node = error.frames.first().map_or("", |frame| frame.node.as_str());
    match &error.cause {
        Cause::NilPointer { field } => Diagnostic::error(
            rule!("template/undefined"),
            format!("`{node}`: cannot read `{field}`: the value before it is not set"),
        )
        .help("set the value, or test it with `if` or `with` first"),
        Cause::NoField { field } => {
            let wrong = match error.message.rsplit_once(" in type ") {
                Some((_, ty)) if ty != "interface {}" => format!("no field `{field}` in {ty}"),
                _ => format!("cannot read `{field}`: the value before it is not a map"),
            };
            Diagnostic::error(rule!("template/unknown"), format!("`{node}`: {wrong}"))
        }
        Cause::NoTemplate { name } => {
            Diagnostic::error(rule!("template/missing"), format!("no template is named `{name}`"))
        }
        Cause::Fail => Diagnostic::error(rule!("template/fail"), error.message.clone()),
        Cause::Limit(_) => Diagnostic::error(rule!("template/limit"), error.message.clone()),
        Cause::Syntax(syntax) => {
            Diagnostic::error(rule!("template/syntax"), format!("`{node}`: {}", syntax.message))
        }
        Cause::Argument | Cause::Function | Cause::Other => {
            Diagnostic::error(rule!("template/error"), format!("`{node}`: {}", error.message))
        }
    }
}

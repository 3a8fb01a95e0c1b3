//! The engine's errors → diagnostics at places of the authors' templates.

use std::error::Error as _;
use std::fmt;

use minijinja::value::Value;
use minijinja::{Error, ErrorKind};

use super::Templates;
use super::bounds::STEPS;
use jinnacle_syntax::diagnostic::{Diagnostic, RuleId, nearest, rule};
use jinnacle_syntax::source::Span;

/// What a chart says with `fail` or `required`: the source of the engine's error.
#[derive(Clone, Debug)]
pub struct FunctionError {
    /// The rule of the finding: `template/fail` or `template/required`.
    pub rule: RuleId,
    /// The chart's own words.
    pub message: String,
}

impl FunctionError {
    /// The engine's error of a function, with a message of the chart.
    pub fn error(rule: RuleId, message: &str) -> Error {
        let error = Self { rule, message: message.to_owned() };
        Error::new(ErrorKind::InvalidOperation, message.to_owned()).with_source(error)
    }
}

impl fmt::Display for FunctionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for FunctionError {}

/// Findings of ours on their way through the engine.
#[derive(Debug)]
pub struct Refused(Vec<Diagnostic>);

impl Refused {
    /// The engine's error that carries the findings.
    pub fn error(diagnostics: Vec<Diagnostic>) -> Error {
        Error::new(ErrorKind::InvalidOperation, "refused").with_source(Self(diagnostics))
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.first().map_or("refused", |first| first.message.as_str()))
    }
}

impl std::error::Error for Refused {}

/// What an error says, at the place in the innermost template.
pub fn diagnostics(templates: &Templates, error: &Error, context: &Value) -> Vec<Diagnostic> {
    let chain = chain(error);
    let refused = chain.last().and_then(|last| last.source()?.downcast_ref::<Refused>());
    let (mut diagnostics, outer) = match refused {
        Some(Refused(diagnostics)) => (diagnostics.clone(), &chain[..]),
        None => {
            let (innermost, outer) = (chain[chain.len() - 1], &chain[..chain.len() - 1]);
            // A string that `tpl` expands is not a file: it is where it is expanded.
            let place = chain.iter().rev().find_map(|error| span(templates, error));
            let span = place.map(whole_path);
            (vec![diagnostic(innermost, span.as_ref(), context)], outer)
        }
    };
    for diagnostic in &mut diagnostics {
        for span in outer.iter().rev().filter_map(|error| span(templates, error)) {
            let known =
                diagnostic.span.iter().chain(diagnostic.related.iter().map(|(span, _)| span));
            if !known.map(Span::to_string).any(|place| place == span.to_string()) {
                diagnostic.related.push((span, "included here".to_owned()));
            }
        }
    }
    diagnostics
}

/// An error and those of the engine that caused it, the innermost last.
fn chain(error: &Error) -> Vec<&Error> {
    let mut chain = vec![error];
    while let Some(cause) = chain[chain.len() - 1].source().and_then(|cause| cause.downcast_ref()) {
        chain.push(cause);
    }
    chain
}

fn span(templates: &Templates, error: &Error) -> Option<Span> {
    let template = templates.get(error.name()?)?;
    let range = error.range().or_else(|| {
        let start: usize =
            template.text.split_inclusive('\n').take(error.line()? - 1).map(str::len).sum();
        let line = template.text[start..].lines().next().unwrap_or("");
        Some(start + line.len() - line.trim_start().len()..start + line.trim_end().len())
    })?;
    Some(template.span(range))
}

/// What is between the braces of `{{ }}`.
fn expression(text: &str) -> &str {
    let text = text.strip_prefix("{{").unwrap_or(text);
    text.strip_suffix("}}").unwrap_or(text).trim()
}

fn diagnostic(error: &Error, span: Option<&Span>, context: &Value) -> Diagnostic {
    if let Some(error) = error.source().and_then(|source| source.downcast_ref::<FunctionError>()) {
        let diagnostic = Diagnostic::error(error.rule, error.message.as_str());
        return match span {
            Some(span) => diagnostic.at(span),
            None => diagnostic,
        };
    }
    let rule = match error.kind() {
        ErrorKind::UndefinedError => rule!("template/undefined"),
        ErrorKind::SyntaxError => rule!("template/syntax"),
        ErrorKind::TemplateNotFound => rule!("template/missing"),
        ErrorKind::UnknownFilter
        | ErrorKind::UnknownFunction
        | ErrorKind::UnknownTest
        | ErrorKind::UnknownMethod => rule!("template/unknown"),
        ErrorKind::OutOfFuel => rule!("template/limit"),
        _ => rule!("template/error"),
    };
    let mut message = error.detail().map_or_else(|| error.kind().to_string(), str::to_owned);
    let mut help = None;
    if error.kind() == ErrorKind::OutOfFuel && error.detail().is_none() {
        message = format!("the template takes more than {STEPS} steps");
        help = Some("loop over fewer items: is this loop inside another one?".to_owned());
    }
    if error.kind() == ErrorKind::UndefinedError {
        let named = message.split('`').nth(1).filter(|text| is_path(text)).map(str::to_owned);
        let written = span.map(|span| expression(span.text())).unwrap_or_default();
        (message, help) = match named
            .or_else(|| Some(written.to_owned()).filter(|text| is_path(text)))
        {
            Some(path) => undefined(&path, context),
            None if written.contains(" if ") && !written.contains(" else ") => {
                (format!("`{written}` has no value"), Some("write what it is `else`".to_owned()))
            }
            None => (format!("`{written}` is undefined"), None),
        };
    }
    let mut diagnostic = Diagnostic::error(rule, message);
    diagnostic.help.extend(help);
    match span {
        Some(span) => diagnostic.at(span),
        None => diagnostic,
    }
}

fn is_path(text: &str) -> bool {
    text.starts_with(|c: char| c.is_alphabetic() || c == '_') && text.chars().all(is_path_sign)
}

fn is_path_sign(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '.')
}

/// The whole path of which a span is the end: the engine names the last steps only.
fn whole_path(span: Span) -> Span {
    let before = &span.source().text()[..span.start()];
    match span.text().starts_with('.') {
        true => Span::new(span.source(), before.trim_end_matches(is_path_sign).len(), span.end()),
        false => span,
    }
}

/// The first name of a path that is missing, and the name beside it that was probably meant.
fn undefined(path: &str, context: &Value) -> (String, Option<String>) {
    let mut value = context.clone();
    let mut end = 0;
    for name in path.split('.') {
        end += name.len();
        let Ok(next) = value.get_attr(name) else { break };
        if next.is_undefined() {
            if end == name.len() && end < path.len() {
                // A variable of the template itself, which the context does not have.
                break;
            }
            let keys: Vec<Value> = value.try_iter().into_iter().flatten().collect();
            let near = nearest(name, keys.iter().filter_map(Value::as_str));
            let help = near.map(|near| format!("did you mean `{near}`?"));
            return (format!("`{}` is undefined", &path[..end]), help);
        }
        end += 1;
        value = next;
    }
    (format!("`{path}` is undefined"), None)
}

//! What needs the engine, or a cluster: templates in strings, and errors that charts raise.

use minijinja::value::{Kwargs, Value, ValueKind};
use minijinja::{Error, ErrorKind, State};

use crate::engine::{FunctionError, bounds};
use jinnacle_syntax::diagnostic::rule;

use super::arguments::{Entries, article, entries, wrong};

/// Ends the rendering with a message.
pub fn fail(message: &str) -> Result<Value, Error> {
    Err(FunctionError::error(rule!("template/fail"), message))
}

/// The value, if there is one that is not an empty string.
pub fn required(message: &str, value: Option<Value>) -> Result<Value, Error> {
    value
        .filter(|value| value.as_str() != Some(""))
        .ok_or_else(|| FunctionError::error(rule!("template/required"), message))
}

/// What is in the cluster: nothing, for nobody asks it.
pub fn lookup(_: &str, _: &str, _: &str, _: &str) -> Value {
    Value::from_pairs(Entries::new())
}

/// The address of a host: an empty string, for nobody asks for it.
pub fn get_host_by_name(_: &str) -> String {
    String::new()
}

/// The text of a template that is a string, with what the calling template sees or with a map of its own.
pub fn tpl(state: &mut State, text: &str, context: Option<Value>) -> Result<String, Error> {
    let _within = bounds::Within::begin()?;
    if let Some((_, message)) = bounds::nesting(text) {
        return Err(bounds::exceeded(message));
    }
    let environment = state.env();
    let template = environment.template_from_named_str(TPL, text)?;
    let context = match context {
        Some(context) => checked(context)?,
        None => seen(state, template.undeclared_variables(false)),
    };
    // What is wrong in the text has no place of its own, and is shown where the text is expanded.
    match bounds::render(&template, context) {
        Ok((text, _)) => Ok(text),
        Err(error) => Err(Error::from(ErrorKind::BadInclude).with_source(error)),
    }
}

/// Not the name of a file; what it prints is text, whatever the calling template makes.
const TPL: &str = "tpl";

/// The text of another template, with what the chart's templates see or with a map of its own.
pub fn include(state: &mut State, name: &str, context: Option<Value>) -> Result<Value, Error> {
    if let Some(include_text) = state.lookup(INCLUDE_TEXT) {
        let mut arguments = vec![Value::from(name)];
        if let Some(context) = context {
            arguments.push(Kwargs::from_iter(entries(&checked(context)?)?).into());
        }
        return include_text.call(state, &arguments);
    }
    let _within = bounds::Within::begin()?;
    let template = state.env().get_template(name)?;
    let context = match context {
        Some(context) => checked(context)?,
        None => seen(state, template.undeclared_variables(false)),
    };
    Ok(bounds::render(&template, context)?.0.into())
}

/// The engine's own function for that, which prints a template by the rules of its language.
const INCLUDE_TEXT: &str = "include_text";

fn checked(context: Value) -> Result<Value, Error> {
    match context.kind() {
        ValueKind::Map => Ok(context),
        other => Err(wrong(format!("what a template sees is a map, not {}", article(other)))),
    }
}

/// What every template sees; a template that is included needs it even where the including one does not name it.
const SCOPE: [&str; 8] =
    ["values", "release", "chart", "capabilities", "template", "files", "subcharts", INCLUDE_TEXT];

fn seen(state: &State, named: impl IntoIterator<Item = String>) -> Value {
    let names = named.into_iter().chain(SCOPE.map(str::to_owned));
    Value::from_pairs(names.filter_map(|name| state.lookup(&name).map(|value| (name, value))))
}

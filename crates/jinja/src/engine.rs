//! The Jinja engine whose `{{ }}` knows where it is.
//!
//! ```text
//! let mut engine = Engine::new(|name| sources.get(name).cloned(), |_, _| None); // "statefulset.yaml.j2" → Arc<Source>
//! engine.environment().add_function(…);                                // functions and filters of charts
//! let rendered = engine.render("statefulset.yaml.j2", &context)?;      // Err: Vec<Diagnostic> with places
//! rendered.text                                                        // the YAML
//! rendered.misread(&roots, false)                                      // None: all well
//! rendered.place(rendered.claims[0].placeholder)                              // the `{{ }}` that printed the first claim
//! ```
//!
//! In `*.yaml.j2` and `*.conf.j2` a value is printed by the rules of its place (see `placeholders`); in any
//! other template (`_names.j2`, `NOTES.txt.j2`) it is printed as text. `include_text("nats.conf.j2")`
//! gives the text of a template to an expression.

pub mod bounds;
mod failure;
mod input;
mod linked;
mod literal;
mod template;
mod token;
mod value;

use std::collections::HashMap;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use minijinja::value::{Kwargs, Object, Value, from_args};
use minijinja::{AutoEscape, Environment, Error, ErrorKind, Output, State, UndefinedBehavior};

use crate::placeholders::{self, Claim, PrintError, Resolved};
use jinnacle_jinja_syntax::signs::PLACEHOLDER_END;
use jinnacle_jinja_syntax::{self as text};
use jinnacle_syntax::diagnostic::{Diagnostic, rule};
use jinnacle_syntax::source::{Source, Span};
use jinnacle_syntax::yaml::Node;

use failure::Refused;
use linked::{Linked, Verbatim};
use template::Template;

pub use failure::FunctionError;
pub use input::{Entry, Input, Log, Read, Written, entries};
pub use jinnacle_jinja_syntax::Language;
pub use linked::{Code, Const, Templates as LinkedTemplates};
pub use token::bare;
pub use value::{from_value, to_value};

/// The templates of a chart with the functions they call; a template is compiled when it is rendered first.
pub struct Engine {
    environment: Arc<Environment<'static>>,
    templates: Arc<Templates>,
    /// The same templates as they were compiled with the program, in a render of a built-in chart.
    linked: Option<Arc<Linked>>,
}

/// What templates see, and the log of what they do with it.
#[derive(Clone, Debug)]
pub struct Context {
    /// The variables.
    pub value: Value,
    /// What is read of them, and which templates' strings are included.
    pub log: Arc<Log>,
}

impl Context {
    /// A node as the variables of a template.
    pub fn of(node: &Node) -> Self {
        let log = Arc::new(Log::default());
        Self { value: log.value(node), log }
    }
}

impl From<Value> for Context {
    fn from(value: Value) -> Self {
        Self { value, log: Arc::default() }
    }
}

/// A rendered template.
#[derive(Debug)]
pub struct Rendered {
    /// Its name in the engine.
    pub name: String,
    /// The text.
    pub text: String,
    /// Which of its bytes were printed by which `{{ }}`, in order.
    pub claims: Vec<Claim>,
    /// The values that were printed, by the number of their placeholder.
    pub printed: Vec<Printed>,
    /// The same as they were to be written.
    values: Vec<Node>,
    /// The text with its placeholders, which say where in their templates they are.
    raw: String,
    templates: Arc<Templates>,
}

/// A value that was printed.
#[derive(Clone, Debug)]
pub struct Printed {
    /// The value.
    pub value: Value,
    /// How many values had been read when it was printed.
    pub reads: usize,
}

/// The `{{ }}` that printed a value.
#[derive(Clone, Debug)]
pub struct Place {
    /// The expression in its template.
    pub span: Span,
    /// The `{% include %}`s that led there, the innermost first.
    pub includes: Vec<Span>,
}

impl Engine {
    /// An engine over templates that are loaded by their names, suffix included. `beside` gives the whole
    /// name of a template that another names, where it is not that name itself.
    pub fn new(
        load: impl Fn(&str) -> Option<Arc<Source>> + Send + Sync + 'static,
        beside: impl Fn(&str, &str) -> Option<String> + Send + Sync + 'static,
    ) -> Self {
        let templates = Arc::new(Templates {
            load: Box::new(load),
            loaded: Mutex::default(),
            trusted: AtomicBool::new(false),
        });
        let mut environment = Environment::new();
        environment.set_syntax(text::syntax());
        environment.set_undefined_behavior(UndefinedBehavior::SemiStrict);
        environment.set_auto_escape_callback(|_| AutoEscape::None);
        // Debug information holds values, which may be secrets.
        environment.set_debug(false);
        environment.set_formatter(print);
        environment.set_path_join_callback(move |name, parent| {
            if is_foreign(name, parent) {
                return format!("{FOREIGN}{name}").into();
            }
            beside(name, parent).map_or_else(|| name.into(), Into::into)
        });
        environment.set_loader({
            let templates = Arc::clone(&templates);
            move |name| templates.prepare(name)
        });
        for filter in ["e", "escape", "indent", "pprint"] {
            environment.remove_filter(filter);
        }
        environment.remove_global("debug");
        bounds::add_to(&mut environment);
        environment.add_filter("string", |value: &Value| value::text(value));
        environment.add_filter("join", join);
        environment.add_filter("size", token::size);
        environment.add_filter("bare", token::bare);
        environment.add_filter(text::VERBATIM, linked::verbatim);
        Self { environment: Arc::new(environment), templates, linked: None }
    }

    /// Has the templates of a built-in chart run as they were compiled with the program. They are not searched
    /// for faults: they have none, by the program's tests.
    pub fn link(&mut self, templates: LinkedTemplates) {
        self.templates.trusted.store(true, Ordering::Relaxed);
        self.linked = Some(Linked::of(templates));
    }

    /// This engine for another render of its chart, or with other values.
    pub fn again(&self) -> Self {
        let (environment, templates) = (Arc::clone(&self.environment), Arc::clone(&self.templates));
        Self { environment, templates, linked: self.linked.as_ref().map(|linked| linked.again()) }
    }

    /// The engine's own environment, to add functions and filters before it is shared.
    pub fn environment(&mut self) -> &mut Environment<'static> {
        Arc::get_mut(&mut self.environment).expect("an engine is furnished before it is shared")
    }

    /// Renders a string that is not a file of the chart, as strings are.
    ///
    /// # Errors
    /// The engine's own, whose place is in the text.
    pub fn render_text(&self, name: &str, text: &str, context: Value) -> Result<String, Error> {
        self.environment.render_named_str(name, text, context)
    }

    /// Renders a template, every value by the rules of its place.
    pub fn render(&self, name: &str, context: &Context) -> Result<Rendered, Vec<Diagnostic>> {
        let (templates, linked) = (Arc::clone(&self.templates), self.linked.clone());
        let root = Arc::new(Root { context: context.clone(), templates, linked });
        render(&self.environment, &root, name)
            .map_err(|error| failure::diagnostics(&self.templates, &error, &context.value))
    }
}

impl Rendered {
    /// Whether a printed value was read as something else from the text's documents.
    ///
    /// It would be a fault of the printer, or a template that no reader understands as its author does.
    pub fn misread(&self, roots: &[&Node], overwritten: bool) -> Option<Diagnostic> {
        let claim = placeholders::misread(&self.claims, &self.values, roots, overwritten)?;
        let message = "what is printed reads back as another value";
        let error =
            PrintError { placeholder: claim.placeholder, message: message.to_owned(), help: None };
        Some(misplaced(error, self.place(claim.placeholder)))
    }

    /// The line of a template that made a line without placeholders, after that of some placeholder or anywhere.
    pub fn line(&self, after: Option<usize>, line: &str) -> Option<Span> {
        let found = placeholders::template_of_line(&self.raw, after, line)?;
        let source = self.templates.source(found.template)?;
        same_line(&source, found.offset, line).or_else(|| same_line(&source, 0, line))
    }

    /// The `{{ }}` of a placeholder.
    pub fn place(&self, placeholder: usize) -> Option<Place> {
        self.templates.place(&self.raw, placeholder)
    }
}

/// The templates of a chart by name.
struct Templates {
    load: Box<Load>,
    /// Those that the engine asked for so far.
    loaded: Mutex<HashMap<String, Arc<Template>>>,
    /// Whether they are known to be without faults.
    trusted: AtomicBool,
}

type Load = dyn Fn(&str) -> Option<Arc<Source>> + Send + Sync;

impl fmt::Debug for Templates {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the templates")
    }
}

impl Templates {
    fn get(&self, name: &str) -> Option<Arc<Template>> {
        self.loaded.lock().unwrap_or_else(PoisonError::into_inner).get(name).cloned()
    }

    /// The text of a template as the engine compiles it.
    fn prepare(&self, name: &str) -> Result<Option<minijinja::TemplateSource>, Error> {
        if let Some(name) = name.strip_prefix(FOREIGN) {
            return Err(Error::new(
                ErrorKind::BadInclude,
                format!(
                    "`{name}` prints its values by the rules of their places, which are unknown here"
                ),
            ));
        }
        let Some(source) = (self.load)(name) else {
            return Ok(None);
        };
        let trusted = self.trusted.load(Ordering::Relaxed);
        let template = Template::new(source, name, trusted).map_err(Refused::error)?;
        let text = template.text.clone();
        let mut templates = self.loaded.lock().unwrap_or_else(PoisonError::into_inner);
        templates.insert(name.to_owned(), Arc::new(template));
        Ok(Some(text.into()))
    }

    /// The `{{ }}` of a placeholder in a string that holds placeholders.
    fn place(&self, raw: &str, placeholder: usize) -> Option<Place> {
        let mut tags = placeholders::tags_of(raw, placeholder)?.into_iter().filter_map(|tag| {
            let source = self.source(tag.template)?;
            let range = text::tag_at(source.text(), tag.offset)?.range;
            Some(inside(&Span::new(&source, range.start, range.end)))
        });
        Some(Place { span: tags.next()?, includes: tags.collect() })
    }

    /// The author's text.
    fn source(&self, name: &str) -> Option<Arc<Source>> {
        match self.get(name) {
            Some(template) => Some(Arc::clone(&template.source)),
            None => (self.load)(name),
        }
    }
}

/// What is between the braces of a tag.
fn inside(tag: &Span) -> Span {
    let inner = tag.text().get(2..).unwrap_or_default();
    let inner = inner.strip_prefix(['+', '-']).unwrap_or(inner).trim_start();
    let start = tag.end() - inner.len();
    let inner = &inner[..inner.len().saturating_sub(2)];
    let inner = inner.strip_suffix(['+', '-']).unwrap_or(inner).trim_end();
    Span::new(tag.source(), start, start + inner.len())
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

/// Precedes the name of a template whose values are printed by other rules than those around it.
const FOREIGN: &str = "\u{1}";

/// Only a template with macros may be brought into one of another language.
fn is_foreign(name: &str, parent: &str) -> bool {
    let (name, parent) = (Language::of(name), Language::of(parent));
    name.has_placeholders() && name != parent
}

/// The variable that holds the log. No template can write its name.
const LOG: &str = "\u{1}log";

/// What a render printed so far.
#[derive(Default)]
struct Prints {
    log: Option<Arc<Log>>,
    printed: Vec<Printed>,
    values: Vec<Node>,
    /// How much they hold: bytes of strings, and each node as one.
    size: usize,
}

/// Writes a value: as a placeholder, or as text in templates without placeholders.
fn print(out: &mut Output, state: &mut State, value: &Value) -> Result<(), Error> {
    if value.is_undefined() {
        return Err(ErrorKind::UndefinedError.into());
    }
    if let Some(text) = value.downcast_object_ref::<Verbatim>() {
        return out.write_str(&text.0).map_err(Error::from);
    }
    if !Language::of(state.name()).has_placeholders() {
        return value::write_text(out, value);
    }
    let mut size = 0;
    let node = value::node(value, &NOWHERE.with(Span::clone), &mut size)?;
    if state.get_extension::<Prints>().is_none() {
        let log = state.lookup(LOG).and_then(|log| log.downcast_object());
        state.get_or_insert_extension_with(|| Prints { log, ..Prints::default() });
    }
    let prints = state.get_or_insert_extension_with(Prints::default);
    prints.size += size;
    if prints.size > bounds::PRINTED {
        return Err(bounds::too_long());
    }
    let placeholder = prints.values.len();
    prints.values.push(node);
    let reads = prints.log.as_ref().map_or(0, |log| log.count());
    prints.printed.push(Printed { value: value.clone(), reads });
    // The template's text has the begin of the placeholder already.
    write!(out, "{placeholder}{PLACEHOLDER_END}").map_err(Error::from)
}

thread_local! {
    /// Printed values are not written anywhere; their origin is found when it is asked for.
    static NOWHERE: Span = Span::whole(&Source::new("", ""));
}

fn render(environment: &Environment, root: &Arc<Root>, name: &str) -> Result<Rendered, Error> {
    let (raw, Prints { printed, values, .. }) = execute(environment, root, name)?;
    let (name, templates) = (name.to_owned(), Arc::clone(&root.templates));
    let language = Language::of(&name);
    if !language.has_placeholders() {
        let (text, raw, claims) = (raw, String::new(), Vec::new());
        return Ok(Rendered { name, text, claims, printed, values, raw, templates });
    }
    let text = placeholders::shift_included(&raw);
    let resolved = match language {
        Language::Yaml => placeholders::yaml::resolve(&text, &values),
        _ => placeholders::conf::resolve(&text, &values),
    };
    match resolved {
        Ok(Resolved { text, claims }) => {
            Ok(Rendered { name, text, claims, printed, values, raw, templates })
        }
        Err(error) => {
            let place = templates.place(&raw, error.placeholder);
            Err(Refused::error(vec![misplaced(error, place)]))
        }
    }
}

/// Runs a template: its text with placeholders, and what the placeholders stand for.
fn execute(
    environment: &Environment,
    root: &Arc<Root>,
    name: &str,
) -> Result<(String, Prints), Error> {
    let value = Value::from_dyn_object(Arc::clone(root));
    let run = || within_bounds(environment, name, &value);
    match root.linked.as_ref().and_then(|linked| linked.execute(environment, name, &value)) {
        Some(linked) if cfg!(debug_assertions) => {
            let done = run();
            let [linked_text, text] = [&linked, &done]
                .map(|done| done.as_ref().ok().map(|(text, prints)| (text, &prints.values)));
            assert!(
                linked_text == text,
                "{name} as linked: {linked_text:?}\nand as compiled: {text:?}"
            );
            done
        }
        Some(Ok(done)) => Ok(done),
        // Not linked, or wrong: then this tells where.
        _ if root.templates.trusted.load(Ordering::Relaxed) => run(),
        _ => bounds::on_a_large_stack(run),
    }
}

fn within_bounds(
    environment: &Environment,
    name: &str,
    root: &Value,
) -> Result<(String, Prints), Error> {
    let work = || environment.get_template(name).and_then(|t| bounds::render(&t, root.clone()));
    // The engine's compiler panics on some faulty arguments, such as `*a` where none is allowed.
    let (text, mut captured) = catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| {
        Err(Error::new(ErrorKind::SyntaxError, format!("`{name}` cannot be compiled")))
    })?;
    Ok((text, captured.with_state_mut(prints)))
}

/// What a template that was run printed.
fn prints(state: &mut State) -> Prints {
    state.get_extension_mut::<Prints>().map(std::mem::take).unwrap_or_default()
}

fn misplaced(error: PrintError, place: Option<Place>) -> Diagnostic {
    let PrintError { message, help, .. } = error;
    let mut diagnostic = match &place {
        Some(place) => {
            let expression = place.span.text();
            let message = format!("cannot print `{expression}` here: {message}");
            Diagnostic::error(rule!("template/print"), message).at(&place.span)
        }
        None => Diagnostic::error(rule!("template/print"), message),
    };
    diagnostic.help.extend(help);
    for include in place.iter().flat_map(|place| &place.includes) {
        diagnostic = diagnostic.related(include, "included here");
    }
    diagnostic
}

/// What templates see: the context, and the functions that need it.
struct Root {
    context: Context,
    templates: Arc<Templates>,
    linked: Option<Arc<Linked>>,
}

impl fmt::Debug for Root {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the context")
    }
}

impl Object for Root {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        self.get_value_by_str(key.as_str()?)
    }

    fn get_value_by_str(self: &Arc<Self>, key: &str) -> Option<Value> {
        match key {
            "include_text" => Some(Value::from_object(IncludeText(Arc::clone(self)))),
            text::MODULE => Some(Value::from_object(linked::Module(Arc::clone(self)))),
            LOG => Some(Value::from_dyn_object(Arc::clone(&self.context.log))),
            _ => self.context.value.get_attr(key).ok().filter(|value| !value.is_undefined()),
        }
    }
}

/// `include_text(name, **variables)`: the text of a template, its own values printed by its own rules.
#[derive(Debug)]
struct IncludeText(Arc<Root>);

impl Object for IncludeText {
    fn call(self: &Arc<Self>, state: &mut State<'_, '_>, args: &[Value]) -> Result<Value, Error> {
        let (name, variables): (&str, Kwargs) = from_args(args)?;
        let _within = bounds::Within::begin()?;
        let root = &self.0;
        if variables.args().next().is_none() {
            let make = || text_of(state.env(), root, name);
            return root.linked.as_ref().map_or_else(make, |linked| linked.once(name, make));
        }
        let mut pairs: Vec<(Value, Value)> = Vec::new();
        for key in root.context.value.try_iter()? {
            pairs.push((key.clone(), root.context.value.get_item(&key)?));
        }
        for key in variables.args() {
            pairs.push((key.into(), variables.get(key)?));
        }
        let templates = Arc::clone(&root.templates);
        let context =
            Context { value: Value::from_pairs(pairs), log: Arc::clone(&root.context.log) };
        let root = Root { context, templates, linked: None };
        text_of(state.env(), &Arc::new(root), name)
    }
}

fn text_of(environment: &Environment, root: &Arc<Root>, name: &str) -> Result<Value, Error> {
    let rendered = render(environment, root, name);
    rendered.map(|rendered| root.context.log.include(rendered)).map_err(|error| {
        // What is wrong in a template that exists is shown with the place that brings it in.
        match error.kind() == ErrorKind::TemplateNotFound && error.name().is_none() {
            true => error,
            false => Error::from(ErrorKind::BadInclude).with_source(error),
        }
    })
}

/// `join` that prints its parts as `{{ }}` does in a string.
fn join(values: &Value, separator: Option<&str>) -> Result<String, Error> {
    let mut joined = String::new();
    for (index, value) in values.try_iter()?.enumerate() {
        if index > 0 {
            joined.push_str(separator.unwrap_or(""));
        }
        joined.push_str(&value::text(&value)?);
    }
    Ok(joined)
}

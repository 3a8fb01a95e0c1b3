//! The Jinja engine whose `{{ }}` knows where it is.
//!
//! ```text
//! let mut engine = Engine::new(|name| sources.get(name).cloned(), |_, _| None); // "statefulset.yaml.j2" → Arc<Source>
//! engine.environment().add_function(…);                                // functions and filters of charts
//! let rendered = engine.render("statefulset.yaml.j2", &context)?;      // Err: Vec<Diagnostic> with places
//! rendered.text                                                        // the YAML
//! engine.misread("statefulset.yaml.j2", &context, &rendered.claims, &rendered.values, &roots, false) // None: all well
//! engine.origin("statefulset.yaml.j2", &context, rendered.mark_at(offset)?) // the `{{ }}` after an output byte
//! ```
//!
//! In `*.yaml.j2` and `*.conf.j2` a value is printed by the rules of its place (see `marks`); in any
//! other template (`_names.j2`, `NOTES.txt.j2`) it is printed as text. `include_text("nats.conf.j2")`
//! gives the text of a template to an expression.

pub mod bounds;
mod failure;
mod linked;
mod literal;
mod template;
mod text;
mod token;
mod value;

use std::cell::Cell;
use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use minijinja::value::{Kwargs, Object, Value, from_args};
use minijinja::{AutoEscape, Environment, Error, ErrorKind, Output, State, UndefinedBehavior};

use crate::diagnostic::{Diagnostic, rule};
use crate::render::marks::signs::{self, MARK, MARK_END};
use crate::render::marks::{self, Claim, Resolved, Trouble};
use crate::source::{Source, Span};
use crate::yaml::Node;

use failure::Refused;
use linked::{Linked, Verbatim};
use template::Template;

pub use text::Language;
pub use token::bare;
pub use value::{from_value, to_value};

/// The templates of a chart with the functions they call; a template is compiled when it is rendered first.
pub struct Engine {
    environment: Arc<Environment<'static>>,
    templates: Arc<Templates>,
    /// The same templates as they were compiled with the program, in a render of a built-in chart.
    linked: Option<Arc<Linked>>,
}

/// A rendered template.
#[derive(Debug)]
pub struct Rendered {
    /// The text.
    pub text: String,
    /// Which of its bytes were printed by which `{{ }}`, in order.
    pub claims: Vec<Claim>,
    /// The values that were printed, by the number of their mark.
    pub values: Vec<Node>,
}

/// The `{{ }}` that printed a value.
#[derive(Clone, Debug)]
pub struct Origin {
    /// The expression in its template.
    pub span: Span,
    /// The expression as it was written.
    pub expression: String,
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
        let templates = Arc::new(Templates::default());
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
            move |name| templates.load(name, &load)
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
    pub fn link(&mut self, chart: &str) {
        self.templates.trusted.store(true, Ordering::Relaxed);
        self.linked = Linked::of(chart);
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
    pub fn render(&self, name: &str, context: &Value) -> Result<Rendered, Vec<Diagnostic>> {
        render(&self.environment, &self.root(context), name)
            .map_err(|error| failure::diagnostics(&self.templates, &error, context))
    }

    /// Whether a printed value was read as something else from the text's documents.
    ///
    /// It would be a fault of the printer, or a template that no reader understands as its author does.
    pub fn misread(
        &self,
        name: &str,
        context: &Value,
        claims: &[Claim],
        values: &[Node],
        roots: &[&Node],
        overwritten: bool,
    ) -> Option<Diagnostic> {
        let claim = marks::misread(claims, values, roots, overwritten)?;
        let message = "what is printed reads back as another value";
        let trouble = Trouble { mark: claim.mark, message: message.to_owned(), help: None };
        Some(misplaced(trouble, self.origin(name, context, claim.mark)))
    }

    /// Where the value of a mark was printed from: the template is rendered again up to there.
    pub fn origin(&self, name: &str, context: &Value, mark: usize) -> Option<Origin> {
        origin(&self.environment, &self.root(context), name, mark)
    }

    fn root(&self, context: &Value) -> Arc<Root> {
        let (templates, linked) = (Arc::clone(&self.templates), self.linked.clone());
        Arc::new(Root { context: context.clone(), templates, linked })
    }
}

/// The templates that were loaded, by name.
#[derive(Default)]
struct Templates {
    loaded: Mutex<HashMap<String, Arc<Template>>>,
    /// Whether they are known to be without faults.
    trusted: AtomicBool,
}

impl Templates {
    fn get(&self, name: &str) -> Option<Arc<Template>> {
        self.loaded.lock().unwrap_or_else(PoisonError::into_inner).get(name).cloned()
    }

    fn load(
        &self,
        name: &str,
        load: &impl Fn(&str) -> Option<Arc<Source>>,
    ) -> Result<Option<minijinja::TemplateSource>, Error> {
        if let Some(name) = name.strip_prefix(FOREIGN) {
            return Err(Error::new(
                ErrorKind::BadInclude,
                format!(
                    "`{name}` prints its values by the rules of their places, which are unknown here"
                ),
            ));
        }
        let Some(source) = load(name) else {
            return Ok(None);
        };
        let trusted = self.trusted.load(Ordering::Relaxed);
        let template =
            Template::new(source, Language::of(name), trusted).map_err(Refused::error)?;
        let text = template.text.clone();
        let mut templates = self.loaded.lock().unwrap_or_else(PoisonError::into_inner);
        templates.insert(name.to_owned(), Arc::new(template));
        Ok(Some(text.into()))
    }
}

/// Precedes the name of a template whose values are printed by other rules than those around it.
const FOREIGN: &str = "\u{1}";

/// Only a template with macros may be brought into one of another language.
fn is_foreign(name: &str, parent: &str) -> bool {
    let (name, parent) = (Language::of(name), Language::of(parent));
    name.has_marks() && name != parent
}

thread_local! {
    /// The mark at which the render that runs stops, to tell its place.
    static STOP: Cell<Option<usize>> = const { Cell::new(None) };
}

/// The values that a render printed so far.
#[derive(Default)]
struct Printed {
    values: Vec<Node>,
    /// How much they hold: bytes of strings, and each node as one.
    size: usize,
}

/// Writes a value: as a mark, or as text in templates without marks.
fn print(out: &mut Output, state: &mut State, value: &Value) -> Result<(), Error> {
    if value.is_undefined() {
        return Err(ErrorKind::UndefinedError.into());
    }
    if let Some(text) = value.downcast_object_ref::<Verbatim>() {
        return out.write_str(&text.0).map_err(Error::from);
    }
    if !Language::of(state.name()).has_marks() {
        return value::write_text(out, value);
    }
    let mut size = 0;
    let node = value::node(value, &NOWHERE.with(Span::clone), &mut size)?;
    let printed = state.get_or_insert_extension_with(Printed::default);
    printed.size += size;
    if printed.size > bounds::PRINTED {
        return Err(bounds::too_long());
    }
    let mark = printed.values.len();
    printed.values.push(node);
    if STOP.get() == Some(mark) {
        return Err(Error::new(ErrorKind::InvalidOperation, "stopped"));
    }
    write!(out, "{MARK}{mark}{MARK_END}").map_err(Error::from)
}

thread_local! {
    /// Printed values are not written anywhere; their origin is found when it is asked for.
    static NOWHERE: Span = Span::whole(&Source::new("", ""));
}

fn render(environment: &Environment, root: &Arc<Root>, name: &str) -> Result<Rendered, Error> {
    let (text, values) = execute(environment, root, name, None)?;
    let language = Language::of(name);
    if !language.has_marks() {
        return Ok(Rendered { text, claims: Vec::new(), values });
    }
    let text = marks::shift_included(text);
    let resolved = match language {
        Language::Yaml => marks::yaml::resolve(&text, &values),
        _ => marks::conf::resolve(&text, &values),
    };
    match resolved {
        Ok(Resolved { text, claims }) => Ok(Rendered { text, claims, values }),
        Err(trouble) => {
            let origin = origin(environment, root, name, trouble.mark);
            Err(Refused::error(vec![misplaced(trouble, origin)]))
        }
    }
}

fn origin(environment: &Environment, root: &Arc<Root>, name: &str, mark: usize) -> Option<Origin> {
    let error = execute(environment, root, name, Some(mark)).err()?;
    failure::origin(&root.templates, &error)
}

/// Runs a template: its text with marks, and the values of the marks.
fn execute(
    environment: &Environment,
    root: &Arc<Root>,
    name: &str,
    stop: Option<usize>,
) -> Result<(String, Vec<Node>), Error> {
    let value = Value::from_dyn_object(Arc::clone(root));
    let run = || {
        let outer = STOP.replace(stop);
        let done = within_bounds(environment, name, &value);
        STOP.set(outer);
        done
    };
    let linked = root.linked.as_ref().filter(|_| stop.is_none());
    match linked.and_then(|linked| linked.execute(environment, name, &value)) {
        Some(linked) if cfg!(debug_assertions) => {
            let done = run();
            let same = linked.as_ref().ok() == done.as_ref().ok();
            assert!(same, "{name} as linked: {linked:?}\nand as compiled: {done:?}");
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
) -> Result<(String, Vec<Node>), Error> {
    let work = || environment.get_template(name).and_then(|t| bounds::render(&t, root.clone()));
    // The engine's compiler panics on some faulty arguments, such as `*a` where none is allowed.
    let (text, mut captured) = catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| {
        Err(Error::new(ErrorKind::SyntaxError, format!("`{name}` cannot be compiled")))
    })?;
    Ok((text, captured.with_state_mut(printed)))
}

/// The values of the marks of a template that was run.
fn printed(state: &mut State) -> Vec<Node> {
    let printed = state.get_extension_mut::<Printed>();
    printed.map(|printed| std::mem::take(&mut printed.values)).unwrap_or_default()
}

fn misplaced(trouble: Trouble, origin: Option<Origin>) -> Diagnostic {
    let Trouble { message, help, .. } = trouble;
    let mut diagnostic = match &origin {
        Some(origin) => {
            let expression = &origin.expression;
            Diagnostic::error(
                rule!("template/print"),
                format!("cannot print `{expression}` here: {message}"),
            )
            .at(&origin.span)
        }
        None => Diagnostic::error(rule!("template/print"), message),
    };
    diagnostic.help.extend(help);
    for include in origin.iter().flat_map(|origin| &origin.includes) {
        diagnostic = diagnostic.related(include, "included here");
    }
    diagnostic
}

/// What templates see: the context, and the functions that need it.
struct Root {
    context: Value,
    templates: Arc<Templates>,
    linked: Option<Arc<Linked>>,
}

impl std::fmt::Debug for Root {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
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
            _ => self.context.get_attr(key).ok().filter(|value| !value.is_undefined()),
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
        for key in root.context.try_iter()? {
            pairs.push((key.clone(), root.context.get_item(&key)?));
        }
        for key in variables.args() {
            pairs.push((key.into(), variables.get(key)?));
        }
        let templates = Arc::clone(&root.templates);
        let root = Root { context: Value::from_pairs(pairs), templates, linked: None };
        text_of(state.env(), &Arc::new(root), name)
    }
}

fn text_of(environment: &Environment, root: &Arc<Root>, name: &str) -> Result<Value, Error> {
    let rendered = render(environment, root, name);
    rendered.map(|rendered| Value::from(rendered.text)).map_err(|error| {
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

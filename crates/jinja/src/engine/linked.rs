//! Templates that were compiled when the program was built.
//!
//! What they include is in its place already. What they import and does not print is made once for all
//! templates of a render, and so is the text of a template that several take in.
//!
//! Without this, a run of the example with JetStream takes 1.3 times as long, and twice the instructions.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

use minijinja::machinery::{Instruction, Instructions, eval, make_string_output};
use minijinja::value::{Kwargs, Object, ObjectRepr, Tuple, Value, from_args};
use minijinja::{AutoEscape, Environment, Error, ErrorKind, State};

use super::{Prints, Root, prints, value};

/// An instruction, or a value that cannot be written in Rust's constants.
pub enum Code {
    /// An instruction.
    Is(Instruction<'static>),
    /// One that loads a value.
    Const(Const),
}

/// A value that a template holds.
pub enum Const {
    /// No value.
    Undefined,
    /// Null.
    None,
    /// A boolean.
    Bool(bool),
    /// An integer.
    Int(i64),
    /// A string.
    Text(&'static str),
    /// A list.
    List(&'static [Const]),
    /// A tuple.
    Tuple(&'static [Const]),
    /// A map.
    Map(&'static [(Const, Const)]),
    /// What a function is given by name.
    Arguments(&'static [(Const, Const)]),
}

/// Compiled templates by their names.
pub type Templates = &'static [(&'static str, &'static [Code])];

/// The compiled templates of a built-in chart, in one render of it.
pub struct Linked {
    templates: Templates,
    /// What was made in this render and is used again: by the name of its template.
    made: Mutex<HashMap<String, Value>>,
}

impl Linked {
    /// Those of a chart.
    pub fn of(templates: Templates) -> Arc<Self> {
        Arc::new(Self { templates, made: Mutex::default() })
    }

    /// The same for another render.
    pub fn again(&self) -> Arc<Self> {
        Arc::new(Self { templates: self.templates, made: Mutex::default() })
    }

    /// What the template made before, or what `make` makes of it now.
    pub fn once(
        &self,
        name: &str,
        make: impl FnOnce() -> Result<Value, Error>,
    ) -> Result<Value, Error> {
        let made = || self.made.lock().unwrap_or_else(PoisonError::into_inner);
        let known = made().get(name).cloned();
        if let Some(known) = known {
            return Ok(known);
        }
        let value = make()?;
        made().insert(name.to_owned(), value.clone());
        Ok(value)
    }

    /// The text of a template, and what its placeholders stand for; none if it was not compiled. What is wrong has no
    /// place: the engine, which knows the template's own text, has to tell it.
    pub fn execute(
        &self,
        environment: &Environment,
        name: &str,
        root: &Value,
    ) -> Option<Result<(String, Prints), Error>> {
        self.run(environment, name, root, |text, state| (text, prints(state)))
    }

    fn run<T>(
        &self,
        environment: &Environment,
        name: &str,
        root: &Value,
        take: impl FnOnce(String, &mut State) -> T,
    ) -> Option<Result<T, Error>> {
        let (name, code) = self.templates.iter().find(|(known, _)| *known == name)?;
        let mut instructions = Instructions::new(name, "");
        for one in *code {
            instructions.add(match one {
                Code::Is(instruction) => instruction.clone(),
                Code::Const(value) => Instruction::LoadConst(value.value()),
            });
        }
        let (blocks, mut text) = (BTreeMap::new(), String::new());
        let mut output = make_string_output(&mut text);
        let root = root.clone();
        let done = eval(environment, &instructions, root, &blocks, &mut output, AutoEscape::None);
        drop(output);
        Some(done.map(|(_, mut state)| take(text, &mut state)))
    }
}

impl Const {
    fn value(&self) -> Value {
        match self {
            Self::Undefined => Value::UNDEFINED,
            Self::None => Value::from(()),
            Self::Bool(value) => Value::from(*value),
            Self::Int(value) => Value::from(*value),
            Self::Text(text) => Value::from(*text),
            Self::List(items) => items.iter().map(Self::value).collect(),
            Self::Tuple(items) => {
                Tuple::from(items.iter().map(Self::value).collect::<Vec<_>>()).into()
            }
            Self::Map(pairs) => Value::from_pairs(pairs.iter().map(Self::pair)),
            Self::Arguments(pairs) => {
                let named = pairs.iter().map(Self::pair);
                Kwargs::from_iter(named.map(|(name, value)| (name.to_string(), value))).into()
            }
        }
    }

    fn pair((key, value): &(Self, Self)) -> (Value, Value) {
        (key.value(), value.value())
    }
}

/// `module(name)`: what a template without macros defines.
#[derive(Debug)]
pub struct Module(pub Arc<Root>);

impl Object for Module {
    fn call(self: &Arc<Self>, state: &mut State<'_, '_>, args: &[Value]) -> Result<Value, Error> {
        let (name,): (&str,) = from_args(args)?;
        let missing = || Error::from(ErrorKind::TemplateNotFound);
        let linked = self.0.linked.as_ref().ok_or_else(missing)?;
        let root = Value::from_dyn_object(Arc::clone(&self.0));
        linked.once(name, || {
            let defined = linked.run(state.env(), name, &root, |_, state| {
                let names = state.exports();
                let pair = |name: &str| Some((name.to_owned(), state.lookup(name)?));
                Value::from_pairs(names.into_iter().filter_map(pair))
            });
            defined.unwrap_or_else(|| Err(missing()))
        })
    }
}

/// A string that is printed as it is, whatever the template around it prints values as.
#[derive(Debug)]
pub struct Verbatim(pub String);

impl Object for Verbatim {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }
}

/// What a macro prints of a value.
pub fn verbatim(value: &Value) -> Result<Value, Error> {
    if value.is_undefined() {
        return Err(ErrorKind::UndefinedError.into());
    }
    Ok(Value::from_object(Verbatim(value::text(value)?)))
}

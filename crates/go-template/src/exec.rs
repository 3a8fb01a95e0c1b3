//! Evaluation.
//!
//! Statements run on a stack of their own ([`Walk`]), so that templates can call one another as deep as Go
//! lets them; only expressions and functions that run templates use the program's stack, up to
//! [`Limits::depth`].

use std::{any::Any, collections::HashMap};

use bumpalo::Bump;
use foldhash::fast::RandomState;

use crate::{
    Error, Fault, Function, Functions, Limit, SyntaxError, Value, builtins,
    error::{Cause, Frame},
    format,
    function::FunctionId,
    parse::parse,
    tree::{Command, Invocation, Node, NodeKind, Pipe, Place, Statement, Template, VariableId},
    value::{Entry, Item, Kind, LIST, List, ListType, Map, Origin, STRINGS, Type},
};

/// How deep `{{ template }}` goes in Go.
const MAX_TEMPLATES: u32 = 100_000;

/// The bounds of a run.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Statements and commands evaluated, and what functions add with [`Runtime::charge`].
    pub steps: u64,
    /// Parentheses, and templates that functions run, within one another: about 3 KB of stack each, 12 KB
    /// where nothing is optimized. See [`with_stack`](crate::with_stack).
    pub depth: u32,
    /// Bytes of output.
    pub output: usize,
    /// Bytes of the arena.
    pub memory: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { steps: 200_000_000, depth: 12_000, output: 256 << 20, memory: 1 << 30 }
    }
}

/// What a key that a map does not have gives.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum MissingKey {
    /// Nothing, of which each field is nothing again: Go's default.
    #[default]
    Nothing,
    /// The zero value of the map's elements.
    Zero,
    Error,
}

/// A value and what is known about where it comes from.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Slot<'a> {
    pub value: Value<'a>,
    /// It is in a variable of type `interface {}`, say an element of a map. A nil that is not is not a value.
    pub boxed: bool,
    pub origin: Origin,
}

impl<'a> Slot<'a> {
    pub const NOTHING: Self = Self { value: Value::Nil, boxed: false, origin: Origin::NONE };

    pub fn new(value: Value<'a>) -> Self {
        Self { value, boxed: false, origin: Origin::NONE }
    }

    pub fn boxed(value: Value<'a>) -> Self {
        Self { value, boxed: true, origin: Origin::NONE }
    }

    /// The element of a list or map.
    pub fn element(value: Value<'a>, ty: Type, origin: Origin) -> Self {
        Self { value, boxed: ty == Type::Any, origin }
    }

    pub fn is_nothing(self) -> bool {
        !self.boxed && matches!(self.value, Value::Nil)
    }

    pub fn is_boxed_nil(self) -> bool {
        self.boxed && matches!(self.value, Value::Nil)
    }

    /// What is in the box.
    pub fn unboxed(self) -> Self {
        Self { boxed: false, ..self }
    }

    pub fn type_name(self) -> &'static str {
        if self.boxed { Type::Any.name() } else { self.value.type_name() }
    }
}

/// A range of the output and what printed it.
#[derive(Clone, Copy, Debug)]
pub struct Mark<'a> {
    /// Where it begins in the output; it ends where the next mark begins.
    pub output: usize,
    pub template: Template<'a>,
    /// Where the text or action is in the template's file.
    pub offset: u32,
    /// Where the value was written that an action printed, if that is known.
    pub origin: Origin,
}

type Step<T> = Result<T, Box<Error>>;

/// A run: what functions get to work with.
pub struct Runtime<'a> {
    arena: &'a Bump,
    functions: &'a Functions,
    host: &'a dyn Any,
    limits: Limits,
    missing_key: MissingKey,
    templates: HashMap<&'a [u8], Template<'a>, RandomState>,
    steps: u64,
    depth: u32,
    out: Vec<u8>,
    /// Where what is being printed began.
    marks: Option<Vec<Mark<'a>>>,
    variables: Vec<(VariableId, Slot<'a>)>,
    /// Where the variables of the current template begin.
    base: usize,
    frames: Vec<Walk<'a>>,
    template: Option<Template<'a>>,
    template_depth: u32,
    /// What is being evaluated, for errors.
    place: Option<Place<'a>>,
}

/// Statements that are being run.
struct Walk<'a> {
    statements: &'a [Statement<'a>],
    next: usize,
    dot: Slot<'a>,
    /// How many variables there were before.
    mark: usize,
    kind: WalkKind<'a>,
}

enum WalkKind<'a> {
    Block,
    /// What a range has for nothing: `break` leaves it, `continue` is for a range around it.
    Otherwise,
    Range(Loop<'a>),
    /// What to go back to.
    Template {
        template: Option<Template<'a>>,
        base: usize,
        place: Option<Place<'a>>,
    },
}

struct Loop<'a> {
    pipe: &'a Pipe<'a>,
    items: Items<'a>,
    next: usize,
    /// How many variables there are in the body before its own.
    mark: usize,
}

enum Items<'a> {
    List(&'a [Item<'a>], Type),
    Bytes(&'a [u8]),
    Map(&'a [Entry<'a>], Type),
    Int(i64, crate::value::IntType),
    Uint(u64, crate::value::UintType),
}

impl<'a> Items<'a> {
    fn is_empty(&self) -> bool {
        match self {
            Self::List(items, _) => items.is_empty(),
            Self::Bytes(bytes) => bytes.is_empty(),
            Self::Map(entries, _) => entries.is_empty(),
            Self::Int(n, _) => *n <= 0,
            Self::Uint(n, _) => *n == 0,
        }
    }

    /// The index or key, and the element.
    fn get(&self, at: usize) -> Option<(Slot<'a>, Slot<'a>)> {
        let index = Slot::new(Value::int(at as i64));
        Some(match self {
            Self::List(items, ty) => {
                let item = items.get(at)?;
                item.read.set(true);
                (index, Slot::element(item.value, *ty, item.origin))
            }
            Self::Bytes(bytes) => (
                index,
                Slot::new(Value::Uint(u64::from(*bytes.get(at)?), crate::value::UintType::Uint8)),
            ),
            Self::Map(entries, ty) => {
                let entry = entries.get(at)?;
                (Slot::new(Value::Str(entry.key)), Slot::element(entry.value, *ty, entry.origin))
            }
            Self::Int(n, ty) => {
                let at = i64::try_from(at).ok().filter(|at| at < n)?;
                (Slot::NOTHING, Slot::new(Value::Int(at, *ty)))
            }
            Self::Uint(n, ty) => {
                let at = u64::try_from(at).ok().filter(|at| at < n)?;
                (Slot::NOTHING, Slot::new(Value::Uint(at, *ty)))
            }
        })
    }
}

impl<'a> Runtime<'a> {
    pub fn new(
        arena: &'a Bump,
        functions: &'a Functions,
        host: &'a dyn Any,
        limits: Limits,
    ) -> Self {
        Self {
            arena,
            functions,
            host,
            limits,
            missing_key: MissingKey::default(),
            templates: HashMap::default(),
            steps: 0,
            depth: 0,
            out: Vec::new(),
            marks: None,
            variables: Vec::new(),
            base: 0,
            frames: Vec::new(),
            template: None,
            template_depth: 0,
            place: None,
        }
    }

    pub fn set_missing_key(&mut self, missing_key: MissingKey) {
        self.missing_key = missing_key;
    }

    /// Parses a string and adds it and what it defines to the set.
    ///
    /// # Errors
    /// The text is not a template.
    pub fn parse(&mut self, name: &'a str, text: &'a [u8]) -> Result<(), SyntaxError> {
        for template in parse(name, text, self.functions, self.arena)? {
            self.add(template);
        }
        Ok(())
    }

    /// Adds a template to the set. It takes the place of one of the same name unless it is empty.
    pub fn add(&mut self, template: Template<'a>) {
        if !(template.is_empty && self.templates.contains_key(template.name)) {
            self.templates.insert(template.name, template);
        }
    }

    pub fn template(&self, name: &[u8]) -> Option<Template<'a>> {
        self.templates.get(name).copied()
    }

    /// Runs a template of the set and appends its output, which on an error is what was printed until then.
    ///
    /// # Errors
    /// There is no such template (`Fault::Message`), or it failed (`Fault::Template`).
    pub fn run(&mut self, name: &[u8], dot: Value<'a>, out: &mut Vec<u8>) -> Result<(), Fault> {
        let template = self.find(name)?;
        std::mem::swap(&mut self.out, out);
        let result = self.walk_template(template, dot);
        std::mem::swap(&mut self.out, out);
        result
    }

    /// As [`Runtime::run`], and says which part of the output comes from where.
    ///
    /// # Errors
    /// As those of [`Runtime::run`].
    pub fn run_marked(
        &mut self,
        name: &[u8],
        dot: Value<'a>,
        out: &mut Vec<u8>,
    ) -> Result<Vec<Mark<'a>>, Fault> {
        self.marks = Some(Vec::new());
        let result = self.run(name, dot, out);
        let marks = self.marks.take().unwrap_or_default();
        result.map(|()| marks)
    }

    /// The names of all templates of the set.
    pub fn template_names(&self) -> impl Iterator<Item = &'a [u8]> + '_ {
        self.templates.keys().copied()
    }

    pub fn functions(&self) -> &'a Functions {
        self.functions
    }

    /// Where values live.
    pub fn arena(&self) -> &'a Bump {
        self.arena
    }

    /// What the caller gave to the run, if it is of this type: release, clock, random numbers, caches (in
    /// cells of their own).
    pub fn host<T: Any>(&self) -> Option<&'a T> {
        self.host.downcast_ref()
    }

    /// A string with a copy of the text.
    pub fn string(&self, text: impl AsRef<[u8]>) -> Value<'a> {
        Value::Str(self.copy(text))
    }

    /// A copy of the bytes in the arena: for keys of maps.
    pub fn copy(&self, bytes: impl AsRef<[u8]>) -> &'a [u8] {
        self.arena.alloc_slice_copy(bytes.as_ref())
    }

    /// A `[]interface {}`.
    pub fn list(&self, values: impl IntoIterator<Item = Value<'a>>) -> Value<'a> {
        self.typed_list(&LIST, values)
    }

    /// A `[]string`.
    pub fn strings<T: AsRef<[u8]>>(&self, texts: impl IntoIterator<Item = T>) -> Value<'a> {
        self.typed_list(&STRINGS, texts.into_iter().map(|text| self.string(text)))
    }

    /// A list of another type.
    pub fn typed_list(
        &self,
        ty: &'static ListType,
        values: impl IntoIterator<Item = Value<'a>>,
    ) -> Value<'a> {
        let items: Vec<Item<'a>> = values.into_iter().map(Item::from).collect();
        Value::List(List::new(self.arena, ty, self.arena.alloc_slice_fill_iter(items)))
    }

    /// An empty map; `Value::map(…)` makes a `map[string]interface {}` of it.
    pub fn new_map(&self) -> &'a Map<'a> {
        Map::new(self.arena)
    }

    /// Runs a template of the set, as `include` does: its output.
    ///
    /// # Errors
    /// As those of [`Runtime::run`], and bounds that are reached.
    pub fn execute(&mut self, name: &[u8], dot: Value<'a>) -> Result<&'a [u8], Fault> {
        let template = self.find(name)?;
        self.execute_template(template, dot)
    }

    fn execute_template(
        &mut self,
        template: Template<'a>,
        dot: Value<'a>,
    ) -> Result<&'a [u8], Fault> {
        let start = self.out.len();
        let marks = self.marks.take();
        let result = self.walk_template(template, dot);
        self.marks = marks;
        let text = result.map(|()| self.arena.alloc_slice_copy(&self.out[start..]) as &[u8]);
        self.out.truncate(start);
        text
    }

    /// Parses the text as the template `name` and runs it, as `tpl` does. It sees all templates of the set;
    /// what it defines itself is gone afterwards.
    ///
    /// # Errors
    /// As those of [`Runtime::execute`], and `Fault::Syntax`.
    pub fn execute_text(
        &mut self,
        name: &'a str,
        text: &'a [u8],
        dot: Value<'a>,
    ) -> Result<&'a [u8], Fault> {
        self.charge(text.len() as u64 / 8)?;
        let templates = parse(name, text, self.functions, self.arena)
            .map_err(|error| Fault::Syntax { before: String::new(), error: Box::new(error) })?;
        // An empty text takes the place of no other one, and is still what runs.
        let own = templates.first().copied();
        let mut replaced = Vec::with_capacity(templates.len());
        for template in templates {
            replaced.push((template.name, self.templates.get(template.name).copied()));
            self.add(template);
        }
        let result = own.map_or(Ok(&[][..]), |own| self.execute_template(own, dot));
        for (name, template) in replaced {
            match template {
                Some(template) => self.templates.insert(name, template),
                None => self.templates.remove(name),
            };
        }
        result
    }

    /// Counts work that takes longer than a call does, in units of about ten nanoseconds.
    ///
    /// # Errors
    /// The bound is reached.
    pub fn charge(&mut self, steps: u64) -> Result<(), Fault> {
        self.steps = self.steps.saturating_add(steps);
        if self.steps > self.limits.steps { Err(Fault::Limit(Limit::Steps)) } else { Ok(()) }
    }

    /// Leaves at most so many further steps.
    pub fn leave_steps(&mut self, steps: u64) {
        self.limits.steps = self.limits.steps.min(self.steps.saturating_add(steps));
    }

    /// To be asked before something large is made: whether there is room for so many bytes.
    ///
    /// # Errors
    /// The bound is reached.
    pub fn reserve(&mut self, bytes: usize) -> Result<(), Fault> {
        self.charge(bytes as u64 / 64)?;
        let used = self.arena.allocated_bytes();
        if used.saturating_add(bytes) > self.limits.memory {
            Err(Fault::Limit(Limit::Memory))
        } else {
            Ok(())
        }
    }

    /// Calls a function value, as `call` does; the arguments are of its types.
    ///
    /// # Errors
    /// Those of the function.
    pub fn call(&mut self, function: &Function, args: &[Value<'a>]) -> Result<Value<'a>, Fault> {
        (function.call)(self, args)
    }

    fn find(&self, name: &[u8]) -> Result<Template<'a>, Fault> {
        self.template(name).ok_or_else(|| {
            let mut message = b"template: no template ".to_vec();
            crate::number::quote(&mut message, name);
            message.extend_from_slice(b" associated with template \"gotpl\"");
            Fault::NoTemplate { name: lossy(name), message: lossy(&message) }
        })
    }

    // Errors

    fn frame(&self) -> Frame {
        let place = self.place;
        let (name, file, text) = match &self.template {
            Some(template) => (template.name, template.file.name, template.file.text),
            None => (&b""[..], "", &b""[..]),
        };
        let offset = place.map_or(0, Place::pos);
        let before = text.get(..offset as usize).unwrap_or_default();
        let start = memchr::memrchr(b'\n', before).map_or(0, |at| at + 1);
        Frame {
            template: String::from_utf8_lossy(name).into_owned(),
            file: file.to_owned(),
            offset,
            line: 1 + memchr::memchr_iter(b'\n', before).count() as u32,
            column: (before.len() - start) as u32,
            node: place.map(|place| place.to_string()).unwrap_or_default(),
            function: None,
            before: String::new(),
        }
    }

    fn fail(&self, cause: Cause, message: String) -> Box<Error> {
        Box::new(Error::new(self.frame(), cause, message))
    }

    fn other(&self, message: impl Into<String>) -> Box<Error> {
        self.fail(Cause::Other, message.into())
    }

    /// An argument does not fit; [`Runtime::arguments`] says of which function.
    fn type_error(
        &self,
        expected: &'static str,
        found: &'static str,
        message: String,
    ) -> Box<Error> {
        self.fail(Cause::Type { function: "", expected, found, is_piped: false }, message)
    }

    fn limit(&self, limit: Limit) -> Box<Error> {
        self.fail(Cause::Limit(limit), limit.to_string())
    }

    fn of_fault(&self, function: &str, fault: Fault) -> Box<Error> {
        Box::new(Error::of_call(self.frame(), function, fault))
    }

    fn step(&mut self) -> Step<()> {
        self.steps += 1;
        if self.steps > self.limits.steps {
            return Err(self.limit(Limit::Steps));
        }
        if self.arena.allocated_bytes() > self.limits.memory {
            return Err(self.limit(Limit::Memory));
        }
        Ok(())
    }

    fn deeper(&mut self) -> Step<()> {
        self.depth += 1;
        if self.depth > self.limits.depth { Err(self.limit(Limit::Depth)) } else { Ok(()) }
    }

    // Statements

    /// Runs a template and puts everything back as it was.
    fn walk_template(&mut self, template: Template<'a>, dot: Value<'a>) -> Result<(), Fault> {
        let (frames, variables, depth, template_depth) =
            (self.frames.len(), self.variables.len(), self.depth, self.template_depth);
        let (old_template, base, place) = (self.template, self.base, self.place);
        self.template_depth = 0;
        let result = self.deeper().and_then(|()| {
            self.enter(template, Slot::new(dot));
            self.walk(frames)
        });
        self.frames.truncate(frames);
        self.variables.truncate(variables);
        (self.depth, self.template_depth) = (depth, template_depth);
        (self.template, self.base, self.place) = (old_template, base, place);
        result.map_err(|error| Fault::Template { before: String::new(), error })
    }

    fn enter(&mut self, template: Template<'a>, dot: Slot<'a>) {
        let kind =
            WalkKind::Template { template: self.template, base: self.base, place: self.place };
        let mark = self.variables.len();
        self.frames.push(Walk { statements: template.body, next: 0, dot, mark, kind });
        self.template = Some(template);
        self.template_depth += 1;
        self.base = mark;
        self.variables.push((0, dot));
    }

    /// Runs statements until there are only so many frames left.
    fn walk(&mut self, until: usize) -> Step<()> {
        while self.frames.len() > until {
            let Some(frame) = self.frames.last_mut() else { break };
            let statements = frame.statements;
            let dot = frame.dot;
            let Some(statement) = statements.get(frame.next) else {
                self.leave()?;
                continue;
            };
            frame.next += 1;
            self.step()?;
            match statement {
                Statement::Text(text) => {
                    self.mark(text.pos, Origin::NONE);
                    self.write(text.text)?;
                }
                Statement::Action(pipe) => {
                    let value = self.pipeline(dot, pipe)?;
                    if pipe.variables.is_empty() {
                        self.place = Some(Place::Action(pipe));
                        self.mark(pipe.pos, value.origin);
                        self.print(pipe, value)?;
                    }
                }
                Statement::If(branch) | Statement::With(branch) => {
                    let mark = self.variables.len();
                    let value = self.pipeline(dot, &branch.pipe)?;
                    let is_true = value.value.truth();
                    let statements = if is_true { branch.body } else { branch.otherwise };
                    let dot = if is_true && matches!(statement, Statement::With(_)) {
                        value
                    } else {
                        dot
                    };
                    self.push(Walk { statements, next: 0, dot, mark, kind: WalkKind::Block })?;
                }
                Statement::Range(branch) => {
                    let mark = self.variables.len();
                    let value = self.pipeline(dot, &branch.pipe)?;
                    let items = self.items(&branch.pipe, value)?.filter(|items| !items.is_empty());
                    match items {
                        None => {
                            let statements = branch.otherwise;
                            self.push(Walk {
                                statements,
                                next: 0,
                                dot,
                                mark,
                                kind: WalkKind::Otherwise,
                            })?;
                        }
                        Some(items) => {
                            let pipe = &branch.pipe;
                            let range = Loop { pipe, items, next: 0, mark: self.variables.len() };
                            let statements = branch.body;
                            let next = statements.len();
                            self.push(Walk {
                                statements,
                                next,
                                dot,
                                mark,
                                kind: WalkKind::Range(range),
                            })?;
                            self.iterate()?;
                        }
                    }
                }
                Statement::Template(invocation) => self.invoke(dot, invocation)?,
                Statement::Break | Statement::Continue => {
                    self.unwind(matches!(statement, Statement::Break), until);
                }
            }
        }
        Ok(())
    }

    fn push(&mut self, frame: Walk<'a>) -> Step<()> {
        if self.frames.len() > 4 * MAX_TEMPLATES as usize {
            return Err(self.limit(Limit::Depth));
        }
        self.frames.push(frame);
        Ok(())
    }

    /// The statements of the innermost frame are done.
    fn leave(&mut self) -> Step<()> {
        if self.iterate()? {
            return Ok(());
        }
        let Some(frame) = self.frames.pop() else { return Ok(()) };
        self.variables.truncate(frame.mark);
        if let WalkKind::Template { template, base, place } = frame.kind {
            self.template = template;
            self.template_depth -= 1;
            self.base = base;
            self.place = place;
        }
        Ok(())
    }

    /// Starts the next iteration of the innermost frame, which is a range; whether there is one.
    fn iterate(&mut self) -> Step<bool> {
        if !matches!(self.frames.last(), Some(Walk { kind: WalkKind::Range(_), .. })) {
            return Ok(false);
        }
        self.step()?;
        let Some(Walk { kind: WalkKind::Range(range), next, dot, .. }) = self.frames.last_mut()
        else {
            return Ok(false);
        };
        self.variables.truncate(range.mark);
        let Some((index, element)) = range.items.get(range.next) else { return Ok(false) };
        range.next += 1;
        *next = 0;
        *dot = element;
        let pipe = range.pipe;
        let values: &[Slot<'a>] =
            if pipe.variables.len() > 1 { &[index, element] } else { &[element] };
        if pipe.is_assignment {
            for (variable, value) in pipe.variables.iter().zip(values) {
                self.assign(variable.id, variable.name, *value)?;
            }
        } else if !pipe.variables.is_empty() {
            // They are the variables that the pipeline has declared, whatever else it did.
            let count = self.variables.len();
            for (at, value) in values.iter().enumerate() {
                if let Some(variable) =
                    (count + at).checked_sub(values.len()).and_then(|at| self.variables.get_mut(at))
                {
                    variable.1 = *value;
                }
            }
        }
        Ok(true)
    }

    /// What a range goes over; `None` if there is nothing.
    fn items(&mut self, pipe: &'a Pipe<'a>, value: Slot<'a>) -> Step<Option<Items<'a>>> {
        Ok(Some(match value.value {
            Value::Nil => return Ok(None),
            Value::List(list) => Items::List(list.items, list.ty.elem),
            Value::Bytes(bytes) => Items::Bytes(bytes),
            Value::Map(map, ty) => Items::Map(map.range(self.arena), ty.elem),
            Value::Int(..) | Value::Uint(..) if pipe.variables.len() > 1 => {
                return Err(self.other(format!(
                    "can't use {} to iterate over more than one variable",
                    shown(value.value)
                )));
            }
            Value::Int(n, ty) => Items::Int(n, ty),
            Value::Uint(n, ty) => Items::Uint(n, ty),
            _ => {
                let message = format!("range can't iterate over {}", shown(value.value));
                let cause = Cause::Range { found: value.value.type_name() };
                let mut error = self.fail(cause, message);
                error.origin = value.origin;
                return Err(error);
            }
        }))
    }

    /// `break` or `continue`: leaves the blocks within the innermost range.
    fn unwind(&mut self, leaves_range: bool, until: usize) {
        while self.frames.len() > until {
            let Some(frame) = self.frames.last_mut() else { return };
            let is_range = matches!(frame.kind, WalkKind::Range(_));
            if is_range && !leaves_range {
                frame.next = frame.statements.len();
                return;
            }
            let is_last = is_range || (leaves_range && matches!(frame.kind, WalkKind::Otherwise));
            let mark = frame.mark;
            self.frames.pop();
            self.variables.truncate(mark);
            if is_last {
                return;
            }
        }
    }

    fn invoke(&mut self, dot: Slot<'a>, invocation: &'a Invocation<'a>) -> Step<()> {
        self.place = Some(Place::Invocation(invocation));
        let Some(template) = self.template(invocation.name) else {
            let mut message = b"template ".to_vec();
            crate::number::quote(&mut message, invocation.name);
            message.extend_from_slice(b" not defined");
            let name = String::from_utf8_lossy(invocation.name).into_owned();
            return Err(self
                .fail(Cause::NoTemplate { name }, String::from_utf8_lossy(&message).into_owned()));
        };
        if self.template_depth > MAX_TEMPLATES {
            return Err(self.other(format!("exceeded maximum template depth ({MAX_TEMPLATES})")));
        }
        let dot = match &invocation.pipe {
            Some(pipe) => self.pipeline(dot, pipe)?,
            None => Slot::NOTHING,
        };
        if self.frames.len() > 4 * MAX_TEMPLATES as usize {
            return Err(self.limit(Limit::Depth));
        }
        self.enter(template, dot);
        Ok(())
    }

    // Output

    fn mark(&mut self, offset: u32, origin: Origin) {
        let output = self.out.len();
        if let (Some(marks), Some(template)) = (&mut self.marks, self.template) {
            marks.push(Mark { output, template, offset, origin });
        }
    }

    fn write(&mut self, text: &[u8]) -> Step<()> {
        self.out.extend_from_slice(text);
        self.check_output()
    }

    fn check_output(&self) -> Step<()> {
        if self.out.len() > self.limits.output { Err(self.limit(Limit::Output)) } else { Ok(()) }
    }

    fn print(&mut self, pipe: &'a Pipe<'a>, slot: Slot<'a>) -> Step<()> {
        let result = match slot.value {
            Value::Nil => return self.write(b"<no value>"),
            Value::Str(text) => return self.write(text),
            Value::Func(function) => {
                return Err(self.other(format!(
                    "can't print {} of type {}",
                    Place::Action(pipe),
                    function.type_name
                )));
            }
            value => format::print(&mut self.out, value),
        };
        match result {
            Err(Fault::Limit(limit)) => Err(self.limit(limit)),
            _ => self.check_output(),
        }
    }

    // Variables

    fn assign(&mut self, id: VariableId, name: &[u8], value: Slot<'a>) -> Step<()> {
        let at = self.find_variable(id, name)?;
        self.variables[at].1 = value;
        Ok(())
    }

    fn variable(&mut self, id: VariableId, name: &[u8]) -> Step<Slot<'a>> {
        let at = self.find_variable(id, name)?;
        Ok(self.variables[at].1)
    }

    /// The index of the innermost variable of the name.
    fn find_variable(&mut self, id: VariableId, name: &[u8]) -> Step<usize> {
        let found = self.variables[self.base..].iter().rposition(|(known, _)| *known == id);
        let at = found.map(|at| at + self.base).ok_or_else(|| self.undefined(name))?;
        self.steps += (self.variables.len() - at) as u64 / 16;
        Ok(at)
    }

    fn undefined(&self, name: &[u8]) -> Box<Error> {
        self.other(format!("undefined variable: {}", String::from_utf8_lossy(name)))
    }

    // Expressions

    fn pipeline(&mut self, dot: Slot<'a>, pipe: &'a Pipe<'a>) -> Step<Slot<'a>> {
        self.place = Some(Place::Pipe(pipe));
        let mut value = None;
        for command in pipe.commands {
            value = Some(self.command(dot, command, value)?.unboxed());
        }
        let value = value.unwrap_or(Slot::NOTHING);
        for variable in pipe.variables {
            if pipe.is_assignment {
                self.assign(variable.id, variable.name, value)?;
            } else {
                self.variables.push((variable.id, value));
            }
        }
        Ok(value)
    }

    /// A command; `last` is the value of the one before, which becomes the last argument.
    fn command(
        &mut self,
        dot: Slot<'a>,
        command: &'a Command<'a>,
        last: Option<Slot<'a>>,
    ) -> Step<Slot<'a>> {
        self.step()?;
        let first = &command.args[0];
        let args = Args { nodes: &command.args[1..], last };
        match first.kind {
            NodeKind::Field(fields) => {
                self.at(first);
                return self.fields(dot, dot, fields, args);
            }
            NodeKind::Chain { node, fields } => return self.chain(dot, first, node, fields, args),
            NodeKind::Function { id, .. } => {
                self.at(first);
                return self.function(dot, id, Place::Command(command), args);
            }
            NodeKind::Pipe(pipe) => {
                self.no_arguments(first, args)?;
                return self.nested(dot, pipe);
            }
            NodeKind::Variable { variable, fields } => {
                self.at(first);
                let value = self.variable(variable.id, variable.name)?;
                if fields.is_empty() {
                    self.no_arguments(first, args)?;
                    return Ok(value);
                }
                return self.fields(dot, value, fields, args);
            }
            _ => {}
        }
        self.at(first);
        self.no_arguments(first, args)?;
        match first.kind {
            NodeKind::Dot => Ok(dot),
            NodeKind::Nil => Err(self.other("nil is not a command")),
            _ => self.literal(first),
        }
    }

    fn at(&mut self, node: &'a Node<'a>) {
        self.place = Some(Place::Node(node));
    }

    fn nested(&mut self, dot: Slot<'a>, pipe: &'a Pipe<'a>) -> Step<Slot<'a>> {
        self.deeper()?;
        let value = self.pipeline(dot, pipe);
        self.depth -= 1;
        value
    }

    fn no_arguments(&self, first: &'a Node<'a>, args: Args<'a>) -> Step<()> {
        if args.is_empty() {
            return Ok(());
        }
        Err(self.other(format!("can't give argument to non-function {}", Place::Node(first))))
    }

    fn literal(&self, node: &'a Node<'a>) -> Step<Slot<'a>> {
        Ok(Slot::new(match node.kind {
            NodeKind::Bool(b) => Value::Bool(b),
            NodeKind::String { text, .. } => Value::Str(text),
            NodeKind::Number(number) => match number.ideal {
                Some(value) => value,
                None => {
                    return Err(self
                        .other(format!("{} overflows int", String::from_utf8_lossy(number.text))));
                }
            },
            _ => Value::Nil,
        }))
    }

    fn chain(
        &mut self,
        dot: Slot<'a>,
        whole: &'a Node<'a>,
        node: &'a Node<'a>,
        fields: &'a [&'a [u8]],
        args: Args<'a>,
    ) -> Step<Slot<'a>> {
        self.at(whole);
        let value = self.argument(dot, None, node)?;
        self.fields(dot, value, fields, args)
    }

    /// The field of a field of … a value; the arguments are for the last one.
    fn fields(
        &mut self,
        dot: Slot<'a>,
        mut value: Slot<'a>,
        fields: &'a [&'a [u8]],
        args: Args<'a>,
    ) -> Step<Slot<'a>> {
        let last = fields.len() - 1;
        for (at, field) in fields.iter().enumerate() {
            let args = if at == last { args } else { Args { nodes: &[], last: None } };
            value = self.field(dot, value, field, args)?;
        }
        Ok(value)
    }

    fn field(
        &mut self,
        dot: Slot<'a>,
        receiver: Slot<'a>,
        name: &'a [u8],
        args: Args<'a>,
    ) -> Step<Slot<'a>> {
        if receiver.is_nothing() {
            if self.missing_key == MissingKey::Error {
                return Err(self.other(format!("nil data; no entry for key {}", quoted(name))));
            }
            return Ok(Slot::NOTHING);
        }
        if receiver.is_boxed_nil() {
            return Err(self.nil_pointer(receiver, name));
        }
        let methods = match receiver.value {
            Value::Map(_, ty) => ty.methods,
            Value::List(list) => list.ty.methods,
            Value::Object(object) => object.object_type().methods,
            _ => &[],
        };
        if let Some(method) = methods.iter().find(|method| method.name.as_bytes() == name) {
            let place = self.place;
            return self.call_checked(dot, method, place, args, Some(receiver.value));
        }
        match receiver.value {
            Value::Map(map, ty) => {
                if !args.is_empty() {
                    return Err(
                        self.other(format!("{} is not a method but has arguments", lossy(name)))
                    );
                }
                if let Some(entry) = map.read(name) {
                    return Ok(Slot::element(entry.value, ty.elem, entry.origin));
                }
                match self.missing_key {
                    MissingKey::Nothing => Ok(Slot::NOTHING),
                    MissingKey::Zero => Ok(Slot::element(
                        Value::zero(ty.elem, self.arena),
                        ty.elem,
                        receiver.origin,
                    )),
                    MissingKey::Error => {
                        Err(self.other(format!("map has no entry for key {}", quoted(name))))
                    }
                }
            }
            Value::Object(object) => {
                if object.is_nil() {
                    return Err(self.nil_pointer(receiver, name));
                }
                let Some(value) =
                    std::str::from_utf8(name).ok().and_then(|name| object.field(name))
                else {
                    return Err(self.no_field(receiver, name));
                };
                if name.first().is_none_or(u8::is_ascii_lowercase) {
                    let message = format!(
                        "{} is an unexported field of struct type {}",
                        lossy(name),
                        receiver.type_name()
                    );
                    return Err(self.other(message));
                }
                if !args.is_empty() {
                    return Err(self.other(format!(
                        "{} has arguments but cannot be invoked as function",
                        lossy(name)
                    )));
                }
                Ok(Slot { value, boxed: matches!(value, Value::Nil), origin: receiver.origin })
            }
            _ => Err(self.no_field(receiver, name)),
        }
    }

    fn nil_pointer(&self, receiver: Slot<'a>, name: &[u8]) -> Box<Error> {
        let field = lossy(name);
        let message = format!("nil pointer evaluating {}.{field}", receiver.type_name());
        let mut error = self.fail(Cause::NilPointer { field }, message);
        error.origin = receiver.origin;
        error
    }

    fn no_field(&self, receiver: Slot<'a>, name: &[u8]) -> Box<Error> {
        let field = lossy(name);
        let message = format!("can't evaluate field {field} in type {}", receiver.type_name());
        let found = receiver.value.type_name();
        let mut error = self.fail(Cause::NoField { field, found }, message);
        error.origin = receiver.origin;
        error
    }

    // Calls

    /// Calls a function; errors of its own are at `place`.
    fn function(
        &mut self,
        dot: Slot<'a>,
        id: FunctionId,
        place: Place<'a>,
        args: Args<'a>,
    ) -> Step<Slot<'a>> {
        let function = self.functions.get(id);
        match builtins::find(id) {
            Some(builtin) => self.call_builtin(dot, function, builtin, place, args),
            None => self.call_checked(dot, function, Some(place), args, None),
        }
    }

    fn check_count(&self, function: &Function, args: Args<'a>) -> Step<()> {
        let (found, wanted) = (args.len(), function.params.len());
        let expected = wanted - usize::from(function.variadic);
        let message = match function.variadic {
            true if found < expected => format!("at least {expected} got {}", args.nodes.len()),
            false if found != expected => format!("{expected} got {found}"),
            _ => return Ok(()),
        };
        let (function, or_more) = (function.name, function.variadic);
        let message = format!("wrong number of args for {function}: want {message}");
        Err(self.fail(Cause::Count { function, expected, or_more, found }, message))
    }

    /// Evaluates the arguments and has each fit its parameter.
    fn arguments(
        &mut self,
        dot: Slot<'a>,
        function: &Function,
        args: Args<'a>,
        mut each: impl FnMut(Slot<'a>),
    ) -> Step<()> {
        let param = |at: usize| {
            function.params.get(at).or(function.params.last()).copied().unwrap_or(Type::Any)
        };
        // Of calls within one another, the innermost one is named.
        let named = |mut error: Box<Error>, piped: bool| {
            if let Cause::Type { function: name @ "", is_piped, .. } = &mut error.cause {
                (*name, *is_piped) = (function.name, piped);
            }
            error
        };
        for (at, node) in args.nodes.iter().enumerate() {
            each(self.argument(dot, Some(param(at)), node).map_err(|error| named(error, false))?);
        }
        if let Some(last) = args.last {
            let fit = self.fit(last, Some(param(args.nodes.len())));
            each(fit.map_err(|error| named(error, true))?);
        }
        Ok(())
    }

    fn call_checked(
        &mut self,
        dot: Slot<'a>,
        function: &Function,
        place: Option<Place<'a>>,
        args: Args<'a>,
        receiver: Option<Value<'a>>,
    ) -> Step<Slot<'a>> {
        self.check_count(function, args)?;
        let mut values = Vec::with_capacity(args.len() + 1);
        values.extend(receiver);
        self.arguments(dot, function, args, |slot| values.push(slot.value))?;
        match (function.call)(self, &values) {
            Ok(value) => {
                Ok(Slot { value, boxed: matches!(value, Value::Nil), origin: Origin::NONE })
            }
            Err(fault) => {
                self.place = place;
                Err(self.of_fault(function.name, fault))
            }
        }
    }

    fn call_builtin(
        &mut self,
        dot: Slot<'a>,
        function: &Function,
        builtin: builtins::Builtin,
        place: Place<'a>,
        args: Args<'a>,
    ) -> Step<Slot<'a>> {
        self.check_count(function, args)?;
        let call = match builtin {
            builtins::Builtin::Choice { until } => return self.choose(dot, until, args),
            builtins::Builtin::Call => return self.call_value(dot, place, args),
            builtins::Builtin::Function(call) => call,
        };
        let mut values = Vec::with_capacity(args.len());
        self.arguments(dot, function, args, |slot| values.push(slot))?;
        call(self, &values).map_err(|fault| {
            self.place = Some(place);
            self.of_fault(function.name, fault)
        })
    }

    /// `and` and `or`: the first value that decides, or the last one.
    fn choose(&mut self, dot: Slot<'a>, until: bool, args: Args<'a>) -> Step<Slot<'a>> {
        let mut value = Slot::NOTHING;
        for node in args.nodes {
            value = self.argument(dot, Some(Type::Raw), node)?;
            if value.value.truth() == until {
                return Ok(value);
            }
        }
        Ok(args.last.unwrap_or(value))
    }

    /// The built-in `call`.
    fn call_value(&mut self, dot: Slot<'a>, place: Place<'a>, args: Args<'a>) -> Step<Slot<'a>> {
        let mut values = Vec::with_capacity(args.len());
        let raw = Function::variadic("call", &[Type::Raw], |_, _| Ok(Value::Nil));
        self.arguments(dot, &raw, args, |slot| values.push(slot.value))?;
        self.place = Some(place);
        let callee = match (args.nodes.first(), args.last.map(|last| last.value)) {
            (Some(node), _) => Place::Node(node).to_string(),
            (None, Some(Value::Str(text))) => lossy(text),
            (None, Some(Value::Nil) | None) => "<invalid Value>".into(),
            (None, Some(value)) => format!("<{} Value>", value.type_name()),
        };
        let function = match values[0] {
            Value::Func(function) => function,
            Value::Nil => return Err(self.of_fault("call", "call of nil".into())),
            other => {
                return Err(self.of_fault(
                    "call",
                    format!("non-function {callee} of type {}", other.type_name()).into(),
                ));
            }
        };
        let row = function.function;
        let (found, wanted) = (values.len() - 1, row.params.len());
        if row.variadic && found + 1 < wanted {
            let message = format!(
                "wrong number of args for {callee}: got {found} want at least {}",
                wanted - 1
            );
            return Err(self.of_fault("call", message.into()));
        }
        if !row.variadic && found != wanted {
            return Err(self.of_fault(
                "call",
                format!("wrong number of args for {callee}: got {found} want {wanted}").into(),
            ));
        }
        let mut checked: Vec<Value<'a>> = function.receiver.into_iter().collect();
        for (at, value) in values[1..].iter().enumerate() {
            let param = row.params.get(at).or(row.params.last()).copied().unwrap_or(Type::Any);
            if !assignable(*value, param) {
                let message = format!(
                    "arg {at}: value has type {}; should be {}",
                    value.type_name(),
                    param.name()
                );
                return Err(self.of_fault("call", message.into()));
            }
            checked.push(convert(*value, param, self.arena));
        }
        match (row.call)(self, &checked) {
            Ok(value) => {
                Ok(Slot { value, boxed: matches!(value, Value::Nil), origin: Origin::NONE })
            }
            Err(fault) => {
                Err(self.of_fault("call", fault.context(&format!("error calling {callee}: "))))
            }
        }
    }

    /// An argument for a parameter of the type; without a type, as it is.
    fn argument(&mut self, dot: Slot<'a>, ty: Option<Type>, node: &'a Node<'a>) -> Step<Slot<'a>> {
        self.at(node);
        let none = Args { nodes: &[], last: None };
        let value = match node.kind {
            NodeKind::Dot => dot,
            NodeKind::Nil => {
                let ty = ty.unwrap_or(Type::Any);
                if !ty.can_be_nil() {
                    let message = format!("cannot assign nil to {}", ty.name());
                    return Err(self.type_error(ty.name(), Type::Any.name(), message));
                }
                return Ok(self.nil_of(ty));
            }
            NodeKind::Field(fields) => self.fields(dot, dot, fields, none)?,
            NodeKind::Variable { variable, fields } => {
                let value = self.variable(variable.id, variable.name)?;
                if fields.is_empty() { value } else { self.fields(dot, value, fields, none)? }
            }
            NodeKind::Pipe(pipe) => self.nested(dot, pipe)?,
            NodeKind::Function { id, .. } => self.function(dot, id, Place::Node(node), none)?,
            NodeKind::Chain { node: inner, fields } => {
                self.chain(dot, node, inner, fields, none)?
            }
            NodeKind::Bool(_) | NodeKind::Number(_) | NodeKind::String { .. } => {
                return self.constant(ty.unwrap_or(Type::Any), node);
            }
        };
        self.fit(value, ty)
    }

    /// A nil of the type.
    fn nil_of(&self, ty: Type) -> Slot<'a> {
        match ty {
            Type::Raw => Slot::NOTHING,
            Type::Any => Slot::boxed(Value::Nil),
            _ => Slot::new(Value::zero(ty, self.arena)),
        }
    }

    /// A literal for a parameter of the type.
    fn constant(&self, ty: Type, node: &'a Node<'a>) -> Step<Slot<'a>> {
        let value = match (ty, node.kind) {
            (Type::Any | Type::Raw, _) => return self.literal(node),
            (Type::Bool, NodeKind::Bool(b)) => Some(Value::Bool(b)),
            (Type::String, NodeKind::String { text, .. }) => Some(Value::Str(text)),
            (Type::Int(ty), NodeKind::Number(number)) => number.int.map(|n| Value::Int(n, ty)),
            (Type::Uint(ty), NodeKind::Number(number)) => number.uint.map(|n| Value::Uint(n, ty)),
            (Type::Float, NodeKind::Number(number)) => number.float.map(Value::Float),
            _ => None,
        };
        let found = match node.kind {
            NodeKind::Bool(_) => "bool",
            NodeKind::String { .. } => "string",
            NodeKind::Number(number) => number.ideal.map_or("int", Value::type_name),
            _ => "",
        };
        let expected = match ty {
            _ if value.is_some() => "",
            Type::Bool => "bool",
            Type::String => "string",
            Type::Int(_) => "integer",
            Type::Uint(_) => "unsigned integer",
            Type::Float => "float",
            _ => {
                let message =
                    format!("can't handle {} for arg of type {}", Place::Node(node), ty.name());
                return Err(self.type_error(ty.name(), found, message));
            }
        };
        value.map(Slot::new).ok_or_else(|| {
            let message = format!("expected {expected}; found {}", Place::Node(node));
            self.type_error(ty.name(), found, message)
        })
    }

    /// The value for a parameter of the type.
    fn fit(&self, slot: Slot<'a>, ty: Option<Type>) -> Step<Slot<'a>> {
        let Some(ty) = ty else { return Ok(slot) };
        if matches!(ty, Type::Raw) {
            return Ok(slot);
        }
        if slot.is_nothing() {
            if ty.can_be_nil() {
                return Ok(self.nil_of(ty));
            }
            let message = format!("invalid value; expected {}", ty.name());
            return Err(self.type_error(ty.name(), Type::Any.name(), message));
        }
        if matches!(ty, Type::Any) {
            return Ok(Slot { boxed: true, ..slot });
        }
        if !slot.is_boxed_nil() && assignable(slot.value, ty) {
            return Ok(Slot { value: convert(slot.value, ty, self.arena), boxed: false, ..slot });
        }
        let found = if slot.is_boxed_nil() { Type::Any.name() } else { slot.value.type_name() };
        let message = format!("wrong type for value; expected {}; got {found}", ty.name());
        let mut error = self.type_error(ty.name(), found, message);
        error.origin = slot.origin;
        Err(error)
    }
}

/// Whether a parameter of the type takes the value as it is: the types are the same, or one of them has no
/// name and both are made of the same.
fn assignable(value: Value<'_>, ty: Type) -> bool {
    let Some(found) = value.ty() else { return ty.can_be_nil() };
    match (found, ty) {
        (_, Type::Any | Type::Raw) => true,
        (Type::List(a), Type::List(b)) => {
            a.name == b.name
                || (a.elem == b.elem && (a.name.starts_with('[') || b.name.starts_with('[')))
        }
        (Type::Map(a), Type::Map(b)) => {
            a.name == b.name
                || (a.elem == b.elem && (a.name.starts_with("map[") || b.name.starts_with("map[")))
        }
        // A pointer is taken where what it points to is wanted.
        (Type::Object(a), Type::Object(b)) => {
            a.name == b.name || (a.kind == Kind::Ptr && a.name.get(1..) == Some(b.name))
        }
        _ => found == ty,
    }
}

/// The value as the type that it is assigned to.
fn convert<'a>(value: Value<'a>, ty: Type, arena: &'a Bump) -> Value<'a> {
    match (value, ty) {
        (Value::Map(map, _), Type::Map(ty)) => Value::Map(map, ty),
        (Value::List(list), Type::List(ty)) if list.ty.name != ty.name => {
            Value::List(arena.alloc(List { ty, items: list.items, is_nil: list.is_nil }))
        }
        (Value::Nil, ty) => Value::zero(ty, arena),
        _ => value,
    }
}

/// The arguments of a call: nodes, and the value of the command before.
#[derive(Clone, Copy)]
struct Args<'a> {
    nodes: &'a [Node<'a>],
    last: Option<Slot<'a>>,
}

impl Args<'_> {
    fn len(&self) -> usize {
        self.nodes.len() + usize::from(self.last.is_some())
    }

    fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

fn lossy(text: &[u8]) -> String {
    String::from_utf8_lossy(text).into_owned()
}

fn quoted(text: &[u8]) -> String {
    let mut out = Vec::new();
    crate::number::quote(&mut out, text);
    lossy(&out)
}

/// The value as `%v` prints it, for error strings.
fn shown(value: Value<'_>) -> String {
    let mut out = Vec::new();
    match format::display(&mut out, value) {
        Ok(()) => lossy(&out),
        Err(_) => value.type_name().to_owned(),
    }
}

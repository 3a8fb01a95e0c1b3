//! Parsed templates, and their nodes back as text: Go's error strings name the node that failed.

use std::fmt;

use crate::{Value, function::FunctionId, number};

/// A parsed text and what it was called.
#[derive(Debug)]
pub struct File<'a> {
    pub name: &'a str,
    pub text: &'a [u8],
}

/// A template: a whole file, a `define` or a `block`.
#[derive(Clone, Copy, Debug)]
pub struct Template<'a> {
    pub name: &'a [u8],
    pub file: &'a File<'a>,
    pub body: &'a [Statement<'a>],
    /// Nothing but spaces, which takes the place of no other template.
    pub is_empty: bool,
}

#[derive(Debug)]
pub enum Statement<'a> {
    Text(Text<'a>),
    Action(Pipe<'a>),
    If(Branch<'a>),
    With(Branch<'a>),
    Range(Branch<'a>),
    Template(Invocation<'a>),
    Break,
    Continue,
}

#[derive(Debug)]
pub struct Text<'a> {
    pub pos: u32,
    pub text: &'a [u8],
}

#[derive(Debug)]
pub struct Branch<'a> {
    pub pipe: Pipe<'a>,
    pub body: &'a [Statement<'a>],
    pub otherwise: &'a [Statement<'a>],
}

/// `{{ template "name" pipe }}`
#[derive(Debug)]
pub struct Invocation<'a> {
    pub pos: u32,
    pub name: &'a [u8],
    pub pipe: Option<Pipe<'a>>,
}

/// Commands, and the variables that take the value of the last one.
#[derive(Debug)]
pub struct Pipe<'a> {
    pub pos: u32,
    /// `=`, which is not `:=`.
    pub is_assignment: bool,
    pub variables: &'a [Variable<'a>],
    pub commands: &'a [Command<'a>],
}

#[derive(Clone, Copy, Debug)]
pub struct Variable<'a> {
    /// With its `$`.
    pub name: &'a [u8],
    pub id: VariableId,
}

/// A variable's name, as a number within its file; `$` is 0.
pub type VariableId = u32;

#[derive(Clone, Copy, Debug)]
pub struct Command<'a> {
    pub pos: u32,
    /// At least one.
    pub args: &'a [Node<'a>],
}

#[derive(Clone, Copy, Debug)]
pub struct Node<'a> {
    pub pos: u32,
    pub kind: NodeKind<'a>,
}

#[derive(Clone, Copy, Debug)]
pub enum NodeKind<'a> {
    Dot,
    Nil,
    Bool(bool),
    Number(&'a Number<'a>),
    String { written: &'a [u8], text: &'a [u8] },
    Field(&'a [&'a [u8]]),
    Variable { variable: Variable<'a>, fields: &'a [&'a [u8]] },
    Function { id: FunctionId, name: &'static str },
    Chain { node: &'a Node<'a>, fields: &'a [&'a [u8]] },
    Pipe(&'a Pipe<'a>),
}

/// A number as it was written, and what it can be.
#[derive(Debug)]
pub struct Number<'a> {
    pub text: &'a [u8],
    pub int: Option<i64>,
    pub uint: Option<u64>,
    pub float: Option<f64>,
    /// What it is where nothing else is wanted, unless it does not fit an `int`.
    pub ideal: Option<Value<'a>>,
}

/// Something of a template that an error can name.
#[derive(Clone, Copy)]
pub enum Place<'a> {
    Node(&'a Node<'a>),
    Command(&'a Command<'a>),
    Pipe(&'a Pipe<'a>),
    Action(&'a Pipe<'a>),
    Invocation(&'a Invocation<'a>),
}

impl Place<'_> {
    pub fn pos(self) -> u32 {
        match self {
            Self::Node(node) => node.pos,
            Self::Command(command) => command.pos,
            Self::Pipe(pipe) | Self::Action(pipe) => pipe.pos,
            Self::Invocation(invocation) => invocation.pos,
        }
    }

    /// The place as a template has it.
    pub fn write(self, out: &mut Vec<u8>) {
        match self {
            Self::Node(node) => write_node(out, node),
            Self::Command(command) => write_command(out, command),
            Self::Pipe(pipe) => write_pipe(out, pipe),
            Self::Action(pipe) => {
                out.extend_from_slice(b"{{");
                write_pipe(out, pipe);
                out.extend_from_slice(b"}}");
            }
            Self::Invocation(invocation) => {
                out.extend_from_slice(b"{{template ");
                number::quote(out, invocation.name);
                if let Some(pipe) = &invocation.pipe {
                    out.push(b' ');
                    write_pipe(out, pipe);
                }
                out.extend_from_slice(b"}}");
            }
        }
    }
}

impl fmt::Display for Place<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = Vec::new();
        self.write(&mut out);
        f.write_str(&String::from_utf8_lossy(&out))
    }
}

fn write_node(out: &mut Vec<u8>, node: &Node<'_>) {
    match node.kind {
        NodeKind::Dot => out.push(b'.'),
        NodeKind::Nil => out.extend_from_slice(b"nil"),
        NodeKind::Bool(b) => out.extend_from_slice(if b { b"true" } else { b"false" }),
        NodeKind::Number(number) => out.extend_from_slice(number.text),
        NodeKind::String { written, .. } => out.extend_from_slice(written),
        NodeKind::Field(fields) => write_fields(out, fields),
        NodeKind::Variable { variable, fields } => {
            out.extend_from_slice(variable.name);
            write_fields(out, fields);
        }
        NodeKind::Function { name, .. } => out.extend_from_slice(name.as_bytes()),
        NodeKind::Chain { node, fields } => {
            write_argument(out, node);
            write_fields(out, fields);
        }
        NodeKind::Pipe(pipe) => write_pipe(out, pipe),
    }
}

fn write_argument(out: &mut Vec<u8>, node: &Node<'_>) {
    if let NodeKind::Pipe(pipe) = node.kind {
        out.push(b'(');
        write_pipe(out, pipe);
        out.push(b')');
    } else {
        write_node(out, node);
    }
}

fn write_fields(out: &mut Vec<u8>, fields: &[&[u8]]) {
    for field in fields {
        out.push(b'.');
        out.extend_from_slice(field);
    }
}

fn write_command(out: &mut Vec<u8>, command: &Command<'_>) {
    for (at, arg) in command.args.iter().enumerate() {
        if at > 0 {
            out.push(b' ');
        }
        write_argument(out, arg);
    }
}

fn write_pipe(out: &mut Vec<u8>, pipe: &Pipe<'_>) {
    for (at, variable) in pipe.variables.iter().enumerate() {
        if at > 0 {
            out.extend_from_slice(b", ");
        }
        out.extend_from_slice(variable.name);
    }
    if !pipe.variables.is_empty() {
        out.extend_from_slice(if pipe.is_assignment { b" = " } else { b" := " });
    }
    for (at, command) in pipe.commands.iter().enumerate() {
        if at > 0 {
            out.extend_from_slice(b" | ");
        }
        write_command(out, command);
    }
}

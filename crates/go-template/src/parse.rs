//! Strings to templates, with Go's syntax errors.
//!
//! Names and strings are slices of the text, nodes live in the arena.

use std::collections::HashMap;

use bumpalo::Bump;
use foldhash::fast::RandomState;

use crate::{
    Functions, SyntaxCause, SyntaxError, Value,
    lex::{Lexer, Token, TokenKind, char_at, is_space},
    number,
    tree::{
        Branch, Command, File, Invocation, Node, NodeKind, Number, Pipe, Statement, Template, Text,
        Variable, VariableId,
    },
};

/// How deep blocks and parentheses are nested. Go allows 10,000, real charts have 18.
pub(crate) const MAX_NESTING: u32 = 500;

/// Parses a string: the template that is the text itself comes first, then those that it defines.
///
/// # Errors
/// Go's text and line of the first thing that is wrong.
pub fn parse<'a>(
    name: &'a str,
    text: &'a [u8],
    functions: &Functions,
    arena: &'a Bump,
) -> Result<Vec<Template<'a>>, SyntaxError> {
    let file = arena.alloc(File { name, text });
    let mut parser = Parser {
        lexer: Lexer::new(text),
        file,
        functions,
        arena,
        lookahead: [Token { kind: TokenKind::Eof, start: 0, end: 0 }; 3],
        peeked: 0,
        scope: Scope::default(),
        nesting: 0,
        definitions: Vec::new(),
        defined: HashMap::default(),
        ids: HashMap::from_iter([(&b"$"[..], 0)]),
        nodes: Vec::new(),
        commands: Vec::new(),
        names: Vec::new(),
    };
    parser.lexer.break_is_keyword = functions.find("break").is_none();
    parser.lexer.continue_is_keyword = functions.find("continue").is_none();
    if u32::try_from(text.len()).is_err() {
        return Err(*parser.error("template is larger than 4 GiB"));
    }
    parser.file().map_err(|error| *error)?;
    let mut templates = parser.definitions;
    // The file itself was added last, unless it is called as something that it defines.
    let own = parser.defined.get(name.as_bytes()).copied().unwrap_or(0);
    templates.swap(0, own);
    Ok(templates)
}

/// What belongs to one template of a string.
struct Scope {
    /// The variables that are known here, innermost last.
    variables: Vec<VariableId>,
    /// How often each is among them, by id.
    known: Vec<u32>,
    /// How many `range`s are around.
    ranges: u32,
    /// Where the action began that is being read.
    action: Option<u32>,
}

impl Default for Scope {
    fn default() -> Self {
        Self { variables: vec![0], known: vec![1], ranges: 0, action: None }
    }
}

impl Scope {
    fn declare(&mut self, id: VariableId) {
        let at = id as usize;
        if self.known.len() <= at {
            self.known.resize(at + 1, 0);
        }
        self.known[at] += 1;
        self.variables.push(id);
    }

    fn knows(&self, id: VariableId) -> bool {
        self.known.get(id as usize).is_some_and(|&count| count > 0)
    }

    /// Forgets the variables from the index on.
    fn forget(&mut self, mark: usize) {
        for id in self.variables.drain(mark..) {
            self.known[id as usize] -= 1;
        }
    }
}

struct Parser<'a, 'f> {
    lexer: Lexer<'a>,
    file: &'a File<'a>,
    functions: &'f Functions,
    arena: &'a Bump,
    lookahead: [Token; 3],
    peeked: usize,
    ids: HashMap<&'a [u8], VariableId, RandomState>,
    scope: Scope,
    nesting: u32,
    definitions: Vec<Template<'a>>,
    /// The indexes of the definitions by name.
    defined: HashMap<&'a [u8], usize, RandomState>,
    /// What is being read of commands, pipelines and chains around one another, innermost last.
    nodes: Vec<Node<'a>>,
    commands: Vec<Command<'a>>,
    names: Vec<&'a [u8]>,
}

// Boxed, since nearly everything that is parsed is small.
type Parsed<T> = Result<T, Box<SyntaxError>>;

/// What ends the statements of a block.
#[derive(Clone, Copy, PartialEq)]
enum Ending {
    End,
    Else,
}

impl Ending {
    fn text(self) -> &'static str {
        match self {
            Self::End => "{{end}}",
            Self::Else => "{{else}}",
        }
    }
}

impl<'a> Parser<'a, '_> {
    // Tokens

    fn next(&mut self) -> Token {
        if self.peeked > 0 {
            self.peeked -= 1;
        } else {
            self.lookahead[0] = self.lexer.next();
        }
        self.lookahead[self.peeked]
    }

    fn peek(&mut self) -> Token {
        if self.peeked == 0 {
            self.peeked = 1;
            self.lookahead[0] = self.lexer.next();
        }
        self.lookahead[self.peeked - 1]
    }

    /// Gives back the token that was read last.
    fn back(&mut self) {
        self.peeked += 1;
    }

    fn next_word(&mut self) -> Token {
        loop {
            let token = self.next();
            if token.kind != TokenKind::Space {
                return token;
            }
        }
    }

    fn peek_word(&mut self) -> Token {
        let token = self.next_word();
        self.back();
        token
    }

    fn expect(&mut self, kind: TokenKind, context: &str) -> Parsed<Token> {
        let token = self.next_word();
        if token.kind == kind { Ok(token) } else { Err(self.unexpected(token, context)) }
    }

    fn text(&self, token: Token) -> &'a [u8] {
        &self.file.text[token.start as usize..token.end as usize]
    }

    // Errors

    fn line(&self, pos: u32) -> u32 {
        1 + memchr::memchr_iter(b'\n', &self.file.text[..pos as usize]).count() as u32
    }

    /// An error at the token that was read from the text last.
    fn error(&self, message: impl Into<String>) -> Box<SyntaxError> {
        Box::new(SyntaxError {
            template: self.file.name.to_owned(),
            line: self.line(self.lookahead[0].start),
            offset: self.lookahead[0].start,
            cause: SyntaxCause::Other,
            message: message.into(),
        })
    }

    fn unexpected(&self, token: Token, context: &str) -> Box<SyntaxError> {
        if token.kind != TokenKind::Error {
            return self.error(format!("unexpected {} in {context}", self.describe(token)));
        }
        let mut message = self.lexer.error.clone();
        if let Some(line) = self
            .scope
            .action
            .map(|pos| self.line(pos))
            .filter(|&line| line != self.line(token.start))
        {
            let action = if message.ends_with(" action") { "" } else { " in action" };
            message += &format!("{action} started at {}:{line}", self.file.name);
        }
        self.error(message)
    }

    /// The token as error strings have it.
    fn describe(&self, token: Token) -> String {
        let text = self.text(token);
        if token.kind == TokenKind::Eof {
            return "EOF".into();
        }
        if token.kind.is_keyword() {
            return format!("<{}>", String::from_utf8_lossy(text));
        }
        let mut out = Vec::new();
        if text.len() > 10 {
            let mut end = 0;
            for _ in 0..10 {
                end += char_at(text, end).map_or(0, |(_, length)| length);
            }
            number::quote(&mut out, &text[..end]);
            out.extend_from_slice(b"...");
        } else {
            number::quote(&mut out, text);
        }
        String::from_utf8_lossy(&out).into_owned()
    }

    fn quoted(text: &[u8]) -> String {
        let mut out = Vec::new();
        number::quote(&mut out, text);
        String::from_utf8_lossy(&out).into_owned()
    }

    // Statements

    fn file(&mut self) -> Parsed<()> {
        let body = self.file_body()?;
        self.add(self.file.name.as_bytes(), body)
    }

    fn file_body(&mut self) -> Parsed<&'a [Statement<'a>]> {
        let mut body = Vec::new();
        while self.peek().kind != TokenKind::Eof {
            if self.peek().kind == TokenKind::LeftDelim {
                let delim = self.next();
                if self.next_word().kind == TokenKind::Define {
                    self.definition()?;
                    continue;
                }
                self.lookahead[1] = delim;
                self.peeked = 2;
            }
            if let Some(ending) = self.statement(&mut body)? {
                return Err(self.error(format!("unexpected {}", ending.text())));
            }
        }
        Ok(self.arena.alloc_slice_fill_iter(body))
    }

    fn definition(&mut self) -> Parsed<()> {
        const CONTEXT: &str = "define clause";
        // Go reads a definition with a parser of its own, which knows no token but those that it reads.
        let scope = std::mem::take(&mut self.scope);
        let token = self.next_word();
        let name = self.template_name(token, CONTEXT)?;
        self.expect(TokenKind::RightDelim, CONTEXT)?;
        let (body, ending) = self.block()?;
        if ending != Ending::End {
            return Err(self.error(format!("unexpected {} in {CONTEXT}", ending.text())));
        }
        self.add(name, body)?;
        self.scope = scope;
        Ok(())
    }

    /// Adds a template: of two with one name, one has to be empty.
    fn add(&mut self, name: &'a [u8], body: &'a [Statement<'a>]) -> Parsed<()> {
        let is_empty = body
            .iter()
            .all(|statement| matches!(statement, Statement::Text(text) if is_blank(text.text)));
        let template = Template { name, file: self.file, body, is_empty };
        let Some(&at) = self.defined.get(name) else {
            self.defined.insert(name, self.definitions.len());
            self.definitions.push(template);
            return Ok(());
        };
        if self.definitions[at].is_empty {
            self.definitions[at] = template;
        } else if !is_empty {
            return Err(self.error(format!(
                "template: multiple definition of template {}",
                Self::quoted(name)
            )));
        }
        Ok(())
    }

    fn template_name(&mut self, token: Token, context: &str) -> Parsed<&'a [u8]> {
        match token.kind {
            TokenKind::String | TokenKind::RawString => self.unquote(self.text(token)),
            _ => Err(self.unexpected(token, context)),
        }
    }

    /// Statements up to the end of a block.
    fn block(&mut self) -> Parsed<(&'a [Statement<'a>], Ending)> {
        self.nest()?;
        let start = self.lookahead[0].end;
        let mut body = Vec::new();
        while self.peek_word().kind != TokenKind::Eof {
            if let Some(ending) = self.statement(&mut body)? {
                self.nesting -= 1;
                return Ok((self.arena.alloc_slice_fill_iter(body), ending));
            }
        }
        let mut error = self.error("unexpected EOF");
        error.cause = SyntaxCause::UnclosedBlock { body: start };
        Err(error)
    }

    fn nest(&mut self) -> Parsed<()> {
        self.nesting += 1;
        if self.nesting > MAX_NESTING {
            Err(self.error("max expression depth exceeded"))
        } else {
            Ok(())
        }
    }

    /// Text or an action.
    fn statement(&mut self, body: &mut Vec<Statement<'a>>) -> Parsed<Option<Ending>> {
        let token = self.next_word();
        match token.kind {
            TokenKind::Text => {
                body.push(Statement::Text(Text { pos: token.start, text: self.text(token) }));
                Ok(None)
            }
            TokenKind::LeftDelim => {
                self.scope.action = Some(token.start);
                let ending = self.action(body);
                if ending.is_ok() {
                    self.scope.action = None;
                }
                ending
            }
            _ => Err(self.unexpected(token, "input")),
        }
    }

    fn action(&mut self, body: &mut Vec<Statement<'a>>) -> Parsed<Option<Ending>> {
        let token = self.next_word();
        let statement = match token.kind {
            TokenKind::If => Statement::If(self.branch("if")?),
            TokenKind::With => Statement::With(self.branch("with")?),
            TokenKind::Range => Statement::Range(self.branch("range")?),
            TokenKind::End => {
                self.expect(TokenKind::RightDelim, "end")?;
                return Ok(Some(Ending::End));
            }
            TokenKind::Else => {
                if !matches!(self.peek_word().kind, TokenKind::If | TokenKind::With) {
                    self.expect(TokenKind::RightDelim, "else")?;
                }
                return Ok(Some(Ending::Else));
            }
            TokenKind::Template => Statement::Template(self.invocation()?),
            TokenKind::Block => Statement::Template(self.block_definition()?),
            TokenKind::Break => self.leave("{{break}}", Statement::Break)?,
            TokenKind::Continue => self.leave("{{continue}}", Statement::Continue)?,
            _ => {
                self.back();
                Statement::Action(self.pipeline("command", TokenKind::RightDelim)?)
            }
        };
        body.push(statement);
        Ok(None)
    }

    fn leave(&mut self, name: &str, statement: Statement<'a>) -> Parsed<Statement<'a>> {
        let token = self.next_word();
        if token.kind != TokenKind::RightDelim {
            return Err(self.unexpected(token, name));
        }
        if self.scope.ranges == 0 {
            return Err(self.error(format!("{name} outside {{{{range}}}}")));
        }
        Ok(statement)
    }

    /// `if`, `with` or `range`, up to its end. A chain of `else if` is nested, but read in a loop.
    fn branch(&mut self, context: &'static str) -> Parsed<Branch<'a>> {
        let mark = self.scope.variables.len();
        let mut chain = Vec::new();
        let otherwise: &'a [Statement<'a>] = loop {
            let pipe = self.pipeline(context, TokenKind::RightDelim)?;
            let in_range = u32::from(context == "range");
            self.scope.ranges += in_range;
            let (body, ending) = self.block()?;
            self.scope.ranges -= in_range;
            chain.push((pipe, body));
            if ending == Ending::End {
                break &[];
            }
            let next = self.peek().kind;
            if (context == "if" && next == TokenKind::If)
                || (context == "with" && next == TokenKind::With)
            {
                self.next();
                continue;
            }
            let (otherwise, ending) = self.block()?;
            if ending != Ending::End {
                return Err(self.error(format!("expected end; found {}", ending.text())));
            }
            break otherwise;
        };
        self.scope.forget(mark);
        let mut branches = chain.into_iter().rev();
        let (pipe, body) = branches.next().ok_or_else(|| self.error("missing value"))?;
        let mut branch = Branch { pipe, body, otherwise };
        for (pipe, body) in branches {
            let inner =
                if context == "if" { Statement::If(branch) } else { Statement::With(branch) };
            branch =
                Branch { pipe, body, otherwise: std::slice::from_ref(self.arena.alloc(inner)) };
        }
        Ok(branch)
    }

    fn invocation(&mut self) -> Parsed<Invocation<'a>> {
        const CONTEXT: &str = "template clause";
        let token = self.next_word();
        let name = self.template_name(token, CONTEXT)?;
        let mut pipe = None;
        if self.next_word().kind != TokenKind::RightDelim {
            self.back();
            pipe = Some(self.pipeline(CONTEXT, TokenKind::RightDelim)?);
        }
        Ok(Invocation { pos: token.start, name, pipe })
    }

    fn block_definition(&mut self) -> Parsed<Invocation<'a>> {
        const CONTEXT: &str = "block clause";
        let token = self.next_word();
        let name = self.template_name(token, CONTEXT)?;
        let pipe = self.pipeline(CONTEXT, TokenKind::RightDelim)?;
        let scope = std::mem::take(&mut self.scope);
        // Go reads the body with a parser of its own: to this one, the last token is the one before it.
        let token_before = self.lookahead[0];
        let (body, ending) = self.block()?;
        if ending != Ending::End {
            self.lookahead[0] = token_before;
            return Err(self.error(format!("unexpected {} in {CONTEXT}", ending.text())));
        }
        self.add(name, body)?;
        self.scope = scope;
        Ok(Invocation { pos: token.start, name, pipe: Some(pipe) })
    }

    // Pipelines

    fn pipeline(&mut self, context: &'static str, end: TokenKind) -> Parsed<Pipe<'a>> {
        let pos = self.peek_word().start;
        let (variables, is_assignment) = self.declarations(context)?;
        let start = self.commands.len();
        loop {
            let token = self.next_word();
            match token.kind {
                kind if kind == end => break,
                TokenKind::Bool
                | TokenKind::CharConstant
                | TokenKind::Complex
                | TokenKind::Dot
                | TokenKind::Field
                | TokenKind::Identifier
                | TokenKind::Number
                | TokenKind::Nil
                | TokenKind::RawString
                | TokenKind::String
                | TokenKind::Variable
                | TokenKind::LeftParen => {
                    self.back();
                    let command = self.command()?;
                    self.commands.push(command);
                }
                _ => return Err(self.unexpected(token, context)),
            }
        }
        let commands: &'a [Command<'a>] = self.arena.alloc_slice_copy(&self.commands[start..]);
        self.commands.truncate(start);
        if commands.is_empty() {
            return Err(self.error(format!("missing value for {context}")));
        }
        for (at, command) in commands.iter().enumerate().skip(1) {
            let first = command.args[0].kind;
            if matches!(
                first,
                NodeKind::Bool(_)
                    | NodeKind::Dot
                    | NodeKind::Nil
                    | NodeKind::Number(_)
                    | NodeKind::String { .. }
            ) {
                return Err(
                    self.error(format!("non executable command in pipeline stage {}", at + 1))
                );
            }
        }
        Ok(Pipe {
            pos,
            is_assignment,
            variables: self.arena.alloc_slice_copy(&variables),
            commands,
        })
    }

    /// `$x :=`, `$x =`, or in a range `$i, $x :=`.
    fn declarations(&mut self, context: &'static str) -> Parsed<(Vec<Variable<'a>>, bool)> {
        let mut variables = Vec::new();
        let mut is_assignment = false;
        while self.peek_word().kind == TokenKind::Variable {
            let token = self.next_word();
            let after = self.peek();
            let next = self.peek_word();
            let is_comma = next.kind == TokenKind::Char && self.text(next) == b",";
            if !is_comma && !matches!(next.kind, TokenKind::Assign | TokenKind::Declare) {
                // An ordinary argument, which is given back with the space after it.
                if after.kind == TokenKind::Space {
                    self.lookahead[1] = after;
                    self.lookahead[2] = token;
                    self.peeked = 3;
                } else {
                    self.lookahead[1] = token;
                    self.peeked = 2;
                }
                break;
            }
            self.next_word();
            let variable = self.declare(self.text(token));
            variables.push(variable);
            if !is_comma {
                is_assignment = next.kind == TokenKind::Assign;
                break;
            }
            if context != "range" || variables.len() > 1 {
                return Err(self.error(format!("too many declarations in {context}")));
            }
            if !matches!(
                self.peek_word().kind,
                TokenKind::Variable | TokenKind::RightDelim | TokenKind::RightParen
            ) {
                return Err(self.error("range can only initialize variables"));
            }
        }
        Ok((variables, is_assignment))
    }

    fn declare(&mut self, name: &'a [u8]) -> Variable<'a> {
        let next = self.ids.len() as VariableId;
        let id = *self.ids.entry(name).or_insert(next);
        self.scope.declare(id);
        Variable { name, id }
    }

    fn command(&mut self) -> Parsed<Command<'a>> {
        let pos = self.peek_word().start;
        let start = self.nodes.len();
        loop {
            self.peek_word();
            if let Some(node) = self.operand()? {
                self.nodes.push(node);
            }
            let token = self.next();
            match token.kind {
                TokenKind::Space => continue,
                TokenKind::RightDelim | TokenKind::RightParen => self.back(),
                TokenKind::Pipe => {}
                _ => return Err(self.unexpected(token, "operand")),
            }
            break;
        }
        let args: &'a [Node<'a>] = self.arena.alloc_slice_copy(&self.nodes[start..]);
        self.nodes.truncate(start);
        if args.is_empty() {
            return Err(self.error("empty command"));
        }
        Ok(Command { pos, args })
    }

    /// A term and the fields after it.
    fn operand(&mut self) -> Parsed<Option<Node<'a>>> {
        let Some(node) = self.term()? else { return Ok(None) };
        let first = self.peek();
        if first.kind != TokenKind::Field {
            return Ok(Some(node));
        }
        self.names.clear();
        if let NodeKind::Field(fields) | NodeKind::Variable { fields, .. } = node.kind {
            self.names.extend_from_slice(fields);
        }
        while self.peek().kind == TokenKind::Field {
            let token = self.next();
            self.names.push(&self.file.text[token.start as usize + 1..token.end as usize]);
        }
        let fields = self.arena.alloc_slice_copy(&self.names);
        let kind = match node.kind {
            NodeKind::Field(_) => NodeKind::Field(fields),
            NodeKind::Variable { variable, .. } => NodeKind::Variable { variable, fields },
            NodeKind::Bool(_)
            | NodeKind::String { .. }
            | NodeKind::Number(_)
            | NodeKind::Nil
            | NodeKind::Dot => {
                let mut text = Vec::new();
                crate::tree::Place::Node(self.arena.alloc(node)).write(&mut text);
                return Err(self.error(format!("unexpected . after term {}", Self::quoted(&text))));
            }
            _ => NodeKind::Chain { node: self.arena.alloc(node), fields },
        };
        // Go counts the place of a chain from its second name.
        Ok(Some(Node { pos: first.start, kind }))
    }

    fn term(&mut self) -> Parsed<Option<Node<'a>>> {
        let token = self.next_word();
        let text = self.text(token);
        let kind = match token.kind {
            TokenKind::Identifier => {
                let id = std::str::from_utf8(text).ok().and_then(|name| self.functions.find(name));
                let Some(id) = id else {
                    let mut error =
                        self.error(format!("function {} not defined", Self::quoted(text)));
                    error.offset = token.start;
                    let name = String::from_utf8_lossy(text).into_owned();
                    error.cause = SyntaxCause::UnknownFunction { name };
                    return Err(error);
                };
                NodeKind::Function { id, name: self.functions.get(id).name }
            }
            TokenKind::Dot => NodeKind::Dot,
            TokenKind::Nil => NodeKind::Nil,
            TokenKind::Variable => {
                NodeKind::Variable { variable: self.variable(text)?, fields: &[] }
            }
            TokenKind::Field => NodeKind::Field(std::slice::from_ref(self.arena.alloc(&text[1..]))),
            TokenKind::Bool => NodeKind::Bool(text == b"true"),
            TokenKind::CharConstant => NodeKind::Number(self.character(text)?),
            TokenKind::Number | TokenKind::Complex => {
                NodeKind::Number(self.number(text, token.kind)?)
            }
            TokenKind::LeftParen => {
                self.nest()?;
                let pipe = self.pipeline("parenthesized pipeline", TokenKind::RightParen)?;
                self.nesting -= 1;
                let pipe: &'a Pipe<'a> = self.arena.alloc(pipe);
                return Ok(Some(Node { pos: pipe.pos, kind: NodeKind::Pipe(pipe) }));
            }
            TokenKind::String | TokenKind::RawString => {
                NodeKind::String { written: text, text: self.unquote(text)? }
            }
            _ => {
                self.back();
                return Ok(None);
            }
        };
        Ok(Some(Node { pos: token.start, kind }))
    }

    fn variable(&self, name: &'a [u8]) -> Parsed<Variable<'a>> {
        match self.ids.get(name) {
            Some(&id) if self.scope.knows(id) => Ok(Variable { name, id }),
            _ => Err(self.error(format!("undefined variable {}", Self::quoted(name)))),
        }
    }

    // Literals

    fn character(&self, text: &'a [u8]) -> Parsed<&'a Number<'a>> {
        let mut at = 1;
        let c = match unquote_char(text, &mut at, b'\'') {
            Some(Unquoted::Char(c)) => i64::from(u32::from(c)),
            Some(Unquoted::Byte(byte)) => i64::from(byte),
            None => return Err(self.error("invalid syntax")),
        };
        if &text[at..] != b"'" {
            return Err(self.error(format!(
                "malformed character constant: {}",
                String::from_utf8_lossy(text)
            )));
        }
        Ok(self.arena.alloc(Number {
            text,
            int: Some(c),
            uint: Some(c.cast_unsigned()),
            float: Some(c as f64),
            ideal: Some(Value::int(c)),
        }))
    }

    fn number(&self, text: &'a [u8], kind: TokenKind) -> Parsed<&'a Number<'a>> {
        let shown = String::from_utf8_lossy(text);
        if kind == TokenKind::Complex {
            let (real, imaginary) = complex_parts(text);
            let (real, imaginary) = (self.part(real)?, self.part(imaginary)?);
            return Ok(self.complex(text, real, imaginary));
        }
        if let Some(imaginary) =
            shown.strip_suffix('i').and_then(|text| number::parse_float(text).ok())
        {
            return Ok(self.complex(text, 0.0, imaginary));
        }
        let mut int = number::parse_int(&shown, 0).ok();
        let mut uint = number::parse_uint(&shown, 0).ok();
        if int == Some(0) {
            uint = Some(0);
        }
        let mut float = int.map(|n| n as f64).or(uint.map(|n| n as f64));
        if let Some(n) = float.is_none().then(|| number::parse_float(&shown).ok()).flatten() {
            if !text.iter().any(|byte| b".eEpP".contains(byte)) {
                return Err(self.error(format!("integer overflow: {}", Self::quoted(text))));
            }
            float = Some(n);
            (int, uint) = (whole(n), whole_unsigned(n));
        }
        if float.is_none() {
            return Err(self.error(format!("illegal number syntax: {}", Self::quoted(text))));
        }
        let contains = |bytes: &[u8]| text.iter().any(|byte| bytes.contains(byte));
        let is_hexadecimal =
            text.len() > 2 && text[0] == b'0' && matches!(text[1], b'x' | b'X') && !contains(b"pP");
        let ideal = if contains(b".eEpP") && !is_hexadecimal {
            float.map(Value::Float)
        } else {
            int.map(Value::int)
        };
        Ok(self.arena.alloc(Number { text, int, uint, float, ideal }))
    }

    /// A part of a complex number, which Go reads with `fmt.Sscan`.
    fn part(&self, text: &[u8]) -> Parsed<f64> {
        let shown = String::from_utf8_lossy(text);
        if shown.contains('i') || text.starts_with(b"0b") || text.starts_with(b"0o") {
            return Err(self.error("syntax error scanning complex number"));
        }
        number::parse_float(&shown).map_err(|_| {
            self.error(format!(
                "strconv.ParseFloat: parsing {}: invalid syntax",
                Self::quoted(text)
            ))
        })
    }

    /// A complex number, which is another one too if it has no imaginary part.
    fn complex(&self, text: &'a [u8], real: f64, imaginary: f64) -> &'a Number<'a> {
        let float = Some(real).filter(|_| imaginary == 0.0);
        self.arena.alloc(Number {
            text,
            int: float.and_then(whole),
            uint: float.and_then(whole_unsigned),
            float,
            ideal: Some(Value::Complex(real, imaginary)),
        })
    }

    /// What a string in quotes of either kind says.
    fn unquote(&self, written: &'a [u8]) -> Parsed<&'a [u8]> {
        let inner = written.get(1..written.len().saturating_sub(1)).unwrap_or_default();
        if written.first() == Some(&b'`') {
            if !inner.contains(&b'\r') {
                return Ok(inner);
            }
            let text: Vec<u8> = inner.iter().copied().filter(|&byte| byte != b'\r').collect();
            return Ok(self.arena.alloc_slice_copy(&text));
        }
        if !inner.contains(&b'\\') && std::str::from_utf8(inner).is_ok() {
            return Ok(inner);
        }
        let mut text = Vec::with_capacity(inner.len());
        let mut at = 0;
        while at < inner.len() {
            match unquote_char(inner, &mut at, b'"') {
                Some(Unquoted::Char(c)) => number::push_char(&mut text, c),
                Some(Unquoted::Byte(byte)) => text.push(byte),
                None => return Err(self.error("invalid syntax")),
            }
        }
        Ok(self.arena.alloc_slice_copy(&text))
    }
}

/// The integer that the float is, if it is one.
fn whole(n: f64) -> Option<i64> {
    Some(n as i64).filter(|&whole| whole as f64 == n && whole != i64::MAX)
}

fn whole_unsigned(n: f64) -> Option<u64> {
    Some(n as u64).filter(|&whole| whole as f64 == n && whole != u64::MAX)
}

/// `1.5e+3-2i` is `1.5e+3` and `-2`.
fn complex_parts(text: &[u8]) -> (&[u8], &[u8]) {
    let is_sign = |at: &usize| {
        let exponent: &[u8] =
            if text.starts_with(b"0x") || text.starts_with(b"0X") { b"pP" } else { b"eEpP" };
        matches!(text[*at], b'+' | b'-') && !exponent.contains(&text[at - 1])
    };
    let sign = (1..text.len()).rfind(is_sign).unwrap_or(text.len() - 1);
    (&text[..sign], &text[sign..text.len() - 1])
}

fn is_blank(text: &[u8]) -> bool {
    let blank = |c: char| matches!(c, '\u{b}' | '\u{c}' | '\u{85}') || c.is_whitespace();
    text.iter().copied().all(is_space)
        || std::str::from_utf8(text).is_ok_and(|text| text.chars().all(blank))
}

enum Unquoted {
    Char(char),
    /// `\xff` and `\377` are bytes.
    Byte(u8),
}

/// The character at the index, which goes beyond it; none if the escape is not one of Go's.
fn unquote_char(text: &[u8], at: &mut usize, mark: u8) -> Option<Unquoted> {
    let (c, length) = char_at(text, *at)?;
    *at += length;
    if u32::from(c) == u32::from(mark) {
        return None;
    }
    if c != '\\' {
        return Some(Unquoted::Char(c));
    }
    let escape = *text.get(*at)?;
    *at += 1;
    Some(Unquoted::Char(match escape {
        b'a' => '\x07',
        b'b' => '\x08',
        b'f' => '\x0c',
        b'n' => '\n',
        b'r' => '\r',
        b't' => '\t',
        b'v' => '\x0b',
        b'\\' => '\\',
        b'\'' | b'"' if escape == mark => char::from(mark),
        b'x' => return Some(Unquoted::Byte(digits(text, at, 2, 16)? as u8)),
        b'u' => char::from_u32(digits(text, at, 4, 16)?)?,
        b'U' => char::from_u32(digits(text, at, 8, 16)?)?,
        b'0'..=b'7' => {
            *at -= 1;
            return u8::try_from(digits(text, at, 3, 8)?).ok().map(Unquoted::Byte);
        }
        _ => return None,
    }))
}

fn digits(text: &[u8], at: &mut usize, count: usize, radix: u32) -> Option<u32> {
    let digits = text.get(*at..*at + count)?;
    *at += count;
    digits.iter().try_fold(0_u32, |n, &digit| {
        Some(n.wrapping_mul(radix).wrapping_add(char::from(digit).to_digit(radix)?))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fails(text: &str) -> String {
        let arena = Bump::new();
        let functions = Functions::new(&[]);
        match parse("n", text.as_bytes(), &functions, &arena) {
            Ok(_) => "parses".into(),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn errors_are_go_s() {
        for (text, error) in [
            ("{{ }}", "template: n:1: missing value for command"),
            ("{{ | len }}", "template: n:1: unexpected \"|\" in command"),
            ("{{ 1 | 2 }}", "template: n:1: non executable command in pipeline stage 2"),
            ("{{ nope }}", "template: n:1: function \"nope\" not defined"),
            ("{{ $x }}", "template: n:1: undefined variable \"$x\""),
            ("{{ \"a\".x }}", "template: n:1: unexpected . after term \"\\\"a\\\"\""),
            ("{{if 1}}\n{{else}}{{else}}{{end}}", "template: n:2: expected end; found {{else}}"),
            (
                "{{if 1}}{{define `x`}}{{end}}{{end}}",
                "template: n:1: unexpected <define> in command",
            ),
            (
                "{{define `a`}}x{{end}}\n{{define `a`}}x{{end}}",
                "template: n:2: template: multiple definition of template \"a\"",
            ),
            ("{{\n\n (1", "template: n:3: unclosed action started at n:1"),
            (
                "a{{if 1}}\n{{/* x */ }}",
                "template: n:2: comment ends before closing delimiter in action started at n:1",
            ),
            (
                "{{if 1}}a{{1}}\n{{/* x */ }}",
                "template: n:2: comment ends before closing delimiter",
            ),
            ("{{range $x, .s}}{{end}}", "template: n:1: range can only initialize variables"),
            (
                "{{ 99999999999999999999 }}",
                "template: n:1: integer overflow: \"99999999999999999999\"",
            ),
            (
                "{{block `x` .}}\n{{else}}{{end}}",
                "template: n:1: unexpected {{else}} in block clause",
            ),
            ("{{ '' }}", "template: n:1: invalid syntax"),
            ("{{ \"\\q\" }}", "template: n:1: invalid syntax"),
            ("{{ 1 | }}", "parses"),
            ("{{ $zz = 1 }}{{ $zz }}", "parses"),
        ] {
            assert_eq!(fails(text), error, "{text}");
        }
    }

    #[test]
    fn nesting_is_bounded() {
        crate::with_stack(nested);
    }

    fn nested() {
        let blocks = "{{if 1}}".repeat(100_000);
        assert_eq!(fails(&blocks), "template: n:1: max expression depth exceeded");
        let parens = format!("{{{{ {}", "(".repeat(100_000));
        assert_eq!(fails(&parens), "template: n:1: max expression depth exceeded");
        let chain = format!("{{{{if 0}}}}{}{{{{end}}}}", "{{else if 0}}".repeat(100_000));
        assert_eq!(fails(&chain), "parses");
    }
}

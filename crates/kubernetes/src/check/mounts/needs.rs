//! What each program reads and writes, by its arguments and its configuration.

use std::cell::RefCell;

use super::pod::{Content, Pod, clean, join, parent};
use super::program::{Name, Program, version};
use crate::check::configuration;
use jinnacle_nats_conf::{self as nats_conf, ParseContext, Purpose};
use jinnacle_syntax::diagnostic::{Diagnostic, Sink};
use jinnacle_syntax::source::{Source, Span};
use jinnacle_syntax::yaml::Node;

/// A path that a container must have.
pub struct Need<'n> {
    /// The path, absolute.
    pub path: String,
    /// What it is needed for.
    pub usage: Use,
    span: Span,
    /// The entry of the object with the configuration that names it.
    content: Option<Content<'n>>,
}

/// What a path is needed for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Use {
    /// The file is read.
    Read,
    /// The file is read that the server writes its process number to.
    Process,
    /// A file is written into the directory.
    Write,
    /// Streams or accounts are kept in the directory.
    Store,
}

impl<'n> Need<'n> {
    fn at(node: &Node, path: &str, usage: Use) -> Self {
        Self { path: path.to_owned(), usage, span: node.span.clone(), content: None }
    }

    /// The finding at the place in the manifests that names the path.
    pub fn place(&self, finding: Diagnostic) -> Diagnostic {
        let finding = finding.at(&self.span);
        match &self.content {
            Some(content) => configuration::in_entry(finding, content.node, content.is_encoded),
            None => finding,
        }
    }
}

/// What a container needs. Paths that are not absolute, or hold variables, are left out.
pub fn of<'n>(pod: &Pod<'n>, container: &'n Node, program: &Program<'n>) -> Vec<Need<'n>> {
    let mut needs = match program.name {
        Name::Server => of_server(pod, container, program),
        Name::Reloader => of_reloader(pod, container, program),
        Name::BootConfig => written(program, &["f", "gf"]),
        Name::Exporter => read(program, &["tlscert", "tlskey", "tlscacert"]),
        Name::Box => of_box(container),
    };
    needs.retain(|need| need.path.starts_with('/') && !need.path.contains("$("));
    needs
}

fn of_server<'n>(pod: &Pod<'n>, container: &'n Node, program: &Program<'n>) -> Vec<Need<'n>> {
    let mut needs = read(program, &["tlscert", "tlskey", "tlscacert"]);
    needs.extend(written(program, &["P", "pid"]));
    needs.extend(written(program, &["l", "log"]));
    let store = program.option(&["sd", "store_dir"]);
    needs.extend(store.last().map(|(path, node)| Need::at(node, path, Use::Store)));
    if let Some((path, node)) = program.option(&["c", "config"]).last() {
        needs.push(Need::at(node, path, Use::Read));
        needs.extend(of_configuration(pod, container, program, path));
    }
    needs
}

/// What the configuration of a server names, and what the files name that it includes.
fn of_configuration<'n>(
    pod: &Pod<'n>,
    container: &'n Node,
    program: &Program<'n>,
    path: &str,
) -> Vec<Need<'n>> {
    let contents: RefCell<Vec<(String, Content<'n>)>> = RefCell::default();
    let open = |path: String| {
        let content = pod.content(container, program, &path)?;
        let source = Source::new(path.clone(), content.text.clone());
        contents.borrow_mut().push((path, content));
        Some(source)
    };
    let beside = |source: &Source, name: &str| join(parent(source.name()), name);
    let include = |source: &Source, name: &str| open(beside(source, name));
    let parse_context = ParseContext { include: &include, ..ParseContext::default() };
    let parsed =
        open(clean(path)).map(|source| nats_conf::parse(&source, &parse_context, &mut Sink::new()));
    let Some(Ok(tree)) = parsed else {
        return Vec::new();
    };
    let need = |path: String, usage: Use, span: &Span| {
        let contents = contents.borrow();
        let content = contents.iter().find(|(name, _)| name == span.source().name());
        Need {
            path,
            usage,
            span: span.clone(),
            content: content.map(|(_, content)| content.clone()),
        }
    };
    let includes = tree.includes.iter().map(|include| {
        need(beside(include.span.source(), &include.name), Use::Read, &include.span)
    });
    let files = nats_conf::files(&tree);
    let files = files.iter().map(|file| match file.purpose {
        Purpose::Read => need(file.path.clone(), Use::Read, &file.span),
        Purpose::Write => need(parent(&file.path).to_owned(), Use::Write, &file.span),
        Purpose::Store => need(file.path.clone(), Use::Store, &file.span),
    });
    includes.chain(files).collect()
}

fn of_reloader<'n>(pod: &Pod<'n>, container: &'n Node, program: &Program<'n>) -> Vec<Need<'n>> {
    let mut configs = program.option(&["c", "config"]);
    if configs.is_empty() {
        configs.push(("/etc/nats-config/nats.conf", container));
    }
    let mut needs = Vec::new();
    for (path, node) in configs {
        needs.push(Need::at(node, path, Use::Read));
        if path.ends_with(".conf") && follows(container) {
            let mut seen = Vec::new();
            follow(pod, container, program, &clean(path), &mut seen, &mut needs);
        }
    }
    let process = program.option(&["P", "pid"]).last().copied();
    let (path, node) = process.unwrap_or(("/var/run/nats/nats.pid", container));
    needs.push(Need::at(node, path, Use::Process));
    needs
}

/// Since 0.14.4 the reloader follows includes and certificates, and ends when one of them is not there
/// (`pkg/natsreloader` of nats-io/nack).
fn follows(container: &Node) -> bool {
    version(container)
        .is_none_or(|parts| parts.len() < 2 || parts.as_slice() >= [0, 14, 4].as_slice())
}

/// What the reloader finds in a configuration: it looks for lines, and does not read the language.
fn follow<'n>(
    pod: &Pod<'n>,
    container: &'n Node,
    program: &Program<'n>,
    path: &str,
    seen: &mut Vec<String>,
    needs: &mut Vec<Need<'n>>,
) {
    if seen.iter().any(|known| known == path) {
        return;
    }
    seen.push(path.to_owned());
    let Some(content) = pod.content(container, program, path) else { return };
    let source = Source::new(path, content.text.clone());
    let text = source.text();
    for line in text.split('\n') {
        let certificate = ["cert_file", "key_file", "ca_file"].iter().find_map(|name| {
            let rest = line.trim_start().strip_prefix(name)?.trim_start();
            rest.strip_prefix(':')
        });
        let include = line.trim_start().strip_prefix("include");
        let include = include.filter(|rest| rest.starts_with(char::is_whitespace));
        let Some(value) = include.or(certificate).map(str::trim_start) else { continue };
        let value = match value.strip_prefix(['"', '\'']) {
            Some(quoted) => quoted,
            None if value.starts_with('$') => continue,
            None => value,
        };
        let name = value.split(['"', '\'', ';']).next().unwrap_or_default();
        let start = name.as_ptr() as usize - text.as_ptr() as usize;
        let file = match include {
            Some(_) => join(parent(path), name),
            None => name.to_owned(),
        };
        if include.is_some() {
            follow(pod, container, program, &file, seen, needs);
        }
        needs.push(Need {
            path: file,
            usage: Use::Read,
            span: Span::new(&source, start, start + name.len()),
            content: Some(content.clone()),
        });
    }
}

/// The files that the variables of `nats` name.
fn of_box(container: &Node) -> Vec<Need<'_>> {
    let variables = container.list_at("env");
    let is_file = |variable: &&Node| {
        let name = variable.str_at("name");
        ["NATS_CREDS", "NATS_CERT", "NATS_KEY", "NATS_CA"].contains(&name)
    };
    let values = variables.iter().filter(is_file).filter_map(|variable| variable.get("value"));
    values.map(|value| Need::at(value, value.as_str().unwrap_or_default(), Use::Read)).collect()
}

/// The files that options name, to be read.
fn read<'n>(program: &Program<'n>, names: &[&str]) -> Vec<Need<'n>> {
    program.option(names).iter().map(|(path, node)| Need::at(node, path, Use::Read)).collect()
}

/// The directories of the files that options name, to be written.
fn written<'n>(program: &Program<'n>, names: &[&str]) -> Vec<Need<'n>> {
    let options = program.option(names);
    options.iter().map(|(path, node)| Need::at(node, parent(path), Use::Write)).collect()
}

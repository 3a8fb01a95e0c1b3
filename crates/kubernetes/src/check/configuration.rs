//! Configurations of nats-server: files of their own, and those in the data of ConfigMaps and Secrets. Whose a
//! text there is says the container that mounts it; only of one that nobody mounts its content is asked.

mod containers;

use std::cell::RefCell;
use std::sync::Arc;

use super::kubernetes::base64;
use super::texts;
use containers::{Container, Role};
use jinnacle_nats_conf::{self as nats_conf, Arguments, Context, ParseContext};
use jinnacle_syntax::diagnostic::{Diagnostic, Sink};
use jinnacle_syntax::source::{Source, Span};
use jinnacle_syntax::yaml::Node;

/// Checks a configuration that may be started with any arguments.
pub fn check(source: &Arc<Source>, parse_context: &ParseContext, sink: &mut Sink) {
    started(source, parse_context, &Context::default(), None, sink);
}

fn started(
    source: &Arc<Source>,
    parse_context: &ParseContext,
    context: &Context,
    arguments: Option<&Arguments>,
    sink: &mut Sink,
) {
    if let Ok(tree) = nats_conf::parse(source, parse_context, sink) {
        nats_conf::check_started(tree, context, arguments, sink);
    }
}

/// Checks the configurations that objects carry, with findings at their places in the manifests.
pub(crate) fn in_objects(all: &[&Node], sink: &mut Sink) {
    let texts: Vec<Text> = all.iter().flat_map(|object| Text::all_of(object)).collect();
    if texts.is_empty() {
        return;
    }
    let containers = containers::of(all, &texts);
    let mut found = Sink::new();
    let mut is_read = vec![false; texts.len()];
    for container in containers.iter().filter(|container| container.role == Role::Server) {
        for root in container.roots() {
            served(container, root, &texts, &mut is_read, &mut found);
        }
    }
    for (index, text) in texts.iter().enumerate() {
        let mounting = || containers.iter().filter(|container| container.mounts(index));
        let is_foreign = mounting().next().is_some() && mounting().all(|c| c.role == Role::Other);
        if is_read[index] || is_foreign || !text.is_likely() {
            continue;
        }
        let source = text.source(text.key);
        // A server that has it and is not started with it includes it in another file.
        let is_part = mounting().any(|container| container.role == Role::Server);
        let check = |sink: &mut Sink| match is_part {
            true => part(&source, sink),
            false => check(&source, &ParseContext::default(), sink),
        };
        found.changed(check, |finding| Some(text.place(finding, &source)));
    }
    sink.extend(without_doubles(found));
}

/// Checks what a container reads as its configuration, with the files that this includes and that are mounted too.
fn served(
    container: &Container,
    (path, root): (&str, usize),
    texts: &[Text],
    is_read: &mut [bool],
    sink: &mut Sink,
) {
    let read = RefCell::new(vec![(texts[root].source(path), root)]);
    let include = |from: &Source, name: &str| {
        let (path, index) = container.file(&containers::included(from.name(), name))?;
        let source = texts[index].source(path);
        read.borrow_mut().push((Arc::clone(&source), index));
        Some(source)
    };
    let parse_context = ParseContext { include: &include, ..ParseContext::default() };
    let source = Arc::clone(&read.borrow()[0].0);
    let findings = Sink::of(|sink| {
        started(&source, &parse_context, &container.context, Some(&container.arguments), sink);
    });
    let read = read.into_inner();
    read.iter().for_each(|(_, index)| is_read[*index] = true);
    sink.extend(findings.into_iter().map(|finding| {
        read.iter().fold(finding, |finding, (source, index)| texts[*index].place(finding, source))
    }));
}

/// Checks a file that another one may include, which is not known.
fn part(source: &Arc<Source>, sink: &mut Sink) {
    if let Ok(mut tree) = nats_conf::parse(source, &ParseContext::default(), sink) {
        tree.root.open = true;
        nats_conf::check_started(tree, &Context::default(), None, sink);
    }
}

/// Several servers may read one file.
fn without_doubles(found: Sink) -> Vec<Diagnostic> {
    let same = |a: &Diagnostic, b: &Diagnostic| {
        let place = |finding: &Diagnostic| finding.span.as_ref().map(Span::to_string);
        a.rule == b.rule && a.message == b.message && place(a) == place(b)
    };
    let mut kept: Vec<Diagnostic> = Vec::with_capacity(found.len());
    for finding in found {
        if !kept.iter().any(|kept| same(kept, &finding)) {
            kept.push(finding);
        }
    }
    kept
}

/// Whether a file of a ConfigMap is a configuration of nats-server, by its content.
pub fn is_of_nats(name: &str, text: &str) -> bool {
    name.ends_with(".conf") && nats_conf::is_likely(name, text)
}

/// A finding in the text of an entry of a ConfigMap or a Secret, at its place in the manifest.
pub(crate) fn in_entry(mut finding: Diagnostic, entry: &Node, is_encoded: bool) -> Diagnostic {
    let written = (!is_encoded).then(|| Written::of(entry)).flatten();
    let Some(span) = finding.span.take() else { return finding.at(&entry.span) };
    match written {
        Some(written) => finding.at(&written.span(&span)),
        None => {
            let line = format!("line {} of {}", span.place().line, span.source().name());
            finding.at(&entry.span).help(line)
        }
    }
}

/// Text in the data of a ConfigMap or a Secret.
struct Text<'n> {
    /// The ConfigMap or the Secret.
    object: &'n Node,
    key: &'n str,
    node: &'n Node,
    content: String,
    /// Where its lines are in the manifest, if they are lines there.
    written: Option<Written<'n>>,
}

impl<'n> Text<'n> {
    fn all_of(object: &'n Node) -> Vec<Self> {
        let fields: &[&str] = match object.get("kind").and_then(Node::as_str) {
            Some("ConfigMap") => &["data"],
            Some("Secret") => &["stringData", "data"],
            _ => &[],
        };
        let is_secret = fields.len() > 1;
        let text = |field: &str, key, node: &'n Node| {
            let written = node.as_str()?;
            let is_encoded = is_secret && field == "data";
            let content = match is_encoded {
                true => String::from_utf8(base64::decode(written)?).ok()?,
                false => written.to_owned(),
            };
            let written = (!is_encoded).then(|| Written::of(node)).flatten();
            Some(Self { object, key, node, content, written })
        };
        let all = fields.iter().flat_map(|field| texts(object, field).map(move |t| (*field, t)));
        all.filter_map(|(field, (key, node))| text(field, key, node)).collect()
    }

    fn is_likely(&self) -> bool {
        is_of_nats(self.key, &self.content)
    }

    fn source(&self, name: &str) -> Arc<Source> {
        Source::new(name, self.content.as_str())
    }

    /// A finding with its places of the text as places of the manifest.
    fn place(&self, mut finding: Diagnostic, source: &Arc<Source>) -> Diagnostic {
        let is_here = |span: &Span| Arc::ptr_eq(span.source(), source);
        let node = self.node;
        match &self.written {
            Some(written) => {
                let spans = finding.related.iter_mut().map(|(span, _)| span);
                for span in spans.chain(&mut finding.span).filter(|span| is_here(span)) {
                    *span = written.span(span);
                }
            }
            None => {
                if let Some(span) = finding.span.take_if(|span| is_here(span)) {
                    finding.help.push(format!("line {} of {}", span.place().line, self.key));
                    finding.span = Some(node.span.clone());
                }
                finding.related.retain(|(span, _)| !is_here(span));
            }
        }
        finding.span.get_or_insert_with(|| node.span.clone());
        finding
    }
}

/// Text as it is written in a manifest, as a literal block: each of its lines is a line there.
struct Written<'n> {
    node: &'n Node,
    first_line: usize,
    indent: usize,
}

impl<'n> Written<'n> {
    /// None if the text is not written as a literal block.
    fn of(node: &'n Node) -> Option<Self> {
        let source = node.span.source();
        if !node.span.text().starts_with('|') {
            return None;
        }
        let first_line = node.span.place().line + 1;
        let text = node.as_str()?;
        let (number, line) = text.lines().enumerate().find(|(_, line)| !line.trim().is_empty())?;
        let written = source.line(first_line + number);
        let indent = written.len().checked_sub(line.len())?;
        written.ends_with(line).then_some(Self { node, first_line, indent })
    }

    fn span(&self, inner: &Span) -> Span {
        let source = self.node.span.source();
        let start = self.offset(inner, inner.start());
        let text = inner.text();
        // A caret marks one line; a block that goes on has no need of more.
        let length = text.find('\n').unwrap_or(text.len());
        Span::new(source, start, start + length)
    }

    fn offset(&self, inner: &Span, at: usize) -> usize {
        let line = inner.source().place(at).line;
        let column = at - inner.source().line_start(line);
        let outer = self.node.span.source();
        (outer.line_start(self.first_line + line - 1) + self.indent + column)
            .min(outer.text().len())
    }
}

//! Configurations of nats-server: files of their own, and those in the data of ConfigMaps and Secrets.

use std::sync::Arc;

use super::kubernetes::base64;
use super::{references, texts};
use crate::diagnostic::Diagnostic;
use crate::nats_conf::{self, Context, Surroundings};
use crate::source::{Source, Span};
use crate::yaml::Node;

/// Checks a configuration.
pub fn check(source: &Arc<Source>, around: &Surroundings, context: &Context) -> Vec<Diagnostic> {
    match nats_conf::parse(source, around) {
        Ok(tree) => nats_conf::check(&tree, context),
        Err(finding) => vec![finding],
    }
}

/// Checks the configurations that objects carry, with findings at their places in the manifests.
pub fn in_objects(all: &[&Node]) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for object in all {
        let text = |path: &[&str]| object.path(path).and_then(Node::as_str).unwrap_or("");
        let fields: &[&str] = match text(&["kind"]) {
            "ConfigMap" => &["data"],
            "Secret" => &["stringData", "data"],
            _ => continue,
        };
        for (field, (name, node)) in
            fields.iter().flat_map(|f| texts(object, f).map(move |t| (*f, t)))
        {
            if !name.ends_with(".conf") {
                continue;
            }
            let text = node.as_str().unwrap_or("");
            let decoded = (text_kind(object), field) == ("Secret", "data");
            let content = match decoded {
                true => base64::decode(text).and_then(|bytes| String::from_utf8(bytes).ok()),
                false => Some(text.to_owned()),
            };
            let Some(content) = content.filter(|content| is_of_nats(name, content)) else {
                continue;
            };
            let source = Source::new(name, content);
            let findings = check(&source, &Surroundings::default(), &context(all, object));
            let written = (!decoded).then(|| Written::of(node)).flatten();
            found.extend(findings.into_iter().map(|finding| match &written {
                Some(written) => written.place(finding),
                None => whole(finding, node),
            }));
        }
    }
    found
}

fn text_kind(object: &Node) -> &str {
    object.get("kind").and_then(Node::as_str).unwrap_or("")
}

/// Other programs have `.conf` files too: what nats-server reads is called so, or most of its options at the
/// top are options of nats-server.
pub fn is_of_nats(name: &str, text: &str) -> bool {
    if name.contains("nats") {
        return true;
    }
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let words = text.lines().filter(|line| line.starts_with(|c: char| c.is_ascii_alphabetic()));
    let (known, other): (Vec<&str>, Vec<&str>) = words
        .map(|line| line.split(|c| !is_part(c)).next().unwrap_or(""))
        .partition(|word| nats_conf::is_option(word));
    known.len() > other.len()
}

/// What is known of the server that reads the files of an object: the tag of its image.
fn context(all: &[&Node], object: &Node) -> Context {
    let name = object.path(&["metadata", "name"]);
    let list = |node: &Node, field: &str| -> Vec<Node> {
        node.get(field).and_then(Node::as_list).unwrap_or(&[]).to_vec()
    };
    let reads = |spec: &&Node| {
        list(spec, "volumes").iter().any(|volume| {
            let source = match text_kind(object) {
                "Secret" => volume.path(&["secret", "secretName"]),
                _ => volume.path(&["configMap", "name"]),
            };
            source.is_some() && source == name
        })
    };
    let images = all
        .iter()
        .filter_map(|object| references::pod_spec(object))
        .filter(reads)
        .flat_map(|spec| list(spec, "containers"));
    images
        .filter_map(|container| {
            let image = container.get("image")?.as_str()?;
            let (path, tag) = image.split('@').next()?.rsplit_once(':')?;
            (path.rsplit('/').next() == Some("nats")).then(|| Context::of_tag(tag))
        })
        .next()
        .unwrap_or_default()
}

/// A text as it is written in a manifest, as a literal block: each of its lines is a line there.
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

    /// The finding with its places in the manifest.
    fn place(&self, mut finding: Diagnostic) -> Diagnostic {
        finding.span =
            Some(finding.span.as_ref().map_or(self.node.span.clone(), |span| self.span(span)));
        for (span, _) in &mut finding.related {
            *span = self.span(span);
        }
        finding
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

/// A finding whose place in the manifest is the whole text; the place in the text goes into the help.
fn whole(mut finding: Diagnostic, node: &Node) -> Diagnostic {
    if let Some(span) = finding.span.replace(node.span.clone()) {
        finding.help.push(format!("line {} of {}", span.place().line, span.source().name()));
    }
    finding.related.clear();
    finding
}

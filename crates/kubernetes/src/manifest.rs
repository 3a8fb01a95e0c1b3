//! Rendered text → manifests: split, identity, hooks.

mod body;
pub mod files;
pub mod order;

use std::ops::Range;
use std::sync::Arc;

use jinnacle_syntax::diagnostic::{Diagnostic, Sink, Stopped, rule};
use jinnacle_syntax::source::{Source, Span};
use jinnacle_syntax::yaml::{self, Ends, Kind, Limits, Node};

pub use body::Body;

/// One document of a template's output.
#[derive(Clone, Debug)]
pub struct Manifest {
    /// The full name of the template that made it.
    pub template: String,
    /// The document as rendered, without the separators around it.
    pub text: String,
    /// What was done with the whitespace around it.
    pub ends: Ends,
    /// Where in the template's output it is.
    pub span: Span,
    /// The parsed document; null when it holds only comments.
    pub body: Body,
    /// When the cluster runs it, if it is a hook.
    pub hook: Option<Hook>,
}

/// A manifest that a release runs at an event, and that is not a part of the release itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hook {
    /// The events in lower case, such as `post-install`.
    pub events: Vec<String>,
}

impl Hook {
    /// Whether it runs on `helm test`.
    pub fn is_test(&self) -> bool {
        self.events.iter().any(|event| event == "test" || event == "test-success")
    }
}

const HOOK_EVENTS: [&str; 10] = [
    "pre-install",
    "post-install",
    "pre-delete",
    "post-delete",
    "pre-upgrade",
    "post-upgrade",
    "pre-rollback",
    "post-rollback",
    "test",
    "test-success",
];

impl Manifest {
    /// The `kind`; empty when it has none.
    pub fn kind(&self) -> &str {
        self.body.head().get("kind").map_or("", text)
    }

    /// The `metadata.name`; empty when it has none.
    pub fn name(&self) -> &str {
        self.body.head().at("metadata.name").map_or("", text)
    }
}

/// A string; of a number or a boolean, as it was written.
fn text(node: &Node) -> &str {
    match &node.kind {
        Kind::Text(text) => text,
        Kind::Null => "",
        _ => node.span.text(),
    }
}

/// The documents of a template's output.
#[derive(Debug, Default)]
pub struct Documents(Vec<Document>);

#[derive(Debug)]
struct Document {
    body: Body,
    hook: Result<Option<Hook>, Unknown>,
    has_duplicate_key: bool,
    span: Span,
    ends: Ends,
}

impl Documents {
    /// The whole of each document.
    pub fn roots(&self) -> Vec<&Node> {
        self.0.iter().map(|document| &*document.body).collect()
    }

    /// Whether a key is written twice in a map, so that only its last value is left.
    pub fn has_duplicate_key(&self) -> bool {
        self.0.iter().any(|document| document.has_duplicate_key)
    }
}

/// Splits the output of a template into its documents. Of those in which there is nothing to be said about their
/// YAML, only what identifies them is read.
///
/// # Errors
/// A document is not YAML, or not a map.
pub fn documents(
    template: &str,
    text: &Arc<Source>,
    ends: Ends,
    sink: &mut Sink,
) -> Result<Documents, Stopped> {
    let mut made = Documents::default();
    let mut is_whole = true;
    for (start, end) in yaml::documents(text.text(), ends) {
        // The line break after the document belongs to a block scalar that is last.
        let with_break = end + usize::from(text.text()[end..].starts_with('\n'));
        let before = sink.len();
        let Ok(body) = body(text, start..with_break, sink) else {
            is_whole = false;
            continue;
        };
        let has_duplicate_key =
            sink.iter().skip(before).any(|it| it.rule == rule!("yaml/duplicate-key"));
        let hook = hook(body.head(), sink);
        if let Some(fault) = misshapen(body.head(), template) {
            sink.push(fault);
            is_whole = false;
        }
        let span = Span::new(text, start, end);
        made.0.push(Document { body, hook, has_duplicate_key, span, ends });
    }
    if is_whole { Ok(made) } else { Err(Stopped) }
}

fn body(text: &Arc<Source>, part: Range<usize>, sink: &mut Sink) -> Result<Body, Stopped> {
    if let Some(body) = Body::unread(text, part.clone()) {
        return Ok(body);
    }
    let document = sink.take(yaml::read_part(text, part, &Limits::default()))?;
    sink.extend(document.warnings);
    Ok(document.root.into())
}

/// The manifests of a template's documents, without those whose hooks have unknown events.
pub fn manifests(template: &str, documents: Documents) -> Vec<Manifest> {
    let manifest = |Document { body, hook, span, ends, .. }| {
        let (template, text) = (template.to_owned(), Span::text(&span).to_owned());
        Some(Manifest { template, text, ends, span, body, hook: hook.ok()? })
    };
    documents.0.into_iter().filter_map(manifest).collect()
}

/// What makes a document no manifest; Helm reads no more of it than this.
fn misshapen(body: &Node, template: &str) -> Option<Diagnostic> {
    let error = |node: &Node, message: String| {
        Diagnostic::error(rule!("manifest/shape"), message).at(&node.span)
    };
    if !matches!(body.kind, Kind::Map(_) | Kind::Null) {
        let message = format!("`{template}`: expected a manifest, found {}", body.kind_word());
        return Some(error(body, message));
    }
    let wrong = |path: &[&str], due: &str, fits: fn(&Node) -> bool| {
        let node = body.at(path).filter(|node| !fits(node))?;
        Some(error(
            node,
            format!("`{}`: expected {due}, found {}", path.join("."), node.kind_word()),
        ))
    };
    let is_map: fn(&Node) -> bool = |node| matches!(node.kind, Kind::Map(_) | Kind::Null);
    let is_scalar: fn(&Node) -> bool = |node| !matches!(node.kind, Kind::Map(_) | Kind::List(_));
    wrong(&["apiVersion"], "a string", is_scalar)
        .or_else(|| wrong(&["kind"], "a string", is_scalar))
        .or_else(|| wrong(&["metadata"], "a map", is_map))
        .or_else(|| wrong(&["metadata", "name"], "a string", is_scalar))
        .or_else(|| wrong(&["metadata", "annotations"], "a map", is_map))
        .or_else(|| {
            let annotations = body.at("metadata.annotations")?.as_map()?;
            let (key, value) = annotations.iter().find(|(_, value)| !is_scalar(value))?;
            Some(error(
                value,
                format!("annotation `{key}`: expected a string, found {}", value.kind_word()),
            ))
        })
}

/// A hook with an event that Helm does not know, which drops the document with a warning.
#[derive(Debug)]
struct Unknown;

fn hook(body: &Node, sink: &mut Sink) -> Result<Option<Hook>, Unknown> {
    let Some(node) = body.at(&["metadata", "annotations", "helm.sh/hook"]) else {
        return Ok(None);
    };
    let events: Vec<String> =
        text(node).split(',').map(|event| event.trim().to_lowercase()).collect();
    if let Some(unknown) = events.iter().find(|event| !HOOK_EVENTS.contains(&event.as_str())) {
        sink.push(
            Diagnostic::warning(
                rule!("manifest/hook"),
                format!("unknown hook event `{unknown}`: the manifest is ignored"),
            )
            .at(&node.span),
        );
        return Err(Unknown);
    }
    Ok(Some(Hook { events }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_of_a_later_document_are_those_of_the_output() {
        let text = Source::new("t.yaml", "a: 1\n---\nmetadata:\n  name: x\n");
        let read = documents("t.yaml", &text, Ends::Lines, &mut Sink::new()).unwrap();
        let found = manifests("c/templates/t.yaml", read);
        assert_eq!(found[1].body.at("metadata.name").unwrap().span.place().to_string(), "4:9");
        assert_eq!(found[1].name(), "x");
    }
}

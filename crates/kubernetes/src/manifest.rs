//! Rendered text → manifests: split, identity, hooks.

pub mod files;
pub mod order;

use std::sync::Arc;

use jinnacle_syntax::diagnostic::Diagnostic;
use jinnacle_syntax::source::{Source, Span};
use jinnacle_syntax::yaml::{self, Document, Kind, Limits, Node};

/// One document of a template's output.
#[derive(Clone, Debug)]
pub struct Manifest {
    /// The full name of the template that made it.
    pub template: String,
    /// The document as rendered, without the separators and white space around it.
    pub text: String,
    /// Where in the template's output it stands.
    pub span: Span,
    /// The parsed document; null when it holds only comments.
    pub body: Node,
    /// When the cluster runs it, if it is a hook.
    pub hook: Option<Hook>,
}

/// A manifest that a release runs at an event, and that is no part of the release itself.
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
        self.body.get("kind").map_or("", text)
    }

    /// The `metadata.name`; empty when it has none.
    pub fn name(&self) -> &str {
        self.body.path(&["metadata", "name"]).map_or("", text)
    }
}

/// A text; of a number or a boolean, as it was written.
fn text(node: &Node) -> &str {
    match &node.kind {
        Kind::Text(text) => text,
        Kind::Null => "",
        _ => node.span.text(),
    }
}

/// The documents of a template's output, each with the part of the text that it was read from.
#[derive(Debug, Default)]
pub struct Documents {
    /// What was read.
    pub read: Vec<Document>,
    spans: Vec<Span>,
}

/// Splits the output of a template into its documents and reads each.
///
/// # Errors
/// A document is not YAML, or not a map.
pub fn documents(template: &str, text: &Arc<Source>) -> Result<Documents, Vec<Diagnostic>> {
    let (mut made, mut errors) = (Documents::default(), Vec::new());
    for (start, end) in yaml::documents(text.text()) {
        // The line break after the document belongs to a block scalar that is last.
        let with_break = end + usize::from(text.text()[end..].starts_with('\n'));
        match yaml::read_part(text, start..with_break, &Limits::default()) {
            Ok(document) => {
                made.spans.push(Span::new(text, start, end));
                made.read.push(document);
            }
            Err(faults) => errors.extend(faults),
        }
    }
    errors.extend(made.read.iter().filter_map(|document| misshapen(&document.root, template)));
    if errors.is_empty() { Ok(made) } else { Err(errors) }
}

/// The manifests of a template's documents, with the warnings about them.
///
/// A document whose hook has only unknown events is dropped with a warning, as in Helm.
pub fn manifests(template: &str, documents: Documents) -> (Vec<Manifest>, Vec<Diagnostic>) {
    let (mut found, mut warnings) = (Vec::new(), Vec::new());
    for (document, span) in documents.read.into_iter().zip(documents.spans) {
        warnings.extend(document.warnings);
        if let Ok(hook) = hook(&document.root, &mut warnings) {
            let (template, text) = (template.to_owned(), span.text().to_owned());
            found.push(Manifest { template, text, span, body: document.root, hook });
        }
    }
    (found, warnings)
}

/// What makes a document no manifest; Helm reads no more of it than this.
fn misshapen(body: &Node, template: &str) -> Option<Diagnostic> {
    let error =
        |node: &Node, message: String| Diagnostic::error("manifest/shape", message).at(&node.span);
    if !matches!(body.kind, Kind::Map(_) | Kind::Null) {
        let message = format!("`{template}` makes {} where a manifest is due", body.kind_word());
        return Some(error(body, message));
    }
    let wrong = |path: &[&str], due: &str, fits: fn(&Node) -> bool| {
        let node = body.path(path).filter(|node| !fits(node))?;
        Some(error(node, format!("`{}` must be {due}, found {}", path.join("."), node.kind_word())))
    };
    let is_map: fn(&Node) -> bool = |node| matches!(node.kind, Kind::Map(_) | Kind::Null);
    let is_scalar: fn(&Node) -> bool = |node| !matches!(node.kind, Kind::Map(_) | Kind::List(_));
    wrong(&["apiVersion"], "a text", is_scalar)
        .or_else(|| wrong(&["kind"], "a text", is_scalar))
        .or_else(|| wrong(&["metadata"], "a map", is_map))
        .or_else(|| wrong(&["metadata", "name"], "a text", is_scalar))
        .or_else(|| wrong(&["metadata", "annotations"], "a map", is_map))
        .or_else(|| {
            let annotations = body.path(&["metadata", "annotations"])?.as_map()?;
            let (key, value) = annotations.iter().find(|(_, value)| !is_scalar(value))?;
            Some(error(
                value,
                format!("the annotation `{key}` must be a text, found {}", value.kind_word()),
            ))
        })
}

struct Unknown;

fn hook(body: &Node, warnings: &mut Vec<Diagnostic>) -> Result<Option<Hook>, Unknown> {
    let Some(node) = body.path(&["metadata", "annotations", "helm.sh/hook"]) else {
        return Ok(None);
    };
    let events: Vec<String> =
        text(node).split(',').map(|event| event.trim().to_lowercase()).collect();
    if let Some(unknown) = events.iter().find(|event| !HOOK_EVENTS.contains(&event.as_str())) {
        warnings.push(
            Diagnostic::warning(
                "manifest/hook",
                format!("no such hook event: `{unknown}`; the manifest is left out"),
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
        let (found, _) = manifests("c/templates/t.yaml", documents("t.yaml", &text).unwrap());
        assert_eq!(
            found[1].body.path(&["metadata", "name"]).unwrap().span.place().to_string(),
            "4:9"
        );
        assert_eq!(found[1].name(), "x");
    }
}

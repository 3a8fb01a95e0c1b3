//! Rendered text → manifests: split, identity, hooks.

pub mod order;

use crate::diagnostic::{Diagnostic, Findings};
use crate::render::Rendered;
use crate::source::{Source, Span};
use crate::yaml::{self, Kind, Limits, Node};

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
        self.body.get("kind").and_then(Node::as_str).unwrap_or("")
    }

    /// The `metadata.name`; empty when it has none.
    pub fn name(&self) -> &str {
        self.body.path(&["metadata", "name"]).and_then(Node::as_str).unwrap_or("")
    }
}

/// Splits a template's output into its documents and reads each; with what is to be said of them.
///
/// A document with a hook event that nobody knows is dropped with a warning, as in Helm.
///
/// # Errors
/// A document is no YAML, or no map.
pub fn read(rendered: &Rendered<'_>) -> Result<(Vec<Manifest>, Vec<Diagnostic>), Findings> {
    let mut found = Vec::new();
    let mut warnings = Vec::new();
    let mut errors = Vec::new();
    for (start, end) in documents(rendered.text.text()) {
        let span = Span::new(&rendered.text, start, end);
        let text = span.text().to_owned();
        // Read in place: blanks before the document keep its lines and columns those of the output. The
        // break at its end belongs to a block text that is last.
        let padded = Source::new(
            rendered.text.name(),
            format!("{}{text}\n", blanked(&rendered.text.text()[..start])),
        );
        let body = match yaml::read(&padded, &Limits::default()) {
            Ok(document) => document.root,
            Err(faults) => {
                errors.extend(faults.into_iter().map(|fault| rendered.explained(fault)));
                continue;
            }
        };
        if !matches!(body.kind, Kind::Map(_) | Kind::Null) {
            let error = Diagnostic::error(
                "manifest/shape",
                format!(
                    "`{}` makes {} where a manifest is due",
                    rendered.template,
                    body.kind_word()
                ),
            )
            .at(&span);
            errors.push(rendered.explained(error));
            continue;
        }
        if let Ok(hook) = hook(&body, &mut warnings) {
            found.push(Manifest { template: rendered.template.clone(), text, span, body, hook });
        }
    }
    if errors.is_empty() { Ok((found, warnings)) } else { Err(errors.into()) }
}

struct Unknown;

fn hook(body: &Node, warnings: &mut Vec<Diagnostic>) -> Result<Option<Hook>, Unknown> {
    let Some(node) = body.path(&["metadata", "annotations", "helm.sh/hook"]) else {
        return Ok(None);
    };
    let Some(text) = node.as_str() else { return Ok(None) };
    let events: Vec<String> = text.split(',').map(|event| event.trim().to_lowercase()).collect();
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

/// The same number of lines without their text.
fn blanked(before: &str) -> String {
    let (lines, last) =
        before.rsplit_once('\n').map_or(("", before), |(lines, last)| (lines, last));
    let breaks = if before.contains('\n') { lines.matches('\n').count() + 1 } else { 0 };
    format!("{}{}", "\n".repeat(breaks), " ".repeat(last.chars().count()))
}

/// The bytes of each document of a stream, trimmed, the empty ones left out. A line that begins with `---` separates
/// them; what follows on that line belongs to the next document (Helm's `releaseutil.SplitManifests`).
pub fn documents(text: &str) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let mut start = 0;
    let mut push = |start: usize, end: usize| {
        let part = without_blank_end(&text[start..end]);
        let trimmed = part.trim_ascii_start();
        if !trimmed.is_empty() {
            let end = start + part.len();
            found.push((end - trimmed.len(), end));
        }
    };
    let mut line_start = 0;
    for line in text.split_inclusive('\n') {
        if line.starts_with("---") {
            push(start, line_start);
            start = line_start + 3;
        }
        line_start += line.len();
    }
    push(start, text.len());
    found
}

/// A text without the blank lines at its end. Blanks at the end of its last line may belong to a value.
fn without_blank_end(mut text: &str) -> &str {
    loop {
        text = text.trim_end_matches(['\n', '\r']);
        let line = text.rfind('\n').map_or(0, |at| at + 1);
        if text.is_empty() || !text[line..].trim_ascii().is_empty() {
            return text;
        }
        text = &text[..line];
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(text: &str) -> Vec<&str> {
        documents(text).into_iter().map(|(start, end)| &text[start..end]).collect()
    }

    #[test]
    fn documents_are_split_as_helm_splits_them() {
        assert_eq!(split("a: 1\n---\nb: 2\n"), ["a: 1", "b: 2"]);
        assert_eq!(split("---apiVersion: v1\n--- # c\nk: 1"), ["apiVersion: v1", "# c\nk: 1"]);
        assert_eq!(split("\n---\n\n---\n # only\n---\n"), ["# only"]);
        assert_eq!(split("a: |\n  ---\n  b\n"), ["a: |\n  ---\n  b"]);
        assert_eq!(split("a: |\n  b \n \n\n---\nb: \u{3000}\n"), ["a: |\n  b ", "b: \u{3000}"]);
    }

    #[test]
    fn places_of_a_later_document_are_those_of_the_output() {
        let text = Source::new("t.yaml", "a: 1\n---\nmetadata:\n  name: x\n");
        let rendered = Rendered::verbatim("c/templates/t.yaml", text);
        let (found, _) = read(&rendered).unwrap();
        assert_eq!(
            found[1].body.path(&["metadata", "name"]).unwrap().span.place().to_string(),
            "4:9"
        );
        assert_eq!(found[1].name(), "x");
    }
}

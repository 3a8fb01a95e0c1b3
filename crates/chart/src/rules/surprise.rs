//! Scalars that YAML reads otherwise than they look.

use jinnacle_syntax::diagnostic::Fix;
use jinnacle_syntax::source::Span;
use jinnacle_syntax::yaml::{Kind, Node, scalar};

use super::{Advised, Finding};

/// `yes`, `on` and their like, where a boolean is meant: YAML 1.2 takes them for strings.
pub(super) fn boolean_words(advised: &Advised<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    walk(advised, &mut |path, written, meant| {
        let (Kind::Bool(value), Some(Kind::Bool(_))) = (&written.kind, meant) else { return };
        let word = written.span.text();
        if !is_plain(&written.span) || matches!(word, "true" | "false") {
            return;
        }
        found.push(
            Finding::warning(
                &written.span,
                format!("`{path}` is {value}, which YAML 1.2 parsers read as the string `{word}`"),
            )
            .help(format!("write `{value}`"))
            .fix(Fix::replace(&written.span, value.to_string())),
        );
    });
    found
}

/// Octal and hexadecimal digits, exponents and underscores, where a number is meant. File modes are octal
/// everywhere.
pub(super) fn number_forms(advised: &Advised<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    walk(advised, &mut |path, written, meant| {
        let (Kind::Int(_) | Kind::Float(_), Some(Kind::Int(value))) = (&written.kind, meant) else {
            return;
        };
        let digits = written.span.text();
        let mode = path.to_lowercase().ends_with("mode");
        if !is_plain(&written.span) || digits == value.to_string() || mode {
            return;
        }
        found.push(
            Finding::warning(
                &written.span,
                format!("`{path}` is {value}, although it is written `{digits}`"),
            )
            .help(format!("write `{value}`"))
            .fix(Fix::replace(&written.span, value.to_string())),
        );
    });
    found
}

/// Plain scalars where a string is wanted. They are taken as they are written here; Helm hands on what it
/// reads, and that is another text.
pub(super) fn plain_texts(advised: &Advised<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    walk(advised, &mut |path, written, meant| {
        let Some(Kind::Text(_)) = meant else { return };
        let text = written.span.text();
        let helm = match &written.kind {
            Kind::Bool(value) => value.to_string(),
            Kind::Int(value) => value.to_string(),
            Kind::Float(value) => value.to_string(),
            _ => return,
        };
        if helm == text || !is_plain(&written.span) {
            return;
        }
        found.push(
            Finding::note(
                &written.span,
                format!("`{path}` is the string `{text}`, which Helm would turn into `{helm}`"),
            )
            .help(format!("write `\"{text}\"`"))
            .fix(Fix::replace(&written.span, format!("\"{text}\""))),
        );
    });
    found
}

/// Whether a scalar is in a file without quotes or a tag; what `--set` has read is not meant.
fn is_plain(span: &Span) -> bool {
    let text = span.text();
    !text.contains(['"', '\'', '!', '\n', '&', '*'])
        && scalar::resolve(text) != scalar::Scalar::Text
}

/// Every scalar of the user with its path and what the chart made of it.
fn walk(advised: &Advised<'_>, visit: &mut impl FnMut(&str, &Node, Option<&Kind>)) {
    step(advised.layer, Some(advised.values), "", visit);
}

fn step(
    written: &Node,
    meant: Option<&Node>,
    path: &str,
    visit: &mut impl FnMut(&str, &Node, Option<&Kind>),
) {
    match &written.kind {
        Kind::Map(map) => {
            for (key, below) in map.iter() {
                let path = if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") };
                step(below, meant.and_then(|node| node.get(key)), &path, visit);
            }
        }
        Kind::List(list) => {
            let others = meant.and_then(Node::as_list).unwrap_or(&[]);
            for (index, below) in list.iter().enumerate() {
                step(below, others.get(index), &format!("{path}[{index}]"), visit);
            }
        }
        _ => visit(path, written, meant.map(|node| &node.kind)),
    }
}

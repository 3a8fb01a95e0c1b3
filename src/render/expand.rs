//! Template text inside values: `{{ release.name }}`, or Helm's plain references.

use super::{ReleaseContext, Scope};
use crate::chart::Chart;
use crate::diagnostic::{Diagnostic, Sink, Stopped, rule};
use crate::source::{Source, Span};
use crate::yaml::{Kind, Limits, Map, Node, read};

/// Expands template text in the values that may hold it; whether a value changed its shape by that.
/// The charts of users call `tpl` in their templates instead.
///
/// # Errors
/// A template text is not a plain reference, or refers to nothing.
pub fn expand(
    chart: &Chart,
    values: &mut Node,
    release_context: ReleaseContext<'_>,
    sink: &mut Sink,
) -> Result<bool, Stopped> {
    let Some((built_in, expansion)) = chart.built_in.and_then(|it| Some((it, it.expansion?)))
    else {
        return Ok(false);
    };
    let expandable = |path: &&str, node: &Node| {
        expansion.yaml_texts.contains(path) && node.as_str().is_some() || holds_template(node)
    };
    if !expansion
        .paths
        .iter()
        .any(|path| values.at(path).is_some_and(|node| expandable(path, node)))
    {
        return Ok(false);
    }
    let context = Scope::new(chart, values, release_context).context("values", "values");
    let engine = super::built_in::engine(chart, built_in);
    let mut evaluate = |reference: &str| {
        let expression = expression(reference, expansion.includes)
            .ok_or_else(|| format!("`{{{{ {reference} }}}}`: expected a plain reference"))?;
        let template = format!("{{% import \"_names.j2\" as names %}}{{{{ {expression} }}}}");
        let value = engine.render_text("value", &template, context.value.clone());
        value.map_err(|_| format!("`{{{{ {reference} }}}}` refers to nothing that is a string"))
    };
    sink.stop_on_errors(|sink| {
        let mut reshaped = false;
        for path in expansion.paths {
            let Some(found) = node_mut(values, path) else { continue };
            let expanded = sink.stop_on_errors(|sink| expand_node(found, &mut evaluate, sink));
            let yaml = expansion.yaml_texts.contains(path) && expanded.is_ok();
            if let Some(text) = found.as_str().filter(|_| yaml) {
                let source = found
                    .span
                    .inside(text)
                    .unwrap_or_else(|| Source::new(format!("`{path}` ({})", found.span), text));
                if let Ok(document) = sink.take(read(&source, &Limits::default())) {
                    *found = document.root;
                }
                reshaped = true;
            }
        }
        reshaped
    })
}

fn holds_template(node: &Node) -> bool {
    match &node.kind {
        Kind::Text(text) => text.contains("{{"),
        Kind::List(list) => list.iter().any(holds_template),
        Kind::Map(map) => {
            map.iter().any(|(key, value)| key.contains("{{") || holds_template(value))
        }
        _ => false,
    }
}

fn node_mut<'n>(values: &'n mut Node, path: &str) -> Option<&'n mut Node> {
    path.split('.').try_fold(values, |node, key| node.as_map_mut()?.get_mut(key))
}

/// Gives the text of a reference, or says why it has none.
type Evaluate<'e> = dyn FnMut(&str) -> Result<String, String> + 'e;

fn expand_node(node: &mut Node, evaluate: &mut Evaluate<'_>, sink: &mut Sink) {
    match &mut node.kind {
        Kind::Text(text) if text.contains("{{") => match expand_text(text, &node.span, evaluate) {
            Ok(expanded) => node.kind = Kind::Text(expanded),
            Err(error) => sink.push(error),
        },
        Kind::List(list) => list.iter_mut().for_each(|entry| expand_node(entry, evaluate, sink)),
        Kind::Map(map) => {
            map.iter_mut().for_each(|(_, value)| expand_node(value, evaluate, sink));
            if map.iter().any(|(key, _)| key.contains("{{")) {
                *map = with_expanded_keys(map, evaluate, sink);
            }
        }
        _ => {}
    }
}

fn with_expanded_keys(map: &Map, evaluate: &mut Evaluate<'_>, sink: &mut Sink) -> Map {
    let mut expanded = Map::new();
    for (key, entry) in map.entries() {
        let name = expand_text(key, &entry.key, evaluate).unwrap_or_else(|error| {
            sink.push(error);
            key.to_owned()
        });
        expanded.insert(name, entry.key.clone(), entry.value.clone());
    }
    expanded
}

fn expand_text(text: &str, span: &Span, evaluate: &mut Evaluate<'_>) -> Result<String, Diagnostic> {
    let error = |message: String| {
        Diagnostic::error(rule!("values/template"), message).at(span).help(
            "plain references work here, such as `{{ release.name }}`, `{{ .Release.Name }}` or `{{ .Values.a.b }}`",
        )
    };
    let mut expanded = String::new();
    let mut rest = text;
    while let Some((before, inside)) = rest.split_once("{{") {
        let (inside, after) = inside
            .split_once("}}")
            .ok_or_else(|| error("a `{{` in this value is not closed".to_owned()))?;
        let (before, inside) = match inside.strip_prefix('-') {
            Some(inside) => (before.trim_end(), inside),
            None => (before, inside),
        };
        let (inside, after) = match inside.strip_suffix('-') {
            Some(inside) => (inside, after.trim_start()),
            None => (inside, after),
        };
        let value = evaluate(inside.trim()).map_err(error)?;
        expanded.push_str(before);
        expanded.push_str(&value);
        rest = after;
    }
    expanded.push_str(rest);
    Ok(expanded)
}

/// The Jinja expression of a reference; none when it is more than that.
fn expression(reference: &str, includes: &[(&str, &str)]) -> Option<String> {
    if let Some(rest) = reference.strip_prefix("include ") {
        let (name, dot) = rest.trim().strip_prefix('"')?.split_once('"')?;
        let known = includes.iter().find(|(helm, _)| *helm == name)?;
        return matches!(dot.trim(), "." | "$").then(|| known.1.to_owned());
    }
    let words: Vec<&str> =
        reference.trim_start_matches('$').trim_start_matches('.').split('.').collect();
    let plain = |word: &&str| {
        word.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && word.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
    };
    if !words.iter().all(plain) {
        return None;
    }
    let (first, below) = words.split_first()?;
    let path = below.join(".");
    Some(match *first {
        "Values" | "values" => format!("values.{path}"),
        "Release" | "release" | "Chart" | "chart" | "Capabilities" | "capabilities" => {
            let below: Vec<String> = below.iter().map(|word| lower_first(word)).collect();
            format!("{}.{}", lower_first(first), below.join("."))
        }
        _ => return None,
    })
}

/// Helm's `AppVersion` is `appVersion` in Jinja.
fn lower_first(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map_or(String::new(), |first| first.to_lowercase().chain(chars).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_of_both_languages_are_expressions() {
        for (reference, jinja) in [
            ("release.name", Some("release.name")),
            (".Release.Name", Some("release.name")),
            ("$.Chart.AppVersion", Some("chart.appVersion")),
            (".Values.nats.client.port", Some("values.nats.client.port")),
            ("include \"nats.fullname\" .", Some("names.fullname")),
            ("include \"other\" .", None),
            (".Values.a | quote", None),
            ("if .Values.a", None),
            ("printf \"%s\" .Release.Name", None),
        ] {
            assert_eq!(
                expression(reference, &[("nats.fullname", "names.fullname")]).as_deref(),
                jinja,
                "{reference}"
            );
        }
    }
}

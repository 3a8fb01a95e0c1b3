//! Chart.yaml, and what should stand beside it.

use crate::chart::{Chart, text_of};
use crate::diagnostic::{Diagnostic, Sink, rule};
use crate::yaml::{Kind, Node};

/// Looks at the metadata of a chart of the user.
pub fn check(chart: &Chart, findings: &mut Sink) {
    if chart.is_built_in() {
        return;
    }
    let root = &chart.metadata.node;
    texts(root, findings);
    api_version(chart, findings);
    people_and_places(root, findings);
    dependencies(chart, findings);
    if chart.values.is_none() {
        findings.push(
            Diagnostic::note(rule!("lint/values"), "values.yaml does not exist").at(&root.span),
        );
    }
    if chart.templates.is_empty() {
        findings.push(
            Diagnostic::warning(
                rule!("lint/templates"),
                "the directory templates/ is empty or does not exist",
            )
            .at(&root.span),
        );
    }
}

/// Versions that YAML takes for numbers lose digits in Helm.
fn texts(root: &Node, findings: &mut Sink) {
    for key in ["version", "appVersion"] {
        if let Some(node) = root.get(key)
            && !matches!(node.kind, Kind::Text(_) | Kind::Null)
        {
            let message = format!("`{key}`: expected a string, found {}", node.kind_word());
            findings.push(
                Diagnostic::error(rule!("lint/metadata"), message)
                    .at(&node.span)
                    .help(format!("put it in quotes: `{key}: \"{}\"`", node.span.text())),
            );
        }
    }
}

fn api_version(chart: &Chart, findings: &mut Sink) {
    let root = &chart.metadata.node;
    let mut error = |message: String, node: &Node| {
        findings.push(
            Diagnostic::error(rule!("lint/metadata"), message)
                .at(&node.span)
                .help("write `apiVersion: v2`"),
        );
    };
    match (root.get("apiVersion"), text_of(root, "apiVersion").as_str()) {
        (None, _) => error("`apiVersion` is missing".to_owned(), root),
        (_, "v2") => {}
        (_, "v1") => {
            for key in ["type", "dependencies"] {
                if let Some(node) = root.get(key) {
                    error(format!("`{key}` is not read in a chart of apiVersion v1"), node);
                }
            }
        }
        (Some(node), other) => {
            error(format!("`apiVersion`: expected `v1` or `v2`, found `{other}`"), node)
        }
    }
}

fn people_and_places(root: &Node, findings: &mut Sink) {
    let mut error = |message: String, node: &Node| {
        findings.push(Diagnostic::error(rule!("lint/metadata"), message).at(&node.span));
    };
    for maintainer in root.list_at("maintainers") {
        if text_of(maintainer, "name").is_empty() {
            error("maintainer: missing `name`".to_owned(), maintainer);
        }
        for (key, sound, what) in
            [("email", is_email as fn(&str) -> bool, "address"), ("url", is_url, "URL")]
        {
            if let Some(node) = maintainer.get(key)
                && !sound(&text_of(maintainer, key))
            {
                error(format!("invalid {what} `{}`", text_of(maintainer, key)), node);
            }
        }
    }
    for source in root.list_at("sources") {
        if !source.as_str().is_some_and(is_url) {
            error("source: expected a URL".to_owned(), source);
        }
    }
    match root.get("icon") {
        Some(icon) if !icon.as_str().is_some_and(is_url) => {
            error("`icon`: expected a URL".to_owned(), icon)
        }
        Some(_) => {}
        None => findings.push(
            Diagnostic::note(rule!("lint/metadata"), "an `icon` is recommended").at(&root.span),
        ),
    }
}

fn is_url(text: &str) -> bool {
    text.split_once("://")
        .is_some_and(|(scheme, rest)| !scheme.is_empty() && !rest.is_empty() && !rest.contains(' '))
}

fn is_email(text: &str) -> bool {
    text.split_once('@')
        .is_some_and(|(name, host)| !name.is_empty() && host.contains('.') && !text.contains(' '))
}

/// Declared ones that are not there, and others that are not declared.
fn dependencies(chart: &Chart, findings: &mut Sink) {
    let declared = &chart.metadata.dependencies;
    for wanted in declared {
        if chart.dependencies.iter().all(|sub| sub.metadata.name != wanted.name) {
            let message =
                format!("the chart `{}` is declared here and missing in charts/", wanted.name);
            findings.push(
                Diagnostic::warning(rule!("lint/dependencies"), message).at(&wanted.node.span),
            );
        }
    }
    for sub in &chart.dependencies {
        let name = &sub.metadata.name;
        if declared.iter().all(|wanted| wanted.name != *name) {
            let message = format!("the chart `{name}` in charts/ is not among the `dependencies`");
            findings.push(
                Diagnostic::error(rule!("lint/dependencies"), message)
                    .at(&chart.metadata.node.span),
            );
        }
    }
}

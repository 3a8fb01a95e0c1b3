//! Templates and what they make.

use crate::chart::Chart;
use crate::check::deprecation;
use crate::check::kubernetes::names;
use crate::diagnostic::{Diagnostic, Sink, rule};
use crate::manifest::Manifest;
use crate::release::KubeVersion;
use crate::render::Rendered;
use crate::source::Span;
use crate::yaml::Node;

/// Looks at the template files themselves.
pub fn check_templates(chart: &Chart, findings: &mut Sink) {
    const SUFFIXES: [&str; 4] = [".yaml", ".yml", ".tpl", ".txt"];
    const CRD_HOOK: &str = "crd-install";
    for template in chart.templates.iter().filter(|template| !template.is_partial()) {
        let path = template.shown_path();
        if !SUFFIXES.iter().any(|suffix| path.ends_with(suffix)) {
            let message = format!("`{path}` makes no manifest by its name: it should end in .yaml");
            findings.push(
                Diagnostic::error(rule!("lint/templates"), message)
                    .at(&Span::new(&template.source, 0, 0))
                    .help("files that templates bring in begin with `_`"),
            );
        }
        let text = template.source.text();
        if let Some(at) = text.find(CRD_HOOK).filter(|_| text.contains("helm.sh/hook")) {
            let message = "the hook `crd-install` was removed in Helm 3";
            findings.push(
                Diagnostic::error(rule!("lint/templates"), message)
                    .at(&Span::new(&template.source, at, at + CRD_HOOK.len()))
                    .help("put the definitions into crds/"),
            );
        }
    }
}

/// Looks at the begin of what a template makes.
pub fn check_begin(rendered: &Rendered, sink: &mut Sink) {
    let text = rendered.text.text();
    let first = text.len() - text.trim_start().len();
    let line = text[..first].rfind('\n').map_or(0, |at| at + 1);
    if line == first || first == text.len() {
        return;
    }
    let message = format!("`{}` begins with an indented line", rendered.template);
    let span = Span::new(&rendered.text, line, first);
    sink.push(Diagnostic::error(rule!("lint/indent"), message).at(&span));
}

/// Looks at a manifest.
pub fn check(manifest: &Manifest, version: KubeVersion, sink: &mut Sink) {
    if manifest.body.is_null() {
        return;
    }
    let found = [name(manifest), selector(manifest), api(manifest, version)];
    sink.extend(found.into_iter().flatten().chain(policies(manifest)));
}

fn name(manifest: &Manifest) -> Option<Diagnostic> {
    let (root, kind, name) = (&manifest.body, manifest.kind(), manifest.name());
    if kind == "List" || root.at("metadata.generateName").is_some() || is_name(kind, name) {
        return None;
    }
    let message = match name {
        "" => "the manifest has no `metadata.name`".to_owned(),
        _ => format!("invalid name `{name}` for a {kind}"),
    };
    let at = root.at("metadata.name").unwrap_or(root);
    Some(Diagnostic::warning(rule!("lint/name"), message).at(&at.span))
}

fn selector(manifest: &Manifest) -> Option<Diagnostic> {
    let kind = manifest.kind();
    let selects =
        ["matchLabels", "matchExpressions"].iter().any(|word| manifest.text.contains(word));
    if selects || !matches!(kind, "DaemonSet" | "Deployment" | "ReplicaSet" | "StatefulSet") {
        return None;
    }
    let message = format!("{kind}: missing a selector with `matchLabels` or `matchExpressions`");
    let at = manifest.body.get("spec").unwrap_or(&manifest.body);
    Some(Diagnostic::error(rule!("lint/selector"), message).at(&at.span))
}

fn api(manifest: &Manifest, version: KubeVersion) -> Option<Diagnostic> {
    let node = manifest.body.get("apiVersion")?;
    let (group, kind) = (node.as_str()?, manifest.kind());
    let old = deprecation(group, kind, version.minor)?;
    let state = if old.is_served { "deprecated" } else { "no longer served" };
    let message = format!("{kind} of `{group}` is {state} in Kubernetes {version}");
    let help = format!("use `{}`", old.instead);
    Some(Diagnostic::warning(rule!("lint/api"), message).at(&node.span).help(help))
}

fn policies(manifest: &Manifest) -> impl Iterator<Item = Diagnostic> {
    let items = manifest.body.get("items").filter(|_| manifest.kind() == "List");
    items.and_then(Node::as_list).unwrap_or_default().iter().filter_map(|item| {
        let node = item.at(&["metadata", "annotations", "helm.sh/resource-policy"])?;
        let message = "`helm.sh/resource-policy` has no effect inside of a List";
        Some(Diagnostic::error(rule!("lint/policy"), message).at(&node.span))
    })
}

/// What Kubernetes takes as the name of an object.
fn is_name(kind: &str, name: &str) -> bool {
    let form = match kind {
        "Role" | "ClusterRole" | "RoleBinding" | "ClusterRoleBinding" => names::path_segment,
        "Service" if name.starts_with(|c: char| c.is_ascii_digit()) => return false,
        "Service" | "Namespace" => names::label,
        _ => names::subdomain,
    };
    !name.is_empty() && form(name).is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_follow_their_kind() {
        for (kind, name, is) in [
            ("ConfigMap", "a.b-c", true),
            ("ConfigMap", "A", false),
            ("ConfigMap", "", false),
            ("Service", "a.b", false),
            ("Service", "1a", false),
            ("ClusterRole", "system:a", true),
            ("Role", "a/b", false),
            ("Namespace", "1a", true),
        ] {
            assert_eq!(is_name(kind, name), is, "{kind} {name}");
        }
    }
}

//! Manifests → findings: what the API server and nats-server would say of them, without asking either.

pub mod api;
pub mod configuration;
pub mod custom;
mod deprecated;
pub mod files;
pub mod kubernetes;
mod mounts;
mod references;
mod report;
mod shape;

use crate::manifest::Manifest;
use api::Api;
use jinnacle_syntax::diagnostic::{Diagnostic, Severity, Sink, did_you_mean, rule};
use jinnacle_syntax::yaml::{Kind, Node};
use report::Report;

pub use deprecated::{Deprecation, deprecation};
pub use mounts::MOUNT;

/// Checks the objects of a stream, each alone and then with each other. Documents that hold nothing are
/// passed over.
pub fn objects(documents: &[&Node], api: &Api, sink: &mut Sink) {
    let all = each(documents, api, false, sink);
    references::check(&all, sink);
}

/// Checks what a chart makes. `definitions` has the definitions of its custom resources that are not among the manifests;
/// they are only read for custom resources. Kinds that may be anyone's are left alone; and in a built-in chart, what is
/// named and not there is a name from the user's values, who has it elsewhere.
pub fn manifests(
    manifests: &[Manifest],
    definitions: impl FnOnce() -> Vec<Node>,
    minor: u64,
    is_built_in: bool,
    sink: &mut Sink,
) {
    let documents: Vec<&Node> = manifests.iter().map(|manifest| &*manifest.body).collect();
    let mut api = Api::new(minor);
    if !is_built_in {
        api.add(custom::read(&documents));
        if documents.iter().any(|document| holds_foreign(document, &api)) {
            let definitions = definitions();
            api.add(custom::read(&definitions.iter().collect::<Vec<_>>()));
        }
    }
    let check = |sink: &mut Sink| match is_built_in {
        true => drop(each(&documents, &api, true, sink)),
        false => objects(&documents, &api, sink),
    };
    sink.changed(check, |finding| Some(finding).filter(|it| it.severity != Severity::Note));
}

/// The objects of documents, and what is to be said of each alone.
fn each<'n>(
    documents: &[&'n Node],
    api: &Api,
    is_built_in: bool,
    sink: &mut Sink,
) -> Vec<&'n Node> {
    let mut all = Vec::new();
    for document in documents.iter().filter(|document| !document.is_null()) {
        collect(document, &mut all, sink);
    }
    for object in &all {
        let mut report = Report::new(object);
        check(object, api, &mut report);
        report.finish(sink);
    }
    configuration::in_objects(&all, sink);
    mounts::check(&all, is_built_in, sink);
    all
}

/// Whether an object, or one in a list, is of a kind that is not known.
fn holds_foreign(document: &Node, api: &Api) -> bool {
    match document.list_at("items") {
        [] => matches!(
            api.kind(document.str_at("apiVersion"), document.str_at("kind")),
            api::Availability::Foreign
        ),
        items => items.iter().any(|item| holds_foreign(item, api)),
    }
}

/// The finding with an error as a warning.
pub fn leniently(mut finding: Diagnostic) -> Diagnostic {
    if finding.severity == Severity::Error {
        finding.severity = Severity::Warning;
    }
    finding
}

/// The finding with a warning as an error.
pub fn strictly(mut finding: Diagnostic) -> Diagnostic {
    if finding.severity == Severity::Warning {
        finding.severity = Severity::Error;
    }
    finding
}

/// An object, or the objects of a list.
fn collect<'n>(document: &'n Node, all: &mut Vec<&'n Node>, sink: &mut Sink) {
    if document.as_map().is_none() {
        let message = format!("manifest: expected a map, found {}", document.kind_word());
        sink.push(Diagnostic::error(rule!("kubernetes/header"), message).at(&document.span));
        return;
    }
    let kind = document.str_at("kind");
    match document.get("items").and_then(Node::as_list) {
        Some(items) if kind.ends_with("List") => {
            items.iter().for_each(|item| collect(item, all, sink));
        }
        _ => all.push(document),
    }
}

fn check(object: &Node, api: &Api, report: &mut Report) {
    let mut header = |field: &str| {
        let value = object.get(field).filter(|value| !value.is_null());
        match value.map(|value| (value, value.as_str())) {
            None | Some((_, Some(""))) => report.header(object, field),
            Some((value, None)) => drop(report.wrong_type(value, "a string")),
            Some((_, Some(text))) => return Some(text),
        }
        None
    };
    let (Some(api_version), Some(kind)) = (header("apiVersion"), header("kind")) else { return };
    let metadata = object.get("metadata");
    if metadata.is_some_and(|node| node.as_map().is_none() && !node.is_null()) {
        // The shape says so.
    } else if ["name", "generateName"].iter().all(|field| is_unset(object, field)) {
        match metadata.filter(|metadata| !metadata.is_null()) {
            Some(metadata) => report.header(metadata, "name"),
            None => report.header(object, "metadata.name"),
        }
    } else if is_unset(object, "name") {
        report.generated_name(object);
    }
    match api.kind(api_version, kind) {
        api::Availability::Known(definition) => {
            kubernetes::name(api_version, kind, report);
            shape::check(api, definition, report);
        }
        api::Availability::Foreign => report.foreign(object, api),
        other => report.missing_kind(object, other, api),
    }
}

/// Whether a field of the metadata has no name in it; the API server makes one from a `generateName`.
fn is_unset(object: &Node, field: &str) -> bool {
    let name = object.at(&["metadata", field]);
    name.is_none_or(|name| name.is_null() || name.as_str() == Some(""))
}

impl Report<'_> {
    /// A field is missing without which nothing can be said of the object.
    fn header(&mut self, node: &Node, field: &str) {
        self.required(node, field);
        self.last().rule = rule!("kubernetes/header");
    }

    /// The API server makes the name. `kubectl apply` looks for an object of the name first.
    fn generated_name(&mut self, object: &Node) {
        let Some(node) = object.at("metadata.generateName") else { return };
        self.warn(node, "is refused by `kubectl apply`, which needs `metadata.name`");
        let warning = self.last();
        warning.rule = rule!("kubernetes/header");
        warning.help.push("use `kubectl create`, or give it a name".to_owned());
    }

    /// A kind that may be anyone's.
    fn foreign(&mut self, object: &Node, api: &Api) {
        let text = |field: &str| object.str_at(field);
        let (version, name) = (text("apiVersion"), text("kind"));
        let Some(kind) = object.get("kind") else { return };
        self.warn(kind, format!("unknown kind of {version}: only its metadata is checked"));
        let note = self.last();
        (note.severity, note.rule) = (Severity::Note, rule!("kubernetes/kind"));
        // A group of Kubernetes that is misspelled: the kind is one of its own.
        let versions = api.versions_of(name);
        let near = did_you_mean(version, versions.iter().copied());
        let near = near.filter(|_| version.contains(".k8s.io/"));
        note.help.push(near.unwrap_or_else(|| "add its definition with `--crd FILE`".to_owned()));
    }

    /// A kind that Kubernetes has not, or not in this version.
    fn missing_kind(&mut self, object: &Node, known: api::Availability, api: &Api) {
        let text = |field: &str| object.str_at(field);
        let (version, name) = (text("apiVersion"), text("kind"));
        let words = match known {
            api::Availability::Gone(last) => format!("removed in Kubernetes 1.{}", last + 1),
            api::Availability::New(first) => format!("added in Kubernetes 1.{first}"),
            _ => format!("unknown kind in Kubernetes 1.{}", api.minor()),
        };
        let Some(node) = object.get("kind") else { return };
        let help = match api.versions_of(name).as_slice() {
            [] if !matches!(known, api::Availability::Missing) => None,
            [] => did_you_mean(name, api.names_of(version)),
            versions => Some(format!("write `apiVersion: {}`", versions.join("` or `"))),
        };
        let finding = self.unknown_kind(node, format!("`{name}` in `{version}`: {words}"));
        finding.help.extend(help);
    }
}

/// Every text of an object that may be a file of its own.
pub(crate) fn texts<'n>(
    object: &'n Node,
    field: &str,
) -> impl Iterator<Item = (&'n str, &'n Node)> {
    let map = object.map_at(field);
    map.into_iter()
        .flat_map(|map| map.iter())
        .filter(|(_, value)| matches!(value.kind, Kind::Text(_)))
}

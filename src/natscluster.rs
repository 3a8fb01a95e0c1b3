//! The manifests of the NATS operator, and what stands beside them.
//!
//! ```text
//! files ── Input::read ──► clusters, roles, accounts, Secrets, other documents
//! cluster × input ── values ──► the values of the chart `natscluster`, which makes plain manifests
//! cluster × input ── values_file::text ──► a values file for `nats/nats`
//! cluster ── notes::of ──► what to know before the operator goes
//! ```

mod authorization;
mod input;
pub mod notes;
pub mod values_file;

pub use input::{Cluster, Input};

use crate::chart::NATS_CLUSTER;
use crate::diagnostic::{Diagnostic, Findings, has_errors};
use crate::rules;
use crate::schema::Schema;
use crate::source::Source;
use crate::values;
use crate::yaml::Node;

/// A kind of manifest that the operator reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A cluster of servers.
    Cluster,
    /// What the users of a ServiceAccount may do in a cluster.
    Role,
}

/// How `convert` treats what a manifest leaves open.
#[derive(Clone, Debug)]
pub struct Choices {
    /// The key of a Secret with users.
    pub auth_key: Option<String>,
    /// Whether Kubernetes is to make the tokens of ServiceAccounts.
    pub token_secrets: bool,
}

/// Which of the operator's kinds a manifest is, by its `kind` and its API group.
pub fn kind_of(manifest: &Node) -> Option<Kind> {
    let group = manifest.get("apiVersion").and_then(Node::as_str).unwrap_or("nats.io/");
    if !group.starts_with("nats.io/") {
        return None;
    }
    match manifest.get("kind").and_then(Node::as_str)? {
        "NatsCluster" => Some(Kind::Cluster),
        "NatsServiceRole" => Some(Kind::Role),
        _ => None,
    }
}

/// What is wrong in one manifest of the operator by itself.
pub fn check(manifest: &Node) -> Vec<Diagnostic> {
    let (name, schema) = match kind_of(manifest) {
        Some(Kind::Cluster) => ("natscluster", NATS_CLUSTER.schema),
        Some(Kind::Role) => ("natsservicerole", include_str!("../schemas/natsservicerole.json")),
        None => return Vec::new(),
    };
    let schema = Source::new(format!("schemas/{name}.json"), schema);
    let mut found = Schema::built_in(name, schema)
        .map(|schema| schema.validate(&mut manifest.clone(), ""))
        .unwrap_or_default();
    found.extend(rules::findings(name, manifest));
    found
}

/// The values of the chart `natscluster`: the manifest over the operator's defaults, and who may connect.
///
/// # Errors
/// What is said of the users cannot be used.
pub fn values(
    cluster: &Cluster,
    input: &Input,
    choices: &Choices,
    warnings: &mut Vec<Diagnostic>,
) -> Result<Node, Findings> {
    let chart = NATS_CLUSTER.load();
    let manifest = cluster.node.as_map().cloned().unwrap_or_default();
    let mut values = values::of(&chart, manifest, warnings)?;
    let mut found = Vec::new();
    let login = authorization::of(cluster, input, choices, &mut found);
    if has_errors(&found) {
        return Err(found.into());
    }
    warnings.extend(found);
    if let (Some(known), Some(login)) =
        (values.as_map_mut().and_then(|map| map.get_mut("authorization")), login)
    {
        for (key, entry) in login.into_map() {
            if let Some(known) = known.as_map_mut() {
                known.insert(key, entry.key, entry.value);
            }
        }
    }
    Ok(values)
}

/// The node below a dotted path, unless it is missing or null.
fn at<'n>(node: &'n Node, path: &str) -> Option<&'n Node> {
    path.split('.').try_fold(node, |node, key| node.get(key)).filter(|node| !node.is_null())
}

/// A text that is not empty.
fn text<'n>(node: &'n Node, path: &str) -> Option<&'n str> {
    at(node, path).and_then(Node::as_str).filter(|text| !text.is_empty())
}

fn on(node: &Node, path: &str) -> bool {
    at(node, path).and_then(Node::as_bool).unwrap_or(false)
}

fn list<'n>(node: &'n Node, path: &str) -> &'n [Node] {
    at(node, path).and_then(Node::as_list).unwrap_or(&[])
}

//! The manifests of the NATS operator, and what is beside them.
//!
//! ```text
//! files ── Input::read ──► clusters, roles, accounts, Secrets, other documents
//! cluster × input ── values ──► the values of the chart `natscluster`, which makes plain manifests
//! cluster × input ── values_file::text ──► a values file for `nats/nats`
//! cluster ── notes::of ──► what to know before the operator goes
//! files ── validate ──► what is wrong in them
//! ```

mod authorization;
mod input;
pub mod notes;
pub mod values_file;

pub use authorization::MISSING_LOGIN;
pub use input::{Cluster, Input};

use authorization::Servers;

use crate::{CLUSTER, schemas};

use std::sync::Arc;

use jinnacle_chart::rules;
use jinnacle_chart::rules::Rule;
use jinnacle_chart::schema::Schema;
use jinnacle_chart::values;
use jinnacle_syntax::diagnostic::{Diagnostic, Fix, Sink, Stopped, nearest, rule};
use jinnacle_syntax::policy::Policy;
use jinnacle_syntax::source::Source;
use jinnacle_syntax::yaml::{self, Limits, Node, read_documents};

/// A kind of manifest that the operator reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OperatorKind {
    /// A cluster of servers.
    Cluster,
    /// What the users of a ServiceAccount may do in a cluster.
    Role,
}

/// What a cluster is converted to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// Plain manifests.
    Manifests,
    /// A values file for `nats/nats`.
    Values,
}

/// How `convert` treats what a manifest leaves open.
#[derive(Clone, Debug)]
pub struct Choices {
    /// The key of a Secret with users.
    pub auth_key: Option<String>,
    /// Whether Kubernetes is to make the tokens of ServiceAccounts.
    pub token_secrets: bool,
}

/// The operator's kinds by their names.
const KINDS: [(&str, OperatorKind); 2] =
    [("NatsCluster", OperatorKind::Cluster), ("NatsServiceRole", OperatorKind::Role)];

/// The operator's API group with what follows it.
const GROUP: &str = "nats.io/";

/// Which of the operator's kinds a manifest is, by its `kind` and its API group.
pub fn kind_of(manifest: &Node) -> Option<OperatorKind> {
    let group = manifest.get("apiVersion").and_then(Node::as_str).unwrap_or(GROUP);
    let kind = manifest.text_at("kind")?;
    let known = KINDS.iter().find(|(name, _)| group.starts_with(GROUP) && *name == kind);
    known.map(|(_, kind)| *kind)
}

/// Whether a file holds a manifest of the operator, by itself or in a `List`, so that it holds no values.
pub fn is_in(source: &Arc<Source>) -> bool {
    // A file of values, which most are, is not read for this.
    let mut signs = KINDS.iter().map(|(name, _)| *name).chain([GROUP]);
    if !signs.any(|sign| source.text().contains(sign)) {
        return false;
    }
    let (documents, _) = read_documents(source, &Limits::default());
    let is_of_operator = |node: &Node| {
        kind_of(node).is_some()
            || node.text_at("apiVersion").is_some_and(|it| it.starts_with(GROUP))
    };
    let roots = documents.iter().map(|document| &document.root);
    roots.flat_map(|root| root.list_at("items").iter().chain([root])).any(is_of_operator)
}

/// What is wrong in one manifest of the operator by itself.
pub fn check(manifest: &Node, sink: &mut Sink) {
    let (schema, own): (_, &[Rule]) = match kind_of(manifest) {
        Some(OperatorKind::Cluster) => (CLUSTER.schema, CLUSTER.rules),
        Some(OperatorKind::Role) => (&schemas::SERVICE_ROLE, &[]),
        None => return sink.extend(unknown_kind(manifest)),
    };
    sink.extend(Schema::built_in(schema).validate(&mut manifest.clone(), ""));
    sink.extend(rules::check(own, manifest));
}

/// A kind of the operator's group that the operator does not have.
fn unknown_kind(manifest: &Node) -> Option<Diagnostic> {
    manifest.text_at("apiVersion").filter(|version| version.starts_with(GROUP))?;
    let kind = manifest.at("kind")?;
    let name = kind.as_str().unwrap_or_default();
    let names = KINDS.map(|(name, _)| name);
    let message = format!("the operator knows no kind `{name}`");
    let error = Diagnostic::error(rule!("natscluster/kind"), message).at(&kind.span);
    Some(match nearest(name, names) {
        Some(meant) => {
            error.help(format!("did you mean `{meant}`?")).fix(Fix::replace(&kind.span, meant))
        }
        None => error.help(format!("write one of {}", names.join(", "))),
    })
}

/// The values of the chart `natscluster`: the manifest over the operator's defaults, and who may connect.
///
/// # Errors
/// What is said of the users cannot be used, and the policy does not allow it.
pub fn values(
    cluster: &Cluster,
    input: &Input,
    choices: &Choices,
    policy: &Policy,
    sink: &mut Sink,
) -> Result<Node, Stopped> {
    let chart = CLUSTER.load();
    let manifest = cluster.node.as_map().cloned().unwrap_or_default();
    let mut values = values::merge(&chart, manifest, sink)?;
    let mut found = Sink::new();
    let login = authorization::of(cluster, input, choices, &mut found);
    let mut of_servers = Vec::new();
    for (servers, key) in
        [(Servers::Cluster, "clusterAuthorization"), (Servers::Gateway, "gatewayAuthorization")]
    {
        let login = authorization::of_servers(cluster, input, choices, servers, &mut found);
        of_servers.extend(login.map(|login| (key, login)));
    }
    policy.stop(found, sink)?;
    if let Some(map) = values.as_map_mut() {
        for (key, login) in of_servers {
            let span = cluster.node.span.clone();
            map.insert(key, span.clone(), Node::new(yaml::Kind::Map(login), span));
        }
    }
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

//! Files with manifests → clusters and what belongs to them.

use std::collections::HashMap;
use std::sync::Arc;

use jinnacle_functions::encoding::from_base64;
use jinnacle_kubernetes::manifest::{self, Manifest};
use jinnacle_syntax::diagnostic::{Diagnostic, Sink, rule};
use jinnacle_syntax::source::{Source, Span};
use jinnacle_syntax::yaml::{Ends, Map, Node, emit};

use super::{OperatorKind, check, kind_of};

/// All documents of the files, in order.
#[derive(Debug)]
pub struct Input {
    /// The documents; what was in a `List` is by itself.
    pub documents: Vec<Manifest>,
    namespace: String,
    /// Which documents bear a name.
    by_name: HashMap<String, Vec<usize>>,
    /// Which documents are roles for a cluster of a name.
    by_cluster: HashMap<String, Vec<usize>>,
}

/// A NatsCluster.
#[derive(Debug)]
pub struct Cluster<'i> {
    /// Its name.
    pub name: &'i str,
    /// Its namespace, written or not.
    pub namespace: &'i str,
    /// The manifest.
    pub node: &'i Node,
}

/// A key of a Secret with its place, and its text, decoded. Messages show the line of a place, so it is not that
/// of the text.
pub struct SecretEntry<'i> {
    pub key: &'i str,
    pub text: String,
    pub span: &'i Span,
}

impl Input {
    /// Reads the documents and checks those of the operator, each alone and all together. A document
    /// without a namespace is in the one that is given. What is not a manifest is only among the findings.
    pub fn read(sources: &[Arc<Source>], namespace: &str, sink: &mut Sink) -> Self {
        let mut documents = Vec::new();
        let before = sink.len();
        for source in sources {
            if let Ok(read) = manifest::documents(source.name(), source, Ends::Lines, sink) {
                let read = manifest::manifests(source.name(), read);
                documents.extend(read.into_iter().flat_map(unpacked));
            }
        }
        let (mut by_name, mut by_cluster) = (HashMap::new(), HashMap::new());
        for (at, document) in documents.iter().enumerate() {
            by_name.entry(document.name().to_owned()).or_insert_with(Vec::new).push(at);
            if let Some(cluster) = role_of(document) {
                by_cluster.entry(cluster.to_owned()).or_insert_with(Vec::new).push(at);
            }
        }
        let input = Self { documents, namespace: namespace.to_owned(), by_name, by_cluster };
        if !sink.iter().skip(before).any(Diagnostic::is_error) {
            input.check_together(sink);
        }
        input.documents.iter().for_each(|document| check(&document.body, sink));
        input
    }

    /// The cluster that a document is.
    pub fn cluster<'i>(&'i self, document: &'i Manifest) -> Option<Cluster<'i>> {
        (kind_of(&document.body) == Some(OperatorKind::Cluster)).then(|| Cluster {
            name: document.name(),
            namespace: self.namespace_of(&document.body),
            node: &document.body,
        })
    }

    /// All clusters.
    pub fn clusters(&self) -> impl Iterator<Item = Cluster<'_>> {
        self.documents.iter().filter_map(|document| self.cluster(document))
    }

    /// The roles that name a cluster, by name.
    pub fn roles(&self, cluster: &Cluster) -> Vec<&Manifest> {
        let roles = self.by_cluster.get(cluster.name).into_iter().flatten();
        let mut roles: Vec<&Manifest> = roles
            .map(|&at| &self.documents[at])
            .filter(|role| self.namespace_of(&role.body) == cluster.namespace)
            .collect();
        roles.sort_by(|a, b| a.name().cmp(b.name()));
        roles
    }

    /// The documents of a name, in order.
    fn named(&self, name: &str) -> impl Iterator<Item = &Manifest> {
        self.by_name.get(name).into_iter().flatten().map(|&at| &self.documents[at])
    }

    /// The clusters of a name, in any namespace.
    fn clusters_named(&self, name: &str) -> impl Iterator<Item = Cluster<'_>> {
        self.named(name).filter_map(|document| self.cluster(document))
    }

    /// The ServiceAccounts of a name, in any namespace, by namespace.
    pub fn accounts(&self, name: &str) -> Vec<(&str, &Manifest)> {
        let mut accounts: Vec<(&str, &Manifest)> = self
            .named(name)
            .filter(|document| document.kind() == "ServiceAccount")
            .map(|document| (self.namespace_of(&document.body), document))
            .collect();
        accounts.sort_by_key(|(namespace, _)| *namespace);
        accounts
    }

    /// The keys of a Secret, if it is in the input.
    ///
    /// # Errors
    /// Something in `data` is not a base64.
    pub fn secret(
        &self,
        namespace: &str,
        name: &str,
    ) -> Option<Result<Vec<SecretEntry<'_>>, Diagnostic>> {
        let secret = self.named(name).find(|document| {
            document.kind() == "Secret" && self.namespace_of(&document.body) == namespace
        })?;
        Some(entries(&secret.body))
    }

    fn namespace_of<'i>(&'i self, body: &'i Node) -> &'i str {
        body.text_at("metadata.namespace").unwrap_or(&self.namespace)
    }

    /// What is wrong between the documents.
    fn check_together(&self, sink: &mut Sink) {
        let mut names: HashMap<(&str, String), &Span> = HashMap::new();
        for cluster in self.clusters() {
            let (Some(node), namespace) = (cluster.node.at("metadata.name"), cluster.namespace)
            else {
                continue;
            };
            let services = [cluster.name.to_owned(), format!("{}-mgmt", cluster.name)];
            let other = services
                .iter()
                .find_map(|name| names.get(&(namespace, name.clone())).map(|span| (*span, name)));
            if let Some((other, service)) = other {
                sink.push(
                    Diagnostic::error(
                        rule!("natscluster/twice"),
                        format!("two clusters in {namespace} would have the Service `{service}`"),
                    )
                    .at(&node.span)
                    .related(other, "the other one"),
                );
            }
            for service in services {
                names.insert((namespace, service), &node.span);
            }
        }
        for cluster in self.clusters() {
            self.unknown_routes(&cluster, sink);
        }
        let is_role = |it: &&Manifest| kind_of(&it.body) == Some(OperatorKind::Role);
        sink.extend(self.documents.iter().filter(is_role).filter_map(|it| self.lost_role(it)));
        sink.extend(self.documents.iter().filter_map(old_certificate));
    }

    fn unknown_routes(&self, cluster: &Cluster, sink: &mut Sink) {
        let routes = cluster.node.list_at("spec.extraRoutes").iter();
        let routes = routes
            .filter(|route| route.text_at("route").is_none())
            .filter_map(|route| route.at("cluster"))
            .filter(|other| {
                let mut known = other.as_str().into_iter().flat_map(|it| self.clusters_named(it));
                !known.any(|known| known.namespace == cluster.namespace)
            })
            .map(|other| {
                let name = other.as_str().unwrap_or_default();
                Diagnostic::warning(
                    rule!("natscluster/route"),
                    format!("the cluster `{name}` is not among the manifests"),
                )
                .at(&other.span)
                .help(format!("the route goes to the Service `{name}-mgmt`, which must stay"))
            });
        sink.extend(routes);
    }

    /// A role that no cluster will read.
    fn lost_role(&self, role: &Manifest) -> Option<Diagnostic> {
        let name = role.body.at("metadata.name")?;
        let warning = |message: String| {
            Diagnostic::warning(rule!("natscluster/role"), message).at(&name.span)
        };
        let Some(wanted) = cluster_of(&role.body) else {
            return Some(
                warning(format!("the role `{}` is for no cluster", role.name()))
                    .help("label it with `nats_cluster: NAME`"),
            );
        };
        let namespace = self.namespace_of(&role.body);
        match self.clusters_named(wanted).next() {
            Some(cluster) if cluster.namespace != namespace => Some(
                warning(format!(
                    "the role `{}` is in {namespace}, and its cluster in {}",
                    role.name(),
                    cluster.namespace
                ))
                .help("write both into one namespace, or give it with -n where none is written"),
            ),
            Some(cluster) if !cluster.node.is_true("spec.auth.enableServiceAccounts") => Some(
                warning(format!("the role `{}` has no effect", role.name()))
                    .help("its cluster does not say `spec.auth.enableServiceAccounts: true`"),
            ),
            Some(_) => None,
            None => Some(warning(format!(
                "the role `{}` is for the cluster `{wanted}`, which is not among the manifests",
                role.name()
            ))),
        }
    }
}

/// The operator's README has certificates in a version that cert-manager 1.6 took away.
fn old_certificate(document: &Manifest) -> Option<Diagnostic> {
    let version = document.body.at("apiVersion")?;
    let old = version.as_str()?.strip_prefix("cert-manager.io/v1")?;
    (!old.is_empty()).then(|| {
        Diagnostic::warning(
            rule!("natscluster/cert-manager"),
            format!("cert-manager 1.6 and later do not know cert-manager.io/v1{old}"),
        )
        .at(&version.span)
        .help("write `cert-manager.io/v1`; `organization` is `subject.organizations` there")
    })
}

/// The cluster that a document names, if it is a role.
fn role_of(document: &Manifest) -> Option<&str> {
    cluster_of(&document.body).filter(|_| kind_of(&document.body) == Some(OperatorKind::Role))
}

/// The cluster that a role names.
fn cluster_of(role: &Node) -> Option<&str> {
    role.at("metadata.labels.nats_cluster")?.as_str()
}

/// What is in a `List` when something of the operator is among it, as `kubectl get -o yaml` prints.
fn unpacked(document: Manifest) -> Vec<Manifest> {
    let items = document.body.list_at("items");
    if !document.kind().ends_with("List") || !items.iter().any(|item| kind_of(item).is_some()) {
        return vec![document];
    }
    items
        .iter()
        .map(|item| Manifest {
            ends: Ends::Lines,
            template: document.template.clone(),
            text: emit::to_yaml(item).trim_end().to_owned(),
            span: document.span.clone(),
            body: item.clone().into(),
            hook: document.hook.clone(),
        })
        .collect()
}

fn entries(secret: &Node) -> Result<Vec<SecretEntry<'_>>, Diagnostic> {
    let plain = secret.map_at("stringData");
    let mut found = Vec::new();
    for (key, entry) in plain.into_iter().flat_map(Map::entries) {
        let text = entry.value.as_str().unwrap_or_default().to_owned();
        found.push(SecretEntry { key, text, span: &entry.key });
    }
    let encoded = secret.map_at("data");
    for (key, entry) in encoded.into_iter().flat_map(Map::entries) {
        if found.iter().any(|known| known.key == key) {
            continue;
        }
        let code: String = entry.value.as_str().unwrap_or_default().split_whitespace().collect();
        let text = from_base64(code.as_bytes())
            .ok()
            .and_then(|bytes| String::from_utf8(bytes).ok())
            .ok_or_else(|| {
                Diagnostic::error(
                    rule!("natscluster/secret"),
                    format!("`data.{key}`: invalid base64 of a string"),
                )
                .at(&entry.value.span)
                .help("write the plain string below `stringData`")
            })?;
        found.push(SecretEntry { key, text, span: &entry.key });
    }
    Ok(found)
}

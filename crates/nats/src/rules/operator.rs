//! The rules of `nats/nats-operator`.

use jinnacle_chart::release::Release;
use jinnacle_chart::rules::{Finding, ReleaseRule, Rule, filled};
use jinnacle_syntax::diagnostic::rule;
use jinnacle_syntax::source::Span;
use jinnacle_syntax::yaml::Node;

use super::images;

/// Every rule, in the order of the values file.
pub const RULES: &[Rule] = &[
    Rule { id: rule!("operator/image"), check: images::of_operator },
    Rule { id: rule!("operator/namespace"), check: namespace },
    Rule { id: rule!("operator/feature-gate"), check: feature_gates },
    Rule { id: rule!("operator/cluster-auth"), check: cluster_auth },
    Rule { id: rule!("operator/cluster-tls"), check: cluster_tls },
];

/// The rules that look at the release too.
pub const RELEASE_RULES: &[ReleaseRule] =
    &[ReleaseRule { id: rule!("operator/namespace"), check: home }];

/// The namespace without which a cluster-scoped operator ends.
const HOME: &str = "nats-io";

fn key<'v>(values: &'v Node, path: &str) -> &'v Span {
    values.entry_at(path).map_or(&values.span, |entry| &entry.key)
}

/// A cluster-scoped operator whose namespace is that of the release.
fn home(values: &Node, release: &Release) -> Vec<Finding> {
    let scope = values.at("scope").filter(|scope| scope.as_str() == Some("cluster"));
    let wrong = values.text_at("namespace").is_none() && release.namespace != HOME;
    let error = |scope: &Node| {
        Finding::error(
            &scope.span,
            format!(
                "a cluster-scoped operator runs only in {HOME}, and the release is in {}",
                release.namespace
            ),
        )
        .help(format!("add `-n {HOME}`, or write `namespace: {HOME}`"))
    };
    scope.filter(|_| wrong).map(error).into_iter().collect()
}

fn namespace(values: &Node) -> Vec<Finding> {
    if values.text_at("scope") != Some("cluster") {
        return Vec::new();
    }
    let mut found = Vec::new();
    if let Some(namespace) = values.text_at("namespace").filter(|name| *name != HOME) {
        let span = values.at("namespace").map_or(&values.span, |node| &node.span);
        found.push(
            Finding::error(
                span,
                format!("a cluster-scoped operator runs only in {HOME}, found {namespace}"),
            )
            .help(format!("write `namespace: {HOME}`, or `scope: namespace`"))
            .related(key(values, "scope"), "the scope"),
        );
    }
    if !values.list_at("extraNamespaces").is_empty() {
        found.push(
            Finding::error(
                key(values, "extraNamespaces"),
                "a cluster-scoped operator must be the only operator of the cluster",
            )
            .help("leave `extraNamespaces` out"),
        );
    }
    if values.is_true("rbac.namespaced") {
        found.push(Finding::warning(
            key(values, "rbac.namespaced"),
            "`rbac.namespaced` has no effect: a cluster-scoped operator works in all namespaces",
        ));
    }
    found
}

/// The operator ends at a gate that it does not know.
fn feature_gates(values: &Node) -> Vec<Finding> {
    let Some(gates) = values.map_at("featureGates") else {
        return Vec::new();
    };
    gates
        .entries()
        .map(|(gate, entry)| match gate {
            "ClusterScoped" => Finding::error(&entry.key, "`ClusterScoped` follows from `scope`")
                .help("write `scope: cluster`"),
            _ => Finding::warning(
                &entry.key,
                format!(
                    "the operator 0.8 knows no feature gate `{gate}`, and ends at an unknown one"
                ),
            ),
        })
        .collect()
}

fn cluster_auth(values: &Node) -> Vec<Finding> {
    let auth = "cluster.auth";
    if !values.is_true("cluster.create") || !values.is_true("cluster.auth.enabled") {
        return Vec::new();
    }
    if values.is_true("cluster.auth.enableServiceAccounts") {
        let mut found = Vec::new();
        for path in ["cluster.auth.users", "cluster.auth.password"] {
            if filled(values.at(path)) {
                found.push(Finding::warning(
                    key(values, path),
                    format!("`{path}` has no effect together with `enableServiceAccounts`"),
                ));
            }
        }
        if values.is_true("rbac.namespaced") && values.text_at("scope") != Some("cluster") {
            found.push(
                Finding::error(
                    key(values, "rbac.namespaced"),
                    "`cluster.auth.enableServiceAccounts` requires the right to list all namespaces, which a Role cannot grant",
                )
                .help("write `rbac.namespaced: false`"),
            );
        }
        return found;
    }
    let single = ["username", "password"]
        .iter()
        .all(|name| values.text_at(&format!("{auth}.{name}")).is_some());
    if single || !values.list_at("cluster.auth.users").is_empty() {
        return Vec::new();
    }
    vec![
        Finding::error(key(values, auth), format!("`{auth}` has no user"))
            .help("give `username` and `password`, or `users`, or `enableServiceAccounts: true`"),
    ]
}

fn cluster_tls(values: &Node) -> Vec<Finding> {
    let some = ["serverSecret", "routesSecret"]
        .iter()
        .any(|name| values.text_at(&format!("cluster.tls.{name}")).is_some());
    if !values.is_true("cluster.create") || !values.is_true("cluster.tls.enabled") || some {
        return Vec::new();
    }
    vec![
        Finding::error(key(values, "cluster.tls"), "`cluster.tls` names no Secret")
            .help("give `serverSecret`, `routesSecret` or both"),
    ]
}

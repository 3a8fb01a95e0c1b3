//! The manifests that a NatsCluster becomes, and what is wrong in files with NatsClusters.

use std::sync::Arc;

pub use jinnacle_nats::natscluster::*;

use crate::diagnostic::{Diagnostic, Severity, Sink, Stopped};
use crate::manifest::Manifest;
use crate::nats;
use crate::pipeline::Merged;
use crate::policy::Policy;
use crate::release::{Capabilities, DEFAULT_KUBE_VERSION, Release};
use crate::render::{Randomness, ReleaseContext};
use crate::source::{Source, Span};

/// All that is wrong in files with manifests of the operator, taken together.
pub fn validate(sources: &[Arc<Source>], sink: &mut Sink) {
    let mut found = Sink::new();
    let choices = Choices { auth_key: None, token_secrets: false };
    let (policy, capabilities) = (Policy::default(), Capabilities::new(DEFAULT_KUBE_VERSION, &[]));
    let input = Input::read(sources, "default", &mut found);
    let errors: Vec<Span> = found
        .iter()
        .filter(|finding| finding.severity == Severity::Error)
        .filter_map(|finding| finding.span.clone())
        .collect();
    let is_in = |error: &Span, cluster: &Cluster| {
        let span = &cluster.node.span;
        Arc::ptr_eq(error.source(), span.source())
            && (span.start()..span.end()).contains(&error.start())
    };
    for cluster in input.clusters() {
        // A mistake in another cluster does not matter here; one in a role or a Secret may.
        let is_elsewhere = |error: &Span| {
            input
                .clusters()
                .any(|other| !std::ptr::eq(other.node, cluster.node) && is_in(error, &other))
        };
        if errors.iter().all(is_elsewhere) {
            // What stops it is among the findings.
            let _ = manifests(&cluster, &input, &choices, &capabilities, &policy, &mut found);
        }
    }
    // Those say what `convert` does.
    let found = found.into_iter().filter(|finding| finding.severity != Severity::Note);
    sink.extend(found.map(|mut finding| {
        if finding.rule == MISSING_LOGIN {
            finding.severity = Severity::Warning;
        }
        finding
    }));
}

/// What a cluster becomes, in install order. What Kubernetes or nats-server would refuse of it is among the findings.
///
/// # Errors
/// As [`values`].
pub fn manifests(
    cluster: &Cluster,
    input: &Input,
    choices: &Choices,
    capabilities: &Capabilities,
    policy: &Policy,
    sink: &mut Sink,
) -> Result<Vec<Manifest>, Stopped> {
    let (chart, values) = (nats::CLUSTER.load(), values(cluster, input, choices, policy, sink)?);
    let release = Release {
        name: cluster.name.to_owned(),
        namespace: cluster.namespace.to_owned(),
        is_upgrade: false,
    };
    let randomness = Randomness::new("natscluster", 0);
    let release_context =
        ReleaseContext { release: &release, capabilities, randomness: &randomness };
    let made = Merged { chart, values, release_context }.render(sink)?;
    // What no value alone causes, is the fault of the whole.
    let whole = cluster.node.at("spec").unwrap_or(cluster.node);
    let of_template = |finding: &Diagnostic| {
        let name = finding.span.as_ref().map(|span| span.source().name());
        name.is_some_and(|name| name.starts_with("natscluster/templates/"))
    };
    sink.changed(
        |sink| made.check(capabilities.kube_version.minor, sink),
        |finding| Some(if of_template(&finding) { finding.at(&whole.span) } else { finding }),
    );
    Ok(made.manifests)
}

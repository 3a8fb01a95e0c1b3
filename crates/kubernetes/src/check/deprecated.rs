//! Kinds that Kubernetes gives up (its deprecated API migration guide). The table of kinds says when a kind went;
//! this one, since when it should not be used, and what to use.

use super::api;

/// What becomes of a kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deprecation {
    /// Whether the cluster still serves it.
    pub is_served: bool,
    /// What to use.
    pub instead: &'static str,
}

/// What becomes of a kind in a version such as `apps/v1beta1` in Kubernetes 1.`minor`; none where it may be used.
pub fn deprecation(api_version: &str, kind: &str, minor: u64) -> Option<Deprecation> {
    let row = ROWS.iter().find(|row| row.is(api_version, kind) && minor >= row.since)?;
    let last = api::last_minor(api_version, kind).unwrap_or(LAST_OF_OLDER);
    Some(Deprecation { is_served: minor <= last, instead: row.instead })
}

/// What is older than the table of kinds went with Kubernetes 1.16.
const LAST_OF_OLDER: u64 = 15;

/// Some kinds of an API with the minor version since which they are deprecated.
struct Row {
    api_version: &'static str,
    /// By spaces; empty for all kinds of the API.
    kinds: &'static str,
    since: u64,
    instead: &'static str,
}

impl Row {
    fn is(&self, api_version: &str, kind: &str) -> bool {
        self.api_version == api_version
            && (self.kinds.is_empty() || self.kinds.split(' ').any(|known| known == kind))
    }
}

const fn row(
    api_version: &'static str,
    kinds: &'static str,
    since: u64,
    instead: &'static str,
) -> Row {
    Row { api_version, kinds, since, instead }
}

#[rustfmt::skip]
const ROWS: [Row; 26] = [
    row("extensions/v1beta1", "Ingress", 14, "networking.k8s.io/v1"),
    row("extensions/v1beta1", "NetworkPolicy", 9, "networking.k8s.io/v1"),
    row("extensions/v1beta1", "Deployment DaemonSet ReplicaSet", 9, "apps/v1"),
    row("apps/v1beta1", "", 9, "apps/v1"),
    row("apps/v1beta2", "", 9, "apps/v1"),
    row("admissionregistration.k8s.io/v1beta1", "MutatingWebhookConfiguration ValidatingWebhookConfiguration", 16, "admissionregistration.k8s.io/v1"),
    row("apiextensions.k8s.io/v1beta1", "", 16, "apiextensions.k8s.io/v1"),
    row("apiregistration.k8s.io/v1beta1", "", 19, "apiregistration.k8s.io/v1"),
    row("authentication.k8s.io/v1beta1", "TokenReview", 19, "authentication.k8s.io/v1"),
    row("authorization.k8s.io/v1beta1", "", 19, "authorization.k8s.io/v1"),
    row("autoscaling/v2beta1", "", 22, "autoscaling/v2"),
    row("autoscaling/v2beta2", "", 23, "autoscaling/v2"),
    row("batch/v1beta1", "CronJob", 21, "batch/v1"),
    row("certificates.k8s.io/v1beta1", "CertificateSigningRequest", 19, "certificates.k8s.io/v1"),
    row("coordination.k8s.io/v1beta1", "Lease", 19, "coordination.k8s.io/v1"),
    row("discovery.k8s.io/v1beta1", "", 21, "discovery.k8s.io/v1"),
    row("events.k8s.io/v1beta1", "", 19, "events.k8s.io/v1"),
    row("flowcontrol.apiserver.k8s.io/v1beta1", "", 23, "flowcontrol.apiserver.k8s.io/v1"),
    row("flowcontrol.apiserver.k8s.io/v1beta2", "", 26, "flowcontrol.apiserver.k8s.io/v1"),
    row("flowcontrol.apiserver.k8s.io/v1beta3", "", 29, "flowcontrol.apiserver.k8s.io/v1"),
    row("networking.k8s.io/v1beta1", "Ingress IngressClass", 19, "networking.k8s.io/v1"),
    row("node.k8s.io/v1beta1", "RuntimeClass", 20, "node.k8s.io/v1"),
    row("policy/v1beta1", "PodDisruptionBudget", 21, "policy/v1"),
    row("policy/v1beta1", "PodSecurityPolicy", 21, "pod security admission"),
    row("rbac.authorization.k8s.io/v1beta1", "", 17, "rbac.authorization.k8s.io/v1"),
    row("scheduling.k8s.io/v1beta1", "PriorityClass", 14, "scheduling.k8s.io/v1"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_deprecated_before_they_go() {
        for row in &ROWS {
            for kind in row.kinds.split(' ').filter(|kind| !kind.is_empty()) {
                let last = api::last_minor(row.api_version, kind).unwrap_or(LAST_OF_OLDER);
                assert!(row.since <= last && last < api::NEWEST, "{} {kind}", row.api_version);
            }
        }
        let of = |minor| deprecation("batch/v1beta1", "CronJob", minor);
        assert_eq!(of(20), None);
        assert_eq!(of(24), Some(Deprecation { is_served: true, instead: "batch/v1" }));
        assert_eq!(of(25), Some(Deprecation { is_served: false, instead: "batch/v1" }));
        assert!(!deprecation("apps/v1beta2", "Deployment", 16).unwrap().is_served);
    }
}

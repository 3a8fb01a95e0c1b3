//! APIs that Kubernetes has given up (its deprecated API migration guide).

/// An API of some kinds with the minor versions in which it ends.
pub struct Api {
    group: &'static str,
    /// By spaces; empty for all kinds of the group.
    kinds: &'static str,
    /// From here on it should not be used.
    pub deprecated: u64,
    /// From here on it is not served.
    pub removed: u64,
    /// The one to use.
    pub instead: &'static str,
}

impl Api {
    /// Whether it is the one of a kind in a group.
    pub fn is(&self, group: &str, kind: &str) -> bool {
        self.group == group
            && (self.kinds.is_empty() || self.kinds.split(' ').any(|known| known == kind))
    }
}

const fn api(
    group: &'static str,
    kinds: &'static str,
    deprecated: u64,
    removed: u64,
    instead: &'static str,
) -> Api {
    Api { group, kinds, deprecated, removed, instead }
}

/// All of them.
pub const APIS: [Api; 26] = [
    api("extensions/v1beta1", "Ingress", 14, 22, "networking.k8s.io/v1"),
    api("extensions/v1beta1", "NetworkPolicy", 9, 16, "networking.k8s.io/v1"),
    api("extensions/v1beta1", "Deployment DaemonSet ReplicaSet", 9, 16, "apps/v1"),
    api("apps/v1beta1", "", 9, 16, "apps/v1"),
    api("apps/v1beta2", "", 9, 16, "apps/v1"),
    api(
        "admissionregistration.k8s.io/v1beta1",
        "MutatingWebhookConfiguration ValidatingWebhookConfiguration",
        16,
        22,
        "admissionregistration.k8s.io/v1",
    ),
    api("apiextensions.k8s.io/v1beta1", "", 16, 22, "apiextensions.k8s.io/v1"),
    api("apiregistration.k8s.io/v1beta1", "", 19, 22, "apiregistration.k8s.io/v1"),
    api("authentication.k8s.io/v1beta1", "TokenReview", 19, 22, "authentication.k8s.io/v1"),
    api("authorization.k8s.io/v1beta1", "", 19, 22, "authorization.k8s.io/v1"),
    api("autoscaling/v2beta1", "", 22, 25, "autoscaling/v2"),
    api("autoscaling/v2beta2", "", 23, 26, "autoscaling/v2"),
    api("batch/v1beta1", "CronJob", 21, 25, "batch/v1"),
    api(
        "certificates.k8s.io/v1beta1",
        "CertificateSigningRequest",
        19,
        22,
        "certificates.k8s.io/v1",
    ),
    api("coordination.k8s.io/v1beta1", "Lease", 19, 22, "coordination.k8s.io/v1"),
    api("discovery.k8s.io/v1beta1", "", 21, 25, "discovery.k8s.io/v1"),
    api("events.k8s.io/v1beta1", "", 19, 25, "events.k8s.io/v1"),
    api("flowcontrol.apiserver.k8s.io/v1beta1", "", 23, 26, "flowcontrol.apiserver.k8s.io/v1"),
    api("flowcontrol.apiserver.k8s.io/v1beta2", "", 26, 29, "flowcontrol.apiserver.k8s.io/v1"),
    api("flowcontrol.apiserver.k8s.io/v1beta3", "", 29, 32, "flowcontrol.apiserver.k8s.io/v1"),
    api("networking.k8s.io/v1beta1", "Ingress IngressClass", 19, 22, "networking.k8s.io/v1"),
    api("node.k8s.io/v1beta1", "RuntimeClass", 20, 25, "node.k8s.io/v1"),
    api("policy/v1beta1", "PodDisruptionBudget", 21, 25, "policy/v1"),
    api("policy/v1beta1", "PodSecurityPolicy", 21, 25, "pod security admission"),
    api("rbac.authorization.k8s.io/v1beta1", "", 17, 22, "rbac.authorization.k8s.io/v1"),
    api("scheduling.k8s.io/v1beta1", "PriorityClass", 14, 22, "scheduling.k8s.io/v1"),
];

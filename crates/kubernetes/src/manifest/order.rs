//! The order in which Kubernetes wants kinds installed (Helm's `releaseutil/kind_sorter.go`).

use super::Manifest;

const INSTALL_ORDER: [&str; 36] = [
    "PriorityClass",
    "Namespace",
    "NetworkPolicy",
    "ResourceQuota",
    "LimitRange",
    "PodSecurityPolicy",
    "PodDisruptionBudget",
    "ServiceAccount",
    "Secret",
    "SecretList",
    "ConfigMap",
    "StorageClass",
    "PersistentVolume",
    "PersistentVolumeClaim",
    "CustomResourceDefinition",
    "ClusterRole",
    "ClusterRoleList",
    "ClusterRoleBinding",
    "ClusterRoleBindingList",
    "Role",
    "RoleList",
    "RoleBinding",
    "RoleBindingList",
    "Service",
    "DaemonSet",
    "Pod",
    "ReplicationController",
    "ReplicaSet",
    "Deployment",
    "HorizontalPodAutoscaler",
    "StatefulSet",
    "Job",
    "CronJob",
    "IngressClass",
    "Ingress",
    "APIService",
];

/// Sorts manifests for output: the release's own by kind, then hooks by kind. Unknown kinds follow the
/// known ones by name; equal ones stay in the order of their templates' paths and of their documents. `last` are
/// further known kinds, after the others.
pub fn sort(manifests: &mut [Manifest], last: &[&str]) {
    manifests.sort_by(|a, b| {
        a.hook
            .is_some()
            .cmp(&b.hook.is_some())
            .then_with(|| rank(a.kind(), last).cmp(&rank(b.kind(), last)))
            .then_with(|| a.template.cmp(&b.template))
    });
}

/// The position of a kind; unknown ones by their name after all others.
fn rank<'k>(kind: &'k str, last: &[&str]) -> (usize, &'k str) {
    match INSTALL_ORDER.iter().chain(last).position(|known| *known == kind) {
        Some(position) => (position, ""),
        None => (INSTALL_ORDER.len() + last.len(), kind),
    }
}

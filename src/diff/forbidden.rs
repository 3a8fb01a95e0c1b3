//! Changes that the API server refuses for an object that exists.

use super::Side;
use crate::yaml::Node;

/// Why a change is refused, and what to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Forbidden {
    /// The field that cannot change.
    pub field: &'static str,
    /// The way out.
    pub way_out: &'static str,
}

const ORPHAN: &str = "delete it with `kubectl delete statefulset NAME --cascade=orphan` and apply again: the pods go on, and the new StatefulSet takes them over";
const REPLACE: &str = "delete it and apply again; its pods restart";
const REPLACE_QUIETLY: &str = "delete it and apply again";
const NEW_NAME: &str = "give the new one another name, and let what uses it name that";
const MOVE: &str = "make a new claim and move the data";

/// Fields that cannot change: the kind, the path, the way out.
#[rustfmt::skip]
const FIELDS: &[(&str, &str, &str)] = &[
    ("ClusterRoleBinding", "roleRef", REPLACE_QUIETLY),
    ("CronJob", "spec.jobTemplate.spec.selector", REPLACE_QUIETLY),
    ("CustomResourceDefinition", "spec.group", NEW_NAME),
    ("CustomResourceDefinition", "spec.names.plural", NEW_NAME),
    ("CustomResourceDefinition", "spec.scope", "delete it, with all its objects, and apply again"),
    ("DaemonSet", "spec.selector", REPLACE),
    ("Deployment", "spec.selector", REPLACE),
    ("EndpointSlice", "addressType", REPLACE_QUIETLY),
    ("IngressClass", "spec.controller", REPLACE_QUIETLY),
    ("Job", "spec.completionMode", REPLACE),
    ("Job", "spec.completions", REPLACE),
    ("Job", "spec.podFailurePolicy", REPLACE),
    ("Job", "spec.selector", REPLACE),
    ("Job", "spec.template", REPLACE),
    ("PersistentVolume", "spec.volumeMode", MOVE),
    ("PersistentVolumeClaim", "spec.accessModes", MOVE),
    ("PersistentVolumeClaim", "spec.dataSource", MOVE),
    ("PersistentVolumeClaim", "spec.dataSourceRef", MOVE),
    ("PersistentVolumeClaim", "spec.selector", MOVE),
    ("PersistentVolumeClaim", "spec.storageClassName", MOVE),
    ("PersistentVolumeClaim", "spec.volumeMode", MOVE),
    ("PersistentVolumeClaim", "spec.volumeName", MOVE),
    ("PriorityClass", "preemptionPolicy", NEW_NAME),
    ("PriorityClass", "value", NEW_NAME),
    ("ReplicaSet", "spec.selector", REPLACE),
    ("RoleBinding", "roleRef", REPLACE_QUIETLY),
    ("RuntimeClass", "handler", NEW_NAME),
    ("Secret", "type", REPLACE_QUIETLY),
    ("Service", "spec.clusterIP", "delete it and apply again: it is unreachable for a moment and gets a new address"),
    ("Service", "spec.clusterIPs", "delete it and apply again: it is unreachable for a moment and gets a new address"),
    ("Service", "spec.loadBalancerClass", REPLACE_QUIETLY),
    ("StatefulSet", "spec.podManagementPolicy", ORPHAN),
    ("StatefulSet", "spec.selector", ORPHAN),
    ("StatefulSet", "spec.serviceName", ORPHAN),
    ("StatefulSet", "spec.volumeClaimTemplates", ORPHAN),
    ("StorageClass", "parameters", NEW_NAME),
    ("StorageClass", "provisioner", NEW_NAME),
    ("StorageClass", "reclaimPolicy", NEW_NAME),
    ("StorageClass", "volumeBindingMode", NEW_NAME),
];

/// What a field is when it is not set: to write it is not a change.
const DEFAULTS: &[(&str, &str)] = &[
    ("spec.podManagementPolicy", "\"OrderedReady\""),
    ("spec.volumeMode", "\"Filesystem\""),
    ("spec.completionMode", "\"NonIndexed\""),
    ("preemptionPolicy", "\"PreemptLowerPriority\""),
    ("reclaimPolicy", "\"Delete\""),
    ("volumeBindingMode", "\"Immediate\""),
    ("type", "\"Opaque\""),
    ("spec.serviceName", "\"\""),
    ("spec.clusterIP", "\"\""),
];

/// Why a change of an object is refused, if it is.
pub fn find(
    object: &Node,
    path: &str,
    old: Option<&Side>,
    new: Option<&Side>,
) -> Option<Forbidden> {
    let kind = object.text_at("kind")?;
    if matches!(kind, "ConfigMap" | "Secret") && object.is_true("immutable") {
        let field = ["data", "binaryData", "stringData", "immutable"]
            .into_iter()
            .find(|field| is_in(path, field))?;
        return Some(Forbidden { field, way_out: NEW_NAME });
    }
    let default =
        |field: &str| DEFAULTS.iter().find(|(path, _)| *path == field).map(|(_, value)| *value);
    let shown = |side: Option<&Side>, field: &str| {
        side.map(|side| side.shown.clone()).or(default(field).map(str::to_owned))
    };
    if kind == "PersistentVolumeClaim" && path == "spec.resources.requests.storage" {
        return shrinks(old?.node, new?.node)
            .then_some(Forbidden { field: "spec.resources.requests.storage", way_out: MOVE });
    }
    let (_, field, way_out) = FIELDS.iter().find(|row| row.0 == kind && is_in(path, row.1))?;
    let is_same = shown(old, field) == shown(new, field);
    (!is_same).then_some(Forbidden { field, way_out })
}

fn is_in(path: &str, field: &str) -> bool {
    path.strip_prefix(field).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
}

fn shrinks(old: &Node, new: &Node) -> bool {
    use crate::check::kubernetes::quantity;
    matches!((quantity::of(old), quantity::of(new)), (Some(old), Some(new)) if new < old)
}

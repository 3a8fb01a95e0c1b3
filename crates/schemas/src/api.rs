//! Kubernetes' own kinds: from the API's documents to one line a definition, which the checks read in place.
//!
//! The documents come with the source of Kubernetes, which the Go module proxy has in every version. They
//! say neither which words a field takes nor how large a number may be; the tables here and in
//! [`kubernetes`](crate::kubernetes) add what the server refuses.
//!
//! ```text
//! apps/v1/StatefulSet 19- apps.v1.StatefulSet
//!
//! core.v1.EnvVar name!:s value:s valueFrom:core.v1.EnvVarSource
//! ```
//! A field is `name`, `!` if it is required, `:`, its type, then the words `(a|b)` or the range `(1..9)` that it
//! takes, then `+27` if it came with that minor version and `^31` if it went with that one. Types: `s` text, `i` `l` integers of 32 and 64 bits,
//! `n` number, `b` boolean, `q` quantity, `p` integer or text, `t` time, `y` base64, `*` anything, `[T]` list,
//! `[T;a,b]` list whose entries differ in those keys (none: in themselves), `{T}` map, `~T` anything, and if it
//! is a map a `T`; the rest are names of definitions.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::process::Command;
use std::{fs, io};

use serde_json::Value;

use crate::kubernetes::{RANGES, WORDS};

/// The minor versions that are known.
const MINORS: std::ops::RangeInclusive<u32> = 19..=37;

/// Words that fields take, beside those of values; by the last part of the definition's name.
#[rustfmt::skip]
const MORE_WORDS: &[(&str, &str, &[&str])] = &[
    ("Container", "restartPolicy", &["Always", "OnFailure", "Never"]),
    ("CronJobSpec", "concurrencyPolicy", &["Allow", "Forbid", "Replace"]),
    ("CustomResourceConversion", "strategy", &["None", "Webhook"]),
    ("CustomResourceDefinitionSpec", "scope", &["Cluster", "Namespaced"]),
    ("DaemonSetUpdateStrategy", "type", &["RollingUpdate", "OnDelete"]),
    ("DeploymentStrategy", "type", &["Recreate", "RollingUpdate"]),
    ("EndpointPort", "protocol", crate::kubernetes::PROTOCOLS),
    ("EndpointSlice", "addressType", &["IPv4", "IPv6", "FQDN"]),
    ("HPAScalingPolicy", "type", &["Pods", "Percent"]),
    ("HPAScalingRules", "selectPolicy", &["Max", "Min", "Disabled"]),
    ("HTTPIngressPath", "pathType", &["Exact", "ImplementationSpecific", "Prefix"]),
    ("JobSpec", "completionMode", &["NonIndexed", "Indexed"]),
    ("JobSpec", "podReplacementPolicy", &["TerminatingOrFailed", "Failed"]),
    ("MetricSpec", "type", &["ContainerResource", "External", "Object", "Pods", "Resource"]),
    ("MetricTarget", "type", &["Utilization", "Value", "AverageValue"]),
    ("MutatingWebhook", "failurePolicy", FAILURE_POLICIES),
    ("MutatingWebhook", "matchPolicy", MATCH_POLICIES),
    ("MutatingWebhook", "reinvocationPolicy", &["Never", "IfNeeded"]),
    ("MutatingWebhook", "sideEffects", &["None", "NoneOnDryRun"]),
    ("NetworkPolicySpec", "policyTypes", &["Ingress", "Egress"]),
    ("PersistentVolumeClaimSpec", "accessModes", ACCESS_MODES),
    ("PersistentVolumeSpec", "accessModes", ACCESS_MODES),
    ("PersistentVolumeSpec", "persistentVolumeReclaimPolicy", &["Delete", "Recycle", "Retain"]),
    ("PersistentVolumeSpec", "volumeMode", &["Filesystem", "Block"]),
    ("PodDisruptionBudgetSpec", "unhealthyPodEvictionPolicy", &["IfHealthyBudget", "AlwaysAllow"]),
    ("PodFailurePolicyOnExitCodesRequirement", "operator", &["In", "NotIn"]),
    ("PodFailurePolicyRule", "action", &["FailJob", "FailIndex", "Ignore", "Count"]),
    ("PodOS", "name", &["linux", "windows"]),
    ("PodSpec", "dnsPolicy", &["ClusterFirstWithHostNet", "ClusterFirst", "Default", "None"]),
    ("PodSpec", "preemptionPolicy", PREEMPTION_POLICIES),
    ("PodSpec", "restartPolicy", &["Always", "OnFailure", "Never"]),
    ("PriorityClass", "preemptionPolicy", PREEMPTION_POLICIES),
    ("ResourceQuotaSpec", "scopes", QUOTA_SCOPES),
    ("RuleWithOperations", "operations", &["*", "CREATE", "UPDATE", "DELETE", "CONNECT"]),
    ("RuleWithOperations", "scope", &["Cluster", "Namespaced", "*"]),
    ("ScopedResourceSelectorRequirement", "operator", &["In", "NotIn", "Exists", "DoesNotExist"]),
    ("ScopedResourceSelectorRequirement", "scopeName", QUOTA_SCOPES),
    ("ServicePort", "protocol", crate::kubernetes::PROTOCOLS),
    ("ServiceSpec", "externalTrafficPolicy", &["Cluster", "Local"]),
    ("ServiceSpec", "internalTrafficPolicy", &["Cluster", "Local"]),
    ("ServiceSpec", "ipFamilies", &["IPv4", "IPv6"]),
    ("ServiceSpec", "ipFamilyPolicy", &["SingleStack", "PreferDualStack", "RequireDualStack"]),
    ("ServiceSpec", "sessionAffinity", &["ClientIP", "None"]),
    ("ServiceSpec", "type", &["ClusterIP", "ExternalName", "LoadBalancer", "NodePort"]),
    ("StatefulSetPersistentVolumeClaimRetentionPolicy", "whenDeleted", &["Retain", "Delete"]),
    ("StatefulSetPersistentVolumeClaimRetentionPolicy", "whenScaled", &["Retain", "Delete"]),
    ("StatefulSetSpec", "podManagementPolicy", &["OrderedReady", "Parallel"]),
    ("StatefulSetUpdateStrategy", "type", &["RollingUpdate", "OnDelete"]),
    ("StorageClass", "reclaimPolicy", &["Delete", "Retain"]),
    ("StorageClass", "volumeBindingMode", &["Immediate", "WaitForFirstConsumer"]),
    ("Taint", "effect", &["NoSchedule", "PreferNoSchedule", "NoExecute"]),
    ("ValidatingAdmissionPolicyBindingSpec", "validationActions", &["Audit", "Deny", "Warn"]),
    ("ValidatingAdmissionPolicySpec", "failurePolicy", FAILURE_POLICIES),
    ("ValidatingWebhook", "failurePolicy", FAILURE_POLICIES),
    ("ValidatingWebhook", "matchPolicy", MATCH_POLICIES),
    ("ValidatingWebhook", "sideEffects", &["None", "NoneOnDryRun"]),
];

const ACCESS_MODES: &[&str] =
    &["ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod"];
const FAILURE_POLICIES: &[&str] = &["Fail", "Ignore"];
const MATCH_POLICIES: &[&str] = &["Equivalent", "Exact"];
const PREEMPTION_POLICIES: &[&str] = &["PreemptLowerPriority", "Never"];
const QUOTA_SCOPES: &[&str] = &[
    "Terminating",
    "NotTerminating",
    "BestEffort",
    "NotBestEffort",
    "PriorityClass",
    "CrossNamespacePodAffinity",
    "VolumeAttributesClass",
];

/// Least and greatest numbers, beside those of values.
#[rustfmt::skip]
const MORE_RANGES: &[(&str, &str, i64, Option<i64>)] = &[
    ("APIServiceSpec", "groupPriorityMinimum", 1, Some(20000)),
    ("APIServiceSpec", "versionPriority", 1, Some(1000)),
    ("ClientIPConfig", "timeoutSeconds", 1, Some(86400)),
    ("CronJobSpec", "failedJobsHistoryLimit", 0, None),
    ("CronJobSpec", "startingDeadlineSeconds", 0, None),
    ("CronJobSpec", "successfulJobsHistoryLimit", 0, None),
    ("DaemonSetSpec", "minReadySeconds", 0, None),
    ("DaemonSetSpec", "revisionHistoryLimit", 0, None),
    ("DeploymentSpec", "minReadySeconds", 0, None),
    ("DeploymentSpec", "progressDeadlineSeconds", 0, None),
    ("DeploymentSpec", "replicas", 0, None),
    ("DeploymentSpec", "revisionHistoryLimit", 0, None),
    ("HPAScalingPolicy", "periodSeconds", 1, Some(1800)),
    ("HPAScalingPolicy", "value", 1, None),
    ("HPAScalingRules", "stabilizationWindowSeconds", 0, Some(3600)),
    ("HorizontalPodAutoscalerSpec", "maxReplicas", 1, None),
    ("HorizontalPodAutoscalerSpec", "targetCPUUtilizationPercentage", 1, None),
    ("JobSpec", "activeDeadlineSeconds", 0, None),
    ("JobSpec", "backoffLimit", 0, None),
    ("JobSpec", "completions", 0, None),
    ("JobSpec", "parallelism", 0, None),
    ("JobSpec", "ttlSecondsAfterFinished", 0, None),
    ("LeaseSpec", "leaseDurationSeconds", 1, None),
    ("LeaseSpec", "leaseTransitions", 0, None),
    ("MetricTarget", "averageUtilization", 1, None),
    ("MutatingWebhook", "timeoutSeconds", 1, Some(30)),
    ("PodSecurityContext", "fsGroup", 0, Some(i32::MAX as i64)),
    ("PodSecurityContext", "runAsGroup", 0, Some(i32::MAX as i64)),
    ("PodSecurityContext", "runAsUser", 0, Some(i32::MAX as i64)),
    ("PodSecurityContext", "supplementalGroups", 0, Some(i32::MAX as i64)),
    ("PodSpec", "activeDeadlineSeconds", 1, Some(i32::MAX as i64)),
    ("Probe", "terminationGracePeriodSeconds", 1, None),
    ("ReplicaSetSpec", "minReadySeconds", 0, None),
    ("ReplicaSetSpec", "replicas", 0, None),
    ("ReplicationControllerSpec", "minReadySeconds", 0, None),
    ("ReplicationControllerSpec", "replicas", 0, None),
    ("RollingUpdateStatefulSetStrategy", "partition", 0, None),
    ("SecurityContext", "runAsGroup", 0, Some(i32::MAX as i64)),
    ("SecurityContext", "runAsUser", 0, Some(i32::MAX as i64)),
    ("ServiceAccountTokenProjection", "expirationSeconds", 600, Some(1 << 32)),
    ("ServiceBackendPort", "number", 0, Some(65535)),
    ("ServicePort", "nodePort", 0, Some(65535)),
    ("ServicePort", "port", 1, Some(65535)),
    ("ServiceReference", "port", 1, Some(65535)),
    ("StatefulSetOrdinals", "start", 0, None),
    ("StatefulSetSpec", "minReadySeconds", 0, None),
    ("StatefulSetSpec", "replicas", 0, None),
    ("StatefulSetSpec", "revisionHistoryLimit", 0, None),
    ("TopologySpreadConstraint", "minDomains", 1, None),
    ("ValidatingWebhook", "timeoutSeconds", 1, Some(30)),
];

/// Fields that the documents require, and whose absence the server takes as false, zero or an empty text.
#[rustfmt::skip]
const NOT_REQUIRED: &[(&str, &str)] = &[
    ("CSINodeSpec", "drivers"),
    ("CustomResourceDefinitionVersion", "served"),
    ("CustomResourceDefinitionVersion", "storage"),
    ("EvictionResponder", "priority"),
    ("HTTPHeader", "value"),
    ("ISCSIPersistentVolumeSource", "lun"),
    ("ISCSIVolumeSource", "lun"),
    ("LimitRangeSpec", "limits"),
    ("LinuxContainerUser", "gid"),
    ("LinuxContainerUser", "uid"),
    ("PodFailurePolicy", "rules"),
    ("SleepAction", "seconds"),
    ("Sysctl", "value"),
];

/// Writes `schemas/kubernetes.txt`, fetching what is not in the module cache yet.
pub fn write(path: PathBuf) -> io::Result<()> {
    let mut api = Api::default();
    for minor in MINORS {
        api.add(minor, &document(minor)?);
    }
    fs::write(path, api.text())
}

/// The API's document in a version of Kubernetes.
fn document(minor: u32) -> io::Result<Value> {
    let module = format!("k8s.io/kubernetes@v1.{minor}.0");
    let out = Command::new("go").args(["mod", "download", "-json", &module]).output()?;
    let answer: Value = serde_json::from_slice(&out.stdout)?;
    let directory = answer["Dir"].as_str().ok_or_else(|| io::Error::other(answer.to_string()))?;
    let text = fs::read(PathBuf::from(directory).join("api/openapi-spec/swagger.json"))?;
    Ok(serde_json::from_slice(&text)?)
}

#[derive(Default)]
struct Api {
    /// `apps/v1/StatefulSet` → its definition, the first and the last minor version that has it.
    kinds: BTreeMap<String, (String, u32, u32)>,
    definitions: BTreeMap<String, Definition>,
}

struct Definition {
    since: u32,
    /// The last minor version that has it.
    last: u32,
    schema: Value,
    /// Each field as it was last, the minor version with which it came and the last one that has it.
    fields: BTreeMap<String, (Value, u32, u32)>,
}

impl Api {
    fn add(&mut self, minor: u32, document: &Value) {
        for (name, schema) in document["definitions"].as_object().into_iter().flatten() {
            let name = short(name);
            self.add_kinds(minor, &name, schema);
            let known = self.definitions.entry(name).or_insert_with(|| Definition {
                since: minor,
                last: minor,
                schema: Value::Null,
                fields: BTreeMap::new(),
            });
            known.last = minor;
            known.schema = schema.clone();
            for (field, schema) in schema["properties"].as_object().into_iter().flatten() {
                let first = known.fields.get(field).map_or(minor, |(_, first, _)| *first);
                known.fields.insert(field.clone(), (schema.clone(), first, minor));
            }
        }
    }

    fn add_kinds(&mut self, minor: u32, name: &str, schema: &Value) {
        let kinds = schema["x-kubernetes-group-version-kind"].as_array();
        let has_metadata = schema["properties"].get("metadata").is_some();
        for kind in kinds.into_iter().flatten().filter(|_| has_metadata) {
            let part = |key: &str| kind[key].as_str().unwrap_or_default().to_owned();
            let (group, version, kind) = (part("group"), part("version"), part("kind"));
            // A list is what its entries are; a status is an answer.
            if kind.ends_with("List") || kind == "Status" {
                continue;
            }
            let slash = if group.is_empty() { "" } else { "/" };
            let entry = self.kinds.entry(format!("{group}{slash}{version}/{kind}")).or_insert((
                name.to_owned(),
                minor,
                minor,
            ));
            entry.2 = minor;
        }
    }

    fn text(&self) -> String {
        let mut reached = BTreeSet::new();
        let mut text = String::new();
        for (kind, (definition, first, last)) in &self.kinds {
            let last = if last == MINORS.end() { String::new() } else { last.to_string() };
            text += &format!("{kind} {first}-{last} {definition}\n");
            self.reach(definition, &mut reached);
        }
        text.push('\n');
        for name in reached {
            let definition = &self.definitions[&name];
            text += &name;
            for field in definition.fields.keys() {
                text.push(' ');
                text += &definition.field(&name, field);
            }
            text.push('\n');
        }
        text
    }

    fn reach(&self, name: &str, reached: &mut BTreeSet<String>) {
        if !reached.insert(name.to_owned()) {
            return;
        }
        for (schema, ..) in self.definitions[name].fields.values() {
            let mut inner = schema;
            while let Some(deeper) = inner.get("items").or(inner.get("additionalProperties")) {
                inner = deeper;
            }
            let target = type_of(inner);
            let target = target.trim_start_matches('~');
            if self.definitions.contains_key(target) {
                self.reach(target, reached);
            }
        }
    }
}

impl Definition {
    fn field(&self, definition: &str, field: &str) -> String {
        let (schema, since, last) = &self.fields[field];
        let row = (definition.rsplit('.').next().unwrap_or(definition), field);
        let required = self.schema["required"].as_array().is_some_and(|list| {
            list.iter().any(|name| name == field) && !NOT_REQUIRED.contains(&row)
        });
        let mut text = format!("{field}{}:{}", if required { "!" } else { "" }, type_of(schema));
        let words = WORDS.iter().chain(MORE_WORDS).find(|known| (known.0, known.1) == row);
        let range = RANGES.iter().chain(MORE_RANGES).find(|known| (known.0, known.1) == row);
        if let Some((.., words)) = words {
            text += &format!("({})", words.join("|"));
        }
        if let Some((.., least, greatest)) = range {
            let greatest = greatest.map_or(String::new(), |number| number.to_string());
            text += &format!("({least}..{greatest})");
        }
        if *since > self.since {
            text += &format!("+{since}");
        }
        if *last < self.last {
            text += &format!("^{}", last + 1);
        }
        text
    }
}

fn type_of(schema: &Value) -> String {
    if let Some(target) = schema["$ref"].as_str() {
        return match short(target.trim_start_matches("#/definitions/")).as_str() {
            "api.resource.Quantity" => "q".to_owned(),
            "util.intstr.IntOrString" => "p".to_owned(),
            "meta.v1.Time" | "meta.v1.MicroTime" => "t".to_owned(),
            "meta.v1.FieldsV1" | "runtime.RawExtension" => "*".to_owned(),
            name if name.ends_with(".JSON") || name.ends_with("OrStringArray") => "*".to_owned(),
            name => match name.strip_suffix("OrArray").or(name.strip_suffix("OrBool")) {
                Some(name) => format!("~{name}"),
                None => name.to_owned(),
            },
        };
    }
    match (schema["type"].as_str(), schema["format"].as_str()) {
        (Some("string"), Some("byte")) => "y".to_owned(),
        (Some("string"), Some("date-time")) => "t".to_owned(),
        (Some("string"), _) => "s".to_owned(),
        (Some("integer"), Some("int32")) => "i".to_owned(),
        (Some("integer"), _) => "l".to_owned(),
        (Some("number"), _) => "n".to_owned(),
        (Some("boolean"), _) => "b".to_owned(),
        (Some("array"), _) => {
            let keys = schema["x-kubernetes-list-map-keys"].as_array();
            let keys: Vec<&str> = keys.into_iter().flatten().filter_map(Value::as_str).collect();
            let item = type_of(&schema["items"]);
            match schema["x-kubernetes-list-type"].as_str() {
                Some("map" | "set") => format!("[{item};{}]", keys.join(",")),
                _ => format!("[{item}]"),
            }
        }
        (Some("object"), _) if schema.get("additionalProperties").is_some() => {
            format!("{{{}}}", type_of(&schema["additionalProperties"]))
        }
        _ => "*".to_owned(),
    }
}

/// The name of a definition without what all of them share: `core.v1.Pod`, `meta.v1.ObjectMeta`.
fn short(name: &str) -> String {
    let name = name.strip_prefix("io.k8s.").unwrap_or(name);
    let name = name.strip_prefix("api.").unwrap_or(name);
    match name.rsplit_once(".pkg.apis.").or_else(|| name.rsplit_once(".pkg.")) {
        Some((_, name)) => name.to_owned(),
        None => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_name_fields_that_exist() {
        let text = fs::read_to_string(crate::repository().join("schemas/kubernetes.txt")).unwrap();
        let has = |kind: &str, field: &str| {
            text.lines().any(|line| {
                let mut parts = line.split(' ');
                let name = parts.next().unwrap_or_default();
                name.rsplit('.').next() == Some(kind)
                    && parts.any(|part| part.split(['!', ':']).next() == Some(field))
            })
        };
        for (kind, field, _) in MORE_WORDS {
            assert!(has(kind, field), "{kind}.{field}");
        }
        for (kind, field, ..) in MORE_RANGES {
            assert!(has(kind, field), "{kind}.{field}");
        }
        for (kind, field) in NOT_REQUIRED {
            assert!(has(kind, field), "{kind}.{field}");
        }
    }
}

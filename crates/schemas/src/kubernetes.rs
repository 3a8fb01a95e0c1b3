//! The Kubernetes parts of values: the API's own types, and what their schemas leave open.

use std::borrow::Cow;
use std::marker::PhantomData;

use k8s_openapi::api::core::v1::{HTTPGetAction, PodSpec, PodTemplateSpec, Probe, Volume};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::{Map, Value, json};

use crate::scalar::Quantity;
use crate::shape;

/// Words that a field takes. Neither the API's schemas nor its OpenAPI documents list them.
#[rustfmt::skip]
pub const WORDS: &[(&str, &str, &[&str])] = &[
    ("AppArmorProfile", "type", &["Localhost", "RuntimeDefault", "Unconfined"]),
    ("AzureDiskVolumeSource", "cachingMode", &["None", "ReadOnly", "ReadWrite"]),
    ("AzureDiskVolumeSource", "kind", &["Shared", "Dedicated", "Managed"]),
    ("Container", "imagePullPolicy", PULL_POLICIES),
    ("Container", "terminationMessagePolicy", &["File", "FallbackToLogsOnError"]),
    ("ContainerPort", "protocol", PROTOCOLS),
    ("ContainerResizePolicy", "restartPolicy", &["NotRequired", "RestartContainer"]),
    ("ContainerRestartRuleOnExitCodes", "operator", &["In", "NotIn"]),
    ("HTTPGetAction", "scheme", &["HTTP", "HTTPS"]),
    ("HostPathVolumeSource", "type", &[
        "", "DirectoryOrCreate", "Directory", "FileOrCreate", "File", "Socket", "CharDevice", "BlockDevice",
    ]),
    ("ImageVolumeSource", "pullPolicy", PULL_POLICIES),
    ("LabelSelectorRequirement", "operator", &["In", "NotIn", "Exists", "DoesNotExist"]),
    ("NetworkPolicyPort", "protocol", PROTOCOLS),
    ("NodeSelectorRequirement", "operator", &["In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt"]),
    ("PersistentVolumeClaimSpec", "volumeMode", &["Filesystem", "Block"]),
    ("PodSecurityContext", "fsGroupChangePolicy", &["Always", "OnRootMismatch"]),
    ("PodSecurityContext", "seLinuxChangePolicy", &["MountOption", "Recursive"]),
    ("PodSecurityContext", "supplementalGroupsPolicy", &["Merge", "Strict"]),
    ("SeccompProfile", "type", &["Localhost", "RuntimeDefault", "Unconfined"]),
    ("SecurityContext", "procMount", &["Default", "Unmasked"]),
    ("Toleration", "effect", &["", "NoSchedule", "PreferNoSchedule", "NoExecute"]),
    ("Toleration", "operator", &["", "Exists", "Equal", "Lt", "Gt"]),
    ("TopologySpreadConstraint", "nodeAffinityPolicy", &["Honor", "Ignore"]),
    ("TopologySpreadConstraint", "nodeTaintsPolicy", &["Honor", "Ignore"]),
    ("TopologySpreadConstraint", "whenUnsatisfiable", &["DoNotSchedule", "ScheduleAnyway"]),
    ("VolumeMount", "mountPropagation", &["None", "HostToContainer", "Bidirectional"]),
    ("VolumeMount", "recursiveReadOnly", &["Disabled", "Enabled", "IfPossible"]),
];

pub const PROTOCOLS: &[&str] = &["TCP", "UDP", "SCTP"];

const PULL_POLICIES: &[&str] = &["Always", "IfNotPresent", "Never"];

/// Least and greatest numbers.
#[rustfmt::skip]
pub const RANGES: &[(&str, &str, i64, Option<i64>)] = &[
    ("ConfigMapVolumeSource", "defaultMode", 0, Some(0o777)),
    ("ContainerPort", "containerPort", 1, Some(65535)),
    ("ContainerPort", "hostPort", 0, Some(65535)),
    ("DownwardAPIVolumeFile", "mode", 0, Some(0o777)),
    ("DownwardAPIVolumeSource", "defaultMode", 0, Some(0o777)),
    ("GRPCAction", "port", 1, Some(65535)),
    ("KeyToPath", "mode", 0, Some(0o777)),
    ("NetworkPolicyPort", "endPort", 1, Some(65535)),
    ("PreferredSchedulingTerm", "weight", 1, Some(100)),
    ("Probe", "failureThreshold", 0, None),
    ("Probe", "initialDelaySeconds", 0, None),
    ("Probe", "periodSeconds", 0, None),
    ("Probe", "successThreshold", 0, None),
    ("Probe", "timeoutSeconds", 0, None),
    ("ProjectedVolumeSource", "defaultMode", 0, Some(0o777)),
    ("SecretVolumeSource", "defaultMode", 0, Some(0o777)),
    ("TopologySpreadConstraint", "maxSkew", 1, None),
    ("WeightedPodAffinityTerm", "weight", 1, Some(100)),
];

/// How the comment of a definition begins that is a type of the API.
pub const KIND: &str = "Kubernetes ";

/// Says what Kubernetes checks beyond the types, and that null is as good as nothing.
///
/// The descriptions go: `kubectl explain` has them.
pub fn tighten(name: &str, schema: &mut Map<String, Value>) {
    let kind = short_name(name);
    let kind = kind.strip_suffix(OVERRIDE).unwrap_or(kind);
    *schema = match kind {
        "Quantity" => object(Quantity::json_schema(&mut SchemaGenerator::default())),
        "IntOrString" => object(json_schema!({"type": ["integer", "string"]})),
        "Time" | "MicroTime" => object(json_schema!({"type": "string"})),
        _ => std::mem::take(schema),
    };
    schema.remove("description");
    schema.remove("x-kubernetes-int-or-string");
    schema.insert("$comment".to_owned(), json!(format!("{KIND}{kind}")));
    let required = match schema.get("required") {
        Some(Value::Array(required)) => required.clone(),
        _ => Vec::new(),
    };
    let Some(Value::Object(properties)) = schema.get_mut("properties") else {
        return;
    };
    for (key, property) in properties {
        let Value::Object(property) = property else {
            continue;
        };
        property.remove("description");
        if let Some((.., words)) = WORDS.iter().find(|row| (row.0, row.1) == (kind, key)) {
            property.insert("enum".to_owned(), json!(words));
        }
        if let Some((.., least, greatest)) = RANGES.iter().find(|row| (row.0, row.1) == (kind, key))
        {
            property.insert("minimum".to_owned(), json!(least));
            if let Some(greatest) = greatest {
                property.insert("maximum".to_owned(), json!(greatest));
            }
        }
        if !required.contains(&json!(key)) {
            shape::make_optional(property);
        }
    }
}

fn object(schema: Schema) -> Map<String, Value> {
    match schema.to_value() {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}

/// A volume without its name: where its files come from.
pub struct VolumeSource;

impl JsonSchema for VolumeSource {
    fn schema_name() -> Cow<'static, str> {
        "io.k8s.api.core.v1.VolumeSource".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let mut schema = Volume::json_schema(generator);
        schema.remove("required");
        properties(&mut schema).remove("name");
        schema
    }
}

/// The last part of a definition's name: no two that are used here have the same.
pub fn short_name(name: &str) -> &str {
    name.rsplit('.').next().unwrap_or(name)
}

/// The end of the name of a type that is laid over another object, so nothing in it is required.
const OVERRIDE: &str = "Override";

/// A probe that is laid over the one that the chart writes, and the switch for both.
pub struct ProbeOverride;

impl JsonSchema for ProbeOverride {
    fn schema_name() -> Cow<'static, str> {
        "io.k8s.api.core.v1.ProbeOverride".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let mut schema = Probe::json_schema(generator);
        let properties = properties(&mut schema);
        let get = generator.subschema_for::<HttpGetOverride>();
        properties.insert("httpGet".to_owned(), get.to_value());
        properties.insert("enabled".to_owned(), json!({"type": "boolean"}));
        schema
    }
}

struct HttpGetOverride;

impl JsonSchema for HttpGetOverride {
    fn schema_name() -> Cow<'static, str> {
        "io.k8s.api.core.v1.HTTPGetActionOverride".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let mut schema = HTTPGetAction::json_schema(generator);
        schema.remove("required");
        schema
    }
}

/// A template of Pods to which containers are added, so it may have none.
pub struct PodTemplateOverride;

impl JsonSchema for PodTemplateOverride {
    fn schema_name() -> Cow<'static, str> {
        "io.k8s.api.core.v1.PodTemplateSpecOverride".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let mut schema = PodTemplateSpec::json_schema(generator);
        let spec = generator.subschema_for::<PodSpecOverride>();
        properties(&mut schema).insert("spec".to_owned(), spec.to_value());
        schema
    }
}

struct PodSpecOverride;

impl JsonSchema for PodSpecOverride {
    fn schema_name() -> Cow<'static, str> {
        "io.k8s.api.core.v1.PodSpecOverride".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let mut schema = PodSpec::json_schema(generator);
        schema.remove("required");
        schema
    }
}

fn properties(schema: &mut Schema) -> &mut Map<String, Value> {
    schema
        .get_mut("properties")
        .and_then(Value::as_object_mut)
        .expect("the types of the API that are changed here are objects")
}

/// A list of rules, or the same as a string with placeholders in it.
pub struct Rules<T>(PhantomData<T>);

impl<T: JsonSchema> JsonSchema for Rules<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Rules".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": ["array", "string"],
            "items": generator.subschema_for::<T>()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nats::Values;

    #[test]
    fn tables_name_fields_that_exist() {
        let schema = shape::schema::<Values>();
        let keyword = |kind: &str, key: &str, keyword: &str| {
            schema["definitions"][kind]["properties"][key].get(keyword).is_some()
        };
        for (kind, key, _) in WORDS {
            assert!(keyword(kind, key, "enum"), "{kind}.{key}");
        }
        for (kind, key, ..) in RANGES {
            assert!(keyword(kind, key, "minimum"), "{kind}.{key}");
        }
    }

    #[test]
    fn null_is_nothing_for_a_field_but_no_item() {
        let definitions = &shape::schema::<Values>()["definitions"];
        assert_eq!(definitions["Probe"]["type"], json!(["object", "null"]));
        assert_eq!(definitions["Container"]["type"], json!("object"));
        assert_eq!(definitions["EnvVar"]["properties"]["value"]["type"], json!(["string", "null"]));
    }
}

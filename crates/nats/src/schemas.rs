//! The schemas of the values of the NATS charts and of the operator's manifests.

use std::sync::LazyLock;

use jinnacle_chart::schema::BuiltInSchema;
use regex_lite::Regex;

use crate::renamed::RENAMED;

macro_rules! packed {
    ($name:literal) => {
        include_bytes!(concat!(env!("OUT_DIR"), "/", $name, ".json"))
    };
}

/// The values of `nats/nats`.
pub static NATS: BuiltInSchema =
    BuiltInSchema::new(packed!("nats")).allows(NatsAllows::is_valid).renamed(&RENAMED);

/// The values of `nats/nats-operator`.
pub static OPERATOR: BuiltInSchema = BuiltInSchema::new(packed!("nats-operator"));

/// A NatsCluster.
pub static CLUSTER: BuiltInSchema = BuiltInSchema::of_manifest(packed!("natscluster"));

/// A NatsServiceRole.
pub static SERVICE_ROLE: BuiltInSchema = BuiltInSchema::of_manifest(packed!("natsservicerole"));

// `NatsAllows`: all that it tells is whether the values of `nats/nats` are valid.
include!(concat!(env!("OUT_DIR"), "/validator.rs"));

/// The expression of a pattern of a built-in schema. `regex-lite` makes the six that a run needs in 0.1 ms, where `regex`
/// takes 0.5 ms: 12 % of the instructions of a run.
fn expression(pattern: &str) -> Regex {
    Regex::new(pattern).expect("a test makes the expressions of all patterns")
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    /// The patterns of a schema.
    fn patterns(schema: &Value, found: &mut Vec<String>) {
        if let Some(pattern) = schema.get("pattern").and_then(Value::as_str) {
            found.push(pattern.to_owned());
        }
        match schema {
            Value::Object(below) => below.values().for_each(|below| patterns(below, found)),
            Value::Array(below) => below.iter().for_each(|below| patterns(below, found)),
            _ => {}
        }
    }

    #[test]
    fn both_libraries_of_expressions_mean_the_same_by_each_pattern() {
        let schema = serde_json::from_str(include_str!("../schemas/nats.json")).unwrap();
        let mut all = Vec::new();
        patterns(&schema, &mut all);
        assert!(!all.is_empty());
        const TEXTS: [&str; 32] = [
            "", "1", "-1", "007", "10Gi", "10gib", "8MB", "1.5", "1.", ".5", "+2k", "1e3", "1e",
            "5m", "1h30m", "1.5s", "3d", "1y", "10µs", "100%", "101%", "-1%", "headers", "Enabled",
            "disable", "web-1", "1-1", "-a", "a-", "Web", "a b", "1\n",
        ];
        for pattern in all {
            let other = regex::Regex::new(&pattern).unwrap();
            for text in TEXTS {
                assert_eq!(
                    expression(&pattern).is_match(text),
                    other.is_match(text),
                    "{pattern} {text:?}"
                );
            }
        }
    }

    #[test]
    fn the_judge_that_only_says_no_agrees_with_the_one_that_says_why() {
        for text in [
            "{}",
            r#"{"nats": {"limits": {"maxPayload": "8MB"}}}"#,
            r#"{"nats": {"limits": {"maxPayload": "8 MB"}}}"#,
            r#"{"nats": {"jetstream": {"fileStorage": {"size": "10Gi"}}}}"#,
            r#"{"nats": {"jetstream": {"fileStorage": {"size": "10 Gi"}}}}"#,
            r#"{"nats": {"image": "nats:2"}, "cluster": {"replicas": "3"}}"#,
            r#"{"nats": {"image": "na ts"}}"#,
        ] {
            let values = serde_json::from_str(text).unwrap();
            let reasons = NATS.reasons(&values);
            assert_eq!(NatsAllows::is_valid(&values), reasons.is_empty(), "{text}");
        }
    }

    #[test]
    fn the_schemas_compile() {
        for schema in [&NATS, &OPERATOR, &CLUSTER, &SERVICE_ROLE] {
            assert!(!schema.reasons(&Value::from(1)).is_empty());
        }
    }
}

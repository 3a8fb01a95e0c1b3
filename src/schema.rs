//! A JSON schema judges values; each finding points at the text that won.

mod generations;
mod moved;
pub mod paths;
mod words;

use std::sync::{Arc, LazyLock, OnceLock};

use jsonschema::error::{TypeKind, ValidationErrorKind};
use jsonschema::paths::{Location, LocationSegment};
use jsonschema::{JsonType, PatternOptions, Retrieve, Uri, ValidationError, Validator};
use regex_lite::Regex;
use serde_json::Value;

use crate::diagnostic::{Diagnostic, sort_by_place};
use crate::json::to_json;
use crate::source::{Source, Span};
use crate::yaml::{Kind, Node};

/// A schema that is ready to judge.
pub struct Schema {
    text: Arc<Source>,
    judge: Judge,
}

type Findings<'v> = Vec<ValidationError<'v>>;

enum Judge {
    /// In the program.
    BuiltIn(&'static BuiltIn),
    /// From a chart's file.
    Compiled(Box<Validator>),
}

/// A schema in the program. Most runs ask none of them for reasons, so the program does not hold their code: that
/// would be an eighth of it. They are compiled, as those of charts are, when they are needed first.
struct BuiltIn {
    name: &'static str,
    /// Whether a scalar that is meant as a string becomes one. A manifest that goes to an API server as it is written
    /// has nothing mended in it.
    mends: bool,
    /// Whether values are valid, where most runs ask for it: compiled into the program, it takes microseconds.
    allows: Option<fn(&Value) -> bool>,
    validator: OnceLock<Validator>,
}

static BUILT_IN: [BuiltIn; 7] = [
    BuiltIn::new("nats", true, Some(NatsAllows::is_valid)),
    BuiltIn::new("nats-operator", true, None),
    BuiltIn::new("matrix", true, None),
    BuiltIn::new("jinnaclechart", true, None),
    BuiltIn::new("jinnaclecheck", true, None),
    BuiltIn::new("natscluster", false, None),
    BuiltIn::new("natsservicerole", false, None),
];

impl BuiltIn {
    const fn new(name: &'static str, mends: bool, allows: Option<fn(&Value) -> bool>) -> Self {
        Self { name, mends, allows, validator: OnceLock::new() }
    }

    fn findings<'v>(&'v self, text: &Source, values: &'v Value) -> Findings<'v> {
        if self.allows.is_some_and(|allows| allows(values)) {
            return Vec::new();
        }
        let validator = self.validator.get_or_init(|| {
            let schema = serde_json::from_str(text.text());
            let schema = schema.expect("a test reads the schemas of the program");
            let options = jsonschema::options().with_pattern_options(PatternOptions::regex());
            options.build(&schema).expect("a test compiles the schemas of the program")
        });
        validator.iter_errors(values).collect()
    }
}

// `NatsAllows`: all that it tells is whether the values of `nats/nats` are valid.
include!(concat!(env!("OUT_DIR"), "/validator.rs"));

/// The expression of a pattern of a built-in schema. `regex-lite` makes the six that a run needs in 0.1 ms, where `regex`
/// takes 0.5 ms: 12 % of the instructions of a run.
fn expression(pattern: &str) -> Regex {
    Regex::new(pattern).expect("a test makes the expressions of all patterns")
}

/// Gives the text of another file of the chart, by its path, to schemas that refer to it.
pub type ReadFile = Box<dyn Fn(&str) -> Option<String> + Send + Sync>;

impl Schema {
    /// The schema of an embedded chart, by the chart's name, of a matrix, or of a kind of manifest.
    pub fn built_in(name: &str, text: Arc<Source>) -> Option<Self> {
        let known = BUILT_IN.iter().find(|known| known.name == name)?;
        Some(Self { text, judge: Judge::BuiltIn(known) })
    }

    /// The schema of a user's chart: draft 4 to 2020-12, by its `$schema`. References into the chart's
    /// directory are followed, and nothing is fetched from a network.
    ///
    /// # Errors
    /// It is no JSON, no schema, or refers to something that is not there.
    pub fn compile(text: Arc<Source>, read_file: ReadFile) -> Result<Self, Diagnostic> {
        let schema: Value = serde_json::from_str(text.text()).map_err(|error| {
            let at = text.line_start(error.line()) + error.column().saturating_sub(1);
            let words = error.to_string();
            let words = words.split(" at line ").next().unwrap_or_default();
            Diagnostic::error("schema/json", format!("the schema is no JSON: {words}"))
                .at(&Span::new(&text, at, at + 1))
        })?;
        let validator = jsonschema::options()
            .with_base_uri(format!("{CHART}values.schema.json"))
            .with_retriever(Files(read_file))
            .with_pattern_options(PatternOptions::regex())
            .build(&schema)
            .map_err(|error| {
                Diagnostic::error(
                    "schema/schema",
                    format!("the values schema is not valid: {error}"),
                )
                .at(&Span::new(&text, 0, 0))
            })?;
        Ok(Self { text, judge: Judge::Compiled(Box::new(validator)) })
    }

    /// Judges values. Where a built-in schema wants a string and a plain scalar was written, that scalar's
    /// own text is meant (`2.10`, `no`, `0123`): it is put in place first. An empty string where none is allowed is
    /// no value, as it is to the 0.x chart and from `--set key=`. `below` is the way to the values, for
    /// messages: the name of a subchart, or nothing.
    pub fn validate(&self, values: &mut Node, below: &str) -> Vec<Diagnostic> {
        let json = to_json(values);
        let findings = self.findings(&json);
        if findings.is_empty() {
            return Vec::new();
        }
        let mut mended = false;
        let mends = matches!(self.judge, Judge::BuiltIn(BuiltIn { mends: true, .. }));
        for finding in findings.iter().filter(|_| mends) {
            let node = node_mut(values, finding.instance_path());
            mended |= node.is_some_and(|node| wants_text(finding) && mend(node) || unset(node));
        }
        if mended {
            return self.validate(values, below);
        }
        let schema: Value = serde_json::from_str(self.text.text()).unwrap_or(Value::Null);
        let mut diagnostics: Vec<Diagnostic> = findings
            .iter()
            .flat_map(|finding| words::explain(finding, values, below, &schema))
            .collect();
        sort_by_place(&mut diagnostics);
        diagnostics
    }

    fn findings<'v>(&'v self, json: &'v Value) -> Findings<'v> {
        match &self.judge {
            Judge::BuiltIn(schema) => schema.findings(&self.text, json),
            Judge::Compiled(validator) => validator.iter_errors(json).collect(),
        }
    }
}

/// Where the chart's directory is to a schema that refers to its neighbours.
const CHART: &str = "file:///";

struct Files(ReadFile);

impl Retrieve for Files {
    fn retrieve(
        &self,
        uri: &Uri<String>,
    ) -> Result<Value, Box<dyn std::error::Error + Send + Sync>> {
        let uri = uri.as_str();
        if uri.starts_with("urn:") {
            // Helm lets such a reference allow anything.
            return Ok(Value::Bool(true));
        }
        let Some(path) = uri.strip_prefix(CHART) else {
            return Err(
                format!("nothing is fetched from a network: put {uri} into the chart").into()
            );
        };
        let text = (self.0)(path).ok_or_else(|| format!("the chart has no file {path}"))?;
        Ok(serde_json::from_str(&text)?)
    }
}

fn wants_text(finding: &ValidationError<'_>) -> bool {
    match finding.kind() {
        ValidationErrorKind::Type { kind: TypeKind::Single(kind) } => *kind == JsonType::String,
        ValidationErrorKind::Type { kind: TypeKind::Multiple(kinds) } => {
            kinds.contains(JsonType::String)
        }
        _ => false,
    }
}

/// Makes an empty string no value; whether it was one.
fn unset(node: &mut Node) -> bool {
    let is_empty = node.as_str() == Some("");
    if is_empty {
        node.kind = Kind::Null;
    }
    is_empty
}

/// Turns a boolean or a number into the text that was written; whether it could.
fn mend(node: &mut Node) -> bool {
    let plain = matches!(node.kind, Kind::Bool(_) | Kind::Int(_) | Kind::Float(_));
    if plain {
        node.kind = Kind::Text(node.span.text().to_owned());
    }
    plain
}

fn node_mut<'n>(root: &'n mut Node, path: &Location) -> Option<&'n mut Node> {
    path.into_iter().try_fold(root, |node, segment| match (&mut node.kind, segment) {
        (Kind::Map(map), LocationSegment::Property(key)) => map.get_mut(&key),
        (Kind::List(list), LocationSegment::Index(index)) => list.get_mut(index),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
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
        let schema = Source::new("nats.json", include_str!("../schemas/nats.json"));
        let with_reasons = BuiltIn::new("nats", true, None);
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
            let reasons = with_reasons.findings(&schema, &values);
            assert_eq!(NatsAllows::is_valid(&values), reasons.is_empty(), "{text}");
        }
    }

    #[test]
    fn the_schemas_of_the_program_compile() {
        for schema in &BUILT_IN {
            let path = format!("{}/schemas/{}.json", env!("CARGO_MANIFEST_DIR"), schema.name);
            let text = Source::new(path.as_str(), std::fs::read_to_string(&path).unwrap());
            assert!(!schema.findings(&text, &Value::from(1)).is_empty(), "{path}");
        }
    }
}

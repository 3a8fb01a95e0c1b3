//! A JSON schema judges values; each finding points at the text that won.

mod words;

use std::sync::Arc;

use jsonschema::error::{TypeKind, ValidationErrorKind};
use jsonschema::paths::{Location, LocationSegment};
use jsonschema::{JsonType, ValidationError};
use serde_json::Value;

use crate::diagnostic::Diagnostic;
use crate::json::to_json;
use crate::source::Source;
use crate::yaml::{Kind, Node};

/// A schema that is ready to judge.
pub struct Schema {
    text: Arc<Source>,
    judge: Judge,
}

type Findings<'v> = Vec<ValidationError<'v>>;

enum Judge {
    /// Compiled into the program: nothing is read or compiled when it runs.
    BuiltIn(fn(&Value) -> Findings<'_>),
}

/// The values of `nats/nats`.
#[jsonschema::validator(path = "schemas/nats.json", methods = { validate = false })]
struct Nats;

impl Schema {
    /// The schema of an embedded chart, by the chart's name.
    pub fn built_in(name: &str, text: Arc<Source>) -> Option<Self> {
        let judge: fn(&Value) -> Findings<'_> = match name {
            "nats" => |values| {
                if Nats::is_valid(values) { Vec::new() } else { Nats::iter_errors(values).collect() }
            },
            _ => return None,
        };
        Some(Self { text, judge: Judge::BuiltIn(judge) })
    }

    /// Judges values. Where the schema wants a text and a plain scalar was written, that scalar's own
    /// text is meant (`2.10`, `no`, `0123`): it is put in place first.
    pub fn validate(&self, values: &mut Node) -> Vec<Diagnostic> {
        let json = to_json(values);
        let findings = self.findings(&json);
        if findings.is_empty() {
            return Vec::new();
        }
        let mut mended = false;
        for finding in &findings {
            mended |= wants_text(finding)
                && node_mut(values, finding.instance_path()).is_some_and(mend);
        }
        if mended {
            return self.validate(values);
        }
        let schema: Value = serde_json::from_str(self.text.text()).unwrap_or(Value::Null);
        let mut diagnostics: Vec<Diagnostic> =
            findings.iter().flat_map(|finding| words::explain(finding, values, &schema)).collect();
        diagnostics.sort_by_key(|d| {
            d.span.as_ref().map(|span| (span.source().name().to_owned(), span.start()))
        });
        diagnostics
    }

    fn findings<'v>(&self, json: &'v Value) -> Findings<'v> {
        match self.judge {
            Judge::BuiltIn(judge) => judge(json),
        }
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

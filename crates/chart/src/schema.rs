//! A JSON schema judges values; each finding points at the text that won.

mod moved;
pub mod paths;
mod renamed;
mod words;

use std::sync::{Arc, OnceLock};

use jinnacle_syntax::diagnostic::{Diagnostic, rule, sort_by_place};
use jinnacle_syntax::json::to_json;
use jinnacle_syntax::source::{Source, Span};
use jinnacle_syntax::yaml::{Kind, Node};
use jsonschema::error::{TypeKind, ValidationErrorKind};
use jsonschema::paths::{Location, LocationSegment};
use jsonschema::{JsonType, PatternOptions, Retrieve, Uri, ValidationError, Validator};
use serde_json::Value;

pub use renamed::{Instead, Renamed};

/// A schema that is ready to judge.
pub struct Schema {
    text: Arc<Source>,
    judge: Judge,
}

type Findings<'v> = Vec<ValidationError<'v>>;

enum Judge {
    /// In the program.
    BuiltIn(&'static BuiltInSchema),
    /// From a chart's file.
    Compiled(Box<Validator>),
}

/// A schema in the program. Most runs ask none of them for reasons, so the program does not hold their code: that
/// would be an eighth of it. They are compiled, as those of charts are, when they are needed first.
pub struct BuiltInSchema {
    /// The text, deflated.
    pub packed: &'static [u8],
    converts: bool,
    allows: Option<fn(&Value) -> bool>,
    renamed: Option<&'static Renamed>,
    validator: OnceLock<Validator>,
}

impl BuiltInSchema {
    /// A schema by its deflated text. Where it wants a string, a scalar that is meant as one becomes one.
    pub const fn new(packed: &'static [u8]) -> Self {
        let validator = OnceLock::new();
        Self { packed, converts: true, allows: None, renamed: None, validator }
    }

    /// The same for a manifest that goes to an API server as it is written: it is not changed.
    pub const fn of_manifest(packed: &'static [u8]) -> Self {
        let mut schema = Self::new(packed);
        schema.converts = false;
        schema
    }

    /// With a function that tells whether values are valid: one that is compiled into the program takes microseconds.
    pub const fn allows(mut self, allows: fn(&Value) -> bool) -> Self {
        self.allows = Some(allows);
        self
    }

    /// With the keys that are known from elsewhere.
    pub const fn renamed(mut self, renamed: &'static Renamed) -> Self {
        self.renamed = Some(renamed);
        self
    }

    fn findings<'v>(&'v self, values: &'v Value) -> Findings<'v> {
        if self.allows.is_some_and(|allows| allows(values)) {
            return Vec::new();
        }
        self.reasons(values)
    }

    /// What is wrong with values, by the whole schema.
    ///
    /// # Panics
    /// The text is no schema, which tests of the built-in ones rule out.
    pub fn reasons<'v>(&'v self, values: &'v Value) -> Vec<ValidationError<'v>> {
        let validator = self.validator.get_or_init(|| {
            let text = Source::packed("", self.packed);
            let schema = serde_json::from_str(text.text());
            let schema = schema.expect("a test reads the schemas of the program");
            let options = jsonschema::options().with_pattern_options(PatternOptions::regex());
            options.build(&schema).expect("a test compiles the schemas of the program")
        });
        validator.iter_errors(values).collect()
    }
}

/// Gives the text of another file of the chart, by its path, to schemas that refer to it.
pub type ReadFile = Box<dyn Fn(&str) -> Option<String> + Send + Sync>;

impl Schema {
    /// A schema in the program.
    pub fn built_in(schema: &'static BuiltInSchema) -> Self {
        Self { text: Source::packed("schema", schema.packed), judge: Judge::BuiltIn(schema) }
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
            Diagnostic::error(rule!("schema/json"), format!("the schema is invalid JSON: {words}"))
                .at(&Span::new(&text, at, at + 1))
        })?;
        let validator = jsonschema::options()
            .with_base_uri(format!("{CHART}values.schema.json"))
            .with_retriever(Files(read_file))
            .with_pattern_options(PatternOptions::regex())
            .build(&schema)
            .map_err(|error| {
                Diagnostic::error(
                    rule!("schema/schema"),
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
        let mut converted = false;
        let converts = matches!(self.judge, Judge::BuiltIn(BuiltInSchema { converts: true, .. }));
        for finding in findings.iter().filter(|_| converts) {
            let node = node_mut(values, finding.instance_path());
            converted |=
                node.is_some_and(|node| wants_text(finding) && convert(node) || unset(node));
        }
        if converted {
            return self.validate(values, below);
        }
        let schema: Value = serde_json::from_str(self.text.text()).unwrap_or(Value::Null);
        let renamed = match &self.judge {
            Judge::BuiltIn(schema) => schema.renamed,
            Judge::Compiled(_) => None,
        };
        let judged = words::Judged { values, below, schema: &schema, renamed };
        let mut diagnostics: Vec<Diagnostic> =
            findings.iter().flat_map(|finding| judged.explain(finding)).collect();
        sort_by_place(&mut diagnostics);
        diagnostics
    }

    fn findings<'v>(&'v self, json: &'v Value) -> Findings<'v> {
        match &self.judge {
            Judge::BuiltIn(schema) => schema.findings(json),
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
fn convert(node: &mut Node) -> bool {
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

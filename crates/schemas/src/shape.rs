//! Gives a generated schema the shape that makes good messages: closed and flat.
//!
//! Of alternatives a validator says "not valid under any of the given schemas", at the place where
//! they begin. So nothing here is an `anyOf`: a schema lists all the types of a value, and what it
//! says of one type does not touch the others. The neighbours of a `$ref` only describe.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

use crate::kubernetes;

pub type Object = Map<String, Value>;

const REFERENCE: &str = "#/definitions/";

#[rustfmt::skip]
const ORDER: &[&str] = &[
    "$schema", "$ref", "$comment", "title", "description", "default", "examples", "type", "enum",
    "minimum", "maximum", "minItems", "maxLength", "pattern", "items", "required", "properties",
    "patternProperties", "additionalProperties", "definitions",
];

/// On a reference whose value may be null; gone when the schema is done.
const OPTIONAL: &str = "x-optional";

/// The schema of `T` by JSON schema draft 7, which editors and Helm read alike.
pub fn schema<T: JsonSchema>() -> Object {
    let mut settings = SchemaSettings::draft07();
    // They wrap each `$ref` that has a description in an `allOf`.
    settings.transforms.clear();
    let schema = settings.into_generator().into_root_schema_for::<T>();
    let Value::Object(mut root) = schema.to_value() else {
        unreachable!("the values of a chart are an object");
    };
    let mut definitions = take_definitions(&mut root);
    for (name, definition) in &mut definitions {
        if name.starts_with("io.k8s.") {
            kubernetes::tighten(name, definition);
        }
    }
    let scalars: BTreeMap<_, _> = definitions
        .iter()
        .filter(|(_, definition)| is_scalar(definition))
        .map(|(name, definition)| (name.clone(), definition.clone()))
        .collect();
    for schema in std::iter::once(&mut root).chain(definitions.values_mut()) {
        visit(schema, &mut |schema| flatten(schema, &scalars));
    }
    let used = reachable(&root, &definitions);
    definitions.retain(|name, _| used.contains(name));

    let never_null = std::iter::once(&root)
        .chain(definitions.values())
        .flat_map(references)
        .filter(|reference| !reference.contains_key(OPTIONAL))
        .filter_map(target)
        .map(str::to_owned)
        .collect::<BTreeSet<_>>();
    for (name, definition) in &mut definitions {
        if !never_null.contains(name) {
            make_optional(definition);
        }
    }
    for schema in std::iter::once(&mut root).chain(definitions.values_mut()) {
        visit(schema, &mut |schema| {
            schema.remove(OPTIONAL);
            if let Some(name) = target(schema) {
                let short = format!("{REFERENCE}{}", kubernetes::short_name(name));
                schema.insert("$ref".to_owned(), json!(short));
            }
        });
    }
    let named: BTreeMap<_, _> = definitions
        .iter()
        .map(|(name, definition)| (kubernetes::short_name(name), definition))
        .collect();
    assert_eq!(named.len(), definitions.len(), "two definitions have the same short name");
    root.insert("definitions".to_owned(), json!(named));
    root
}

/// The schema of `T` that has no defaults, in order.
pub fn arranged<T: JsonSchema>() -> Object {
    let mut schema = schema::<T>();
    arrange(&mut schema);
    schema
}

/// Puts the keywords into the order in which they are read.
pub fn arrange(schema: &mut Object) {
    visit(schema, &mut |schema| {
        let mut entries: Vec<_> = std::mem::take(schema).into_iter().collect();
        entries.sort_by_key(|(keyword, _)| ORDER.iter().position(|known| known == keyword));
        schema.extend(entries);
    });
}

/// The name of the definition that a schema refers to.
pub fn target(schema: &Object) -> Option<&str> {
    schema.get("$ref")?.as_str()?.strip_prefix(REFERENCE)
}

/// Allows null, or notes for later that a reference allows it.
pub fn make_optional(schema: &mut Object) {
    if schema.contains_key("$ref") {
        schema.insert(OPTIONAL.to_owned(), json!(true));
    }
    match schema.get_mut("type") {
        Some(Value::Array(types)) if !types.contains(&json!("null")) => types.push(json!("null")),
        Some(kind @ Value::String(_)) => *kind = json!([*kind, "null"]),
        _ => {}
    }
    if let Some(Value::Array(words)) = schema.get_mut("enum")
        && !words.contains(&Value::Null)
    {
        words.push(Value::Null);
    }
}

/// Calls `change` for a schema and for all schemas in it.
fn visit(schema: &mut Object, change: &mut impl FnMut(&mut Object)) {
    change(schema);
    for (keyword, value) in schema {
        match (keyword.as_str(), value) {
            ("properties" | "patternProperties" | "definitions", Value::Object(schemas)) => {
                for schema in schemas.values_mut().filter_map(Value::as_object_mut) {
                    visit(schema, change);
                }
            }
            ("items" | "additionalProperties", Value::Object(schema)) => visit(schema, change),
            _ => {}
        }
    }
}

/// The schemas within a schema that refer to a definition.
fn references(schema: &Object) -> Vec<&Object> {
    let mut found = Vec::new();
    let mut open = vec![schema];
    while let Some(schema) = open.pop() {
        if schema.contains_key("$ref") {
            found.push(schema);
        }
        for (keyword, value) in schema {
            match (keyword.as_str(), value) {
                ("properties" | "patternProperties" | "definitions", Value::Object(schemas)) => {
                    open.extend(schemas.values().filter_map(Value::as_object));
                }
                ("items" | "additionalProperties", Value::Object(schema)) => open.push(schema),
                _ => {}
            }
        }
    }
    found
}

/// How many places refer to each definition of a finished schema.
pub fn count_references(root: &Object) -> BTreeMap<String, usize> {
    let mut uses = BTreeMap::new();
    for name in references(root).into_iter().filter_map(target) {
        *uses.entry(name.to_owned()).or_default() += 1;
    }
    uses
}

fn reachable(root: &Object, definitions: &BTreeMap<String, Object>) -> BTreeSet<String> {
    let mut used = BTreeSet::new();
    let mut open = vec![root];
    while let Some(schema) = open.pop() {
        for name in references(schema).into_iter().filter_map(target) {
            if used.insert(name.to_owned()) {
                open.extend(definitions.get(name));
            }
        }
    }
    used
}

fn take_definitions(root: &mut Object) -> BTreeMap<String, Object> {
    match root.remove("definitions") {
        Some(Value::Object(definitions)) => definitions
            .into_iter()
            .filter_map(|(name, definition)| match definition {
                Value::Object(definition) => Some((name, definition)),
                _ => None,
            })
            .collect(),
        _ => BTreeMap::new(),
    }
}

/// One line of text or a number, which is easier to read in place than in a definition.
fn is_scalar(definition: &Object) -> bool {
    let composite = [json!("object"), json!("array")];
    match definition.get("type") {
        Some(Value::Array(types)) => !types.iter().any(|kind| composite.contains(kind)),
        Some(kind) => !composite.contains(kind),
        None => false,
    }
}

fn flatten(schema: &mut Object, scalars: &BTreeMap<String, Object>) {
    if let Some(Value::Array(alternatives)) = schema.remove("anyOf") {
        let [Value::Object(reference), _null] = alternatives.as_slice() else {
            unreachable!("the only alternatives are a reference and null");
        };
        schema.extend(reference.clone());
        make_optional(schema);
    }
    if let Some(scalar) = target(schema).and_then(|name| scalars.get(name)) {
        let optional = schema.contains_key(OPTIONAL);
        schema.remove("$ref");
        schema.extend(scalar.clone());
        if optional {
            make_optional(schema);
        }
    }
    // The width of an integer, which says less than its range.
    schema.remove("format");
    if schema.contains_key("properties") && !schema.contains_key("additionalProperties") {
        schema.insert("additionalProperties".to_owned(), json!(false));
    }
    if let Some(Value::String(description)) = schema.get_mut("description") {
        *description = join_lines(description);
    }
}

/// A paragraph of a comment in one line.
fn join_lines(text: &str) -> String {
    let paragraphs: Vec<_> =
        text.split("\n\n").map(|paragraph| paragraph.replace('\n', " ")).collect();
    paragraphs.join("\n\n")
}

//! All keys of a schema as tables, for people.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::kubernetes::KIND;
use crate::shape::{self, Object, target};

const HEAD: &str = "| key | type | default | meaning |\n|---|---|---|---|\n";

/// A section for each part of the values, then one for each block that several of them share.
pub fn markdown(chart: &str, file: &str, schema: &Object) -> String {
    let table = KeyTable::new(schema);
    let mut text = format!(
        "# Values of `{chart}`\n\n\
         All keys with type, default and meaning. [`{file}`](../{file}) has the defaults with \
         comments, [`values/examples`](../values/examples) has complete examples. `NAME` is a name \
         that you choose, `[]` is each item of a list. `cargo run -p jinnacle-schemas` generates \
         this page.\n\n{}",
        summary(schema)
    );
    let (blocks, plain): (Vec<_>, Vec<_>) =
        properties(schema).partition(|(_, property)| table.own_block(property).is_some());
    for (key, property) in blocks {
        text += &format!("\n## {key}\n\n{}\n\n{HEAD}", description(property));
        table.rows_of_block(key, property, &mut text);
    }
    text += &format!("\n## Other keys\n\n{HEAD}");
    for (key, property) in plain {
        table.row(key, property, &mut text);
    }
    text += "\n## Shared blocks\n";
    for (name, definition) in table.shared() {
        text += &format!("\n### {name}\n\n{}\n\n{HEAD}", description(definition));
        for (key, property) in properties(definition) {
            table.row(key, property, &mut text);
        }
    }
    text
}

/// A row for each key of the top level, with a link to its section.
fn summary(schema: &Object) -> String {
    let table = KeyTable::new(schema);
    let mut text = "| key | meaning |\n|---|---|\n".to_owned();
    for (key, property) in properties(schema) {
        // Blocks have a section of their own; all other keys share one.
        let section =
            table.own_block(property).map_or("other-keys".to_owned(), |_| key.to_lowercase());
        let meaning = description(property).replace('|', "\\|").replace('\n', " ");
        text += &format!("| [`{key}`](#{section}) | {meaning} |\n");
    }
    text
}

struct KeyTable<'a> {
    definitions: &'a Object,
    uses: BTreeMap<String, usize>,
}

impl<'a> KeyTable<'a> {
    fn new(schema: &'a Object) -> Self {
        Self {
            definitions: schema["definitions"]
                .as_object()
                .expect("a schema of ours has definitions"),
            uses: shape::count_references(schema),
        }
    }

    fn definition(&self, schema: &Object) -> Option<(&'a str, &'a Object)> {
        let name = target(schema)?;
        let (name, definition) = self.definitions.get_key_value(name)?;
        Some((name, definition.as_object()?))
    }

    /// The block that a key alone has, whose keys are listed below it.
    fn own_block(&self, property: &Object) -> Option<&'a Object> {
        let (name, definition) = self.definition(property)?;
        (self.uses.get(name) == Some(&1) && !is_kubernetes(definition)).then_some(definition)
    }

    fn shared(&self) -> impl Iterator<Item = (&'a String, &'a Object)> {
        self.definitions
            .iter()
            .filter(|(name, _)| self.uses.get(*name) > Some(&1))
            .filter_map(|(name, definition)| Some((name, definition.as_object()?)))
            .filter(|(_, definition)| !is_kubernetes(definition))
    }

    fn row(&self, path: &str, property: &Object, text: &mut String) {
        let default = match property.get("default") {
            Some(default) => format!("`{default}`"),
            None => String::new(),
        };
        let cells = [
            format!("`{path}`"),
            self.type_words(property),
            default,
            description(property).to_owned(),
        ];
        let cells = cells.map(|cell| cell.replace('|', "\\|").replace('\n', " "));
        *text += &format!("| {} |\n", cells.join(" | "));
        self.rows_of_block(path, property, text);
    }

    fn rows_of_block(&self, path: &str, property: &Object, text: &mut String) {
        if let Some(block) = self.own_block(property) {
            for (key, property) in properties(block) {
                self.row(&format!("{path}.{key}"), property, text);
            }
        }
        if let Some(Value::Object(items)) = property.get("items") {
            self.rows_of_block(&format!("{path}[]"), items, text);
        }
        if let Some(Value::Object(values)) = property.get("additionalProperties") {
            self.rows_of_block(&format!("{path}.NAME"), values, text);
        }
    }

    fn type_words(&self, schema: &Object) -> String {
        if let Some((name, definition)) = self.definition(schema) {
            return match kubernetes_kind(definition) {
                Some(kind) => format!("{kind} (Kubernetes)"),
                None if self.uses.get(name) == Some(&1) => self.type_words(definition),
                None => format!("[{name}](#{})", name.to_lowercase()),
            };
        }
        if let Some(Value::Array(words)) = schema.get("enum") {
            let words: Vec<_> = words.iter().filter_map(Value::as_str).collect();
            return format!("`{}`", words.join("`, `"));
        }
        if let Some(Value::String(title)) = schema.get("title") {
            return title.clone();
        }
        let types = match schema.get("type") {
            Some(Value::Array(types)) => types.iter().filter_map(Value::as_str).collect(),
            Some(Value::String(kind)) => vec![kind.as_str()],
            _ => Vec::new(),
        };
        let words: Vec<_> = types
            .into_iter()
            .filter(|kind| *kind != "null")
            .map(|kind| self.type_word(kind, schema))
            .collect();
        words.join(" or ")
    }

    fn type_word(&self, kind: &str, schema: &Object) -> String {
        match (kind, schema.get("items"), schema.get("additionalProperties")) {
            ("array", Some(Value::Object(items)), _) => {
                format!("list of {}", plural(self.type_words(items)))
            }
            ("object", _, Some(Value::Object(values))) => {
                format!("map of {}", plural(self.type_words(values)))
            }
            ("object", ..) => "map".to_owned(),
            ("array", ..) => "list".to_owned(),
            (other, ..) => other.to_owned(),
        }
    }
}

fn plural(words: String) -> String {
    match words.as_str() {
        "string" | "integer" | "boolean" | "map" => words + "s",
        _ => words,
    }
}

fn kubernetes_kind(definition: &Object) -> Option<&str> {
    definition.get("$comment")?.as_str()?.strip_prefix(KIND)
}

fn is_kubernetes(definition: &Object) -> bool {
    kubernetes_kind(definition).is_some()
}

fn properties(schema: &Object) -> impl Iterator<Item = (&String, &Object)> {
    schema
        .get("properties")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
        .filter_map(|(key, property)| Some((key, property.as_object()?)))
}

fn description(schema: &Object) -> &str {
    schema.get("description").and_then(Value::as_str).unwrap_or_default()
}

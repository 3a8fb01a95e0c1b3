//! Kinds of CRDs: their schemas as definitions of the same form as the built-in ones.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use jinnacle_syntax::yaml::Node;

/// The kinds and definitions of the CRDs among some objects, in the form that the API is kept in.
pub fn read(objects: &[&Node]) -> String {
    let mut lines = Lines::default();
    for object in objects {
        if object.str_at("kind") != "CustomResourceDefinition" {
            continue;
        }
        let text = |path: &[&str]| object.str_at(path);
        let (group, kind) = (text(&["spec", "group"]), text(&["spec", "names", "kind"]));
        for version in object.list_at("spec.versions") {
            let name = version.str_at("name");
            let Some(schema) = version.at("schema.openAPIV3Schema") else { continue };
            let definition = format!("{group}.{name}.{kind}");
            lines.add_object(&definition, schema, true);
            lines.kinds.insert(format!("{group}/{name}/{kind}"), definition);
        }
    }
    lines.text()
}

#[derive(Default)]
struct Lines {
    kinds: BTreeMap<String, String>,
    definitions: BTreeMap<String, String>,
}

impl Lines {
    /// A definition for an object with properties.
    fn add_object(&mut self, name: &str, schema: &Node, is_root: bool) {
        let required: Vec<&str> =
            schema.list_at("required").iter().filter_map(Node::as_str).collect();
        let mut fields = BTreeMap::new();
        for (key, schema) in schema.map_at("properties").into_iter().flat_map(|m| m.iter()) {
            if key.contains([' ', ':', '!', '+', '^', '(']) {
                fields.insert("…", "…:*".to_owned());
                continue;
            }
            let kind = self.type_of(&format!("{name}.{key}"), schema);
            let mark = if required.contains(&key) && !is_root { "!" } else { "" };
            fields.insert(key, format!("{key}{mark}:{kind}{}", limits(schema)));
        }
        if is_root {
            fields.insert("apiVersion", "apiVersion:s".to_owned());
            fields.insert("kind", "kind:s".to_owned());
            fields.insert("metadata", "metadata:meta.v1.ObjectMeta".to_owned());
        }
        if schema.is_true("x-kubernetes-preserve-unknown-fields") {
            fields.insert("…", "…:*".to_owned());
        }
        let line = fields.into_values().fold(String::new(), |line, field| line + " " + &field);
        self.definitions.insert(name.to_owned(), line);
    }

    fn type_of(&mut self, name: &str, schema: &Node) -> String {
        if schema.is_true("x-kubernetes-int-or-string") {
            return "p".to_owned();
        }
        let has_properties = schema.map_at("properties").is_some_and(|map| !map.is_empty());
        match schema.get("type").and_then(Node::as_str) {
            Some("string") => match schema.get("format").and_then(Node::as_str) {
                Some("date-time") => "t",
                Some("byte") => "y",
                _ => "s",
            }
            .to_owned(),
            Some("integer") => match schema.get("format").and_then(Node::as_str) {
                Some("int32") => "i",
                _ => "l",
            }
            .to_owned(),
            Some("number") => "n".to_owned(),
            Some("boolean") => "b".to_owned(),
            Some("array") => {
                let item = schema.get("items");
                let kind =
                    item.map_or("*".to_owned(), |item| self.type_of(&format!("{name}[]"), item));
                let keys = schema.get("x-kubernetes-list-map-keys").and_then(Node::as_list);
                match (schema.get("x-kubernetes-list-type").and_then(Node::as_str), keys) {
                    (Some("map"), Some(keys)) => {
                        let keys: Vec<&str> = keys.iter().filter_map(Node::as_str).collect();
                        format!("[{kind};{}]", keys.join(","))
                    }
                    (Some("set"), _) => format!("[{kind};]"),
                    _ => format!("[{kind}]"),
                }
            }
            Some("object") if has_properties => {
                self.add_object(name, schema, false);
                name.to_owned()
            }
            Some("object") => {
                match schema.get("additionalProperties").filter(|n| n.as_map().is_some()) {
                    Some(values) => format!("{{{}}}", self.type_of(&format!("{name}{{}}"), values)),
                    None => "*".to_owned(),
                }
            }
            _ => "*".to_owned(),
        }
    }

    fn text(self) -> String {
        let mut text = String::new();
        for (kind, definition) in self.kinds {
            let _ = writeln!(text, "{kind} 0- {definition}");
        }
        text.push('\n');
        for (name, fields) in self.definitions {
            let _ = writeln!(text, "{name}{fields}");
        }
        text
    }
}

/// The words or the range of a schema, where the form has room for them.
fn limits(schema: &Node) -> String {
    let words: Option<Vec<&str>> = schema
        .get("enum")
        .and_then(Node::as_list)
        .map(|words| words.iter().map(|word| word.as_str().unwrap_or(" ")).collect());
    if let Some(words) = words.filter(|words| {
        words.iter().all(|w| !w.contains([' ', '+', '^', '(', ')', '|']) && !w.contains(".."))
    }) {
        return format!("({})", words.join("|"));
    }
    let bound = |field: &str| schema.int_at(field);
    let text = |bound: Option<i128>| bound.map_or(String::new(), |number| number.to_string());
    if schema.str_at("type") == "string" {
        return match (bound("minLength"), bound("maxLength")) {
            (None, None) => String::new(),
            (least, greatest) => format!("({}..{})", text(least), text(greatest)),
        };
    }
    match (schema.get("type").and_then(Node::as_str), bound("minimum"), bound("maximum")) {
        (Some("integer"), Some(least), greatest) => {
            format!("({least}..{})", text(greatest))
        }
        _ => String::new(),
    }
}

//! The defaults of a chart, which stand in its `values/*.yaml` alone, put into its schema.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::shape::{Object, count_references, target};

/// Says of each key what it is when nobody sets it; such a key is not required.
pub fn describe(schema: &mut Object, defaults: &Value) {
    let uses = count_references(schema);
    let mut definitions = match schema.remove("definitions") {
        Some(Value::Object(definitions)) => definitions,
        _ => Object::new(),
    };
    if let Value::Object(defaults) = defaults {
        describe_object(schema, defaults, &mut definitions, &uses);
    }
    schema.insert("definitions".to_owned(), Value::Object(definitions));
}

fn describe_object(
    schema: &mut Object,
    defaults: &Object,
    definitions: &mut Object,
    uses: &BTreeMap<String, usize>,
) {
    if let Some(Value::Array(required)) = schema.get_mut("required") {
        required.retain(|key| !defaults.contains_key(key.as_str().unwrap_or_default()));
        if required.is_empty() {
            schema.remove("required");
        }
    }
    let Some(Value::Object(properties)) = schema.get_mut("properties") else {
        return;
    };
    for (key, default) in defaults {
        let Some(Value::Object(property)) = properties.get_mut(key) else {
            // The schema refuses the defaults; its test says so.
            continue;
        };
        // A definition with a single use is described key by key.
        let own = target(property).filter(|name| uses.get(*name) == Some(&1)).map(str::to_owned);
        match (own, default) {
            (Some(name), Value::Object(inner)) if !inner.is_empty() => {
                if let Some(Value::Object(mut definition)) = definitions.remove(&name) {
                    describe_object(&mut definition, inner, definitions, uses);
                    definitions.insert(name, Value::Object(definition));
                }
            }
            (_, Value::Null) => {}
            (_, default) => {
                property.insert("default".to_owned(), json!(default));
            }
        }
    }
}

//! Other names of keys that nats.conf gets as they are written: the schemas know all that the server knows.

use jinnacle_nats_conf::options::{self, Block};
use serde_json::{Value, json};

use crate::shape::Object;

/// The definitions whose keys are the server's own, and the blocks of nats.conf that they become.
static COPIED: [(&str, &Block); 8] = [
    ("Account", &options::ACCOUNT),
    ("AccountJetstream", &options::ACCOUNT_JETSTREAM),
    ("AccountLimits", &options::ACCOUNT_LIMITS),
    ("Export", &options::EXPORT),
    ("Mapping", &options::DESTINATION),
    ("Permissions", &options::PERMISSIONS),
    ("Responses", &options::RESPONSES),
    ("User", &options::USER),
];

/// Adds them to the schema of the values, each behind the key that it means.
pub fn add(schema: &mut Object) {
    for (name, block) in &COPIED {
        if let Value::Object(properties) = &mut schema["definitions"][name]["properties"] {
            add_to(properties, block);
        }
    }
}

fn add_to(properties: &mut Object, block: &Block) {
    for (key, property) in std::mem::take(properties) {
        properties.insert(key.clone(), property.clone());
        let setting = block.options.iter().find(|option| option.is_called(&key, true));
        let names = setting.into_iter().flat_map(|setting| setting.names.split('|'));
        for alias in names.filter(|name| *name != key) {
            let mut same = property.clone();
            same["description"] = json!(format!("Alias of `{key}`."));
            properties.insert(alias.to_owned(), same);
        }
    }
}

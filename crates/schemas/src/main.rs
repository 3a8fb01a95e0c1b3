//! Writes what follows from the types of this crate: `cargo run -p jinnacle-schemas`.

use std::path::{Path, PathBuf};
use std::{fs, io};

use serde::Serialize as _;
use serde_json::Value;
use serde_json::ser::{PrettyFormatter, Serializer};

mod defaults;
mod key_table;
mod kubernetes;
#[expect(dead_code, reason = "the types are only read by the derive of their schema")]
mod nats;
mod scalar;
mod shape;

fn main() -> io::Result<()> {
    for (path, text) in generated()? {
        fs::write(repository().join(path), text)?;
    }
    Ok(())
}

/// The generated files by their paths in the repository.
fn generated() -> io::Result<Vec<(&'static str, String)>> {
    let mut nats = shape::schema::<nats::Values>();
    defaults::describe(&mut nats, &read_yaml("values/nats.yaml")?);
    shape::arrange(&mut nats);
    Ok(vec![
        ("docs/values-nats.md", key_table::markdown("nats/nats", "values/nats.yaml", &nats)),
        ("schemas/nats.json", pretty(&nats.into())),
    ])
}

fn read_yaml(path: &str) -> io::Result<Value> {
    let text = fs::read_to_string(repository().join(path))?;
    serde_yaml_ng::from_str(&text)
        .map_err(|error| io::Error::new(io::ErrorKind::InvalidData, format!("{path}: {error}")))
}

/// One key a line, so that a change shows, with as few spaces as that takes.
fn pretty(value: &Value) -> String {
    let mut text = Vec::new();
    let mut serializer = Serializer::with_formatter(&mut text, PrettyFormatter::with_indent(b" "));
    value.serialize(&mut serializer).expect("a value of JSON is JSON");
    text.push(b'\n');
    String::from_utf8(text).expect("JSON is UTF-8")
}

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

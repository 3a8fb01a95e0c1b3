//! What is embedded is prepared here: the default values without the text of their comments, deflated schemas, and the
//! schema of values as a validator whose patterns are cheap to begin with.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

use flate2::Compression;
use flate2::write::DeflateEncoder;
use serde_json::Value;

fn main() -> io::Result<()> {
    // A new file in a directory of templates must rebuild the crate.
    for directory in ["templates", "values", "schemas"] {
        println!("cargo::rerun-if-changed={directory}");
    }
    let out = PathBuf::from(env::var("OUT_DIR").map_err(io::Error::other)?);
    for entry in fs::read_dir("values")? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "yaml") {
            let name = path.file_name().unwrap_or_default();
            fs::write(out.join(name), without_comments(&fs::read_to_string(&path)?))?;
        }
    }
    for entry in fs::read_dir("schemas")? {
        pack(&entry?.path(), &out)?;
    }
    fs::write(out.join("validator.rs"), validator()?)
}

/// Writes a file deflated.
fn pack(path: &Path, out: &Path) -> io::Result<()> {
    let file = fs::File::create(out.join(path.file_name().unwrap_or_default()))?;
    let mut packed = DeflateEncoder::new(file, Compression::best());
    packed.write_all(&fs::read(path)?)?;
    packed.finish()?;
    Ok(())
}

/// Lines that hold only a comment become empty: three quarters of the file are for people, and what
/// remains is read in each run. Every value keeps its line and column.
fn without_comments(text: &str) -> String {
    let kept = |line: &&str| !line.trim_start().starts_with('#');
    text.lines().flat_map(|line| [Some(line).filter(kept).unwrap_or(""), "\n"]).collect()
}

/// A validator that only tells whether values of `nats/nats` are valid. Each of the schema's patterns is a format
/// to it, whose expression is made by a library that does so in microseconds: a run needs a few, once each.
fn validator() -> io::Result<String> {
    let mut schema: Value = serde_json::from_str(&fs::read_to_string("schemas/nats.json")?)?;
    let mut patterns = Vec::new();
    replace_patterns(&mut schema, &mut patterns);
    let (mut formats, mut functions) = (String::new(), String::new());
    for (index, pattern) in patterns.iter().enumerate() {
        formats += &format!("{pattern:?} => crate::schemas::matches_{index},");
        functions += &format!(
            "fn matches_{index}(text: &str) -> bool {{\n    \
                 static EXPRESSION: LazyLock<Regex> = LazyLock::new(|| expression({pattern:?}));\n    \
                 EXPRESSION.is_match(text)\n\
             }}\n"
        );
    }
    Ok(format!(
        "{functions}#[jsonschema::validator(schema = r##\"{schema}\"##, validate_formats = true, \
         methods = {{ validate = false, iter_errors = false }}, formats = {{ {formats} }})]\n\
         struct NatsAllows;\n"
    ))
}

/// Has `format` stand for each `pattern`, and collects them. `\\S` is left: the validator knows it by itself.
fn replace_patterns(schema: &mut Value, patterns: &mut Vec<String>) {
    match schema {
        Value::Object(keywords) => {
            let pattern = keywords.get("pattern").and_then(Value::as_str).map(str::to_owned);
            if let Some(pattern) = pattern.filter(|pattern| !pattern.contains("\\S")) {
                keywords.remove("pattern");
                keywords.insert("format".to_owned(), Value::from(pattern.as_str()));
                if !patterns.contains(&pattern) {
                    patterns.push(pattern);
                }
            }
            keywords.values_mut().for_each(|below| replace_patterns(below, patterns));
        }
        Value::Array(items) => items.iter_mut().for_each(|below| replace_patterns(below, patterns)),
        _ => {}
    }
}

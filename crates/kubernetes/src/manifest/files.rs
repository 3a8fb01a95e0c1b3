//! Manifests and configurations on disk.

use std::path::Path;
use std::sync::Arc;
use std::{fs, io};

use anyhow::Context as _;

use jinnacle_syntax::diagnostic::Diagnostic;
use jinnacle_syntax::source::{self, Source};
use jinnacle_syntax::yaml::{self, Limits, Node};

/// The ends of names of manifests, and of configurations of nats-server.
const SUFFIXES: [&str; 4] = [".yaml", ".yml", ".json", ".conf"];

/// Files by the paths that were named: a file, all that a folder holds at any depth, or `-` for standard
/// input. In a folder only manifests and configurations count.
///
/// # Errors
/// A file cannot be read. One that is no text is a finding.
pub fn read(paths: &[String], found: &mut Vec<Diagnostic>) -> anyhow::Result<Vec<Arc<Source>>> {
    let mut sources = Vec::new();
    for path in paths {
        let mut add = |name: &str, bytes: &[u8]| match yaml::decode(name, bytes) {
            // The server takes the bytes of a configuration as they are.
            _ if name.ends_with(".conf") => {
                sources.push(Source::new(name, String::from_utf8_lossy(bytes)));
            }
            Ok(source) => sources.push(source),
            Err(finding) => found.push(finding),
        };
        if path == "-" {
            add("<stdin>", &source::stdin()?);
        } else {
            below(Path::new(path), true, &mut add)?;
        }
    }
    Ok(sources)
}

/// The documents of all manifests at a path.
///
/// # Errors
/// As [`read`].
pub fn manifests(path: &str, found: &mut Vec<Diagnostic>) -> anyhow::Result<Vec<Node>> {
    let sources = read(&[path.to_owned()], found)?;
    let manifests = sources.iter().filter(|source| !source.name().ends_with(".conf"));
    Ok(manifests.flat_map(|source| documents(source, found)).collect())
}

/// The documents of manifests, as `kubectl` reads them; whether they are any, is for others to say.
pub fn documents(source: &Arc<Source>, found: &mut Vec<Diagnostic>) -> Vec<Node> {
    let (documents, errors) = yaml::read_documents(source, &Limits::default());
    found.extend(errors);
    let (roots, warnings): (Vec<Node>, Vec<_>) =
        documents.into_iter().map(|document| (document.root, document.warnings)).unzip();
    found.extend(warnings.into_iter().flatten());
    roots
}

/// The `kind` of the manifest that a file begins with; values have no `apiVersion` beside a `kind`.
pub fn kind(source: &Arc<Source>) -> Option<Node> {
    // A file of values, which most are, is not read for this.
    if !source.text().contains("apiVersion") {
        return None;
    }
    let first = documents(source, &mut Vec::new()).into_iter().find(|root| !root.is_null())?;
    first.get("apiVersion").and(first.get("kind")).cloned()
}

/// The file that a configuration includes: its name counts from the folder of the one that includes it.
pub fn include(from: &Source, name: &str) -> Option<Arc<Source>> {
    let path = Path::new(from.name()).parent()?.join(name);
    let bytes = source::file(&path).ok()?;
    Some(Source::new(path.to_string_lossy(), String::from_utf8_lossy(&bytes)))
}

fn below(path: &Path, is_named: bool, add: &mut dyn FnMut(&str, &[u8])) -> anyhow::Result<()> {
    let name = path.to_string_lossy();
    let unreadable = || format!("cannot read {name}");
    if path.is_dir() {
        let entries = fs::read_dir(path).with_context(unreadable)?;
        let mut paths: Vec<_> = entries
            .map(|entry| Ok(entry?.path()))
            .collect::<io::Result<_>>()
            .with_context(unreadable)?;
        paths.sort();
        for path in paths {
            below(&path, false, add)?;
        }
    } else if is_named || SUFFIXES.iter().any(|suffix| name.ends_with(suffix)) {
        add(&name, &source::file(path)?);
    }
    Ok(())
}

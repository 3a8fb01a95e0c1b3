//! `--output-dir`: a file for each template. Files appear whole or not at all.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context as _;

use super::Document;
use super::file::replace;

/// Writes documents into files by their names and returns a line for each, as Helm prints them.
///
/// A file is written again, but for one that only hooks are written to: there Helm appends, so what
/// precedes the first document of that template is kept, and the rest is replaced.
///
/// # Errors
/// A directory or a file cannot be written.
pub fn write(directory: &Path, documents: &[Document]) -> anyhow::Result<String> {
    for (path, text) in files(directory, documents) {
        replace(&path, text.as_bytes())
            .with_context(|| format!("cannot write `{}`", path.display()))?;
    }
    let lines = documents
        .iter()
        .map(|document| format!("wrote {}\n", directory.join(&document.name).display()));
    Ok(lines.collect())
}

/// The files that documents are written into, whole.
pub(super) fn files(directory: &Path, documents: &[Document]) -> Vec<(PathBuf, String)> {
    let mut files: Vec<(PathBuf, bool, String)> = Vec::new();
    for document in documents {
        let path = directory.join(&document.name);
        let text = format!("---\n# Source: {}\n{}\n", document.name, document.text);
        match files.iter_mut().find(|(known, ..)| *known == path) {
            Some((_, _, content)) => content.push_str(&text),
            None => files.push((path, document.is_hook, text)),
        }
    }
    let whole = |(path, keeps, text): (PathBuf, bool, String)| {
        let kept = if keeps { foreign_part(&path, &text) } else { String::new() };
        (path, kept + &text)
    };
    files.into_iter().map(whole).collect()
}

/// What others wrote into a file before the documents of this template.
fn foreign_part(path: &Path, text: &str) -> String {
    let Ok(before) = fs::read_to_string(path) else { return String::new() };
    let header: String = text.split_inclusive('\n').take(2).collect();
    match before.find(&header) {
        Some(ours) => before[..ours].to_owned(),
        None => before,
    }
}

//! `--output-dir`: a file for each template. Files appear whole or not at all.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context as _;

use super::Document;
use super::file::replace;

/// Writes documents into files by their names and returns a line for each, as Helm prints them.
///
/// A file is written anew, but for one that only hooks are written to: there Helm appends, so what
/// stands before the first document of that template is kept, and the rest is replaced.
///
/// # Errors
/// A folder or a file cannot be written.
pub fn write(folder: &Path, documents: &[Document]) -> anyhow::Result<String> {
    let mut files: Vec<(PathBuf, bool, String)> = Vec::new();
    let mut said = String::new();
    for document in documents {
        let path = folder.join(&document.name);
        let text = format!("---\n# Source: {}\n{}\n", document.name, document.text);
        said.push_str(&format!("wrote {}\n", path.display()));
        match files.iter_mut().find(|(known, ..)| *known == path) {
            Some((_, _, content)) => content.push_str(&text),
            None => files.push((path, document.is_hook, text)),
        }
    }
    for (path, keeps, text) in &files {
        let kept = if *keeps { foreign_part(path, text) } else { String::new() };
        replace(path, (kept + text).as_bytes())
            .with_context(|| format!("cannot write `{}`", path.display()))?;
    }
    Ok(said)
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

//! `--check`: what is committed against what would be written. Nothing is written.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use similar::TextDiff;

use super::{Document, directory};

/// The differences between documents and the files of a directory, as `diff -u` prints them; nothing when there
/// are none.
///
/// # Errors
/// A file is there and cannot be read.
pub fn directory(place: &Path, documents: &[Document]) -> anyhow::Result<String> {
    let files = directory::files(place, documents);
    let mut text = String::new();
    for (path, wanted) in &files {
        text += &file(path, wanted)?;
    }
    // Only in the chart's own directories: others may keep files beside them.
    let mut left = Vec::new();
    for document in documents {
        let chart = document.name.split('/').next().unwrap_or_default();
        collect(&place.join(chart).join("templates"), &mut left);
    }
    left.sort();
    left.dedup();
    for path in left.iter().filter(|path| files.iter().all(|(known, _)| known != *path)) {
        text += &file(path, "")?;
    }
    Ok(text)
}

/// The differences between a file and what it should hold.
///
/// # Errors
/// It is there and cannot be read.
pub fn file(path: &Path, wanted: &str) -> anyhow::Result<String> {
    let shown = path.display().to_string();
    let found = match fs::read(path) {
        Ok(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
        Err(error) => return Err(error).with_context(|| format!("cannot read `{shown}`")),
    };
    let diff = TextDiff::from_lines(&found, wanted);
    let (before, after) = (
        if path.exists() { shown.as_str() } else { "/dev/null" },
        if wanted.is_empty() { "/dev/null" } else { shown.as_str() },
    );
    Ok(diff.unified_diff().context_radius(3).header(before, after).to_string())
}

fn collect(directory: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(directory).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(&path, files);
        } else {
            files.push(path);
        }
    }
}

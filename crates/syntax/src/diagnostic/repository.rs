//! The repository in which the program runs: what CI services want paths to be relative to.

use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

use super::Diagnostic;
use crate::source::normalized;

/// The directory with `.git` and the directory in which paths were typed.
#[derive(Clone, Debug, Default)]
pub struct Repository {
    root: PathBuf,
    here: PathBuf,
}

impl Repository {
    /// A repository and a directory in it, both absolute.
    pub fn new(here: impl Into<PathBuf>, root: impl Into<PathBuf>) -> Self {
        Self { root: root.into(), here: here.into() }
    }

    /// The repository around a directory; that directory itself when it is in none.
    pub fn around(here: &Path) -> Self {
        let root =
            here.ancestors().find(|directory| directory.join(".git").exists()).unwrap_or(here);
        Self::new(here, root)
    }

    /// The path of a file from the root on, with slashes; none for what is not a file, such as `--set`. A
    /// file outside the repository keeps its path as it was typed.
    pub fn path(&self, name: &str) -> Option<String> {
        let full = normalized(&self.here.join(name));
        if name.starts_with('<') || !full.exists() {
            return None;
        }
        let inside = full.strip_prefix(&self.root).unwrap_or(Path::new(name));
        let words: Vec<_> = inside.components().map(|c| c.as_os_str().to_string_lossy()).collect();
        Some(words.join("/").replacen("//", "/", 1))
    }

    /// What makes findings of two runs the same one, wherever its line has moved: the rule, the file, the
    /// text of the line, and which of the equal ones it is.
    pub fn fingerprints(&self, findings: &[Diagnostic]) -> Vec<String> {
        let mut seen = std::collections::HashMap::new();
        findings
            .iter()
            .map(|finding| {
                let span = finding.span.as_ref();
                let file = span.and_then(|span| self.path(span.source().name()));
                let line = span.map(|span| span.source().line(span.place().line).trim().to_owned());
                let key = (finding.rule, file.unwrap_or_default(), line.unwrap_or_default());
                let count = seen.entry(key.clone()).or_insert(0_usize);
                *count += 1;
                let text = format!("{}\0{}\0{}\0{count}", key.0, key.1, key.2);
                let digest = Sha256::digest(text.as_bytes());
                digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect()
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_relative_to_the_repository() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let repository = Repository::new(root.join("src"), root);
        let path = |name: &str| repository.path(name);
        assert_eq!(path("lib.rs").as_deref(), Some("src/lib.rs"));
        assert_eq!(path("./../values/../Cargo.toml").as_deref(), Some("Cargo.toml"));
        assert_eq!((path("<stdin>"), path("--set"), path("gone.yaml")), (None, None, None));
    }
}

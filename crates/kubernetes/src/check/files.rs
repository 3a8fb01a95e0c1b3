//! The files of the paths that are named: manifests and configurations, and what a directory holds beside them.

mod directory;

use std::path::Path;
use std::sync::Arc;

use anyhow::Context as _;
use ignore::gitignore::{Gitignore, GitignoreBuilder};

use crate::manifest::files::documents;
use jinnacle_nats_conf::is_likely;
use jinnacle_syntax::diagnostic::Sink;
use jinnacle_syntax::source::{self, Source};
use jinnacle_syntax::yaml::{self, Node};

/// A file at a path that was named, or in a directory at one.
pub struct File {
    /// What it holds.
    pub source: Arc<Source>,
    /// Whether a directory was named, which may hold files for other programs too.
    is_in_folder: bool,
    /// Whether it is known to be only a part of a manifest.
    is_patch: bool,
}

impl File {
    /// Whether it is a configuration of nats-server, by its name. In a directory its content must be one too, since many
    /// programs have such files.
    pub fn is_configuration(&self) -> bool {
        let name = self.source.name();
        let base = name.rsplit('/').next().unwrap_or(name);
        self.is_named_conf() && (!self.is_in_folder || is_likely(base, self.source.text()))
    }

    fn is_named_conf(&self) -> bool {
        self.source.name().ends_with(".conf")
    }

    /// Its documents; none if it is in a directory and is not for Kubernetes, about which nothing is found.
    pub fn manifests(&self, sink: &mut Sink) -> Option<Vec<Node>> {
        if self.is_patch || self.is_in_folder && self.is_named_conf() {
            return None;
        }
        let mut faults = Sink::new();
        let read = documents(&self.source, &mut faults);
        if self.is_in_folder && !directory::holds_manifests(&self.source, &read, &faults) {
            return None;
        }
        sink.extend(faults);
        Some(read)
    }
}

/// Files by the paths that were named: a file, those in a directory at any depth, or `-` for standard input. In a directory
/// only manifests and configurations count, and none that is hidden, ignored by git or excluded by a glob, which means
/// what it means in a `.gitignore` of the current directory or of the one that was named.
///
/// # Errors
/// A file cannot be read, or a glob is none. A file that is not text is a finding.
pub fn read(paths: &[String], globs: &[String], sink: &mut Sink) -> anyhow::Result<Vec<File>> {
    let mut files = Vec::new();
    for path in paths {
        let mut add = |name: &str, bytes: &[u8], is_in_folder, is_patch| {
            let file = |source| File { source, is_in_folder, is_patch };
            match yaml::decode(name, bytes) {
                // The server takes the bytes of a configuration as they are.
                _ if name.ends_with(".conf") => {
                    files.push(file(Source::new(name, String::from_utf8_lossy(bytes))));
                }
                Ok(source) => files.push(file(source)),
                Err(_) if is_in_folder => {}
                Err(finding) => sink.push(finding),
            }
        };
        let excluded = [excluded(".", globs)?, excluded(path, globs)?];
        let is_excluded = |path: &Path, is_folder| {
            let path = path.strip_prefix(".").unwrap_or(path);
            excluded.iter().any(|globs| globs.matched(path, is_folder).is_ignore())
        };
        match Path::new(path) {
            _ if path == "-" => add("<stdin>", &source::stdin()?, false, false),
            directory if directory.is_dir() => {
                for (path, is_patch) in directory::files(directory, is_excluded)? {
                    add(&path.to_string_lossy(), &source::file(&path)?, true, is_patch);
                }
            }
            file if is_excluded(file, false) => {}
            file => add(path, &source::file(file)?, false, false),
        }
    }
    Ok(files)
}

/// What globs leave out below a directory.
fn excluded(directory: &str, globs: &[String]) -> anyhow::Result<Gitignore> {
    let mut builder = GitignoreBuilder::new(directory);
    builder.allow_unclosed_class(false);
    for glob in globs {
        builder
            .add_line(None, glob)
            .with_context(|| format!("--exclude: invalid glob `{glob}`"))?;
    }
    builder.build().context("--exclude: invalid globs")
}

/// The documents of all manifests at a path.
///
/// # Errors
/// As [`read`].
pub fn manifests(path: &str, sink: &mut Sink) -> anyhow::Result<Vec<Node>> {
    let files = read(&[path.to_owned()], &[], sink)?;
    let manifests = files.iter().filter(|file| !file.is_named_conf());
    Ok(manifests.filter_map(|file| file.manifests(sink)).flatten().collect())
}

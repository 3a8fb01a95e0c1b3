//! Charts in directories.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use jinnacle_syntax::diagnostic::Sink;
use jinnacle_syntax::source::{self, Source};

use super::File;
use super::ignore::Ignore;

/// The most that a directory may hold, as in an archive: 100 MiB, and 5 MiB in a file.
const MAX_TOTAL: u64 = 100 << 20;
const MAX_FILE: u64 = 5 << 20;

/// The most entries that a directory may have; by links, few directories can be many.
const MAX_ENTRIES: usize = 10_000;

/// How deep directories may be nested.
const MAX_DEPTH: usize = 64;

/// The files of a chart directory by path, without what .helmignore names.
///
/// # Errors
/// A file cannot be read or is too large, a link leads out of the directory, or .helmignore is wrong.
pub fn files(directory: &Path, sink: &mut Sink) -> anyhow::Result<Vec<File>> {
    let cannot = || format!("cannot read `{}`", directory.display());
    let root = directory.canonicalize().with_context(cannot)?;
    let ignore = ignore(&root, &directory.join(".helmignore"), sink)?;
    let mut walk = Walk { root, ignore, files: Vec::new(), entries: 0, total: 0 };
    walk.directory(directory, "")?;
    walk.files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(walk.files)
}

fn ignore(root: &Path, path: &Path, sink: &mut Sink) -> anyhow::Result<Ignore> {
    let rules = match path.try_exists() {
        Ok(true) => {
            stay_inside(root, path)?;
            let bytes = source::file(path)?;
            let text = String::from_utf8_lossy(&bytes);
            Some(Source::new(path.display().to_string(), text.trim_start_matches('\u{feff}')))
        }
        Ok(false) => None,
        Err(error) => {
            return Err(error).with_context(|| format!("cannot read `{}`", path.display()));
        }
    };
    Ok(sink.take(Ignore::read(rules.as_ref()))?)
}

/// A walk through a directory, and what it found so far.
struct Walk {
    root: PathBuf,
    ignore: Ignore,
    files: Vec<File>,
    entries: usize,
    total: u64,
}

impl Walk {
    fn directory(&mut self, directory: &Path, inside: &str) -> anyhow::Result<()> {
        if inside.split('/').count() > MAX_DEPTH {
            bail!("`{}` is nested too deep", directory.display());
        }
        let cannot = || format!("cannot read `{}`", directory.display());
        for entry in fs::read_dir(directory).with_context(cannot)? {
            let entry = entry.with_context(cannot)?;
            let path = entry.path();
            let Some(name) = entry.file_name().to_str().map(str::to_owned) else {
                bail!("the name of `{}` is not UTF-8", path.display());
            };
            let inside = if inside.is_empty() { name } else { format!("{inside}/{name}") };
            self.entry(&path, inside, entry.file_type().is_ok_and(|kind| kind.is_symlink()))?;
        }
        Ok(())
    }

    fn entry(&mut self, path: &Path, inside: String, is_link: bool) -> anyhow::Result<()> {
        let cannot = || format!("cannot read `{}`", path.display());
        let metadata = fs::metadata(path).with_context(cannot)?;
        if self.ignore.ignores(&inside, metadata.is_dir()) {
            return Ok(());
        }
        self.entries += 1;
        if self.entries > MAX_ENTRIES {
            bail!("`{}` has more than {MAX_ENTRIES} files and directories", self.root.display());
        }
        if is_link {
            stay_inside(&self.root, path)?;
        }
        if metadata.is_dir() {
            return self.directory(path, &inside);
        }
        if !metadata.is_file() {
            bail!("`{}` is not a regular file", path.display());
        }
        self.total += metadata.len();
        if metadata.len() > MAX_FILE || self.total > MAX_TOTAL {
            bail!(
                "`{}` exceeds the size limit (5 MiB per file, 100 MiB per chart)",
                path.display()
            );
        }
        self.files.push(File::new(inside, fs::read(path).with_context(cannot)?));
        Ok(())
    }
}

/// A chart from elsewhere must not read files of this machine through a link.
fn stay_inside(root: &Path, link: &Path) -> anyhow::Result<()> {
    let target =
        link.canonicalize().with_context(|| format!("cannot read `{}`", link.display()))?;
    if target.starts_with(root) {
        return Ok(());
    }
    bail!(
        "the symbolic link `{}` leads out of the chart's directory, to `{}`",
        link.display(),
        target.display()
    )
}

//! Charts in folders.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, bail};

use super::File;
use super::ignore::Ignore;
use crate::diagnostic::Findings;
use crate::source::Source;

/// The largest file of a chart, as in Helm: 5 MiB.
const MAX_FILE: u64 = 5 << 20;

/// How deep folders may be nested.
const MAX_DEPTH: usize = 64;

/// The files of a chart folder by path, without what .helmignore names.
///
/// # Errors
/// A file cannot be read or is too large, a link leads out of the folder, or .helmignore is wrong.
pub fn files(folder: &Path) -> anyhow::Result<Vec<File>> {
    let rules = folder.join(".helmignore");
    let rules = match fs::read_to_string(&rules) {
        Ok(text) => Some(Source::new(rules.display().to_string(), text)),
        Err(_) => None,
    };
    let ignore = Ignore::read(rules.as_ref()).map_err(Findings::from)?;
    let root =
        folder.canonicalize().with_context(|| format!("cannot read `{}`", folder.display()))?;
    let mut files = Vec::new();
    walk(&root, folder, "", &ignore, &mut files)?;
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(files)
}

fn walk(
    root: &Path,
    folder: &Path,
    inside: &str,
    ignore: &Ignore,
    files: &mut Vec<File>,
) -> anyhow::Result<()> {
    if inside.split('/').count() > MAX_DEPTH {
        bail!("`{}` is nested too deep", folder.display());
    }
    let entries =
        fs::read_dir(folder).with_context(|| format!("cannot read `{}`", folder.display()))?;
    for entry in entries {
        let entry = entry.with_context(|| format!("cannot read `{}`", folder.display()))?;
        let path = entry.path();
        let Some(name) = entry.file_name().to_str().map(str::to_owned) else {
            bail!("the name of `{}` is no UTF-8", path.display());
        };
        let inside = if inside.is_empty() { name } else { format!("{inside}/{name}") };
        let metadata =
            fs::metadata(&path).with_context(|| format!("cannot read `{}`", path.display()))?;
        if ignore.ignores(&inside, metadata.is_dir()) {
            continue;
        }
        if entry.file_type().is_ok_and(|kind| kind.is_symlink()) {
            stay_inside(root, &path)?;
        }
        if metadata.is_dir() {
            walk(root, &path, &inside, ignore, files)?;
        } else if !metadata.is_file() {
            bail!("`{}` is no ordinary file", path.display());
        } else if metadata.len() > MAX_FILE {
            bail!("`{}` is larger than {} MiB", path.display(), MAX_FILE >> 20);
        } else {
            let bytes =
                fs::read(&path).with_context(|| format!("cannot read `{}`", path.display()))?;
            files.push(File::new(inside, bytes));
        }
    }
    Ok(())
}

/// A chart from elsewhere must not read files of this machine through a link.
fn stay_inside(root: &Path, link: &Path) -> anyhow::Result<()> {
    let target =
        link.canonicalize().with_context(|| format!("cannot read `{}`", link.display()))?;
    if target.starts_with(root) {
        return Ok(());
    }
    bail!(
        "the link `{}` leads out of the chart's folder, to `{}`",
        link.display(),
        target.display()
    )
}

//! Charts in `.tgz` archives.

use std::fs;
use std::io::Read as _;
use std::path::{Component, Path};

use anyhow::{Context as _, bail};
use flate2::read::GzDecoder;

use super::File;

/// The most that an archive may hold, as in Helm: 100 MiB, and 5 MiB in a file.
const MAX_TOTAL: u64 = 100 << 20;
const MAX_FILE: u64 = 5 << 20;

/// The most entries that an archive may have.
const MAX_ENTRIES: usize = 10_000;

/// The files of an archive on disk.
///
/// # Errors
/// It cannot be read, is not a gzipped tar of one chart, is too large, or names paths outside of it.
pub fn files(path: &Path) -> anyhow::Result<Vec<File>> {
    let shown = path.display().to_string();
    let cannot = || format!("cannot read `{shown}`");
    if fs::metadata(path).with_context(cannot)?.len() > MAX_TOTAL {
        bail!("`{shown}` is larger than a chart may be: 100 MiB");
    }
    let bytes = fs::read(path).with_context(cannot)?;
    unpack(&shown, &bytes)
}

/// The files of an archive in memory; `shown` is its name in messages.
///
/// # Errors
/// As for [`files`].
pub fn unpack(shown: &str, bytes: &[u8]) -> anyhow::Result<Vec<File>> {
    const GZIP: [u8; 2] = [0x1f, 0x8b];
    if !bytes.starts_with(&GZIP) {
        bail!(
            "`{shown}` is not a chart: give a directory, or an archive made by `package` (a gzipped tar)"
        );
    }
    let mut archive = tar::Archive::new(GzDecoder::new(bytes).take(MAX_TOTAL + 1));
    let broken = || format!("`{shown}` is a broken archive");
    let mut files: Vec<File> = Vec::new();
    let mut total = 0;
    for (count, entry) in archive.entries().with_context(broken)?.enumerate() {
        let mut entry = entry.with_context(broken)?;
        if count >= MAX_ENTRIES {
            bail!("`{shown}` has more than {MAX_ENTRIES} entries");
        }
        let kind = entry.header().entry_type();
        if kind.is_dir() || kind.is_pax_global_extensions() {
            continue;
        }
        let path = entry.path().with_context(broken)?.into_owned();
        if !kind.is_file() {
            bail!("`{shown}` holds `{}`, which is not a regular file", path.display());
        }
        total += entry.size();
        if entry.size() > MAX_FILE || total > MAX_TOTAL {
            bail!("`{shown}` exceeds the size limit (5 MiB per file, 100 MiB per chart)");
        }
        let inside = inside(&path).with_context(|| {
            format!("`{shown}` names `{}`, which is outside of a chart", path.display())
        })?;
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).with_context(broken)?;
        files.push(File::new(inside, bytes));
    }
    if files.is_empty() {
        bail!("`{shown}` is empty");
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(files)
}

/// The path below the archive's one directory; none when it leads elsewhere.
fn inside(path: &Path) -> Option<String> {
    let mut words = Vec::new();
    for component in path.components() {
        match component {
            Component::Normal(word) => words.push(word.to_str()?),
            Component::CurDir => {}
            _ => return None,
        }
    }
    if words.len() < 2 || words.iter().any(|word| word.contains('\\')) {
        return None;
    }
    Some(words[1..].join("/"))
}

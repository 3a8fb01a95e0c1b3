//! Files that appear whole or not at all.

use std::fs;
use std::io::Write as _;
use std::path::Path;

/// Writes beside the file and puts it in its place in one step; directories on the way are made.
///
/// # Errors
/// A directory or the file cannot be written.
pub fn replace(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    let directory = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(directory)?;
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.tmp", std::process::id()));
    let beside = directory.join(name);
    let written = fs::File::create(&beside)
        .and_then(|mut file| file.write_all(bytes))
        .and_then(|()| fs::rename(&beside, path));
    if written.is_err() {
        // The first error is the one to tell; the rest of a file is only litter.
        let _ = fs::remove_file(&beside);
    }
    Ok(written?)
}

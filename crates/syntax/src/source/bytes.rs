//! Bytes of files and of standard input, within bounds.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use anyhow::{Context as _, ensure};

/// The bytes that are read of one file: 64 MiB. A pipe and a device have no size of their own, and may not
/// end.
pub const LARGEST: usize = 64 << 20;

/// The bytes of a file; a pipe is one too, as in `-f <(generate)`.
///
/// # Errors
/// It cannot be read, or it is too large.
pub fn file(path: &Path) -> anyhow::Result<Vec<u8>> {
    let shown = path.display();
    let file = File::open(path).with_context(|| format!("cannot read `{shown}`"))?;
    let length = file.metadata().map_or(0, |about| about.len());
    ensure!(length <= LARGEST as u64, "`{shown}` {TOO_LARGE}");
    let bytes = read(file).with_context(|| format!("cannot read `{shown}`"))?;
    ensure!(bytes.len() <= LARGEST, "`{shown}` {TOO_LARGE}");
    Ok(bytes)
}

/// The bytes of standard input.
///
/// # Errors
/// It cannot be read, or it is too large.
pub fn stdin() -> anyhow::Result<Vec<u8>> {
    let bytes = read(io::stdin().lock()).context("cannot read standard input")?;
    ensure!(bytes.len() <= LARGEST, "standard input {TOO_LARGE}");
    Ok(bytes)
}

const TOO_LARGE: &str = "exceeds the size limit of 64 MiB";

fn read(reader: impl Read) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    reader.take(LARGEST as u64 + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_end_is_refused() {
        let error = file(Path::new("/dev/zero")).unwrap_err().to_string();
        assert_eq!(error, format!("`/dev/zero` {TOO_LARGE}"));
        let error = format!("{:#}", file(Path::new("/")).unwrap_err());
        assert!(error.starts_with("cannot read `/`: "), "{error}");
    }
}

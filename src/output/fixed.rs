//! `--fix`: writes a file again with what has one safe answer.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context as _, ensure};

use crate::diagnostic::{Diagnostic, apply};
use crate::source::{self, Source};
use crate::yaml::{Limits, decode, read};

/// More fixes of one file than this are a circle.
const ROUNDS: usize = 200;

/// Fixes a file until its findings have no fix any more. A fix may bring the next to light.
///
/// # Errors
/// The file cannot be read or written.
pub fn fix(file: &str, findings: impl Fn(&Arc<Source>) -> Vec<Diagnostic>) -> anyhow::Result<()> {
    let bytes = source::file(Path::new(file))?;
    let Ok(mut source) = decode(file, &bytes) else { return Ok(()) };
    let mark = bytes.len() - bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&bytes).len();
    if &bytes[mark..] != source.text().as_bytes() {
        // Not UTF-8, so the places are those of another text.
        return Ok(());
    }
    let before = source.text().to_owned();
    for _ in 0..ROUNDS {
        let (text, made) = apply(&source, &findings(&source));
        if made == 0 {
            break;
        }
        source = Source::new(file, text);
        ensure!(
            read(&source, &Limits::default()).is_ok(),
            "a fix of `{file}` would break it: this is a bug in jinnacle, and nothing was written"
        );
    }
    if source.text() == before {
        return Ok(());
    }
    let text = [&bytes[..mark], source.text().as_bytes()].concat();
    // Written in place: links and rights of the file stay.
    fs::write(file, text).with_context(|| format!("cannot write `{file}`"))
}

//! `--post-renderer`: a program that changes the manifests before they are printed.

use std::io::Write as _;
use std::process::{Command, Stdio};
use std::thread;

use anyhow::{Context as _, bail};

/// What the program makes of a stream.
///
/// # Errors
/// It cannot be started, fails, or prints nothing.
pub fn run(program: &str, args: &[String], stream: &str) -> anyhow::Result<String> {
    let mut child = Command::new(program)
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| format!("cannot start the post-renderer `{program}`"))?;
    let mut stdin = child.stdin.take().context("the post-renderer has no standard input")?;
    let output = thread::scope(|scope| {
        // A program that ends before it has read everything shows by its status whether that was right.
        scope.spawn(move || stdin.write_all(stream.as_bytes()));
        child.wait_with_output()
    })?;
    if !output.status.success() {
        bail!("the post-renderer `{program}` failed: {}", output.status);
    }
    let text = String::from_utf8(output.stdout)
        .with_context(|| format!("the post-renderer `{program}` printed no UTF-8"))?;
    if text.trim().is_empty() {
        bail!("the post-renderer `{program}` printed nothing");
    }
    Ok(text)
}

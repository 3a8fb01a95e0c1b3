//! Manifests → bytes, as Helm prints them.

use std::fmt::Write as _;

use crate::manifest::Manifest;

/// The stream for stdout: a separator, the template's name and the document, each.
pub fn stream(manifests: &[Manifest]) -> String {
    let mut text = String::new();
    for manifest in manifests {
        let _ = writeln!(text, "---\n# Source: {}\n{}", manifest.template, manifest.text);
    }
    if text.is_empty() {
        text.push('\n');
    }
    text
}

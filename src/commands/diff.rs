//! `diff`: what differs between two sets of manifests.

use crate::check::files;
use crate::cli::DiffArgs;
use crate::commands::Outcome;
use crate::diagnostic::Diagnostic;
use crate::diff::{self, Content};
use crate::output::changes;
use crate::rendering;
use crate::request::{DiffRequest, DiffSide};

/// Runs `jinnacle diff`.
///
/// # Errors
/// A file cannot be read, or values are wrong.
pub fn run(args: &DiffArgs, format: Option<&str>) -> anyhow::Result<Outcome> {
    let request = DiffRequest::new(args)?;
    let (mut outcome, mut notes) = (Outcome::default(), Vec::new());
    with_content(&request.old, &mut outcome.diagnostics, |old| {
        with_content(&request.new, &mut notes, |new| {
            let changes = diff::contents(&old, &new);
            outcome.stdout = changes::print(&changes, format);
            outcome.differs = !request.fail_on_forbidden && !changes.is_empty();
            Ok(diff::refused(&changes, request.fail_on_forbidden, &old, &new))
        })
    })
    .map(|refused| {
        outcome.diagnostics.extend(notes.into_iter().chain(refused));
        outcome
    })
}

/// Reads or renders a side and hands it on.
fn with_content<T>(
    side: &DiffSide,
    notes: &mut Vec<Diagnostic>,
    then: impl FnOnce(Content<'_>) -> anyhow::Result<T>,
) -> anyhow::Result<T> {
    match side {
        DiffSide::Files(path) => then(Content::of(files::manifests(path, notes)?)),
        DiffSide::Values(request) => rendering::of(request, notes, |made| {
            let documents = made.manifests.iter().map(|manifest| manifest.body.clone()).collect();
            then(Content { documents, values: Some(made.values), texts: made.texts })
        }),
    }
}

//! `diff`: what differs between two sets of manifests.

use crate::check::files;
use crate::cli::DiffArgs;
use crate::commands::Outcome;
use crate::diagnostic::Diagnostic;
use crate::diff::{self, Content};
use crate::output::changes;
use crate::policy::Policy;
use crate::rendering;
use crate::request::{DiffRequest, DiffSide, TemplateRequest};

/// Runs `jinnacle diff`.
///
/// # Errors
/// A file cannot be read, or values are wrong.
pub fn run(
    args: &DiffArgs,
    policy: &Policy,
    format: Option<&str>,
    found: &mut Vec<Diagnostic>,
) -> anyhow::Result<Outcome> {
    let request = DiffRequest::new(args)?;
    let (mut outcome, mut notes) = (Outcome::default(), Vec::new());
    let refused = with_content(&request.old, policy, found, |old| {
        with_content(&request.new, policy, &mut notes, |new| {
            let changes = diff::contents(&old, &new);
            outcome.stdout = changes::print(&changes, format);
            outcome.differs = !request.fail_on_forbidden && !changes.is_empty();
            Ok(diff::refused(&changes, request.fail_on_forbidden, &old, &new))
        })
    });
    found.append(&mut notes);
    found.extend(refused?);
    Ok(outcome)
}

/// Reads or renders a side and hands it on.
fn with_content<T>(
    side: &DiffSide,
    policy: &Policy,
    notes: &mut Vec<Diagnostic>,
    then: impl FnOnce(Content<'_>) -> anyhow::Result<T>,
) -> anyhow::Result<T> {
    match side {
        DiffSide::Files(path) => then(Content::of(files::manifests(path, notes)?)),
        DiffSide::Values(request) => {
            let request = TemplateRequest { policy: policy.clone(), ..(**request).clone() };
            rendering::of(&request, notes, |made| {
                let documents = made.manifests.iter().map(|made| (*made.body).clone()).collect();
                then(Content { documents, values: Some(made.values), texts: made.texts })
            })
        }
    }
}

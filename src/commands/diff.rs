//! `diff`: what differs between two sets of manifests.

use crate::check::files;
use crate::cli::DiffArgs;
use crate::commands::Outcome;
use crate::diagnostic::Sink;
use crate::diff::{self, Content};
use crate::output::changes;
use crate::pipeline;
use crate::policy::Policy;
use crate::request::{DiffRequest, DiffSide, TemplateRequest};

/// Runs `jinnacle diff`.
///
/// # Errors
/// A file cannot be read, or values are wrong.
pub fn run(
    args: &DiffArgs,
    policy: &Policy,
    format: Option<&str>,
    sink: &mut Sink,
) -> anyhow::Result<Outcome> {
    let request = DiffRequest::new(args, sink)?;
    let old = content(&request.old, policy, sink)?;
    let new = content(&request.new, policy, sink)?;
    let changes = diff::contents(&old, &new);
    sink.extend(diff::refused(&changes, request.fail_on_forbidden, &old, &new));
    Ok(Outcome {
        stdout: changes::print(&changes, format),
        differs: !request.fail_on_forbidden && !changes.is_empty(),
        ..Outcome::default()
    })
}

/// Reads or renders a side.
fn content(side: &DiffSide, policy: &Policy, sink: &mut Sink) -> anyhow::Result<Content> {
    match side {
        DiffSide::Files(path) => Ok(Content::of(files::manifests(path, sink)?)),
        DiffSide::Values(request) => {
            let request = TemplateRequest { policy: policy.clone(), ..(**request).clone() };
            let made = pipeline::run(&request, sink)?;
            let documents = made.manifests.iter().map(|made| (*made.body).clone()).collect();
            Ok(Content { documents, values: Some(made.values), texts: made.texts })
        }
    }
}

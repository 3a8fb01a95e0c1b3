//! `diff`: what differs between two sets of manifests.

use anyhow::{Context as _, bail};

use crate::cli::{Cli, Command, DiffArgs};
use crate::commands::{Outcome, template};
use crate::diagnostic::Diagnostic;
use crate::diff::{self, Change};
use crate::manifest::files;
use crate::output::changes;
use crate::render::{self, Rendered};
use crate::request::TemplateRequest;
use crate::yaml::Node;

/// Runs `jinnacle diff`.
///
/// # Errors
/// A file cannot be read, or values are wrong.
pub fn run(args: &DiffArgs) -> anyhow::Result<Outcome> {
    let mut outcome = Outcome::default();
    let mut sides = args.sides.iter();
    let old = Side::of(args, &args.values_old, &mut sides)?;
    let new = Side::of(args, &args.values_new, &mut sides)?;
    if let Some(more) = sides.next() {
        bail!("both sides are given already: what is `{more}`?");
    }
    let mut notes = Vec::new();
    let (mut old_notes, mut new_notes) = (Vec::new(), Vec::new());
    old.open(&mut old_notes, |before| {
        new.open(&mut new_notes, |after| {
            let changes =
                diff::compare(&diff::objects(&before.documents), &diff::objects(&after.documents));
            let values = before.values.zip(after.values);
            let values = values.map_or_else(Vec::new, |(old, new)| diff::values(old, new));
            outcome.stdout = match args.format.as_deref() {
                Some("json") => changes::json(&changes),
                Some("github") => changes::github(&changes),
                _ => changes::text(&changes),
            };
            notes.extend(forbidden(&changes, args.fail_on.is_some(), &values, after.texts));
            outcome.differs = args.fail_on.is_none() && !changes.is_empty();
            Ok(())
        })
    })?;
    outcome.diagnostics.extend(old_notes.into_iter().chain(new_notes).chain(notes));
    Ok(outcome)
}

/// What one side holds: documents, and where they come from if they were rendered.
struct Content<'c> {
    documents: Vec<Node>,
    values: Option<&'c Node>,
    texts: &'c [Rendered<'c>],
}

/// Where one side comes from.
enum Side {
    Files(String),
    Values(Box<TemplateRequest>),
}

impl Side {
    fn of<'a>(
        args: &DiffArgs,
        values: &[String],
        named: &mut impl Iterator<Item = &'a String>,
    ) -> anyhow::Result<Self> {
        if values.is_empty() {
            let path = named
                .next()
                .context("two sides are needed: files, or --values-old and --values-new")?;
            return Ok(Self::Files(path.clone()));
        }
        let words = ["jinnacle", "template", &args.name, &args.chart].map(str::to_owned);
        let files = values.iter().flat_map(|file| ["--values".to_owned(), file.clone()]);
        match Cli::from_words(words.into_iter().chain(files))?.command {
            Command::Template(args) => Ok(Self::Values(Box::new(TemplateRequest::new(*args)?))),
            _ => bail!("`template` is the command that renders values"),
        }
    }

    /// Reads or renders the side and hands it on.
    fn open(
        &self,
        notes: &mut Vec<Diagnostic>,
        then: impl FnOnce(Content<'_>) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        match self {
            Self::Files(path) => {
                let sources = files::read(std::slice::from_ref(path), notes)?;
                let manifests = sources.iter().filter(|source| !source.name().ends_with(".conf"));
                let documents =
                    manifests.flat_map(|source| files::documents(source, notes)).collect();
                then(Content { documents, values: None, texts: &[] })
            }
            Self::Values(request) => template::with_manifests(request, notes, |made| {
                let documents =
                    made.manifests.iter().map(|manifest| manifest.body.clone()).collect();
                then(Content { documents, values: Some(made.values), texts: made.texts })
            }),
        }
    }
}

/// A finding for each field that cannot change, with the values that changed and are there now.
fn forbidden(
    changes: &[Change],
    is_error: bool,
    values: &[Change],
    texts: &[Rendered<'_>],
) -> Vec<Diagnostic> {
    let mut found: Vec<Diagnostic> = Vec::new();
    for change in changes {
        let (Some(forbidden), Some(side)) =
            (change.forbidden, change.new.as_ref().or(change.old.as_ref()))
        else {
            continue;
        };
        let message = format!(
            "Kubernetes refuses to change `{}` of {}, which exists",
            forbidden.field, change.object
        );
        if found.iter().any(|finding| finding.message == message) {
            continue;
        }
        let finding = match is_error {
            true => Diagnostic::error("diff/forbidden", message),
            false => Diagnostic::warning("diff/forbidden", message),
        };
        let finding = finding.at(&side.node.span).help(forbidden.way_out);
        let Some(mut finding) = render::explained(vec![finding], texts).pop() else { continue };
        let shown = |change: &Change| {
            change.new.as_ref().or(change.old.as_ref()).map(|side| side.shown.clone())
        };
        let same = values.iter().filter(|value| values.len() == 1 || shown(value) == shown(change));
        for value in same {
            let Some(side) = value.new.as_ref().or(value.old.as_ref()) else { continue };
            finding = finding.related(&side.node.span, format!("`{}` changed", value.path));
        }
        found.push(finding);
    }
    found
}

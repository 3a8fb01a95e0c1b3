//! `diff`: what differs between two sets of manifests.

use anyhow::{Context as _, bail};
use clap::{Args, ValueHint};

use crate::check::files;
use crate::commands::template::{self, TemplateRequest};
use crate::commands::{Cli, Command, Outcome};
use crate::diagnostic::Sink;
use crate::diff::{self, Content};
use crate::output::changes;
use crate::policy::Policy;

/// Show the differences between two sets of manifests, by meaning.
///
/// Objects are matched by kind, namespace and name, list entries by their names, and nats.conf is compared as a
/// tree. Changes that Kubernetes refuses for existing objects are marked, with a workaround. Exit status 0: no
/// differences, 1: differences, 2: a file could not be read.
#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  jinnacle diff deployed/ new/\n  jinnacle diff --values-old prod.yaml --values-new next.yaml"
)]
pub struct DiffArgs {
    /// The old and the new manifests: a file, a directory, or `-` for standard input
    #[arg(value_name = "OLD NEW", num_args = 0..=2, value_hint = ValueHint::AnyPath)]
    pub sides: Vec<String>,

    /// Render the old manifests from these values
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub values_old: Vec<String>,

    /// Render the new manifests from these values
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub values_new: Vec<String>,

    /// The chart for the values
    #[arg(long, value_name = "CHART", default_value = "nats/nats")]
    pub chart: String,

    /// The release name for the values
    #[arg(long, value_name = "NAME", default_value = "release-name")]
    pub name: String,

    /// Exit with status 1 only for these changes: forbidden
    #[arg(long, value_name = "CHANGES", hide_possible_values = true, value_parser = ["forbidden"])]
    pub fail_on: Option<String>,
}

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
            let made = template::run_all(&request, sink)?;
            let documents = made.manifests.iter().map(|made| (*made.body).clone()).collect();
            Ok(Content { documents, values: Some(made.values), texts: made.texts })
        }
    }
}

/// Everything that `diff` needs to know.
#[derive(Clone, Debug)]
pub struct DiffRequest {
    /// What was there.
    pub old: DiffSide,
    /// What is there now.
    pub new: DiffSide,
    /// Whether only changes that Kubernetes refuses count.
    pub fail_on_forbidden: bool,
}

/// Where one side of a comparison comes from.
#[derive(Clone, Debug)]
pub enum DiffSide {
    /// Files, a folder or standard input.
    Files(String),
    /// What a chart makes of values.
    Values(Box<TemplateRequest>),
}

impl DiffRequest {
    /// What the words of `diff` ask for.
    ///
    /// # Errors
    /// A side is missing, or there are more than two.
    pub fn new(args: &DiffArgs, sink: &mut Sink) -> anyhow::Result<Self> {
        let mut sides = args.sides.iter();
        let mut side = |values: &[String]| DiffSide::new(args, values, &mut sides, sink);
        let (old, new) = (side(&args.values_old)?, side(&args.values_new)?);
        if let Some(more) = sides.next() {
            bail!("unexpected argument `{more}`: both sides are given already");
        }
        Ok(Self { old, new, fail_on_forbidden: args.fail_on.is_some() })
    }
}

impl DiffSide {
    fn new<'a>(
        args: &DiffArgs,
        values: &[String],
        named: &mut impl Iterator<Item = &'a String>,
        sink: &mut Sink,
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
            Command::Template(args) => {
                Ok(Self::Values(Box::new(TemplateRequest::new(*args, sink)?)))
            }
            _ => bail!("`template` is the command that renders values"),
        }
    }
}

//! `diff`: what differs between two sets of manifests.

mod versions;

use anyhow::{Context as _, bail};
use clap::{Args, ValueHint};

use crate::check::files;
use crate::cli::ValuesArgs;
use crate::commands::template::{self, ReleaseArgs, TemplateRequest};
use crate::commands::{Cli, Command, Outcome};
use crate::diagnostic::Sink;
use crate::diff::{self, Content};
use crate::output::changes;
use crate::pipeline::Made;
use crate::policy::Policy;
use crate::release::HelmVersion;
use crate::request::values_request;

/// Show the differences between two sets of manifests, by meaning.
///
/// Objects are matched by kind, namespace and name, list entries by their names, and nats.conf is compared as a
/// tree. Changes that Kubernetes refuses for existing objects are marked, with a workaround. Exit status 0: no
/// differences, 1: differences, 2: a file could not be read.
///
/// With `--helm-versions 3,4`, the arguments are charts, or directories of charts. Each is rendered as Helm 3 and as
/// Helm 4 render it, and what differs is shown with the reason. A chart that only one of them refuses also differs.
#[derive(Args, Debug)]
#[command(
    override_usage = "jinnacle diff [OPTIONS] [OLD NEW]...\n       \
        jinnacle diff --helm-versions 3,4 [OPTIONS] [CHART]...",
    after_help = "Examples:\n  jinnacle diff deployed/ new/\n  \
        jinnacle diff --values-old prod.yaml --values-new next.yaml\n  \
        jinnacle diff --helm-versions 3,4 ./shop -f prod.yaml"
)]
pub struct DiffArgs {
    /// The old and the new manifests: a file, a directory, or `-` for standard input
    #[arg(value_name = "OLD NEW", num_args = 0.., value_hint = ValueHint::AnyPath)]
    pub sides: Vec<String>,

    /// Compare what Helm 3 and Helm 4 make of charts
    #[arg(long, value_name = "3,4", hide_possible_values = true, value_parser = ["3,4"])]
    pub helm_versions: Option<String>,

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

    #[command(flatten)]
    pub values: ValuesArgs,

    #[command(flatten)]
    pub release: ReleaseArgs,
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
    let DiffRequest { sides, fail_on_forbidden } = DiffRequest::new(args, sink)?;
    let (old, new) = match sides {
        DiffSides::Two(old, new) => (old, new),
        DiffSides::Versions(mut request) => {
            request.template.policy = policy.clone();
            return versions::run(&request, fail_on_forbidden, format, sink);
        }
    };
    let (old, new) = (side(&old, policy, sink)?, side(&new, policy, sink)?);
    let changes = diff::contents(&old, &new);
    sink.extend(diff::refused(&changes, fail_on_forbidden, &old, &new));
    Ok(Outcome {
        stdout: changes::print(&changes, format),
        differs: !fail_on_forbidden && !changes.is_empty(),
        ..Outcome::default()
    })
}

/// Reads or renders a side.
fn side(side: &DiffSide, policy: &Policy, sink: &mut Sink) -> anyhow::Result<Content> {
    match side {
        DiffSide::Files(path) => Ok(Content::of(files::manifests(path, sink)?)),
        DiffSide::Values(request) => {
            let request = TemplateRequest { policy: policy.clone(), ..(**request).clone() };
            Ok(content(template::run_all(&request, sink)?))
        }
    }
}

/// What is compared of a rendered chart.
fn content(made: Made) -> Content {
    let documents = made.manifests.iter().map(|made| (*made.body).clone()).collect();
    Content { documents, values: Some(made.values), texts: made.texts }
}

/// Everything that `diff` needs to know.
#[derive(Clone, Debug)]
pub struct DiffRequest {
    /// What is compared.
    pub sides: DiffSides,
    /// Whether only changes that Kubernetes refuses count.
    pub fail_on_forbidden: bool,
}

/// What is compared with what.
#[derive(Clone, Debug)]
pub enum DiffSides {
    /// What was there, and what is there now.
    Two(DiffSide, DiffSide),
    /// What Helm 3 and Helm 4 make of the same.
    Versions(Box<VersionsRequest>),
}

/// Where one side of a comparison comes from.
#[derive(Clone, Debug)]
pub enum DiffSide {
    /// Files, a directory or standard input.
    Files(String),
    /// What a chart makes of values.
    Values(Box<TemplateRequest>),
}

/// What is rendered with two versions of Helm.
#[derive(Clone, Debug)]
pub struct VersionsRequest {
    /// What all charts have in common.
    pub template: TemplateRequest,
    /// The charts, or directories of charts, as they were named.
    pub charts: Vec<String>,
    /// The file or directory that lists releases, in place of charts.
    pub matrix: Option<String>,
}

impl DiffRequest {
    /// What the words of `diff` ask for.
    ///
    /// # Errors
    /// A side is missing, or there are more than two.
    pub fn new(args: &DiffArgs, sink: &mut Sink) -> anyhow::Result<Self> {
        let sides = match args.helm_versions {
            Some(_) => DiffSides::Versions(Box::new(VersionsRequest::new(args, sink)?)),
            None => DiffSides::two(args, sink)?,
        };
        Ok(Self { sides, fail_on_forbidden: args.fail_on.is_some() })
    }
}

impl DiffSides {
    fn two(args: &DiffArgs, sink: &mut Sink) -> anyhow::Result<Self> {
        if args.release.matrix.is_some() {
            bail!("--matrix is for `diff --helm-versions 3,4`");
        }
        let values = values_request(args.values.clone(), HelmVersion::default());
        let is_rendered = !args.values_old.is_empty() || !args.values_new.is_empty();
        if !values.is_empty() && !is_rendered {
            bail!("--values and --set are for --values-old, --values-new and --helm-versions");
        }
        let mut named = args.sides.iter();
        let mut side = |values: &[String]| DiffSide::new(args, values, &mut named, sink);
        let (old, new) = (side(&args.values_old)?, side(&args.values_new)?);
        if let Some(more) = named.next() {
            bail!("unexpected argument `{more}`: both sides are given already");
        }
        Ok(Self::Two(old, new))
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
        Ok(Self::Values(Box::new(rendered(args, values, sink)?)))
    }
}

impl VersionsRequest {
    fn new(args: &DiffArgs, sink: &mut Sink) -> anyhow::Result<Self> {
        if !args.values_old.is_empty() || !args.values_new.is_empty() {
            bail!("--helm-versions compares one set of values: give it with --values");
        }
        if args.values.helm_version.is_some() {
            bail!("--helm-versions and --helm-version are both given: leave one out");
        }
        let template = rendered(args, &[], sink)?;
        if template.values.files.iter().any(|file| file.trim() == "-") {
            bail!("--helm-versions renders several times: standard input can be read once");
        }
        let matrix = args.release.matrix.clone();
        let charts = match (args.sides.as_slice(), &matrix) {
            ([], _) => vec![template.chart.clone()],
            ([_], Some(_)) | (_, None) => args.sides.clone(),
            (_, Some(_)) => bail!("--matrix names charts itself: give at most one for the others"),
        };
        let chart = charts.first().cloned().unwrap_or_else(|| template.chart.clone());
        Ok(Self { template: TemplateRequest { chart, ..template }, charts, matrix })
    }
}

/// What `template` would do with the values that all sides have in common, and with more files over them.
fn rendered(args: &DiffArgs, files: &[String], sink: &mut Sink) -> anyhow::Result<TemplateRequest> {
    let words = ["jinnacle", "template", &args.name, &args.chart];
    let Command::Template(mut template) = Cli::from_words(words)?.command else {
        bail!("`template` is the command that renders values");
    };
    template.values = args.values.clone();
    template.values.files.extend_from_slice(files);
    template.release = ReleaseArgs { matrix: None, ..args.release.clone() };
    TemplateRequest::new(*template, sink)
}

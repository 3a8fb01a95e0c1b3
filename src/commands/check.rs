//! `check`: judge manifests and configurations of nats-server.

use std::cell::RefCell;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Context as _, bail};
use clap::{Args, ValueHint};

use crate::check::{api::Api, configuration, custom, files, objects};
use crate::cli::PolicyArgs;
use crate::commands::Outcome;
use crate::diagnostic::{Diagnostic, Sink, has_errors};
use crate::manifest;
use crate::nats_conf::ParseContext;
use crate::policy::Policy;
use crate::release::{DEFAULT_KUBE_VERSION, KubeVersion};
use crate::source::{self, Source};
use crate::yaml::{self, Node};

/// Check manifests and configurations of nats-server from any source.
///
/// Everything that the Kubernetes API server or nats-server would refuse is an error. The check is offline. Exit
/// status 0: no errors, 1: errors, 2: a file could not be read.
#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  jinnacle check manifests/ nats.conf\n  helm template . | jinnacle check -"
)]
pub struct CheckArgs {
    /// Manifests (.yaml, .yml, .json), .conf files, directories; `-` is standard input
    #[arg(value_name = "FILE", required_unless_present = "pass_through", num_args = 1.., value_hint = ValueHint::AnyPath)]
    pub paths: Vec<String>,

    /// Print the manifests of standard input if they have no errors, for Helm's post-renderer
    #[arg(long)]
    pub pass_through: bool,

    /// The Kubernetes version of the target cluster (default: the newest known)
    #[arg(long, value_name = "VERSION")]
    pub kube_version: Option<String>,

    /// Exclude files and directories that match a glob, in the syntax of .gitignore
    #[arg(long, value_name = "GLOB")]
    pub exclude: Vec<String>,

    /// Manifests with custom resource definitions to use
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub crd: Vec<String>,

    #[command(flatten)]
    pub policy: PolicyArgs,
}

/// Runs `jinnacle check`.
///
/// # Errors
/// A file cannot be read.
pub fn run(args: CheckArgs, policy: &Policy, sink: &mut Sink) -> anyhow::Result<Outcome> {
    let version = args.kube_version.as_deref().map(str::parse::<KubeVersion>);
    let version = version.transpose().map_err(anyhow::Error::msg)?.unwrap_or(DEFAULT_KUBE_VERSION);
    let (mut documents, mut definitions) = (Vec::new(), Vec::new());
    let mut stdin = String::new();
    if args.pass_through {
        let source = passed_through(&args.paths, &mut stdin, sink)?;
        documents.extend(source.iter().flat_map(|source| manifest::files::documents(source, sink)));
    }
    let (mut names, mut skipped) = (Vec::new(), 0);
    let mut configurations = Vec::new();
    let paths = if args.pass_through { &[] } else { args.paths.as_slice() };
    for file in files::read(paths, &args.exclude, sink)? {
        if file.is_configuration() {
            configurations.push(Configuration::check(&file.source));
        } else if let Some(manifests) = file.manifests(sink) {
            documents.extend(manifests);
        } else {
            skipped += 1;
            continue;
        }
        names.push(file.source.name().to_owned());
    }
    for configuration in &configurations {
        // A file that another one includes was checked with it.
        let mut others = configurations.iter();
        if !others.any(|other| other.includes(configuration) && !configuration.includes(other)) {
            sink.extend(configuration.findings.iter().cloned());
        }
    }
    for file in files::read(&args.crd, &[], sink)? {
        definitions.extend(file.manifests(sink).unwrap_or_default());
    }
    let nodes: Vec<&Node> = documents.iter().collect();
    let mut api = Api::new(version.minor);
    api.add(custom::read(&definitions.iter().chain(nodes.iter().copied()).collect::<Vec<_>>()));
    objects(&nodes, &api, sink);
    let stdout = if has_errors(&policy.judge(sink.iter().cloned().collect())) {
        String::new()
    } else {
        stdin
    };
    let judged = (!args.pass_through).then_some(names);
    let summary = match skipped {
        0 => None,
        1 => Some("skipped 1 file that has no Kubernetes manifests".to_owned()),
        _ => Some(format!("skipped {skipped} files that have no Kubernetes manifests")),
    };
    Ok(Outcome { stdout, judged, summary, ..Outcome::default() })
}

/// A configuration of nats-server that was named, or that is in a directory.
struct Configuration {
    path: PathBuf,
    /// The files that it includes, at any depth.
    included: Vec<PathBuf>,
    findings: Vec<Diagnostic>,
}

impl Configuration {
    fn check(source: &Arc<Source>) -> Self {
        let included: RefCell<Vec<PathBuf>> = RefCell::default();
        let include = |from: &Source, name: &str| {
            let source = manifest::files::include(from, name)?;
            included.borrow_mut().push(PathBuf::from(source.name()));
            Some(source)
        };
        let parse_context = ParseContext { include: &include, ..ParseContext::default() };
        let findings = Sink::of(|sink| configuration::check(source, &parse_context, sink));
        Self { path: PathBuf::from(source.name()), included: included.into_inner(), findings }
    }

    fn includes(&self, other: &Self) -> bool {
        self.included.contains(&other.path)
    }
}

/// Standard input, whose bytes are kept.
fn passed_through(
    paths: &[String],
    kept: &mut String,
    sink: &mut Sink,
) -> anyhow::Result<Option<Arc<Source>>> {
    if let Some(path) = paths.iter().find(|path| *path != "-") {
        bail!("--pass-through checks standard input and nothing else: leave out `{path}`");
    }
    let bytes = source::stdin()?;
    let source = yaml::decode("<stdin>", &bytes).map_err(|finding| sink.push(finding)).ok();
    *kept = String::from_utf8(bytes).context("--pass-through prints UTF-8 only")?;
    Ok(source)
}

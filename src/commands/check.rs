//! `check`: judge manifests and configurations of nats-server.

use std::sync::Arc;

use anyhow::{Context as _, bail};

use crate::check::{api::Api, configuration, custom, objects};
use crate::cli::CheckArgs;
use crate::commands::Outcome;
use crate::diagnostic::{Diagnostic, has_errors};
use crate::manifest::files;
use crate::nats_conf::Surroundings;
use crate::release::{DEFAULT_KUBE_VERSION, KubeVersion};
use crate::request;
use crate::source::{self, Source};
use crate::yaml::{self, Node};

/// Runs `jinnacle check`.
///
/// # Errors
/// A file cannot be read.
pub fn run(args: CheckArgs) -> anyhow::Result<Outcome> {
    let (policy, mut found) = (request::policy(args.policy)?, Vec::new());
    let version = args.kube_version.as_deref().map(str::parse::<KubeVersion>);
    let version = version.transpose().map_err(anyhow::Error::msg)?.unwrap_or(DEFAULT_KUBE_VERSION);
    let (mut documents, mut definitions) = (Vec::new(), Vec::new());
    let mut stdin = String::new();
    let sources = match args.pass_through {
        true => passed_through(&args.paths, &mut stdin, &mut found)?,
        false => files::read(&args.paths, &mut found)?,
    };
    let names = sources.iter().map(|source| source.name().to_owned()).collect();
    for source in sources {
        if source.name().ends_with(".conf") {
            let around = Surroundings { include: &files::include, ..Surroundings::default() };
            found.extend(configuration::check(&source, &around));
        } else {
            documents.extend(files::documents(&source, &mut found));
        }
    }
    for source in files::read(&args.crd, &mut found)? {
        definitions.extend(files::documents(&source, &mut found));
    }
    let nodes: Vec<&Node> = documents.iter().collect();
    let mut api = Api::new(version.minor);
    api.add(custom::read(&definitions.iter().chain(nodes.iter().copied()).collect::<Vec<_>>()));
    found.extend(objects(&nodes, &api));
    let diagnostics = policy.judge(found);
    let stdout = if has_errors(&diagnostics) { String::new() } else { stdin };
    let judged = (!args.pass_through).then_some(names);
    Ok(Outcome { stdout, diagnostics, judged, ..Outcome::default() })
}

/// Standard input, whose bytes are kept.
fn passed_through(
    paths: &[String],
    kept: &mut String,
    found: &mut Vec<Diagnostic>,
) -> anyhow::Result<Vec<Arc<Source>>> {
    if let Some(path) = paths.iter().find(|path| *path != "-") {
        bail!("--pass-through checks standard input and nothing else: leave out `{path}`");
    }
    let bytes = source::stdin()?;
    let source = yaml::decode("<stdin>", &bytes).map_err(|finding| found.push(finding)).ok();
    *kept = String::from_utf8(bytes).context("--pass-through prints UTF-8 only")?;
    Ok(source.into_iter().collect())
}

//! `check`: judge manifests and configurations of nats-server.

use std::sync::Arc;

use anyhow::{Context as _, bail};

use crate::check::{api::Api, configuration, custom, objects, strictly};
use crate::cli::CheckArgs;
use crate::commands::Outcome;
use crate::diagnostic::{Diagnostic, has_errors};
use crate::manifest::files;
use crate::nats_conf::{self, Surroundings};
use crate::release::{DEFAULT_KUBE_VERSION, KubeVersion};
use crate::source::Source;
use crate::yaml::{self, Node};

/// Runs `jinnacle check`.
///
/// # Errors
/// A file cannot be read.
pub fn run(args: CheckArgs) -> anyhow::Result<Outcome> {
    let mut found = Vec::new();
    let version = args.kube_version.as_deref().map(str::parse::<KubeVersion>);
    let version = version.transpose().map_err(anyhow::Error::msg)?.unwrap_or(DEFAULT_KUBE_VERSION);
    let (mut documents, mut definitions) = (Vec::new(), Vec::new());
    let mut stdin = String::new();
    let sources = match args.pass_through {
        true => passed_through(&args.paths, &mut stdin, &mut found)?,
        false => files::read(&args.paths, &mut found)?,
    };
    for source in sources {
        if source.name().ends_with(".conf") {
            let around = Surroundings { include: &files::include, ..Surroundings::default() };
            found.extend(configuration::check(&source, &around, &nats_conf::Context::default()));
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
    if args.strict {
        strictly(&mut found);
    }
    let stdout = if has_errors(&found) { String::new() } else { stdin };
    Ok(Outcome { stdout, diagnostics: found, ..Outcome::default() })
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
    let bytes = files::stdin()?;
    let source = yaml::decode("<stdin>", &bytes).map_err(|finding| found.push(finding)).ok();
    *kept = String::from_utf8(bytes).context("--pass-through prints UTF-8 only")?;
    Ok(source.into_iter().collect())
}

//! `check`: judge manifests and configurations of nats-server.

use crate::check::{api::Api, configuration, custom, objects};
use crate::cli::CheckArgs;
use crate::commands::Outcome;
use crate::manifest::files;
use crate::nats_conf::{Context, Surroundings};
use crate::release::{DEFAULT_KUBE_VERSION, KubeVersion};
use crate::request;
use crate::yaml::Node;

/// Runs `jinnacle check`.
///
/// # Errors
/// A file cannot be read.
pub fn run(args: CheckArgs) -> anyhow::Result<Outcome> {
    let (policy, mut found) = (request::policy(args.policy)?, Vec::new());
    let version = args.kube_version.as_deref().map(str::parse::<KubeVersion>);
    let version = version.transpose().map_err(anyhow::Error::msg)?.unwrap_or(DEFAULT_KUBE_VERSION);
    let (mut documents, mut definitions) = (Vec::new(), Vec::new());
    let sources = files::read(&args.paths, &mut found)?;
    let judged = sources.iter().map(|source| source.name().to_owned()).collect();
    for source in sources {
        if source.name().ends_with(".conf") {
            let around = Surroundings { include: &files::include, ..Surroundings::default() };
            found.extend(configuration::check(&source, &around, &Context::default()));
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
    Ok(Outcome { diagnostics: policy.judge(found), judged: Some(judged), ..Outcome::default() })
}

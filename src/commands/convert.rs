//! `convert`: turn manifests of the NATS operator into what does without it.

use std::{mem, slice};

use crate::check;
use crate::cli::{ConvertArgs, Form};
use crate::commands::Outcome;
use crate::diagnostic::{Diagnostic, Severity, Sink};
use crate::natscluster::{self, Choices, Cluster, Input, Target, notes, values_file};
use crate::output::{self, Document, form};
use crate::policy::Policy;
use crate::release::{Capabilities, DEFAULT_KUBE_VERSION};
use crate::source::Source;
use crate::{nats, validate, values};

/// Runs `jinnacle convert`.
///
/// # Errors
/// A file cannot be read, or a manifest is wrong.
pub fn run(args: &ConvertArgs, policy: &Policy, sink: &mut Sink) -> anyhow::Result<Outcome> {
    let sources = values::sources(&args.files, sink)?;
    let input = Input::read(&sources, &args.namespace, sink);
    policy.pass(mem::take(sink).into_vec(), sink)?;
    let choices = Choices { auth_key: args.auth_key.clone(), token_secrets: args.token_secrets };
    let stdout = match args.to.into() {
        Target::Manifests => {
            let version = args.kube_version.as_deref().map(str::parse).transpose();
            let version = version.map_err(anyhow::Error::msg)?.unwrap_or(DEFAULT_KUBE_VERSION);
            let capabilities = Capabilities::new(version, &[]);
            let stream = manifests(&input, &choices, &capabilities, policy, sink)?;
            policy.pass(mem::take(sink).into_vec(), sink)?;
            form::stream(stream, args.form.output, sink)?
        }
        Target::Values => {
            let cluster = chosen(&input, args.cluster.as_deref())?;
            let text = values_file::text(&cluster, &input, &choices, policy, sink)?;
            let faults = faults(&text, &cluster);
            if !faults.is_empty() {
                let version = Capabilities::new(DEFAULT_KUBE_VERSION, &[]);
                let mut known = Sink::new();
                let made = natscluster::manifests(
                    &cluster, &input, &choices, &version, policy, &mut known,
                );
                if made.is_err() {
                    sink.append(&mut known);
                }
                made?;
                known.retain(|finding| finding.severity == Severity::Error);
                // Mistakes of the manifest have their places there.
                sink.extend(if known.is_empty() { faults } else { known.into_vec() });
            }
            policy.pass(mem::take(sink).into_vec(), sink)?;
            match args.form.output {
                // It has comments.
                Form::Yaml => text,
                Form::Json => form::document(&text, Form::Json, sink)?,
            }
        }
    };
    Ok(Outcome { stdout, ..Outcome::default() })
}

/// What would keep the chart or its servers from the values that were made.
fn faults(text: &str, cluster: &Cluster) -> Vec<Diagnostic> {
    let source = Source::new(format!("values of {}", cluster.name), text);
    let mut found = validate::validate(&nats::NATS.load(), &[source]);
    found.retain(|finding| finding.severity == Severity::Error);
    found
}

/// All documents, in the place of each cluster what it becomes; roles become users of it.
fn manifests(
    input: &Input,
    choices: &Choices,
    capabilities: &Capabilities,
    policy: &Policy,
    sink: &mut Sink,
) -> anyhow::Result<String> {
    let mut documents = Vec::new();
    let minor = capabilities.kube_version.minor;
    for document in &input.documents {
        let Some(cluster) = input.cluster(document) else {
            if natscluster::kind_of(&document.body).is_none() && !document.body.is_null() {
                documents.push(Document::from(document));
                let mut odd = check::manifests(slice::from_ref(document), &[], minor, true);
                check::leniently(&mut odd);
                sink.append(&mut odd);
            }
            continue;
        };
        let made = natscluster::manifests(&cluster, input, choices, capabilities, policy, sink)?;
        documents.extend(made.iter().filter(|made| !made.body.is_null()).map(Document::from));
        sink.extend(notes::of(&cluster, Target::Manifests, capabilities));
    }
    Ok(output::stream(&documents))
}

/// The one cluster that a values file is made of.
fn chosen<'i>(input: &'i Input, name: Option<&str>) -> anyhow::Result<Cluster<'i>> {
    let mut clusters: Vec<Cluster> =
        input.clusters().filter(|cluster| name.is_none_or(|name| name == cluster.name)).collect();
    match (clusters.pop(), clusters.is_empty(), name) {
        (Some(cluster), true, _) => Ok(cluster),
        (Some(_), false, _) => anyhow::bail!(
            "a values file is for one cluster, and there are {}: choose one with --cluster",
            clusters.len() + 1
        ),
        (None, _, Some(name)) => anyhow::bail!("no NatsCluster `{name}` in the files"),
        (None, _, None) => anyhow::bail!("no NatsCluster in the files"),
    }
}

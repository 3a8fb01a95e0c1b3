//! `convert`: turn manifests of the NATS operator into what does without it.

use std::slice;

use crate::check;
use crate::cli::{ConvertArgs, Form};
use crate::commands::Outcome;
use crate::diagnostic::{Diagnostic, Sink, Stopped};
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
    let input = policy.pass(sink, |sink| Input::read(&sources, &args.namespace, sink))?;
    let choices = Choices { auth_key: args.auth_key.clone(), token_secrets: args.token_secrets };
    let stdout = match args.to.into() {
        Target::Manifests => {
            let version = args.kube_version.as_deref().map(str::parse).transpose();
            let version = version.map_err(anyhow::Error::msg)?.unwrap_or(DEFAULT_KUBE_VERSION);
            let capabilities = Capabilities::new(version, &[]);
            let stream = policy
                .pass(sink, |sink| manifests(&input, &choices, &capabilities, policy, sink))??;
            form::stream(stream, args.form.output, sink)?
        }
        Target::Values => {
            let cluster = chosen(&input, args.cluster.as_deref())?;
            let text = policy
                .pass(sink, |sink| checked_values(&cluster, &input, &choices, policy, sink))??;
            match args.form.output {
                // It has comments.
                Form::Yaml => text,
                Form::Json => form::document(&text, Form::Json, sink)?,
            }
        }
    };
    Ok(Outcome { stdout, ..Outcome::default() })
}

/// The values that a cluster becomes. What would keep the chart or its servers from them is an error.
fn checked_values(
    cluster: &Cluster,
    input: &Input,
    choices: &Choices,
    policy: &Policy,
    sink: &mut Sink,
) -> anyhow::Result<String> {
    let text = values_file::text(cluster, input, choices, policy, sink)?;
    let source = Source::new(format!("values of {}", cluster.name), text.as_str());
    let mut faults = Sink::new();
    faults.without_warnings(|sink| validate::validate(&nats::NATS.load(), &[source], sink));
    if faults.is_empty() {
        return Ok(text);
    }
    let version = Capabilities::new(DEFAULT_KUBE_VERSION, &[]);
    let mut known = Sink::new();
    let made = natscluster::manifests(cluster, input, choices, &version, policy, &mut known);
    if made.is_err() {
        sink.extend(known);
        return Err(Stopped.into());
    }
    // Mistakes of the manifest have their places there.
    let known: Vec<Diagnostic> = known.into_iter().filter(Diagnostic::is_error).collect();
    sink.extend(if known.is_empty() { faults.into_vec() } else { known });
    Ok(text)
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
                let document = slice::from_ref(document);
                sink.changed(
                    |sink| check::manifests(document, Vec::new, minor, true, sink),
                    |finding| Some(check::leniently(finding)),
                );
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

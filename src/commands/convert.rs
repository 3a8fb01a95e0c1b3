//! `convert`: turn manifests of the NATS operator into what does without it.

use std::slice;

use clap::{Args, ValueEnum, ValueHint};

use crate::check;
use crate::cli::{Form, FormArgs};
use crate::commands::Outcome;
use crate::diagnostic::{Diagnostic, Sink, Stopped};
use crate::natscluster::{self, Choices, Cluster, Input, notes, values_file};
use crate::output::{self, Document, form};
use crate::policy::Policy;
use crate::release::{Capabilities, DEFAULT_KUBE_VERSION};
use crate::source::Source;
use crate::{nats, validate, values};

/// Convert manifests of the NATS operator into plain manifests or values.
///
/// A NatsCluster becomes a StatefulSet, two Services and a Secret with nats.conf, with the same names, ports and
/// labels as those of the operator; or a values file for the chart `nats/nats`. NatsServiceRoles, ServiceAccounts
/// and Secrets in the same files define who may connect. Other documents are printed unchanged. Changes, and the
/// steps to migrate a live cluster, are printed to stderr.
#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  kubectl get natsclusters,natsserviceroles -o yaml | jinnacle convert -\n  jinnacle convert --to values cluster.yaml > values.yaml"
)]
pub struct ConvertArgs {
    /// Files with manifests; `-` is standard input
    #[arg(value_name = "FILE", required = true, value_hint = ValueHint::FilePath)]
    pub files: Vec<String>,

    /// What to print: manifests, values
    #[arg(
        long,
        value_enum,
        default_value = "manifests",
        value_name = "KIND",
        hide_possible_values = true
    )]
    pub to: Target,

    /// The namespace of manifests without one
    #[arg(short, long, value_name = "NAME", default_value = "default")]
    pub namespace: String,

    /// The cluster to convert into values, if there are several
    #[arg(long, value_name = "NAME")]
    pub cluster: Option<String>,

    /// The key of the users in a `clientsAuthSecret`
    #[arg(long, value_name = "KEY")]
    pub auth_key: Option<String>,

    /// Let Kubernetes create the tokens of ServiceAccounts
    ///
    /// These tokens are also valid for the Kubernetes API.
    #[arg(long)]
    pub token_secrets: bool,

    /// The Kubernetes version to render for
    ///
    /// Before 1.27, server numbers start at 0.
    #[arg(long, value_name = "VERSION")]
    pub kube_version: Option<String>,

    #[command(flatten)]
    pub form: FormArgs,
}

/// What a cluster is converted to.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Target {
    /// Plain manifests.
    Manifests,
    /// A values file for `nats/nats`.
    Values,
}

/// Runs `jinnacle convert`.
///
/// # Errors
/// A file cannot be read, or a manifest is wrong.
pub fn run(args: &ConvertArgs, policy: &Policy, sink: &mut Sink) -> anyhow::Result<Outcome> {
    let sources = values::sources(&args.files, sink)?;
    let input = policy.pass(sink, |sink| Input::read(&sources, &args.namespace, sink))?;
    let choices = Choices { auth_key: args.auth_key.clone(), token_secrets: args.token_secrets };
    let stdout = match args.to {
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
        sink.extend(notes::of(&cluster, natscluster::Target::Manifests, capabilities));
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

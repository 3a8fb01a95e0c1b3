//! The words of `convert`.

use clap::{Args, ValueEnum, ValueHint};
use jinnacle_nats::natscluster;

use super::FormArgs;

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

impl From<Target> for natscluster::Target {
    fn from(target: Target) -> Self {
        match target {
            Target::Manifests => Self::Manifests,
            Target::Values => Self::Values,
        }
    }
}

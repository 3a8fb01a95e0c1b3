//! The words of `convert`.

use clap::{Args, ValueEnum, ValueHint};

use super::FormArgs;

/// Turn manifests of the NATS operator into what does without the operator.
///
/// A NatsCluster becomes a StatefulSet, two Services and a Secret with nats.conf, with the names, ports and
/// labels that the operator gives them; or a values file for the chart `nats/nats`. NatsServiceRoles,
/// ServiceAccounts and Secrets in the same files say who may connect. Other documents are printed as they
/// are. What changes, and in which order to move a live cluster, is said on stderr.
#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  kubectl get natsclusters,natsserviceroles -o yaml | jinnacle convert -\n  jinnacle convert --to values cluster.yaml > values.yaml"
)]
pub struct ConvertArgs {
    /// Files with manifests; `-` is standard input
    #[arg(value_name = "FILE", required = true, value_hint = ValueHint::FilePath)]
    pub files: Vec<String>,

    /// What to make: manifests, values
    #[arg(
        long,
        value_enum,
        default_value = "manifests",
        value_name = "KIND",
        hide_possible_values = true
    )]
    pub to: Target,

    /// The namespace of manifests that name none
    #[arg(short, long, value_name = "NAME", default_value = "default")]
    pub namespace: String,

    /// The cluster to make a values file of, if there are several
    #[arg(long, value_name = "NAME")]
    pub cluster: Option<String>,

    /// The key with the users in a `clientsAuthSecret`
    #[arg(long, value_name = "KEY")]
    pub auth_key: Option<String>,

    /// Have Kubernetes make the tokens of ServiceAccounts
    ///
    /// They are good for its own API, too.
    #[arg(long)]
    pub token_secrets: bool,

    /// The Kubernetes version to render for
    ///
    /// Before 1.27 servers are numbered from 0.
    #[arg(long, value_name = "VERSION")]
    pub kube_version: Option<String>,

    #[command(flatten)]
    pub form: FormArgs,
}

/// What a cluster becomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Target {
    /// Plain manifests.
    Manifests,
    /// A values file for `nats/nats`.
    Values,
}

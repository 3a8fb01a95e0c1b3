//! Flags of several commands of Helm that change nothing here, because no cluster and no registry is asked. They are taken
//! so that command lines keep working.

use clap::Args;

/// Flags of Helm's commands that download charts.
#[derive(Args, Debug)]
pub struct DownloadArgs {
    #[arg(long, hide = true)]
    pub devel: bool,
    #[arg(long, hide = true)]
    pub repo: Option<String>,
    #[arg(long, hide = true)]
    pub verify: bool,
    #[arg(long, hide = true)]
    pub keyring: Option<String>,
    #[arg(long, hide = true)]
    pub username: Option<String>,
    #[arg(long, hide = true)]
    pub password: Option<String>,
    #[arg(long, hide = true)]
    pub ca_file: Option<String>,
    #[arg(long, hide = true)]
    pub cert_file: Option<String>,
    #[arg(long, hide = true)]
    pub key_file: Option<String>,
    #[arg(long, hide = true)]
    pub insecure_skip_tls_verify: bool,
    #[arg(long, hide = true)]
    pub plain_http: bool,
    #[arg(long, hide = true)]
    pub pass_credentials: bool,
}

/// Flags of all commands of Helm.
#[derive(Args, Debug)]
pub struct GlobalArgs {
    #[arg(long, hide = true)]
    pub debug: bool,
    #[arg(long, hide = true)]
    pub kubeconfig: Option<String>,
    #[arg(long, hide = true)]
    pub kube_context: Option<String>,
    #[arg(long, hide = true)]
    pub kube_apiserver: Option<String>,
    #[arg(long, hide = true)]
    pub kube_token: Option<String>,
    #[arg(long, hide = true)]
    pub kube_as_user: Option<String>,
    #[arg(long, hide = true)]
    pub kube_as_group: Vec<String>,
    #[arg(long, hide = true)]
    pub kube_ca_file: Option<String>,
    #[arg(long, hide = true)]
    pub kube_insecure_skip_tls_verify: bool,
    #[arg(long, hide = true)]
    pub kube_tls_server_name: Option<String>,
    #[arg(long, hide = true)]
    pub burst_limit: Option<i64>,
    #[arg(long, hide = true)]
    pub qps: Option<f64>,
    #[arg(long, hide = true)]
    pub registry_config: Option<String>,
    #[arg(long, hide = true)]
    pub repository_cache: Option<String>,
    #[arg(long, hide = true)]
    pub repository_config: Option<String>,
    #[arg(long, hide = true)]
    pub content_cache: Option<String>,
}

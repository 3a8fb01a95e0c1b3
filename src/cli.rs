//! The command line as clap declares it. Doc comments here are the help texts that users read.

mod charts;
mod convert;
mod helm;

use std::ffi::OsString;

use clap::error::ErrorKind;
use clap::{
    ArgAction, Args, CommandFactory as _, FromArgMatches as _, Parser, Subcommand, ValueEnum,
    ValueHint,
};
use jinnacle_functions::time::Duration;

pub use convert::{ConvertArgs, Target};

pub use charts::{
    CreateArgs, DependencyAction, DependencyArgs, LintArgs, PackageArgs, ShowArgs, What,
};

/// Render NATS and other Helm-style charts for Kubernetes, and check values and manifests.
#[derive(Debug, Parser)]
#[command(
    name = "jinnacle",
    version,
    max_term_width = 100,
    after_help = "Examples:
  jinnacle validate values.yaml
  jinnacle template my-nats nats/nats -f values.yaml | kubectl apply -f -"
)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Command,

    #[command(flatten)]
    pub messages: MessageArgs,
}

/// How messages look, whatever the command.
#[derive(Args, Debug)]
pub struct MessageArgs {
    /// The format of findings: full, concise, json, github, gitlab, sarif, junit
    ///
    /// `full` is for people and goes to stderr. In GitHub Actions, the default is `github`. The other formats are
    /// for programs: `validate` and `check` write them to stdout, even without findings. `diff` uses `text`, `json`
    /// or `github`.
    #[arg(long, global = true, hide_possible_values = true,
          value_parser = ["full", "concise", "json", "github", "gitlab", "sarif", "junit", "text"])]
    pub format: Option<String>,

    /// When to use colors: auto (on terminals), always, never
    ///
    /// The environment variables NO_COLOR and CLICOLOR_FORCE also apply.
    #[arg(
        long,
        global = true,
        alias = "colour",
        value_name = "WHEN",
        hide_possible_values = true,
        hide_short_help = true
    )]
    pub color: Option<Color>,

    #[command(flatten)]
    pub rules: RuleArgs,
}

/// Which findings count, whatever the command.
#[derive(Args, Debug)]
pub struct RuleArgs {
    /// Suppress a rule
    #[arg(long, global = true, value_name = "RULE", value_delimiter = ',', hide_short_help = true)]
    pub allow: Vec<String>,

    /// Turn a rule into an error
    #[arg(long, global = true, value_name = "RULE", value_delimiter = ',', hide_short_help = true)]
    pub deny: Vec<String>,
}

/// When to colour, in Helm's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Color {
    Auto,
    Always,
    Never,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    Template(Box<TemplateArgs>),
    Validate(ValidateArgs),
    Check(CheckArgs),
    Diff(Box<DiffArgs>),
    Explain(Box<ExplainArgs>),
    #[command(alias = "inspect")]
    Show(ShowArgs),
    Lint(Box<LintArgs>),
    #[command(aliases = ["dep", "dependencies"])]
    Dependency(DependencyArgs),
    Package(PackageArgs),
    Create(CreateArgs),
    Convert(ConvertArgs),
    /// Run as a function of kustomize or kpt: read a ResourceList from standard input, write one to stdout.
    ///
    /// The kind of functionConfig selects what to do. A JinnacleChart renders a chart and adds the manifests to the
    /// items. A JinnacleCheck checks the items; this is also the default. Findings are written to `results` and to
    /// stderr.
    #[command(after_help = "Example:\n  jinnacle krm < list.yaml")]
    Krm,
    #[command(alias = "completions")]
    Completion(CompletionArgs),
}

impl Cli {
    /// Whether the command runs until it is stopped.
    pub fn watches(&self) -> bool {
        match &self.command {
            Command::Template(args) => args.output.watch,
            Command::Validate(args) => args.watch,
            _ => false,
        }
    }

    /// Reads the words of a command line, the program's name first.
    ///
    /// Flags are read as Helm's library reads them: a switch may be followed by `=true` or `=false`, the
    /// last of several wins, and a flag's value may begin with a dash.
    ///
    /// # Errors
    /// The words are no usage of the program, or ask for help or the version.
    pub fn from_words<W: Into<OsString> + Clone>(
        words: impl IntoIterator<Item = W>,
    ) -> Result<Self, clap::Error> {
        let words = command_first(words.into_iter().map(Into::into).collect());
        if let Some(answer) = helm::answer(&words) {
            return Err(clap::Error::raw(ErrorKind::InvalidSubcommand, answer + "\n"));
        }
        let command = Self::command().mut_subcommands(as_helm_reads);
        let matches = command.try_get_matches_from(&words).map_err(|error| match error.kind() {
            // Help is for people: it shows `--strict`, not `--strict[=<BOOL>]`.
            ErrorKind::DisplayHelp => {
                Self::command().try_get_matches_from(&words).err().unwrap_or(error)
            }
            _ => error,
        })?;
        Self::from_arg_matches(&matches)
    }
}

/// The flags of Helm, and ours, that take a value and may stand before the command.
const GLOBAL: [&str; 20] = [
    "--allow",
    "--deny",
    "-n",
    "--namespace",
    "--kube-context",
    "--kubeconfig",
    "--kube-apiserver",
    "--kube-as-user",
    "--kube-as-group",
    "--kube-ca-file",
    "--kube-tls-server-name",
    "--kube-token",
    "--registry-config",
    "--repository-cache",
    "--repository-config",
    "--burst-limit",
    "--qps",
    "--format",
    "--color",
    "--colour",
];

/// The words with the command before the flags: Helm takes global ones in front of it.
fn command_first(mut words: Vec<OsString>) -> Vec<OsString> {
    let mut at = 1;
    while let Some(word) = words.get(at).and_then(|word| word.to_str()) {
        if !word.starts_with('-') || ["-h", "--help", "-V", "--version"].contains(&word) {
            break;
        }
        at += if GLOBAL.contains(&word) { 2 } else { 1 };
    }
    let is_command = words.get(at).is_some_and(|word| !word.to_string_lossy().starts_with('-'));
    if at > 1 && is_command {
        words[1..=at].rotate_right(1);
    }
    words
}

fn as_helm_reads(command: clap::Command) -> clap::Command {
    command.args_override_self(true).mut_args(|arg| match arg.get_action() {
        ArgAction::SetTrue => arg
            .action(ArgAction::Set)
            .num_args(0..=1)
            .require_equals(true)
            .default_value("false")
            .default_missing_value("true")
            .value_parser(switch)
            .value_name("BOOL")
            .hide_default_value(true),
        _ if arg.is_positional() => arg,
        _ => arg.allow_hyphen_values(true),
    })
}

/// The words that Go's `strconv.ParseBool` takes.
fn switch(word: &str) -> Result<bool, String> {
    match word {
        "1" | "t" | "T" | "true" | "TRUE" | "True" => Ok(true),
        "0" | "f" | "F" | "false" | "FALSE" | "False" => Ok(false),
        _ => Err("write true or false".to_owned()),
    }
}

/// Render a chart and print its manifests.
///
/// Only manifests go to stdout, so you can pipe the output into `kubectl apply -f -`. The values are checked first.
/// If there is an error, no manifests are printed.
///
/// All other flags of `helm template` are accepted. Those that need a cluster or a registry and would change the
/// output are errors, the others have no effect.
#[derive(Args, Debug)]
#[command(
    override_usage = "jinnacle template [NAME] [CHART] [OPTIONS]",
    after_help = "Examples:
  jinnacle template my-nats nats/nats -f values.yaml | kubectl apply -f -
  jinnacle template my-shop ./shop -f prod.yaml --watch --output-dir manifests"
)]
pub struct TemplateArgs {
    /// The release name and the chart: `nats/nats`, a directory or a .tgz
    ///
    /// A single argument is the chart. The name is then `release-name`, as in Helm.
    #[arg(value_name = "[NAME] CHART", num_args = 0..)]
    pub names: Vec<String>,

    #[command(flatten)]
    pub values: ValuesArgs,

    #[command(flatten)]
    pub release: ReleaseArgs,

    #[command(flatten)]
    pub output: OutputArgs,

    #[command(flatten)]
    pub checks: ChecksArgs,

    #[command(flatten)]
    pub helm: HelmArgs,
}

impl TemplateArgs {
    /// Whether any flag says what to render, so that the chart may be left out.
    pub fn asks_for_something(&self) -> bool {
        let values = &self.values;
        let lists = [
            &values.files,
            &values.set,
            &values.set_string,
            &values.set_json,
            &values.set_file,
            &values.set_literal,
            &self.output.show_only,
            &self.release.api_versions,
        ];
        lists.iter().any(|list| !list.is_empty())
            || self.release.namespace.is_some()
            || self.release.name_template.is_some()
            || self.release.kube_version.is_some()
            || self.release.matrix.is_some()
            || self.output.output_dir.is_some()
            || self.output.check.is_some()
    }
}

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

/// Show the differences between two sets of manifests, by meaning.
///
/// Objects are matched by kind, namespace and name, list entries by their names, and nats.conf is compared as a
/// tree. Changes that Kubernetes refuses for existing objects are marked, with a workaround. Exit status 0: no
/// differences, 1: differences, 2: a file could not be read.
#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  jinnacle diff deployed/ new/\n  jinnacle diff --values-old prod.yaml --values-new next.yaml"
)]
pub struct DiffArgs {
    /// The old and the new manifests: a file, a directory, or `-` for standard input
    #[arg(value_name = "OLD NEW", num_args = 0..=2, value_hint = ValueHint::AnyPath)]
    pub sides: Vec<String>,

    /// Render the old manifests from these values
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub values_old: Vec<String>,

    /// Render the new manifests from these values
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub values_new: Vec<String>,

    /// The chart for the values
    #[arg(long, value_name = "CHART", default_value = "nats/nats")]
    pub chart: String,

    /// The release name for the values
    #[arg(long, value_name = "NAME", default_value = "release-name")]
    pub name: String,

    /// Exit with status 1 only for these changes: forbidden
    #[arg(long, value_name = "CHANGES", hide_possible_values = true, value_parser = ["forbidden"])]
    pub fail_on: Option<String>,
}

/// Check values files, and manifests of the NATS operator, and report all mistakes in one run.
///
/// Each file is checked on its own, merged over the defaults of the chart. A file with a NatsCluster or a
/// NatsServiceRole is recognized by these kinds, and checked together with its other manifests. Warnings are for
/// values without effect, and for scalars that YAML does not read as they look.
#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  jinnacle validate values.yaml\n  \
    jinnacle validate --strict --merge base.yaml prod.yaml")]
pub struct ValidateArgs {
    /// Values files or manifests of the operator; `-` is standard input
    #[arg(value_name = "FILE", required = true, value_hint = ValueHint::FilePath)]
    pub files: Vec<String>,

    /// The chart: `nats/nats`, a directory or a .tgz
    #[arg(long, value_name = "CHART")]
    pub chart: Option<String>,

    /// Merge the files; later ones win
    #[arg(long)]
    pub merge: bool,

    /// Apply the unambiguous fixes to the files
    #[arg(long)]
    pub fix: bool,

    /// Check again when a file changes, until Ctrl-C
    #[arg(long)]
    pub watch: bool,

    #[command(flatten)]
    pub policy: PolicyArgs,
}

/// How much findings count.
#[derive(Args, Debug)]
pub struct PolicyArgs {
    /// Turn warnings into errors, and enable the rules that are off by default
    #[arg(long)]
    pub strict: bool,
}

/// Explain a rule, or a value of a chart.
///
/// With values files or `--set`, it also shows where the value comes from: every layer that sets it, with a mark at
/// the one that wins.
#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  jinnacle explain schema/unknown-key\n  \
    jinnacle explain nats.jetstream.fileStorage.size -f base.yaml -f prod.yaml")]
pub struct ExplainArgs {
    /// A rule such as `schema/type`, or a value such as `cluster.replicas`
    #[arg(value_name = "RULE|PATH")]
    pub what: String,

    /// The chart: `nats/nats`, a directory or a .tgz
    #[arg(long, value_name = "CHART")]
    pub chart: Option<String>,

    #[command(flatten)]
    pub values: ValuesArgs,
}

/// Print a completion script for a shell. It also completes values: `--set nats.jet<TAB>`.
#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  source <(jinnacle completion bash)\n  \
    jinnacle completion fish > ~/.config/fish/completions/jinnacle.fish")]
pub struct CompletionArgs {
    /// The shell
    pub shell: Shell,
}

/// A shell that completes command lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Shell {
    /// source <(jinnacle completion bash)
    Bash,
    /// source <(jinnacle completion zsh), after compinit
    Zsh,
    /// jinnacle completion fish | source
    Fish,
    /// jinnacle completion powershell | Out-String | Invoke-Expression
    #[value(alias = "pwsh")]
    Powershell,
}

/// Where values come from.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Values")]
pub struct ValuesArgs {
    /// Values files, later ones win; `-` is standard input
    #[arg(short = 'f', long = "values", value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub files: Vec<String>,

    /// Set values: `key=value,a.b=2,list={x,y}`
    #[arg(long = "set", value_name = "KEY=VALUE")]
    pub set: Vec<String>,

    /// Set string values
    #[arg(long, value_name = "KEY=TEXT")]
    pub set_string: Vec<String>,

    /// Set values written in JSON: `key={"a": [1]}`
    #[arg(long, value_name = "KEY=JSON")]
    pub set_json: Vec<String>,

    /// Set values to the content of files
    #[arg(long, value_name = "KEY=FILE")]
    pub set_file: Vec<String>,

    /// Set one string value literally
    #[arg(long, value_name = "KEY=TEXT")]
    pub set_literal: Vec<String>,

    /// Do not check the values against the chart's schema
    #[arg(long)]
    pub skip_schema_validation: bool,

    /// The Helm version to follow: 3 or 4. Default: JINNACLE_HELM_VERSION or 4
    #[arg(long, value_name = "VERSION")]
    pub helm_version: Option<String>,
}

/// The release and the cluster that templates see.
#[derive(Args, Debug)]
#[command(next_help_heading = "Release and cluster")]
pub struct ReleaseArgs {
    /// The namespace of the release
    #[arg(short, long, value_name = "NAME")]
    pub namespace: Option<String>,

    /// A template for the release name
    #[arg(long, hide_short_help = true, value_name = "TEMPLATE")]
    pub name_template: Option<String>,

    /// The Kubernetes version to render for
    #[arg(long, value_name = "VERSION")]
    pub kube_version: Option<String>,

    /// Additional API versions of the cluster
    #[arg(short, long, value_name = "VERSION", value_delimiter = ',')]
    pub api_versions: Vec<String>,

    /// Render as for an upgrade of an installed release
    #[arg(long)]
    pub is_upgrade: bool,

    /// Render the releases of a file, or one per values file of a directory
    #[arg(long, value_name = "FILE|DIR", value_hint = ValueHint::AnyPath)]
    pub matrix: Option<String>,

    /// The seed for random values, such as passwords and certificates
    #[arg(long, value_name = "TEXT")]
    pub seed: Option<String>,
}

/// What is printed.
#[derive(Args, Debug)]
#[command(next_help_heading = "Output")]
pub struct OutputArgs {
    /// Print only these templates, such as `templates/s*`
    #[arg(short, long, value_name = "PATH")]
    pub show_only: Vec<String>,

    /// Write the manifests into files below this directory
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub output_dir: Option<String>,

    /// Show the differences between this directory or file and the rendered manifests
    #[arg(long, value_name = "PATH", value_hint = ValueHint::AnyPath)]
    pub check: Option<String>,

    /// Use a subdirectory of --output-dir named after the release
    #[arg(long)]
    pub release_name: bool,

    /// Also print the custom resource definitions in crds/
    #[arg(long)]
    pub include_crds: bool,

    /// Print no hooks
    #[arg(long)]
    pub no_hooks: bool,

    /// Print no test hooks
    #[arg(long)]
    pub skip_tests: bool,

    /// A program that modifies the manifests before they are printed
    #[arg(long, value_name = "PROGRAM", value_hint = ValueHint::ExecutablePath)]
    pub post_renderer: Option<String>,

    /// Arguments of the post-renderer
    #[arg(long, hide_short_help = true, value_name = "ARG")]
    pub post_renderer_args: Vec<String>,

    #[command(flatten)]
    pub form: FormArgs,

    /// Render again when an input file changes, until Ctrl-C
    #[arg(long, conflicts_with = "matrix")]
    pub watch: bool,
}

/// The form of what is printed.
#[derive(Args, Debug)]
pub struct FormArgs {
    /// The output format: yaml, or json as one List for kubectl
    #[arg(
        short,
        long,
        value_name = "FORM",
        hide_possible_values = true,
        default_value = "yaml",
        hide_default_value = true
    )]
    pub output: Form,
}

/// The language in which objects are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Form {
    Yaml,
    Json,
}

/// How what comes out is checked.
#[derive(Args, Debug)]
#[command(next_help_heading = "Checks")]
pub struct ChecksArgs {
    /// Do not check whether Kubernetes and nats-server would accept the manifests
    #[arg(long)]
    pub skip_checks: bool,

    /// Turn warnings into errors
    #[arg(long)]
    pub strict: bool,
}

/// Flags of `helm template` that change nothing here, because nothing is installed, or that ask for a
/// cluster or a registry. They are taken so that command lines keep working.
#[derive(Args, Debug)]
#[command(next_help_heading = "Flags of Helm")]
pub struct HelmArgs {
    #[arg(short, long, hide = true)]
    pub generate_name: bool,
    #[arg(long, hide = true)]
    pub skip_crds: bool,
    #[arg(long, hide = true)]
    pub debug: bool,
    #[arg(long, hide = true)]
    pub atomic: bool,
    #[arg(long, hide = true)]
    pub rollback_on_failure: bool,
    #[arg(long, hide = true)]
    pub wait: bool,
    #[arg(long, hide = true)]
    pub wait_for_jobs: bool,
    #[arg(long, hide = true, value_parser = duration)]
    pub timeout: Option<String>,
    #[arg(long, hide = true)]
    pub force: bool,
    #[arg(long, hide = true)]
    pub replace: bool,
    #[arg(long, hide = true)]
    pub create_namespace: bool,
    #[arg(long, hide = true)]
    pub description: Option<String>,
    #[arg(short, long, hide = true)]
    pub labels: Vec<String>,
    #[arg(long, hide = true)]
    pub hide_notes: bool,
    #[arg(long, hide = true)]
    pub render_subchart_notes: bool,
    #[arg(long, hide = true)]
    pub take_ownership: bool,
    #[arg(long, hide = true)]
    pub enable_dns: bool,
    #[arg(long, hide = true)]
    pub disable_openapi_validation: bool,
    #[arg(long, hide = true)]
    pub devel: bool,
    #[arg(long, hide = true)]
    pub version: Option<String>,
    #[arg(long, hide = true)]
    pub burst_limit: Option<i64>,
    #[arg(long, hide = true)]
    pub qps: Option<f64>,
    #[arg(long, hide = true, num_args = 0..=1, require_equals = true, default_missing_value = "client",
          value_parser = ["false", "true", "none", "client", "server"])]
    pub dry_run: Option<String>,

    #[arg(long, hide = true)]
    pub validate: bool,
    #[arg(long, hide = true)]
    pub dependency_update: bool,
    #[arg(long, hide = true)]
    pub verify: bool,
    #[arg(long, hide = true)]
    pub repo: Option<String>,
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
    #[arg(long, hide = true)]
    pub registry_config: Option<String>,
    #[arg(long, hide = true)]
    pub repository_cache: Option<String>,
    #[arg(long, hide = true)]
    pub repository_config: Option<String>,
}

/// A Go duration such as `5m0s`, of which nothing but the form counts.
fn duration(text: &str) -> Result<String, String> {
    match Duration::parse(text) {
        Ok(_) => Ok(text.to_owned()),
        Err(_) => Err("write a duration such as 5m0s".to_owned()),
    }
}

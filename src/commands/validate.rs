//! `validate`: check values files, and manifests of the NATS operator.

use std::sync::Arc;

use anyhow::bail;
use clap::{Args, ValueHint};

use crate::chart::owner::{self, Owner};
use crate::cli::PolicyArgs;
use crate::commands::Outcome;
use crate::diagnostic::Sink;
use crate::nats::CHARTS;
use crate::output::fixed;
use crate::policy::Policy;
use crate::release::HelmVersion;
use crate::request::{DEFAULT_CHART, helm_version};
use crate::{chart, validate, values};

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

    /// The Helm version to follow: 3 or 4. Default: JINNACLE_HELM_VERSION or 4
    #[arg(long, value_name = "VERSION")]
    pub helm_version: Option<String>,

    #[command(flatten)]
    pub policy: PolicyArgs,
}

/// Runs `jinnacle validate`.
///
/// # Errors
/// A file cannot be read or written, or the chart is wrong.
pub fn run(args: ValidateArgs, policy: &Policy, sink: &mut Sink) -> anyhow::Result<Outcome> {
    let request = ValidateRequest::new(args)?;
    let mut chart = chart::load(&request.chart, &CHARTS, sink)?;
    values::follow(&mut chart, request.helm, sink)?;
    // Who names a chart knows whose values the files hold.
    let owner = if request.names_chart {
        |_: &_| Owner::Nobody
    } else {
        |file: &_| owner::of(file, &CHARTS)
    };
    if request.fix {
        for file in &request.files {
            fixed::fix(file, |source| {
                policy.judge(Sink::of(|sink| {
                    validate::files(&chart, &[Arc::clone(source)], false, owner, sink);
                }))
            })?;
        }
    }
    let sources = values::sources(&request.files, sink)?;
    validate::files(&chart, &sources, request.merge, owner, sink);
    Ok(Outcome { judged: Some(request.files), ..Outcome::default() })
}

/// Everything that `validate` needs to know.
#[derive(Clone, Debug)]
pub struct ValidateRequest {
    /// The chart as it was named.
    pub chart: String,
    /// Whether it was named.
    pub names_chart: bool,
    /// The files as they were typed.
    pub files: Vec<String>,
    /// Whether they are one stack.
    pub merge: bool,
    /// Whether they are to be fixed.
    pub fix: bool,
    /// The version of Helm that is followed.
    pub helm: HelmVersion,
}

impl ValidateRequest {
    /// What the words of `validate` ask for.
    ///
    /// # Errors
    /// Standard input is to be fixed, or there is no such version of Helm.
    pub fn new(args: ValidateArgs) -> anyhow::Result<Self> {
        if args.fix && args.files.iter().any(|file| file.trim() == "-") {
            bail!("--fix writes into files: it cannot be used with standard input");
        }
        Ok(Self {
            helm: helm_version(args.helm_version.as_deref())?,
            names_chart: args.chart.is_some(),
            chart: args.chart.unwrap_or_else(|| DEFAULT_CHART.to_owned()),
            files: args.files,
            merge: args.merge,
            fix: args.fix,
        })
    }
}

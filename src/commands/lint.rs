//! `lint`: look for mistakes in charts.

use clap::{Args, ValueHint};

use crate::cli::{GlobalArgs, ValuesArgs};
use crate::commands::Outcome;
use crate::diagnostic::{Diagnostic, Severity, Sink, rule};
use crate::lint::LintRequest;
use crate::lint::{self, Report};
use crate::policy::Policy;
use crate::release::{Capabilities, Release};
use crate::request::{helm_version, kube_version, namespace, offline, values_request};
use crate::values;

/// Check charts: metadata, values, schema, templates and rendered manifests.
///
/// Exit status 1: there are errors, or with --strict also warnings.
#[derive(Args, Debug)]
#[command(after_help = "Example:\n  jinnacle lint shop --strict -f prod.yaml")]
pub struct LintArgs {
    /// The charts: directories or archives
    #[arg(value_name = "PATH", default_value = ".", value_hint = ValueHint::AnyPath)]
    pub paths: Vec<String>,

    /// Fail on warnings too
    #[arg(long)]
    pub strict: bool,

    /// Print only warnings and errors
    #[arg(long)]
    pub quiet: bool,

    /// Also check the charts in charts/
    #[arg(long)]
    pub with_subcharts: bool,

    /// The Kubernetes version to render for
    #[arg(long, value_name = "VERSION")]
    pub kube_version: Option<String>,

    /// The namespace of the release
    #[arg(short, long, value_name = "NAME", hide = true)]
    pub namespace: Option<String>,

    #[command(flatten)]
    pub values: ValuesArgs,

    #[command(flatten)]
    pub global: GlobalArgs,
}

/// Runs `jinnacle lint`.
///
/// # Errors
/// The values cannot be read or are wrong.
pub fn run(args: LintArgs, policy: &Policy, sink: &mut Sink) -> anyhow::Result<Outcome> {
    sink.extend(offline(&args.global, None)?);
    let request = request(&args)?;
    let user = values::load(&request.values, sink)?;
    let mut reports: Vec<Report> =
        args.paths.iter().flat_map(|path| lint::run(path, &user, &request)).collect();
    for report in &mut reports {
        report.findings = policy.judge(std::mem::take(&mut report.findings));
    }
    let worst = if args.quiet { Severity::Warning } else { Severity::Note };
    let mut stdout = String::new();
    for report in reports.iter().filter(|report| !args.quiet || report.has(worst)) {
        stdout += &report.text(worst);
    }
    let bound = if args.strict { Severity::Warning } else { Severity::Error };
    let failed = reports.iter().filter(|report| report.has(bound)).count();
    let summary = format!("{} chart(s) linted, {failed} chart(s) failed", reports.len());
    if failed > 0 {
        sink.push(Diagnostic::error(rule!("lint/failed"), summary));
    } else if !stdout.is_empty() {
        stdout += &format!("{summary}\n");
    }
    Ok(Outcome { stdout, ..Outcome::default() })
}

/// The release that `lint` renders, as in Helm.
const LINT_RELEASE: &str = "test-release";

fn request(args: &LintArgs) -> anyhow::Result<LintRequest> {
    let kube_version = kube_version(args.kube_version.as_deref())?;
    let helm = helm_version(args.values.helm_version.as_deref())?;
    Ok(LintRequest {
        release: Release {
            name: LINT_RELEASE.to_owned(),
            namespace: namespace(args.namespace.clone()),
            is_upgrade: false,
        },
        capabilities: Capabilities {
            helm,
            given_kube_version: args.kube_version.as_deref().map(Into::into),
            ..Capabilities::new(kube_version, &[])
        },
        values: values_request(args.values.clone(), helm),
        skip_schema_validation: args.values.skip_schema_validation,
        with_subcharts: args.with_subcharts,
    })
}

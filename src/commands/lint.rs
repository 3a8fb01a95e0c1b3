//! `lint`: look for mistakes in charts.

use crate::cli::LintArgs;
use crate::commands::Outcome;
use crate::diagnostic::{Diagnostic, Severity, Sink, rule};
use crate::lint::{self, Report};
use crate::policy::Policy;
use crate::request::LintRequest;
use crate::values;

/// Runs `jinnacle lint`.
///
/// # Errors
/// The values cannot be read or are wrong.
pub fn run(args: LintArgs, policy: &Policy, sink: &mut Sink) -> anyhow::Result<Outcome> {
    let request = LintRequest::new(&args)?;
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

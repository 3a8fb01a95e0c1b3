//! Everything that can be said of a chart without a cluster (Helm's `pkg/lint`).

mod apis;
mod manifests;
mod metadata;

use std::fmt::Write as _;

use crate::chart::{self, Chart};
use crate::dependencies;
use crate::diagnostic::{Diagnostic, Findings, Severity};
use crate::render::{self, Drawn, Surroundings};
use crate::request::LintRequest;
use crate::yaml::Map;
use crate::{rules, values};

/// What was found in a chart.
#[derive(Debug)]
pub struct Report {
    /// The chart's folder or archive.
    pub path: String,
    /// The findings in the order of the rules.
    pub findings: Vec<Diagnostic>,
}

impl Report {
    /// Whether a finding is as bad as that, or worse.
    pub fn has(&self, severity: Severity) -> bool {
        self.findings.iter().any(|finding| finding.severity <= severity)
    }

    /// What was found that is as bad as that, or worse, as Helm prints it, each with its place.
    pub fn text(&self, severity: Severity) -> String {
        let mut text = format!("==> Linting {}\n", self.path);
        for finding in self.findings.iter().filter(|finding| finding.severity <= severity) {
            let word = match finding.severity {
                Severity::Error => "ERROR",
                Severity::Warning => "WARNING",
                Severity::Note => "INFO",
            };
            let place = finding.span.as_ref().map_or_else(String::new, |span| format!("{span}: "));
            let _ = writeln!(text, "[{word}] {place}{}", finding.message);
            for (span, what) in &finding.related {
                let _ = writeln!(text, "    {span}: {what}");
            }
            for help in &finding.help {
                let _ = writeln!(text, "    help: {help}");
            }
        }
        text + "\n"
    }
}

/// Looks at a chart, and at its subcharts if that is asked for.
pub fn run(path: &str, user: &Map, request: &LintRequest) -> Vec<Report> {
    let mut findings = Vec::new();
    match chart::load(path, &mut findings) {
        Ok(chart) => reports(path, chart, findings, user, request),
        Err(error) => {
            findings.extend(into_findings(error));
            vec![Report { path: path.to_owned(), findings }]
        }
    }
}

fn into_findings(error: anyhow::Error) -> Vec<Diagnostic> {
    match error.downcast::<Findings>() {
        Ok(Findings(found)) => found,
        Err(error) => vec![Diagnostic::error("lint/chart", format!("{error:#}"))],
    }
}

fn reports(
    path: &str,
    chart: Chart,
    mut findings: Vec<Diagnostic>,
    user: &Map,
    request: &LintRequest,
) -> Vec<Report> {
    let subcharts = if request.with_subcharts { chart.dependencies.clone() } else { Vec::new() };
    metadata::check(&chart, &mut findings);
    manifests::check_templates(&chart, &mut findings);
    if let Err(Findings(errors)) = check_rendered(chart, user, request, &mut findings) {
        findings.extend(errors);
    }
    let mut found = vec![Report { path: path.to_owned(), findings }];
    for sub in subcharts {
        let path = format!("{path}/charts/{}", sub.metadata.name);
        found.extend(reports(&path, sub, Vec::new(), user, request));
    }
    found
}

/// Goes the way of `template`, and on where that would stop.
fn check_rendered(
    mut chart: Chart,
    user: &Map,
    request: &LintRequest,
    findings: &mut Vec<Diagnostic>,
) -> Result<(), Findings> {
    let (release, capabilities) = (&request.release, &request.capabilities);
    let around = Surroundings { release, capabilities, drawn: &Drawn::new("lint", 0) };
    let version = request.capabilities.kube_version;
    dependencies::process(&mut chart, user, findings)?;
    let mut values = values::of(&chart, user.clone(), findings)?;
    let mut note = |result: Result<(), Findings>| {
        if let Err(Findings(errors)) = result {
            findings.extend(errors);
        }
    };
    if !request.skip_schema_validation {
        note(chart.validate(&mut values));
    }
    note(render::expand(&chart, &mut values, around).map(|_| ()));
    if let Err(other) = chart.check_kube_version(&version.to_string()) {
        findings.push(Diagnostic { severity: Severity::Warning, ..other });
    }
    rules::check(&chart, &values, &request.release, findings)?;
    if chart.metadata.is_library {
        return Ok(());
    }
    let looked = render::render(&chart, &values, around, |rendered| {
        let mut found = manifests::check_begin(&rendered);
        match rendered.manifests() {
            Ok((read, warnings)) => {
                found.extend(warnings);
                found.extend(read.iter().flat_map(|manifest| manifests::check(manifest, version)));
            }
            Err(Findings(errors)) => found.extend(errors),
        }
        // As findings, because those of the other templates are told beside them.
        match found.is_empty() {
            true => Ok(()),
            false => Err(Findings(found.into_iter().map(|f| rendered.explained(f)).collect())),
        }
    });
    if let Err(Findings(found)) = looked {
        findings.extend(found.into_iter().map(softened));
    }
    Ok(())
}

/// What a chart asks of its user is no fault of the chart: Helm only mentions it, too.
fn softened(finding: Diagnostic) -> Diagnostic {
    match finding.rule {
        "template/fail" | "template/required" => Diagnostic { severity: Severity::Note, ..finding },
        _ => finding,
    }
}

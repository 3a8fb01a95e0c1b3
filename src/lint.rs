//! Everything that can be said of a chart without a cluster (Helm's `pkg/lint`).

mod manifests;
mod metadata;

use std::fmt::Write as _;
use std::sync::Arc;

use crate::chart::{self, Chart};
use crate::diagnostic::{Diagnostic, Severity, Sink, Stopped, rule};
use crate::nats::CHARTS;
use crate::pipeline;
use crate::release::KubeVersion;
use crate::release::{Capabilities, Release};
use crate::render::{self, Randomness, ReleaseContext, Rendered};
use crate::values::ValuesRequest;
use crate::yaml::Map;

/// Everything that `lint` needs to know.
#[derive(Clone, Debug)]
pub struct LintRequest {
    /// The release that is rendered.
    pub release: Release,
    /// The cluster that it is rendered for.
    pub capabilities: Capabilities,
    /// Where values come from.
    pub values: ValuesRequest,
    /// Whether the schema is left out.
    pub skip_schema_validation: bool,
    /// Whether subcharts are looked at for themselves too.
    pub with_subcharts: bool,
}

/// What was found in a chart.
#[derive(Debug)]
pub struct Report {
    /// The chart's directory or archive.
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
    let mut sink = Sink::new();
    match chart::load(path, &CHARTS, &mut sink) {
        Ok(chart) => reports(path, chart, sink, user, request),
        Err(error) => {
            if !error.is::<Stopped>() {
                sink.push(Diagnostic::error(rule!("lint/chart"), format!("{error:#}")));
            }
            vec![Report { path: path.to_owned(), findings: sink.into_vec() }]
        }
    }
}

fn reports(
    path: &str,
    chart: Chart,
    mut sink: Sink,
    user: &Map,
    request: &LintRequest,
) -> Vec<Report> {
    let subcharts = if request.with_subcharts { chart.dependencies.clone() } else { Vec::new() };
    metadata::check(&chart, &mut sink);
    manifests::check_templates(&chart, &mut sink);
    // What stops it is among the findings.
    let _ = check_rendered(chart, user, request, &mut sink);
    let mut found = vec![Report { path: path.to_owned(), findings: sink.into_vec() }];
    for sub in subcharts {
        let path = format!("{path}/charts/{}", sub.metadata.name);
        found.extend(reports(&path, sub, Sink::new(), user, request));
    }
    found
}

/// The stages of `template`, without a stop where the next stage can do without.
fn check_rendered(
    chart: Chart,
    user: &Map,
    request: &LintRequest,
    sink: &mut Sink,
) -> Result<(), Stopped> {
    let (release, capabilities) = (&request.release, &request.capabilities);
    let release_context =
        ReleaseContext { release, capabilities, randomness: &Randomness::new("lint", 0) };
    let version = request.capabilities.kube_version;
    let mut merged = pipeline::merge(chart, user.clone(), release_context, sink)?;
    if !request.skip_schema_validation {
        merged.check_schema(sink);
    }
    // Values that cannot be expanded stay as they are.
    let _ = merged.expand(sink);
    if let Err(other) = merged.chart.check_kube_version(&version.to_string()) {
        sink.push(Diagnostic { severity: Severity::Warning, ..other });
    }
    sink.stop_on_errors(|sink| merged.check_rules(sink))?;
    if merged.chart.metadata.is_library {
        return Ok(());
    }
    let check = |sink: &mut Sink| {
        for text in render::render(&merged.chart, &Arc::new(merged.values), release_context, sink) {
            sink.changed(
                |sink| check_text(&text, version, sink),
                |finding| Some(text.explained(finding)),
            );
        }
    };
    sink.changed(|sink| sink.without_repeats(check), |finding| Some(softened(finding)));
    Ok(())
}

/// What a template made.
fn check_text(text: &Rendered, version: KubeVersion, sink: &mut Sink) {
    manifests::check_begin(text, sink);
    for manifest in text.manifests(sink).unwrap_or_default() {
        manifests::check(&manifest, version, sink);
    }
}

/// What a chart asks of its user is not a fault of the chart: Helm only mentions it, too.
fn softened(finding: Diagnostic) -> Diagnostic {
    let is_demand = [rule!("template/fail"), rule!("template/required")].contains(&finding.rule);
    let severity = if is_demand { Severity::Note } else { finding.severity };
    Diagnostic { severity, ..finding }
}

//! GitLab's code quality report. <https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format>

use std::io::{self, Write};

use serde_json::{Value, json};

use super::{Report, Severity};

pub(super) fn write(out: &mut dyn Write, report: &Report<'_>) -> io::Result<()> {
    let fingerprints = report.repository.fingerprints(report.findings);
    let findings: Vec<Value> = report
        .findings
        .iter()
        .zip(fingerprints)
        .map(|(finding, fingerprint)| {
            let severity = match finding.severity {
                Severity::Error => "major",
                Severity::Warning => "minor",
                Severity::Note => "info",
            };
            let mut description = finding.message.clone();
            for help in &finding.help {
                description.push_str(&format!("; {help}"));
            }
            // The format wants a file and a line, so a finding without a place goes to the first file.
            let (path, line) = match &finding.span {
                Some(span) => {
                    let name = span.source().name();
                    let path = report.repository.path(name).unwrap_or_else(|| name.to_owned());
                    (path, span.place().line)
                }
                None => (report.files.first().cloned().unwrap_or_else(|| ".".to_owned()), 1),
            };
            json!({
                "description": description,
                "check_name": finding.rule.as_str(),
                "fingerprint": fingerprint,
                "severity": severity,
                "location": { "path": path, "lines": { "begin": line } },
            })
        })
        .collect();
    writeln!(out, "{:#}", Value::Array(findings))
}

//! SARIF 2.1.0, which code scanning services read.
//! <https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html>

use std::io::{self, Write};

use serde_json::{Value, json};

use super::{Report, RuleId, Severity, rules};
use crate::source::Span;

const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

pub(super) fn write(out: &mut dyn Write, report: &Report<'_>) -> io::Result<()> {
    let mut used: Vec<RuleId> = report.findings.iter().map(|finding| finding.rule).collect();
    used.sort_unstable();
    used.dedup();
    let rules: Vec<Value> = used.iter().map(|id| rule(*id)).collect();
    let fingerprints = report.repository.fingerprints(report.findings);
    let results: Vec<Value> = report
        .findings
        .iter()
        .zip(fingerprints)
        .map(|(finding, fingerprint)| {
            let mut text = finding.message.clone();
            for help in &finding.help {
                text.push_str(&format!("\nhelp: {help}"));
            }
            let level = match finding.severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
                Severity::Note => "note",
            };
            let related: Vec<Value> = finding
                .related
                .iter()
                .filter_map(|(span, word)| {
                    let mut location = location(report, span)?;
                    location["message"] = json!({ "text": word });
                    Some(location)
                })
                .collect();
            let places: Vec<Value> =
                finding.span.iter().filter_map(|span| location(report, span)).collect();
            json!({
                "ruleId": finding.rule.as_str(),
                "ruleIndex": used.iter().position(|id| *id == finding.rule),
                "level": level,
                "message": { "text": text },
                "locations": places,
                "relatedLocations": related,
                "partialFingerprints": { "jinnacle/v1": fingerprint },
            })
        })
        .collect();
    let document = json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": {
                "driver": {
                    "name": "jinnacle",
                    "semanticVersion": env!("CARGO_PKG_VERSION"),
                    "rules": rules,
                },
            },
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    });
    writeln!(out, "{document:#}")
}

fn rule(id: RuleId) -> Value {
    let mut rule = json!({ "id": id.as_str() });
    if let Some(page) = rules::page(id.as_str()) {
        rule["shortDescription"] = json!({ "text": page.summary() });
        rule["help"] = json!({ "text": page.text, "markdown": page.text });
    }
    rule
}

/// None for a source that is not a file, such as `--set`.
fn location(report: &Report<'_>, span: &Span) -> Option<Value> {
    let path = report.repository.path(span.source().name())?;
    let (start, end) = (span.place(), span.end_place());
    Some(json!({
        "physicalLocation": {
            "artifactLocation": { "uri": uri(&path), "uriBaseId": "%SRCROOT%" },
            "region": {
                "startLine": start.line,
                "startColumn": start.column,
                "endLine": end.line,
                "endColumn": end.column,
            },
        },
    }))
}

/// A path as a relative reference: what a URI does not take is written as `%20`.
fn uri(path: &str) -> String {
    path.bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                char::from(byte).to_string()
            }
            _ => format!("%{byte:02X}"),
        })
        .collect()
}

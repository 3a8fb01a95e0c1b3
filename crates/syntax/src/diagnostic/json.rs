//! One JSON document with everything that is known of the findings.

use std::io::{self, Write};

use serde_json::{Value, json};

use super::{Report, Severity};
use crate::source::Span;

pub(super) fn write(out: &mut dyn Write, report: &Report<'_>) -> io::Result<()> {
    let findings: Vec<Value> = report
        .findings
        .iter()
        .map(|finding| {
            let related: Vec<Value> = finding
                .related
                .iter()
                .map(|(span, word)| json!({ "place": place(Some(span)), "message": word }))
                .collect();
            json!({
                "severity": finding.severity.word(),
                "rule": finding.rule.as_str(),
                "message": finding.message,
                "place": place(finding.span.as_ref()),
                "help": finding.help,
                "related": related,
                "fixable": finding.fix.is_some(),
            })
        })
        .collect();
    let document = json!({
        "version": 1,
        "files": report.files,
        "errors": report.count(Severity::Error),
        "warnings": report.count(Severity::Warning),
        "notes": report.count(Severity::Note),
        "findings": findings,
    });
    writeln!(out, "{document:#}")
}

/// The file as it was typed, and lines and columns from 1; the end is after the last character.
fn place(span: Option<&Span>) -> Value {
    span.map_or(Value::Null, |span| {
        let (start, end) = (span.place(), span.end_place());
        json!({
            "file": span.source().name(),
            "line": start.line,
            "column": start.column,
            "endLine": end.line,
            "endColumn": end.column,
        })
    })
}

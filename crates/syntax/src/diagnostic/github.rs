//! Annotations of GitHub Actions.
//!
//! A step shows ten of each severity and drops the others in silence, so the tenth counts them.
//! <https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands>

use std::io::{self, Write};

use super::{Diagnostic, Report, Severity};

/// As many annotations of one severity as GitHub shows.
const SHOWN: usize = 10;

pub(super) fn write(out: &mut dyn Write, report: &Report<'_>) -> io::Result<()> {
    for (severity, command) in
        [(Severity::Error, "error"), (Severity::Warning, "warning"), (Severity::Note, "notice")]
    {
        let all: Vec<&Diagnostic> =
            report.findings.iter().filter(|finding| finding.severity == severity).collect();
        let hidden = if all.len() > SHOWN { &all[SHOWN - 1..] } else { &[] };
        for finding in &all[..all.len() - hidden.len()] {
            write_one(out, report, command, finding)?;
        }
        if hidden.is_empty() {
            continue;
        }
        let lines: Vec<String> = hidden
            .iter()
            .map(|finding| match &finding.span {
                Some(span) => format!("{span}: {}", finding.message),
                None => finding.message.clone(),
            })
            .collect();
        let text = format!("{} of {}:\n{}", hidden.len(), all.len(), lines.join("\n"));
        writeln!(out, "::{command} title=more findings::{}", data(&text))?;
    }
    Ok(())
}

fn write_one(
    out: &mut dyn Write,
    report: &Report<'_>,
    command: &str,
    finding: &Diagnostic,
) -> io::Result<()> {
    write!(out, "::{command} ")?;
    let mut text = finding.message.clone();
    if let Some(span) = &finding.span {
        let (start, end) = (span.place(), span.end_place());
        match report.repository.path(span.source().name()) {
            Some(file) => {
                write!(out, "file={},line={},", property(&file), start.line)?;
                // Columns make sense to GitHub within one line only.
                if start.line == end.line {
                    write!(out, "col={},endColumn={},", start.column, end.column)?;
                }
            }
            None => text = format!("{span}: {text}"),
        }
    }
    for help in &finding.help {
        text.push_str("\nhelp: ");
        text.push_str(help);
    }
    writeln!(out, "title={}::{}", property(finding.rule.as_str()), data(&text))
}

/// What follows `::`.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// What follows `file=` and similar.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::super::Repository;
    use super::*;
    use crate::rule;

    #[test]
    fn the_tenth_annotation_counts_the_ones_that_are_not_shown() {
        let lines = |count: usize| {
            let findings: Vec<Diagnostic> = (0..count)
                .map(|n| Diagnostic::error(rule!("schema/type"), format!("finding {n}")))
                .collect();
            let repository = Repository::default();
            let mut out = Vec::new();
            write(&mut out, &Report { findings: &findings, files: &[], repository: &repository })
                .unwrap();
            String::from_utf8(out).unwrap().lines().map(str::to_owned).collect::<Vec<_>>()
        };
        assert_eq!(lines(10).len(), 10);
        let eleven = lines(11);
        assert_eq!(eleven.len(), 10);
        assert_eq!(eleven[9], "::error title=more findings::2 of 11:%0Afinding 9%0Afinding 10");
    }
}

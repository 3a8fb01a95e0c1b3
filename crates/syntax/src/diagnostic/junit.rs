//! JUnit's XML: a test case for each file, which fails by its errors.

use std::io::{self, Write};

use super::{Diagnostic, Report, Severity};

pub(super) fn write(out: &mut dyn Write, report: &Report<'_>) -> io::Result<()> {
    let name = |finding: &Diagnostic| {
        finding.span.as_ref().map_or("jinnacle", |span| span.source().name()).to_owned()
    };
    let mut cases = report.files.to_vec();
    for finding in report.findings {
        if !cases.contains(&name(finding)) {
            cases.push(name(finding));
        }
    }
    let of = |case: &str, severity: Severity| -> Vec<&Diagnostic> {
        let at = |finding: &&Diagnostic| finding.severity == severity && name(finding) == case;
        report.findings.iter().filter(at).collect()
    };
    let failing = cases.iter().filter(|case| !of(case, Severity::Error).is_empty()).count();
    let counts = format!("tests=\"{}\" failures=\"{failing}\" errors=\"0\"", cases.len());
    writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>")?;
    writeln!(out, "<testsuites name=\"jinnacle\" {counts}>")?;
    writeln!(out, "  <testsuite name=\"validate\" {counts}>")?;
    for case in &cases {
        let path = report.repository.path(case).unwrap_or_else(|| case.clone());
        let errors = of(case, Severity::Error);
        let others = [of(case, Severity::Warning), of(case, Severity::Note)].concat();
        write!(out, "    <testcase name=\"{0}\" classname=\"values\" file=\"{0}\"", xml(&path))?;
        if errors.is_empty() && others.is_empty() {
            writeln!(out, "/>")?;
            continue;
        }
        writeln!(out, ">")?;
        if let [first, ..] = errors.as_slice() {
            writeln!(
                out,
                "      <failure type=\"{}\" message=\"{}\">{}</failure>",
                xml(first.rule.as_str()),
                xml(&first.message),
                xml(&lines(&errors))
            )?;
        }
        if !others.is_empty() {
            writeln!(out, "      <system-out>{}</system-out>", xml(&lines(&others)))?;
        }
        writeln!(out, "    </testcase>")?;
    }
    writeln!(out, "  </testsuite>\n</testsuites>")
}

fn lines(findings: &[&Diagnostic]) -> String {
    let lines: Vec<String> = findings
        .iter()
        .map(|finding| {
            let place = finding.span.as_ref().map(|span| format!("{span}: ")).unwrap_or_default();
            let help: String =
                finding.help.iter().map(|help| format!("\n  help: {help}")).collect();
            format!(
                "{place}{}[{}] {}{help}",
                finding.severity.word(),
                finding.rule,
                finding.message
            )
        })
        .collect();
    lines.join("\n")
}

/// Text in XML 1.0, which has no way to write most control characters.
fn xml(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '&' => "&amp;".to_owned(),
            '<' => "&lt;".to_owned(),
            '>' => "&gt;".to_owned(),
            '"' => "&quot;".to_owned(),
            '\n' => "&#10;".to_owned(),
            '\t' => "\t".to_owned(),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => "\u{fffd}".to_owned(),
            c => c.to_string(),
        })
        .collect()
}

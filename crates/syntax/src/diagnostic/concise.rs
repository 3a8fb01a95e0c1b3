//! A line each: `file:line:column: severity[rule] message`.

use std::io::{self, Write};

use super::Report;

pub(super) fn write(out: &mut dyn Write, report: &Report<'_>) -> io::Result<()> {
    for finding in report.findings {
        if let Some(span) = &finding.span {
            write!(out, "{span}: ")?;
        }
        write!(out, "{}[{}] {}", finding.severity.word(), finding.rule, finding.message)?;
        match finding.help.first() {
            Some(help) => writeln!(out, " ({help})")?,
            None => writeln!(out)?,
        }
    }
    Ok(())
}

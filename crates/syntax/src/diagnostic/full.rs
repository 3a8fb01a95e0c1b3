//! The format for people: the message, the line with a caret, the help.

use std::io::{self, Write};

use anstyle::{AnsiColor, Style};

use super::{Diagnostic, Severity};
use crate::source::Span;

/// Writes findings with the lines they point at; the writer decides whether colors get through.
pub fn write_full(out: &mut dyn Write, diagnostics: &[Diagnostic]) -> io::Result<()> {
    for diagnostic in diagnostics {
        write_one(out, diagnostic)?;
    }
    Ok(())
}

fn write_one(out: &mut dyn Write, diagnostic: &Diagnostic) -> io::Result<()> {
    let style = severity_style(diagnostic.severity);
    let bold = Style::new().bold();
    writeln!(
        out,
        "{style}{}[{}]{style:#}{bold}: {}{bold:#}",
        diagnostic.severity.word(),
        diagnostic.rule,
        diagnostic.message
    )?;
    let places: Vec<(&Span, &str)> = diagnostic
        .span
        .iter()
        .map(|span| (span, ""))
        .chain(diagnostic.related.iter().map(|(span, word)| (span, word.as_str())))
        .collect();
    let width =
        places.iter().map(|(span, _)| span.place().line.to_string().len()).max().unwrap_or(0);
    for (index, (span, word)) in places.iter().enumerate() {
        write_snippet(out, span, word, width, if index == 0 { style } else { gutter_style() })?;
    }
    for help in &diagnostic.help {
        let gutter = gutter_style();
        writeln!(out, "{:width$} {gutter}={gutter:#} {bold}help{bold:#}: {help}", "")?;
    }
    if let Some(line) = &diagnostic.helm {
        let gutter = gutter_style();
        writeln!(out, "{:width$} {gutter}={gutter:#} {bold}helm{bold:#}: {line}", "")?;
    }
    writeln!(out)
}

/// ```text
///   --> prod.yaml:2:13
///    |
///  2 |   replicas: "3"
///    |             ^^^ word
/// ```
fn write_snippet(
    out: &mut dyn Write,
    span: &Span,
    word: &str,
    width: usize,
    style: Style,
) -> io::Result<()> {
    let gutter = gutter_style();
    let place = span.place();
    let line = span.source().line(place.line);
    let before: String = line.chars().take(place.column - 1).map(blank).collect();
    let first = span.text().lines().next().unwrap_or("").trim_end();
    let carets = "^".repeat(first.chars().count().max(1));
    writeln!(out, "{:width$}{gutter}-->{gutter:#} {span}", "")?;
    writeln!(out, "{:width$} {gutter}|{gutter:#}", "")?;
    writeln!(out, "{gutter}{:>width$} |{gutter:#} {}", place.line, shown(line))?;
    let word = if word.is_empty() { String::new() } else { format!(" {word}") };
    writeln!(out, "{:width$} {gutter}|{gutter:#} {before}{style}{carets}{word}{style:#}", "")
}

/// Control characters would garble a terminal; a line is shown with marks in their place.
fn shown(line: &str) -> String {
    line.chars().map(|c| if c.is_control() && c != '\t' { '\u{fffd}' } else { c }).collect()
}

/// A tab stays a tab, so that the caret is below its character.
fn blank(c: char) -> char {
    if c == '\t' { '\t' } else { ' ' }
}

fn severity_style(severity: Severity) -> Style {
    let color = match severity {
        Severity::Error => AnsiColor::Red,
        Severity::Warning => AnsiColor::Yellow,
        Severity::Note => AnsiColor::Cyan,
    };
    color.on_default().bold()
}

fn gutter_style() -> Style {
    AnsiColor::Blue.on_default().bold()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule;
    use crate::source::Source;

    #[test]
    fn the_span_is_underlined() {
        let source = Source::new("prod.yaml", "cluster:\n  replicas: \"3\"\n");
        let diagnostic =
            Diagnostic::error(rule!("schema/type"), "`cluster.replicas` must be an integer")
                .at(&Span::new(&source, 21, 24))
                .help("remove the quotes");
        let mut out = anstream::StripStream::new(Vec::new());
        write_full(&mut out, &[diagnostic]).unwrap();
        let text = String::from_utf8(out.into_inner()).unwrap();
        assert_eq!(
            text,
            "error[schema/type]: `cluster.replicas` must be an integer\n \
             --> prod.yaml:2:13\n  |\n2 |   replicas: \"3\"\n  |             ^^^\n  \
             = help: remove the quotes\n\n"
        );
    }
}

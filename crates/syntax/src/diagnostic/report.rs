//! The findings of a run in the form that their reader wants: people, editors, or a CI service.

use std::io::{self, Write};
use std::str::FromStr;

use super::{Diagnostic, Repository, Severity, concise, full, github, gitlab, json, junit, sarif};

/// A form of the report.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// With the source lines, for people.
    #[default]
    Full,
    /// A line each, for editors and `grep`.
    Concise,
    /// One JSON document.
    Json,
    /// Annotations of GitHub Actions.
    Github,
    /// GitLab's code quality report.
    Gitlab,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
    /// JUnit's XML: a test case for each file.
    Junit,
}

/// Every format by its name on the command line.
pub const FORMATS: [(&str, Format); 7] = [
    ("full", Format::Full),
    ("concise", Format::Concise),
    ("json", Format::Json),
    ("github", Format::Github),
    ("gitlab", Format::Gitlab),
    ("sarif", Format::Sarif),
    ("junit", Format::Junit),
];

impl FromStr for Format {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        let known = FORMATS.iter().find(|(known, _)| *known == name);
        known.map(|(_, format)| *format).ok_or_else(|| format!("unknown format `{name}`"))
    }
}

impl Format {
    /// Whether people read it as it is, so that a last line with the counts helps them.
    pub fn is_for_people(self) -> bool {
        matches!(self, Self::Full | Self::Concise)
    }
}

/// What was found, and in what.
#[derive(Clone, Copy, Debug)]
pub struct Report<'a> {
    /// The findings, in the order in which they are shown.
    pub findings: &'a [Diagnostic],
    /// The files that were looked at, those without a finding too.
    pub files: &'a [String],
    /// What paths are relative to.
    pub repository: &'a Repository,
}

impl Report<'_> {
    /// Writes the whole report.
    ///
    /// # Errors
    /// The writer fails.
    pub fn write(&self, format: Format, out: &mut dyn Write) -> io::Result<()> {
        match format {
            Format::Full => full::write_full(out, self.findings),
            Format::Concise => concise::write(out, self),
            Format::Json => json::write(out, self),
            Format::Github => github::write(out, self),
            Format::Gitlab => gitlab::write(out, self),
            Format::Sarif => sarif::write(out, self),
            Format::Junit => junit::write(out, self),
        }
    }

    /// How many findings there are of a severity.
    pub fn count(&self, severity: Severity) -> usize {
        self.findings.iter().filter(|finding| finding.severity == severity).count()
    }

    /// `2 errors and 1 warning in 3 files`.
    pub fn summary(&self) -> String {
        let counted = |count: usize, word: &str| {
            format!("{count} {word}{}", if count == 1 { "" } else { "s" })
        };
        let mut counts = vec![
            counted(self.count(Severity::Error), "error"),
            counted(self.count(Severity::Warning), "warning"),
        ];
        if self.count(Severity::Note) > 0 {
            counts.push(counted(self.count(Severity::Note), "note"));
        }
        format!("{} in {}", counts.join(", "), counted(self.files.len(), "file"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule;
    use crate::source::{Source, Span};

    /// Three findings: at a file, at a source that is not a file, and at no place.
    fn report(format: Format) -> String {
        let file = Source::new("../Cargo.toml", "[workspace]\nmembers = [<\"a\">]\n");
        let flag = Source::new("--set", "a=1");
        let findings = [
            Diagnostic::error(rule!("schema/type"), "`a` must be 100%, a:b,c")
                .at(&Span::new(&file, 24, 27))
                .help("write <b>")
                .related(&Span::new(&file, 0, 11), "the first"),
            Diagnostic::warning(rule!("nats/port"), "port 1 & 2").at(&Span::new(&flag, 2, 3)),
            Diagnostic::note(rule!("cli/offline"), "no cluster is asked"),
        ];
        let files = ["../Cargo.toml".to_owned(), "../README.md".to_owned()];
        let root =
            &std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap();
        let repository = Repository::new(root.join("src"), root);
        let mut out = anstream::StripStream::new(Vec::new());
        Report { findings: &findings, files: &files, repository: &repository }
            .write(format, &mut out)
            .unwrap();
        String::from_utf8(out.into_inner()).unwrap()
    }

    #[test]
    fn every_format_shows_every_finding() {
        for (name, format) in FORMATS {
            insta::with_settings!({ snapshot_path => "../../../../snapshots/formats", prepend_module_to_snapshot => false, omit_expression => true }, {
                insta::assert_snapshot!(name, report(format));
            });
        }
    }

    #[test]
    fn json_formats_are_json() {
        for format in [Format::Json, Format::Gitlab, Format::Sarif] {
            serde_json::from_str::<serde_json::Value>(&report(format)).unwrap();
        }
    }
}

//! What a command has to say, and how it is printed.

use std::collections::HashMap;
use std::io::{self, BufWriter, Write};

use crate::diagnostic::{Diagnostic, Format, Report, Repository, Sink};

/// What a command has to say.
#[derive(Default)]
pub struct Outcome {
    /// What goes to stdout, whole.
    pub stdout: String,
    /// All that was found, whatever stopped the run, in the order of its places.
    pub diagnostics: Vec<Diagnostic>,
    /// A last line for people, on stderr.
    pub summary: Option<String>,
    /// Whether two sides that were compared differ, which is a result and no error.
    pub differs: bool,
    /// The files that were judged, when the findings are the result, not what is said beside one.
    pub judged: Option<Vec<String>>,
    /// Why the program could not do its work.
    pub failure: Option<anyhow::Error>,
    /// Checks of what was rendered that can wait until stdout is printed.
    pub checks: Option<Checks>,
}

/// Work that adds findings.
pub type Checks = Box<dyn Fn(&mut Sink)>;

impl Outcome {
    /// Does the checks that could wait.
    pub fn check(&mut self) {
        let found = Sink::of(|sink| self.checks.iter().for_each(|check| check(sink)));
        if !found.is_empty() {
            self.diagnostics.extend(found);
            self.diagnostics = in_order(std::mem::take(&mut self.diagnostics));
        }
    }

    /// Prints the result and what was found, after the checks that could wait.
    ///
    /// # Errors
    /// Nobody reads the result, or it cannot be written.
    pub fn print(&mut self, format: Format) -> io::Result<()> {
        let mut stdout = io::stdout().lock();
        let printed = stdout.write_all(self.stdout.as_bytes()).and_then(|()| stdout.flush());
        drop(stdout);
        self.check();
        let repository = Repository::around(&std::env::current_dir().unwrap_or_default());
        let (findings, files) = (&self.diagnostics, self.judged.as_deref().unwrap_or_default());
        let report = Report { findings, files, repository: &repository };
        // Words go to stderr, and so does a report for programs where something else is the result.
        if self.judged.is_some() && format != Format::Full {
            write(&report, format, anstream::stdout().lock())?;
        } else if !findings.is_empty() {
            write(&report, format, anstream::stderr().lock())?;
        }
        if self.judged.is_some() && format.is_for_people() {
            anstream::eprintln!("{}", report.summary());
        }
        if let Some(summary) = self.summary.as_ref().filter(|_| format.is_for_people()) {
            anstream::eprintln!("{summary}");
        }
        if let Some(error) = &self.failure {
            anstream::eprintln!("error: {error:#}");
            return Ok(());
        }
        printed
    }
}

/// Writes a report in large pieces: it is made of many small ones.
fn write(report: &Report<'_>, format: Format, out: impl Write) -> io::Result<()> {
    let mut out = BufWriter::new(out);
    report.write(format, &mut out)?;
    out.flush()
}

/// Findings by file, the files in the order in which they come first, and by line.
pub fn in_order(mut found: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let mut files: HashMap<String, usize> = HashMap::new();
    for span in found.iter().filter_map(|finding| finding.span.as_ref()) {
        let next = files.len();
        files.entry(span.source().name().to_owned()).or_insert(next);
    }
    found.sort_by_key(|finding| {
        let place = finding.span.as_ref().map(|span| (files[span.source().name()], span.place()));
        // What is about no place comes last.
        (place.is_none(), place)
    });
    found
}

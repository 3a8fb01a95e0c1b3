//! Parse, run, exit.

use std::io::{self, Write as _};
use std::process::ExitCode;

use clap::Parser as _;
use jinnacle::cli::Cli;
use jinnacle::commands::{self, Outcome};
use jinnacle::diagnostic::{self, Findings};

/// The exit status when the input has errors.
const FINDINGS: u8 = 1;
/// The exit status when the program could not do its work.
const FAILURE: u8 = 2;

fn main() -> ExitCode {
    let status = match commands::run(Cli::parse()) {
        Ok(outcome) => print(&outcome),
        Err(error) => match error.downcast::<Findings>() {
            Ok(Findings(diagnostics)) => print(&Outcome { diagnostics, ..Outcome::default() })
                .and(Ok(FINDINGS)),
            Err(error) => {
                anstream::eprintln!("error: {error:#}");
                Ok(FAILURE)
            }
        },
    };
    // A reader that closed the pipe, such as `head`, has what it wanted.
    ExitCode::from(status.unwrap_or(0))
}

fn print(outcome: &Outcome) -> io::Result<u8> {
    diagnostic::write_full(&mut anstream::stderr().lock(), &outcome.diagnostics)?;
    io::stdout().lock().write_all(outcome.stdout.as_bytes())?;
    Ok(if diagnostic::has_errors(&outcome.diagnostics) { FINDINGS } else { 0 })
}

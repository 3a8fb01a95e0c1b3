//! Parse, run, exit.

use std::io::{self, BufWriter, Write};
use std::panic;
use std::process::ExitCode;
use std::sync::{Mutex, PoisonError};

use jinnacle::cli::Cli;
use jinnacle::commands::{self, Outcome};
use jinnacle::diagnostic::{self, Format, Report, Repository, Stopped};
use jinnacle::watch::Watch;
use jinnacle::{complete, request};

/// musl's own allocator is slow, and does not let threads work side by side.
#[cfg(target_env = "musl")]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The exit status when the input has errors.
const FINDINGS: u8 = 1;
/// The exit status when the program could not do its work.
const FAILURE: u8 = 2;
/// The exit status when the program itself is at fault.
const BUG: u8 = 70;

/// What the last panic said. Some are caught on the way, such as those of the YAML parser.
static PANIC: Mutex<String> = Mutex::new(String::new());

fn main() -> ExitCode {
    match complete::answer() {
        Ok(false) => {}
        Ok(true) => return ExitCode::SUCCESS,
        Err(error) => error.exit(),
    }
    let cli = Cli::from_words(std::env::args_os()).unwrap_or_else(|error| error.exit());
    request::colors(cli.messages.color).write_global();
    panic::set_hook(Box::new(|info| {
        *PANIC.lock().unwrap_or_else(PoisonError::into_inner) = info.to_string();
    }));
    let status = if cli.watches() { run_on_changes(cli) } else { run_guarded(cli) };
    // A reader that closed the pipe, such as `head`, has what it wanted.
    ExitCode::from(status.unwrap_or(0))
}

/// Runs the command now and after every change of what it reads.
fn run_on_changes(cli: Cli) -> io::Result<u8> {
    let mut watch = match Watch::new(cli.command) {
        Ok(watch) => watch,
        // The command itself says what is wrong with its words.
        Err(error) if error.is::<Stopped>() => {
            return run_guarded(
                Cli::from_words(std::env::args_os()).unwrap_or_else(|error| error.exit()),
            );
        }
        Err(error) => {
            anstream::eprintln!("error: {error:#}");
            return Ok(FAILURE);
        }
    };
    loop {
        let cli = Cli::from_words(std::env::args_os()).unwrap_or_else(|error| error.exit());
        run_guarded(cli)?;
        anstream::eprintln!("--- {}", watch.wait());
    }
}

fn run_guarded(cli: Cli) -> io::Result<u8> {
    panic::catch_unwind(|| run(cli)).unwrap_or_else(|_| {
        let words = PANIC.lock().unwrap_or_else(PoisonError::into_inner);
        anstream::eprintln!("error: this is a bug in jinnacle, please report it: {words}");
        Ok(BUG)
    })
}

fn run(cli: Cli) -> io::Result<u8> {
    let format = request::format(cli.messages.format.as_deref());
    let outcome = commands::run(cli);
    let status = print(&outcome, format)?;
    // The end of the process frees what was rendered.
    std::mem::forget(outcome.made);
    Ok(status)
}

fn print(outcome: &Outcome, format: Format) -> io::Result<u8> {
    let findings = &outcome.diagnostics;
    let repository = Repository::around(&std::env::current_dir().unwrap_or_default());
    let files = outcome.judged.as_deref().unwrap_or_default();
    let report = Report { findings, files, repository: &repository };
    let printed = io::stdout().lock().write_all(outcome.stdout.as_bytes());
    // Words go to stderr, and so does a report for programs where something else is the result.
    if outcome.judged.is_some() && format != Format::Full {
        write(&report, format, anstream::stdout().lock())?;
    } else if !findings.is_empty() {
        write(&report, format, anstream::stderr().lock())?;
    }
    if outcome.judged.is_some() && format.is_for_people() {
        anstream::eprintln!("{}", report.summary());
    }
    if let Some(summary) = outcome.summary.as_ref().filter(|_| format.is_for_people()) {
        anstream::eprintln!("{summary}");
    }
    if let Some(error) = &outcome.failure {
        anstream::eprintln!("error: {error:#}");
        return Ok(FAILURE);
    }
    printed?;
    Ok(if outcome.differs || diagnostic::has_errors(findings) { FINDINGS } else { 0 })
}

/// Writes a report in large pieces: it is made of many small ones.
fn write(report: &Report<'_>, format: Format, out: impl Write) -> io::Result<()> {
    let mut out = BufWriter::new(out);
    report.write(format, &mut out)?;
    out.flush()
}

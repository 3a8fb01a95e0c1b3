//! Parse, run, exit.

use std::io;
use std::panic;
use std::process::{self, ExitCode};
use std::sync::{Mutex, PoisonError};

use jinnacle::commands::{self, Cli, Outcome, completion};
use jinnacle::diagnostic::{Stopped, has_errors};
use jinnacle::request;
use jinnacle::watch::Watch;

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
    match completion::answer() {
        Ok(false) => {}
        Ok(true) => return ExitCode::SUCCESS,
        Err(error) => error.exit(),
    }
    let cli = parse();
    request::colors(cli.messages.color).write_global();
    panic::set_hook(Box::new(|info| {
        *PANIC.lock().unwrap_or_else(PoisonError::into_inner) = info.to_string();
    }));
    if cli.watches() {
        return run_on_changes(cli);
    }
    match run(cli) {
        // The outcome is still there: to free what was rendered piece by piece would be a twentieth of the run.
        Ok((status, _outcome)) => process::exit(status.into()),
        // A reader that closed the pipe, such as `head`, has what it wanted.
        Err(_) => ExitCode::SUCCESS,
    }
}

fn parse() -> Cli {
    Cli::from_words(std::env::args_os()).unwrap_or_else(|error| error.exit())
}

/// Runs the command now and after every change of what it reads.
fn run_on_changes(cli: Cli) -> ExitCode {
    let mut watch = match Watch::new(cli.command) {
        Ok(watch) => watch,
        // The command itself says what is wrong with its words.
        Err(error) if error.is::<Stopped>() => {
            return run(parse()).map_or(0, |(status, _)| status).into();
        }
        Err(error) => {
            anstream::eprintln!("error: {error:#}");
            return FAILURE.into();
        }
    };
    loop {
        if run(parse()).is_err() {
            return ExitCode::SUCCESS;
        }
        anstream::eprintln!("--- {}", watch.wait());
    }
}

/// Runs the command and prints what it has to say; the exit status.
fn run(cli: Cli) -> io::Result<(u8, Option<Outcome>)> {
    let format = request::format(cli.messages.format.as_deref());
    let done = panic::catch_unwind(|| {
        let mut outcome = commands::start(cli);
        outcome.print(format).map(|()| (status(&outcome), Some(outcome)))
    });
    done.unwrap_or_else(|_| {
        let words = PANIC.lock().unwrap_or_else(PoisonError::into_inner);
        anstream::eprintln!("error: this is a bug in jinnacle, please report it: {words}");
        Ok((BUG, None))
    })
}

fn status(outcome: &Outcome) -> u8 {
    match outcome {
        Outcome { failure: Some(_), .. } => FAILURE,
        Outcome { differs: true, .. } => FINDINGS,
        _ if has_errors(&outcome.diagnostics) => FINDINGS,
        _ => 0,
    }
}

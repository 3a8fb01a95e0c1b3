//! `completion`: print the script that makes a shell complete command lines.

use crate::cli::CompletionArgs;
use crate::commands::Outcome;
use crate::complete;

/// Runs `jinnacle completion`.
///
/// # Errors
/// None is known.
pub fn run(args: &CompletionArgs) -> anyhow::Result<Outcome> {
    Ok(Outcome { stdout: complete::script(args.shell)?, ..Outcome::default() })
}

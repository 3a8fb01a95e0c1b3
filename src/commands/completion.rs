//! `completion`: print the script that makes a shell complete command lines.

mod answer;

pub use answer::{answer, script};

use clap::{Args, ValueEnum};

use crate::commands::Outcome;

/// Print a completion script for a shell. It also completes values: `--set nats.jet<TAB>`.
#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  source <(jinnacle completion bash)\n  \
    jinnacle completion fish > ~/.config/fish/completions/jinnacle.fish")]
pub struct CompletionArgs {
    /// The shell
    pub shell: Shell,
}

/// Runs `jinnacle completion`.
///
/// # Errors
/// None is known.
pub fn run(args: &CompletionArgs) -> anyhow::Result<Outcome> {
    Ok(Outcome { stdout: answer::script(args.shell)?, ..Outcome::default() })
}

/// A shell that completes command lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Shell {
    /// source <(jinnacle completion bash)
    Bash,
    /// source <(jinnacle completion zsh), after compinit
    Zsh,
    /// jinnacle completion fish | source
    Fish,
    /// jinnacle completion powershell | Out-String | Invoke-Expression
    #[value(alias = "pwsh")]
    Powershell,
}

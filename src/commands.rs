//! One file a command; each spells the pipeline that it needs.

pub mod check;
pub mod completion;
pub mod convert;
pub mod create;
pub mod dependency;
pub mod diff;
pub mod explain;
pub mod krm;
pub mod lint;
pub mod package;
pub mod show;
pub mod template;
pub mod validate;

use crate::cli::{Cli, Command};
use crate::diagnostic::Diagnostic;

/// What a command has to say.
#[derive(Debug, Default)]
pub struct Outcome {
    /// What goes to stdout, whole.
    pub stdout: String,
    /// What was found.
    pub diagnostics: Vec<Diagnostic>,
    /// A last line for people, on stderr.
    pub summary: Option<String>,
    /// Whether two sides that were compared differ, which is a result and no error.
    pub differs: bool,
    /// The files that were judged, when the findings are the result, not what is said beside one.
    pub judged: Option<Vec<String>>,
}

/// Runs the command that was typed.
///
/// # Errors
/// The program could not do its work; or the user's text is wrong, as
/// [`Findings`](crate::diagnostic::Findings).
pub fn run(cli: Cli) -> anyhow::Result<Outcome> {
    match cli.command {
        Command::Check(args) => check::run(args),
        Command::Diff(args) => diff::run(&args, cli.messages.format.as_deref()),
        Command::Template(args) => template::run(*args),
        Command::Convert(args) => convert::run(&args),
        Command::Krm => krm::run(),
        Command::Validate(args) => validate::run(args),
        Command::Explain(args) => explain::run(*args),
        Command::Lint(args) => lint::run(*args),
        Command::Show(args) => show::run(&args),
        Command::Dependency(args) => dependency::run(&args),
        Command::Package(args) => package::run(&args),
        Command::Create(args) => create::run(&args),
        Command::Completion(args) => completion::run(&args),
    }
}

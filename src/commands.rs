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

use std::collections::HashMap;

use crate::cli::{Cli, Command};
use crate::diagnostic::{Diagnostic, Findings, has_errors};
use crate::policy::Policy;
use crate::request;

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

/// The program could not do its work, after something had been found.
#[derive(Debug)]
pub struct Failed {
    /// Why it could not.
    pub error: anyhow::Error,
    /// What was found until then.
    pub found: Vec<Diagnostic>,
}

impl std::error::Error for Failed {}

impl std::fmt::Display for Failed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:#}", self.error)
    }
}

/// Runs the command that was typed. All that is found comes back, in the order of its places, whatever stops the run.
///
/// # Errors
/// The program could not do its work, perhaps as [`Failed`]; or the user's text is wrong, as [`Findings`].
pub fn run(cli: Cli) -> anyhow::Result<Outcome> {
    let strict = match &cli.command {
        Command::Check(args) => Some(args.policy.strict),
        Command::Validate(args) => Some(args.policy.strict),
        _ => None,
    };
    let policy = request::policy(&cli.messages.rules, strict)?;
    let debug = matches!(&cli.command, Command::Template(args) if args.helm.debug);
    let in_order = |mut found: Vec<Diagnostic>| {
        found.iter_mut().filter(|_| !debug).for_each(|finding| finding.helm = None);
        in_order(found)
    };
    let mut found = Vec::new();
    match one(cli, &policy, &mut found) {
        Ok(mut outcome) => {
            found.append(&mut outcome.diagnostics);
            outcome.diagnostics = in_order(policy.judge(found));
            Ok(outcome)
        }
        Err(error) => Err(match error.downcast::<Findings>() {
            Ok(Findings(errors)) => {
                let judged = policy.judge(errors.clone());
                let mut found = policy.judge(found);
                // What stops a run is shown, also where it is allowed.
                found.extend(if has_errors(&judged) { judged } else { errors });
                Findings(in_order(found)).into()
            }
            Err(error) if found.is_empty() => error,
            Err(error) => Failed { error, found: in_order(policy.judge(found)) }.into(),
        }),
    }
}

fn one(cli: Cli, policy: &Policy, found: &mut Vec<Diagnostic>) -> anyhow::Result<Outcome> {
    match cli.command {
        Command::Check(args) => check::run(args, policy, found),
        Command::Diff(args) => diff::run(&args, policy, cli.messages.format.as_deref(), found),
        Command::Template(args) => template::run(*args, policy, found),
        Command::Convert(args) => convert::run(&args, policy, found),
        Command::Krm => krm::run(policy, found),
        Command::Validate(args) => validate::run(args, policy, found),
        Command::Explain(args) => explain::run(*args),
        Command::Lint(args) => lint::run(*args, policy, found),
        Command::Show(args) => show::run(&args),
        Command::Dependency(args) => dependency::run(&args),
        Command::Package(args) => package::run(&args),
        Command::Create(args) => create::run(&args),
        Command::Completion(args) => completion::run(&args),
    }
}

/// Findings by file, the files in the order in which they come first, and by line.
fn in_order(mut found: Vec<Diagnostic>) -> Vec<Diagnostic> {
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

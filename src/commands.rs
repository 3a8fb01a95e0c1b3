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
use crate::diagnostic::{Diagnostic, Severity, Sink, Stopped, has_errors};
use crate::output::outcome::in_order;
use crate::policy::Policy;
use crate::request;

pub use crate::output::Outcome;

/// Runs the command that was typed, with all checks.
pub fn run(cli: Cli) -> Outcome {
    let mut outcome = start(cli);
    outcome.check();
    outcome
}

/// Runs the command that was typed, without the checks that can wait until stdout is printed.
pub fn start(cli: Cli) -> Outcome {
    let mut sink = Sink::new();
    let policy = match policy(&cli, &mut sink) {
        Ok(policy) => policy,
        Err(error) => return stopped(error, sink.into_vec()),
    };
    let debug = matches!(&cli.command, Command::Template(args) if args.helm.debug);
    let done = one(cli, &policy, &mut sink);
    let mut found = sink.into_vec();
    found.iter_mut().filter(|_| !debug).for_each(|finding| finding.helm = None);
    match done {
        Ok(outcome) => Outcome { diagnostics: in_order(policy.judge(found)), ..outcome },
        Err(error) => {
            let mut judged = policy.judge(found.clone());
            if error.is::<Stopped>() && !has_errors(&judged) {
                // What stops a run is shown, also where it is allowed.
                judged.extend(found.into_iter().filter(|it| it.severity == Severity::Error));
            }
            stopped(error, judged)
        }
    }
}

/// The outcome of a run that did not come to its end.
fn stopped(error: anyhow::Error, found: Vec<Diagnostic>) -> Outcome {
    let failure = (!error.is::<Stopped>()).then_some(error);
    Outcome { diagnostics: in_order(found), failure, ..Outcome::default() }
}

fn policy(cli: &Cli, sink: &mut Sink) -> anyhow::Result<Policy> {
    let strict = match &cli.command {
        Command::Check(args) => Some(args.policy.strict),
        Command::Validate(args) => Some(args.policy.strict),
        _ => None,
    };
    request::policy(&cli.messages.rules, strict, sink)
}

fn one(cli: Cli, policy: &Policy, sink: &mut Sink) -> anyhow::Result<Outcome> {
    match cli.command {
        Command::Check(args) => check::run(args, policy, sink),
        Command::Diff(args) => diff::run(&args, policy, cli.messages.format.as_deref(), sink),
        Command::Template(args) => template::run(*args, policy, sink),
        Command::Convert(args) => convert::run(&args, policy, sink),
        Command::Krm => krm::run(policy, sink),
        Command::Validate(args) => validate::run(args, policy, sink),
        Command::Explain(args) => explain::run(*args, sink),
        Command::Lint(args) => lint::run(*args, policy, sink),
        Command::Show(args) => show::run(&args, sink),
        Command::Dependency(args) => dependency::run(&args, sink),
        Command::Package(args) => package::run(&args, sink),
        Command::Create(args) => create::run(&args),
        Command::Completion(args) => completion::run(&args),
    }
}

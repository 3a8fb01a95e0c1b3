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

use std::ffi::OsString;

use clap::error::ErrorKind;
use clap::{CommandFactory as _, FromArgMatches as _, Parser, Subcommand};

use crate::cli::{self, MessageArgs};
use crate::diagnostic::{Diagnostic, Severity, Sink, Stopped, has_errors};
use crate::output::outcome::in_order;
use crate::policy::Policy;
use crate::request;

pub use crate::output::Outcome;

/// Render NATS and other Helm-style charts for Kubernetes, and check values and manifests.
#[derive(Debug, Parser)]
#[command(
    name = "jinnacle",
    version,
    max_term_width = 100,
    after_help = "Examples:
  jinnacle validate values.yaml
  jinnacle template my-nats nats/nats -f values.yaml | kubectl apply -f -"
)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Command,

    #[command(flatten)]
    pub messages: MessageArgs,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    Template(Box<template::TemplateArgs>),
    Validate(validate::ValidateArgs),
    Check(check::CheckArgs),
    Diff(Box<diff::DiffArgs>),
    Explain(Box<explain::ExplainArgs>),
    #[command(alias = "inspect")]
    Show(show::ShowArgs),
    Lint(Box<lint::LintArgs>),
    #[command(aliases = ["dep", "dependencies"])]
    Dependency(dependency::DependencyArgs),
    Package(package::PackageArgs),
    Create(create::CreateArgs),
    Convert(convert::ConvertArgs),
    /// Run as a function of kustomize or kpt: read a ResourceList from standard input, write one to stdout.
    ///
    /// The kind of functionConfig selects what to do. A JinnacleChart renders a chart and adds the manifests to the
    /// items. A JinnacleCheck checks the items; this is also the default. Findings are written to `results` and to
    /// stderr.
    #[command(after_help = "Example:\n  jinnacle krm < list.yaml")]
    Krm,
    #[command(alias = "completions")]
    Completion(completion::CompletionArgs),
}

impl Cli {
    /// Whether the command runs until it is stopped.
    pub fn watches(&self) -> bool {
        match &self.command {
            Command::Template(args) => args.output.watch,
            Command::Validate(args) => args.watch,
            _ => false,
        }
    }

    /// Reads the words of a command line, the program's name first.
    ///
    /// Flags are read as Helm's library reads them: a switch may be followed by `=true` or `=false`, the
    /// last of several wins, and a flag's value may begin with a dash.
    ///
    /// # Errors
    /// The words are no usage of the program, or ask for help or the version.
    pub fn from_words<W: Into<OsString> + Clone>(
        words: impl IntoIterator<Item = W>,
    ) -> Result<Self, clap::Error> {
        let words = cli::command_first(words.into_iter().map(Into::into).collect());
        if let Some(answer) = cli::helm::answer(&words) {
            return Err(clap::Error::raw(ErrorKind::InvalidSubcommand, answer + "\n"));
        }
        let command = Self::command().mut_subcommands(cli::as_helm_reads);
        let matches = command.try_get_matches_from(&words).map_err(|error| match error.kind() {
            // Help is for people: it shows `--strict`, not `--strict[=<BOOL>]`.
            ErrorKind::DisplayHelp => {
                Self::command().try_get_matches_from(&words).err().unwrap_or(error)
            }
            _ => error,
        })?;
        Self::from_arg_matches(&matches)
    }
}

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
    let debug = matches!(&cli.command, Command::Template(args) if args.helm.global.debug);
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

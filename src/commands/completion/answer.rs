//! What a shell offers after the cursor: commands and flags, files, charts, values and rules.
//!
//! The script of a shell runs the program with [`VARIABLE`] set and the words of the line after `--`. The
//! engine of `clap_complete` finds which argument is meant; what may stand there is said here.

mod values;

use std::ffi::{OsStr, OsString};
use std::io;
use std::path::Path;

use clap::{Arg, Command, CommandFactory as _};
use clap_complete::engine::{
    ArgValueCandidates, ArgValueCompleter, CompletionCandidate, PathCompleter, ValueCompleter as _,
};
use clap_complete::env::{Bash, CompleteEnv, EnvCompleter, Fish, Powershell, Shells, Zsh};

use super::Shell;
use crate::chart::{self, Chart};
use crate::commands::Cli;
use crate::diagnostic::{Sink, rules};
use crate::nats::CHARTS;
use crate::request::DEFAULT_CHART;
use crate::values::SetFlag;

/// The environment variable that holds the name of the shell that asks.
const VARIABLE: &str = "JINNACLE_COMPLETE";

const SHELLS: [&dyn EnvCompleter; 4] = [
    &Scripted { shell: &Bash, script: include_str!("answer/jinnacle.bash") },
    &Scripted { shell: &Zsh, script: include_str!("answer/jinnacle.zsh") },
    &Fish,
    &Powershell,
];

/// Answers a shell that asks what fits after the cursor; whether one did. In any other run this is one look
/// at the environment.
///
/// # Errors
/// The shell is not known, or its words make no line.
pub fn answer() -> Result<bool, clap::Error> {
    if std::env::var_os(VARIABLE).is_none() {
        return Ok(false);
    }
    let line = || std::env::args_os().skip_while(|word| word != "--").skip(1).collect();
    CompleteEnv::with_factory(|| command(line()))
        .var(VARIABLE)
        .completer("jinnacle")
        .shells(Shells(&SHELLS))
        .try_complete(std::env::args_os(), std::env::current_dir().ok().as_deref())
}

/// What a shell reads once, so that it asks from then on.
///
/// # Errors
/// None happens: the text is written to memory.
pub fn script(shell: Shell) -> io::Result<String> {
    let shell = match shell {
        Shell::Bash => SHELLS[0],
        Shell::Zsh => SHELLS[1],
        Shell::Fish => SHELLS[2],
        Shell::Powershell => SHELLS[3],
    };
    let mut script = Vec::new();
    shell.write_registration(VARIABLE, "jinnacle", "jinnacle", "jinnacle", &mut script)?;
    Ok(String::from_utf8_lossy(&script).into_owned())
}

/// A shell with a script of our own: the engine's one for bash takes `--set a=b` for three words, and the one
/// for zsh puts a space after `a=`.
struct Scripted {
    shell: &'static dyn EnvCompleter,
    script: &'static str,
}

impl EnvCompleter for Scripted {
    fn name(&self) -> &'static str {
        self.shell.name()
    }

    fn is(&self, name: &str) -> bool {
        self.shell.is(name)
    }

    fn write_registration(
        &self,
        _variable: &str,
        _name: &str,
        _program: &str,
        _completer: &str,
        to: &mut dyn io::Write,
    ) -> io::Result<()> {
        to.write_all(self.script.as_bytes())
    }

    fn write_complete(
        &self,
        command: &mut Command,
        words: Vec<OsString>,
        here: Option<&Path>,
        to: &mut dyn io::Write,
    ) -> io::Result<()> {
        self.shell.write_complete(command, words, here, to)
    }
}

/// The declared command line, with what its arguments may be. `line` is what has been typed so far.
fn command(line: Vec<OsString>) -> Command {
    let command = Cli::command().mut_args(|arg| completed(arg, false, &line));
    command.mut_subcommands(|command| {
        let explains = command.get_name() == "explain";
        command.mut_args(|arg| completed(arg, explains, &line))
    })
}

fn completed(arg: Arg, explains: bool, line: &[OsString]) -> Arg {
    let id = arg.get_id().to_string();
    let line = line.to_vec();
    let flag = match id.as_str() {
        "set" => SetFlag::Typed,
        "set_string" => SetFlag::Text,
        "set_json" => SetFlag::Json,
        "set_file" => SetFlag::File,
        "set_literal" => SetFlag::Literal,
        "names" | "chart" => return arg.add(ArgValueCompleter::new(charts)),
        "allow" | "deny" => return arg.add(ArgValueCandidates::new(all_rules)),
        "show_only" => return arg.add(ArgValueCandidates::new(move || templates(&line))),
        "what" if explains => {
            return arg.add(ArgValueCompleter::new(move |typed: &OsStr| {
                let mut found = all_rules();
                found.retain(|rule| starts_with(rule, typed));
                let typed = typed.to_string_lossy();
                found.extend(
                    chart_of(&line).iter().flat_map(|chart| values::paths(chart, &typed, "")),
                );
                found
            }));
        }
        _ => return arg,
    };
    arg.add(ArgValueCompleter::new(move |typed: &OsStr| {
        let typed = typed.to_string_lossy();
        chart_of(&line).map_or_else(Vec::new, |chart| values::assignments(&chart, flag, &typed))
    }))
}

/// Charts in the program, directories on the way to one, and archives.
fn charts(typed: &OsStr) -> Vec<CompletionCandidate> {
    let mut found: Vec<CompletionCandidate> = CHARTS
        .iter()
        .map(|chart| {
            let about = format!("takes the values of the chart's version {}", chart.version);
            CompletionCandidate::new(chart.reference).help(Some(about.into()))
        })
        .collect();
    found.retain(|chart| starts_with(chart, typed));
    let archive = |path: &Path| path.extension().is_some_and(|extension| extension == "tgz");
    found.extend(
        PathCompleter::any().filter(move |path| path.is_dir() || archive(path)).complete(typed),
    );
    found
}

fn all_rules() -> Vec<CompletionCandidate> {
    let candidate = |page: rules::Page| {
        CompletionCandidate::new(page.id.as_str()).help(Some(page.summary().into()))
    };
    rules::pages().map(candidate).collect()
}

/// The templates of the chart that print something.
fn templates(line: &[OsString]) -> Vec<CompletionCandidate> {
    let Some(chart) = chart_of(line) else { return Vec::new() };
    let printing = chart.templates.iter().filter(|one| !one.is_partial() && !one.is_notes());
    printing.map(|template| CompletionCandidate::new(template.shown_path())).collect()
}

fn starts_with(candidate: &CompletionCandidate, typed: &OsStr) -> bool {
    candidate.get_value().to_string_lossy().starts_with(&*typed.to_string_lossy())
}

/// The chart that the line names last; the name of a release before it may be that of a directory, too.
fn chart_of(line: &[OsString]) -> Option<Chart> {
    let named = line.iter().rev().filter_map(|word| word.to_str()).find(|word| {
        let path = Path::new(word);
        CHARTS.iter().any(|chart| chart.reference == *word)
            || path.join("Chart.yaml").is_file()
            || word.ends_with(".tgz") && path.is_file()
    });
    chart::load(named.unwrap_or(DEFAULT_CHART), &CHARTS, &mut Sink::new()).ok()
}

//! The flags that several commands have, and how Helm reads flags. Doc comments here are the help that users read.

mod flags;
pub mod helm;

use std::ffi::OsString;

use clap::{ArgAction, Args, ValueEnum, ValueHint};

pub use flags::{DownloadArgs, GlobalArgs};

/// How messages look, whatever the command.
#[derive(Args, Debug)]
pub struct MessageArgs {
    /// The format of findings: full, concise, json, github, gitlab, sarif, junit
    ///
    /// `full` is for people and goes to stderr. In GitHub Actions, the default is `github`. The other formats are
    /// for programs: `validate` and `check` write them to stdout, even without findings. `diff` uses `text`, `json`
    /// or `github`.
    #[arg(long, global = true, hide_possible_values = true,
          value_parser = ["full", "concise", "json", "github", "gitlab", "sarif", "junit", "text"])]
    pub format: Option<String>,

    /// When to use colors: auto (on terminals), always, never
    ///
    /// The environment variables NO_COLOR and CLICOLOR_FORCE also apply.
    #[arg(
        long,
        global = true,
        alias = "colour",
        value_name = "WHEN",
        hide_possible_values = true,
        hide_short_help = true
    )]
    pub color: Option<Color>,

    #[command(flatten)]
    pub rules: RuleArgs,
}

/// Which findings count, whatever the command.
#[derive(Args, Debug)]
pub struct RuleArgs {
    /// Suppress a rule
    #[arg(long, global = true, value_name = "RULE", value_delimiter = ',', hide_short_help = true)]
    pub allow: Vec<String>,

    /// Turn a rule into an error
    #[arg(long, global = true, value_name = "RULE", value_delimiter = ',', hide_short_help = true)]
    pub deny: Vec<String>,
}

/// When to color, in Helm's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Color {
    Auto,
    Always,
    Never,
}

/// Our own flags that take a value and may precede the command; [`helm::GLOBAL`] has Helm's.
const GLOBAL: [&str; 7] =
    ["--allow", "--deny", "-n", "--namespace", "--format", "--color", "--colour"];

/// The words with the command before the flags: Helm takes global ones in front of it.
pub fn command_first(mut words: Vec<OsString>) -> Vec<OsString> {
    let mut at = 1;
    while let Some(word) = words.get(at).and_then(|word| word.to_str()) {
        if !word.starts_with('-') || ["-h", "--help", "-V", "--version"].contains(&word) {
            break;
        }
        let takes_value = GLOBAL.contains(&word) || helm::GLOBAL.contains(&word);
        at += if takes_value { 2 } else { 1 };
    }
    let is_command = words.get(at).is_some_and(|word| !word.to_string_lossy().starts_with('-'));
    if at > 1 && is_command {
        words[1..=at].rotate_right(1);
    }
    words
}

/// The command with its flags as Helm's library reads them.
pub fn as_helm_reads(command: clap::Command) -> clap::Command {
    command.args_override_self(true).mut_args(|arg| match arg.get_action() {
        ArgAction::SetTrue => arg
            .action(ArgAction::Set)
            .num_args(0..=1)
            .require_equals(true)
            .default_value("false")
            .default_missing_value("true")
            .value_parser(switch)
            .value_name("BOOL")
            .hide_default_value(true),
        _ if arg.is_positional() => arg,
        _ => arg.allow_hyphen_values(true),
    })
}

/// The words that Go's `strconv.ParseBool` takes.
fn switch(word: &str) -> Result<bool, String> {
    match word {
        "1" | "t" | "T" | "true" | "TRUE" | "True" => Ok(true),
        "0" | "f" | "F" | "false" | "FALSE" | "False" => Ok(false),
        _ => Err("write true or false".to_owned()),
    }
}

/// How much findings count.
#[derive(Args, Debug)]
pub struct PolicyArgs {
    /// Turn warnings into errors, and enable the rules that are off by default
    #[arg(long)]
    pub strict: bool,
}

/// Where values come from.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Values")]
pub struct ValuesArgs {
    /// Values files, later ones win; `-` is standard input
    #[arg(short = 'f', long = "values", value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub files: Vec<String>,

    /// Set values: `key=value,a.b=2,list={x,y}`
    #[arg(long = "set", value_name = "KEY=VALUE")]
    pub set: Vec<String>,

    /// Set string values
    #[arg(long, value_name = "KEY=TEXT")]
    pub set_string: Vec<String>,

    /// Set values written in JSON: `key={"a": [1]}`
    #[arg(long, value_name = "KEY=JSON")]
    pub set_json: Vec<String>,

    /// Set values to the content of files
    #[arg(long, value_name = "KEY=FILE")]
    pub set_file: Vec<String>,

    /// Set one string value literally
    #[arg(long, value_name = "KEY=TEXT")]
    pub set_literal: Vec<String>,

    /// Do not check the values against the chart's schema
    #[arg(long)]
    pub skip_schema_validation: bool,

    /// The Helm version to follow: 3 or 4. Default: JINNACLE_HELM_VERSION or 4
    #[arg(long, value_name = "VERSION")]
    pub helm_version: Option<String>,
}

/// The form of what is printed.
#[derive(Args, Debug)]
pub struct FormArgs {
    /// The output format: yaml, or json as one List for kubectl
    #[arg(
        short,
        long,
        value_name = "FORM",
        hide_possible_values = true,
        default_value = "yaml",
        hide_default_value = true
    )]
    pub output: Form,
}

/// The language in which objects are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Form {
    Yaml,
    Json,
}

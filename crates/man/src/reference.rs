//! The command line as one page of Markdown, `docs/cli.md`.

use std::fmt::Write as _;

use clap::builder::StyledStr;
use clap::{Arg, Command};

const INTRODUCTION: &str = "\
# Commands

All commands and flags, as in `--help` and the [man pages](man). `cargo run -p jinnacle-man` generates this page.
[Configuration](configuration.md) describes `jinnacle.toml`, environment variables and exit statuses.
";

/// A section for the flags of all commands, then one for each command.
pub fn markdown(program: &Command) -> String {
    let mut text = INTRODUCTION.to_owned();
    text += "\n## Flags of all commands\n";
    text += &table("flag", program.get_arguments().filter(|arg| !arg.is_hide_set()));
    for command in program.get_subcommands() {
        text += &section(command);
    }
    text
}

fn section(command: &Command) -> String {
    let name = command.get_bin_name().unwrap_or_default();
    let about = command.get_long_about().or(command.get_about()).map(paragraphs);
    let mut text = format!("\n## {name}\n\n{}\n\n", about.unwrap_or_default());
    let usage = command.clone().render_usage().to_string();
    text += &indented(usage.trim_start_matches("Usage:").trim());
    let own = || command.get_arguments().filter(|arg| !arg.is_global_set() && !arg.is_hide_set());
    text += &table("argument", own().filter(|arg| arg.is_positional()));
    let mut headings: Vec<Option<&str>> = Vec::new();
    for arg in own().filter(|arg| !arg.is_positional()) {
        if !headings.contains(&arg.get_help_heading()) {
            headings.push(arg.get_help_heading());
        }
    }
    for heading in headings {
        let of_heading =
            own().filter(|arg| !arg.is_positional() && arg.get_help_heading() == heading);
        text += &table(heading.unwrap_or("flag"), of_heading);
    }
    if let Some(examples) = command.get_after_help() {
        let examples = examples.to_string();
        let (title, lines) = examples.split_once('\n').unwrap_or(("", &examples));
        text += &format!("\n{title}\n\n{}", indented(lines));
    }
    text
}

/// A table of arguments; nothing if there are none. Help and version are in every program.
fn table<'a>(heading: &str, args: impl Iterator<Item = &'a Arg>) -> String {
    let mut text = String::new();
    for arg in args.filter(|arg| !["help", "version"].contains(&arg.get_id().as_str())) {
        let _ = writeln!(text, "| {} | {} |", names(arg), meaning(arg).replace('|', "\\|"));
    }
    if text.is_empty() { text } else { format!("\n| {heading} | meaning |\n|---|---|\n{text}") }
}

fn names(arg: &Arg) -> String {
    let short = arg.get_short().map(|short| format!("`-{short}`"));
    let long = arg.get_long().map(|long| {
        let value = arg.get_value_names().filter(|_| takes_value(arg));
        value.map_or(format!("`--{long}`"), |value| format!("`--{long} {}`", value[0]))
    });
    let names: Vec<String> = short.into_iter().chain(long).collect();
    if names.is_empty() {
        let value = arg.get_value_names().map_or(arg.get_id().as_str(), |value| &value[0]);
        return format!("`{}`", value.replace('|', "\\|"));
    }
    names.join(", ").replace('|', "\\|")
}

fn takes_value(arg: &Arg) -> bool {
    arg.get_num_args().is_some_and(|count| count.takes_values())
}

fn meaning(arg: &Arg) -> String {
    let help = arg.get_long_help().or(arg.get_help()).map(StyledStr::to_string);
    let sentences: Vec<String> = help.unwrap_or_default().split("\n\n").map(sentence).collect();
    let mut text = sentences.join(" ");
    if !takes_value(arg) {
        return text;
    }
    if !arg.is_hide_possible_values_set() {
        for value in arg.get_possible_values().iter().filter(|value| !value.is_hide_set()) {
            let help = value.get_help().map(|help| format!(": {help}")).unwrap_or_default();
            let _ = write!(text, "<br>`{}`{help}", value.get_name());
        }
    }
    let default = arg.get_default_values().first().map(|value| value.to_string_lossy());
    if let Some(default) = default.filter(|_| !arg.is_hide_default_value_set()) {
        let _ = write!(text, " Default: `{default}`.");
    }
    text
}

/// One line with a period at its end.
fn sentence(paragraph: &str) -> String {
    let line = paragraph.trim().replace('\n', " ");
    if line.is_empty() || line.ends_with('.') { line } else { line + "." }
}

fn paragraphs(text: &StyledStr) -> String {
    let text = text.to_string();
    text.split("\n\n").map(sentence).collect::<Vec<_>>().join("\n\n")
}

/// A block of code, without a fence: only blocks with a fence are executed by the tests of the pages.
fn indented(lines: &str) -> String {
    lines.lines().map(|line| format!("    {}\n", line.trim())).collect()
}

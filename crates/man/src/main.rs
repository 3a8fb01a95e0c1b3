//! Writes the man pages, one a command, and `docs/cli.md` from the declared command line: `cargo run -p jinnacle-man`.

use std::path::{Path, PathBuf};
use std::{fs, io};

use clap::{Command, CommandFactory as _};
use clap_mangen::Man;
use jinnacle::commands::Cli;

mod reference;

fn main() -> io::Result<()> {
    fs::create_dir_all(directory())?;
    for (name, page) in pages()? {
        fs::write(directory().join(name), page)?;
    }
    fs::write(reference_file(), reference::markdown(&program()))
}

fn program() -> Command {
    let mut program = Cli::command().disable_help_subcommand(true);
    program.build();
    program
}

/// The pages by the names of their files.
fn pages() -> io::Result<Vec<(String, Vec<u8>)>> {
    let program = program();
    [&program].into_iter().chain(program.get_subcommands()).map(page).collect()
}

fn page(command: &Command) -> io::Result<(String, Vec<u8>)> {
    // The name of a subcommand's page, as in `man jinnacle-template`; its synopsis has a space there.
    let name = command.get_bin_name().unwrap_or("jinnacle").replace(' ', "-");
    // What `-h` leaves out for want of room has its place here.
    let command = command.clone().mut_args(|arg| arg.hide_short_help(false));
    let mut text = Vec::new();
    Man::new(command).title(name.as_str()).source("jinnacle").manual("").render(&mut text)?;
    Ok((format!("{name}.1"), text))
}

fn directory() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/man")
}

fn reference_file() -> PathBuf {
    directory().join("../cli.md")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn pages_are_current_and_no_other_is_there() {
        let read = |entry: io::Result<fs::DirEntry>| {
            let path = entry.unwrap().path();
            (path.file_name().unwrap().to_str().unwrap().to_owned(), fs::read(path).unwrap())
        };
        let committed: BTreeMap<String, Vec<u8>> =
            fs::read_dir(directory()).unwrap().map(read).collect();
        let written: BTreeMap<String, Vec<u8>> = pages().unwrap().into_iter().collect();
        assert!(written.len() > 10 && written.contains_key("jinnacle-template.1"));
        assert!(committed == written, "docs/man is not what `cargo run -p jinnacle-man` writes");
    }

    #[test]
    fn the_reference_is_current_and_has_every_command() {
        let committed = fs::read_to_string(reference_file()).unwrap();
        let program = program();
        assert!(
            committed == reference::markdown(&program),
            "docs/cli.md is not what `cargo run -p jinnacle-man` writes"
        );
        for command in program.get_subcommands() {
            let heading = format!("\n## {}\n", command.get_bin_name().unwrap());
            assert!(committed.contains(&heading), "{heading}");
        }
    }
}

//! The words of the documentation: established terms instead of the phrases in `.ci/phrases.txt`.

use std::fs;
use std::path::{Path, PathBuf};

/// Pages, values and examples that people read. `docs/cli.md` and `docs/man`, which follow from the command line, still
/// have phrases of the list.
const READ: [&str; 5] = [".", "docs", "values", "values/examples", "examples"];
const LEFT_OUT: [&str; 1] = ["docs/cli.md"];

/// Directories of Rust whose comments have no phrase of the list at any depth.
const COMMENTED: [&str; 3] = ["src", "crates", "build"];

/// Those of them whose messages have none either. The messages of the others are Go's and Helm's.
const OWN: [&str; 8] = [
    "src",
    "crates/chart",
    "crates/jinja",
    "crates/jinja-syntax",
    "crates/kubernetes",
    "crates/nats",
    "crates/nats-conf",
    "crates/syntax",
];

#[test]
fn documentation_has_no_phrase_of_the_list() {
    let files = READ.iter().flat_map(|directory| files(Path::new(directory)));
    no_phrase(files, |text| prose(text).collect());
}

#[test]
fn comments_have_no_phrase_of_the_list() {
    let files = COMMENTED.iter().flat_map(|directory| sources(Path::new(directory)));
    no_phrase(files, |text| {
        let lines = text.lines().enumerate().map(|(number, line)| (number + 1, line.trim_start()));
        lines.filter(|(_, line)| line.starts_with("//")).collect()
    });
}

#[test]
fn messages_have_no_phrase_of_the_list() {
    let files = OWN.iter().flat_map(|directory| sources(Path::new(directory)));
    no_phrase(files, |text| {
        let lines =
            text.lines().enumerate().filter(|(_, line)| !line.trim_start().starts_with("//"));
        let lines = lines.map(|(number, line)| (number + 1, quoted(line)));
        // A flag in British spelling is taken, too.
        lines.filter(|(_, text)| !text.contains("colour\"") && !text.ends_with("colour")).collect()
    });
}

/// What is from the first quote of a line to its last one.
fn quoted(line: &str) -> &str {
    let range = line.find('"').zip(line.rfind('"'));
    range.map_or("", |(start, end)| &line[start..end])
}

fn no_phrase(files: impl Iterator<Item = PathBuf>, lines: impl Fn(&str) -> Vec<(usize, &str)>) {
    let list = fs::read_to_string(".ci/phrases.txt").unwrap();
    let phrases: Vec<(&str, &str)> = list
        .lines()
        .filter(|line| !line.starts_with('#'))
        .map(|line| line.split_once(" -> ").unwrap())
        .collect();
    let mut found = Vec::new();
    for file in files {
        let text = fs::read_to_string(&file).unwrap();
        for (number, line) in lines(&text) {
            for (phrase, instead) in phrases.iter().filter(|(phrase, _)| has(line, phrase)) {
                found.push(format!("{}:{number}: `{phrase}`: write `{instead}`", file.display()));
            }
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

/// Rust files of a directory at any depth.
fn sources(directory: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<PathBuf> = entries
        .flat_map(|path| if path.is_dir() { sources(&path) } else { vec![path] })
        .filter(|path| path.extension().is_some_and(|suffix| suffix == "rs"))
        .collect();
    files.sort();
    files
}

/// Markdown and YAML files of a directory.
fn files(directory: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = fs::read_dir(directory)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|suffix| suffix == "md" || suffix == "yaml"))
        .filter(|path| !LEFT_OUT.iter().any(|left_out| path == Path::new(left_out)))
        .collect();
    files.sort();
    files
}

/// Lines outside of fenced code, which shows messages of the program.
fn prose(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut is_code = false;
    text.lines().enumerate().filter_map(move |(number, line)| {
        let is_fence = line.trim_start().starts_with("```");
        is_code ^= is_fence;
        (!is_code && !is_fence).then_some((number + 1, line))
    })
}

/// Whether a line has the words of a phrase, in any case. A part of a path or of a rule id is no word.
fn has(line: &str, phrase: &str) -> bool {
    let line = line.to_lowercase();
    let is_end = |rest: Option<char>| rest.is_none_or(|c| !c.is_alphanumeric() && c != '/');
    line.match_indices(phrase).any(|(at, _)| {
        is_end(line[..at].chars().next_back()) && is_end(line[at + phrase.len()..].chars().next())
    })
}

#[test]
fn phrases_are_whole_words_outside_of_code() {
    assert!(has("It is a Text.", "a text") && has("told", "told"));
    assert!(
        !has("a texture", "a text")
            && !has("untold", "told")
            && !has("matrix/directory", "directory")
    );
    let lines: Vec<_> = prose("one\n```sh\ntwo\n```\nthree\n").collect();
    assert_eq!(lines, [(1, "one"), (5, "three")]);
}

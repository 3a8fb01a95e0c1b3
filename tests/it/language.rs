//! The words of the documentation: established terms instead of the phrases in `.ci/phrases.txt`.

use std::fs;
use std::path::{Path, PathBuf};

/// Pages, values and examples that people read. The messages and comments in `src`, and `docs/cli.md` and `docs/man`
/// that follow from them, still have phrases of the list.
const READ: [&str; 5] = [".", "docs", "values", "values/examples", "examples"];
const LEFT_OUT: [&str; 1] = ["docs/cli.md"];

#[test]
fn documentation_has_no_phrase_of_the_list() {
    let list = fs::read_to_string(".ci/phrases.txt").unwrap();
    let phrases: Vec<(&str, &str)> = list
        .lines()
        .filter(|line| !line.starts_with('#'))
        .map(|line| line.split_once(" -> ").unwrap())
        .collect();
    let mut found = Vec::new();
    for file in READ.iter().flat_map(|directory| files(Path::new(directory))) {
        let text = fs::read_to_string(&file).unwrap();
        for (number, line) in prose(&text) {
            for (phrase, instead) in phrases.iter().filter(|(phrase, _)| has(line, phrase)) {
                found.push(format!("{}:{number}: `{phrase}`: write `{instead}`", file.display()));
            }
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
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
        !has("a texture", "a text") && !has("untold", "told") && !has("fleet/folder", "folder")
    );
    let lines: Vec<_> = prose("one\n```sh\ntwo\n```\nthree\n").collect();
    assert_eq!(lines, [(1, "one"), (5, "three")]);
}

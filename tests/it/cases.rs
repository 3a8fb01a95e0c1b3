//! Every values file in `tests/cases` with the whole output that it makes, in `snapshots`.
//!
//! A case begins with comments that say what it covers; a line `# args: …` adds arguments, and a line
//! `# release: …` names the release.

use std::collections::BTreeSet;
use std::path::Path;

use jinnacle::cli::Cli;
use jinnacle::commands::{self, Outcome};
use jinnacle::diagnostic::{Findings, write_full};

/// What the program prints for a values file: stdout, or what it says instead.
fn rendered(values: &Path) -> String {
    let text = std::fs::read_to_string(values).unwrap();
    let noted = |what: &str| text.lines().find_map(|line| line.strip_prefix(what));
    let release = noted("# release: ").unwrap_or("my-nats");
    let more = noted("# args: ").unwrap_or_default().split_whitespace();
    let file = values.strip_prefix(env!("CARGO_MANIFEST_DIR")).unwrap().to_str().unwrap();
    let words =
        ["jinnacle", "template", release, "nats/nats", "--kube-version", "v1.32.0", "-f", file];
    let outcome = match commands::run(Cli::from_words(words.into_iter().chain(more)).unwrap()) {
        Ok(outcome) => outcome,
        Err(error) => match error.downcast::<Findings>() {
            Ok(Findings(diagnostics)) => Outcome { diagnostics, ..Outcome::default() },
            Err(error) => panic!("{file}: {error:#}"),
        },
    };
    let mut words = anstream::StripStream::new(Vec::new());
    write_full(&mut words, &outcome.diagnostics).unwrap();
    String::from_utf8(words.into_inner()).unwrap() + &outcome.stdout
}

/// Compares the output of every case of a folder, and finds snapshots whose case is gone.
fn snapshots(folder: &str) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let kept = root.join("snapshots").join(folder);
    insta::glob!(root.join("tests/cases").join(folder), "*.yaml", |file| {
        let mut settings = insta::Settings::clone_current();
        settings.set_snapshot_path(&kept);
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings.remove_snapshot_suffix();
        settings.remove_input_file();
        settings.bind(|| insta::assert_snapshot!(stem(file), rendered(file)));
    });
    let cases = stems(&root.join("tests/cases").join(folder), "yaml");
    let gone: Vec<_> = stems(&kept, "snap").difference(&cases).cloned().collect();
    assert!(gone.is_empty(), "snapshots/{folder} has no case any more for {gone:?}");
}

fn stems(folder: &Path, suffix: &str) -> BTreeSet<String> {
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    files.filter(|file| file.extension().is_some_and(|e| e == suffix)).map(|f| stem(&f)).collect()
}

fn stem(file: &Path) -> String {
    file.file_stem().unwrap().to_str().unwrap().to_owned()
}

#[test]
fn nats_values_make_these_manifests() {
    snapshots("nats");
}

#[test]
fn invalid_values_get_these_messages() {
    snapshots("invalid");
}

#[test]
fn examples_render_without_a_finding() {
    for entry in std::fs::read_dir("values/examples").unwrap() {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(entry.unwrap().path());
        let text = rendered(&file);
        assert!(text.starts_with("---\n# Source: "), "{}: {text}", file.display());
    }
}

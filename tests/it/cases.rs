//! Every values file in `tests/cases` with the whole output that it makes, in `snapshots`.
//!
//! A case begins with comments that say what it covers; a line `# args: …` adds arguments, and a line
//! `# release: …` names the release, `# chart: …` the chart. The cases in `operator` are manifests, which are
//! converted twice: to manifests, and with the arguments of `# values-args: …` to values.

use std::collections::BTreeSet;
use std::path::Path;

use jinnacle::commands;
use jinnacle::commands::Cli;
use jinnacle::diagnostic::write_full;

/// What the program prints for a values file: stdout, or what it says instead.
fn rendered(values: &Path) -> String {
    let text = std::fs::read_to_string(values).unwrap();
    let (file, release) = (inside(values), noted(&text, "release").unwrap_or("my-nats"));
    let chart = noted(&text, "chart").unwrap_or("nats/nats");
    let words = ["template", release, chart, "--kube-version", "v1.32.0", "-f", file];
    printed(words.into_iter().chain(arguments(&text, "args")))
}

/// What the program prints for manifests of the NATS operator.
fn converted(manifests: &Path) -> String {
    let text = std::fs::read_to_string(manifests).unwrap();
    let words = ["convert", inside(manifests)];
    printed(words.into_iter().chain(arguments(&text, "args")))
}

/// The values file that the program makes of manifests.
fn converted_to_values(manifests: &Path) -> String {
    let text = std::fs::read_to_string(manifests).unwrap();
    let words = ["convert", "--to", "values", inside(manifests)];
    printed(
        words.into_iter().chain(arguments(&text, "args")).chain(arguments(&text, "values-args")),
    )
}

fn inside(file: &Path) -> &str {
    file.strip_prefix(env!("CARGO_MANIFEST_DIR")).unwrap().to_str().unwrap()
}

/// What a comment of a case says: `# what: …`.
fn noted<'t>(text: &'t str, what: &str) -> Option<&'t str> {
    text.lines().find_map(|line| line.strip_prefix("# ")?.strip_prefix(what)?.strip_prefix(": "))
}

fn arguments<'t>(text: &'t str, what: &str) -> impl Iterator<Item = &'t str> {
    noted(text, what).unwrap_or_default().split_whitespace()
}

/// What the program prints for a command line: findings, then stdout.
fn printed<'w>(words: impl Iterator<Item = &'w str>) -> String {
    let words: Vec<&str> = std::iter::once("jinnacle").chain(words).collect();
    let outcome = commands::run(Cli::from_words(&words).unwrap());
    if let Some(error) = outcome.failure {
        panic!("{words:?}: {error:#}");
    }
    let mut words = anstream::StripStream::new(Vec::new());
    write_full(&mut words, &outcome.diagnostics).unwrap();
    String::from_utf8(words.into_inner()).unwrap() + &outcome.stdout
}

/// Compares the output of every case of a directory, and finds snapshots whose case is gone.
fn snapshots(directory: &str) {
    compare(directory, directory, rendered);
}

/// Compares what `made` says of every case of a directory with the snapshots in another. Insta's `glob!` would let
/// differences pass in tests that run at the same time.
fn compare(directory: &str, kept: &str, made: fn(&Path) -> String) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let (cases, kept) =
        (root.join("tests/cases").join(directory), root.join("snapshots").join(kept));
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(&kept);
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    let names = stems(&cases, "yaml");
    settings.bind(|| {
        for name in &names {
            insta::assert_snapshot!(name.as_str(), made(&cases.join(format!("{name}.yaml"))));
        }
    });
    let gone: Vec<_> = stems(&kept, "snap").difference(&names).cloned().collect();
    assert!(gone.is_empty(), "{} has no case any more for {gone:?}", kept.display());
}

fn stems(directory: &Path, suffix: &str) -> BTreeSet<String> {
    let files = std::fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path());
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
fn operator_values_make_these_manifests() {
    snapshots("nats-operator");
}

#[test]
fn manifests_of_the_operator_make_these_manifests() {
    compare("operator", "operator", converted);
}

#[test]
fn manifests_of_the_operator_make_these_values() {
    compare("operator", "operator-values", converted_to_values);
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

//! Every values file in `tests/cases` with the whole output that it makes, in `snapshots`.
//!
//! A case begins with comments that say what it covers; a line `# args: …` adds arguments.

use std::path::Path;

use jinnacle::cli::Cli;
use jinnacle::commands::{self, Outcome};
use jinnacle::diagnostic::{Findings, write_full};

/// What the program prints for a values file: stdout, or what it says instead.
fn rendered(values: &Path) -> String {
    let text = std::fs::read_to_string(values).unwrap();
    let more = text
        .lines()
        .filter_map(|line| line.strip_prefix("# args: "))
        .flat_map(str::split_whitespace);
    let file = values.strip_prefix(env!("CARGO_MANIFEST_DIR")).unwrap().to_str().unwrap();
    let words =
        ["jinnacle", "template", "my-nats", "nats/nats", "--kube-version", "v1.32.0", "-f", file];
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

fn snapshots(folder: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(format!("{}/snapshots/{folder}", env!("CARGO_MANIFEST_DIR")));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.remove_snapshot_suffix();
    settings.bind(|| {
        let mut seen = 0;
        let mut files: Vec<_> = std::fs::read_dir(format!("tests/cases/{folder}"))
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .collect();
        files.sort();
        for file in files {
            let name = file.file_stem().unwrap().to_str().unwrap().to_owned();
            let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
            insta::assert_snapshot!(name, rendered(&file));
            seen += 1;
        }
        assert!(seen > 0, "no case in tests/cases/{folder}");
    });
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

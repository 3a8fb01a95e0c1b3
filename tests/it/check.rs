//! Every manifest in `tests/cases/check` with all that is said of it, in `snapshots/check`.

use jinnacle::cli::Cli;
use jinnacle::commands;
use jinnacle::diagnostic::write_full;

/// What `check` says of a file.
fn judged(file: &str) -> String {
    let text = std::fs::read_to_string(file).unwrap();
    let more = text.lines().filter_map(|line| line.strip_prefix("# args: "));
    let words = ["jinnacle", "check", file].into_iter().chain(more.flat_map(str::split_whitespace));
    let outcome = commands::run(Cli::from_words(words).unwrap()).unwrap();
    let mut out = anstream::StripStream::new(Vec::new());
    write_full(&mut out, &outcome.diagnostics).unwrap();
    String::from_utf8(out.into_inner()).unwrap()
}

#[test]
fn manifests_get_these_findings() {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(format!("{}/snapshots/check", env!("CARGO_MANIFEST_DIR")));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| {
        let entries = std::fs::read_dir("tests/cases/check").unwrap();
        let mut files: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
        files.sort();
        assert!(!files.is_empty());
        for file in files {
            let name = file.file_stem().unwrap().to_str().unwrap().to_owned();
            insta::assert_snapshot!(name, judged(file.to_str().unwrap()));
        }
    });
}

#[test]
fn odd_manifests_that_servers_take_are_taken() {
    assert_eq!(judged("tests/cases/check/accepted.yaml"), "");
}

//! `template --matrix`: many releases in one run.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use jinnacle::commands;
use jinnacle::commands::Cli;
use jinnacle::diagnostic::write_full;

const EXAMPLE: &str = "examples/fleet/fleet.yaml";

/// What the program prints: what it says of the input, then stdout, then the last line.
fn printed(words: &[&str]) -> String {
    let cli = Cli::from_words(["jinnacle", "template"].iter().chain(words)).unwrap();
    let outcome = commands::run(cli);
    let failure = outcome.failure.map_or_else(String::new, |error| format!("{error:#}\n"));
    let mut said = anstream::StripStream::new(Vec::new());
    write_full(&mut said, &outcome.diagnostics).unwrap();
    let said = String::from_utf8(said.into_inner()).unwrap();
    said + &failure + &outcome.stdout + &outcome.summary.unwrap_or_default()
}

/// An empty directory for one test, with the given files in it.
fn directory(test: &str, files: &[(&str, &str)]) -> PathBuf {
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("fleet-{test}"));
    let _ = fs::remove_dir_all(&directory);
    fs::create_dir_all(&directory).unwrap();
    for (name, text) in files {
        fs::write(directory.join(name), text).unwrap();
    }
    directory
}

/// Every file below a directory, by its path.
fn files(directory: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(directory).into_iter().flatten() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.insert(path.clone(), fs::read(&path).unwrap());
        }
    }
    found
}

fn snapshot(name: &str, text: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(concat!(env!("CARGO_MANIFEST_DIR"), "/snapshots/matrix"));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, text));
}

#[test]
fn each_release_is_what_it_is_alone() {
    let all = directory("example", &[]);
    let alone = directory("alone", &[]);
    let place = all.to_str().unwrap();
    assert_eq!(
        printed(&["--matrix", EXAMPLE, "--output-dir", place]),
        format!("rendered 3 releases into {place}")
    );
    let base = ["-n", "messaging", "-f", "examples/fleet/base.yaml"];
    for (below, more) in [
        ("eu/nats", vec!["nats", "--kube-version", "1.31", "-f", "examples/fleet/eu.yaml"]),
        ("us/nats", vec!["nats", "--kube-version", "1.31", "--set", "cluster.replicas=5"]),
        (
            "nats-edge",
            vec![
                "nats-edge",
                "--kube-version",
                "1.29",
                "--set",
                "cluster.enabled=false,natsbox.enabled=false",
            ],
        ),
    ] {
        let into = alone.join(below);
        let words =
            [&[more[0], "nats/nats"], &more[1..], &base, &["--output-dir", into.to_str().unwrap()]];
        printed(&words.concat());
    }
    let inside = |directory: &Path| -> Vec<(PathBuf, Vec<u8>)> {
        let inside = |path: &Path| path.strip_prefix(directory).unwrap().to_owned();
        files(directory).into_iter().map(|(path, text)| (inside(&path), text)).collect()
    };
    assert!(inside(&all).len() > 15);
    // Sets of a release win over its files, those of the command line would not; here nothing is set twice.
    assert_eq!(inside(&all), inside(&alone));
    assert_eq!(
        printed(&["--matrix", EXAMPLE, "--check", place]),
        format!("compared 3 releases with {place}")
    );
    let other = printed(&["--matrix", EXAMPLE, "--check", place, "-n", "else"]);
    assert_eq!(other, format!("compared 3 releases with {place}"), "`defaults` win over flags");
    fs::remove_file(all.join("us/nats/nats/templates/pdb.yaml")).unwrap();
    let other = printed(&["--matrix", EXAMPLE, "--check", place]);
    assert!(other.contains("error[manifest/stale]"), "{other}");
    assert!(other.contains("--> examples/fleet/fleet.yaml:11:11"), "{other}");
    assert!(other.contains("--- /dev/null\n+++ "), "{other}");
    assert!(other.ends_with("; different: us/nats"), "{other}");
}

#[test]
fn a_bad_release_leaves_the_others_alone_and_nothing_of_it_is_written() {
    let matrix = "defaults:\n  values: [base.yaml]\nreleases:\n  - name: ok\n    kube-version: 1.20\n  - name: a\n    set: \
        [cluster.replicas=three]\n  - name: b\n    set-string: [\"x\"]\n  - name: c\n    values: [gone.yaml]\n  \
        - name: d\n    chart: gone\n  - name: e\n    values: [{nats: {imgae: x}}]\n  - name: f\n    set-file: \
        [nats.config=gone.conf]\n  - name: g\n    values: [syntax.yaml]\n  - name: h\n    values: \
        [syntax.yaml]\n  - name: i\n";
    let directory = directory(
        "bad",
        &[
            ("fleet.yaml", matrix),
            ("base.yaml", "cluster: {enabled: true}\n"),
            ("syntax.yaml", "a: [1\nb: 2\n"),
        ],
    );
    let out = directory.join("out");
    fs::create_dir(&out).unwrap();
    fs::write(out.join("i"), "a file where a directory is due").unwrap();
    let place = directory.to_str().unwrap();
    let (matrix, out_words) = (format!("{place}/fleet.yaml"), format!("{place}/out"));
    let words = ["--matrix", &matrix, "--output-dir", &out_words];
    let said = printed(&words);
    snapshot("bad", &said.replace(place, "."));
    let mut written: Vec<_> =
        fs::read_dir(&out).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    written.sort();
    assert_eq!(written, ["i", "ok"]);
    let budget = fs::read_to_string(out.join("ok/nats/templates/pdb.yaml")).unwrap();
    assert!(budget.contains("policy/v1beta1"), "1.20 is no number: {budget}");
    let before = files(&out);
    for _ in 0..5 {
        assert_eq!(printed(&words), said, "the order of threads shows");
    }
    assert_eq!(files(&out), before);
}

#[test]
fn mistakes_in_the_matrix_are_told_at_their_place() {
    for (name, matrix) in [
        (
            "keys",
            "default:\nreleases:\n  - nmae: a\n  - name: b\n    kube-version: one\n    set: a=b\n",
        ),
        (
            "names",
            "releases:\n  - name: ../Up\n  - name: a\n    output-dir: ../x\n  - name: b\n    output-dir: /x\n  \
             - name: b\n    output-dir: .\n  - name: c\n    namespace: one\n  - name: c\n    namespace: two\n  \
             - name: d\n    kube-version: one\n",
        ),
        ("shape", "- name: a\n"),
        ("defaults", "defaults: {kube-version: one}\nreleases: [{name: a}, {name: b}]\n"),
        (
            "common",
            "defaults: {set: [cluster.replicas=3, a=\"b], values: [gone.yaml]}\nreleases: []\n",
        ),
        ("common-values", "defaults: {set: [cluster.replicas=3, a]}\nreleases: [{name: a}]\n"),
    ] {
        let directory = directory("matrix", &[("fleet.yaml", matrix)]);
        let place = directory.to_str().unwrap();
        let said = printed(&[
            "--matrix",
            &format!("{place}/fleet.yaml"),
            "--output-dir",
            &format!("{place}/out"),
        ]);
        snapshot(&format!("matrix-{name}"), &said.replace(place, "."));
        assert!(!directory.join("out").exists(), "{name}");
    }
}

#[test]
fn a_folder_of_values_files_is_a_release_each() {
    let directory = directory(
        "directory",
        &[
            ("eu.yaml", "cluster: {replicas: 5}\n"),
            ("us.yml", "{}\n"),
            ("README.md", "no values\n"),
        ],
    );
    let place = directory.to_str().unwrap();
    let out = format!("{place}/out");
    let set = ["--set", "cluster.enabled=true,cluster.replicas=3"];
    let words = [&["nats/nats", "--matrix", place, "--output-dir", &out], &set[..]].concat();
    assert_eq!(printed(&words), format!("rendered 2 releases into {out}"));
    for (release, replicas) in [("eu", "replicas: 5"), ("us", "replicas: 3")] {
        let path = format!("{out}/{release}/nats/templates/statefulset.yaml");
        assert!(fs::read_to_string(path).unwrap().contains(replicas), "{release}");
    }
    fs::write(directory.join("us.yaml"), "").unwrap();
    fs::write(directory.join("Asia.yaml"), "").unwrap();
    let said = printed(&words);
    assert!(
        said.contains("error[matrix/duplicate]: two releases use the same directory `us`"),
        "{said}"
    );
    assert!(said.contains("error[release/name]: the release name `Asia`"), "{said}");
    let empty = directory.join("empty");
    fs::create_dir(&empty).unwrap();
    let said = printed(&["--matrix", empty.to_str().unwrap(), "--output-dir", &out]);
    assert!(said.contains("has no values files"), "{said}");
}

#[test]
fn random_strings_are_the_same_with_a_seed_and_otherwise_differ_by_release() {
    let directory = directory("seed", &[("fleet.yaml", "releases: [{name: a}, {name: b}]\n")]);
    let chart = directory.join("app");
    fs::create_dir_all(chart.join("templates")).unwrap();
    fs::write(chart.join("Chart.yaml"), "apiVersion: v2\nname: app\nversion: 1.0.0\n").unwrap();
    let template = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n  x: {{ randAlphaNum(30) }}\n";
    fs::write(chart.join("templates/a.yaml.j2"), template).unwrap();
    let (place, chart) = (directory.to_str().unwrap(), chart.to_str().unwrap());
    let (matrix, out) = (format!("{place}/fleet.yaml"), format!("{place}/out"));
    let words = [chart, "--matrix", &matrix, "--output-dir", &out];
    let read = |release: &str| fs::read(format!("{out}/{release}/app/templates/a.yaml")).unwrap();
    let said = printed(&words);
    assert_eq!(said.matches("note[template/random]").count(), 1, "{said}");
    assert!(said.contains("in this release and another one"), "{said}");
    let first = read("a");
    assert_ne!(first, read("b"));
    let seeded = [&words[..], &["--seed", "x"]].concat();
    assert_eq!(printed(&seeded), format!("rendered 2 releases into {out}"));
    let (first, again) = (read("a"), printed(&seeded));
    assert_eq!((read("a"), again), (first, format!("rendered 2 releases into {out}")));
}

#[test]
fn the_page_has_every_key_of_the_schema() {
    let text = fs::read_to_string("schemas/matrix.json").unwrap();
    let schema: serde_json::Value = serde_json::from_str(&text).unwrap();
    let page = fs::read_to_string("docs/matrix.md").unwrap();
    let keys = schema["definitions"]["Release"]["properties"].as_object().unwrap().keys();
    let missing: Vec<_> = keys.filter(|key| !page.contains(&format!("| `{key}` |"))).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn words_that_contradict_a_matrix_are_told() {
    for words in [
        vec!["--matrix", EXAMPLE],
        vec!["my-nats", "nats/nats", "--matrix", EXAMPLE, "--output-dir", "x"],
        vec!["--matrix", EXAMPLE, "--output-dir", "x", "--name-template", "y"],
        vec!["--matrix", EXAMPLE, "--check", "x", "--show-only", "y"],
    ] {
        let said = printed(&words);
        assert!(said.contains("matrix"), "{words:?}: {said}");
        assert!(!Path::new("x").exists());
    }
}

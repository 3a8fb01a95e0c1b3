//! Every manifest in `tests/cases/check` with all that is said of it, in `snapshots/check`.

use std::fs;
use std::path::{Path, PathBuf};

use jinnacle::commands;
use jinnacle::commands::Cli;
use jinnacle::diagnostic::{Diagnostic, write_full};

/// What `check` says of a file.
fn judged(file: &str) -> String {
    let text = std::fs::read_to_string(file).unwrap();
    let more = text.lines().filter_map(|line| line.strip_prefix("# args: "));
    let words = ["jinnacle", "check", file].into_iter().chain(more.flat_map(str::split_whitespace));
    let outcome = commands::run(Cli::from_words(words).unwrap());
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

/// A new directory with these files.
fn directory(name: &str, files: &[(&str, &str)]) -> PathBuf {
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join("check").join(name);
    let _ = fs::remove_dir_all(&directory);
    for (file, text) in files {
        let path = directory.join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    directory
}

/// The lines that `check` finds in a directory, without the directory, and its last word.
fn found_in(directory: &Path, more: &[&str]) -> (Vec<String>, Option<String>) {
    let path = directory.to_str().unwrap();
    let words = ["jinnacle", "check", path].into_iter().chain(more.iter().copied());
    let outcome = commands::run(Cli::from_words(words).unwrap());
    let place = |finding: &Diagnostic| {
        let span = finding.span.as_ref().unwrap();
        let file = span.source().name().strip_prefix(path).unwrap().trim_start_matches('/');
        format!("{file}:{} {}", span.place(), finding.rule)
    };
    (outcome.diagnostics.iter().map(place).collect(), outcome.summary)
}

const BAD: &str = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: A_}\n";

#[test]
fn files_of_other_programs_in_a_folder_are_skipped() {
    let directory = directory(
        "others",
        &[
            (".github/workflows/ci.yaml", BAD),
            (".git/a.yaml", BAD),
            (".gitignore", "build/\n*.gen.yaml\n"),
            ("build/a.yaml", BAD),
            ("a.gen.yaml", BAD),
            ("base/kustomization.yaml", "resources: [a.yaml]\n"),
            (
                "base/a.yaml",
                "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {a: '{{ $labels.a }}'}\n",
            ),
            (
                "overlay/kustomization.yaml",
                "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nmetadata: {name: a}\npatches: [{path: ./patch.yaml}]\n",
            ),
            ("overlay/patch.yaml", "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a}\n"),
            ("chart/Chart.yaml", "apiVersion: v2\nname: a\nversion: 0.1.0\n"),
            ("chart/values.yaml", "kind: Deployment\nreplicas: 1\n"),
            ("chart/templates/a.yaml", "apiVersion: v1\nkind: Pod\nmetadata: {{ .Values.a }}\n"),
            (
                "template.yaml",
                "apiVersion: v1\nkind: Pod\nmetadata: {name: '{{ .Release.Name }}'}\n",
            ),
            ("kind.yaml", "kind: Cluster\napiVersion: kind.x-k8s.io/v1alpha4\n"),
            ("kubeconfig.yaml", "apiVersion: v1\nkind: Config\nclusters: []\n"),
            ("skaffold.yaml", "apiVersion: skaffold/v4beta11\nkind: Config\nmetadata: {name: a}\n"),
            ("step.yaml", "apiVersion: kuttl.dev/v1beta1\nkind: TestStep\n"),
            ("package.json", "{ // no JSON\n"),
            ("list.yaml", "- a\n"),
            ("empty.yaml", "# nothing\n"),
            ("redis.conf", "cluster-enabled yes\nappendonly yes\n"),
        ],
    );
    let (found, summary) = found_in(&directory, &[]);
    assert_eq!(found, [""; 0]);
    assert_eq!(summary.as_deref(), Some("skipped 15 files that have no Kubernetes manifests"));
}

#[test]
fn what_is_meant_for_kubernetes_in_a_folder_is_checked() {
    let directory = directory(
        "manifests",
        &[
            ("a/bad.yaml", BAD),
            ("a/broken.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a\n"),
            ("b/headless.yaml", "kind: ConfigMap\nmetadata: {name: b}\n"),
            ("b/many.yaml", "# none here\n---\napiVersion: v1\nkind: ConfigMap\n"),
        ],
    );
    let all = [
        "a/bad.yaml:3:18 kubernetes/value",
        "a/broken.yaml:3:11 yaml/syntax",
        "b/headless.yaml:1:1 kubernetes/header",
        "b/many.yaml:3:1 kubernetes/header",
    ];
    let mut found = found_in(&directory, &[]).0;
    found.sort();
    assert_eq!(found, all);
    for (globs, left) in [
        (vec!["a"], &all[2..]),
        (vec!["a/", "many.yaml"], &all[2..3]),
        (vec!["/b/*.yaml", "**/broken.yaml"], &all[..1]),
        (vec!["*.yaml"], &[]),
    ] {
        let words: Vec<&str> = globs.iter().flat_map(|glob| ["--exclude", glob]).collect();
        assert_eq!(found_in(&directory, &words).0, left, "{globs:?}");
    }
}

#[test]
fn a_configuration_that_another_includes_is_checked_with_it() {
    let directory = directory(
        "configurations",
        &[
            ("nats.conf", "include /accounts.conf\njetstream: enabled\nsystem_account: SYS\n"),
            ("accounts.conf", "accounts { SYS {}, A { users: [{user: a, pasword: b}] } }\n"),
        ],
    );
    assert_eq!(found_in(&directory, &[]).0, ["accounts.conf:1:42 nats-conf/unknown-option"]);
}

#[test]
fn a_glob_must_be_one() {
    let directory = directory("glob", &[("bad.yaml", BAD)]);
    let words = ["jinnacle", "check", directory.to_str().unwrap(), "--exclude", "a["];
    let error = commands::run(Cli::from_words(words).unwrap()).failure.unwrap();
    assert!(format!("{error:#}").starts_with("--exclude: invalid glob `a[`"), "{error:#}");
}

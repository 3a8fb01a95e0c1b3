//! The program as a process: exit status, stdout and stderr.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

/// Runs a program in a directory with a string as its standard input.
pub fn run(command: &mut Command, directory: &Path, stdin: &[u8]) -> Output {
    let mut child = command
        .current_dir(directory)
        .env_remove("HELM_NAMESPACE")
        .env_remove("GITHUB_ACTIONS")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // The program may end without reading its input; that is no failure of the test.
    let _ = child.stdin.take().unwrap().write_all(stdin);
    child.wait_with_output().unwrap()
}

fn jinnacle(words: &[&str], stdin: &str) -> Output {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let mut program = Command::new(env!("CARGO_BIN_EXE_jinnacle"));
    run(program.args(words), &directory, stdin.as_bytes())
}

fn said(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

#[test]
fn manifests_go_to_stdout_and_nothing_else_does() {
    let output =
        jinnacle(&["template", "my-nats", "nats/nats", "-f", "-"], "natsbox: {enabled: false}\n");
    assert_eq!((output.status.code(), said(&output).as_str()), (Some(0), ""));
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.starts_with("---\n# Source: nats/templates/"), "{text}");
    assert!(!text.contains("my-nats-box"), "{text}");
}

#[test]
fn bad_input_is_status_1_with_a_place_and_an_empty_stdout() {
    for (words, stdin, message) in [
        (vec!["-f", "-"], "nats: {imgae: x}\n", "--> <stdin>:1:8"),
        (vec!["-f", "-"], "cluster: {replicas: \"3\"}\n", "--> <stdin>:1:21"),
        (vec!["-f", "-"], "a: [1\nb: 2\n", "error[yaml/syntax]"),
        (vec!["--set", "cluster.replicas=three"], "", "--> --set:1:18"),
        (vec!["--set", "cluster"], "", "--> --set:1:1"),
    ] {
        let mut all = vec!["template", "my-nats", "nats/nats"];
        all.extend(&words);
        let output = jinnacle(&all, stdin);
        assert_eq!(output.status.code(), Some(1), "{words:?}: {}", said(&output));
        assert!(output.stdout.is_empty(), "{words:?}");
        assert!(said(&output).contains(message), "{words:?}: {}", said(&output));
    }
    let output = jinnacle(&["template", "My_Nats", "nats/nats"], "");
    assert_eq!(output.status.code(), Some(1));
    assert!(said(&output).contains("error[release/name]"), "{}", said(&output));
}

#[test]
fn what_cannot_be_read_or_is_no_usage_is_status_2() {
    for words in [
        vec!["template", "my-nats", "nats/nats", "-f", "gone.yaml"],
        vec!["template", "my-nats", "nats/nats", "--valuse", "x"],
        vec!["template", "a", "b", "c"],
        vec!["template", "my-nats", "no/such-chart"],
        vec!["template", "my-nats", "nats/nats", "--kube-version", "one"],
    ] {
        let output = jinnacle(&words, "");
        assert_eq!(output.status.code(), Some(2), "{words:?}: {}", said(&output));
        assert!(output.stdout.is_empty() && !output.stderr.is_empty(), "{words:?}");
    }
}

#[test]
fn words_go_to_stderr_and_reports_for_programs_to_stdout() {
    let values = "cluster: {replicas: 5}\n";
    let output = jinnacle(&["validate", "-"], values);
    assert_eq!(output.status.code(), Some(0), "warnings do not fail: {}", said(&output));
    assert!(said(&output).starts_with("warning[values/no-effect]"), "{}", said(&output));
    assert!(said(&output).ends_with("0 errors, 1 warning in 1 file\n"), "{}", said(&output));
    assert!(output.stdout.is_empty());
    let manifest = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: A}\n";
    for format in ["concise", "json", "github", "gitlab", "sarif", "junit"] {
        for (command, text) in [("validate", values), ("check", manifest)] {
            let output = jinnacle(&[command, "-", "--format", format], text);
            let counts = if format == "concise" { " in 1 file\n" } else { "" };
            assert!(!output.stdout.is_empty() && said(&output).ends_with(counts), "{format}");
            assert_eq!(said(&output).lines().count(), counts.lines().count(), "{format}");
        }
        let output = jinnacle(&["template", "nats/nats", "-f", "-", "--format", format], "a: 1\n");
        assert!(output.stdout.is_empty() && !said(&output).is_empty(), "{format}");
    }
    let empty = jinnacle(&["check", "-", "--format", "junit"], "");
    assert!(String::from_utf8(empty.stdout).unwrap().starts_with("<?xml"));
}

#[test]
fn rules_are_let_off_in_manifests_as_in_values() {
    let manifest = |comment: &str| {
        format!(
            "apiVersion: v1\nkind: Service\nmetadata: {{name: A}}{comment}\nspec: {{clusterIP: None}}\n"
        )
    };
    for (words, comment, status) in [
        (vec!["check", "-"], "", 1),
        (vec!["check", "-"], " # jinnacle: allow(kubernetes/value)", 0),
        (vec!["check", "-", "--allow", "kubernetes/value"], "", 0),
        (vec!["check", "-", "--allow", "kubernetes/values"], "", 2),
    ] {
        let output = jinnacle(&words, &manifest(comment));
        assert_eq!(output.status.code(), Some(status), "{words:?}{comment}: {}", said(&output));
    }
}

#[test]
fn differences_are_text_json_or_annotations() {
    let directory = std::env::temp_dir().join(format!("jinnacle-diff-{}", std::process::id()));
    std::fs::create_dir_all(&directory).unwrap();
    let file = |name: &str, spec: &str| {
        let text = format!(
            "apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {{name: a}}\nspec: {{{spec}}}\n"
        );
        std::fs::write(directory.join(name), text).unwrap();
        directory.join(name).to_str().unwrap().to_owned()
    };
    let (old, new) = (file("old.yaml", "serviceName: a"), file("new.yaml", "serviceName: b"));
    for (format, begin) in [("text", "~ StatefulSet"), ("json", "["), ("github", "::error")] {
        let output = jinnacle(&["diff", &old, &new, "--format", format], "");
        let text = String::from_utf8(output.stdout.clone()).unwrap();
        assert_eq!(output.status.code(), Some(1), "{}", said(&output));
        assert!(text.starts_with(begin) && said(&output).contains("diff/forbidden"), "{text}");
    }
    std::fs::remove_dir_all(&directory).unwrap();
}

#[test]
fn validate_is_0_1_or_2() {
    for (words, status) in [
        (vec!["validate", "-", "--strict"], 1),
        (vec!["validate", "-", "--deny", "values/no-effect"], 1),
        (vec!["validate", "-", "--strict", "--allow", "values/no-effect"], 0),
        (vec!["validate", "-", "--allow", "no/such-rule"], 2),
        (vec!["validate", "-", "--fix"], 2),
        (vec!["validate"], 2),
        (vec!["validate", "gone.yaml"], 2),
        (vec!["explain", "schema/type"], 0),
        (vec!["explain", "cluster.replicsa"], 2),
    ] {
        let output = jinnacle(&words, "cluster: {replicas: 5}\n");
        assert_eq!(output.status.code(), Some(status), "{words:?}: {}", said(&output));
    }
}

#[test]
fn files_are_validated_alone_or_as_one_stack() {
    let directory = std::env::temp_dir().join(format!("jinnacle-validate-{}", std::process::id()));
    std::fs::create_dir_all(&directory).unwrap();
    let file = |name: &str, text: &str| {
        std::fs::write(directory.join(name), text).unwrap();
        directory.join(name).to_str().unwrap().to_owned()
    };
    let base = file("base.yaml", "cluster: {enabled: true}\n");
    let prod = file("prod.yaml", "\u{feff}cluster: {replicas: 5}\r\nnatsBox: {enabled: true}\r\n");
    let alone = jinnacle(&["validate", &base, &prod], "");
    assert!(said(&alone).ends_with("1 error, 1 warning in 2 files\n"), "{}", said(&alone));
    let stack = jinnacle(&["validate", "--merge", &base, &prod], "");
    assert!(said(&stack).ends_with("1 error, 0 warnings in 2 files\n"), "{}", said(&stack));
    let fixed = jinnacle(&["validate", "--fix", "--merge", &base, &prod], "");
    assert_eq!(said(&fixed), "0 errors, 0 warnings in 2 files\n");
    let text = std::fs::read_to_string(&prod).unwrap();
    assert_eq!(text, "\u{feff}cluster: {replicas: 5}\r\nnatsbox: {enabled: true}\r\n");
    std::fs::remove_dir_all(&directory).unwrap();
}

#[test]
fn committed_manifests_are_compared_and_left_alone() {
    let directory = std::env::temp_dir().join(format!("jinnacle-check-{}", std::process::id()));
    let place = directory.to_str().unwrap();
    let render =
        |more: &[&str]| jinnacle(&[&["template", "my-nats", "nats/nats"], more].concat(), "");
    assert_eq!(render(&["--output-dir", place]).status.code(), Some(0));
    let same = render(&["--check", place]);
    assert_eq!((same.status.code(), same.stdout.len()), (Some(0), 0), "{}", said(&same));
    let other = render(&["--check", place, "--set", "natsbox.enabled=false"]);
    let text = String::from_utf8(other.stdout.clone()).unwrap();
    assert_eq!(other.status.code(), Some(1), "{}", said(&other));
    assert!(text.contains("nats-box.yaml\n+++ /dev/null\n"), "{text}");
    assert_eq!(render(&["--check", place]).status.code(), Some(0), "nothing was written");
    std::fs::remove_dir_all(&directory).unwrap();
}

#[test]
fn flags_of_helm_stand_before_the_command_or_are_empty() {
    let plain = jinnacle(&["template", "my-nats", "nats/nats", "-n", "events"], "");
    assert_eq!(plain.status.code(), Some(0));
    for words in [
        vec!["--debug", "-n", "events", "template", "my-nats", "nats/nats"],
        vec!["--namespace=events", "template", "my-nats", "nats/nats"],
        vec![
            "template",
            "my-nats",
            "nats/nats",
            "-n=events",
            "--kube-version=",
            "--output-dir",
            "",
            "--post-renderer=",
            "-f",
            "",
        ],
    ] {
        let output = jinnacle(&words, "");
        assert_eq!(said(&output), "", "{words:?}");
        assert_eq!(output.stdout, plain.stdout, "{words:?}");
    }
    let words = ["template", "nats/nats", "--output-dir", "never", "--post-renderer", "no-such"];
    let output = jinnacle(&words, "");
    assert_eq!(output.status.code(), Some(2));
    assert!(said(&output).contains("post-renderer `no-such` not found"), "{}", said(&output));
    assert!(!std::path::Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/never")).exists());
}

#[test]
fn a_value_that_is_not_there_is_shown_as_nothing() {
    for (path, shown) in [("{.nope.a}", ""), ("{.cluster.replicas}{.nats.config}", "3")] {
        let output = jinnacle(&["show", "values", "nats/nats", "--jsonpath", path], "");
        let text = String::from_utf8(output.stdout).unwrap();
        assert_eq!((output.status.code(), text.as_str()), (Some(0), shown), "{path}");
    }
}

#[test]
fn commands_of_helm_say_what_to_type_instead() {
    for (words, line) in [
        (
            vec!["install", "my-nats", "nats/nats", "-f", "a b.yaml"],
            "jinnacle template my-nats nats/nats -f 'a b.yaml' | kubectl apply -f -",
        ),
        (vec!["-n", "prod", "status", "hub"], "kubectl -n prod get all"),
        (vec!["repo", "update"], "`nats/nats` is in the program"),
    ] {
        let output = jinnacle(&words, "");
        assert_eq!(output.status.code(), Some(2), "{words:?}: {}", said(&output));
        assert!(output.stdout.is_empty(), "{words:?}");
        assert!(said(&output).contains(line), "{words:?}: {}", said(&output));
    }
}

#[test]
fn a_built_in_chart_has_one_version() {
    for (version, status) in [
        ("0.19.17", 0),
        ("~0.19", 0),
        (">=0.10", 0),
        ("", 0),
        ("1.2.0", 2),
        ("^0.18", 2),
        ("x y", 2),
    ] {
        let output = jinnacle(&["template", "my-nats", "nats/nats", "--version", version], "");
        assert_eq!(output.status.code(), Some(status), "{version}: {}", said(&output));
        assert!(status == 0 || said(&output).contains("0.19.17") || version == "x y", "{version}");
        assert_eq!(output.stdout.is_empty(), status != 0, "{version}");
    }
}

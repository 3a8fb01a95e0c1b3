//! The program as a process: exit status, stdout and stderr.

use std::io::Write as _;
use std::process::{Command, Output, Stdio};

fn jinnacle(words: &[&str], stdin: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_jinnacle"))
        .args(words)
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/tests"))
        .env_remove("HELM_NAMESPACE")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // The program may end without reading its input; that is no failure of the test.
    let _ = child.stdin.take().unwrap().write_all(stdin.as_bytes());
    child.wait_with_output().unwrap()
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

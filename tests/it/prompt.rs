//! What a person meets at the prompt: help, colours, misspelt words, JSON, and `--watch`.

use std::fs;
use std::io::{BufRead as _, BufReader, Read};
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use clap::CommandFactory as _;
use jinnacle::commands::Cli;
use jinnacle::source::Source;
use jinnacle::yaml::{Limits, Node, read_documents};
use serde_json::Value;

fn jinnacle(words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_jinnacle"));
    command
        .args(words)
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/tests"))
        .envs([("HELM_NAMESPACE", ""), ("GITHUB_ACTIONS", "")])
        .env_remove("NO_COLOR")
        .env_remove("CLICOLOR_FORCE")
        .env_remove("COLUMNS")
        .stdin(Stdio::null());
    command
}

fn run(words: &[&str]) -> Output {
    jinnacle(words).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[test]
fn help_fits_a_screen_and_ends_with_an_example() {
    let root = Cli::command();
    let commands: Vec<&str> = root.get_subcommands().map(clap::Command::get_name).collect();
    assert!(commands.len() > 10, "{commands:?}");
    for words in commands.iter().map(|name| vec![*name, "-h"]).chain([vec!["-h"]]) {
        let help = text(&run(&words).stdout);
        let widest = help.lines().map(|line| line.chars().count()).max();
        assert!(help.lines().count() <= 50 && widest <= Some(100), "{help}");
        let example = help.lines().last().unwrap();
        assert!(example.starts_with("  ") && example.contains("jinnacle "), "{help}");
        assert!(!help.contains("BOOL"), "{help}");
    }
    let long = text(&run(&["template", "--help"]).stdout);
    for heading in ["Values:", "Release and cluster:", "Output:", "Checks:"] {
        assert!(long.contains(&format!("\n{heading}\n")), "{long}");
    }
    // Taken for Helm's sake, and shown to nobody.
    assert!(!long.contains("--kubeconfig") && !long.contains("--wait"), "{long}");
}

#[test]
fn misspelt_words_are_status_2_and_the_nearest_is_named() {
    for (words, meant) in [
        (&["tempalte"] as &[&str], "'template'"),
        (&["validat", "x.yaml"], "'validate'"),
        (&["template", "--valuse", "x"], "'--values'"),
        (&["template", "--out-put-dir", "x"], "'--output-dir'"),
        (&["validate", "x.yaml", "--stirct"], "'--strict'"),
        (&["validate", "x.yaml", "--format", "jsno"], "'json'"),
        (&["template", "nats/nats", "-o", "jsn"], "'json'"),
    ] {
        let output = run(words);
        let said = text(&output.stderr);
        assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0), "{words:?}: {said}");
        assert!(said.contains(meant), "{words:?}: {said}");
    }
}

#[test]
fn colours_are_for_terminals_and_for_those_who_ask() {
    let words = ["template", "nats/nats", "--set", "cluster.replicsa=3"];
    for (variables, flags, coloured) in [
        (&[] as &[(&str, &str)], &[] as &[&str], false),
        (&[("CLICOLOR_FORCE", "1")], &[], true),
        (&[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")], &[], false),
        (&[], &["--color", "always"], true),
        (&[("NO_COLOR", "1")], &["--color=always"], true),
        (&[("CLICOLOR_FORCE", "1")], &["--color", "never"], false),
        (&[("CLICOLOR_FORCE", "1")], &["--colour", "auto"], true),
    ] {
        let mut command = jinnacle(&words);
        let output = command.args(flags).envs(variables.iter().copied()).output().unwrap();
        let said = text(&output.stderr);
        assert_eq!(said.contains('\u{1b}'), coloured, "{variables:?} {flags:?}: {said}");
        assert!(said.contains("cluster.replicsa"), "{said}");
    }
    assert_eq!(run(&["template", "nats/nats", "--color", "red"]).status.code(), Some(2));
}

#[test]
fn manifests_in_json_are_one_list_with_the_same_meaning() {
    let words = ["template", "my-nats", "nats/nats"];
    let json = run(&[&words[..], &["-o", "json"]].concat());
    assert_eq!(json.status.code(), Some(0), "{}", text(&json.stderr));
    let list = documents(&text(&json.stdout)).remove(0);
    assert_eq!(list.get("apiVersion").and_then(Node::as_str), Some("v1"));
    assert_eq!(list.get("kind").and_then(Node::as_str), Some("List"));
    let items = list.get("items").and_then(Node::as_list).unwrap();
    assert!(items.len() > 5 && items == documents(&text(&run(&words).stdout)));
    let directory = directory("json");
    fs::write(directory.join("list.json"), &json.stdout).unwrap();
    let one = run(&[&words[..], &["-o=json", "-s", "templates/service.yaml"]].concat());
    let one: Value = serde_json::from_slice(&one.stdout).unwrap();
    assert_eq!(one["items"].as_array().unwrap().len(), 1);
    for (more, status) in [
        (&["-o", "json", "--output-dir", "gone"] as &[&str], 2),
        (&["-o", "json", "--check", "charts"], 2),
        (&["-o", "json", "--check", directory.join("list.json").to_str().unwrap()], 0),
        (&["-o", "yaml"], 0),
    ] {
        let output = run(&[&words[..], more].concat());
        assert_eq!(output.status.code(), Some(status), "{more:?}: {}", text(&output.stderr));
    }
    fs::remove_dir_all(directory).unwrap();
}

fn documents(text: &str) -> Vec<Node> {
    let (documents, errors) = read_documents(&Source::new("output", text), &Limits::default());
    assert!(errors.is_empty(), "{errors:?}");
    documents.into_iter().map(|document| document.root).collect()
}

#[test]
fn parts_of_a_chart_and_converted_manifests_have_both_forms() {
    for (words, pointer, value) in [
        (&["show", "values", "nats/nats", "-o", "json"] as &[&str], "/cluster/replicas", "3"),
        (&["show", "chart", "charts/web", "-o", "json"], "/name", "\"web\""),
        (&["show", "crds", "charts/web", "-o", "json"], "/kind", "\"List\""),
        (&["show", "schema", "nats/nats", "-o", "json"], "/type", "\"object\""),
        (&["convert", "cases/operator/config-reload.yaml", "-o", "json"], "/kind", "\"List\""),
        (
            &["convert", "cases/operator/config-reload.yaml", "--to=values", "-o", "json"],
            "/cluster/enabled",
            "true",
        ),
    ] {
        let output = run(words);
        let json: Value = serde_json::from_slice(&output.stdout)
            .unwrap_or_else(|error| panic!("{words:?}: {error}: {}", text(&output.stderr)));
        assert_eq!(
            json.pointer(pointer).map(Value::to_string).as_deref(),
            Some(value),
            "{words:?}"
        );
    }
    let schema = text(&run(&["show", "schema", "nats/nats", "-o", "yaml"]).stdout);
    assert!(schema.starts_with("$schema: http"), "{schema}");
    for words in [
        &["show", "readme", "charts/web", "-o", "json"] as &[&str],
        &["show", "all", "charts/web", "-o", "yaml"],
        &["show", "values", "charts/web", "-o", "json", "--jsonpath", "{.a}"],
    ] {
        assert_eq!(run(words).status.code(), Some(2), "{words:?}");
    }
}

/// A program that runs until the test is over, and one of its streams line by line.
struct Watching {
    child: Child,
    lines: mpsc::Receiver<String>,
}

impl Watching {
    fn start(words: &[&str], stream: &str) -> Self {
        let mut child =
            jinnacle(words).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let (stdout, stderr) = (child.stdout.take().unwrap(), child.stderr.take().unwrap());
        // Both are read, so that the program is never held up.
        let streams: [Box<dyn Read + Send>; 2] = [Box::new(stdout), Box::new(stderr)];
        let (sender, lines) = mpsc::channel();
        for (name, reader) in ["stdout", "stderr"].into_iter().zip(streams) {
            let sender = (name == stream).then(|| sender.clone());
            thread::spawn(move || {
                for line in BufReader::new(reader).lines().map_while(Result::ok) {
                    let _ = sender.as_ref().map(|sender| sender.send(line));
                }
            });
        }
        Self { child, lines }
    }

    /// Waits for a line that holds a text, ten seconds at most.
    fn line_with(&self, part: &str) {
        let mut seen = Vec::new();
        loop {
            match self.lines.recv_timeout(Duration::from_secs(10)) {
                Ok(line) if line.contains(part) => return,
                Ok(line) => seen.push(line),
                Err(error) => panic!("no line with `{part}`: {error}; lines: {seen:#?}"),
            }
        }
    }
}

impl Drop for Watching {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn directory(name: &str) -> PathBuf {
    let directory = std::env::temp_dir().join(format!("jinnacle-{name}-{}", std::process::id()));
    fs::create_dir_all(&directory).unwrap();
    directory
}

#[test]
fn watching_renders_again_and_outlives_a_broken_file() {
    let directory = directory("watch");
    let file = directory.join("values.yaml");
    let values = |replicas: &str| {
        fs::write(&file, format!("cluster: {{enabled: true, replicas: {replicas}}}\n")).unwrap();
    };
    values("3");
    let words = ["template", "my-nats", "nats/nats", "-f", file.to_str().unwrap(), "--watch"];
    let watching = Watching::start(&words, "stdout");
    watching.line_with("replicas: 3");
    values("5");
    watching.line_with("replicas: 5");
    values("[broken");
    thread::sleep(Duration::from_millis(500));
    values("7");
    watching.line_with("replicas: 7");
    drop(watching);
    let watching = Watching::start(&words, "stderr");
    thread::sleep(Duration::from_millis(500));
    values("many");
    watching.line_with("values.yaml changed");
    watching.line_with("expected an integer");
    fs::remove_file(&file).unwrap();
    watching.line_with("cannot read");
    drop(watching);
    fs::remove_dir_all(directory).unwrap();
}

#[test]
fn watching_sees_a_chart_and_writes_files_that_it_does_not_watch() {
    let directory = directory("watch-chart");
    let shop = directory.join("shop");
    let out = shop.join("out");
    assert!(run(&["create", shop.to_str().unwrap()]).status.success());
    let words = [
        "template",
        "my-shop",
        shop.to_str().unwrap(),
        "--watch",
        "--output-dir",
        out.to_str().unwrap(),
    ];
    let watching = Watching::start(&words, "stdout");
    watching.line_with("wrote ");
    fs::write(
        shop.join("templates/more.yaml"),
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: more}\n",
    )
    .unwrap();
    watching.line_with("more.yaml");
    assert!(out.join("shop/templates/more.yaml").is_file());
    // What was written is no change: nothing more is said.
    thread::sleep(Duration::from_millis(600));
    let more: Vec<String> =
        watching.lines.try_iter().filter(|line| line.contains("wrote")).collect();
    assert!(more.len() < 3, "{more:?}");
    drop(watching);
    fs::remove_dir_all(directory).unwrap();
}

#[test]
fn watching_checks_again() {
    let directory = directory("watch-validate");
    let file = directory.join("values.yaml");
    fs::write(&file, "cluster: {replicsa: 3}\n").unwrap();
    let watching = Watching::start(&["validate", "--watch", file.to_str().unwrap()], "stderr");
    watching.line_with("1 error,");
    fs::write(&file, "cluster: {enabled: true, replicas: 3}\n").unwrap();
    watching.line_with("values.yaml changed");
    watching.line_with("0 errors,");
    drop(watching);
    fs::remove_dir_all(directory).unwrap();
    for words in [
        &["template", "nats/nats", "--watch", "-f", "-"] as &[&str],
        &["template", "my-nats", "nats/nats", "--watch"],
        &["template", "--watch", "--matrix", "charts", "--output-dir", "gone"],
        &["validate", "--watch", "gone.yaml"],
    ] {
        assert_eq!(run(words).status.code(), Some(2), "{words:?}");
    }
}

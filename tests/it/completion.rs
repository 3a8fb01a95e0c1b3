//! What shells are offered. `.ci/completions` types at real ones.

use std::process::{Command, Output};

use jinnacle::commands::{Cli, Command as Words};

/// The candidates for the last word of a line, as the script of fish asks for them.
fn offered(line: &str) -> Vec<String> {
    let words: Vec<&str> = line.split(' ').collect();
    let output = Command::new(env!("CARGO_BIN_EXE_jinnacle"))
        .arg("--")
        .args(&words)
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/tests"))
        .env("JINNACLE_COMPLETE", "fish")
        .output()
        .unwrap();
    assert!(output.status.success(), "{line}: {output:?}");
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines().map(|line| line.split('\t').next().unwrap_or_default().to_owned()).collect()
}

#[test]
fn the_next_word_is_known() {
    for (line, candidates) in [
        ("jinnacle te", &["template"] as &[&str]),
        ("jinnacle template my-nats nats/nats-", &["nats/nats-operator"]),
        ("jinnacle template my-web charts/w", &["charts/web/"]),
        ("jinnacle template my-web charts/web -s templates/s", &["templates/service.yaml"]),
        ("jinnacle template --set-file a=charts/web/Char", &["a=charts/web/Chart.yaml"]),
        ("jinnacle template -f cases/nats/mqt", &["cases/nats/mqtt.yaml"]),
        ("jinnacle show val", &["values"]),
        ("jinnacle validate --deny schema/ty", &["schema/type"]),
        ("jinnacle validate --deny a/b,schema/ty", &["a/b,schema/type"]),
        ("jinnacle explain nats/plain-s", &["nats/plain-secret"]),
        ("jinnacle explain cluster.repl", &["cluster.replicas"]),
        ("jinnacle explain leafnodes.remotes[0].urls", &["leafnodes.remotes[0].urls"]),
        ("jinnacle completion f", &["fish"]),
    ] {
        assert_eq!(offered(line), candidates, "{line}");
    }
}

#[test]
fn values_are_known_to_the_last_key() {
    for (typed, candidates) in [
        (
            "--set nats.limits.maxP",
            &["nats.limits.maxPayload=", "nats.limits.maxPending=", "nats.limits.maxPings="]
                as &[&str],
        ),
        ("--set a=1,nats.limits.maxPay", &["a=1,nats.limits.maxPayload="]),
        ("--set a={x,y},cluster.repl", &["a={x,y},cluster.replicas="]),
        ("--set-json a={\"x\":[1,2]},cluster.repl", &["a={\"x\":[1,2]},cluster.replicas="]),
        ("--set-literal a=1,cluster.repl", &[]),
        ("--set=cluster.repl", &["--set=cluster.replicas="]),
        ("--set cluster.enabled=", &["cluster.enabled=true", "cluster.enabled=false"]),
        ("--set-string cluster.enabled=", &[]),
        ("--set auth.resolver.type=f", &["auth.resolver.type=full"]),
        ("--set podAnno", &["podAnnotations."]),
        ("--set podAnnotations.", &[]),
    ] {
        assert_eq!(offered(&format!("jinnacle template my-nats nats/nats {typed}")), candidates);
    }
    // One key leads to those below it; a list leads to its first entry.
    let below = offered("jinnacle template my-nats nats/nats --set nats.jet");
    assert!(below.len() > 4 && below.iter().all(|path| path.starts_with("nats.jetstream.")));
    let below = offered("jinnacle template my-nats nats/nats --set leafnodes.remo");
    assert!(below.contains(&"leafnodes.remotes[0].url=".to_owned()), "{below:?}");
    // A chart of one's own, and a subchart under its alias.
    let own = offered("jinnacle template my-web charts/web --set repl");
    assert_eq!(own, ["replicas="]);
    assert_eq!(offered("jinnacle lint charts/web --set sessions.si"), ["sessions.size="]);
    let words = offered("jinnacle lint charts/web --set sessions.enabled=");
    assert_eq!(words, ["sessions.enabled=true", "sessions.enabled=false"]);
}

#[test]
fn a_shell_gets_its_script_and_an_unknown_one_a_word() {
    for (shell, part) in [
        ("bash", "complete -o nospace"),
        ("zsh", "#compdef jinnacle"),
        ("fish", "--command jinnacle"),
        ("powershell", "Register-ArgumentCompleter"),
    ] {
        let cli = Cli::from_words(["jinnacle", "completion", shell]).unwrap();
        let Words::Completion(args) = cli.command else { panic!("{shell}") };
        let script = jinnacle::commands::completion::script(args.shell).unwrap();
        assert!(script.contains(part) && script.contains("JINNACLE_COMPLETE"), "{shell}: {script}");
    }
    assert_eq!(Cli::from_words(["jinnacle", "completion", "tcsh"]).unwrap_err().exit_code(), 2);
}

/// bash hands over words that it took apart at `=`, and puts the answer where the last part stands.
#[test]
fn bash_completes_behind_an_equals_sign() {
    for (line, words, last, answer) in [
        (
            "jinnacle template --set auth.resolver.type=fu",
            "jinnacle template --set auth.resolver.type = fu",
            "fu",
            "[full ]",
        ),
        (
            "jinnacle template --set a=b,cluster.repl",
            "jinnacle template --set a = b,cluster.repl",
            "b,cluster.repl",
            "[b,cluster.replicas=]",
        ),
        (
            "jinnacle template --set=cluster.enabled=",
            "jinnacle template --set = cluster.enabled =",
            "",
            "[true][false]",
        ),
        (
            "jinnacle template --set 'cluster.enabled=t",
            "jinnacle template --set 'cluster.enabled=t",
            "cluster.enabled=t",
            "[cluster.enabled=true]",
        ),
        ("jinnacle  templ", "jinnacle templ", "templ", "[template ]"),
    ] {
        let script = r#"
            source <(jinnacle completion bash)
            read -ra COMP_WORDS <<<"$2"
            COMP_LINE=$1 COMP_POINT=${#1} COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
            _jinnacle jinnacle "$3"
            printf '[%s]' "${COMPREPLY[@]}"
        "#;
        let Output { stdout, stderr, .. } = in_bash(script, &[line, words, last]);
        let (stdout, stderr) = (String::from_utf8_lossy(&stdout), String::from_utf8_lossy(&stderr));
        assert_eq!(stdout, answer, "{line}: {stderr}");
    }
}

/// The program is on the path of this bash.
fn in_bash(script: &str, args: &[&str]) -> Output {
    let program = std::path::Path::new(env!("CARGO_BIN_EXE_jinnacle"));
    let path =
        format!("{}:{}", program.parent().unwrap().display(), std::env::var("PATH").unwrap());
    let mut bash = Command::new("bash");
    bash.args(["--norc", "-c", script, "bash"]).args(args).env("PATH", path).output().unwrap()
}

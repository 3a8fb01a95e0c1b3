//! Input that would cost without end: each gets an answer in time, with a place, and nothing on stdout.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Far more than any answer takes, even of a program that was not optimised.
const PATIENCE: Duration = Duration::from_secs(90);

fn directory(name: &str) -> PathBuf {
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join("bounds").join(name);
    let _ = fs::remove_dir_all(&directory);
    fs::create_dir_all(directory.join("app/templates")).unwrap();
    fs::write(directory.join("app/Chart.yaml"), "apiVersion: v2\nname: app\nversion: 1.0.0\n")
        .unwrap();
    directory
}

/// What a run ends with: its status, what is on stdout, what it says.
fn run(directory: &Path, words: &[&str], stdin: Stdio) -> (Option<i32>, String, String) {
    let (out, said) = (directory.join("stdout"), directory.join("stderr"));
    let mut child = Command::new(env!("CARGO_BIN_EXE_jinnacle"))
        .args(words)
        .current_dir(directory)
        .env_remove("GITHUB_ACTIONS")
        .stdin(stdin)
        .stdout(File::create(&out).unwrap())
        .stderr(File::create(&said).unwrap())
        .spawn()
        .unwrap();
    let begin = Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        if begin.elapsed() > PATIENCE {
            child.kill().unwrap();
            panic!("no end: {words:?} in {}", directory.display());
        }
        std::thread::sleep(Duration::from_millis(5));
    };
    let read = |path| fs::read_to_string(path).unwrap();
    (status.code(), read(out), read(said))
}

#[test]
fn templates_have_bounds() {
    let nested = "{% for a in range(9999) %}".repeat(4) + &"{% endfor %}".repeat(4);
    let doubled = |what: &str| {
        format!(
            "{{% set n = namespace(s=[1]) %}}{{% for i in range(60) %}}{{% set n.s = [n.s, n.s] %}}{{% endfor %}}a: {{{{ {what} }}}}"
        )
    };
    let deep = |what: &str| {
        format!(
            "{{% set n = namespace(s=[1], t=[1]) %}}{{% for i in range(50000) %}}{{% set n.s = [n.s] %}}\
             {{% set n.t = [n.t] %}}{{% endfor %}}a: {{{{ {what} }}}}"
        )
    };
    let long = |sign: &str| format!("a: {{{{ {}1 }}}}", sign.repeat(50_000));
    for (template, message) in [
        (nested, "more than 5000000 steps"),
        ("{% for a in range(10**9) %}{% endfor %}".to_owned(), "too many elements"),
        ("{% include 'a.yaml.j2' %}".to_owned(), "recursion limit"),
        ("{{ include_text('a.yaml.j2') }}".to_owned(), "templates are included 20 deep"),
        ("{{ include('a.yaml.j2') }}".to_owned(), "templates are included 20 deep"),
        ("{{ tpl(values.t, {'values': values}) }}".to_owned(), "templates are included 20 deep"),
        ("a: {{ tpl('{{ ' ~ 'not ' * 50000 ~ '1 }}') }}".replace(" ~ ", " + "), "10000 signs"),
        ("a: {{ 'x' * 10**9 }}".to_owned(), "too large"),
        ("a: {{ 'x' * 10**8 }}".to_owned(), "too large to be written"),
        ("a: {{ 'x' | repeat(10**9) }}".to_owned(), "too many"),
        ("a: {{ 'x' | indent(10**9) }}".to_owned(), "too many"),
        ("a: {{ printf('%1000000000d', 1) }}".to_owned(), "a width is 4096 at most"),
        ("a: {{ ('x' * 99999) | replace('x', 'y' * 99999) }}".to_owned(), "the replaced text"),
        ("a: {{ [1] | batch(10**9, 0) | list }}".to_owned(), "more than 2000000 items"),
        ("a: {{ [1] | slice(10**9) | list }}".to_owned(), "more than 2000000 items"),
        (doubled("n.s"), "too large to be written"),
        (doubled("n.s | tojson"), "longer than 16 MiB"),
        (deep("n.s"), "more than 256 lists and maps"),
        (deep("n.s | tojson"), "deeper than 200"),
        (deep("toYaml(n.s)"), "more than 256 lists and maps"),
        (deep("fail(n.s == n.t)"), "value is not a string"),
        ("{% if 1 %}".repeat(5_000) + &"{% endif %}".repeat(5_000), "more than 100 blocks"),
        (format!("{{% if 0 %}}{}{{% endif %}}", "{% elif 0 %}".repeat(5_000)), "1000 branches"),
        (long("not "), "10000 signs"),
        (long("-"), "10000 signs"),
        (long("1 + "), "10000 signs"),
        (long("2 ** "), "10000 signs"),
        (long("1 if 1 else "), "10000 signs"),
        (long("["), "10000 signs"),
        ("a: {{ genPrivateKey('rsa') }}".to_owned(), "not `rsa`"),
        ("a: {{ regexMatch('((a{1000}){1000}){1000}', 'a') }}".to_owned(), "invalid repeat count"),
        ("a: {{ files.get('../Chart.yaml') + files.get('/etc/passwd') | fail }}".to_owned(), ""),
        (format!("a: {}{}", "[".repeat(9_999), "]".repeat(9_999)), "more than 256 levels"),
        ("{{ fromYaml(values.bomb) | length }}".to_owned(), "aliases expand to too much text"),
    ] {
        let directory = directory("templates");
        let bomb = "t: \"{{ tpl(values.t, {'values': values}) }}\"\nbomb: |\n".to_owned()
            + &indented(&aliases());
        fs::write(directory.join("app/values.yaml"), bomb).unwrap();
        fs::write(directory.join("app/templates/a.yaml.j2"), &template).unwrap();
        let (status, stdout, said) = run(&directory, &["template", "r", "app"], Stdio::null());
        let shown: String = template.chars().take(80).collect();
        assert_eq!((status, stdout.as_str()), (Some(1), ""), "{shown}\n{said}");
        assert!(
            said.contains(message) && said.contains("--> app/templates/a.yaml.j2:"),
            "{shown}\n{said}"
        );
    }
}

/// A few lines that stand for ten to the ninth.
fn aliases() -> String {
    let mut text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..9 {
        let before = format!("*a{}, ", level - 1).repeat(10);
        text += &format!("a{level}: &a{level} [{}]\n", before.trim_end_matches(", "));
    }
    text
}

fn indented(text: &str) -> String {
    text.lines().map(|line| format!("  {line}\n")).collect()
}

#[test]
fn files_have_bounds() {
    let directory = directory("files");
    let nested =
        |open: &str, close: &str| format!("{}1{}", open.repeat(9_999), close.repeat(9_999));
    for (name, text, commands, message) in [
        (
            "bomb.yaml",
            aliases(),
            &["validate", "check", "convert"][..],
            "aliases expand to too much text",
        ),
        (
            "deep.yaml",
            format!("a: {}", nested("[", "]")),
            &["validate", "check", "convert"],
            "more than 256 levels",
        ),
        (
            "deep.json",
            nested("{\"a\":", "}"),
            &["validate", "check", "convert"],
            "more than 256 levels",
        ),
        ("deep.conf", format!("a: {}", nested("[", "]")), &["check"], "nested more than 250 deep"),
        ("braces.conf", nested("a {", "}"), &["check"], "nested more than 250 deep"),
        ("self.conf", "include self.conf\n".to_owned(), &["check"], "include"),
    ] {
        fs::write(directory.join(name), text).unwrap();
        for command in commands {
            let (status, _, said) = run(&directory, &[command, name], Stdio::null());
            let (_, report, _) = run(&directory, &[command, name], Stdio::null());
            assert_eq!(status, Some(1), "{command} {name}: {said}");
            let all = said + &report;
            assert!(
                all.contains(message) && all.contains(&format!("--> {name}:")),
                "{command} {name}: {all}"
            );
        }
    }
}

#[test]
fn what_does_not_end_or_is_no_file_is_refused() {
    let directory = directory("devices");
    for (words, message) in [
        (vec!["validate", "/dev/zero"], "`/dev/zero` exceeds the size limit of 64 MiB"),
        (vec!["validate", "-"], "standard input exceeds the size limit of 64 MiB"),
        (vec!["check", "-"], "standard input exceeds the size limit of 64 MiB"),
        (vec!["convert", "-"], "standard input exceeds the size limit of 64 MiB"),
        (vec!["template", "r", "app", "-f", "/dev/zero"], "exceeds the size limit of 64 MiB"),
        (
            vec!["template", "r", "app", "--set-file", "a=/dev/zero"],
            "exceeds the size limit of 64 MiB",
        ),
        (vec!["template", "r", "app", "-f", "app"], "cannot read `app`"),
        (vec!["template", "r", "/dev/zero"], "no chart `/dev/zero`"),
    ] {
        let endless = Stdio::from(File::open("/dev/zero").unwrap());
        let (status, stdout, said) = run(&directory, &words, endless);
        assert!(matches!(status, Some(1 | 2)), "{words:?} {status:?}: {said}");
        assert!(stdout.is_empty() && said.contains(message), "{words:?}: {said}");
    }
}

#[test]
fn schemas_and_set_have_bounds() {
    let directory = directory("schemas");
    fs::write(directory.join("app/values.yaml"), "a: {a: {a: 1}}\n").unwrap();
    let deep = format!("{}true{}", r#"{"not":"#.repeat(5_000), "}".repeat(5_000));
    for (schema, message) in [
        (r##"{"$ref": "#"}"##.to_owned(), ""),
        (
            r#"{"$ref": "https://example.com/schema.json"}"#.to_owned(),
            "nothing is fetched from a network",
        ),
        (r#"{"$ref": "file:///../../../../etc/passwd"}"#.to_owned(), "the chart has no file"),
        (r#"{"$ref": "file:///etc/passwd"}"#.to_owned(), "the chart has no file"),
        (r#"{"$ref": "../secret.json"}"#.to_owned(), "the chart has no file"),
        (r#"{"$ref": "values.schema.json"}"#.to_owned(), ""),
        (
            r#"{"properties": {"a": {"pattern": "((a{1000}){1000}){1000}"}}}"#.to_owned(),
            "not valid",
        ),
        (deep, "the schema is invalid JSON: recursion limit exceeded"),
    ] {
        fs::write(directory.join("secret.json"), "true").unwrap();
        fs::write(directory.join("app/values.schema.json"), &schema).unwrap();
        let (status, _, said) = run(&directory, &["template", "r", "app"], Stdio::null());
        let wanted = Some(i32::from(!message.is_empty()));
        let shown: String = schema.chars().take(80).collect();
        assert!(status == wanted && said.contains(message), "{shown} {status:?}: {said}");
    }
    fs::remove_file(directory.join("app/values.schema.json")).unwrap();
    let dots = "a.".repeat(10_000) + "a=1";
    let brackets = "a".to_owned() + &"[0]".repeat(10_000) + "=1";
    let json = format!("a={}", "[".repeat(10_000));
    for (flag, argument, message) in [
        ("--set", dots.as_str(), "at most 30 levels"),
        ("--set", brackets.as_str(), "at most 30 levels"),
        ("--set", "a[1000000000]=1", "greater than 65536"),
        ("--set", "a[99999999999999999999]=1", "invalid index"),
        ("--set", "b[65536][65536][65536]=1,c[65536][65536]=1,d[65536][65536]=1", ""),
        ("--set-json", json.as_str(), "recursion limit"),
    ] {
        let (status, _, said) =
            run(&directory, &["template", "r", "app", flag, argument], Stdio::null());
        let wanted = Some(i32::from(!message.is_empty()));
        let shown: String = argument.chars().take(40).collect();
        assert!(status == wanted && said.contains(message), "{shown} {status:?}: {said}");
    }
}

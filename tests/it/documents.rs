//! Pages: each block of code in README.md, docs/ and the pages beside them does what its page says.
//!
//! What stands behind the fence says what is done with a block; readers see only the first word of it.
//!
//! | fence | what has to hold |
//! |---|---|
//! | `yaml` | values that validate without a finding and render, or manifests that Kubernetes takes |
//! | `yaml wrong` | values or manifests with a finding |
//! | `jinja`, `toml`, `yaml file`, … and a path | a file for the commands below; if the repository has it, a part of it |
//! | `yaml` and a path | both |
//! | `sh` | each line ends with status 0, or as its end says: `# status 1` |
//! | `text`, behind `sh` | what the last line prints, on stdout and stderr, whole |
//! | `dockerfile` | nothing: `.ci/container` builds an image |
//!
//! Commands run in a copy of the repository with the program on the PATH. Programs of others are stood in for.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use jinnacle::commands::Cli;
use jinnacle::source::Source;
use jinnacle::yaml::{Limits, read_documents};

const PROGRAM: &str = env!("CARGO_BIN_EXE_jinnacle");
const REPOSITORY: &str = env!("CARGO_MANIFEST_DIR");

/// Programs of others, and what they do here in their place: Bash. What is piped into `kubectl` has to be right,
/// and what comes out of it is a file of the repository. `.ci/integrations` runs the real ones.
const STAND_INS: [(&str, &str); 14] = [
    ("brew", ""),
    (
        "cargo",
        r#"if [ "$1" = run ]; then while [ "$1" != -- ]; do shift; done; shift; jinnacle "$@"; fi"#,
    ),
    ("cosign", ""),
    ("docker", ""),
    ("git", ""),
    (
        "helm",
        r#"case "$1 $2" in
             "get values") cat values/examples/production.yaml ;;
             "get manifest") jinnacle template "$3" nats/nats -f values/examples/production.yaml ;;
           esac"#,
    ),
    ("kpt", ""),
    (
        "kubectl",
        r#"case "$*" in
             *" -f -"*) jinnacle check - ;;
             "get natsclusters"*) cat tests/cases/operator/service-accounts.yaml ;;
           esac"#,
    ),
    ("kustomize", ""),
    ("nsc", ""),
    ("pip", ""),
    ("pre-commit", ""),
    ("sha256sum", ""),
    ("uvx", ""),
];

/// A block of code of a page.
struct Block {
    line: usize,
    language: String,
    /// The path and the other words behind the fence.
    path: Option<String>,
    words: Vec<String>,
    text: String,
    /// Whether nothing but blank lines stands between it and the block before.
    follows: bool,
}

fn pages() -> Vec<PathBuf> {
    let of = |directory: &str| fs::read_dir(Path::new(REPOSITORY).join(directory)).unwrap();
    let mut pages: Vec<PathBuf> = of(".")
        .chain(of("docs"))
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "md"))
        .collect();
    pages.sort();
    pages
}

fn blocks(page: &str) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut open: Option<(Block, usize)> = None;
    let mut follows = false;
    for (number, line) in page.lines().enumerate() {
        let (indent, body) = (line.len() - line.trim_start().len(), line.trim_start());
        match (&mut open, body.strip_prefix("```")) {
            (Some((block, _)), Some("")) => {
                assert!(!block.text.is_empty(), "an empty block in line {}", block.line);
                blocks.push(open.take().unwrap().0);
                follows = true;
            }
            (Some((block, depth)), _) => {
                block.text += line.get(*depth..).unwrap_or(body);
                block.text.push('\n');
            }
            (None, Some(fence)) => {
                let mut words = fence.split_whitespace().map(str::to_owned);
                let language = words.next().unwrap_or_default();
                let (paths, words): (Vec<_>, Vec<_>) =
                    words.partition(|word| word.contains(['.', '/']));
                let path = paths.into_iter().next();
                let line = number + 1;
                open = Some((
                    Block { line, language, path, words, text: String::new(), follows },
                    indent,
                ));
            }
            (None, None) => follows &= body.is_empty(),
        }
    }
    assert!(open.is_none(), "a block has no end");
    blocks
}

/// A copy of the repository with the stand-ins beside it.
fn copy_of_the_repository(name: &str) -> PathBuf {
    let root = std::env::temp_dir().join(format!("jinnacle-page-{name}-{}", std::process::id()));
    // What an earlier run left may be gone.
    let _ = fs::remove_dir_all(&root);
    copy(Path::new(REPOSITORY), &root.join("repository"));
    // What takes minutes does nothing here.
    for directory in [".ci", "benches"] {
        for entry in fs::read_dir(Path::new(REPOSITORY).join(directory)).unwrap() {
            script(&root.join("repository").join(directory).join(entry.unwrap().file_name()), "");
        }
    }
    for (program, does) in STAND_INS {
        script(&root.join("programs").join(program), does);
    }
    root
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap();
        let is_left_out = ["target", "snapshots", ".git", ".venv", ".ci", "docs"];
        if path.is_dir() && !is_left_out.iter().any(|left_out| name == *left_out) {
            copy(&path, &to.join(name));
        } else if path.is_file() {
            fs::copy(&path, to.join(name)).unwrap();
        }
    }
}

fn script(path: &Path, does: &str) {
    use std::os::unix::fs::PermissionsExt as _;
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, format!("#!/usr/bin/env bash\nset -euo pipefail\n{does}\n")).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
}

/// Exit status, and what was printed on stdout and stderr.
fn run(root: &Path, line: &str, stdin: &str) -> (i32, String) {
    let programs = Path::new(PROGRAM).parent().unwrap().display().to_string();
    let path = format!("{}/programs:{programs}:{}", root.display(), std::env::var("PATH").unwrap());
    let mut child = Command::new("bash")
        .args(["-c", &format!("set -o pipefail; exec 2>&1; {line}")])
        .current_dir(root.join("repository"))
        .env("PATH", path)
        .env("HOME", root)
        .envs([("HELM_NAMESPACE", ""), ("GITHUB_ACTIONS", "")])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    // A command may end without reading its input; that is no failure of the test.
    let _ = child.stdin.take().unwrap().write_all(stdin.as_bytes());
    let output = child.wait_with_output().unwrap();
    (output.status.code().unwrap(), String::from_utf8(output.stdout).unwrap())
}

/// What is wrong with a block, if anything is. `printed` is what the last command printed.
fn judge(root: &Path, block: &Block, printed: &mut Option<String>) -> Result<(), String> {
    let before = std::mem::take(printed);
    match block.language.as_str() {
        "sh" => *printed = Some(commands(root, &block.text)?),
        "text" => {
            let before = before.filter(|_| block.follows).ok_or("there is no command before it")?;
            if before != block.text {
                return Err(format!("the command prints\n{before}"));
            }
        }
        "yaml" if !block.words.iter().any(|word| word == "file") => {
            values_or_manifests(root, &block.text, block.words.iter().any(|word| word == "wrong"))?;
            place(root, block)?;
        }
        "dockerfile" => {}
        _ if block.path.is_some() => place(root, block)?,
        language => return Err(format!("nothing is known of `{language}` without a path")),
    }
    Ok(())
}

fn commands(root: &Path, text: &str) -> Result<String, String> {
    let mut printed = String::new();
    let text = text.replace("\\\n", "");
    let is_command = |line: &&str| !line.trim().is_empty() && !line.starts_with('#');
    for line in text.lines().filter(is_command) {
        let expected = line.rsplit_once("# status ").map_or(0, |(_, code)| code.parse().unwrap());
        let (status, words) = run(root, line, "");
        if status != expected {
            return Err(format!("`{line}` ends with status {status}\n{words}"));
        }
        printed = words;
    }
    Ok(printed)
}

fn values_or_manifests(root: &Path, text: &str, is_wrong: bool) -> Result<(), String> {
    let has = |key: &str| text.lines().any(|line| line.starts_with(key));
    let is_manifest = has("apiVersion:") && has("kind:");
    let chart = text.lines().find_map(|line| line.strip_prefix("# chart: ")).unwrap_or("nats/nats");
    let lines = match (is_manifest, is_wrong) {
        (true, _) if has("kind: Nats") => vec!["jinnacle validate -".to_owned()],
        (true, _) => vec!["jinnacle check -".to_owned()],
        (false, true) => vec![format!("jinnacle validate --chart {chart} -")],
        (false, false) => vec![
            format!("jinnacle validate --chart {chart} -"),
            format!("jinnacle template my-nats {chart} -f - >/dev/null"),
        ],
    };
    for line in lines {
        let (status, words) = run(root, &line, text);
        let is_silent = !words.contains("error[") && !words.contains("warning[");
        if (status == 0 && is_silent) == is_wrong {
            return Err(format!("`{line}` ends with status {status}\n{words}"));
        }
    }
    Ok(())
}

/// Writes the file that the block is, or looks it up.
fn place(root: &Path, block: &Block) -> Result<(), String> {
    let Some(path) = &block.path else { return Ok(()) };
    if let Ok(there) = fs::read_to_string(Path::new(REPOSITORY).join(path)) {
        let found = there.contains(&block.text);
        return if found { Ok(()) } else { Err(format!("{path} has other lines")) };
    }
    if block.language == "yaml"
        && !read_documents(&Source::new(path, block.text.as_str()), &Limits::default()).1.is_empty()
    {
        return Err("invalid YAML".to_owned());
    }
    let path = root.join("repository").join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, &block.text).unwrap();
    Ok(())
}

#[test]
fn blocks_do_what_their_pages_say() {
    let (mut wrong, mut seen) = (Vec::new(), 0);
    for page in pages() {
        let name = page.file_stem().unwrap().to_str().unwrap();
        // The pages of rules have a test of their own, in `rules.rs`.
        if name == "rules" {
            continue;
        }
        let root = copy_of_the_repository(name);
        let mut printed = None;
        for block in blocks(&fs::read_to_string(&page).unwrap()) {
            seen += 1;
            if let Err(words) = judge(&root, &block, &mut printed) {
                wrong.push(format!("{name}.md:{}: {words}", block.line));
            }
        }
        fs::remove_dir_all(root).unwrap();
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(seen > 50, "{seen} blocks");
}

/// Commands in sentences, such as `jinnacle explain RULE`, are usage of the program, as far as they go: a file
/// may be left out, and `bash|zsh` is a choice.
#[test]
fn commands_in_sentences_are_usage() {
    use clap::error::ErrorKind::{DisplayHelp, DisplayVersion, MissingRequiredArgument};
    let (mut wrong, mut seen) = (Vec::new(), 0);
    for page in pages() {
        let text = fs::read_to_string(&page).unwrap();
        let is_command = |code: &&str| code.starts_with("jinnacle ") && !code.contains('\n');
        for code in text.split('`').filter(is_command) {
            seen += 1;
            let words = code.split(" | ").next().unwrap().split_whitespace();
            match Cli::from_words(words.map(|word| word.split('|').next().unwrap())) {
                Ok(_) => {}
                Err(error)
                    if [DisplayHelp, DisplayVersion, MissingRequiredArgument]
                        .contains(&error.kind()) => {}
                Err(error) => wrong.push(format!("{}: {code}: {error}", page.display())),
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(seen > 15, "{seen} commands");
}

/// What docs/templates.md sets side by side stands in the charts that `.ci/integrations` compares.
#[test]
fn idioms_stand_in_both_charts() {
    let text_of = |chart: &str| {
        let mut text = String::new();
        texts(&Path::new(REPOSITORY).join("examples/idioms").join(chart), &mut text);
        text
    };
    let (helm, jinja) = (text_of("helm"), text_of("jinja"));
    let page = fs::read_to_string(Path::new(REPOSITORY).join("docs/templates.md")).unwrap();
    let rows = page.lines().filter_map(|line| line.strip_prefix("| `")?.strip_suffix("` |"));
    let mut seen = 0;
    for row in rows {
        let row = row.replace("\\|", "|");
        let (go, ours) = row.split_once("` | `").unwrap();
        assert!(helm.contains(go), "{go}");
        assert!(jinja.contains(ours), "{ours}");
        seen += 1;
    }
    assert!(seen > 20, "{seen} idioms");
}

fn texts(directory: &Path, text: &mut String) {
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            texts(&path, text);
        } else {
            *text += &fs::read_to_string(path).unwrap();
        }
    }
}

#[test]
fn links_lead_to_files_and_headings() {
    let mut wrong = Vec::new();
    for page in pages() {
        let text = fs::read_to_string(&page).unwrap();
        for link in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let (path, heading) = link.split_once('#').unwrap_or((link, ""));
            let file =
                if path.is_empty() { page.clone() } else { page.parent().unwrap().join(path) };
            let is_there = file.exists()
                && (heading.is_empty() || headings(&file).any(|known| known == heading));
            if !link.contains("://") && !is_there {
                wrong.push(format!("{}: {link}", page.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The anchors of a page's headings, as GitHub makes them.
fn headings(page: &Path) -> impl Iterator<Item = String> {
    let text = fs::read_to_string(page).unwrap();
    let headings: Vec<String> = text
        .lines()
        .filter_map(|line| line.strip_prefix('#'))
        .map(|line| line.trim_start_matches('#').trim().to_lowercase().replace(' ', "-"))
        .map(|line| line.replace(|c: char| !c.is_alphanumeric() && c != '-' && c != '_', ""))
        .collect();
    headings.into_iter()
}

#[test]
fn a_wrong_block_is_found() {
    let root = copy_of_the_repository("wrong");
    let found = |page: &str| {
        let mut printed = None;
        let blocks = blocks(page);
        blocks.iter().find_map(|block| judge(&root, block, &mut printed).err()).is_some()
    };
    for (page, is_wrong) in [
        ("```yaml\ncluster: {enabled: true}\n```\n", false),
        ("```yaml\ncluster: {enabld: true}\n```\n", true),
        ("```yaml\ncluster: {replicas: 5}\n```\n", true),
        ("```yaml wrong\ncluster: {enabled: true}\n```\n", true),
        ("```yaml\n# chart: nats/nats-operator\nscope: namespace\n```\n", false),
        ("```yaml\napiVersion: v1\nkind: Service\nmetadata: {name: A}\n```\n", true),
        ("```yaml file a/b.yaml\na: [\n```\n", true),
        ("```yaml file examples/fleet/fleet.yaml\nreleases: []\n```\n", true),
        ("```\nwhat is this?\n```\n", true),
        ("```sh\njinnacle validate gone.yaml\n```\n", true),
        ("```sh\njinnacle validate gone.yaml # status 2\n```\n", false),
        ("```sh\njinnacle --version | cat\n```\n\n```text\njinnacle 9\n```\n", true),
        ("```sh\necho hello\n```\n\n```text\nhello\n```\n", false),
        ("```sh\necho hello\n```\nWords.\n```text\nhello\n```\n", true),
        ("```sh\necho 'a: 1' | kubectl apply -f -\n```\n", true),
        ("```sh\nno-such-program\n```\n", true),
    ] {
        assert_eq!(found(page), is_wrong, "{page}");
    }
    fs::remove_dir_all(root).unwrap();
}

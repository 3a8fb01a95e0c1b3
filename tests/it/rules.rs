//! What stays in step: rules and their pages.

use std::path::{Path, PathBuf};

use jinnacle::chart::owner::Owner;
use jinnacle::commands::Cli;
use jinnacle::diagnostic::{RuleId, Sink, rules};
use jinnacle::policy::Policy;
use jinnacle::source::Source;
use jinnacle::{chart, commands, nats, validate};

/// The ids of the rules that the program's source uses.
fn ids_in(directory: &Path, ids: &mut Vec<RuleId>) {
    for entry in std::fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            ids_in(&path, ids);
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap();
        let code = text.split("#[cfg(test)]").next().unwrap();
        let words = code.split("rule!(").skip(1).filter_map(|word| word.split('"').nth(1));
        ids.extend(words.filter_map(|word| word.parse::<RuleId>().ok()));
    }
}

/// The sources of the crates that the program is made of.
fn crates() -> impl Iterator<Item = PathBuf> {
    std::fs::read_dir("crates").unwrap().map(|entry| entry.unwrap().path().join("src"))
}

#[test]
fn every_page_is_about_a_rule_that_is_used() {
    let mut used = Vec::new();
    for sources in std::iter::once("src".into()).chain(crates()) {
        ids_in(&sources, &mut used);
    }
    let unused: Vec<RuleId> = RuleId::all().filter(|id| !used.contains(id)).collect();
    assert!(unused.is_empty(), "docs/rules.md has pages of {unused:?}");
}

#[test]
fn a_page_says_what_why_an_example_and_what_to_write() {
    for page in rules::pages() {
        let parts: Vec<&str> = page.text.split("```").collect();
        assert_eq!(parts.len(), 3, "{}: one example", page.id);
        let before: Vec<&str> = parts[0].trim().split("\n\n").collect();
        assert!(before.len() >= 2, "{}: what and why", page.id);
        assert!(before[0].ends_with('.') && !before[0].contains('\n'), "{}: one line", page.id);
        assert!(!parts[2].trim().is_empty(), "{}: what to write", page.id);
    }
}

#[test]
fn an_example_of_a_template_breaks_its_rule() {
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join("rules");
    std::fs::create_dir_all(directory.join("templates")).unwrap();
    std::fs::write(directory.join("Chart.yaml"), "apiVersion: v2\nname: app\nversion: 1.0.0\n")
        .unwrap();
    std::fs::write(directory.join("values.yaml"), "name: a\na: x\nb: y\naffinity: {a: b}\n")
        .unwrap();
    let mut seen = 0;
    for page in rules::pages() {
        let Some(example) = page.text.split("```jinja\n").nth(1) else { continue };
        let lines = example.split("```").next().unwrap().lines();
        let data: String = lines.map(|line| format!("  {line}\n")).collect();
        let text = format!("apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: a}}\ndata:\n{data}");
        std::fs::write(directory.join("templates/a.yaml.j2"), text).unwrap();
        let cli =
            Cli::from_words(["jinnacle", "template", "r", directory.to_str().unwrap()]).unwrap();
        let found = commands::run(cli).diagnostics;
        let rules: Vec<RuleId> = found.iter().map(|finding| finding.rule).collect();
        assert!(rules.contains(&page.id), "{}: {rules:?}", page.id);
        seen += 1;
    }
    assert!(seen > 12, "{seen} examples");
}

#[test]
fn an_example_for_check_breaks_its_rule() {
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join("check");
    std::fs::create_dir_all(&directory).unwrap();
    let mut seen = 0;
    for page in rules::pages() {
        for (fence, name) in [("```yaml manifest\n", "example.yaml"), ("```conf\n", "example.conf")]
        {
            let Some(example) = page.text.split(fence).nth(1) else { continue };
            let file = directory.join(name);
            std::fs::write(&file, example.split("```").next().unwrap()).unwrap();
            let cli = Cli::from_words(["jinnacle", "check", file.to_str().unwrap()]).unwrap();
            let found = commands::run(cli).diagnostics;
            let rules: Vec<RuleId> = found.iter().map(|finding| finding.rule).collect();
            assert_eq!(rules, [page.id]);
            seen += 1;
        }
    }
    assert!(seen > 15, "{seen} examples");
}

#[test]
fn an_example_of_values_breaks_its_rule() {
    let chart = chart::load("nats/nats", &nats::CHARTS, &mut Sink::new()).unwrap();
    let mut seen = 0;
    for page in rules::pages() {
        let Some(example) = page.text.split("```yaml\n").nth(1) else { continue };
        let example = example.split("```").next().unwrap();
        let sources = [Source::new("example.yaml", example)];
        let nobody = |_: &Path| Owner::Nobody;
        let found = Sink::of(|sink| validate::files(&chart, &sources, false, nobody, sink));
        let policy = Policy { deny: vec![page.id], ..Policy::default() };
        let rules: Vec<RuleId> = policy.judge(found).iter().map(|finding| finding.rule).collect();
        assert!(rules.contains(&page.id), "{}: {rules:?}", page.id);
        seen += 1;
    }
    assert!(seen > 40, "{seen} examples");
}

//! What stays in step: rules and their pages.

use std::path::Path;

use jinnacle::diagnostic::rules;
use jinnacle::policy::{self, Policy};
use jinnacle::source::Source;
use jinnacle::{chart, check, nats_conf, validate};

/// Every rule id between quotes in the program's source, tests excepted.
fn ids_in(folder: &Path, ids: &mut Vec<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            ids_in(&path, ids);
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap();
        let code = text.split("#[cfg(test)]").next().unwrap();
        for word in code.split('"').skip(1) {
            let Some((stage, problem)) = word.split_once('/') else { continue };
            let letters = |part: &str| {
                !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b == b'-')
            };
            if STAGES.contains(&stage) && letters(problem) && !word.starts_with("nats/nats") {
                ids.push(word.to_owned());
            }
        }
    }
}

/// What stands before the slash.
const STAGES: [&str; 17] = [
    "schema",
    "values",
    "yaml",
    "config",
    "cli",
    "release",
    "fleet",
    "krm",
    "nats",
    "nats-conf",
    "chart",
    "template",
    "manifest",
    "lint",
    "kubernetes",
    "operator",
    "natscluster",
];

#[test]
fn every_rule_has_a_page_and_every_page_a_rule() {
    let mut used = Vec::new();
    ids_in(Path::new("src"), &mut used);
    let known: Vec<&str> = policy::ids().collect();
    let without_page: Vec<&String> =
        used.iter().filter(|id| !known.contains(&id.as_str())).collect();
    assert!(without_page.is_empty(), "write sections of docs/rules.md for {without_page:?}");
    let without_rule: Vec<&&str> =
        known.iter().filter(|id| used.iter().all(|used| used != *id)).collect();
    assert!(without_rule.is_empty(), "docs/rules.md speaks of {without_rule:?}");
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
fn an_example_of_values_breaks_its_rule() {
    let chart = chart::load("nats/nats", &mut Vec::new()).unwrap();
    let mut seen = 0;
    for page in rules::pages() {
        let Some(example) = page.text.split("```yaml\n").nth(1) else { continue };
        let example = example.split("```").next().unwrap();
        let found = validate::validate(&chart, &[Source::new("example.yaml", example)]);
        let policy = Policy { deny: vec![page.id.to_owned()], ..Policy::default() };
        let rules: Vec<&str> = policy.judge(found).iter().map(|finding| finding.rule).collect();
        assert!(rules.contains(&page.id), "{}: {rules:?}", page.id);
        seen += 1;
    }
    assert!(seen > 40, "{seen} examples");
    assert!(nats_conf::RULES.iter().chain(check::RULES).all(|(_, doc)| !doc.is_empty()));
}

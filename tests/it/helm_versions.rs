//! What Helm 3 and Helm 4 do differently: a chart for each difference in `tests/cases/helm-versions`, what both versions
//! of Helm printed for it (nothing if they refuse it), and what `diff --helm-versions` says of it.
//!
//! `args` are arguments for both commands, `template-args` for `template` alone.

use std::fs;
use std::path::{Path, PathBuf};

use jinnacle::commands::{self, Cli, Command, Outcome};
use jinnacle::diagnostic::{has_errors, write_full};
use jinnacle::release::Difference;

const CASES: &str = "tests/cases/helm-versions";

fn run(words: &[String]) -> Outcome {
    let program = std::iter::once("jinnacle".to_owned());
    commands::run(Cli::from_words(program.chain(words.iter().cloned())).unwrap())
}

/// Stdout, then what is said on stderr.
fn printed(outcome: Outcome) -> String {
    let mut said = anstream::StripStream::new(Vec::new());
    write_full(&mut said, &outcome.diagnostics).unwrap();
    let failure = outcome.failure.map_or_else(String::new, |error| format!("{error:#}\n"));
    let said = String::from_utf8(said.into_inner()).unwrap();
    format!("{}{said}{failure}{}\n", outcome.stdout, outcome.summary.unwrap_or_default())
}

fn strings(words: &[&str]) -> Vec<String> {
    words.iter().map(|&word| word.to_owned()).collect()
}

fn cases() -> Vec<PathBuf> {
    let mut cases: Vec<_> = fs::read_dir(CASES).unwrap().map(|it| it.unwrap().path()).collect();
    cases.sort();
    cases
}

/// The words of a file of a case, which need not be there.
fn arguments(case: &Path, file: &str) -> Vec<String> {
    let text = fs::read_to_string(case.join(file)).unwrap_or_default();
    text.split_whitespace().map(str::to_owned).collect()
}

/// The arguments of a case for both commands, behind the chart.
fn common(case: &Path) -> Vec<String> {
    let mut words = arguments(case, "args");
    let values = case.join("values.yaml");
    if values.is_file() {
        words.extend(["-f".to_owned(), values.to_str().unwrap().to_owned()]);
    }
    words
}

#[test]
fn every_difference_has_a_case() {
    let cases = cases();
    for difference in Difference::ALL {
        let has = cases.iter().any(|case| case.file_name().unwrap() == difference.name());
        assert!(has, "no case for `{}`", difference.name());
    }
}

#[test]
fn both_versions_print_what_helm_prints() {
    for case in cases() {
        let chart = case.join("app");
        for version in ["3", "4"] {
            let words = ["template", "app", chart.to_str().unwrap(), "--helm-version", version];
            let more = [common(&case), arguments(&case, "template-args")].concat();
            let outcome = run(&[strings(&words), more].concat());
            let expected = fs::read_to_string(case.join(format!("helm-{version}.txt"))).unwrap();
            assert_eq!(outcome.stdout, expected, "{} as Helm {version}", case.display());
            let is_refused = has_errors(&outcome.diagnostics);
            assert_eq!(is_refused, expected.is_empty(), "{} as Helm {version}", case.display());
        }
    }
}

#[test]
fn each_difference_is_shown_with_its_reason() {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(concat!(env!("CARGO_MANIFEST_DIR"), "/snapshots/helm-versions"));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    for case in cases() {
        let chart = case.join("app");
        let words = ["diff", "--helm-versions", "3,4", "--name", "app", chart.to_str().unwrap()];
        let outcome = run(&[strings(&words), common(&case)].concat());
        let name = case.file_name().unwrap().to_str().unwrap();
        // There is no post-renderer in `diff`.
        assert_eq!(outcome.differs, name != "post-renderer", "{name}");
        settings.bind(|| insta::assert_snapshot!(name, printed(outcome)));
    }
}

#[test]
fn many_charts_are_compared_in_one_run() {
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join("helm-versions");
    let _ = fs::remove_dir_all(&directory);
    let write = |path: &str, text: &str| {
        let path = directory.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    let object = |name: &str, value: &str| {
        format!("apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {name}\ndata:\n  a: {value}\n")
    };
    for name in ["same", "broken", "group/other", "library"] {
        let kind = if name == "library" { "library" } else { "application" };
        write(
            &format!("charts/{name}/Chart.yaml"),
            &format!("apiVersion: v2\nname: app\nversion: 1.0.0\ntype: {kind}\n"),
        );
    }
    write("charts/same/templates/a.yaml", &object("a", "{{ randAlphaNum 8 }}"));
    write("charts/broken/templates/a.yaml", &object("a", "{{ .Values.x.y }}"));
    write("charts/group/other/templates/a.yaml", &object("a", "{{ typeOf .Values }}"));
    write("charts/README.md", "charts\n");
    write(
        "matrix.yaml",
        "defaults: {chart: charts/group/other}\nreleases:\n- name: eu\n- name: us\n  chart: charts/same\n",
    );
    let place = directory.to_str().unwrap();
    let shown = |words: &[&str]| {
        let words: Vec<String> = words.iter().map(|word| word.replace('@', place)).collect();
        let outcome = run(&words);
        (outcome.differs, printed(outcome).replace(place, "@"))
    };
    let (differs, text) = shown(&["diff", "--helm-versions", "3,4", "@/charts"]);
    assert!(differs);
    let first =
        "==> @/charts/group/other\ntypes have other names in Helm 4, such as `common.Values`\n";
    assert!(text.starts_with(first), "{text}");
    let last = "compared 3 charts with Helm 3 and Helm 4; different: @/charts/group/other; with errors: @/charts/broken\n";
    assert!(text.ends_with(last) && text.contains("broken/templates/a.yaml:6:"), "{text}");
    let (differs, text) = shown(&["diff", "--helm-versions", "3,4", "--matrix", "@/matrix.yaml"]);
    let last = "compared 2 releases with Helm 3 and Helm 4; different: eu\n";
    assert!(differs && text.starts_with("==> eu\n") && text.ends_with(last), "{text}");
    let (differs, text) = shown(&["diff", "--helm-versions", "3,4", "@/charts/same"]);
    assert_eq!(text, "compared 1 chart with Helm 3 and Helm 4: no differences\n");
    assert!(!differs);
    let (_, text) = shown(&["diff", "--helm-versions", "3,4", "@/none"]);
    assert!(text.contains("neither a directory nor an archive"), "{text}");
}

#[test]
fn other_formats_have_the_reasons_too() {
    let shown = |case: &str, format: &str| {
        let chart = format!("{CASES}/{case}/app");
        run(&strings(&["diff", "--helm-versions", "3,4", &chart, "--format", format])).stdout
    };
    let json: serde_json::Value = serde_json::from_str(&shown("type-names", "json")).unwrap();
    assert_eq!(json[0]["path"], "data.values");
    assert_eq!(json[0]["reasons"][0]["name"], "type-names");
    let json: serde_json::Value = serde_json::from_str(&shown("functions", "json")).unwrap();
    assert_eq!(json[0]["refusedBy"], "Helm 3");
    assert_eq!(json[0]["place"]["line"], 6);
    let line = shown("chart-api-version", "github");
    assert!(line.starts_with("::error file=tests/cases/helm-versions/"), "{line}");
    assert!(shown("chart-map", "github").starts_with("::notice file="));
}

#[test]
fn flags_that_helm_4_renamed_are_taken_with_a_note() {
    let page = fs::read_to_string("docs/helm-versions.md").unwrap();
    let chart = format!("{CASES}/build-info/app");
    for flag in [
        "--atomic",
        "--force",
        "--hide-notes",
        "--render-subchart-notes",
        "--dry-run",
        "--dry-run=true",
        "--dry-run=false",
        "--dry-run=none",
        "--wait=true",
        "--wait=false",
    ] {
        let words = ["template", &chart, flag];
        let Command::Template(args) =
            Cli::from_words(["jinnacle"].iter().chain(&words)).unwrap().command
        else {
            panic!("{flag}");
        };
        let (name, remedy) = args.helm.deprecated()[0];
        assert!(page.contains(&format!("| `{name}` | {remedy} |")), "{name}: {remedy}");
        let said = printed(run(&strings(&words)));
        assert!(said.contains(&format!("`{name}`: deprecated in Helm 4")), "{said}");
        let three = run(&[strings(&words), strings(&["--helm-version", "3"])].concat());
        assert!(three.diagnostics.is_empty(), "{flag} as Helm 3");
    }
    for flag in
        ["--wait", "--wait=hookOnly", "--server-side=false", "--force-conflicts", "--force-replace"]
    {
        assert!(run(&strings(&["template", &chart, flag])).diagnostics.is_empty(), "{flag}");
    }
}

#[test]
fn flags_of_all_helm_commands_are_taken_by_all() {
    let chart = format!("{CASES}/build-info/app");
    let directory = env!("CARGO_TARGET_TMPDIR");
    for command in [
        vec!["template", &chart],
        vec!["lint", &chart],
        vec!["show", "values", &chart],
        vec!["dependency", "list", &chart],
        vec!["package", &chart, "-d", directory],
    ] {
        let flags =
            ["--debug", "--content-cache", "x", "--burst-limit=5", "--kube-as-group=a", "-nx"];
        let outcome = run(&strings(&[&command[..], &flags].concat()));
        assert!(!has_errors(&outcome.diagnostics) && outcome.failure.is_none(), "{command:?}");
    }
}

#[test]
fn the_page_has_a_row_for_each_difference() {
    let page = fs::read_to_string("docs/helm-versions.md").unwrap();
    for difference in Difference::ALL {
        let (name, reason, remedy) = (difference.name(), difference.reason(), difference.remedy());
        let row = format!("| `{name}` | {reason} | {remedy} |");
        assert!(page.contains(&row), "docs/helm-versions.md needs\n{row}");
    }
}

//! Every recorded template of the corpus, compared with what Helm made of it, for Helm 3 and Helm 4.

use std::path::{Path, PathBuf};

use bumpalo::Bump;
use go_template::{Limits, Runtime, Value};
use jinnacle_functions::time::Moment;
use jinnacle_functions::yaml::{self, Tree};
use jinnacle_helm::engine::{self, ChartTree, File, Input};
use jinnacle_helm::objects::{Capabilities, Chart, Release};
use jinnacle_helm::{HelmVersion, Host, from_tree, functions};
use serde_json::Value as Json;

const OUT: &str = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: out}\ndata:\n  out: {{ include \"t/templates/_case.tpl\" . | toJson }}\n";

#[test]
fn templates_of_the_corpus() {
    let Some(corpus) = corpus() else {
        println!("skipped: there is no shared/corpus/gotmpl beside the checkout");
        return;
    };
    let only = std::env::var("ONLY").unwrap_or_default();
    let pool = std::fs::read_to_string(corpus.join("values.yaml")).unwrap();
    let (mut passed, mut failed) = (0, 0);
    // Templates nest deep, and a frame of a debug build is large.
    let deep = std::thread::Builder::new().stack_size(2 << 30).spawn(move || {
        let mut files: Vec<PathBuf> = ["calls", "families", "traps", "programs"]
            .map(|file| corpus.join(format!("{file}.jsonl")))
            .into();
        // Cases of one's own, laid out in the same way.
        if let Some(cases) = std::env::var_os("CASES") {
            files = vec![cases.into()];
        }
        for file in files {
            let text = std::fs::read_to_string(file).unwrap();
            for line in text.lines() {
                let case: Json = serde_json::from_str(line).unwrap();
                let id = case["id"].as_str().unwrap();
                if !id.contains(&only) {
                    continue;
                }
                for version in [HelmVersion::THREE, HelmVersion::FOUR] {
                    match check(&case, &pool, version) {
                        Ok(()) => passed += 1,
                        Err(why) => {
                            failed += 1;
                            println!("FAIL {id} {version:?} {:?}\n     {why}", case["template"]);
                        }
                    }
                }
            }
        }
        (passed, failed)
    });
    (passed, failed) = deep.unwrap().join().unwrap();
    println!("{passed} passed, {failed} failed");
    assert!(passed > 0 && failed == 0);
}

fn corpus() -> Option<PathBuf> {
    let above = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../..");
    let corpus = above.join("shared/corpus/gotmpl");
    corpus.join("values.yaml").exists().then_some(corpus)
}

fn check(case: &Json, pool: &str, version: HelmVersion) -> Result<(), String> {
    let (mut out, mut error) = (&case["out"], &case["error"]);
    if version == HelmVersion::FOUR && !(case["out4"].is_null() && case["error4"].is_null()) {
        (out, error) = (&case["out4"], &case["error4"]);
    }
    let values = case["values"].as_str().filter(|text| !text.is_empty()).unwrap_or(pool);
    let result = render(case["template"].as_str().unwrap(), values, version);
    match (result, out.as_str(), error.as_str()) {
        (Ok(here), Some(there), _) if here == there => Ok(()),
        (Ok(here), Some(there), _) => Err(format!("want {there:?}\n     got  {here:?}")),
        (Ok(here), None, Some(error)) => Err(format!("it renders {here:?}\n     Helm: {error}")),
        (Err(here), Some(there), _) => Err(format!("want {there:?}\n     got error {here}")),
        (Err(here), None, Some(error)) => {
            let exact = std::env::var("EXACT").is_ok();
            let last = |text: &str| {
                text.rmatch_indices("_case.tpl:").next().map(|(at, _)| {
                    text[at..]
                        .chars()
                        .take_while(|c| !c.is_whitespace())
                        .filter(|c| *c != ')')
                        .collect::<String>()
                })
            };
            let line = |text: &str| {
                last(text).and_then(|place| place.split(':').nth(1).map(str::to_owned))
            };
            if if exact {
                here == error
            } else {
                line(error).is_none() || line(&here) == line(error)
            } {
                Ok(())
            } else {
                Err(format!("error {here}\n     Helm: {error}"))
            }
        }
        _ => Err("a case without an outcome".to_owned()),
    }
}

fn render(template: &str, values: &str, version: HelmVersion) -> Result<String, String> {
    let arena = Bump::new();
    let host = Host::new(version, Moment::at(1_700_000_000), "seed");
    let functions = functions(version);
    let mut rt = Runtime::new(&arena, &functions, &host, Limits::default());
    let mut tree = yaml::read(values.as_bytes())?;
    if version == HelmVersion::FOUR {
        without_nulls(&mut tree);
    }
    let Value::Map(values, _) = from_tree(&rt, &tree) else { return Err("no values".to_owned()) };
    let file = |name, bytes| File { name, bytes };
    let chart = ChartTree {
        metadata: Chart {
            name: "t".to_owned(),
            version: "1.2.3".to_owned(),
            app_version: "4.5".to_owned(),
            description: "a chart".to_owned(),
            keywords: vec!["k1".to_owned(), "k2".to_owned()],
            api_version: "v2".to_owned(),
            is_root: true,
            ..Chart::default()
        },
        templates: vec![
            file("templates/out.yaml", OUT.as_bytes()),
            file("templates/_case.tpl", template.as_bytes()),
        ],
        files: vec![file("conf/a.txt", b"one\ntwo\n"), file("conf/b.bin", b"\x00\x01\xff")],
        children: Vec::new(),
    };
    let release = Release {
        name: "r".to_owned(),
        namespace: "ns".to_owned(),
        revision: 1,
        is_upgrade: false,
    };
    let capabilities = capabilities(version);
    let input = Input {
        chart: arena.alloc(chart),
        values,
        release: arena.alloc(release),
        capabilities: arena.alloc(capabilities),
        version,
    };
    let outcome = engine::render(&mut rt, input);
    if let Some(failure) = outcome.failures.first() {
        return Err(failure.to_string());
    }
    let text = String::from_utf8_lossy(&outcome.rendered[0].text).into_owned();
    let line = text.lines().find_map(|line| line.strip_prefix("  out: ")).ok_or("no output")?;
    serde_json::from_str(line).map_err(|error| format!("{error}: {line}"))
}

/// Helm 4 drops the nulls of a chart's own values, those in lists aside.
fn without_nulls(tree: &mut Tree) {
    if let Tree::Map(entries) = tree {
        entries.retain(|(_, value)| *value != Tree::Null);
        entries.iter_mut().for_each(|(_, value)| without_nulls(value));
    }
}

fn capabilities(version: HelmVersion) -> Capabilities {
    let list =
        std::fs::read_to_string(corpus().unwrap().join("../helm-capabilities.json")).unwrap();
    let list: Json = serde_json::from_str(&list).unwrap();
    let list = &list[if version == HelmVersion::THREE { "helm3" } else { "helm4" }];
    let text = |name: &str| list["HelmVersion"][name].as_str().unwrap_or_default().to_owned();
    let versions = list["APIVersions"].as_array().unwrap().iter();
    Capabilities {
        kube_version: "v1.32.0".to_owned(),
        kube_major: "1".to_owned(),
        kube_minor: "32".to_owned(),
        api_versions: versions.map(|version| version.as_str().unwrap().to_owned()).collect(),
        helm_version: text("version"),
        git_commit: String::new(),
        git_tree_state: String::new(),
        go_version: text("go_version"),
        kube_client_version: text("kube_client_version"),
    }
}

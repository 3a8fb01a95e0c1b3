//! `validate`: cases with their whole reports, and a proof by mutation that no misspelling gets through.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;

use jinnacle::chart::owner::{self, Owner};
use jinnacle::chart::{self, Chart};
use jinnacle::diagnostic::{Diagnostic, Sink, apply, rule, write_full};
use jinnacle::policy::Policy;
use jinnacle::source::Source;
use jinnacle::yaml::{Kind, Limits, Map, Node, read};
use jinnacle::{nats, validate};

fn nats() -> Chart {
    chart::load("nats/nats", &nats::CHARTS, &mut Sink::new()).unwrap()
}

/// What `jinnacle validate` has to say of a text.
fn findings(chart: &Chart, source: &Arc<Source>) -> Vec<Diagnostic> {
    let strict = source.text().lines().any(|line| line == "# strict");
    let policy = Policy { strict, ..Policy::default() };
    let sources = std::slice::from_ref(source);
    let nobody = |_: &Path| Owner::Nobody;
    policy.judge(Sink::of(|sink| validate::files(chart, sources, false, nobody, sink)))
}

fn files(directory: &str) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

/// A case is a values file, or manifests of the operator; a line `# strict` turns everything on. The snapshot has the findings, and the
/// file as `--fix` leaves it, if that changes anything.
#[test]
fn values_get_these_reports() {
    let chart = nats();
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(concat!(env!("CARGO_MANIFEST_DIR"), "/snapshots/validate"));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| {
        for file in files("tests/cases/validate") {
            let name = file.file_stem().unwrap().to_str().unwrap();
            let text = std::fs::read_to_string(&file).unwrap();
            let source = Source::new(file.to_str().unwrap(), text.as_str());
            let found = findings(&chart, &source);
            assert!(!found.is_empty(), "{name} has no finding");
            let mut words = anstream::StripStream::new(Vec::new());
            write_full(&mut words, &found).unwrap();
            let mut report = String::from_utf8(words.into_inner()).unwrap();
            let fixed = fixed(&chart, &text, name);
            if fixed != text {
                report += &format!("--- after --fix\n{fixed}");
            }
            insta::assert_snapshot!(name, report);
        }
    });
}

/// The Chart.yaml beside a file, or above it, says whose values it holds.
#[test]
fn values_of_other_charts_are_skipped() {
    let root = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("owners");
    let write = |path: &str, text: &str| {
        let file = root.join(path);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(&file, text).unwrap();
        Source::new(file.to_str().unwrap(), text)
    };
    std::fs::create_dir_all(root.join(".git")).unwrap();
    write("web/Chart.yaml", "{apiVersion: v2, name: web, version: 1.0.0}");
    write(
        "bus/Chart.yaml",
        "{apiVersion: v2, name: bus, version: 1.0.0, dependencies: [{name: nats, version: 0.19.17, \
         repository: 'https://nats-io.github.io/k8s/helm/charts/', alias: hub, condition: hub.enabled}]}",
    );
    let sources = [
        write("web/values.yaml", "replicaCount: 3\n"),
        write("web/ci/test-values.yaml", "image: {tag: x}\n"),
        write("bus/values.yaml", "own: 1\nhub:\n  enabled: true\n  nats: {imgae: x}\n"),
        write("values.yaml", "replicaCount: 3\n"),
    ];
    let owner = |file: &Path| owner::of(file, &nats::CHARTS);
    let found = Sink::of(|sink| validate::files(&nats(), &sources, false, owner, sink));
    let mut words: Vec<String> = found
        .iter()
        .map(|finding| {
            let place = finding.span.as_ref().map(|span| span.place().line);
            format!("{} {} {place:?}", finding.severity.word(), finding.rule)
        })
        .collect();
    words.sort();
    assert_eq!(
        words,
        [
            "error schema/unknown-key Some(4)",
            "error values/other-generation Some(1)",
            "note values/other-chart None",
        ]
    );
    let skipped = found.iter().find(|finding| finding.rule == rule!("values/other-chart")).unwrap();
    assert!(skipped.message.contains("2 files"), "{}", skipped.message);
}

/// What `--fix` makes of a text: it goes on until nothing is left, never in a circle, and breaks nothing.
fn fixed(chart: &Chart, text: &str, name: &str) -> String {
    let mut text = text.to_owned();
    for _ in 0..50 {
        let source = Source::new("fixed.yaml", text.as_str());
        let (next, made) = apply(&source, &findings(chart, &source));
        if made == 0 {
            assert_eq!(next, text, "{name}");
            return text;
        }
        text = next;
    }
    panic!("{name}: fixing does not end");
}

/// The defaults, the examples, and the values in the README and the recipes.
fn good_files() -> Vec<Arc<Source>> {
    let mut all = vec!["values/nats.yaml".into()];
    all.extend(files("values/examples"));
    let mut sources: Vec<Arc<Source>> = all
        .iter()
        .map(|path: &PathBuf| {
            Source::new(path.to_str().unwrap(), std::fs::read_to_string(path).unwrap())
        })
        .collect();
    for page in ["README.md", "docs/recipes.md"] {
        let text = std::fs::read_to_string(page).unwrap();
        for (n, block) in text.split("```yaml").skip(1).enumerate() {
            let (fence, rest) = block.split_once('\n').unwrap();
            let text = rest.split("```").next().unwrap();
            let is_other = fence.contains(" wrong") || fence.contains(" file");
            if !is_other && !text.contains("apiVersion:") {
                sources.push(Source::new(format!("{page}, example {n}"), text));
            }
        }
    }
    sources
}

#[test]
fn what_we_show_has_no_finding() {
    let chart = nats();
    for source in good_files() {
        let other = source.text().lines().find_map(|line| line.strip_prefix("# chart: "));
        let other =
            other.map(|name| chart::load(name.trim(), &nats::CHARTS, &mut Sink::new()).unwrap());
        let found = findings(other.as_ref().unwrap_or(&chart), &source);
        assert!(found.is_empty(), "{}: {found:#?}", source.name());
    }
}

/// Every key of what we show, misspelt by one letter, is reported at its own place. Free keys, such as
/// labels, cannot be misspelt.
#[test]
fn every_misspelt_key_is_reported_at_its_own_place() {
    let (chart, sources) = (nats(), good_files());
    let (keys, mutants) = thread::scope(|scope| {
        let proofs: Vec<_> = sources
            .iter()
            .filter(|source| !source.text().contains("\n# chart: "))
            .map(|source| scope.spawn(|| misspelt(&chart, source)))
            .collect();
        proofs
            .into_iter()
            .map(|proof| proof.join().unwrap())
            .fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1))
    });
    println!("{mutants} misspellings of {keys} keys are reported at their places");
    assert!(keys > 350 && mutants > 3000, "{keys} keys, {mutants} misspellings");
}

/// Misspells every key of a file: how many keys, and how many misspellings that were reported.
fn misspelt(chart: &Chart, source: &Arc<Source>) -> (usize, usize) {
    let (mut keys, mut mutants) = (0, 0);
    let root = read(source, &Limits::default()).unwrap().root;
    let mut places = Vec::new();
    collect(&root, &mut places);
    for (start, key) in places {
        // What may have any name is no key of the schema: one that nobody would write tells.
        if !is_reported(chart, source, start, &key, "qqqzzzqqqzzz") {
            continue;
        }
        keys += 1;
        // `url` for `urls` is another key, not a misspelt one.
        for mutation in mutations(&key).into_iter().filter(|word| !is_property(word)) {
            let reported = is_reported(chart, source, start, &key, &mutation);
            assert!(reported, "{}: `{mutation}` for `{key}` at byte {start}", source.name());
            mutants += 1;
        }
    }
    (keys, mutants)
}

fn is_property(word: &str) -> bool {
    include_str!("../../schemas/nats.json").contains(&format!("\"{word}\": {{"))
}

fn collect(node: &Node, places: &mut Vec<(usize, String)>) {
    match &node.kind {
        Kind::Map(map) => {
            for (key, entry) in Map::entries(map) {
                if entry.key.text() == key {
                    places.push((entry.key.start(), key.to_owned()));
                }
                collect(&entry.value, places);
            }
        }
        Kind::List(list) => list.iter().for_each(|item| collect(item, places)),
        _ => {}
    }
}

/// One letter left out, doubled, changed, or swapped with the next; at the begin, in the middle, at the end.
fn mutations(key: &str) -> Vec<String> {
    let letters: Vec<char> = key.chars().collect();
    let mut all = Vec::new();
    for at in [0, letters.len() / 2, letters.len() - 1] {
        let mut left_out = letters.clone();
        left_out.remove(at);
        let mut doubled = letters.clone();
        doubled.insert(at, letters[at]);
        let mut changed = letters.clone();
        changed[at] = if letters[at] == 'q' { 'z' } else { 'q' };
        let mut swapped = letters.clone();
        swapped.swap(at, (at + 1).min(letters.len() - 1));
        all.extend([left_out, doubled, changed, swapped]);
    }
    let mut words: Vec<String> = all.into_iter().map(String::from_iter).collect();
    words.sort();
    words.dedup();
    words.retain(|word| word != key && !word.is_empty());
    words
}

/// Whether a finding stands at the byte where a key was replaced.
fn is_reported(chart: &Chart, source: &Arc<Source>, start: usize, key: &str, new: &str) -> bool {
    let text = source.text();
    let text = format!("{}{new}{}", &text[..start], &text[start + key.len()..]);
    let source = Source::new("mutant.yaml", text);
    findings(chart, &source)
        .iter()
        .any(|finding| finding.span.as_ref().is_some_and(|span| span.start() == start))
}

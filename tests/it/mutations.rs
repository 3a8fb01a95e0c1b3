//! The files of this repository, damaged: whatever is read of them, nothing panics, nothing hangs, and what
//! is wrong stands at a place that there is. `PROPTEST_CASES` says how many are tried.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};

use jinnacle::commands;
use jinnacle::commands::Cli;
use jinnacle::diagnostic::{Diagnostic, Sink};
use jinnacle::nats_conf;
use jinnacle::release::HelmVersion;
use jinnacle::source::{Source, Span};
use jinnacle::values::{SetFlag, set};
use jinnacle::yaml::{Limits, Map, emit, read_documents};
use proptest::prelude::*;

/// As many cases as are asked for; few in the normal run of tests.
fn cases(few: u32) -> ProptestConfig {
    let cases =
        std::env::var("PROPTEST_CASES").ok().and_then(|text| text.parse().ok()).unwrap_or(few);
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

fn directory(name: &str) -> PathBuf {
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join("mutations").join(name);
    let _ = fs::remove_dir_all(&directory);
    fs::create_dir_all(&directory).unwrap();
    directory
}

/// The files below a directory of the repository whose names end in one of the suffixes.
fn corpus(directories: &[&str], suffixes: &[&str]) -> Vec<Vec<u8>> {
    fn below(directory: &Path, suffixes: &[&str], found: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(directory).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                below(&path, suffixes, found);
            } else if suffixes.iter().any(|suffix| path.to_string_lossy().ends_with(suffix)) {
                found.push(path);
            }
        }
    }
    let mut found = Vec::new();
    for directory in directories {
        below(&Path::new(env!("CARGO_MANIFEST_DIR")).join(directory), suffixes, &mut found);
    }
    found.sort();
    assert!(found.len() > 1, "{directories:?} {suffixes:?}");
    // Large files would take the time of many small ones.
    found.iter().map(|path| fs::read(path).unwrap()).filter(|bytes| bytes.len() < 20_000).collect()
}

static VALUES: LazyLock<Vec<Vec<u8>>> =
    LazyLock::new(|| corpus(&["tests/cases/nats", "tests/cases/invalid", "values"], &[".yaml"]));
static MANIFESTS: LazyLock<Vec<Vec<u8>>> =
    LazyLock::new(|| corpus(&["tests/cases/check", "tests/cases/operator"], &[".yaml"]));
static CONFIGURATIONS: LazyLock<Vec<Vec<u8>>> =
    LazyLock::new(|| corpus(&["tests/nats_conf"], &[".conf"]));
static TEMPLATES: LazyLock<Vec<Vec<u8>>> =
    LazyLock::new(|| corpus(&["templates", "tests/charts"], &[".j2"]));
static SCHEMAS: LazyLock<Vec<Vec<u8>>> =
    LazyLock::new(|| corpus(&["tests/charts", "scaffold"], &["schema.json"]));

/// One damage.
#[derive(Clone, Debug)]
enum Damage {
    Flip(prop::sample::Index, u8),
    Delete(prop::sample::Index, usize),
    Insert(prop::sample::Index, &'static str),
    Double(prop::sample::Index),
    Indent(prop::sample::Index, usize),
    Cut(prop::sample::Index),
    Splice(prop::sample::Index, prop::sample::Index),
}

/// What means something to one of the languages.
const SIGNS: &[&str] = &[
    "{",
    "}",
    "[",
    "]",
    "(",
    ")",
    ":",
    ": ",
    "- ",
    "\n",
    "\r\n",
    "\t",
    "\"",
    "'",
    "&a ",
    "*a",
    "<<: *a\n",
    "!!int ",
    "!x ",
    "|",
    ">-\n",
    "---\n",
    "...\n",
    "# ",
    "{{ ",
    " }}",
    "{% ",
    " %}",
    "{#",
    "%",
    "$",
    "$x",
    "include \"x\"",
    "\u{feff}",
    "\0",
    "\u{85}",
    "\u{2028}",
    "é",
    "😀",
    "null",
    "-1",
    "99999999999999999999",
    "1e999",
    ".inf",
    "\\",
    "\\u0000",
    ",",
    "=",
    "|",
    "?",
    "~",
    "@",
    "`",
];

fn damages() -> impl Strategy<Value = Vec<Damage>> {
    let at = any::<prop::sample::Index>;
    let damage = prop_oneof![
        2 => (at(), any::<u8>()).prop_map(|(at, byte)| Damage::Flip(at, byte)),
        2 => (at(), 1_usize..40).prop_map(|(at, length)| Damage::Delete(at, length)),
        5 => (at(), prop::sample::select(SIGNS)).prop_map(|(at, sign)| Damage::Insert(at, sign)),
        2 => at().prop_map(Damage::Double),
        2 => (at(), 0_usize..6).prop_map(|(at, blanks)| Damage::Indent(at, blanks)),
        1 => at().prop_map(Damage::Cut),
        2 => (at(), at()).prop_map(|(file, at)| Damage::Splice(file, at)),
    ];
    prop::collection::vec(damage, 1..5)
}

/// A file of a corpus, damaged.
fn damaged(corpus: &[Vec<u8>], which: prop::sample::Index, damages: &[Damage]) -> Vec<u8> {
    let mut bytes = which.get(corpus).clone();
    for damage in damages {
        if bytes.is_empty() {
            bytes.push(b'\n');
        }
        let line = |bytes: &[u8], at: &prop::sample::Index| {
            let at = at.index(bytes.len());
            let start =
                bytes[..at].iter().rposition(|b| *b == b'\n').map_or(0, |before| before + 1);
            let end = bytes[at..]
                .iter()
                .position(|b| *b == b'\n')
                .map_or(bytes.len(), |end| at + end + 1);
            start..end
        };
        match damage {
            Damage::Flip(at, byte) => {
                let at = at.index(bytes.len());
                bytes[at] ^= byte;
            }
            Damage::Delete(at, length) => {
                let start = at.index(bytes.len());
                let end = bytes.len().min(start + length);
                bytes.drain(start..end);
            }
            Damage::Insert(at, sign) => {
                let at = at.index(bytes.len());
                bytes.splice(at..at, sign.bytes());
            }
            Damage::Double(at) => {
                let line = line(&bytes, at);
                let copy = bytes[line.clone()].to_vec();
                bytes.splice(line.start..line.start, copy);
            }
            Damage::Indent(at, blanks) => {
                let start = line(&bytes, at).start;
                let old = bytes[start..].iter().take_while(|b| **b == b' ').count();
                bytes.splice(start..start + old, std::iter::repeat_n(b' ', *blanks));
            }
            Damage::Cut(at) => bytes.truncate(at.index(bytes.len())),
            Damage::Splice(file, at) => {
                let other = file.get(corpus);
                let (here, there) = (line(&bytes, at).start, line_start(other, at));
                bytes.truncate(here);
                bytes.extend_from_slice(&other[there..]);
            }
        }
    }
    bytes
}

fn line_start(bytes: &[u8], at: &prop::sample::Index) -> usize {
    if bytes.is_empty() {
        return 0;
    }
    bytes[..at.index(bytes.len())].iter().rposition(|b| *b == b'\n').map_or(0, |before| before + 1)
}

/// Each place is inside its source, at whole characters.
fn are_placed(diagnostics: &[Diagnostic]) {
    for diagnostic in diagnostics {
        let related = diagnostic.related.iter().map(|(span, _)| span);
        for span in diagnostic.span.iter().chain(related) {
            is_placed(span, diagnostic);
        }
        assert!(!diagnostic.message.contains('\n'), "{diagnostic:?}");
    }
}

fn is_placed(span: &Span, diagnostic: &Diagnostic) {
    let text = span.source().text();
    assert!(text.get(span.start()..span.end()).is_some(), "{diagnostic:?}");
    let place = span.place();
    assert!(place.line <= text.matches('\n').count() + 1, "behind the end: {diagnostic:?}");
}

/// Runs a command; what it finds has places.
fn run(words: &[&str]) {
    let cli = Cli::from_words(["jinnacle"].iter().chain(words)).unwrap();
    let outcome = commands::run(cli);
    are_placed(&outcome.diagnostics);
    if let Some(error) = outcome.failure {
        assert!(!error.to_string().is_empty(), "{words:?}");
    }
}

/// Writes a file into a directory of its own; its path as a word.
fn written(name: &str, bytes: &[u8]) -> String {
    let file = directory(name.split('.').next().unwrap()).join(name);
    fs::write(&file, bytes).unwrap();
    file.to_str().unwrap().to_owned()
}

/// What is read without a fault reads back from its own YAML.
fn reads_back(text: &str) {
    let source = Source::new("v.yaml", text);
    let (documents, errors) = read_documents(&source, &Limits::default());
    are_placed(&errors);
    for document in documents {
        are_placed(&document.warnings);
        let written = emit::to_yaml(&document.root);
        let (again, errors) =
            read_documents(&Source::new("again", written.as_str()), &Limits::default());
        assert!(errors.is_empty(), "{errors:?}\n{written}");
        let again = again.first().map(|document| emit::to_yaml(&document.root));
        assert_eq!(again.as_deref(), Some(written.as_str()));
    }
}

fn argument() -> impl Strategy<Value = String> {
    const PIECES: &[&str] = &[
        "a", "b", "nats", ".", "=", ",", "[", "]", "{", "}", "\\", "0", "1", "-1", "65536",
        "65537", "true", "null", "\"", " ", "é", "[0]", "[2].", "a.b=", "={", "\n", "1e3",
        "{\"a\":", "[1,", "'",
    ];
    prop::collection::vec(prop::sample::select(PIECES), 0..14).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(cases(48))]

    #[test]
    fn values(which: prop::sample::Index, damages in damages()) {
        let bytes = damaged(&VALUES, which, &damages);
        if let Ok(text) = str::from_utf8(&bytes) {
            reads_back(text);
        }
        let file = written("values.yaml", &bytes);
        run(&["validate", &file]);
        run(&["template", "r", "nats/nats", "-f", &file]);
    }

    #[test]
    fn fixes(which: prop::sample::Index, damages in damages()) {
        run(&["validate", "--fix", &written("fixes.yaml", &damaged(&VALUES, which, &damages))]);
    }

    #[test]
    fn manifests(which: prop::sample::Index, damages in damages()) {
        let file = written("manifests.yaml", &damaged(&MANIFESTS, which, &damages));
        run(&["check", &file]);
        run(&["diff", &file, &file]);
    }

    #[test]
    fn clusters(which: prop::sample::Index, damages in damages()) {
        let file = written("clusters.yaml", &damaged(&MANIFESTS, which, &damages));
        run(&["convert", &file]);
        run(&["convert", "--to", "values", &file]);
    }

    #[test]
    fn configurations(which: prop::sample::Index, damages in damages()) {
        let bytes = damaged(&CONFIGURATIONS, which, &damages);
        let source = Source::new("n.conf", String::from_utf8_lossy(&bytes));
        let parse_context = nats_conf::ParseContext::default();
        are_placed(&Sink::of(|sink| nats_conf::parse(&source, &parse_context, sink)));
        run(&["check", &written("configurations.conf", &bytes)]);
    }

    #[test]
    fn templates(which: prop::sample::Index, damages in damages()) {
        let chart = directory("templates");
        fs::create_dir(chart.join("templates")).unwrap();
        fs::write(chart.join("Chart.yaml"), "apiVersion: v2\nname: app\nversion: 1.0.0\n").unwrap();
        fs::write(chart.join("values.yaml"), "a: 1\nnats: {image: x, limits: {}, tls: {}}\ncluster: {enabled: true}\n").unwrap();
        let bytes = damaged(&TEMPLATES, which, &damages);
        for name in ["a.yaml.j2", "b.conf.j2", "_c.j2"] {
            fs::write(chart.join("templates").join(name), &bytes).unwrap();
        }
        let chart = chart.to_str().unwrap();
        run(&["template", "r", chart]);
        run(&["lint", chart]);
    }

    #[test]
    fn schemas(which: prop::sample::Index, damages in damages()) {
        let chart = directory("schemas");
        fs::write(chart.join("Chart.yaml"), "apiVersion: v2\nname: app\nversion: 1.0.0\n").unwrap();
        fs::write(chart.join("values.yaml"), "replicas: x\nimage: [1]\nservice: {port: -1}\n").unwrap();
        fs::write(chart.join("values.schema.json"), damaged(&SCHEMAS, which, &damages)).unwrap();
        run(&["template", "r", chart.to_str().unwrap()]);
    }

    #[test]
    fn arguments(arguments in prop::collection::vec(argument(), 1..4)) {
        for flag in [SetFlag::Typed, SetFlag::Text, SetFlag::Json, SetFlag::Literal, SetFlag::File] {
            let mut root = Map::new();
            for argument in &arguments {
                let source: Arc<Source> = Source::new(flag.flag(), argument.as_str());
                let mut gone = |path: &str| Err(format!("cannot read `{path}`"));
                if let Err(found) = set::apply(&mut root, &source, flag, HelmVersion::default(), &mut gone) {
                    are_placed(std::slice::from_ref(&found));
                    prop_assert!(found.span.is_some(), "{:?}", found);
                }
            }
        }
    }
}

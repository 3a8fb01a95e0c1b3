//! Odd and hostile charts: each gets a clear message, and nothing panics.

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::write::GzEncoder;
use jinnacle::chart;
use jinnacle::commands;
use jinnacle::commands::Cli;
use jinnacle::diagnostic::{Sink, Stopped};
use jinnacle::nats;
use proptest::prelude::*;

const METADATA: &str = "apiVersion: v2\nname: app\nversion: 1.0.0\n";

/// An empty directory for one test.
fn directory(name: &str) -> PathBuf {
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join("robustness").join(name);
    let _ = fs::remove_dir_all(&directory);
    fs::create_dir_all(&directory).unwrap();
    directory
}

/// A chart's directory with nothing but Chart.yaml.
fn bare(name: &str) -> PathBuf {
    let directory = directory(name).join("app");
    fs::create_dir_all(directory.join("templates")).unwrap();
    fs::write(directory.join("Chart.yaml"), METADATA).unwrap();
    directory
}

/// What is said of a chart that cannot be loaded; nothing when it can.
fn refusal(path: &Path) -> String {
    let mut sink = Sink::new();
    match chart::load(path.to_str().unwrap(), &nats::CHARTS, &mut sink) {
        Ok(_) => String::new(),
        Err(error) if error.is::<Stopped>() => {
            sink.iter().map(|finding| finding.message.as_str()).collect::<Vec<_>>().join("; ")
        }
        Err(error) => format!("{error:#}"),
    }
}

/// An archive of entries, whose paths are written as they are.
fn archive(file: &Path, entries: &[(&str, tar::EntryType, &[u8])]) {
    let mut tar = tar::Builder::new(GzEncoder::new(Vec::new(), Compression::fast()));
    for (path, kind, bytes) in entries {
        let mut header = tar::Header::new_gnu();
        header.as_mut_bytes()[..path.len()].copy_from_slice(path.as_bytes());
        header.set_entry_type(*kind);
        header.set_mode(0o644);
        header.set_size(bytes.len() as u64);
        if matches!(kind, tar::EntryType::Symlink | tar::EntryType::Link) {
            header.set_link_name("/etc/passwd").unwrap();
        }
        header.set_cksum();
        tar.append(&header, *bytes).unwrap();
    }
    fs::write(file, tar.into_inner().unwrap().finish().unwrap()).unwrap();
}

#[test]
fn archives_lead_nowhere_else() {
    use tar::EntryType::{Fifo, Link, Regular, Symlink};
    let file = directory("archives").join("app.tgz");
    let metadata = METADATA.as_bytes();
    let chart = ("app/Chart.yaml", Regular, metadata);
    let large = vec![0; 6 << 20];
    for (entries, said) in [
        (vec![chart], ""),
        (vec![chart, ("app/../../x", Regular, b"x")], "outside of a chart"),
        (vec![chart, ("/app/x", Regular, b"x")], "outside of a chart"),
        (vec![chart, ("app/templates/a.yaml", Symlink, b"")], "not a regular file"),
        (vec![chart, ("app/templates/a.yaml", Link, b"")], "not a regular file"),
        (vec![chart, ("app/pipe", Fifo, b"")], "not a regular file"),
        (vec![chart, ("app/a\\..\\b", Regular, b"x")], "outside of a chart"),
        (vec![("Chart.yaml", Regular, metadata)], "outside of a chart"),
        (vec![chart, ("app/large", Regular, large.as_slice())], "exceeds the size limit"),
        (vec![("app/values.yaml", Regular, b"a: 1")], "Chart.yaml is missing"),
        (vec![], "is empty"),
    ] {
        archive(&file, &entries);
        let found = refusal(&file);
        assert!(found.contains(said) && found.is_empty() == said.is_empty(), "{said}: {found}");
    }
    let many: Vec<String> = (0..10_001).map(|number| format!("app/files/{number}")).collect();
    let many: Vec<_> = many.iter().map(|path| (path.as_str(), Regular, b"".as_slice())).collect();
    archive(&file, &many);
    assert!(refusal(&file).contains("more than 10000 entries"), "{}", refusal(&file));
}

#[test]
fn broken_archives_are_named() {
    let file = directory("broken").join("app.tgz");
    archive(&file, &[("app/Chart.yaml", tar::EntryType::Regular, METADATA.as_bytes())]);
    let whole = fs::read(&file).unwrap();
    for end in [1, 2, 10, whole.len() / 2] {
        fs::write(&file, &whole[..end]).unwrap();
        assert!(refusal(&file).contains("app.tgz"), "{end}: {}", refusal(&file));
    }
    let mut bomb = GzEncoder::new(Vec::new(), Compression::best());
    bomb.write_all(&vec![0; 120 << 20]).unwrap();
    fs::write(&file, bomb.finish().unwrap()).unwrap();
    assert!(!refusal(&file).is_empty());
}

#[test]
fn folders_lead_nowhere_else() {
    let chart = bare("links");
    symlink("../Chart.yaml", chart.join("templates/inside.yaml")).unwrap();
    assert_eq!(refusal(&chart), "");
    symlink("/etc/hostname", chart.join("templates/outside.yaml")).unwrap();
    assert!(refusal(&chart).contains("leads out of the chart's directory"), "{}", refusal(&chart));
    fs::remove_file(chart.join("templates/outside.yaml")).unwrap();
    symlink("gone", chart.join("templates/gone.yaml")).unwrap();
    assert!(refusal(&chart).contains("gone.yaml"), "{}", refusal(&chart));
    fs::remove_file(chart.join("templates/gone.yaml")).unwrap();
    // Two links to the directory that they stand in would be 2^64 directories.
    symlink(".", chart.join("templates/one")).unwrap();
    symlink(".", chart.join("templates/two")).unwrap();
    assert!(refusal(&chart).contains("templates/"), "{}", refusal(&chart));
}

#[test]
fn large_and_odd_files_are_refused() {
    let chart = bare("odd");
    fs::write(chart.join("large"), vec![b'x'; (5 << 20) + 1]).unwrap();
    assert!(refusal(&chart).contains("exceeds the size limit"), "{}", refusal(&chart));
    fs::write(chart.join(".helmignore"), b"large\n\xff\n").unwrap();
    assert_eq!(refusal(&chart), "");
    fs::create_dir_all(chart.join("charts")).unwrap();
    fs::write(chart.join("charts/notes.md"), "no chart").unwrap();
    assert!(refusal(&chart).contains("charts/notes.md` is not a chart"), "{}", refusal(&chart));
    fs::rename(chart.join("charts/notes.md"), chart.join("charts/_notes.md")).unwrap();
    assert_eq!(refusal(&chart), "");
    fs::write(
        chart.join("values.yaml"),
        format!("a: {}{}", "[".repeat(20_000), "]".repeat(20_000)),
    )
    .unwrap();
    assert!(refusal(&chart).contains("nesting too deep"), "{}", refusal(&chart));
}

/// Bytes that are often, but not always, a text of the kind.
fn bytes(words: &'static [&'static str]) -> impl Strategy<Value = Vec<u8>> {
    let word = prop_oneof![
        8 => prop::sample::select(words).prop_map(|word| word.as_bytes().to_vec()),
        1 => prop::collection::vec(any::<u8>(), 0..4),
    ];
    prop::collection::vec(word, 0..24).prop_map(|words| words.concat())
}

const YAML: &[&str] = &[
    "a",
    ": ",
    "\n",
    "  ",
    "- ",
    "[",
    "]",
    "{",
    "}",
    "\"",
    "'",
    "&x ",
    "*x",
    "<<: *x",
    "|\n",
    ">-\n",
    "!!int ",
    "#",
    "---\n",
    "name",
    "version",
    "1",
    "é",
    "\t",
    "null",
    "dependencies: [{name: x}]\n",
];
const JSON: &[&str] = &[
    "{",
    "}",
    "[",
    "]",
    "\"type\"",
    ":",
    ",",
    "\"object\"",
    "\"$ref\"",
    "\"#\"",
    "\"x.json\"",
    "\"properties\"",
    "\"pattern\"",
    "\"(\"",
    "1",
    "null",
    "\"allOf\"",
    "\"additionalProperties\"",
    "false",
    "\"a\"",
    " ",
];
const JINJA: &[&str] = &[
    "a: ",
    "{{",
    "}}",
    "{%",
    "%}",
    "{#",
    "#}",
    " values",
    ".a",
    " if ",
    " for x in ",
    " endif ",
    "\n",
    "  ",
    "|",
    " include \"a.yaml.j2\" ",
    " import \"a.yaml.j2\" as x ",
    "(",
    ")",
    "[0]",
    "\"",
    "~",
    " set x = ",
    "-",
    "---\n",
];

/// Runs `template` and `lint` on a chart; only that they end is of interest.
fn run(chart: &Path) {
    let chart = chart.to_str().unwrap();
    for words in
        [vec!["template", "r", chart], vec!["lint", chart], vec!["package", chart, "-d", chart]]
    {
        let cli = Cli::from_words(["jinnacle"].iter().chain(&words)).unwrap();
        // A refusal is as good as a result.
        let _ = commands::run(cli);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_file_of_a_chart_is_too_odd(
        metadata in bytes(YAML), values in bytes(YAML), schema in bytes(JSON), jinja in bytes(JINJA), yaml in bytes(YAML),
    ) {
        let chart = bare("any");
        fs::write(chart.join("templates/a.yaml.j2"), &jinja).unwrap();
        run(&chart);
        fs::write(chart.join("values.yaml"), &values).unwrap();
        fs::write(chart.join("templates/b.yaml"), &yaml).unwrap();
        run(&chart);
        fs::write(chart.join("values.schema.json"), &schema).unwrap();
        run(&chart);
        fs::write(chart.join("Chart.yaml"), [METADATA.as_bytes(), &metadata].concat()).unwrap();
        run(&chart);
    }

    #[test]
    fn no_archive_is_too_odd(at in 0_usize..400, byte: u8, end in 0_usize..400, raw in prop::collection::vec(any::<u8>(), 0..64)) {
        let file = directory("any-archive").join("app.tgz");
        archive(&file, &[("app/Chart.yaml", tar::EntryType::Regular, METADATA.as_bytes())]);
        let mut bytes = fs::read(&file).unwrap();
        let length = bytes.len();
        bytes[at % length] = byte;
        bytes.truncate(length - end % length / 2);
        fs::write(&file, &bytes).unwrap();
        refusal(&file);
        let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
        packed.write_all(&raw).unwrap();
        fs::write(&file, packed.finish().unwrap()).unwrap();
        prop_assert!(!refusal(&file).is_empty());
    }
}

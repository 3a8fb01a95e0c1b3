//! Nothing is fetched, nothing is written but what was asked for, and nothing is read outside of a chart.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

fn directory(name: &str) -> PathBuf {
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join("containment").join(name);
    let _ = fs::remove_dir_all(&directory);
    fs::create_dir_all(&directory).unwrap();
    directory
}

fn run(here: &Path, words: &[&str]) -> (Option<i32>, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_jinnacle"))
        .args(words)
        .current_dir(here)
        .env_clear()
        .envs([("HOME", here), ("TMPDIR", here), ("XDG_CACHE_HOME", here)])
        .stdin(Stdio::null())
        .output()
        .unwrap();
    (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
}

/// All paths below a directory, with what is in the files.
fn listing(directory: &Path) -> BTreeSet<(PathBuf, Vec<u8>)> {
    let mut found = BTreeSet::new();
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => found.extend(listing(&path)),
            false => drop(found.insert((path.clone(), fs::read(&path).unwrap()))),
        }
    }
    found
}

#[test]
fn commands_write_nothing_that_was_not_asked_for() {
    let here = directory("writes");
    let tests = concat!(env!("CARGO_MANIFEST_DIR"), "/tests");
    let web = format!("{tests}/charts/web");
    let cluster = format!("{tests}/cases/operator/introduction.yaml");
    let values = format!("{tests}/../values/examples/jetstream-cluster.yaml");
    let before = listing(Path::new(&web));
    for words in [
        vec!["template", "r", "nats/nats"],
        vec!["template", "r", "nats/nats", "-f", &values],
        vec!["template", "r", &web],
        vec!["validate", &values],
        vec!["check", &values],
        vec!["diff", &cluster, &cluster],
        vec!["convert", &cluster],
        vec!["lint", &web],
        vec!["show", "all", "nats/nats"],
        vec!["dependency", "list", &web],
        vec!["explain", "cluster.replicas"],
        vec!["--help"],
    ] {
        let (status, said) = run(&here, &words);
        assert!(matches!(status, Some(0 | 1)), "{words:?} {status:?}: {said}");
        assert_eq!(listing(&here), BTreeSet::new(), "{words:?} wrote something");
    }
    assert_eq!(listing(Path::new(&web)), before, "the chart changed");
}

#[test]
fn commands_that_write_stay_in_their_folder() {
    let here = directory("directories");
    for (words, below) in [
        (vec!["template", "r", "nats/nats", "--output-dir", "out"], "out"),
        (vec!["create", "shop"], "shop"),
        (vec!["package", "shop", "-d", "packed"], "packed"),
    ] {
        let before = listing(&here);
        let (status, said) = run(&here, &words);
        assert_eq!(status, Some(0), "{words:?}: {said}");
        let after = listing(&here);
        let new: Vec<_> = after.difference(&before).collect();
        assert!(!new.is_empty(), "{words:?}");
        assert!(new.iter().all(|(path, _)| path.starts_with(here.join(below))), "{words:?}");
    }
}

#[test]
fn names_cannot_leave_the_output_folder() {
    let here = directory("escapes");
    for (name, chart) in
        [("r", "../../out"), ("r", "/tmp/out"), ("../r", "app"), ("r", ".."), ("r", "a/b")]
    {
        let app = here.join("work/app");
        fs::create_dir_all(app.join("templates")).unwrap();
        fs::write(
            app.join("Chart.yaml"),
            format!("apiVersion: v2\nname: {chart}\nversion: 1.0.0\n"),
        )
        .unwrap();
        fs::write(app.join("templates/a.yaml"), "a: 1\n").unwrap();
        let before = listing(&here);
        for words in [
            vec!["template", name, "app", "--output-dir", "out", "--release-name", "--skip-checks"],
            vec!["package", "app", "-d", "out"],
        ] {
            if words[0] == "package" && chart == "app" {
                continue;
            }
            let (status, said) = run(&here.join("work"), &words);
            assert!(matches!(status, Some(1 | 2)), "{words:?} {chart} {status:?}: {said}");
            assert_eq!(listing(&here), before, "{words:?} {chart} wrote something");
        }
    }
    let (status, said) = run(&here, &["create", "../../shop"]);
    assert!(matches!(status, Some(0..=2)), "{status:?}: {said}");
}

/// Crates that open connections, by the names that they have in the tree of any program which does.
const NETWORK: [&str; 14] = [
    "hyper",
    "reqwest",
    "ureq",
    "curl",
    "tokio",
    "async-std",
    "mio",
    "socket2",
    "rustls",
    "openssl",
    "native-tls",
    "h2",
    "attohttpc",
    "isahc",
];

#[test]
fn no_crate_that_is_linked_opens_connections() {
    let lock = include_str!("../../Cargo.lock");
    let names: Vec<&str> =
        lock.lines().filter_map(|line| line.strip_prefix("name = \"")?.strip_suffix('"')).collect();
    assert!(names.contains(&"minijinja"), "{names:?}");
    let found: Vec<_> = NETWORK.iter().filter(|name| names.contains(name)).collect();
    assert!(found.is_empty(), "{found:?}");
}

#[test]
fn the_program_names_no_socket() {
    fn sources(directory: &Path, found: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(directory).unwrap() {
            let path = entry.unwrap().path();
            match path.is_dir() {
                true => sources(&path, found),
                false => found.push(path),
            }
        }
    }
    let mut files = Vec::new();
    for directory in ["src", "crates"] {
        sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join(directory), &mut files);
    }
    files.retain(|file| file.extension().is_some_and(|extension| extension == "rs"));
    assert!(files.len() > 300, "{}", files.len());
    for file in files {
        let text = fs::read_to_string(&file).unwrap();
        for word in ["TcpStream", "TcpListener", "UdpSocket", "UnixStream", "ToSocketAddrs"] {
            assert!(!text.contains(word), "{} names {word}", file.display());
        }
    }
}

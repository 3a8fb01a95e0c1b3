//! Data goes one way: a module imports only from those that its `lib.rs` lists before it, and a crate only from those
//! that docs/architecture.md names for it. Cargo holds that no dependency is circular.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// The crates whose modules stand in the order of the data.
const ORDERED: [&str; 6] =
    [".", "crates/chart", "crates/jinja", "crates/kubernetes", "crates/nats", "crates/syntax"];

/// The Rust files of a module.
fn files(path: &Path, found: &mut Vec<(String, String)>) {
    if path.is_dir() {
        for entry in fs::read_dir(path).unwrap() {
            files(&entry.unwrap().path(), found);
        }
    } else if path.extension().is_some_and(|extension| extension == "rs") {
        let text = fs::read_to_string(path).unwrap();
        let code = text.split("#[cfg(test)]").next().unwrap();
        found.push((path.display().to_string(), code.to_owned()));
    }
}

/// The modules of this crate that code names: `crate::yaml::Node`, `use crate::{chart, values}`.
fn imports(code: &str) -> Vec<&str> {
    let word = |text: &str| text.find(|c: char| !c.is_alphanumeric() && c != '_');
    let mut found = Vec::new();
    for rest in code.split("crate::").skip(1) {
        match rest.strip_prefix('{') {
            Some(list) => {
                let list = list.split("};").next().unwrap_or_default();
                found.extend(
                    list.split(',').map(|item| item.trim().split("::").next().unwrap_or_default()),
                );
            }
            None => found.push(&rest[..word(rest).unwrap_or(rest.len())]),
        }
    }
    found
}

#[test]
fn modules_import_from_those_before_them() {
    let mut seen = 0;
    let mut against = Vec::new();
    for directory in ORDERED {
        let lib = fs::read_to_string(format!("{directory}/src/lib.rs")).unwrap();
        let module = |line: &str| {
            let line = line.strip_prefix("pub ").unwrap_or(line);
            Some(line.strip_prefix("mod ")?.strip_suffix(';')?.to_owned())
        };
        let modules: Vec<String> = lib.lines().filter_map(module).collect();
        for (at, module) in modules.iter().enumerate() {
            let mut own = Vec::new();
            for path in
                [format!("{directory}/src/{module}.rs"), format!("{directory}/src/{module}")]
            {
                if Path::new(&path).exists() {
                    files(Path::new(&path), &mut own);
                }
            }
            for (path, code) in &own {
                for import in imports(code) {
                    seen += 1;
                    if modules.iter().position(|other| other == import).is_some_and(|to| to > at) {
                        against.push(format!("{path} imports {import}"));
                    }
                }
            }
        }
    }
    assert!(seen > 100, "only {seen} imports were found");
    assert!(against.is_empty(), "{against:#?}");
}

/// The crates of this repository that a manifest depends on, without `jinnacle-`.
fn dependencies(manifest: &str) -> Vec<String> {
    let text = fs::read_to_string(manifest).unwrap();
    let section = text.split("\n[dependencies]\n").nth(1).unwrap_or_default();
    let section = section.split("\n[").next().unwrap_or_default();
    let is_own = |line: &&str| line.contains("path = \"");
    let name = |line: &str| {
        let path = line.split("path = \"").nth(1).unwrap_or_default();
        let path = path.split('"').next().unwrap_or_default();
        path.rsplit('/').next().unwrap_or_default().to_owned()
    };
    let mut found: Vec<String> = section.lines().filter(is_own).map(name).collect();
    found.sort();
    found
}

/// What the table of crates in docs/architecture.md says that each imports.
fn documented() -> BTreeMap<String, Vec<String>> {
    let page = fs::read_to_string("docs/architecture.md").unwrap();
    let rows = page.lines().filter_map(|line| line.strip_prefix("| `crates/"));
    let quoted =
        |text: &str| text.split('`').skip(1).step_by(2).map(str::to_owned).collect::<Vec<_>>();
    rows.filter(|row| row.matches(" | ").count() == 2)
        .map(|row| {
            let (name, rest) = row.split_once('`').unwrap();
            let mut imports = quoted(rest.rsplit(" | ").next().unwrap());
            imports.sort();
            (name.to_owned(), imports)
        })
        .collect()
}

#[test]
fn crates_import_from_those_that_the_documentation_names() {
    let documented = documented();
    for entry in fs::read_dir("crates").unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        if ["man", "schemas"].contains(&name) {
            continue;
        }
        let manifest = dependencies(path.join("Cargo.toml").to_str().unwrap());
        assert_eq!(documented.get(name), Some(&manifest), "crates/{name}");
    }
}

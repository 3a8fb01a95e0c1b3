//! Data goes one way: a module of the program imports only from those that `src/lib.rs` lists before it. Between
//! crates Cargo holds the same: their dependencies cannot be circular.

use std::fs;
use std::path::Path;

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
    let lib = fs::read_to_string("src/lib.rs").unwrap();
    let modules: Vec<&str> =
        lib.lines().filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';')).collect();
    let mut seen = 0;
    let mut against = Vec::new();
    for (at, module) in modules.iter().enumerate() {
        let mut own = Vec::new();
        for path in [format!("src/{module}.rs"), format!("src/{module}")] {
            if Path::new(&path).exists() {
                files(Path::new(&path), &mut own);
            }
        }
        for (path, code) in &own {
            for import in imports(code) {
                seen += 1;
                if modules.iter().position(|other| *other == import).is_some_and(|to| to > at) {
                    against.push(format!("{path} imports {import}"));
                }
            }
        }
    }
    assert!(seen > 100, "only {seen} imports were found");
    assert!(against.is_empty(), "{against:#?}");
}

//! Directories: which of their files are manifests.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use ignore::WalkBuilder;

use crate::check::api::is_of_kubernetes;
use crate::manifest::files::documents;
use jinnacle_syntax::diagnostic::Sink;
use jinnacle_syntax::source::{self, Source};
use jinnacle_syntax::yaml::Node;

/// The ends of names of manifests, and of configurations of nats-server.
const SUFFIXES: [&str; 4] = [".yaml", ".yml", ".json", ".conf"];

/// Names of the files in which kustomize says what it does.
const KUSTOMIZATIONS: [&str; 2] = ["kustomization.yaml", "kustomization.yml"];

/// Groups of files that look like objects, and are read by programs that no cluster serves.
const PROGRAMS: [&str; 4] = ["kind.x-k8s.io", "kustomize.config.k8s.io", "skaffold", "builtin"];

/// The files in a directory at any depth that may be manifests or configurations, in the order of their paths, and whether
/// a kustomization takes each for a part of a manifest.
///
/// # Errors
/// A directory cannot be read.
pub fn files(
    directory: &Path,
    is_excluded: impl Fn(&Path, bool) -> bool + Send + Sync,
) -> anyhow::Result<Vec<(PathBuf, bool)>> {
    let mut walk = WalkBuilder::new(directory);
    walk.standard_filters(false).hidden(true).parents(true).git_ignore(true).git_exclude(true);
    walk.require_git(false).follow_links(true).sort_by_file_path(Path::cmp);
    let (mut files, mut patches) = (Vec::new(), Vec::new());
    for entry in walk.build() {
        let entry = match entry {
            // A link to a directory around it.
            Err(error) if is_loop(&error) => continue,
            entry => entry?,
        };
        let path = entry.into_path();
        let name = path.to_string_lossy();
        // An excluded directory leaves out all that it holds.
        let below = path.strip_prefix(directory).unwrap_or(&path);
        let is_left_out = below
            .ancestors()
            .filter(|part| !part.as_os_str().is_empty())
            .any(|part| is_excluded(&directory.join(part), part != below));
        if is_left_out || path.is_dir() || !SUFFIXES.iter().any(|end| name.ends_with(end)) {
            continue;
        }
        if KUSTOMIZATIONS.iter().any(|end| path.ends_with(end)) {
            patches.extend(self::patches(&path));
        }
        files.push(path);
    }
    let is_patch = |path: &PathBuf| patches.contains(&source::normalized(path));
    Ok(files.into_iter().map(|path| (path.clone(), is_patch(&path))).collect())
}

fn is_loop(error: &ignore::Error) -> bool {
    match error {
        ignore::Error::Loop { .. } => true,
        ignore::Error::WithPath { err, .. } | ignore::Error::WithDepth { err, .. } => is_loop(err),
        _ => false,
    }
}

/// Whether a file has manifests, by what was read of it and found on the way: files of other programs have none, and
/// neither have templates, which are not manifests yet.
pub fn holds_manifests(source: &Arc<Source>, documents: &[Node], faults: &Sink) -> bool {
    let (path, text) = (Path::new(source.name()), source.text());
    let is_kustomization = KUSTOMIZATIONS.iter().any(|name| path.ends_with(name));
    let is_template = text.contains("{{") && (is_in_chart(path) || names_release(text));
    if is_kustomization || is_template {
        return false;
    }
    if faults.has_errors() {
        let says = |word: &str| {
            let begins =
                |line: &str| line.trim_start_matches([' ', '-', '{', '"']).starts_with(word);
            text.lines().any(begins)
        };
        return !text.contains("{{") && says("apiVersion") && says("kind");
    }
    documents.iter().any(is_manifest)
}

/// Whether a document is an object for a cluster, or was meant to be one.
fn is_manifest(document: &Node) -> bool {
    let text = |field: &str| document.str_at(field);
    let (version, kind) = (text("apiVersion"), text("kind"));
    let metadata = document.get("metadata").filter(|metadata| metadata.as_map().is_some());
    if version.is_empty() || kind.is_empty() {
        return metadata.is_some() && (!version.is_empty() || !kind.is_empty());
    }
    let group = version.split('/').next().unwrap_or("");
    let is_kubeconfig = (version, kind) == ("v1", "Config");
    let has_name =
        ["name", "generateName"].iter().any(|f| metadata.is_some_and(|m| m.get(f).is_some()));
    let may_be_object = has_name || kind.ends_with("List") || is_of_kubernetes(version);
    !PROGRAMS.contains(&group) && !is_kubeconfig && may_be_object
}

/// Whether a file is among the templates of a Helm chart.
fn is_in_chart(path: &Path) -> bool {
    let is_templates = |directory: &&Path| directory.ends_with("templates");
    path.ancestors()
        .filter(is_templates)
        .any(|directory| directory.parent().is_some_and(|chart| chart.join("Chart.yaml").is_file()))
}

/// Whether a string has an expression about a Helm release. Other programs have braces of their own in manifests.
fn names_release(text: &str) -> bool {
    const WORDS: [&str; 6] =
        [".Values.", ".Release.", ".Chart.", ".Capabilities.", "include \"", "$.Values."];
    text.split("{{").skip(1).any(|rest| {
        let expression = rest.split("}}").next().unwrap_or("");
        let begin = expression.trim_start_matches(['-', ' ']);
        WORDS.iter().any(|word| begin.starts_with(word))
    })
}

/// The files that a kustomization takes as parts of other manifests: patches, and what its own plugins read.
fn patches(kustomization: &Path) -> Vec<PathBuf> {
    const LISTS: [&str; 8] = [
        "configurations",
        "generators",
        "patches",
        "patchesJson6902",
        "patchesStrategicMerge",
        "replacements",
        "transformers",
        "validators",
    ];
    let Ok(bytes) = source::file(kustomization) else { return Vec::new() };
    let source = Source::new(kustomization.to_string_lossy(), String::from_utf8_lossy(&bytes));
    let documents = documents(&source, &mut Sink::new());
    let directory = kustomization.parent().unwrap_or(Path::new(""));
    let lists = documents
        .iter()
        .flat_map(|document| LISTS.iter().filter_map(|list| document.get(list)?.as_list()));
    lists
        .flatten()
        .filter_map(|entry| entry.as_str().or_else(|| entry.get("path")?.as_str()))
        .filter(|text| !text.contains('\n'))
        .map(|path| source::normalized(&directory.join(path)))
        .collect()
}

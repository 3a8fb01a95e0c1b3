//! Manifests → bytes, as Helm prints them.

pub mod changes;
pub mod diff;
pub mod directory;
pub mod fixed;
pub mod file;
pub mod form;
pub mod outcome;
pub mod post_render;
pub mod progress;
pub mod versions;

pub use outcome::Outcome;

use crate::chart::Chart;
use crate::chart::ignore::glob_matches;
use crate::manifest::Manifest;
use crate::yaml::{self, Ends};

/// A document with the path of what made it.
#[derive(Clone, Debug)]
pub struct Document {
    /// The full name, such as `nats/templates/service.yaml` or `app/crds/x.yaml`.
    pub name: String,
    /// The text.
    pub text: String,
    /// Whether a hook, whose file may hold what others wrote before it.
    pub is_hook: bool,
    /// What was done with the whitespace around it.
    pub ends: Ends,
}

impl From<&Manifest> for Document {
    fn from(manifest: &Manifest) -> Self {
        Self {
            name: manifest.template.clone(),
            text: manifest.text.clone(),
            is_hook: manifest.hook.is_some(),
            ends: manifest.ends,
        }
    }
}

/// The custom resource definitions of a chart and then of its subcharts, as they are in their files.
pub fn crds(chart: &Chart, full_name: &str) -> Vec<Document> {
    let own = chart.files.iter().filter(|file| {
        let manifest = [".yaml", ".yml", ".json"].iter().any(|suffix| file.path.ends_with(suffix));
        file.path.starts_with("crds/") && manifest
    });
    let mut documents: Vec<Document> = own
        .map(|file| Document {
            name: format!("{full_name}/{}", file.path),
            text: String::from_utf8_lossy(&file.bytes).into_owned(),
            is_hook: false,
            ends: Ends::Trimmed,
        })
        .collect();
    for sub in &chart.dependencies {
        documents.extend(crds(sub, &format!("{full_name}/charts/{}", sub.metadata.name)));
    }
    documents
}

/// The stream for stdout: a separator, the name and the document, each. Before the hooks there is a line break
/// even where nothing else is, so an empty stream is an empty line.
pub fn stream(documents: &[Document]) -> String {
    let (hooks, plain): (Vec<_>, Vec<_>) = documents.iter().partition(|document| document.is_hook);
    let ends = plain.last().map(|document| document.ends).unwrap_or_default();
    let plain: String = plain.into_iter().map(printed).collect();
    let hooks: String = hooks.into_iter().map(printed).collect();
    format!("{}\n{hooks}", without_end(&plain, ends))
}

/// The documents whose paths inside the chart match patterns, in the order of the patterns. Helm takes them from the
/// stream: it splits that again, and ends each document with a line break.
///
/// # Errors
/// The first pattern that nothing matches.
pub fn selection(documents: &[Document], patterns: &[String]) -> Result<String, String> {
    let mut documents = documents.to_vec();
    if let Some(last) = documents.iter_mut().rfind(|document| !document.is_hook) {
        last.text = without_end(&last.text, last.ends).to_owned();
    }
    let again = |document: &Document| match document.ends {
        Ends::Kept => printed(document) + "\n",
        ends => printed(&Document {
            text: without_end(document.text.trim_ascii_start(), ends).to_owned(),
            ..document.clone()
        }),
    };
    let chosen = only(&documents, patterns)?;
    Ok(chosen.iter().map(again).collect())
}

fn without_end(text: &str, ends: Ends) -> &str {
    if ends == Ends::Lines { yaml::without_blank_end(text) } else { text.trim_end() }
}

fn printed(document: &Document) -> String {
    match document.name.as_str() {
        "" => format!("---\n{}\n", document.text),
        name => format!("---\n# Source: {name}\n{}\n", document.text),
    }
}

/// The documents of a stream that a program printed, by their `# Source:` lines; one without such a line
/// has no name.
pub fn documents(stream: &str) -> Vec<Document> {
    const SOURCE: &str = "# Source: ";
    yaml::documents(stream, Ends::Trimmed)
        .into_iter()
        .map(|(start, end)| {
            let text = &stream[start..end];
            let (name, text) =
                match text.strip_prefix(SOURCE).and_then(|rest| rest.split_once('\n')) {
                    Some((name, text)) => (name, text),
                    None => ("", text),
                };
            let (name, text) = (name.to_owned(), text.to_owned());
            Document { name, text, is_hook: false, ends: Ends::Trimmed }
        })
        .collect()
}

/// The documents whose path inside the chart matches a pattern, in the order of the patterns.
///
/// # Errors
/// The first pattern that nothing matches.
fn only(documents: &[Document], patterns: &[String]) -> Result<Vec<Document>, String> {
    let mut chosen = Vec::new();
    for pattern in patterns {
        let before = chosen.len();
        chosen.extend(documents.iter().filter(|document| {
            document.name.split_once('/').is_some_and(|(_, path)| glob_matches(pattern, path))
        }));
        if chosen.len() == before {
            return Err(pattern.clone());
        }
    }
    Ok(chosen.into_iter().cloned().collect())
}

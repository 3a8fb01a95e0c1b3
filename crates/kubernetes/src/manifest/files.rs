//! Manifests and configurations on disk.

use std::path::Path;
use std::sync::Arc;

use jinnacle_syntax::diagnostic::Sink;
use jinnacle_syntax::source::{self, Source};
use jinnacle_syntax::yaml::{self, Limits, Node};

/// The documents of manifests, as `kubectl` reads them; whether they are any, is for others to say.
pub fn documents(source: &Arc<Source>, sink: &mut Sink) -> Vec<Node> {
    let (documents, errors) = yaml::read_documents(source, &Limits::default());
    sink.extend(errors);
    let (roots, warnings): (Vec<Node>, Vec<_>) =
        documents.into_iter().map(|document| (document.root, document.warnings)).unzip();
    sink.extend(warnings.into_iter().flatten());
    roots
}

/// The `kind` of the manifest that a file begins with; values have no `apiVersion` beside a `kind`.
pub fn kind(source: &Arc<Source>) -> Option<Node> {
    // A file of values, which most are, is not read for this.
    if !source.text().contains("apiVersion") {
        return None;
    }
    let first = documents(source, &mut Sink::new()).into_iter().find(|root| !root.is_null())?;
    first.get("apiVersion").and(first.get("kind")).cloned()
}

/// The file that a configuration includes. nats-server joins its name to the directory of the file that includes it,
/// even if it begins with a slash (`filepath.Join` in `conf/parse.go`).
pub fn include(from: &Source, name: &str) -> Option<Arc<Source>> {
    let path = Path::new(from.name()).parent()?.join(name.trim_start_matches('/'));
    let bytes = source::file(&path).ok()?;
    Some(Source::new(path.to_string_lossy(), String::from_utf8_lossy(&bytes)))
}

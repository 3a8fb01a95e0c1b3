//! `--output`: what is printed, in the other language.

use crate::cli::Form;
use crate::diagnostic::{Sink, Stopped};
use crate::json;
use crate::manifest::files;
use crate::source::Source;
use crate::yaml::{Limits, Node, emit, read};

/// A stream of manifests as it is, or in JSON as one `List`: what `kubectl` reads from a single document.
///
/// # Errors
/// A program or a file in crds/ made a manifest that is no YAML.
pub fn stream(text: String, form: Form, sink: &mut Sink) -> Result<String, Stopped> {
    if form == Form::Yaml {
        return Ok(text);
    }
    let source = Source::new("<output>", text);
    let mut manifests = sink.stop_on_errors(|sink| {
        // The checks have the warnings.
        sink.without_warnings(|sink| files::documents(&source, sink))
    })?;
    manifests.retain(|manifest| !Node::is_null(manifest));
    Ok(json::emit::to_list(&manifests))
}

/// One document, YAML or JSON, in a language.
///
/// # Errors
/// It is neither.
pub fn document(text: &str, form: Form, sink: &mut Sink) -> Result<String, Stopped> {
    let root = sink.take(read(&Source::new("<output>", text), &Limits::default()))?.root;
    Ok(match form {
        Form::Yaml => emit::to_yaml(&root),
        Form::Json => json::emit::to_text(&root),
    })
}

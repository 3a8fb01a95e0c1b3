//! Charts in the program: what is special about each, in one description.

use std::sync::Arc;

use include_dir::{Dir, File};
use jinnacle_syntax::source::{Source, Span};
use jinnacle_syntax::yaml::{Kind, Limits, Node, read};

use super::{Chart, Metadata, Template};
use crate::release::HelmVersion;
use crate::rules::{Advice, ReleaseRule, Rule};
use crate::schema::BuiltInSchema;

/// A chart in the program. What is special about one is here and nowhere else.
pub struct BuiltIn {
    /// The name under which it is asked for, such as `nats/nats`.
    pub reference: &'static str,
    /// The chart's own name.
    pub name: &'static str,
    /// The version of the chart whose values it takes.
    pub version: &'static str,
    /// The version of what its default image holds.
    pub app_version: &'static str,
    /// The commented default values.
    pub values: &'static str,
    /// The same without the text of the comments, on the same lines.
    pub plain_values: &'static str,
    /// The JSON schema of the values, with the keys that the chart has under other names.
    pub schema: &'static BuiltInSchema,
    /// The versions of Kubernetes that it is for; empty for all.
    pub kube_version: &'static str,
    /// The templates of all charts in the program, those of this one in a directory of its name.
    pub templates: &'static Dir<'static>,
    /// The rules over its values.
    pub rules: &'static [Rule],
    /// Those that look at the release too.
    pub release_rules: &'static [ReleaseRule],
    /// The advice on its values.
    pub advice: &'static [Advice],
    /// Where template text in values is expanded.
    pub expansion: Option<&'static Expansion>,
}

/// The values in which a chart expands template text.
pub struct Expansion {
    /// Their paths.
    pub paths: &'static [&'static str],
    /// Those of them that may be a string which holds YAML.
    pub yaml_texts: &'static [&'static str],
    /// The names that Helm charts include, and what the chart's `_names.j2` calls them.
    pub includes: &'static [(&'static str, &'static str)],
}

/// The directory of a built-in chart's templates with its custom resource definitions.
const CRDS: &str = "templates/_crds/";

impl BuiltIn {
    /// The chart as if it had been read from a directory.
    pub fn load(&'static self) -> Chart {
        let defaults = self.defaults();
        let nothing = Node::new(Kind::Null, defaults.span.clone());
        let mut metadata = Metadata::named(self.name, self.version, self.app_version, nothing);
        metadata.kube_version = self.kube_version.to_owned();
        let templates = self.templates();
        Chart {
            metadata,
            defaults,
            values: None,
            schema: Some(Source::packed(
                format!("{}/values.schema.json", self.name),
                self.schema.packed,
            )),
            files: crds(&templates),
            templates,
            lock: None,
            dependencies: Vec::new(),
            built_in: Some(self),
            helm: HelmVersion::default(),
        }
    }

    /// The default values.
    pub fn defaults(&self) -> Node {
        let source = Source::new(format!("{}/values.yaml", self.name), self.plain_values);
        match read(&source, &Limits::default()) {
            Ok(document) => document.root,
            Err(_) => Node::empty_map(Span::whole(&source)),
        }
    }

    /// The templates, by path.
    pub fn templates(&self) -> Vec<Template> {
        let mut files = Vec::new();
        if let Some(directory) = self.templates.get_dir(self.name) {
            collect(directory, &mut files);
        }
        let mut templates: Vec<Template> = files
            .into_iter()
            .filter_map(|file| {
                let inside = file.path().strip_prefix(self.name).ok()?.to_str()?;
                let path = format!("templates/{inside}");
                let name = format!("{}/{path}", self.name);
                let source: Arc<Source> = Source::new(name, file.contents_utf8()?);
                Some(Template { path, source })
            })
            .collect();
        templates.sort_by(|a, b| a.path.cmp(&b.path));
        templates
    }
}

/// The definitions as files of `crds/`, where a chart of a user has them.
fn crds(templates: &[Template]) -> Vec<super::File> {
    let definition = |template: &Template| {
        Some(super::File {
            path: format!("crds/{}", template.shown_path().strip_prefix(CRDS)?),
            bytes: template.source.text().as_bytes().into(),
        })
    };
    templates.iter().filter_map(definition).collect()
}

fn collect(directory: &'static Dir<'static>, files: &mut Vec<&'static File<'static>>) {
    files.extend(directory.files());
    for below in directory.dirs() {
        collect(below, files);
    }
}

#[cfg(test)]
impl BuiltIn {
    /// A chart with nothing but names and a version.
    pub const fn bare(reference: &'static str, name: &'static str, version: &'static str) -> Self {
        static SCHEMA: BuiltInSchema = BuiltInSchema::new(&[]);
        static TEMPLATES: Dir<'static> = Dir::new("", &[]);
        Self {
            reference,
            name,
            version,
            app_version: "",
            values: "",
            plain_values: "",
            schema: &SCHEMA,
            kube_version: "",
            templates: &TEMPLATES,
            rules: &[],
            release_rules: &[],
            advice: &[],
            expansion: None,
        }
    }
}

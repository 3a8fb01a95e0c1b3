//! The charts in the binary.

use std::sync::Arc;

use include_dir::{Dir, File, include_dir};

use super::{Chart, Metadata, Template};
use crate::release::HelmVersion;
use crate::source::{Source, Span};
use crate::yaml::{Kind, Limits, Node, read};

/// A built-in chart: its files and its compiled schema.
pub struct Embedded {
    /// The name under which it is asked for, such as `nats/nats`.
    pub reference: &'static str,
    /// The chart's own name.
    pub name: &'static str,
    /// The version of the chart whose values it takes.
    pub version: &'static str,
    /// The version of NATS that its default image holds.
    pub app_version: &'static str,
    /// The commented default values.
    pub values: &'static str,
    /// The same without the text of the comments, on the same lines.
    plain_values: &'static str,
    /// The JSON schema of the values, deflated.
    pub schema: &'static [u8],
    /// The versions of Kubernetes that it is for; empty for all.
    kube_version: &'static str,
    templates: &'static Dir<'static>,
}

static TEMPLATES: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/templates");

/// The charts in the binary that can be asked for.
pub static EMBEDDED: [Embedded; 2] = [
    Embedded {
        reference: "nats/nats",
        name: "nats",
        version: "0.19.17",
        app_version: "2.14.2",
        values: include_str!("../../values/nats.yaml"),
        plain_values: include_str!(concat!(env!("OUT_DIR"), "/nats.yaml")),
        schema: include_bytes!(concat!(env!("OUT_DIR"), "/nats.json")),
        kube_version: "",
        templates: &TEMPLATES,
    },
    Embedded {
        reference: "nats/nats-operator",
        name: "nats-operator",
        version: "0.8.3",
        app_version: "0.8.3",
        values: include_str!("../../values/nats-operator.yaml"),
        plain_values: include_str!(concat!(env!("OUT_DIR"), "/nats-operator.yaml")),
        schema: include_bytes!(concat!(env!("OUT_DIR"), "/nats-operator.json")),
        // The first with custom resources of `apiextensions.k8s.io/v1`.
        kube_version: ">=1.16.0-0",
        templates: &TEMPLATES,
    },
];

/// The chart that a NatsCluster is the values of. Only `convert` renders it.
pub static NATS_CLUSTER: Embedded = Embedded {
    reference: "natscluster",
    name: "natscluster",
    version: "0.8.3",
    app_version: "2.1.4",
    values: include_str!("../../values/natscluster.yaml"),
    plain_values: include_str!(concat!(env!("OUT_DIR"), "/natscluster.yaml")),
    schema: include_bytes!(concat!(env!("OUT_DIR"), "/natscluster.json")),
    kube_version: "",
    templates: &TEMPLATES,
};

/// The directory of a built-in chart's templates with its custom resource definitions.
const CRDS: &str = "templates/_crds/";

impl Embedded {
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
            schema: Some(Source::packed(format!("{}/values.schema.json", self.name), self.schema)),
            files: crds(&templates),
            templates,
            lock: None,
            dependencies: Vec::new(),
            built_in: Some(self),
            helm: HelmVersion::default(),
        }
    }

    fn defaults(&self) -> Node {
        let source = Source::new(format!("{}/values.yaml", self.name), self.plain_values);
        match read(&source, &Limits::default()) {
            Ok(document) => document.root,
            Err(_) => Node::empty_map(Span::whole(&source)),
        }
    }

    fn templates(&self) -> Vec<Template> {
        let mut files = Vec::new();
        if let Some(folder) = self.templates.get_dir(self.name) {
            collect(folder, &mut files);
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

fn collect(folder: &'static Dir<'static>, files: &mut Vec<&'static File<'static>>) {
    files.extend(folder.files());
    for below in folder.dirs() {
        collect(below, files);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::jinja::Engine;

    #[test]
    fn the_templates_of_every_chart_are_without_faults() {
        for chart in EMBEDDED.iter().chain([&NATS_CLUSTER]) {
            let templates = chart.templates();
            let sources = templates.clone();
            let load = move |name: &str| {
                let path = format!("templates/{name}");
                sources.iter().find(|t| t.path == path).map(|t| Arc::clone(&t.source))
            };
            let mut engine = Engine::new(load, |_, _| None);
            for template in &templates {
                let name = template.path.strip_prefix("templates/").unwrap();
                let faults = engine.environment().get_template(name).err();
                assert!(faults.is_none(), "{name}: {faults:?}");
            }
        }
    }

    #[test]
    fn the_defaults_of_every_chart_are_a_map_without_findings() {
        for chart in EMBEDDED.iter().chain([&NATS_CLUSTER]) {
            let source = Source::new("values.yaml", chart.values);
            let document = read(&source, &Limits::default()).unwrap();
            assert_eq!(document.root, chart.defaults(), "comments hold no value");
            assert!(
                document.root.as_map().is_some_and(|map| !map.is_empty()),
                "{}",
                chart.reference
            );
            assert!(document.warnings.is_empty(), "{:?}", document.warnings);
            assert!(!chart.templates().is_empty());
        }
    }
}

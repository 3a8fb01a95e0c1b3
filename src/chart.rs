//! A chart in memory: metadata, defaults, schema, templates, files and subcharts.

mod embedded;

use std::sync::Arc;

pub use embedded::{Embedded, embedded};

use crate::source::Source;
use crate::yaml::Node;

/// A chart, wherever it was loaded from.
pub struct Chart {
    /// What Chart.yaml says.
    pub metadata: Metadata,
    /// The default values; a map, or null when the chart has none.
    pub defaults: Node,
    /// The JSON schema of the values, as it was written.
    pub schema: Option<Arc<Source>>,
    /// Everything below `templates/`, by path.
    pub templates: Vec<Template>,
    /// The charts that it depends on and holds in `charts/`.
    pub dependencies: Vec<Chart>,
    /// The built-in chart that it is; none for a chart of the user.
    pub built_in: Option<&'static Embedded>,
}

/// What Chart.yaml says of a chart.
#[derive(Clone, Debug, Default)]
pub struct Metadata {
    /// The chart's name; the alias when a parent gives it one.
    pub name: String,
    /// The chart's version, SemVer 2.
    pub version: String,
    /// The version of what it installs; any text.
    pub app_version: String,
}

/// A file below `templates/`.
#[derive(Clone, Debug)]
pub struct Template {
    /// The path inside the chart with its suffix, such as `templates/service.yaml.j2`.
    pub path: String,
    /// The text.
    pub source: Arc<Source>,
}

impl Template {
    /// The path without the suffix that names the language: what `# Source:` and `--output-dir` show.
    pub fn shown_path(&self) -> &str {
        JINJA_SUFFIXES
            .iter()
            .find_map(|suffix| self.path.strip_suffix(suffix))
            .unwrap_or(&self.path)
    }

    /// Whether it is written in Jinja, by its suffix.
    pub fn is_jinja(&self) -> bool {
        self.shown_path().len() < self.path.len()
    }

    /// Whether it is only there for others to include: a base name that begins with `_`, or a part of a
    /// configuration text (`*.conf.j2`), which is no manifest by itself.
    pub fn is_partial(&self) -> bool {
        let shown = self.shown_path();
        let base = shown.rsplit('/').next().unwrap_or(shown);
        base.starts_with('_') || (self.is_jinja() && base.ends_with(".conf"))
    }
}

/// The suffixes of Jinja templates; the shown path is without them.
pub const JINJA_SUFFIXES: [&str; 3] = [".j2", ".jinja", ".jinja2"];

#[cfg(test)]
impl Chart {
    /// A chart with nothing but a name and defaults.
    pub fn bare(name: &str, defaults: Node) -> Self {
        Self {
            metadata: Metadata { name: name.to_owned(), ..Metadata::default() },
            defaults,
            schema: None,
            templates: Vec::new(),
            dependencies: Vec::new(),
            built_in: None,
        }
    }
}

//! What templates see: `values`, `release`, `chart`, `capabilities`, `template`.

use minijinja::Value;

use super::Surroundings;
use super::jinja::to_value;
use crate::chart::Chart;
use crate::yaml::Node;

/// Everything that the templates of one chart see, but the name of the template.
pub struct Scope {
    values: Value,
    chart: Value,
    release: Value,
    capabilities: Value,
}

impl Scope {
    /// The scope of a chart with its own part of the values.
    pub fn new(chart: &Chart, values: &Node, surroundings: Surroundings<'_>) -> Self {
        let release = surroundings.release;
        let capabilities = surroundings.capabilities;
        let kube = capabilities.kube_version;
        Self {
            values: to_value(values),
            chart: map([
                ("name", chart.metadata.name.as_str().into()),
                ("version", chart.metadata.version.as_str().into()),
                ("appVersion", chart.metadata.app_version.as_str().into()),
            ]),
            release: map([
                ("name", release.name.as_str().into()),
                ("namespace", release.namespace.as_str().into()),
                ("service", "Helm".into()),
                ("isInstall", (!release.is_upgrade).into()),
                ("isUpgrade", release.is_upgrade.into()),
                ("revision", 1.into()),
            ]),
            capabilities: map([
                (
                    "kubeVersion",
                    map([
                        ("version", kube.to_string().into()),
                        ("major", kube.major.to_string().into()),
                        ("minor", kube.minor.to_string().into()),
                    ]),
                ),
                ("apiVersions", capabilities.api_versions.iter().map(String::as_str).collect()),
            ]),
        }
    }

    /// The context of one template.
    pub fn context(&self, name: &str, base_path: &str) -> Value {
        map([
            ("values", self.values.clone()),
            ("chart", self.chart.clone()),
            ("release", self.release.clone()),
            ("capabilities", self.capabilities.clone()),
            ("template", map([("name", name.into()), ("basePath", base_path.into())])),
        ])
    }
}

fn map<const N: usize>(entries: [(&str, Value); N]) -> Value {
    Value::from_pairs(entries)
}

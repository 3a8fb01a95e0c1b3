//! What templates see: `values`, `release`, `chart`, `capabilities`, `files`, `template`, `subcharts`.
//!
//! Names are Helm's, in its case or with a small first letter: `Release.Name` and `release.name`,
//! `Capabilities.APIVersions.Has("apps/v1")` and `capabilities.apiVersions.has("apps/v1")`. A field of Chart.yaml
//! that is not written is empty, as in Helm; any other name that there is not is an error.

mod api_versions;
mod fields;
mod files;
mod metadata;

use std::sync::Arc;

use minijinja::Value;

use super::ReleaseContext;
use crate::chart::Chart;
use crate::release::{Capabilities, Difference, HelmVersion, Release};
use crate::yaml::Node;
use api_versions::ApiVersions;
use fields::Fields;
use files::Files;
use jinnacle_jinja::engine::{Context, Entry, Input, Log, entries};

/// Everything that the templates of one chart see, but the name of the template.
pub struct Scope {
    fields: Vec<(&'static str, Value)>,
    values: Value,
    log: Arc<Log>,
    /// The scopes of the subcharts, in their order.
    pub subcharts: Vec<Scope>,
}

impl Scope {
    /// The scope of a chart and those of its subcharts, each with its own part of the values.
    pub fn new(chart: &Chart, values: &Node, release_context: ReleaseContext<'_>) -> Self {
        let shared = [
            ("release", release(release_context.release)),
            ("capabilities", capabilities(release_context.capabilities)),
        ];
        let log = Arc::new(Log::default());
        Self::below(chart, log.value(values), &log, &shared, true)
    }

    fn below(
        chart: &Chart,
        values: Value,
        log: &Arc<Log>,
        shared: &[(&'static str, Value)],
        is_root: bool,
    ) -> Self {
        let subcharts: Vec<Self> = chart
            .dependencies
            .iter()
            .map(|sub| {
                let values = entry(&values, &sub.metadata.name);
                let values = values.unwrap_or_else(|| log.value(&sub.defaults));
                Self::below(sub, values, log, shared, false)
            })
            .collect();
        let by_name = chart.dependencies.iter().zip(&subcharts).map(|(sub, scope)| {
            (sub.metadata.name.clone(), Fields::value(scope.fields.iter().cloned()))
        });
        let mut fields = shared.to_vec();
        fields.extend([
            ("values", values.clone()),
            ("chart", metadata::value(&chart.metadata, is_root)),
            ("files", Files::value(&chart.files)),
            ("subcharts", Value::from_pairs(by_name)),
        ]);
        Self { fields, values, log: Arc::clone(log), subcharts }
    }

    /// The values of the chart, which are those of a node, with their places.
    pub fn input(&self, node: Arc<Node>) -> Arc<Input> {
        Input::new(self.values.clone(), node, Arc::clone(&self.log))
    }

    /// The context of one template.
    pub fn context(&self, name: &str, base_path: &str) -> Context {
        let template = Fields::value([("name", name.into()), ("basePath", base_path.into())]);
        let value = Fields::value(self.fields.iter().cloned().chain([("template", template)]));
        Context { value, log: Arc::clone(&self.log) }
    }
}

/// An entry of a map, without a read of it.
fn entry(map: &Value, key: &str) -> Option<Value> {
    let is_it = |entry: &Entry| entry.key.as_ref().and_then(Value::as_str) == Some(key);
    entries(map).into_iter().find(is_it).map(|entry| entry.value)
}

fn release(release: &Release) -> Value {
    Fields::value([
        ("name", release.name.as_str().into()),
        ("namespace", release.namespace.as_str().into()),
        ("service", "Helm".into()),
        ("isInstall", (!release.is_upgrade).into()),
        ("isUpgrade", release.is_upgrade.into()),
        ("revision", 1.into()),
    ])
}

fn capabilities(capabilities: &Capabilities) -> Value {
    let kube = capabilities.kube_version;
    let version = Value::from(capabilities.shown_kube_version());
    let kube = Fields::value([
        ("version", version.clone()),
        ("major", kube.major.to_string().into()),
        ("minor", kube.minor.to_string().into()),
        ("gitVersion", version),
    ]);
    let helm = Fields::value([
        ("version", version_of(capabilities.helm).into()),
        ("gitCommit", "".into()),
        ("gitTreeState", "".into()),
        ("goVersion", "".into()),
    ]);
    Fields::value([
        ("kubeVersion", kube),
        ("apiVersions", ApiVersions::value(Arc::clone(&capabilities.api_versions))),
        ("helmVersion", helm),
    ])
}

/// The Helm whose rules hold, for charts that ask.
fn version_of(helm: HelmVersion) -> &'static str {
    if helm.has(Difference::BuildInfo) { "v4.3.0" } else { "v3.22.0" }
}

//! What is about NATS and only that: the charts in the program, each in one description.

pub mod renamed;
pub mod schemas;
pub mod rules;
pub mod natscluster;

use include_dir::{Dir, include_dir};
use jinnacle_chart::chart::{BuiltIn, Expansion};

static TEMPLATES: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/templates");

/// The commented default values of a chart, and the same without the text of the comments.
macro_rules! values {
    ($name:literal) => {
        (
            include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/values/", $name, ".yaml")),
            include_str!(concat!(env!("OUT_DIR"), "/", $name, ".yaml")),
        )
    };
}

/// The charts that can be asked for. The first is the usual one.
pub static CHARTS: [&BuiltIn; 2] = [&NATS, &OPERATOR];

/// NATS servers, as in the 0.x series of the chart.
pub static NATS: BuiltIn = BuiltIn {
    reference: "nats/nats",
    name: "nats",
    version: "0.19.17",
    app_version: "2.14.2",
    values: values!("nats").0,
    plain_values: values!("nats").1,
    schema: &schemas::NATS,
    kube_version: "",
    templates: &TEMPLATES,
    rules: rules::nats::RULES,
    release_rules: &[],
    advice: rules::ADVICE,
    expansion: Some(&EXPANSION),
};

/// The operator that makes servers of NatsClusters.
pub static OPERATOR: BuiltIn = BuiltIn {
    reference: "nats/nats-operator",
    name: "nats-operator",
    version: "0.8.3",
    app_version: "0.8.3",
    values: values!("nats-operator").0,
    plain_values: values!("nats-operator").1,
    schema: &schemas::OPERATOR,
    // The first with custom resources of `apiextensions.k8s.io/v1`.
    kube_version: ">=1.16.0-0",
    templates: &TEMPLATES,
    rules: rules::operator::RULES,
    release_rules: rules::operator::RELEASE_RULES,
    advice: &[],
    expansion: None,
};

/// The chart that a NatsCluster is the values of. Only `convert` renders it.
pub static CLUSTER: BuiltIn = BuiltIn {
    reference: "natscluster",
    name: "natscluster",
    version: "0.8.3",
    app_version: "2.1.4",
    values: values!("natscluster").0,
    plain_values: values!("natscluster").1,
    schema: &schemas::CLUSTER,
    kube_version: "",
    templates: &TEMPLATES,
    rules: rules::natscluster::RULES,
    release_rules: &[],
    advice: &[],
    expansion: None,
};

/// The values of `nats/nats` in which the 0.x chart expands template text.
static EXPANSION: Expansion = Expansion {
    paths: &[
        "affinity",
        "commonLabels",
        "statefulSetPodLabels",
        "nats.selectorLabels",
        "natsbox.affinity",
        "natsbox.additionalLabels",
        "natsbox.podLabels",
        "networkPolicy.extraIngress",
        "networkPolicy.extraEgress",
        "nats.tls",
        "mqtt.tls",
        "cluster.tls",
        "leafnodes.tls",
        "gateway.tls",
        "websocket.tls",
        "leafnodes.remotes",
    ],
    yaml_texts: &["networkPolicy.extraIngress", "networkPolicy.extraEgress"],
    includes: &[
        ("nats.fullname", "names.fullname"),
        ("nats.name", "names.name"),
        ("nats.namespace", "names.namespace"),
        ("nats.chart", "names.chart_label"),
        ("nats.serviceAccountName", "names.service_account"),
    ],
};

#[cfg(test)]
mod tests {
    use jinnacle_syntax::source::Source;
    use jinnacle_syntax::yaml::{Limits, read};

    use super::*;

    #[test]
    fn the_defaults_of_every_chart_are_a_map_without_findings() {
        for chart in [&NATS, &OPERATOR, &CLUSTER] {
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

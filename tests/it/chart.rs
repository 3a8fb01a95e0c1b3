//! The templates of `nats/nats` over values that set everything. `tests/chart` are the values; what excludes
//! each other stands in different files.

mod keys;
mod texts;

use std::sync::{Arc, LazyLock};

use jinnacle::chart::{self, Chart};
use jinnacle::diagnostic::{Diagnostic, Sink};
use jinnacle::json::to_json;
use jinnacle::release::{Capabilities, Release};
use jinnacle::render::{self, Randomness, ReleaseContext};
use jinnacle::source::{Source, Span};
use jinnacle::values::{self, SetFlag, ValuesRequest};
use jinnacle::yaml::Map;
use jinnacle::{nats, nats_conf};
use serde_json::{Value as Json, json};
use sha2::{Digest as _, Sha256};

/// The files of `tests/chart`, with the Kubernetes that they are rendered for.
const FILES: [(&str, &str); 5] = [
    ("everything", "v1.32.0"),
    // Topology keys are gone since 1.22.
    ("instead", "v1.21.0"),
    ("resolver-full", "v1.32.0"),
    ("resolver-memory", "v1.32.0"),
    ("secret", "v1.32.0"),
];

static CHART: LazyLock<Chart> = LazyLock::new(|| {
    chart::load("nats/nats", &nats::CHARTS, &mut Sink::new()).expect("the embedded chart")
});

/// A file of `tests/chart` with an argument for `--set`.
fn layer(name: &str, set: Option<&str>) -> anyhow::Result<Map> {
    let request = ValuesRequest {
        files: vec![format!("tests/chart/{name}.yaml")],
        sets: set.iter().map(|set| (SetFlag::Typed, (*set).to_owned())).collect(),
        ..ValuesRequest::default()
    };
    let mut map = values::load(&request, &mut Sink::new())?;
    // Anchors, which other keys refer to.
    map.remove("x-tls");
    Ok(map)
}

fn nowhere() -> Span {
    Span::whole(&Source::new("", ""))
}

fn release() -> Release {
    Release { name: "my-nats".into(), namespace: "default".into(), is_upgrade: false }
}

/// The objects of a release with these values, schema and rules left aside.
fn objects(user: Map, kube: &str) -> Result<Json, Vec<Diagnostic>> {
    let release = release();
    let capabilities = Capabilities::new(kube.parse().unwrap(), &[]);
    let randomness = Randomness::new("test", 0);
    let release_context =
        ReleaseContext { release: &release, capabilities: &capabilities, randomness: &randomness };
    let mut sink = Sink::new();
    let mut values = values::merge(&CHART, user, &mut sink).map_err(|_| sink.clone().into_vec())?;
    render::expand(&CHART, &mut values, release_context, &mut sink)
        .map_err(|_| sink.clone().into_vec())?;
    let (_, manifests) = render::manifests(&CHART, &Arc::new(values), release_context, &mut sink)
        .map_err(|_| sink.clone().into_vec())?;
    let mut objects: Json = manifests.iter().map(|m| to_json(&m.body)).collect();
    let mut sum = Json::Null;
    for object in objects.as_array_mut().unwrap() {
        if let Some(conf) = object.pointer_mut("/data/nats.conf") {
            let text = conf.as_str().unwrap().to_owned();
            sum =
                json!(Sha256::digest(&text).iter().map(|b| format!("{b:02x}")).collect::<String>());
            *conf = options(text);
        }
        if let Some(found) =
            object.pointer_mut("/spec/template/metadata/annotations/checksum~1config")
            && *found == sum
        {
            *found = json!("the sum of nats.conf");
        }
    }
    Ok(objects)
}

/// A nats.conf as the server reads it.
fn options(text: String) -> Json {
    fn map(map: &nats_conf::Map) -> Json {
        map.entries.iter().map(|(name, entry)| (name.clone(), value(&entry.value.kind))).collect()
    }
    fn value(kind: &nats_conf::Kind) -> Json {
        use nats_conf::Kind;
        match kind {
            Kind::Bool(value) => json!(value),
            Kind::Integer(value) => json!(value),
            Kind::Float(value) => json!(value),
            Kind::Text(text) => json!(text),
            Kind::Date(date) => json!({ "date": date }),
            Kind::Unset(name) => json!({ "variable": name }),
            Kind::List(list) => list.iter().map(|entry| value(&entry.kind)).collect(),
            Kind::Map(options) => map(options),
        }
    }
    let source = Source::new("nats.conf", text);
    let tree = nats_conf::parse(&source, &nats_conf::ParseContext::default(), &mut Sink::new())
        .unwrap_or_else(|error| panic!("{error:?}\n{}", source.text()));
    let includes: Vec<&str> = tree.includes.iter().map(|include| include.name.as_str()).collect();
    json!({ "options": map(&tree.root), "includes": includes })
}

#[test]
fn the_templates_of_every_chart_are_without_faults() {
    for chart in [&nats::NATS, &nats::OPERATOR, &nats::CLUSTER] {
        let templates = chart.templates();
        let sources = templates.clone();
        let load = move |name: &str| {
            let path = format!("templates/{name}");
            sources.iter().find(|t| t.path == path).map(|t| Arc::clone(&t.source))
        };
        let mut engine = jinnacle_jinja::engine::Engine::new(load, |_, _| None);
        for template in &templates {
            let name = template.path.strip_prefix("templates/").unwrap();
            let faults = engine.environment().get_template(name).err();
            assert!(faults.is_none(), "{name}: {faults:?}");
        }
    }
}

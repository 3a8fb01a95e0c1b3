//! Writes what follows from the types of this crate: `cargo run -p jinnacle-schemas`; with `-- kubernetes`, what
//! the checks know of Kubernetes.

use std::path::{Path, PathBuf};
use std::{fs, io};

use serde::Serialize as _;
use serde_json::Value;
use serde_json::ser::{PrettyFormatter, Serializer};

mod aliases;
mod api;
mod defaults;
mod key_table;
#[expect(dead_code, reason = "the types are only read by the derive of their schema")]
mod krm;
mod kubernetes;
#[expect(dead_code, reason = "the types are only read by the derive of their schema")]
mod matrix;
#[expect(dead_code, reason = "the types are only read by the derive of their schema")]
mod nats;
#[expect(dead_code, reason = "the types are only read by the derive of their schema")]
mod natscluster;
#[expect(dead_code, reason = "the types are only read by the derive of their schema")]
mod operator;
mod resource;
mod scalar;
mod shape;

fn main() -> io::Result<()> {
    if std::env::args().nth(1).as_deref() == Some("kubernetes") {
        return api::write(repository().join("schemas/kubernetes.txt"));
    }
    for (path, text) in generated()? {
        fs::write(repository().join(path), text)?;
    }
    Ok(())
}

/// The generated files by their paths in the repository.
fn generated() -> io::Result<Vec<(&'static str, String)>> {
    let mut nats = shape::schema::<nats::Values>();
    aliases::add(&mut nats);
    defaults::describe(&mut nats, &read_yaml("values/nats.yaml")?);
    shape::arrange(&mut nats);
    let mut operator = shape::schema::<operator::Values>();
    defaults::describe(&mut operator, &read_yaml("values/nats-operator.yaml")?);
    shape::arrange(&mut operator);
    let cluster = shape::arranged::<natscluster::NatsCluster>();
    let role = shape::arranged::<natscluster::NatsServiceRole>();
    Ok(vec![
        ("docs/values-nats.md", key_table::markdown("nats/nats", "values/nats.yaml", &nats)),
        (
            "docs/values-nats-operator.md",
            key_table::markdown("nats/nats-operator", "values/nats-operator.yaml", &operator),
        ),
        ("schemas/nats-operator.json", pretty(&operator.into())),
        ("schemas/nats.json", pretty(&nats.into())),
        (
            "templates/nats-operator/_crds/natsclusters.yaml.j2",
            yaml(&resource::definition(&resource::NATS_CLUSTER, &cluster))?,
        ),
        (
            "templates/nats-operator/_crds/natsserviceroles.yaml.j2",
            yaml(&resource::definition(&resource::NATS_SERVICE_ROLE, &role))?,
        ),
        ("schemas/jinnaclechart.json", pretty(&shape::arranged::<krm::JinnacleChart>().into())),
        ("schemas/jinnaclecheck.json", pretty(&shape::arranged::<krm::JinnacleCheck>().into())),
        ("schemas/matrix.json", pretty(&shape::arranged::<matrix::Matrix>().into())),
        ("schemas/natscluster.json", pretty(&cluster.into())),
        ("schemas/natsservicerole.json", pretty(&role.into())),
    ])
}

fn read_yaml(path: &str) -> io::Result<Value> {
    let text = fs::read_to_string(repository().join(path))?;
    serde_yaml_ng::from_str(&text)
        .map_err(|error| io::Error::new(io::ErrorKind::InvalidData, format!("{path}: {error}")))
}

fn yaml(value: &Value) -> io::Result<String> {
    serde_yaml_ng::to_string(value).map_err(io::Error::other)
}

/// One key a line, so that a change shows, with as few spaces as that takes.
fn pretty(value: &Value) -> String {
    let mut text = Vec::new();
    let mut serializer = Serializer::with_formatter(&mut text, PrettyFormatter::with_indent(b" "));
    value.serialize(&mut serializer).expect("a value of JSON is JSON");
    text.push(b'\n');
    String::from_utf8(text).expect("JSON is UTF-8")
}

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

#[cfg(test)]
mod tests {
    use jsonschema::Validator;

    use super::*;
    use crate::shape::{Object, target};

    const UPSTREAM_KEYS: &str = include_str!("nats/upstream-keys.txt");

    #[test]
    fn generated_files_are_current() {
        for (path, text) in generated().unwrap() {
            let committed = fs::read_to_string(repository().join(path)).unwrap();
            assert!(committed == text, "{path} is not what `cargo run -p jinnacle-schemas` writes");
        }
    }

    #[test]
    fn schema_takes_the_defaults() {
        assert_eq!(errors(&read_yaml("values/nats.yaml").unwrap()), [""; 0]);
    }

    #[test]
    fn schema_takes_the_settings_that_are_commented_out() {
        let text = fs::read_to_string(repository().join("values/nats.yaml")).unwrap();
        let lines: Vec<_> = text.lines().map(switched_on).collect();
        let values = serde_yaml_ng::from_str(&lines.join("\n")).unwrap();
        assert_eq!(errors(&values), [""; 0]);
        assert_ne!(values, read_yaml("values/nats.yaml").unwrap());
    }

    /// The first line of an example names its schema, for editors.
    #[test]
    fn schemas_take_the_examples() {
        let directories =
            ["values/examples", "examples/fleet", "examples/kustomize", "examples/kpt"];
        let mut seen = 0;
        for entry in
            directories.iter().flat_map(|path| fs::read_dir(repository().join(path)).unwrap())
        {
            let path = entry.unwrap().path();
            let text = fs::read_to_string(&path).unwrap();
            // A Kptfile and a kustomization are third-party formats.
            let Some((_, schema)) = text.lines().next().unwrap().split_once("$schema=") else {
                continue;
            };
            let schema = fs::read_to_string(path.parent().unwrap().join(schema)).unwrap();
            let values = serde_yaml_ng::from_str(&text).unwrap();
            let found = errors_by(&serde_json::from_str(&schema).unwrap(), &values);
            assert_eq!(found, [""; 0], "{}", path.display());
            seen += 1;
        }
        let examples = fs::read_dir(repository().join("values/examples")).unwrap().count();
        assert_eq!(seen, examples + 7);
    }

    #[test]
    fn schema_of_the_operator_takes_its_defaults() {
        let text = fs::read_to_string(repository().join("schemas/nats-operator.json")).unwrap();
        let schema = serde_json::from_str(&text).unwrap();
        let defaults = read_yaml("values/nats-operator.yaml").unwrap();
        assert_eq!(errors_by(&schema, &defaults), [""; 0]);
    }

    /// An API server takes no definition with references, alternatives or a closed map.
    #[test]
    fn definitions_are_structural() {
        for name in ["natsclusters", "natsserviceroles"] {
            let path = format!("templates/nats-operator/_crds/{name}.yaml.j2");
            let text = fs::read_to_string(repository().join(path)).unwrap();
            for keyword in ["$ref", "anyOf", "oneOf", "additionalProperties: false", "$comment"] {
                assert!(!text.contains(keyword), "{name}: {keyword}");
            }
        }
    }

    #[test]
    fn schema_knows_the_keys_of_upstream() {
        let schema = nats();
        let keys: Vec<_> = UPSTREAM_KEYS.lines().filter(|line| !line.starts_with('#')).collect();
        let unknown: Vec<_> =
            keys.into_iter().filter(|path| at_path(&schema, path).is_none()).collect();
        assert_eq!(unknown, [""; 0]);
        assert!(at_path(&schema, "nats.image.taq").is_none());
    }

    #[test]
    fn schema_has_no_alternatives() {
        let text = fs::read_to_string(repository().join("schemas/nats.json")).unwrap();
        for keyword in ["anyOf", "oneOf", "allOf"] {
            assert!(!text.contains(&format!("\"{keyword}\"")), "{keyword}");
        }
    }

    #[test]
    fn misspelt_and_mistaken_values_are_refused() {
        for (values, at) in [
            ("{natsBox: {enabled: false}}", ""),
            (
                "{auth: {basic: {users: [{user: a, permissions: {subcribe: x}}]}}}",
                "/auth/basic/users/0/permissions",
            ),
            ("{affinity: {podAntiAffinity: {prefered: []}}}", "/affinity/podAntiAffinity"),
            ("{cluster: {enabled: \"true\"}}", "/cluster/enabled"),
            ("{cluster: {replicas: -1}}", "/cluster/replicas"),
            ("{nats: {limits: {pingInterval: \"30\"}}}", "/nats/limits/pingInterval"),
            ("{nats: {limits: {maxPayload: 1 MB}}}", "/nats/limits/maxPayload"),
            (
                "{nats: {jetstream: {fileStorage: {size: 1.5Gi}}}}",
                "/nats/jetstream/fileStorage/size",
            ),
            ("{nats: {client: {port: 70000}}}", "/nats/client/port"),
            ("{nats: {resources: {limits: {memory: 4GB}}}}", "/nats/resources/limits/memory"),
            ("{auth: {resolver: {type: Full}}}", "/auth/resolver/type"),
            ("{tolerations: [{effect: noSchedule}]}", "/tolerations/0/effect"),
            ("{tolerations: [null]}", "/tolerations/0"),
            ("{gateway: {gateways: [{}]}}", "/gateway/gateways/0"),
        ] {
            assert_eq!(errors(&serde_yaml_ng::from_str(values).unwrap()), [at], "{values}");
        }
    }

    /// Where the values do not fit the schema.
    fn errors(values: &Value) -> Vec<String> {
        errors_by(&Value::Object(nats()), values)
    }

    fn errors_by(schema: &Value, values: &Value) -> Vec<String> {
        let validator: Validator = jsonschema::draft7::new(schema).unwrap();
        validator.iter_errors(values).map(|error| error.instance_path().to_string()).collect()
    }

    fn nats() -> Object {
        let text = fs::read_to_string(repository().join("schemas/nats.json")).unwrap();
        serde_json::from_str(&text).unwrap()
    }

    /// A line of the defaults with its setting: `#` before a word is taken away.
    fn switched_on(line: &str) -> String {
        match line.trim_start().strip_prefix('#') {
            Some(setting) if !setting.starts_with([' ', '#']) && !setting.is_empty() => {
                let indent = line.len() - line.trim_start().len();
                " ".repeat(indent) + setting
            }
            _ => line.to_owned(),
        }
    }

    fn at_path<'a>(schema: &'a Object, path: &str) -> Option<&'a Object> {
        let mut found = schema;
        for step in path.replace("[]", ".[]").split('.') {
            found = match target(found) {
                Some(name) => schema["definitions"][name].as_object()?,
                None => found,
            };
            found = match step {
                "[]" => found.get("items"),
                key => found
                    .get("properties")
                    .and_then(|properties| properties.get(key))
                    .or_else(|| found.get("additionalProperties")),
            }?
            .as_object()?;
        }
        Some(found)
    }
}

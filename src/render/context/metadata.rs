//! `chart`: what Chart.yaml says, under the names of Helm's `chart.Metadata`.

use minijinja::Value;

use super::fields::Fields;
use crate::chart::{Dependency, Metadata, text_of};
use crate::yaml::Node;
use jinnacle_jinja::engine::to_value;

/// The metadata as templates see it; a field that is not written is empty.
pub fn value(metadata: &Metadata, is_root: bool) -> Value {
    let text = |key: &str| Value::from(metadata.text(key));
    let list = |key: &str| metadata.node.get(key).map_or_else(empty_list, to_value);
    Fields::sparse([
        ("name", metadata.name.as_str().into()),
        ("home", text("home")),
        ("sources", list("sources")),
        ("version", metadata.version.as_str().into()),
        ("description", text("description")),
        ("keywords", list("keywords")),
        ("maintainers", entries(&metadata.node, "maintainers").map(maintainer).collect()),
        ("icon", text("icon")),
        ("apiVersion", metadata.api_version().into()),
        ("condition", text("condition")),
        ("tags", text("tags")),
        ("appVersion", metadata.app_version.as_str().into()),
        ("deprecated", metadata.deprecated.into()),
        (
            "annotations",
            metadata
                .node
                .get("annotations")
                .map_or_else(|| Value::from_pairs([("", ""); 0]), to_value),
        ),
        ("kubeVersion", metadata.kube_version.as_str().into()),
        ("dependencies", metadata.dependencies.iter().map(dependency).collect()),
        ("type", text("type")),
        ("isRoot", is_root.into()),
    ])
}

fn entries<'n>(node: &'n Node, key: &str) -> impl Iterator<Item = &'n Node> {
    node.get(key).and_then(Node::as_list).unwrap_or_default().iter()
}

fn empty_list() -> Value {
    Value::from(Vec::<Value>::new())
}

fn maintainer(node: &Node) -> Value {
    let text = |key: &str| text_of(node, key).into();
    Fields::sparse([("name", text("name")), ("email", text("email")), ("url", text("url"))])
}

fn dependency(dependency: &Dependency) -> Value {
    Fields::sparse([
        ("name", dependency.name.as_str().into()),
        ("version", dependency.version.as_str().into()),
        ("repository", dependency.repository.as_str().into()),
        ("condition", dependency.condition.as_str().into()),
        ("tags", dependency.tags.iter().map(String::as_str).collect()),
        ("enabled", true.into()),
        ("importValues", dependency.import_values.iter().map(to_value).collect()),
        ("alias", dependency.alias.as_deref().unwrap_or_default().into()),
    ])
}

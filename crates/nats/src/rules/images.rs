//! Images of containers: one tag each, and names that a container runtime takes.

use jinnacle_chart::rules::Finding;
use jinnacle_kubernetes::image;
use jinnacle_syntax::yaml::Node;

/// Images of `nats/nats`, each as one string or in parts.
const OF_NATS: [&str; 5] =
    ["nats.image", "bootconfig.image", "natsbox.image", "reloader.image", "exporter.image"];

/// Images of a NatsCluster, and the fields with their tags.
const OF_CLUSTER: [(&str, &str); 4] = [
    ("spec.serverImage", "spec.version"),
    ("spec.pod.reloaderImage", "spec.pod.reloaderImageTag"),
    ("spec.pod.metricsImage", "spec.pod.metricsImageTag"),
    ("spec.pod.bootconfigImage", "spec.pod.bootconfigImageTag"),
];

pub(super) fn of_nats(values: &Node) -> Vec<Finding> {
    OF_NATS.iter().flat_map(|path| of_container(values, path)).collect()
}

pub(super) fn of_operator(values: &Node) -> Vec<Finding> {
    ["image", "cluster.configReload", "cluster.metrics"]
        .iter()
        .flat_map(|path| of_container(values, path))
        .collect()
}

pub(super) fn of_cluster(cluster: &Node) -> Vec<Finding> {
    OF_CLUSTER.iter().flat_map(|(name, tag)| of_parts(cluster, name, tag)).collect()
}

fn of_container(values: &Node, path: &str) -> Vec<Finding> {
    let whole = values.at(path).and_then(|node| Some((node, node.as_str()?)));
    let whole = whole.filter(|(_, image)| !image.is_empty()).and_then(|(node, image)| {
        let problem = image::fault(image)?;
        Some(Finding::error(&node.span, format!("`{path}` is not an image: {problem}")))
    });
    let parts = of_parts(values, &format!("{path}.repository"), &format!("{path}.tag"));
    whole.into_iter().chain(of_registry(values, path)).chain(parts).collect()
}

fn of_registry(values: &Node, path: &str) -> Option<Finding> {
    let node = values.at(&format!("{path}.registry"))?;
    let registry = node.as_str().filter(|text| !text.is_empty())?;
    let problem = image::repository_fault(&format!("{registry}/name"))?;
    Some(Finding::error(&node.span, format!("`{path}.registry` is not a registry: {problem}")))
}

fn of_parts(values: &Node, name_path: &str, tag_path: &str) -> Vec<Finding> {
    let given = |path: &str| {
        let node = values.at(path)?;
        Some((node, node.as_str().filter(|text| !text.is_empty())?))
    };
    let mut found = Vec::new();
    if let Some((node, name)) = given(name_path)
        && let Some(problem) = image::repository_fault(name)
    {
        let error =
            Finding::error(&node.span, format!("`{name_path}` is not an image's name: {problem}"));
        found.push(match image::parts(name) {
            (name, Some(tag), None) => {
                error.help(format!("write `{name}` here, and the tag `{tag}` as `{tag_path}`"))
            }
            (_, _, Some(digest)) => error
                .help(format!("write the digest after the tag in `{tag_path}`: `TAG@{digest}`")),
            _ => error,
        });
    }
    if let Some((node, tag)) = given(tag_path)
        && let Some(problem) = image::tag_fault(tag)
    {
        let message = format!("`{tag_path}` is not a tag, found `{tag}`: {problem}");
        found.push(Finding::error(&node.span, message));
    }
    found
}

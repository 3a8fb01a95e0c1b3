use schemars::JsonSchema;

/// A container image: a map of its parts, or one string, `registry:5000/name:tag`.
#[derive(JsonSchema)]
#[schemars(
    rename_all = "camelCase",
    title = "image",
    extend("type" = ["object", "string"], "pattern" = r"^\S+$", "examples" = ["nats:2.14-alpine"])
)]
pub struct Image {
    /// The name of the image, without registry and tag.
    repository: Option<String>,

    /// The version, a string: `1.10` stays `1.10`.
    tag: Option<String>,

    /// The host and the port of the registry.
    registry: Option<String>,

    /// When the node pulls the image.
    pull_policy: Option<PullPolicy>,
}

#[derive(JsonSchema)]
#[schemars(inline)]
pub enum PullPolicy {
    Always,
    IfNotPresent,
    Never,
}

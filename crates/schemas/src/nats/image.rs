use schemars::JsonSchema;

/// A container image: its parts, or all of it as one text, `registry:5000/name:tag`.
#[derive(JsonSchema)]
#[schemars(
    rename_all = "camelCase",
    title = "image",
    extend("type" = ["object", "string"], "pattern" = r"^\S+$", "examples" = ["nats:2.14-alpine"])
)]
pub struct Image {
    /// The name without registry and tag.
    repository: Option<String>,

    /// The version. It is a text: `1.10` stays `1.10`.
    tag: Option<String>,

    /// The host of the registry, and its port.
    registry: Option<String>,

    /// When the node asks the registry.
    pull_policy: Option<PullPolicy>,
}

#[derive(JsonSchema)]
#[schemars(inline)]
pub enum PullPolicy {
    Always,
    IfNotPresent,
    Never,
}

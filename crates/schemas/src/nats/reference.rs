//! How values point at objects of Kubernetes.

use schemars::JsonSchema;

/// A Secret in the same namespace.
#[derive(JsonSchema)]
pub struct SecretName {
    /// Its name.
    name: String,
}

/// A key of a Secret or a ConfigMap in the same namespace.
#[derive(JsonSchema)]
pub struct Entry {
    /// The name of the object.
    name: String,

    /// The key, which is also the name of the mounted file.
    key: String,
}

/// A ConfigMap entry.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
pub struct ConfigMapEntry {
    /// The ConfigMap and its entry.
    config_map: Entry,
}

/// A Secret entry.
#[derive(JsonSchema)]
pub struct SecretEntry {
    /// The Secret and its entry.
    secret: Entry,
}

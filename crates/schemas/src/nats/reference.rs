//! How values point at objects of Kubernetes.

use schemars::JsonSchema;

/// A Secret of the same namespace.
#[derive(JsonSchema)]
pub struct SecretName {
    /// Its name.
    name: String,
}

/// One entry of a Secret or of a ConfigMap of the same namespace.
#[derive(JsonSchema)]
pub struct Entry {
    /// The name of the object.
    name: String,

    /// The key of the entry, which is the name of the file when it is mounted.
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

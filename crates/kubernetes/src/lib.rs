//! Kubernetes manifests: documents with an identity and a hook, the order in which Helm installs them, and
//! checks of what the API server and nats-server would say of them, without asking either.

pub mod manifest;
pub mod image;
pub mod check;

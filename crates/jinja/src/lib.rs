//! Jinja templates for charts: a value is printed by the rules of its place in YAML or nats.conf, and what is printed
//! is traced back to the template and the value.
//!
//! Each module imports only from those above it.

pub mod placeholders;
pub mod engine;
pub mod functions;
pub mod from_conf;

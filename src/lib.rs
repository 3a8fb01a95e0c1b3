//! jinnacle renders Helm-style charts for Kubernetes from Jinja templates, NATS first of all.
//!
//! The modules stand in the order in which data goes through them, and each imports only from those
//! above it:
//!
//! ```text
//! argv ── cli, request ──► what is wanted
//! chart ──► metadata, defaults, schema, templates
//! -f, --set ── values ──► the user's layer, laid over the chart's defaults
//! --matrix ── matrix ──► many releases, which take the rest of the way side by side
//! schema, rules ──► findings on the values
//! chart × release × values ── render ──► strings
//! strings ── manifest ──► documents in install order
//! documents ── check ──► findings on what comes out
//! documents ── output ──► stdout;  findings ── diagnostic ──► stderr
//! ```

pub use jinnacle_chart::{chart, dependencies, release, rules, schema, values};
pub use jinnacle_kubernetes::{check, image, manifest};
pub use jinnacle_nats as nats;
pub use jinnacle_nats_conf as nats_conf;
pub use jinnacle_syntax::{diagnostic, json, policy, source, yaml};

pub mod cli;
pub mod matrix;
pub mod render;
pub mod request;
pub mod explain;
pub mod diff;
pub mod output;
pub mod pipeline;
pub mod natscluster;
pub mod validate;
pub mod krm;
pub mod show;
pub mod package;
pub mod scaffold;
pub mod lint;
pub mod commands;
pub mod watch;

//! Charts and their values, by Helm's rules: loading, dependencies, merging, schemas, rules over values, the release.
//!
//! Each module imports only from those above it.

pub mod release;
pub mod schema;
pub mod rules;
pub mod chart;
pub mod values;
pub mod dependencies;

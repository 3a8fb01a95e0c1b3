//! jinnacle renders charts.
pub mod source;
pub mod diagnostic;
pub mod yaml;
pub mod nats_conf;

//! What chart templates call, on plain Rust types: no template engine is known here.
//!
//! The behaviour is that of the Go libraries which Helm uses (its standard library, Sprig, go-yaml, BurntSushi/toml,
//! Masterminds/semver, gobwas/glob), to the byte, errors included where templates see them.

pub mod certificate;
pub mod cipher;
pub mod decimal;
pub mod encoding;
pub mod glob;
pub mod json;
pub mod number;
pub mod passwords;
pub mod paths;
pub mod random;
pub mod regexp;
pub mod semver;
pub mod text;
pub mod time;
pub mod toml;
pub mod urls;
pub mod words;
pub mod yaml;

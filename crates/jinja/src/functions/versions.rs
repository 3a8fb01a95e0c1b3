//! Versions and their constraints.

use jinnacle_functions::semver::{Constraint, Version};
use minijinja::Error;
use minijinja::value::Value;

use super::arguments::wrong;
use super::record::Record;

/// The parts of a version.
pub fn semver(text: &str) -> Result<Value, Error> {
    let version = read(text)?;
    Ok(Record::value([
        ("major", version.major.into()),
        ("minor", version.minor.into()),
        ("patch", version.patch.into()),
        ("prerelease", version.prerelease.into()),
        ("metadata", version.metadata.into()),
        ("original", version.original.into()),
    ]))
}

/// Whether a version satisfies a constraint such as `>=1.25.0-0`.
pub fn semver_compare(constraint: &str, version: &str) -> Result<bool, Error> {
    let constraint = Constraint::parse(constraint).map_err(|_| {
        wrong(format!("invalid version constraint `{constraint}`: write it like `>=1.25.0-0`"))
    })?;
    Ok(constraint.check(&read(version)?))
}

fn read(text: &str) -> Result<Version, Error> {
    Version::parse(text).map_err(|_| wrong(format!("invalid version `{text}`")))
}

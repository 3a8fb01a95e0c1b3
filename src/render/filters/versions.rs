//! Versions and their constraints.

use minijinja::Error;
use minijinja::value::Value;
use semver::Version;

use super::arguments::wrong;
use super::record::Record;
use crate::constraint::{Constraint, lenient};

/// The parts of a version.
pub fn semver(text: &str) -> Result<Value, Error> {
    let version = read(text)?;
    Ok(Record::value([
        ("major", version.major.into()),
        ("minor", version.minor.into()),
        ("patch", version.patch.into()),
        ("prerelease", version.pre.as_str().into()),
        ("metadata", version.build.as_str().into()),
        ("original", text.into()),
    ]))
}

/// Whether a version satisfies a constraint such as `>=1.25.0-0`.
pub fn semver_compare(constraint: &str, version: &str) -> Result<bool, Error> {
    let constraint: Constraint = constraint.parse().map_err(|why: String| wrong(why))?;
    Ok(constraint.matches(&read(version)?))
}

fn read(text: &str) -> Result<Version, Error> {
    lenient(text).ok_or_else(|| wrong(format!("`{text}` is no version")))
}

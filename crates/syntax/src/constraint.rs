//! Version constraints as charts write them: `>=1.20.0-0`, `~1.2 || 3.x`, `1.2 - 2` (the grammar of
//! Masterminds/semver, which Helm uses).

use std::cmp::Ordering;

use semver::{BuildMetadata, Prerelease, Version};

/// Alternatives of which one must hold; each is a list of comparisons that must all hold.
#[derive(Clone, Debug)]
pub struct Constraint(Vec<Vec<Comparison>>);

#[derive(Clone, Debug)]
struct Comparison {
    operator: Operator,
    version: Version,
    /// How many of the three numbers were written; `x` and `*` count as not written.
    written: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Operator {
    Equal,
    NotEqual,
    Greater,
    GreaterOrEqual,
    Less,
    LessOrEqual,
    Tilde,
    Caret,
}

/// Longer spellings first, so that `>=` is not read as `>`.
const OPERATORS: [(&str, Operator); 12] = [
    ("!=", Operator::NotEqual),
    (">=", Operator::GreaterOrEqual),
    ("=>", Operator::GreaterOrEqual),
    ("<=", Operator::LessOrEqual),
    ("=<", Operator::LessOrEqual),
    ("~>", Operator::Tilde),
    (">", Operator::Greater),
    ("<", Operator::Less),
    ("~", Operator::Tilde),
    ("^", Operator::Caret),
    ("=", Operator::Equal),
    ("", Operator::Equal),
];

impl std::str::FromStr for Constraint {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let bad = || format!("`{text}` is no version constraint: write it like `>=1.25.0-0`");
        text.split("||")
            .map(|alternative| comparisons(alternative).ok_or_else(bad))
            .collect::<Result<_, _>>()
            .map(Self)
    }
}

impl Constraint {
    /// Whether a version satisfies it. A pre-release satisfies only comparisons with a pre-release.
    pub fn matches(&self, version: &Version) -> bool {
        self.0.iter().any(|all| all.iter().all(|comparison| comparison.holds(version)))
    }
}

/// Reads a version leniently: a leading `v`, and missing numbers as zeros.
pub fn lenient(text: &str) -> Option<Version> {
    let numbers = text.split(['-', '+']).next().unwrap_or_default();
    if numbers.contains(['x', 'X', '*']) {
        return None;
    }
    let (version, _) = partial(text.strip_prefix('v').unwrap_or(text))?;
    Some(version)
}

fn comparisons(alternative: &str) -> Option<Vec<Comparison>> {
    if let Some((from, to)) = alternative.split_once(" - ") {
        return Some(vec![
            Comparison::parse(Operator::GreaterOrEqual, from.trim())?,
            Comparison::parse(Operator::LessOrEqual, to.trim())?,
        ]);
    }
    let mut found = Vec::new();
    let mut rest = alternative.trim();
    while !rest.is_empty() {
        let (word, operator) = OPERATORS.iter().find(|(word, _)| rest.starts_with(word))?;
        rest = rest[word.len()..].trim_start();
        let end = rest.find([',', ' ']).unwrap_or(rest.len());
        found.push(Comparison::parse(*operator, &rest[..end])?);
        let behind = rest[end..].trim_start();
        rest = match behind.strip_prefix(',') {
            // A comma has a comparison behind it.
            Some(next) if next.trim().is_empty() => return None,
            Some(next) => next.trim_start(),
            None => behind,
        };
    }
    if found.is_empty() { None } else { Some(found) }
}

/// A version of which numbers may be missing, and how many were there.
fn partial(text: &str) -> Option<(Version, usize)> {
    let (text, build) = text.split_once('+').unwrap_or((text, ""));
    let (numbers, pre) = text.split_once('-').unwrap_or((text, ""));
    let mut found = [0; 3];
    let mut written = 0;
    let mut wild = false;
    for (index, word) in numbers.split('.').enumerate() {
        if index == 3 {
            return None;
        }
        if matches!(word, "x" | "X" | "*") {
            wild = true;
        } else {
            found[index] = word.parse().ok()?;
            if !wild {
                written = index + 1;
            }
        }
    }
    let version = Version {
        major: found[0],
        minor: found[1],
        patch: found[2],
        pre: Prerelease::new(pre).ok()?,
        build: BuildMetadata::new(build).ok()?,
    };
    Some((version, written))
}

impl Comparison {
    fn parse(operator: Operator, text: &str) -> Option<Self> {
        let (version, written) = partial(text.strip_prefix('v').unwrap_or(text))?;
        Some(Self { operator, version, written })
    }

    fn holds(&self, version: &Version) -> bool {
        let own = &self.version;
        if !version.pre.is_empty() && own.pre.is_empty() {
            return false;
        }
        let order = version.cmp_precedence(own);
        let partial = self.written < 3;
        match self.operator {
            Operator::Equal if partial => self.tilde(version),
            Operator::Equal => order == Ordering::Equal,
            Operator::NotEqual if partial => !self.same_written(version),
            Operator::NotEqual => order != Ordering::Equal,
            Operator::Greater if partial => {
                order == Ordering::Greater && !self.same_written(version)
            }
            Operator::Greater => order == Ordering::Greater,
            Operator::GreaterOrEqual => order != Ordering::Less,
            Operator::Less => order == Ordering::Less,
            Operator::LessOrEqual if partial => {
                order != Ordering::Greater || self.same_written(version)
            }
            Operator::LessOrEqual => order != Ordering::Greater,
            Operator::Tilde => self.tilde(version),
            Operator::Caret => self.caret(version),
        }
    }

    /// `~1.2.3` is `>=1.2.3, <1.3`; `~1` is `1.x`.
    fn tilde(&self, version: &Version) -> bool {
        let own = &self.version;
        self.written == 0
            || version.cmp_precedence(own) != Ordering::Less
                && version.major == own.major
                && (self.written < 2 || version.minor == own.minor)
    }

    /// `^1.2.3` is `>=1.2.3, <2`; below 1.0 the first number that is not zero is kept.
    fn caret(&self, version: &Version) -> bool {
        let own = &self.version;
        if self.written == 0 {
            return true;
        }
        if version.cmp_precedence(own) == Ordering::Less || version.major != own.major {
            return false;
        }
        own.major > 0
            || self.written < 2
            || version.minor == own.minor
                && (own.minor > 0 || self.written < 3 || version.patch == own.patch)
    }

    /// Whether the numbers that were written are those of the version.
    fn same_written(&self, version: &Version) -> bool {
        let own = &self.version;
        [(version.major, own.major), (version.minor, own.minor), (version.patch, own.patch)]
            .iter()
            .take(self.written)
            .all(|(a, b)| a == b)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn constraints_follow_masterminds() {
        for (constraint, version, holds) in [
            (">=1.20.0-0", "1.28.3-gke.100", true),
            (">=1.20.0", "1.28.3-gke.100", false),
            (">=1.2 <2 || 3.x", "v3.4", true),
            (">=1.2 <2 || 3.x", "2.0.0", false),
            ("~1.2.3", "1.2.9", true),
            ("~1.2.3", "1.3.0", false),
            ("~1", "1.9.0", true),
            ("^1.2", "1.9.0", true),
            ("^0.2.3", "0.3.0", false),
            ("^0.0.3", "0.0.4", false),
            ("1.2 - 2", "2.9.9", true),
            ("1.2.0 - 2.0.0", "2.0.1", false),
            ("!=1.2", "1.2.5", false),
            ("!=1.2.3", "1.2.5", true),
            (">1", "1.5.0", false),
            (">1", "2.0.0", true),
            ("<=1.2", "1.2.9", true),
            ("*", "9.9.9", true),
            ("=> 1.0, =< 2.0.0", "1.5.0", true),
            ("1.2.3", "1.2.3+build", true),
        ] {
            let parsed: Constraint = constraint.parse().unwrap();
            assert_eq!(parsed.matches(&lenient(version).unwrap()), holds, "{constraint} {version}");
        }
        for bad in ["", "one", ">=", ">= x.y.z.a", "1 ||"] {
            assert!(bad.parse::<Constraint>().is_err(), "{bad}");
        }
    }
}

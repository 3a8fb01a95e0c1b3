//! Versions and constraints as Masterminds/semver reads them, with its error strings.

use std::cmp::Ordering;
use std::fmt;

/// A version; missing numbers are zeros.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    pub major: u64,
    pub minor: u64,
    pub patch: u64,
    /// What follows the hyphen, without it.
    pub prerelease: String,
    /// What follows the plus, without it.
    pub metadata: String,
    /// As it was written.
    pub original: String,
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.major, self.minor, self.patch)?;
        if !self.prerelease.is_empty() {
            write!(f, "-{}", self.prerelease)?;
        }
        if !self.metadata.is_empty() {
            write!(f, "+{}", self.metadata)?;
        }
        Ok(())
    }
}

const INVALID: &str = "invalid semantic version";
const STARTS_WITH_ZERO: &str = "version segment starts with 0";

impl Version {
    /// Reads a version leniently: `v1.2` is 1.2.0.
    pub fn parse(text: &str) -> Result<Self, String> {
        let parts = Parts::of(text.strip_prefix('v').unwrap_or(text), false).ok_or(INVALID)?;
        if !parts.rest.is_empty() {
            return Err(INVALID.to_owned());
        }
        let number = |digits: Option<&str>| {
            match digits {
            None => Ok(0),
            Some(digits) => digits.parse::<u64>().map_err(|_| {
                format!(
                    "error parsing version segment: strconv.ParseUint: parsing \"{digits}\": value out of range"
                )
            }),
        }
        };
        let [major, minor, patch] = parts.numbers;
        let version = Self {
            major: number(major)?,
            minor: number(minor)?,
            patch: number(patch)?,
            prerelease: parts.prerelease.unwrap_or_default().to_owned(),
            metadata: parts.metadata.unwrap_or_default().to_owned(),
            original: text.to_owned(),
        };
        let is_padded = |part: &str| {
            part.len() > 1 && part.starts_with('0') && part.bytes().all(|b| b.is_ascii_digit())
        };
        if version.prerelease.split('.').any(is_padded) {
            return Err(STARTS_WITH_ZERO.to_owned());
        }
        Ok(version)
    }

    /// The order of precedence: a pre-release is before its release, metadata does not count.
    pub fn compare(&self, other: &Self) -> Ordering {
        (self.major, self.minor, self.patch)
            .cmp(&(other.major, other.minor, other.patch))
            .then_with(|| compare_prereleases(&self.prerelease, &other.prerelease))
    }

    /// The next major version.
    pub fn next_major(&self) -> Self {
        self.next((self.major.wrapping_add(1), 0, 0))
    }

    /// The next minor version.
    pub fn next_minor(&self) -> Self {
        self.next((self.major, self.minor.wrapping_add(1), 0))
    }

    /// The next patch: of a pre-release its release.
    pub fn next_patch(&self) -> Self {
        let step = u64::from(self.prerelease.is_empty());
        self.next((self.major, self.minor, self.patch.wrapping_add(step)))
    }

    fn next(&self, (major, minor, patch): (u64, u64, u64)) -> Self {
        let mut next = Self {
            major,
            minor,
            patch,
            prerelease: String::new(),
            metadata: String::new(),
            original: String::new(),
        };
        let v = if self.original.starts_with('v') { "v" } else { "" };
        next.original = format!("{v}{next}");
        next
    }
}

fn compare_prereleases(a: &str, b: &str) -> Ordering {
    match (a.is_empty(), b.is_empty()) {
        (true, true) => return Ordering::Equal,
        (true, false) => return Ordering::Greater,
        (false, true) => return Ordering::Less,
        (false, false) => {}
    }
    let (mut left, mut right) = (a.split('.'), b.split('.'));
    loop {
        let order = match (left.next(), right.next()) {
            (None, None) => return Ordering::Equal,
            (None, Some(_)) => Ordering::Less,
            (Some(_), None) => Ordering::Greater,
            (Some(a), Some(b)) => match (a.parse::<u64>(), b.parse::<u64>()) {
                (Ok(a), Ok(b)) => a.cmp(&b),
                (Ok(_), Err(_)) => Ordering::Less,
                (Err(_), Ok(_)) => Ordering::Greater,
                (Err(_), Err(_)) => a.cmp(b),
            },
        };
        if order != Ordering::Equal {
            return order;
        }
    }
}

/// What a version is made of, as far as it goes.
struct Parts<'t> {
    numbers: [Option<&'t str>; 3],
    prerelease: Option<&'t str>,
    metadata: Option<&'t str>,
    rest: &'t str,
}

impl<'t> Parts<'t> {
    /// Reads what a version begins with; a constraint may have `x` and `*` for numbers.
    fn of(text: &'t str, wild: bool) -> Option<Self> {
        let is_digit = |c: char| c.is_ascii_digit() || wild && "xX*|".contains(c);
        let word = |text: &'t str| {
            let end = text.find(|c| !is_digit(c)).unwrap_or(text.len());
            (end > 0).then(|| text.split_at(end))
        };
        let (first, mut rest) = word(text)?;
        let mut numbers = [Some(first), None, None];
        for place in &mut numbers[1..] {
            if let Some((digits, after)) = rest.strip_prefix('.').and_then(word) {
                *place = Some(digits);
                rest = after;
            } else {
                break;
            }
        }
        let mut identifiers = |sign: char| {
            let after = rest.strip_prefix(sign)?;
            let mut end = 0;
            loop {
                let length = after[end..]
                    .find(|c: char| !c.is_ascii_alphanumeric() && c != '-')
                    .unwrap_or(after.len() - end);
                if length == 0 {
                    // Without a first identifier there is none; a trailing dot belongs to what follows.
                    end = end.checked_sub(1)?;
                    break;
                }
                end += length;
                if !after[end..].starts_with('.') {
                    break;
                }
                end += 1;
            }
            rest = &after[end..];
            Some(&after[..end])
        };
        let prerelease = identifiers('-');
        let metadata = identifiers('+');
        Some(Self { numbers, prerelease, metadata, rest })
    }
}

/// Alternatives of which one must hold; each is a list of comparisons that must all hold.
#[derive(Clone, Debug)]
pub struct Constraint(Vec<Vec<Comparison>>);

#[derive(Clone, Debug)]
struct Comparison {
    operator: Operator,
    version: Version,
    is_partial: bool,
    lacks_minor: bool,
    lacks_patch: bool,
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

/// Longer ones first, so that `>=` is not read as `>`.
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

impl Constraint {
    /// Reads a constraint: `>=1.19-0`, `^1.2 || 3.x`, `1.2 - 2`.
    pub fn parse(text: &str) -> Result<Self, String> {
        with_ranges(text).split("||").map(comparisons).collect::<Result<_, _>>().map(Self)
    }

    /// Whether a version satisfies it. A pre-release satisfies only comparisons of which one has a pre-release.
    pub fn check(&self, version: &Version) -> bool {
        self.0.iter().any(|all| {
            let takes_prereleases = version.prerelease.is_empty()
                || all.iter().any(|comparison| !comparison.version.prerelease.is_empty());
            takes_prereleases && all.iter().all(|comparison| comparison.holds(version))
        })
    }
}

/// The text with `a - b` written as `>= a, <= b`.
fn with_ranges(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    'search: while !rest.is_empty() {
        // The leftmost place from which a range reads.
        for (at, c) in rest.char_indices() {
            if !(c == 'v' || c.is_ascii_digit() || "xX*|".contains(c)) {
                continue;
            }
            if let Some((from, to, after)) = range(&rest[at..]) {
                out.push_str(rest[..at].trim_end());
                out.push_str(&format!(">= {from}, <= {to} "));
                rest = after.trim_start();
                continue 'search;
            }
        }
        break;
    }
    out.push_str(rest);
    out
}

fn range(text: &str) -> Option<(&str, &str, &str)> {
    let version = |text: &'_ str| -> Option<usize> {
        let bare = text.strip_prefix('v').unwrap_or(text);
        Some(text.len() - Parts::of(bare, true)?.rest.len())
    };
    let length = version(text)?;
    let (from, rest) = text.split_at(length);
    let hyphen = rest.trim_start().strip_prefix('-')?;
    if !rest.starts_with(char::is_whitespace) || !hyphen.starts_with(char::is_whitespace) {
        return None;
    }
    let rest = hyphen.trim_start();
    let length = version(rest)?;
    let (to, after) = rest.split_at(length);
    Some((from, to, after))
}

fn comparisons(alternative: &str) -> Result<Vec<Comparison>, String> {
    let improper = || format!("improper constraint: {}", crate::text::quoted(alternative));
    let mut found = Vec::new();
    let mut rest = alternative.trim_start();
    loop {
        let (word, operator) =
            OPERATORS.iter().find(|(word, _)| rest.starts_with(word)).ok_or_else(improper)?;
        rest = rest[word.len()..].trim_start();
        let bare = rest.strip_prefix('v').unwrap_or(rest);
        let parts = Parts::of(bare, true).ok_or_else(improper)?;
        rest = parts.rest;
        found.push(Comparison::new(*operator, &parts)?);
        let after = rest.trim_start();
        if after.is_empty() {
            return Ok(found);
        }
        // Comparisons have spaces or a comma between them.
        rest = match after.strip_prefix(',') {
            Some(after) => after.trim_start(),
            None if after.len() < rest.len() => after,
            None => return Err(improper()),
        };
    }
}

impl Comparison {
    fn new(operator: Operator, parts: &Parts) -> Result<Self, String> {
        let is_wild = |word: Option<&str>| matches!(word, None | Some("x" | "X" | "*"));
        let [major, minor, patch] = parts.numbers;
        let written = [major, minor, patch].iter().position(|word| is_wild(*word)).unwrap_or(3);
        let mut text = [major, minor, patch]
            .iter()
            .enumerate()
            .map(|(at, word)| if at < written { word.unwrap_or("0") } else { "0" })
            .collect::<Vec<_>>()
            .join(".");
        if let Some(prerelease) = parts.prerelease {
            text.push('-');
            text.push_str(prerelease);
        }
        let version = Version::parse(&text).map_err(|_| "constraint parser error".to_owned())?;
        Ok(Self {
            operator,
            version,
            is_partial: written < 3,
            lacks_minor: written == 1,
            lacks_patch: written == 2,
        })
    }

    fn holds(&self, version: &Version) -> bool {
        let own = &self.version;
        let order = version.compare(own);
        match self.operator {
            Operator::Equal if self.is_partial => self.tilde(version),
            Operator::Equal => order == Ordering::Equal,
            Operator::NotEqual if self.is_partial => self.differs(version),
            Operator::NotEqual => order != Ordering::Equal,
            Operator::Greater if self.is_partial => match version.major.cmp(&own.major) {
                Ordering::Greater => true,
                Ordering::Less => false,
                Ordering::Equal if self.lacks_minor => false,
                Ordering::Equal if self.lacks_patch => version.minor > own.minor,
                Ordering::Equal => order == Ordering::Greater,
            },
            Operator::Greater => order == Ordering::Greater,
            Operator::GreaterOrEqual => order != Ordering::Less,
            Operator::Less => order == Ordering::Less,
            Operator::LessOrEqual if self.is_partial => {
                version.major < own.major
                    || version.major == own.major
                        && (self.lacks_minor || version.minor <= own.minor)
            }
            Operator::LessOrEqual => order != Ordering::Greater,
            Operator::Tilde => self.tilde(version),
            Operator::Caret => self.caret(version),
        }
    }

    fn differs(&self, version: &Version) -> bool {
        let own = &self.version;
        if own.major != version.major {
            return true;
        }
        if self.lacks_minor {
            return false;
        }
        if own.minor != version.minor {
            return true;
        }
        if self.lacks_patch {
            return compare_prereleases(&version.prerelease, &own.prerelease) != Ordering::Equal;
        }
        own.patch != version.patch
    }

    /// `~1.2.3` is `>=1.2.3, <1.3`; `~1` is `1.x`; `~0.0.0` and `*` are anything.
    fn tilde(&self, version: &Version) -> bool {
        let own = &self.version;
        if version.compare(own) == Ordering::Less {
            return false;
        }
        let is_zero = (own.major, own.minor, own.patch) == (0, 0, 0);
        if is_zero && !self.lacks_minor && !self.lacks_patch {
            return true;
        }
        version.major == own.major && (version.minor == own.minor || self.lacks_minor)
    }

    /// `^1.2.3` is `>=1.2.3, <2`; below 1.0 the first number that is not zero is kept.
    fn caret(&self, version: &Version) -> bool {
        let own = &self.version;
        if version.compare(own) == Ordering::Less {
            return false;
        }
        if own.major > 0 || self.lacks_minor {
            return version.major == own.major;
        }
        if version.major > 0 {
            return false;
        }
        if own.minor > 0 || self.lacks_patch {
            return version.minor == own.minor;
        }
        version.minor == 0 && own.patch == version.patch
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
            let parsed = Constraint::parse(constraint).unwrap();
            assert_eq!(
                parsed.check(&Version::parse(version).unwrap()),
                holds,
                "{constraint} {version}"
            );
        }
        for bad in ["", "one", ">=", ">= x.y.z.a", "1 ||"] {
            assert!(Constraint::parse(bad).is_err(), "{bad}");
        }
    }
}

//! .helmignore: which files of a chart directory are no part of the chart (Helm's `pkg/ignore`).

use std::ops::RangeInclusive;
use std::sync::Arc;

use jinnacle_syntax::diagnostic::{Diagnostic, rule};
use jinnacle_syntax::source::{Source, Span};

/// The patterns of a .helmignore file, in order.
#[derive(Debug, Default)]
pub struct Ignore(Vec<Pattern>);

#[derive(Debug)]
struct Pattern {
    glob: String,
    /// `!glob`: what does **not** match is ignored, as Helm has it.
    negated: bool,
    /// `glob/`: directories only.
    folders_only: bool,
    /// A pattern with a slash is about the whole path, one without about the last name.
    whole_path: bool,
}

impl Ignore {
    /// Reads the patterns; hidden files in `templates/` are ignored besides, as in Helm.
    ///
    /// # Errors
    /// A pattern has `**`, which Helm does not know, or is none.
    pub fn read(source: Option<&Arc<Source>>) -> Result<Self, Diagnostic> {
        let mut patterns = vec![Pattern::new("templates/.?*")];
        let Some(source) = source else { return Ok(Self(patterns)) };
        let mut start = 0;
        for line in source.text().split_inclusive('\n') {
            let rule = line.trim();
            if let Some(at) = rule.find("**") {
                let start = start + (line.len() - line.trim_start().len()) + at;
                return Err(Diagnostic::error(
                    rule!("chart/helmignore"),
                    "unsupported pattern `**`",
                )
                .at(&Span::new(source, start, start + 2))
                .help("a pattern without a slash matches in every directory"));
            }
            if !rule.is_empty() && !rule.starts_with('#') {
                if let Some(at) = fault(rule) {
                    let indent = line.len() - line.trim_start().len();
                    let before: usize = rule.chars().take(at).map(char::len_utf8).sum();
                    let start = start + indent + before;
                    return Err(Diagnostic::error(rule!("chart/helmignore"), "invalid pattern")
                        .at(&Span::new(source, start, start + 1))
                        .help("close `[` by `]`, or write a backslash before it"));
                }
                patterns.push(Pattern::new(rule));
            }
            start += line.len();
        }
        Ok(Self(patterns))
    }

    /// Whether a path inside the chart is left out.
    pub fn ignores(&self, path: &str, is_folder: bool) -> bool {
        for pattern in &self.0 {
            if pattern.negated {
                if pattern.folders_only && !is_folder {
                    return true;
                }
                if !pattern.matches(path) {
                    return true;
                }
            } else if (is_folder || !pattern.folders_only) && pattern.matches(path) {
                return true;
            }
        }
        false
    }
}

impl Pattern {
    fn new(rule: &str) -> Self {
        let (negated, rule) = rule.strip_prefix('!').map_or((false, rule), |rest| (true, rest));
        let (folders_only, rule) =
            rule.strip_suffix('/').map_or((false, rule), |rest| (true, rest));
        let whole_path = rule.contains('/');
        let glob = rule.strip_prefix('/').unwrap_or(rule).to_owned();
        Self { glob, negated, folders_only, whole_path }
    }

    fn matches(&self, path: &str) -> bool {
        let name = path.rsplit('/').next().unwrap_or(path);
        glob_matches(&self.glob, if self.whole_path { path } else { name })
    }
}

/// Go's `filepath.Match`: `*` and `?` stop at slashes, `[a-z]`, `[^a-z]`, `\` escapes.
pub fn glob_matches(glob: &str, name: &str) -> bool {
    let glob: Vec<char> = glob.chars().collect();
    let name: Vec<char> = name.chars().collect();
    let (mut g, mut n) = (0, 0);
    // Where to go on when a star took too little: after the star, and one character further.
    let mut star: Option<(usize, usize)> = None;
    while n < name.len() {
        if g < glob.len() && glob[g] == '*' {
            star = Some((g + 1, n));
            g += 1;
            continue;
        }
        match one(&glob[g..], name[n]) {
            Some(used) => {
                g += used;
                n += 1;
            }
            None => match star {
                Some((after, taken)) if name[taken] != '/' => {
                    star = Some((after, taken + 1));
                    g = after;
                    n = taken + 1;
                }
                _ => return false,
            },
        }
    }
    glob[g..].iter().all(|&c| c == '*')
}

/// How many characters of the pattern match one character; none when they do not.
fn one(glob: &[char], c: char) -> Option<usize> {
    match *glob.first()? {
        '?' => (c != '/').then_some(1),
        '\\' => (*glob.get(1)? == c).then_some(2),
        '[' => {
            let class = Class::read(glob)?;
            (class.ranges.iter().any(|range| range.contains(&c)) != class.negated)
                .then_some(class.length)
        }
        plain => (plain == c).then_some(1),
    }
}

/// `[a-z]` or `[^a-z]`.
struct Class {
    negated: bool,
    ranges: Vec<RangeInclusive<char>>,
    /// With the brackets.
    length: usize,
}

impl Class {
    /// The class at the begin of a pattern; none when it is not closed, empty, or has half a range.
    fn read(glob: &[char]) -> Option<Self> {
        let negated = glob.get(1) == Some(&'^');
        let mut at = if negated { 2 } else { 1 };
        let mut ranges = Vec::new();
        while ranges.is_empty() || *glob.get(at)? != ']' {
            let from = bound(glob, &mut at)?;
            let to = if glob.get(at) == Some(&'-') {
                at += 1;
                bound(glob, &mut at)?
            } else {
                from
            };
            ranges.push(from..=to);
        }
        Some(Self { negated, ranges, length: at + 1 })
    }
}

/// A character of a class, which may be escaped.
fn bound(glob: &[char], at: &mut usize) -> Option<char> {
    if *glob.get(*at)? == '\\' {
        *at += 1;
    } else if matches!(glob[*at], '-' | ']') {
        return None;
    }
    let c = *glob.get(*at)?;
    *at += 1;
    Some(c)
}

/// Where a pattern is none: a class that is not right, or a backslash at the end.
fn fault(glob: &str) -> Option<usize> {
    let chars: Vec<char> = glob.chars().collect();
    let mut at = 0;
    while at < chars.len() {
        at += match chars[at] {
            '[' => match Class::read(&chars[at..]) {
                Some(class) => class.length,
                None => return Some(at),
            },
            '\\' if at + 1 == chars.len() => return Some(at),
            '\\' => 2,
            _ => 1,
        };
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn globs_follow_go() {
        for (glob, name, matches) in [
            ("*.txt", "a.txt", true),
            ("*.txt", "d/a.txt", false),
            ("d/*.txt", "d/a.txt", true),
            ("a?c", "abc", true),
            ("a?c", "a/c", false),
            ("[a-c]x", "bx", true),
            ("[^a-c]x", "bx", false),
            ("*a*b", "xaxxb", true),
            ("*", "", true),
            (r"\*", "*", true),
            (r"[\]]", "]", true),
            ("[a", "a", false),
            ("[a-]", "a", false),
            ("templates/*.yaml", "templates/sub/c.yaml", false),
        ] {
            assert_eq!(glob_matches(glob, name), matches, "{glob} {name}");
        }
    }

    #[test]
    fn a_file_ignores_by_name_path_and_folder() {
        let source = Source::new(".helmignore", "# c\n*.bak\n/top.txt\nsub/x.yaml\nold/\n");
        let ignore = Ignore::read(Some(&source)).unwrap();
        for (path, directory, ignored) in [
            ("templates/a.bak", false, true),
            ("top.txt", false, true),
            ("d/top.txt", false, false),
            ("sub/x.yaml", false, true),
            ("old", true, true),
            ("old", false, false),
            ("templates/.hidden", false, true),
            ("Chart.yaml", false, false),
        ] {
            assert_eq!(ignore.ignores(path, directory), ignored, "{path}");
        }
        for (text, place) in [("a\n b[c\n", "2:3"), ("x\\\n", "1:2"), ("[]\n", "1:1")] {
            let error = Ignore::read(Some(&Source::new(".helmignore", text))).unwrap_err();
            assert_eq!(error.span.unwrap().to_string(), format!(".helmignore:{place}"), "{text}");
        }
        let bad = Source::new(".helmignore", "a\n  x/**/y\n");
        let error = Ignore::read(Some(&bad)).unwrap_err();
        assert_eq!(error.span.unwrap().to_string(), ".helmignore:2:5");
    }
}

//! Globs of file names as `.Files.Glob` has them (gobwas/glob, with `/` as the separator).

use std::fmt::Write as _;

use regex_automata::meta::Regex;

/// A pattern: `*` stops at a slash, `**` does not, `?`, `[a-z]`, `[!abc]`, `{a,b}`, `\` before a literal.
#[derive(Clone, Debug)]
pub struct Glob(Option<Regex>);

impl Glob {
    /// Reads a pattern; there is none for one that does not parse.
    pub fn new(pattern: &str) -> Option<Self> {
        let mut expression = String::from(r"\A(?s:");
        translate(&mut pattern.chars().peekable(), 0, &mut expression)?;
        expression.push_str(r")\z");
        Regex::new(&expression).ok().map(Some).map(Self)
    }

    /// The pattern, or, as Helm does with one that does not parse, one that matches every file.
    pub fn or_everything(pattern: &str) -> Self {
        Self::new(pattern).unwrap_or(Self(None))
    }

    /// Whether it matches a whole name.
    pub fn matches(&self, name: &str) -> bool {
        self.0.as_ref().is_none_or(|regex| regex.is_match(name))
    }
}

type Chars<'p> = std::iter::Peekable<std::str::Chars<'p>>;

/// Writes the pattern as a regular expression, up to the end, or, within braces, up to a comma or a brace, which is
/// returned.
fn translate(chars: &mut Chars, depth: usize, out: &mut String) -> Option<Option<char>> {
    while let Some(c) = chars.next() {
        match c {
            ',' | '}' if depth > 0 => return Some(Some(c)),
            '\\' => literal(chars.next()?, out),
            '?' => out.push_str("[^/]"),
            '*' if chars.next_if_eq(&'*').is_some() => out.push_str(".*"),
            '*' => out.push_str("[^/]*"),
            '[' => set(chars, out)?,
            '{' => {
                out.push_str("(?:");
                while translate(chars, depth + 1, out)?? == ',' {
                    out.push('|');
                }
                out.push(')');
            }
            c => literal(c, out),
        }
    }
    (depth == 0).then_some(None)
}

/// Either one range or a list of characters, never both.
fn set(chars: &mut Chars, out: &mut String) -> Option<()> {
    // Without a character, a list is of those that there are not.
    out.push_str(if chars.next_if_eq(&'!').is_some() {
        r"[^[^\x{0}-\x{10FFFF}]"
    } else {
        r"[[^\x{0}-\x{10FFFF}]"
    });
    let first = chars.next()?;
    if chars.next_if_eq(&'-').is_some() {
        let last = chars.next()?;
        if chars.next()? != ']' || last < first {
            return None;
        }
        literal(first, out);
        out.push('-');
        literal(last, out);
    } else {
        let mut next = first;
        while next != ']' {
            literal(if next == '\\' { chars.next()? } else { next }, out);
            next = chars.next()?;
        }
    }
    out.push(']');
    Some(())
}

fn literal(c: char, out: &mut String) {
    let _ = write!(out, r"\x{{{:x}}}", u32::from(c));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn globs() {
        for (pattern, name, is_match) in [
            ("conf/*", "conf/a.txt", true),
            ("conf/*", "conf/d/a.txt", false),
            ("**.txt", "conf/d/a.txt", true),
            ("conf/{a,b}.*", "conf/b.bin", true),
            ("conf/?.txt", "conf/a.txt", true),
            ("[a-c]*", "b", true),
            ("[!ab]", "b", false),
            ("a[bc]d", "acd", true),
            ("a\\*", "a*", true),
            ("conf/**", "conf/sub/a.ini", true),
            ("{conf,etc}/*.{ini,toml}", "etc/b.toml", true),
            ("{conf,etc}/*.{ini,toml}", "etc/b.yaml", false),
            ("{a,{b,c}d}", "cd", true),
            ("[]x", "x", false),
            ("[!]x", "/x", true),
            ("*a*a*a*a*b", &"a".repeat(300), false),
        ] {
            assert_eq!(Glob::new(pattern).unwrap().matches(name), is_match, "{pattern} {name}");
        }
        for bad in ["[a-zA]", "{a", "[a", "\\"] {
            assert!(Glob::new(bad).is_none(), "{bad}");
            assert!(Glob::or_everything(bad).matches("x/y"));
        }
    }
}

//! Globs of file names as `.Files.Glob` has them (gobwas/glob, with `/` as the separator).

/// A pattern: `*` stops at a slash, `**` does not, `?`, `[a-z]`, `[!abc]`, `{a,b}`, `\` before a literal.
#[derive(Clone, Debug)]
pub struct Glob(Vec<Token>);

#[derive(Clone, Debug)]
enum Token {
    Char(char),
    /// `?`: one character but a slash.
    One,
    /// `*`: any number of characters but slashes.
    Any,
    /// `**`: any number of characters.
    Super,
    Set {
        negated: bool,
        ranges: Vec<(char, char)>,
    },
    Alternatives(Vec<Vec<Token>>),
}

impl Glob {
    /// Reads a pattern; there is none for one that does not parse.
    pub fn new(pattern: &str) -> Option<Self> {
        let mut chars = pattern.chars().peekable();
        let tokens = tokens(&mut chars, 0)?.0;
        Some(Self(tokens))
    }

    /// The pattern, or, as Helm does with one that does not parse, one that matches every file.
    pub fn or_everything(pattern: &str) -> Self {
        Self::new(pattern).unwrap_or(Self(vec![Token::Super]))
    }

    /// Whether it matches a whole name.
    pub fn matches(&self, name: &str) -> bool {
        let chars: Vec<char> = name.chars().collect();
        let parts: Vec<&[Token]> = vec![&self.0];
        matches(parts, &chars)
    }
}

type Chars<'p> = std::iter::Peekable<std::str::Chars<'p>>;

/// The tokens up to the end, or, within braces, up to a comma or a brace, which is returned too.
fn tokens(chars: &mut Chars, depth: usize) -> Option<(Vec<Token>, Option<char>)> {
    let mut out = Vec::new();
    while let Some(c) = chars.next() {
        out.push(match c {
            ',' | '}' if depth > 0 => return Some((out, Some(c))),
            '\\' => Token::Char(chars.next()?),
            '?' => Token::One,
            '*' if chars.next_if_eq(&'*').is_some() => Token::Super,
            '*' => Token::Any,
            '[' => set(chars)?,
            '{' => {
                let mut alternatives = Vec::new();
                loop {
                    let (alternative, end) = tokens(chars, depth + 1)?;
                    alternatives.push(alternative);
                    match end? {
                        ',' => {}
                        _ => break,
                    }
                }
                Token::Alternatives(alternatives)
            }
            c => Token::Char(c),
        });
    }
    if depth > 0 { None } else { Some((out, None)) }
}

/// Either one range or a list of characters, never both.
fn set(chars: &mut Chars) -> Option<Token> {
    let negated = chars.next_if_eq(&'!').is_some();
    let mut ranges = Vec::new();
    let first = chars.next()?;
    if chars.next_if_eq(&'-').is_some() {
        let last = chars.next()?;
        if chars.next()? != ']' || last < first {
            return None;
        }
        ranges.push((first, last));
    } else {
        let mut next = first;
        while next != ']' {
            let c = if next == '\\' { chars.next()? } else { next };
            ranges.push((c, c));
            next = chars.next()?;
        }
    }
    Some(Token::Set { negated, ranges })
}

/// Whether the sequences of tokens, one behind the other, match the characters. The last one is matched first.
fn matches(mut parts: Vec<&[Token]>, chars: &[char]) -> bool {
    while let Some(part) = parts.pop() {
        let Some((token, rest)) = part.split_first() else { continue };
        let mut behind = parts;
        behind.push(rest);
        let next = chars.split_first();
        return match token {
            Token::Char(c) => next.is_some_and(|(first, left)| first == c && matches(behind, left)),
            Token::One => next.is_some_and(|(first, left)| *first != '/' && matches(behind, left)),
            Token::Set { negated, ranges } => next.is_some_and(|(first, left)| {
                ranges.iter().any(|(low, high)| (low..=high).contains(&first)) != *negated
                    && matches(behind, left)
            }),
            Token::Any | Token::Super => {
                let longest = match token {
                    Token::Any => chars.iter().position(|&c| c == '/').unwrap_or(chars.len()),
                    _ => chars.len(),
                };
                (0..=longest).any(|taken| matches(behind.clone(), &chars[taken..]))
            }
            Token::Alternatives(alternatives) => alternatives.iter().any(|alternative| {
                let mut with = behind.clone();
                with.push(alternative);
                matches(with, chars)
            }),
        };
    }
    chars.is_empty()
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
        ] {
            assert_eq!(Glob::new(pattern).unwrap().matches(name), is_match, "{pattern} {name}");
        }
        for bad in ["[a-zA]", "{a", "[a", "\\"] {
            assert!(Glob::new(bad).is_none(), "{bad}");
            assert!(Glob::or_everything(bad).matches("x/y"));
        }
    }
}

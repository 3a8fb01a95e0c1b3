//! Subjects: what messages are addressed to. Tokens are separated by dots; `*` matches one token, `>` for
//! all that follow.

/// Whether it is a subject, with or without wildcards.
pub fn is_valid(subject: &str) -> bool {
    let mut tokens = subject.split('.').peekable();
    while let Some(token) = tokens.next() {
        let is_last = tokens.peek().is_none();
        if token.is_empty()
            || token == ">" && !is_last
            || token.contains([' ', '\t', '\n', '\r', '\x0c'])
        {
            return false;
        }
    }
    true
}

/// Whether it is a subject, or a subject and the name of a queue after a space.
pub fn is_valid_with_queue(text: &str) -> bool {
    let words: Vec<&str> = text.split_whitespace().collect();
    is_valid(text) || words.len() == 2 && words.into_iter().all(is_valid)
}

/// Whether it is a subject without wildcards, to which can be published.
pub fn is_literal(subject: &str) -> bool {
    is_valid(subject) && !has_wildcard(subject)
}

/// Whether a token is a wildcard.
pub fn has_wildcard(subject: &str) -> bool {
    subject.split('.').any(is_wildcard)
}

/// Whether every subject that the first matches is matched by the second.
pub fn is_within(subject: &str, wider: &str) -> bool {
    let mut tokens = subject.split('.');
    for wide in wider.split('.') {
        match (tokens.next(), wide) {
            (None | Some(""), _) | (_, "") => return false,
            (Some(_), ">") => return true,
            (Some(">"), _) => return false,
            (Some("*"), wide) if wide != "*" => return false,
            (Some(token), wide) if !wide.starts_with('*') && token != wide => return false,
            _ => {}
        }
    }
    tokens.next().is_none()
}

/// Whether some subject matches both.
pub fn collide(a: &str, b: &str) -> bool {
    let (mut left, mut right) = (a.split('.'), b.split('.'));
    loop {
        match (left.next(), right.next()) {
            (None, None) => return true,
            (Some(">"), Some(_)) | (Some(_), Some(">")) => return true,
            (Some(x), Some(y)) if x == y || x == "*" || y == "*" => {}
            _ => return false,
        }
    }
}

/// A percentage such as `20%` or `20`, from 0 to 100.
pub fn percent(text: &str) -> Option<i64> {
    let number: i64 = text.strip_suffix('%').unwrap_or(text).parse().ok()?;
    (0..=100).contains(&number).then_some(number)
}

/// Why messages of one subject cannot be mapped to another; functions such as `{{wildcard(1)}}` are known.
pub fn mapping_problem(source: &str, destination: &str) -> Option<String> {
    if destination.is_empty() {
        return None;
    }
    let is_good = |token: &str| {
        is_function(token) || !token.is_empty() && !token.contains(char::is_whitespace)
    };
    if let Some(token) = destination.split('.').find(|token| !is_good(token)) {
        return Some(format!("invalid subject token `{token}`"));
    }
    transform_problem(source, destination, false)
}

/// Why messages of a subject cannot be mapped to the subject itself: a token of it reads as a function.
pub fn identity_problem(subject: &str) -> Option<String> {
    let destination = if has_wildcard(subject) { numbered(subject) } else { subject.to_owned() };
    transform_problem(subject, &destination, false)
}

/// Why the wildcards of an import cannot be carried over: each must be used, and no function helps.
pub fn import_problem(source: &str, destination: &str) -> Option<String> {
    transform_problem(source, &numbered(destination), true)
}

/// The subject with each `$1`, `{{wildcard(1)}}` and so on as `*`.
pub fn with_wildcards(subject: &str) -> String {
    let token = |token| match function(token) {
        Ok(Function::Wildcard(_)) => "*",
        _ => token,
    };
    subject.split('.').map(token).collect::<Vec<_>>().join(".")
}

/// What a token of a destination means.
enum Function {
    /// Itself.
    None,
    /// The source's wildcard of this number, from 1.
    Wildcard(i64),
    /// The source's wildcard of this number, changed by a function.
    Changed(i64),
    /// A number drawn from the source's wildcards of these numbers; without any, from the whole subject.
    Partition(Vec<i64>),
    /// A random number.
    Random,
}

fn is_wildcard(token: &str) -> bool {
    token == "*" || token == ">"
}

fn is_function(token: &str) -> bool {
    token.len() > 4 && token.starts_with("{{") && token.ends_with("}}")
}

fn transform_problem(source: &str, destination: &str, strict: bool) -> Option<String> {
    let ends_open = |subject: &str| subject.split('.').next_back() == Some(">");
    let well_formed = |subject: &str| {
        let last = subject.split('.').count() - 1;
        subject
            .split('.')
            .enumerate()
            .all(|(n, token)| !token.is_empty() && (token != ">" || n == last))
    };
    if !well_formed(source) || !well_formed(destination) {
        return Some("invalid subject".to_owned());
    }
    if destination.split('.').any(|token| token == "*") {
        return Some(
            "`*` is not allowed in a destination; write `$1` for the first wildcard of the source"
                .to_owned(),
        );
    }
    if ends_open(source) != ends_open(destination) {
        return Some("both subjects or neither must end in `>`".to_owned());
    }
    let wildcards = source.split('.').filter(|token| *token == "*").count() as i64;
    let has_wildcards = wildcards > 0 || ends_open(source);
    let mut used = 0;
    for token in destination.split('.') {
        let numbers = match function(token) {
            Err(problem) => return Some(problem),
            Ok(Function::None) => continue,
            Ok(Function::Wildcard(number)) => vec![number],
            Ok(_) if strict => return Some(format!("`{token}` is not allowed in an import")),
            Ok(Function::Random) => continue,
            Ok(Function::Partition(_)) if !has_wildcards => continue,
            Ok(Function::Partition(numbers)) => numbers,
            Ok(Function::Changed(number)) => vec![number],
        };
        used += numbers.len() as i64;
        if !has_wildcards || numbers.iter().any(|n| *n > wildcards) {
            return Some(format!("`{token}` refers to a wildcard that `{source}` does not have"));
        }
    }
    (strict && used < wildcards).then(|| format!("unused wildcard of `{source}`"))
}

fn function(token: &str) -> Result<Function, String> {
    if let Some(number) = token.strip_prefix('$').filter(|rest| !rest.is_empty()) {
        return Ok(number.parse().map_or(Function::None, Function::Wildcard));
    }
    if !is_function(token) {
        return Ok(Function::None);
    }
    let unknown = || format!("unknown mapping function `{token}`");
    let inner = token[2..token.len() - 2].trim();
    let (name, arguments) = inner.split_once('(').ok_or_else(unknown)?;
    let arguments = arguments.strip_suffix(')').ok_or_else(unknown)?;
    let arguments: Vec<&str> = arguments.split(',').map(str::trim).collect();
    let bad = || format!("invalid arguments in `{token}`");
    let number = |text: &str| text.parse::<i32>().map(i64::from).map_err(|_| bad());
    match (name.trim_end().to_ascii_lowercase().as_str(), arguments.as_slice()) {
        ("wildcard", [index]) => Ok(Function::Wildcard(number(index)?)),
        ("partition", [count, indexes @ ..]) => {
            number(count)?;
            indexes
                .iter()
                .map(|index| number(index))
                .collect::<Result<_, _>>()
                .map(Function::Partition)
        }
        ("random", [count]) => number(count).map(|_| Function::Random),
        ("split", [index, separator]) if !separator.contains([' ', '.']) => {
            Ok(Function::Changed(number(index)?))
        }
        (
            "splitfromleft" | "splitfromright" | "slicefromleft" | "slicefromright" | "left"
            | "right",
            [index, count],
        ) => {
            number(count)?;
            Ok(Function::Changed(number(index)?))
        }
        (
            "wildcard" | "partition" | "random" | "split" | "splitfromleft" | "splitfromright"
            | "slicefromleft" | "slicefromright" | "left" | "right",
            _,
        ) => Err(bad()),
        _ => Err(unknown()),
    }
}

/// The subject with its first `*` as `$1`, its second as `$2` and so on.
fn numbered(subject: &str) -> String {
    let mut count = 0;
    let token = |token: &str| match token {
        "*" => {
            count += 1;
            format!("${count}")
        }
        _ => token.to_owned(),
    };
    subject.split('.').map(token).collect::<Vec<_>>().join(".")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn subjects_have_tokens_without_blanks() {
        for good in ["a", "a.*.b", ">", "a.>", "a*", "$SYS.REQ"] {
            assert!(is_valid(good), "{good}");
        }
        for bad in ["", "a..b", ".a", "a.", "a b", ">.a", "a.>.b"] {
            assert!(!is_valid(bad), "{bad}");
        }
        assert!(
            is_valid_with_queue("a queue")
                && !is_valid_with_queue("a b c")
                && !is_valid_with_queue("")
        );
        assert!(is_literal("a.b") && !is_literal("a.*") && !is_literal("a.>"));
    }

    #[test]
    fn wildcards_contain_and_collide() {
        assert!(is_within("a.b", "a.*") && is_within("a.b.c", "a.>") && is_within("a.*", "a.*"));
        assert!(!is_within("a.*", "a.b") && !is_within("a", "a.>") && !is_within("a.>", "a.*"));
        assert!(collide("a.*", "*.b") && collide("a.>", "a.b.c") && collide("a", "a"));
        assert!(!collide("a", "a.>") && !collide("a.b", "a.c") && !collide("a.*", "a.b.c"));
    }

    #[test]
    fn mappings_use_the_wildcards_of_their_source() {
        for (source, destination) in [
            ("a", "b"),
            ("a.*", "b.$1"),
            ("a.*", "b.{{wildcard(1)}}"),
            ("a.*.*", "{{ Partition(3, 1, 2) }}.b"),
            ("a.>", "b.>"),
        ] {
            assert_eq!(mapping_problem(source, destination), None, "{source} to {destination}");
        }
        for (source, destination) in [
            ("a", "b.$1"),
            ("a.*", "b.$2"),
            ("a.*", "b.*"),
            ("a.>", "b"),
            ("a", "b c"),
            ("a.*", "b.{{wildcard()}}"),
            ("a.*", "b.{{shout(1)}}"),
            ("a", "b..c"),
        ] {
            assert!(mapping_problem(source, destination).is_some(), "{source} to {destination}");
        }
        assert_eq!(import_problem("a.*.*", "b.*.*"), None);
        assert!(import_problem("a.*.*", "b.*").is_some() && import_problem("a.*", "b").is_some());
        assert_eq!(with_wildcards("a.$1.b"), "a.*.b");
    }
}

//! The forms of names: each function says what is wrong with a string, if anything is.

/// What is wrong with a string, as text after its path.
pub type Form = fn(&str) -> Option<&'static str>;

/// An RFC 1123 label of up to 63 characters: names of containers, volumes, services.
pub fn label(text: &str) -> Option<&'static str> {
    match text {
        _ if text.contains('.') => Some("must not contain dots"),
        _ if text.len() > 63 => Some("must be no longer than 63 characters"),
        _ if !is_label(text) => {
            Some("must be lower case letters, digits and `-`, with a letter or digit at both ends")
        }
        _ => None,
    }
}

/// An RFC 1123 subdomain of up to 253 characters: labels with dots between them.
pub fn subdomain(text: &str) -> Option<&'static str> {
    match text {
        _ if text.len() > 253 => Some("must be no longer than 253 characters"),
        _ if !text.split('.').all(is_label) => Some(
            "must be lower case letters, digits, `-` and `.`, with a letter or digit at both ends of each part",
        ),
        _ => None,
    }
}

/// The host of an Ingress: a subdomain, or one after `*.`.
pub fn host(text: &str) -> Option<&'static str> {
    match text.strip_prefix("*.") {
        _ if text.parse::<std::net::IpAddr>().is_ok() => Some("must be a DNS name, not an address"),
        Some(rest) => subdomain(rest),
        None if text.contains('*') => Some("must only have `*` as its first part"),
        None => subdomain(text),
    }
}

/// A name that is a part of a URL's path: names of roles and bindings.
pub fn path_segment(text: &str) -> Option<&'static str> {
    match text {
        "." | ".." => Some("must not be `.` or `..`"),
        _ if text.contains(['/', '%']) => Some("must not contain `/` or `%`"),
        _ => None,
    }
}

/// The key of a label or an annotation: a name, with a domain and `/` before it or without.
pub(crate) fn qualified(text: &str) -> Option<&'static str> {
    let (prefix, name) = match text.split_once('/') {
        Some((prefix, name)) => (Some(prefix), name),
        None => (None, text),
    };
    if let Some(prefix) = prefix {
        if prefix.is_empty() {
            return Some("must have a domain prefix before its `/`");
        }
        if subdomain(prefix).is_some() {
            return Some("must have a domain prefix in lower case before its `/`");
        }
    }
    match name {
        "" => Some("must have a name"),
        _ if name.contains('/') => Some("must have at most one `/`"),
        _ if name.len() > 63 => Some("must have a name of at most 63 characters"),
        _ if !is_word(name) => Some(
            "must be letters, digits, `-`, `_` and `.`, with a letter or digit at both ends of the name",
        ),
        _ => None,
    }
}

/// The value of a label.
pub(crate) fn label_value(text: &str) -> Option<&'static str> {
    match text {
        "" => None,
        _ if text.len() > 63 => Some("must be no longer than 63 characters"),
        _ if !is_word(text) => {
            Some("must be letters, digits, `-`, `_` and `.`, with a letter or digit at both ends")
        }
        _ => None,
    }
}

/// A key in the data of a ConfigMap or a Secret.
pub(crate) fn config_key(text: &str) -> Option<&'static str> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    match text {
        _ if text.len() > 253 => Some("must be no longer than 253 characters"),
        _ if text.is_empty() || !text.chars().all(is_part) => {
            Some("must be letters, digits, `-`, `_` and `.`")
        }
        "." | ".." => Some("must not be `.` or `..`"),
        _ if text.starts_with("..") => Some("must not begin with `..`"),
        _ => None,
    }
}

/// The name of a port of a container.
pub fn port(text: &str) -> Option<&'static str> {
    let is_part = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    match text {
        _ if text.len() > 15 => Some("must be no longer than 15 characters"),
        _ if !text.chars().all(is_part) => Some("must be lower case letters, digits and `-`"),
        _ if !text.contains(|c: char| c.is_ascii_lowercase()) => {
            Some("must contain a letter, or be a number without quotes")
        }
        _ if text.contains("--") => Some("must not contain two `-` in a row"),
        _ if text.starts_with('-') || text.ends_with('-') => Some("must not begin or end with `-`"),
        _ => None,
    }
}

/// The name of an environment variable.
pub fn variable(text: &str) -> Option<&'static str> {
    let is_part = |c: char| matches!(c, ' '..='~') && c != '=';
    (!text.chars().all(is_part)).then_some("must be printable ASCII characters other than `=`")
}

/// The name of an HTTP header.
pub fn header(text: &str) -> Option<&'static str> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '-';
    (text.is_empty() || !text.chars().all(is_part)).then_some("must be letters, digits and `-`")
}

fn is_label(text: &str) -> bool {
    let is_end = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    text.starts_with(is_end)
        && text.ends_with(is_end)
        && text.chars().all(|c| is_end(c) || c == '-')
}

fn is_word(text: &str) -> bool {
    let is_end = |c: char| c.is_ascii_alphanumeric();
    text.starts_with(is_end)
        && text.ends_with(is_end)
        && text.chars().all(|c| is_end(c) || matches!(c, '-' | '_' | '.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_recognized() {
        let long = "a".repeat(64);
        let cases: &[(Form, &[&str], &[&str])] = &[
            (label, &["a", "a-1", "9"], &["", "A", "a.b", "-a", "a_b", &long]),
            (subdomain, &["a.b", "a", &long], &["a..b", "a.", "A.b"]),
            (host, &["a.b", "*.a.b"], &["10.0.0.1", "a.*.b", "*"]),
            (path_segment, &["a:b", "A b"], &["a/b", "..", "a%b"]),
            (
                qualified,
                &["a", "A_b.c", "a.b/C"],
                &["", "/a", "a/", "A.b/c", "a/b/c", "a b", &long],
            ),
            (label_value, &["", "A.b_c-1"], &["a b", "-a", "a+b", &long]),
            (config_key, &["a.b", ".a", "A_b-c"], &["", "..", "a/b", "é", "..a"]),
            (port, &["http", "a-1"], &["80", "Http", "a--b", "-a", "client-port-four", "a_b"]),
            (variable, &["A", "a b", "1.x"], &["A=B", "é"]),
            (header, &["X-A"], &["", "X A"]),
        ];
        for (form, good, bad) in cases {
            for text in *good {
                assert_eq!(form(text), None, "{text}");
            }
            for text in *bad {
                assert!(form(text).is_some(), "{text}");
            }
        }
    }
}

//! Hosts, ports, URLs and versions, read as Go's `net` and `net/url` and the server read them.

/// The host and port of a string such as `0.0.0.0:4222`, `[::1]:4222` or `:4222`.
pub fn split(text: &str) -> Option<(&str, i64)> {
    let (host, port) = text.rsplit_once(':')?;
    let host = match host.strip_prefix('[') {
        Some(inner) => inner.strip_suffix(']')?,
        None if host.contains(':') => return None,
        None => host,
    };
    if host.contains(['[', ']']) || port.contains(['[', ']']) {
        return None;
    }
    Some((host, port.parse().ok()?))
}

/// Whether it is a host with or without a port, as advertised to others.
pub fn is_advertisable(text: &str) -> bool {
    let text = text.trim();
    if text.is_empty() || split(text).is_some() {
        return true;
    }
    // Without a port, the server puts its own after it.
    split(&format!("{text}:1")).is_some()
}

/// Whether Go can read it as a URL.
pub fn is_url(text: &str) -> bool {
    parts(text).is_some()
}

/// The scheme in lower case, and the host with its port, of a URL that Go can read.
pub fn parts(text: &str) -> Option<(String, &str)> {
    let text = text.trim();
    if text.bytes().any(|b| b < b' ' || b == 0x7f) {
        return None;
    }
    let text = text.split('#').next().unwrap_or("");
    let (scheme, rest) = split_scheme(text)?;
    let path = rest.split('?').next().unwrap_or("");
    // What follows a scheme without a slash is opaque; without a scheme a colon would be ambiguous.
    if !path.starts_with('/') && !scheme.is_empty() {
        return Some((scheme, ""));
    }
    if !has_good_escapes(path) {
        return None;
    }
    if !path.starts_with('/') {
        let first = path.split('/').next().unwrap_or("");
        return (!first.contains(':')).then_some((scheme, ""));
    }
    let Some(authority) = path.strip_prefix("//") else {
        return Some((scheme, ""));
    };
    let authority = authority.split('/').next().unwrap_or("");
    let host = match authority.rsplit_once('@') {
        Some((user, host)) => {
            let is_good = |c: char| c.is_ascii_alphanumeric() || "-._:~!$&'()*+,;=%@".contains(c);
            user.chars().all(is_good).then_some(host)?
        }
        None => authority,
    };
    is_host(host).then_some((scheme, host))
}

/// Whether it is a semantic version of at least 2.8.0, the first that leaf nodes can ask for.
pub fn is_leaf_version(text: &str) -> bool {
    let core = text.split(['-', '+']).next().unwrap_or("");
    let numbers: Vec<u32> = core
        .split('.')
        .map_while(|n| {
            (n == "0" || !n.starts_with('0') && n.bytes().all(|b| b.is_ascii_digit()))
                .then_some(n)?
                .parse()
                .ok()
        })
        .collect();
    core.split('.').count() == 3 && numbers.len() == 3 && numbers >= vec![2, 8, 0]
}

/// The scheme, empty where there is none, and what follows its colon.
fn split_scheme(text: &str) -> Option<(String, &str)> {
    for (at, c) in text.char_indices() {
        match c {
            'a'..='z' | 'A'..='Z' => {}
            '0'..='9' | '+' | '-' | '.' if at > 0 => {}
            ':' if at == 0 => return None,
            ':' => return Some((text[..at].to_ascii_lowercase(), &text[at + 1..])),
            _ => break,
        }
    }
    Some((String::new(), text))
}

fn is_host(host: &str) -> bool {
    let (name, port) = match host.strip_prefix('[') {
        Some(rest) => match rest.split_once(']') {
            Some((inner, port)) => (inner, port),
            None => return false,
        },
        None => match host.rfind(':') {
            Some(colon) => host.split_at(colon),
            None => (host, ""),
        },
    };
    let is_good_port =
        port.is_empty() || port.starts_with(':') && port[1..].bytes().all(|b| b.is_ascii_digit());
    let is_good =
        |c: char| c.is_alphanumeric() || !c.is_ascii() || "-._~!$&'()*+,;=:[]<>\"%".contains(c);
    // Escapes are for what is not ASCII, and colons for addresses in brackets.
    let is_ascii = |at: usize| name.as_bytes().get(at + 1).is_some_and(|digit| *digit < b'8');
    let is_bracketed = host.starts_with('[');
    let is_plain =
        is_bracketed || !name.contains(':') && !name.match_indices('%').any(|(at, _)| is_ascii(at));
    is_good_port && is_plain && name.chars().all(is_good)
}

fn has_good_escapes(text: &str) -> bool {
    text.match_indices('%').all(|(at, _)| {
        text.as_bytes()
            .get(at + 1..at + 3)
            .is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_are_those_of_go() {
        for good in [
            "nats://a:4222",
            "a",
            "",
            "a:b",
            "nats://u:p@h:1",
            "tls://[::1]:1",
            " nats://a ",
            "nats://a:",
            "nats:%x",
            "nats://%e4:1",
        ] {
            assert!(is_url(good), "{good}");
        }
        for bad in [
            "nats://a b:1",
            "127.0.0.1:4222",
            "://",
            "nats://a:b",
            "nats://a/%zz",
            "nats://[::1",
            "a\nb",
            "nats://%41:1",
            "nats://a::1",
        ] {
            assert!(!is_url(bad), "{bad}");
        }
    }

    #[test]
    fn addresses_are_split_as_go_splits_them() {
        assert_eq!(split("0.0.0.0:4222"), Some(("0.0.0.0", 4222)));
        assert_eq!(split("[::1]:1"), Some(("::1", 1)));
        assert_eq!(split(":-1"), Some(("", -1)));
        for bad in ["localhost", "a:b", "::1:4222", "[::1:1", ""] {
            assert_eq!(split(bad), None, "{bad}");
        }
        assert!(
            is_advertisable("example.org")
                && is_advertisable("example.org:1")
                && !is_advertisable("a:b:c")
        );
    }

    #[test]
    fn versions_are_semantic() {
        for (text, is_good) in [
            ("2.8.0", true),
            ("2.10.1-rc.1", true),
            ("3.0.0", true),
            ("2.7.9", false),
            ("2.8", false),
            ("v2.9.0", false),
            ("02.9.0", false),
        ] {
            assert_eq!(is_leaf_version(text), is_good, "{text}");
        }
    }
}

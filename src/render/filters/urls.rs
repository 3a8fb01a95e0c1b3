//! URLs and their parts.

use minijinja::Error;
use minijinja::value::Value;

use super::arguments::{entries, text, wrong};
use super::encoding::escaped;

/// The parts of a URL: `scheme`, `userinfo`, `host`, `hostname`, `path`, `query`, `fragment`, `opaque`.
pub fn url_parse(url: &str) -> Result<Value, Error> {
    let bad = |why: &str| wrong(format!("`{url}` is no URL: {why}"));
    if url.bytes().any(|b| b < b' ' || b == 0x7f) {
        return Err(bad("it holds control characters"));
    }
    let (rest, fragment) = url.split_once('#').unwrap_or((url, ""));
    let (scheme, rest) = match rest.split_once(':') {
        Some((scheme, rest)) if is_scheme(scheme) => (scheme.to_ascii_lowercase(), rest),
        Some(("", _)) => return Err(bad("it has no scheme before the colon")),
        Some((first, _)) if !first.contains(['/', '?']) => {
            return Err(bad("the first part of a path cannot hold a colon"));
        }
        _ => (String::new(), rest),
    };
    let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
    let opaque = if !scheme.is_empty() && !rest.starts_with('/') { rest } else { "" };
    let rest = if opaque.is_empty() { rest } else { "" };
    let (authority, path) = match rest.strip_prefix("//") {
        Some(rest) => rest.split_at(rest.find('/').unwrap_or(rest.len())),
        None => ("", rest),
    };
    let (userinfo, host) = authority.rsplit_once('@').unwrap_or(("", authority));
    let (hostname, port) = match host.rsplit_once(':') {
        Some((name, port)) if !port.contains(']') => (name, port),
        _ => (host, ""),
    };
    if !port.bytes().all(|b| b.is_ascii_digit()) {
        return Err(bad("its port is no number"));
    }
    let path = unescaped(path).ok_or_else(|| bad("a `%` in its path is no escape"))?;
    let fragment = unescaped(fragment).ok_or_else(|| bad("a `%` in its fragment is no escape"))?;
    Ok(Value::from_pairs([
        ("scheme", scheme.as_str()),
        ("userinfo", userinfo),
        ("host", host),
        ("hostname", hostname.trim_start_matches('[').trim_end_matches(']')),
        ("path", &path),
        ("query", query),
        ("opaque", opaque),
        ("fragment", &fragment),
    ]))
}

/// The URL of such parts.
pub fn url_join(parts: &Value) -> Result<String, Error> {
    let parts = entries(parts)?;
    let part = |name: &str| match parts.get(name) {
        None => Ok(String::new()),
        Some(value) if value.as_str().is_some() => text(value),
        Some(value) => Err(wrong(format!(
            "`{name}` must be a text, found {}",
            super::arguments::article(value.kind())
        ))),
    };
    let (scheme, opaque, host, userinfo) =
        (part("scheme")?, part("opaque")?, part("host")?, part("userinfo")?);
    let mut url = String::new();
    if !scheme.is_empty() {
        url.push_str(&format!("{scheme}:"));
    }
    if opaque.is_empty() {
        let path = escaped(&part("path")?, |b| {
            b.is_ascii_alphanumeric() || b"-_.~$&+,/:;=@!'()*".contains(&b)
        });
        let is_full = !scheme.is_empty() || !host.is_empty() || !userinfo.is_empty();
        if is_full && !(host.is_empty() && userinfo.is_empty() && path.is_empty()) {
            url.push_str("//");
        }
        if !userinfo.is_empty() {
            url.push_str(&format!("{userinfo}@"));
        }
        url.push_str(&host);
        if !host.is_empty() && !path.is_empty() && !path.starts_with('/') {
            url.push('/');
        }
        url.push_str(&path);
    } else {
        url.push_str(&opaque);
    }
    let (query, fragment) = (part("query")?, part("fragment")?);
    if !query.is_empty() {
        url.push_str(&format!("?{query}"));
    }
    if !fragment.is_empty() {
        let fragment = escaped(&fragment, |b| {
            b.is_ascii_alphanumeric() || b"-_.~$&+,/:;=?@!()*'".contains(&b)
        });
        url.push_str(&format!("#{fragment}"));
    }
    Ok(url)
}

fn is_scheme(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"+-.".contains(&b))
}

fn unescaped(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        rest = after;
        if first == b'%' {
            let digits = std::str::from_utf8(rest.get(..2)?).ok()?;
            if !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
                return None;
            }
            bytes.push(u8::from_str_radix(digits, 16).ok()?);
            rest = &rest[2..];
        } else {
            bytes.push(first);
        }
    }
    String::from_utf8(bytes).ok()
}

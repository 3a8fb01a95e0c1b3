//! URLs and their parts, as Go's net/url has them.

use std::fmt::Write as _;

use crate::text::quoted;

/// The parts of a URL, decoded but for the query.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Url {
    pub scheme: String,
    pub userinfo: String,
    pub host: String,
    pub hostname: String,
    pub path: String,
    pub query: String,
    pub opaque: String,
    pub fragment: String,
}

impl Url {
    /// Reads a URL; the error is the one of `url.Parse`.
    pub fn parse(text: &str) -> Result<Self, String> {
        let failed = |url: &str, why: &str| format!("parse {}: {why}", quoted(url));
        let (rest, fragment) = text.split_once('#').unwrap_or((text, ""));
        let whole = rest;
        let bad = |why: &str| failed(whole, why);
        if rest.bytes().any(|b| b < b' ' || b == 0x7f) {
            return Err(bad("net/url: invalid control character in URL"));
        }
        if rest == "*" {
            return Ok(Self { path: "*".to_owned(), ..Self::default() });
        }
        let (scheme, rest) = scheme(rest).map_err(bad)?;
        let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
        let mut url = Self {
            scheme: scheme.to_ascii_lowercase(),
            query: query.to_owned(),
            ..Self::default()
        };
        if !rest.starts_with('/') {
            if !scheme.is_empty() {
                url.opaque = rest.to_owned();
                url.fragment =
                    unescaped(fragment).map_err(|part| failed(text, &escape_error(&part)))?;
                return Ok(url);
            }
            let first = rest.split('/').next().unwrap_or_default();
            if first.contains(':') {
                return Err(bad("first path segment in URL cannot contain colon"));
            }
        }
        let has_authority =
            rest.starts_with("//") && (!scheme.is_empty() || !rest.starts_with("///"));
        let (authority, path) = if has_authority {
            let rest = &rest[2..];
            rest.split_at(rest.find('/').unwrap_or(rest.len()))
        } else {
            ("", rest)
        };
        let (userinfo, host) = authority.rsplit_once('@').unwrap_or(("", authority));
        if !userinfo
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"-._:~!$&'()*+,;=%@".contains(&b))
        {
            return Err(bad("net/url: invalid userinfo"));
        }
        url.userinfo = userinfo.to_owned();
        url.host = host_of(host).map_err(|why| bad(&why))?;
        url.hostname = hostname(&url.host).to_owned();
        url.path = unescaped(path).map_err(|part| bad(&escape_error(&part)))?;
        url.fragment = unescaped(fragment).map_err(|part| failed(text, &escape_error(&part)))?;
        Ok(url)
    }

    /// The URL of the parts; `hostname` does not count.
    pub fn join(&self) -> String {
        let mut url = String::new();
        if !self.scheme.is_empty() {
            let _ = write!(url, "{}:", self.scheme);
        }
        if self.opaque.is_empty() {
            let has_authority = !self.host.is_empty() || !self.userinfo.is_empty();
            if has_authority || !self.scheme.is_empty() && !self.path.is_empty() {
                url.push_str("//");
            }
            if !self.userinfo.is_empty() {
                let _ = write!(url, "{}@", self.userinfo);
            }
            url.push_str(&escaped(&self.host, |b| {
                b.is_ascii_alphanumeric() || b"-_.~!$&'()*+,;=:[]<>\"".contains(&b)
            }));
            let path = escaped(&self.path, |b| {
                b.is_ascii_alphanumeric() || b"-_.~$&+,/:;=@!'()*".contains(&b)
            });
            if !path.is_empty() && !path.starts_with('/') && !self.host.is_empty() {
                url.push('/');
            }
            if url.is_empty() && path.split('/').next().is_some_and(|first| first.contains(':')) {
                url.push_str("./");
            }
            url.push_str(&path);
        } else {
            url.push_str(&self.opaque);
        }
        if !self.query.is_empty() {
            let _ = write!(url, "?{}", self.query);
        }
        if !self.fragment.is_empty() {
            url.push('#');
            url.push_str(&escaped(&self.fragment, |b| {
                b.is_ascii_alphanumeric() || b"-_.~$&+,/:;=?@!()*'".contains(&b)
            }));
        }
        url
    }
}

fn scheme(text: &str) -> Result<(&str, &str), &'static str> {
    for (at, c) in text.char_indices() {
        match c {
            'a'..='z' | 'A'..='Z' => {}
            '0'..='9' | '+' | '-' | '.' if at > 0 => {}
            ':' if at == 0 => return Err("missing protocol scheme"),
            ':' => return Ok((&text[..at], &text[at + 1..])),
            _ => break,
        }
    }
    Ok(("", text))
}

fn host_of(host: &str) -> Result<String, String> {
    let after = match host.strip_prefix('[') {
        Some(_) => match host.rfind(']') {
            Some(end) => &host[end + 1..],
            None => return Err("missing ']' in host".to_owned()),
        },
        None => host.rfind(':').map_or("", |at| &host[at..]),
    };
    let is_port = after.is_empty()
        || after.starts_with(':') && after[1..].bytes().all(|b| b.is_ascii_digit());
    if !is_port {
        return Err(format!("invalid port {} after host", quoted(after)));
    }
    if let Some(c) = host.chars().find(|c| {
        c.is_ascii() && !c.is_ascii_alphanumeric() && !"-_.~!$&'()*+,;=:[]<>\"%".contains(*c)
    }) {
        return Err(format!("invalid character {} in host name", quoted(&c.to_string())));
    }
    unescaped(host).map_err(|part| escape_error(&part))
}

fn hostname(host: &str) -> &str {
    let without_port = match host.rfind(':') {
        Some(at) if !host[at..].contains(']') => &host[..at],
        _ => host,
    };
    without_port.strip_prefix('[').and_then(|text| text.strip_suffix(']')).unwrap_or(without_port)
}

fn escape_error(part: &str) -> String {
    format!("invalid URL escape {}", quoted(part))
}

fn unescaped(text: &str) -> Result<String, String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        if first == b'%' {
            let digits = after.get(..2).and_then(|two| std::str::from_utf8(two).ok());
            let byte = digits
                .filter(|digits| digits.bytes().all(|b| b.is_ascii_hexdigit()))
                .and_then(|digits| u8::from_str_radix(digits, 16).ok());
            let Some(byte) = byte else {
                return Err(String::from_utf8_lossy(&rest[..rest.len().min(3)]).into_owned());
            };
            bytes.push(byte);
            rest = &after[2..];
        } else {
            bytes.push(first);
            rest = after;
        }
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// The text as a part of a URL: all but letters, digits and `-_.~` as `%41`.
pub fn encoded(text: &str) -> String {
    escaped(text, |b| b.is_ascii_alphanumeric() || b"-_.~".contains(&b))
}

/// The text with `%41` for the bytes that do not stay.
pub fn escaped(text: &str, stays: impl Fn(u8) -> bool) -> String {
    let mut out = String::with_capacity(text.len());
    for b in text.bytes() {
        if stays(b) {
            out.push(char::from(b));
        } else {
            let _ = write!(out, "%{b:02X}");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_have_parts() {
        let url = Url::parse("http://u:p@host:80/a%20b?x=1#f").unwrap();
        assert_eq!(
            (url.host.as_str(), url.hostname.as_str(), url.path.as_str()),
            ("host:80", "host", "/a b")
        );
        assert_eq!(url.join(), "http://u:p@host:80/a%20b?x=1#f");
        assert!(
            Url::parse(":x").is_err() && Url::parse("a:b").is_ok() && Url::parse("1a:b").is_err()
        );
    }
}

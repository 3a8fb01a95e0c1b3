//! URLs and their parts.

use jinnacle_functions::urls::Url;
use minijinja::Error;
use minijinja::value::Value;

use super::arguments::{article, entries, text, wrong};

/// The parts of a URL: `scheme`, `userinfo`, `host`, `hostname`, `path`, `query`, `fragment`, `opaque`.
pub fn url_parse(url: &str) -> Result<Value, Error> {
    let url = Url::parse(url).map_err(wrong)?;
    Ok(Value::from_pairs([
        ("scheme", url.scheme),
        ("userinfo", url.userinfo),
        ("host", url.host),
        ("hostname", url.hostname),
        ("path", url.path),
        ("query", url.query),
        ("opaque", url.opaque),
        ("fragment", url.fragment),
    ]))
}

/// The URL of such parts.
pub fn url_join(parts: &Value) -> Result<String, Error> {
    let parts = entries(parts)?;
    let part = |name: &str| match parts.get(name) {
        None => Ok(String::new()),
        Some(value) if value.as_str().is_some() => text(value),
        Some(value) => {
            Err(wrong(format!("`{name}`: expected a string, found {}", article(value.kind()))))
        }
    };
    let url = Url {
        scheme: part("scheme")?,
        userinfo: part("userinfo")?,
        host: part("host")?,
        hostname: String::new(),
        path: part("path")?,
        query: part("query")?,
        opaque: part("opaque")?,
        fragment: part("fragment")?,
    };
    Ok(url.join())
}

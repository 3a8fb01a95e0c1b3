//! Encodings, checksums and URLs.

use jinnacle_functions::encoding;
use jinnacle_functions::urls::Url;

use super::*;

pub static TABLE: &[Function] = &[
    Function::new("b64enc", &[S], |rt, a| string(rt, encoding::base64(a[0].text()))),
    Function::new("b64dec", &[S], |rt, a| decoded(rt, encoding::from_base64(a[0].text()))),
    Function::new("b32enc", &[S], |rt, a| string(rt, encoding::base32(a[0].text()))),
    Function::new("b32dec", &[S], |rt, a| decoded(rt, encoding::from_base32(a[0].text()))),
    Function::new("sha1sum", &[S], |rt, a| string(rt, encoding::sha1(a[0].text()))),
    Function::new("sha256sum", &[S], |rt, a| string(rt, encoding::sha256(a[0].text()))),
    Function::new("sha512sum", &[S], |rt, a| string(rt, encoding::sha512(a[0].text()))),
    Function::new("adler32sum", &[S], |rt, a| {
        string(rt, encoding::adler32(a[0].text()).to_string())
    }),
    Function::new("urlParse", &[S], |rt, a| {
        let url = Url::parse(&utf8(a[0]))
            .map_err(|error| message(format!("unable to parse url: {error}")))?;
        let map = rt.new_map();
        for (name, part) in [
            ("fragment", &url.fragment),
            ("host", &url.host),
            ("hostname", &url.hostname),
            ("opaque", &url.opaque),
            ("path", &url.path),
            ("query", &url.query),
            ("scheme", &url.scheme),
            ("userinfo", &url.userinfo),
        ] {
            map.insert(name.as_bytes(), rt.string(part));
        }
        Ok(Value::map(map))
    }),
    Function::new("urlJoin", &[M], |rt, a| {
        let part = |name: &str| match a[0].as_map().and_then(|map| map.get(name.as_bytes())) {
            None => Ok(String::new()),
            Some(Value::Str(text)) => Ok(String::from_utf8_lossy(text).into_owned()),
            Some(Value::Nil) => Err(Fault::from(NIL_POINTER)),
            Some(other) => Err(message(format!(
                "unable to parse {name} key, must be of type string, but {} found",
                other.kind().name()
            ))),
        };
        let url = Url {
            scheme: part("scheme")?,
            host: part("host")?,
            path: part("path")?,
            query: part("query")?,
            opaque: part("opaque")?,
            fragment: part("fragment")?,
            userinfo: part("userinfo")?,
            hostname: String::new(),
        };
        string(rt, url.join())
    }),
];

/// What was decoded, or the error as a string.
fn decoded<'a>(rt: &Runtime<'a>, result: Result<Vec<u8>, String>) -> Answer<'a> {
    string(rt, result.unwrap_or_else(String::into_bytes))
}

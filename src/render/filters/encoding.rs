//! Base 64, base 32 and the encoding of URLs.

use data_encoding::{BASE32, BASE64, Encoding};
use minijinja::Error;

use super::arguments::wrong;

/// A text in base 64.
pub fn b64enc(text: &str) -> String {
    BASE64.encode(text.as_bytes())
}

/// The text that base 64 holds.
pub fn b64dec(text: &str) -> Result<String, Error> {
    decoded(&BASE64, "base 64", text)
}

/// A text in base 32.
pub fn b32enc(text: &str) -> String {
    BASE32.encode(text.as_bytes())
}

/// The text that base 32 holds.
pub fn b32dec(text: &str) -> Result<String, Error> {
    decoded(&BASE32, "base 32", text)
}

/// The bytes that base 64 holds; line breaks in it are nothing.
pub fn b64_bytes(text: &str) -> Result<Vec<u8>, Error> {
    bytes(&BASE64, "base 64", text)
}

fn decoded(encoding: &Encoding, name: &str, text: &str) -> Result<String, Error> {
    String::from_utf8(bytes(encoding, name, text)?)
        .map_err(|_| wrong(format!("the {name} holds bytes that are no text")))
}

fn bytes(encoding: &Encoding, name: &str, text: &str) -> Result<Vec<u8>, Error> {
    let text = text.replace(['\n', '\r'], "");
    encoding.decode(text.as_bytes()).map_err(|error| wrong(format!("this is no {name}: {error}")))
}

/// A text as a part of a URL: all but letters, digits and `-_.~` as `%XX`.
pub fn urlencode(text: &str) -> String {
    escaped(text, |byte| byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte))
}

/// A text as a part of a URL's query: the same, with `+` for a blank.
pub fn urlquery(text: &str) -> String {
    urlencode(text).replace("%20", "+")
}

/// A text with `%XX` for the bytes that cannot stay.
pub fn escaped(text: &str, stays: impl Fn(u8) -> bool) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if stays(byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

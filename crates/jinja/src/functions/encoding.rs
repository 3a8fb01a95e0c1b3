//! Base 64, base 32, the encoding of URLs, and sums.

use jinnacle_functions::{encoding, urls};
use minijinja::Error;

use super::arguments::wrong;

/// A string in base 64.
pub fn b64enc(text: &str) -> String {
    encoding::base64(text.as_bytes())
}

/// The text that base 64 holds.
pub fn b64dec(text: &str) -> Result<String, Error> {
    decoded("base 64", encoding::from_base64(text.as_bytes()))
}

/// A string in base 32.
pub fn b32enc(text: &str) -> String {
    encoding::base32(text.as_bytes())
}

/// The text that base 32 holds.
pub fn b32dec(text: &str) -> Result<String, Error> {
    decoded("base 32", encoding::from_base32(text.as_bytes()))
}

fn decoded(name: &str, bytes: Result<Vec<u8>, String>) -> Result<String, Error> {
    let bytes = bytes.map_err(|why| wrong(format!("invalid {name}: {why}")))?;
    String::from_utf8(bytes).map_err(|_| wrong(format!("the {name} holds bytes that are no text")))
}

/// A string as a part of a URL's query: as `urlencode` does it, with `+` for a space.
pub fn urlquery(text: &str) -> String {
    urls::encoded(text).replace("%20", "+")
}

/// The SHA-1 sum in hexadecimal.
pub fn sha1sum(text: &str) -> String {
    encoding::sha1(text.as_bytes())
}

/// The SHA-256 sum in hexadecimal.
pub fn sha256sum(text: &str) -> String {
    encoding::sha256(text.as_bytes())
}

/// The SHA-512 sum in hexadecimal.
pub fn sha512sum(text: &str) -> String {
    encoding::sha512(text.as_bytes())
}

/// The Adler-32 sum in decimal digits.
pub fn adler32sum(text: &str) -> String {
    encoding::adler32(text.as_bytes()).to_string()
}

//! Sums of texts.

use sha1::Sha1;
use sha2::{Digest, Sha256, Sha512};

/// The SHA-1 sum in hexadecimal.
pub fn sha1sum(text: &str) -> String {
    hexadecimal(&Sha1::digest(text.as_bytes()))
}

/// The SHA-256 sum in hexadecimal.
pub fn sha256sum(text: &str) -> String {
    hexadecimal(&Sha256::digest(text.as_bytes()))
}

/// The SHA-512 sum in hexadecimal.
pub fn sha512sum(text: &str) -> String {
    hexadecimal(&Sha512::digest(text.as_bytes()))
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The Adler-32 sum in decimal digits.
pub fn adler32sum(text: &str) -> String {
    let (low, high) = text.bytes().fold((1u32, 0u32), |(low, high), byte| {
        let low = (low + u32::from(byte)) % 65521;
        (low, (high + low) % 65521)
    });
    (high << 16 | low).to_string()
}

//! Base 64, base 32, hexadecimal digests and checksums.

use data_encoding::{BASE32, BASE64, HEXLOWER};
use sha2::Digest as _;

/// Standard base 64.
pub fn base64(bytes: &[u8]) -> String {
    BASE64.encode(bytes)
}

/// Standard base 32.
pub fn base32(bytes: &[u8]) -> String {
    BASE32.encode(bytes)
}

/// What standard base 64 holds; line breaks in it do not count. The error is Go's.
pub fn from_base64(text: &[u8]) -> Result<Vec<u8>, String> {
    let wrong = |at: usize| Err(format!("illegal base64 data at input byte {at}"));
    let mut out = Vec::with_capacity(text.len() / 4 * 3);
    let mut chars = text.iter().enumerate().filter(|(_, b)| !matches!(b, b'\r' | b'\n')).peekable();
    let mut bits = 0u32;
    let mut count = 0;
    while let Some((at, &b)) = chars.next() {
        if b == b'=' {
            if count < 2 {
                return wrong(at);
            }
            if count == 2 {
                match chars.next() {
                    None => return wrong(text.len()),
                    Some((_, b'=')) => {}
                    Some((next, _)) => return wrong(next - 1),
                }
            }
            if let Some((next, _)) = chars.next() {
                return wrong(next);
            }
            out.push((bits >> (6 * count - 8)) as u8);
            if count == 3 {
                out.push((bits >> 2) as u8);
            }
            return Ok(out);
        }
        let Some(value) = digit64(b) else { return wrong(at) };
        bits = bits << 6 | value;
        count += 1;
        if count == 4 {
            out.extend_from_slice(&bits.to_be_bytes()[1..]);
            (bits, count) = (0, 0);
        }
    }
    if count == 0 { Ok(out) } else { wrong(text.len() - count) }
}

fn digit64(b: u8) -> Option<u32> {
    Some(u32::from(match b {
        b'A'..=b'Z' => b - b'A',
        b'a'..=b'z' => b - b'a' + 26,
        b'0'..=b'9' => b - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    }))
}

/// What standard base 32 holds; line breaks in it do not count. The error is Go's.
pub fn from_base32(text: &[u8]) -> Result<Vec<u8>, String> {
    let wrong = |at: usize| Err(format!("illegal base32 data at input byte {at}"));
    let text: Vec<u8> = text.iter().copied().filter(|b| !matches!(b, b'\r' | b'\n')).collect();
    let length = text.len();
    let mut out = Vec::with_capacity(length / 8 * 5);
    for (block, chars) in text.chunks(8).enumerate() {
        let start = block * 8;
        let mut bits = 0u64;
        let mut digits = 0;
        for (at, &b) in chars.iter().enumerate() {
            if b == b'=' && at >= 2 && length - start - at - 1 < 8 {
                if length - start < 8 {
                    return wrong(length);
                }
                if let Some(odd) = text[start + at..].iter().take(8 - at).position(|&b| b != b'=') {
                    return wrong(start + at + odd - 1);
                }
                if matches!(at, 1 | 3 | 6) {
                    return wrong(start + at);
                }
                break;
            }
            let value = match b {
                b'A'..=b'Z' => b - b'A',
                b'2'..=b'7' => b - b'2' + 26,
                _ => return wrong(start + at),
            };
            bits = bits << 5 | u64::from(value);
            digits = at + 1;
        }
        if chars.len() < 8 && digits == chars.len() {
            return wrong(length - chars.len());
        }
        let bytes = (bits << (40 - 5 * digits)).to_be_bytes();
        out.extend_from_slice(&bytes[3..3 + digits * 5 / 8]);
    }
    Ok(out)
}

/// The SHA-1 digest in hexadecimal digits.
pub fn sha1(bytes: &[u8]) -> String {
    HEXLOWER.encode(&sha1::Sha1::digest(bytes))
}

/// The SHA-256 digest in hexadecimal digits.
pub fn sha256(bytes: &[u8]) -> String {
    HEXLOWER.encode(&sha2::Sha256::digest(bytes))
}

/// The SHA-512 digest in hexadecimal digits.
pub fn sha512(bytes: &[u8]) -> String {
    HEXLOWER.encode(&sha2::Sha512::digest(bytes))
}

/// The Adler-32 checksum.
pub fn adler32(bytes: &[u8]) -> u32 {
    let (a, b) = bytes.iter().fold((1u32, 0u32), |(a, b), &byte| {
        let a = (a + u32::from(byte)) % 65_521;
        (a, (b + a) % 65_521)
    });
    b << 16 | a
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_name_the_byte() {
        assert_eq!(from_base64(b"!!").unwrap_err(), "illegal base64 data at input byte 0");
        assert_eq!(from_base64(b"YQ=").unwrap_err(), "illegal base64 data at input byte 3");
        assert_eq!(from_base64(b"YQ==").unwrap(), b"a");
        assert_eq!(from_base64(b"YW\nJj").unwrap(), b"abc");
        assert_eq!(from_base32(b"ME======").unwrap(), b"a");
        assert!(from_base32(b"a").is_err());
        assert_eq!(adler32(b"Wikipedia"), 0x11e6_0398);
    }
}

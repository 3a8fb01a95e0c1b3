//! Base64 as Go reads it: the standard alphabet, padding, line breaks anywhere.

/// The bytes, if the text is base64.
pub fn decode(text: &str) -> Option<Vec<u8>> {
    let bytes: Vec<u8> = text.bytes().filter(|b| !matches!(b, b'\n' | b'\r')).collect();
    if !bytes.len().is_multiple_of(4) {
        return None;
    }
    let padding = bytes.iter().rev().take_while(|b| **b == b'=').count();
    if padding > 2 {
        return None;
    }
    let mut decoded = Vec::with_capacity(bytes.len() / 4 * 3);
    for chunk in bytes[..bytes.len() - padding].chunks(4) {
        let mut bits = 0;
        for byte in chunk {
            bits = bits << 6 | digit(*byte)?;
        }
        bits <<= 6 * (4 - chunk.len());
        decoded.extend_from_slice(&bits.to_be_bytes()[1..chunk.len()]);
    }
    Some(decoded)
}

fn digit(byte: u8) -> Option<u32> {
    let digit = match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    };
    Some(digit.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_read_as_in_go() {
        let read = |text| decode(text).map(|bytes| String::from_utf8(bytes).unwrap());
        assert_eq!(read("aGVsbG8=").as_deref(), Some("hello"));
        assert_eq!(read("aGVs\nbG8h\n").as_deref(), Some("hello!"));
        assert_eq!(read("YQ==").as_deref(), Some("a"));
        assert_eq!(read("").as_deref(), Some(""));
        for text in ["aGVsbG8", "hello", "aGV_bG8=", "a===", "aGVsbG8=aGVs"] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}

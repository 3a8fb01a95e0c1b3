//! Base64 as Go reads it: the standard alphabet, padding, line breaks anywhere.

use jinnacle_functions::encoding::from_base64;

/// The bytes, if the text is base64.
pub fn decode(text: &str) -> Option<Vec<u8>> {
    from_base64(text.as_bytes()).ok()
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

//! Base64 as Go reads it: the standard alphabet, padding, line breaks anywhere.

use std::sync::LazyLock;

use data_encoding::{BASE64, Encoding};

static AS_GO_READS: LazyLock<Encoding> = LazyLock::new(|| {
    let mut rules = BASE64.specification();
    rules.ignore.push_str("\r\n");
    rules.check_trailing_bits = false;
    rules.encoding().expect("line breaks are no digits")
});

/// The bytes, if the text is base64.
pub fn decode(text: &str) -> Option<Vec<u8>> {
    // The library reads several padded texts behind each other.
    let is_one = !text.trim_end_matches(['=', '\r', '\n']).contains('=');
    is_one.then(|| AS_GO_READS.decode(text.as_bytes()).ok())?
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

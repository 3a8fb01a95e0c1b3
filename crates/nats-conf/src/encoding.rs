//! The encodings of keys and tokens as Go decodes them: the last bits of the last digit do not count.

use std::sync::LazyLock;

use data_encoding::{BASE32_NOPAD, BASE64URL_NOPAD, Encoding};

/// Base 32 without padding.
pub static BASE32: LazyLock<Encoding> = LazyLock::new(|| lenient(&BASE32_NOPAD));

/// Base 64 for URLs without padding.
pub static BASE64_URL: LazyLock<Encoding> = LazyLock::new(|| lenient(&BASE64URL_NOPAD));

fn lenient(strict: &Encoding) -> Encoding {
    let mut rules = strict.specification();
    rules.check_trailing_bits = false;
    rules.encoding().expect("the alphabet is the library's")
}

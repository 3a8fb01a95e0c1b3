//! AES-256, as Sprig has it.

use jinnacle_functions::cipher;
use minijinja::{Error, State};

use super::arguments::wrong;
use super::randomness::Randomness;

/// A string encrypted, in base 64; its first block is random.
pub fn encrypt_aes(state: &State, password: &str, text: &str) -> Result<String, Error> {
    let start = Randomness::stream(state, "encryptAES")?.bytes();
    Ok(cipher::encrypt(password.as_bytes(), text.as_bytes(), start))
}

/// The text of such base 64.
pub fn decrypt_aes(password: &str, encrypted: &str) -> Result<String, Error> {
    cipher::decrypt(password.as_bytes(), encrypted.as_bytes())
        .ok()
        .and_then(|text| String::from_utf8(text).ok())
        .ok_or_else(|| wrong("this is not encrypted with this password"))
}

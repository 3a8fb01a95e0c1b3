//! AES-256 in chained blocks, as Sprig has it: the password is the key, filled up with zeros.

use aes::Aes256;
use aes::cipher::block_padding::Pkcs7;
use aes::cipher::{BlockModeDecrypt as _, BlockModeEncrypt as _, KeyIvInit as _};
use data_encoding::BASE64;
use minijinja::{Error, State};

use super::arguments::wrong;
use super::drawn::Drawn;
use super::encoding::b64_bytes;

/// A text encrypted, in base 64; its first block is drawn.
pub fn encrypt_aes(state: &State, password: &str, text: &str) -> Result<String, Error> {
    if text.is_empty() {
        return Ok(String::new());
    }
    let start: [u8; 16] = Drawn::stream(state, "encryptAES")?.bytes();
    let mut encrypted = start.to_vec();
    let cipher = cbc::Encryptor::<Aes256>::new(&key(password).into(), &start.into());
    encrypted.extend(cipher.encrypt_padded_vec::<Pkcs7>(text.as_bytes()));
    Ok(BASE64.encode(&encrypted))
}

/// The text of such base 64.
pub fn decrypt_aes(password: &str, encrypted: &str) -> Result<String, Error> {
    if encrypted.is_empty() {
        return Ok(String::new());
    }
    let bytes = b64_bytes(encrypted)?;
    let bad = || wrong("this is not encrypted with this password");
    let (start, rest) = bytes.split_first_chunk::<16>().ok_or_else(bad)?;
    let cipher = cbc::Decryptor::<Aes256>::new(&key(password).into(), &(*start).into());
    let text = cipher.decrypt_padded_vec::<Pkcs7>(rest).map_err(|_| bad())?;
    String::from_utf8(text).map_err(|_| bad())
}

fn key(password: &str) -> [u8; 32] {
    let mut key = [0; 32];
    key.iter_mut().zip(password.bytes()).for_each(|(place, byte)| *place = byte);
    key
}

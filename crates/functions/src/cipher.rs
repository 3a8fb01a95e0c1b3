//! AES-256 in chained blocks, as Sprig has it: the password is the key, filled up with zeros.

use aes::Aes256;
use aes::cipher::block_padding::{NoPadding, Pkcs7};
use aes::cipher::{BlockModeDecrypt as _, BlockModeEncrypt as _, KeyIvInit as _};

use crate::encoding::{base64, from_base64};

/// A string encrypted, in base 64, after a first block that is to be random.
pub fn encrypt(password: &[u8], text: &[u8], start: [u8; 16]) -> String {
    if text.is_empty() {
        return String::new();
    }
    let cipher = cbc::Encryptor::<Aes256>::new(&key(password).into(), &start.into());
    let mut encrypted = start.to_vec();
    encrypted.extend(cipher.encrypt_padded_vec::<Pkcs7>(text));
    base64(&encrypted)
}

/// The text of such base 64.
pub fn decrypt(password: &[u8], encrypted: &[u8]) -> Result<Vec<u8>, String> {
    if encrypted.is_empty() {
        return Ok(Vec::new());
    }
    let bytes = from_base64(encrypted)?;
    let Some((start, rest)) = bytes.split_first_chunk::<16>() else {
        return Err(format!(
            "runtime error: slice bounds out of range [:16] with capacity {}",
            encrypted.len() / 4 * 3
        ));
    };
    let cipher = cbc::Decryptor::<Aes256>::new(&key(password).into(), &(*start).into());
    let mut text = cipher
        .decrypt_padded_vec::<NoPadding>(rest)
        .map_err(|_| "crypto/cipher: input not full blocks".to_owned())?;
    // Its last byte says how much of it is padding, and may be wrong where the password is.
    let padding = usize::from(*text.last().ok_or("runtime error: index out of range [-1]")?);
    let length = text.len().checked_sub(padding).ok_or_else(|| {
        format!("runtime error: slice bounds out of range [:-{}]", padding - text.len())
    })?;
    text.truncate(length);
    Ok(text)
}

fn key(password: &[u8]) -> [u8; 32] {
    let mut key = [0; 32];
    key.iter_mut().zip(password).for_each(|(place, byte)| *place = *byte);
    key
}

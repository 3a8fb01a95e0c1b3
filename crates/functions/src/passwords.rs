//! Passwords: hashed for files, and derived from a master password.

use hmac::{Hmac, KeyInit as _, Mac as _};
use scrypt::Params;
use sha2::Sha256;

/// The cost that Go's library has by default.
const COST: u32 = 10;

/// The bcrypt hash of a password with a salt.
pub fn bcrypt(password: &[u8], salt: [u8; 16]) -> Result<String, String> {
    if password.len() > 72 {
        return Err("bcrypt: password length exceeds 72 bytes".to_owned());
    }
    let hash = ::bcrypt::hash_with_salt(password, COST, salt).map_err(|error| error.to_string())?;
    Ok(hash.format_for_version(::bcrypt::Version::TwoA))
}

/// The kinds of passwords that can be derived.
pub fn kinds() -> impl Iterator<Item = &'static str> {
    PATTERNS.iter().map(|(name, _)| *name)
}

/// The site's password by the Master Password algorithm, version 3. The error is Sprig's.
pub fn derive(
    counter: u32,
    kind: &str,
    password: &[u8],
    user: &[u8],
    site: &[u8],
) -> Result<String, String> {
    let (_, patterns) = PATTERNS
        .iter()
        .find(|(name, _)| *name == kind)
        .ok_or_else(|| format!("cannot find password template {kind}"))?;
    let scoped = |text: &[u8]| -> Vec<u8> {
        let length = u32::try_from(text.len()).unwrap_or(u32::MAX).to_be_bytes();
        [SCOPE, &length, text].concat()
    };
    let params = Params::new(15, 8, 2).map_err(failed)?;
    let mut key = [0; 64];
    scrypt::scrypt(password, &scoped(user), &params, &mut key).map_err(failed)?;
    let mut mac = Hmac::<Sha256>::new_from_slice(&key).map_err(failed)?;
    mac.update(&scoped(site));
    mac.update(&counter.to_be_bytes());
    let seed = mac.finalize().into_bytes();
    let pattern = patterns[usize::from(seed[0]) % patterns.len()];
    let picked = pattern.bytes().zip(&seed[1..]).filter_map(|(class, &byte)| {
        let (_, characters) = CHARACTERS.iter().find(|(name, _)| *name == class)?;
        characters.chars().nth(usize::from(byte) % characters.len())
    });
    Ok(picked.collect())
}

fn failed(error: impl std::fmt::Display) -> String {
    format!("failed to derive password: {error}")
}

const SCOPE: &[u8] = b"com.lyndir.masterpassword";

/// A letter of a pattern is a class of characters.
const PATTERNS: [(&str, &[&str]); 6] = [
    ("maximum", &["anoxxxxxxxxxxxxxxxxx", "axxxxxxxxxxxxxxxxxno"]),
    (
        "long",
        &[
            "CvcvnoCvcvCvcv",
            "CvcvCvcvnoCvcv",
            "CvcvCvcvCvcvno",
            "CvccnoCvcvCvcv",
            "CvccCvcvnoCvcv",
            "CvccCvcvCvcvno",
            "CvcvnoCvccCvcv",
            "CvcvCvccnoCvcv",
            "CvcvCvccCvcvno",
            "CvcvnoCvcvCvcc",
            "CvcvCvcvnoCvcc",
            "CvcvCvcvCvccno",
            "CvccnoCvccCvcv",
            "CvccCvccnoCvcv",
            "CvccCvccCvcvno",
            "CvcvnoCvccCvcc",
            "CvcvCvccnoCvcc",
            "CvcvCvccCvccno",
            "CvccnoCvcvCvcc",
            "CvccCvcvnoCvcc",
            "CvccCvcvCvccno",
        ],
    ),
    ("medium", &["CvcnoCvc", "CvcCvcno"]),
    ("short", &["Cvcn"]),
    ("basic", &["aaanaaan", "aannaaan", "aaannaaa"]),
    ("pin", &["nnnn"]),
];

const CHARACTERS: [(u8, &str); 8] = [
    (b'V', "AEIOU"),
    (b'C', "BCDFGHJKLMNPQRSTVWXYZ"),
    (b'v', "aeiou"),
    (b'c', "bcdfghjklmnpqrstvwxyz"),
    (b'a', "AEIOUaeiouBCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz"),
    (b'n', "0123456789"),
    (b'o', "@&%?,=[]_:-+*$#!'^~;()/."),
    (b'x', "AEIOUaeiouBCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz0123456789!@#$%^&*()"),
];

#[cfg(test)]
mod tests {
    #[test]
    fn hashes_are_those_of_htpasswd() {
        let hash = super::bcrypt(b"secret", [7; 16]).unwrap();
        assert!(hash.starts_with("$2a$10$") && ::bcrypt::verify("secret", &hash).unwrap());
        assert!(super::bcrypt(&[b'a'; 73], [7; 16]).is_err());
    }
}

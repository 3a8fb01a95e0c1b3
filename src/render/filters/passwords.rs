//! Passwords: hashed for files, and derived from a master password.

use hmac::{Hmac, KeyInit as _, Mac as _};
use minijinja::{Error, State};
use scrypt::Params;
use sha2::Sha256;

use super::arguments::wrong;
use super::drawn::Drawn;
use crate::render::jinja::bounds;

/// The cost that Go's library has by default.
const COST: u32 = 10;

/// The bcrypt hash of a password; its salt is drawn.
pub fn bcrypt(state: &State, password: &str) -> Result<String, Error> {
    hashed(state, "bcrypt", password)
}

/// A line of a password file: `user:hash`.
pub fn htpasswd(state: &State, user: &str, password: &str) -> Result<String, Error> {
    if user.contains(':') {
        return Err(wrong(format!("a user's name holds no colon, but this one does: `{user}`")));
    }
    Ok(format!("{user}:{}", hashed(state, "htpasswd", password)?))
}

fn hashed(state: &State, function: &'static str, password: &str) -> Result<String, Error> {
    if password.len() > 72 {
        return Err(wrong("bcrypt takes passwords of up to 72 bytes"));
    }
    bounds::slow()?;
    let salt = Drawn::stream(state, function)?.bytes();
    let hash =
        bcrypt::hash_with_salt(password, COST, salt).map_err(|error| wrong(error.to_string()))?;
    Ok(hash.format_for_version(bcrypt::Version::TwoA))
}

/// The site's password by the Master Password algorithm, version 3.
pub fn derive_password(
    counter: u32,
    kind: &str,
    password: &str,
    user: &str,
    site: &str,
) -> Result<String, Error> {
    bounds::slow()?;
    let (_, patterns) = PATTERNS.iter().find(|(name, _)| *name == kind).ok_or_else(|| {
        let names = PATTERNS.map(|(name, _)| format!("`{name}`")).join(", ");
        wrong(format!("there are no passwords of the kind `{kind}`: it is one of {names}"))
    })?;
    let scoped = |text: &str| -> Vec<u8> {
        let length = u32::try_from(text.len()).unwrap_or(u32::MAX).to_be_bytes();
        [SCOPE, &length, text.as_bytes()].concat()
    };
    let params = Params::new(15, 8, 2).map_err(|error| wrong(error.to_string()))?;
    let mut key = [0; 64];
    scrypt::scrypt(password.as_bytes(), &scoped(user), &params, &mut key)
        .map_err(|error| wrong(error.to_string()))?;
    let mut mac = Hmac::<Sha256>::new_from_slice(&key).map_err(|error| wrong(error.to_string()))?;
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

//! Passwords: hashed for files, and derived from a master password.

use jinnacle_functions::passwords;
use minijinja::{Error, State};

use super::arguments::wrong;
use super::randomness::Randomness;
use crate::engine::bounds;

/// The bcrypt hash of a password; its salt is random.
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
    bounds::slow()?;
    let salt = Randomness::stream(state, function)?.bytes();
    passwords::bcrypt(password.as_bytes(), salt).map_err(wrong)
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
    if !passwords::kinds().any(|name| name == kind) {
        let names: Vec<String> = passwords::kinds().map(|name| format!("`{name}`")).collect();
        return Err(wrong(format!(
            "there are no passwords of the kind `{kind}`: it is one of {}",
            names.join(", ")
        )));
    }
    let (password, user, site) = (password.as_bytes(), user.as_bytes(), site.as_bytes());
    passwords::derive(counter, kind, password, user, site).map_err(wrong)
}

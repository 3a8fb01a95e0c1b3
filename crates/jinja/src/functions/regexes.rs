//! Regular expressions in Go's syntax.

use jinnacle_functions::regexp::{self, Regexp};
use minijinja::Error;

use super::arguments::{LARGEST, wrong};

/// Whether an expression matches a part of a string.
pub fn is_match(regex: &str, text: &str) -> Result<bool, Error> {
    Ok(compiled(regex)?.is_match(text.as_bytes()))
}

/// The first match, else an empty string.
pub fn find(regex: &str, text: &str) -> Result<String, Error> {
    Ok(string(compiled(regex)?.find(text.as_bytes()).unwrap_or_default()))
}

/// The first `n` matches; with a negative count all.
pub fn find_all(regex: &str, text: &str, n: i64) -> Result<Vec<String>, Error> {
    Ok(strings(compiled(regex)?.find_all(text.as_bytes(), n)))
}

/// The text with all matches replaced, where `${1}` means a group.
pub fn replace_all(regex: &str, text: &str, by: &str) -> Result<String, Error> {
    let regex = compiled(regex)?;
    let groups = by.matches('$').count().saturating_mul(text.len());
    check_size(&regex, text, by.len().saturating_add(groups))?;
    Ok(string(&regex.replace_all(text.as_bytes(), by.as_bytes())))
}

/// The text with all matches replaced by a string.
pub fn replace_all_literal(regex: &str, text: &str, by: &str) -> Result<String, Error> {
    let regex = compiled(regex)?;
    check_size(&regex, text, by.len())?;
    Ok(string(&regex.replace_all_literal(text.as_bytes(), by.as_bytes())))
}

/// The parts between the matches, in at most `n` parts; with a negative count all, with zero none.
pub fn split(regex: &str, text: &str, n: i64) -> Result<Vec<String>, Error> {
    Ok(strings(compiled(regex)?.split(text.as_bytes(), n).unwrap_or_default()))
}

/// The text as an expression that matches it alone.
pub fn quote_meta(text: &str) -> String {
    string(&regexp::quote_meta(text.as_bytes()))
}

fn strings(texts: Vec<&[u8]>) -> Vec<String> {
    texts.into_iter().map(string).collect()
}

fn string(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn compiled(regex: &str) -> Result<Regexp, Error> {
    Regexp::new(regex).map_err(|error| {
        wrong(format!("invalid regular expression `{regex}`: {}", error.problem()))
    })
}

fn check_size(regex: &Regexp, text: &str, each: usize) -> Result<(), Error> {
    if text.len().saturating_add(1).saturating_mul(each) <= LARGEST
        || regex.find_all(text.as_bytes(), -1).len().saturating_mul(each) <= LARGEST
    {
        return Ok(());
    }
    Err(wrong(format!("the replaced text could be longer than {LARGEST} bytes")))
}

//! Regular expressions: RE2's language, in Rust's words.

use minijinja::Error;
use regex::{NoExpand, Regex, RegexBuilder};

use super::arguments::{LARGEST, wrong};

/// Whether an expression matches a part of a text.
pub fn is_match(regex: &str, text: &str) -> Result<bool, Error> {
    Ok(compiled(regex)?.is_match(text))
}

/// The first match, else an empty text.
pub fn find(regex: &str, text: &str) -> Result<String, Error> {
    Ok(compiled(regex)?.find(text).map_or("", |found| found.as_str()).to_owned())
}

/// The first `n` matches; with a negative count all.
pub fn find_all(regex: &str, text: &str, n: i64) -> Result<Vec<String>, Error> {
    let n = usize::try_from(n).unwrap_or(usize::MAX);
    Ok(compiled(regex)?.find_iter(text).take(n).map(|found| found.as_str().to_owned()).collect())
}

/// The text with all matches replaced, where `${1}` stands for a group.
pub fn replace_all(regex: &str, text: &str, by: &str) -> Result<String, Error> {
    let regex = compiled(regex)?;
    let groups = by.matches('$').count().saturating_mul(text.len());
    check_size(&regex, text, by.len().saturating_add(groups))?;
    Ok(regex.replace_all(text, by).into_owned())
}

/// The text with all matches replaced by a text.
pub fn replace_all_literal(regex: &str, text: &str, by: &str) -> Result<String, Error> {
    let regex = compiled(regex)?;
    check_size(&regex, text, by.len())?;
    Ok(regex.replace_all(text, NoExpand(by)).into_owned())
}

/// The parts between the matches, in at most `n` parts; with a negative count all, with zero none.
pub fn split(regex: &str, text: &str, n: i64) -> Result<Vec<String>, Error> {
    let n = usize::try_from(n).unwrap_or(usize::MAX);
    let compiled = compiled(regex)?;
    if n == 0 {
        return Ok(Vec::new());
    }
    let mut parts = Vec::new();
    let mut begin = 0;
    let mut last = 0;
    if !text.is_empty() || regex.is_empty() {
        for found in compiled.find_iter(text) {
            if parts.len() + 1 == n {
                break;
            }
            last = found.start();
            // Nothing stands before an empty match at the begin.
            if found.end() > 0 {
                parts.push(text[begin..last].to_owned());
            }
            begin = found.end();
        }
    }
    if last != text.len() || parts.is_empty() && !regex.is_empty() {
        parts.push(text[begin..].to_owned());
    }
    Ok(parts)
}

/// The text as an expression that matches it alone.
pub fn quote_meta(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if r"\.+*?()|[]{}^$".contains(c) {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// The memory that a compiled expression may take.
const REGEX_SIZE: usize = 1 << 20;

fn compiled(regex: &str) -> Result<Regex, Error> {
    RegexBuilder::new(regex).size_limit(REGEX_SIZE).build().map_err(|error| {
        wrong(match error {
            regex::Error::CompiledTooBig(_) => format!("the expression `{regex}` is too large"),
            regex::Error::Syntax(text) => {
                let reason = text.lines().last().unwrap_or_default().trim_start_matches("error: ");
                format!("`{regex}` is no regular expression: {reason}")
            }
            other => format!("`{regex}` is no regular expression: {other}"),
        })
    })
}

fn check_size(regex: &Regex, text: &str, each: usize) -> Result<(), Error> {
    if text.len().saturating_add(1).saturating_mul(each) <= LARGEST
        || regex.find_iter(text).count().saturating_mul(each) <= LARGEST
    {
        return Ok(());
    }
    Err(wrong(format!("the replaced text could be longer than {LARGEST} bytes")))
}

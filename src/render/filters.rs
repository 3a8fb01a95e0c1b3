//! The functions and filters that templates have beyond minijinja's own, under Helm's names.

use minijinja::value::{Rest, Value, ValueKind};
use minijinja::{Environment, Error, ErrorKind};
use sha2::{Digest, Sha256};

use super::jinja::from_value;
use crate::constraint::{Constraint, lenient};
use crate::json;
use crate::source::{Source, Span};

/// Adds all of them to an environment.
pub fn add_to(env: &mut Environment<'static>) {
    env.add_filter("sha256sum", sha256sum);
    env.add_filter("tojson", to_json);
    env.add_filter("trunc", trunc);
    env.add_filter("trim_suffix", trim_suffix);
    env.add_filter("without", without);
    env.add_filter("merge", merge);
    env.add_filter("urlencode", urlencode);
    env.add_function("semver_compare", semver_compare);
}

/// The SHA-256 sum of a text in hexadecimal.
fn sha256sum(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Compact JSON.
fn to_json(value: &Value) -> Result<String, Error> {
    let span = Span::whole(&Source::new("", ""));
    let node =
        from_value(value, &span).map_err(|why| Error::new(ErrorKind::InvalidOperation, why))?;
    Ok(json::to_json(&node).to_string())
}

/// The first `length` characters; with a negative length the last ones.
fn trunc(text: &str, length: i64) -> String {
    let count = text.chars().count();
    let wanted = usize::try_from(length.unsigned_abs()).unwrap_or(usize::MAX).min(count);
    if length < 0 {
        text.chars().skip(count - wanted).collect()
    } else {
        text.chars().take(wanted).collect()
    }
}

/// The text without a suffix, taken away once.
fn trim_suffix(text: &str, suffix: &str) -> String {
    text.strip_suffix(suffix).unwrap_or(text).to_owned()
}

/// A map without some of its keys.
fn without(map: &Value, keys: Rest<String>) -> Result<Value, Error> {
    Ok(Value::from_pairs(entries(map)?.into_iter().filter(|(key, _)| !keys.contains(key))))
}

/// Two maps in one, maps in them likewise; the second wins.
fn merge(below: &Value, above: &Value) -> Result<Value, Error> {
    let mut merged = entries(below)?;
    for (key, value) in entries(above)? {
        match merged.iter_mut().find(|(known, _)| *known == key) {
            Some((_, known)) if both_maps(known, &value) => *known = merge(known, &value)?,
            Some((_, known)) => *known = value,
            None => merged.push((key, value)),
        }
    }
    Ok(Value::from_pairs(merged))
}

fn both_maps(a: &Value, b: &Value) -> bool {
    a.kind() == ValueKind::Map && b.kind() == ValueKind::Map
}

/// The entries of a map; of nothing, none.
fn entries(map: &Value) -> Result<Vec<(String, Value)>, Error> {
    match map.kind() {
        ValueKind::Undefined | ValueKind::None => Ok(Vec::new()),
        ValueKind::Map => {
            map.try_iter()?.map(|key| Ok((key.to_string(), map.get_item(&key)?))).collect()
        }
        other => {
            Err(Error::new(ErrorKind::InvalidOperation, format!("a map is due here, not {other}")))
        }
    }
}

/// A text as a part of a URL: all but letters, digits and `-_.~` as `%XX`.
fn urlencode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}

/// Whether a version satisfies a constraint such as `>=1.25.0-0`.
fn semver_compare(constraint: &str, version: &str) -> Result<bool, Error> {
    let bad = |why: String| Error::new(ErrorKind::InvalidOperation, why);
    let constraint: Constraint = constraint.parse().map_err(bad)?;
    let version = lenient(version).ok_or_else(|| bad(format!("`{version}` is no version")))?;
    Ok(constraint.matches(&version))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn evaluated(expression: &str) -> String {
        let mut env = Environment::new();
        add_to(&mut env);
        env.render_str(&format!("{{{{ {expression} }}}}"), ())
            .unwrap_or_else(|error| error.to_string())
    }

    #[test]
    fn filters_do_what_helm_s_functions_do() {
        for (expression, printed) in [
            (
                r#""abc" | sha256sum"#,
                "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
            ),
            (r#""héllo" | trunc(2)"#, "hé"),
            (r#""hello" | trunc(-2)"#, "lo"),
            (r#""a--" | trim_suffix("-")"#, "a-"),
            (r#"{"a": 1, "b": 2, "c": 3} | without("a", "c") | items | list"#, "[('b', 2)]"),
            (r#"({"a": {"x": 1}, "b": 1} | merge({"a": {"y": 2}, "c": 3})).a.x"#, "1"),
            (r#"none | merge({"c": 3}) | items | list"#, "[('c', 3)]"),
            (r#""a b/ü" | urlencode"#, "a%20b%2F%C3%BC"),
            (r#"semver_compare(">=2.9", "2.10.1")"#, "True"),
        ] {
            assert_eq!(evaluated(expression), printed, "{expression}");
        }
    }
}

//! Words that nats.conf prints without quotes, whatever they look like: `{{ values.maxPayload | size }}`.

use std::sync::Arc;

use minijinja::value::{Object, ObjectRepr, Value};
use minijinja::{Error, ErrorKind};

/// A string that the printer of nats.conf does not put in quotes.
#[derive(Debug)]
pub struct Token(String);

impl Token {
    /// The word of a value that is one.
    pub fn of(value: &Value) -> Option<&str> {
        value.downcast_object_ref::<Self>().map(|token| token.0.as_str())
    }
}

impl Object for Token {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn render(self: &Arc<Self>, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// A size in bytes: an integer, or digits with one of the server's units, such as `8MB` or `10Gi`.
///
/// In quotes the server would refuse it where it wants a size.
pub fn size(value: &Value) -> Result<Value, Error> {
    if value.is_integer() {
        return Ok(value.clone());
    }
    let text = value.as_str().unwrap_or_default();
    if !is_size(text) {
        let shown = if text.is_empty() { String::new() } else { format!(", found `{text}`") };
        return Err(Error::new(
            ErrorKind::InvalidOperation,
            format!("a size must be digits with a unit such as `8MB` or `10Gi`{shown}"),
        ));
    }
    Ok(Value::from_object(Token(text.to_owned())))
}

fn is_size(text: &str) -> bool {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let unit = text[digits..].to_ascii_lowercase();
    let unit = unit.strip_suffix('b').filter(|unit| !unit.is_empty()).unwrap_or(&unit);
    let unit = unit.strip_suffix('i').unwrap_or(unit);
    digits > 0
        && (unit.is_empty() && text.len() == digits
            || ["k", "m", "g", "t", "p", "e"].contains(&unit))
}

/// A word as it is, such as a variable: `$TOKEN`.
pub fn bare(value: &str) -> Result<Value, Error> {
    let word = |c: char| c.is_ascii_alphanumeric() || "_$-./:@+*>".contains(c);
    if value.is_empty() || !value.chars().all(word) {
        return Err(Error::new(
            ErrorKind::InvalidOperation,
            "a string of several words or with quotes and brackets cannot be printed bare",
        ));
    }
    Ok(Value::from_object(Token(value.to_owned())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_the_servers() {
        for good in ["8", "8MB", "10Gi", "1k", "512mib", "1T", "2eb"] {
            assert!(is_size(good), "{good}");
        }
        for bad in ["", "MB", "1.5G", "8 MB", "8b", "8i", "8x", "-1", "8MB ", "1kk"] {
            assert!(!is_size(bad), "{bad}");
        }
    }
}

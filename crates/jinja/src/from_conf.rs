//! Text of a user in nats.conf's own language → a value, so that it cannot reach beyond its place.

use minijinja::value::Value;
use minijinja::{Error, ErrorKind};

use crate::engine::bare;
use jinnacle_nats_conf::{Kind, Map, ParseContext, parse};
use jinnacle_syntax::diagnostic::Sink;
use jinnacle_syntax::source::Source;

/// The options in a string such as `cert_file: /x/tls.crt`, as a map.
pub fn from_conf(text: &str) -> Result<Value, Error> {
    let bad = |why: String| Error::new(ErrorKind::InvalidOperation, why);
    let mut found = Sink::new();
    let tree = parse(&Source::new("nats.conf", text), &ParseContext::default(), &mut found);
    let tree = tree.map_err(|_| {
        let fault = found.into_iter().last().map(|fault| fault.message).unwrap_or_default();
        bad(format!("the text is no nats.conf: {fault}"))
    })?;
    if let Some(include) = tree.includes.first() {
        return Err(bad(format!("the include `{}` cannot be read here", include.name)));
    }
    map(&tree.root).map_err(bad)
}

fn map(options: &Map) -> Result<Value, String> {
    let entries: Result<Vec<(&str, Value)>, String> = options
        .entries
        .iter()
        .map(|(name, entry)| Ok((name.as_str(), value(&entry.value.kind)?)))
        .collect();
    Ok(Value::from_pairs(entries?))
}

fn value(kind: &Kind) -> Result<Value, String> {
    Ok(match kind {
        Kind::Bool(value) => Value::from(*value),
        Kind::Integer(value) => Value::from(*value),
        Kind::Float(value) => Value::from(*value),
        Kind::Text(text) | Kind::Date(text) => Value::from(text.as_str()),
        Kind::List(list) => {
            list.iter().map(|entry| value(&entry.kind)).collect::<Result<Vec<_>, _>>()?.into()
        }
        Kind::Map(options) => map(options)?,
        Kind::Unset(name) => bare(&format!("${name}")).map_err(|error| error.to_string())?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_of_nats_conf_becomes_values() {
        let value =
            from_conf("cert_file: /x\nverify: true\nlimits { max: 1k, list: [ a, 2 ] }").unwrap();
        assert_eq!(
            value.to_string(),
            "{'cert_file': '/x', 'verify': True, 'limits': {'max': 1000, 'list': ['a', 2]}}"
        );
        assert_eq!(from_conf("a: $B").unwrap().to_string(), "{'a': $B}");
        for bad in ["a: {", "}\nb: 1", "include x.conf"] {
            assert!(from_conf(bad).is_err(), "{bad}");
        }
    }
}

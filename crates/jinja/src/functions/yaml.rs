//! YAML: Helm's order of keys, in the layout of all our YAML.

use std::cmp::Ordering;

use minijinja::Error;
use minijinja::value::Value;

use super::arguments::{Entries, wrong};
use crate::engine::{from_value, to_value};
use jinnacle_syntax::source::{Source, Span};
use jinnacle_syntax::yaml::{Kind, Limits, Map, Node, emit, read};

/// A value as YAML, without the last line break.
pub fn to_yaml(value: &Value) -> Result<String, Error> {
    let node = from_value(value, &Span::whole(&Source::new("to_yaml", "")))?;
    let mut text = emit::to_yaml(&sorted(node));
    text.truncate(text.trim_end_matches('\n').len().max(text.len() - 1));
    Ok(text)
}

/// The map that YAML holds.
pub fn from_yaml(text: &str) -> Result<Value, Error> {
    let root = parsed(text)?;
    match root.kind {
        Kind::Null => Ok(Value::from_pairs(Entries::new())),
        Kind::Map(_) => Ok(to_value(&root)),
        _ => Err(wrong(format!("the YAML is {}, not a map", root.kind_word()))),
    }
}

/// The list that YAML holds.
pub fn from_yaml_array(text: &str) -> Result<Value, Error> {
    let root = parsed(text)?;
    match root.kind {
        Kind::Null => Ok(Value::from_iter([] as [Value; 0])),
        Kind::List(_) => Ok(to_value(&root)),
        _ => Err(wrong(format!("the YAML is {}, not a list", root.kind_word()))),
    }
}

fn parsed(text: &str) -> Result<Node, Error> {
    match read(&Source::new("from_yaml", text), &Limits::default()) {
        Ok(document) => Ok(document.root),
        Err(faults) => Err(wrong(match faults.first() {
            Some(fault) => {
                let line = fault.span.as_ref().map_or(1, |span| span.place().line);
                format!("invalid YAML: {} (line {line})", fault.message)
            }
            None => "invalid YAML".to_owned(),
        })),
    }
}

/// The keys of all maps in the order in which go-yaml writes them.
fn sorted(node: Node) -> Node {
    let Node { kind, span } = node;
    let kind = match kind {
        Kind::List(list) => Kind::List(list.into_iter().map(sorted).collect()),
        Kind::Map(map) => {
            let mut entries: Vec<_> = map.into_iter().collect();
            entries.sort_by(|(a, _), (b, _)| natural(a, b));
            let mut map = Map::new();
            for (key, entry) in entries {
                map.insert(key, entry.key, sorted(entry.value));
            }
            Kind::Map(map)
        }
        other => other,
    };
    Node { kind, span }
}

/// Numbers in keys by their worth (`b2` before `b10`), and other characters before letters.
fn natural(a: &str, b: &str) -> Ordering {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let Some(at) = a.iter().zip(&b).position(|(a, b)| a != b) else { return a.len().cmp(&b.len()) };
    let inside_number = at > 0 && a[at - 1].is_numeric();
    match (a[at].is_alphabetic(), b[at].is_alphabetic()) {
        (true, true) => return a[at].cmp(&b[at]),
        // A number that goes on is larger than one that a letter ends.
        (true, false) if inside_number => return Ordering::Less,
        (false, true) if inside_number => return Ordering::Greater,
        (true, false) => return Ordering::Greater,
        (false, true) => return Ordering::Less,
        (false, false) => {}
    }
    // A number that begins with zeros is compared with all of its digits.
    let nonzero_before = a[..at].iter().rev().take_while(|c| c.is_numeric()).any(|&c| c != '0');
    let lead = u128::from((a[at] == '0' || b[at] == '0') && nonzero_before);
    let number = |text: &[char]| {
        let digits = text[at..].iter().take_while(|c| c.is_ascii_digit());
        digits.fold((lead, 0), |(worth, length), digit| {
            let digit = u128::from(digit.to_digit(10).unwrap_or(0));
            (worth.wrapping_mul(10).wrapping_add(digit), length + 1)
        })
    };
    number(&a).cmp(&number(&b)).then(a[at].cmp(&b[at]))
}

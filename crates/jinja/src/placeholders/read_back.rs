//! What was printed, compared with what a reader finds in the text.
//!
//! The printer knows only as much of YAML as it needs; here the reader itself confirms that every
//! value arrived as what it was.

use super::{Claim, Expected};
use jinnacle_syntax::yaml::{Kind, Node};

/// The first claim that reads as something else. If a key is overwritten, only its last value is left, which is
/// reported elsewhere.
pub fn misread<'a>(
    claims: &'a [Claim],
    values: &[Node],
    roots: &[&Node],
    overwritten: bool,
) -> Option<&'a Claim> {
    let mut found = Vec::new();
    for root in roots {
        collect(root, &mut found);
    }
    found.sort_by_key(|read| read.start);
    claims.iter().find(|claim| {
        if claim.want == Expected::Nothing {
            return false;
        }
        let first = found.partition_point(|read| read.start < claim.range.start);
        let mut here =
            found[first..].iter().take_while(|read| read.start == claim.range.start).peekable();
        if here.peek().is_none() {
            return !overwritten;
        }
        !here.any(|read| fulfils(read, claim, &values[claim.placeholder]))
    })
}

/// A node, or a key with its value, and where it begins.
struct Read<'a> {
    start: usize,
    key: Option<&'a str>,
    node: &'a Node,
}

fn collect<'a>(node: &'a Node, found: &mut Vec<Read<'a>>) {
    found.push(Read { start: node.span.start(), key: None, node });
    match &node.kind {
        Kind::Map(map) => {
            for (key, entry) in map.entries() {
                found.push(Read { start: entry.key.start(), key: Some(key), node: &entry.value });
                collect(&entry.value, found);
            }
        }
        Kind::List(list) => list.iter().for_each(|entry| collect(entry, found)),
        _ => {}
    }
}

fn fulfils(read: &Read, claim: &Claim, value: &Node) -> bool {
    match (&claim.want, read.key) {
        (Expected::Nothing, _) => true,
        (Expected::Text(text), Some(key)) => key == text,
        (Expected::Text(text), None) => read.node.as_str() == Some(text),
        (Expected::Value, None) => is_same(value, read.node),
        (Expected::Value, Some(_)) => false,
        (Expected::Entry(number), key) => match (&value.kind, key) {
            (Kind::Map(map), Some(key)) => map
                .iter()
                .nth(*number)
                .is_some_and(|(name, entry)| name == key && is_same(entry, read.node)),
            (Kind::List(list), None) => {
                list.get(*number).is_some_and(|entry| is_same(entry, read.node))
            }
            _ => false,
        },
    }
}

/// Equal, where a number without a fraction may be an integer or a float.
fn is_same(value: &Node, read: &Node) -> bool {
    match (&value.kind, &read.kind) {
        (Kind::Float(float), Kind::Int(integer)) => *float == *integer as f64,
        (Kind::List(list), Kind::List(read)) => {
            list.len() == read.len() && list.iter().zip(read).all(|(a, b)| is_same(a, b))
        }
        (Kind::Map(map), Kind::Map(read)) => {
            map.len() == read.len()
                && map.iter().all(|(key, a)| read.get(key).is_some_and(|b| is_same(a, b)))
        }
        (value, read) => value == read,
    }
}

//! Which value was printed at a line of a string: found by experiment, since templates rename values, put them
//! together and hand them on. A value is changed, and the template rendered again.

use std::cmp::Reverse;

use crate::source::{Source, Span};
use crate::yaml::{Kind, Map, Node};

/// More experiments than these are not made for one line.
const MOST: usize = 20;

/// How many lines above a line without a value are looked at for one.
const ABOVE: usize = 3;

/// Follows a string that is changed.
const SIGN: &str = "q7q7";

/// Where the user wrote the value that is printed at a place of a string, or else close above it.
pub fn printed(
    values: &Node,
    text: &Source,
    place: &Span,
    render: impl Fn(&Node) -> Option<String>,
) -> Option<Span> {
    let mut all = Vec::new();
    collect(values, values.span.source().name(), &mut all);
    let find = |number: usize, shown: &str| {
        let mut likely: Vec<&Candidate> =
            all.iter().filter(|candidate| shown.contains(&candidate.shown())).collect();
        likely.sort_by_key(|candidate| Reverse(candidate.shown().len()));
        let guilty = likely.into_iter().take(MOST).find(|candidate| {
            let sign = candidate.sign();
            let other = render(&changed(values, candidate));
            let line = other.as_deref().and_then(|other| other.lines().nth(number - 1));
            line.is_some_and(|line| line.contains(&sign)) && !text.line(number).contains(&sign)
        });
        guilty.map(Candidate::span)
    };
    let number = place.place().line;
    let shown = place.text().lines().next().unwrap_or_default();
    let mut lines = (number.saturating_sub(ABOVE).max(1)..=number).rev();
    find(number, shown).or_else(|| lines.find_map(|number| find(number, text.line(number))))
}

/// What may have been printed: a value or a key that the user wrote.
enum Candidate<'v> {
    Value(&'v Node),
    Key(&'v str, &'v Span),
}

impl Candidate<'_> {
    fn span(&self) -> Span {
        match self {
            Self::Value(node) => node.span.clone(),
            Self::Key(_, span) => (*span).clone(),
        }
    }

    /// As it is printed, quotes aside.
    fn shown(&self) -> String {
        match self {
            Self::Key(key, _) => (*key).to_owned(),
            Self::Value(node) => match &node.kind {
                Kind::Text(text) => text.clone(),
                Kind::Int(number) => number.to_string(),
                _ => node.span.text().to_owned(),
            },
        }
    }

    /// What is printed when it is changed.
    fn sign(&self) -> String {
        match self {
            Self::Value(Node { kind: Kind::Int(number), .. }) => other(*number).to_string(),
            Self::Value(Node { kind: Kind::Bool(on), .. }) => (!on).to_string(),
            _ => SIGN.to_owned(),
        }
    }
}

fn other(number: i128) -> i128 {
    number.saturating_mul(1000).saturating_add(707)
}

/// All values and keys that do not come from the source of the defaults.
fn collect<'v>(node: &'v Node, defaults: &str, all: &mut Vec<Candidate<'v>>) {
    match &node.kind {
        Kind::Map(map) => {
            for (key, entry) in map.entries() {
                if entry.key.source().name() != defaults {
                    all.push(Candidate::Key(key, &entry.key));
                }
                collect(&entry.value, defaults, all);
            }
        }
        Kind::List(list) => list.iter().for_each(|node| collect(node, defaults, all)),
        Kind::Text(_) | Kind::Int(_) | Kind::Bool(_) if node.span.source().name() != defaults => {
            all.push(Candidate::Value(node));
        }
        _ => {}
    }
}

/// The values with one of them, or a key, changed.
fn changed(node: &Node, candidate: &Candidate) -> Node {
    let kind = match (&node.kind, candidate) {
        (kind, Candidate::Value(guilty)) if std::ptr::eq(node, *guilty) => match kind {
            Kind::Int(number) => Kind::Int(other(*number)),
            Kind::Bool(on) => Kind::Bool(!on),
            _ => Kind::Text(format!("{}{SIGN}", node.as_str().unwrap_or_default())),
        },
        (Kind::Map(map), _) => {
            let mut copy = Map::new();
            for (key, entry) in map.entries() {
                let guilty =
                    matches!(candidate, Candidate::Key(_, span) if std::ptr::eq(*span, &entry.key));
                let key = if guilty { format!("{key}{SIGN}") } else { key.to_owned() };
                copy.insert(key, entry.key.clone(), changed(&entry.value, candidate));
            }
            Kind::Map(copy)
        }
        (Kind::List(list), _) => {
            Kind::List(list.iter().map(|node| changed(node, candidate)).collect())
        }
        (kind, _) => kind.clone(),
    };
    Node::new(kind, node.span.clone())
}

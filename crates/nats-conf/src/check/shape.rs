//! Each option alone: is it known here, and has its value the right shape?

use super::super::options::{self, Block, Setting, Shape, Unknown};
use super::super::section::Section;
use super::super::{Entry, Kind, Map, Value, address, size};
use super::{Context, DUPLICATE, RANGE, TYPE, VALUE};
use jinnacle_syntax::diagnostic::{Diagnostic, RuleId, Sink, nearest, rule};

/// Checks the options of a block and of all blocks within it.
pub fn check(map: &Map, block: &Block, context: &Context, found: &mut Sink) {
    Walk { context, path: Vec::new(), found }.block(map, block);
}

/// A file with more findings than this is not a nats.conf with typos, and suggestions cost time.
const MAX_GUESSES: usize = 100;

const UNKNOWN_OPTION: RuleId = rule!("nats-conf/unknown-option");
const VERSION: RuleId = rule!("nats-conf/version");

struct Walk<'a> {
    context: &'a Context,
    /// The names above the current value, for messages.
    path: Vec<String>,
    found: &'a mut Sink,
}

impl Walk<'_> {
    fn block(&mut self, map: &Map, block: &Block) {
        let exactly = matches!(block.unknown, Unknown::ExactlyRefused | Unknown::Ignored);
        for (name, entry) in &map.entries {
            self.path.push(name.clone());
            match block.options.iter().find(|option| option.is_called(name, exactly)) {
                Some(option) => {
                    self.version(option, entry);
                    self.value(&entry.value, &option.shape);
                }
                None => self.unknown(name, entry, block),
            }
            self.path.pop();
        }
        for (name, second, first) in Section::root(map).doubled(block, exactly) {
            let message = format!(
                "`{name}` is another name of an option that is already set: the server uses either"
            );
            self.found.push(
                Diagnostic::warning(DUPLICATE, message)
                    .at(second)
                    .related(first, "first set here")
                    .help("remove one of them"),
            );
        }
    }

    fn version(&mut self, option: &Setting, entry: &Entry) {
        let Some(minor) = self.context.minor.filter(|minor| *minor < option.since) else {
            return;
        };
        let message = format!(
            "`{}` requires nats-server 2.{}, found an image of 2.{minor}",
            self.name(),
            option.since
        );
        self.found.push(Diagnostic::warning(VERSION, message).at(&entry.key));
    }

    fn unknown(&mut self, name: &str, entry: &Entry, block: &Block) {
        let is_forgiven = match block.unknown {
            Unknown::Refused => entry.used,
            Unknown::AlwaysRefused | Unknown::ExactlyRefused => false,
            Unknown::Ignored => true,
        };
        if is_forgiven {
            return;
        }
        let place = match self.path.len() {
            1 => "at the top level of nats.conf".to_owned(),
            n => format!("in `{}`", self.path[..n - 1].join(".").replace(".[", "[")),
        };
        let mut error =
            Diagnostic::error(UNKNOWN_OPTION, format!("unknown option `{name}` {place}"))
                .at(&entry.key);
        let names = block.options.iter().flat_map(|option| option.names.split('|'));
        let is_typo = self.found.len() < MAX_GUESSES;
        if let Some(known) = is_typo.then(|| nearest(name, names)).flatten() {
            error = error.help(format!("did you mean `{known}`?"));
        } else if name.starts_with('\u{feff}') {
            error = error.help("remove the byte order mark at the beginning of the file");
        } else if name.contains('{') {
            error = error.help("put a space before `{`");
        }
        self.found.push(error);
    }

    fn value(&mut self, value: &Value, shape: &Shape) {
        if matches!(value.kind, Kind::Unset(_)) {
            return;
        }
        match (shape, &value.kind) {
            (Shape::Any, _)
            | (Shape::Bool, Kind::Bool(_))
            | (Shape::Int | Shape::Size, Kind::Integer(_))
            | (Shape::Seconds, Kind::Integer(_) | Kind::Float(_))
            | (Shape::Address, Kind::Integer(_))
            | (Shape::Text, Kind::Text(_)) => {}
            (Shape::IntIn(low, high), Kind::Integer(number)) => {
                self.range(value, *number, *low, *high)
            }
            (Shape::TextThat(_, holds), Kind::Text(text)) if holds(text) => {}
            (Shape::Word(words), Kind::Text(text))
                if words.iter().any(|w| w.eq_ignore_ascii_case(text)) => {}
            (Shape::Duration | Shape::Seconds, Kind::Text(text)) if options::is_duration(text) => {}
            (Shape::Address, Kind::Text(text)) if address::split(text).is_some() => {}
            (Shape::Size, Kind::Text(text)) if size::read(text).is_some() => {}
            (Shape::Duration, Kind::Integer(number)) => self.bare_duration(value, *number),
            (Shape::List(inner), Kind::List(items)) => {
                for (n, item) in items.iter().enumerate() {
                    self.path.push(format!("[{n}]"));
                    self.value(item, inner);
                    self.path.pop();
                }
            }
            (Shape::Block(block), Kind::Map(map)) => self.block(map, block),
            (Shape::Names(inner), Kind::Map(map)) => {
                for (name, entry) in map.entries.iter().filter(|(_, entry)| !entry.used) {
                    self.path.push(name.clone());
                    self.value(&entry.value, inner);
                    self.path.pop();
                }
            }
            (Shape::OneOf(shapes), kind) => match shapes.iter().find(|shape| takes(shape, kind)) {
                Some(shape) => self.value(value, shape),
                None => self.mismatch(value, shape),
            },
            _ => self.mismatch(value, shape),
        }
    }

    fn range(&mut self, value: &Value, number: i64, low: i64, high: i64) {
        if (low..=high).contains(&number) {
            return;
        }
        let bounds = match (low, high) {
            (low, i64::MAX) => format!("at least {low}"),
            (i64::MIN, high) => format!("at most {high}"),
            (low, high) => format!("from {low} to {high}"),
        };
        let message = format!("`{}`: expected {bounds}, found {number}", self.name());
        self.found.push(Diagnostic::error(RANGE, message).at(&value.span));
    }

    /// The server counts seconds then. Its test of a file (`-t`) refuses what a start only warns of.
    fn bare_duration(&mut self, value: &Value, number: i64) {
        let written = value.span.text();
        let help = match written.ends_with(|c: char| c.is_ascii_digit()) {
            true => format!("write \"{number}s\""),
            false => format!("put it in quotes: \"{written}\""),
        };
        let message = format!(
            "`{}` is {number} seconds: `{written}` without quotes is a number",
            self.name()
        );
        self.found.push(Diagnostic::warning(VALUE, message).at(&value.span).help(help));
    }

    fn mismatch(&mut self, value: &Value, shape: &Shape) {
        let message = format!(
            "`{}`: expected {}, found {}",
            self.name(),
            wanted(shape),
            value.kind.describe()
        );
        let rule = if takes(shape, &value.kind) { VALUE } else { TYPE };
        let mut error = Diagnostic::error(rule, message).at(&value.span);
        if let Some(help) = remedy(shape, value) {
            error = error.help(help);
        }
        self.found.push(error);
    }

    fn name(&self) -> String {
        self.path.join(".").replace(".[", "[")
    }
}

/// Whether a value of this kind can have the shape at all.
fn takes(shape: &Shape, kind: &Kind) -> bool {
    match shape {
        Shape::Any => true,
        Shape::Bool => matches!(kind, Kind::Bool(_)),
        Shape::Int | Shape::IntIn(..) => matches!(kind, Kind::Integer(_)),
        Shape::Text | Shape::TextThat(..) | Shape::Word(_) => matches!(kind, Kind::Text(_)),
        Shape::Duration | Shape::Address | Shape::Size => {
            matches!(kind, Kind::Integer(_) | Kind::Text(_))
        }
        Shape::Seconds => matches!(kind, Kind::Integer(_) | Kind::Float(_) | Kind::Text(_)),
        Shape::List(_) => matches!(kind, Kind::List(_)),
        Shape::Block(_) | Shape::Names(_) => matches!(kind, Kind::Map(_)),
        Shape::OneOf(shapes) => shapes.iter().any(|shape| takes(shape, kind)),
    }
}

fn wanted(shape: &Shape) -> String {
    match shape {
        Shape::Any => "anything".to_owned(),
        Shape::Bool => "a boolean".to_owned(),
        Shape::Int | Shape::IntIn(..) => "an integer".to_owned(),
        Shape::Text => "a string".to_owned(),
        Shape::TextThat(what, _) => (*what).to_owned(),
        Shape::Word(words) => {
            let words: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
            format!("one of {}", words.join(", "))
        }
        Shape::Duration => "a duration such as \"10s\"".to_owned(),
        Shape::Seconds => "a number of seconds, or a duration such as \"10s\"".to_owned(),
        Shape::Address => "a port, or a host and a port such as \"0.0.0.0:4222\"".to_owned(),
        Shape::Size => "a size such as 1Gi without quotes, or \"1G\"".to_owned(),
        Shape::List(_) => "a list".to_owned(),
        Shape::Block(_) | Shape::Names(_) => "a block".to_owned(),
        Shape::OneOf(shapes) => shapes.iter().map(wanted).collect::<Vec<_>>().join(", or "),
    }
}

fn remedy(shape: &Shape, value: &Value) -> Option<String> {
    let wants = |kind: &Kind| takes(shape, kind);
    if let (Shape::Word(words), Kind::Text(text)) = (shape, &value.kind) {
        return nearest(text, words.iter().copied()).map(|word| format!("did you mean `{word}`?"));
    }
    match &value.kind {
        Kind::Text(text) if matches!(shape, Shape::Duration) && is_bare_integer(text) => {
            Some(format!("write a unit: \"{text}s\""))
        }
        Kind::Text(text) if wants(&Kind::Integer(0)) && is_bare_integer(text) => {
            Some("remove the quotes".to_owned())
        }
        Kind::Text(text)
            if wants(&Kind::Bool(true))
                && ["true", "false", "yes", "no", "on", "off"]
                    .contains(&text.to_ascii_lowercase().as_str()) =>
        {
            Some("remove the quotes".to_owned())
        }
        Kind::Integer(0 | 1) if wants(&Kind::Bool(true)) => {
            Some("write `true` or `false`".to_owned())
        }
        Kind::Integer(_) | Kind::Float(_) | Kind::Bool(_) if wants(&Kind::Text(String::new())) => {
            Some(format!("put it in quotes: \"{}\"", value.span.text()))
        }
        Kind::Text(_) if wants(&Kind::List(Vec::new())) => {
            Some(format!("write a list: [{}]", value.span.text()))
        }
        Kind::Map(_) if wants(&Kind::List(Vec::new())) => {
            Some("put the block into a list: `[{ … }]`".to_owned())
        }
        _ => None,
    }
}

/// Whether the text would be an integer without its quotes, perhaps with a suffix such as `MB`.
fn is_bare_integer(text: &str) -> bool {
    let digits = text.trim_start_matches(|c: char| c.is_ascii_digit());
    let suffix = digits.to_ascii_lowercase();
    let suffix = suffix.strip_prefix(['k', 'm', 'g', 't', 'p', 'e']).unwrap_or(&suffix);
    digits.len() < text.len() && ["", "b", "i", "ib"].contains(&suffix)
}

#[cfg(test)]
mod tests {
    use crate::check::tests::expect;

    #[test]
    fn options_are_known_and_have_their_types() {
        let cases: &[(&str, &[&str])] = &[
            ("max_paylod: 1", &["unknown-option 1:1"]),
            ("cluster { names: a }", &["unknown-option 1:11"]),
            ("cluster{name: a}", &["unknown-option 1:1"]),
            ("PORT: -1", &[]),
            ("NAME: a\nserver_name: $NAME", &[]),
            ("NAME: a", &["unknown-option 1:1"]),
            ("port: \"4222\"", &["type 1:7"]),
            ("debug: \"true\"", &["type 1:8"]),
            ("debug: 1", &["type 1:8"]),
            ("server_name: 5", &["type 1:14"]),
            ("server_name: \"a b\"", &["value 1:14"]),
            ("max_sub_tokens: 256", &["range 1:17"]),
            ("max_payload: 9Gi", &["range 1:14", "conflict 1:14"]),
            ("ping_interval: 30", &["warning: value 1:16"]),
            ("ping_interval: 2m", &["warning: value 1:16"]),
            ("ping_interval: \"30\"", &["value 1:16"]),
            ("listen: localhost", &["value 1:9"]),
            ("listen: \"[::1]:4222\"", &[]),
            ("jetstream { max_mem: \"64MB\" }", &["value 1:22"]),
            ("jetstream { max_mem: 64MB, max_file: \"1G\" }", &[]),
            ("jetstream: maybe", &["value 1:12"]),
            ("jetstream: [ 1 ]", &["type 1:12"]),
            ("write_timeout: CLOSE", &["value 1:16"]),
            ("cluster { routes: \"nats://a:1\" }", &["type 1:19"]),
            ("cluster { routes: [\"nats://a b:1\"] }", &["value 1:20"]),
            ("server_tags: [ a, 1 ]", &["type 1:19"]),
            ("port: $PORT", &[]),
            ("authorization { users: {user: a} }", &["type 1:24"]),
            ("accounts: on", &["warning: value 1:11"]),
            ("accounts { A { limits { max_streams: 1 } } }", &["unknown-option 1:25"]),
            ("port: 1\nPort: 2", &["warning: duplicate 2:1"]),
            ("monitor_port: 1\nhttp_port: 1", &["warning: duplicate 2:1"]),
            ("resolver { nonsense: 1, type: memory }", &[]),
            ("tls { verify: \"yes\" }", &["type 1:15"]),
            ("tls { x: 1 }", &["unknown-option 1:7"]),
            ("ocsp { urls: [a] }", &["type 1:14"]),
            ("ocsp { Mode: must }", &["unknown-option 1:8"]),
            ("lame_duck_duration: \"10s\"", &["value 1:21", "conflict 1:21"]),
            ("leafnodes { min_version: \"2.7.0\" }", &["value 1:26"]),
        ];
        expect(cases);
    }
}

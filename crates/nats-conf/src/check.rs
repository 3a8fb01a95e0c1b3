//! What a server would say of a configuration: first of each option alone, then of what they mean together.

mod accounts;
mod authorization;
mod jetstream;
mod operators;
mod servers;
mod shape;
mod tls;

pub use operators::claims;
pub use tls::SAFE_CIPHERS;

use super::section::Section;
use super::{Arguments, Kind, Tree, options};
use jinnacle_syntax::diagnostic::{Diagnostic, RuleId, Severity, Sink, has_errors, rule};
use jinnacle_syntax::source::{Source, Span};

/// What is known of the server that will read the configuration.
#[derive(Clone, Copy, Debug, Default)]
pub struct Context {
    /// The minor version of server 2, if it is known; an option that it does not know yet is warned of.
    pub minor: Option<u32>,
}

impl Context {
    /// What an image tag such as `2.9.20-alpine` says.
    pub fn of_tag(tag: &str) -> Self {
        let mut parts = tag.strip_prefix('v').unwrap_or(tag).split(['.', '-']);
        let minor = match parts.next() {
            Some("2") => parts.next().and_then(|minor| minor.parse().ok()),
            _ => None,
        };
        Self { minor }
    }
}

/// Finds what a server would refuse, at a test of the file or at its start, and what it takes in another
/// sense than is written. What only the place of the server can tell is never an error: files, certificates,
/// names of hosts, environment variables, included files that could not be read.
pub fn check(tree: &Tree, context: &Context, sink: &mut Sink) {
    shape::check(&tree.root, &options::TOP, context, sink);
    let root = Section::root(&tree.root);
    let rules: [fn(Section, &mut Sink); 7] = [
        servers::check,
        jetstream::check,
        tls::check,
        authorization::check,
        accounts::check,
        operators::check,
        limits,
    ];
    for rule in rules {
        rule(root, sink);
    }
}

/// As [`check`], for a server that is started with arguments. Where these are not known, what they could set is a
/// warning at most.
pub fn check_started(
    tree: Tree,
    context: &Context,
    arguments: Option<&Arguments>,
    sink: &mut Sink,
) {
    let tree = match arguments {
        Some(arguments) => tree.with(arguments),
        None => tree,
    };
    let found = Sink::of(|sink| check(&tree, context, sink));
    let is_open = arguments.is_none_or(|arguments| arguments.are_open);
    if !is_open || !has_errors(&found) {
        return sink.extend(found);
    }
    let nowhere = Span::whole(&Source::new("", ""));
    let sure = Sink::of(|sink| check(&tree.with_any_arguments(&nowhere), context, sink));
    let same = |a: &Diagnostic, b: &Diagnostic| a.rule == b.rule && a.message == b.message;
    let is_sure = |finding: &Diagnostic| sure.iter().any(|sure| same(sure, finding));
    for mut finding in found {
        if finding.severity == Severity::Error && !is_sure(&finding) {
            finding.severity = Severity::Warning;
            finding.help.push("or set it with an argument of nats-server".to_owned());
        }
        sink.push(finding);
    }
}

const TYPE: RuleId = rule!("nats-conf/type");
const VALUE: RuleId = rule!("nats-conf/value");
const RANGE: RuleId = rule!("nats-conf/range");
const DUPLICATE: RuleId = rule!("nats-conf/duplicate");
const MISSING: RuleId = rule!("nats-conf/missing");
const CONFLICT: RuleId = rule!("nats-conf/conflict");
const REFERENCE: RuleId = rule!("nats-conf/reference");
const PORT: RuleId = rule!("nats-conf/port");

/// Limits that contradict each other, which the server tells at its start
/// (`validateOptions` in `server/server.go`).
fn limits(root: Section, found: &mut Sink) {
    use jinnacle_functions::time::Duration;

    let payload = root.integer("max_payload").filter(|payload| payload.value != 0);
    let pending = root.integer("max_pending").filter(|pending| pending.value != 0);
    let (payload_bytes, pending_bytes) =
        (payload.map_or(1 << 20, |p| p.value), pending.map_or(64 << 20, |p| p.value));
    let is_known = |names| root.entry(names).is_none_or(|_| root.integer(names).is_some());
    if let Some(limit) = payload.or(pending)
        && is_known("max_payload")
        && is_known("max_pending")
        && payload_bytes > pending_bytes
    {
        let message = format!(
            "`max_payload` of {payload_bytes} bytes exceeds `max_pending` of {pending_bytes} bytes"
        );
        found.push(Diagnostic::error(CONFLICT, message).at(limit.span).help("raise `max_pending`"));
    }

    let period = |names, default| {
        let set = root.text(names).and_then(|text| Duration::parse(text.value).ok());
        set.filter(|period| *period != Duration::ZERO).unwrap_or(Duration::of_seconds(default))
    };
    let grace = period("lame_duck_grace_period", 10);
    let whole = period("lame_duck_duration", 120);
    let entry = root.entry("lame_duck_grace_period").or(root.entry("lame_duck_duration"));
    if let Some(entry) = entry
        && grace >= whole
    {
        let message = "`lame_duck_grace_period` must be shorter than `lame_duck_duration`, which is 2m by default";
        found.push(Diagnostic::error(CONFLICT, message).at(&entry.value.span));
    }
}

/// Whether an option is set to a variable that nobody knows here.
fn is_unset(section: Section, names: &str) -> bool {
    section.entry(names).is_some_and(|entry| matches!(entry.value.kind, Kind::Unset(_)))
}

/// A finding that something is missing in a block.
fn missing(section: Section, message: &str) -> Diagnostic {
    at(Diagnostic::error(MISSING, message), section)
}

/// A finding that a block contradicts itself.
fn conflict(section: Section, message: &str) -> Diagnostic {
    at(Diagnostic::error(CONFLICT, message), section)
}

/// Points at the brace with which the block opens; the whole block would be too much to show.
fn at(error: Diagnostic, section: Section) -> Diagnostic {
    match section.span {
        Some(span) => error.at(&Span::new(span.source(), span.start(), span.start() + 1)),
        None => error,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ParseContext, parse};
    use proptest::prelude::*;

    /// Compares what is found in each text: rule and place, errors and warnings.
    pub fn expect(cases: &[(&str, &[&str])]) {
        for (text, expected) in cases {
            assert_eq!(found(text, Context::default()), *expected, "{text}");
        }
    }

    fn found(text: &str, context: Context) -> Vec<String> {
        let mut sink = Sink::new();
        let tree = parse(&Source::new("t", text), &ParseContext::default(), &mut sink).unwrap();
        check(&tree, &context, &mut sink);
        let shown = |finding: &Diagnostic| {
            let place =
                finding.span.as_ref().map_or("-".to_owned(), |span| span.place().to_string());
            let severity = if finding.severity == Severity::Error { "" } else { "warning: " };
            format!("{severity}{} {place}", finding.rule.as_str().trim_start_matches("nats-conf/"))
        };
        sink.iter().map(shown).collect()
    }

    #[test]
    fn limits_do_not_contradict_each_other() {
        let cases: &[(&str, &[&str])] = &[
            ("max_payload: 65Mi", &["conflict 1:14"]),
            ("max_payload: 65Mi\nmax_pending: 128Mi", &[]),
            ("max_pending: 1K", &["conflict 1:14"]),
            ("max_pending: $PENDING", &[]),
            ("lame_duck_grace_period: \"2m\"", &["conflict 1:25"]),
            ("lame_duck_grace_period: \"2m\"\nlame_duck_duration: \"3m\"", &[]),
            ("lame_duck_duration: \"30s\"", &[]),
        ];
        expect(cases);
    }

    #[test]
    fn options_of_newer_servers_are_warned_of() {
        let text = "cluster { compression: off, pool_size: 3 }\nfeature_flags {}";
        let of = |tag| found(text, Context::of_tag(tag));
        let all = ["warning: version 1:11", "warning: version 1:29", "warning: version 2:1"];
        assert_eq!(of("2.9.20-alpine"), all);
        assert_eq!(of("2.10-scratch"), ["warning: version 2:1"]);
        assert_eq!(of("v2.14.0"), [""; 0]);
        assert_eq!(of("alpine"), [""; 0]);
    }

    proptest! {
        /// Options in places where nobody would write them, with values that nobody would give them.
        #[test]
        fn no_configuration_makes_it_panic(words in prop::collection::vec(prop::sample::select(WORDS), 0..60)) {
            let source = Source::new("t", words.join(" "));
            let mut sink = Sink::new();
            if let Ok(tree) = parse(&source, &ParseContext::default(), &mut sink) {
                check(&tree, &Context { minor: Some(9) }, &mut sink);
            }
        }
    }

    const WORDS: &[&str] = &[
        "{",
        "{",
        "{",
        "}",
        "}",
        "}",
        "[",
        "]",
        "[ {",
        "} ]",
        ",",
        "\n",
        "\n",
        "\n",
        "cluster",
        "gateway",
        "leafnodes",
        "remotes",
        "accounts",
        "A",
        "exports",
        "imports",
        "stream",
        "service",
        "account",
        "subject",
        "to",
        "mappings",
        "dest",
        "weight",
        "authorization",
        "users",
        "user a",
        "nkey",
        "jetstream",
        "max_mem",
        "port",
        "listen",
        "tls",
        "operator",
        "resolver",
        "type full",
        "system_account",
        "mqtt",
        "websocket",
        "compression",
        "rtts",
        "-1",
        "4222",
        "99999999999",
        "1.5",
        "on",
        "$X",
        "\"\"",
        "\"10s\"",
        "\"a.*\"",
        "\"é\"",
        "\"127.0.0.1:4222\"",
        "\"nats://h:1\"",
        "2026-01-02T03:04:05Z",
        "include x",
    ];
}

//! What a schema cannot say of values: rules over several keys, each a small function with an id.

mod advice;
mod images;
mod keys;
mod nats;
mod natscluster;
mod no_effect;
mod operator;
mod surprise;

use crate::chart::Chart;
use crate::diagnostic::{Diagnostic, Fix, sort_by_place};
use crate::release::Release;
use crate::source::Span;
use crate::yaml::Node;

/// A rule over the values of a chart.
pub struct Rule {
    /// Its name in messages: `chart/problem`.
    pub id: &'static str,
    /// Finds what breaks it; the id is put in by the caller.
    check: fn(&Node) -> Vec<Finding>,
}

/// Applies the rules of a built-in chart to its merged values; a user's own chart has none.
pub fn check(chart: &Chart, values: &Node, release: &Release) -> Vec<Diagnostic> {
    let Some(built_in) = chart.built_in else { return Vec::new() };
    let mut found = findings(built_in.name, values);
    if built_in.name == "nats-operator" {
        found.extend(operator::home(values, release).map(|it| it.under("operator/namespace")));
        sort_by_place(&mut found);
    }
    found
}

/// What the rules of a built-in chart, or of a kind of manifest, find.
pub fn findings(name: &str, values: &Node) -> Vec<Diagnostic> {
    let rules: &[Rule] = match name {
        "nats" => nats::RULES,
        "nats-operator" => &operator::RULES,
        "natscluster" => &natscluster::RULES,
        _ => &[],
    };
    let mut found: Vec<Diagnostic> = rules
        .iter()
        .flat_map(|rule| (rule.check)(values).into_iter().map(|finding| finding.under(rule.id)))
        .collect();
    sort_by_place(&mut found);
    found
}

/// What the user wrote in one or several files, and what came of it.
struct Advised<'a> {
    /// The user's part alone.
    layer: &'a Node,
    /// The defaults.
    defaults: &'a Node,
    /// Both together, as templates see them.
    values: &'a Node,
}

/// A rule about what works and is hardly meant.
struct Advice {
    /// Its name in messages.
    id: &'static str,
    /// Finds what it is about.
    find: fn(&Advised<'_>) -> Vec<Finding>,
}

/// Advice on the values of any chart.
const FOR_ALL: [Advice; 3] = [
    Advice { id: "yaml/boolean-word", find: surprise::boolean_words },
    Advice { id: "yaml/number-form", find: surprise::number_forms },
    Advice { id: "yaml/plain-text", find: surprise::plain_texts },
];

/// Advice on the values of `nats/nats`.
const FOR_NATS: [Advice; 9] = [
    Advice { id: "values/no-effect", find: no_effect::no_effect },
    Advice { id: "nats/even-replicas", find: advice::even_replicas },
    Advice { id: "nats/ordered-start", find: advice::ordered_start },
    Advice { id: "nats/lonely-cluster", find: advice::lonely_cluster },
    Advice { id: "nats/host-network", find: advice::host_network },
    Advice { id: "nats/host-ports", find: advice::host_ports },
    Advice { id: "nats/leaf-remote", find: advice::leaf_remote },
    Advice { id: "nats/name", find: advice::names },
    Advice { id: "nats/plain-secret", find: advice::plain_secrets },
];

/// What works and is hardly meant: `layer` is what the user wrote, `values` what came of it.
pub fn advise(chart: &Chart, layer: &Node, values: &Node) -> Vec<Diagnostic> {
    let advised = Advised { layer, defaults: &chart.defaults, values };
    let own: &[Advice] = match chart.built_in.map(|built_in| built_in.name) {
        Some("nats") => &FOR_NATS,
        _ => &[],
    };
    FOR_ALL
        .iter()
        .chain(own)
        .flat_map(|advice| {
            (advice.find)(&advised).into_iter().map(|finding| finding.under(advice.id))
        })
        .collect()
}

/// A broken rule at a place.
struct Finding {
    diagnostic: Diagnostic,
}

impl Finding {
    fn error(span: &Span, message: impl Into<String>) -> Self {
        Self { diagnostic: Diagnostic::error("", message).at(span) }
    }

    fn warning(span: &Span, message: impl Into<String>) -> Self {
        Self { diagnostic: Diagnostic::warning("", message).at(span) }
    }

    fn note(span: &Span, message: impl Into<String>) -> Self {
        Self { diagnostic: Diagnostic::note("", message).at(span) }
    }

    fn help(mut self, help: impl Into<String>) -> Self {
        self.diagnostic = self.diagnostic.help(help);
        self
    }

    fn fix(mut self, fix: Fix) -> Self {
        self.diagnostic = self.diagnostic.fix(fix);
        self
    }

    fn related(mut self, span: &Span, word: impl Into<String>) -> Self {
        self.diagnostic = self.diagnostic.related(span, word);
        self
    }

    fn under(mut self, id: &'static str) -> Diagnostic {
        self.diagnostic.rule = id;
        self.diagnostic
    }
}

/// Whether a map or a list has anything in it, or a string any letter.
fn filled(node: Option<&Node>) -> bool {
    node.is_some_and(|node| match (node.as_map(), node.as_list(), node.as_str()) {
        (Some(map), _, _) => !map.is_empty(),
        (_, Some(list), _) => !list.is_empty(),
        (_, _, Some(text)) => !text.is_empty(),
        _ => !node.is_null(),
    })
}

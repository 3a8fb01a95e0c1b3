//! An object against its definition: unknown fields, types, words, ranges, required fields, equal entries.

use super::api::{Api, Definition};
use super::kubernetes;
use super::kubernetes::{base64, quantity, time};
use super::report::Report;
use jinnacle_syntax::diagnostic::{Severity, nearest};
use jinnacle_syntax::yaml::{Kind, Node};

/// Checks an object against the definition of its kind, and then by the rules of each definition on the way.
pub fn check(api: &Api, definition: &str, report: &mut Report) {
    let root = report.root;
    Shape { api, report, is_status: false, is_opaque: false, may_repeat: false }
        .fields(root, definition);
}

/// Lists in which the API server takes two entries with the same keys: `kubectl apply` says a word at most, and only
/// server-side apply, which merges by the keys, refuses them (`pkg/apis/*/validation` and `pkg/api/pod/warnings.go` of
/// Kubernetes 1.37; its schemas have the keys).
const REPEATABLE: [(&str, &str); 21] = [
    ("admissionregistration.v1.ValidatingAdmissionPolicySpec", "variables"),
    ("apiextensions.v1.JSONSchemaProps", "x-kubernetes-validations"),
    ("core.v1.Container", "env"),
    ("core.v1.Container", "ports"),
    ("core.v1.ContainerRestartRuleOnExitCodes", "values"),
    ("core.v1.EphemeralContainer", "env"),
    ("core.v1.EphemeralContainer", "ports"),
    ("core.v1.PodSpec", "hostAliases"),
    ("core.v1.PodSpec", "imagePullSecrets"),
    ("core.v1.ResourceRequirements", "claims"),
    ("core.v1.ServiceAccount", "secrets"),
    ("discovery.v1.Endpoint", "addresses"),
    ("flowcontrol.v1.NonResourcePolicyRule", "nonResourceURLs"),
    ("flowcontrol.v1.NonResourcePolicyRule", "verbs"),
    ("flowcontrol.v1.ResourcePolicyRule", "apiGroups"),
    ("flowcontrol.v1.ResourcePolicyRule", "namespaces"),
    ("flowcontrol.v1.ResourcePolicyRule", "resources"),
    ("flowcontrol.v1.ResourcePolicyRule", "verbs"),
    ("meta.v1.ObjectMeta", "finalizers"),
    ("meta.v1.ObjectMeta", "ownerReferences"),
    ("storage.v1.CSIDriverSpec", "volumeLifecycleModes"),
];

/// Required strings that the API server takes when they are empty.
const MAY_BE_EMPTY: [(&str, &str); 3] = [
    ("core.v1.HTTPHeader", "value"),
    ("core.v1.Sysctl", "value"),
    ("storage.v1.TokenRequest", "audience"),
];

struct Shape<'s, 'a> {
    api: &'s Api,
    report: &'s mut Report<'a>,
    /// Whether it is inside the status, which the server writes again: only its types count.
    is_status: bool,
    /// Whether it is inside a field that server-side apply takes as one value: nothing in it has keys.
    is_opaque: bool,
    /// Whether the list at hand may have two entries with the same keys.
    may_repeat: bool,
}

impl Shape<'_, '_> {
    /// A map against a definition, and by the definition's rules.
    fn fields(&mut self, node: &Node, name: &str) {
        let Some(definition) = self.api.definition(name) else { return };
        let Some(map) = node.as_map() else {
            self.report.wrong_type(node, "a map");
            return;
        };
        let start = self.report.len();
        let minor = self.api.minor();
        for (key, entry) in map.entries() {
            match definition.field(key) {
                Some(field)
                    if field.since > minor || field.gone.is_some_and(|gone| gone <= minor) =>
                {
                    let words = match field.gone {
                        Some(gone) if gone <= minor => format!("removed in Kubernetes 1.{gone}"),
                        _ => format!("added in Kubernetes 1.{}", field.since),
                    };
                    let finding = self.report.unknown(node, key, &entry.key);
                    finding
                        .help
                        .push(format!("the field was {words}; the checked version is 1.{minor}"));
                }
                Some(field) => {
                    let was_status = self.is_status;
                    self.is_status |= key == "status" && std::ptr::eq(node, self.report.root);
                    self.may_repeat = REPEATABLE.contains(&(name, key));
                    let is_literal = definition.is_custom() || field.required;
                    self.value(&entry.value, field.kind, field.limits, is_literal);
                    self.is_status = was_status;
                }
                None if definition.is_open() => {}
                None => {
                    let help = help_for(definition, key);
                    self.report.unknown(node, key, &entry.key).help.extend(help);
                }
            }
        }
        let needed = definition.required().filter(|field| field.gone.is_none());
        for field in needed.filter(|_| !self.is_status) {
            let value = map.get(field.name).filter(|value| !value.is_null());
            let may_be_empty = definition.is_custom() || MAY_BE_EMPTY.contains(&(name, field.name));
            if value.is_none_or(|value| value.as_str() == Some("") && !may_be_empty) {
                self.report.required(node, field.name);
            }
        }
        if !self.is_status {
            let known = self.report.len();
            kubernetes::check(name, node, self.report);
            self.report.drop_echoes(start, known);
        }
    }

    /// A value against the type of its field. An empty string is as good as none unless it is taken literally.
    fn value(&mut self, node: &Node, kind: &str, limits: Option<&str>, is_literal: bool) {
        if node.is_null() {
            return;
        }
        match kind {
            "s" => match node.as_str() {
                Some(text) => self.word(node, text, limits, is_literal),
                None => {
                    let due = self.report.wrong_type(node, "a string");
                    if !matches!(node.kind, Kind::List(_) | Kind::Map(_)) {
                        due.help.push(format!("put it in quotes: \"{}\"", node.span.text()));
                    }
                }
            },
            "i" | "l" => self.integer(node, kind == "i", limits),
            "n" if !matches!(node.kind, Kind::Int(_) | Kind::Float(_)) => {
                self.report.wrong_type(node, "a number");
            }
            "b" if node.as_bool().is_none() => {
                let due = self.report.wrong_type(node, "a boolean");
                if matches!(node.as_str(), Some("true" | "false")) {
                    due.help.push("remove the quotes".to_owned());
                }
            }
            "q" if quantity::of(node).is_none() => {
                let due = self.report.value(node, "must be a quantity");
                due.help.push("write a quantity such as 500m, 2, 64Mi or 10Gi".to_owned());
            }
            "p" => match node.kind {
                Kind::Text(_) => {}
                _ => self.integer(node, true, limits),
            },
            "t" if node.as_str().is_none_or(|text| !time::is_rfc3339(text)) => {
                self.report.value(node, "must be a time such as 2026-01-02T03:04:05Z");
            }
            "y" => self.base64(node),
            _ if kind.len() == 1 => self.finite(node),
            _ => match kind.as_bytes()[0] {
                b'[' => self.list(node, &kind[1..kind.len() - 1], limits),
                b'{' => self.map(node, &kind[1..kind.len() - 1]),
                b'~' if node.as_map().is_none() => {}
                b'~' => {
                    let was_opaque = std::mem::replace(&mut self.is_opaque, true);
                    self.fields(node, &kind[1..]);
                    self.is_opaque = was_opaque;
                }
                _ => self.fields(node, kind),
            },
        }
    }

    /// One of the words, or a string of a length.
    fn word(&mut self, node: &Node, text: &str, limits: Option<&str>, is_literal: bool) {
        let Some(words) = limits else { return };
        if let Some((least, greatest)) = words.split_once("..") {
            let length = text.chars().count();
            if least.parse().is_ok_and(|least: usize| length < least) {
                let words = format!("must have a length of at least {least}");
                self.report.value(node, if length == 0 { "must not be empty" } else { &words });
            } else if greatest.parse().is_ok_and(|greatest: usize| length > greatest) {
                self.report.value(node, format!("must have a length of at most {greatest}"));
            }
            return;
        }
        if words.split('|').any(|word| word == text) || text.is_empty() && !is_literal {
            return;
        }
        let listed: Vec<String> = words.split('|').map(|word| format!("`{word}`")).collect();
        let finding = self.report.value(node, format!("must be one of {}", listed.join(", ")));
        finding.help.extend(nearest(text, words.split('|')).map(|word| format!("write `{word}`")));
    }

    fn integer(&mut self, node: &Node, is_short: bool, limits: Option<&str>) {
        let Some(number) = whole(node) else {
            let due = self.report.wrong_type(node, "an integer");
            if node.as_str().is_some_and(|text| text.parse::<i64>().is_ok()) {
                due.help.push("remove the quotes".to_owned());
            }
            return;
        };
        let (least, greatest) = match is_short {
            true => (i32::MIN.into(), i32::MAX.into()),
            false => (i64::MIN.into(), i64::MAX.into()),
        };
        let range = limits.and_then(|limits| limits.split_once(".."));
        let least: i128 = range.and_then(|(least, _)| least.parse().ok()).unwrap_or(least);
        let limit: Option<i128> = range.and_then(|(_, greatest)| greatest.parse().ok());
        if number < least && limit.is_none() {
            self.report.value(node, format!("must be at least {least}"));
        } else if number < least || number > limit.unwrap_or(greatest) {
            let greatest = limit.unwrap_or(greatest);
            let finding =
                self.report.value(node, format!("must be between {least} and {greatest}"));
            if greatest == 0o777 {
                finding.help.push("write the mode in octal: 0644 instead of 644".to_owned());
            }
        }
    }

    fn base64(&mut self, node: &Node) {
        match node.as_str() {
            None => {
                self.report.wrong_type(node, "a string in base64");
            }
            Some(text) if base64::decode(text).is_none() => {
                let due = self.report.value(node, "must be base64");
                due.help.push("move plain text to `stringData`".to_owned());
            }
            Some(_) => {}
        }
    }

    /// JSON has no infinity.
    fn finite(&mut self, node: &Node) {
        match &node.kind {
            Kind::Float(number) if !number.is_finite() => {
                self.report.wrong_type(node, "a finite number");
            }
            Kind::List(list) => list.iter().for_each(|item| self.finite(item)),
            Kind::Map(map) => map.iter().for_each(|(_, value)| self.finite(value)),
            _ => {}
        }
    }

    fn list(&mut self, node: &Node, kind: &str, limits: Option<&str>) {
        let Some(list) = node.as_list() else {
            self.report.wrong_type(node, "a list");
            return;
        };
        let (kind, keys) = match kind.split_once(';') {
            Some((kind, keys)) => (kind, Some(keys)),
            None => (kind, None),
        };
        let keys = keys.filter(|_| !self.is_status && !self.is_opaque);
        let may_repeat = self.may_repeat;
        for (index, item) in list.iter().enumerate() {
            match keys {
                Some(keys) if !keys.is_empty() && item.is_null() => {
                    self.report.wrong_type(item, "a map");
                }
                Some(keys) => {
                    if let Some(words) =
                        list[..index].iter().find_map(|other| same(other, item, keys))
                    {
                        self.repeated(item, &words, may_repeat);
                    }
                }
                None => {}
            }
            self.value(item, kind, limits, true);
        }
    }

    /// An entry with the keys of an earlier one.
    fn repeated(&mut self, item: &Node, words: &str, may_repeat: bool) {
        if may_repeat && extends_earlier(item) {
            return;
        }
        let finding = self.report.duplicate(item, words);
        if may_repeat {
            finding.severity = Severity::Warning;
            finding
                .help
                .push("remove one: `kubectl apply --server-side` rejects duplicates".to_owned());
        }
    }

    fn map(&mut self, node: &Node, kind: &str) {
        let Some(map) = node.as_map() else {
            self.report.wrong_type(node, "a map");
            return;
        };
        for (_, value) in map.iter() {
            self.value(value, kind, None, false);
        }
    }
}

/// The integer that a node is, if only written as `3.0` or `1e1`.
pub fn whole(node: &Node) -> Option<i128> {
    match node.kind {
        Kind::Int(number) => Some(number),
        Kind::Float(number) if number.fract() == 0.0 && number.is_finite() => Some(number as i128),
        _ => None,
    }
}

/// Whether a variable is made of the one of the same name before it, as in `PATH` with the value `$(PATH):/opt`.
fn extends_earlier(variable: &Node) -> bool {
    let text = |field: &str| variable.str_at(field);
    let earlier = format!("$({})", text("name"));
    text("value").contains(&earlier) && text("value") != earlier
}

/// Whether two entries have the same keys; then what they share, in words.
fn same(one: &Node, other: &Node, keys: &str) -> Option<String> {
    if keys.is_empty() {
        let text = other.as_str()?;
        return (one == other).then(|| format!("duplicate: {text:?}"));
    }
    let mut shared = Vec::new();
    for key in keys.split(',') {
        // The protocol is the one key that has a default.
        let of = |node: &Node| match node.get(key).filter(|value| !value.is_null()) {
            Some(value) => Some(value.as_str().map_or_else(
                || whole(value).map_or_else(|| value.span.text().to_owned(), |n| n.to_string()),
                str::to_owned,
            )),
            None => (key == "protocol").then(|| "TCP".to_owned()),
        };
        let (a, b) = (of(one), of(other));
        if a != b || a.is_none() && keys == key {
            return None;
        }
        shared.extend(a.map(|value| format!("{key} {value}")));
    }
    Some(format!("duplicate: {}", shared.join(", ")))
}

fn help_for(definition: Definition, key: &str) -> Option<String> {
    let names: Vec<&str> =
        definition.fields().filter(|field| field.gone.is_none()).map(|field| field.name).collect();
    nearest(key, names.iter().copied()).map(|name| format!("did you mean `{name}`?"))
}

//! What Helm 4 changes → text, JSON or annotations of GitHub.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::changes;
use crate::diagnostic::Diagnostic;
use crate::diff::Change;
use crate::diff::versions::{Effect, Explained};
use crate::release::{Difference, HelmVersion};

/// A chart, or a release of a matrix, by its name, with what changes.
pub type Named<'m> = (&'m str, Vec<Explained<'m>>);

/// What changes in the form that was asked for.
pub fn print(charts: &[Named<'_>], format: Option<&str>) -> String {
    match format {
        Some("json") => json(charts),
        Some("github") => charts.iter().flat_map(|(_, all)| all).map(annotation).collect(),
        _ => text(charts),
    }
}

/// For people: a reason, below it what it changes.
fn text(charts: &[Named<'_>]) -> String {
    let mut texts = Vec::new();
    for (name, explained) in charts.iter().filter(|(_, explained)| !explained.is_empty()) {
        let groups = groups(explained);
        let head = if charts.len() > 1 { format!("==> {name}\n") } else { String::new() };
        let groups: Vec<String> = groups.iter().map(|(reasons, it)| group(reasons, it)).collect();
        texts.push(head + &groups.join("\n"));
    }
    texts.join("\n")
}

/// What has the same reasons, in the order in which the reasons come first.
fn groups<'e>(explained: &'e [Explained<'e>]) -> Vec<(&'e [Difference], Vec<&'e Effect<'e>>)> {
    let mut groups: Vec<(&[Difference], Vec<&Effect>)> = Vec::new();
    for Explained { effect, reasons } in explained {
        match groups.iter_mut().find(|(known, _)| *known == reasons.as_slice()) {
            Some((_, group)) => group.push(effect),
            None => groups.push((reasons, vec![effect])),
        }
    }
    groups
}

fn group(reasons: &[Difference], effects: &[&Effect<'_>]) -> String {
    let mut text = String::new();
    for reason in reasons {
        let _ = writeln!(text, "{}", reason.reason());
        let _ = writeln!(text, "  = help: {}", reason.remedy());
    }
    let mut changed: Vec<Change> = Vec::new();
    for effect in effects {
        match effect {
            Effect::Change(change) => changed.push(change.clone()),
            Effect::Refused(by, finding) => {
                let _ =
                    writeln!(text, "! only {} refuses the chart: {}", name(*by), finding.message);
                if let Some(span) = &finding.span {
                    let _ = writeln!(text, "  --> {span}");
                }
            }
        }
    }
    text + &changes::text(&changed)
}

/// For programs: a list with an entry for each change.
fn json(charts: &[Named<'_>]) -> String {
    let entry = |chart: &str, Explained { effect, reasons }: &Explained| {
        let mut entry = match effect {
            Effect::Change(change) => changes::entry(change),
            Effect::Refused(by, finding) => refusal(*by, finding),
        };
        let reasons = reasons
            .iter()
            .map(|it| json!({"name": it.name(), "reason": it.reason(), "help": it.remedy()}));
        entry["chart"] = json!(chart);
        entry["reasons"] = reasons.collect();
        entry
    };
    let entries: Vec<Value> = charts
        .iter()
        .flat_map(|(chart, explained)| explained.iter().map(move |it| entry(chart, it)))
        .collect();
    format!("{:#}\n", Value::Array(entries))
}

fn refusal(by: HelmVersion, finding: &Diagnostic) -> Value {
    let place = finding.span.as_ref().map(|span| {
        json!({"file": span.source().name(), "line": span.place().line, "column": span.place().column})
    });
    json!({"refusedBy": name(by), "message": finding.message, "place": place})
}

fn annotation(Explained { effect, reasons }: &Explained<'_>) -> String {
    let reasons: Vec<&str> = reasons.iter().map(|it| it.reason()).collect();
    let why = format!(" ({})", reasons.join("; "));
    match effect {
        Effect::Change(change) => changes::annotation(change, &why),
        Effect::Refused(by, finding) => {
            let message = format!("only {} refuses the chart: {}{why}", name(*by), finding.message);
            changes::annotated("error", finding.span.as_ref(), &message)
        }
    }
}

fn name(version: HelmVersion) -> &'static str {
    if version == HelmVersion::THREE { "Helm 3" } else { "Helm 4" }
}

//! Everything that is to be said about values: one layer, or a stack of them, over a chart's defaults; and about
//! manifests of the NATS operator, which are known by their kinds.

use std::path::Path;
use std::sync::Arc;

use crate::chart::Chart;
use crate::chart::owner::{Owner, Part};
use crate::diagnostic::{Diagnostic, Sink, Stopped, has_errors, rule};
use crate::manifest::files;
use crate::release::{Capabilities, DEFAULT_KUBE_VERSION, Release};
use crate::render::{self, Randomness, ReleaseContext};
use crate::source::{Source, Span};
use crate::values::{self, coalesce};
use crate::yaml::{Kind, Map, Node};
use crate::{natscluster, pipeline};

/// What is wrong in files: in values, each file by itself or all as one stack, and in manifests of the NATS
/// operator, which are taken together with those beside them. `owner` says whose values a file holds; those of other
/// charts are skipped.
pub fn files(
    chart: &Chart,
    sources: &[Arc<Source>],
    merge: bool,
    owner: fn(&Path) -> Owner,
    sink: &mut Sink,
) {
    let (mut manifests, others): (Vec<_>, Vec<_>) =
        sources.iter().cloned().partition(natscluster::is_in);
    let (beside, layers): (Vec<_>, Vec<_>) =
        others.into_iter().partition(|source| files::kind(source).is_some());
    let mut stacks: Vec<(Owner, Vec<Arc<Source>>)> = Vec::new();
    let mut skipped = Vec::new();
    for layer in layers {
        match owner(Path::new(layer.name())) {
            Owner::Other(name) => skipped.push((layer, name)),
            owner => match stacks.iter_mut().find(|(known, _)| merge && *known == owner) {
                Some((_, stack)) => stack.push(layer),
                None => stacks.push((owner, vec![layer])),
            },
        }
    }
    let judged = render::side_by_side(&stacks, |(owner, stack)| match owner {
        Owner::BuiltIn(parts) => Sink::of(|sink| {
            for part in parts {
                let part_chart = Chart { helm: chart.helm, ..part.chart.load() };
                stacked(&part_chart, stack, Some(part), sink);
            }
        }),
        _ => Sink::of(|sink| validate(chart, stack, sink)),
    });
    let mut found = Sink::new();
    found.extend(judged.into_iter().flatten());
    found.extend(of_others(&skipped));
    if manifests.is_empty() {
        found.extend(beside.iter().filter_map(no_values));
    } else {
        manifests.extend(beside);
        natscluster::validate(&manifests, &mut found);
    }
    sink.extend(sorted(found.into_vec(), sources));
}

/// A word on the values of other charts.
fn of_others(skipped: &[(Arc<Source>, String)]) -> Option<Diagnostic> {
    let files: Vec<String> = skipped
        .iter()
        .map(|(source, chart)| format!("`{}` (chart `{chart}`)", source.name()))
        .collect();
    let message = match files.as_slice() {
        [] => return None,
        [file] => format!("the file has values of another chart and is skipped: {file}"),
        files => format!(
            "{} files have values of other charts and are skipped: {}",
            files.len(),
            files.join(", ")
        ),
    };
    let help = "name a chart to check its values: `jinnacle validate --chart CHART FILE`";
    Some(Diagnostic::note(rule!("values/other-chart"), message).help(help))
}

/// A manifest where nothing asks for one.
fn no_values(source: &Arc<Source>) -> Option<Diagnostic> {
    let kind = files::kind(source)?;
    let message =
        format!("a values file is expected, found a manifest of kind {}", kind.span.text());
    let help = format!("manifests are checked by `jinnacle check {}`", source.name());
    Some(Diagnostic::error(rule!("values/shape"), message).at(&kind.span).help(help))
}

/// What is wrong in values files, later ones over earlier ones, in the order of files and lines.
pub fn validate(chart: &Chart, stack: &[Arc<Source>], sink: &mut Sink) {
    stacked(chart, stack, None, sink);
}

fn stacked(chart: &Chart, stack: &[Arc<Source>], part: Option<&Part>, sink: &mut Sink) {
    let found = Sink::of(|sink| stack_into(chart, stack, part, sink));
    sink.extend(sorted(found, stack));
}

fn stack_into(
    chart: &Chart,
    stack: &[Arc<Source>],
    part: Option<&Part>,
    sink: &mut Sink,
) -> Result<(), Stopped> {
    let mut user = Map::new();
    let mut readable = Ok(());
    for source in stack {
        match values::layer(source, chart.helm, sink) {
            Ok(layer) => coalesce::merge(&mut user, layer),
            Err(stopped) => readable = Err(stopped),
        }
    }
    readable?;
    let user = match part {
        Some(part) => sink.take(inside(part, user))?,
        None => user,
    };
    judge(chart, user, sink)
}

/// The values of a part, without those that switch it.
fn inside(part: &Part, mut user: Map) -> Result<Map, Diagnostic> {
    let Some(key) = &part.key else { return Ok(user) };
    for path in &part.switches {
        let mut keys = path.split('.').collect::<Vec<_>>();
        let last = keys.pop().unwrap_or_default();
        let above = keys.into_iter().try_fold(&mut user, |map, key| map.get_mut(key)?.as_map_mut());
        above.map(|map| map.remove(last));
    }
    match user.get(key) {
        None => Ok(Map::new()),
        Some(node) if node.is_null() => Ok(Map::new()),
        Some(node) => node.as_map().cloned().ok_or_else(|| {
            let message = format!("`{key}`: expected a map, found {}", node.kind_word());
            let help = format!("write the values of the chart `{}` below it", part.chart.name);
            Diagnostic::error(rule!("values/shape"), message).at(&node.span).help(help)
        }),
    }
}

/// Findings in the order of files and lines.
fn sorted(mut found: Vec<Diagnostic>, files: &[Arc<Source>]) -> Vec<Diagnostic> {
    found.sort_by_key(|finding| {
        let span = finding.span.as_ref();
        let file =
            span.and_then(|span| files.iter().position(|s| s.name() == span.source().name()));
        (file.unwrap_or(files.len()), span.map(Span::place))
    });
    found
}

/// What is wrong in the user's layer by itself and over the defaults.
fn judge(chart: &Chart, user: Map, sink: &mut Sink) -> Result<(), Stopped> {
    let release = some_release();
    let capabilities =
        Capabilities { helm: chart.helm, ..Capabilities::new(DEFAULT_KUBE_VERSION, &[]) };
    let randomness = Randomness::new("validate", 0);
    let release_context =
        ReleaseContext { release: &release, capabilities: &capabilities, randomness: &randomness };
    let written = user.clone();
    let mut merged = pipeline::merge(chart.clone(), user, release_context, sink)?;
    let layer = Node::new(Kind::Map(written), merged.values.span.clone());
    let mut wrong = Sink::of(|sink| merged.check_schema(sink));
    if wrong.is_empty() {
        let expand = |sink: &mut Sink| {
            if let Ok(true) = merged.expand(sink) {
                merged.check_schema(sink);
            }
        };
        wrong = Sink::of(expand);
    }
    // What has the wrong shape misleads the rules that read it.
    let wrong_spans: Vec<&Span> = wrong.iter().filter_map(|error| error.span.as_ref()).collect();
    let is_misled = |finding: &Diagnostic| {
        let about = finding.span.as_ref().map(|span| reach(&layer, span));
        about.is_some_and(|about| wrong_spans.iter().any(|span| touches(span, &about)))
    };
    let check_rules = |sink: &mut Sink| {
        merged.check_rules(sink);
        merged.chart.advise(&layer, &merged.values, sink);
    };
    let broken = Sink::of(|sink| {
        sink.changed(check_rules, |finding| Some(finding).filter(|it| !is_misled(it)));
    });
    let is_sound = !has_errors(&wrong) && !has_errors(&broken);
    sink.extend(wrong.into_iter().chain(broken));
    // A third-party chart is checked where it is rendered, for its own release.
    if is_sound && merged.chart.is_built_in() {
        let made = sink.without_warnings(|sink| merged.render(sink))?;
        made.check(capabilities.kube_version.minor, sink);
    }
    Ok(())
}

/// Values files belong to no release; this one means any.
fn some_release() -> Release {
    Release { name: "nats".to_owned(), namespace: "nats-io".to_owned(), is_upgrade: false }
}

/// A finding at a key is about its value too.
fn reach(node: &Node, span: &Span) -> Span {
    let entries = node.as_map().into_iter().flat_map(Map::entries);
    for (_, entry) in entries {
        if touches(&entry.key, span) {
            return Span::new(span.source(), span.start(), span.end().max(entry.value.span.end()));
        }
        if touches(&entry.value.span, span) {
            return reach(&entry.value, span);
        }
    }
    span.clone()
}

fn touches(a: &Span, b: &Span) -> bool {
    Arc::ptr_eq(a.source(), b.source()) && a.start() < b.end() && b.start() < a.end()
}

//! Which subcharts take part, under which name, and what they hand to their parent (Helm's
//! `pkg/chartutil/dependencies.go`).

use jinnacle_functions::semver::{Constraint, Version};
use jinnacle_syntax::diagnostic::{Diagnostic, Sink, Stopped, rule};
use jinnacle_syntax::source::Span;
use jinnacle_syntax::yaml::{Kind, Map, Node};

use crate::chart::{Chart, Dependency};
use crate::values::coalesce;

/// Says which declared dependencies are missing from `charts/`.
///
/// # Errors
/// One or more are missing.
pub fn check_present(chart: &Chart, sink: &mut Sink) -> Result<(), Stopped> {
    let missing = chart
        .metadata
        .dependencies
        .iter()
        .filter(|wanted| chart.dependencies.iter().all(|sub| sub.metadata.name != wanted.name))
        .map(|wanted| {
            Diagnostic::error(
                rule!("chart/missing-dependency"),
                format!("the chart `{}` is declared here and missing in charts/", wanted.name),
            )
            .at(&wanted.node.span)
            .help("put its directory or archive into charts/; jinnacle downloads nothing")
        });
    sink.stop_on_errors(|sink| sink.extend(missing))
}

/// Leaves the subcharts that take part: declared ones under their aliases if their condition or tags
/// switch them on, undeclared ones always; then values that they export become the parent's.
///
/// # Errors
/// The values of a subchart are no map.
pub fn process(chart: &mut Chart, user: &Map, sink: &mut Sink) -> Result<(), Stopped> {
    enable(chart, user, "", sink)?;
    import_values(chart, sink)
}

fn enable(chart: &mut Chart, values: &Map, path: &str, sink: &mut Sink) -> Result<(), Stopped> {
    // Helm goes no deeper where nothing is declared, though the charts in charts/ are used.
    if !chart.metadata.declares_dependencies() {
        return Ok(());
    }
    let declared = chart.metadata.dependencies.clone();
    let loaded = std::mem::take(&mut chart.dependencies);
    let mut taken: Vec<Chart> = loaded
        .iter()
        .filter(|sub| !declared.iter().any(|wanted| provides(sub, wanted)))
        .cloned()
        .collect();
    let mut switched = Vec::new();
    for wanted in &declared {
        if let Some(found) = loaded.iter().find(|sub| provides(sub, wanted)) {
            let mut sub = found.clone();
            sub.metadata.name = wanted.local_name().to_owned();
            switched.push((wanted, sub));
        }
    }
    // Conditions look into the values as the chart and all its subcharts would see them.
    chart.dependencies = taken.iter().chain(switched.iter().map(|(_, sub)| sub)).cloned().collect();
    let all = coalesce::quietly(chart, values.clone(), sink)?;
    let off: Vec<&str> = declared
        .iter()
        .filter(|wanted| !is_on(wanted, &all, path, sink))
        .map(Dependency::local_name)
        .collect();
    taken.extend(switched.into_iter().map(|(_, sub)| sub));
    taken.retain(|sub| !off.contains(&sub.metadata.name.as_str()));
    chart.metadata.dependencies.retain(|wanted| !off.contains(&wanted.local_name()));
    for wanted in &mut chart.metadata.dependencies {
        wanted.name = wanted.local_name().to_owned();
    }
    chart.dependencies = taken;
    for sub in &mut chart.dependencies {
        let below = format!("{path}{}.", sub.metadata.name);
        enable(sub, &all, &below, sink)?;
    }
    Ok(())
}

/// Whether a loaded chart is the one that a dependency names.
fn provides(chart: &Chart, wanted: &Dependency) -> bool {
    if chart.metadata.name != wanted.name {
        return false;
    }
    match (Constraint::parse(&wanted.version), Version::parse(&chart.metadata.version)) {
        (Ok(constraint), Ok(version)) => constraint.check(&version),
        _ => false,
    }
}

/// The condition decides, by the first of its paths that is a boolean; else the tags.
fn is_on(wanted: &Dependency, values: &Map, path: &str, sink: &mut Sink) -> bool {
    let mut on = tags(wanted, values, sink);
    for condition in wanted.condition.trim().split(',').filter(|word| !word.is_empty()) {
        let full = format!("{path}{condition}");
        if condition.starts_with(' ') {
            let message = format!(
                "the space before `{}` belongs to the condition, so that it matches nothing",
                condition.trim()
            );
            let node = wanted.node.get("condition").unwrap_or(&wanted.node);
            sink.push(
                Diagnostic::warning(rule!("chart/condition"), message)
                    .at(&node.span)
                    .help("remove the space"),
            );
        }
        match find(values, &full) {
            Some(Node { kind: Kind::Bool(value), .. }) => {
                on = *value;
                break;
            }
            None | Some(Node { kind: Kind::Map(_), .. }) => {}
            Some(other) => sink.push(
                Diagnostic::warning(
                    rule!("chart/condition"),
                    format!(
                        "condition `{full}` of the chart `{}`: expected a boolean, found {}",
                        wanted.local_name(),
                        other.kind_word()
                    ),
                )
                .at(&other.span),
            ),
        }
    }
    on
}

/// Off when a tag is false and none is true.
fn tags(wanted: &Dependency, values: &Map, sink: &mut Sink) -> bool {
    let (mut some_on, mut some_off) = (false, false);
    for tag in &wanted.tags {
        match values.get("tags").and_then(|tags| tags.get(tag)) {
            Some(Node { kind: Kind::Bool(true), .. }) => some_on = true,
            Some(Node { kind: Kind::Bool(false), .. }) => some_off = true,
            None => {}
            Some(other) => sink.push(
                Diagnostic::warning(
                    rule!("chart/condition"),
                    format!("tag `{tag}`: expected a boolean, found {}", other.kind_word()),
                )
                .at(&other.span),
            ),
        }
    }
    some_on || !some_off
}

fn find<'m>(values: &'m Map, path: &str) -> Option<&'m Node> {
    let (first, rest) =
        path.split_once('.').map_or((path, None), |(first, rest)| (first, Some(rest)));
    let node = values.get(first)?;
    rest.map_or(Some(node), |rest| find(node.as_map()?, rest))
}

/// Puts what dependencies export below the chart's own defaults, from the bottom up.
fn import_values(chart: &mut Chart, sink: &mut Sink) -> Result<(), Stopped> {
    for sub in &mut chart.dependencies {
        import_values(sub, sink)?;
    }
    if chart.metadata.dependencies.is_empty() {
        return Ok(());
    }
    let mut own = coalesce::defaults(chart, sink)?;
    let imports: Vec<(String, Node)> = chart
        .metadata
        .dependencies
        .iter()
        .flat_map(|wanted| {
            let name = wanted.name.clone();
            wanted.import_values.iter().map(move |import| (name.clone(), import.clone()))
        })
        .collect();
    let mut imported = Map::new();
    for (name, import) in imports {
        let text = |key: &str| import.str_at(key).to_owned();
        let (child, parent) = match import.as_str() {
            Some(name) => (format!("exports.{name}"), String::new()),
            None => (text("child"), text("parent")),
        };
        let path = format!("{name}.{child}");
        match find(&own, &path).and_then(Node::as_map) {
            Some(map) => put_below(&mut imported, at(&parent, map.clone(), &import.span)),
            None => sink.push(
                Diagnostic::warning(
                    rule!("chart/import-values"),
                    format!("`{path}`: expected a map to import"),
                )
                .at(&import.span),
            ),
        }
    }
    put_below(&mut own, imported);
    chart.defaults.kind = Kind::Map(own);
    Ok(())
}

/// A map below a dotted path; `.` and nothing are the root.
fn at(path: &str, map: Map, span: &Span) -> Map {
    path.split('.').filter(|word| !word.is_empty()).rev().fold(map, |inner, word| {
        let mut outer = Map::new();
        outer.insert(word, span.clone(), Node::new(Kind::Map(inner), span.clone()));
        outer
    })
}

/// Adds what is not there yet.
fn put_below(above: &mut Map, below: Map) {
    let mut merged = below;
    coalesce::merge(&mut merged, std::mem::take(above));
    *above = merged;
}

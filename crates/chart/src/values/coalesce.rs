//! Laying the user's values over a chart's defaults, chart by chart (Helm's `pkg/chartutil/coalesce.go`).

use jinnacle_syntax::diagnostic::{Diagnostic, Sink, Stopped, rule};
use jinnacle_syntax::source::Span;
use jinnacle_syntax::yaml::{Kind, Map, Node};

use crate::chart::Chart;
use crate::release::Difference;

/// The values of a chart and, below their names, of its subcharts: what templates see.
///
/// A null of the user removes the default of that name. Lists are replaced, never joined.
///
/// # Errors
/// A subchart's values are no map.
pub fn coalesce(chart: &Chart, user: Map, sink: &mut Sink) -> Result<Map, Stopped> {
    let nulls = if chart.helm.has(Difference::DefaultNulls) { Nulls::Drop } else { Nulls::Remove };
    lay_over_chart(chart, user, nulls, sink)
}

/// The defaults of a chart and its subcharts in one. Nulls are kept: they take effect when the user's
/// values are laid over.
///
/// # Errors
/// The defaults of a chart for a subchart are no map.
pub fn defaults(chart: &Chart, sink: &mut Sink) -> Result<Map, Stopped> {
    sink.without_warnings(|sink| lay_over_chart(chart, Map::new(), Nulls::Keep, sink))
}

/// As [`coalesce`], without the warnings.
///
/// # Errors
/// A subchart's values are no map.
pub fn quietly(chart: &Chart, user: Map, sink: &mut Sink) -> Result<Map, Stopped> {
    sink.without_warnings(|sink| coalesce(chart, user, sink))
}

/// What nulls do.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Nulls {
    /// One of the user removes the default below it.
    Remove,
    /// So it does, and those among the defaults are dropped.
    Drop,
    /// Nothing.
    Keep,
}

fn lay_over_chart(chart: &Chart, user: Map, nulls: Nulls, sink: &mut Sink) -> Result<Map, Stopped> {
    let mut values = user;
    let mut is_shared = false;
    lay_over_defaults(chart, &mut values, nulls, sink);
    for subchart in &chart.dependencies {
        let name = subchart.metadata.name.as_str();
        let (span, mut own) = match values.remove(name) {
            None => (subchart.defaults.span.clone(), Map::new()),
            Some(entry) => match entry.value.kind {
                Kind::Map(map) => (entry.value.span, map),
                _ => {
                    let found = entry.value.kind_word();
                    sink.push(Diagnostic::error(
                        rule!("values/subchart"),
                        format!(
                            "`{name}`: expected a map with the values of the subchart, found {found}"
                        ),
                    )
                    .at(&entry.value.span)
                    .help(format!(
                        "a subchart is switched by its condition, such as `{name}.enabled`"
                    )));
                    return Err(Stopped);
                }
            },
        };
        hand_down_globals(&mut own, &values, &span, sink);
        let below = lay_over_chart(subchart, own, nulls, sink)?;
        is_shared |= share_globals(&below, &mut values);
        values.insert(name, span.clone(), Node::new(Kind::Map(below), span));
    }
    if is_shared {
        hand_down_shared(chart, &mut values);
    }
    Ok(values)
}

const GLOBAL: &str = "global";

/// The maps within the maps of `global` are the same ones in a chart and its subcharts: Helm copies no deeper
/// (`coalesceGlobals`). So what a subchart adds to them is seen by the charts above and beside it, too.
///
/// Copies those of `from` over those of `to` that differ; whether one did.
fn share_globals(from: &Map, to: &mut Map) -> bool {
    let Some(Kind::Map(to)) = to.get_mut(GLOBAL).map(|node| &mut node.kind) else { return false };
    let Some(from) = from.get(GLOBAL).and_then(Node::as_map) else { return false };
    let mut differs = false;
    for (key, own) in to.iter_mut() {
        let Kind::Map(own) = &mut own.kind else { continue };
        let Some(other) = from.get(key).and_then(Node::as_map) else { continue };
        for (key, shared) in own.iter_mut() {
            let Kind::Map(shared) = &mut shared.kind else { continue };
            let changed = other.get(key).and_then(Node::as_map).filter(|map| *map != shared);
            if let Some(map) = changed {
                *shared = map.clone();
                differs = true;
            }
        }
    }
    differs
}

/// Gives the shared maps of a chart's `global` to all subcharts.
fn hand_down_shared(chart: &Chart, values: &mut Map) {
    let mut global = Map::new();
    if let Some(entry) = values.entry(GLOBAL) {
        global.insert(GLOBAL, entry.key.clone(), entry.value.clone());
    }
    for subchart in &chart.dependencies {
        let below = values.get_mut(&subchart.metadata.name).map(|node| &mut node.kind);
        if let Some(Kind::Map(below)) = below {
            share_globals(&global, below);
            hand_down_shared(subchart, below);
        }
    }
}

/// Puts later values on earlier ones: maps join, everything else replaces.
pub fn merge(below: &mut Map, above: Map) {
    for (key, entry) in above {
        match (below.get_mut(&key).map(|node| &mut node.kind), entry.value.kind) {
            (Some(Kind::Map(under)), Kind::Map(over)) => merge(under, over),
            (_, kind) => {
                below.insert(key, entry.key, Node::new(kind, entry.value.span));
            }
        }
    }
}

fn lay_over_defaults(chart: &Chart, values: &mut Map, nulls: Nulls, sink: &mut Sink) {
    let Some(defaults) = chart.defaults.as_map() else { return };
    for (key, default) in defaults.entries() {
        match values.get_mut(key) {
            None => {
                if let Some(value) = kept(&default.value, nulls) {
                    values.insert(key, default.key.clone(), value);
                }
            }
            Some(value) if value.is_null() => {
                if nulls != Nulls::Keep {
                    values.remove(key);
                }
            }
            Some(value) => {
                let path = format!("{}.{key}", chart.metadata.name);
                let is_subchart = chart.dependencies.iter().any(|sub| sub.metadata.name == key);
                let nulls = if is_subchart { Nulls::Keep } else { nulls };
                match (&mut value.kind, &default.value.kind) {
                    (Kind::Map(over), Kind::Map(under)) => {
                        lay_over(over, under, &path, nulls, sink);
                    }
                    (Kind::Map(_), Kind::Null) => {}
                    (Kind::Map(_), _) => sink.push(replaced(value, &default.value, &path)),
                    _ => {}
                }
            }
        }
    }
}

/// Lays a map of the user over the default of the same name. Nulls meant for a subchart are kept: they
/// remove that chart's own default later.
fn lay_over(over: &mut Map, under: &Map, path: &str, nulls: Nulls, sink: &mut Sink) {
    for (key, default) in under.entries() {
        let Some(value) = over.get_mut(key) else {
            if let Some(value) = kept(&default.value, nulls) {
                over.insert(key, default.key.clone(), value);
            }
            continue;
        };
        if value.is_null() {
            if nulls != Nulls::Keep && !default.value.is_null() {
                over.remove(key);
            }
            continue;
        }
        let path = format!("{path}.{key}");
        match (&mut value.kind, &default.value.kind) {
            (Kind::Map(over), Kind::Map(under)) => lay_over(over, under, &path, nulls, sink),
            (Kind::Map(_), Kind::Null) => {}
            (_, Kind::Map(_)) | (Kind::Map(_), _) => {
                sink.push(replaced(value, &default.value, &path));
            }
            _ => {}
        }
    }
}

/// A default that the user has not set, without the nulls that are dropped.
fn kept(default: &Node, nulls: Nulls) -> Option<Node> {
    let mut value = default.clone();
    if nulls == Nulls::Drop {
        drop_nulls(&mut value);
        if value.is_null() {
            return None;
        }
    }
    Some(value)
}

/// Nulls in lists stay.
fn drop_nulls(node: &mut Node) {
    if let Kind::Map(map) = &mut node.kind {
        map.retain(|value| !value.is_null());
        map.iter_mut().for_each(|(_, value)| drop_nulls(value));
    }
}

/// The parent's globals win over the subchart's, maps join; where a map meets something else, the
/// subchart keeps its own.
fn hand_down_globals(own: &mut Map, parent: &Map, span: &Span, sink: &mut Sink) {
    let empty = Map::new();
    let from = match parent.get(GLOBAL).map(|node| &node.kind) {
        None => &empty,
        Some(Kind::Map(map)) => map,
        Some(_) => return,
    };
    if own.get(GLOBAL).is_none() {
        let span = parent.get(GLOBAL).map_or(span, |node| &node.span).clone();
        own.insert(GLOBAL, span.clone(), Node::empty_map(span));
    }
    let Some(Kind::Map(to)) = own.get_mut(GLOBAL).map(|node| &mut node.kind) else { return };
    for (key, entry) in from.entries() {
        match (to.get_mut(key).map(|node| &mut node.kind), &entry.value.kind) {
            (Some(Kind::Map(under)), Kind::Map(over)) => {
                let mut joined = over.clone();
                lay_over(&mut joined, under, &format!("global.{key}"), Nulls::Keep, sink);
                *under = joined;
            }
            (Some(Kind::Map(_)), _) => {}
            (Some(kind), Kind::Map(_)) => {
                let own = Node::new(kind.clone(), entry.value.span.clone());
                sink.push(replaced(&own, &entry.value, &format!("global.{key}")));
            }
            _ => {
                to.insert(key, entry.key.clone(), entry.value.clone());
            }
        }
    }
}

fn replaced(value: &Node, default: &Node, path: &str) -> Diagnostic {
    Diagnostic::warning(
        rule!("values/shape"),
        format!(
            "`{path}` is {} here and {} in the chart's defaults",
            value.kind_word(),
            default.kind_word()
        ),
    )
    .at(&value.span)
    .related(&default.span, "the default")
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::release::HelmVersion;
    use jinnacle_syntax::json::to_json;
    use jinnacle_syntax::source::Source;
    use jinnacle_syntax::yaml::{Limits, read};

    fn map(name: &str, text: &str) -> Map {
        let source: Arc<Source> = Source::new(name, text);
        match read(&source, &Limits::default()).unwrap().root.kind {
            Kind::Map(map) => map,
            _ => Map::new(),
        }
    }

    fn chart(name: &str, defaults: &str, dependencies: Vec<Chart>) -> Chart {
        let source = Source::new(format!("{name}/values.yaml"), defaults);
        let defaults = read(&source, &Limits::default()).unwrap().root;
        let mut chart = Chart::bare(name, defaults);
        chart.dependencies = dependencies;
        chart
    }

    fn merged(chart: &Chart, user: &str) -> (String, Vec<String>) {
        let mut sink = Sink::new();
        let values = coalesce(chart, map("v.yaml", user), &mut sink).unwrap();
        let span = chart.defaults.span.clone();
        let mut json = to_json(&Node::new(Kind::Map(values), span));
        json.sort_all_objects();
        (json.to_string(), sink.into_vec().into_iter().map(|w| w.message).collect())
    }

    #[test]
    fn nulls_remove_defaults_and_stay_where_there_is_none() {
        let defaults = "a: 1\nm: {x: 1, w: 2, v: null}\nk: null\np: {o: null, l: [null]}\n";
        let mut chart = chart("app", defaults, vec![]);
        let user = "a: null\nm: {x: null, v: null, z: null}\nq: null\n";
        assert_eq!(
            merged(&chart, user).0,
            r#"{"m":{"v":null,"w":2,"z":null},"p":{"l":[null]},"q":null}"#
        );
        chart.helm = HelmVersion::THREE;
        assert_eq!(
            merged(&chart, user).0,
            r#"{"k":null,"m":{"v":null,"w":2,"z":null},"p":{"l":[null],"o":null},"q":null}"#
        );
    }

    #[test]
    fn other_shapes_win_with_a_warning() {
        let chart = chart("app", "m: {x: {z: 1}}\ns: 1\nl: [1]\n", vec![]);
        assert_eq!(
            merged(&chart, "m: {x: 5}\ns: {a: 1}\nl: [2]\n"),
            (
                r#"{"l":[2],"m":{"x":5},"s":{"a":1}}"#.to_owned(),
                vec![
                    "`app.m.x` is an integer here and a map in the chart's defaults".to_owned(),
                    "`app.s` is a map here and an integer in the chart's defaults".to_owned(),
                ]
            )
        );
    }

    #[test]
    fn a_subchart_gets_its_part_and_the_globals() {
        let sub = chart("sub", "a: 1\nb: 2\nglobal: {g: own, only: sub}\n", vec![]);
        let app = chart("app", "sub: {a: parent}\nglobal: {g: top}\n", vec![sub]);
        assert_eq!(
            merged(&app, "sub: {b: null}\n").0,
            r#"{"global":{"g":"top"},"sub":{"a":"parent","global":{"g":"top","only":"sub"}}}"#
        );
    }

    #[test]
    fn maps_within_maps_of_globals_are_those_of_all_charts() {
        let first = chart("first", "global: {a: {b: {first: 1}, c: {d: 1}}}\n", vec![]);
        let second = chart("second", "global: {a: {b: {second: 2}}}\n", vec![]);
        let app = chart("app", "global: {a: {b: {x: 0}}}\n", vec![first, second]);
        assert_eq!(
            merged(&app, "{}").0,
            [
                r#"{"first":{"global":{"a":{"b":{"first":1,"second":2,"x":0},"c":{"d":1}}}},"#,
                r#""global":{"a":{"b":{"first":1,"second":2,"x":0}}},"#,
                r#""second":{"global":{"a":{"b":{"first":1,"second":2,"x":0}}}}}"#,
            ]
            .concat()
        );
    }

    #[test]
    fn merging_joins_maps_and_replaces_the_rest() {
        let mut below = map("a.yaml", "m: {x: 1, y: 2}\nl: [1]\nn: 1\n");
        merge(&mut below, map("b.yaml", "m: {x: 3}\nl: []\nn: null\n"));
        assert_eq!(below, map("c.yaml", "m: {x: 3, y: 2}\nl: []\nn: null\n"));
    }
}

//! Values files and `--set` arguments → the user's layer over a chart's defaults.

pub mod coalesce;
pub mod set;

use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context as _;
pub use coalesce::coalesce;
use jinnacle_syntax::diagnostic::{Diagnostic, Sink, Stopped, rule};
use jinnacle_syntax::source::{self, Source, Span};
use jinnacle_syntax::yaml::{Kind, Limits, Map, Node, decode, read_part};
pub use set::SetFlag;

use crate::chart::Chart;
use crate::release::{Difference, HelmVersion};

/// What the user asked for, in the order of the command line.
#[derive(Clone, Debug, Default)]
pub struct ValuesRequest {
    /// Values files; `-` is standard input.
    pub files: Vec<String>,
    /// Single values, by flag.
    pub sets: Vec<(SetFlag, String)>,
    /// The Helm whose rules the files are read by.
    pub helm: HelmVersion,
}

impl ValuesRequest {
    /// Whether nothing is asked for.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty() && self.sets.is_empty()
    }
}

/// Each layer by itself, in the order in which later ones win, from the chart's defaults on.
///
/// # Errors
/// As in [`load`].
pub fn layers(
    chart: &Chart,
    request: &ValuesRequest,
    sink: &mut Sink,
) -> anyhow::Result<Vec<(String, Node)>> {
    let mut layers = vec![("default".to_owned(), chart.defaults.clone())];
    let mut alone = |name: &str, request: ValuesRequest| -> anyhow::Result<()> {
        let map = Kind::Map(load(&request, sink)?);
        layers.push((name.to_owned(), Node::new(map, chart.defaults.span.clone())));
        Ok(())
    };
    for file in &request.files {
        alone(
            "file",
            ValuesRequest { files: vec![file.clone()], sets: Vec::new(), helm: request.helm },
        )?;
    }
    let mut sets = request.sets.clone();
    sets.sort_by_key(|(flag, _)| *flag);
    for set in sets {
        alone("flag", ValuesRequest { files: Vec::new(), sets: vec![set], helm: request.helm })?;
    }
    Ok(layers)
}

/// The user's values: files in order, then single values by the class order of their flags.
///
/// # Errors
/// A file cannot be read, or the sink has what is wrong in files and arguments.
pub fn load(request: &ValuesRequest, sink: &mut Sink) -> anyhow::Result<Map> {
    let mut stdin = Stdin::default();
    let mut sources = Vec::new();
    for file in &request.files {
        sources.push(load_source(file, &mut stdin, sink)?);
    }
    let mut values = Map::new();
    let mut stopped = false;
    for source in &sources {
        match layer(source, request.helm, sink) {
            Ok(layer) => coalesce::merge(&mut values, layer),
            Err(Stopped) => stopped = true,
        }
    }
    let mut sets: Vec<&(SetFlag, String)> = request.sets.iter().collect();
    sets.sort_by_key(|(flag, _)| *flag);
    for (flag, argument) in sets {
        let argument = Source::new(flag.flag(), argument.as_str());
        let mut read_file = |path: &str| read_text(path, &mut stdin);
        let set = set::apply(&mut values, &argument, *flag, request.helm, &mut read_file);
        stopped |= sink.take(set).is_err();
    }
    if stopped { Err(Stopped.into()) } else { Ok(values) }
}

/// Makes a chart and its subcharts follow the rules of a version of Helm, from which the reading of values.yaml
/// and the check of `apiVersion` depend.
///
/// # Errors
/// The version does not know the chart's `apiVersion`, or a further document of values.yaml is wrong.
pub fn follow(chart: &mut Chart, helm: HelmVersion, sink: &mut Sink) -> Result<(), Stopped> {
    let known = ["v1", "v2"];
    if helm.has(Difference::ChartApiVersion)
        && !known.contains(&chart.metadata.api_version().as_str())
    {
        let node = chart.metadata.node.get("apiVersion").unwrap_or(&chart.metadata.node);
        let message = format!("`apiVersion`: expected v1 or v2, found `{}`", node.span.text());
        sink.push(Diagnostic::error(rule!("chart/metadata"), message).at(&node.span));
        return Err(Stopped);
    }
    follow_in_values(chart, helm, sink)
}

fn follow_in_values(chart: &mut Chart, helm: HelmVersion, sink: &mut Sink) -> Result<(), Stopped> {
    chart.helm = helm;
    if let Some(source) = chart.values.as_ref().filter(|_| !chart.is_built_in())
        && parts(source).len() > 1
    {
        chart.defaults.kind = Kind::Map(layer(source, helm, sink)?);
    }
    chart.dependencies.iter_mut().try_for_each(|sub| follow_in_values(sub, helm, sink))
}

/// The text of a file that an argument names.
///
/// # Errors
/// It cannot be read, or is no UTF-8; the error says so.
fn read_text(path: &str, stdin: &mut Stdin) -> Result<String, String> {
    let mut found = Sink::new();
    load_source(path, stdin, &mut found).map(|source| source.text().to_owned()).map_err(|error| {
        match found.iter().next() {
            Some(finding) => finding.message.clone(),
            None => format!("{error:#}"),
        }
    })
}

/// The merged values of a chart with its subcharts.
///
/// In a built-in chart null is the same as not set, and a map that the user took away is an empty one, so
/// that its templates need not ask for every map on the way. A whole number is an integer, however it is
/// written (`1e6`).
///
/// # Errors
/// The values of a subchart are no map.
pub fn merge(chart: &Chart, user: Map, sink: &mut Sink) -> Result<Node, Stopped> {
    let span = chart.defaults.span.clone();
    if !chart.is_built_in() {
        return Ok(Node::new(Kind::Map(coalesce(chart, user, sink)?), span));
    }
    let written = user.clone();
    // Another shape than the default's is for the schema to judge, which takes several.
    let mut merged = coalesce::quietly(chart, user, sink)?;
    if let Some(defaults) = chart.defaults.as_map() {
        put_back_maps(&mut merged, defaults, &written, None);
    }
    let mut values = Node::new(Kind::Map(merged), span);
    tidy(&mut values);
    Ok(values)
}

fn tidy(node: &mut Node) {
    match &mut node.kind {
        Kind::Map(map) => {
            map.retain(|value| !value.is_null());
            map.iter_mut().for_each(|(_, value)| tidy(value));
        }
        Kind::List(list) => list.iter_mut().for_each(tidy),
        Kind::Float(number) if number.fract() == 0.0 && number.abs() < 1e18 => {
            node.kind = Kind::Int(*number as i128);
        }
        _ => {}
    }
}

/// An empty map is where the null stood that took a map away.
fn put_back_maps(values: &mut Map, defaults: &Map, written: &Map, gone: Option<&Span>) {
    let nothing = Map::new();
    for (key, default) in defaults.entries() {
        let Some(below) = default.value.as_map() else { continue };
        let user = written.entry(key);
        let mut gone = gone;
        if values.get(key).is_none() {
            gone = user.map(|entry| &entry.key).or(gone);
            let span = gone.unwrap_or(&default.key).clone();
            values.insert(key, span.clone(), Node::empty_map(span));
        }
        if let Some(map) = values.get_mut(key).and_then(Node::as_map_mut) {
            let written = user.and_then(|entry| entry.value.as_map()).unwrap_or(&nothing);
            put_back_maps(map, below, written, gone);
        }
    }
}

/// The files that were named, as strings; a string that is no UTF-8 is among the findings.
///
/// # Errors
/// A file cannot be read.
pub fn sources(files: &[String], sink: &mut Sink) -> anyhow::Result<Vec<Arc<Source>>> {
    let mut stdin = Stdin::default();
    let mut sources = Vec::new();
    for file in files {
        match load_source(file, &mut stdin, sink) {
            Ok(source) => sources.push(source),
            Err(error) if error.is::<Stopped>() => {}
            Err(error) => return Err(error),
        }
    }
    Ok(sources)
}

/// The values files of a directory, by name.
///
/// # Errors
/// The directory cannot be read.
pub fn files_in(directory: &Path) -> anyhow::Result<Vec<String>> {
    let unreadable = || format!("cannot read `{}`", directory.display());
    let entries = std::fs::read_dir(directory).with_context(unreadable)?;
    let paths = entries.map(|entry| Ok(entry?.path())).collect::<std::io::Result<Vec<_>>>();
    let is_values = |path: &PathBuf| {
        path.extension().is_some_and(|end| end == "yaml" || end == "yml") && path.is_file()
    };
    let mut files: Vec<String> = paths
        .with_context(unreadable)?
        .into_iter()
        .filter(is_values)
        .map(|path| path.to_string_lossy().into_owned())
        .collect();
    files.sort();
    Ok(files)
}

/// The map that a values file holds.
///
/// # Errors
/// It is no YAML, or holds something else.
pub fn layer(source: &Arc<Source>, helm: HelmVersion, sink: &mut Sink) -> Result<Map, Stopped> {
    let whole = 0..source.text().len();
    let parts = if helm.has(Difference::ValuesDocuments) { parts(source) } else { vec![whole] };
    let mut values = Map::new();
    for part in parts {
        let document = sink.take(read_part(source, part, &Limits::default()))?;
        sink.extend(document.warnings);
        if !values.is_empty() && !document.root.is_null() {
            let message = "a further document of this file is merged, Helm 3 does not read it";
            let warning =
                Diagnostic::warning(rule!("yaml/documents"), message).at(&document.root.span);
            sink.push(warning.help("put it into the first document"));
        }
        match document.root.kind {
            Kind::Map(map) => coalesce::merge(&mut values, map),
            Kind::Null => {}
            _ => {
                let found = document.root.kind_word();
                let message = format!("values file: expected a map, found {found}");
                let error =
                    Diagnostic::error(rule!("values/shape"), message).at(&document.root.span);
                sink.push(error.help("write `key: value` lines"));
                return Err(Stopped);
            }
        }
    }
    Ok(values)
}

/// The stretches of a values file between lines of `---` with nothing behind it but a comment, as the reader of
/// Kubernetes' libraries splits them (`k8s.io/apimachinery/pkg/util/yaml`, `YAMLReader`).
pub fn parts(source: &Arc<Source>) -> Vec<Range<usize>> {
    let text = source.text();
    let (mut parts, mut start, mut at) = (Vec::new(), 0, 0);
    for line in text.split_inclusive('\n') {
        let end = at + line.len();
        let behind = line.strip_prefix("---").map(str::trim);
        if behind.is_some_and(|rest| rest.is_empty() || rest.starts_with('#')) {
            parts.push(start..at);
            start = end;
        }
        at = end;
    }
    parts.push(start..at);
    // One document is read with its marks, so that places and messages are those of the file.
    parts.retain(|part| !part.is_empty());
    if parts.len() < 2 {
        parts.clear();
        parts.push(0..text.len());
    }
    parts
}

/// The text of a file, or of standard input.
fn load_source(file: &str, stdin: &mut Stdin, sink: &mut Sink) -> anyhow::Result<Arc<Source>> {
    let (name, bytes) = if file.trim() == "-" {
        ("<stdin>", stdin.take()?)
    } else {
        if ["http://", "https://", "oci://"].iter().any(|scheme| file.starts_with(scheme)) {
            anyhow::bail!("`{file}` is on a network, and nothing is fetched: download it first");
        }
        (file, source::file(Path::new(file))?)
    };
    Ok(sink.take(decode(name, &bytes))?)
}

/// Standard input can be read once; a second `-` finds nothing, as in Helm.
#[derive(Default)]
struct Stdin {
    taken: bool,
}

impl Stdin {
    fn take(&mut self) -> anyhow::Result<Vec<u8>> {
        match std::mem::replace(&mut self.taken, true) {
            true => Ok(Vec::new()),
            false => source::stdin(),
        }
    }
}

//! A chart in memory: metadata, defaults, schema, templates, files and subcharts.

mod archive;
mod built_in;
mod directory;
pub mod ignore;
mod metadata;
pub mod owner;
pub mod statuses;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use anyhow::{anyhow, bail};
use jinnacle_functions::semver::{Constraint, Version};
use jinnacle_syntax::diagnostic::{Diagnostic, RuleId, Sink, Stopped, rule, sort_by_place};
use jinnacle_syntax::source::{Source, Span};
use jinnacle_syntax::yaml::{Kind, Limits, Node, decode, read};

pub use built_in::{BuiltIn, Expansion};
pub use metadata::{Dependency, Metadata, text_of};

use crate::release::{self, HelmVersion, Release};
use crate::rules::{self, Advised};
use crate::schema::{ReadFile, Schema};

/// A chart, wherever it was loaded from.
#[derive(Clone)]
pub struct Chart {
    /// What Chart.yaml says.
    pub metadata: Metadata,
    /// The default values; a map, or null when the chart has none.
    pub defaults: Node,
    /// values.yaml as it was written; none when there is no such file.
    pub values: Option<Arc<Source>>,
    /// The JSON schema of the values, as it was written.
    pub schema: Option<Arc<Source>>,
    /// Everything below `templates/`, by path.
    pub templates: Vec<Template>,
    /// Every other file that templates may read, by path.
    pub files: Vec<File>,
    /// Chart.lock, as it was written: which versions Helm fetched.
    pub lock: Option<Arc<Source>>,
    /// The charts that it depends on and holds in `charts/`.
    pub dependencies: Vec<Chart>,
    /// The built-in chart that it is; none for a chart of the user.
    pub built_in: Option<&'static BuiltIn>,
    /// The Helm whose rules hold for it.
    pub helm: HelmVersion,
}

/// A file below `templates/`.
#[derive(Clone, Debug)]
pub struct Template {
    /// The path inside the chart with its suffix, such as `templates/service.yaml.j2`.
    pub path: String,
    /// The text.
    pub source: Arc<Source>,
}

/// A file of a chart as it is on disk or in an archive.
#[derive(Clone, Debug)]
pub struct File {
    /// The path inside the chart, with slashes.
    pub path: String,
    /// What is in it.
    pub bytes: Arc<[u8]>,
}

impl File {
    /// A file without the mark that some editors put before a string, as Helm reads it.
    fn new(path: String, bytes: Vec<u8>) -> Self {
        const BYTE_ORDER_MARK: [u8; 3] = [0xef, 0xbb, 0xbf];
        let bytes = bytes.strip_prefix(&BYTE_ORDER_MARK).unwrap_or(&bytes).into();
        Self { path, bytes }
    }
}

/// The suffixes of Jinja templates; the shown path is without them.
pub const JINJA_SUFFIXES: [&str; 3] = [".j2", ".jinja", ".jinja2"];

impl Template {
    /// The path without the suffix that names the language: what `# Source:` and `--output-dir` show.
    pub fn shown_path(&self) -> &str {
        JINJA_SUFFIXES
            .iter()
            .find_map(|suffix| self.path.strip_suffix(suffix))
            .unwrap_or(&self.path)
    }

    /// Whether it is written in Jinja, by its suffix.
    pub fn is_jinja(&self) -> bool {
        self.shown_path().len() < self.path.len()
    }

    /// Whether it makes no manifest by itself: a base name that begins with `_`, as in Helm; and in Jinja
    /// also whatever is in a directory of such a name.
    pub fn is_partial(&self) -> bool {
        let shown = self.shown_path();
        let base = shown.rsplit('/').next().unwrap_or(shown);
        base.starts_with('_')
            || (self.is_jinja() && shown.split('/').any(|directory| directory.starts_with('_')))
    }

    /// Whether it holds the notes, which `template` renders and does not print.
    pub fn is_notes(&self) -> bool {
        self.shown_path().ends_with("NOTES.txt")
    }
}

/// Finds and loads the chart that was named: a directory or archive on disk, else one of those in the program.
///
/// # Errors
/// There is no such chart, or it cannot be read, or the sink has what is wrong in its files.
pub fn load(
    reference: &str,
    built_in: &[&'static BuiltIn],
    sink: &mut Sink,
) -> anyhow::Result<Chart> {
    let path = Path::new(reference);
    if path.is_dir() || path.is_file() {
        return assemble(reference, files(reference, sink)?, sink);
    }
    if let Some(chart) = built_in.iter().find(|chart| chart.reference == reference) {
        return Ok(chart.load());
    }
    let known: Vec<String> =
        built_in.iter().map(|chart| format!("`{}`", chart.reference)).collect();
    if release::check_name(reference).is_ok() && !reference.contains(['/', '.']) {
        bail!(
            "no chart `{reference}`: one word is the chart, as in Helm; if it is the release's name, add the \
             chart: `template {reference} {}`",
            built_in.first().map_or("CHART", |chart| chart.reference)
        );
    }
    bail!(
        "no chart `{reference}`: neither a directory nor an archive; the built-in charts are {}",
        known.join(", ")
    )
}

/// Holds a built-in chart against the version that was asked for, a constraint as Helm reads it. Helm has a
/// chart on disk in whatever version it is.
///
/// # Errors
/// The chart has another version, or the constraint is none.
pub fn check_version(chart: &Chart, asked: Option<&str>) -> anyhow::Result<()> {
    let (Some(built_in), Some(asked)) = (chart.built_in, asked.filter(|it| !it.is_empty())) else {
        return Ok(());
    };
    let constraint = Constraint::parse(asked).map_err(|_| {
        anyhow!("--version: invalid version constraint `{asked}`: write it like `>=1.25.0-0`")
    })?;
    if Version::parse(built_in.version).is_ok_and(|version| constraint.check(&version)) {
        return Ok(());
    }
    bail!(
        "the chart `{}` is here in version {}, and --version asks for {asked}: leave the flag out, or give a \
         chart on disk",
        built_in.reference,
        built_in.version
    )
}

/// The files of a chart on disk; a built-in chart has none that could be listed.
///
/// # Errors
/// The directory or archive cannot be read.
pub fn files(reference: &str, sink: &mut Sink) -> anyhow::Result<Vec<File>> {
    let path = Path::new(reference);
    if path.is_dir() {
        directory::files(path, sink)
    } else if path.is_file() {
        archive::files(path)
    } else {
        Ok(Vec::new())
    }
}

/// Makes a chart of its files. `place` is the directory or archive as messages show it.
fn assemble(place: &str, files: Vec<File>, sink: &mut Sink) -> anyhow::Result<Chart> {
    let mut stopped = false;
    let mut metadata = None;
    let mut requirements = Vec::new();
    let mut defaults = None;
    let mut values = None;
    let mut lock = None;
    let mut schema = None;
    let mut templates = Vec::new();
    let mut others = Vec::new();
    let mut below: BTreeMap<String, Vec<File>> = BTreeMap::new();
    for file in files {
        let shown = format!("{}/{}", place.trim_end_matches('/'), file.path);
        let source = |sink: &mut Sink| sink.take(decode(shown.as_str(), &file.bytes));
        match file.path.as_str() {
            "Chart.yaml" => match Metadata::read(&source(sink)?, sink) {
                Ok(read) => metadata = Some(read),
                Err(Stopped) => stopped = true,
            },
            "Chart.lock" => lock = Some(source(sink)?),
            "values.yaml" => {
                let text = source(sink)?;
                match read_values(&text, sink) {
                    Ok(read) => defaults = Some(read),
                    Err(Stopped) => stopped = true,
                }
                values = Some(text);
            }
            "values.schema.json" => schema = Some(source(sink)?),
            "requirements.yaml" => {
                let source = source(sink)?;
                match Metadata::read_requirements(&source, sink) {
                    Ok(read) => requirements = read,
                    Err(Stopped) => stopped = true,
                }
                others.push(file);
            }
            path if path.starts_with("templates/") => {
                templates.push(Template { source: source(sink)?, path: file.path });
            }
            path => match path.strip_prefix("charts/") {
                Some(rest) if !rest.ends_with(".prov") => {
                    let (chart, rest) = rest.split_once('/').unwrap_or((rest, ""));
                    if !chart.starts_with(['_', '.']) {
                        let file = File { path: rest.to_owned(), bytes: file.bytes };
                        below.entry(chart.to_owned()).or_default().push(file);
                    }
                }
                _ => others.push(file),
            },
        }
    }
    if metadata.is_none() && !stopped {
        bail!("`{place}` is not a chart: Chart.yaml is missing");
    }
    let mut dependencies = Vec::new();
    for (name, files) in below {
        match subchart(&format!("{place}/charts/{name}"), &name, files, sink) {
            Ok(chart) => dependencies.push(chart),
            Err(error) if error.is::<Stopped>() => stopped = true,
            Err(error) => return Err(error),
        }
    }
    let Some(mut metadata) = metadata.filter(|_| !stopped) else {
        return Err(Stopped.into());
    };
    if !requirements.is_empty() {
        metadata.dependencies = requirements;
    }
    if metadata.api_version() != "v1" {
        others.retain(|file| {
            !["requirements.yaml", "requirements.lock"].contains(&file.path.as_str())
        });
    }
    let nothing = Source::new(format!("{place}/values.yaml"), "");
    Ok(Chart {
        metadata,
        defaults: defaults.unwrap_or_else(|| Node::new(Kind::Null, Span::whole(&nothing))),
        values,
        schema,
        templates,
        files: others,
        lock,
        dependencies,
        built_in: None,
        helm: HelmVersion::default(),
    })
}

/// A chart in `charts/`: an archive or a directory.
fn subchart(place: &str, name: &str, files: Vec<File>, sink: &mut Sink) -> anyhow::Result<Chart> {
    let files = match files.as_slice() {
        [archive] if archive.path.is_empty() && name.ends_with(".tgz") => {
            archive::unpack(place, &archive.bytes)?
        }
        [loose] if loose.path.is_empty() => bail!(
            "`{place}` is not a chart: to keep it in charts/, begin its name with `_` or `.`, or list it in .helmignore"
        ),
        _ => files,
    };
    assemble(place, files, sink)
}

fn read_values(source: &Arc<Source>, sink: &mut Sink) -> Result<Node, Stopped> {
    let document = sink.take(read(source, &Limits::default()))?;
    // Whether there is more than the first document, is said by `Chart::follow`.
    sink.extend(document.warnings.into_iter().filter(|warning| warning.rule != DOCUMENTS));
    match document.root.kind {
        Kind::Map(_) | Kind::Null => Ok(document.root),
        _ => {
            let message = format!("values: expected a map, found {}", document.root.kind_word());
            sink.push(Diagnostic::error(rule!("values/shape"), message).at(&document.root.span));
            Err(Stopped)
        }
    }
}

/// The rule about further documents of a file.
const DOCUMENTS: RuleId = rule!("yaml/documents");

impl Chart {
    /// Whether it is in the program: its templates are known, and what is refused of its manifests is an error.
    pub fn is_built_in(&self) -> bool {
        self.built_in.is_some()
    }

    /// The default values as they were written, with their comments.
    pub fn values_text(&self) -> Option<&str> {
        self.built_in
            .map(|chart| chart.values)
            .or_else(|| self.values.as_ref().map(|source| source.text()))
    }

    /// Judges values by the chart's schema, and those of its subcharts by theirs. In a built-in chart,
    /// scalars that are meant as strings become strings.
    pub fn validate(&self, values: &mut Node, sink: &mut Sink) {
        self.validate_below(values, "", sink);
    }

    fn validate_below(&self, values: &mut Node, path: &str, sink: &mut Sink) {
        if let Some(text) = &self.schema {
            let schema = match self.built_in {
                Some(built_in) => Ok(Schema::built_in(built_in.schema)),
                None => Schema::compile(Arc::clone(text), self.file_reader()),
            };
            match schema {
                Ok(schema) => sink.extend(schema.validate(values, path)),
                Err(error) => sink.push(error),
            }
        }
        for sub in &self.dependencies {
            let name = &sub.metadata.name;
            if let Some(below) = values.as_map_mut().and_then(|map| map.get_mut(name)) {
                let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                sub.validate_below(below, &path, sink);
            }
        }
    }

    /// What breaks the rules of a built-in chart in its merged values; a chart of the user has none.
    pub fn check(&self, values: &Node, release: &Release, sink: &mut Sink) {
        let Some(built_in) = self.built_in else { return };
        let mut found = rules::check(built_in.rules, values);
        found.extend(rules::check_release(built_in.release_rules, values, release));
        sort_by_place(&mut found);
        sink.extend(found);
    }

    /// What works and is hardly meant: `layer` is what the user wrote, `values` what came of it.
    pub fn advise(&self, layer: &Node, values: &Node, sink: &mut Sink) {
        let own = self.built_in.map_or(&[][..], |built_in| built_in.advice);
        sink.extend(rules::advise(own, &Advised { layer, defaults: &self.defaults, values }));
    }

    fn file_reader(&self) -> ReadFile {
        let files: BTreeMap<String, String> = self
            .files
            .iter()
            .filter_map(|file| {
                Some((file.path.clone(), String::from_utf8(file.bytes.to_vec()).ok()?))
            })
            .collect();
        Box::new(move |path| files.get(path).cloned())
    }

    /// Whether a release can be made of the chart: a library holds partials for others.
    ///
    /// # Errors
    /// It is a library.
    pub fn check_installable(&self) -> Result<(), Diagnostic> {
        if !self.metadata.is_library {
            return Ok(());
        }
        let node = self.metadata.node.get("type").unwrap_or(&self.metadata.node);
        let message = format!("`{}` is a library, and makes nothing by itself", self.metadata.name);
        Err(Diagnostic::error(rule!("chart/library"), message)
            .at(&node.span)
            .help("render a chart that depends on it"))
    }

    /// Whether the chart is made for a version of Kubernetes.
    ///
    /// # Errors
    /// Its `kubeVersion` is not a constraint, or excludes the version.
    pub fn check_kube_version(&self, version: &str) -> Result<(), Diagnostic> {
        let wanted = &self.metadata.kube_version;
        if wanted.is_empty() {
            return Ok(());
        }
        let span =
            self.metadata.node.get("kubeVersion").unwrap_or(&self.metadata.node).span.clone();
        let constraint = Constraint::parse(wanted).map_err(|_| {
            let message = format!("invalid version constraint `{wanted}`");
            Diagnostic::error(rule!("chart/kube-version"), message)
                .at(&span)
                .help("write it like `>=1.25.0-0`")
        })?;
        if Version::parse(version).is_ok_and(|version| constraint.check(&version)) {
            return Ok(());
        }
        Err(Diagnostic::error(
            rule!("chart/kube-version"),
            format!("the chart is made for Kubernetes {wanted}, not for {version}"),
        )
        .at(&span)
        .help("give the version of your cluster with --kube-version"))
    }
}

#[cfg(test)]
impl Chart {
    /// A chart with nothing but a name and defaults.
    pub fn bare(name: &str, defaults: Node) -> Self {
        let nothing = Node::new(Kind::Null, defaults.span.clone());
        Self {
            metadata: Metadata::named(name, "1.0.0", "", nothing),
            defaults,
            values: None,
            schema: None,
            templates: Vec::new(),
            files: Vec::new(),
            lock: None,
            dependencies: Vec::new(),
            built_in: None,
            helm: HelmVersion::default(),
        }
    }
}

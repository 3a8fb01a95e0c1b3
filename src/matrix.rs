//! Many releases in one run: what a matrix file, or a directory of values files, asks for.

use std::collections::HashMap;
use std::path::{Component, Path};
use std::sync::Arc;

use crate::diagnostic::{Diagnostic, Sink, Stopped, rule};
use crate::nats::CHARTS;
use crate::release::{self, HelmVersion, KubeVersion};
use crate::schema::{BuiltInSchema, Schema};
use crate::source::{Source, Span};
use crate::values::{self, SetFlag, coalesce, set};
use crate::yaml::{Kind, Limits, Map, Node, read};

/// Releases that are rendered in one run.
#[derive(Debug)]
pub struct Matrix {
    /// What lies below the values of every release.
    pub defaults: Layer,
    /// The releases, each with a directory of its own, in the order in which they are reported.
    pub members: Vec<Member>,
}

/// One release; what it leaves open is for the command line to say.
#[derive(Debug)]
pub struct Member {
    /// The release's name.
    pub name: String,
    /// Where it is named.
    pub place: Span,
    /// The directory of its manifests below that of all, with slashes.
    pub directory: String,
    /// The namespace.
    pub namespace: Option<String>,
    /// The chart.
    pub chart: Option<String>,
    /// The version of Kubernetes.
    pub kube_version: Option<KubeVersion>,
    /// More API versions of the cluster.
    pub api_versions: Vec<String>,
    /// Its own values.
    pub values: Layer,
}

/// Values by files and by arguments.
#[derive(Debug, Default)]
pub struct Layer {
    values: Vec<Values>,
    sets: Vec<Set>,
    /// What names of files count from.
    directory: String,
}

#[derive(Debug)]
enum Values {
    /// A file, and where it is named.
    File(String, Span),
    /// Values that stand in the matrix.
    Written(Map),
}

/// An argument as `--set` takes it.
#[derive(Debug)]
struct Set {
    flag: SetFlag,
    argument: Arc<Source>,
    place: Span,
}

/// The keys for arguments.
const SETS: [(&str, SetFlag); 5] = [
    ("set-json", SetFlag::Json),
    ("set", SetFlag::Typed),
    ("set-string", SetFlag::Text),
    ("set-file", SetFlag::File),
    ("set-literal", SetFlag::Literal),
];

/// The schema of a matrix file.
static SCHEMA: BuiltInSchema =
    BuiltInSchema::new(include_bytes!(concat!(env!("OUT_DIR"), "/matrix.json")));

impl Matrix {
    /// The releases of a matrix file; names in it count from `directory`, the one that it is in.
    ///
    /// # Errors
    /// All that is wrong in it.
    pub fn read(source: &Arc<Source>, directory: &str, sink: &mut Sink) -> Result<Self, Stopped> {
        let mut root = sink.take(read(source, &Limits::default()))?.root;
        sink.stop_on_errors(|sink| {
            sink.extend(Schema::built_in(&SCHEMA).validate(&mut root, ""));
        })?;
        let nothing = Node::empty_map(root.span.clone());
        let defaults = root.get("defaults").unwrap_or(&nothing);
        Self::checked(sink, |sink| {
            let member = |release| Member::read(release, defaults, directory, sink);
            let members = root.list_at("releases").iter().map(member).collect();
            Self { defaults: Layer::read(defaults, directory), members }
        })
    }

    /// A release for each values file, named after it.
    ///
    /// # Errors
    /// A file's name is none for a release, or two make the same.
    pub fn of_values_files(files: &[String], sink: &mut Sink) -> Result<Self, Stopped> {
        let member = |file: &String, sink: &mut Sink| {
            let name = Path::new(file).file_stem().unwrap_or_default().to_string_lossy();
            let place = Span::whole(&Source::new(file.as_str(), ""));
            sink.extend(release::check_name(&name).err().map(|error| error.at(&place)));
            let values = vec![Values::File(file.clone(), place.clone())];
            Member {
                directory: name.to_string(),
                name: name.into_owned(),
                place,
                namespace: None,
                chart: None,
                kube_version: None,
                api_versions: Vec::new(),
                values: Layer { values, ..Layer::default() },
            }
        };
        Self::checked(sink, |sink| {
            let members = files.iter().map(|file| member(file, sink)).collect();
            Self { defaults: Layer::default(), members }
        })
    }

    /// What a step reads, if nothing is wrong and no two releases go to one directory.
    fn checked(sink: &mut Sink, read: impl FnOnce(&mut Sink) -> Self) -> Result<Self, Stopped> {
        sink.stop_on_errors(|sink| {
            // What is wrong in the defaults is wrong in each release.
            sink.without_repeats(|sink| {
                let matrix = read(sink);
                matrix.check_directories(sink);
                matrix
            })
        })
    }

    fn check_directories(&self, sink: &mut Sink) {
        let mut taken: HashMap<&str, &Member> = HashMap::new();
        for member in &self.members {
            if let Some(other) = taken.insert(&member.directory, member) {
                let message = format!("two releases use the same directory `{}`", member.directory);
                sink.push(
                    Diagnostic::error(rule!("matrix/duplicate"), message)
                        .at(&member.place)
                        .related(&other.place, "the other one")
                        .help(
                            "give one of them another name, or another directory with `output-dir`",
                        ),
                );
            }
        }
    }

    /// What was found in several releases, each once, with the first release that it is about.
    pub fn together(found: Vec<(&Member, Vec<Diagnostic>)>) -> Vec<Diagnostic> {
        let mut places = HashMap::new();
        let mut all: Vec<(Diagnostic, &Member, usize)> = Vec::new();
        for (member, found) in found {
            for finding in found {
                let place = finding.span.as_ref().map(Span::to_string);
                let key = (finding.severity.word(), finding.message.clone(), place);
                let at = *places.entry(key).or_insert(all.len());
                match all.get_mut(at) {
                    Some((_, first, others)) => {
                        *others += usize::from(!std::ptr::eq(*first, member))
                    }
                    None => all.push((finding, member, 0)),
                }
            }
        }
        let placed = |(finding, member, others): (Diagnostic, &Member, usize)| {
            let words = match others {
                0 => "in this release".to_owned(),
                1 => "in this release and another one".to_owned(),
                others => format!("in this release and {others} others"),
            };
            let own = member.place.source().name();
            match finding.span.as_ref().is_some_and(|span| span.source().name() == own) {
                true => finding,
                false => finding.related(&member.place, words),
            }
        };
        all.into_iter().map(placed).collect()
    }
}

impl Member {
    fn read(node: &Node, defaults: &Node, directory: &str, sink: &mut Sink) -> Self {
        let either = |key: &str| {
            let known = |node: &'_ &Node| !node.is_null();
            node.get(key).filter(known).or_else(|| defaults.get(key).filter(known))
        };
        let text = |key: &str| either(key).and_then(Node::as_str).map(str::to_owned);
        let name = node.get("name").unwrap_or(node);
        let release = name.as_str().unwrap_or_default();
        sink.extend(release::check_name(release).err().map(|error| error.at(&name.span)));
        let kube_version = either("kube-version").map(KubeVersion::read).transpose();
        let kube_version = kube_version.map_err(|error| sink.push(error)).ok().flatten();
        let versions =
            |node: &Node| texts(node, "api-versions").map(|(text, _)| text.to_owned()).collect();
        let mut api_versions: Vec<String> = versions(defaults);
        api_versions.extend::<Vec<_>>(versions(node));
        let below = match node.get("output-dir").filter(|node| !node.is_null()) {
            Some(node) => inside(node).unwrap_or_else(|error| {
                sink.push(error);
                release.to_owned()
            }),
            None => release.to_owned(),
        };
        Self {
            name: release.to_owned(),
            place: name.span.clone(),
            directory: below,
            namespace: text("namespace"),
            chart: text("chart").map(|chart| chart_at(directory, chart)),
            kube_version,
            api_versions,
            values: Layer::read(node, directory),
        }
    }
}

impl Layer {
    fn read(node: &Node, directory: &str) -> Self {
        let items = node.list_at("values");
        let values = items.iter().map(|item| match &item.kind {
            Kind::Map(map) => Values::Written(map.clone()),
            _ => Values::File(
                joined(directory, item.as_str().unwrap_or_default()),
                item.span.clone(),
            ),
        });
        let sets = SETS.iter().flat_map(|(key, flag)| {
            texts(node, key).map(|(text, place)| Set {
                flag: *flag,
                argument: Source::new(flag.flag(), text),
                place: place.clone(),
            })
        });
        Self { values: values.collect(), sets: sets.collect(), directory: directory.to_owned() }
    }

    /// Lays these values over others: first the files and what is written out, then the arguments.
    ///
    /// # Errors
    /// What cannot be read and what is wrong.
    pub fn lay_over(
        &self,
        below: &mut Map,
        helm: HelmVersion,
        sink: &mut Sink,
    ) -> Result<(), Stopped> {
        let mut stopped = false;
        for values in &self.values {
            match values {
                Values::Written(map) => coalesce::merge(below, map.clone()),
                Values::File(file, place) => {
                    let sources = values::sources(std::slice::from_ref(file), sink)
                        .map_err(|error| failed(&error).at(place));
                    let sources = sink.take(sources)?;
                    stopped |= sources.is_empty();
                    for source in sources {
                        match values::layer(&source, helm, sink) {
                            Ok(layer) => coalesce::merge(below, layer),
                            Err(Stopped) => stopped = true,
                        }
                    }
                }
            }
        }
        for set in &self.sets {
            let mut read_file = |path: &str| {
                let sources = values::sources(&[joined(&self.directory, path)], &mut Sink::new());
                let sources = sources.map_err(|error| format!("{error:#}"))?;
                let source = sources.first().ok_or_else(|| format!("`{path}`: not UTF-8"))?;
                Ok(source.text().to_owned())
            };
            let set = set::apply(below, &set.argument, set.flag, helm, &mut read_file);
            stopped |= sink.take(set).is_err();
        }
        if stopped { Err(Stopped) } else { Ok(()) }
    }

    /// A finding in an argument, at the place in the matrix that has the argument.
    pub fn placed(&self, mut finding: Diagnostic) -> Diagnostic {
        let spans = finding.span.iter_mut().chain(finding.related.iter_mut().map(|(span, _)| span));
        for span in spans {
            let set = self.sets.iter().find(|set| Arc::ptr_eq(&set.argument, span.source()));
            let Some(Set { place, argument, .. }) = set else { continue };
            // In a string with escapes, or of several lines, columns would mislead.
            *span = match place.text().find(argument.text()) {
                Some(at) => {
                    let from = place.start() + at;
                    Span::new(place.source(), from + span.start(), from + span.end())
                }
                None => place.clone(),
            };
        }
        finding
    }
}

/// A release that could not be read or written.
pub fn failed(error: &anyhow::Error) -> Diagnostic {
    Diagnostic::error(rule!("matrix/failed"), format!("{error:#}"))
}

/// The strings of a list, with their places.
fn texts<'n>(node: &'n Node, key: &str) -> impl Iterator<Item = (&'n str, &'n Span)> {
    let list = node.list_at(key);
    list.iter().filter_map(|item| Some((item.as_str()?, &item.span)))
}

/// The directory that a release names, below that of all.
fn inside(node: &Node) -> Result<String, Diagnostic> {
    let written = node.as_str().unwrap_or_default();
    let steps: Option<Vec<&str>> = Path::new(written)
        .components()
        .filter(|step| *step != Component::CurDir)
        .map(|step| match step {
            Component::Normal(name) => name.to_str(),
            _ => None,
        })
        .collect();
    steps.filter(|steps| !steps.is_empty()).map(|steps| steps.join("/")).ok_or_else(|| {
        let message = format!(
            "`output-dir`: expected a path below the directory of `--output-dir`, found `{written}`"
        );
        Diagnostic::error(rule!("matrix/directory"), message)
            .at(&node.span)
            .help("write a path such as `eu/nats`, without `..`")
    })
}

/// A chart by its name in the program, or by its place from a directory.
fn chart_at(directory: &str, chart: String) -> String {
    match CHARTS.iter().any(|built_in| built_in.reference == chart) {
        true => chart,
        false => joined(directory, &chart),
    }
}

/// A path from a directory. It names a file and never standard input.
fn joined(directory: &str, path: &str) -> String {
    let path = if path.trim() == "-" { "./-" } else { path };
    Path::new(directory).join(path).to_string_lossy().into_owned()
}

//! Functions of kustomize and kpt: a list of resources with a configuration in, a list with results out.
//!
//! The form is that of the KRM Functions Specification (kustomize, `functions-spec.md`).

use std::sync::Arc;

use serde_json::{Value, json};

use crate::diagnostic::{Diagnostic, RuleId, Severity, Sink, Stopped, rule};
use crate::json::from_json;
use crate::manifest::files;
use crate::output::Document;
use crate::policy::Policy;
use crate::release::{self, KubeVersion};
use crate::schema::{BuiltInSchema, Schema};
use crate::source::{Place, Source, Span};
use crate::yaml::emit::{self, to_yaml};
use crate::yaml::{Kind, Limits, Map, Node, read};

/// A list of resources: kind ResourceList, or any other List.
#[derive(Debug)]
pub struct List {
    root: Node,
}

/// What a function is asked to do.
#[derive(Debug)]
pub enum Task {
    /// Render a chart and add what it makes to the items.
    Render(Box<Chart>),
    /// Check the items.
    Check {
        /// The version of Kubernetes that they are for.
        kube_version: Option<KubeVersion>,
        /// Whether warnings are errors.
        strict: bool,
    },
}

/// A chart that is to be rendered.
#[derive(Debug)]
pub struct Chart {
    /// The chart; none is the usual one.
    pub chart: Option<String>,
    /// The release's name.
    pub release: String,
    /// Its namespace.
    pub namespace: Option<String>,
    /// Values files.
    pub values_files: Vec<String>,
    /// Values over those of the files.
    pub values: Map,
    /// The version of Kubernetes.
    pub kube_version: Option<KubeVersion>,
    /// More API versions of the cluster.
    pub api_versions: Vec<String>,
    /// The version of Helm that is followed.
    pub helm_version: Option<String>,
    /// Whether the custom resource definitions in `crds/` are added.
    pub include_crds: bool,
    /// Whether hooks are left out.
    pub skip_hooks: bool,
    /// Whether test hooks are left out.
    pub skip_tests: bool,
}

/// Annotations by which orchestrators know where a resource comes from.
const BOOKKEEPING: [&str; 3] =
    ["internal.config.kubernetes.io/", "config.kubernetes.io/", "config.k8s.io/"];

impl List {
    /// Reads a list.
    ///
    /// # Errors
    /// It is no YAML, or no list.
    pub fn read(source: &Arc<Source>, sink: &mut Sink) -> Result<Self, Stopped> {
        let root = sink.take(read(source, &Limits::default()))?.root;
        let is_list = root.str_at("kind").ends_with("List");
        let items = root.get("items").filter(|items| !items.is_null());
        let wrong = items.filter(|items| items.as_list().is_none());
        if !is_list || wrong.is_some() {
            let message = match wrong {
                Some(items) => format!("`items`: expected a list, found {}", items.kind_word()),
                None => "expected a ResourceList".to_owned(),
            };
            let error = Diagnostic::error(rule!("krm/list"), message)
                .at(&wrong.unwrap_or(&root).span)
                .help("kustomize and kpt write one: `kind: ResourceList` with `items`");
            return Err(sink.stop(error));
        }
        Ok(Self { root })
    }

    /// The resources.
    pub fn items(&self) -> &[Node] {
        self.root.list_at("items")
    }

    /// What the configuration asks for, and the rules that it allows and denies. Without one, the items are checked.
    ///
    /// # Errors
    /// The configuration is wrong.
    pub fn task(&self, sink: &mut Sink) -> Result<(Task, Policy), Stopped> {
        let check = Task::Check { kube_version: None, strict: false };
        let Some(config) = self.config() else { return Ok((check, Policy::default())) };
        let kind = config.get("kind").unwrap_or(config);
        let mut config = config.clone();
        let before = sink.len();
        let (name, schema) = match kind.as_str() {
            Some("JinnacleChart") => ("jinnaclechart", &CHART),
            Some("JinnacleCheck") => ("jinnaclecheck", &CHECK),
            Some("ConfigMap") => {
                config = spec_of(&config, sink);
                let spec = config.map_at("spec");
                let is_check =
                    |key: &str| ["strict", "kubeVersion", "allow", "deny"].contains(&key);
                match spec.is_none_or(|spec| spec.keys().all(is_check)) {
                    true => ("jinnaclecheck", &CHECK),
                    false => ("jinnaclechart", &CHART),
                }
            }
            _ => {
                let message = "the kind of a function's configuration must be `JinnacleChart`, `JinnacleCheck` or \
                    `ConfigMap`";
                let error = Diagnostic::error(rule!("krm/config"), message).at(&kind.span);
                return Err(sink.stop(error));
            }
        };
        sink.extend(Schema::built_in(schema).validate(&mut config, ""));
        let nothing = Node::empty_map(config.span.clone());
        let spec = config.get("spec").unwrap_or(&nothing);
        let kube_version = spec.get("kubeVersion").filter(|node| !node.is_null());
        let kube_version = kube_version.map(KubeVersion::read).transpose();
        let kube_version = kube_version.map_err(|error| sink.push(error)).ok().flatten();
        let task = match name {
            "jinnaclecheck" => Task::Check { kube_version, strict: spec.is_true("strict") },
            _ => Task::Render(Box::new(Chart::read(&config, spec, kube_version, sink))),
        };
        let mut rules = |key: &str| -> Vec<RuleId> {
            let list = spec.list_at(key);
            let mut rules = Vec::new();
            for node in list {
                let rule = node.as_str().unwrap_or_default();
                match rule.parse() {
                    Ok(rule) => rules.push(rule),
                    Err(why) => {
                        sink.push(Diagnostic::error(rule!("krm/config"), why).at(&node.span))
                    }
                }
            }
            rules
        };
        let policy = Policy { strict: false, allow: rules("allow"), deny: rules("deny") };
        if sink.len() == before { Ok((task, policy)) } else { Err(Stopped) }
    }

    /// Adds what a chart makes. An item that is there already, by its kind, namespace and name, is replaced; it
    /// keeps what orchestrators noted on it. `namespace` is that of manifests that name none.
    pub fn add(&mut self, documents: &[Document], namespace: &str) {
        let span = self.root.span.clone();
        let mut items = self.items().to_vec();
        for document in documents {
            // The line break after a document belongs to a block text that is last in it.
            let source = Source::new(document.name.as_str(), document.text.clone() + "\n");
            let made = files::documents(&source, &mut Sink::new());
            for mut made in made.into_iter().filter(|made| !made.is_null()) {
                let same =
                    |item: &&mut Node| identity(item, namespace) == identity(&made, namespace);
                match items.iter_mut().find(same) {
                    Some(item) => {
                        keep_bookkeeping(item, &mut made);
                        *item = made;
                    }
                    None => items.push(made),
                }
            }
        }
        if let Some(map) = self.root.as_map_mut() {
            map.insert("items", span.clone(), Node::new(Kind::List(items), span));
        }
    }

    /// The text of the list with findings as its results, each with the resource and the field that it is
    /// about. A list that is no ResourceList has none.
    pub fn to_text(mut self, findings: &[Diagnostic]) -> String {
        let results: Vec<Value> = findings.iter().map(|finding| self.result(finding)).collect();
        let span = self.root.span.clone();
        let has_results = self.root.str_at("kind") == "ResourceList";
        if let Some(map) = self.root.as_map_mut().filter(|_| has_results && !results.is_empty()) {
            map.insert("results", span.clone(), from_json(&Value::Array(results), &span));
        }
        // kustomize compares styles, and kpt writes items into files: what is as it was keeps its text.
        let is_meant = |text: &String| {
            let source = Source::new(span.source().name(), text.as_str());
            read(&source, &Limits::default()).is_ok_and(|document| document.root == self.root)
        };
        self.spliced().filter(is_meant).unwrap_or_else(|| to_yaml(&self.root))
    }

    /// The text that was read, with the items that are new in it; the text may mean something else if its style
    /// is unusual.
    fn spliced(&self) -> Option<String> {
        let source = self.root.span.source();
        let before = read(source, &Limits::default()).ok()?.root;
        let before = before.list_at("items");
        let column = before.first().map_or(3, |item| item.span.place().column) - 1;
        let mut text = String::new();
        let mut at = 0;
        let block = |item: &Node| {
            let mut text = String::new();
            emit::block(item, column, &mut text);
            text
        };
        for (index, item) in self.items().iter().enumerate() {
            match before.get(index) {
                Some(old) => {
                    let end = old.span.start() + old.span.text().trim_end().len();
                    if old != item {
                        text += source.text().get(at..old.span.start())?;
                        text += block(item).trim();
                    } else {
                        text += source.text().get(at..end)?;
                    }
                    at = end;
                }
                None => {
                    text += "\n";
                    text.extend(std::iter::repeat_n(' ', column.checked_sub(2)?));
                    text += "- ";
                    text += block(item).trim();
                }
            }
        }
        text += source.text().get(at..)?;
        if let Some(results) = self.root.get("results") {
            let mut map = Map::new();
            map.insert("results", results.span.clone(), results.clone());
            text.truncate(text.trim_end().len());
            text.push('\n');
            text += &to_yaml(&Node::new(Kind::Map(map), results.span.clone()));
        }
        Some(text)
    }

    fn config(&self) -> Option<&Node> {
        self.root.get("functionConfig").filter(|config| !config.is_null())
    }

    fn result(&self, finding: &Diagnostic) -> Value {
        let severity = match finding.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "info",
        };
        let help: String = finding.help.iter().map(|help| format!("; {help}")).collect();
        let mut result = json!({
            "message": finding.message.clone() + &help,
            "severity": severity,
            "tags": {"rule": finding.rule.as_str()},
        });
        let all = self.items().iter().chain(self.config());
        let place = finding
            .span
            .as_ref()
            .filter(|span| span.source().name() == self.root.span.source().name());
        let place = place.map(Span::place);
        let found = place.and_then(|place| {
            Some((all.into_iter().find(|item| holds(&item.span, place))?, place))
        });
        if let Some((resource, place)) = found {
            result["resourceRef"] = reference(resource);
            let path = field(resource, place);
            if !path.is_empty() {
                result["field"] = json!({"path": path});
            }
            if let Some(file) = file(resource) {
                result["file"] = file;
            }
        }
        result
    }
}

static CHART: BuiltInSchema =
    BuiltInSchema::new(include_bytes!(concat!(env!("OUT_DIR"), "/jinnaclechart.json")));
static CHECK: BuiltInSchema =
    BuiltInSchema::new(include_bytes!(concat!(env!("OUT_DIR"), "/jinnaclecheck.json")));

impl Chart {
    fn read(
        config: &Node,
        spec: &Node,
        kube_version: Option<KubeVersion>,
        sink: &mut Sink,
    ) -> Self {
        let text = |key: &str| spec.get(key).and_then(Node::as_str).map(str::to_owned);
        let texts = |key: &str| -> Vec<String> {
            let list = spec.list_at(key);
            list.iter().filter_map(Node::as_str).map(str::to_owned).collect()
        };
        let metadata =
            |key: &str| config.at(&["metadata", key]).filter(|node| node.as_str().is_some());
        let name =
            spec.get("releaseName").filter(|node| !node.is_null()).or_else(|| metadata("name"));
        let release = name.and_then(Node::as_str).unwrap_or_default().to_owned();
        let name = name.unwrap_or(config);
        sink.extend(release::check_name(&release).err().map(|error| error.at(&name.span)));
        Self {
            chart: text("chart"),
            release,
            namespace: text("namespace")
                .or_else(|| metadata("namespace").and_then(Node::as_str).map(str::to_owned)),
            // Standard input is the list.
            values_files: texts("valuesFiles")
                .into_iter()
                .map(|file| if file.trim() == "-" { "./-".to_owned() } else { file })
                .collect(),
            values: spec.map_at("valuesInline").cloned().unwrap_or_default(),
            kube_version,
            api_versions: texts("apiVersions"),
            helm_version: text("helmVersion"),
            include_crds: spec.is_true("includeCRDs"),
            skip_hooks: spec.is_true("skipHooks"),
            skip_tests: spec.is_true("skipTests"),
        }
    }
}

/// Whether a resource is there for orchestrators and goes to no cluster.
pub fn is_local(item: &Node) -> bool {
    annotations(item).and_then(|map| map.get("config.kubernetes.io/local-config")).is_some_and(
        |value| {
            // `false` and nothing else says that it goes there.
            value.as_str() != Some("false")
        },
    )
}

/// A configuration as a ConfigMap has it, whose data are strings: with a `spec` of the types that are due.
fn spec_of(config: &Node, sink: &mut Sink) -> Node {
    let mut spec = Map::new();
    let data = config.map_at("data");
    for (key, entry) in data.into_iter().flat_map(Map::entries) {
        let node = &entry.value;
        let text = node.as_str().unwrap_or_default();
        let list = || {
            text.split(',')
                .map(|word| Node::new(Kind::Text(word.trim().to_owned()), node.span.clone()))
        };
        let kind = match (key, text) {
            ("valuesFiles" | "apiVersions" | "allow" | "deny", _) => Kind::List(list().collect()),
            ("valuesInline", text) => {
                let source =
                    node.span.inside(text).unwrap_or_else(|| Source::new("valuesInline", text));
                match read(&source, &Limits::default()) {
                    Ok(document) => document.root.kind,
                    Err(errors) => {
                        sink.extend(errors);
                        Kind::Null
                    }
                }
            }
            (_, "true") => Kind::Bool(true),
            (_, "false") => Kind::Bool(false),
            _ => node.kind.clone(),
        };
        spec.insert(key, entry.key.clone(), Node::new(kind, node.span.clone()));
    }
    let span = &config.span;
    let mut root = Map::new();
    let version = Node::new(Kind::Text("jinnacle.github.io/v1".to_owned()), span.clone());
    root.insert("apiVersion", span.clone(), version);
    for key in ["kind", "metadata"] {
        if let Some(entry) = config.as_map().and_then(|map| map.entry(key)) {
            root.insert(key, entry.key.clone(), entry.value.clone());
        }
    }
    root.insert("spec", span.clone(), Node::new(Kind::Map(spec), span.clone()));
    Node::new(Kind::Map(root), span.clone())
}

/// The group, the kind, the namespace and the name.
fn identity<'n>(item: &'n Node, namespace: &'n str) -> [&'n str; 4] {
    let text = |path: &[&str]| item.at(path).and_then(Node::as_str);
    let group = text(&["apiVersion"]).and_then(|version| version.split_once('/'));
    [
        group.map_or("", |(group, _)| group),
        text(&["kind"]).unwrap_or(""),
        text(&["metadata", "namespace"]).unwrap_or(namespace),
        text(&["metadata", "name"]).unwrap_or(""),
    ]
}

fn annotations(item: &Node) -> Option<&Map> {
    item.map_at("metadata.annotations")
}

/// Takes over what orchestrators noted on an item.
fn keep_bookkeeping(item: &Node, made: &mut Node) {
    let is_kept = |key: &str| BOOKKEEPING.iter().any(|prefix| key.starts_with(prefix));
    let kept = annotations(item).into_iter().flat_map(Map::entries).filter(|(key, _)| is_kept(key));
    let Some(metadata) = made.as_map_mut().and_then(|map| map.get_mut("metadata")) else { return };
    let span = metadata.span.clone();
    let Some(metadata) = metadata.as_map_mut() else { return };
    for (key, entry) in kept {
        if metadata.get("annotations").and_then(Node::as_map).is_none() {
            metadata.insert("annotations", span.clone(), Node::empty_map(span.clone()));
        }
        if let Some(map) = metadata.get_mut("annotations").and_then(Node::as_map_mut) {
            map.insert(key, entry.key.clone(), entry.value.clone());
        }
    }
}

/// Which resource a result is about.
fn reference(resource: &Node) -> Value {
    let text = |path: &[&str]| resource.at(path).and_then(Node::as_str);
    let mut reference = json!({
        "apiVersion": text(&["apiVersion"]).unwrap_or(""),
        "kind": text(&["kind"]).unwrap_or(""),
        "name": text(&["metadata", "name"]).unwrap_or(""),
    });
    if let Some(namespace) = text(&["metadata", "namespace"]) {
        reference["namespace"] = json!(namespace);
    }
    reference
}

/// The file that a resource comes from, by the notes of the orchestrator.
fn file(resource: &Node) -> Option<Value> {
    let noted = |what: &str| {
        BOOKKEEPING.iter().find_map(|prefix| {
            let value = annotations(resource)?.get(&format!("{prefix}{what}"))?;
            Some(value.as_str().unwrap_or(value.span.text()))
        })
    };
    let index = noted("index").and_then(|index| index.parse::<u64>().ok());
    Some(json!({"path": noted("path")?, "index": index.unwrap_or(0)}))
}

/// The path of the field at a place: `spec.ports[0].name`.
fn field(node: &Node, place: Place) -> String {
    let mut path = String::new();
    let mut at = node;
    loop {
        let next = match &at.kind {
            Kind::Map(map) => map.entries().find_map(|(key, entry)| {
                let below = holds(&entry.value.span, place);
                (below || holds(&entry.key, place)).then(|| {
                    if !path.is_empty() {
                        path.push('.');
                    }
                    path.push_str(key);
                    below.then_some(&entry.value)
                })
            }),
            Kind::List(list) => {
                let found = list.iter().enumerate().find(|(_, item)| holds(&item.span, place));
                found.map(|(index, item)| {
                    path.push_str(&format!("[{index}]"));
                    Some(item)
                })
            }
            _ => None,
        };
        match next.flatten() {
            Some(node) => at = node,
            None => return path,
        }
    }
}

/// Whether a place is inside a span. Strings inside of strings have sources of their own, so bytes do not tell.
fn holds(span: &Span, place: Place) -> bool {
    span.place() <= place && place < span.end_place()
}

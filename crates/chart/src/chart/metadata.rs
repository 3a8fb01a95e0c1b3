//! Chart.yaml: what a chart says of itself.

use std::sync::Arc;

use jinnacle_functions::semver::Version;
use jinnacle_syntax::diagnostic::{Diagnostic, Sink, Stopped, nearest, rule};
use jinnacle_syntax::source::Source;
use jinnacle_syntax::yaml::{Kind, Limits, Map, Node, read};

/// What Chart.yaml says of a chart.
#[derive(Clone, Debug)]
pub struct Metadata {
    /// The chart's name; the alias when a parent gives it one.
    pub name: String,
    /// The chart's version, SemVer 2 read leniently.
    pub version: String,
    /// The version of what it installs; any text.
    pub app_version: String,
    /// Whether it only holds partials for other charts.
    pub is_library: bool,
    /// Whether its makers say that it should not be used any more.
    pub deprecated: bool,
    /// The versions of Kubernetes that it is made for; empty for all.
    pub kube_version: String,
    /// The charts that it depends on.
    pub dependencies: Vec<Dependency>,
    /// Chart.yaml as it was written, for templates and for `show chart`.
    pub node: Node,
}

/// An entry of `dependencies`.
#[derive(Clone, Debug)]
pub struct Dependency {
    /// The name of the chart.
    pub name: String,
    /// The versions that are good, as a constraint.
    pub version: String,
    /// Where Helm would fetch it from.
    pub repository: String,
    /// The name that it goes by here, if it is another.
    pub alias: Option<String>,
    /// Paths of values, by commas, of which the first that is a boolean switches the chart.
    pub condition: String,
    /// Tags that switch groups of charts.
    pub tags: Vec<String>,
    /// Values of it that become values of the parent.
    pub import_values: Vec<Node>,
    /// The entry as it was written.
    pub node: Node,
}

impl Dependency {
    /// The name that it goes by in the parent.
    pub fn local_name(&self) -> &str {
        self.alias.as_deref().unwrap_or(&self.name)
    }
}

impl Dependency {
    /// The entry as Helm writes it.
    fn to_node(&self) -> Node {
        let place = &self.node.span;
        let text = |text: &str| Node::new(Kind::Text(text.to_owned()), place.clone());
        let list = |list: Vec<Node>| Node::new(Kind::List(list), place.clone());
        let mut map = Map::new();
        for (key, value) in [
            ("alias", text(self.alias.as_deref().unwrap_or_default())),
            ("condition", text(&self.condition)),
            ("import-values", list(self.import_values.clone())),
            ("name", text(&self.name)),
            ("repository", text(&self.repository)),
            ("tags", list(self.tags.iter().map(|tag| text(tag)).collect())),
            ("version", text(&self.version)),
        ] {
            let empty =
                value.as_str() == Some("") || value.as_list().is_some_and(<[Node]>::is_empty);
            if !empty || key == "repository" {
                map.insert(key, place.clone(), value);
            }
        }
        Node::new(Kind::Map(map), place.clone())
    }
}

const FIELDS: [&str; 17] = [
    "apiVersion",
    "name",
    "version",
    "kubeVersion",
    "description",
    "type",
    "keywords",
    "home",
    "sources",
    "dependencies",
    "maintainers",
    "icon",
    "appVersion",
    "deprecated",
    "annotations",
    "condition",
    "tags",
];

const DEPENDENCY_FIELDS: [&str; 8] =
    ["name", "version", "repository", "condition", "tags", "enabled", "import-values", "alias"];

impl Metadata {
    /// A chart's metadata with nothing but a name and versions.
    pub fn named(name: &str, version: &str, app_version: &str, node: Node) -> Self {
        Self {
            name: name.to_owned(),
            version: version.to_owned(),
            app_version: app_version.to_owned(),
            is_library: false,
            deprecated: false,
            kube_version: String::new(),
            dependencies: Vec::new(),
            node,
        }
    }

    /// A field of Chart.yaml as a string, empty when it is none.
    pub fn text(&self, key: &str) -> String {
        text_of(&self.node, key)
    }

    /// Whether it has a list of dependencies, be it empty.
    pub fn declares_dependencies(&self) -> bool {
        !self.dependencies.is_empty()
            || self.node.get("dependencies").is_some_and(|node| !node.is_null())
    }

    /// The generation of the chart's layout; the first when a Chart.yaml does not say.
    pub fn api_version(&self) -> String {
        let without = if self.node.is_null() { "v2" } else { "v1" };
        Some(self.text("apiVersion"))
            .filter(|version| !version.is_empty())
            .unwrap_or_else(|| without.to_owned())
    }

    /// Chart.yaml as Helm writes it: the fields that it knows, by name, and strings where strings are due.
    pub fn to_node(&self) -> Node {
        let mut fields = FIELDS;
        fields.sort_unstable();
        let place = &self.node.span;
        let mut map = Map::new();
        for key in fields {
            let written = self.node.get(key);
            let value = match key {
                "dependencies" if !self.dependencies.is_empty() => {
                    Kind::List(self.dependencies.iter().map(Dependency::to_node).collect())
                }
                "dependencies" => continue,
                "maintainers" => Kind::List(self.maintainers()),
                "name" => Kind::Text(self.name.clone()),
                "version" => Kind::Text(self.version.clone()),
                "appVersion" => Kind::Text(self.app_version.clone()),
                "apiVersion" => Kind::Text(self.api_version()),
                "deprecated" | "annotations" | "keywords" | "sources" => {
                    written.map_or(Kind::Null, |node| node.kind.clone())
                }
                _ => Kind::Text(self.text(key)),
            };
            if !matches!(&value, Kind::Null | Kind::Bool(false))
                && ![Kind::Text(String::new()), Kind::List(Vec::new())].contains(&value)
            {
                map.insert(key, place.clone(), Node::new(value, place.clone()));
            }
        }
        Node::new(Kind::Map(map), place.clone())
    }

    fn maintainers(&self) -> Vec<Node> {
        let written = self.node.list_at("maintainers");
        let fields = |node: &Node| {
            let mut map = Map::new();
            for key in ["email", "name", "url"] {
                let text = text_of(node, key);
                if !text.is_empty() {
                    let value = Node::new(Kind::Text(text), node.span.clone());
                    map.insert(key, node.span.clone(), value);
                }
            }
            Node::new(Kind::Map(map), node.span.clone())
        };
        written.iter().map(fields).collect()
    }

    /// Reads Chart.yaml. What Helm ignores in it is a warning.
    ///
    /// # Errors
    /// It is no YAML, or says something that Helm refuses.
    pub fn read(source: &Arc<Source>, sink: &mut Sink) -> Result<Self, Stopped> {
        let document = sink.take(read(source, &Limits::default()))?;
        sink.extend(document.warnings);
        let root = document.root;
        let mut fields = Fields::new(&root, &FIELDS);
        if !matches!(root.kind, Kind::Map(_) | Kind::Null) {
            sink.push(fields.error("Chart.yaml: expected a map", &root));
            return Err(Stopped);
        }
        let metadata = Self {
            name: fields.text("name"),
            version: fields.text("version"),
            app_version: fields.text("appVersion"),
            is_library: fields.text("type") == "library",
            deprecated: fields.flag("deprecated"),
            kube_version: fields.text("kubeVersion"),
            dependencies: fields.dependencies(),
            node: root.clone(),
        };
        for key in ["name", "version"] {
            if root.get(key).is_none_or(|node| node.is_null() || node.as_str() == Some("")) {
                let error = fields.error(&format!("Chart.yaml: missing `{key}`"), &root);
                fields.errors.push(error);
            }
        }
        // The name is one of a directory in the output, which it must not lead out of.
        if (metadata.name.contains(['/', '\\']) || [".", ".."].contains(&metadata.name.as_str()))
            && let Some(node) = root.get("name")
        {
            let error = fields
                .error(&format!("invalid chart name `{}`", metadata.name), node)
                .help("write letters, digits and dashes: `my-chart`");
            fields.errors.push(error);
        }
        if !metadata.version.is_empty()
            && Version::parse(&metadata.version).is_err()
            && let Some(node) = root.get("version")
        {
            let error = fields
                .error(&format!("invalid version `{}`", metadata.version), node)
                .help("write three numbers: `1.2.3`");
            fields.errors.push(error);
        }
        fields.one_of("type", &["application", "library", ""]);
        for key in ["description", "home", "icon"] {
            fields.text(key);
        }
        fields.texts("keywords");
        fields.texts("sources");
        fields.whole_entries("maintainers");
        fields.annotations();
        fields.unknown();
        fields.finish(sink)?;
        Ok(metadata)
    }

    /// The dependencies of a chart of the first generation, from its requirements.yaml.
    ///
    /// # Errors
    /// It is no YAML, or an entry is none.
    pub fn read_requirements(
        source: &Arc<Source>,
        sink: &mut Sink,
    ) -> Result<Vec<Dependency>, Stopped> {
        let document = sink.take(read(source, &Limits::default()))?;
        let mut fields = Fields::new(&document.root, &["dependencies"]);
        let dependencies = fields.dependencies();
        fields.warnings.clear();
        fields.finish(sink)?;
        Ok(dependencies)
    }
}

/// A field of a map as a string, empty when it is none.
pub fn text_of(node: &Node, key: &str) -> String {
    node.get(key).and_then(scalar_text).unwrap_or_default()
}

/// A string; a number or a boolean is the text as it was written (`version: 1.10`).
fn scalar_text(node: &Node) -> Option<String> {
    match &node.kind {
        Kind::Null => Some(String::new()),
        Kind::Text(text) => Some(text.clone()),
        Kind::Bool(_) | Kind::Int(_) | Kind::Float(_) => Some(node.span.text().to_owned()),
        Kind::List(_) | Kind::Map(_) => None,
    }
}

/// Reads the fields of a map and collects what is wrong with them.
struct Fields<'n> {
    node: &'n Node,
    known: &'static [&'static str],
    errors: Vec<Diagnostic>,
    warnings: Vec<Diagnostic>,
}

impl<'n> Fields<'n> {
    fn new(node: &'n Node, known: &'static [&'static str]) -> Self {
        Self { node, known, errors: Vec::new(), warnings: Vec::new() }
    }

    /// Hands over what is wrong.
    ///
    /// # Errors
    /// There are errors.
    fn finish(self, sink: &mut Sink) -> Result<(), Stopped> {
        sink.extend(self.warnings);
        sink.stop_on_errors(|sink| sink.extend(self.errors))
    }

    fn error(&self, message: &str, node: &Node) -> Diagnostic {
        Diagnostic::error(rule!("chart/metadata"), message).at(&node.span)
    }

    fn text(&mut self, key: &str) -> String {
        let Some(node) = self.node.get(key) else { return String::new() };
        scalar_text(node).unwrap_or_else(|| {
            let message = format!("`{key}`: expected a string, found {}", node.kind_word());
            self.errors.push(self.error(&message, node));
            String::new()
        })
    }

    fn flag(&mut self, key: &str) -> bool {
        let Some(node) = self.node.get(key) else { return false };
        match node.kind {
            Kind::Bool(value) => value,
            Kind::Null => false,
            _ => {
                let error = self.error(
                    &format!("`{key}`: expected a boolean, found {}", node.kind_word()),
                    node,
                );
                self.errors.push(error);
                false
            }
        }
    }

    fn list(&mut self, key: &str) -> &'n [Node] {
        match self.node.get(key) {
            None => &[],
            Some(node) if node.is_null() => &[],
            Some(node) => node.as_list().unwrap_or_else(|| {
                let error = self
                    .error(&format!("`{key}`: expected a list, found {}", node.kind_word()), node);
                self.errors.push(error);
                &[]
            }),
        }
    }

    fn texts(&mut self, key: &str) {
        let entries = self.list(key).iter().filter(|entry| scalar_text(entry).is_none());
        self.no_texts(key, entries);
    }

    fn annotations(&mut self) {
        let Some(node) = self.node.get("annotations").filter(|node| !node.is_null()) else {
            return;
        };
        let Some(map) = node.as_map() else {
            let message = format!("`annotations`: expected a map, found {}", node.kind_word());
            self.errors.push(self.error(&message, node));
            return;
        };
        let values = map.iter().map(|(_, value)| value);
        self.no_texts("annotations", values.filter(|value| scalar_text(value).is_none()));
    }

    fn no_texts(&mut self, key: &str, entries: impl Iterator<Item = &'n Node>) {
        for entry in entries {
            let message = format!("`{key}`: expected strings, found {}", entry.kind_word());
            self.errors.push(self.error(&message, entry));
        }
    }

    fn whole_entries(&mut self, key: &str) {
        for entry in self.list(key) {
            let message = match &entry.kind {
                Kind::Map(_) => continue,
                Kind::Null => format!("an entry of `{key}` is empty"),
                _ => format!("an entry of `{key}`: expected a map, found {}", entry.kind_word()),
            };
            self.errors.push(self.error(&message, entry));
        }
    }

    fn one_of(&mut self, key: &str, words: &[&str]) {
        let word = self.text(key);
        if let Some(node) = self.node.get(key)
            && !words.contains(&word.as_str())
        {
            let error = self.error(&format!("`{key}`: unexpected `{word}`"), node);
            self.errors.push(error);
        }
    }

    fn dependencies(&mut self) -> Vec<Dependency> {
        self.whole_entries("dependencies");
        let mut dependencies: Vec<Dependency> = Vec::new();
        for node in self.list("dependencies").iter().filter(|node| !node.is_null()) {
            let mut fields = Fields::new(node, &DEPENDENCY_FIELDS);
            let alias = fields.text("alias");
            let dependency = Dependency {
                name: fields.text("name"),
                version: fields.text("version"),
                repository: fields.text("repository"),
                alias: Some(alias).filter(|alias| !alias.is_empty()),
                condition: fields.text("condition"),
                tags: fields
                    .list("tags")
                    .iter()
                    .filter_map(|tag| tag.as_str().map(str::to_owned))
                    .collect(),
                import_values: fields.list("import-values").to_vec(),
                node: node.clone(),
            };
            let letters = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
            if !dependency.local_name().chars().all(letters) && dependency.alias.is_some() {
                let error = fields.error(
                    &format!(
                        "the alias `{}` may have letters, digits, `-` and `_`",
                        dependency.local_name()
                    ),
                    node,
                );
                fields.errors.push(error);
            }
            if dependencies.iter().any(|other| other.local_name() == dependency.local_name()) {
                let error = fields
                    .error(
                        &format!("two dependencies go by the name `{}`", dependency.local_name()),
                        node,
                    )
                    .help("give one of them an `alias`");
                fields.errors.push(error);
            }
            fields.unknown();
            self.errors.append(&mut fields.errors);
            self.warnings.append(&mut fields.warnings);
            dependencies.push(dependency);
        }
        dependencies
    }

    /// Fields that nobody reads: Helm passes over them in silence.
    fn unknown(&mut self) {
        let empty = Map::new();
        for (key, entry) in self.node.as_map().unwrap_or(&empty).entries() {
            if self.known.contains(&key) {
                continue;
            }
            let mut warning = Diagnostic::warning(
                rule!("chart/unknown-field"),
                format!("unknown field `{key}` in Chart.yaml"),
            )
            .at(&entry.key);
            if let Some(meant) = nearest(key, self.known.iter().copied()) {
                warning = warning.help(format!("did you mean `{meant}`?"));
            }
            self.warnings.push(warning);
        }
    }
}

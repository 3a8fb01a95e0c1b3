//! `.Chart`: a struct in Helm 3, a map in Helm 4.

use bumpalo::Bump;
use go_template::Value;
use go_template::value::{
    Encoded, Kind, LIST, ListType, Map, Object, ObjectType, STRING_MAP, STRINGS, Type,
};

use super::{Record, object, text, texts, typed};
use crate::{Difference, HelmVersion};

/// What Chart.yaml says.
#[derive(Clone, Debug, Default)]
pub struct Chart {
    pub name: String,
    pub home: String,
    pub sources: Vec<String>,
    pub version: String,
    pub description: String,
    pub keywords: Vec<String>,
    pub maintainers: Vec<Maintainer>,
    pub icon: String,
    pub api_version: String,
    pub condition: String,
    pub tags: String,
    pub app_version: String,
    pub deprecated: bool,
    pub annotations: Vec<(String, String)>,
    pub kube_version: String,
    pub dependencies: Vec<Dependency>,
    /// `application`, `library` or nothing.
    pub kind: String,
    /// Whether no other chart has it.
    pub is_root: bool,
}

/// Who maintains a chart.
#[derive(Clone, Debug, Default)]
pub struct Maintainer {
    pub name: String,
    pub email: String,
    pub url: String,
}

/// A chart that another one wants.
#[derive(Clone, Debug, Default)]
pub struct Dependency {
    pub name: String,
    pub version: String,
    pub repository: String,
    pub condition: String,
    pub tags: Vec<String>,
    pub enabled: bool,
    pub alias: String,
}

static METADATA: ObjectType =
    ObjectType { name: "chart.Metadata", kind: Kind::Struct, methods: &[] };
static CHART: ObjectType =
    ObjectType { name: "struct { chart.Metadata; IsRoot bool }", kind: Kind::Struct, methods: &[] };
static MAINTAINER: ObjectType =
    ObjectType { name: "*chart.Maintainer", kind: Kind::Ptr, methods: &[] };
static DEPENDENCY: ObjectType =
    ObjectType { name: "*chart.Dependency", kind: Kind::Ptr, methods: &[] };
static MAINTAINERS: ListType =
    ListType { name: "[]*chart.Maintainer", elem: Type::Object(&MAINTAINER), methods: &[] };
static DEPENDENCIES: ListType =
    ListType { name: "[]*chart.Dependency", elem: Type::Object(&DEPENDENCY), methods: &[] };

/// A field: its name in Go, its name in JSON, its value.
type Field<'a> = (&'static str, &'static str, Value<'a>);

/// `.Chart`.
pub fn chart<'a>(arena: &'a Bump, version: HelmVersion, chart: &Chart) -> Value<'a> {
    let fields = metadata(arena, version, chart);
    if version.has(Difference::ChartMap) {
        let map = Map::new(arena);
        for (name, _, value) in fields {
            map.insert(name.as_bytes(), value);
        }
        map.insert(b"IsRoot", Value::Bool(chart.is_root));
        return Value::map(map);
    }
    let metadata = record(arena, &METADATA, &fields);
    let mut encoded = metadata.encoded.to_vec();
    encoded.push(("IsRoot", Value::Bool(chart.is_root)));
    let metadata = object(arena, metadata);
    let fields = [("Metadata", metadata), ("IsRoot", Value::Bool(chart.is_root))];
    object(
        arena,
        Embedding(Record {
            ty: &CHART,
            fields: arena.alloc_slice_copy(&fields),
            encoded: arena.alloc_slice_copy(&encoded),
            printed: None,
        }),
    )
}

/// The struct around the metadata, whose fields are its own.
#[derive(Debug)]
struct Embedding<'a>(Record<'a>);

impl<'a> Object<'a> for Embedding<'a> {
    fn object_type(&self) -> &'static ObjectType {
        self.0.ty
    }

    fn fields(&self) -> &'a [(&'static str, Value<'a>)] {
        self.0.fields
    }

    fn field(&self, name: &str) -> Option<Value<'a>> {
        self.0.field(name).or_else(|| match self.0.fields.first()? {
            (_, Value::Object(metadata)) => metadata.field(name),
            _ => None,
        })
    }

    fn encoded(&self) -> Encoded<'a> {
        self.0.encoded()
    }
}

fn metadata<'a>(arena: &'a Bump, version: HelmVersion, chart: &Chart) -> Vec<Field<'a>> {
    let t = |value: &str| text(arena, value);
    let annotations = if chart.annotations.is_empty() { Map::nil(arena) } else { Map::new(arena) };
    for (key, value) in &chart.annotations {
        annotations.insert(arena.alloc_slice_copy(key.as_bytes()), t(value));
    }
    // Helm 4 makes lists of what has elements of its own, also when there are none.
    let lists = |ty: &'static ListType, values: Vec<Value<'a>>| match (
        version.has(Difference::ChartMap),
        values.is_empty(),
    ) {
        (true, true) => Value::List(go_template::value::List::new(arena, &LIST, &[])),
        (true, false) => typed(arena, &LIST, values),
        (false, _) => typed(arena, ty, values),
    };
    let strings = |list: &[String]| match version.has(Difference::ChartMap) && list.is_empty() {
        true => Value::List(go_template::value::List::new(arena, &STRINGS, &[])),
        false => texts(arena, list),
    };
    let each =
        |ty: &'static ObjectType, fields: Vec<Field<'a>>| match version.has(Difference::ChartMap) {
            false => object(arena, record(arena, ty, &fields)),
            true => {
                let map = Map::new(arena);
                for (name, _, value) in fields {
                    map.insert(name.as_bytes(), value);
                }
                Value::map(map)
            }
        };
    let maintainers = chart.maintainers.iter().map(|maintainer| {
        each(
            &MAINTAINER,
            vec![
                ("Name", "name", t(&maintainer.name)),
                ("Email", "email", t(&maintainer.email)),
                ("URL", "url", t(&maintainer.url)),
            ],
        )
    });
    let dependencies = chart.dependencies.iter().map(|dependency| {
        each(
            &DEPENDENCY,
            vec![
                ("Name", "name", t(&dependency.name)),
                ("Version", "version", t(&dependency.version)),
                ("Repository", "repository", t(&dependency.repository)),
                ("Condition", "condition", t(&dependency.condition)),
                ("Tags", "tags", texts(arena, &dependency.tags)),
                ("Enabled", "enabled", Value::Bool(dependency.enabled)),
                ("ImportValues", "import-values", typed(arena, &LIST, Vec::new())),
                ("Alias", "alias", t(&dependency.alias)),
            ],
        )
    });
    vec![
        ("Name", "name", t(&chart.name)),
        ("Home", "home", t(&chart.home)),
        ("Sources", "sources", strings(&chart.sources)),
        ("Version", "version", t(&chart.version)),
        ("Description", "description", t(&chart.description)),
        ("Keywords", "keywords", strings(&chart.keywords)),
        ("Maintainers", "maintainers", lists(&MAINTAINERS, maintainers.collect())),
        ("Icon", "icon", t(&chart.icon)),
        ("APIVersion", "apiVersion", t(&chart.api_version)),
        ("Condition", "condition", t(&chart.condition)),
        ("Tags", "tags", t(&chart.tags)),
        ("AppVersion", "appVersion", t(&chart.app_version)),
        ("Deprecated", "deprecated", Value::Bool(chart.deprecated)),
        ("Annotations", "annotations", Value::Map(annotations, &STRING_MAP)),
        ("KubeVersion", "kubeVersion", t(&chart.kube_version)),
        ("Dependencies", "dependencies", lists(&DEPENDENCIES, dependencies.collect())),
        ("Type", "type", t(&chart.kind)),
    ]
}

/// A struct whose JSON leaves out what is empty. (`repository` is the exception.)
fn record<'a>(arena: &'a Bump, ty: &'static ObjectType, fields: &[Field<'a>]) -> Record<'a> {
    let encoded: Vec<(&'static str, Value<'a>)> = fields
        .iter()
        .filter(|(_, name, value)| value.truth() || *name == "repository")
        .map(|(_, name, value)| (*name, *value))
        .collect();
    let fields: Vec<(&'static str, Value<'a>)> =
        fields.iter().map(|(name, _, value)| (*name, *value)).collect();
    Record {
        ty,
        fields: arena.alloc_slice_copy(&fields),
        encoded: arena.alloc_slice_copy(&encoded),
        printed: None,
    }
}

//! The objects that templates see: `.Chart`, `.Capabilities`, `.Files`, `.Release`, points in time, versions.

mod capabilities;
mod chart;
mod duration;
mod files;
mod semver;
mod time;

use std::any::Any;

use bumpalo::Bump;
use go_template::Value;
use go_template::value::{Encoded, List, Map, MapType, Object, ObjectType, Type};

pub use capabilities::{Capabilities, capabilities};
pub use chart::{Chart, Dependency, Maintainer, chart};
pub use duration::duration;

pub(crate) use duration::as_duration;
pub use files::files;
pub use semver::semver;
pub use time::{moment, time};

pub(crate) use time::TIME;

use crate::{Difference, HelmVersion};

/// The type of `.Values`, and of the whole scope, in Helm 3.
static VALUES_3: MapType = MapType { name: "chartutil.Values", elem: Type::Any, methods: &[] };
/// The same in Helm 4.
static VALUES_4: MapType = MapType { name: "common.Values", elem: Type::Any, methods: &[] };

/// Helm's own type of a map of values.
pub(crate) fn values_type(version: HelmVersion) -> &'static MapType {
    if version.has(Difference::TypeNames) { &VALUES_4 } else { &VALUES_3 }
}

/// The release that templates see.
#[derive(Clone, Debug)]
pub struct Release {
    pub name: String,
    pub namespace: String,
    pub revision: i64,
    pub is_upgrade: bool,
}

/// `.Release`.
pub fn release<'a>(arena: &'a Bump, release: &Release) -> Value<'a> {
    let map = Map::new(arena);
    map.insert(b"IsInstall", Value::Bool(!release.is_upgrade));
    map.insert(b"IsUpgrade", Value::Bool(release.is_upgrade));
    map.insert(b"Name", text(arena, &release.name));
    map.insert(b"Namespace", text(arena, &release.namespace));
    map.insert(b"Revision", Value::int(release.revision));
    map.insert(b"Service", Value::str("Helm"));
    Value::map(map)
}

/// `.Template`: the file that is rendered.
pub fn template<'a>(
    arena: &'a Bump,
    version: HelmVersion,
    name: &str,
    base_path: &str,
) -> Value<'a> {
    let map = Map::new(arena);
    map.insert(b"BasePath", text(arena, base_path));
    map.insert(b"Name", text(arena, name));
    Value::Map(map, values_type(version))
}

fn text<'a>(arena: &'a Bump, text: &str) -> Value<'a> {
    Value::str(arena.alloc_str(text))
}

fn texts<'a>(arena: &'a Bump, list: &[String]) -> Value<'a> {
    typed(arena, &go_template::value::STRINGS, list.iter().map(|item| text(arena, item)).collect())
}

/// A list of a type; without elements it is a nil one, as a field is that nothing was read into.
fn typed<'a>(
    arena: &'a Bump,
    ty: &'static go_template::value::ListType,
    values: Vec<Value<'a>>,
) -> Value<'a> {
    if values.is_empty() {
        return Value::List(List::nil(arena, ty));
    }
    let items: Vec<go_template::value::Item> = values.into_iter().map(Into::into).collect();
    Value::List(List::new(arena, ty, arena.alloc_slice_clone(&items)))
}

fn object<'a>(arena: &'a Bump, object: impl Object<'a> + 'a) -> Value<'a> {
    let object: &'a dyn Object<'a> = arena.alloc(object);
    Value::Object(object)
}

/// A struct of Go with JSON names of its own.
#[derive(Debug)]
struct Record<'a> {
    ty: &'static ObjectType,
    fields: &'a [(&'static str, Value<'a>)],
    encoded: &'a [(&'static str, Value<'a>)],
    /// What a template prints in the place of the fields.
    printed: Option<&'a [u8]>,
}

impl<'a> Object<'a> for Record<'a> {
    fn object_type(&self) -> &'static ObjectType {
        self.ty
    }

    fn fields(&self) -> &'a [(&'static str, Value<'a>)] {
        self.fields
    }

    fn field(&self, name: &str) -> Option<Value<'a>> {
        // A field with a small letter is private.
        let own = self.fields.iter().find(|(field, _)| *field == name);
        own.filter(|_| name.starts_with(|c: char| c.is_ascii_uppercase())).map(|(_, value)| *value)
    }

    fn printed(&self) -> Option<Vec<u8>> {
        self.printed.map(<[u8]>::to_vec)
    }

    fn encoded(&self) -> Encoded<'a> {
        Encoded::Fields(self.encoded)
    }
}

/// An object that is one Rust value without references into the arena.
fn own<T: Any>(value: Value<'_>) -> Option<&T> {
    match value {
        Value::Object(object) => object.as_any()?.downcast_ref(),
        _ => None,
    }
}

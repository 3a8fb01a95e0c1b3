//! `*semver.Version`.

use std::any::Any;
use std::cmp::Ordering;

use go_template::value::{Encoded, Kind, Object, ObjectType, Type, UintType};
use go_template::{Function, Runtime, Value};
use jinnacle_functions::semver::Version;

static POINTER: ObjectType =
    ObjectType { name: "*semver.Version", kind: Kind::Ptr, methods: METHODS };
/// What the methods that make another version return.
static PLAIN: ObjectType =
    ObjectType { name: "semver.Version", kind: Kind::Struct, methods: METHODS };

struct Semver {
    version: Version,
    is_pointer: bool,
}

/// A version as a value.
pub fn semver<'a>(rt: &Runtime<'a>, version: Version) -> Value<'a> {
    super::object(rt.arena(), Semver { version, is_pointer: true })
}

impl<'a> Object<'a> for Semver {
    fn object_type(&self) -> &'static ObjectType {
        if self.is_pointer { &POINTER } else { &PLAIN }
    }

    fn text(&self) -> Option<Vec<u8>> {
        Some(self.version.to_string().into_bytes())
    }

    fn encoded(&self) -> Encoded<'a> {
        Encoded::Text(self.version.to_string().into_bytes())
    }

    fn as_any(&self) -> Option<&dyn Any> {
        Some(self)
    }
}

/// The type as a parameter of its own methods: types are equal that have the same name.
static ITSELF: ObjectType = ObjectType { name: "*semver.Version", kind: Kind::Ptr, methods: &[] };
const V: Type = Type::Object(&ITSELF);

static METHODS: &[Function] = &[
    Function::new("Compare", &[V], |_, a| Ok(Value::int(order(a) as i64))),
    Function::new("Equal", &[V], |_, a| Ok(Value::Bool(order(a) == Ordering::Equal))),
    Function::new("GreaterThan", &[V], |_, a| Ok(Value::Bool(order(a) == Ordering::Greater))),
    Function::new("GreaterThanEqual", &[V], |_, a| Ok(Value::Bool(order(a) != Ordering::Less))),
    Function::new("IncMajor", &[], |rt, a| Ok(plain(rt, version(a[0]).map(Version::next_major)))),
    Function::new("IncMinor", &[], |rt, a| Ok(plain(rt, version(a[0]).map(Version::next_minor)))),
    Function::new("IncPatch", &[], |rt, a| Ok(plain(rt, version(a[0]).map(Version::next_patch)))),
    Function::new("LessThan", &[V], |_, a| Ok(Value::Bool(order(a) == Ordering::Less))),
    Function::new("LessThanEqual", &[V], |_, a| Ok(Value::Bool(order(a) != Ordering::Greater))),
    Function::new("Major", &[], |_, a| Ok(number(version(a[0]).map(|v| v.major)))),
    Function::new("Metadata", &[], |rt, a| Ok(text(rt, version(a[0]).map(|v| v.metadata.clone())))),
    Function::new("Minor", &[], |_, a| Ok(number(version(a[0]).map(|v| v.minor)))),
    Function::new("Original", &[], |rt, a| Ok(text(rt, version(a[0]).map(|v| v.original.clone())))),
    Function::new("Patch", &[], |_, a| Ok(number(version(a[0]).map(|v| v.patch)))),
    Function::new("Prerelease", &[], |rt, a| {
        Ok(text(rt, version(a[0]).map(|v| v.prerelease.clone())))
    }),
    Function::new("String", &[], |rt, a| Ok(text(rt, version(a[0]).map(Version::to_string)))),
];

fn version(value: Value<'_>) -> Option<&Version> {
    super::own::<Semver>(value).map(|semver| &semver.version)
}

fn order(a: &[Value]) -> Ordering {
    match (version(a[0]), version(a[1])) {
        (Some(a), Some(b)) => a.compare(b),
        _ => Ordering::Equal,
    }
}

fn number<'a>(number: Option<u64>) -> Value<'a> {
    Value::Uint(number.unwrap_or(0), UintType::Uint64)
}

fn text<'a>(rt: &Runtime<'a>, text: Option<String>) -> Value<'a> {
    rt.string(text.unwrap_or_default())
}

fn plain<'a>(rt: &Runtime<'a>, version: Option<Version>) -> Value<'a> {
    match version {
        Some(version) => super::object(rt.arena(), Semver { version, is_pointer: false }),
        None => Value::Nil,
    }
}

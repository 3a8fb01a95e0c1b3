//! The values of a run: Go's, as `text/template` sees them through `reflect`.
//!
//! A [`Value`] is small and `Copy`. What it refers to lives in the arena of the run. Strings are bytes,
//! integers keep Go's type, and maps are references: whoever holds the same map sees a change of it.

use std::{
    any::Any,
    cell::{Cell, RefCell},
    fmt,
};

use bumpalo::{Bump, collections::Vec as BumpVec};

use crate::function::Function;

/// A value of Go. `Nil` is the nil of an interface; a nil map, list or pointer has its type.
#[derive(Clone, Copy)]
pub enum Value<'a> {
    Nil,
    Bool(bool),
    Int(i64, IntType),
    Uint(u64, UintType),
    Float(f64),
    /// A `complex128`: the real and the imaginary part. Only literals make one.
    Complex(f64, f64),
    Str(&'a [u8]),
    /// A `[]byte`, which is a list whose elements are `uint8`.
    Bytes(&'a [u8]),
    List(&'a List<'a>),
    /// A map and the type it is seen as: a conversion (`chartutil.Values` to `map[string]interface {}`)
    /// shares the entries.
    Map(&'a Map<'a>, &'static MapType),
    /// A struct, or a pointer to one.
    Object(&'a dyn Object<'a>),
    Func(&'a Func<'a>),
}

/// Go's signed integer types.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum IntType {
    Int,
    Int8,
    Int16,
    Int32,
    Int64,
}

/// Go's unsigned integer types.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum UintType {
    Uint,
    Uint8,
    Uint16,
    Uint32,
    Uint64,
    Uintptr,
}

impl IntType {
    /// The type's name in Go.
    pub fn name(self) -> &'static str {
        match self {
            Self::Int => "int",
            Self::Int8 => "int8",
            Self::Int16 => "int16",
            Self::Int32 => "int32",
            Self::Int64 => "int64",
        }
    }

    /// Whether the number can be held without loss.
    pub fn holds(self, n: i64) -> bool {
        match self {
            Self::Int | Self::Int64 => true,
            Self::Int8 => i8::try_from(n).is_ok(),
            Self::Int16 => i16::try_from(n).is_ok(),
            Self::Int32 => i32::try_from(n).is_ok(),
        }
    }
}

impl UintType {
    /// The type's name in Go.
    pub fn name(self) -> &'static str {
        match self {
            Self::Uint => "uint",
            Self::Uint8 => "uint8",
            Self::Uint16 => "uint16",
            Self::Uint32 => "uint32",
            Self::Uint64 => "uint64",
            Self::Uintptr => "uintptr",
        }
    }

    /// Whether the number can be held without loss.
    pub fn holds(self, n: u64) -> bool {
        match self {
            Self::Uint | Self::Uint64 | Self::Uintptr => true,
            Self::Uint8 => u8::try_from(n).is_ok(),
            Self::Uint16 => u16::try_from(n).is_ok(),
            Self::Uint32 => u32::try_from(n).is_ok(),
        }
    }
}

/// The type of a list.
#[derive(Debug)]
pub struct ListType {
    /// As Go prints it: `[]interface {}`, `chartutil.VersionSet`.
    pub name: &'static str,
    pub elem: Type,
    pub methods: &'static [Function],
}

/// The type of a map. Keys are strings.
#[derive(Debug)]
pub struct MapType {
    /// As Go prints it: `map[string]interface {}`, `chartutil.Values`.
    pub name: &'static str,
    pub elem: Type,
    pub methods: &'static [Function],
}

/// The type of an [`Object`].
#[derive(Debug)]
pub struct ObjectType {
    /// As Go prints it: `*semver.Version`, `time.Time`.
    pub name: &'static str,
    /// `Kind::Struct`, or `Kind::Ptr` for a pointer to one.
    pub kind: Kind,
    pub methods: &'static [Function],
}

/// A type of Go, as a parameter or the element of a list or map has it.
#[derive(Clone, Copy, Debug)]
pub enum Type {
    /// `interface {}`
    Any,
    /// `reflect.Value`: the argument as the template has it, nothing checked, nil allowed.
    Raw,
    Bool,
    Int(IntType),
    Uint(UintType),
    Float,
    Complex,
    String,
    List(&'static ListType),
    Map(&'static MapType),
    Object(&'static ObjectType),
    /// A function, with Go's name of its type: `func(string) string`.
    Func(&'static str),
}

impl Type {
    /// `int`
    pub const INT: Self = Self::Int(IntType::Int);
    /// `int64`
    pub const INT64: Self = Self::Int(IntType::Int64);
    /// `uint8`, which is `byte`
    pub(crate) const BYTE: Self = Self::Uint(UintType::Uint8);
    /// `[]interface {}`
    pub const LIST: Self = Self::List(&LIST);
    /// `[]string`
    pub const STRINGS: Self = Self::List(&STRINGS);
    /// `[]uint8`
    pub const BYTES: Self = Self::List(&BYTES);
    /// `map[string]interface {}`
    pub const MAP: Self = Self::Map(&MAP);

    /// The name that Go's error strings and `%T` print.
    pub fn name(self) -> &'static str {
        match self {
            Self::Any => "interface {}",
            Self::Raw => "reflect.Value",
            Self::Bool => "bool",
            Self::Int(t) => t.name(),
            Self::Uint(t) => t.name(),
            Self::Float => "float64",
            Self::Complex => "complex128",
            Self::String => "string",
            Self::List(t) => t.name,
            Self::Map(t) => t.name,
            Self::Object(t) => t.name,
            Self::Func(name) => name,
        }
    }

    /// Whether nil is a value of the type.
    pub(crate) fn can_be_nil(self) -> bool {
        match self {
            Self::Any | Self::Raw | Self::List(_) | Self::Map(_) | Self::Func(_) => true,
            Self::Object(t) => t.kind == Kind::Ptr,
            _ => false,
        }
    }
}

impl PartialEq for Type {
    fn eq(&self, other: &Self) -> bool {
        std::mem::discriminant(self) == std::mem::discriminant(other) && self.name() == other.name()
    }
}

impl Eq for Type {}

/// `[]interface {}`
pub static LIST: ListType = ListType { name: "[]interface {}", elem: Type::Any, methods: &[] };
/// `[]string`
pub static STRINGS: ListType = ListType { name: "[]string", elem: Type::String, methods: &[] };
/// `[]int`
pub static INTS: ListType = ListType { name: "[]int", elem: Type::INT, methods: &[] };
/// `[]uint8`
pub static BYTES: ListType = ListType { name: "[]uint8", elem: Type::BYTE, methods: &[] };
/// `[][]interface {}`
pub static LISTS: ListType = ListType { name: "[][]interface {}", elem: Type::LIST, methods: &[] };
/// `map[string]interface {}`
pub static MAP: MapType =
    MapType { name: "map[string]interface {}", elem: Type::Any, methods: &[] };
/// `map[string]string`
pub static STRING_MAP: MapType =
    MapType { name: "map[string]string", elem: Type::String, methods: &[] };
/// What `reflect` calls the kind of a value.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    Invalid,
    Bool,
    Int,
    Int8,
    Int16,
    Int32,
    Int64,
    Uint,
    Uint8,
    Uint16,
    Uint32,
    Uint64,
    Uintptr,
    Float64,
    Complex128,
    String,
    Slice,
    Map,
    Struct,
    Ptr,
    Func,
    Interface,
}

impl Kind {
    /// As `reflect.Kind` prints it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Invalid => "invalid",
            Self::Bool => "bool",
            Self::Int => "int",
            Self::Int8 => "int8",
            Self::Int16 => "int16",
            Self::Int32 => "int32",
            Self::Int64 => "int64",
            Self::Uint => "uint",
            Self::Uint8 => "uint8",
            Self::Uint16 => "uint16",
            Self::Uint32 => "uint32",
            Self::Uint64 => "uint64",
            Self::Uintptr => "uintptr",
            Self::Float64 => "float64",
            Self::Complex128 => "complex128",
            Self::String => "string",
            Self::Slice => "slice",
            Self::Map => "map",
            Self::Struct => "struct",
            Self::Ptr => "ptr",
            Self::Func => "func",
            Self::Interface => "interface",
        }
    }
}

impl<'a> Value<'a> {
    /// An `int`.
    pub fn int(n: i64) -> Self {
        Self::Int(n, IntType::Int)
    }

    /// An `int64`.
    pub fn int64(n: i64) -> Self {
        Self::Int(n, IntType::Int64)
    }

    /// A string of a string that outlives the run; [`crate::Runtime::string`] makes one of any text.
    pub fn str(text: &'a str) -> Self {
        Self::Str(text.as_bytes())
    }

    /// A `map[string]interface {}`.
    pub fn map(map: &'a Map<'a>) -> Self {
        Self::Map(map, &MAP)
    }

    /// The zero value of the type, as a missing key of a map of such elements gives it.
    pub fn zero(ty: Type, arena: &'a Bump) -> Self {
        match ty {
            Type::Any | Type::Raw | Type::Object(_) | Type::Func(_) => Self::Nil,
            Type::Bool => Self::Bool(false),
            Type::Int(t) => Self::Int(0, t),
            Type::Uint(t) => Self::Uint(0, t),
            Type::Float => Self::Float(0.0),
            Type::Complex => Self::Complex(0.0, 0.0),
            Type::String => Self::Str(b""),
            Type::List(t) if t.elem == Type::BYTE && t.name == BYTES.name => Self::Bytes(b""),
            Type::List(t) => Self::List(List::nil(arena, t)),
            Type::Map(t) => Self::Map(Map::nil(arena), t),
        }
    }

    pub fn kind(self) -> Kind {
        match self {
            Self::Nil => Kind::Invalid,
            Self::Bool(_) => Kind::Bool,
            Self::Int(_, t) => match t {
                IntType::Int => Kind::Int,
                IntType::Int8 => Kind::Int8,
                IntType::Int16 => Kind::Int16,
                IntType::Int32 => Kind::Int32,
                IntType::Int64 => Kind::Int64,
            },
            Self::Uint(_, t) => match t {
                UintType::Uint => Kind::Uint,
                UintType::Uint8 => Kind::Uint8,
                UintType::Uint16 => Kind::Uint16,
                UintType::Uint32 => Kind::Uint32,
                UintType::Uint64 => Kind::Uint64,
                UintType::Uintptr => Kind::Uintptr,
            },
            Self::Float(_) => Kind::Float64,
            Self::Complex(..) => Kind::Complex128,
            Self::Str(_) => Kind::String,
            Self::Bytes(_) | Self::List(_) => Kind::Slice,
            Self::Map(..) => Kind::Map,
            Self::Object(o) => o.object_type().kind,
            Self::Func(_) => Kind::Func,
        }
    }

    /// The type, or `None` for nil.
    pub fn ty(self) -> Option<Type> {
        Some(match self {
            Self::Nil => return None,
            Self::Bool(_) => Type::Bool,
            Self::Int(_, t) => Type::Int(t),
            Self::Uint(_, t) => Type::Uint(t),
            Self::Float(_) => Type::Float,
            Self::Complex(..) => Type::Complex,
            Self::Str(_) => Type::String,
            Self::Bytes(_) => Type::BYTES,
            Self::List(l) => Type::List(l.ty),
            Self::Map(_, t) => Type::Map(t),
            Self::Object(o) => Type::Object(o.object_type()),
            Self::Func(f) => Type::Func(f.type_name),
        })
    }

    /// The name that `%T` prints: `<nil>` for nil.
    pub fn type_name(self) -> &'static str {
        self.ty().map_or("<nil>", Type::name)
    }

    /// The truth of `if`: false for nil, false, zero and what is empty; an object is true unless it is a nil pointer.
    pub fn truth(self) -> bool {
        match self {
            Self::Nil => false,
            Self::Bool(b) => b,
            Self::Int(n, _) => n != 0,
            Self::Uint(n, _) => n != 0,
            Self::Float(n) => n != 0.0,
            Self::Complex(real, imaginary) => real != 0.0 || imaginary != 0.0,
            Self::Str(s) | Self::Bytes(s) => !s.is_empty(),
            Self::List(l) => !l.items.is_empty(),
            Self::Map(m, _) => !m.is_empty(),
            Self::Object(o) => o.integer().map_or(!o.is_nil(), |n| n != 0),
            Self::Func(_) => true,
        }
    }

    /// The bytes of a string, and of nothing else.
    pub fn as_bytes(self) -> Option<&'a [u8]> {
        match self {
            Self::Str(s) => Some(s),
            _ => None,
        }
    }

    /// The bytes of a string, which a parameter of `Type::String` makes sure of; of anything else none.
    pub fn text(self) -> &'a [u8] {
        self.as_bytes().unwrap_or_default()
    }

    /// The number of an integer, which a parameter of such a type makes sure of; of anything else 0.
    pub fn integer(self) -> i64 {
        match self {
            Self::Int(n, _) => n,
            Self::Uint(n, _) => n.cast_signed(),
            _ => 0,
        }
    }

    pub fn as_map(self) -> Option<&'a Map<'a>> {
        match self {
            Self::Map(m, _) => Some(m),
            _ => None,
        }
    }

    pub fn as_list(self) -> Option<&'a List<'a>> {
        match self {
            Self::List(l) => Some(l),
            _ => None,
        }
    }
}

impl fmt::Debug for Value<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nil => f.write_str("nil"),
            Self::Bool(b) => write!(f, "{b}"),
            Self::Int(n, t) => write!(f, "{}({n})", t.name()),
            Self::Uint(n, t) => write!(f, "{}({n})", t.name()),
            Self::Float(n) => write!(f, "{n:?}"),
            Self::Complex(real, imaginary) => write!(f, "({real:?}{imaginary:+?}i)"),
            Self::Str(s) | Self::Bytes(s) => write!(f, "{:?}", String::from_utf8_lossy(s)),
            Self::List(l) => write!(f, "{}(len {})", l.ty.name, l.items.len()),
            Self::Map(m, t) => write!(f, "{}(len {})", t.name, m.len()),
            Self::Object(o) => f.write_str(o.object_type().name),
            Self::Func(x) => f.write_str(x.type_name),
        }
    }
}

/// Where a value was written: a number that the caller gives out and can look up again.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Origin(pub u32);

impl Origin {
    /// Made by a template, or by something that kept no place.
    pub const NONE: Self = Self(u32::MAX);

    pub fn is_known(self) -> bool {
        self != Self::NONE
    }
}

/// An element of a list.
#[derive(Clone, Debug)]
pub struct Item<'a> {
    pub value: Value<'a>,
    pub origin: Origin,
    /// Whether a template has looked at it.
    pub read: Cell<bool>,
}

impl<'a> From<Value<'a>> for Item<'a> {
    fn from(value: Value<'a>) -> Self {
        Self { value, origin: Origin::NONE, read: Cell::new(false) }
    }
}

/// A slice of Go. Its elements never change; maps among them can.
#[derive(Debug)]
pub struct List<'a> {
    pub ty: &'static ListType,
    pub items: &'a [Item<'a>],
    /// Whether it is a nil slice, which is empty and which JSON writes as `null`.
    pub is_nil: bool,
}

impl<'a> List<'a> {
    pub fn new(arena: &'a Bump, ty: &'static ListType, items: &'a [Item<'a>]) -> &'a Self {
        arena.alloc(Self { ty, items, is_nil: false })
    }

    /// A nil slice of the type.
    pub fn nil(arena: &'a Bump, ty: &'static ListType) -> &'a Self {
        arena.alloc(Self { ty, items: &[], is_nil: true })
    }

    pub fn len(&self) -> usize {
        self.items.len()
    }

    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    pub fn values(
        &self,
    ) -> impl ExactSizeIterator<Item = Value<'a>> + DoubleEndedIterator + use<'a> {
        let items = self.items;
        items.iter().map(|item| item.value)
    }
}

/// An entry of a map, copied out of it.
#[derive(Clone, Copy, Debug)]
pub struct Entry<'a> {
    pub key: &'a [u8],
    pub value: Value<'a>,
    pub origin: Origin,
    pub read: bool,
}

/// A map of Go with string keys, kept in the order of their bytes.
#[derive(Debug)]
pub struct Map<'a> {
    entries: RefCell<BumpVec<'a, Entry<'a>>>,
    nil: Cell<bool>,
}

impl<'a> Map<'a> {
    pub fn new(arena: &'a Bump) -> &'a Self {
        Self::with_capacity(arena, 0)
    }

    pub fn with_capacity(arena: &'a Bump, capacity: usize) -> &'a Self {
        arena.alloc(Self {
            entries: RefCell::new(BumpVec::with_capacity_in(capacity, arena)),
            nil: Cell::new(false),
        })
    }

    /// A nil map: empty, and nothing can be written to it (see [`Map::set`]).
    pub fn nil(arena: &'a Bump) -> &'a Self {
        let map = Self::new(arena);
        map.nil.set(true);
        map
    }

    pub fn is_nil(&self) -> bool {
        self.nil.get()
    }

    pub fn len(&self) -> usize {
        self.entries.borrow().len()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The value of the key, which counts as read from now on.
    pub fn get(&self, key: &[u8]) -> Option<Value<'a>> {
        self.read(key).map(|entry| entry.value)
    }

    /// The entry of the key, which counts as read from now on.
    pub fn read(&self, key: &[u8]) -> Option<Entry<'a>> {
        let mut entries = self.entries.borrow_mut();
        let at = entries.binary_search_by(|e| e.key.cmp(key)).ok()?;
        entries[at].read = true;
        Some(entries[at])
    }

    /// The entry of the key, without reading it.
    pub fn peek(&self, key: &[u8]) -> Option<Entry<'a>> {
        let entries = self.entries.borrow();
        entries.binary_search_by(|e| e.key.cmp(key)).ok().map(|at| entries[at])
    }

    pub fn contains(&self, key: &[u8]) -> bool {
        self.peek(key).is_some()
    }

    /// The entries as they are now, all of them read.
    pub(crate) fn range(&self, arena: &'a Bump) -> &'a [Entry<'a>] {
        for entry in self.entries.borrow_mut().iter_mut() {
            entry.read = true;
        }
        self.snapshot(arena)
    }

    /// Writes an entry, as Go does: fails on a nil map.
    pub fn set(&self, key: &'a [u8], value: Value<'a>) -> Result<(), crate::Fault> {
        if self.is_nil() {
            return Err("assignment to entry in nil map".into());
        }
        self.insert(key, value);
        Ok(())
    }

    /// Writes an entry while a map is built.
    pub fn insert(&self, key: &'a [u8], value: Value<'a>) {
        self.insert_from(key, value, Origin::NONE);
    }

    /// Writes an entry of which the place is known.
    pub fn insert_from(&self, key: &'a [u8], value: Value<'a>, origin: Origin) {
        self.nil.set(false);
        let mut entries = self.entries.borrow_mut();
        let entry = Entry { key, value, origin, read: false };
        // Most maps are built in order.
        if entries.last().is_none_or(|last| last.key < key) {
            return entries.push(entry);
        }
        match entries.binary_search_by(|e| e.key.cmp(key)) {
            Ok(at) => entries[at] = entry,
            Err(at) => entries.insert(at, entry),
        }
    }

    pub fn remove(&self, key: &[u8]) {
        let mut entries = self.entries.borrow_mut();
        if let Ok(at) = entries.binary_search_by(|e| e.key.cmp(key)) {
            entries.remove(at);
        }
    }

    /// The entries in the order of their keys. The map may change while it is iterated; what is yet to
    /// come is then what has moved to the next index. [`Map::snapshot`] is not moved by that.
    pub fn iter(&self) -> impl Iterator<Item = Entry<'a>> + '_ {
        let mut at = 0;
        std::iter::from_fn(move || {
            let entry = self.entries.borrow().get(at).copied();
            at += 1;
            entry
        })
    }

    /// The entries as they are now.
    pub fn snapshot(&self, arena: &'a Bump) -> &'a [Entry<'a>] {
        arena.alloc_slice_copy(&self.entries.borrow())
    }
}

/// A struct or a pointer to one. [`Struct`] does for plain data.
pub trait Object<'a> {
    fn object_type(&self) -> &'static ObjectType;

    /// Exported fields in order, as `%v` prints them.
    fn fields(&self) -> &'a [(&'static str, Value<'a>)] {
        &[]
    }

    /// The field of the name, embedded structs' too.
    fn field(&self, name: &str) -> Option<Value<'a>> {
        self.fields().iter().find(|(field, _)| *field == name).map(|(_, value)| *value)
    }

    /// What its `String` or `Error` method says, which `%v` and `%s` then print in place of the fields.
    fn text(&self) -> Option<Vec<u8>> {
        None
    }

    /// What a template prints where that is not what `%v` does: the `String` method of a pointer to the struct.
    fn printed(&self) -> Option<Vec<u8>> {
        None
    }

    /// What JSON and similar are made of.
    fn encoded(&self) -> Encoded<'a> {
        match self.text() {
            Some(text) => Encoded::Text(text),
            None => Encoded::Fields(self.fields()),
        }
    }

    /// The integer that it is, where its type is another name for one: `time.Duration`.
    fn integer(&self) -> Option<i64> {
        None
    }

    /// Whether it is a nil pointer.
    fn is_nil(&self) -> bool {
        false
    }

    /// For functions that want their own type back: `Some(self)` where it holds no value of the arena.
    fn as_any(&self) -> Option<&dyn Any> {
        None
    }
}

/// What an object is in JSON.
#[derive(Clone, Debug)]
pub enum Encoded<'a> {
    Text(Vec<u8>),
    /// Another value.
    Value(Value<'a>),
    /// Fields in their order, with their names there.
    Fields(&'a [(&'static str, Value<'a>)]),
}

/// An object of plain data.
#[derive(Debug)]
pub struct Struct<'a> {
    pub ty: &'static ObjectType,
    /// An embedded struct is a field of its own, whose fields are found through it.
    pub fields: &'a [(&'static str, Value<'a>)],
    /// The names of the fields that are embedded.
    pub embedded: &'static [&'static str],
}

impl<'a> Object<'a> for Struct<'a> {
    fn object_type(&self) -> &'static ObjectType {
        self.ty
    }

    fn fields(&self) -> &'a [(&'static str, Value<'a>)] {
        self.fields
    }

    fn field(&self, name: &str) -> Option<Value<'a>> {
        let own = self.fields.iter().find(|(field, _)| *field == name).map(|(_, value)| *value);
        own.or_else(|| {
            self.embedded.iter().find_map(|embedded| {
                match self.fields.iter().find(|(field, _)| field == embedded)? {
                    (_, Value::Object(inner)) => inner.field(name),
                    _ => None,
                }
            })
        })
    }
}

/// A function as a value, for `call`.
#[derive(Debug)]
pub struct Func<'a> {
    /// As `%T` prints it: `func(string) string`.
    pub type_name: &'static str,
    pub function: &'static Function,
    /// Comes first among the arguments, where it is the method of a value.
    pub receiver: Option<Value<'a>>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_three_words() {
        assert_eq!(size_of::<Value<'_>>(), 24);
    }

    #[test]
    fn maps_are_sorted_and_shared() {
        let arena = Bump::new();
        let map = Map::new(&arena);
        for key in ["b", "a", "_x", "10", "9", "a"] {
            map.insert(key.as_bytes(), Value::str(key));
        }
        let other = Value::map(map);
        map.remove(b"9");
        let keys: Vec<_> = other
            .as_map()
            .unwrap()
            .iter()
            .map(|e| String::from_utf8_lossy(e.key).into_owned())
            .collect();
        assert_eq!(keys, ["10", "_x", "a", "b"]);
        assert!(map.set(b"z", Value::Nil).is_ok());
        assert!(Map::nil(&arena).set(b"z", Value::Nil).is_err());
    }
}

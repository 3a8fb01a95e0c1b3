//! `.Files`: the files of a chart that are no templates.

use bumpalo::Bump;
use go_template::value::{BYTES, Map, MapType, STRINGS, Type};
use go_template::{Fault, Function, Runtime, Value};
use jinnacle_functions::encoding::base64;
use jinnacle_functions::glob::Glob;
use jinnacle_functions::paths::base;
use jinnacle_functions::text::split;

use crate::encode::yaml;

static FILES: MapType =
    MapType { name: "engine.files", elem: Type::List(&BYTES), methods: METHODS };

/// The files of a chart by their paths.
pub fn files<'a>(
    arena: &'a Bump,
    files: impl IntoIterator<Item = (&'a str, &'a [u8])>,
) -> Value<'a> {
    let map = Map::new(arena);
    for (name, bytes) in files {
        map.insert(name.as_bytes(), Value::Bytes(bytes));
    }
    Value::Map(map, &FILES)
}

const S: Type = Type::String;

static METHODS: &[Function] = &[
    Function::new("AsConfig", &[], |rt, a| by_base_name(rt, a, |rt, bytes| rt.string(bytes))),
    Function::new("AsSecrets", &[], |rt, a| {
        by_base_name(rt, a, |rt, bytes| rt.string(base64(bytes)))
    }),
    Function::new("Get", &[S], |_, a| Ok(Value::Str(bytes(a)))),
    Function::new("GetBytes", &[S], |_, a| Ok(Value::Bytes(bytes(a)))),
    Function::new("Glob", &[S], |rt, a| {
        let glob = Glob::or_everything(&String::from_utf8_lossy(a[1].text()));
        let found = rt.new_map();
        for entry in a[0].as_map().into_iter().flat_map(|map| map.iter()) {
            if glob.matches(&String::from_utf8_lossy(entry.key)) {
                found.insert(entry.key, entry.value);
            }
        }
        Ok(Value::Map(found, &FILES))
    }),
    Function::new("Lines", &[S], |rt, a| {
        let is_there = a[0].as_map().is_some_and(|map| map.contains(a[1].text()));
        let text = bytes(a);
        let text = text.strip_suffix(b"\n").unwrap_or(text);
        let lines = if is_there { split(text, b"\n", -1) } else { Vec::new() };
        Ok(rt.typed_list(&STRINGS, lines.into_iter().map(Value::Str)))
    }),
];

/// The file of the name in the argument.
fn bytes<'a>(a: &[Value<'a>]) -> &'a [u8] {
    match a[0].as_map().and_then(|map| map.get(a[1].text())) {
        Some(Value::Bytes(bytes)) => bytes,
        _ => b"",
    }
}

fn by_base_name<'a>(
    rt: &mut Runtime<'a>,
    a: &[Value<'a>],
    content: impl Fn(&Runtime<'a>, &'a [u8]) -> Value<'a>,
) -> Result<Value<'a>, Fault> {
    let map = rt.new_map();
    for entry in a[0].as_map().into_iter().flat_map(|map| map.iter()) {
        if let Value::Bytes(bytes) = entry.value {
            map.insert(rt.copy(base(&String::from_utf8_lossy(entry.key))), content(rt, bytes));
        }
    }
    Ok(rt.string(yaml(Value::map(map)).unwrap_or_default()))
}

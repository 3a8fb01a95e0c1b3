//! Values as JSON, YAML and TOML, and back.

use go_template::value::{List, Map, Object};
use go_template::{Runtime, Value, value::Encoded};
use jinnacle_functions::json::{self, Writer};
use jinnacle_functions::yaml::{Dialect, Emitter, Tree, sort_keys};

use crate::objects;

/// JSON as encoding/json writes it. The error is Go's.
pub fn json(value: Value, escapes_html: bool, is_pretty: bool) -> Result<Vec<u8>, String> {
    let mut writer = Writer::new(escapes_html, is_pretty);
    write_json(value, &mut writer, 0)?;
    Ok(writer.finish())
}

fn write_json(value: Value, out: &mut Writer, depth: u32) -> Result<(), String> {
    check(depth)?;
    match value {
        Value::Nil => out.null(),
        Value::Bool(value) => out.bool(value),
        Value::Int(int, _) => out.raw(int.to_string().as_bytes()),
        Value::Uint(uint, _) => out.raw(uint.to_string().as_bytes()),
        Value::Float(float) => out.float(finite(float)?),
        Value::Str(text) => out.string(text),
        Value::Bytes(bytes) => out.string(jinnacle_functions::encoding::base64(bytes).as_bytes()),
        Value::List(list) if list.is_nil => out.null(),
        Value::List(list) => {
            out.begin_list();
            for item in list.values() {
                write_json(item, out, depth + 1)?;
            }
            out.end_list();
        }
        Value::Map(map, _) if map.is_nil() => out.null(),
        Value::Map(map, _) => {
            out.begin_map();
            for entry in map.iter() {
                out.string(entry.key);
                write_json(entry.value, out, depth + 1)?;
            }
            out.end_map();
        }
        Value::Object(object) if object.is_nil() => out.null(),
        Value::Object(object) => match object.encoded() {
            Encoded::Text(text) => out.string(&text),
            Encoded::Value(value) => write_json(value, out, depth + 1)?,
            Encoded::Fields(fields) => {
                out.begin_map();
                for (name, value) in fields {
                    out.string(name.as_bytes());
                    write_json(*value, out, depth + 1)?;
                }
                out.end_map();
            }
        },
        Value::Complex(..) | Value::Func(_) => {
            return Err(format!("json: unsupported type: {}", value.type_name()));
        }
    }
    Ok(())
}

/// A value that is nested deeper holds itself, as far as Go's encoders are concerned.
const DEEPEST: u32 = 1000;

fn check(depth: u32) -> Result<(), String> {
    if depth > DEEPEST {
        let name = go_template::value::MAP.name;
        return Err(format!("json: unsupported value: encountered a cycle via {name}"));
    }
    Ok(())
}

fn finite(float: f64) -> Result<f64, String> {
    if float.is_finite() {
        Ok(float)
    } else {
        Err(format!("json: unsupported value: {}", jinnacle_functions::number::shortest(float)))
    }
}

/// YAML as `toYaml` prints it: what go-yaml 2 makes of the JSON of the value, without its last line break.
pub fn yaml(value: Value) -> Result<Vec<u8>, String> {
    let mut emitter = Emitter::new(Dialect::V2);
    write_yaml(value, &mut emitter, Dialect::V2, 0)?;
    Ok(without_last_break(emitter.finish()))
}

/// YAML as `toYamlPretty` prints it: what go-yaml 3 makes of the value.
pub fn pretty_yaml(value: Value) -> Result<Vec<u8>, String> {
    let mut emitter = Emitter::new(Dialect::V3);
    write_yaml(value, &mut emitter, Dialect::V3, 0)?;
    Ok(without_last_break(emitter.finish()))
}

fn without_last_break(mut text: Vec<u8>) -> Vec<u8> {
    if text.last() == Some(&b'\n') {
        text.pop();
    }
    text
}

fn write_yaml(value: Value, out: &mut Emitter, dialect: Dialect, depth: u32) -> Result<(), String> {
    check(depth)?;
    match value {
        Value::Nil => out.null(),
        Value::Bool(value) => out.bool(value),
        Value::Int(int, _) => out.integer(&int.to_string()),
        Value::Uint(uint, _) => out.integer(&uint.to_string()),
        Value::Float(float) => write_float(float, out, dialect)?,
        Value::Str(text) => write_text(text, out, dialect, false)?,
        Value::Bytes(bytes) if dialect == Dialect::V3 => {
            out.begin_list(bytes.len());
            bytes.iter().for_each(|byte| out.integer(&byte.to_string()));
            out.end_list();
        }
        Value::Bytes(bytes) => out.string(jinnacle_functions::encoding::base64(bytes).as_bytes()),
        Value::List(list) if list.is_nil && dialect == Dialect::V2 => out.null(),
        Value::List(list) => {
            out.begin_list(list.len());
            for item in list.values() {
                write_yaml(item, out, dialect, depth + 1)?;
            }
            out.end_list();
        }
        Value::Map(map, _) if map.is_nil() && dialect == Dialect::V2 => out.null(),
        Value::Map(map, _) => {
            let entries = map.iter().map(|entry| (entry.key, entry.value)).collect();
            write_entries(entries, out, dialect, depth)?;
        }
        Value::Object(object) if object.is_nil() => out.null(),
        Value::Object(object) => match object.encoded() {
            // Go's own YAML knows points in time.
            Encoded::Text(text) if dialect == Dialect::V3 && objects::moment(value).is_some() => {
                out.integer(&String::from_utf8_lossy(&text));
            }
            Encoded::Text(text) => write_text(&text, out, dialect, false)?,
            Encoded::Value(_) if dialect == Dialect::V3 => {
                write_text(&object.text().unwrap_or_default(), out, dialect, false)?;
            }
            Encoded::Value(value) => write_yaml(value, out, dialect, depth + 1)?,
            // It sees the struct and not its JSON: the fields in their order, in small letters.
            Encoded::Fields(_) if dialect == Dialect::V3 => {
                let fields: Vec<_> = exported(object).collect();
                out.begin_map(fields.len());
                for (name, value) in fields {
                    write_text(name.to_lowercase().as_bytes(), out, dialect, true)?;
                    write_yaml(value, out, dialect, depth + 1)?;
                }
                out.end_map();
            }
            Encoded::Fields(fields) => {
                let entries =
                    fields.iter().map(|(name, value)| (name.as_bytes(), *value)).collect();
                write_entries(entries, out, dialect, depth)?;
            }
        },
        Value::Complex(..) | Value::Func(_) => {
            return Err(match dialect {
                Dialect::V2 => format!("json: unsupported type: {}", value.type_name()),
                Dialect::V3 => format!("cannot marshal type: {}", value.type_name()),
            });
        }
    }
    Ok(())
}

/// The fields of a struct that encoders see.
fn exported<'a>(
    object: &dyn Object<'a>,
) -> impl Iterator<Item = (&'static str, Value<'a>)> + use<'a> {
    let fields = object.fields();
    fields.iter().copied().filter(|(name, _)| name.starts_with(|c: char| c.is_ascii_uppercase()))
}

fn write_entries(
    mut entries: Vec<(&[u8], Value)>,
    out: &mut Emitter,
    dialect: Dialect,
    depth: u32,
) -> Result<(), String> {
    sort_keys(dialect, &mut entries, |(key, _)| key);
    out.begin_map(entries.len());
    for (key, value) in entries {
        write_text(key, out, dialect, true)?;
        write_yaml(value, out, dialect, depth + 1)?;
    }
    out.end_map();
    Ok(())
}

fn write_float(float: f64, out: &mut Emitter, dialect: Dialect) -> Result<(), String> {
    if dialect == Dialect::V3 {
        out.float(float);
        return Ok(());
    }
    // The digits of JSON are read as an integer where they fit in 64 bits.
    let text = json::float_text(finite(float)?);
    if text == "-0" {
        out.integer("0");
    } else if text.parse::<i64>().is_ok() || text.parse::<u64>().is_ok() {
        out.integer(&text);
    } else {
        out.float(float);
    }
    Ok(())
}

/// A key of JSON that is longer can be no key of YAML, whose readers look no further ahead.
const LONGEST_KEY: usize = 1024;

/// Writes a string as it comes through JSON and go-yaml's reader, which has no C1 controls and takes a NEL for a line
/// break.
fn write_text(
    text: &[u8],
    out: &mut Emitter,
    dialect: Dialect,
    is_key: bool,
) -> Result<(), String> {
    // Nearly every string is such a one.
    let is_simple = text.iter().all(|b| (b' '..=b'~').contains(b) || *b == b'\n');
    if dialect == Dialect::V3 || is_simple && !(is_key && text.len() > LONGEST_KEY / 6) {
        out.string(text);
        return Ok(());
    }
    let valid = String::from_utf8_lossy(text);
    let is_refused =
        |c: char| matches!(c, '\u{7f}'..='\u{84}' | '\u{86}'..='\u{9f}' | '\u{fffe}' | '\u{ffff}');
    if valid.contains(is_refused) {
        return Err("yaml: control characters are not allowed".to_owned());
    }
    if is_key && valid.contains('\u{85}') {
        return Err("yaml: could not find expected ':'".to_owned());
    }
    if is_key {
        let mut quoted = Vec::new();
        json::write_string(text, true, &mut quoted);
        if String::from_utf8_lossy(&quoted).chars().count() > LONGEST_KEY {
            return Err("yaml: did not find expected ',' or '}'".to_owned());
        }
    }
    if valid.contains('\u{85}') {
        out.string(folded(&valid).as_bytes());
    } else {
        out.string(valid.as_bytes());
    }
    Ok(())
}

/// Line breaks in a quoted string become spaces, and the spaces around them vanish; of several one is left out.
fn folded(text: &str) -> String {
    let mut out = String::new();
    let mut lines = text.split('\u{85}');
    out.push_str(lines.next().unwrap_or_default());
    let mut breaks = 0;
    for line in lines {
        breaks += 1;
        let line = line.trim_start_matches(' ');
        if line.is_empty() {
            continue;
        }
        out.truncate(out.trim_end_matches(' ').len());
        if breaks == 1 {
            out.push(' ');
        }
        out.extend(std::iter::repeat_n('\n', breaks - 1));
        out.push_str(line);
        breaks = 0;
    }
    if breaks > 0 {
        out.truncate(out.trim_end_matches(' ').len());
        out.push_str(&if breaks == 1 { " ".to_owned() } else { "\n".repeat(breaks - 1) });
    }
    out
}

/// The value as a tree, for TOML.
pub fn to_tree(value: Value) -> Result<Tree, String> {
    tree(value, 0)
}

fn tree(value: Value, depth: u32) -> Result<Tree, String> {
    check(depth)?;
    Ok(match value {
        Value::Nil => Tree::Null,
        Value::Bool(value) => Tree::Bool(value),
        Value::Int(int, _) => Tree::Int(int),
        Value::Uint(uint, _) => Tree::Int(uint.cast_signed()),
        Value::Float(float) => Tree::Float(float),
        Value::Str(text) => Tree::String(text.to_vec()),
        Value::Bytes(bytes) => Tree::List(bytes.iter().map(|b| Tree::Int(i64::from(*b))).collect()),
        Value::List(list) => {
            Tree::List(list.values().map(|item| tree(item, depth + 1)).collect::<Result<_, _>>()?)
        }
        Value::Map(map, _) => Tree::Map(
            map.iter()
                .filter(|entry| !is_nil(entry.value))
                .map(|entry| Ok((entry.key.to_vec(), tree(entry.value, depth + 1)?)))
                .collect::<Result<_, String>>()?,
        ),
        Value::Object(object) => match object.encoded() {
            _ if objects::moment(value).is_some() => {
                objects::moment(value).map_or(Tree::Null, Tree::Time)
            }
            Encoded::Text(text) => Tree::String(text),
            Encoded::Value(value) => tree(value, depth + 1)?,
            Encoded::Fields(_) => {
                let mut entries = Vec::new();
                table(object, depth, &mut entries)?;
                Tree::Map(entries)
            }
        },
        Value::Complex(..) | Value::Func(_) => {
            return Err(format!("unsupported type: {}", value.kind().name()));
        }
    })
}

/// The fields of a struct by their names in Go, those of an embedded one among them; what is nil is left out.
fn table<'a>(
    object: &dyn Object<'a>,
    depth: u32,
    entries: &mut Vec<(Vec<u8>, Tree)>,
) -> Result<(), String> {
    let ty = object.object_type().name;
    for (name, value) in exported(object) {
        match value {
            nil if is_nil(nil) => {}
            // The type of an anonymous struct says what is embedded in it.
            Value::Object(inner) if ty.contains(&format!(".{name};")) => {
                table(inner, depth, entries)?
            }
            value => entries.push((name.as_bytes().to_vec(), tree(value, depth + 1)?)),
        }
    }
    Ok(())
}

/// What TOML leaves out of maps and structs.
fn is_nil(value: Value) -> bool {
    match value {
        Value::Nil => true,
        Value::List(list) => list.is_nil,
        Value::Map(map, _) => map.is_nil(),
        _ => false,
    }
}

/// A tree as values of a run: `[]interface {}` and `map[string]interface {}`.
pub fn from_tree<'a>(rt: &Runtime<'a>, tree: &Tree) -> Value<'a> {
    match tree {
        Tree::Null => Value::Nil,
        Tree::Bool(value) => Value::Bool(*value),
        Tree::Int(int) => Value::int64(*int),
        Tree::Float(float) => Value::Float(*float),
        Tree::String(text) => rt.string(text),
        Tree::Time(moment) => objects::time(rt, *moment),
        Tree::List(items) => {
            rt.list(items.iter().map(|item| from_tree(rt, item)).collect::<Vec<_>>())
        }
        Tree::Map(entries) => {
            let map = Map::with_capacity(rt.arena(), entries.len());
            for (key, value) in entries {
                map.insert(rt.copy(key), from_tree(rt, value));
            }
            Value::map(map)
        }
    }
}

/// A nil list of the type.
pub fn nil_list<'a>(rt: &Runtime<'a>) -> Value<'a> {
    Value::List(List::nil(rt.arena(), &go_template::value::LIST))
}

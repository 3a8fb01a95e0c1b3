//! YAML, JSON and TOML. Helm's own functions have errors as strings, those with `must` fail.

use go_template::value::Map;
use jinnacle_functions::yaml::{self, Tree};
use jinnacle_functions::{json, toml};

use super::*;
use crate::encode::{self, from_tree};

pub static TABLE: &[Function] = &[
    Function::new("toYaml", &[A], |rt, a| lenient(rt, encode::yaml(a[0]))),
    Function::new("toYamlPretty", &[A], |rt, a| strict(rt, encode::pretty_yaml(a[0]))),
    Function::new("toJson", &[A], |rt, a| lenient(rt, encode::json(a[0], true, false))),
    Function::new("toPrettyJson", &[A], |rt, a| lenient(rt, encode::json(a[0], true, true))),
    Function::new("toRawJson", &[A], |rt, a| strict(rt, encode::json(a[0], false, false))),
    Function::new("mustToJson", &[A], |rt, a| strict(rt, encode::json(a[0], true, false))),
    Function::new("mustToPrettyJson", &[A], |rt, a| strict(rt, encode::json(a[0], true, true))),
    Function::new("mustToRawJson", &[A], |rt, a| strict(rt, encode::json(a[0], false, false))),
    Function::new("toToml", &[A], |rt, a| {
        if matches!(a[0], Value::Nil) {
            return Err("reflect: call of reflect.Value.Type on zero Value".into());
        }
        let text = encode::to_tree(a[0]).and_then(|tree| toml::write(&tree));
        string(rt, text.unwrap_or_else(String::into_bytes))
    }),
    Function::new("fromYaml", &[S], |rt, a| {
        let tree = read_yaml(a[0].text(), Tree::Map(Vec::new()));
        Ok(map_or_error(rt, tree.and_then(|tree| as_map(tree).map_err(of_yaml))))
    }),
    Function::new("fromYamlArray", &[S], |rt, a| {
        let tree = read_yaml(a[0].text(), Tree::List(Vec::new()));
        Ok(list_or_error(rt, tree.and_then(|tree| as_list(tree).map_err(of_yaml))))
    }),
    Function::new("fromJson", &[S], |rt, a| {
        let (tree, error) = match json::read_on(a[0].text()) {
            Ok((tree, error)) => (as_map(tree), error),
            Err(error) => (Err(error), None),
        };
        // Of two errors, the type's comes first.
        let error = error.filter(|_| tree.is_ok());
        let map = map_or_error(rt, tree);
        if let (Value::Map(map, _), Some(error)) = (map, error) {
            map.insert(b"Error", rt.string(error));
        }
        Ok(map)
    }),
    Function::new("fromJsonArray", &[S], |rt, a| {
        let list = json::read_on(a[0].text()).and_then(|(tree, error)| {
            let list = as_list(tree)?;
            error.map_or(Ok(list), Err)
        });
        Ok(list_or_error(rt, list))
    }),
    Function::new("mustFromJson", &[S], |rt, a| {
        json::read(a[0].text()).map(|tree| from_tree(rt, &tree)).map_err(message)
    }),
    Function::new("fromToml", &[S], |rt, a| Ok(map_or_error(rt, toml::read(a[0].text())))),
];

/// What Helm 4 has beyond them.
pub static TABLE_OF_4: &[Function] = &[
    Function::new("mustToYaml", &[A], |rt, a| strict(rt, encode::yaml(a[0]))),
    Function::new("mustToToml", &[A], |rt, a| {
        strict(rt, encode::to_tree(a[0]).and_then(|tree| toml::write(&tree)))
    }),
];

/// The text, or an empty one where there is an error.
fn lenient<'a>(rt: &Runtime<'a>, text: Result<Vec<u8>, String>) -> Answer<'a> {
    string(rt, text.unwrap_or_default())
}

fn strict<'a>(rt: &Runtime<'a>, text: Result<Vec<u8>, String>) -> Answer<'a> {
    text.map(|text| rt.string(text)).map_err(message)
}

/// Reads YAML; null leaves what there was.
fn read_yaml(text: &[u8], before: Tree) -> Result<Tree, String> {
    match yaml::read(text) {
        Ok(Tree::Null) => Ok(before),
        Ok(tree) => Ok(tree),
        Err(error) => Err(format!("error converting YAML to JSON: {error}")),
    }
}

fn of_yaml(error: String) -> String {
    format!("error unmarshaling JSON: while decoding JSON: {error}")
}

fn as_map(tree: Tree) -> Result<Tree, String> {
    match tree {
        Tree::Map(_) | Tree::Null => Ok(tree),
        other => Err(wrong_type(&other, go_template::value::MAP.name)),
    }
}

fn as_list(tree: Tree) -> Result<Tree, String> {
    match tree {
        Tree::List(_) | Tree::Null => Ok(tree),
        other => Err(wrong_type(&other, go_template::value::LIST.name)),
    }
}

fn wrong_type(tree: &Tree, wanted: &str) -> String {
    let found = match tree {
        Tree::Bool(_) => "bool",
        Tree::Int(_) | Tree::Float(_) => "number",
        Tree::List(_) => "array",
        Tree::Map(_) => "object",
        _ => "string",
    };
    format!("json: cannot unmarshal {found} into Go value of type {wanted}")
}

/// A `map[string]interface {}`, which null makes a nil one; an error is its entry `Error`.
fn map_or_error<'a>(rt: &Runtime<'a>, tree: Result<Tree, String>) -> Value<'a> {
    match tree {
        Ok(Tree::Null) => Value::map(Map::nil(rt.arena())),
        Ok(tree) => from_tree(rt, &tree),
        Err(error) => {
            let map = rt.new_map();
            map.insert(b"Error", rt.string(error));
            Value::map(map)
        }
    }
}

/// A `[]interface {}`; an error is its only element.
fn list_or_error<'a>(rt: &Runtime<'a>, tree: Result<Tree, String>) -> Value<'a> {
    match tree {
        Ok(Tree::Null) => encode::nil_list(rt),
        Ok(tree) => from_tree(rt, &tree),
        Err(error) => rt.list([rt.string(error)]),
    }
}

//! Merging and `--set` against small models of them.

use jinnacle::json::to_json;
use jinnacle::release::HelmVersion;
use jinnacle::source::Source;
use jinnacle::values::{SetFlag, coalesce, set};
use jinnacle::yaml::{Kind, Limits, Map, Node, read};
use proptest::prelude::*;
use serde_json::{Value, json};

/// A map as a values file would give it.
fn map(value: &Value) -> Map {
    let source = Source::new("values.yaml", value.to_string());
    match read(&source, &Limits::default()).unwrap().root.kind {
        Kind::Map(map) => map,
        other => panic!("no map: {other:?}"),
    }
}

fn value(map: Map) -> Value {
    let source = Source::new("", "");
    to_json(&Node::new(Kind::Map(map), jinnacle::source::Span::whole(&source)))
}

fn scalar() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i32>().prop_map(Value::from),
        "[a-z ]{0,4}".prop_map(Value::from),
    ]
}

fn tree() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![3 => scalar(), 1 => prop::collection::vec(scalar(), 0..3).prop_map(Value::from)];
    let inner = leaf.prop_recursive(3, 12, 3, |inner| {
        prop::collection::btree_map("[a-d]", inner, 0..4).prop_map(|map| json!(map))
    });
    prop::collection::btree_map("[a-d]", inner, 0..4).prop_map(|map| json!(map))
}

/// Maps join, everything else replaces.
fn merged(below: &Value, above: &Value) -> Value {
    match (below, above) {
        (Value::Object(under), Value::Object(over)) => {
            let mut all = under.clone();
            for (key, value) in over {
                let value =
                    under.get(key).map_or_else(|| value.clone(), |under| merged(under, value));
                all.insert(key.clone(), value);
            }
            Value::Object(all)
        }
        _ => above.clone(),
    }
}

/// One step of a path in `--set`.
#[derive(Clone, Debug)]
enum Step {
    Key(String),
    Index(usize),
}

fn path() -> impl Strategy<Value = Vec<Step>> {
    let step =
        prop_oneof![2 => "[a-c]".prop_map(Step::Key), 1 => (0_usize..3).prop_map(Step::Index)];
    ("[a-c]", prop::collection::vec(step, 0..4))
        .prop_map(|(first, more)| [Step::Key(first)].into_iter().chain(more).collect())
}

/// A value with the way it is written; the empty text is left out, which a list loses in Helm.
fn word() -> impl Strategy<Value = (String, Value)> {
    prop_oneof![
        any::<i32>().prop_map(|number| (number.to_string(), json!(number))),
        any::<bool>().prop_map(|word| (word.to_string(), json!(word))),
        Just(("null".to_owned(), Value::Null)),
        prop::sample::select(vec!["1.5", "007", "yes", "a b"])
            .prop_map(|text| (text.to_owned(), json!(text))),
        Just((r"a\,b".to_owned(), json!("a,b"))),
        Just(("{x,1}".to_owned(), json!(["x", 1]))),
    ]
}

fn written(path: &[Step]) -> String {
    let mut text = String::new();
    for step in path {
        match step {
            Step::Key(key) if text.is_empty() => text.push_str(key),
            Step::Key(key) => text.push_str(&format!(".{key}")),
            Step::Index(index) => text.push_str(&format!("[{index}]")),
        }
    }
    text
}

/// Sets a value on its path; no way through what is of another kind, but a key in a list's entry begins a new map
/// there.
fn assigned(at: Option<Value>, path: &[Step], new: &Value, in_list: bool) -> Option<Value> {
    match path {
        [] => Some(new.clone()),
        [Step::Key(key), rest @ ..] => {
            let mut map = match at {
                Some(Value::Object(map)) => map,
                None => serde_json::Map::new(),
                Some(_) if in_list => serde_json::Map::new(),
                Some(_) => return None,
            };
            let below = map.remove(key);
            let value = assigned(below, rest, new, false)?;
            map.insert(key.clone(), value);
            Some(Value::Object(map))
        }
        [Step::Index(index), rest @ ..] => {
            let mut list = match at {
                Some(Value::Array(list)) => list,
                None => Vec::new(),
                Some(Value::Null) if in_list => Vec::new(),
                Some(_) => return None,
            };
            let below = list.get(*index).cloned();
            while list.len() <= *index {
                list.push(Value::Null);
            }
            list[*index] = assigned(below, rest, new, true)?;
            Some(Value::Array(list))
        }
    }
}

proptest! {
    #[test]
    fn merging_follows_the_model(below in tree(), above in tree()) {
        let mut found = map(&below);
        coalesce::merge(&mut found, map(&above));
        prop_assert_eq!(value(found), merged(&below, &above));
    }

    #[test]
    fn setting_follows_the_model(start in tree(), steps in prop::collection::vec((path(), word()), 1..4)) {
        let argument: Vec<String> = steps.iter().map(|(path, (text, _))| format!("{}={text}", written(path))).collect();
        let model = steps.iter().try_fold(start.clone(), |at, (path, (_, new))| assigned(Some(at), path, new, false));
        let mut found = map(&start);
        let source = Source::new("--set", argument.join(","));
        let result = set::apply(&mut found, &source, SetFlag::Typed, HelmVersion::default(), &mut |_| Err("no file".to_owned()));
        match model {
            Some(model) => {
                prop_assert!(result.is_ok(), "{:?}", result);
                prop_assert_eq!(value(found), model);
            }
            None => prop_assert!(result.is_err()),
        }
    }

    #[test]
    fn no_argument_panics(text in "[a-c.=,\\[\\]{}0-9\\\\\"é ]{0,16}") {
        for flag in [SetFlag::Json, SetFlag::Typed, SetFlag::Text, SetFlag::File, SetFlag::Literal] {
            let source = Source::new(flag.flag(), text.as_str());
            let mut found = Map::new();
            // A refusal is as good as a result.
            let _ = set::apply(&mut found, &source, flag, HelmVersion::default(), &mut |_| Err("no file".to_owned()));
        }
    }
}

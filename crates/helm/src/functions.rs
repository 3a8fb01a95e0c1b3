//! The functions of Helm's templates: Sprig's without `env` and `expandenv`, and Helm's own. Go's built-in ones are the
//! engine's.

mod choices;
mod crypto;
mod dates;
mod encodings;
mod formats;
mod kinds;
mod lists;
mod maps;
mod numbers;
mod paths;
mod regexes;
mod strings;
mod templates;
mod versions;

use std::borrow::Cow;

use go_template::value::Type;
use go_template::{Fault, Function, Functions, Runtime, Value};

use crate::{Difference, HelmVersion};

/// Every function that a version of Helm has.
pub fn functions(version: HelmVersion) -> Functions {
    let mut tables = vec![
        choices::TABLE,
        crypto::TABLE,
        dates::TABLE,
        encodings::TABLE,
        formats::TABLE,
        kinds::TABLE,
        lists::TABLE,
        maps::TABLE,
        numbers::TABLE,
        paths::TABLE,
        regexes::TABLE,
        strings::TABLE,
        templates::TABLE,
        versions::TABLE,
    ];
    if version.has(Difference::Functions) {
        tables.push(formats::TABLE_OF_4);
        tables.push(dates::TABLE_OF_4);
    }
    Functions::new(&tables)
}

// Go's types as the tables write them.
const A: Type = Type::Any;
const S: Type = Type::String;
const I: Type = Type::INT;
const M: Type = Type::MAP;

type Answer<'a> = Result<Value<'a>, Fault>;

/// The string of an argument, what is no UTF-8 replaced as Go's functions on characters do.
fn utf8<'a>(value: Value<'a>) -> Cow<'a, str> {
    String::from_utf8_lossy(value.text())
}

/// A count of an argument, which is not negative.
fn size(count: i64, problem: &str) -> Result<usize, Fault> {
    usize::try_from(count).map_err(|_| problem.into())
}

/// Go's panic when a function looks at the type of nil.
const NIL_POINTER: &str = "runtime error: invalid memory address or nil pointer dereference";

fn bool<'a>(value: bool) -> Answer<'a> {
    Ok(Value::Bool(value))
}

fn string<'a>(rt: &Runtime<'a>, text: impl AsRef<[u8]>) -> Answer<'a> {
    Ok(rt.string(text))
}

fn message(error: String) -> Fault {
    Fault::Message(error)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Sprig's without `env` and `expandenv`, Helm's own and the 18 of Go's templates.
    #[test]
    fn each_version_has_its_functions() {
        assert_eq!(functions(HelmVersion::THREE).names().count(), 238);
        assert_eq!(functions(HelmVersion::FOUR).names().count(), 251);
    }
}

//! `files`: the files of a chart that are neither its metadata nor values, schema, templates or subcharts.

use std::sync::Arc;

use jinnacle_functions::encoding::base64;
use jinnacle_functions::glob::Glob;
use minijinja::value::{Enumerator, Object, Value, from_args};
use minijinja::{Error, ErrorKind, State};

use crate::chart::File;

/// Files by path: `files.get("x")`, `files["x"]`, `{% for path, text in files | items %}`.
#[derive(Debug)]
pub struct Files(Vec<File>);

impl Files {
    /// The files as templates see them.
    pub fn value(files: &[File]) -> Value {
        Value::from_object(Self(files.to_vec()))
    }

    fn bytes(&self, path: &str) -> Option<&Arc<[u8]>> {
        self.0.iter().find(|file| file.path == path).map(|file| &file.bytes)
    }

    fn text(&self, path: &str) -> Option<String> {
        self.bytes(path).map(|bytes| String::from_utf8_lossy(bytes).into_owned())
    }

    /// A map from base names to what is made of the files, by name.
    fn by_base_name(&self, made: impl Fn(&File) -> String) -> Value {
        let base = |file: &File| file.path.rsplit('/').next().unwrap_or_default().to_owned();
        let mut entries: Vec<(String, String)> =
            self.0.iter().map(|file| (base(file), made(file))).collect();
        entries.sort();
        Value::from_pairs(entries)
    }
}

impl Object for Files {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        self.text(key.as_str()?).map(Value::from)
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::Values(self.0.iter().map(|file| Value::from(file.path.as_str())).collect())
    }

    /// Helm's methods. A file that is not there is empty, as in Helm. `asConfig` and `asSecrets` give a map,
    /// which prints as one: `data: {{ files.glob("conf/*").asConfig() }}`.
    fn call_method(
        self: &Arc<Self>,
        _: &mut State<'_, '_>,
        method: &str,
        args: &[Value],
    ) -> Result<Value, Error> {
        let path = || from_args::<(&str,)>(args).map(|(path,)| path);
        Ok(match method {
            "get" | "Get" => self.text(path()?).unwrap_or_default().into(),
            "getBytes" | "GetBytes" => Value::from_bytes(
                self.bytes(path()?).map(|bytes| bytes.to_vec()).unwrap_or_default(),
            ),
            "glob" | "Glob" => {
                let glob = Glob::or_everything(path()?);
                let chosen = self.0.iter().filter(|file| glob.matches(&file.path));
                Value::from_object(Self(chosen.cloned().collect()))
            }
            "lines" | "Lines" => match self.text(path()?) {
                None => Value::from(Vec::<Value>::new()),
                Some(text) => text.strip_suffix('\n').unwrap_or(&text).split('\n').collect(),
            },
            "asConfig" | "AsConfig" => {
                self.by_base_name(|file| String::from_utf8_lossy(&file.bytes).into_owned())
            }
            "asSecrets" | "AsSecrets" => self.by_base_name(|file| base64(&file.bytes)),
            _ => return Err(ErrorKind::UnknownMethod.into()),
        })
    }
}

//! `files`: the files of a chart that are neither its metadata nor values, schema, templates or subcharts.

use std::sync::Arc;

use jinnacle_functions::encoding::base64;
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
                let pattern = path()?;
                let chosen = self.0.iter().filter(|file| glob_matches(pattern, &file.path));
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

/// Globs of files: `*` and `?` stop at slashes, `**` does not, `[a-z]`, `[!a-z]`, `{a,b}`, `\` escapes.
fn glob_matches(glob: &str, path: &str) -> bool {
    let glob: Vec<char> = glob.chars().collect();
    let path: Vec<char> = path.chars().collect();
    alternatives(&glob).iter().any(|glob| matches(glob, &path))
}

/// The most patterns that the braces of one may stand for.
const MAX_ALTERNATIVES: usize = 1024;

/// The patterns without braces that a pattern stands for.
fn alternatives(glob: &[char]) -> Vec<Vec<char>> {
    let mut done = Vec::new();
    let mut open = vec![glob.to_vec()];
    while let Some(glob) = open.pop() {
        match braces(&glob) {
            Some((start, commas, end)) if open.len() + done.len() < MAX_ALTERNATIVES => {
                let bounds: Vec<usize> = [start].into_iter().chain(commas).chain([end]).collect();
                open.extend(bounds.windows(2).map(|pair| {
                    [&glob[..start], &glob[pair[0] + 1..pair[1]], &glob[end + 1..]].concat()
                }));
            }
            _ => done.push(glob),
        }
    }
    done
}

/// The first braces of a pattern: where they open, the commas of that level, where they close.
fn braces(glob: &[char]) -> Option<(usize, Vec<usize>, usize)> {
    let mut start = None;
    let mut commas = Vec::new();
    let mut depth = 0;
    let mut at = 0;
    while at < glob.len() {
        match glob[at] {
            '\\' => at += 1,
            '{' => {
                depth += 1;
                start.get_or_insert(at);
            }
            ',' if depth == 1 => commas.push(at),
            '}' if depth > 0 => {
                depth -= 1;
                if depth == 0 {
                    return start.map(|start| (start, commas, at));
                }
            }
            _ => {}
        }
        at += 1;
    }
    None
}

fn matches(glob: &[char], path: &[char]) -> bool {
    // Which beginnings of the path the pattern so far matches.
    let mut reached = vec![false; path.len() + 1];
    reached[0] = true;
    let mut at = 0;
    while at < glob.len() {
        let (used, repeats, takes) = token(&glob[at..]);
        if repeats {
            for end in 1..=path.len() {
                reached[end] = reached[end] || reached[end - 1] && takes(path[end - 1]);
            }
        } else {
            for end in (1..=path.len()).rev() {
                reached[end] = reached[end - 1] && takes(path[end - 1]);
            }
            reached[0] = false;
        }
        at += used;
    }
    reached[path.len()]
}

/// The first token of a pattern: its length, whether it matches any number of characters, and which.
fn token(glob: &[char]) -> (usize, bool, Box<dyn Fn(char) -> bool + '_>) {
    let plain = |wanted: char| Box::new(move |c| c == wanted);
    match glob {
        ['*', '*', ..] => (2, true, Box::new(|_| true)),
        ['*', ..] => (1, true, Box::new(|c| c != '/')),
        ['?', ..] => (1, false, Box::new(|c| c != '/')),
        ['\\', escaped, ..] => (2, false, plain(*escaped)),
        ['[', rest @ ..] => match rest.iter().position(|&c| c == ']').filter(|&end| end > 0) {
            None => (1, false, plain('[')),
            Some(end) => {
                let (negated, set) = match &rest[..end] {
                    ['!', set @ ..] => (true, set),
                    set => (false, set),
                };
                let within = move |c: char| match set {
                    [from, '-', to] => (*from..=*to).contains(&c),
                    _ => set.contains(&c),
                };
                (end + 2, false, Box::new(move |c| within(c) != negated))
            }
        },
        [c, ..] => (1, false, plain(*c)),
        [] => (1, false, plain('\0')),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn globs_follow_those_of_helm() {
        for (glob, path, is) in [
            ("conf/*", "conf/a.ini", true),
            ("conf/*", "conf/sub/a.ini", false),
            ("**.ini", "conf/sub/a.ini", true),
            ("conf/**", "conf/sub/a.ini", true),
            ("{conf,etc}/*.{ini,toml}", "etc/b.toml", true),
            ("{conf,etc}/*.{ini,toml}", "etc/b.yaml", false),
            ("[a-c].txt", "b.txt", true),
            ("[!a-c].txt", "b.txt", false),
            ("?.txt", "b.txt", true),
            ("\\*.txt", "b.txt", false),
            ("{a,b", "{a,b", true),
            ("*a*a*a*a*b", &"a".repeat(300), false),
        ] {
            assert_eq!(glob_matches(glob, path), is, "{glob} {path}");
        }
    }
}

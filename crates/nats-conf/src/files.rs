//! The files and directories that a configuration names.

use super::section::Section;
use super::{Kind, Map, Tree, Value};
use jinnacle_syntax::source::Span;

/// A file or a directory, as an absolute path. Paths that the environment or the working directory completes
/// are left out.
#[derive(Clone, Debug)]
pub struct File {
    /// The path as it is written.
    pub path: String,
    /// Where it is written.
    pub span: Span,
    /// What the server does with it.
    pub purpose: Purpose,
}

/// What the server does with a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// It reads the file: a certificate, a key, credentials, a JWT.
    Read,
    /// It writes the file into a directory that must be there: the process number, the log.
    Write,
    /// It keeps streams or accounts in the directory.
    Store,
}

/// The files that the server opens for its options; included files are not among them.
pub fn files(tree: &Tree) -> Vec<File> {
    let mut found = Vec::new();
    certificates(&tree.root, &mut found);
    let root = Section::root(&tree.root);
    let mut add = |section: Section, names: &str, purpose: Purpose| {
        for text in section.strings(names).into_iter().filter(|text| text.value.starts_with('/')) {
            found.push(File { path: text.value.to_owned(), span: text.span.clone(), purpose });
        }
    };
    for remote in
        root.section("leafnodes|leaf").into_iter().flat_map(|leaf| leaf.sections("remotes"))
    {
        add(remote, "credentials|creds", Purpose::Read);
    }
    add(root, "operator|operators|root|roots|root_operator|root_operators", Purpose::Read);
    add(root, "pidfile|pid_file", Purpose::Write);
    add(root, "logfile|log_file", Purpose::Write);
    let directory = "store_dir|storedir";
    let streams = root
        .section("jetstream")
        .filter(|it| it.integer("max_file_store|max_file").is_none_or(|size| size.value != 0));
    match streams {
        Some(section) if section.entry("store|store_dir|storedir").is_some() => {
            add(section, "store|store_dir|storedir", Purpose::Store);
        }
        Some(_) => add(root, directory, Purpose::Store),
        None if root.is_true("jetstream") => add(root, directory, Purpose::Store),
        None => {}
    }
    let resolver = root.section("resolver|account_resolver|accounts_resolver");
    if let Some(resolver) = resolver
        .filter(|it| it.text("type").is_some_and(|kind| kind.value.eq_ignore_ascii_case("full")))
    {
        add(resolver, "dir", Purpose::Store);
    }
    found
}

/// The files of every `tls` block, wherever it is.
fn certificates(map: &Map, found: &mut Vec<File>) {
    for (name, entry) in &map.entries {
        let is_file =
            ["cert_file", "key_file", "ca_file"].iter().any(|it| it.eq_ignore_ascii_case(name));
        match &entry.value.kind {
            Kind::Text(path) if is_file && path.starts_with('/') => found.push(File {
                path: path.clone(),
                span: entry.value.span.clone(),
                purpose: Purpose::Read,
            }),
            _ => within(&entry.value, found),
        }
    }
}

fn within(value: &Value, found: &mut Vec<File>) {
    match &value.kind {
        Kind::Map(map) => certificates(map, found),
        Kind::List(list) => list.iter().for_each(|item| within(item, found)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ParseContext, parse};
    use jinnacle_syntax::diagnostic::Sink;
    use jinnacle_syntax::source::Source;

    #[test]
    fn files_are_found_in_all_sections() {
        let text = r#"
            operator: /op.jwt
            pid_file: /run/nats.pid
            tls { cert_file: "/a/tls.crt", key_file: $KEY, ca_file: relative.crt }
            leafnodes { remotes: [ { url: "tls://a", credentials: /c/a.creds, tls { ca_file: /a/ca.crt } } ] }
            websocket { tls { certs: [ { cert_file: /w/tls.crt, key_file: /w/tls.key } ] } }
            jetstream { store_dir: /data }
            resolver { type: full, dir: /jwt }
        "#;
        let tree =
            parse(&Source::new("t", text), &ParseContext::default(), &mut Sink::new()).unwrap();
        let shown: Vec<String> =
            files(&tree).iter().map(|file| format!("{:?} {}", file.purpose, file.path)).collect();
        let expected = [
            "Read /a/tls.crt",
            "Read /a/ca.crt",
            "Read /w/tls.crt",
            "Read /w/tls.key",
            "Read /c/a.creds",
            "Read /op.jwt",
            "Write /run/nats.pid",
            "Store /data",
            "Store /jwt",
        ];
        assert_eq!(shown, expected);
    }

    #[test]
    fn a_directory_without_a_use_is_none() {
        for text in [
            "store_dir: /data",
            "jetstream { store_dir: /data, max_file: 0 }",
            "resolver { type: cache, dir: /jwt }",
            "operator: eyJ0eXAiOiJKV1QifQ.e30.c",
        ] {
            let tree =
                parse(&Source::new("t", text), &ParseContext::default(), &mut Sink::new()).unwrap();
            assert!(files(&tree).is_empty(), "{text}");
        }
    }
}

//! What a container sees at a path.

use std::path::Path;

use super::needs::Use;
use super::program::{Name, Program};
use crate::check::kubernetes::base64;
use crate::check::references;
use jinnacle_functions::paths;
use jinnacle_syntax::yaml::Node;

/// A Pod among manifests.
pub struct Pod<'n> {
    spec: &'n Node,
    template: Option<&'n Node>,
    namespace: &'n str,
    all: &'n [&'n Node],
}

/// What a container sees at a path.
pub enum Sight<'n> {
    /// A file, with what it holds where that is known.
    There(Option<Content<'n>>),
    /// Certainly nothing; why, if anything is to be said but that no volume is mounted there.
    Missing {
        /// What is wrong.
        problem: String,
        /// What to do about it.
        help: Option<String>,
        /// Whether it follows from the manifests alone, not from what the image and the programs are known to do.
        is_proven: bool,
    },
    /// The manifests do not say.
    Unknown,
}

/// An entry of a ConfigMap or a Secret.
#[derive(Clone)]
pub struct Content<'n> {
    /// The entry.
    pub node: &'n Node,
    /// The text of the file.
    pub text: String,
    /// Whether the entry is the text in base64.
    pub is_encoded: bool,
}

/// What images have besides their program.
const SYSTEM: [&str; 12] = [
    "/etc/ssl",
    "/etc/pki",
    "/etc/ca-certificates",
    "/usr",
    "/lib",
    "/proc",
    "/sys",
    "/dev",
    "/run/secrets",
    "/var/run/secrets",
    "/var/lib/ca-certificates",
    "/etc/nats/nats-server.conf",
];

/// Directories that are there without a volume.
const DIRECTORIES: [&str; 9] =
    ["/", "/tmp", "/run", "/var", "/var/run", "/var/log", "/var/tmp", "/var/lib", "/dev"];

impl<'n> Pod<'n> {
    /// The Pods of an object.
    pub fn new(object: &'n Node, spec: &'n Node, all: &'n [&'n Node]) -> Self {
        let template = references::pod(object).and_then(|pod| pod.get("metadata"));
        Self { spec, template, namespace: references::namespace(object), all }
    }

    /// The containers, those that run first in front.
    pub fn containers(&self) -> impl Iterator<Item = &'n Node> + use<'n> {
        let spec = self.spec;
        ["initContainers", "containers"].into_iter().flat_map(|field| spec.list_at(field))
    }

    /// What a program finds as a file.
    pub fn file(
        &self,
        container: &'n Node,
        program: &Program,
        path: &str,
        usage: Use,
    ) -> Sight<'n> {
        let path = clean(path);
        let Some((mount, rest)) = covering(container, &path) else {
            return self.uncovered(container, program, &path);
        };
        match self.on_volume(container, mount, rest, usage) {
            Sight::Missing { problem, is_proven, .. } => {
                let help = self.elsewhere(container, &path, clean(mount.str_at("mountPath")).len());
                Sight::Missing { problem, help, is_proven }
            }
            sight => sight,
        }
    }

    /// What is at a path below a mount.
    fn on_volume(
        &self,
        container: &'n Node,
        mount: &'n Node,
        rest: String,
        usage: Use,
    ) -> Sight<'n> {
        if mount.get("subPathExpr").is_some_and(|it| !it.is_null()) {
            return Sight::Unknown;
        }
        let inner = inner(mount, rest);
        let Some(volume) = self.volume(mount.str_at("name")) else { return Sight::Unknown };
        for (kind, field, name) in
            [("ConfigMap", "configMap", "name"), ("Secret", "secret", "secretName")]
        {
            if let Some(source) = volume.get(field).filter(|it| it.as_map().is_some()) {
                return self.entry(kind, source.str_at(name), source, &inner);
            }
        }
        match volume.get("emptyDir") {
            Some(empty) if !empty.is_null() => self.written(container, volume, &inner, usage),
            _ => Sight::Unknown,
        }
    }

    /// What a program finds as a directory that it writes to.
    pub fn directory(&self, container: &'n Node, program: &Program, path: &str) -> Sight<'n> {
        let path = clean(path);
        if let Some((mount, _)) = covering(container, &path) {
            let volume = self.volume(mount.str_at("name"));
            let is_read_only = |volume: &Node| {
                ["configMap", "secret", "projected", "downwardAPI"]
                    .iter()
                    .any(|field| volume.get(field).is_some_and(|it| !it.is_null()))
            };
            return match volume.filter(|volume| is_read_only(volume)) {
                Some(volume) => {
                    missing(format!("the mounted volume `{}` is read-only", volume.str_at("name")))
                }
                None => Sight::There(None),
            };
        }
        let read_only = container.at("securityContext.readOnlyRootFilesystem");
        if read_only.and_then(Node::as_bool) == Some(true) {
            let help =
                format!("mount a volume at `{path}` in container `{}`", container.str_at("name"));
            let problem = "the root file system is read-only and no volume is mounted there";
            return Sight::Missing {
                problem: problem.to_owned(),
                help: Some(help),
                is_proven: true,
            };
        }
        if DIRECTORIES.contains(&path.as_str()) || path.starts_with("/tmp/") {
            return Sight::Unknown;
        }
        match self.uncovered(container, program, &path) {
            Sight::Missing { problem, help, is_proven } => {
                let name = container.str_at("name");
                let volume = || format!("mount a volume at `{path}` in container `{name}`");
                Sight::Missing { problem, help: help.or_else(|| Some(volume())), is_proven }
            }
            sight => sight,
        }
    }

    /// What a file holds, if that is in the manifests.
    pub fn content(
        &self,
        container: &'n Node,
        program: &Program,
        path: &str,
    ) -> Option<Content<'n>> {
        match self.file(container, program, path, Use::Read) {
            Sight::There(content) => content,
            _ => None,
        }
    }

    /// A path that is on no volume: it is missing if another container has a volume there, or if it is known what
    /// the image holds.
    fn uncovered(&self, container: &Node, program: &Program, path: &str) -> Sight<'n> {
        if SYSTEM.iter().any(|directory| Path::new(path).starts_with(directory)) {
            return Sight::Unknown;
        }
        if let Some(help) = self.elsewhere(container, path, 0) {
            return Sight::Missing { problem: String::new(), help: Some(help), is_proven: true };
        }
        match program.is_official && !self.is_injected() {
            true => Sight::Missing { problem: String::new(), help: None, is_proven: false },
            false => Sight::Unknown,
        }
    }

    /// The volume that another container has mounted at a path, at a directory whose name is longer than `least`.
    fn elsewhere(&self, container: &Node, path: &str, least: usize) -> Option<String> {
        let name = container.str_at("name");
        let others = self.containers().filter(|other| other.str_at("name") != name);
        let mounts = others.filter_map(|other| Some((other, covering(other, path)?.0)));
        let is_nearer = |mount: &Node| clean(mount.str_at("mountPath")).len() > least;
        let (other, mount) = mounts.filter(|(_, mount)| is_nearer(mount)).last()?;
        let (volume, at, other) =
            (mount.str_at("name"), mount.str_at("mountPath"), other.str_at("name"));
        Some(format!(
            "mount the volume `{volume}` at `{at}` in container `{name}`, as in container `{other}`"
        ))
    }

    /// Whether something in the cluster puts more into the Pods.
    fn is_injected(&self) -> bool {
        let keys = |field: &str| self.template.and_then(|it| it.get(field)).and_then(Node::as_map);
        let mut maps = ["annotations", "labels"].into_iter().filter_map(keys);
        maps.any(|map| map.keys().any(|key| key.contains("inject")))
    }

    fn volume(&self, name: &str) -> Option<&'n Node> {
        self.spec.list_at("volumes").iter().find(|volume| volume.str_at("name") == name)
    }

    /// A path on a volume that has the entries of a ConfigMap or a Secret.
    fn entry(&self, kind: &str, name: &str, source: &'n Node, inner: &str) -> Sight<'n> {
        let is_optional = source.is_true("optional");
        if is_optional || inner.starts_with("..") {
            return Sight::Unknown;
        }
        if inner.is_empty() {
            return missing(format!(
                "all entries of {kind} `{name}` are mounted there, as a directory"
            ));
        }
        let items = source.list_at("items");
        let key = match items.iter().find(|item| clean_inner(item.str_at("path")) == inner) {
            Some(item) => item.str_at("key"),
            None if !items.is_empty() => {
                return missing(format!(
                    "it is not in the `items` of {kind} `{name}`, which is mounted there"
                ));
            }
            None if inner.contains('/') => {
                return missing(format!("{kind} `{name}`, mounted above it, has no directories"));
            }
            None => inner,
        };
        let Some(object) = self.object(kind, name) else { return Sight::There(None) };
        match content(object, key) {
            Some(content) => Sight::There(content),
            None => missing(format!("{kind} `{name}`, mounted there, has no key `{key}`")),
        }
    }

    /// The object, if its entries are all there are.
    fn object(&self, kind: &str, name: &str) -> Option<&'n Node> {
        let is_meant = |object: &&&Node| {
            object.str_at("kind") == kind
                && object.str_at("metadata.name") == name
                && references::namespace(object) == self.namespace
        };
        let mut found = self.all.iter().filter(is_meant);
        let object = found.next()?;
        let has_entries = ["data", "stringData", "binaryData"]
            .iter()
            .any(|field| object.map_at(field).is_some_and(|map| !map.is_empty()));
        // Kubernetes and others fill in what is not written.
        let is_filled = object.str_at("type") == "kubernetes.io/service-account-token"
            || object.map_at("metadata.annotations").is_some_and(|map| {
                map.keys().any(|key| key.contains("inject") || key.contains("replicat"))
            });
        (found.next().is_none() && has_entries && !is_filled).then_some(object)
    }

    /// A path on a volume that is empty at first: another container has to write it.
    fn written(&self, container: &Node, volume: &Node, inner: &str, usage: Use) -> Sight<'n> {
        let name = volume.str_at("name");
        let mut authors = 0;
        for other in self.containers() {
            let mounts = other.list_at("volumeMounts").iter();
            let mut mounts = mounts.filter(|mount| mount.str_at("name") == name).peekable();
            if mounts.peek().is_none() {
                continue;
            }
            if other.at("lifecycle.postStart").is_some() {
                return Sight::Unknown;
            }
            let is_same = other.str_at("name") == container.str_at("name");
            match Program::of(other) {
                None if is_same => {}
                None => return Sight::Unknown,
                Some(program) if program.name == Name::BootConfig => {
                    authors += 1;
                    let paths = program.option(&["f", "gf"]);
                    let mut paths = paths.iter().map(|(path, _)| clean(path)).peekable();
                    if paths.peek().is_none() {
                        return Sight::Unknown;
                    }
                    if paths.any(|path| {
                        covering(other, &path).is_some_and(|(mount, rest)| {
                            mount.str_at("name") == name && self::inner(mount, rest) == inner
                        })
                    }) {
                        return Sight::There(None);
                    }
                }
                Some(program) if program.name == Name::Server && usage == Use::Process => {
                    return Sight::Unknown;
                }
                Some(program) if program.name == Name::Box => return Sight::Unknown,
                Some(_) => {}
            }
        }
        match authors {
            0 => Sight::Missing {
                problem: format!("the volume `{name}` is empty at the start and nothing writes it"),
                help: None,
                is_proven: false,
            },
            _ => missing(format!("it is written elsewhere in the volume `{name}`")),
        }
    }
}

fn missing<'n>(problem: String) -> Sight<'n> {
    Sight::Missing { problem, help: None, is_proven: true }
}

/// An entry of an object: none if it has no such key, and nothing inside if it is not a string.
fn content<'n>(object: &'n Node, key: &str) -> Option<Option<Content<'n>>> {
    let entry = |field: &str| object.at(&[field, key]);
    if let Some(node) = entry("stringData") {
        return Some(plain(node));
    }
    match (entry("data"), object.str_at("kind")) {
        (Some(node), "Secret") => {
            let bytes = node.as_str().and_then(base64::decode);
            let decoded = bytes.and_then(|bytes| String::from_utf8(bytes).ok());
            Some(decoded.map(|text| Content { node, text, is_encoded: true }))
        }
        (Some(node), _) => Some(plain(node)),
        (None, _) => entry("binaryData").map(|_| None),
    }
}

fn plain(node: &Node) -> Option<Content<'_>> {
    let text = node.as_str()?.to_owned();
    Some(Content { node, text, is_encoded: false })
}

/// The mount of a container on which a path lies, and what remains of the path below it.
fn covering<'n>(container: &'n Node, path: &str) -> Option<(&'n Node, String)> {
    let mounts = container.list_at("volumeMounts").iter().filter_map(|mount| {
        let at = clean(mount.str_at("mountPath"));
        let rest = Path::new(path).strip_prefix(&at).ok()?.to_str()?.to_owned();
        Some((at.len(), mount, rest))
    });
    mounts.max_by_key(|(length, _, _)| *length).map(|(_, mount, rest)| (mount, rest))
}

/// A path within a volume.
fn inner(mount: &Node, rest: String) -> String {
    let sub_path = clean_inner(mount.str_at("subPath"));
    match (sub_path.is_empty(), rest.is_empty()) {
        (true, _) => rest,
        (false, true) => sub_path,
        (false, false) => format!("{sub_path}/{rest}"),
    }
}

fn clean_inner(path: &str) -> String {
    clean(&format!("/{path}")).trim_start_matches('/').to_owned()
}

/// A path without `.`, `..`, and slashes that say nothing.
pub fn clean(path: &str) -> String {
    paths::clean(&format!("/{path}"))
}

/// A path below a directory, as nats-server and the reloader join them: a slash in front means nothing.
pub fn join(directory: &str, name: &str) -> String {
    clean(&format!("{directory}/{name}"))
}

/// The directory of a file.
pub fn parent(path: &str) -> &str {
    match path.rfind('/') {
        Some(0) => "/",
        Some(at) => &path[..at],
        None => "",
    }
}

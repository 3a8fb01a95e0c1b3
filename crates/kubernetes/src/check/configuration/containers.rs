//! The containers of Pods as far as they tell whose a file is: the program, its arguments and its files.

use super::super::references::pod_spec;
use super::Text;
use jinnacle_nats_conf::{Arguments, Context, Word};
use jinnacle_syntax::yaml::Node;

/// A container of a Pod.
pub struct Container {
    /// What runs in it.
    pub role: Role,
    /// The arguments of the server.
    pub arguments: Arguments,
    /// What is known of its version.
    pub context: Context,
    /// The files that are mounted, by path, as indices of the entries of ConfigMaps and Secrets.
    files: Vec<(String, usize)>,
    /// The directory from which relative paths count.
    directory: String,
}

/// What runs in a container.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// nats-server.
    Server,
    /// Something of which the image does not say whether it reads a configuration of nats-server.
    Unknown,
    /// Another program.
    Other,
}

/// Names of the program, and of images of it.
const SERVERS: [&str; 3] = ["nats-server", "gnatsd", "nats"];

/// The paths at which the images have their configuration.
const DEFAULTS: [&str; 2] = ["/etc/nats/nats-server.conf", "/nats-server.conf"];

/// Parts of names of images of other programs.
const OTHERS: [&str; 44] = [
    "nats-streaming",
    "nats-account-server",
    "nats-kafka",
    "nats-mq",
    "nats-operator",
    "nats-exporter",
    "nats-rest",
    "nats-box",
    "nats-surveyor",
    "jetstream-controller",
    "stan",
    "redis",
    "valkey",
    "keydb",
    "nginx",
    "openresty",
    "haproxy",
    "envoy",
    "traefik",
    "caddy",
    "httpd",
    "apache",
    "squid",
    "varnish",
    "postgres",
    "pgbouncer",
    "pgpool",
    "mysql",
    "mariadb",
    "mongo",
    "cassandra",
    "clickhouse",
    "rabbitmq",
    "mosquitto",
    "emqx",
    "vernemq",
    "hivemq",
    "fluent",
    "telegraf",
    "vector",
    "logstash",
    "rsyslog",
    "dnsmasq",
    "coredns",
];

/// The containers of all Pods.
pub fn of(all: &[&Node], texts: &[Text]) -> Vec<Container> {
    let mut containers = Vec::new();
    for object in all {
        let Some(spec) = pod_spec(object) else { continue };
        for field in ["initContainers", "containers"] {
            for container in spec.list_at(field) {
                containers.push(Container::of(object, spec, container, texts));
            }
        }
    }
    containers
}

impl Container {
    fn of(object: &Node, spec: &Node, container: &Node, texts: &[Text]) -> Self {
        let image = container.str_at("image");
        let (image, tag) = image_and_tag(image);
        let files = files(object, spec, container, texts);
        let given = words(container);
        let (role, arguments) = match given.iter().position(is_server) {
            Some(at) => (Role::Server, Arguments::read(&given[at + 1..])),
            None => role(image, container, &given, &files, texts),
        };
        let is_own = SERVERS.contains(&image);
        let context = tag.filter(|_| is_own).map(Context::of_tag).unwrap_or_default();
        let directory = text(container, "workingDir").unwrap_or("/").to_owned();
        Self { role, arguments, context, files, directory }
    }

    /// Whether a string is among the files.
    pub fn mounts(&self, index: usize) -> bool {
        self.files.iter().any(|(_, other)| *other == index)
    }

    /// The file at a path.
    pub fn file(&self, path: &str) -> Option<(&str, usize)> {
        let file = self.files.iter().find(|(own, _)| own == path);
        file.map(|(path, index)| (path.as_str(), *index))
    }

    /// What the server reads as its configuration, of all files that it could.
    pub fn roots(&self) -> impl Iterator<Item = (&str, usize)> {
        let paths = match &self.arguments.config {
            Some(Some(path)) => vec![plain(&match path.starts_with('/') {
                true => path.clone(),
                false => format!("{}/{path}", self.directory),
            })],
            Some(None) => Vec::new(),
            None => DEFAULTS.map(str::to_owned).to_vec(),
        };
        self.files
            .iter()
            .filter(move |(path, _)| paths.contains(path))
            .map(|(path, index)| (path.as_str(), *index))
    }
}

/// What runs in a container whose words do not name the server: the image says it.
fn role(
    image: &str,
    container: &Node,
    given: &[Word],
    files: &[(String, usize)],
    texts: &[Text],
) -> (Role, Arguments) {
    let has_command = !container.list_at("command").is_empty();
    if SERVERS.contains(&image) {
        let mut arguments = Arguments::read(given);
        // A command that is not the server itself may start it with anything.
        arguments.are_open |= has_command;
        return (Role::Server, arguments);
    }
    if OTHERS.iter().any(|other| image.contains(other)) {
        return (Role::Other, Arguments::default());
    }
    let arguments = Arguments::read(given);
    let config = arguments.config.clone().flatten();
    let named = config.and_then(|config| files.iter().find(|(path, _)| *path == config));
    match named {
        Some((_, index)) if !has_command && texts[*index].is_likely() => (Role::Server, arguments),
        _ => (Role::Unknown, arguments),
    }
}

/// Whether a word is the program.
fn is_server(word: &Word) -> bool {
    let program = word.text.as_deref().and_then(|text| text.rsplit('/').next());
    program.is_some_and(|program| ["nats-server", "gnatsd"].contains(&program))
}

/// The last part of an image's path, and its tag.
fn image_and_tag(image: &str) -> (&str, Option<&str>) {
    let image = image.split('@').next().unwrap_or_default();
    let name = image.rsplit('/').next().unwrap_or_default();
    name.split_once(':').map_or((name, None), |(name, tag)| (name, Some(tag)))
}

/// The command and the arguments of a container, with what it has a shell do taken apart.
fn words(container: &Node) -> Vec<Word> {
    let env = container.list_at("env");
    let given = ["command", "args"].into_iter().flat_map(|field| container.list_at(field));
    let mut words = Vec::new();
    for node in given {
        let Some(text) = node.as_str() else { continue };
        let text = expanded(text, env);
        let is_script = text.contains("nats-server ") || text.contains("gnatsd ");
        match is_script {
            true => script(&text, node, &mut words),
            false => words.push(Word { text: Some(text), span: node.span.clone() }),
        }
    }
    words
}

/// The words of the command of a script that starts the server.
fn script(text: &str, node: &Node, words: &mut Vec<Word>) {
    // A line break after a backslash is none.
    let text = text.replace("\\\n", " ");
    let commands = text.split(['\n', ';', '&', '|']);
    let starts = |command: &&str| {
        let mut words = command.split_whitespace();
        words.any(|word| word.ends_with("nats-server") || word.ends_with("gnatsd"))
    };
    for word in commands.filter(starts).flat_map(split) {
        // A variable without quotes may be any number of words.
        let is_whole_variable = word.starts_with('$') || word.starts_with('`');
        let text = (!is_whole_variable).then_some(word);
        words.push(Word { text, span: node.span.clone() });
    }
}

/// The words of a shell's command, without their quotes. Where output goes is none of them.
fn split(command: &str) -> Vec<String> {
    let mut words = Vec::new();
    let (mut word, mut quote, mut is_open) = (String::new(), None, false);
    for c in command.chars() {
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (None, '"' | '\'') => (quote, is_open) = (Some(c), true),
            (None, c) if c.is_whitespace() => {
                if is_open {
                    words.push(std::mem::take(&mut word));
                }
                is_open = false;
            }
            (None, '#') if !is_open => break,
            _ => {
                word.push(c);
                is_open = true;
            }
        }
    }
    if is_open {
        words.push(word);
    }
    words.retain(|word| !word.starts_with(['<', '>']) && !word.starts_with("2>"));
    words
}

/// A string with the variables of the container that are known, which Kubernetes writes `$(NAME)`.
fn expanded(text: &str, env: &[Node]) -> String {
    let mut text = text.to_owned();
    for variable in env.iter().filter(|_| text.contains("$(")).cloned().collect::<Vec<_>>() {
        if let (Some(name), Some(value)) =
            (self::text(&variable, "name"), self::text(&variable, "value"))
        {
            text = text.replace(&format!("$({name})"), value);
        }
    }
    text
}

/// The strings that a container has as files, by their paths.
fn files(object: &Node, spec: &Node, container: &Node, texts: &[Text]) -> Vec<(String, usize)> {
    let mut files = Vec::new();
    for mount in container.list_at("volumeMounts") {
        let (Some(name), Some(at)) = (text(mount, "name"), text(mount, "mountPath")) else {
            continue;
        };
        let volume =
            spec.list_at("volumes").iter().find(|volume| text(volume, "name") == Some(name));
        let Some(volume) = volume else { continue };
        let projected = volume.get("projected").map(|node| node.list_at("sources"));
        let sources = projected.unwrap_or_default().iter().chain([volume]);
        let part = text(mount, "subPath").map(|part| part.trim_matches('/'));
        for (index, path) in sources.flat_map(|source| keys(object, source, texts)) {
            let path = match part {
                None => format!("{at}/{path}"),
                Some(part) if part == path => at.to_owned(),
                Some(part) => match path.strip_prefix(part).and_then(|rest| rest.strip_prefix('/'))
                {
                    Some(rest) => format!("{at}/{rest}"),
                    None => continue,
                },
            };
            files.push((plain(&path), index));
        }
    }
    files
}

/// The strings that a volume, or a part of one, makes files of, with their paths in it.
fn keys(object: &Node, source: &Node, texts: &[Text]) -> Vec<(usize, String)> {
    let (kind, source, name) = match (source.get("configMap"), source.get("secret")) {
        (Some(source), _) => ("ConfigMap", source, text(source, "name")),
        (_, Some(source)) => {
            ("Secret", source, text(source, "secretName").or_else(|| text(source, "name")))
        }
        _ => return Vec::new(),
    };
    let namespace =
        |node: &Node| node.at("metadata.namespace").and_then(Node::as_str).map(str::to_owned);
    let is_meant = |one: &Text| {
        text(one.object, "kind") == Some(kind)
            && one.object.at("metadata.name").and_then(Node::as_str) == name
            && namespace(one.object) == namespace(object)
    };
    let items = source.list_at("items");
    let path = |key: &str| match items {
        [] => Some(key.to_owned()),
        items => {
            let item = items.iter().find(|item| text(item, "key") == Some(key))?;
            Some(text(item, "path")?.to_owned())
        }
    };
    let all = texts.iter().enumerate().filter(|(_, one)| name.is_some() && is_meant(one));
    all.filter_map(|(index, one)| Some((index, path(one.key)?))).collect()
}

/// The path of a file that a configuration includes. nats-server joins its name to the directory of the file that
/// includes it, even if it begins with a slash (`filepath.Join` in `conf/parse.go`).
pub fn included(file: &str, name: &str) -> String {
    let directory = file.rsplit_once('/').map_or("", |(directory, _)| directory);
    plain(&format!("{directory}/{name}"))
}

/// An absolute path without `.` and `..`.
fn plain(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    format!("/{}", parts.join("/"))
}

fn text<'n>(node: &'n Node, field: &str) -> Option<&'n str> {
    node.get(field).and_then(Node::as_str)
}

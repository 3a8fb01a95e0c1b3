//! The programs of NATS by the command of a container, or by its image.

use jinnacle_syntax::yaml::Node;

/// A program and its arguments.
pub struct Program<'n> {
    /// Which it is.
    pub name: Name,
    /// Its arguments, with the variables of the container that are known, and where they were written.
    arguments: Vec<(String, &'n Node)>,
    /// Whether the image is the project's own, so that it is known what it holds.
    pub is_official: bool,
}

/// The programs whose files are known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Name {
    /// `nats-server`.
    Server,
    /// `nats-server-config-reloader`.
    Reloader,
    /// `nats-boot-config`, which writes the address of the node.
    BootConfig,
    /// `prometheus-nats-exporter`.
    Exporter,
    /// The image `nats-box`, whatever it runs.
    Box,
}

/// The programs by the names of their files and of their images.
const NAMES: [(&str, Name); 8] = [
    ("nats-server", Name::Server),
    ("gnatsd", Name::Server),
    ("nats", Name::Server),
    ("nats-server-config-reloader", Name::Reloader),
    ("nats-boot-config", Name::BootConfig),
    ("nats-pod-bootconfig", Name::BootConfig),
    ("prometheus-nats-exporter", Name::Exporter),
    ("nats-box", Name::Box),
];

/// The repositories of the projects' own images.
const OFFICIAL: [&str; 8] = [
    "nats",
    "library/nats",
    "natsio/nats-server-config-reloader",
    "natsio/nats-boot-config",
    "natsio/prometheus-nats-exporter",
    "natsio/nats-box",
    "connecteverything/nats-server-config-reloader",
    "connecteverything/nats-boot-config",
];

/// Programs that only start another one.
const WRAPPERS: [&str; 4] = ["tini", "dumb-init", "docker-entrypoint.sh", "entrypoint.sh"];

impl<'n> Program<'n> {
    /// The program that a container runs, if it is one of NATS and runs without a shell around it.
    pub fn of(container: &'n Node) -> Option<Self> {
        let image = container.str_at("image");
        let repository = repository(image);
        let is_official =
            OFFICIAL.contains(&repository.strip_prefix("docker.io/").unwrap_or(repository));
        let by_image = named(base(repository));
        let words = |field: &str| -> Vec<(String, &'n Node)> {
            let list = container.list_at(field);
            list.iter().map(|word| (expanded(container, word), word)).collect()
        };
        let (mut all, arguments) = (words("command"), words("args"));
        let has_command = !all.is_empty();
        all.extend(arguments.iter().cloned());
        let is_wrapper =
            |(word, _): &(String, &Node)| word.starts_with('-') || WRAPPERS.contains(&base(word));
        // `nats` is an image of the server, and a program for its clients.
        let program =
            |(word, _): &(String, &Node)| named(base(word)).filter(|_| base(word) != "nats");
        let first = all.iter().position(|word| !is_wrapper(word));
        let by_command = first.and_then(|at| Some((program(&all[at])?, at)));
        let has_flags_alone = arguments.first().is_none_or(|(word, _)| word.starts_with('-'));
        let (name, arguments) = match (by_command, by_image) {
            (Some((name, at)), _) => (name, all.split_off(at + 1)),
            (None, Some(Name::Box)) => (Name::Box, Vec::new()),
            (None, Some(name)) if !has_command && has_flags_alone => (name, arguments),
            _ => return None,
        };
        Some(Self { name, arguments, is_official })
    }

    /// Its arguments, and where they were written.
    pub fn arguments(&self) -> impl Iterator<Item = (&str, &'n Node)> {
        self.arguments.iter().map(|(word, node)| (word.as_str(), *node))
    }

    /// The values of an option under any of its names, as Go's `flag` reads them.
    pub fn option(&self, names: &[&str]) -> Vec<(&str, &'n Node)> {
        let mut values = Vec::new();
        for (at, (word, node)) in self.arguments.iter().enumerate() {
            let Some(name) = word.strip_prefix("--").or(word.strip_prefix('-')) else { continue };
            match name.split_once('=') {
                Some((name, value)) if names.contains(&name) => values.push((value, *node)),
                None if names.contains(&name) => {
                    values.extend(
                        self.arguments.get(at + 1).map(|(value, node)| (value.as_str(), *node)),
                    );
                }
                _ => {}
            }
        }
        values
    }
}

fn named(word: &str) -> Option<Name> {
    NAMES.iter().find(|(name, _)| *name == word).map(|(_, name)| *name)
}

fn base(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// An image without its tag and digest.
fn repository(image: &str) -> &str {
    let named = image.split('@').next().unwrap_or(image);
    match named.rfind(':').filter(|at| !named[*at..].contains('/')) {
        Some(at) => &named[..at],
        None => named,
    }
}

/// The tag of an image; empty if it has none.
pub fn tag(container: &Node) -> &str {
    let image = container.str_at("image");
    let named = image.split('@').next().unwrap_or(image);
    named[repository(image).len()..].trim_start_matches(':')
}

/// The numbers of the version that the tag of a container's image is, if it is one.
pub fn version(container: &Node) -> Option<Vec<u64>> {
    let number = tag(container).trim_start_matches('v').split(['-', '+']).next()?;
    number.split('.').map(|part| part.parse().ok()).collect()
}

/// A word of a command with the variables whose values are written in the manifest.
fn expanded(container: &Node, word: &Node) -> String {
    let mut text = word.as_str().unwrap_or_default().to_owned();
    let variables = container.list_at("env");
    for variable in variables {
        let text_of = |field: &str| variable.get(field).and_then(Node::as_str);
        if let (Some(name), Some(value)) = (text_of("name"), text_of("value")) {
            text = text.replace(&format!("$({name})"), value);
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use jinnacle_syntax::source::Source;
    use jinnacle_syntax::yaml::{Limits, read};

    #[test]
    fn a_container_runs_a_program_of_nats() {
        let cases = [
            ("{image: 'nats:2.10'}", "Server official -"),
            ("{image: 'nats:2.10', args: [-c, /a.conf]}", "Server official /a.conf"),
            (
                "{image: 'nats:2.10', args: [nats-server, --config=/a.conf]}",
                "Server official /a.conf",
            ),
            ("{image: 'x.org:5000/nats', command: [/nats-server, -c, /a.conf]}", "Server /a.conf"),
            (
                "{image: shop, command: [tini, --, nats-server], args: [--config, $(C)], env: [{name: C, value: /b}]}",
                "Server /b",
            ),
            ("{image: nats, command: [sh, -c, nats-server -c /a.conf]}", "none"),
            ("{image: nats, args: [sh, -c, nats-server]}", "none"),
            ("{image: shop, command: [cp, /nats-server, /tools]}", "none"),
            (
                "{image: 'natsio/nats-server-config-reloader:0.23.0', args: [-config, /a.conf]}",
                "Reloader official /a.conf",
            ),
            ("{image: 'natsio/nats-box:1', command: [tail, -f, /dev/null]}", "Box official -"),
            ("{image: shop}", "none"),
        ];
        for (text, expected) in cases {
            let node = read(&Source::new("t", text), &Limits::default()).unwrap().root;
            let shown = Program::of(&node).map_or("none".to_owned(), |program| {
                let option = program.option(&["c", "config"]);
                let config = option.first().map_or("-", |(value, _)| value);
                let official = if program.is_official { "official " } else { "" };
                format!("{:?} {official}{config}", program.name)
            });
            assert_eq!(shown, expected, "{text}");
        }
    }

    #[test]
    fn a_registry_may_have_a_port() {
        assert_eq!(repository("x.org:5000/nats:2.10@sha256:00"), "x.org:5000/nats");
        assert_eq!(repository("nats"), "nats");
    }
}

//! What the arguments of nats-server set, as options: they win over the configuration that they name
//! (`ConfigureOptions` and `MergeOptions` in `server/opts.go`).

use super::{Entry, Kind, Map, Tree, Value};
use jinnacle_syntax::source::Span;

/// One argument and where it is written.
#[derive(Clone, Debug)]
pub struct Word {
    /// The argument; none where only the place of the server can tell it.
    pub text: Option<String>,
    /// Its place.
    pub span: Span,
}

/// The options that arguments set.
#[derive(Clone, Debug, Default)]
pub struct Arguments {
    /// The path of the configuration.
    pub config: Option<Option<String>>,
    /// The options, as nats.conf would have them.
    options: Map,
    /// Whether there may be arguments that cannot be seen from here.
    pub are_open: bool,
}

/// Flags that take a value, with the option that they set; `-` where it is of no interest to a check.
const FLAGS: [(&str, &str); 38] = [
    ("p", "#port"),
    ("port", "#port"),
    ("n", "server_name"),
    ("name", "server_name"),
    ("server_name", "server_name"),
    ("a", "host"),
    ("addr", "host"),
    ("net", "host"),
    ("client_advertise", "client_advertise"),
    ("m", "#http_port"),
    ("http_port", "#http_port"),
    ("ms", "#https_port"),
    ("https_port", "#https_port"),
    ("http_base_path", "http_base_path"),
    ("c", "-config"),
    ("config", "-config"),
    ("sl", "-"),
    ("signal", "-"),
    ("P", "-"),
    ("pid", "-"),
    ("ports_file_dir", "-"),
    ("l", "-"),
    ("log", "-"),
    ("log_size_limit", "-"),
    ("r", "-"),
    ("remote_syslog", "-"),
    ("max_traced_msg_len", "-"),
    ("profile", "#prof_port"),
    ("user", "authorization.user"),
    ("pass", "authorization.password"),
    ("auth", "authorization.token"),
    ("routes", "cluster.routes"),
    ("cluster", "cluster.listen"),
    ("cluster_listen", "cluster.listen"),
    ("cluster_name", "cluster.name"),
    ("cluster_advertise", "cluster.advertise"),
    ("connect_retries", "-"),
    ("sd", "store_dir"),
];

/// More of them, for files of TLS.
const FILES: [(&str, &str); 4] = [
    ("store_dir", "store_dir"),
    ("tlscert", "tls.cert_file"),
    ("tlskey", "tls.key_file"),
    ("tlscacert", "tls.ca_file"),
];

/// Flags that are on or off, with the option that they set.
const SWITCHES: [(&str, &str); 20] = [
    ("js", "jetstream"),
    ("jetstream", "jetstream"),
    ("tls", "tls"),
    ("tlsverify", "tls.verify"),
    ("no_advertise", "cluster.no_advertise"),
    ("D", ""),
    ("debug", ""),
    ("V", ""),
    ("trace", ""),
    ("VV", ""),
    ("DV", ""),
    ("DVV", ""),
    ("T", ""),
    ("logtime", ""),
    ("logtime_utc", ""),
    ("s", ""),
    ("syslog", ""),
    ("t", ""),
    ("h", ""),
    ("v", ""),
];

impl Arguments {
    /// Reads arguments as Go's package `flag` does: `-name value`, `--name=value`, up to the first word that is
    /// no flag.
    pub fn read(words: &[Word]) -> Self {
        let mut arguments = Self::default();
        let mut words = words.iter();
        while let Some(word) = words.next() {
            let Some(text) = &word.text else {
                arguments.are_open = true;
                continue;
            };
            let flag = text.strip_prefix("--").or_else(|| text.strip_prefix('-'));
            let Some(flag) = flag.filter(|flag| !flag.is_empty()) else { break };
            let (name, value) = match flag.split_once('=') {
                Some((name, value)) => (name, Some(value.to_owned())),
                None => (flag, None),
            };
            if let Some((_, option)) = SWITCHES.iter().find(|(switch, _)| *switch == name) {
                let is_on = value.as_deref().is_none_or(is_true);
                arguments.switch(option, is_on, &word.span);
            } else if let Some((_, option)) = FLAGS.iter().chain(&FILES).find(|(n, _)| *n == name) {
                let next = || words.next().map(|word| (word.text.clone(), &word.span));
                let Some((value, span)) =
                    value.map(|value| (Some(value), &word.span)).or_else(next)
                else {
                    break;
                };
                arguments.set(option, value, span);
            } else {
                arguments.are_open = true;
            }
        }
        arguments
    }

    fn switch(&mut self, option: &str, is_on: bool, span: &Span) {
        match option {
            "" => {}
            "tls" if is_on => self.insert(option, Kind::Map(Map::default()), span),
            "tls" => {}
            _ => self.insert(option, Kind::Bool(is_on), span),
        }
    }

    fn set(&mut self, option: &str, value: Option<String>, span: &Span) {
        // Kubernetes fills in `$(NAME)`, and a shell `$NAME`.
        let value = value.filter(|value| !value.contains('$') && !value.contains('`'));
        if option == "-config" {
            self.config = Some(value);
            return;
        }
        let Some(value) = value else {
            let unset = || Kind::Unset("(".to_owned());
            return match option.trim_start_matches('#') {
                "-" => {}
                option => self.insert(option, unset(), span),
            };
        };
        match (option, option.strip_prefix('#')) {
            ("-", _) => {}
            ("cluster.listen", _) => self.listen(&value, span),
            ("cluster.routes", _) => {
                let url = |url: &str| Value {
                    kind: Kind::Text(url.trim().to_owned()),
                    span: span.clone(),
                };
                let urls = value.split(',').filter(|url| !url.trim().is_empty()).map(url);
                self.insert(option, Kind::List(urls.collect()), span);
            }
            (_, Some(option)) => match value.parse() {
                Ok(number) => self.insert(option, Kind::Integer(number), span),
                Err(_) => self.insert(option, Kind::Unset(value), span),
            },
            // An empty value sets nothing.
            (option, None) if !value.is_empty() => self.insert(option, Kind::Text(value), span),
            _ => {}
        }
    }

    /// `--cluster nats://user:password@host:port`.
    fn listen(&mut self, url: &str, span: &Span) {
        let address = url.split_once("://").map_or(url, |(_, address)| address);
        let address = address.rsplit_once('@').map_or(address, |(_, address)| address);
        let address = address.split('/').next().unwrap_or_default();
        if !address.is_empty() {
            self.insert("cluster.listen", Kind::Text(address.to_owned()), span);
        }
    }

    fn insert(&mut self, option: &str, kind: Kind, span: &Span) {
        insert(&mut self.options, option, kind, span);
    }
}

impl Tree {
    /// The tree with what arguments set over it.
    pub fn with(mut self, arguments: &Arguments) -> Self {
        for (name, entry) in &arguments.options.entries {
            match &entry.value.kind {
                Kind::Map(options) => {
                    let own = own(&mut self.root, name);
                    let Some(Entry { value: Value { kind: Kind::Map(own), .. }, .. }) = own else {
                        replace(&mut self.root, name, entry);
                        continue;
                    };
                    // One user by an argument is beside those of the file, which the server would refuse.
                    for (name, entry) in options.entries.iter() {
                        replace(own, name, entry);
                    }
                }
                // A block says that it is on, too.
                Kind::Bool(true) if name == "jetstream" => {
                    let own = own(&mut self.root, name);
                    if !own.is_some_and(|own| matches!(own.value.kind, Kind::Map(_))) {
                        replace(&mut self.root, name, entry);
                    }
                }
                _ if name == "store_dir" && names_directory(&self.root) => {}
                _ => replace(&mut self.root, name, entry),
            }
        }
        self
    }

    /// The tree with everything set that arguments could set and that it does not set itself.
    pub fn with_any_arguments(mut self, span: &Span) -> Self {
        let mut options = vec!["server_name", "jetstream", "tls"];
        if own(&mut self.root, "cluster").is_some() {
            options.extend(["cluster.name", "cluster.routes"]);
        }
        for option in options {
            let is_set = match option.split_once('.') {
                None => own(&mut self.root, option).is_some(),
                Some((block, option)) => match own(&mut self.root, block).map(|e| &mut e.value.kind)
                {
                    Some(Kind::Map(block)) => own(block, option).is_some_and(
                        |entry| !matches!(&entry.value.kind, Kind::List(list) if list.is_empty()),
                    ),
                    _ => true,
                },
            };
            if !is_set {
                // The name of a block may be written in any case.
                let (block, name) = option.split_once('.').unwrap_or(("", option));
                let map = match own(&mut self.root, block).map(|entry| &mut entry.value.kind) {
                    Some(Kind::Map(block)) => block,
                    _ => &mut self.root,
                };
                insert(map, name, Kind::Unset("(".to_owned()), span);
            }
        }
        self
    }
}

/// The entry of an option in whatever case it is written.
fn own<'m>(map: &'m mut Map, name: &str) -> Option<&'m mut Entry> {
    let mut entries = map.entries.iter_mut();
    entries.find(|(written, _)| written.eq_ignore_ascii_case(name)).map(|(_, entry)| entry)
}

/// Whether a configuration names the directory of JetStream.
fn names_directory(root: &Map) -> bool {
    let is_directory = |name: &String| {
        ["store_dir", "storedir", "store"].contains(&name.to_ascii_lowercase().as_str())
    };
    let jetstream = root.entries.iter().find(|(name, _)| name.eq_ignore_ascii_case("jetstream"));
    let inner = match jetstream.map(|(_, entry)| &entry.value.kind) {
        Some(Kind::Map(map)) => map.entries.keys().any(is_directory),
        _ => false,
    };
    inner || root.entries.keys().any(is_directory)
}

/// Puts an entry in the place of that of the same name in any case.
fn replace(map: &mut Map, name: &str, entry: &Entry) {
    match own(map, name) {
        Some(own) => *own = entry.clone(),
        None => drop(map.entries.insert(name.to_owned(), entry.clone())),
    }
}

fn insert(map: &mut Map, option: &str, kind: Kind, span: &Span) {
    let entry =
        |kind| Entry { key: span.clone(), value: Value { kind, span: span.clone() }, used: false };
    let Some((block, inner)) = option.split_once('.') else {
        map.entries.insert(option.to_owned(), entry(kind));
        return;
    };
    let block =
        map.entries.entry(block.to_owned()).or_insert_with(|| entry(Kind::Map(Map::default())));
    if let Kind::Map(map) = &mut block.value.kind {
        insert(map, inner, kind, span);
    }
}

/// The words for true of Go's `strconv.ParseBool`.
fn is_true(word: &str) -> bool {
    ["1", "t", "T", "TRUE", "true", "True"].contains(&word)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Context, ParseContext, check_started, parse};
    use jinnacle_syntax::diagnostic::Sink;
    use jinnacle_syntax::source::Source;

    fn words(line: &str) -> Vec<Word> {
        let source = Source::new("args", line);
        let word = |text: &str| Word { text: Some(text.to_owned()), span: Span::whole(&source) };
        line.split(' ').filter(|word| !word.is_empty()).map(word).collect()
    }

    #[test]
    fn arguments_set_what_a_configuration_leaves_out() {
        let cluster = "jetstream {}\ncluster { port: 6222, name: c, routes: [\"nats://a:1\"] }";
        for (line, text, count) in [
            ("-c n.conf", cluster, 1),
            ("-c n.conf --name $(POD_NAME)", cluster, 0),
            ("-c n.conf --server_name=a", cluster, 0),
            ("-n a -D -c n.conf", cluster, 0),
            ("-c n.conf extra -n a", cluster, 1),
            ("-c n.conf", "mqtt { port: 1883 }", 1),
            ("-js -c n.conf", "mqtt { port: 1883 }", 0),
            ("--jetstream=false -c n.conf", "mqtt { port: 1883 }", 1),
            ("--jetstream=true", "mqtt { port: 1883 }", 0),
            ("-js --name a", "cluster { port: 6222, name: c }", 1),
            ("-js --name a --routes nats://a:1,nats://b:1", "cluster { port: 6222, name: c }", 0),
            ("-js -n a --routes nats://a:1 --cluster nats://0.0.0.0:6222", "port: 4222", 1),
            ("-js -n a --routes nats://a:1 --cluster :6222 --cluster_name c", "port: 4222", 0),
            ("--tlscert a --tlskey b", "https: 8443", 0),
            ("-p 8222", "http: 8222", 1),
            ("-sd /data", "jetstream { store_dir: /data }", 0),
        ] {
            let mut found = Sink::new();
            let source = Source::new("n.conf", text);
            let tree = parse(&source, &ParseContext::default(), &mut found).unwrap();
            let arguments = Arguments::read(&words(line));
            check_started(tree, &Context::default(), Some(&arguments), &mut found);
            let messages: Vec<_> = found.iter().map(|finding| &finding.message).collect();
            assert_eq!(found.len(), count, "{line}: {messages:?}");
        }
    }

    #[test]
    fn the_configuration_is_named_by_an_argument() {
        let config = |line: &str| Arguments::read(&words(line)).config;
        assert_eq!(config("-c a.conf"), Some(Some("a.conf".to_owned())));
        assert_eq!(config("-DV --config=/b.conf"), Some(Some("/b.conf".to_owned())));
        assert_eq!(config("-c $(FILE)"), Some(None));
        assert_eq!(config("-js"), None);
    }
}

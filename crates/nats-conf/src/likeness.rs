//! Whether a file of unknown origin is a configuration of nats-server. Many programs have `.conf` files, some
//! in a similar language, and some words are options of all of them.

use super::options::{Block, Setting, Shape, TOP};
use super::{Kind, Map, ParseContext, Value, parse};
use jinnacle_syntax::diagnostic::Sink;
use jinnacle_syntax::source::Source;

/// Options that hardly any other program has.
const OWN: [&str; 31] = [
    "jetstream",
    "leafnodes",
    "server_name",
    "server_tags",
    "monitor_port",
    "system_account",
    "no_system_account",
    "no_auth_user",
    "max_payload",
    "max_pending",
    "max_control_line",
    "max_subscriptions",
    "max_subs",
    "max_sub_tokens",
    "max_traced_msg_len",
    "max_closed_clients",
    "write_deadline",
    "lame_duck_duration",
    "lame_duck_grace_period",
    "connect_error_reports",
    "reconnect_error_reports",
    "disable_sublist_cache",
    "no_fast_producer_stall",
    "no_header_support",
    "default_js_domain",
    "default_sentinel",
    "resolver_preload",
    "resolver_pinned_accounts",
    "ports_file_dir",
    "client_advertise",
    "http_base_path",
];

/// Blocks of NATS' older server with streaming, whose configuration is read by that server alone.
const STREAMING: [&str; 3] = ["streaming", "stan", "nats_streaming"];

/// The ports that NATS has by itself.
const PORTS: [i64; 4] = [4222, 6222, 7422, 8222];

/// File names that are those of nats-server, and yet no proof.
const NAMES: [&str; 3] = ["nats.conf", "nats-server.conf", "gnatsd.conf"];

/// Whether the content of a file says that it is of nats-server; its name counts a little.
pub fn is_likely(name: &str, text: &str) -> bool {
    let mut signs = Signs::default();
    match parse(&Source::new(name, text), &ParseContext::default(), &mut Sink::new()) {
        Ok(tree) => signs.count(&tree.root, &TOP, true),
        Err(_) => signs.lines(text),
    }
    if NAMES.contains(&name) && signs.own + signs.shared > 0 {
        signs.own += 2;
    }
    signs.own >= 2 && !signs.is_other && signs.own + signs.shared / 4 > 2 * signs.against
}

/// What speaks for and against.
#[derive(Default)]
struct Signs {
    own: usize,
    shared: usize,
    against: usize,
    is_other: bool,
}

impl Signs {
    fn count(&mut self, map: &Map, block: &Block, is_top: bool) {
        for (name, entry) in map.entries.iter().filter(|(_, entry)| !entry.used) {
            self.is_other |= is_top && STREAMING.contains(&name.to_ascii_lowercase().as_str());
            let Some(option) = option(block, name) else {
                self.against += 1;
                continue;
            };
            let (against, is_own) = (self.against, is_top && is_own(name));
            self.value(&entry.value, &option.shape);
            if self.against > against {
                continue;
            }
            match &entry.value.kind {
                _ if is_own => self.own += 2,
                Kind::Map(map) if is_top && !map.entries.is_empty() => self.own += 2,
                Kind::Integer(port) if is_top && PORTS.contains(port) => self.own += 2,
                _ => self.shared += 1,
            }
        }
    }

    fn value(&mut self, value: &Value, shape: &Shape) {
        match (shape, &value.kind) {
            (Shape::OneOf(shapes), Kind::Map(_)) => {
                let takes = |shape: &&Shape| matches!(shape, Shape::Block(_) | Shape::Names(_));
                match shapes.iter().find(takes) {
                    Some(shape) => self.value(value, shape),
                    None => self.against += 1,
                }
            }
            (Shape::Block(block), Kind::Map(map)) => self.count(map, block, false),
            (Shape::Names(inner), Kind::Map(map)) => {
                map.entries.values().for_each(|entry| self.value(&entry.value, inner));
            }
            (Shape::List(inner), Kind::List(list)) => {
                list.iter().for_each(|item| self.value(item, inner));
            }
            (Shape::Any, _) => {}
            // What is a block in one program is a word in another.
            (Shape::Block(_) | Shape::Names(_), Kind::Text(_) | Kind::Integer(_))
            | (_, Kind::Map(_)) => self.against += 1,
            _ => {}
        }
    }

    /// The words with which lines of a file begin that is not read.
    fn lines(&mut self, text: &str) {
        for line in text.lines().filter(|line| line.starts_with(|c: char| !c.is_whitespace())) {
            let name = line.split([' ', '\t', ':', '=', '{', '#']).next().unwrap_or_default();
            if name.is_empty() || line.starts_with(['}', ']', '/']) {
                continue;
            }
            self.is_other |= STREAMING.contains(&name.to_ascii_lowercase().as_str());
            let is_block = line.contains('{');
            match option(&TOP, name) {
                None if name.eq_ignore_ascii_case("include") => {}
                Some(option) if is_block && !takes_block(&option.shape) => self.against += 1,
                Some(_) if is_own(name) || is_block => self.own += 2,
                Some(_) => self.shared += 1,
                None => self.against += 1,
            }
        }
    }
}

fn option<'b>(block: &'b Block, name: &str) -> Option<&'b Setting> {
    block.options.iter().find(|option| option.is_called(name, false))
}

/// Whether a name is that of an option which hardly any other program has; its other names may be common.
fn is_own(name: &str) -> bool {
    OWN.contains(&name.to_ascii_lowercase().as_str())
}

fn takes_block(shape: &Shape) -> bool {
    match shape {
        Shape::Block(_) | Shape::Names(_) | Shape::Any => true,
        Shape::OneOf(shapes) => shapes.iter().any(takes_block),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_programs_have_other_words() {
        for text in [
            "cluster-enabled yes\ncluster-config-file /data/nodes.conf\nappendonly yes\n",
            "port 6379\nbind 0.0.0.0\nsave 60 1\n",
            "http {\n  server {\n    listen 80;\n  }\n}\n",
            "user nginx;\nevents {}\nstream {\n  upstream nats { server nats:4222; }\n}\n",
            "port: 4222\nhttp_port: 8222\nstreaming {\n  id: test\n  store: file\n}\n",
            "port = 5432\nmax_connections = 100\nlog_statement = all\n",
            "http_port 3128\nhttp_access deny all\n",
            "global\n  daemon\nfrontend nats\n  bind *:4222\n",
            "[SERVICE]\n  Flush 1\n[INPUT]\n  Name tail\n",
            "net:\n  port: 27017\nsecurity:\n  authorization: enabled\n",
            "mqtt.listeners.tcp.default = 1883\ncluster_formation.peer_discovery_backend = k8s\n",
            "node { name: a }\ncluster { name: emqxcl, discovery_strategy: k8s }\nmqtt { max_packet_size: 1MB }\n",
            "listener 1883\npersistence true\nallow_anonymous true\n",
            "nats: { servers: [\"nats://a:4222\"] }\nlogging: { debug: true }\nreconnectwait: 5000\n",
            "",
        ] {
            for name in ["redis.conf", "nats-cache.conf", "nats.conf"] {
                assert!(!is_likely(name, text), "{name}: {text}");
            }
        }
    }

    #[test]
    fn a_nats_conf_is_known_by_what_is_in_it() {
        for text in [
            "jetstream { store_dir: /data }\n",
            "port: 4222\nmax_paylod: 1\nhttp: 8222\n",
            "listen: 4222\ncluster { port: 6222, routes: [\"nats://a:6222\"] }\n",
            "authorization { users: [ { user: a, password: b } ] }\n",
            "server_name: a\njetstream {\n  max_mem: 1G\n",
            "leafnodes { remotes: [ { url: \"tls://hub:7422\" } ] }\n",
            "accounts { A { users: [ { user: a } ] } }\n",
            "include ./a.conf\nmax_payload: 1M\n",
        ] {
            assert!(is_likely("server.conf", text), "{text}");
        }
        assert!(is_likely("nats.conf", "port: 99999\n"));
        assert!(!is_likely("server.conf", "port: 99999\n"));
    }
}

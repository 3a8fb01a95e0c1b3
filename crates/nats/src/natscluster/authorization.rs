//! Who may connect to a cluster: its roles and accounts, or a Secret with users.

use jinnacle_syntax::diagnostic::{Diagnostic, RuleId, Sink, rule};
use jinnacle_syntax::json::from_json;
use jinnacle_syntax::source::Span;
use jinnacle_syntax::yaml::{Kind, Map, Node};
use serde_json::Value;

use super::input::SecretEntry;
use super::{Choices, Cluster, Input};

/// The key of a Secret with users when nothing else is said: the README's.
const AUTH_KEY: &str = "clients-auth.json";

/// The directory of such a Secret below that of nats.conf, from which includes are looked for.
const AUTH_DIRECTORY: &str = "auth";

/// The rule of a Secret that `convert` cannot do without. The manifest by itself may be right.
pub const MISSING_LOGIN: RuleId = rule!("natscluster/login");

/// What the operator copies from such a Secret; the rest it drops.
const KNOWN_KEYS: [&str; 7] =
    ["username", "password", "token", "timeout", "users", "default_permissions", "include"];

/// Servers that log in with a Secret: those of the cluster, and those of other clusters.
#[derive(Clone, Copy, Debug)]
pub enum Servers {
    /// By routes.
    Cluster,
    /// By gateways.
    Gateway,
}

impl Servers {
    /// The field below `spec.auth` that names the Secret.
    pub fn secret(self) -> &'static str {
        match self {
            Self::Cluster => "clusterAuthSecret",
            Self::Gateway => "gatewayAuthSecret",
        }
    }

    /// The field below `spec.auth` with the seconds that the login may take.
    pub fn timeout(self) -> &'static str {
        match self {
            Self::Cluster => "clusterAuthTimeout",
            Self::Gateway => "gatewayAuthTimeout",
        }
    }
}

/// What servers log in with: the user of the Secret, which has to be in the input. The routes in nats.conf hold
/// the login, so that it cannot be included from a file.
pub fn of_servers(
    cluster: &Cluster,
    input: &Input,
    choices: &Choices,
    servers: Servers,
    found: &mut Sink,
) -> Option<Map> {
    let auth = cluster.node.at("spec.auth")?;
    let node = auth.at(servers.secret()).filter(|name| name.as_str() != Some(""))?;
    let name = node.as_str().unwrap_or_default();
    let Some(entries) = input.secret(cluster.namespace, name) else {
        found.push(
            Diagnostic::error(
                MISSING_LOGIN,
                format!(
                    "the Secret `{name}` with the login of the servers is not among the manifests"
                ),
            )
            .at(&node.span)
            .help(format!(
                "add it to the files: `kubectl -n {} get secret {name} -o yaml`",
                cluster.namespace
            )),
        );
        return None;
    };
    let read = entries.and_then(|entries| {
        let entry = chosen(name, &entries, choices)?;
        let (map, span) = read(name, entry)?;
        let login = |key: &str| map.get(key).and_then(Value::as_str).filter(|it| !it.is_empty());
        let (Some(user), Some(password)) = (login("username"), login("password")) else {
            let message = format!(
                "`{}` in the Secret `{name}` must have `username` and `password`: servers log in with them",
                entry.key
            );
            return Err(Diagnostic::error(rule!("natscluster/secret"), message)
                .at(&span)
                .help("write `{\"username\": \"NAME\", \"password\": \"PASSWORD\"}`"));
        };
        let mut values = Map::new();
        let mut set = |key: &str, kind: Kind| {
            values.insert(key, span.clone(), Node::new(kind, span.clone()));
        };
        set("username", Kind::Text(user.to_owned()));
        set("password", Kind::Text(password.to_owned()));
        let seconds = auth.at(servers.timeout()).and_then(Node::as_int).filter(|it| *it > 0);
        let seconds = seconds.or_else(|| map.get("timeout")?.as_i64().map(i128::from));
        if let Some(seconds) = seconds {
            set("timeout", Kind::Int(seconds));
        }
        Ok(values)
    });
    read.map_err(|error| found.push(error.related(&node.span, "it is named here"))).ok()
}

/// The values `authorization` of the chart; none when everybody may connect.
pub fn of(cluster: &Cluster, input: &Input, choices: &Choices, found: &mut Sink) -> Option<Login> {
    let auth = cluster.node.at("spec.auth")?;
    let mut login = Login::new(auth.span.clone());
    if auth.is_true("enableServiceAccounts") {
        of_roles(cluster, input, choices, &mut login, found);
    } else if let Some(name) = auth.at("clientsAuthSecret").filter(|n| n.as_str() != Some("")) {
        of_secret(cluster, input, choices, name, &mut login, found);
        if let Some(seconds) = auth.at("clientsAuthTimeout").filter(|s| s.as_int() != Some(0)) {
            login.set("timeout", seconds.kind.clone());
        }
    } else if let Some(file) = auth.text_at("clientsAuthFile") {
        // The server and the reloader look for it below the directory of nats.conf in any case.
        login.set("include", Kind::Text(file.trim_start_matches('/').to_owned()));
    } else {
        return None;
    }
    Some(login)
}

/// The values, all at the place of `spec.auth`.
pub struct Login {
    map: Map,
    span: Span,
}

impl Login {
    fn new(span: Span) -> Self {
        let mut login = Self { map: Map::new(), span };
        login.set("enabled", Kind::Bool(true));
        login
    }

    fn set(&mut self, key: &str, kind: Kind) {
        self.map.insert(key, self.span.clone(), Node::new(kind, self.span.clone()));
    }

    /// The entries.
    pub fn into_map(self) -> Map {
        self.map
    }
}

/// A user for each role with an account. A token that is in the input is the password, as with the operator; any
/// other is read from the environment, so that it is written nowhere.
fn of_roles(
    cluster: &Cluster,
    input: &Input,
    choices: &Choices,
    login: &mut Login,
    found: &mut Sink,
) {
    let mut users: Vec<((&str, &str), Node)> = Vec::new();
    let mut tokens = Vec::new();
    for role in input.roles(cluster) {
        let name = role.name();
        let span = role.body.at("metadata.name").map_or(&role.body.span, |node| &node.span);
        let accounts = input.accounts(name);
        let Some((namespace, account)) = accounts.first() else {
            found.push(
                Diagnostic::warning(
                    rule!("natscluster/role"),
                    format!(
                        "unknown ServiceAccount `{name}`: not among these manifests, so no user is created"
                    ),
                )
                .at(span),
            );
            continue;
        };
        if let Some((other, second)) = accounts.get(1) {
            found.push(
                Diagnostic::error(
                    rule!("natscluster/role"),
                    format!("`{name}` is an account in {namespace} and in {other}: the server refuses two users of one name"),
                )
                .at(&second.body.span)
                .related(span, "the role"),
            );
            continue;
        }
        let secret = format!("{name}-{}-bound-token", cluster.name);
        let token = match input.secret(namespace, &secret) {
            Some(Ok(entries)) => entries.into_iter().find(|entry| entry.key == "token"),
            Some(Err(error)) => {
                found.push(error);
                None
            }
            None => None,
        };
        let mut user = Map::new();
        let mut set = |key: &str, kind: Kind| {
            user.insert(key, span.clone(), Node::new(kind, span.clone()));
        };
        set("username", Kind::Text(name.to_owned()));
        match token {
            Some(token) if token.text.is_empty() => found.push(
                Diagnostic::error(
                    rule!("natscluster/token"),
                    format!("the token of `{name}` is empty: everybody could be that user"),
                )
                .at(token.span),
            ),
            Some(token) => set("password", Kind::Text(token.text)),
            None => {
                set("variable", Kind::Text(variable(name)));
                if choices.token_secrets && *namespace == cluster.namespace {
                    tokens.push(name);
                }
                found.push(
                    token_note(cluster, name, namespace, &secret, choices).at(&account.body.span),
                );
            }
        }
        set("permissions", permissions(&role.body, span));
        for key in ["publish", "subscribe"] {
            if role.body.at(&format!("spec.permissions.{key}")).is_none() {
                found.push(
                    Diagnostic::warning(
                        rule!("natscluster/role"),
                        format!("the role `{name}` may {key} nothing: it has no `spec.permissions.{key}`"),
                    )
                    .at(span)
                    .help(format!("to allow everything, write `{key}: [\">\"]`")),
                );
            }
        }
        users.push(((namespace, name), Node::new(Kind::Map(user), span.clone())));
    }
    if users.is_empty() {
        found.push(
            Diagnostic::warning(
                rule!("natscluster/auth-open"),
                "no role with an account belongs to the cluster: everybody may connect",
            )
            .at(&login.span),
        );
    }
    users.sort_by_key(|(key, _)| *key);
    login.set("users", Kind::List(users.into_iter().map(|(_, user)| user).collect()));
    let text = |name: &str| Node::new(Kind::Text(name.to_owned()), login.span.clone());
    let tokens = tokens.into_iter().map(text).collect();
    login.set("tokens", Kind::List(tokens));
}

/// The variable with the token of an account. All letters of a name are capitals in it, so no two accounts
/// have the same.
fn variable(account: &str) -> String {
    let word: String = account.to_uppercase().replace('-', "_").replace('.', "dot");
    format!("NATS_ROLE_{word}_TOKEN")
}

/// What a user may do. The operator writes null for what a role leaves out, which nats-server reads as the
/// subject `null`: nothing else is allowed.
fn permissions(role: &Node, span: &Span) -> Kind {
    let node = |kind| Node::new(kind, span.clone());
    let mut map = Map::new();
    for key in ["publish", "subscribe"] {
        let subjects = role.at(&format!("spec.permissions.{key}")).cloned();
        let nothing = || {
            let all = node(Kind::List(vec![node(Kind::Text(">".to_owned()))]));
            let mut denied = Map::new();
            denied.insert("deny", span.clone(), all);
            node(Kind::Map(denied))
        };
        map.insert(key, span.clone(), subjects.unwrap_or_else(nothing));
    }
    Kind::Map(map)
}

/// What to run for a token that is not in the input.
fn token_note(
    cluster: &Cluster,
    account: &str,
    namespace: &str,
    secret: &str,
    choices: &Choices,
) -> Diagnostic {
    let note = Diagnostic::note(
        rule!("natscluster/token"),
        format!("the server reads the token of `{account}` from the Secret `{secret}`"),
    );
    if choices.token_secrets && namespace == cluster.namespace {
        return Diagnostic::warning(
            rule!("natscluster/token"),
            format!(
                "Kubernetes puts a token of `{account}` into the Secret `{secret}`, with which the Kubernetes API can be used, too"
            ),
        );
    }
    let here = cluster.namespace;
    let note = note
        .help("the operator made it; keep it with `kubectl get secret -o yaml` among the files, or make a new one:")
        .help(format!("kubectl -n {namespace} create secret generic {secret}"))
        .help(format!(
            "kubectl -n {namespace} create token {account} --audience nats://{}.{namespace}.svc --bound-object-kind Secret --bound-object-name {secret}",
            cluster.name
        ))
        .help(format!("kubectl -n {namespace} patch secret {secret} -p '{{\"stringData\":{{\"token\":\"TOKEN\"}}}}'"));
    if namespace == here {
        return note;
    }
    note.help(format!(
        "put the same token into a Secret of that name in {here}, where the servers are"
    ))
}

/// The users of a Secret: copied when it is in the input, else included from where it is mounted.
fn of_secret(
    cluster: &Cluster,
    input: &Input,
    choices: &Choices,
    name: &Node,
    login: &mut Login,
    found: &mut Sink,
) {
    let secret = name.as_str().unwrap_or_default();
    let entries = match input.secret(cluster.namespace, secret) {
        Some(Ok(entries)) => entries,
        Some(Err(error)) => {
            found.push(error);
            return;
        }
        None => {
            let key = choices.auth_key.as_deref().unwrap_or(AUTH_KEY);
            login.set("include", Kind::Text(format!("{AUTH_DIRECTORY}/{key}")));
            login.set("secret", Kind::Text(secret.to_owned()));
            found.push(
                Diagnostic::warning(
                    rule!("natscluster/secret"),
                    format!("the Secret `{secret}` is not among the manifests: its `{key}` is mounted and included"),
                )
                .at(&name.span)
                .help("if it has another key, name that with `jinnacle convert --auth-key`"),
            );
            return;
        }
    };
    match chosen(secret, &entries, choices).and_then(|entry| read(secret, entry)) {
        Ok((map, span)) => {
            for (key, value) in map {
                if KNOWN_KEYS.contains(&key.as_str()) {
                    let mut value = from_json(&value, &span);
                    keep_known(&key, &mut value);
                    login.set(&key, value.kind);
                } else {
                    found.push(
                        Diagnostic::warning(
                            rule!("natscluster/secret"),
                            format!(
                                "`{key}` in the Secret `{secret}` is left out, as the operator does"
                            ),
                        )
                        .at(&span)
                        .help(format!("known are {}", KNOWN_KEYS.join(", "))),
                    );
                }
            }
        }
        Err(error) => found.push(error.related(&name.span, "it is named here")),
    }
}

/// Leaves in a user and in permissions only what the operator keeps, too.
fn keep_known(key: &str, value: &mut Node) {
    let known: &[&str] = match key {
        "users" => &["username", "password", "nkey", "permissions"],
        "permissions" | "default_permissions" => &["publish", "subscribe"],
        "publish" | "subscribe" => &["allow", "deny"],
        _ => return,
    };
    match &mut value.kind {
        Kind::List(list) => list.iter_mut().for_each(|entry| keep_known(key, entry)),
        Kind::Map(map) => {
            let unknown: Vec<String> =
                map.keys().filter(|key| !known.contains(key)).map(str::to_owned).collect();
            for key in unknown {
                map.remove(&key);
            }
            map.iter_mut().for_each(|(key, below)| keep_known(key, below));
        }
        _ => {}
    }
}

/// The key with the users. Of several the operator takes any.
fn chosen<'e>(
    secret: &str,
    entries: &'e [SecretEntry<'e>],
    choices: &Choices,
) -> Result<&'e SecretEntry<'e>, Diagnostic> {
    let error = |message: String| Diagnostic::error(rule!("natscluster/secret"), message);
    let keys: Vec<&str> = entries.iter().map(|entry| entry.key).collect();
    match (&choices.auth_key, entries) {
        (Some(key), _) => entries.iter().find(|entry| entry.key == key).ok_or_else(|| {
            error(format!("the Secret `{secret}` has no key `{key}`"))
                .help(format!("it has {}", keys.join(", ")))
        }),
        (None, [entry]) => Ok(entry),
        (None, []) => Err(error(format!("the Secret `{secret}` is empty"))),
        (None, [_, second, ..]) => Err(error(format!(
            "the Secret `{secret}` has several keys, of which the operator takes any: {}",
            keys.join(", ")
        ))
        .at(second.span)
        .help("leave one of them, or choose one with `jinnacle convert --auth-key`")),
    }
}

type Users = (serde_json::Map<String, Value>, Span);

fn read(secret: &str, entry: &SecretEntry<'_>) -> Result<Users, Diagnostic> {
    let what = format!("`{}` in the Secret `{secret}`", entry.key);
    let error =
        |message: String| Diagnostic::error(rule!("natscluster/secret"), message).at(entry.span);
    match serde_json::from_str(&entry.text) {
        Ok(Value::Object(map)) => match map.get("timeout") {
            Some(timeout) if !timeout.is_u64() => {
                Err(error(format!("`timeout` of {what}: expected a number of seconds")))
            }
            _ => Ok((map, entry.span.clone())),
        },
        Ok(_) => Err(error(format!("{what}: expected a JSON object"))
            .help("write `{\"users\": [{\"username\": \"NAME\", \"password\": \"PASSWORD\"}]}`")),
        Err(why) => Err(error(format!("{what}: invalid JSON: {why}"))),
    }
}

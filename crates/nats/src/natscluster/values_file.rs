//! A cluster as a values file for the chart `nats/nats`.
//!
//! Fields that mean the same there are in a table; the rest is written by hand below it. What neither of
//! them takes is lost, and said so with its place.

use std::collections::HashSet;

use jinnacle_chart::release::{Capabilities, DEFAULT_KUBE_VERSION};
use jinnacle_syntax::diagnostic::{Diagnostic, Sink, rule};
use jinnacle_syntax::policy::Policy;
use jinnacle_syntax::yaml::{Kind, Map, Node, emit};

use super::authorization::Servers;
use super::{Choices, Cluster, Input, Target};

/// Fields and the settings that they are, below `spec` and in the values. They are written if they are set.
const SAME: [(&str, &str); 48] = [
    ("size", "cluster.replicas"),
    ("noAdvertise", "cluster.noAdvertise"),
    ("serverImage", "nats.image.repository"),
    ("natsConfig.debug", "nats.logging.debug"),
    ("natsConfig.trace", "nats.logging.trace"),
    ("natsConfig.write_deadline", "nats.limits.writeDeadline"),
    ("natsConfig.maxConnections", "nats.limits.maxConnections"),
    ("natsConfig.maxPayload", "nats.limits.maxPayload"),
    ("natsConfig.maxPending", "nats.limits.maxPending"),
    ("natsConfig.maxSubscriptions", "nats.limits.maxSubscriptions"),
    ("natsConfig.maxControlLine", "nats.limits.maxControlLine"),
    ("tls.verify", "nats.tls.verify"),
    ("tls.cipherSuites", "nats.tls.cipherSuites"),
    ("tls.curvePreferences", "nats.tls.curvePreferences"),
    ("tls.clientsTLSTimeout", "nats.tls.timeout"),
    ("auth.tlsVerifyAndMap", "nats.tls.verifyAndMap"),
    ("tls.routesTLSTimeout", "cluster.tls.timeout"),
    ("gatewayConfig.name", "gateway.name"),
    ("gatewayConfig.hostPort", "gateway.port"),
    ("gatewayConfig.gateways", "gateway.gateways"),
    ("gatewayConfig.rejectUnknown", "gateway.rejectUnknownCluster"),
    ("tls.gatewaysTLSTimeout", "gateway.tls.timeout"),
    ("leafnodeConfig.hostPort", "leafnodes.port"),
    ("websocketConfig.port", "websocket.port"),
    ("websocketConfig.handshakeTimeout", "websocket.handshakeTimeout"),
    ("servicePolicy.annotations", "serviceAnnotations"),
    ("tls.leafnodesTLSTimeout", "leafnodes.tls.timeout"),
    ("pod.reloaderImage", "reloader.image.repository"),
    ("pod.reloaderImageTag", "reloader.image.tag"),
    ("pod.reloaderImagePullPolicy", "reloader.image.pullPolicy"),
    ("pod.reloaderResources", "reloader.resources"),
    ("pod.metricsImage", "exporter.image.repository"),
    ("pod.metricsImageTag", "exporter.image.tag"),
    ("pod.metricsImagePullPolicy", "exporter.image.pullPolicy"),
    ("pod.bootconfigImage", "bootconfig.image.repository"),
    ("pod.bootconfigImageTag", "bootconfig.image.tag"),
    ("pod.labels", "statefulSetPodLabels"),
    ("pod.annotations", "podAnnotations"),
    ("template.spec.priorityClassName", "priorityClassName"),
    ("template.spec.securityContext", "securityContext"),
    ("template.spec.imagePullSecrets", "imagePullSecrets"),
    ("template.spec.hostNetwork", "nats.hostNetwork"),
    ("template.spec.dnsPolicy", "nats.dnsPolicy"),
    ("template.spec.topologySpreadConstraints", "topologySpreadConstraints"),
    ("template.spec.automountServiceAccountToken", "nats.automountServiceAccountToken"),
    ("pod.nodeSelector", "nodeSelector"),
    ("pod.tolerations", "tolerations"),
    ("pod.resources", "nats.resources"),
];

/// Fields that have no effect in the cluster either, or whose absence other settings make good.
const WITHOUT_EFFECT: [&str; 10] = [
    "extraRoutes",
    "template.metadata",
    "template.spec.hostname",
    "template.spec.subdomain",
    "template.spec.restartPolicy",
    "template.spec.shareProcessNamespace",
    "template.spec.containers[0].name",
    "template.spec.containers[0].image",
    "template.spec.containers[0].command",
    "template.spec.containers[0].volumeMounts",
];

/// Maps whose fields are looked at one by one.
const GROUPS: [&str; 14] = [
    "",
    "natsConfig",
    "pod",
    "tls",
    "auth",
    "gatewayConfig",
    "leafnodeConfig",
    "operatorConfig",
    "websocketConfig",
    "servicePolicy",
    "managementServicePolicy",
    "template",
    "template.spec",
    "template.spec.containers[0]",
];

/// Why a field is lost, where that is not plain.
const REASONS: [(&str, &str); 5] = [
    ("paused", "there is no controller to pause"),
    ("tls.enableHttps", "the chart serves its monitoring port by HTTP"),
    ("useServerName", "the chart makes the name of a server of that of its Pod"),
    ("template.spec.initContainers", "the chart has its own alone"),
    ("template.spec.containers[0].args", "the chart starts the server without"),
];

/// The text of the values file.
///
/// # Errors
/// What is said of the users cannot be used.
pub fn text(
    cluster: &Cluster,
    input: &Input,
    choices: &Choices,
    policy: &Policy,
    found: &mut Sink,
) -> anyhow::Result<String> {
    let values = super::values(cluster, input, choices, policy, found)?;
    let mut file = File {
        spec: cluster.node.at("spec").unwrap_or(cluster.node),
        filled: values.at("spec").unwrap_or(&values),
        settings: Vec::new(),
        taken: WITHOUT_EFFECT.iter().map(|path| (*path).to_owned()).collect(),
        tokens: Vec::new(),
        volumes: Vec::new(),
        mounts: Vec::new(),
        found: Vec::new(),
    };
    file.server(cluster);
    file.same();
    file.routes(cluster, input);
    file.listeners();
    file.login(cluster, &values);
    file.operator(cluster);
    file.pod(cluster);
    file.extras();
    file.lost("", file.spec);
    found.extend(file.found);
    let capabilities = Capabilities::new(DEFAULT_KUBE_VERSION, &[]);
    found.extend(super::notes::of(cluster, Target::Values, &capabilities));
    let (name, namespace) = (cluster.name, cluster.namespace);
    let mut text = format!(
        "# The NatsCluster {namespace}/{name} as values of the chart nats/nats:\n\
         # jinnacle template {name} nats/nats -n {namespace} -f THIS-FILE\n"
    );
    tree(file.settings).write(0, &mut text);
    Ok(text)
}

/// What is known so far.
struct File<'c> {
    /// The `spec` as it was written.
    spec: &'c Node,
    /// The same with the operator's defaults.
    filled: &'c Node,
    settings: Vec<Setting>,
    /// Fields that became settings.
    taken: HashSet<String>,
    /// Variables with the tokens of ServiceAccounts.
    tokens: Vec<Node>,
    /// The Secret with users, which is included.
    volumes: Vec<Node>,
    mounts: Vec<Node>,
    found: Vec<Diagnostic>,
}

/// A key of the values file, its value, and what it comes from.
struct Setting {
    path: String,
    value: Node,
    origin: String,
}

impl<'c> File<'c> {
    /// A field, which counts as taken from here on.
    fn take(&mut self, path: &str) -> Option<&'c Node> {
        self.taken.insert(path.to_owned());
        self.spec.at(path)
    }

    /// A setting that comes from a field, or from its absence.
    fn set(&mut self, path: &str, kind: Kind, field: &str) {
        let span = self.spec.at(field).map_or(&self.spec.span, |node| &node.span).clone();
        let origin = match self.spec.at(field) {
            Some(_) => format!("spec.{field}, {}:{}", span.source().name(), span.place().line),
            None => format!("unknown field spec.{field}"),
        };
        self.settings.push(Setting { path: path.to_owned(), value: Node::new(kind, span), origin });
    }

    /// A setting that makes the chart do as the operator does.
    fn put(&mut self, path: &str, kind: Kind, why: &str) {
        let value = Node::new(kind, self.spec.span.clone());
        self.settings.push(Setting { path: path.to_owned(), value, origin: why.to_owned() });
    }

    fn warn(&mut self, field: &str, message: String) -> &mut Diagnostic {
        let span = self.spec.at(field).map_or(&self.spec.span, |node| &node.span);
        self.found.push(Diagnostic::warning(rule!("natscluster/lost"), message).at(span));
        self.found.last_mut().expect("it was just pushed")
    }

    /// A step that somebody has to do, since a values file cannot say it.
    fn by_hand(&mut self, field: &str, message: String, help: Vec<String>) {
        let diagnostic = self.warn(field, message);
        diagnostic.rule = rule!("natscluster/by-hand");
        diagnostic.help = help;
    }

    fn server(&mut self, cluster: &Cluster) {
        let (name, node) = (cluster.name, cluster.node);
        let place = node.at("metadata.name").map_or(&node.span, |node| &node.span);
        let origin = format!("metadata.name, {}:{}", place.source().name(), place.place().line);
        for (path, kind) in [
            ("fullnameOverride", Kind::Text(name.to_owned())),
            ("nats.selectorLabels.app", Kind::Text("nats".to_owned())),
            ("nats.selectorLabels.nats_cluster", Kind::Text(name.to_owned())),
        ] {
            self.put(path, kind, &origin);
        }
        let version = self.take("version").and_then(Node::as_str).unwrap_or("2.1.4");
        let version = version.trim_start_matches('v').to_owned();
        let major = version.split(['.', '-']).next().and_then(|major| major.parse::<u64>().ok());
        if major.is_some_and(|major| major < 2) {
            self.warn(
                "version",
                format!("the version {version} is lost: its image has no program nats-server, which the chart starts"),
            )
            .help
            .push("the chart's own version is taken; `nats.image.tag` names another from 2 on".to_owned());
        } else {
            self.set("nats.image.tag", Kind::Text(version), "version");
        }
        let field = "natsConfig.disableLogtime";
        let logtime = !self.take(field).is_some_and(is_set);
        self.set("nats.logging.logtime", Kind::Bool(logtime), field);
        self.put("cluster.enabled", Kind::Bool(true), "the operator always makes a cluster");
    }

    fn same(&mut self) {
        for (field, setting) in SAME {
            if let Some(value) = self.take(field).filter(|value| is_set(value)) {
                self.set(setting, value.kind.clone(), field);
            }
        }
    }

    fn routes(&mut self, cluster: &Cluster, input: &Input) {
        let routes: Vec<String> =
            self.spec
                .list_at("extraRoutes")
                .iter()
                .filter_map(|route| match (route.text_at("route"), route.text_at("cluster")) {
                    (Some(route), _) => Some(route.to_owned()),
                    // A converted neighbour has one Service, for clients and servers.
                    (None, Some(other)) => Some(
                        match input.clusters().any(|known| {
                            known.name == other && known.namespace == cluster.namespace
                        }) {
                            true => format!("nats://{other}:6222"),
                            false => format!("nats://{other}-mgmt:6222"),
                        },
                    ),
                    (None, None) => None,
                })
                .collect();
        if !routes.is_empty() {
            let routes = self.texts(routes);
            self.set("cluster.extraRoutes", routes, "extraRoutes");
        }
    }

    fn texts(&self, texts: Vec<String>) -> Kind {
        let node = |text| Node::new(Kind::Text(text), self.spec.span.clone());
        Kind::List(texts.into_iter().map(node).collect())
    }

    /// Ports beside that for clients, and certificates of all.
    fn listeners(&mut self) {
        for (section, field) in [
            ("gateway", "gatewayConfig"),
            ("leafnodes", "leafnodeConfig.hostPort"),
            ("websocket", "websocketConfig"),
        ] {
            if self.spec.at(field).is_some() {
                self.set(&format!("{section}.enabled"), Kind::Bool(true), field);
            }
        }
        for (prefix, tls) in [
            ("server", "nats.tls"),
            ("routes", "cluster.tls"),
            ("gateway", "gateway.tls"),
            ("leafnode", "leafnodes.tls"),
            ("websocket", "websocket.tls"),
        ] {
            let secret = format!("tls.{prefix}Secret");
            let files = [("CA", "ca"), ("Cert", "cert"), ("Key", "key")];
            let files = files.map(|(part, key)| (format!("tls.{prefix}Secret{part}FileName"), key));
            for (field, _) in &files {
                self.take(field);
            }
            let Some(name) = self.take(&secret) else { continue };
            self.set(&format!("{tls}.secret.name"), name.kind.clone(), &secret);
            for (field, key) in files {
                if let Some(file) = self.filled.at(&field) {
                    let origin = if self.spec.at(&field).is_some() { &field } else { &secret };
                    self.set(&format!("{tls}.{key}"), file.kind.clone(), origin);
                }
            }
        }
        self.remotes();
        self.host_ports();
    }

    /// Servers that these are leaf nodes of. The chart names the Secret with the credentials, which the operator
    /// has mounted.
    fn remotes(&mut self) {
        let field = "leafnodeConfig.remotes";
        let Some(remotes) = self.take(field).and_then(Node::as_list) else { return };
        let mut made = Vec::new();
        for remote in remotes {
            let urls = remote.text_at("url").into_iter();
            let urls = urls.chain(remote.list_at("urls").iter().filter_map(Node::as_str));
            let mut entries = vec![("urls", self.texts(urls.map(str::to_owned).collect()))];
            if let Some(path) = remote.text_at("credentials") {
                match self.mounted_secret(path) {
                    Some((name, key)) => {
                        let secret =
                            self.entries(&[("name", Kind::Text(name)), ("key", Kind::Text(key))]);
                        entries.push(("credentials", self.entries(&[("secret", secret)])));
                    }
                    None => drop(self.warn(
                        field,
                        format!("the credentials `{path}` are lost: no Secret is mounted there"),
                    )),
                }
            }
            made.push(Node::new(self.entries(&entries), remote.span.clone()));
        }
        self.set("leafnodes.remotes", Kind::List(made), field);
    }

    /// The Secret and its key that are mounted at the path of a file.
    fn mounted_secret(&self, path: &str) -> Option<(String, String)> {
        let mounts = self.spec.list_at("pod.volumeMounts").iter();
        let (volume, file) = { mounts }.find_map(|mount| {
            let directory = mount.text_at("mountPath")?.trim_end_matches('/');
            let file = path.strip_prefix(directory)?.strip_prefix('/')?;
            Some((mount.text_at("name")?, file))
        })?;
        let volumes = self.spec.list_at("template.spec.volumes").iter();
        let volume = { volumes }.find(|known| known.text_at("name") == Some(volume))?;
        let name = volume.text_at("secret.secretName")?;
        let items = volume.list_at("secret.items").iter();
        let item = { items }.find(|item| item.text_at("path") == Some(file));
        let key = item.and_then(|item| item.text_at("key")).unwrap_or(file);
        Some((name.to_owned(), key.to_owned()))
    }

    /// In the chart the ports on the node are open together or not at all.
    fn host_ports(&mut self) {
        let clients = self.take("pod.enableClientsHostPort").is_some_and(is_set);
        let advertise = self.take("pod.advertiseExternalIP").is_some_and(is_set);
        let reasons = [
            ("pod.enableClientsHostPort", clients),
            ("pod.advertiseExternalIP", advertise),
            self.port_of_node("gatewayConfig", "hostPort", "pod.disableGatewaysHostPort"),
            self.port_of_node("leafnodeConfig", "hostPort", "pod.disableLeafnodesHostPort"),
            self.port_of_node("websocketConfig", "port", "pod.disableWebsocketsHostPort"),
        ];
        let Some((field, _)) = reasons.into_iter().find(|(_, given)| *given) else { return };
        self.set("nats.externalAccess", Kind::Bool(true), field);
        self.set("nats.advertise", Kind::Bool(advertise), field);
        if !clients {
            self.warn(
                field,
                "the port 4222 of the nodes is opened, too: the chart opens all or none".to_owned(),
            )
            .rule = rule!("natscluster/changes");
        }
    }

    /// The section, and whether its port is opened on the nodes.
    fn port_of_node(
        &mut self,
        section: &'static str,
        port: &str,
        closed: &str,
    ) -> (&'static str, bool) {
        let is_closed = self.take(closed).is_some_and(is_set);
        (section, self.spec.at(&format!("{section}.{port}")).is_some() && !is_closed)
    }

    /// Users that are known become values; what the server has to look up is included from a ConfigMap.
    fn login(&mut self, cluster: &Cluster, values: &Node) {
        for field in
            ["enableServiceAccounts", "clientsAuthSecret", "clientsAuthFile", "clientsAuthTimeout"]
        {
            self.take(&format!("auth.{field}"));
        }
        for (servers, login, setting) in [
            (Servers::Cluster, "clusterAuthorization", "cluster.authorization"),
            (Servers::Gateway, "gatewayAuthorization", "gateway.authorization"),
        ] {
            let field = format!("auth.{}", servers.secret());
            self.take(&field);
            self.take(&format!("auth.{}", servers.timeout()));
            let keys = [("username", "user"), ("password", "password"), ("timeout", "timeout")];
            for (key, name) in keys {
                if let Some(value) = values.at(login).and_then(|login| login.at(key)) {
                    self.set(&format!("{setting}.{name}"), value.kind.clone(), &field);
                }
            }
        }
        let Some(login) = values.at("authorization").filter(|login| login.is_true("enabled"))
        else {
            return;
        };
        let users = login.list_at("users");
        let field =
            ["auth.enableServiceAccounts", "auth.clientsAuthSecret", "auth.clientsAuthFile"]
                .into_iter()
                .find(|field| self.spec.at(field).is_some_and(is_set))
                .unwrap_or("auth");
        if login.text_at("include").is_some()
            || users.iter().any(|user| user.at("variable").is_some())
        {
            self.included_login(cluster, login, field);
            return;
        }
        let single: Map = ["username", "password"]
            .iter()
            .filter_map(|key| login.as_map()?.entry(key).map(|entry| (*key, entry.clone())))
            .fold(Map::new(), |mut map, (key, entry)| {
                map.insert(key, entry.key, entry.value);
                map
            });
        let mut users = users.to_vec();
        if !single.is_empty() {
            users.push(Node::new(Kind::Map(single), login.span.clone()));
        }
        if users.is_empty() && login.at("token").is_none() {
            return;
        }
        self.set("auth.enabled", Kind::Bool(true), field);
        for (key, setting) in [
            ("timeout", "auth.timeout"),
            ("token", "auth.token"),
            ("default_permissions", "auth.basic.defaultPermissions"),
        ] {
            if let Some(value) = login.at(key) {
                self.set(setting, value.kind.clone(), field);
            }
        }
        if !users.is_empty() {
            self.set("auth.basic.users", Kind::List(users), field);
        }
    }

    fn included_login(&mut self, cluster: &Cluster, login: &Node, field: &str) {
        let map = format!("{}-authorization", cluster.name);
        let entry = self.entries(&[
            ("name", Kind::Text("authorization".to_owned())),
            ("configMap", self.entries(&[("name", Kind::Text(map.clone()))])),
        ]);
        let entry = Node::new(entry, self.spec.span.clone());
        self.set("nats.config", Kind::List(vec![entry]), field);
        for user in login.list_at("users") {
            let (Some(variable), Some(account)) =
                (user.text_at("variable"), user.text_at("username"))
            else {
                continue;
            };
            let key = self.entries(&[
                ("name", Kind::Text(format!("{account}-{}-bound-token", cluster.name))),
                ("key", Kind::Text("token".to_owned())),
            ]);
            let from = self.entries(&[("secretKeyRef", key)]);
            let name = Kind::Text(variable.to_owned());
            let variable = self.entries(&[("name", name), ("valueFrom", from)]);
            self.tokens.push(Node::new(variable, self.spec.span.clone()));
        }
        if let Some(secret) = login.text_at("secret") {
            let source = self.entries(&[("secretName", Kind::Text(secret.to_owned()))]);
            let volume = self
                .entries(&[("name", Kind::Text("clients-auth".to_owned())), ("secret", source)]);
            let mount = self.entries(&[
                ("name", Kind::Text("clients-auth".to_owned())),
                ("mountPath", Kind::Text("/etc/nats-config/auth".to_owned())),
            ]);
            self.volumes.push(Node::new(volume, self.spec.span.clone()));
            self.mounts.push(Node::new(mount, self.spec.span.clone()));
        }
        let include = login.text_at("include").unwrap_or_default();
        let mut help = vec![
            "write the block `authorization { … }` of the nats.conf that `jinnacle convert` prints into authorization.conf".to_owned(),
        ];
        if !include.is_empty() {
            help.push(format!("in it, write \"../{include}\" instead of \"{include}\""));
        }
        help.push(format!(
            "kubectl -n {} create configmap {map} --from-file=authorization.conf",
            cluster.namespace
        ));
        self.by_hand(
            field,
            format!(
                "who may connect comes from the ConfigMap `{map}`, and no server starts without it"
            ),
            help,
        );
    }

    fn entries(&self, entries: &[(&str, Kind)]) -> Kind {
        let mut map = Map::new();
        for (key, kind) in entries {
            let span = self.spec.span.clone();
            map.insert(*key, span.clone(), Node::new(kind.clone(), span));
        }
        Kind::Map(map)
    }

    /// The chart has the operator's JWT in a ConfigMap.
    fn operator(&mut self, cluster: &Cluster) {
        let Some(secret) = self.take("operatorConfig.secret").and_then(Node::as_str) else {
            return;
        };
        let map = format!("{}-operator-jwt", cluster.name);
        let field = "operatorConfig.secret";
        self.set("auth.enabled", Kind::Bool(true), field);
        self.set("auth.operatorjwt.configMap.name", Kind::Text(map.clone()), field);
        self.set("auth.operatorjwt.configMap.key", Kind::Text("op.jwt".to_owned()), field);
        if let Some(account) = self.take("operatorConfig.systemAccount") {
            self.set("auth.systemAccount", account.kind.clone(), "operatorConfig.systemAccount");
        }
        let resolver = self.spec.at("operatorConfig.resolver").and_then(Node::as_str);
        let url = resolver.map(|url| {
            url.strip_prefix("URL(").and_then(|url| url.strip_suffix(')')).unwrap_or(url)
        });
        if let Some(url) = url.filter(|url| url.contains("://")) {
            let field = "operatorConfig.resolver";
            self.take(field);
            self.set("auth.resolver.type", Kind::Text("URL".to_owned()), field);
            self.set("auth.resolver.url", Kind::Text(url.to_owned()), field);
        }
        self.by_hand(
            field,
            format!("the chart wants the JWT of the operator in the ConfigMap `{map}`"),
            vec![
                format!("kubectl -n {} get secret {secret} -o jsonpath='{{.data.op\\.jwt}}' | base64 -d > op.jwt", cluster.namespace),
                format!("kubectl -n {} create configmap {map} --from-file=op.jwt", cluster.namespace),
            ],
        );
    }

    fn pod(&mut self, cluster: &Cluster) {
        if self.take("pod.antiAffinity").is_some_and(is_set) {
            let labels = self.entries(&[("nats_cluster", Kind::Text(cluster.name.to_owned()))]);
            let selector = self.entries(&[("matchLabels", labels)]);
            let term = self.entries(&[
                ("labelSelector", selector),
                ("topologyKey", Kind::Text("kubernetes.io/hostname".to_owned())),
            ]);
            let term = Node::new(term, self.spec.span.clone());
            self.set(
                "affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution",
                Kind::List(vec![term]),
                "pod.antiAffinity",
            );
            self.take("template.spec.affinity");
        } else if let Some(affinity) = self.take("template.spec.affinity").filter(|a| is_set(a)) {
            self.set("affinity", affinity.kind.clone(), "template.spec.affinity");
        }
        for field in ["nodeSelector", "tolerations"] {
            let below = format!("template.spec.{field}");
            if let Some(value) = self.take(&below).filter(|value| is_set(value))
                && !self.spec.at(&format!("pod.{field}")).is_some_and(is_set)
            {
                self.set(field, value.kind.clone(), &below);
            }
        }
        let account = "template.spec.serviceAccountName";
        if let Some(name) = self.take(account) {
            self.set("nats.serviceAccount.create", Kind::Bool(false), account);
            self.set("nats.serviceAccount.name", name.kind.clone(), account);
        }
        self.container();
        let mut mounts = std::mem::take(&mut self.mounts);
        mounts.extend(
            self.take("pod.volumeMounts")
                .and_then(Node::as_list)
                .unwrap_or_default()
                .iter()
                .cloned(),
        );
        let mut volumes = std::mem::take(&mut self.volumes);
        volumes.extend(
            self.take("template.spec.volumes")
                .and_then(Node::as_list)
                .unwrap_or_default()
                .iter()
                .cloned(),
        );
        for (setting, list, field) in [
            ("additionalVolumes", volumes, "template.spec.volumes"),
            ("additionalVolumeMounts", mounts, "pod.volumeMounts"),
        ] {
            if !list.is_empty() {
                let field =
                    if self.spec.at(field).is_some() { field } else { "auth.clientsAuthSecret" };
                self.set(setting, Kind::List(list), field);
            }
        }
        let sidecars = self.spec.list_at("template.spec.containers").iter().skip(1).cloned();
        let sidecars: Vec<Node> = sidecars.collect();
        if !sidecars.is_empty() {
            self.set("additionalContainers", Kind::List(sidecars), "template.spec.containers");
        }
        self.stop();
    }

    /// The server's container: its environment, and what else the template says of it.
    fn container(&mut self) {
        let first = self.spec.list_at("template.spec.containers").first();
        let own = |field: &str| first.and_then(|container| container.at(field));
        let place = |field: &str| format!("template.spec.containers[0].{field}");
        let mut env: Vec<Node> = own("env").and_then(Node::as_list).unwrap_or_default().to_vec();
        env.extend(self.spec.list_at("pod.natsEnv").iter().cloned());
        self.taken.extend([place("env"), "pod.natsEnv".to_owned(), place("resources")]);
        // The chart makes these itself.
        env.retain(|variable| {
            !["POD_NAME", "POD_NAMESPACE"].contains(&variable.text_at("name").unwrap_or_default())
        });
        let named = env.iter().position(|variable| variable.text_at("name") == Some("SERVER_NAME"));
        if let Some(named) = named {
            let variable = env.remove(named);
            let prefix = variable.text_at("value").and_then(|value| pod_prefix(value, &env));
            if let Some(prefix) = prefix.filter(|_| self.spec.is_true("useServerName")) {
                self.take("useServerName");
                if !prefix.is_empty() {
                    self.set("nats.serverNamePrefix", Kind::Text(prefix), "useServerName");
                }
            }
        }
        let field = ["pod.natsEnv", "template.spec.containers", "auth.enableServiceAccounts"]
            .into_iter()
            .find(|field| self.spec.at(field).is_some_and(is_set))
            .unwrap_or("template");
        env.append(&mut self.tokens);
        if !env.is_empty() {
            self.set("nats.extraEnv", Kind::List(env), field);
        }
        for (field, setting) in [
            ("imagePullPolicy", "nats.image.pullPolicy"),
            ("securityContext", "nats.securityContext"),
        ] {
            self.taken.insert(place(field));
            if let Some(value) = own(field) {
                self.set(setting, value.kind.clone(), "template.spec.containers");
            }
        }
        if let Some(resources) = own("resources")
            && !self.spec.at("pod.resources").is_some_and(is_set)
        {
            self.set("nats.resources", resources.kind.clone(), "template.spec.containers");
        }
    }

    /// A server that ends has the time that the operator gives it.
    fn stop(&mut self) {
        let field = "lameDuckDurationSeconds";
        let seconds = self.take(field).and_then(Node::as_int);
        let why = "as with the operator: what the server takes by itself";
        match seconds {
            Some(seconds) => {
                self.set("nats.limits.lameDuckDuration", Kind::Text(format!("{seconds}s")), field);
            }
            None => self.put("nats.limits.lameDuckDuration", Kind::Null, why),
        }
        self.put("nats.limits.lameDuckGracePeriod", Kind::Null, why);
        let given = "template.spec.terminationGracePeriodSeconds";
        let setting = "nats.terminationGracePeriodSeconds";
        match self.take(given) {
            Some(seconds) => self.set(setting, seconds.kind.clone(), given),
            None => {
                let seconds = seconds.unwrap_or(120) + 30;
                self.put(
                    setting,
                    Kind::Int(seconds),
                    "the time in which clients are sent away, and some more",
                );
            }
        }
    }

    /// What the chart makes and the operator does not, or only when it is asked.
    fn extras(&mut self) {
        let reload = self.take("pod.enableConfigReload").is_some_and(is_set);
        let metrics = self.take("pod.enableMetrics").is_some_and(is_set);
        self.set("reloader.enabled", Kind::Bool(reload), "pod.enableConfigReload");
        if reload {
            self.put(
                "nats.configChecksumAnnotation",
                Kind::Bool(false),
                "the reloader takes a restart's place",
            );
        }
        self.set("exporter.enabled", Kind::Bool(metrics), "pod.enableMetrics");
        if metrics {
            let tag = self.filled.text_at("pod.metricsImageTag").unwrap_or_default();
            let mut args = vec!["-connz", "-routez", "-subz", "-varz"];
            // They are of the servers before NATS 2. The exporter exits at them since 0.17.0.
            if is_before_0_17(tag) {
                args.extend(["-channelz", "-serverz"]);
            }
            args.push("http://localhost:8222");
            let args = self.texts(args.into_iter().map(str::to_owned).collect());
            self.set("exporter.args", args, "pod.enableMetrics");
        }
        self.put("nats.connectRetries", Kind::Int(10), "the operator's `--connect_retries`");
        self.put("natsbox.enabled", Kind::Bool(false), "the operator makes none");
        self.put("podDisruptionBudget.enabled", Kind::Bool(false), "the operator makes none");
    }

    /// Everything that was not taken.
    fn lost(&mut self, path: &str, node: &'c Node) {
        if self.taken.contains(path) || !is_set(node) {
            return;
        }
        if let (true, Some(map)) = (GROUPS.contains(&path), node.as_map()) {
            for (key, value) in map.iter() {
                let below = if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") };
                self.lost(&below, value);
            }
            return;
        }
        if path == "template.spec.containers" {
            if let Some(first) = node.as_list().and_then(|list| list.first()) {
                self.lost("template.spec.containers[0]", first);
            }
            return;
        }
        let reason = REASONS.iter().find(|(known, _)| *known == path);
        let reason = reason.map_or(String::new(), |(_, reason)| format!(": {reason}"));
        self.found.push(
            Diagnostic::warning(
                rule!("natscluster/lost"),
                format!("`spec.{path}` has no equivalent in the chart nats/nats{reason}"),
            )
            .at(&node.span),
        );
    }
}

/// Whether a tag is a version of the exporter before 0.17.
fn is_before_0_17(tag: &str) -> bool {
    let mut parts = tag.trim_start_matches('v').split('.').map(str::parse::<u64>);
    matches!((parts.next(), parts.next()), (Some(Ok(0)), Some(Ok(minor))) if minor < 17)
}

/// Whether a field says more than its absence.
fn is_set(node: &Node) -> bool {
    match &node.kind {
        Kind::Null => false,
        Kind::Bool(value) => *value,
        Kind::Text(text) => !text.is_empty(),
        Kind::List(list) => !list.is_empty(),
        Kind::Map(map) => !map.is_empty(),
        Kind::Int(number) => *number != 0,
        Kind::Float(_) => true,
    }
}

/// What precedes the Pod's name in a variable such as `us-$(MY_POD_NAME)`.
fn pod_prefix(value: &str, env: &[Node]) -> Option<String> {
    let (prefix, variable) = value.strip_suffix(')')?.split_once("$(")?;
    let is_pod = env.iter().any(|other| {
        other.text_at("name") == Some(variable)
            && other.text_at("valueFrom.fieldRef.fieldPath") == Some("metadata.name")
    });
    (is_pod || variable == "POD_NAME").then(|| prefix.to_owned())
}

/// Settings by their keys, in the order in which they were made.
enum Branch {
    Leaf(Setting),
    Inner(Vec<(String, Branch)>),
}

fn tree(settings: Vec<Setting>) -> Branch {
    let mut root = Vec::new();
    for setting in settings {
        let path = setting.path.clone();
        grow(&mut root, &path, setting);
    }
    Branch::Inner(root)
}

/// Puts a setting at its place; one that is there already stays.
fn grow(branch: &mut Vec<(String, Branch)>, path: &str, setting: Setting) {
    let (key, rest) = path.split_once('.').unwrap_or((path, ""));
    let at = branch.iter().position(|(known, _)| known == key).unwrap_or_else(|| {
        branch.push((key.to_owned(), Branch::Inner(Vec::new())));
        branch.len() - 1
    });
    match &mut branch[at].1 {
        Branch::Inner(below) if !rest.is_empty() => grow(below, rest, setting),
        leaf @ Branch::Inner(_) => *leaf = Branch::Leaf(setting),
        Branch::Leaf(_) => {}
    }
}

impl Branch {
    fn write(&self, column: usize, out: &mut String) {
        let Self::Inner(below) = self else { return };
        for (key, branch) in below {
            if column == 0 {
                out.push('\n');
            }
            emit::spaces(column, out);
            match branch {
                Self::Leaf(setting) => {
                    out.push_str(&format!("# {}\n", setting.origin));
                    emit::entry(key, &setting.value, column, out);
                }
                Self::Inner(_) => {
                    out.push_str(&format!("{key}:\n"));
                    branch.write(column + 2, out);
                }
            }
        }
    }
}

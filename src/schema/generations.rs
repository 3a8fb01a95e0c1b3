//! Keys of other generations of NATS on Kubernetes, and what to write instead: the chart's 1.x and 2.x
//! series, the operator's NatsCluster, and the mixtures that tutorials spread.

use std::sync::Arc;

use super::moved;
use crate::diagnostic::{Diagnostic, Fix};
use crate::yaml::{Entry, Map, Node};

use Instead::{Gone, Key};

/// What a key of another generation has become.
#[derive(Clone, Copy)]
enum Instead {
    /// A key of this chart; what is below goes with it.
    Key(&'static str),
    /// Nothing of the kind: what to do.
    Gone(&'static str),
}

/// By path, the longest first among those that begin alike. What a row gives may be looked up once more.
#[rustfmt::skip]
const KEYS: &[(&str, Instead)] = &[
    // The chart's 1.x and 2.x series.
    ("config.cluster.routeURLs.useFQDN", Key("useFQDN")),
    ("config.cluster.routeURLs.k8sClusterDomain", Key("k8sClusterDomain")),
    ("config.cluster.routeURLs.user", Key("cluster.authorization.user")),
    ("config.cluster.routeURLs.password", Key("cluster.authorization.password")),
    ("config.cluster.port", Gone("leave it out: the port is 6222")),
    ("config.cluster.merge.authorization", Key("cluster.authorization")),
    ("config.cluster.merge.name", Key("cluster.name")),
    ("config.cluster", Key("cluster")),
    ("config.jetstream.merge.domain", Key("nats.jetstream.domain")),
    ("config.jetstream.merge.unique_tag", Key("nats.jetstream.uniqueTag")),
    ("config.jetstream", Key("nats.jetstream")),
    ("config.nats.port", Key("nats.client.port")),
    ("config.nats", Key("nats")),
    ("config.leafnodes.merge.remotes", Key("leafnodes.remotes")),
    ("config.leafnodes", Key("leafnodes")),
    ("config.gateway.merge.name", Key("gateway.name")),
    ("config.gateway.merge.gateways", Key("gateway.gateways")),
    ("config.gateway", Key("gateway")),
    ("config.websocket.ingress", Gone("the chart makes no Ingress: write one of your own")),
    ("config.websocket", Key("websocket")),
    ("config.mqtt.port", Gone("leave it out: the port is 1883")),
    ("config.mqtt", Key("mqtt")),
    ("config.monitor", Gone("leave it out: the monitoring port is always 8222")),
    ("config.profiling", Key("nats.profiling")),
    ("config.resolver.enabled", Gone("write `auth.enabled: true` and `auth.resolver.type: full`")),
    ("config.resolver.dir", Key("auth.resolver.store.dir")),
    ("config.resolver.pvc.enabled", Gone("leave it out: `auth.resolver.type: full` claims a volume")),
    ("config.resolver.pvc", Key("auth.resolver.store")),
    ("config.resolver.merge", Key("auth.resolver")),
    ("config.serverNamePrefix", Key("nats.serverNamePrefix")),
    ("config.merge.accounts", Key("auth.basic.accounts")),
    ("config.merge.authorization.token", Key("auth.token")),
    ("config.merge.authorization.users", Key("auth.basic.users")),
    ("config.merge.system_account", Key("auth.systemAccount")),
    ("config.merge.no_auth_user", Key("auth.basic.noAuthUser")),
    ("config.merge.operator", Key("auth.resolver.operator")),
    ("config.merge.resolver_preload", Key("auth.resolver.resolverPreload")),
    ("config.merge.max_payload", Key("nats.limits.maxPayload")),
    ("config.merge.max_pending", Key("nats.limits.maxPending")),
    ("config.merge.max_connections", Key("nats.limits.maxConnections")),
    ("config.merge.max_subscriptions", Key("nats.limits.maxSubscriptions")),
    ("config.merge.max_control_line", Key("nats.limits.maxControlLine")),
    ("config.merge.ping_interval", Key("nats.limits.pingInterval")),
    ("config.merge.ping_max", Key("nats.limits.maxPings")),
    ("config.merge.write_deadline", Key("nats.limits.writeDeadline")),
    ("config.merge.lame_duck_duration", Key("nats.limits.lameDuckDuration")),
    ("config.merge.lame_duck_grace_period", Key("nats.limits.lameDuckGracePeriod")),
    ("config.merge.debug", Key("nats.logging.debug")),
    ("config.merge.trace", Key("nats.logging.trace")),
    ("config.merge.logtime", Key("nats.logging.logtime")),
    ("config.merge.server_tags", Key("nats.serverTags")),
    ("config.merge.mappings", Key("nats.mappings")),
    ("config", Gone("write the keys of this chart, or include a file of your own by `nats.config`")),
    ("container.image", Key("nats.image")),
    ("container.env", Gone("write `nats.extraEnv`, a list of `name` and `value`")),
    ("container.merge.resources", Key("nats.resources")),
    ("container.merge.securityContext", Key("nats.securityContext")),
    ("container.merge.volumeMounts", Key("additionalVolumeMounts")),
    ("container.ports", Gone("write `nats.externalAccess: true` for host ports")),
    ("container", Gone("write the keys below `nats`")),
    ("reloader.merge.resources", Key("reloader.resources")),
    ("reloader.merge", Gone("write `reloader.resources` or `reloader.securityContext`")),
    ("reloader.patch", Gone("nothing is patched here: write the keys below `reloader`")),
    ("reloader.env", Gone("leave it out: the container takes no variables")),
    ("reloader.natsVolumeMountPrefixes", Gone("leave it out: the container has the mounts that it needs")),
    ("promExporter.merge.resources", Key("exporter.resources")),
    ("promExporter.podMonitor", Key("exporter.serviceMonitor")),
    ("promExporter.port", Gone("leave it out: the port is 7777")),
    ("promExporter", Key("exporter")),
    ("natsBox.container.image", Key("natsbox.image")),
    ("natsBox.container.merge.resources", Key("natsbox.resources")),
    ("natsBox.container.merge.securityContext", Key("natsbox.securityContext")),
    ("natsBox.contexts", Gone("write `natsbox.credentials.secret` with the Secret of a credentials file")),
    ("natsBox.podTemplate.merge.spec.affinity", Key("natsbox.affinity")),
    ("natsBox.podTemplate.merge.spec.nodeSelector", Key("natsbox.nodeSelector")),
    ("natsBox.podTemplate.merge.spec.tolerations", Key("natsbox.tolerations")),
    ("natsBox.podTemplate.merge.metadata.annotations", Key("natsbox.podAnnotations")),
    ("natsBox.podTemplate.merge.metadata.labels", Key("natsbox.podLabels")),
    ("natsBox", Key("natsbox")),
    ("podTemplate.configChecksumAnnotation", Key("nats.configChecksumAnnotation")),
    ("podTemplate.topologySpreadConstraints", Gone("write `topologySpreadConstraints`, a list with `topologyKey` in each entry")),
    ("podTemplate.merge.spec.securityContext", Key("securityContext")),
    ("podTemplate.merge.spec.affinity", Key("affinity")),
    ("podTemplate.merge.spec.nodeSelector", Key("nodeSelector")),
    ("podTemplate.merge.spec.tolerations", Key("tolerations")),
    ("podTemplate.merge.spec.priorityClassName", Key("priorityClassName")),
    ("podTemplate.merge.spec.terminationGracePeriodSeconds", Key("nats.terminationGracePeriodSeconds")),
    ("podTemplate.merge.spec.volumes", Key("additionalVolumes")),
    ("podTemplate.merge.spec.containers", Key("additionalContainers")),
    ("podTemplate.merge.spec.imagePullSecrets", Key("imagePullSecrets")),
    ("podTemplate.merge.metadata.annotations", Key("podAnnotations")),
    ("podTemplate.merge.metadata.labels", Key("statefulSetPodLabels")),
    ("podTemplate", Gone("write `podAnnotations`, `affinity`, `tolerations` and their like")),
    ("statefulSet.merge.metadata.annotations", Key("statefulSetAnnotations")),
    ("statefulSet.merge.spec.podManagementPolicy", Key("podManagementPolicy")),
    ("statefulSet", Gone("write `statefulSetAnnotations` or `podManagementPolicy`")),
    ("service.merge.metadata.annotations", Key("serviceAnnotations")),
    ("service.merge.spec.type", Gone("the Service is headless: write one of type LoadBalancer of your own")),
    ("service", Gone("the Service is headless and has every port: write one of your own for more")),
    ("headlessService", Gone("write `serviceAnnotations`: the only Service is headless")),
    ("configMap", Gone("leave it out: the ConfigMap takes no changes")),
    ("serviceAccount.enabled", Key("nats.serviceAccount.create")),
    ("serviceAccount.merge.metadata.annotations", Key("nats.serviceAccount.annotations")),
    ("serviceAccount", Key("nats.serviceAccount")),
    ("podDisruptionBudget.merge.spec", Key("podDisruptionBudget")),
    ("podDisruptionBudget.merge", Gone("write `maxUnavailable` or `minAvailable`")),
    ("podDisruptionBudget.patch", Gone("nothing is patched here: write `maxUnavailable` or `minAvailable`")),
    ("tlsCA", Gone("write `ca: ca.crt` in each `tls` block: the Secret holds it")),
    ("extraResources", Gone("put other objects into files of their own")),
    // The operator.
    ("apiVersion", Gone("leave it out: values have no version")),
    ("kind", Gone("leave it out: values have no kind")),
    ("metadata.name", Gone("give the name of the release on the command line")),
    ("metadata.namespace", Gone("write `namespaceOverride`, or give --namespace")),
    ("metadata", Gone("leave it out: the release has the name")),
    ("spec.size", Key("cluster.replicas")),
    ("spec.version", Key("nats.image.tag")),
    ("spec.serverImage", Key("nats.image.repository")),
    ("spec.natsConfig.disableLogtime", Gone("write `nats.logging.logtime: false`")),
    ("spec.natsConfig.debug", Key("nats.logging.debug")),
    ("spec.natsConfig.trace", Key("nats.logging.trace")),
    ("spec.natsConfig", Key("nats.limits")),
    ("spec.pod.resources", Key("nats.resources")),
    ("spec.pod.annotations", Key("podAnnotations")),
    ("spec.pod.labels", Key("statefulSetPodLabels")),
    ("spec.pod.nodeSelector", Key("nodeSelector")),
    ("spec.pod.tolerations", Key("tolerations")),
    ("spec.pod.affinity", Key("affinity")),
    ("spec.pod.antiAffinity", Gone("write `affinity.podAntiAffinity`, as values/examples/production.yaml does")),
    ("spec.pod.natsEnv", Key("nats.extraEnv")),
    ("spec.pod.enableConfigReload", Key("reloader.enabled")),
    ("spec.pod.reloaderImage", Key("reloader.image.repository")),
    ("spec.pod.reloaderImageTag", Key("reloader.image.tag")),
    ("spec.pod.enableMetrics", Key("exporter.enabled")),
    ("spec.pod.metricsImage", Key("exporter.image.repository")),
    ("spec.pod.metricsImageTag", Key("exporter.image.tag")),
    ("spec.pod.enableClientsHostPort", Key("nats.externalAccess")),
    ("spec.pod.advertiseExternalIP", Key("nats.advertise")),
    ("spec.pod.bootconfigImage", Key("bootconfig.image.repository")),
    ("spec.pod.bootconfigImageTag", Key("bootconfig.image.tag")),
    ("spec.pod.volumeMounts", Key("additionalVolumeMounts")),
    ("spec.template.spec.volumes", Key("additionalVolumes")),
    ("spec.tls.serverSecret", Key("nats.tls.secret.name")),
    ("spec.tls.clientsTLSTimeout", Key("nats.tls.timeout")),
    ("spec.tls.routesSecret", Key("cluster.tls.secret.name")),
    ("spec.tls.routesTLSTimeout", Key("cluster.tls.timeout")),
    ("spec.tls.gatewaySecret", Key("gateway.tls.secret.name")),
    ("spec.tls.leafnodeSecret", Key("leafnodes.tls.secret.name")),
    ("spec.tls.websocketSecret", Key("websocket.tls.secret.name")),
    ("spec.auth.clientsAuthTimeout", Key("auth.timeout")),
    ("spec.auth.tlsVerifyAndMap", Key("nats.tls.verifyAndMap")),
    ("spec.auth", Gone("write `auth.enabled: true` and `auth.basic`: there are no NatsServiceRoles")),
    ("spec.extraRoutes", Key("cluster.extraRoutes")),
    ("spec.gatewayConfig", Key("gateway")),
    ("spec.leafnodeConfig", Key("leafnodes")),
    ("spec.websocketConfig", Key("websocket")),
    ("spec.lameDuckDurationSeconds", Gone("write `nats.limits.lameDuckDuration`, a duration such as `30s`")),
    ("spec.noAdvertise", Key("cluster.noAdvertise")),
    ("spec.useServerName", Gone("leave it out: servers are named after their Pods")),
    ("spec", Gone("write the keys of this chart")),
    // Older charts of the 0.x series.
    ("additionalLabels", Key("commonLabels")),
    ("auth.operator", Gone("write `auth.operatorjwt.configMap` with the ConfigMap of the JWT")),
    ("exporter.flags", Key("exporter.args")),
    ("nats.conf", Gone("write `nats.customConfigSecret` with the Secret of a whole nats.conf, or include a file by `nats.config`")),
    ("nats.debug", Key("nats.logging.debug")),
    ("nats.trace", Key("nats.logging.trace")),
    ("nats.extraRoutes", Key("cluster.extraRoutes")),
    ("nats.healthcheck.useHealthz", Key("nats.healthcheck.enableHealthz")),
    ("nats.maxPings", Key("nats.limits.maxPings")),
    ("nats.writeDeadline", Key("nats.limits.writeDeadline")),
    ("nats.requests", Key("nats.resources.requests")),
    ("nats.serverName", Gone("leave it out: servers are named after their Pods, with `nats.serverNamePrefix` before the name")),
    ("nats.tls.allow_non_tls", Key("nats.tls.allowNonTLS")),
    ("statefulSetLabels", Gone("write `commonLabels` for all objects, or `statefulSetPodLabels` for the Pods")),
    // Mixtures, other charts.
    ("nats.jetstream.fileStore.pvc.enabled", Gone("leave it out: `nats.jetstream.fileStorage.enabled` claims a volume")),
    ("nats.jetstream.fileStore.pvc", Key("nats.jetstream.fileStorage")),
    ("nats.jetstream.fileStore.dir", Key("nats.jetstream.fileStorage.storageDirectory")),
    ("nats.jetstream.fileStore.maxSize", Key("nats.jetstream.fileStorage.size")),
    ("nats.jetstream.fileStore.storageSize", Key("nats.jetstream.fileStorage.size")),
    ("nats.jetstream.fileStore", Key("nats.jetstream.fileStorage")),
    ("nats.jetstream.memoryStore.maxSize", Key("nats.jetstream.memStorage.size")),
    ("nats.jetstream.memoryStore", Key("nats.jetstream.memStorage")),
    ("nats.jetstream.memStore.maxSize", Key("nats.jetstream.memStorage.size")),
    ("nats.jetstream.memStore", Key("nats.jetstream.memStorage")),
    ("jetstream", Key("nats.jetstream")),
    ("nats.imageTag", Key("nats.image.tag")),
    ("nats.tag", Key("nats.image.tag")),
    ("nats.jetstream.fileStorage.storageSize", Key("nats.jetstream.fileStorage.size")),
    ("nats.replicas", Key("cluster.replicas")),
    ("cluster.size", Key("cluster.replicas")),
    ("externalAccess", Key("nats.externalAccess")),
    ("nats.cluster", Key("cluster")),
    ("nats.auth", Key("auth")),
    ("replicas", Key("cluster.replicas")),
    ("replicaCount", Key("cluster.replicas")),
    ("image", Key("nats.image")),
    ("resources", Key("nats.resources")),
    ("limits", Key("nats.limits")),
    ("logging", Key("nats.logging")),
    ("metrics", Key("exporter")),
    ("nats.affinity", Key("affinity")),
    ("nats.nodeSelector", Key("nodeSelector")),
    ("nats.tolerations", Key("tolerations")),
    ("nats.topologySpreadConstraints", Key("topologySpreadConstraints")),
    ("nats.priorityClassName", Key("priorityClassName")),
    ("nats.podAnnotations", Key("podAnnotations")),
    ("nats.podLabels", Key("statefulSetPodLabels")),
    ("nats.podSecurityContext", Key("securityContext")),
    ("nats.podDisruptionBudget", Key("podDisruptionBudget")),
    ("nats.podManagementPolicy", Key("podManagementPolicy")),
    ("nats.imagePullSecrets", Key("imagePullSecrets")),
    ("nats.leafnodes", Key("leafnodes")),
    ("nats.gateway", Key("gateway")),
    ("nats.websocket", Key("websocket")),
    ("nats.mqtt", Key("mqtt")),
    ("nats.exporter", Key("exporter")),
    ("nats.reloader", Key("reloader")),
    ("nats.service", Gone("the Service is headless and has every port: write one of your own for more")),
    ("nats.persistence", Key("persistence")),
    ("nats.env", Key("nats.extraEnv")),
    ("nats.resources.cpu", Gone("write it below `nats.resources.requests` or `limits`")),
    ("nats.resources.memory", Gone("write it below `nats.resources.requests` or `limits`")),
    ("podLabels", Key("statefulSetPodLabels")),
    ("podSecurityContext", Key("securityContext")),
    ("extraEnv", Key("nats.extraEnv")),
    ("tls", Key("nats.tls")),
    ("livenessProbe", Key("nats.healthcheck.liveness")),
    ("readinessProbe", Key("nats.healthcheck.readiness")),
    ("startupProbe", Key("nats.healthcheck.startup")),
    ("persistence.storageClass", Key("nats.jetstream.fileStorage.storageClassName")),
    ("persistence", Key("nats.jetstream.fileStorage")),
    ("jetstream.maxMemory", Key("nats.jetstream.memStorage.size")),
    ("auth.user", Gone("write `auth.basic.users`, a list of `user` and `password`")),
    ("auth.password", Gone("write it beside the `user` in `auth.basic.users`")),
    ("auth.users", Key("auth.basic.users")),
    ("auth.accounts", Key("auth.basic.accounts")),
    ("auth.noAuthUser", Key("auth.basic.noAuthUser")),
    ("ingress", Gone("the chart makes no Ingress: write one of your own")),
    ("resourcesPreset", Gone("write `nats.resources`")),
];

/// Endings that are the same at every place.
const ENDINGS: [(&str, Instead); 3] = [
    (".tls.secretName", Key(".tls.secret.name")),
    (".tls.enabled", Gone("leave it out: TLS is on where there is a `tls` block")),
    (".tls.dir", Gone("leave it out: the Secret is mounted at a folder of the chart's own")),
];

/// Who has the keys below a name at the top.
const OWNERS: [(&[&str], &str); 2] = [
    (
        &[
            "config",
            "container",
            "promExporter",
            "natsBox",
            "podTemplate",
            "statefulSet",
            "service",
            "headlessService",
            "configMap",
            "serviceAccount",
            "tlsCA",
            "extraResources",
            "reloader",
            "podDisruptionBudget",
        ],
        "is a key of the chart's 1.x and 2.x series",
    ),
    (&["apiVersion", "kind", "metadata", "spec"], "is a key of the operator's NatsCluster"),
];

/// What is to be said of a key that this chart does not have, which is in a map: a finding for each
/// part that has become something of its own, or none if no other generation has the key either.
pub fn explain(path: &str, entry: &Entry, map: &Map, values: &Node) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    if instead(path).is_some() {
        parts(path, entry, map, values, &mut found);
    }
    found
}

fn parts(path: &str, entry: &Entry, map: &Map, values: &Node, found: &mut Vec<Diagnostic>) {
    let instead = instead(path);
    // What goes into the map that the one above has become is not moved as a whole.
    let is_merged = path.rsplit_once('.').is_some_and(|(above, _)| self::instead(above) == instead);
    let is_in_parts = |below: &&Map| {
        is_merged && !below.is_empty() || differs_below(path, &entry.value, &instead)
    };
    if let Some(below) = entry.value.as_map().filter(is_in_parts) {
        for (key, entry) in below.entries() {
            parts(&format!("{path}.{key}"), entry, below, values, found);
        }
        return;
    }
    let root = path.split('.').next().unwrap_or(path);
    let owner = OWNERS.iter().find(|(roots, _)| roots.contains(&root));
    let words = match (owner, &instead) {
        (Some((_, words)), _) => words,
        (None, Some(Ok(_))) => "stands at another place in this chart",
        (None, _) => "is no key of this chart",
    };
    let mut finding =
        Diagnostic::error("values/other-generation", format!("`{path}` {words}")).at(&entry.key);
    finding = match &instead {
        Some(Ok(key)) => finding.help(format!("write `{key}`")),
        Some(Err(words)) => finding.help(*words),
        None => finding.help("leave it out"),
    };
    if let Some(Ok(key)) = &instead {
        finding.fix = match renamed(path, key) {
            Some(name) if is_written_beside(map, name, entry) => None,
            Some(name) => Some(Fix::replace(&entry.key, name)),
            None => moved::fix(values, path, key),
        };
    }
    found.push(finding);
}

/// The new name of a key that stays in its map.
fn renamed<'k>(old: &str, new: &'k str) -> Option<&'k str> {
    let (old_map, _) = old.rsplit_once('.').unwrap_or(("", old));
    let (new_map, name) = new.rsplit_once('.').unwrap_or(("", new));
    (old_map == new_map).then_some(name)
}

/// Whether the user has written a key in the same file too.
fn is_written_beside(map: &Map, name: &str, entry: &Entry) -> bool {
    map.entry(name).is_some_and(|other| Arc::ptr_eq(other.key.source(), entry.key.source()))
}

/// Whether any part of a map has become something else than the whole.
fn differs_below(path: &str, value: &Node, whole: &Option<Result<String, &'static str>>) -> bool {
    let Some(map) = value.as_map() else { return false };
    map.iter().any(|(key, value)| {
        let path = format!("{path}.{key}");
        let expected = match whole {
            Some(Ok(whole)) => Some(Ok(format!("{whole}.{key}"))),
            other => other.clone(),
        };
        instead(&path) != expected || differs_below(&path, value, &expected)
    })
}

/// The key to write instead, or the words that say what to do.
fn instead(path: &str) -> Option<Result<String, &'static str>> {
    let mut path = path.to_owned();
    let mut known = false;
    while let Some((prefix, instead)) = row(&path) {
        match instead {
            Key(key) => path = format!("{key}{}", &path[prefix.len()..]),
            Gone(words) => return Some(Err(words)),
        }
        known = true;
    }
    for (ending, instead) in ENDINGS {
        match (path.strip_suffix(ending), instead) {
            (Some(start), Key(key)) => return Some(Ok(format!("{start}{key}"))),
            (Some(_), Gone(words)) => return Some(Err(words)),
            (None, _) => {}
        }
    }
    known.then_some(Ok(path))
}

/// The row of a path, or of the nearest map above it.
fn row(path: &str) -> Option<(&'static str, Instead)> {
    KEYS.iter()
        .filter(|(known, _)| {
            path.strip_prefix(known).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        })
        .max_by_key(|(known, _)| known.len())
        .copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_of_other_generations_are_known_by_what_to_write() {
        for (path, wanted) in [
            ("config.cluster.enabled", Some(Ok("cluster.enabled"))),
            ("config.jetstream.fileStore.pvc.size", Some(Ok("nats.jetstream.fileStorage.size"))),
            ("nats.jetstream.fileStore.pvc.size", Some(Ok("nats.jetstream.fileStorage.size"))),
            ("jetstream.memoryStore.maxSize", Some(Ok("nats.jetstream.memStorage.size"))),
            ("config.nats.tls.secretName", Some(Ok("nats.tls.secret.name"))),
            ("natsBox.enabled", Some(Ok("natsbox.enabled"))),
            ("spec.size", Some(Ok("cluster.replicas"))),
            ("metadata.labels", Some(Err("leave it out: the release has the name"))),
            ("configs", None),
        ] {
            let found = instead(path);
            assert_eq!(
                found.as_ref().map(|found| found.as_deref().map_err(|words| *words)),
                wanted,
                "{path}"
            );
        }
    }

    #[test]
    fn what_is_to_be_written_is_a_key_of_this_chart() {
        let schema: serde_json::Value =
            serde_json::from_str(include_str!("../../schemas/nats.json")).unwrap();
        for (path, row) in KEYS {
            let Some(Ok(key)) = instead(path) else {
                assert!(matches!(row, Gone(_)), "{path}");
                continue;
            };
            let mut at = &schema;
            for part in key.split('.') {
                if let Some(name) = at["$ref"].as_str() {
                    at = schema.pointer(&name[1..]).unwrap();
                }
                at = &at["properties"][part];
                assert!(at.is_object(), "{path}: {key} has no {part}");
            }
        }
    }
}

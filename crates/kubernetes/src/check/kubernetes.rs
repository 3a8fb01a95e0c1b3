//! What the API server refuses beyond the schema: rules by definition, in files by topic.
//!
//! The rules follow the validation of Kubernetes 1.37 as a server was seen to apply it; what it takes
//! against expectation is taken here too.

mod access;
mod api_service;
mod autoscaler;
pub(super) mod base64;
mod container;
mod cron;
mod definition;
mod metadata;
pub mod names;
mod network;
mod node;
mod pod;
mod policy;
pub mod quantity;
mod scheduling;
mod service;
mod storage;
pub(super) mod time;
mod webhook;
mod workload;

use super::report::Report;
use super::shape::whole;
use jinnacle_syntax::yaml::Node;

/// Finds what breaks a definition's rule.
type Rule = fn(&Node, &mut Report);

/// The rules by the name of their definition, in the order of the names.
#[rustfmt::skip]
const RULES: &[(&str, Rule)] = &[
    ("admissionregistration.v1.MutatingWebhook", webhook::webhook),
    ("admissionregistration.v1.ValidatingAdmissionPolicy", needs_spec),
    ("admissionregistration.v1.ValidatingAdmissionPolicySpec", webhook::policy),
    ("admissionregistration.v1.ValidatingWebhook", webhook::webhook),
    ("apiextensions.v1.CustomResourceDefinition", definition::definition),
    ("apiextensions.v1.CustomResourceDefinitionSpec", definition::spec),
    ("apiregistration.v1.APIService", api_service::service),
    ("apps.v1.DaemonSetSpec", workload::daemon_set),
    ("apps.v1.DeploymentSpec", workload::deployment),
    ("apps.v1.ReplicaSetSpec", workload::replica_set),
    ("apps.v1.StatefulSetSpec", workload::stateful_set),
    ("autoscaling.v1.HorizontalPodAutoscalerSpec", autoscaler::bounds),
    ("autoscaling.v2.ContainerResourceMetricSource", autoscaler::container_resource),
    ("autoscaling.v2.ExternalMetricSource", autoscaler::external),
    ("autoscaling.v2.HorizontalPodAutoscalerSpec", autoscaler::spec),
    ("autoscaling.v2.MetricIdentifier", autoscaler::identifier),
    ("autoscaling.v2.MetricSpec", autoscaler::metric),
    ("autoscaling.v2.MetricTarget", autoscaler::target),
    ("autoscaling.v2.ObjectMetricSource", autoscaler::object),
    ("autoscaling.v2.PodsMetricSource", autoscaler::pods),
    ("autoscaling.v2.ResourceMetricSource", autoscaler::resource),
    ("batch.v1.CronJobSpec", workload::cron_job),
    ("batch.v1.Job", needs_spec),
    ("batch.v1.JobSpec", workload::job),
    ("core.v1.AppArmorProfile", container::localhost_profile),
    ("core.v1.CSIVolumeSource", pod::csi_volume),
    ("core.v1.ConfigMap", storage::config_map),
    ("core.v1.ConfigMapEnvSource", container::named_source),
    ("core.v1.ConfigMapKeySelector", container::key_selector),
    ("core.v1.ConfigMapVolumeSource", pod::config_map_volume),
    ("core.v1.Container", container::container),
    ("core.v1.ContainerPort", container::port),
    ("core.v1.DownwardAPIVolumeFile", pod::downward_file),
    ("core.v1.EmptyDirVolumeSource", pod::empty_dir),
    ("core.v1.EndpointAddress", network::endpoint_address),
    ("core.v1.EnvFromSource", container::env_from),
    ("core.v1.EnvVar", container::variable),
    ("core.v1.EnvVarSource", container::variable_source),
    ("core.v1.GRPCAction", container::grpc),
    ("core.v1.GitRepoVolumeSource", pod::git_repo),
    ("core.v1.HTTPGetAction", container::port_of_action),
    ("core.v1.HTTPHeader", container::header),
    ("core.v1.HostAlias", pod::host_alias),
    ("core.v1.HostPathVolumeSource", pod::host_path),
    ("core.v1.ImageVolumeSource", pod::image_volume),
    ("core.v1.KeyToPath", pod::key_to_path),
    ("core.v1.Lifecycle", container::lifecycle),
    ("core.v1.LimitRangeItem", policy::limit),
    ("core.v1.NFSVolumeSource", pod::nfs),
    ("core.v1.Namespace", metadata::namespace),
    ("core.v1.NodeSelector", scheduling::node_selector),
    ("core.v1.NodeSelectorTerm", scheduling::node_selector_term),
    ("core.v1.NodeSpec", node::spec),
    ("core.v1.PersistentVolume", storage::volume),
    ("core.v1.PersistentVolumeClaim", storage::claim),
    ("core.v1.PersistentVolumeClaimTemplate", storage::claim),
    ("core.v1.PersistentVolumeClaimVolumeSource", pod::claim_volume),
    ("core.v1.Pod", pod::pod),
    ("core.v1.PodAffinityTerm", scheduling::pod_affinity_term),
    ("core.v1.PodResourceClaim", pod::resource_claim),
    ("core.v1.PodSpec", pod::spec),
    ("core.v1.PodTemplateSpec", pod::template),
    ("core.v1.ProjectedVolumeSource", pod::projected),
    ("core.v1.ReplicationController", needs_spec),
    ("core.v1.ReplicationControllerSpec", workload::replication_controller),
    ("core.v1.ResourceQuotaSpec", policy::quota),
    ("core.v1.ResourceRequirements", container::resources),
    ("core.v1.SeccompProfile", container::localhost_profile),
    ("core.v1.Secret", storage::secret),
    ("core.v1.SecretEnvSource", container::named_source),
    ("core.v1.SecretKeySelector", container::key_selector),
    ("core.v1.SecretVolumeSource", pod::secret_volume),
    ("core.v1.SecurityContext", container::security),
    ("core.v1.Service", service::service),
    ("core.v1.ServiceAccountTokenProjection", pod::token),
    ("core.v1.Sysctl", pod::sysctl),
    ("core.v1.TCPSocketAction", container::port_of_action),
    ("core.v1.Toleration", scheduling::toleration),
    ("core.v1.TopologySpreadConstraint", scheduling::spread),
    ("core.v1.Volume", pod::volume),
    ("core.v1.VolumeMount", container::mount),
    ("discovery.v1.EndpointSlice", network::endpoint_slice),
    ("meta.v1.LabelSelector", metadata::selector),
    ("meta.v1.ObjectMeta", metadata::metadata),
    ("meta.v1.OwnerReference", metadata::owner),
    ("networking.v1.HTTPIngressPath", network::path),
    ("networking.v1.HTTPIngressRuleValue", network::paths),
    ("networking.v1.IPBlock", network::ip_block),
    ("networking.v1.Ingress", network::ingress),
    ("networking.v1.IngressBackend", network::backend),
    ("networking.v1.IngressClass", needs_spec),
    ("networking.v1.IngressClassParametersReference", network::class_parameters),
    ("networking.v1.IngressClassSpec", network::class),
    ("networking.v1.IngressRule", network::rule),
    ("networking.v1.IngressServiceBackend", network::service_backend),
    ("networking.v1.IngressTLS", network::tls),
    ("networking.v1.NetworkPolicyPeer", network::peer),
    ("networking.v1.NetworkPolicyPort", network::policy_port),
    ("networking.v1.NetworkPolicySpec", network::policy),
    ("networking.v1.ServiceCIDR", needs_spec),
    ("networking.v1.ServiceCIDRSpec", network::service_ranges),
    ("policy.v1.PodDisruptionBudgetSpec", policy::disruption_budget),
    ("rbac.v1.ClusterRole", access::cluster_role),
    ("rbac.v1.ClusterRoleBinding", access::cluster_role_binding),
    ("rbac.v1.PolicyRule", access::rule),
    ("rbac.v1.Role", access::role),
    ("rbac.v1.RoleBinding", access::role_binding),
    ("rbac.v1.Subject", access::subject),
    ("scheduling.v1.PriorityClass", scheduling::priority_class),
    ("storage.v1.StorageClass", storage::class),
];

/// Applies the rules of a definition to a node whose shape is right.
pub fn check(definition: &str, node: &Node, report: &mut Report) {
    if let Ok(at) = RULES.binary_search_by(|(name, _)| (*name).cmp(definition)) {
        (RULES[at].1)(node, report);
    }
}

/// An object whose schema does without a spec, and whose validation does not.
fn needs_spec(node: &Node, report: &mut Report) {
    if node.at("spec").is_none() {
        report.required(node, "spec");
    }
}

/// Checks the name of an object, and that it can be asked for.
pub fn name(api_version: &str, kind: &str, report: &mut Report) {
    metadata::name(api_version, kind, report);
}

/// The text at a path and its node, unless it is missing or empty.
fn filled<'n>(node: &'n Node, path: &str) -> Option<(&'n Node, &'n str)> {
    let node = node.at(path)?;
    node.as_str().filter(|text| !text.is_empty()).map(|text| (node, text))
}

/// The entries of a map; none when it is missing.
fn entries<'n>(node: &'n Node, path: &str) -> impl Iterator<Item = (&'n str, &'n Node)> + use<'n> {
    node.map_at(path).into_iter().flat_map(|map| map.iter())
}

/// The integer at a path.
fn number(node: &Node, path: &str) -> Option<i128> {
    node.at(path).and_then(whole)
}

/// The fields of a map that are set, of those that are named.
fn set<'n>(node: &'n Node, names: &[&str]) -> Vec<(&'n str, &'n Node)> {
    node.as_map()
        .into_iter()
        .flat_map(|map| map.iter())
        .filter(|(key, value)| names.contains(key) && !value.is_null())
        .collect()
}

/// Names of fields in a message: `a`, `b` or `c`.
fn either(names: &[&str]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    match quoted.as_slice() {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} or {last}", first.join(", ")),
    }
}

/// At most one of some fields; with `needed`, exactly one.
fn one_of(node: &Node, names: &[&str], needed: bool, report: &mut Report) {
    match set(node, names).as_slice() {
        [] if needed => {
            report.conflict(node, format!("requires one of {}", either(names)));
        }
        [(first, _), .., (_, second)] => {
            report.conflict(second, format!("not allowed together with `{first}`"));
        }
        _ => {}
    }
}

/// A string that must be a name of some form, if it is set.
fn named(node: &Node, field: &str, form: names::Form, report: &mut Report) {
    if let Some((node, text)) = filled(node, field)
        && let Some(words) = form(text)
    {
        report.value(node, words);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::api::{Api, NEWEST};

    #[test]
    fn rules_are_sorted_and_their_definitions_exist() {
        assert!(RULES.is_sorted_by_key(|(name, _)| *name));
        let api = Api::new(NEWEST);
        for (name, _) in RULES {
            assert!(api.definition(name).is_some(), "{name}");
        }
    }
}

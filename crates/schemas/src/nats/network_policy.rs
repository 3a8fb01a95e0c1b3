use k8s_openapi::api::networking::v1::{NetworkPolicyEgressRule, NetworkPolicyIngressRule};
use schemars::JsonSchema;

use super::Texts;
use crate::kubernetes::Rules;

#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
pub struct NetworkPolicy {
    /// Creates the object.
    enabled: bool,

    /// Allows clients to connect from anywhere. Otherwise only from Pods with the label
    /// `FULLNAME-client: "true"`, and from Pods that the two label maps select.
    allow_external: bool,

    /// Additional ingress rules. They may contain `{{ release.name }}`.
    extra_ingress: Option<Rules<NetworkPolicyIngressRule>>,

    /// Additional egress rules. They may contain `{{ release.name }}`.
    extra_egress: Option<Rules<NetworkPolicyEgressRule>>,

    /// Labels of the namespaces from which clients may connect.
    #[schemars(rename = "ingressNSMatchLabels")]
    ingress_ns_match_labels: Option<Texts>,

    /// Labels that Pods in those namespaces need.
    #[schemars(rename = "ingressNSPodMatchLabels")]
    ingress_ns_pod_match_labels: Option<Texts>,
}

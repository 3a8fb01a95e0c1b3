use k8s_openapi::api::networking::v1::{NetworkPolicyEgressRule, NetworkPolicyIngressRule};
use schemars::JsonSchema;

use super::Texts;
use crate::kubernetes::Rules;

#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
pub struct NetworkPolicy {
    /// Makes the object.
    enabled: bool,

    /// Lets clients connect from anywhere. Otherwise only Pods with the label
    /// `FULLNAME-client: "true"`, and those that the two maps of labels pick.
    allow_external: bool,

    /// More rules for what may come in. They may hold `{{ release.name }}`.
    extra_ingress: Option<Rules<NetworkPolicyIngressRule>>,

    /// More rules for what may go out. They may hold `{{ release.name }}`.
    extra_egress: Option<Rules<NetworkPolicyEgressRule>>,

    /// Labels of namespaces that clients may connect from.
    #[schemars(rename = "ingressNSMatchLabels")]
    ingress_ns_match_labels: Option<Texts>,

    /// Labels that their Pods in those namespaces need.
    #[schemars(rename = "ingressNSPodMatchLabels")]
    ingress_ns_pod_match_labels: Option<Texts>,
}

//! What the schemas cannot say of the values of the NATS charts, and of a NatsCluster.

mod advice;
mod images;
mod keys;
pub mod nats;
pub mod natscluster;
mod no_effect;
pub mod operator;

use crate::rules::Advice;

/// Advice on the values of `nats/nats`.
pub const ADVICE: &[Advice] = &[
    Advice { id: "values/no-effect", check: no_effect::no_effect },
    Advice { id: "nats/even-replicas", check: advice::even_replicas },
    Advice { id: "nats/ordered-start", check: advice::ordered_start },
    Advice { id: "nats/lonely-cluster", check: advice::lonely_cluster },
    Advice { id: "nats/host-network", check: advice::host_network },
    Advice { id: "nats/host-ports", check: advice::host_ports },
    Advice { id: "nats/leaf-remote", check: advice::leaf_remote },
    Advice { id: "nats/name", check: advice::names },
    Advice { id: "nats/plain-secret", check: advice::plain_secrets },
];

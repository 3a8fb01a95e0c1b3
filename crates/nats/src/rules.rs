//! What the schemas cannot say of the values of the NATS charts, and of a NatsCluster.

use jinnacle_chart::rules::Advice;
use jinnacle_syntax::diagnostic::rule;

mod advice;
mod images;
mod keys;
pub mod nats;
pub mod natscluster;
mod no_effect;
pub mod operator;

/// Advice on the values of `nats/nats`.
pub const ADVICE: &[Advice] = &[
    Advice { id: rule!("values/no-effect"), check: no_effect::no_effect },
    Advice { id: rule!("nats/even-replicas"), check: advice::even_replicas },
    Advice { id: rule!("nats/ordered-start"), check: advice::ordered_start },
    Advice { id: rule!("nats/lonely-cluster"), check: advice::lonely_cluster },
    Advice { id: rule!("nats/host-network"), check: advice::host_network },
    Advice { id: rule!("nats/host-ports"), check: advice::host_ports },
    Advice { id: rule!("nats/leaf-remote"), check: advice::leaf_remote },
    Advice { id: rule!("nats/name"), check: advice::names },
    Advice { id: rule!("nats/plain-secret"), check: advice::plain_secrets },
];

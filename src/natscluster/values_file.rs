//! A cluster as a values file for the chart `nats/nats`.

use super::{Choices, Cluster, Input};
use crate::diagnostic::Diagnostic;

pub fn text(_: &Cluster, _: &Input, _: &Choices, _: &mut Vec<Diagnostic>) -> anyhow::Result<String> {
    Ok(String::new())
}

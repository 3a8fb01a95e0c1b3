//! The engines of the built-in charts: one each for the whole process, as their templates never change
//! and need be compiled once only.

use std::sync::{Arc, Mutex, PoisonError};

use super::jinja::Engine;
use super::partials::Partials;
use crate::chart::{Chart, Embedded};

static ENGINES: Mutex<Vec<(&str, Arc<Engine>)>> = Mutex::new(Vec::new());

/// The engine over a built-in chart's templates.
pub fn engine(chart: &Chart, embedded: &'static Embedded) -> Arc<Engine> {
    let mut engines = ENGINES.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((_, engine)) = engines.iter().find(|(name, _)| *name == embedded.name) {
        return Arc::clone(engine);
    }
    let path = std::slice::from_ref(&chart.metadata.name);
    let engine = super::engine(Partials::of(chart), path, None);
    engine.trust_templates();
    let engine = Arc::new(engine);
    engines.push((embedded.name, Arc::clone(&engine)));
    engine
}

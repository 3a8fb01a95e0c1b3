//! The engines of the built-in charts: one each for the whole process, as their templates and functions never change.

use std::sync::{Arc, Mutex, PoisonError};

use super::partials::Partials;
use crate::chart::{BuiltIn, Chart};
use jinnacle_jinja::engine::Engine;

static ENGINES: Mutex<Vec<(&str, Engine)>> = Mutex::new(Vec::new());

/// The engine over a built-in chart's templates, for one render of them.
pub fn engine(chart: &Chart, built_in: &'static BuiltIn) -> Arc<Engine> {
    let mut engines = ENGINES.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((_, engine)) = engines.iter().find(|(name, _)| *name == built_in.name) {
        return Arc::new(engine.again());
    }
    let path = std::slice::from_ref(&chart.metadata.name);
    let mut engine = super::engine(Partials::of(chart), path, None);
    if let Some(templates) = super::linked::templates(built_in.name) {
        engine.link(templates);
    }
    let first = Arc::new(engine.again());
    engines.push((built_in.name, engine));
    first
}

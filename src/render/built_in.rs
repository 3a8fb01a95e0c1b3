//! The engines of the built-in charts: one each for the whole process, as their templates never change.

use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use super::jinja::Engine;
use super::partials::{Partials, inside};
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

/// Has a thread compile a built-in chart's templates, which takes as long as reading and judging values does.
/// Nobody waits for it: a template that it has not come to is compiled where it is needed.
pub fn prepare(chart: &Chart) {
    let Some(embedded) = chart.built_in else { return };
    let engine = engine(chart, embedded);
    let names: Vec<String> = chart.templates.iter().map(|t| inside(t).to_owned()).collect();
    // Without a second thread all is the same, and later.
    let _ =
        thread::Builder::new().spawn(move || names.iter().for_each(|name| engine.compile(name)));
}

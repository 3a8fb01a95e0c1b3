//! The templates of the built-in charts, compiled by `build/link.rs`.

use jinnacle_jinja::engine::{Code, Const, LinkedTemplates as Templates};
use minijinja::machinery::Instruction;

include!(concat!(env!("OUT_DIR"), "/linked.rs"));

/// Those of a chart by its name.
pub fn templates(chart: &str) -> Option<Templates> {
    CHARTS.iter().find(|(name, _)| *name == chart).map(|(_, templates)| *templates)
}

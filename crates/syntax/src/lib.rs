//! The sources that jinnacle reads, and what it reports about them: sources and places, findings and their
//! reports, YAML and JSON trees whose nodes know where they were written.
//!
//! Nothing here knows charts, template engines or the command line.

pub mod diagnostic;
pub mod json;
pub mod source;
pub mod yaml;

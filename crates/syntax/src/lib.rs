//! The sources that jinnacle reads, and what it reports about them: sources and places, findings and their
//! reports, the policy that says which of them count, YAML and JSON trees whose nodes know where they were written.
//!
//! Nothing here knows charts, template engines or the command line.

pub mod source;
pub mod diagnostic;
pub mod policy;
pub mod yaml;
pub mod json;

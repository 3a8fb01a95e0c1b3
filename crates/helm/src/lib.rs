//! Helm over Go's templates: its functions, and the objects that templates see (`.Chart`, `.Files`, …).
//!
//! What differs between Helm 3 and Helm 4 is in the table of [`HelmVersion`], which the [`Host`] of a run holds.

mod cast;
mod encode;
pub mod engine;
mod equal;
mod host;
mod merge;
pub mod objects;
pub mod functions;
mod version;

pub use encode::from_tree;
pub use functions::functions;
pub use host::Host;
pub use version::{Difference, HelmVersion};

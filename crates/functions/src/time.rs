//! Points in time and durations, in Go's layouts and forms. Local time is UTC.

mod duration;
pub mod layout;
mod moment;

pub use duration::Duration;
pub use moment::Moment;

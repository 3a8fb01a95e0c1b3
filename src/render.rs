//! Templates and values → text.


pub mod jinja;
pub mod marks;

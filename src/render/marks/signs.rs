//! The characters that mean a value, and around an included text, until the places are known.

/// Begins a mark; the number of its value follows.
pub const MARK: char = '\x01';
/// Ends a mark.
pub const MARK_END: char = '\x02';
/// Begins the spaces to which an included file is shifted.
pub const COLUMN: char = '\x03';
/// Ends the spaces, begins the included text.
pub const BEGIN: char = '\x04';
/// Ends the included text.
pub const END: char = '\x05';

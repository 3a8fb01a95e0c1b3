//! The characters that mean a value, and around an included text, until the places are known.

/// Begins a placeholder; the offset of its `{{ }}` in the template follows.
pub const PLACEHOLDER: char = '\x01';
/// Ends a placeholder.
pub const PLACEHOLDER_END: char = '\x02';
/// Begins an included file; the offset of its `{% include %}` in the template follows.
pub const COLUMN: char = '\x03';
/// Ends the spaces to which the included file is shifted, begins its text.
pub const BEGIN: char = '\x04';
/// Ends the included text.
pub const END: char = '\x05';
/// Ends an offset; the number of the printed value or the spaces follow.
pub const OFFSET_END: char = '\x06';
/// Is before and after the name of a template, where its text begins.
pub const NAME: char = '\x07';

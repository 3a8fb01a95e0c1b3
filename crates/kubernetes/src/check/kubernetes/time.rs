//! Times as the API writes them.

use jinnacle_functions::time::layout;

/// Whether a string is a time such as `2026-01-02T03:04:05Z`, as Go reads RFC 3339.
pub(crate) fn is_rfc3339(text: &str) -> bool {
    layout::parse(layout::RFC_3339, text).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_recognized() {
        assert!(is_rfc3339("2026-01-02T03:04:05Z"));
        assert!(is_rfc3339("2026-01-02T03:04:05.000001+02:00"));
        for text in [
            "yesterday",
            "2026-01-02",
            "2026-13-02T03:04:05Z",
            "2026-02-31T03:04:05Z",
            "2026-01-02T03:04:60Z",
            "2026-01-02T03:04:05",
        ] {
            assert!(!is_rfc3339(text), "{text}");
        }
    }
}

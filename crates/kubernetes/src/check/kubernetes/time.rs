//! Times as the API writes them.

/// Whether a text is a time such as `2026-01-02T03:04:05Z` (RFC 3339).
pub fn is_rfc3339(text: &str) -> bool {
    let Some((date, rest)) = text.split_once('T') else { return false };
    let Some(zone) = rest.find(['Z', '+', '-']) else { return false };
    let (time, zone) = rest.split_at(zone);
    let time = time.split('.').next().unwrap_or("");
    let numbers = |text: &str, separator: char, most: &[u32]| {
        let parts: Vec<&str> = text.split(separator).collect();
        parts.len() == most.len()
            && parts.iter().zip(most).all(|(part, most)| {
                part.len() >= 2 && part.parse::<u32>().is_ok_and(|number| number <= *most)
            })
    };
    numbers(date, '-', &[9999, 12, 31])
        && numbers(time, ':', &[23, 59, 60])
        && (zone == "Z" || numbers(&zone[1..], ':', &[23, 59]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_told_from_other_texts() {
        assert!(is_rfc3339("2026-01-02T03:04:05Z"));
        assert!(is_rfc3339("2026-01-02T03:04:05.000001+02:00"));
        for text in ["yesterday", "2026-01-02", "2026-13-02T03:04:05Z", "2026-01-02T03:04:05"] {
            assert!(!is_rfc3339(text), "{text}");
        }
    }
}

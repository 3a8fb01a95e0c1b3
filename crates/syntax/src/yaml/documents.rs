//! A stream of documents, split as Helm splits it (its releaseutil.SplitManifests).

/// The bytes of each document of a stream, trimmed, the empty ones left out. A line that begins with `---`
/// separates them; what follows on that line belongs to the next document, and so does a second such line
/// (Helm's `releaseutil.SplitManifests`).
pub fn documents(text: &str) -> Vec<(usize, usize)> {
    const SEPARATOR: &str = "---";
    let end = without_blank_end(text).len();
    let behind_blanks =
        |at: usize| at + (text[at..end].len() - text[at..end].trim_ascii_start().len());
    let mut start = behind_blanks(0);
    if text[start..end].starts_with(SEPARATOR) {
        start = behind_blanks(start + SEPARATOR.len());
    }
    let mut found = Vec::new();
    loop {
        let next = text[start..end].find("\n---").map(|at| start + at);
        let length = without_blank_end(&text[start..next.unwrap_or(end)]).len();
        if length > 0 {
            found.push((start, start + length));
        }
        match next {
            Some(at) => start = behind_blanks(at + 1 + SEPARATOR.len()),
            None => return found,
        }
    }
}

/// A source without the empty lines at its end. Spaces at the end of its last line may belong to a value.
pub fn without_blank_end(mut text: &str) -> &str {
    loop {
        text = text.trim_end_matches(['\n', '\r']);
        let line = text.rfind('\n').map_or(0, |at| at + 1);
        if text.is_empty() || !text[line..].trim_ascii().is_empty() {
            return text;
        }
        text = &text[..line];
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(text: &str) -> Vec<&str> {
        documents(text).into_iter().map(|(start, end)| &text[start..end]).collect()
    }

    #[test]
    fn documents_are_split_as_helm_splits_them() {
        assert_eq!(split("a: 1\n---\nb: 2\n"), ["a: 1", "b: 2"]);
        assert_eq!(split("---apiVersion: v1\n--- # c\nk: 1"), ["apiVersion: v1", "# c\nk: 1"]);
        assert_eq!(split("\n---\n # only\n---\n"), ["# only"]);
        assert_eq!(split("a: 1\n---\n---\nb: 2\n---\n"), ["a: 1", "---\nb: 2"]);
        assert_eq!(split(" \n"), [""; 0]);
        assert_eq!(split("a: |\n  ---\n  b\n"), ["a: |\n  ---\n  b"]);
        assert_eq!(split("a: |\n  b \n \n\n---\nb: \u{3000}\n"), ["a: |\n  b ", "b: \u{3000}"]);
    }
}

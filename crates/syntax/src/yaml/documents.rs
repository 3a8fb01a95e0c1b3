//! A stream of documents, split as Helm splits it (its releaseutil.SplitManifests).

/// What is done with the whitespace around a document.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Ends {
    /// Empty lines are removed. Spaces at the end of the last line may belong to a value.
    #[default]
    Lines,
    /// All of it is removed, as in Helm 3.
    Trimmed,
    /// That before a document is removed, as in Helm 4. There every `---` line separates two documents.
    Kept,
}

/// The bytes of each document of a stream, the empty ones left out. A line that begins with `---` separates them; what
/// follows on that line belongs to the next document, and so does a second such line, unless whitespace is kept
/// (Helm's `releaseutil.SplitManifests`).
pub fn documents(text: &str, ends: Ends) -> Vec<(usize, usize)> {
    const SEPARATOR: &str = "---";
    let kept = ends == Ends::Kept;
    let end = if kept { text.len() } else { trimmed_end(text, ends).len() };
    let behind_blanks = |at: usize| end - without_start(&text[at..end], ends).len();
    let mut start = behind_blanks(0);
    if text[start..end].starts_with(SEPARATOR) {
        start += SEPARATOR.len();
        start = if kept { start } else { behind_blanks(start) };
    }
    let mut found = Vec::new();
    loop {
        let next = text[start..end].find("\n---").map(|at| start + at);
        if kept {
            // The line break belongs to the document.
            let stop = next.map_or(end, |at| at + 1);
            let first = stop - text[start..stop].trim_start().len();
            if first < stop {
                found.push((first, stop));
            }
        } else {
            let length = trimmed_end(&text[start..next.unwrap_or(end)], ends).len();
            if length > 0 {
                found.push((start, start + length));
            }
        }
        match next {
            Some(at) => {
                start = at + 1 + SEPARATOR.len();
                // What may be the line break before the next separator is left.
                start = if kept { start } else { behind_blanks(start) };
            }
            None => return found,
        }
    }
}

fn without_start(text: &str, ends: Ends) -> &str {
    if ends == Ends::Lines { text.trim_ascii_start() } else { text.trim_start() }
}

fn trimmed_end(text: &str, ends: Ends) -> &str {
    if ends == Ends::Trimmed { text.trim_end() } else { without_blank_end(text) }
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
        documents(text, Ends::Lines).into_iter().map(|(start, end)| &text[start..end]).collect()
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

    #[test]
    fn whitespace_is_trimmed_or_kept() {
        let text = "\n--- # c\na: 1 \n\n---\n---\nb: \n";
        let split = |ends| -> Vec<&str> {
            documents(text, ends).into_iter().map(|(start, end)| &text[start..end]).collect()
        };
        assert_eq!(split(Ends::Trimmed), ["# c\na: 1", "---\nb:"]);
        assert_eq!(split(Ends::Kept), ["# c\na: 1 \n\n", "b: \n"]);
    }
}

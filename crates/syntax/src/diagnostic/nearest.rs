//! The nearest name: what a misspelled word probably was.

/// The candidate that is fewest edits away from `word`, if any is near enough to be meant: a third of
/// its letters, and at least one. Case, `-` and `_` do not count.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let plain = folded(word);
    let bound = (plain.len() / 3).max(1);
    candidates
        .into_iter()
        .map(|candidate| (folded(candidate), candidate))
        // Each letter more or less is an edit, and to count edits is slow.
        .filter(|(folded, _)| folded.len().abs_diff(plain.len()) <= bound)
        .map(|(folded, candidate)| (distance(&plain, &folded), candidate))
        .filter(|(edits, candidate)| *edits <= bound && *edits < candidate.chars().count())
        .min_by_key(|(edits, _)| *edits)
        .map(|(_, candidate)| candidate)
}

/// The help line that names the nearest candidate.
pub fn did_you_mean<'a>(
    word: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<String> {
    nearest(word, candidates).map(|name| format!("did you mean `{name}`?"))
}

fn folded(word: &str) -> Vec<char> {
    word.chars().filter(|c| !matches!(c, '-' | '_')).flat_map(char::to_lowercase).collect()
}

/// Edits between two words: a letter put in, left out, changed, or swapped with its neighbour.
fn distance(a: &[char], b: &[char]) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for i in 1..=a.len() {
        let mut row = vec![i; b.len() + 1];
        for j in 1..=b.len() {
            let changed = usize::from(a[i - 1] != b[j - 1]);
            row[j] = (last[j] + 1).min(row[j - 1] + 1).min(last[j - 1] + changed);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                row[j] = row[j].min(before[j - 2] + 1);
            }
        }
        before = std::mem::replace(&mut last, row);
    }
    last[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name_is_found_and_a_far_one_is_not() {
        let keys = ["image", "limits", "maxPayload", "maxPending", "resources"];
        for (word, wanted) in [
            ("imgae", Some("image")),
            ("max_payload", Some("maxPayload")),
            ("maxPaylod", Some("maxPayload")),
            ("limit", Some("limits")),
            ("tolerations", None),
            ("x", None),
        ] {
            assert_eq!(nearest(word, keys), wanted, "{word}");
        }
    }
}

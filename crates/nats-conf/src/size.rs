//! Sizes as strings, which only JetStream takes: digits and one capital letter.

/// The bytes of a size; an empty string is none at all. `64M` is 64 · 1024²; `64MB` and `1Gi` are refused.
pub fn read(text: &str) -> Option<i64> {
    let Some(letter) = text.chars().last() else {
        return Some(0);
    };
    let power = "KMGT".find(letter)? + 1;
    let number: i64 = text[..text.len() - 1].parse().ok()?;
    Some(number.wrapping_mul(1 << (10 * power)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_one_letter_alone() {
        let read = ["64M", "1G", "", "64MB", "1Gi", "1k", "64", "M", "é"].map(read);
        assert_eq!(
            read,
            [Some(64 << 20), Some(1 << 30), Some(0), None, None, None, None, None, None]
        );
    }
}

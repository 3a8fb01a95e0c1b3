//! Which rows of the table a word names, from an index that is made when the program is compiled.

use super::FUNCTIONS;

/// The rows that a word could name: those with its key.
pub fn rows(word: &[u8]) -> impl Iterator<Item = usize> {
    let key = key(word, 0, word.len());
    (0..SLOTS.len())
        .map(move |step| SLOTS[(key as usize + step) % SLOTS.len()])
        .map_while(|slot| slot)
        .filter(move |(known, _)| *known == key)
        .map(|(_, row)| row as usize)
}

/// Keys with their rows, each in the first free place from its own on.
static SLOTS: [Option<(u32, u16)>; 1024] = slots();

const fn slots() -> [Option<(u32, u16)>; 1024] {
    let mut slots = [None; 1024];
    let mut row = 0;
    while row < FUNCTIONS.len() {
        let names = FUNCTIONS[row].names.as_bytes();
        let (mut from, mut to) = (0, 0);
        while to <= names.len() {
            if to == names.len() || names[to] == b' ' {
                let key = key(names, from, to);
                let mut place = key as usize % slots.len();
                while slots[place].is_some() {
                    place = (place + 1) % slots.len();
                }
                slots[place] = Some((key, row as u16));
                from = to + 1;
            }
            to += 1;
        }
        row += 1;
    }
    slots
}

/// A hash (FNV-1a) that is the same for `toYaml` and `to_yaml`.
const fn key(word: &[u8], from: usize, to: usize) -> u32 {
    let mut key: u32 = 0x811c_9dc5;
    let mut at = from;
    while at < to {
        if word[at] != b'_' {
            key = (key ^ word[at].to_ascii_lowercase() as u32).wrapping_mul(0x0100_0193);
        }
        at += 1;
    }
    key
}

#[cfg(test)]
mod tests {
    use super::super::{FUNCTIONS, snake_case};
    use super::*;

    #[test]
    fn every_name_finds_its_row() {
        for (index, row) in FUNCTIONS.iter().enumerate() {
            for name in row.names() {
                assert!(rows(name.as_bytes()).any(|row| row == index), "{name}");
                assert!(rows(snake_case(name).as_bytes()).any(|row| row == index), "{name}");
            }
        }
        assert_eq!(rows(b"statefulset").count(), 0);
    }
}

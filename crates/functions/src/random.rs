//! Randomness from a seed: the same seed, name and number of the draw give the same bytes.

use sha2::{Digest as _, Sha256};

/// Where random bytes come from.
#[derive(Clone, Debug)]
pub struct Source {
    seed: Vec<u8>,
    draws: u64,
}

impl Source {
    /// A source with a seed. Without one given by the user it is to be random itself.
    pub fn new(seed: impl Into<Vec<u8>>) -> Self {
        Self { seed: seed.into(), draws: 0 }
    }

    /// Fresh bytes for a draw in the name of a template.
    pub fn draw(&mut self, name: &[u8]) -> Stream {
        let stream = Stream::new(&self.seed, name, self.draws);
        self.draws += 1;
        stream
    }
}

/// Bytes without end: SHA-256 of a key and the number of the block.
#[derive(Clone, Debug)]
pub struct Stream {
    key: [u8; 32],
    block: [u8; 32],
    blocks: u64,
    used: usize,
}

impl Stream {
    /// The bytes of a random value: of a seed, in the name of a template, after so many values.
    pub fn new(seed: &[u8], name: &[u8], draws: u64) -> Self {
        let mut hash = Sha256::new();
        for part in [seed, name, &draws.to_le_bytes()] {
            hash.update((part.len() as u64).to_le_bytes());
            hash.update(part);
        }
        Self { key: hash.finalize().into(), block: [0; 32], blocks: 0, used: 32 }
    }

    /// The next bytes.
    pub fn bytes<const N: usize>(&mut self) -> [u8; N] {
        std::array::from_fn(|_| self.byte())
    }

    /// A number below a bound, each as likely.
    pub fn below(&mut self, bound: u64) -> u64 {
        let bound = bound.max(1);
        // What is left over at the top would make the small numbers likelier.
        let fair = u64::MAX - u64::MAX % bound;
        loop {
            let number = u64::from_le_bytes(self.bytes());
            if number < fair {
                return number % bound;
            }
        }
    }

    /// So many characters of those of ASCII that are wanted.
    pub fn text(&mut self, length: usize, is_wanted: impl Fn(&u8) -> bool) -> String {
        let alphabet: Vec<char> = (0..128).filter(is_wanted).map(char::from).collect();
        (0..length).map(|_| alphabet[self.below(alphabet.len() as u64) as usize]).collect()
    }

    /// The characters of a string in another order.
    pub fn shuffled(&mut self, text: &str) -> String {
        let mut chars: Vec<char> = text.chars().collect();
        for last in (1..chars.len()).rev() {
            chars.swap(last, self.below(last as u64 + 1) as usize);
        }
        chars.into_iter().collect()
    }

    /// A UUID of version 4.
    pub fn uuid(&mut self) -> String {
        let mut bytes: [u8; 16] = self.bytes();
        bytes[6] = bytes[6] & 0x0f | 0x40;
        bytes[8] = bytes[8] & 0x3f | 0x80;
        let digits: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        [0..8, 8..12, 12..16, 16..20, 20..32].map(|part| &digits[part]).join("-")
    }

    fn byte(&mut self) -> u8 {
        if self.used == self.block.len() {
            let hash = Sha256::new().chain_update(self.key).chain_update(self.blocks.to_le_bytes());
            self.block = hash.finalize().into();
            self.blocks += 1;
            self.used = 0;
        }
        self.used += 1;
        self.block[self.used - 1]
    }
}

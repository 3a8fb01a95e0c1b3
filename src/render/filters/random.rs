//! Random texts and numbers.

use data_encoding::BASE64;
use minijinja::{Error, State};

use super::arguments::{count, wrong};
use super::drawn::{Drawn, Stream};

/// Letters and digits.
pub fn alpha_num(state: &State, length: i64) -> Result<String, Error> {
    let is_due = |b: &u8| b.is_ascii_alphanumeric();
    text(Drawn::stream(state, "randAlphaNum")?, length, is_due)
}

/// Letters.
pub fn alpha(state: &State, length: i64) -> Result<String, Error> {
    text(Drawn::stream(state, "randAlpha")?, length, u8::is_ascii_alphabetic)
}

/// Digits.
pub fn numeric(state: &State, length: i64) -> Result<String, Error> {
    text(Drawn::stream(state, "randNumeric")?, length, u8::is_ascii_digit)
}

/// Characters of ASCII that can be seen, and blanks.
pub fn ascii(state: &State, length: i64) -> Result<String, Error> {
    text(Drawn::stream(state, "randAscii")?, length, |b| b.is_ascii_graphic() || *b == b' ')
}

fn text(mut stream: Stream, length: i64, is_due: impl Fn(&u8) -> bool) -> Result<String, Error> {
    let alphabet: Vec<char> = (0..=u8::MAX).filter(is_due).map(char::from).collect();
    Ok((0..count(length)?)
        .map(|_| alphabet[stream.below(alphabet.len() as u64) as usize])
        .collect())
}

/// Bytes in base 64.
pub fn bytes(state: &State, length: i64) -> Result<String, Error> {
    let mut stream = Drawn::stream(state, "randBytes")?;
    let bytes: Vec<u8> = (0..count(length)?).map(|_| stream.bytes::<1>()[0]).collect();
    Ok(BASE64.encode(&bytes))
}

/// An integer from `from` to before `to`.
pub fn int(state: &State, from: i64, to: i64) -> Result<i64, Error> {
    if to <= from {
        return Err(wrong(format!("there is no integer from {from} to before {to}")));
    }
    let number = Drawn::stream(state, "randInt")?.below(from.abs_diff(to));
    Ok(from.wrapping_add_unsigned(number))
}

/// A UUID of version 4.
pub fn uuidv4(state: &State) -> Result<String, Error> {
    let mut bytes: [u8; 16] = Drawn::stream(state, "uuidv4")?.bytes();
    bytes[6] = bytes[6] & 0x0f | 0x40;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let hexadecimal: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    let parts = [0..8, 8..12, 12..16, 16..20, 20..32].map(|part| &hexadecimal[part]);
    Ok(parts.join("-"))
}

/// The characters of a text in another order.
pub fn shuffle(state: &State, text: &str) -> Result<String, Error> {
    let mut stream = Drawn::stream(state, "shuffle")?;
    let mut chars: Vec<char> = text.chars().collect();
    for last in (1..chars.len()).rev() {
        chars.swap(last, stream.below(last as u64 + 1) as usize);
    }
    Ok(chars.into_iter().collect())
}

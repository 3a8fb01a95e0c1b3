//! Random strings and numbers.

use jinnacle_functions::encoding::base64;
use minijinja::{Error, State};

use super::arguments::{count, wrong};
use super::randomness::Randomness;

/// Letters and digits.
pub fn alpha_num(state: &State, length: i64) -> Result<String, Error> {
    text(state, "randAlphaNum", length, u8::is_ascii_alphanumeric)
}

/// Letters.
pub fn alpha(state: &State, length: i64) -> Result<String, Error> {
    text(state, "randAlpha", length, u8::is_ascii_alphabetic)
}

/// Digits.
pub fn numeric(state: &State, length: i64) -> Result<String, Error> {
    text(state, "randNumeric", length, u8::is_ascii_digit)
}

/// Characters of ASCII that can be seen, and spaces.
pub fn ascii(state: &State, length: i64) -> Result<String, Error> {
    text(state, "randAscii", length, |b| b.is_ascii_graphic() || *b == b' ')
}

fn text(
    state: &State,
    function: &'static str,
    length: i64,
    is_wanted: fn(&u8) -> bool,
) -> Result<String, Error> {
    Ok(Randomness::stream(state, function)?.text(count(length)?, is_wanted))
}

/// Bytes in base 64.
pub fn bytes(state: &State, length: i64) -> Result<String, Error> {
    let mut stream = Randomness::stream(state, "randBytes")?;
    let bytes: Vec<u8> = (0..count(length)?).map(|_| stream.bytes::<1>()[0]).collect();
    Ok(base64(&bytes))
}

/// An integer from `from` to before `to`.
pub fn int(state: &State, from: i64, to: i64) -> Result<i64, Error> {
    if to <= from {
        return Err(wrong(format!("no integer between {from} and {to}")));
    }
    let number = Randomness::stream(state, "randInt")?.below(from.abs_diff(to));
    Ok(from.wrapping_add_unsigned(number))
}

/// A UUID of version 4.
pub fn uuidv4(state: &State) -> Result<String, Error> {
    Ok(Randomness::stream(state, "uuidv4")?.uuid())
}

/// The characters of a string in another order.
pub fn shuffle(state: &State, text: &str) -> Result<String, Error> {
    Ok(Randomness::stream(state, "shuffle")?.shuffled(text))
}

//! Decimal numbers, so that 0.1 and 0.2 make 0.3.

use num_bigint::BigInt;

/// A number in decimal digits: `digits × 10^exponent`. The operations are those of `shopspring/decimal`.
#[derive(Clone, Debug)]
pub struct Decimal {
    digits: BigInt,
    exponent: i32,
}

/// A quotient has as many places after the point.
const PLACES: i32 = 16;

impl Decimal {
    /// The shortest decimal number that reads as this float; none for what is not finite.
    pub fn of(float: f64) -> Option<Self> {
        let text = format!("{float:e}");
        let (digits, exponent) = text.split_once('e')?;
        let places = digits.split_once('.').map_or(0, |(_, fraction)| fraction.len());
        Some(Self {
            digits: digits.replace('.', "").parse().ok()?,
            exponent: exponent.parse::<i32>().ok()? - i32::try_from(places).ok()?,
        })
    }

    /// The nearest float.
    pub fn to_f64(&self) -> f64 {
        format!("{}e{}", self.digits, self.exponent).parse().unwrap_or(f64::NAN)
    }

    /// The sum; none when it is out of range.
    pub fn plus(self, other: Self) -> Option<Self> {
        let exponent = self.exponent.min(other.exponent);
        Some(Self { digits: self.scaled(exponent) + other.scaled(exponent), exponent })
    }

    /// The difference; none when it is out of range.
    pub fn minus(self, other: Self) -> Option<Self> {
        self.plus(Self { digits: -other.digits, ..other })
    }

    /// The product; none when it is out of range.
    pub fn times(self, other: Self) -> Option<Self> {
        let exponent = self.exponent.checked_add(other.exponent)?;
        Some(Self { digits: self.digits * other.digits, exponent })
    }

    /// The quotient, rounded half away from zero; none for a division by zero.
    pub fn over(self, other: Self) -> Option<Self> {
        let exponent = self.exponent.min(other.exponent - PLACES);
        let (above, below) = (self.scaled(exponent), other.scaled(exponent + PLACES));
        let whole = above.checked_div(&below)?;
        let left = &above - &whole * &below;
        let rounded = match left.magnitude() * 2u32 >= *below.magnitude() {
            false => whole,
            true if above.sign() == below.sign() => whole + 1,
            true => whole - 1,
        };
        Some(Self { digits: rounded, exponent: -PLACES })
    }

    /// The digits at an exponent that is not higher.
    fn scaled(&self, exponent: i32) -> BigInt {
        &self.digits * BigInt::from(10).pow(self.exponent.abs_diff(exponent))
    }
}

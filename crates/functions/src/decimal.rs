//! Decimal numbers, so that 0.1 and 0.2 make 0.3.

/// A number in decimal digits: `digits × 10^exponent`.
#[derive(Clone, Copy, Debug)]
pub struct Decimal {
    digits: i128,
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
    pub fn to_f64(self) -> f64 {
        format!("{}e{}", self.digits, self.exponent).parse().unwrap_or(f64::NAN)
    }

    /// The sum; none when it is out of range.
    pub fn plus(self, other: Self) -> Option<Self> {
        let exponent = self.exponent.min(other.exponent);
        let digits = self.scaled(exponent)?.checked_add(other.scaled(exponent)?)?;
        Some(Self { digits, exponent })
    }

    /// The difference.
    pub fn minus(self, other: Self) -> Option<Self> {
        self.plus(Self { digits: -other.digits, ..other })
    }

    /// The product.
    pub fn times(self, other: Self) -> Option<Self> {
        let digits = self.digits.checked_mul(other.digits)?;
        Some(Self { digits, exponent: self.exponent + other.exponent })
    }

    /// The quotient, rounded; none for a division by zero.
    pub fn over(self, other: Self) -> Option<Self> {
        let shift = u32::try_from(PLACES + self.exponent - other.exponent).ok()?;
        let above = self.digits.checked_mul(10i128.checked_pow(shift)?)?;
        let whole = above.checked_div(other.digits)?;
        let left = above.checked_rem(other.digits)?;
        let up = left.unsigned_abs() * 2 >= other.digits.unsigned_abs();
        let away = if (above < 0) == (other.digits < 0) { 1 } else { -1 };
        Some(Self { digits: whole + if up { away } else { 0 }, exponent: -PLACES })
    }

    /// The digits at a lower exponent.
    fn scaled(self, exponent: i32) -> Option<i128> {
        let shift = u32::try_from(self.exponent - exponent).ok()?;
        if self.digits == 0 {
            return Some(0);
        }
        self.digits.checked_mul(10i128.checked_pow(shift)?)
    }
}

//! A point in time, and its days in the calendar. Go's years have no bounds, those of jiff end with 9999, so jiff
//! serves only for time zones.

use std::fmt;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::{Duration, layout};

/// A point in time, seen from a time zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    seconds: i64,
    nanoseconds: u32,
    offset: i32,
    zone: Option<ZoneName>,
}

/// The short name of a time zone: `EDT`.
#[derive(Clone, Copy, PartialEq, Eq)]
struct ZoneName {
    bytes: [u8; 15],
    length: u8,
}

impl ZoneName {
    /// There is none for a name that is too long to be one.
    fn new(name: &str) -> Option<Self> {
        let mut bytes = [0; 15];
        bytes.get_mut(..name.len())?.copy_from_slice(name.as_bytes());
        Some(Self { bytes, length: u8::try_from(name.len()).ok()? })
    }

    fn as_str(&self) -> &str {
        std::str::from_utf8(&self.bytes[..usize::from(self.length)]).unwrap_or_default()
    }
}

impl fmt::Debug for ZoneName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A moment as people write it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Civil {
    pub year: i64,
    pub month: u32,
    pub day: u32,
    pub hour: u32,
    pub minute: u32,
    pub second: u32,
    pub nanoseconds: u32,
    /// Seconds east of UTC.
    pub offset: i32,
}

impl Moment {
    /// The first of January of the year 1, which is Go's zero.
    pub const ZERO: Self = Self { seconds: -62_135_596_800, nanoseconds: 0, offset: 0, zone: None };

    /// Seconds since 1970, in UTC.
    pub fn at(seconds: i64) -> Self {
        Self { seconds, nanoseconds: 0, offset: 0, zone: None }
    }

    /// The moment of a date; none for the 30th of February and its like.
    pub fn of(civil: Civil) -> Option<Self> {
        let Civil { year, month, day, hour, minute, second, nanoseconds, offset } = civil;
        let fits = (1..=12).contains(&month)
            && (1..=days_of(year, month)).contains(&day)
            && hour < 24
            && minute < 60
            && second < 60;
        let seconds = days_before(year, month, day) * 86_400
            + i64::from(hour * 3600 + minute * 60 + second)
            - i64::from(offset);
        fits.then_some(Self { seconds, nanoseconds, offset, zone: None })
    }

    /// The date and time in its zone.
    pub fn civil(self) -> Civil {
        let local = self.seconds.saturating_add(i64::from(self.offset));
        let (year, month, day) = date_of(local.div_euclid(86_400));
        let second = local.rem_euclid(86_400) as u32;
        Civil {
            year,
            month,
            day,
            hour: second / 3600,
            minute: second / 60 % 60,
            second: second % 60,
            nanoseconds: self.nanoseconds,
            offset: self.offset,
        }
    }

    /// The days since Sunday.
    pub fn weekday(self) -> usize {
        let days = self.seconds.saturating_add(i64::from(self.offset)).div_euclid(86_400);
        // The first of January 1970 was a Thursday.
        (days.rem_euclid(7) as usize + 4) % 7
    }

    /// The day of the year, from 1.
    pub fn day_of_year(self) -> u32 {
        let Civil { year, month, day, .. } = self.civil();
        (1..month).map(|month| days_of(year, month)).sum::<u32>() + day
    }

    /// Seconds since 1970.
    pub fn seconds(self) -> i64 {
        self.seconds
    }

    /// Seconds east of UTC.
    pub fn offset(self) -> i32 {
        self.offset
    }

    /// The same moment seen from another zone.
    pub fn in_zone(self, offset: i32) -> Self {
        Self { offset, zone: None, ..self }
    }

    /// The same moment with another name of its zone.
    pub(crate) fn in_zone_called(self, name: &str) -> Self {
        Self { zone: ZoneName::new(name), ..self }
    }

    /// The same moment seen from a zone of the IANA database; none where there is no such zone.
    pub fn in_zone_of(self, name: &str) -> Option<Self> {
        if matches!(name, "" | "UTC" | "Local") {
            return Some(self.in_zone(0));
        }
        let zone = TimeZone::get(name).ok()?;
        let info = zone.to_offset_info(Timestamp::from_second(self.seconds).ok()?);
        Some(self.in_zone(info.offset().seconds()).in_zone_called(info.abbreviation()))
    }

    /// The name of its zone, where it has one.
    pub fn zone(&self) -> Option<&str> {
        self.zone.as_ref().map(ZoneName::as_str)
    }

    /// The moment some nanoseconds later; none when it is out of range.
    pub fn later(self, nanoseconds: i128) -> Option<Self> {
        let total = self.total().checked_add(nanoseconds)?;
        let seconds = i64::try_from(total.div_euclid(1_000_000_000)).ok()?;
        let nanoseconds = total.rem_euclid(1_000_000_000) as u32;
        Some(Self { seconds, nanoseconds, ..self })
    }

    /// The moment some years, months and days later; what is too many days for a month goes into the next.
    pub fn add_date(self, [years, months, days]: [i64; 3]) -> Option<Self> {
        let civil = self.civil();
        let months =
            i64::from(civil.month) - 1 + civil.year.checked_add(years)?.checked_mul(12)? + months;
        let (year, month) = (months.div_euclid(12), (months.rem_euclid(12) + 1) as u32);
        let first = Self::of(Civil { year, month, day: 1, ..civil })?;
        let days = (i64::from(civil.day) - 1).checked_add(days)?;
        first.later(i128::from(days) * 86_400_000_000_000)
    }

    /// The time from another moment to this one, or the longest duration.
    pub fn since(self, other: Self) -> Duration {
        let all = self.total() - other.total();
        Duration(i64::try_from(all).unwrap_or(if all < 0 { i64::MIN } else { i64::MAX }))
    }

    fn total(self) -> i128 {
        i128::from(self.seconds) * 1_000_000_000 + i128::from(self.nanoseconds)
    }
}

/// As RFC 3339 has it.
impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&layout::format("2006-01-02T15:04:05.999999999Z07:00", *self))
    }
}

/// The days of a month.
pub(crate) fn days_of(year: i64, month: u32) -> u32 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 31,
    }
}

/// The days in 400 years, after which the calendar repeats.
const ERA: i64 = 146_097;

/// The days from 1970 to a date. Years are counted from March, so that the leap day is their last.
fn days_before(year: i64, month: u32, day: u32) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let of_era = year.rem_euclid(400);
    let of_year = (153 * ((i64::from(month) + 9) % 12) + 2) / 5 + i64::from(day) - 1;
    year.div_euclid(400) * ERA + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// The date after some days since 1970.
fn date_of(days: i64) -> (i64, u32, u32) {
    let days = days + 719_468;
    let of_era = days.rem_euclid(ERA);
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let from_march = (5 * of_year + 2) / 153;
    let day = (of_year - (153 * from_march + 2) / 5 + 1) as u32;
    let month = ((from_march + 2) % 12 + 1) as u32;
    (days.div_euclid(ERA) * 400 + year + i64::from(month <= 2), month, day)
}

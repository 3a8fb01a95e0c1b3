//! Durations as Go writes them: `1h30m`, `-1.5s`.

use minijinja::Error;

use crate::render::filters::arguments::wrong;

/// The units, the longer name of one beginning first, in nanoseconds.
const UNITS: [(&str, i128); 8] = [
    ("ns", 1),
    ("us", 1_000),
    ("µs", 1_000),
    ("μs", 1_000),
    ("ms", 1_000_000),
    ("s", 1_000_000_000),
    ("m", 60_000_000_000),
    ("h", 3_600_000_000_000),
];

/// The nanoseconds of a duration.
pub fn read(text: &str) -> Result<i128, Error> {
    let bad = || wrong(format!("`{text}` is no duration such as `1h30m`"));
    let (negative, mut rest) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    if rest == "0" {
        return Ok(0);
    }
    if rest.is_empty() {
        return Err(bad());
    }
    let mut total: i128 = 0;
    while !rest.is_empty() {
        let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.').ok_or_else(bad)?;
        let (number, after) = rest.split_at(end);
        let (name, unit) =
            UNITS.iter().find(|(name, _)| after.starts_with(name)).ok_or_else(bad)?;
        rest = &after[name.len()..];
        let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
        if whole.is_empty() && fraction.is_empty() || number.len() > 19 || fraction.contains('.') {
            return Err(bad());
        }
        let digits: i128 = format!("{whole}{fraction}").parse().map_err(|_| bad())?;
        total += digits * unit / 10i128.pow(fraction.len() as u32);
    }
    // Go's durations have 64 bits.
    if total > i128::from(i64::MAX) {
        return Err(bad());
    }
    Ok(if negative { -total } else { total })
}

/// Nanoseconds in hours, minutes and seconds; below a second in a smaller unit.
pub fn written(nanoseconds: i128) -> String {
    let sign = if nanoseconds < 0 { "-" } else { "" };
    let all = nanoseconds.unsigned_abs();
    let fraction = |all: u128, unit: u128| {
        let digits = unit.ilog10() as usize;
        let text = format!("{}.{:0digits$}", all / unit, all % unit);
        if unit == 1 {
            all.to_string()
        } else {
            text.trim_end_matches('0').trim_end_matches('.').to_owned()
        }
    };
    let text = match all {
        0 => "0s".to_owned(),
        1..1_000 => format!("{all}ns"),
        1_000..1_000_000 => format!("{}µs", fraction(all, 1_000)),
        1_000_000..1_000_000_000 => format!("{}ms", fraction(all, 1_000_000)),
        _ => {
            let minutes = all / 60_000_000_000;
            let seconds = format!("{}s", fraction(all % 60_000_000_000, 1_000_000_000));
            match (minutes / 60, minutes % 60) {
                (0, 0) => seconds,
                (0, minutes) => format!("{minutes}m{seconds}"),
                (hours, minutes) => format!("{hours}h{minutes}m{seconds}"),
            }
        }
    };
    format!("{sign}{text}")
}

/// Nanoseconds in full units of the largest that is exceeded.
pub fn rounded(nanoseconds: i128) -> String {
    const SECOND: u128 = 1_000_000_000;
    const LARGEST_FIRST: [(&str, u128); 6] = [
        ("y", 365 * 86_400 * SECOND),
        ("mo", 30 * 86_400 * SECOND),
        ("d", 86_400 * SECOND),
        ("h", 3_600 * SECOND),
        ("m", 60 * SECOND),
        ("s", SECOND),
    ];
    let all = nanoseconds.unsigned_abs();
    let unit = LARGEST_FIRST.iter().find(|(_, unit)| all > *unit);
    unit.map_or_else(|| "0s".to_owned(), |(name, unit)| format!("{}{name}", all / unit))
}

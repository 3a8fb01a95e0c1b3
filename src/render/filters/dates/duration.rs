//! Durations as Go writes them: `1h30m`, `-1.5s`.

use minijinja::Error;

use crate::duration;
use crate::render::filters::arguments::wrong;

/// The nanoseconds of a duration.
pub fn read(text: &str) -> Result<i128, Error> {
    let nanoseconds = duration::read(text).map(i128::from);
    nanoseconds.ok_or_else(|| wrong(format!("`{text}` is no duration such as `1h30m`")))
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

//! Go's layouts, which show how the second of January 2006 at 15:04:05 is written.

use super::moment::{Civil, Moment, days_of};

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const DAYS: [&str; 7] =
    ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    LongMonth,
    ShortMonth,
    Month(Width),
    LongWeekday,
    ShortWeekday,
    Day(Width),
    DayOfYear(Width),
    Year,
    ShortYear,
    Hour,
    Hour12(Width),
    Minute(Width),
    Second(Width),
    /// Before or after noon, in upper or lower case.
    Noon(bool),
    Zone,
    Offset {
        z: bool,
        colon: bool,
        minutes: bool,
        seconds: bool,
    },
    /// As many digits after the point; without zeros at their end.
    Fraction {
        digits: usize,
        trimmed: bool,
    },
    Literal(char),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Width {
    Short,
    Zeros,
    Blanks,
}

const fn offset(z: bool, colon: bool, minutes: bool, seconds: bool) -> Part {
    Part::Offset { z, colon, minutes, seconds }
}

/// What each stretch of a layout means; of two with the same begin the longer is first.
const PARTS: [(&str, Part); 38] = [
    ("January", Part::LongMonth),
    ("Jan", Part::ShortMonth),
    ("Monday", Part::LongWeekday),
    ("Mon", Part::ShortWeekday),
    ("MST", Part::Zone),
    ("2006", Part::Year),
    ("002", Part::DayOfYear(Width::Zeros)),
    ("__2", Part::DayOfYear(Width::Blanks)),
    ("_2006", Part::Literal('_')),
    ("_2", Part::Day(Width::Blanks)),
    ("01", Part::Month(Width::Zeros)),
    ("02", Part::Day(Width::Zeros)),
    ("03", Part::Hour12(Width::Zeros)),
    ("04", Part::Minute(Width::Zeros)),
    ("05", Part::Second(Width::Zeros)),
    ("06", Part::ShortYear),
    ("15", Part::Hour),
    ("1", Part::Month(Width::Short)),
    ("2", Part::Day(Width::Short)),
    ("3", Part::Hour12(Width::Short)),
    ("4", Part::Minute(Width::Short)),
    ("5", Part::Second(Width::Short)),
    ("PM", Part::Noon(true)),
    ("pm", Part::Noon(false)),
    ("-07:00:00", offset(false, true, true, true)),
    ("-070000", offset(false, false, true, true)),
    ("-07:00", offset(false, true, true, false)),
    ("-0700", offset(false, false, true, false)),
    ("-07", offset(false, false, false, false)),
    ("Z07:00:00", offset(true, true, true, true)),
    ("Z070000", offset(true, false, true, true)),
    ("Z07:00", offset(true, true, true, false)),
    ("Z0700", offset(true, false, true, false)),
    ("Z07", offset(true, false, false, false)),
    (".0", Part::Fraction { digits: 0, trimmed: false }),
    (",0", Part::Fraction { digits: 0, trimmed: false }),
    (".9", Part::Fraction { digits: 0, trimmed: true }),
    (",9", Part::Fraction { digits: 0, trimmed: true }),
];

/// The first part of a layout, with the text that it takes.
fn first_part(layout: &str) -> Option<(Part, &str)> {
    let first = layout.chars().next()?;
    let literal = (Part::Literal(first), &layout[..first.len_utf8()]);
    let Some((text, part)) = PARTS.iter().find(|(text, _)| layout.starts_with(text)) else {
        return Some(literal);
    };
    let after = &layout[text.len()..];
    Some(match part {
        Part::ShortMonth | Part::ShortWeekday
            if after.starts_with(|c: char| c.is_ascii_lowercase()) =>
        {
            literal
        }
        Part::Literal(_) => literal,
        Part::Fraction { trimmed, .. } => {
            let digit = if *trimmed { '9' } else { '0' };
            let digits = layout[1..].chars().take_while(|&c| c == digit).count();
            if layout[1 + digits..].starts_with(|c: char| c.is_ascii_digit()) {
                literal
            } else {
                (Part::Fraction { digits: digits.min(9), trimmed: *trimmed }, &layout[..=digits])
            }
        }
        part => (*part, text),
    })
}

/// The layout of RFC 3339, in which times are written in JSON.
pub const RFC_3339: &str = "2006-01-02T15:04:05Z07:00";

/// A moment in a layout.
pub fn format(layout: &str, moment: Moment) -> String {
    let civil = moment.civil();
    let mut out = String::new();
    let mut rest = layout;
    while let Some((part, text)) = first_part(rest) {
        rest = &rest[text.len()..];
        let hour12 = (civil.hour + 11) % 12 + 1;
        let month = MONTHS[civil.month as usize - 1];
        match part {
            Part::LongMonth => out.push_str(month),
            Part::ShortMonth => out.push_str(&month[..3]),
            Part::Month(width) => number(civil.month, width, 2, &mut out),
            Part::LongWeekday => out.push_str(DAYS[moment.weekday()]),
            Part::ShortWeekday => out.push_str(&DAYS[moment.weekday()][..3]),
            Part::Day(width) => number(civil.day, width, 2, &mut out),
            Part::DayOfYear(width) => number(moment.day_of_year(), width, 3, &mut out),
            Part::Year => out.push_str(&format!("{:04}", civil.year)),
            Part::ShortYear => out.push_str(&format!("{:02}", civil.year.rem_euclid(100))),
            Part::Hour => number(civil.hour, Width::Zeros, 2, &mut out),
            Part::Hour12(width) => number(hour12, width, 2, &mut out),
            Part::Minute(width) => number(civil.minute, width, 2, &mut out),
            Part::Second(width) => number(civil.second, width, 2, &mut out),
            Part::Noon(upper) => {
                let noon = if civil.hour < 12 { "am" } else { "pm" };
                out.push_str(&if upper { noon.to_uppercase() } else { noon.to_owned() });
            }
            Part::Zone if moment.zone().is_some() => {
                out.push_str(moment.zone().unwrap_or_default());
            }
            Part::Zone if civil.offset == 0 => out.push_str("UTC"),
            Part::Zone => write_offset(civil.offset, false, true, false, &mut out),
            Part::Offset { z: true, .. } if civil.offset == 0 => out.push('Z'),
            Part::Offset { colon, minutes, seconds, .. } => {
                write_offset(civil.offset, colon, minutes, seconds, &mut out);
            }
            Part::Fraction { digits, trimmed } => {
                let all = format!("{:09}", civil.nanoseconds);
                let shown =
                    if trimmed { all[..digits].trim_end_matches('0') } else { &all[..digits] };
                if !shown.is_empty() {
                    out.push_str(&text[..1]);
                    out.push_str(shown);
                }
            }
            Part::Literal(c) => out.push(c),
        }
    }
    out
}

fn number(number: u32, width: Width, digits: usize, out: &mut String) {
    out.push_str(&match width {
        Width::Short => number.to_string(),
        Width::Zeros => format!("{number:0digits$}"),
        Width::Blanks => format!("{number:digits$}"),
    });
}

fn write_offset(offset: i32, colon: bool, minutes: bool, seconds: bool, out: &mut String) {
    let colon = if colon { ":" } else { "" };
    let all = offset.unsigned_abs();
    out.push(if offset < 0 { '-' } else { '+' });
    out.push_str(&format!("{:02}", all / 3600));
    if minutes {
        out.push_str(&format!("{colon}{:02}", all / 60 % 60));
    }
    if seconds {
        out.push_str(&format!("{colon}{:02}", all % 60));
    }
}

/// The moment that a string in a layout means; none when it is not in the layout.
pub fn parse(layout: &str, text: &str) -> Option<Moment> {
    try_parse(layout, text).ok()
}

/// The same with Go's error.
pub fn try_parse(layout: &str, text: &str) -> Result<Moment, String> {
    let error = |message: &str| format!("parsing time {}{message}", quoted(text));
    let mismatch = |value: &str, element: &str| {
        error(&format!(
            " as {}: cannot parse {} as {}",
            quoted(layout),
            quoted(value),
            quoted(element)
        ))
    };
    let out_of_range = |what: &str| error(&format!(": {what} out of range"));
    let mut found = Found::default();
    let mut left = Reader(text);
    let mut rest = layout;
    loop {
        let prefix = literals(rest);
        rest = &rest[prefix.len()..];
        if left.skip(prefix).is_none() {
            return Err(mismatch(left.0, prefix));
        }
        let Some((part, element)) = first_part(rest) else { break };
        rest = &rest[element.len()..];
        let before = left.0;
        if found.read(part, rest, &mut left).is_none() {
            return Err(mismatch(before, element));
        }
        if let Some(what) = found.out_of_range() {
            return Err(out_of_range(what));
        }
    }
    if !left.0.is_empty() {
        return Err(error(&format!(": extra text: {}", quoted(left.0))));
    }
    found.moment().ok_or_else(|| out_of_range("day"))
}

/// What a layout begins with that means itself.
fn literals(layout: &str) -> &str {
    let mut rest = layout;
    while let Some((Part::Literal(_), text)) = first_part(rest) {
        rest = &rest[text.len()..];
    }
    &layout[..layout.len() - rest.len()]
}

/// As Go quotes strings in errors about time: what is not printable in hexadecimal bytes.
pub(super) fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            ' '..='\x7f' => out.push(c),
            c => c
                .encode_utf8(&mut [0; 4])
                .bytes()
                .for_each(|b| out.push_str(&format!("\\x{b:02x}"))),
        }
    }
    out.push('"');
    out
}

/// What was read of a string.
struct Found<'t> {
    civil: Civil,
    /// 1 before noon, 2 after it.
    noon: Option<u32>,
    counts_to_12: bool,
    zone: Option<&'t str>,
    day_of_year: Option<u32>,
    has_month: bool,
    has_day: bool,
}

impl Default for Found<'_> {
    fn default() -> Self {
        let civil = Civil {
            year: 0,
            month: 1,
            day: 1,
            hour: 0,
            minute: 0,
            second: 0,
            nanoseconds: 0,
            offset: 0,
        };
        Self {
            civil,
            noon: None,
            counts_to_12: false,
            zone: None,
            day_of_year: None,
            has_month: false,
            has_day: false,
        }
    }
}

impl<'t> Found<'t> {
    /// Reads a part; `rest` is what the layout has after it.
    fn read(&mut self, part: Part, rest: &str, left: &mut Reader<'t>) -> Option<()> {
        self.has_month |= matches!(part, Part::LongMonth | Part::ShortMonth | Part::Month(_));
        self.has_day |= matches!(part, Part::Day(_));
        match part {
            Part::LongMonth => self.civil.month = left.word(MONTHS.iter().copied())?,
            Part::ShortMonth => {
                self.civil.month = left.word(MONTHS.iter().map(|name| &name[..3]))?
            }
            Part::Month(width) => self.civil.month = left.number(width, 2)?,
            Part::LongWeekday => drop(left.word(DAYS.iter().copied())?),
            Part::ShortWeekday => drop(left.word(DAYS.iter().map(|name| &name[..3]))?),
            Part::Day(width) => self.civil.day = left.number(width, 2)?,
            Part::DayOfYear(width) => self.day_of_year = Some(left.number(width, 3)?),
            Part::Year => self.civil.year = i64::from(left.number(Width::Zeros, 4)?),
            Part::ShortYear => {
                let year = i64::from(left.number(Width::Zeros, 2)?);
                self.civil.year = if year >= 69 { 1900 + year } else { 2000 + year };
            }
            Part::Hour => {
                self.civil.hour = left.number(Width::Short, 2)?;
                self.counts_to_12 = false;
            }
            Part::Hour12(width) => {
                self.civil.hour = left.number(width, 2)?;
                self.counts_to_12 = true;
            }
            Part::Minute(width) => self.civil.minute = left.number(width, 2)?,
            Part::Second(width) => {
                self.civil.second = left.number(width, 2)?;
                // A fraction may follow the seconds, even if the layout has none.
                if !matches!(first_part(rest), Some((Part::Fraction { .. }, _))) {
                    self.civil.nanoseconds = left.fraction(0).unwrap_or(0);
                }
            }
            Part::Noon(upper) => {
                let words = if upper { ["AM", "PM"] } else { ["am", "pm"] };
                self.noon = Some(left.word(words.into_iter())?);
            }
            Part::Zone => {
                let name = left.zone()?;
                if let Some(hours) = name.strip_prefix("GMT") {
                    self.civil.offset = hours.parse::<i32>().unwrap_or(0) * 3600;
                }
                self.zone = Some(name).filter(|name| *name != "UTC");
            }
            Part::Offset { z, colon, minutes, seconds } => {
                if !(z && left.literal('Z').is_some()) {
                    self.civil.offset = left.offset(colon, minutes, seconds)?;
                }
            }
            Part::Fraction { trimmed, digits } => {
                match left.fraction(if trimmed { 0 } else { digits }) {
                    Some(nanoseconds) => self.civil.nanoseconds = nanoseconds,
                    None if trimmed => {}
                    None => return None,
                }
            }
            // The caller reads them.
            Part::Literal(_) => {}
        }
        Some(())
    }

    fn out_of_range(&self) -> Option<&'static str> {
        let Civil { month, hour, minute, second, .. } = self.civil;
        match () {
            () if !(1..=12).contains(&month) => Some("month"),
            () if hour > if self.counts_to_12 { 12 } else { 23 } => Some("hour"),
            () if minute > 59 => Some("minute"),
            () if second > 59 => Some("second"),
            () => None,
        }
    }

    fn moment(mut self) -> Option<Moment> {
        match self.noon {
            Some(1) if self.civil.hour == 12 => self.civil.hour = 0,
            Some(2) if self.civil.hour < 12 => self.civil.hour += 12,
            _ => {}
        }
        if let Some(mut day) = self.day_of_year {
            let written = self.civil;
            self.civil.month = 1;
            while self.civil.month < 12 && day > days_of(self.civil.year, self.civil.month) {
                day -= days_of(self.civil.year, self.civil.month);
                self.civil.month += 1;
            }
            self.civil.day = day;
            // Both ways to write a day have to mean the same one.
            if self.has_month && written.month != self.civil.month
                || self.has_day && written.day != day
            {
                return None;
            }
        }
        let moment = Moment::of(self.civil)?;
        Some(self.zone.map_or(moment, |name| moment.in_zone_called(name)))
    }
}

/// What is left of a string.
struct Reader<'t>(&'t str);

impl<'t> Reader<'t> {
    fn literal(&mut self, c: char) -> Option<()> {
        self.0 = self.0.strip_prefix(c)?;
        Some(())
    }

    /// Skips a string; spaces of it mean any number of spaces.
    fn skip(&mut self, prefix: &str) -> Option<()> {
        let mut rest = prefix;
        while let Some(c) = rest.chars().next() {
            if c == ' ' {
                if !self.0.is_empty() && !self.0.starts_with(' ') {
                    return None;
                }
                rest = rest.trim_start_matches(' ');
                self.0 = self.0.trim_start_matches(' ');
            } else {
                self.literal(c)?;
                rest = &rest[c.len_utf8()..];
            }
        }
        Some(())
    }

    /// Which of some words comes next, counted from 1; case does not matter.
    fn word<'w>(&mut self, words: impl Iterator<Item = &'w str>) -> Option<u32> {
        for (index, word) in (1..).zip(words) {
            if let Some((head, rest)) = self.0.split_at_checked(word.len())
                && head.eq_ignore_ascii_case(word)
            {
                self.0 = rest;
                return Some(index);
            }
        }
        None
    }

    fn number(&mut self, width: Width, digits: usize) -> Option<u32> {
        if width == Width::Blanks {
            self.0 = self.0.trim_start_matches(' ');
        }
        let found = self.0.bytes().take(digits).take_while(u8::is_ascii_digit).count();
        if found == 0 || width == Width::Zeros && found < digits {
            return None;
        }
        let (number, rest) = self.0.split_at(found);
        self.0 = rest;
        number.parse().ok()
    }

    /// The nanoseconds of a fraction of as many digits; of any number with zero.
    fn fraction(&mut self, exactly: usize) -> Option<u32> {
        let rest = self.0.strip_prefix(['.', ','])?;
        let found = rest.bytes().take_while(u8::is_ascii_digit).count();
        let taken = if exactly == 0 { found } else { exactly };
        if found == 0 || found < taken {
            return None;
        }
        self.0 = &rest[taken..];
        format!("{:0<9}", &rest[..taken.min(9)]).parse().ok()
    }

    fn offset(&mut self, colon: bool, minutes: bool, seconds: bool) -> Option<i32> {
        let sign = match self.0.chars().next()? {
            '+' => 1,
            '-' => -1,
            _ => return None,
        };
        self.0 = &self.0[1..];
        let mut all = self.number(Width::Zeros, 2)? * 3600;
        for (has, unit) in [(minutes, 60), (seconds, 1)] {
            if has {
                if colon {
                    self.literal(':')?;
                }
                all += self.number(Width::Zeros, 2)? * unit;
            }
        }
        Some(sign * i32::try_from(all).ok()?)
    }

    /// An abbreviation of a zone: three to five letters, of which longer ones end in T, or `GMT+3`.
    fn zone(&mut self) -> Option<&'t str> {
        let letters = self.0.bytes().take(6).take_while(u8::is_ascii_uppercase).count();
        let mut length = match &self.0[..letters] {
            _ if self.0.starts_with("UTC") || self.0.starts_with("GMT") => 3,
            _ if self.0.starts_with("ChST") || self.0.starts_with("MeST") => 4,
            name if letters == 3 || matches!(letters, 4 | 5) && name.ends_with('T') => letters,
            "WITA" => letters,
            _ => return None,
        };
        if &self.0[..length] == "GMT" && self.0[3..].starts_with(['+', '-']) {
            let digits = self.0[4..].bytes().take(2).take_while(u8::is_ascii_digit).count();
            if digits > 0 {
                length += 1 + digits;
            }
        }
        let (name, rest) = self.0.split_at(length);
        self.0 = rest;
        Some(name)
    }
}

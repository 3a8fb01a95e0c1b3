//! Schedules of CronJobs, as the cron library of Kubernetes reads them.

use jinnacle_functions::time::Duration;
use jinnacle_syntax::diagnostic::nearest;

const MONTHS: [&str; 12] =
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const DAYS: [&str; 7] = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
const NICKNAMES: [&str; 7] =
    ["@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly"];

/// What is wrong with a schedule, if anything is.
pub fn fault(text: &str) -> Option<String> {
    if text.starts_with("TZ=") || text.starts_with("CRON_TZ=") {
        return Some("must not contain a time zone; use `timeZone`".to_owned());
    }
    if let Some(every) = text.strip_prefix("@every ") {
        return Duration::parse(every)
            .err()
            .map(|_| "must have a duration such as 1h30m after `@every`".to_owned());
    }
    if text.starts_with('@') {
        return (!NICKNAMES.contains(&text))
            .then(|| "must be five fields or a macro such as `@daily`".to_owned());
    }
    let fields: Vec<&str> = text.split_whitespace().collect();
    let [minute, hour, day, month, weekday] = fields.as_slice() else {
        return Some(format!("expected five fields, found {}", fields.len()));
    };
    let bounds: [(&str, &str, u32, u32, &[&str]); 5] = [
        ("minute", minute, 0, 59, &[]),
        ("hour", hour, 0, 23, &[]),
        ("day", day, 1, 31, &[]),
        ("month", month, 1, 12, &MONTHS),
        ("weekday", weekday, 0, 6, &DAYS),
    ];
    bounds.into_iter().find_map(|(name, text, least, most, words)| {
        let good = text.split(',').all(|part| is_range(part, least, most, words));
        (!good).then(|| format!("invalid {name} `{text}`, expected {least} to {most}"))
    })
}

/// `*`, `?`, `5`, `1-5`, each with a step or without.
fn is_range(text: &str, least: u32, most: u32, words: &[&str]) -> bool {
    let (range, step) = match text.split_once('/') {
        Some((range, step)) => (range, Some(step)),
        None => (text, None),
    };
    if step.is_some_and(|step| !step.parse::<u32>().is_ok_and(|step| step > 0)) {
        return false;
    }
    let number = |text: &str| {
        let word = words.iter().position(|word| *word == text.to_lowercase());
        let number = word.map(|at| at as u32 + least).or_else(|| text.parse().ok())?;
        (least..=most).contains(&number).then_some(number)
    };
    match range.split_once('-') {
        _ if matches!(range, "*" | "?") => true,
        Some((from, to)) => {
            matches!((number(from), number(to)), (Some(from), Some(to)) if from <= to)
        }
        None => number(range).is_some(),
    }
}

// The names of the time zone database, sorted.
include!(concat!(env!("OUT_DIR"), "/zones.rs"));

/// What is wrong with the name of a time zone, if anything is: it must be one of the time zone database, letter by
/// letter, as those are names of files to the server.
pub fn zone_fault(text: &str) -> Option<Vec<String>> {
    if ZONES.binary_search(&text).is_ok() {
        return None;
    }
    let place = |zone: &str| zone.rsplit('/').next().unwrap_or("").to_lowercase();
    let same_place = ZONES.iter().copied().find(|zone| place(zone) == place(text));
    let near = same_place.or_else(|| nearest(text, ZONES.iter().copied()));
    Some(near.map(|zone| format!("did you mean `{zone}`?")).into_iter().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn schedules_are_recognized() {
        for text in ["15 3 * * *", "*/5 0-6,12 1 jan MON-fri", "@daily", "@every 1h", "0 0 ? * 6"] {
            assert_eq!(fault(text), None, "{text}");
        }
        for text in [
            "15 3 * *",
            "60 * * * *",
            "* * 0 * *",
            "TZ=UTC 1 1 * * *",
            "@often",
            "*/0 * * * *",
            "* * * * 7",
        ] {
            assert!(fault(text).is_some(), "{text}");
        }
    }

    #[test]
    fn zones_are_those_of_the_database() {
        assert!(ZONES.is_sorted() && ZONES.len() > 500);
        for zone in
            ["Europe/Berlin", "Etc/UTC", "UTC", "US/Eastern", "America/Indiana/Knox", "Etc/GMT+5"]
        {
            assert_eq!(zone_fault(zone), None, "{zone}");
        }
        for zone in ["", "Mars/Base", "berlin", "Europe/berlin", "Local", "Europe/Bern", "UTC+2"] {
            assert!(zone_fault(zone).is_some(), "{zone}");
        }
        assert_eq!(zone_fault("berlin"), Some(vec!["did you mean `Europe/Berlin`?".to_owned()]));
    }
}

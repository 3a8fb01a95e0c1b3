//! Schedules of CronJobs, as the cron library of Kubernetes reads them.

const MONTHS: [&str; 12] =
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const DAYS: [&str; 7] = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
const NICKNAMES: [&str; 7] =
    ["@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly"];

/// What is wrong with a schedule, if anything is.
pub fn fault(text: &str) -> Option<String> {
    if text.starts_with("TZ=") || text.starts_with("CRON_TZ=") {
        return Some("must not contain a time zone: use `timeZone`".to_owned());
    }
    if let Some(every) = text.strip_prefix("@every ") {
        let is_duration =
            every.ends_with(['s', 'm', 'h']) && every.starts_with(|c: char| c.is_ascii_digit());
        return (!is_duration)
            .then(|| "must have a duration such as 1h30m behind `@every`".to_owned());
    }
    if text.starts_with('@') {
        return (!NICKNAMES.contains(&text))
            .then(|| "must be five fields, or a word such as `@daily`".to_owned());
    }
    let fields: Vec<&str> = text.split_whitespace().collect();
    let [minute, hour, day, month, weekday] = fields.as_slice() else {
        return Some(format!("must be five fields, and has {}", fields.len()));
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
        (!good).then(|| format!("has no {name} in `{text}`, which is from {least} to {most}"))
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

/// Whether a text has the form of a time zone's name, and the first part is one of the areas that there are.
pub fn is_zone(text: &str) -> bool {
    const AREAS: [&str; 12] = [
        "Africa",
        "America",
        "Antarctica",
        "Arctic",
        "Asia",
        "Atlantic",
        "Australia",
        "Brazil",
        "Canada",
        "Etc",
        "Europe",
        "Indian",
    ];
    const MORE: [&str; 4] = ["Chile", "Mexico", "Pacific", "US"];
    const ALONE: [&str; 45] = [
        "UTC",
        "GMT",
        "UCT",
        "Zulu",
        "Universal",
        "Greenwich",
        "CET",
        "CST6CDT",
        "Cuba",
        "EET",
        "EST",
        "EST5EDT",
        "Egypt",
        "Eire",
        "Factory",
        "GB",
        "GB-Eire",
        "GMT+0",
        "GMT-0",
        "GMT0",
        "HST",
        "Hongkong",
        "Iceland",
        "Iran",
        "Israel",
        "Jamaica",
        "Japan",
        "Kwajalein",
        "Libya",
        "MET",
        "MST",
        "MST7MDT",
        "NZ",
        "NZ-CHAT",
        "Navajo",
        "PRC",
        "PST8PDT",
        "Poland",
        "Portugal",
        "ROC",
        "ROK",
        "Singapore",
        "Turkey",
        "W-SU",
        "WET",
    ];
    match text.split_once('/') {
        Some((area, place)) => {
            let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '+' | '/');
            (AREAS.contains(&area) || MORE.contains(&area))
                && place.starts_with(|c: char| c.is_ascii_uppercase())
                && place.chars().all(is_part)
        }
        None => ALONE.contains(&text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn schedules_are_told_from_other_texts() {
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
    fn zones_have_an_area_or_a_known_name() {
        assert!(is_zone("Europe/Berlin") && is_zone("Etc/UTC") && is_zone("UTC"));
        assert!(!is_zone("Mars/Base") && !is_zone("berlin") && !is_zone("Europe/berlin"));
    }
}

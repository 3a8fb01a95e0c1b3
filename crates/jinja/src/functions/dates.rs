//! Points in time: strings such as `2024-05-01T12:00:00Z`, or seconds since 1970. Local time is UTC.

use jinnacle_functions::time::{Duration, Moment, layout};
use minijinja::value::{Value, ValueKind};
use minijinja::{Error, State};

use super::arguments::{article, wrong};
use super::numbers::integer;
use super::randomness::Randomness;

/// The time of the rendering.
pub fn now(state: &State) -> Result<String, Error> {
    Ok(Moment::at(Randomness::now(state, "now")?).to_string())
}

/// A point in time in a layout of Go: `2006-01-02`.
pub fn date(layout: &str, date: &Value) -> Result<String, Error> {
    date_in_zone(layout, date, "UTC")
}

/// The same in a time zone: `UTC`, `Europe/Berlin`, or an offset such as `+02:00`.
pub fn date_in_zone(layout: &str, date: &Value, zone: &str) -> Result<String, Error> {
    Ok(layout::format(layout, in_zone(moment(date)?, zone)?))
}

/// The day, as forms of web pages have it.
pub fn html_date(date: &Value) -> Result<String, Error> {
    self::date("2006-01-02", date)
}

/// The day in a time zone.
pub fn html_date_in_zone(date: &Value, zone: &str) -> Result<String, Error> {
    date_in_zone("2006-01-02", date, zone)
}

/// A point in time some time later: `-1.5h`.
pub fn date_modify(change: &str, date: &Value) -> Result<String, Error> {
    moment(date)?
        .later(i128::from(duration_of(change)?.0))
        .map(|moment| moment.to_string())
        .ok_or_else(|| wrong("the date is out of range"))
}

/// How long ago a point in time was, in full seconds.
pub fn ago(state: &State, date: &Value) -> Result<String, Error> {
    let now = Moment::at(Randomness::now(state, "ago")?);
    Ok(now.since(moment(date)?).to_seconds().to_string())
}

/// Seconds as a duration: `1m35s`.
pub fn duration(seconds: &Value) -> Result<String, Error> {
    Ok(Duration::of_seconds(integer(seconds)?).to_string())
}

/// A duration, nanoseconds, or the time since a date, in its largest unit: `2h`, `3mo`.
pub fn duration_round(state: &State, duration: &Value) -> Result<String, Error> {
    let duration = match duration.as_str() {
        None => Duration(integer(duration)?),
        Some(text) => match moment(duration) {
            Ok(moment) => Moment::at(Randomness::now(state, "durationRound")?).since(moment),
            Err(_) => duration_of(text)?,
        },
    };
    Ok(duration.in_largest_unit())
}

/// The point in time that a string in a layout of Go means.
pub fn to_date(layout: &str, text: &str) -> Result<String, Error> {
    layout::parse(layout, text)
        .map(|moment| moment.to_string())
        .ok_or_else(|| wrong(format!("`{text}` is not a date in the layout `{layout}`")))
}

/// The seconds since 1970, as a string.
pub fn unix_epoch(date: &Value) -> Result<String, Error> {
    Ok(moment(date)?.seconds().to_string())
}

fn moment(date: &Value) -> Result<Moment, Error> {
    match date.kind() {
        ValueKind::Number => integer(date).map(Moment::at),
        ValueKind::String => {
            let text = date.as_str().unwrap_or_default();
            ["2006-01-02T15:04:05Z07:00", "2006-01-02"]
                .iter()
                .find_map(|layout| layout::parse(layout, text))
                .ok_or_else(|| {
                    wrong(format!("`{text}` is not a date such as `2024-05-01T12:00:00Z`"))
                })
        }
        other => {
            Err(wrong(format!("a date is a string or seconds since 1970, not {}", article(other))))
        }
    }
}

fn duration_of(text: &str) -> Result<Duration, Error> {
    Duration::parse(text).map_err(|_| wrong(format!("`{text}` is not a duration such as `1h30m`")))
}

fn in_zone(moment: Moment, zone: &str) -> Result<Moment, Error> {
    ["-07:00", "-0700", "-07"]
        .iter()
        .find_map(|layout| layout::parse(layout, zone))
        .map(|offset| moment.in_zone(offset.offset()))
        .or_else(|| moment.in_zone_of(zone))
        .ok_or_else(|| {
            wrong(format!(
                "unknown time zone `{zone}`: write one such as `Europe/Berlin` or `+02:00`"
            ))
        })
}

//! Points in time and durations.

use go_template::value::IntType;
use jinnacle_functions::time::{Duration, Moment, layout};

use super::*;
use crate::Host;
use crate::objects::{TIME, as_duration, duration, moment, time};

const T: Type = Type::Object(&TIME);

pub static TABLE: &[Function] = &[
    Function::new("now", &[], |rt, _| Ok(time(rt, Host::of(rt)?.now("now")))),
    Function::new("date", &[S, A], |rt, a| formatted(rt, &utf8(a[0]), a[1], "Local")),
    Function::new("dateInZone", &[S, A, S], |rt, a| formatted(rt, &utf8(a[0]), a[1], &utf8(a[2]))),
    Function::new("date_in_zone", &[S, A, S], |rt, a| {
        formatted(rt, &utf8(a[0]), a[1], &utf8(a[2]))
    }),
    Function::new("htmlDate", &[A], |rt, a| formatted(rt, "2006-01-02", a[0], "Local")),
    Function::new("htmlDateInZone", &[A, S], |rt, a| {
        formatted(rt, "2006-01-02", a[0], &utf8(a[1]))
    }),
    Function::new("dateModify", &[S, T], |rt, a| Ok(modified(rt, a).unwrap_or(a[1]))),
    Function::new("date_modify", &[S, T], |rt, a| Ok(modified(rt, a).unwrap_or(a[1]))),
    Function::new("mustDateModify", &[S, T], |rt, a| modified(rt, a).map_err(message)),
    Function::new("must_date_modify", &[S, T], |rt, a| modified(rt, a).map_err(message)),
    Function::new("ago", &[A], |rt, a| {
        let now = Host::of(rt)?.now("ago");
        string(rt, now.since(point(now, a[0])).to_seconds().to_string())
    }),
    Function::new("duration", &[A], |rt, a| {
        let seconds = match a[0] {
            Value::Str(_) => go_template::number::parse_int(&utf8(a[0]), 10).unwrap_or(0),
            Value::Int(seconds, IntType::Int64) => seconds,
            _ => 0,
        };
        string(rt, Duration::of_seconds(seconds).to_string())
    }),
    Function::new("durationRound", &[A], |rt, a| {
        let duration = match a[0] {
            Value::Str(_) => Duration::parse(&utf8(a[0])).unwrap_or(Duration(0)),
            Value::Int(nanoseconds, IntType::Int64) => Duration(nanoseconds),
            other => match moment(other) {
                Some(moment) => Host::of(rt)?.now("durationRound").since(moment),
                None => Duration(0),
            },
        };
        string(rt, duration.in_largest_unit())
    }),
    Function::new("toDate", &[S, S], |rt, a| {
        Ok(time(rt, layout::parse(&utf8(a[0]), &utf8(a[1])).unwrap_or(Moment::ZERO)))
    }),
    Function::new("mustToDate", &[S, S], |rt, a| {
        let moment = layout::try_parse(&utf8(a[0]), &utf8(a[1])).map_err(message)?;
        Ok(time(rt, moment))
    }),
    Function::new("unixEpoch", &[T], |rt, a| {
        string(rt, moment(a[0]).map_or(0, Moment::seconds).to_string())
    }),
];

/// What Helm 4 has beyond them.
pub static TABLE_OF_4: &[Function] = &[
    Function::new("mustToDuration", &[A], |rt, a| Ok(duration(rt, span(a[0])?))),
    Function::new("durationSeconds", &[A], |_, a| float(a, |all| all.in_units(1_000_000_000))),
    Function::new("durationMinutes", &[A], |_, a| float(a, |all| all.in_units(60_000_000_000))),
    Function::new("durationHours", &[A], |_, a| float(a, hours)),
    Function::new("durationDays", &[A], |_, a| float(a, |all| hours(all) / 24.0)),
    Function::new("durationWeeks", &[A], |_, a| float(a, |all| hours(all) / 24.0 / 7.0)),
    Function::new("durationMilliseconds", &[A], |_, a| int64(a, 1_000_000)),
    Function::new("durationMicroseconds", &[A], |_, a| int64(a, 1_000)),
    Function::new("durationNanoseconds", &[A], |_, a| int64(a, 1)),
    Function::new("durationRoundTo", &[A, A], |rt, a| multiple(rt, a, Duration::rounded_to)),
    Function::new("durationTruncateTo", &[A, A], |rt, a| multiple(rt, a, Duration::truncated_to)),
];

/// The duration that an argument means: numbers are seconds.
fn span(value: Value) -> Result<Duration, Fault> {
    let overflow = |seconds: String| message(format!("duration seconds overflow: {seconds}"));
    let of_int = |seconds: i64| {
        let fits = seconds.checked_mul(1_000_000_000).map(Duration);
        fits.ok_or_else(|| overflow(seconds.to_string()))
    };
    let of_float = |seconds: f64| {
        let shown = || jinnacle_functions::number::shortest(seconds);
        if !seconds.is_finite() {
            return Err(message(format!("invalid duration seconds: {}", shown())));
        }
        if seconds.abs() > i64::MAX as f64 / 1e9 {
            return Err(overflow(shown()));
        }
        Ok(Duration(crate::cast::float_to_int(seconds * 1e9)))
    };
    match value {
        Value::Nil => Err("invalid duration".into()),
        Value::Int(seconds, _) => of_int(seconds),
        Value::Uint(seconds, _) => {
            i64::try_from(seconds).map_err(|_| overflow(seconds.to_string())).and_then(of_int)
        }
        Value::Float(seconds) => of_float(seconds),
        Value::Str(_) => {
            let text = utf8(value);
            let bare = text.trim();
            if bare.is_empty() {
                return Err("empty duration".into());
            }
            if let Ok(duration) = Duration::parse(bare) {
                return Ok(duration);
            }
            match go_template::number::parse_float(bare) {
                Ok(seconds) => of_float(seconds),
                Err(_) => {
                    let quoted = jinnacle_functions::text::quoted(&text);
                    Err(message(format!("could not parse duration {quoted}")))
                }
            }
        }
        other => as_duration(other)
            .ok_or_else(|| message(format!("unsupported duration type {}", other.type_name()))),
    }
}

fn hours(all: Duration) -> f64 {
    all.in_units(3_600_000_000_000)
}

fn float<'a>(a: &[Value<'a>], number: impl Fn(Duration) -> f64) -> Answer<'a> {
    Ok(Value::Float(span(a[0]).map_or(0.0, number)))
}

fn int64<'a>(a: &[Value<'a>], unit: i64) -> Answer<'a> {
    Ok(Value::int64(span(a[0]).map_or(0, |all| all.0 / unit)))
}

fn multiple<'a>(
    rt: &Runtime<'a>,
    a: &[Value<'a>],
    rounded: impl Fn(Duration, Duration) -> Duration,
) -> Answer<'a> {
    Ok(duration(
        rt,
        match (span(a[0]), span(a[1])) {
            (Err(_), _) => Duration(0),
            (Ok(all), Err(_)) => all,
            (Ok(all), Ok(unit)) => rounded(all, unit),
        },
    ))
}

/// The point in time that an argument means: anything that is none is now.
fn point(now: Moment, value: Value) -> Moment {
    match value {
        Value::Int(seconds, IntType::Int | IntType::Int64 | IntType::Int32) => Moment::at(seconds),
        other => moment(other).unwrap_or(now),
    }
}

fn formatted<'a>(rt: &Runtime<'a>, layout: &str, date: Value<'a>, zone: &str) -> Answer<'a> {
    let is_given = moment(date).is_some() || matches!(date, Value::Int(..));
    let host = Host::of(rt)?;
    let now = if is_given { host.now } else { host.now("date") };
    let moment = point(now, date);
    string(rt, layout::format(layout, moment.in_zone_of(zone).unwrap_or(moment.in_zone(0))))
}

fn modified<'a>(rt: &Runtime<'a>, a: &[Value<'a>]) -> Result<Value<'a>, String> {
    let change = Duration::parse(&utf8(a[0]))?;
    let moment = moment(a[1]).unwrap_or(Moment::ZERO);
    Ok(time(rt, moment.later(i128::from(change.0)).unwrap_or(moment)))
}

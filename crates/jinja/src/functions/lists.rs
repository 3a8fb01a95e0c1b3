//! Lists. Each function gives a new one.

use minijinja::value::{Value, ValueKind};
use minijinja::{Error, ErrorKind};

use super::arguments::{LARGEST, article, entries, items, wrong};
use super::numbers::integer;
use super::{maps, text};

/// The values as a list.
pub fn list(values: &[Value]) -> Vec<Value> {
    values.to_vec()
}

/// A list and one more value.
pub fn append(list: &Value, value: Value) -> Result<Vec<Value>, Error> {
    let mut list = items(list)?;
    list.push(value);
    Ok(list)
}

/// A value and a list after it.
pub fn prepend(list: &Value, value: Value) -> Result<Vec<Value>, Error> {
    let mut list = items(list)?;
    list.insert(0, value);
    Ok(list)
}

/// The first value; of an empty list, null.
pub fn first(list: &Value) -> Result<Value, Error> {
    Ok(items(list)?.into_iter().next().unwrap_or(Value::from(())))
}

/// The last value; of an empty list, null.
pub fn last(list: &Value) -> Result<Value, Error> {
    Ok(items(list)?.pop().unwrap_or(Value::from(())))
}

/// All values but the first.
pub fn rest(list: &Value) -> Result<Vec<Value>, Error> {
    Ok(items(list)?.into_iter().skip(1).collect())
}

/// All values but the last.
pub fn initial(list: &Value) -> Result<Vec<Value>, Error> {
    let mut list = items(list)?;
    list.pop();
    Ok(list)
}

/// The values from last to first.
pub fn reverse(list: &Value) -> Result<Vec<Value>, Error> {
    Ok(items(list)?.into_iter().rev().collect())
}

/// Every value once.
pub fn uniq(list: &Value) -> Result<Vec<Value>, Error> {
    let mut unique: Vec<Value> = Vec::new();
    for item in items(list)? {
        if !unique.contains(&item) {
            unique.push(item);
        }
    }
    Ok(unique)
}

/// A list without some values, or a map without some keys.
pub fn without(list: &Value, values: &[Value]) -> Result<Value, Error> {
    if matches!(list.kind(), ValueKind::Map | ValueKind::None | ValueKind::Undefined) {
        return maps::omit(list, values);
    }
    Ok(items(list)?.into_iter().filter(|item| !values.contains(item)).collect())
}

/// Whether a value is in a list.
pub fn has(value: &Value, list: &Value) -> Result<bool, Error> {
    Ok(items(list)?.contains(value))
}

/// The values that are not empty.
pub fn compact(list: &Value) -> Result<Vec<Value>, Error> {
    Ok(items(list)?.into_iter().filter(Value::is_true).collect())
}

/// The values from the one at `start` to before the one at `end`.
pub fn slice(list: &Value, start: Option<&Value>, end: Option<&Value>) -> Result<Value, Error> {
    let items = items(list)?;
    let place = |at: Option<&Value>, absent: usize| match at {
        None => Ok(absent),
        Some(at) => {
            usize::try_from(integer(at)?).map_err(|_| wrong("a place in a list is 0 or more"))
        }
    };
    let (start, end) = (place(start, 0)?, place(end, items.len())?);
    items.get(start..end).map(|items| items.iter().cloned().collect()).ok_or_else(|| {
        wrong(format!("a list of {} has no values from {start} to {end}", items.len()))
    })
}

/// All lists in one.
pub fn concat(lists: &[Value]) -> Result<Vec<Value>, Error> {
    let mut all = Vec::new();
    for list in lists {
        all.extend(items(list)?);
    }
    Ok(all)
}

/// The list in lists of `size` values.
pub fn chunk(size: i64, list: &Value) -> Result<Value, Error> {
    let size = usize::try_from(size)
        .ok()
        .filter(|&size| size > 0)
        .ok_or_else(|| wrong("a chunk holds 1 or more"))?;
    Ok(items(list)?.chunks(size).map(|chunk| chunk.iter().cloned().collect::<Value>()).collect())
}

/// The values as strings, by their bytes.
pub fn sort_alpha(list: &Value) -> Result<Vec<String>, Error> {
    let mut texts = text::to_strings(list)?;
    texts.sort_unstable();
    Ok(texts)
}

/// The integers from 0 to before `end`.
pub fn until(end: i64) -> Result<Value, Error> {
    until_step(0, end, if end < 0 { -1 } else { 1 })
}

/// The integers from `start` to before `end`, every `step`th.
pub fn until_step(start: i64, end: i64, step: i64) -> Result<Value, Error> {
    Ok(steps(start, end, step)?.into_iter().collect())
}

/// The integers up to and with the last, as one string: `seq(end)`, `seq(start, end)`, `seq(start, step, end)`.
pub fn seq(bounds: &[Value]) -> Result<String, Error> {
    let bounds = bounds.iter().map(integer).collect::<Result<Vec<i64>, _>>()?;
    let (start, step, end) = match bounds[..] {
        [end] => (1, None, end),
        [start, end] => (start, None, end),
        [start, step, end] => (start, Some(step), end),
        _ => return Ok(String::new()),
    };
    let direction = if end < start { -1 } else { 1 };
    if end < start && step.is_some_and(|step| step > 0) {
        return Ok(String::new());
    }
    let behind = end.checked_add(direction).ok_or_else(|| wrong(format!("{end} is too large")))?;
    let numbers: Vec<String> =
        steps(start, behind, step.unwrap_or(direction))?.iter().map(i64::to_string).collect();
    Ok(numbers.join(" "))
}

fn steps(start: i64, end: i64, step: i64) -> Result<Vec<i64>, Error> {
    if step == 0 || (end < start) != (step < 0) || start == end {
        return Ok(Vec::new());
    }
    if start.abs_diff(end) / step.unsigned_abs() > LARGEST as u64 {
        return Err(wrong(format!("there are more than {LARGEST} integers from {start} to {end}")));
    }
    let next = |at: &i64| at.checked_add(step);
    let inside = |at: &i64| if step > 0 { *at < end } else { *at > end };
    Ok(std::iter::successors(Some(start), next).take_while(inside).collect())
}

/// The number of values, entries or characters.
pub fn len(value: &Value) -> Result<usize, Error> {
    match value.kind() {
        ValueKind::String => Ok(value.as_str().unwrap_or_default().chars().count()),
        ValueKind::Map => Ok(entries(value)?.len()),
        ValueKind::Seq | ValueKind::Iterable => Ok(items(value)?.len()),
        ValueKind::Undefined => Err(ErrorKind::UndefinedError.into()),
        other => Err(wrong(format!("{} has no length", article(other)))),
    }
}

/// The value below keys and places in maps and lists.
pub fn index(value: Value, path: &[Value]) -> Result<Value, Error> {
    path.iter().try_fold(value, |value, key| {
        let below = value.get_item(key)?;
        match value.kind() {
            ValueKind::Map if below.is_undefined() => Ok(Value::from(())),
            ValueKind::Seq if below.is_undefined() => {
                Err(wrong(format!("the list has no index {key}")))
            }
            _ => Ok(below),
        }
    })
}

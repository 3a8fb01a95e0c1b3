//! Regular expressions. Those with `must` have the plain error, the others that of Go's panic.

use std::rc::Rc;

use go_template::value::{List, STRINGS};
use jinnacle_functions::regexp::{Regexp, quote_meta};
use jinnacle_functions::text::back_quoted;

use super::*;
use crate::Host;

pub static TABLE: &[Function] = &[
    Function::new("regexMatch", &[S, S], |rt, a| {
        // An expression that does not parse matches nothing here.
        bool(strict(rt, a[0]).is_ok_and(|regex| regex.is_match(a[1].text())))
    }),
    Function::new("mustRegexMatch", &[S, S], |rt, a| bool(strict(rt, a[0])?.is_match(a[1].text()))),
    Function::new("regexFind", &[S, S], |rt, a| find(compiled(rt, a[0])?, a)),
    Function::new("mustRegexFind", &[S, S], |rt, a| find(strict(rt, a[0])?, a)),
    Function::new("regexFindAll", &[S, S, I], |rt, a| find_all(rt, compiled(rt, a[0])?, a)),
    Function::new("mustRegexFindAll", &[S, S, I], |rt, a| find_all(rt, strict(rt, a[0])?, a)),
    Function::new("regexReplaceAll", &[S, S, S], |rt, a| replace(rt, compiled(rt, a[0])?, a)),
    Function::new("mustRegexReplaceAll", &[S, S, S], |rt, a| replace(rt, strict(rt, a[0])?, a)),
    Function::new("regexReplaceAllLiteral", &[S, S, S], |rt, a| {
        replace_literal(rt, compiled(rt, a[0])?, a)
    }),
    Function::new("mustRegexReplaceAllLiteral", &[S, S, S], |rt, a| {
        replace_literal(rt, strict(rt, a[0])?, a)
    }),
    Function::new("regexSplit", &[S, S, I], |rt, a| split(rt, compiled(rt, a[0])?, a)),
    Function::new("mustRegexSplit", &[S, S, I], |rt, a| split(rt, strict(rt, a[0])?, a)),
    Function::new("regexQuoteMeta", &[S], |rt, a| string(rt, quote_meta(a[0].text()))),
];

fn strict(rt: &Runtime, expression: Value) -> Result<Rc<Regexp>, Fault> {
    Host::of(rt)?.regex(expression.text()).map_err(|error| message(error.to_string()))
}

fn compiled(rt: &Runtime, expression: Value) -> Result<Rc<Regexp>, Fault> {
    Host::of(rt)?.regex(expression.text()).map_err(|error| {
        message(format!("regexp: Compile({}): {error}", back_quoted(&utf8(expression))))
    })
}

fn find<'a>(regex: Rc<Regexp>, a: &[Value<'a>]) -> Answer<'a> {
    Ok(Value::Str(regex.find(a[1].text()).unwrap_or_default()))
}

fn find_all<'a>(rt: &mut Runtime<'a>, regex: Rc<Regexp>, a: &[Value<'a>]) -> Answer<'a> {
    let found = regex.find_all(a[1].text(), a[2].integer());
    Ok(strings(rt, Some(found).filter(|found| !found.is_empty())))
}

fn split<'a>(rt: &mut Runtime<'a>, regex: Rc<Regexp>, a: &[Value<'a>]) -> Answer<'a> {
    Ok(strings(rt, regex.split(a[1].text(), a[2].integer())))
}

fn strings<'a>(rt: &Runtime<'a>, texts: Option<Vec<&'a [u8]>>) -> Value<'a> {
    match texts {
        Some(texts) => rt.typed_list(&STRINGS, texts.into_iter().map(Value::Str)),
        None => Value::List(List::nil(rt.arena(), &STRINGS)),
    }
}

fn replace<'a>(rt: &mut Runtime<'a>, regex: Rc<Regexp>, a: &[Value<'a>]) -> Answer<'a> {
    let (text, by) = (a[1].text(), a[2].text());
    // A group can be the whole text, and a match be at every byte; few replacements come near that.
    let groups = by.iter().filter(|b| **b == b'$').count();
    if text.len().saturating_mul(by.len() + groups) > LARGE {
        let matches = regex.find_all(text, -1).len();
        rt.reserve(
            matches.saturating_mul(by.len()).saturating_add(groups.saturating_mul(text.len())),
        )?;
    }
    string(rt, regex.replace_all(text, by))
}

fn replace_literal<'a>(rt: &mut Runtime<'a>, regex: Rc<Regexp>, a: &[Value<'a>]) -> Answer<'a> {
    let (text, by) = (a[1].text(), a[2].text());
    if text.len().saturating_mul(by.len()) > LARGE {
        rt.reserve(regex.find_all(text, -1).len().saturating_mul(by.len()))?;
    }
    string(rt, regex.replace_all_literal(text, by))
}

/// Bytes that may be made without asking how many it will be.
const LARGE: usize = 1 << 24;

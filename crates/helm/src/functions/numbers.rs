//! Numbers. Integers wrap, as Go's do.

use go_template::value::INTS;
use jinnacle_functions::decimal::Decimal;
use jinnacle_functions::number::{round, seq, until_step};

use super::*;
use crate::Host;
use crate::cast::{to_float, to_int};

const F: Type = Type::Float;

pub static TABLE: &[Function] = &[
    Function::new("int", &[A], |_, a| Ok(Value::int(to_int(a[0])))),
    Function::new("int64", &[A], |_, a| Ok(Value::int64(to_int(a[0])))),
    Function::new("float64", &[A], |_, a| Ok(Value::Float(to_float(a[0])))),
    Function::new("add1", &[A], |_, a| int64(to_int(a[0]).wrapping_add(1))),
    Function::variadic("add", &[A], |_, a| {
        int64(a.iter().fold(0, |sum, n| sum.wrapping_add(to_int(*n))))
    }),
    Function::new("sub", &[A, A], |_, a| int64(to_int(a[0]).wrapping_sub(to_int(a[1])))),
    Function::new("div", &[A, A], |_, a| int64(to_int(a[0]).wrapping_div(divisor(a[1])?))),
    Function::new("mod", &[A, A], |_, a| int64(to_int(a[0]).wrapping_rem(divisor(a[1])?))),
    Function::variadic("mul", &[A, A], |_, a| {
        int64(a[1..].iter().fold(to_int(a[0]), |product, n| product.wrapping_mul(to_int(*n))))
    }),
    Function::new("add1f", &[A], |_, a| decimals(&[a[0], Value::Float(1.0)], Decimal::plus)),
    Function::variadic("addf", &[A], |_, a| {
        let all: Vec<Value> = std::iter::once(Value::Float(0.0)).chain(a.iter().copied()).collect();
        decimals(&all, Decimal::plus)
    }),
    Function::variadic("subf", &[A, A], |_, a| decimals(a, Decimal::minus)),
    Function::variadic("mulf", &[A, A], |_, a| decimals(a, Decimal::times)),
    Function::variadic("divf", &[A, A], |_, a| decimals(a, Decimal::over)),
    Function::variadic("max", &[A, A], max),
    Function::variadic("biggest", &[A, A], max),
    Function::variadic("min", &[A, A], |_, a| {
        int64(a.iter().map(|n| to_int(*n)).min().unwrap_or(0))
    }),
    Function::variadic("maxf", &[A, A], |_, a| {
        Ok(Value::Float(a[1..].iter().fold(to_float(a[0]), |max, n| {
            let n = to_float(*n);
            if max.is_nan() || n.is_nan() { f64::NAN } else { max.max(n) }
        })))
    }),
    Function::variadic("minf", &[A, A], |_, a| {
        Ok(Value::Float(a[1..].iter().fold(to_float(a[0]), |min, n| {
            let n = to_float(*n);
            if min.is_nan() || n.is_nan() { f64::NAN } else { min.min(n) }
        })))
    }),
    Function::new("ceil", &[A], |_, a| Ok(Value::Float(to_float(a[0]).ceil()))),
    Function::new("floor", &[A], |_, a| Ok(Value::Float(to_float(a[0]).floor()))),
    Function::variadic("round", &[A, I, F], |_, a| {
        let on = a.get(2).map_or(0.5, |on| to_float(*on));
        Ok(Value::Float(round(to_float(a[0]), a[1].integer(), on)))
    }),
    Function::new("until", &[I], |rt, a| {
        let count = a[0].integer();
        ints(rt, (0, count, if count < 0 { -1 } else { 1 }))
    }),
    Function::new("untilStep", &[I, I, I], |rt, a| {
        ints(rt, (a[0].integer(), a[1].integer(), a[2].integer()))
    }),
    Function::variadic("seq", &[I], |rt, a| {
        let numbers: Vec<i64> = a.iter().map(|n| n.integer()).collect();
        let Some((start, stop, step)) = seq(&numbers) else { return string(rt, "") };
        let numbers = until_step(start, stop, step).map_err(too_many)?;
        let texts: Vec<String> = numbers.iter().map(i64::to_string).collect();
        string(rt, texts.join(" "))
    }),
    Function::new("randInt", &[I, I], |rt, a| {
        let (from, to) = (a[0].integer(), a[1].integer());
        if to <= from {
            return Err("invalid argument to Intn".into());
        }
        let number = Host::of(rt)?.draw("randInt").below(from.abs_diff(to));
        Ok(Value::int(from.wrapping_add_unsigned(number)))
    }),
];

fn int64<'a>(number: i64) -> Answer<'a> {
    Ok(Value::int64(number))
}

fn max<'a>(_: &mut Runtime<'a>, a: &[Value<'a>]) -> Answer<'a> {
    int64(a.iter().map(|n| to_int(*n)).max().unwrap_or(0))
}

fn divisor(value: Value) -> Result<i64, Fault> {
    match to_int(value) {
        0 => Err("runtime error: integer divide by zero".into()),
        number => Ok(number),
    }
}

/// The numbers from the first one on, by decimal arithmetic.
fn decimals<'a>(
    numbers: &[Value<'a>],
    operation: impl Fn(Decimal, Decimal) -> Option<Decimal>,
) -> Answer<'a> {
    let decimal = |number: &Value<'a>| {
        let float = to_float(*number);
        Decimal::of(float).ok_or_else(|| {
            let name = jinnacle_functions::number::shortest(float);
            message(format!("Cannot create a Decimal from {name}"))
        })
    };
    let mut result = numbers.first().map_or_else(|| decimal(&Value::Float(0.0)), decimal)?;
    for number in numbers.iter().skip(1) {
        // What has no result is a division by zero.
        result = operation(result, decimal(number)?).ok_or("decimal division by 0")?;
    }
    Ok(Value::Float(result.to_f64()))
}

fn ints<'a>(rt: &mut Runtime<'a>, (start, stop, step): (i64, i64, i64)) -> Answer<'a> {
    let numbers = until_step(start, stop, step).map_err(too_many)?;
    rt.reserve(numbers.len().saturating_mul(64))?;
    Ok(rt.typed_list(&INTS, numbers.into_iter().map(Value::int)))
}

fn too_many(count: u64) -> Fault {
    Fault::Message(format!("a list of {count} numbers is too long"))
}

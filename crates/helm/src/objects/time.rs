//! `time.Time`.

use std::any::Any;

use go_template::value::{Encoded, IntType, Kind, Object, ObjectType, Type};
use go_template::{Fault, Function, Runtime, Value};
use jinnacle_functions::time::{Moment, layout};

/// The type of a point in time.
pub(crate) static TIME: ObjectType =
    ObjectType { name: "time.Time", kind: Kind::Struct, methods: METHODS };

struct Time(Moment);

/// A point in time as a value.
pub fn time<'a>(rt: &Runtime<'a>, moment: Moment) -> Value<'a> {
    super::object(rt.arena(), Time(moment))
}

/// The point in time that a value is.
pub fn moment(value: Value) -> Option<Moment> {
    super::own::<Time>(value).map(|time| time.0)
}

impl<'a> Object<'a> for Time {
    fn object_type(&self) -> &'static ObjectType {
        &TIME
    }

    fn text(&self) -> Option<Vec<u8>> {
        Some(layout::format("2006-01-02 15:04:05.999999999 -0700 MST", self.0).into_bytes())
    }

    fn encoded(&self) -> Encoded<'a> {
        Encoded::Text(self.0.to_string().into_bytes())
    }

    fn as_any(&self) -> Option<&dyn Any> {
        Some(self)
    }
}

/// The type as a parameter of its own methods: types are equal that have the same name.
static ITSELF: ObjectType = ObjectType { name: "time.Time", kind: Kind::Struct, methods: &[] };
const T: Type = Type::Object(&ITSELF);

static METHODS: &[Function] = &[
    Function::new("Add", &[Type::INT64], |rt, a| {
        let moment = of(a);
        Ok(time(rt, moment.later(i128::from(a[1].integer())).unwrap_or(moment)))
    }),
    Function::new("AddDate", &[Type::INT, Type::INT, Type::INT], |rt, a| {
        let numbers = [a[1].integer(), a[2].integer(), a[3].integer()];
        Ok(time(rt, of(a).add_date(numbers).ok_or_else(|| Fault::from("time out of range"))?))
    }),
    Function::new("After", &[T], |_, a| Ok(Value::Bool(of(a).since(other(a)).0 > 0))),
    Function::new("Before", &[T], |_, a| Ok(Value::Bool(of(a).since(other(a)).0 < 0))),
    Function::new("Equal", &[T], |_, a| Ok(Value::Bool(of(a).since(other(a)).0 == 0))),
    Function::new("Day", &[], |_, a| Ok(int(of(a).civil().day))),
    Function::new("Format", &[Type::String], |rt, a| {
        Ok(rt.string(layout::format(&String::from_utf8_lossy(a[1].text()), of(a))))
    }),
    Function::new("Hour", &[], |_, a| Ok(int(of(a).civil().hour))),
    Function::new("IsZero", &[], |_, a| Ok(Value::Bool(of(a).since(Moment::ZERO).0 == 0))),
    Function::new("Local", &[], |rt, a| Ok(time(rt, of(a).in_zone(0)))),
    Function::new("Minute", &[], |_, a| Ok(int(of(a).civil().minute))),
    Function::new("Month", &[], |rt, a| Ok(rt.string(layout::format("January", of(a))))),
    Function::new("Nanosecond", &[], |_, a| Ok(int(of(a).civil().nanoseconds))),
    Function::new("Second", &[], |_, a| Ok(int(of(a).civil().second))),
    Function::new("String", &[], |rt, a| {
        Ok(rt.string(layout::format("2006-01-02 15:04:05.999999999 -0700 MST", of(a))))
    }),
    Function::new("UTC", &[], |rt, a| Ok(time(rt, of(a).in_zone(0)))),
    Function::new("Unix", &[], |_, a| Ok(Value::int64(of(a).seconds()))),
    Function::new("UnixMilli", &[], |_, a| Ok(Value::int64(units(a, 1_000)))),
    Function::new("UnixMicro", &[], |_, a| Ok(Value::int64(units(a, 1_000_000)))),
    Function::new("UnixNano", &[], |_, a| Ok(Value::int64(units(a, 1_000_000_000)))),
    Function::new("Weekday", &[], |rt, a| Ok(rt.string(layout::format("Monday", of(a))))),
    Function::new("Year", &[], |_, a| Ok(Value::Int(of(a).civil().year, IntType::Int))),
    Function::new("YearDay", &[], |_, a| Ok(int(of(a).day_of_year()))),
];

/// Units since 1970, of which there are so many in a second.
fn units(a: &[Value], each: i64) -> i64 {
    let fraction = i64::from(of(a).civil().nanoseconds) / (1_000_000_000 / each);
    of(a).seconds().wrapping_mul(each).wrapping_add(fraction)
}

fn of(a: &[Value]) -> Moment {
    moment(a[0]).unwrap_or(Moment::ZERO)
}

fn other(a: &[Value]) -> Moment {
    moment(a[1]).unwrap_or(Moment::ZERO)
}

fn int<'a>(number: u32) -> Value<'a> {
    Value::int(i64::from(number))
}

//! `time.Duration`, which functions of Helm 4 give.

use std::any::Any;

use go_template::value::{Encoded, Kind, Object, ObjectType};
use go_template::{Function, Runtime, Value};
use jinnacle_functions::time::Duration;

static DURATION: ObjectType =
    ObjectType { name: "time.Duration", kind: Kind::Int64, methods: METHODS };

struct Nanoseconds(Duration);

/// A duration as a value.
pub fn duration<'a>(rt: &Runtime<'a>, duration: Duration) -> Value<'a> {
    super::object(rt.arena(), Nanoseconds(duration))
}

/// The duration that a value is.
pub(crate) fn as_duration(value: Value) -> Option<Duration> {
    super::own::<Nanoseconds>(value).map(|own| own.0)
}

impl<'a> Object<'a> for Nanoseconds {
    fn object_type(&self) -> &'static ObjectType {
        &DURATION
    }

    fn text(&self) -> Option<Vec<u8>> {
        Some(self.0.to_string().into_bytes())
    }

    fn integer(&self) -> Option<i64> {
        Some(self.0.0)
    }

    fn encoded(&self) -> Encoded<'a> {
        Encoded::Value(Value::int64(self.0.0))
    }

    fn as_any(&self) -> Option<&dyn Any> {
        Some(self)
    }
}

static METHODS: &[Function] = &[
    Function::new("Hours", &[], |_, a| Ok(Value::Float(of(a).in_units(3_600_000_000_000)))),
    Function::new("Microseconds", &[], |_, a| Ok(Value::int64(of(a).0 / 1_000))),
    Function::new("Milliseconds", &[], |_, a| Ok(Value::int64(of(a).0 / 1_000_000))),
    Function::new("Minutes", &[], |_, a| Ok(Value::Float(of(a).in_units(60_000_000_000)))),
    Function::new("Nanoseconds", &[], |_, a| Ok(Value::int64(of(a).0))),
    Function::new("Seconds", &[], |_, a| Ok(Value::Float(of(a).in_units(1_000_000_000)))),
    Function::new("String", &[], |rt, a| Ok(rt.string(of(a).to_string()))),
];

fn of(a: &[Value]) -> Duration {
    as_duration(a[0]).unwrap_or(Duration(0))
}

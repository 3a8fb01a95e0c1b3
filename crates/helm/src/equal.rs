//! `reflect.DeepEqual`.

use go_template::Value;

/// Whether two values have the same type and the same content.
pub fn deep_equal<'a>(a: Value<'a>, b: Value<'a>) -> bool {
    equal_at(a, b, 0)
}

/// Values that are nested deeper hold themselves: Go takes those for equal that it already compares.
const DEEPEST: u32 = 1000;

fn equal_at<'a>(a: Value<'a>, b: Value<'a>, depth: u32) -> bool {
    if depth > DEEPEST {
        return true;
    }
    let deep_equal = |a, b| equal_at(a, b, depth + 1);
    if a.ty() != b.ty() {
        return false;
    }
    match (a, b) {
        (Value::Nil, Value::Nil) => true,
        (Value::Bool(a), Value::Bool(b)) => a == b,
        (Value::Int(a, _), Value::Int(b, _)) => a == b,
        (Value::Uint(a, _), Value::Uint(b, _)) => a == b,
        (Value::Float(a), Value::Float(b)) => a == b,
        (Value::Complex(a, b), Value::Complex(c, d)) => (a, b) == (c, d),
        (Value::Str(a), Value::Str(b)) | (Value::Bytes(a), Value::Bytes(b)) => a == b,
        (Value::List(a), Value::List(b)) => {
            a.is_nil == b.is_nil
                && a.len() == b.len()
                && a.values().zip(b.values()).all(|(a, b)| deep_equal(a, b))
        }
        (Value::Map(a, _), Value::Map(b, _)) => {
            std::ptr::eq(a, b)
                || a.is_nil() == b.is_nil()
                    && a.len() == b.len()
                    && a.iter()
                        .zip(b.iter())
                        .all(|(a, b)| a.key == b.key && deep_equal(a.value, b.value))
        }
        (Value::Object(a), Value::Object(b)) => {
            std::ptr::addr_eq(a, b)
                || a.text() == b.text()
                    && a.fields().len() == b.fields().len()
                    && a.fields().iter().zip(b.fields()).all(|(a, b)| deep_equal(a.1, b.1))
        }
        // Functions are equal when both are nil.
        _ => false,
    }
}

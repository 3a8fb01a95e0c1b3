//! Maps that answer to Helm's names of fields as well: `cert` and `Cert`.

use std::sync::Arc;

use indexmap::IndexMap;
use minijinja::value::{Enumerator, Object, Value};

/// Fields by their names here, which begin in lower case.
#[derive(Debug)]
pub struct Record(IndexMap<&'static str, Value>);

impl Record {
    /// A value of fields.
    pub fn value<const N: usize>(fields: [(&'static str, Value); N]) -> Value {
        Value::from_object(Self(fields.into_iter().collect()))
    }
}

impl Object for Record {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        let key = key.as_str()?;
        let (first, rest) = key.split_at_checked(1)?;
        self.0
            .get(key)
            .or_else(|| self.0.get(format!("{}{rest}", first.to_ascii_lowercase()).as_str()))
            .cloned()
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::Values(self.0.keys().copied().map(Value::from).collect())
    }
}

//! `capabilities.apiVersions`: a list that can be asked.

use std::sync::Arc;

use minijinja::value::{Enumerator, Object, ObjectRepr, Value, from_args};
use minijinja::{Error, ErrorKind, State};

/// What the cluster serves: `apps/v1`, or `apps/v1/StatefulSet`.
#[derive(Debug)]
pub struct ApiVersions(Arc<[String]>);

impl ApiVersions {
    /// The list as templates see it.
    pub fn value(versions: Arc<[String]>) -> Value {
        Value::from_object(Self(versions))
    }
}

impl Object for ApiVersions {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Seq
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        self.0.get(key.as_usize()?).map(|version| Value::from(version.as_str()))
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::Seq(self.0.len())
    }

    fn call_method(
        self: &Arc<Self>,
        _: &mut State<'_, '_>,
        method: &str,
        args: &[Value],
    ) -> Result<Value, Error> {
        match method {
            "has" | "Has" => {
                let (wanted,): (&str,) = from_args(args)?;
                Ok(self.0.iter().any(|version| version == wanted).into())
            }
            _ => Err(ErrorKind::UnknownMethod.into()),
        }
    }
}

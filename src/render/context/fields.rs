//! Maps that answer to Helm's names of fields as well: `appVersion` and `AppVersion`.

use std::sync::Arc;

use minijinja::value::{Enumerator, Object, Value};

/// Fields by their names here, which begin with a small letter.
#[derive(Debug)]
pub struct Fields {
    fields: Vec<(&'static str, Value)>,
    /// Whether empty fields do not count as entries: they can be read, and are not in `chart | toJson`.
    hides_empty: bool,
}

impl Fields {
    /// A value of fields.
    pub fn value(fields: impl IntoIterator<Item = (&'static str, Value)>) -> Value {
        Value::from_object(Self { fields: fields.into_iter().collect(), hides_empty: false })
    }

    /// A value of fields of which the empty ones are no entries.
    pub fn sparse(fields: impl IntoIterator<Item = (&'static str, Value)>) -> Value {
        Value::from_object(Self { fields: fields.into_iter().collect(), hides_empty: true })
    }
}

impl Object for Fields {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        self.get_value_by_str(key.as_str()?)
    }

    fn get_value_by_str(self: &Arc<Self>, key: &str) -> Option<Value> {
        let found =
            self.fields.iter().find(|(name, _)| *name == key || is_in_helms_case(key, name))?;
        Some(found.1.clone())
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        let entries = self.fields.iter().filter(|(_, value)| !self.hides_empty || value.is_true());
        Enumerator::Values(entries.map(|(name, _)| Value::from(*name)).collect())
    }
}

/// Whether a key is a name as Go writes it: a capital first, and all of `API` and `URL`.
fn is_in_helms_case(key: &str, name: &str) -> bool {
    let capitals =
        ["api", "url"].iter().find(|word| name.starts_with(**word)).map_or(1, |word| word.len());
    key.len() == name.len()
        && key.is_char_boundary(capitals)
        && key[..capitals] == name[..capitals].to_ascii_uppercase()
        && key[capitals..] == name[capitals..]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_both_cases_are_known() {
        for (key, name, is) in [
            ("AppVersion", "appVersion", true),
            ("APIVersions", "apiVersions", true),
            ("URL", "url", true),
            ("ApiVersions", "apiVersions", false),
            ("appversion", "appVersion", false),
            ("é", "ab", false),
        ] {
            assert_eq!(is_in_helms_case(key, name), is, "{key}");
        }
    }
}

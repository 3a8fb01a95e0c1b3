//! Typed words and surroundings → what is wanted.

use anyhow::bail;

use crate::cli::{TemplateArgs, ValuesArgs};
use crate::release::{Capabilities, DEFAULT_KUBE_VERSION, Release};
use crate::values::{SetFlag, ValuesRequest};

/// The chart when none is named.
const DEFAULT_CHART: &str = "nats/nats";

/// The release when none is named, as in Helm.
const DEFAULT_RELEASE: &str = "release-name";

/// Everything that `template` needs to know.
#[derive(Clone, Debug)]
pub struct TemplateRequest {
    /// The chart as it was named.
    pub chart: String,
    /// The release.
    pub release: Release,
    /// The cluster.
    pub capabilities: Capabilities,
    /// Where values come from.
    pub values: ValuesRequest,
    /// Whether the schema is left out.
    pub skip_schema_validation: bool,
    /// Whether hooks are left out.
    pub no_hooks: bool,
    /// Whether test hooks are left out.
    pub skip_tests: bool,
}

impl TemplateRequest {
    /// What the words of `template` ask for.
    ///
    /// # Errors
    /// There are more words than a name and a chart, or a version that is none.
    pub fn new(args: TemplateArgs) -> anyhow::Result<Self> {
        let (name, chart) = names(&args.names)?;
        let kube_version = match &args.release.kube_version {
            Some(text) => text.parse().map_err(anyhow::Error::msg)?,
            None => DEFAULT_KUBE_VERSION,
        };
        let namespace = args
            .release
            .namespace
            .or_else(|| std::env::var("HELM_NAMESPACE").ok())
            .filter(|namespace| !namespace.is_empty())
            .unwrap_or_else(|| "default".to_owned());
        Ok(Self {
            chart,
            release: Release { name, namespace, is_upgrade: args.release.is_upgrade },
            capabilities: Capabilities::new(kube_version, &args.release.api_versions),
            values: ValuesRequest::new(args.values.clone()),
            skip_schema_validation: args.values.skip_schema_validation,
            no_hooks: args.output.no_hooks,
            skip_tests: args.output.skip_tests,
        })
    }
}

impl ValuesRequest {
    fn new(args: ValuesArgs) -> Self {
        let by_flag = [
            (SetFlag::Json, args.set_json),
            (SetFlag::Typed, args.set),
            (SetFlag::Text, args.set_string),
            (SetFlag::File, args.set_file),
            (SetFlag::Literal, args.set_literal),
        ];
        Self {
            files: args.files.iter().flat_map(|list| split_list(list)).collect(),
            sets: by_flag
                .into_iter()
                .flat_map(|(flag, list)| list.into_iter().map(move |argument| (flag, argument)))
                .collect(),
        }
    }
}

/// The name and the chart: one word is the chart, two are name and chart.
fn names(words: &[String]) -> anyhow::Result<(String, String)> {
    match words {
        [] => Ok((DEFAULT_RELEASE.to_owned(), DEFAULT_CHART.to_owned())),
        [chart] => Ok((DEFAULT_RELEASE.to_owned(), chart.clone())),
        [name, chart] => Ok((name.clone(), chart.clone())),
        [_, _, more @ ..] => bail!(
            "at most a name and a chart are expected, what is `{}`?",
            more.join(" ")
        ),
    }
}

/// A comma separates several files; one in a file's name needs double quotes around that name, as in
/// the comma-separated values that Helm's flag takes.
fn split_list(list: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut quoted = false;
    let mut chars = list.chars().peekable();
    while let Some(c) = chars.next() {
        let word = words.last_mut().expect("there is always a last word");
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => {
                chars.next();
                word.push('"');
            }
            '"' if quoted || word.is_empty() => quoted = !quoted,
            ',' if !quoted => words.push(String::new()),
            _ => word.push(c),
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commas_separate_files_unless_quoted() {
        assert_eq!(split_list("a.yaml,b.yaml"), ["a.yaml", "b.yaml"]);
        assert_eq!(split_list(r#""a,b.yaml",c"#), ["a,b.yaml", "c"]);
        assert_eq!(split_list("-"), ["-"]);
    }
}

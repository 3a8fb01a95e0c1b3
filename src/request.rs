//! What the requests of several commands have in common: shared flags and the environment → what is wanted.

use std::path::Path;

use anstream::ColorChoice;
use anyhow::bail;

use crate::cli::{Color, DownloadArgs, GlobalArgs, RuleArgs, ValuesArgs};
use crate::diagnostic::{Diagnostic, Format, Sink, rule};
use crate::policy::{self, Policy};
use crate::release::{DEFAULT_KUBE_VERSION, HelmVersion, KubeVersion};
use crate::source;
use crate::values::{SetFlag, ValuesRequest};
use crate::yaml::decode;

/// The chart when none is named.
pub const DEFAULT_CHART: &str = "nats/nats";

/// The Helm whose behavior is wanted, from the flag or else from the environment.
pub fn helm_version(flag: Option<&str>) -> anyhow::Result<HelmVersion> {
    const VARIABLE: &str = "JINNACLE_HELM_VERSION";
    let variable = std::env::var(VARIABLE).ok().filter(|value| !value.is_empty());
    let (source, wanted) = match (flag, &variable) {
        (Some(wanted), _) => ("--helm-version", wanted),
        (None, Some(wanted)) => (VARIABLE, wanted.as_str()),
        (None, None) => return Ok(HelmVersion::default()),
    };
    wanted.parse().map_err(|why: String| anyhow::anyhow!("{source}: {why}"))
}

/// A word on the flags of Helm that have no effect here.
///
/// # Errors
/// A chart is to be fetched.
pub fn offline(
    global: &GlobalArgs,
    download: Option<&DownloadArgs>,
) -> anyhow::Result<Option<Diagnostic>> {
    if download.is_some_and(|flags| flags.repo.is_some()) {
        bail!("--repo fetches charts, and nothing is fetched here: give a chart on disk");
    }
    let has = |given: fn(&DownloadArgs) -> bool| download.is_some_and(given);
    let credentials = [
        ("--kubeconfig", global.kubeconfig.is_some()),
        ("--kube-context", global.kube_context.is_some()),
        ("--kube-apiserver", global.kube_apiserver.is_some()),
        ("--kube-token", global.kube_token.is_some()),
        ("--verify", has(|flags| flags.verify)),
        ("--username", has(|flags| flags.username.is_some())),
        ("--password", has(|flags| flags.password.is_some())),
        ("--registry-config", global.registry_config.is_some()),
    ];
    let unused: Vec<&str> =
        credentials.iter().filter(|(_, given)| *given).map(|(flag, _)| *flag).collect();
    if unused.is_empty() {
        return Ok(None);
    }
    Ok(Some(Diagnostic::note(
        rule!("cli/offline"),
        format!("{} has no effect: no cluster and no registry is asked", unused.join(", ")),
    )))
}

/// What counts, by the flags and by the nearest `jinnacle.toml`; `strict` is what the command has for a flag, and none
/// where it has its own rules for warnings.
///
/// # Errors
/// A rule is named that does not exist; or the sink has what is wrong in the file.
pub fn policy(args: &RuleArgs, strict: Option<bool>, sink: &mut Sink) -> anyhow::Result<Policy> {
    let rules = |ids: &[String]| ids.iter().map(|id| id.parse()).collect::<Result<_, String>>();
    let (allow, deny) = (rules(&args.allow), rules(&args.deny));
    let (allow, deny) = (allow.map_err(anyhow::Error::msg)?, deny.map_err(anyhow::Error::msg)?);
    let flags = Policy { strict: strict.unwrap_or_default(), allow, deny };
    let policy = flags.and(file_policy(&std::env::current_dir()?, sink)?);
    Ok(Policy { strict: policy.strict && strict.is_some(), ..policy })
}

fn file_policy(here: &Path, sink: &mut Sink) -> anyhow::Result<Policy> {
    let Some(file) = policy::find(here) else { return Ok(Policy::default()) };
    let shown = file.strip_prefix(here).unwrap_or(&file).display().to_string();
    let text = sink.take(decode(shown, &source::file(&file)?))?;
    Ok(sink.take(Policy::read(&text))?)
}

/// The form of the report: as it was asked for, or as the release_context read it.
pub fn format(asked: Option<&str>) -> Format {
    let in_actions = || std::env::var("GITHUB_ACTIONS").is_ok_and(|value| value == "true");
    match asked {
        // `text` is a form of differences, beside which findings are for people, too.
        Some(name) => name.parse().unwrap_or_default(),
        None if in_actions() => Format::Github,
        None => Format::Full,
    }
}

/// Whether to color: as it was asked for, else as the terminal and the environment have it.
pub fn colors(asked: Option<Color>) -> ColorChoice {
    match asked {
        None | Some(Color::Auto) => ColorChoice::Auto,
        Some(Color::Always) => ColorChoice::Always,
        Some(Color::Never) => ColorChoice::Never,
    }
}

pub fn kube_version(text: Option<&str>) -> anyhow::Result<KubeVersion> {
    text.map_or(Ok(DEFAULT_KUBE_VERSION), |text| text.parse().map_err(anyhow::Error::msg))
}

pub fn namespace(given: Option<String>) -> String {
    given
        .or_else(|| std::env::var("HELM_NAMESPACE").ok())
        .filter(|namespace| !namespace.is_empty())
        .unwrap_or_else(|| "default".to_owned())
}

pub fn values_request(args: ValuesArgs, helm: HelmVersion) -> ValuesRequest {
    let by_flag = [
        (SetFlag::Json, args.set_json),
        (SetFlag::Typed, args.set),
        (SetFlag::Text, args.set_string),
        (SetFlag::File, args.set_file),
        (SetFlag::Literal, args.set_literal),
    ];
    ValuesRequest {
        files: args
            .files
            .iter()
            .flat_map(|list| split_list(list))
            .filter(|file| !file.is_empty())
            .collect(),
        sets: by_flag
            .into_iter()
            .flat_map(|(flag, list)| list.into_iter().map(move |argument| (flag, argument)))
            .collect(),
        helm,
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

//! What templates see beside values: the release and what the cluster can do.

use std::sync::Arc;

use jinnacle_syntax::diagnostic::{Diagnostic, rule};
use jinnacle_syntax::source::{Source, Span};
use jinnacle_syntax::yaml::Node;

pub use jinnacle_helm::{Difference, HelmVersion};

/// The longest release name, as in Helm: 63 less what charts append.
const MAX_NAME: usize = 53;

/// The Kubernetes version that is assumed when none is given: the one of Helm 3.22's client library.
pub const DEFAULT_KUBE_VERSION: KubeVersion = KubeVersion { major: 1, minor: 37, patch: 0 };

/// A release that is about to be installed or upgraded.
#[derive(Clone, Debug)]
pub struct Release {
    /// Its name.
    pub name: String,
    /// The namespace that it goes to.
    pub namespace: String,
    /// Whether it exists already.
    pub is_upgrade: bool,
}

/// What the cluster can do.
#[derive(Clone, Debug)]
pub struct Capabilities {
    /// The version of Kubernetes.
    pub kube_version: KubeVersion,
    /// The version as it was given, which differs where it has a suffix or fewer numbers; none if it was not.
    pub given_kube_version: Option<Arc<str>>,
    /// The API versions that it serves: `apps/v1`, or `apps/v1/StatefulSet`.
    pub api_versions: Arc<[String]>,
    /// The Helm whose behavior is wanted.
    pub helm: HelmVersion,
}

/// A version of Kubernetes; Helm 3 keeps three numbers and drops the rest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct KubeVersion {
    /// 1, so far.
    pub major: u64,
    /// The release.
    pub minor: u64,
    /// The patch of the release.
    pub patch: u64,
}

impl std::fmt::Display for KubeVersion {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "v{}.{}.{}", self.major, self.minor, self.patch)
    }
}

/// Reads `v1.32.0`, `1.32` or `v1.29.3-gke.100`.
impl std::str::FromStr for KubeVersion {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let numbers = text.strip_prefix('v').unwrap_or(text);
        let mut parts = numbers.split(['.', '-', '+']);
        let mut number = || -> Option<u64> { parts.next()?.parse().ok() };
        let (Some(major), Some(minor)) = (number(), number()) else {
            return Err(format!("invalid Kubernetes version `{text}`: write it like `v1.32.0`"));
        };
        Ok(Self { major, minor, patch: number().unwrap_or(0) })
    }
}

impl KubeVersion {
    /// The version that is written in a file.
    ///
    /// # Errors
    /// It is none.
    pub fn read(node: &Node) -> Result<Self, Diagnostic> {
        let text = node.as_str().unwrap_or(node.span.text());
        text.parse()
            .map_err(|why: String| Diagnostic::error(rule!("schema/text"), why).at(&node.span))
    }
}

impl Capabilities {
    /// What Helm 3.22 assumes of a cluster it does not ask, with more API versions from the command line.
    pub fn new(kube_version: KubeVersion, more: &[String]) -> Self {
        let api_versions = API_VERSIONS
            .iter()
            .flat_map(|(group, versions)| {
                versions.iter().map(move |version| match *group {
                    "" => (*version).to_owned(),
                    _ => format!("{group}/{version}"),
                })
            })
            .chain(more.iter().cloned())
            .collect();
        Self { kube_version, given_kube_version: None, api_versions, helm: HelmVersion::default() }
    }

    /// The version of Kubernetes as templates see it.
    pub fn shown_kube_version(&self) -> String {
        match &self.given_kube_version {
            Some(given) if self.helm.has(Difference::KubeVersion) => {
                format!("v{}", given.strip_prefix('v').unwrap_or(given))
            }
            _ => self.kube_version.to_string(),
        }
    }
}

/// The API groups of Helm's client library with their versions, in its order.
const API_VERSIONS: [(&str, &[&str]); 24] = [
    ("", &["v1"]),
    ("admissionregistration.k8s.io", &["v1", "v1alpha1", "v1beta1"]),
    ("internal.apiserver.k8s.io", &["v1alpha1"]),
    ("apps", &["v1", "v1beta1", "v1beta2"]),
    ("authentication.k8s.io", &["v1", "v1alpha1", "v1beta1"]),
    ("authorization.k8s.io", &["v1", "v1beta1"]),
    ("autoscaling", &["v1", "v2"]),
    ("batch", &["v1", "v1beta1"]),
    ("certificates.k8s.io", &["v1", "v1beta1", "v1alpha1"]),
    ("coordination.k8s.io", &["v1alpha2", "v1beta1", "v1"]),
    ("discovery.k8s.io", &["v1", "v1beta1"]),
    ("events.k8s.io", &["v1", "v1beta1"]),
    ("extensions", &["v1beta1"]),
    ("flowcontrol.apiserver.k8s.io", &["v1", "v1beta1", "v1beta2", "v1beta3"]),
    ("lifecycle.k8s.io", &["v1alpha1"]),
    ("networking.k8s.io", &["v1", "v1beta1"]),
    ("node.k8s.io", &["v1", "v1alpha1", "v1beta1"]),
    ("policy", &["v1", "v1beta1"]),
    ("rbac.authorization.k8s.io", &["v1", "v1beta1", "v1alpha1"]),
    ("resource.k8s.io", &["v1", "v1beta2", "v1beta1", "v1alpha3"]),
    ("scheduling.k8s.io", &["v1alpha3", "v1beta1", "v1"]),
    ("storage.k8s.io", &["v1beta1", "v1", "v1alpha1"]),
    ("storagemigration.k8s.io", &["v1", "v1beta1"]),
    ("apiextensions.k8s.io", &["v1beta1", "v1"]),
];

/// Says what is wrong with a release name: dots and lower-case words with dashes, at most 53 characters.
///
/// # Errors
/// The name is empty, too long, or has a character that Kubernetes takes in no name.
pub fn check_name(name: &str) -> Result<(), Diagnostic> {
    let source = Source::new("NAME", name);
    let error = |message: String, start: usize, end: usize| {
        Diagnostic::error(rule!("release/name"), message).at(&Span::new(&source, start, end))
    };
    if name.is_empty() {
        return Err(error("the release name is empty".to_owned(), 0, 0));
    }
    if name.len() > MAX_NAME {
        return Err(error(
            format!(
                "the release name has {} characters, at most {MAX_NAME} are allowed",
                name.len()
            ),
            MAX_NAME,
            name.len(),
        ));
    }
    let letter = |c: Option<char>| c.is_some_and(|c| c.is_ascii_lowercase() || c.is_ascii_digit());
    let bad = name.char_indices().find(|&(at, c)| {
        let before = name[..at].chars().next_back();
        let after = name[at + c.len_utf8()..].chars().next();
        match c {
            '.' => !(letter(before) && letter(after)),
            '-' => [before, after].iter().any(|&c| c.is_none_or(|c| c == '.')),
            _ => !letter(Some(c)),
        }
    });
    match bad {
        None => Ok(()),
        Some((at, c)) => Err(error(
            format!("the release name `{name}` cannot have `{c}` there"),
            at,
            at + c.len_utf8(),
        )
        .help("use lower-case letters, digits, `-` and `.`, with a letter or digit at both ends")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn release_names_follow_helm() {
        for good in ["a", "my-nats", "a.b-c.0", "a--b", &"x".repeat(53)] {
            assert!(check_name(good).is_ok(), "{good}");
        }
        for bad in
            ["", "-a", "a-", "a.", ".a", "a..b", "a.-b", "a-.b", "My", "a_b", "ä", &"x".repeat(54)]
        {
            assert!(check_name(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn kubernetes_versions_are_read_leniently() {
        for (text, shown) in
            [("1.32", "v1.32.0"), ("v1.29.3-gke.100", "v1.29.3"), ("v1.20.1", "v1.20.1")]
        {
            assert_eq!(text.parse::<KubeVersion>().unwrap().to_string(), shown);
        }
        assert!("1".parse::<KubeVersion>().is_err());
        assert!("one.two".parse::<KubeVersion>().is_err());
    }
}

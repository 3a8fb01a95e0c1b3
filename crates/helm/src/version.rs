//! Helm 3 and Helm 4: everything in which they differ, in one table.

/// Whose behaviour is wanted: Helm 3's, and each [`Difference`] that holds beside it. Helm 4 is Helm 3 with all of them.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct HelmVersion {
    /// A bit for each difference, by its position in [`Difference::ALL`].
    differences: u16,
}

/// Something that Helm 4.3 does in another way than Helm 3.22.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Difference {
    /// Nulls among the default values of a chart are dropped, also in maps and not in lists
    /// (`pkg/chart/common/util/coalesce.go`, `cleanNilValues`).
    DefaultNulls,
    /// All documents of a values file are merged, instead of reading the first one only. A `---` line ends a document
    /// also behind a `%YAML` directive (`pkg/chart/v2/loader/load.go`, `LoadValues`).
    ValuesDocuments,
    /// Documents keep the whitespace at their ends, and each `---` line separates two (`pkg/release/v1/util/manifest.go`,
    /// `SplitManifests`).
    DocumentEnds,
    /// Two kinds of webhook configurations have a place in the install order (`pkg/release/v1/util/kind_sorter.go`).
    InstallOrder,
    /// The Kubernetes version is shown as it was given, with its suffix (`pkg/chart/common/capabilities.go`,
    /// `ParseKubeVersion`).
    KubeVersion,
    /// `.Chart` is a map instead of a struct, and so are its maintainers and dependencies (`pkg/chart/common.go`,
    /// `MetadataAsMap`).
    ChartMap,
    /// Types that templates see are in the package `common` (`pkg/chart/common/values.go`, `capabilities.go`).
    TypeNames,
    /// There are more functions (`pkg/engine/funcs.go`).
    Functions,
    /// `.Capabilities.HelmVersion` (`pkg/chart/common/capabilities.go`, `internal/version/version.go`).
    BuildInfo,
    /// The `apiVersion` of a chart must be a known one (`pkg/chart/loader/load.go`).
    ChartApiVersion,
    /// A post-renderer gets the hooks, and no custom resource definitions of `crds/` (`pkg/action/action.go`,
    /// `PostRenderStrategyCombined`).
    PostRenderer,
    /// `--set-json` also takes a whole object, without a key (`pkg/cli/values/options.go`, `MergeValues`).
    SetJson,
}

impl Difference {
    /// All of them.
    pub const ALL: [Self; 12] = [
        Self::DefaultNulls,
        Self::ValuesDocuments,
        Self::DocumentEnds,
        Self::InstallOrder,
        Self::KubeVersion,
        Self::ChartMap,
        Self::TypeNames,
        Self::Functions,
        Self::BuildInfo,
        Self::ChartApiVersion,
        Self::PostRenderer,
        Self::SetJson,
    ];

    /// Its name, for programs.
    pub fn name(self) -> &'static str {
        self.words().0
    }

    /// What Helm 4 does, in a sentence for the user.
    pub fn reason(self) -> &'static str {
        self.words().1
    }

    /// What gives the same with both versions, in the imperative.
    pub fn remedy(self) -> &'static str {
        self.words().2
    }

    fn words(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::DefaultNulls => (
                "default-nulls",
                "Helm 4 drops nulls from the default values of charts, and they remove no defaults of subcharts",
                "leave out the key, or set it to a value of its type such as `\"\"` or `{}`",
            ),
            Self::ValuesDocuments => (
                "values-documents",
                "Helm 4 merges all documents of a values file, Helm 3 reads the first one",
                "keep one document in each values file",
            ),
            Self::DocumentEnds => (
                "document-ends",
                "Helm 4 separates documents at each `---` line and keeps the whitespace before it",
                "write `---` once and alone on its line, and `|` or `|-` instead of `|+`",
            ),
            Self::InstallOrder => (
                "install-order",
                "Helm 4 installs webhook configurations after all other known kinds and before unknown ones",
                "make the webhook configuration a hook if the order matters",
            ),
            Self::KubeVersion => (
                "kube-version",
                "Helm 4 shows the Kubernetes version as it was given, with its suffix",
                "compare with a constraint such as `>=1.33-0`, which allows a suffix",
            ),
            Self::ChartMap => (
                "chart-map",
                "`.Chart` is a map in Helm 4: unknown fields are empty, JSON has Go's field names",
                "print the fields of `.Chart` one by one",
            ),
            Self::TypeNames => (
                "type-names",
                "types have other names in Helm 4, such as `common.Values`",
                "use `kindOf` instead of `typeOf` and `%T`",
            ),
            Self::Functions => (
                "functions",
                "Helm 4 has more template functions",
                "use functions that both versions have, such as `toYaml` instead of `mustToYaml`",
            ),
            Self::BuildInfo => (
                "build-info",
                "`.Capabilities.HelmVersion` is the version of Helm",
                "do not print the version of Helm",
            ),
            Self::ChartApiVersion => (
                "chart-api-version",
                "Helm 4 refuses an unknown `apiVersion` in Chart.yaml",
                "write `apiVersion: v2`",
            ),
            Self::PostRenderer => (
                "post-renderer",
                "Helm 4 gives hooks to the post-renderer, and takes the name of a plugin for it",
                "let the post-renderer pass hooks through",
            ),
            Self::SetJson => (
                "set-json",
                "Helm 4 takes a whole object for `--set-json`",
                "give a key: `--set-json 'key={\"a\": 1}'`",
            ),
        }
    }

    fn bit(self) -> u16 {
        1 << self as u16
    }
}

impl HelmVersion {
    /// Helm 3.22.
    pub const THREE: Self = Self { differences: 0 };
    /// Helm 4.3.
    pub const FOUR: Self = Self { differences: u16::MAX };

    /// This version with one difference of Helm 4 more.
    pub fn with(self, difference: Difference) -> Self {
        Self { differences: self.differences | difference.bit() }
    }

    /// This version with one difference of Helm 4 less.
    pub fn without(self, difference: Difference) -> Self {
        Self { differences: self.differences & !difference.bit() }
    }

    /// Whether it does something as Helm 4 does it.
    pub fn has(self, difference: Difference) -> bool {
        self.differences & difference.bit() != 0
    }

    /// The kinds that come behind those that both versions install in an order.
    pub fn last_kinds(self) -> &'static [&'static str] {
        if self.has(Difference::InstallOrder) {
            &["MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"]
        } else {
            &[]
        }
    }
}

impl Default for HelmVersion {
    fn default() -> Self {
        Self::FOUR
    }
}

impl std::fmt::Debug for HelmVersion {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let held = Difference::ALL.into_iter().filter(|difference| self.has(*difference));
        f.debug_list().entries(held).finish()
    }
}

/// Reads `3`, `4`, `v3.22.0` and the like.
impl std::str::FromStr for HelmVersion {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.trim_start_matches('v').split('.').next() {
            Some("3") => Ok(Self::THREE),
            Some("4") => Ok(Self::FOUR),
            _ => Err(format!("expected 3 or 4, found `{text}`")),
        }
    }
}

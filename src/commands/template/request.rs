//! The words of `template` → what is wanted.

use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::bail;

use super::args::{HelmArgs, TemplateArgs};
use crate::cli::Form;
use crate::diagnostic::{Diagnostic, Sink, rule};
use crate::matrix::Member;
use crate::policy::Policy;
use crate::release::{Capabilities, HelmVersion, Release};
use crate::render::{self, Randomness, ReleaseContext};
use crate::request::{
    DEFAULT_CHART, helm_version, kube_version, namespace, offline, values_request,
};
use crate::values::ValuesRequest;

/// The release when none is named, as in Helm.
const DEFAULT_RELEASE: &str = "release-name";

/// What time it is with `--seed`: the beginning of 2026, in seconds since 1970.
const SEEDED_TIME: i64 = 1_767_225_600;

/// Everything that `template` needs to know.
#[derive(Clone, Debug)]
pub struct TemplateRequest {
    /// The chart as it was named.
    pub chart: String,
    /// The versions of the chart that are wanted, as a constraint.
    pub chart_version: Option<String>,
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
    /// Whether custom resource definitions are printed.
    pub include_crds: bool,
    /// The language to print in.
    pub form: Form,
    /// Patterns of the only templates to print; all if there are none.
    pub show_only: Vec<String>,
    /// The directory that files are written to, instead of stdout.
    pub output_dir: Option<PathBuf>,
    /// The directory or file that is compared with what would be written.
    pub check: Option<PathBuf>,
    /// The directory between that one and the files of the release, if it is to be named after the release.
    pub output_subfolder: Option<String>,
    /// The file or directory that lists the releases, if there are many.
    pub matrix: Option<String>,
    /// A program that changes the manifests, and its arguments.
    pub post_renderer: Option<(String, Vec<String>)>,
    /// Where templates draw from.
    pub randomness: Randomness,
    /// Whether that is the same in every run.
    pub is_seeded: bool,
    /// Whether what comes out is printed unchecked.
    pub skip_checks: bool,
    /// Whether warnings about what comes out are errors.
    pub strict: bool,
    /// Which findings count.
    pub policy: Policy,
}

impl TemplateRequest {
    /// What the words of `template` ask for.
    ///
    /// # Errors
    /// There are more words than a name and a chart, or a version that is none.
    pub fn new(mut args: TemplateArgs, sink: &mut Sink) -> anyhow::Result<Self> {
        leave_out_empty(&mut args);
        sink.extend(template_offline(&args.helm)?);
        let is_seeded = args.release.seed.is_some();
        let randomness = randomness(args.release.seed.as_deref())?;
        let (name, chart) = names(&args, &randomness, sink)?;
        let kube_version = kube_version(args.release.kube_version.as_deref())?;
        let helm = helm_version(args.values.helm_version.as_deref())?;
        sink.extend(deprecated(&args.helm, helm));
        let namespace = namespace(args.release.namespace);
        let output = args.output;
        if output.output_dir.is_some() && !output.show_only.is_empty() {
            bail!("--output-dir writes all templates: it cannot be used together with --show-only");
        }
        let post_renderer = output.post_renderer.map(|name| (name, output.post_renderer_args));
        if let Some((name, _)) = post_renderer.as_ref().filter(|(name, _)| !is_program(name)) {
            bail!("post-renderer `{name}` not found");
        }
        let directory = output.check.as_ref().is_some_and(|place| Path::new(place).is_dir());
        if directory && !output.show_only.is_empty() {
            bail!(
                "--check compares all files of a directory: it cannot be used together with --show-only"
            );
        }
        if (output.output_dir.is_some() || directory) && output.form.output == Form::Json {
            bail!("--output-dir writes YAML: --output json is for stdout");
        }
        if output.output_dir.is_some() && output.check.is_some() {
            bail!("--output-dir writes and --check only looks: give one of them");
        }
        if args.release.matrix.is_some() && output.output_dir.is_none() && output.check.is_none() {
            bail!(
                "--matrix writes a directory for each release: give --output-dir DIR, or --check DIR"
            );
        }
        if args.release.matrix.is_some() && !output.show_only.is_empty() {
            bail!("--matrix makes all files: it cannot be used together with --show-only");
        }
        Ok(Self {
            chart,
            chart_version: args.helm.version.clone(),
            matrix: args.release.matrix,
            capabilities: Capabilities {
                helm,
                given_kube_version: args.release.kube_version.as_deref().map(Into::into),
                ..Capabilities::new(kube_version, &args.release.api_versions)
            },
            values: values_request(args.values.clone(), helm),
            skip_schema_validation: args.values.skip_schema_validation,
            no_hooks: output.no_hooks,
            skip_tests: output.skip_tests,
            include_crds: output.include_crds,
            form: output.form.output,
            show_only: output.show_only,
            output_subfolder: output.release_name.then(|| name.clone()),
            output_dir: output.output_dir.map(PathBuf::from),
            check: output.check.map(PathBuf::from),
            post_renderer,
            release: Release { name, namespace, is_upgrade: args.release.is_upgrade },
            randomness,
            is_seeded,
            skip_checks: args.checks.skip_checks,
            strict: args.checks.strict,
            policy: Policy::default(),
        })
    }
}

impl TemplateRequest {
    /// The release that is made.
    pub fn release_context(&self) -> ReleaseContext<'_> {
        let Self { release, capabilities, randomness, .. } = self;
        ReleaseContext { release, capabilities, randomness }
    }

    /// The same request for another version of Helm, with the same random values.
    pub fn with_helm(&self, helm: HelmVersion) -> Self {
        Self {
            capabilities: Capabilities { helm, ..self.capabilities.clone() },
            values: ValuesRequest { helm, ..self.values.clone() },
            randomness: self.randomness.again(),
            ..self.clone()
        }
    }

    /// The request for one release of many; what it leaves open is as it is here.
    ///
    /// # Errors
    /// The system has no randomness.
    pub fn of_member(&self, member: &Member) -> anyhow::Result<Self> {
        let below = |all: &Option<PathBuf>| all.as_ref().map(|all| all.join(&member.directory));
        let known = &self.capabilities;
        let api_versions = known.api_versions.iter().chain(&member.api_versions).cloned().collect();
        Ok(Self {
            chart: member.chart.clone().unwrap_or_else(|| self.chart.clone()),
            release: Release {
                name: member.name.clone(),
                namespace: member.namespace.clone().unwrap_or(self.release.namespace.clone()),
                is_upgrade: self.release.is_upgrade,
            },
            capabilities: Capabilities {
                kube_version: member.kube_version.unwrap_or(known.kube_version),
                given_kube_version: match member.kube_version {
                    Some(_) => None,
                    None => known.given_kube_version.clone(),
                },
                api_versions,
                helm: known.helm,
            },
            output_dir: below(&self.output_dir),
            check: below(&self.check),
            output_subfolder: None,
            randomness: if self.is_seeded { self.randomness.again() } else { randomness(None)? },
            ..self.clone()
        })
    }
}

/// What flags of `helm template` ask for that nothing offline can do: an error when the result would be another
/// than Helm's, a word when it is not.
fn template_offline(flags: &HelmArgs) -> anyhow::Result<Option<Diagnostic>> {
    if flags.validate {
        bail!(
            "--validate asks a cluster, and none is asked here: `jinnacle template` checks values offline"
        );
    }
    if flags.dry_run.as_deref() == Some("server") {
        bail!("--dry-run=server asks a cluster, and none is asked here: leave it out");
    }
    if flags.dependency_update {
        bail!(
            "--dependency-update fetches charts, and nothing is fetched here: put them into charts/"
        );
    }
    offline(&flags.global, Some(&flags.download))
}

/// A word on each flag that Helm 4 renamed or will remove.
fn deprecated(flags: &HelmArgs, helm: HelmVersion) -> Vec<Diagnostic> {
    let note = |(flag, remedy): (&str, &str)| {
        let message = format!("`{flag}`: deprecated in Helm 4");
        Diagnostic::note(rule!("cli/deprecated"), message).help(remedy)
    };
    let flags = if helm == HelmVersion::THREE { Vec::new() } else { flags.deprecated() };
    flags.into_iter().map(note).collect()
}

/// The source of random values: a seed and a fixed time; without a seed, the system's randomness and time, as
/// in Helm. `SOURCE_DATE_EPOCH` sets the time in both cases.
fn randomness(seed: Option<&str>) -> anyhow::Result<Randomness> {
    let epoch = std::env::var("SOURCE_DATE_EPOCH").ok().and_then(|text| text.parse().ok());
    match seed {
        Some(seed) => Ok(Randomness::new(seed, epoch.unwrap_or(SEEDED_TIME))),
        None => {
            let mut bytes = [0; 32];
            getrandom::fill(&mut bytes)
                .map_err(|error| anyhow::anyhow!("the system has no randomness: {error}"))?;
            let now =
                SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
            let now = epoch.unwrap_or(i64::try_from(now).unwrap_or(0));
            Ok(Randomness::new(
                bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>(),
                now,
            ))
        }
    }
}

/// The name and the chart: one word is the chart, two are name and chart.
/// A flag with an empty value, as from a variable that is not set, is none, as in Helm.
fn leave_out_empty(args: &mut TemplateArgs) {
    for flag in [
        &mut args.release.kube_version,
        &mut args.release.name_template,
        &mut args.output.output_dir,
        &mut args.output.post_renderer,
        &mut args.helm.dry_run,
        &mut args.helm.download.repo,
    ] {
        flag.take_if(|value| value.is_empty());
    }
}

/// Whether a program can be started by a name, which is searched for in PATH, or by a path.
fn is_program(name: &str) -> bool {
    let directories = std::env::var_os("PATH").unwrap_or_default();
    let is_path = name.contains(['/', '\\']);
    is_path && Path::new(name).is_file()
        || std::env::split_paths(&directories).any(|directory| {
            let path = directory.join(name);
            path.is_file() || path.with_extension(std::env::consts::EXE_EXTENSION).is_file()
        })
}

fn names(
    args: &TemplateArgs,
    randomness: &Randomness,
    sink: &mut Sink,
) -> anyhow::Result<(String, String)> {
    let (name, chart) = match args.names.as_slice() {
        [] => {
            if !args.asks_for_something() {
                bail!(
                    "nothing to render: name a chart, such as `jinnacle template my-nats {DEFAULT_CHART}`"
                );
            }
            (None, DEFAULT_CHART.to_owned())
        }
        [chart] => (None, chart.clone()),
        [name, chart] => (Some(name.clone()), chart.clone()),
        [_, _, more @ ..] => {
            bail!("unexpected argument `{}`: expected at most a name and a chart", more.join(" "))
        }
    };
    if args.release.matrix.is_some() {
        return match (name, &args.release.name_template, args.helm.generate_name) {
            (None, None, false) => Ok((DEFAULT_RELEASE.to_owned(), chart)),
            _ => bail!("the releases of a matrix have names of their own: give the chart alone"),
        };
    }
    match (name, &args.release.name_template) {
        (Some(_), Some(_)) => bail!("a name and --name-template are both given: leave one out"),
        (Some(_), None) if args.helm.generate_name => {
            bail!("a name and --generate-name are both given: leave one out")
        }
        (Some(name), None) => Ok((name, chart)),
        (None, Some(template)) => Ok((sink.take(render::name(template, randomness))?, chart)),
        (None, None) => Ok((DEFAULT_RELEASE.to_owned(), chart)),
    }
}

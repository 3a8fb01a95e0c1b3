//! `package`: pack charts into archives.

use std::path::Path;

use anyhow::{Context as _, bail};
use clap::{Args, ValueHint};
use jinnacle_functions::semver::Version;

use crate::chart::{self, Chart};
use crate::cli::{DownloadArgs, GlobalArgs};
use crate::commands::Outcome;
use crate::dependencies;
use crate::diagnostic::{Diagnostic, Sink};
use crate::nats::CHARTS;
use crate::output::file;
use crate::{package, request};

/// Pack charts into reproducible archives.
#[derive(Args, Debug)]
#[command(after_help = "Example:\n  jinnacle package shop --version 1.2.0 -d dist")]
pub struct PackageArgs {
    /// The directories of the charts
    #[arg(value_name = "CHART", required = true, value_hint = ValueHint::DirPath)]
    pub charts: Vec<String>,

    /// The directory for the archives
    #[arg(short, long, value_name = "DIR", default_value = ".", value_hint = ValueHint::DirPath)]
    pub destination: String,

    /// Override the version of the chart
    #[arg(long, value_name = "VERSION")]
    pub version: Option<String>,

    /// Override the version of the application
    #[arg(long, value_name = "VERSION")]
    pub app_version: Option<String>,

    /// The namespace of the release
    #[arg(short, long, value_name = "NAME", hide = true)]
    pub namespace: Option<String>,

    #[arg(short = 'u', long, hide = true)]
    pub dependency_update: bool,

    #[arg(long, hide = true)]
    pub sign: bool,

    #[arg(long, hide = true)]
    pub key: Option<String>,

    #[arg(long, hide = true)]
    pub passphrase_file: Option<String>,

    #[command(flatten)]
    pub download: DownloadArgs,

    #[command(flatten)]
    pub global: GlobalArgs,
}

/// Runs `jinnacle package`.
///
/// # Errors
/// A chart cannot be read or is wrong, or an archive cannot be written.
pub fn run(args: &PackageArgs, sink: &mut Sink) -> anyhow::Result<Outcome> {
    sink.extend(offline(args)?);
    let mut outcome = Outcome::default();
    for reference in &args.charts {
        let mut chart = chart::load(reference, &CHARTS, sink)?;
        dependencies::check_present(&chart, sink)?;
        set_versions(&mut chart, args)?;
        let metadata = &chart.metadata;
        let name = format!("{}-{}.tgz", metadata.name, metadata.version);
        let path = Path::new(&args.destination).join(name);
        file::replace(&path, &package::archive(&chart)?)
            .with_context(|| format!("cannot write `{}`", path.display()))?;
        outcome.stdout +=
            &format!("Successfully packaged chart and saved it to: {}\n", path.display());
    }
    Ok(outcome)
}

/// What flags of `helm package` ask for that is not done.
fn offline(flags: &PackageArgs) -> anyhow::Result<Option<Diagnostic>> {
    if flags.dependency_update {
        bail!(
            "--dependency-update fetches charts, and nothing is fetched here: put them into charts/"
        );
    }
    if flags.sign {
        bail!("--sign needs a keyring, which is not read here: sign the archive with `gpg`");
    }
    request::offline(&flags.global, Some(&flags.download))
}

fn set_versions(chart: &mut Chart, args: &PackageArgs) -> anyhow::Result<()> {
    if let Some(version) = &args.version {
        Version::parse(version)
            .ok()
            .with_context(|| format!("invalid version `{version}`: write it like `1.2.3`"))?;
        chart.metadata.version.clone_from(version);
    }
    chart.metadata.app_version =
        args.app_version.clone().unwrap_or(std::mem::take(&mut chart.metadata.app_version));
    Ok(())
}

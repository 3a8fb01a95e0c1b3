//! `package`: pack charts into archives.

use std::path::Path;

use anyhow::Context as _;
use clap::{Args, ValueHint};
use jinnacle_functions::semver::Version;

use crate::chart::{self, Chart};
use crate::commands::Outcome;
use crate::dependencies;
use crate::diagnostic::Sink;
use crate::nats::CHARTS;
use crate::output::file;
use crate::package;

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
}

/// Runs `jinnacle package`.
///
/// # Errors
/// A chart cannot be read or is wrong, or an archive cannot be written.
pub fn run(args: &PackageArgs, sink: &mut Sink) -> anyhow::Result<Outcome> {
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

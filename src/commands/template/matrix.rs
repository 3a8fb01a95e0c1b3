//! `template --matrix`: render many releases, each into a directory of its own.

use std::collections::HashMap;
use std::path::Path;

use anyhow::bail;

use super::TemplateRequest;
use super::write;
use crate::chart::{self, Chart};
use crate::commands::Outcome;
use crate::diagnostic::{Diagnostic, Severity, Sink, Stopped, rule};
use crate::matrix::{Matrix, Member, failed};
use crate::nats::CHARTS;
use crate::output::progress;
use crate::yaml::Map;
use crate::{render, values};

/// Runs `jinnacle template --matrix`. A release that is wrong leaves the others alone.
///
/// # Errors
/// What all releases have in common cannot be read or is wrong.
pub fn run(request: &TemplateRequest, path: &str, sink: &mut Sink) -> anyhow::Result<Outcome> {
    let matrix = open(path, sink)?;
    let common = common(&matrix, request, sink)?;
    let charts = charts(&matrix, request, sink);
    let progress = progress::bar(matrix.members.len());
    let done = render::side_by_side(&matrix.members, |member| {
        let mut found = Sink::new();
        let stdout = one(request, member, common.clone(), &charts, &mut found);
        let stdout = stdout.unwrap_or_else(|error| {
            found.extend(failure(&error));
            String::new()
        });
        progress.inc(1);
        let placed = |finding| member.values.placed(matrix.defaults.placed(finding));
        let found = found.into_vec().into_iter().map(placed).collect();
        (stdout, request.policy.judge(found))
    });
    progress.finish_and_clear();
    let (stdout, found): (Vec<String>, Vec<_>) = done.into_iter().unzip();
    let summary = summary(request, &matrix.members, &found);
    sink.extend(Matrix::together(matrix.members.iter().zip(found).collect()));
    let stdout = if request.check.is_some() { stdout.concat() } else { String::new() };
    Ok(Outcome { stdout, summary: Some(summary), ..Outcome::default() })
}

/// The releases of a file, or of a directory of values files.
///
/// # Errors
/// The file cannot be read, or the sink has what is wrong in it.
pub fn open(name: &str, sink: &mut Sink) -> anyhow::Result<Matrix> {
    let path = Path::new(name);
    if path.is_dir() {
        let files = values::files_in(path)?;
        if files.is_empty() {
            bail!(
                "`{name}` has no values files: expected one for each release, such as `my-nats.yaml`"
            );
        }
        return Ok(Matrix::of_values_files(&files, sink)?);
    }
    let sources = values::sources(&[name.to_owned()], sink)?;
    let source = sources.first().ok_or(Stopped)?;
    let directory = path
        .parent()
        .map_or_else(String::new, |directory| directory.to_string_lossy().into_owned());
    Ok(Matrix::read(source, &directory, sink)?)
}

/// The values that all releases have in common.
///
/// # Errors
/// They cannot be read, or the sink has what is wrong in them.
pub fn common(matrix: &Matrix, request: &TemplateRequest, sink: &mut Sink) -> anyhow::Result<Map> {
    let mut common = values::load(&request.values, sink)?;
    sink.changed(
        |sink| matrix.defaults.lay_over(&mut common, request.values.helm, sink),
        |finding| Some(matrix.defaults.placed(finding)),
    )?;
    Ok(common)
}

/// Every chart that a release names, or what is wrong with it.
pub type Charts = HashMap<String, Result<Chart, Vec<Diagnostic>>>;

/// Loads each chart once.
pub fn charts(matrix: &Matrix, request: &TemplateRequest, sink: &mut Sink) -> Charts {
    let mut charts = Charts::new();
    for member in &matrix.members {
        let chart = member.chart.as_ref().unwrap_or(&request.chart);
        let version = request.chart_version.as_deref().filter(|_| member.chart.is_none());
        charts.entry(chart.clone()).or_insert_with(|| {
            let mut found = Sink::new();
            let loaded = chart::load(chart, &CHARTS, &mut found)
                .and_then(|chart| chart::check_version(&chart, version).map(|()| chart));
            match loaded {
                Ok(chart) => {
                    sink.extend(found);
                    Ok(chart)
                }
                Err(error) => {
                    found.extend(failure(&error));
                    Err(found.into_vec())
                }
            }
        });
    }
    charts
}

/// Renders one release, over values that all have in common.
fn one(
    request: &TemplateRequest,
    member: &Member,
    mut user: Map,
    charts: &Charts,
    sink: &mut Sink,
) -> anyhow::Result<String> {
    let request = request.of_member(member)?;
    member.values.lay_over(&mut user, request.values.helm, sink)?;
    let chart = sink.take(charts[&request.chart].clone())?;
    let made = super::render(&request, chart, user, sink)?;
    super::check(&request, &made, sink)?;
    write(&request, &made, sink)
}

/// What kept a release from being made, unless the sink has it.
fn failure(error: &anyhow::Error) -> Option<Diagnostic> {
    (!error.is::<Stopped>()).then(|| failed(error))
}

/// `rendered 9 of 10 releases into out; with errors: eu`.
fn summary(request: &TemplateRequest, members: &[Member], found: &[Vec<Diagnostic>]) -> String {
    let (verb, place) = match (&request.check, &request.output_dir) {
        (Some(place), _) => ("compared", format!(" with {}", place.display())),
        (None, Some(place)) => ("rendered", format!(" into {}", place.display())),
        (None, None) => ("rendered", String::new()),
    };
    let is_stale = |finding: &Diagnostic| finding.rule == rule!("manifest/stale");
    let directories = |which: &dyn Fn(&[Diagnostic]) -> bool| -> Vec<&str> {
        let all = members.iter().zip(found).filter(|(_, found)| which(found));
        all.map(|(member, _)| member.directory.as_str()).collect()
    };
    let differing = directories(&|found| found.iter().any(is_stale));
    let wrong = directories(&|found| {
        found.iter().any(|finding| finding.severity == Severity::Error && !is_stale(finding))
    });
    let count = match (members.len() - wrong.len(), members.len()) {
        (done, all) if done < all => format!("{done} of {all} releases"),
        (_, 1) => "1 release".to_owned(),
        (_, all) => format!("{all} releases"),
    };
    let mut line = format!("{verb} {count}{place}");
    for (words, directories) in [("different", differing), ("with errors", wrong)] {
        if !directories.is_empty() {
            line += &format!("; {words}: {}", listed(&directories));
        }
    }
    line
}

/// The first names of a list, and how many there are more.
pub fn listed(names: &[&str]) -> String {
    const MOST: usize = 10;
    let first = names.iter().take(MOST).copied().collect::<Vec<_>>().join(", ");
    match names.len().checked_sub(MOST) {
        None | Some(0) => first,
        Some(more) => format!("{first} and {more} more"),
    }
}

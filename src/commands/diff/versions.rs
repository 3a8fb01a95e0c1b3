//! `diff --helm-versions`: what Helm 4 changes for charts and their values.

use std::path::Path;

use anyhow::Context as _;

use super::{VersionsRequest, content};
use crate::commands::Outcome;
use crate::commands::template::matrix::{Charts, charts, common, listed, open};
use crate::commands::template::{self, TemplateRequest};
use crate::diagnostic::{Diagnostic, Sink, Stopped, rule};
use crate::diff::versions::{Effect, Explained, Made, Versions};
use crate::diff::{self, Change};
use crate::matrix::{Matrix, Member, failed};
use crate::nats::CHARTS;
use crate::output::versions::{self, Named};
use crate::release::HelmVersion;
use crate::{chart, render, values};

/// A chart or a release that is rendered with several versions.
struct Job<'a> {
    name: String,
    /// Whether nobody named it: it was found in a directory.
    is_found: bool,
    render: Box<dyn Fn(HelmVersion) -> anyhow::Result<Made> + Sync + 'a>,
}

/// Compares what Helm 3 and Helm 4 make of charts, or of the releases of a matrix.
///
/// # Errors
/// A file cannot be read; if there are several charts, that is a finding.
pub fn run(
    request: &VersionsRequest,
    fail_on_forbidden: bool,
    format: Option<&str>,
    sink: &mut Sink,
) -> anyhow::Result<Outcome> {
    let all = &request.template;
    let matrix = request.matrix.as_ref().map(|path| open(path, sink)).transpose()?;
    let loaded = matrix.as_ref().map(|matrix| charts(matrix, all, sink));
    let jobs = match (&matrix, &loaded) {
        (Some(matrix), Some(loaded)) => of_matrix(all, matrix, loaded)?,
        _ => of_charts(all, &request.charts)?,
    };
    let done = render::side_by_side(&jobs, |job| Versions::new(&job.render));
    let (mut compared, mut wrong) = (Vec::new(), Vec::new());
    for (job, versions) in jobs.iter().zip(done) {
        match versions {
            Ok(versions) if job.is_found && is_library(&versions) => {}
            Ok(versions) => compared.push((job.name.as_str(), versions)),
            Err(error) if jobs.len() == 1 => return Err(error),
            Err(error) => {
                sink.push(failed(&error.context(format!("`{}`", job.name))));
                wrong.push(job.name.as_str());
            }
        }
    }
    for (name, versions) in &compared {
        if let (Err(_), Err(found)) = (&versions.three, &versions.four) {
            sink.extend(found.clone());
            wrong.push(name);
        }
    }
    let named: Vec<Named> =
        compared.iter().map(|(name, versions)| (*name, versions.explained())).collect();
    for ((_, versions), (_, explained)) in compared.iter().zip(&named) {
        if let (Ok(old), Ok(new)) = (&versions.three, &versions.four) {
            let changes: Vec<Change> = explained.iter().filter_map(change).collect();
            sink.extend(diff::refused(&changes, fail_on_forbidden, old, new));
        }
    }
    let counts = |it: &Explained| !fail_on_forbidden || matches!(it.effect, Effect::Refused(..));
    let differs = named.iter().flat_map(|(_, explained)| explained).any(counts);
    let summary = summary(&named, &wrong, matrix.is_some());
    let stdout = versions::print(&named, format);
    Ok(Outcome { stdout, differs, summary: Some(summary), ..Outcome::default() })
}

fn change<'m>(explained: &Explained<'m>) -> Option<Change<'m>> {
    match &explained.effect {
        Effect::Change(change) => Some(change.clone()),
        Effect::Refused(..) => None,
    }
}

/// The charts that were named, and those in directories that are none themselves.
fn of_charts<'a>(request: &'a TemplateRequest, charts: &[String]) -> anyhow::Result<Vec<Job<'a>>> {
    let mut jobs = Vec::new();
    for reference in charts {
        let found = charts_in(Path::new(reference))?;
        let is_found = !found.is_empty();
        let references = if is_found { found } else { vec![reference.clone()] };
        jobs.extend(references.into_iter().map(|chart| Job {
            name: chart.clone(),
            is_found,
            render: Box::new(move |helm| {
                let request = TemplateRequest { chart: chart.clone(), ..request.with_helm(helm) };
                made(|sink| {
                    let user = values::load(&request.values, sink)?;
                    let chart = chart::load(&request.chart, &CHARTS, sink)?;
                    Ok(content(template::render(&request, chart, user, sink)?))
                })
            }),
        }));
    }
    Ok(jobs)
}

/// The charts below a directory that is no chart, by path.
fn charts_in(directory: &Path) -> anyhow::Result<Vec<String>> {
    let is_chart = |path: &Path| path.join("Chart.yaml").is_file();
    if !directory.is_dir() || is_chart(directory) {
        return Ok(Vec::new());
    }
    let entries = std::fs::read_dir(directory)
        .and_then(Iterator::collect::<std::io::Result<Vec<_>>>)
        .with_context(|| format!("cannot read `{}`", directory.display()))?;
    let mut paths: Vec<_> = entries.iter().map(std::fs::DirEntry::path).collect();
    paths.sort();
    let mut charts = Vec::new();
    for path in paths {
        let is_archive = path.is_file() && path.extension().is_some_and(|end| end == "tgz");
        if is_archive || is_chart(&path) {
            charts.push(path.to_string_lossy().into_owned());
        } else if !path.is_symlink() {
            charts.extend(charts_in(&path)?);
        }
    }
    Ok(charts)
}

/// The releases of a matrix.
fn of_matrix<'a>(
    request: &'a TemplateRequest,
    matrix: &'a Matrix,
    charts: &'a Charts,
) -> anyhow::Result<Vec<Job<'a>>> {
    let job = |member: &'a Member| {
        let own = request.of_member(member)?;
        let render = move |helm| {
            let request = own.with_helm(helm);
            made(|sink| {
                let mut user = common(matrix, &request, sink)?;
                let mut found = Sink::new();
                let laid = member.values.lay_over(&mut user, helm, &mut found);
                sink.extend(found.into_vec().into_iter().map(|it| member.values.placed(it)));
                laid?;
                let chart = sink.take(charts[&request.chart].clone())?;
                Ok(content(template::render(&request, chart, user, sink)?))
            })
        };
        Ok(Job { name: member.directory.clone(), is_found: false, render: Box::new(render) })
    };
    matrix.members.iter().map(job).collect()
}

/// What a version makes, or the errors that stop it.
fn made(step: impl FnOnce(&mut Sink) -> anyhow::Result<diff::Content>) -> anyhow::Result<Made> {
    let mut sink = Sink::new();
    match step(&mut sink) {
        Ok(content) => Ok(Ok(content)),
        Err(error) if error.is::<Stopped>() => {
            let (errors, others): (Vec<_>, Vec<_>) =
                sink.into_vec().into_iter().partition(Diagnostic::is_error);
            Ok(Err(if errors.is_empty() { others } else { errors }))
        }
        Err(error) => Err(error),
    }
}

/// Whether the chart makes nothing by itself.
fn is_library(versions: &Versions) -> bool {
    let of_library = |finding: &Diagnostic| finding.rule == rule!("chart/library");
    matches!(&versions.four, Err(found) if found.iter().all(of_library))
}

/// `compared 3 charts with Helm 3 and Helm 4; different: shop; with errors: blog`.
fn summary(named: &[Named<'_>], wrong: &[&str], is_matrix: bool) -> String {
    let unit = if is_matrix { "release" } else { "chart" };
    let line = match named.len() {
        1 => format!("compared 1 {unit} with Helm 3 and Helm 4"),
        count => format!("compared {count} {unit}s with Helm 3 and Helm 4"),
    };
    let different: Vec<&str> =
        named.iter().filter(|(_, it)| !it.is_empty()).map(|(name, _)| *name).collect();
    let rest = match (different.is_empty(), wrong.is_empty()) {
        (true, true) => ": no differences".to_owned(),
        (true, false) => String::new(),
        (false, _) => format!("; different: {}", listed(&different)),
    };
    match wrong {
        [] => line + &rest,
        wrong => line + &rest + &format!("; with errors: {}", listed(wrong)),
    }
}

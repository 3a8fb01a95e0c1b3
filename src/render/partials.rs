//! By which names templates bring each other in.
//!
//! A template is named by its path below `templates/` of its own chart, and after the name of another chart
//! of the release by the path there: `{% import "lib/_names.j2" as names %}` brings in the macros of a library
//! chart `lib`, whoever depends on it. Of several charts of that name the nearest is meant: a dependency
//! of the chart itself, then of its parents. Inside of `lib`, `_names.j2` is `lib`'s own again.

use std::collections::HashMap;
use std::sync::Arc;

use crate::chart::{Chart, Template};
use crate::source::Source;

/// The templates of a release: of a chart and its subcharts.
pub struct Partials(Vec<Folder>);

/// The templates of one chart.
struct Folder {
    /// The names of the charts that lead to it, its own last.
    path: Vec<String>,
    /// By path below `templates/`.
    sources: HashMap<String, Arc<Source>>,
}

impl Partials {
    /// The templates of a chart and its subcharts.
    pub fn of(chart: &Chart) -> Arc<Self> {
        let mut directories = Vec::new();
        collect(chart, &[], &mut directories);
        Arc::new(Self(directories))
    }

    /// The template that a chart's template means by a name.
    pub fn find(&self, chart: &[String], name: &str) -> Option<Arc<Source>> {
        self.own(chart, name).or_else(|| {
            let (other, path) = name.split_once('/')?;
            let named = self
                .0
                .iter()
                .filter(|directory| directory.path.last().is_some_and(|last| last == other));
            let found =
                named.filter_map(|directory| Some((directory, directory.sources.get(path)?)));
            found
                .min_by_key(|(directory, _)| farness(&directory.path, chart))
                .map(|(_, source)| Arc::clone(source))
        })
    }

    /// The whole name of a template that one of another chart names, if it is in that chart.
    pub fn beside(&self, chart: &[String], name: &str, parent: &str) -> Option<String> {
        if self.own(chart, parent).is_some() {
            return None;
        }
        let (other, _) = parent.split_once('/')?;
        let whole = format!("{other}/{name}");
        self.find(chart, &whole).map(|_| whole)
    }

    fn own(&self, chart: &[String], name: &str) -> Option<Arc<Source>> {
        self.0.iter().find(|directory| directory.path == chart)?.sources.get(name).cloned()
    }
}

/// Steps up from a chart to a common parent, then down to the other.
fn farness(path: &[String], from: &[String]) -> (usize, usize) {
    let common = path.iter().zip(from).take_while(|(a, b)| a == b).count();
    (from.len() - common, path.len() - common)
}

fn collect(chart: &Chart, above: &[String], directories: &mut Vec<Folder>) {
    let path = [above, std::slice::from_ref(&chart.metadata.name)].concat();
    let sources = chart
        .templates
        .iter()
        .map(|template| (inside(template).to_owned(), Arc::clone(&template.source)));
    directories.push(Folder { path: path.clone(), sources: sources.collect() });
    for sub in &chart.dependencies {
        collect(sub, &path, directories);
    }
}

/// The path of a template below `templates/`.
pub fn inside(template: &Template) -> &str {
    template.path.strip_prefix("templates/").unwrap_or(&template.path)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn partials(directories: &[(&str, &[&str])]) -> Partials {
        let directory = |(path, names): &(&str, &[&str])| Folder {
            path: words(path),
            sources: names
                .iter()
                .map(|name| ((*name).to_owned(), Source::new(format!("{path}:{name}"), "")))
                .collect(),
        };
        Partials(directories.iter().map(directory).collect())
    }

    fn words(path: &str) -> Vec<String> {
        path.split(' ').map(str::to_owned).collect()
    }

    #[test]
    fn the_nearest_chart_of_a_name_is_meant() {
        let all = partials(&[
            ("app", &["_n.j2", "pod/_x.j2"]),
            ("app one", &["_n.j2"]),
            ("app one lib", &["_n.j2"]),
            ("app lib", &["_n.j2", "_m.j2"]),
        ]);
        for (chart, name, found) in [
            ("app", "_n.j2", Some("app:_n.j2")),
            ("app", "pod/_x.j2", Some("app:pod/_x.j2")),
            ("app", "lib/_n.j2", Some("app lib:_n.j2")),
            ("app one", "lib/_n.j2", Some("app one lib:_n.j2")),
            ("app one", "lib/_m.j2", Some("app lib:_m.j2")),
            ("app one", "app/_n.j2", Some("app:_n.j2")),
            ("app one", "pod/_x.j2", None),
            ("app", "_m.j2", None),
        ] {
            let source = all.find(&words(chart), name);
            assert_eq!(source.as_ref().map(|source| source.name()), found, "{chart} {name}");
        }
        let app = words("app");
        assert_eq!(all.beside(&app, "_m.j2", "lib/_n.j2").as_deref(), Some("lib/_m.j2"));
        assert_eq!(all.beside(&app, "_n.j2", "pod/_x.j2"), None);
    }
}

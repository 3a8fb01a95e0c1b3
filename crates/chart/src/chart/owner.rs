//! Whose values a file holds, by the Chart.yaml beside or above it.

use std::path::{Path, absolute};

use jinnacle_functions::semver::{Constraint, Version};
use jinnacle_syntax::source;
use jinnacle_syntax::yaml::{Limits, Node, decode, read};

use super::BuiltIn;
use super::metadata::text_of;

/// The charts of the program.
type Known<'a> = &'a [&'static BuiltIn];

/// Whose values a file holds.
#[derive(Clone, PartialEq, Eq)]
pub enum Owner {
    /// No chart is near.
    Nobody,
    /// Charts of the program: their own values, or those of a chart that depends on them.
    BuiltIn(Vec<Part>),
    /// Another chart, by its name.
    Other(String),
}

/// The values of a chart of the program in a file.
#[derive(Clone)]
pub struct Part {
    /// The chart.
    pub chart: &'static BuiltIn,
    /// The key below which they stand; none for the whole file.
    pub key: Option<String>,
    /// The paths of the file that switch the chart and are none of its values.
    pub switches: Vec<String>,
}

impl PartialEq for Part {
    fn eq(&self, other: &Self) -> bool {
        self.chart.name == other.chart.name
            && self.key == other.key
            && self.switches == other.switches
    }
}

impl Eq for Part {}

/// Looks for the chart of a file, up to the root of its repository. `known` are the charts of the program.
pub fn of(file: &Path, known: Known) -> Owner {
    let Some(file) = absolute(file).ok().filter(|file| file.is_file()) else {
        return Owner::Nobody;
    };
    for directory in file.ancestors().skip(1) {
        if let Some(chart) = document(&directory.join("Chart.yaml")) {
            let older = document(&directory.join("requirements.yaml"));
            return of_chart(&chart, older.as_ref(), known);
        }
        if directory.join(".git").exists() {
            break;
        }
    }
    Owner::Nobody
}

fn document(path: &Path) -> Option<Node> {
    let source = decode(path.to_string_lossy().as_ref(), &source::file(path).ok()?).ok()?;
    read(&source, &Limits::default()).ok().map(|document| document.root)
}

/// By what a Chart.yaml says, and the requirements.yaml of a chart of the first generation.
fn of_chart(chart: &Node, requirements: Option<&Node>, known: Known) -> Owner {
    let name = text_of(chart, "name");
    if let Some(chart) = built_in(&name, &text_of(chart, "version"), known) {
        return Owner::BuiltIn(vec![Part { chart, key: None, switches: Vec::new() }]);
    }
    let lists = [Some(chart), requirements].into_iter().flatten();
    let parts: Vec<Part> = lists
        .filter_map(|node| node.get("dependencies")?.as_list())
        .flatten()
        .filter_map(|wanted| {
            let name = text_of(wanted, "name");
            let alias = Some(text_of(wanted, "alias")).filter(|alias| !alias.is_empty());
            Some(Part {
                chart: built_in(&name, &text_of(wanted, "version"), known)?,
                key: Some(alias.unwrap_or(name)),
                switches: text_of(wanted, "condition")
                    .split(',')
                    .map(|path| path.trim().to_owned())
                    .filter(|path| !path.is_empty())
                    .collect(),
            })
        })
        .collect();
    if parts.is_empty() { Owner::Other(name) } else { Owner::BuiltIn(parts) }
}

/// The chart of the program of a name. Its later series, and third-party charts with the name, have other values:
/// those have a higher major version.
fn built_in(name: &str, version: &str, known: Known) -> Option<&'static BuiltIn> {
    let chart = known.iter().find(|chart| chart.name == name)?;
    let own = Version::parse(chart.version).ok()?;
    let wanted = Constraint::parse(version);
    let first = version.split(|c: char| !c.is_ascii_digit()).find(|number| !number.is_empty());
    let major = first.and_then(|number| number.parse::<u64>().ok());
    let is_same = wanted.is_ok_and(|wanted| wanted.check(&own))
        || major.is_none_or(|major| major <= own.major);
    is_same.then_some(chart)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jinnacle_syntax::source::Source;

    static NATS: BuiltIn = BuiltIn::bare("nats/nats", "nats", "0.19.17");
    static OPERATOR: BuiltIn = BuiltIn::bare("nats/nats-operator", "nats-operator", "0.8.3");

    fn owner(chart: &str) -> String {
        let root = read(&Source::new("Chart.yaml", chart), &Limits::default()).unwrap().root;
        match of_chart(&root, None, &[&NATS, &OPERATOR]) {
            Owner::Nobody => "nobody".to_owned(),
            Owner::Other(name) => format!("other {name}"),
            Owner::BuiltIn(parts) => parts
                .iter()
                .map(|part| {
                    format!("{} below {:?} {:?}", part.chart.reference, part.key, part.switches)
                })
                .collect::<Vec<_>>()
                .join(", "),
        }
    }

    #[test]
    fn a_chart_says_whose_values_are_beside_it() {
        for (chart, wanted) in [
            ("{name: web, version: 1.0.0}", "other web"),
            ("{name: nats, version: 0.19.17}", "nats/nats below None []"),
            ("{name: nats, version: 1.2.0}", "other nats"),
            ("{name: nats-operator, version: 0.7.4}", "nats/nats-operator below None []"),
            (
                "{name: bus, dependencies: [{name: nats, version: ~0.19.0, condition: nats.enabled}]}",
                "nats/nats below Some(\"nats\") [\"nats.enabled\"]",
            ),
            (
                "{name: bus, dependencies: [{name: nats, version: 0.18.2, alias: hub}, {name: redis}]}",
                "nats/nats below Some(\"hub\") []",
            ),
            ("{name: bus, dependencies: [{name: nats, version: ^1.1.0}]}", "other bus"),
            (
                "{name: bus, dependencies: [{name: nats, version: '*'}]}",
                "nats/nats below Some(\"nats\") []",
            ),
        ] {
            assert_eq!(owner(chart), wanted, "{chart}");
        }
    }
}

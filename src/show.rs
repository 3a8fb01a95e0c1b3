//! The parts of a chart as strings for people and programs.

use anyhow::bail;

use crate::chart::Chart;
use crate::output;
use crate::yaml::{Kind, Node, emit};

/// values.yaml with its comments.
pub fn values(chart: &Chart) -> String {
    chart.values_text().map_or_else(String::new, |text| format!("{text}\n"))
}

/// Chart.yaml, in Helm's layout.
pub fn metadata(chart: &Chart) -> String {
    emit::to_yaml(&chart.metadata.to_node()) + "\n"
}

/// The README, if there is one.
pub fn readme(chart: &Chart) -> String {
    const NAMES: [&str; 3] = ["readme.md", "readme.txt", "readme"];
    let found =
        chart.files.iter().find(|file| NAMES.contains(&file.path.to_ascii_lowercase().as_str()));
    found.map_or_else(String::new, |file| String::from_utf8_lossy(&file.bytes).into_owned() + "\n")
}

/// The custom resource definitions of the chart and its subcharts.
pub fn crds(chart: &Chart) -> String {
    let crds = output::crds(chart, &chart.metadata.name);
    crds.iter().map(|crd| format!("{}\n", crd.text)).collect()
}

/// The JSON schema of the values.
pub fn schema(chart: &Chart) -> String {
    chart.schema.as_ref().map_or_else(String::new, |source| source.text().to_owned())
}

/// Metadata, values, README and definitions, with a line between them.
pub fn all(chart: &Chart) -> String {
    let parts = [metadata(chart), values(chart), readme(chart), crds(chart)];
    let parts: Vec<&str> =
        parts.iter().map(String::as_str).filter(|part| !part.is_empty()).collect();
    parts.join("---\n")
}

/// What kubectl's JSONPath finds in the values: `{.a.b[0]}`, with other text around it as it is.
///
/// # Errors
/// The expression is more than a path.
pub fn values_at(chart: &Chart, expression: &str) -> anyhow::Result<String> {
    let mut printed = String::new();
    let mut rest = expression;
    while let Some((before, inside)) = rest.split_once('{') {
        let Some((path, behind)) = inside.split_once('}') else {
            bail!("`{expression}` has a brace that is not closed");
        };
        printed.push_str(before);
        // What there is not is nothing, as in Helm: scripts ask whether a value is set.
        printed.push_str(&find(&chart.defaults, path)?.map(shown).unwrap_or_default());
        rest = behind;
    }
    Ok(printed + rest)
}

fn find<'n>(root: &'n Node, path: &str) -> anyhow::Result<Option<&'n Node>> {
    let mut node = Some(root);
    let mut rest = path.trim().trim_start_matches('$');
    while !rest.is_empty() && rest != "." {
        let (word, behind) = if let Some(inside) = rest.strip_prefix('[') {
            let Some((word, behind)) = inside.split_once(']') else {
                bail!("`{path}` has a `[` without `]`")
            };
            (word.trim_matches(['\'', '"']), behind)
        } else {
            let Some(name) = rest.strip_prefix('.') else {
                bail!("invalid path `{path}`: begin with a dot")
            };
            name.split_at(name.find(['.', '[']).unwrap_or(name.len()))
        };
        if word.is_empty() || word.contains(['*', '?', ':', '@']) {
            bail!("`{path}` is more than a path of keys and numbers, which is all that works here");
        }
        node = node.and_then(|node| match &node.kind {
            Kind::List(list) => {
                let index: isize = word.parse().ok()?;
                let behind = index.unsigned_abs();
                list.get(if index < 0 { list.len().checked_sub(behind)? } else { behind })
            }
            _ => node.get(word),
        });
        rest = behind;
    }
    Ok(node)
}

/// Strings and numbers as they are, maps and lists as JSON.
fn shown(node: &Node) -> String {
    match &node.kind {
        Kind::Text(text) => text.clone(),
        Kind::Null => String::new(),
        _ => crate::json::to_json(node).to_string(),
    }
}

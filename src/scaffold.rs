//! The files of a new chart.

use crate::source::{Source, Span};
use crate::yaml::{Kind, Node, emit};

const FILES: [(&str, &str); 5] = [
    ("Chart.yaml", include_str!("../scaffold/Chart.yaml")),
    ("values.yaml", include_str!("../scaffold/values.yaml")),
    ("values.schema.json", include_str!("../scaffold/values.schema.json")),
    (".helmignore", include_str!("../scaffold/helmignore")),
    ("templates/deployment.yaml.j2", include_str!("../scaffold/templates/deployment.yaml.j2")),
];

/// The longest name: with a release's name before it the name of an object must not exceed 63.
const MAX_NAME: usize = 50;

/// The files of a new chart by path; none when it cannot have that name, because Kubernetes would not take it in
/// the names of objects.
pub fn files(name: &str) -> Option<Vec<(&'static str, String)>> {
    let letter = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    let sound = name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.ends_with(letter)
        && name.chars().all(|c| letter(c) || c == '-')
        && name.len() <= MAX_NAME;
    let place = Span::whole(&Source::new("", ""));
    let written = emit::to_yaml(&Node::new(Kind::Text(name.to_owned()), place));
    let text = |text: &str| text.replace("<chart>", written.trim_end());
    sound.then(|| FILES.map(|(path, content)| (path, text(content))).to_vec())
}

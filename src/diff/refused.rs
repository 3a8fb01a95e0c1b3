//! What is said of changes that the API server refuses.

use super::{Change, Content};
use crate::diagnostic::{Diagnostic, rule};
use crate::render;

/// A finding for each field that cannot change, with the values that changed and are there now.
pub fn refused(
    changes: &[Change],
    is_error: bool,
    old: &Content,
    new: &Content,
) -> Vec<Diagnostic> {
    let both = old.values.as_deref().zip(new.values.as_deref());
    let values = both.map_or_else(Vec::new, |(old, new)| super::values(old, new));
    let mut found: Vec<Diagnostic> = Vec::new();
    for change in changes {
        let (Some(forbidden), Some(side)) =
            (change.forbidden, change.new.as_ref().or(change.old.as_ref()))
        else {
            continue;
        };
        let message = format!(
            "Kubernetes refuses to change `{}` of {}, which exists",
            forbidden.field, change.object
        );
        if found.iter().any(|finding| finding.message == message) {
            continue;
        }
        let finding = match is_error {
            true => Diagnostic::error(rule!("diff/forbidden"), message),
            false => Diagnostic::warning(rule!("diff/forbidden"), message),
        };
        let finding = finding.at(&side.node.span).help(forbidden.way_out);
        let Some(mut finding) = render::explained(vec![finding], &new.texts).pop() else {
            continue;
        };
        let shown = |change: &Change| {
            change.new.as_ref().or(change.old.as_ref()).map(|side| side.shown.clone())
        };
        let same = values.iter().filter(|value| values.len() == 1 || shown(value) == shown(change));
        for value in same {
            let Some(side) = value.new.as_ref().or(value.old.as_ref()) else { continue };
            finding = finding.related(&side.node.span, format!("`{}` changed", value.path));
        }
        found.push(finding);
    }
    found
}

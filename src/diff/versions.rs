//! One chart with Helm 3 and with Helm 4 → what differs in meaning, and which differences of Helm cause it.

use std::collections::HashSet;

use similar::{Algorithm, DiffOp, capture_diff_slices};

use super::{Change, Content, Side, contents, identity, objects, words};
use crate::diagnostic::Diagnostic;
use crate::release::{Difference, HelmVersion};
use crate::yaml::Node;

/// What a version of Helm makes of a chart, or why it refuses the chart.
pub type Made = Result<Content, Vec<Diagnostic>>;

/// What both versions make of a chart, and what lies between them.
pub struct Versions {
    /// What Helm 3 makes.
    pub three: Made,
    /// What Helm 4 makes.
    pub four: Made,
    /// Helm 3 with one difference each; nothing if there is nothing to explain.
    with: Vec<(Difference, Made)>,
    /// Helm 4 without one difference each; nothing if `with` explains everything.
    without: Vec<(Difference, Made)>,
}

/// Something that Helm 4 changes, with the differences of Helm that cause it.
pub struct Explained<'m> {
    /// What changes.
    pub effect: Effect<'m>,
    /// Why: each alone, or all together.
    pub reasons: Vec<Difference>,
}

/// What a user sees of a difference between the versions.
pub enum Effect<'m> {
    /// An object, a key of it, or its place in the install order.
    Change(Change<'m>),
    /// The only version that refuses the chart, and what it says.
    Refused(HelmVersion, &'m Diagnostic),
}

impl Versions {
    /// Renders with both versions; if they differ, again with each difference.
    ///
    /// # Errors
    /// Those of `render`: the program could not do its work.
    pub fn new(render: impl Fn(HelmVersion) -> anyhow::Result<Made>) -> anyhow::Result<Self> {
        let probes = |version: &dyn Fn(Difference) -> HelmVersion| {
            Difference::ALL.into_iter().map(|it| Ok((it, render(version(it))?))).collect()
        };
        let (three, four) = (render(HelmVersion::THREE)?, render(HelmVersion::FOUR)?);
        let mut versions = Self { three, four, with: Vec::new(), without: Vec::new() };
        if versions.explained().is_empty() {
            return Ok(versions);
        }
        let with: anyhow::Result<_> = probes(&|it| HelmVersion::THREE.with(it));
        versions.with = with?;
        if versions.explained().iter().any(|it| it.reasons.is_empty()) {
            let without: anyhow::Result<_> = probes(&|it| HelmVersion::FOUR.without(it));
            versions.without = without?;
        }
        Ok(versions)
    }

    /// Everything that Helm 4 changes. Nothing if both refuse the chart.
    pub fn explained(&self) -> Vec<Explained<'_>> {
        let (with, without) = (self.all_effects(&self.with), self.all_effects(&self.without));
        let mut all = Vec::new();
        for effect in self.effects(&self.four) {
            let has = |effects: &[Effect<'_>]| effects.iter().any(|other| effect.is(other));
            let alone = with.iter().filter(|(_, effects)| has(effects));
            let mut reasons: Vec<Difference> = alone.map(|(it, _)| *it).collect();
            if reasons.is_empty() {
                let needed = without.iter().filter(|(_, effects)| !has(effects));
                reasons = needed.map(|(it, _)| *it).collect();
            }
            all.push(Explained { effect, reasons });
        }
        all
    }

    fn all_effects<'m>(
        &'m self,
        probes: &'m [(Difference, Made)],
    ) -> Vec<(Difference, Vec<Effect<'m>>)> {
        probes.iter().map(|(it, made)| (*it, self.effects(made))).collect()
    }

    /// What is different from Helm 3.
    fn effects<'m>(&'m self, other: &'m Made) -> Vec<Effect<'m>> {
        let refused = |by, found: &'m [Diagnostic]| {
            found.iter().map(|finding| Effect::Refused(by, finding)).collect()
        };
        match (&self.three, other) {
            (Ok(old), Ok(new)) => {
                let changes = contents(old, new).into_iter().chain(moves(old, new));
                changes.map(Effect::Change).collect()
            }
            (Ok(_), Err(found)) => refused(HelmVersion::FOUR, found),
            (Err(found), Ok(_)) => refused(HelmVersion::THREE, found),
            (Err(_), Err(_)) => Vec::new(),
        }
    }
}

impl Effect<'_> {
    /// Whether it is the same effect in another comparison.
    fn is(&self, other: &Effect<'_>) -> bool {
        let same = |a: &Option<Side>, b: &Option<Side>| match (a, b) {
            (Some(a), Some(b)) => a.shown == b.shown && a.node == b.node,
            (a, b) => a.is_none() && b.is_none(),
        };
        match (self, other) {
            (Self::Change(a), Effect::Change(b)) => {
                let is_move = a.path == ORDER && b.path == ORDER;
                a.object == b.object
                    && a.path == b.path
                    && (is_move || same(&a.old, &b.old) && same(&a.new, &b.new))
            }
            (Self::Refused(by, a), Effect::Refused(other, b)) => {
                by == other && a.message == b.message
            }
            _ => false,
        }
    }
}

/// What is in the place of a key for an object that is installed at another time.
const ORDER: &str = "install order";

/// The objects that come behind another one than before. What is there on one side only moves nothing.
fn moves<'m>(old: &'m Content, new: &'m Content) -> Vec<Change<'m>> {
    let (old, new) = (objects(&old.documents), objects(&new.documents));
    let both = |side: &[&'m Node], other: &[&'m Node]| -> Vec<&'m Node> {
        let there: HashSet<_> = other.iter().map(|it| identity(it)).collect();
        side.iter().copied().filter(|it| there.contains(&identity(it))).collect()
    };
    let (old, new) = (both(&old, &new), both(&new, &old));
    let keys = |side: &[&'m Node]| side.iter().map(|it| identity(it)).collect::<Vec<_>>();
    let (was, is) = (keys(&old), keys(&new));
    let place = |side: &[&'m Node], at: usize| Side {
        shown: match at.checked_sub(1) {
            Some(before) => format!("after {}", words(side[before])),
            None => "first".to_owned(),
        },
        node: side[at],
    };
    let moved =
        capture_diff_slices(Algorithm::Myers, &was, &is).into_iter().flat_map(|op| match op {
            DiffOp::Insert { new_index, new_len, .. }
            | DiffOp::Replace { new_index, new_len, .. } => new_index..new_index + new_len,
            _ => 0..0,
        });
    let change = |at: usize| {
        let before = was.iter().position(|key| *key == is[at])?;
        let (old, new) = (place(&old, before), place(&new, at));
        // Behind the same object as before: that one moved.
        (old.shown != new.shown).then(|| Change {
            object: words(new.node),
            path: ORDER.to_owned(),
            old: Some(old),
            new: Some(new),
            forbidden: None,
        })
    };
    moved.filter_map(change).collect()
}

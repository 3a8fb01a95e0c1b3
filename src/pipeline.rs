//! `load → dependencies → merge → schema → expand → rules → render → manifests → check`: the stages between a chart with
//! values and its manifests, each of which adds to the sink. Commands differ in where they stop.

use std::sync::Arc;

use crate::chart::Chart;
use crate::diagnostic::{Diagnostic, Sink, Stopped};
use crate::manifest::{Manifest, files, order};
use crate::render::{ReleaseContext, Rendered};
use crate::source::Source;
use crate::yaml::{Map, Node};
use crate::{check, dependencies, output, render, values};

/// A chart over whose defaults the user's values are merged.
pub struct Merged<'a> {
    /// The chart, with the subcharts that take part.
    pub chart: Chart,
    /// The values.
    pub values: Node,
    /// The release that is made of them.
    pub release_context: ReleaseContext<'a>,
}

/// What is made of a chart.
pub struct Made {
    /// The chart.
    pub chart: Chart,
    /// The values that its templates saw.
    pub values: Arc<Node>,
    /// The manifests, in install order.
    pub manifests: Vec<Manifest>,
    /// The rendered templates that hold them.
    pub texts: Vec<Rendered>,
}

/// `dependencies → merge`.
///
/// # Errors
/// The chart is not for this version of Helm, or the values of a subchart are not a map.
pub fn merge<'a>(
    mut chart: Chart,
    user: Map,
    release_context: ReleaseContext<'a>,
    sink: &mut Sink,
) -> Result<Merged<'a>, Stopped> {
    values::follow(&mut chart, release_context.capabilities.helm, sink)?;
    dependencies::process(&mut chart, &user, sink)?;
    let values = values::merge(&chart, user, sink)?;
    Ok(Merged { chart, values, release_context })
}

impl Merged<'_> {
    /// `schema`: checks the values by the chart's schemas.
    pub fn check_schema(&mut self, sink: &mut Sink) {
        self.chart.validate(&mut self.values, sink);
    }

    /// `expand`: expands template text in the values, and says whether that changed their shape, so that the schema may
    /// have something new to say.
    ///
    /// # Errors
    /// Text cannot be expanded.
    pub fn expand(&mut self, sink: &mut Sink) -> Result<bool, Stopped> {
        render::expand(&self.chart, &mut self.values, self.release_context, sink)
    }

    /// `rules`: checks what a schema cannot say.
    pub fn check_rules(&self, sink: &mut Sink) {
        self.chart.check(&self.values, self.release_context.release, sink);
    }

    /// `render → manifests`: all templates, also when one is wrong, and the manifests in install order.
    ///
    /// # Errors
    /// A template fails, or what it makes is not a manifest.
    pub fn render(self, sink: &mut Sink) -> Result<Made, Stopped> {
        let values = Arc::new(self.values);
        let (texts, mut manifests) =
            render::manifests(&self.chart, &values, self.release_context, sink)?;
        order::sort(&mut manifests, self.release_context.capabilities.helm.last_kinds());
        Ok(Made { chart: self.chart, values, manifests, texts })
    }
}

impl Made {
    /// `check`: what Kubernetes and nats-server would say of the manifests, at the places that caused it.
    pub fn check(&self, minor: u64, sink: &mut Sink) {
        let is_built_in = self.chart.is_built_in();
        let definitions = || definitions(&self.chart);
        let found = Sink::of(|sink| {
            check::manifests(&self.manifests, definitions, minor, is_built_in, sink)
        });
        sink.extend(render::explained(found, &self.texts).into_iter().map(|finding| {
            match finding.rule == check::MOUNT {
                true => self.with_key(finding),
                false => finding,
            }
        }));
    }

    /// The finding with the key of the value that it is about.
    fn with_key(&self, finding: Diagnostic) -> Diagnostic {
        let mut spans = finding.span.iter().chain(finding.related.iter().map(|(span, _)| span));
        match spans.find_map(|span| self.values.key_at(span)) {
            Some(key) => finding.help(format!("the values key is `{key}`")),
            None => finding,
        }
    }
}

/// The custom resource definitions in the directories `crds/` of a chart and its subcharts.
fn definitions(chart: &Chart) -> Vec<Node> {
    let crds = output::crds(chart, &chart.metadata.name);
    let read = |crd: output::Document| {
        // What is wrong in them is for `lint` to say.
        files::documents(&Source::new(crd.name, crd.text), &mut Sink::new())
    };
    crds.into_iter().flat_map(read).collect()
}

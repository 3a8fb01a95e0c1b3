//! `explain`: what a rule or a value is about.

use clap::Args;

use crate::cli::ValuesArgs;
use crate::commands::Outcome;
use crate::diagnostic::RuleId;
use crate::diagnostic::Sink;
use crate::nats::CHARTS;
use crate::request::{DEFAULT_CHART, helm_version, values_request};
use crate::values::ValuesRequest;
use crate::{chart, explain, values};

/// Explain a rule, or a value of a chart.
///
/// With values files or `--set`, it also shows where the value comes from: every layer that sets it, with a mark at
/// the one that wins.
#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  jinnacle explain schema/unknown-key\n  \
    jinnacle explain nats.jetstream.fileStorage.size -f base.yaml -f prod.yaml")]
pub struct ExplainArgs {
    /// A rule such as `schema/type`, or a value such as `cluster.replicas`
    #[arg(value_name = "RULE|PATH")]
    pub what: String,

    /// The chart: `nats/nats`, a directory or a .tgz
    #[arg(long, value_name = "CHART")]
    pub chart: Option<String>,

    #[command(flatten)]
    pub values: ValuesArgs,
}

/// Runs `jinnacle explain`.
///
/// # Errors
/// There is no such rule or value, or a file cannot be read.
pub fn run(args: ExplainArgs, sink: &mut Sink) -> anyhow::Result<Outcome> {
    let request = ExplainRequest::new(args)?;
    if let Some(stdout) = explain::rule(&request.what) {
        return Ok(Outcome { stdout, ..Outcome::default() });
    }
    let mut chart = chart::load(&request.chart, &CHARTS, sink)?;
    values::follow(&mut chart, request.values.helm, sink)?;
    let mut stdout = explain::value(&chart, &request.what)?;
    if !request.values.is_empty() {
        let layers = values::layers(&chart, &request.values, sink)?;
        let user = sink.without_warnings(|sink| values::load(&request.values, sink))?;
        let merged = sink.without_warnings(|sink| values::merge(&chart, user, sink))?;
        let winner = explain::at(&merged, &request.what);
        stdout.push('\n');
        stdout += &explain::provenance(&layers, winner, &request.what);
    }
    Ok(Outcome { stdout, ..Outcome::default() })
}

/// Everything that `explain` needs to know.
#[derive(Clone, Debug)]
pub struct ExplainRequest {
    /// A rule or the path of a value.
    pub what: String,
    /// The chart as it was named.
    pub chart: String,
    /// The layers that are to be looked through.
    pub values: ValuesRequest,
}

impl ExplainRequest {
    /// What the words of `explain` ask for.
    ///
    /// # Errors
    /// There is no such rule.
    pub fn new(args: ExplainArgs) -> anyhow::Result<Self> {
        if args.what.contains('/') && !args.what.contains(['.', '\\']) {
            args.what.parse::<RuleId>().map_err(anyhow::Error::msg)?;
        }
        let helm = helm_version(args.values.helm_version.as_deref())?;
        Ok(Self {
            what: args.what,
            chart: args.chart.unwrap_or_else(|| DEFAULT_CHART.to_owned()),
            values: values_request(args.values, helm),
        })
    }
}

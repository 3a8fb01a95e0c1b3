//! `krm`: a function of kustomize and kpt.

use std::mem;

use crate::chart;
use crate::check::{api::Api, custom, objects, strictly};
use crate::commands::template::{self, TemplateRequest};
use crate::commands::{Cli, Command, Outcome};
use crate::diagnostic::{Sink, Stopped};
use crate::krm::{self, List, Task};
use crate::nats::CHARTS;
use crate::output::outcome::in_order;
use crate::policy::Policy;
use crate::release::{DEFAULT_KUBE_VERSION, KubeVersion};
use crate::request::DEFAULT_CHART;
use crate::values::{self, coalesce};
use crate::yaml::Node;

/// Runs `jinnacle krm`.
///
/// # Errors
/// Standard input cannot be read, or is no list of resources.
pub fn run(policy: &Policy, sink: &mut Sink) -> anyhow::Result<Outcome> {
    let sources = values::sources(&["-".to_owned()], sink)?;
    let source = sources.first().ok_or(Stopped)?;
    let mut list = List::read(source, sink)?;
    let mut policy = policy.clone();
    // The list says why there is no task.
    if let Ok((task, asked)) = list.task(sink) {
        policy = policy.and(asked);
        match task {
            Task::Check { kube_version, strict } => {
                let version = kube_version.unwrap_or(DEFAULT_KUBE_VERSION);
                check(&list, version, strict, sink);
            }
            Task::Render(chart) => match render(&mut list, &chart, &policy, sink) {
                Err(error) if error.is::<Stopped>() => {}
                done => done?,
            },
        }
    }
    let judged = policy.judge(mem::take(sink).into_vec());
    sink.extend(judged.iter().cloned());
    let stdout = list.to_text(&in_order(judged));
    Ok(Outcome { stdout, ..Outcome::default() })
}

/// What Kubernetes and nats-server would say of the items.
fn check(list: &List, version: KubeVersion, strict: bool, sink: &mut Sink) {
    let items: Vec<&Node> = list.items().iter().filter(|item| !krm::is_local(item)).collect();
    let mut api = Api::new(version.minor);
    api.add(custom::read(&items));
    let weigh = if strict { strictly } else { |finding| finding };
    sink.changed(|sink| objects(&items, &api, sink), |finding| Some(weigh(finding)));
}

/// Adds what a chart makes to the items.
fn render(
    list: &mut List,
    asked: &krm::Chart,
    policy: &Policy,
    sink: &mut Sink,
) -> anyhow::Result<()> {
    let request = TemplateRequest { policy: policy.clone(), ..request(asked, sink)? };
    let mut user = values::load(&request.values, sink)?;
    coalesce::merge(&mut user, asked.values.clone());
    let chart = chart::load(&request.chart, &CHARTS, sink)?;
    let made = template::render(&request, chart, user, sink)?;
    template::check(&request, &made, sink)?;
    list.add(&template::documents(&request, &made, sink)?, &request.release.namespace);
    Ok(())
}

/// The request of `template` for a chart.
fn request(asked: &krm::Chart, sink: &mut Sink) -> anyhow::Result<TemplateRequest> {
    let chart = asked.chart.as_deref().unwrap_or(DEFAULT_CHART);
    let mut words = ["jinnacle", "template", &asked.release, chart].map(str::to_owned).to_vec();
    let namespace = asked.namespace.iter().map(|name| format!("--namespace={name}"));
    let version = asked.kube_version.iter().map(|version| format!("--kube-version={version}"));
    let apis = asked.api_versions.iter().map(|version| format!("--api-versions={version}"));
    let helm = asked.helm_version.iter().map(|version| format!("--helm-version={version}"));
    words.extend(namespace.chain(version).chain(apis).chain(helm));
    for (flag, given) in [
        ("--include-crds", asked.include_crds),
        ("--no-hooks", asked.skip_hooks),
        ("--skip-tests", asked.skip_tests),
    ] {
        words.push(format!("{flag}={given}"));
    }
    let Command::Template(args) = Cli::from_words(words)?.command else {
        anyhow::bail!("`template` is the command that renders charts");
    };
    let mut request = TemplateRequest::new(*args, sink)?;
    request.values.files.clone_from(&asked.values_files);
    Ok(request)
}

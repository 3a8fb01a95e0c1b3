//! Files that the programs of NATS read: each must be there in every container that reads it.
//!
//! Only what is certain is found. What an image holds, what another program writes and what a Secret that is
//! not among the manifests holds cannot be known.

mod needs;
mod pod;
mod program;

use jinnacle_syntax::diagnostic::{Diagnostic, RuleId, Sink, rule};
use jinnacle_syntax::yaml::Node;

use super::references;
use needs::{Need, Use};
use pod::{Pod, Sight};
use program::{Name, Program};

/// The rule about files that are not there.
pub const MOUNT: RuleId = rule!("nats-conf/mount");

/// The rule about what a version of a program does not have.
const VERSION: RuleId = rule!("nats-conf/version");

/// Finds files that a container of NATS needs and certainly does not have. In what a built-in chart makes, a path that
/// no container mounts is the user's own, and only warned of.
pub fn check(all: &[&Node], is_built_in: bool, sink: &mut Sink) {
    for object in all {
        let Some(spec) = references::pod_spec(object) else { continue };
        let pod = Pod::new(object, spec, all);
        for container in pod.containers() {
            let Some(program) = Program::of(container) else { continue };
            old_arguments(container, &program, sink);
            for need in needs::of(&pod, container, &program) {
                sink.extend(judge(&pod, container, &program, &need, is_built_in));
            }
        }
    }
}

/// Arguments of the exporter that were for servers before NATS 2. It exits with 2 at an argument that it does not know.
fn old_arguments(container: &Node, program: &Program, sink: &mut Sink) {
    let version = program::version(container);
    let is_newer = version.is_some_and(|parts| parts.as_slice() >= [0, 17].as_slice());
    if program.name != Name::Exporter || !(is_newer || program::tag(container) == "latest") {
        return;
    }
    let old = ["-channelz", "-serverz", "--channelz", "--serverz"];
    let given = program.arguments().filter(|(word, _)| old.contains(word));
    let finding = |(word, node): (&str, &Node)| {
        let message =
            format!("`{word}`: the exporter has no such argument since 0.17.0, and exits");
        Diagnostic::error(VERSION, message).at(&node.span).help(format!("remove `{word}`"))
    };
    sink.extend(given.map(finding));
}

/// The finding about a file that is not there.
fn judge<'n>(
    pod: &Pod<'n>,
    container: &'n Node,
    program: &Program<'n>,
    need: &Need,
    is_built_in: bool,
) -> Option<Diagnostic> {
    let sight = match need.usage {
        Use::Read | Use::Process => pod.file(container, program, &need.path, need.usage),
        Use::Store | Use::Write => pod.directory(container, program, &need.path),
    };
    let Sight::Missing { problem, help, is_proven } = sight else { return None };
    let name = container.str_at("name");
    let path = &need.path;
    if need.usage == Use::Store && !is_proven && !is_built_in {
        // A directory of the container's own may be meant.
        return None;
    }
    let (is_lost, is_unmounted) = (need.usage == Use::Store, problem.is_empty());
    let message = match (is_unmounted, is_lost) {
        (true, true) => format!(
            "`{path}`: not mounted in container `{name}`, so that data is lost when the container ends"
        ),
        (true, false) => format!("`{path}`: not mounted in container `{name}`, which needs it"),
        (false, _) => format!("`{path}`: needed by container `{name}`, but {problem}"),
    };
    let finding = match is_unmounted && is_lost || is_built_in && !(is_proven && help.is_some()) {
        true => Diagnostic::warning(MOUNT, message),
        false => Diagnostic::error(MOUNT, message),
    };
    let remedy = || format!("mount a volume that holds it in container `{name}`");
    Some(need.place(finding.help(help.unwrap_or_else(remedy))))
}

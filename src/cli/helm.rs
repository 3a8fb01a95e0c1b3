//! Helm's commands that need a cluster, a repository or a registry: what to type instead.
//!
//! Nothing is installed or fetched here, but a command line of Helm says what is meant, so that the answer is one
//! that can be run.

use std::ffi::OsString;

/// What to say of a command of Helm that is none of ours: the words behind `error: `, with the lines to type.
pub fn answer(words: &[OsString]) -> Option<String> {
    let words: Vec<String> =
        words.iter().skip(1).map(|word| word.to_string_lossy().into_owned()).collect();
    let (command, rest) = words.split_first()?;
    let &(_, name, reply) =
        COMMANDS.iter().find(|(words, ..)| words.contains(&command.as_str()))?;
    let call = Call::new(rest);
    let Reply { reason, lines } = reply(&call);
    let mut text = format!("`{name}` {reason}");
    for (index, line) in lines.iter().enumerate() {
        text.push_str(if index == 0 { "\n  = help: " } else { "\n          " });
        text.push_str(line);
    }
    Some(text)
}

/// Helm's spellings of a command, its name, and what to say of it.
type Row = (&'static [&'static str], &'static str, fn(&Call) -> Reply);

const COMMANDS: [Row; 18] = [
    (&["install"], "install", install),
    (&["upgrade"], "upgrade", upgrade),
    (&["uninstall", "un", "del", "delete"], "uninstall", uninstall),
    (&["rollback"], "rollback", rollback),
    (&["status"], "status", status),
    (&["history", "hist"], "history", history),
    (&["get"], "get", get),
    (&["test"], "test", test),
    (&["list", "ls"], "list", list),
    (&["repo"], "repo", repo),
    (&["search"], "search", search),
    (&["pull", "fetch"], "pull", pull),
    (&["push"], "push", push),
    (&["registry"], "registry", registry),
    (&["env"], "env", release_context),
    (&["plugin"], "plugin", release_context),
    (&["verify"], "verify", verify),
    (&["version"], "version", version),
];

/// Why a command is not there, and what to type.
struct Reply {
    reason: &'static str,
    lines: Vec<String>,
}

const NO_CLUSTER: &str = "requires a cluster, which jinnacle never contacts: use kubectl";
const NO_FETCH: &str = "requires a repository or a registry, and jinnacle downloads nothing";

/// The chart of a command line that names none.
const CHART: &str = "nats/nats";

/// Flags of `helm install` and `helm upgrade` that `template` has, too. Those with `true` take a value.
const KEPT: [(&str, bool); 21] = [
    ("-f", true),
    ("--values", true),
    ("--set", true),
    ("--set-string", true),
    ("--set-json", true),
    ("--set-file", true),
    ("--set-literal", true),
    ("-n", true),
    ("--namespace", true),
    ("--version", true),
    ("--name-template", true),
    ("--post-renderer", true),
    ("--post-renderer-args", true),
    ("--kube-version", true),
    ("--api-versions", true),
    ("-a", true),
    ("--no-hooks", false),
    ("--skip-schema-validation", false),
    ("-g", false),
    ("--generate-name", false),
    ("--is-upgrade", false),
];

/// Flags of Helm that take a value and may precede the command.
pub const GLOBAL: [&str; 14] = [
    "--kube-context",
    "--kubeconfig",
    "--kube-apiserver",
    "--kube-as-user",
    "--kube-as-group",
    "--kube-ca-file",
    "--kube-tls-server-name",
    "--kube-token",
    "--registry-config",
    "--repository-cache",
    "--repository-config",
    "--content-cache",
    "--burst-limit",
    "--qps",
];

/// Flags of Helm's commands that take a value.
const WITH_VALUE: [&str; 21] = [
    "--timeout",
    "--description",
    "--labels",
    "-l",
    "--selector",
    "--output",
    "-o",
    "--repo",
    "--username",
    "--password",
    "--ca-file",
    "--cert-file",
    "--key-file",
    "--keyring",
    "--history-max",
    "--max",
    "--revision",
    "--cascade",
    "--filter",
    "--destination",
    "-d",
];

/// The words of a command line behind the command.
#[derive(Default)]
struct Call {
    /// The words that are no flags.
    names: Vec<String>,
    /// The flags that `template` takes.
    kept: Vec<String>,
    /// All flags, by name.
    flags: Vec<(String, String)>,
}

impl Call {
    fn new(words: &[String]) -> Self {
        let mut call = Self::default();
        let mut words = words.iter().peekable();
        while let Some(word) = words.next() {
            if !word.starts_with('-') || word == "-" {
                call.names.push(word.clone());
                continue;
            }
            let (mut flag, mut value) = match word.split_once('=') {
                Some((flag, value)) => (flag.to_owned(), Some(value.to_owned())),
                None => (word.clone(), None),
            };
            // A short flag with its value in one word: `-nprod`.
            if !flag.starts_with("--") && flag.len() > 2 && flag.is_char_boundary(2) {
                let glued = word[2..].trim_start_matches('=').to_owned();
                flag.truncate(2);
                value = Some(glued);
            }
            let kept = KEPT.iter().find(|(known, _)| *known == flag);
            let takes_value = kept.map_or(
                GLOBAL.contains(&flag.as_str()) || WITH_VALUE.contains(&flag.as_str()),
                |(_, takes_value)| *takes_value,
            );
            let value = match (takes_value, value) {
                (true, None) => words.next().cloned(),
                (_, value) => value,
            };
            if kept.is_some() {
                let value = value.as_deref().map(quoted);
                call.kept.push(match (takes_value, value) {
                    (true, Some(value)) => format!("{flag} {value}"),
                    (_, Some(value)) => format!("{flag}={value}"),
                    (_, None) => flag.clone(),
                });
            }
            call.flags.push((flag, value.unwrap_or_default()));
        }
        call
    }

    /// A word that is no flag, if there is one at the place.
    fn name(&self, at: usize) -> Option<&str> {
        self.names.get(at).map(String::as_str)
    }

    /// A name as the shell reads it, or a placeholder for one.
    fn shown(&self, at: usize, otherwise: &str) -> String {
        self.name(at).map_or_else(|| otherwise.to_owned(), quoted)
    }

    fn flag(&self, names: &[&str]) -> Option<&str> {
        let last = self.flags.iter().rfind(|(flag, _)| names.contains(&flag.as_str()));
        last.map(|(_, value)| value.as_str())
    }

    fn has(&self, names: &[&str]) -> bool {
        self.flag(names).is_some_and(|value| value != "false")
    }

    fn namespace(&self) -> Option<&str> {
        self.flag(&["-n", "--namespace"]).filter(|name| !name.is_empty())
    }

    /// `kubectl` with the cluster and the namespace that are meant.
    fn kubectl(&self) -> String {
        let mut line = "kubectl".to_owned();
        let flags = [
            ("--kubeconfig", self.flag(&["--kubeconfig"])),
            ("--context", self.flag(&["--kube-context"])),
            ("-n", self.namespace()),
        ];
        for (flag, value) in flags {
            if let Some(value) = value {
                line.push_str(&format!(" {flag} {}", quoted(value)));
            }
        }
        line
    }

    /// `jinnacle template` with the names and the flags that are kept.
    fn template(&self, names: &[String], more: &[&str]) -> String {
        let words = ["jinnacle", "template"].map(str::to_owned).into_iter();
        let names = names.iter().map(|name| quoted(name));
        let more = more.iter().map(|&word| word.to_owned());
        words
            .chain(names)
            .chain(self.kept.iter().cloned())
            .chain(more)
            .collect::<Vec<_>>()
            .join(" ")
    }

    /// The release and a chart that is not named.
    fn release(&self) -> [String; 2] {
        [self.name(0).unwrap_or("NAME").to_owned(), CHART.to_owned()]
    }

    /// The objects of a release by the label that charts give them.
    fn selector(&self, at: usize) -> String {
        format!("-l app.kubernetes.io/instance={}", self.shown(at, "NAME"))
    }
}

fn install(call: &Call) -> Reply {
    applied(call, &[])
}

fn upgrade(call: &Call) -> Reply {
    applied(call, if call.has(&["--install", "-i"]) { &[] } else { &["--is-upgrade"] })
}

fn applied(call: &Call, more: &[&str]) -> Reply {
    let mut names = call.names.clone();
    if names.is_empty() {
        names = vec!["NAME".to_owned(), CHART.to_owned()];
    } else if names.len() == 1 && !call.has(&["-g", "--generate-name", "--name-template"]) {
        // Helm wants both: a chart has a slash, a dot or is a directory.
        let is_chart = names[0].contains(['/', '.']);
        names.insert(usize::from(!is_chart), if is_chart { "NAME" } else { CHART }.to_owned());
    }
    let chart = names.last().map(String::as_str).unwrap_or_default();
    let mut more = more.to_vec();
    // Helm installs the definitions of a chart first.
    if chart != CHART && !call.has(&["--skip-crds"]) {
        more.push("--include-crds");
    }
    let render = call.template(&names, &more);
    let dry = match call.flag(&["--dry-run"]) {
        None | Some("false" | "none") => "",
        Some("server") => " --dry-run=server",
        Some(_) => " --dry-run=client",
    };
    let mut lines = Vec::new();
    if call.has(&["--create-namespace"])
        && let Some(namespace) = call.namespace()
    {
        let other = Call { flags: without_namespace(call), ..Call::default() };
        lines.push(format!("{} create namespace {}", other.kubectl(), quoted(namespace)));
    }
    lines.push(format!("{render} | {} apply{dry} -f -", call.kubectl()));
    if call.has(&["--reuse-values", "--reset-then-reuse-values"]) {
        lines.push("no values are kept: give all values files of the release with -f".to_owned());
    }
    Reply { reason: NO_CLUSTER, lines }
}

fn without_namespace(call: &Call) -> Vec<(String, String)> {
    let flags = call.flags.iter().filter(|(flag, _)| flag != "-n" && flag != "--namespace");
    flags.cloned().collect()
}

fn uninstall(call: &Call) -> Reply {
    let render = call.template(&call.release(), &[]);
    Reply {
        reason: NO_CLUSTER,
        lines: vec![
            format!("{render} | {} delete --ignore-not-found -f -", call.kubectl()),
            "give the chart and the values files with which it was installed".to_owned(),
        ],
    }
}

fn rollback(call: &Call) -> Reply {
    let revision = call.name(1).map(|it| format!(" --to-revision={}", quoted(it)));
    Reply {
        reason: NO_CLUSTER,
        lines: vec![
            format!(
                "{} rollout undo statefulset/{}{}",
                call.kubectl(),
                call.shown(0, "NAME"),
                revision.unwrap_or_default()
            ),
            format!(
                "or take the earlier values files from version control: {} | {} apply -f -",
                call.template(&call.release(), &["-f VALUES"]),
                call.kubectl()
            ),
        ],
    }
}

fn status(call: &Call) -> Reply {
    let line = format!("{} get all {}", call.kubectl(), call.selector(0));
    Reply { reason: NO_CLUSTER, lines: vec![line] }
}

fn history(call: &Call) -> Reply {
    let name = call.shown(0, "NAME");
    let line = format!("{} rollout history statefulset/{name}", call.kubectl());
    Reply { reason: NO_CLUSTER, lines: vec![line] }
}

fn get(call: &Call) -> Reply {
    let objects = "all,configmap,secret,serviceaccount,poddisruptionbudget";
    let line = format!("{} get {objects} {} -o yaml", call.kubectl(), call.selector(1));
    let release = [call.name(1).unwrap_or("NAME").to_owned(), CHART.to_owned()];
    let render = call.template(&release, &[]);
    let lines = match call.name(0) {
        Some("values") => vec![
            format!("jinnacle show values {CHART}"),
            "the values of a release are those of its values files".to_owned(),
        ],
        Some("hooks") => vec![format!("{render} --show-only 'templates/tests/*'")],
        Some("notes" | "metadata") => vec![format!("jinnacle show chart {CHART}")],
        _ => vec![line, format!("what the chart makes: {render}")],
    };
    Reply { reason: NO_CLUSTER, lines }
}

fn test(call: &Call) -> Reply {
    let render = call.template(&call.release(), &["--show-only 'templates/tests/*'"]);
    Reply {
        reason: NO_CLUSTER,
        lines: vec![
            format!("{render} | {} apply -f -", call.kubectl()),
            format!("{} get pods {}", call.kubectl(), call.selector(0)),
        ],
    }
}

fn list(call: &Call) -> Reply {
    let all = if call.has(&["-A", "--all-namespaces"]) { " -A" } else { "" };
    let line = format!(
        "{} get statefulsets,deployments{all} -L app.kubernetes.io/instance,helm.sh/chart",
        call.kubectl()
    );
    Reply { reason: NO_CLUSTER, lines: vec![line] }
}

fn repo(call: &Call) -> Reply {
    let url = (call.name(0) == Some("add")).then(|| call.name(2)).flatten();
    let mut lines = vec![format!(
        "leave it out: `{CHART}` is in the program, as in `jinnacle template my-nats {CHART}`"
    )];
    if let Some(url) = url.filter(|url| !url.contains("nats-io")) {
        lines.push(format!(
            "for a chart of {url}: download its archive, then `jinnacle template NAME ./CHART.tgz`"
        ));
    }
    Reply { reason: NO_FETCH, lines }
}

fn search(_: &Call) -> Reply {
    let lines = vec![
        "the charts in the program are `nats/nats` and `nats/nats-operator`".to_owned(),
        format!("jinnacle show chart {CHART}"),
    ];
    Reply { reason: NO_FETCH, lines }
}

fn pull(call: &Call) -> Reply {
    let chart = call.name(0).unwrap_or(CHART);
    let lines = match chart {
        "nats/nats" | "nats/nats-operator" => vec![
            "leave it out: the chart is in the program".to_owned(),
            format!("jinnacle show values {chart}"),
        ],
        _ => vec![
            format!("helm pull {}{}", quoted(chart), version_of(call)),
            "jinnacle template NAME ./CHART.tgz".to_owned(),
        ],
    };
    Reply { reason: NO_FETCH, lines }
}

fn version_of(call: &Call) -> String {
    call.flag(&["--version"]).map_or(String::new(), |it| format!(" --version {}", quoted(it)))
}

fn push(call: &Call) -> Reply {
    let words = [call.shown(0, "CHART.tgz"), call.shown(1, "oci://REGISTRY")];
    let lines = vec!["jinnacle package CHART".to_owned(), format!("helm push {}", words.join(" "))];
    Reply { reason: NO_FETCH, lines }
}

fn registry(call: &Call) -> Reply {
    let words: Vec<String> = call.names.iter().map(|word| quoted(word)).collect();
    let lines = vec![
        format!("leave it out: `{CHART}` is in the program"),
        format!("helm registry {}", words.join(" ")).trim_end().to_owned(),
    ];
    Reply { reason: NO_FETCH, lines }
}

fn release_context(_: &Call) -> Reply {
    Reply {
        reason: "has nothing to show: there are no plugins, and of Helm's variables only HELM_NAMESPACE is read",
        lines: vec!["jinnacle template NAME nats/nats -n NAMESPACE".to_owned()],
    }
}

fn verify(call: &Call) -> Reply {
    let lines = vec![format!("helm verify {}", call.shown(0, "CHART.tgz"))];
    Reply { reason: "checks signatures, and none are read here", lines }
}

fn version(_: &Call) -> Reply {
    Reply { reason: "is a flag here", lines: vec!["jinnacle --version".to_owned()] }
}

/// A word as a shell reads it.
fn quoted(word: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=,@+%".contains(c);
    if !word.is_empty() && word.chars().all(is_plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(line: &str) -> String {
        let words: Vec<OsString> = line.split(' ').map(OsString::from).collect();
        answer(&words).unwrap()
    }

    #[test]
    fn the_answer_is_a_command_line_that_does_it() {
        for (line, wanted) in [
            (
                "jinnacle install my-nats nats/nats",
                "jinnacle template my-nats nats/nats | kubectl apply -f -",
            ),
            (
                "jinnacle upgrade -i hub nats/nats -f a.yaml --set cluster.enabled=true -nprod --wait --timeout 5m",
                "jinnacle template hub nats/nats -f a.yaml --set cluster.enabled=true -n prod | kubectl -n prod apply -f -",
            ),
            (
                "jinnacle upgrade hub ./shop --values=a.yaml --kube-context eu",
                "jinnacle template hub ./shop --values a.yaml --is-upgrade --include-crds | kubectl --context eu apply -f -",
            ),
            ("jinnacle install hub nats/nats --set a={x,y}", "--set 'a={x,y}' | kubectl"),
            (
                "jinnacle uninstall hub -n prod",
                "jinnacle template hub nats/nats -n prod | kubectl -n prod delete",
            ),
            ("jinnacle del hub", "`uninstall` requires a cluster"),
            ("jinnacle rollback hub 2", "kubectl rollout undo statefulset/hub --to-revision=2"),
            ("jinnacle status hub", "kubectl get all -l app.kubernetes.io/instance=hub"),
            ("jinnacle history hub", "kubectl rollout history statefulset/hub"),
            ("jinnacle get manifest hub -n a", "kubectl -n a get all,configmap"),
            ("jinnacle get all hub", "-l app.kubernetes.io/instance=hub -o yaml"),
            ("jinnacle get values hub", "jinnacle show values nats/nats"),
            ("jinnacle test hub", "--show-only 'templates/tests/*' | kubectl apply -f -"),
            ("jinnacle list -A", "get statefulsets,deployments -A"),
            ("jinnacle pull oci://x/y --version 1.2", "helm pull oci://x/y --version 1.2"),
            ("jinnacle repo add nats https://nats-io.github.io/k8s/helm/charts/", "leave it out"),
            ("jinnacle version", "jinnacle --version"),
        ] {
            let said = said(line);
            assert!(said.contains(wanted), "{line}: {said}");
        }
    }

    #[test]
    fn other_words_have_no_answer() {
        for line in ["jinnacle template x", "jinnacle instal x", "jinnacle"] {
            let words: Vec<OsString> = line.split(' ').map(OsString::from).collect();
            assert!(answer(&words).is_none(), "{line}");
        }
    }
}

//! Inside of other tools: functions of kustomize and kpt, a plugin of Argo CD, a post-renderer of Helm. The
//! examples are called as those tools call them.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::program::run;
use jinnacle::source::Source;
use jinnacle::yaml::{self, Limits, Node, emit::to_yaml};

const PROGRAM: &str = env!("CARGO_BIN_EXE_jinnacle");

fn jinnacle(words: &[&str], directory: &Path, stdin: &str) -> (Option<i32>, String, String) {
    told(&run(Command::new(PROGRAM).args(words), directory, stdin.as_bytes()))
}

fn told(output: &Output) -> (Option<i32>, String, String) {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (output.status.code(), text(&output.stdout), text(&output.stderr))
}

fn example(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples").join(path)
}

fn read(text: &str) -> Node {
    yaml::read(&Source::new("text", text), &Limits::default()).unwrap().root
}

/// A list as kustomize gives it to a function: the configuration, and items.
fn list(config: &str, items: &str) -> String {
    let indented = |text: &str| text.lines().map(|line| format!("  {line}\n")).collect::<String>();
    let config = if config.is_empty() {
        String::new()
    } else {
        format!("functionConfig:\n{}", indented(config))
    };
    format!("apiVersion: config.kubernetes.io/v1\nkind: ResourceList\n{config}items:\n{items}")
}

fn snapshot(name: &str, text: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(concat!(env!("CARGO_MANIFEST_DIR"), "/snapshots/integrations"));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, text));
}

/// An item with odd style and a comment, as its author wrote it.
const ITEM: &str = "- apiVersion: v1\n  kind: ConfigMap # mine\n  metadata: {name: other}\n  data: {a: \"1\", b: 'no'}\n";

#[test]
fn a_function_adds_what_template_prints() {
    let directory = example("kustomize");
    let config = fs::read_to_string(directory.join("nats.yaml")).unwrap();
    let (status, stdout, stderr) = jinnacle(&["krm"], &directory, &list(&config, ITEM));
    assert_eq!((status, stderr.as_str()), (Some(0), ""));
    assert!(stdout.starts_with(&list(&config, ITEM)), "what was there keeps its text: {stdout}");
    let made = read(&stdout);
    let items = made.get("items").and_then(Node::as_list).unwrap();
    let words = ["template", "bus", "nats/nats", "-n", "messaging", "-f", "values.yaml", "--set"];
    let more = ["natsbox.enabled=false", "--skip-tests", "--kube-version", "1.31"];
    let (_, alone, _) = jinnacle(&[&words[..], &more].concat(), &directory, "");
    let (documents, _) = yaml::read_documents(&Source::new("text", alone), &Limits::default());
    let alone: Vec<&Node> =
        documents.iter().map(|document| &document.root).filter(|root| !root.is_null()).collect();
    let shown = |items: &[&Node]| items.iter().map(|item| to_yaml(item)).collect::<String>();
    assert_eq!(shown(&items[1..].iter().collect::<Vec<_>>()), shown(&alone));
    let again = jinnacle(&["krm"], &directory, &stdout);
    assert_eq!(again, (Some(0), stdout, String::new()), "what it made before is replaced");
}

#[test]
fn an_item_that_is_replaced_keeps_what_orchestrators_noted() {
    let config = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: config}\ndata:\n  releaseName: bus\n  \
        namespace: messaging\n  skipTests: \"true\"\n  valuesInline: |\n    natsbox: {enabled: false}\n";
    let old = "- apiVersion: v1\n  kind: ServiceAccount\n  metadata:\n    name: bus-nats\n    annotations:\n      \
        internal.config.kubernetes.io/path: account.yaml\n      internal.config.kubernetes.io/index: '3'\n      \
        mine: gone\n  secrets: [{name: gone}]\n";
    let directory = example("kustomize");
    let (status, stdout, stderr) =
        jinnacle(&["krm"], &directory, &list(config, &(old.to_owned() + ITEM)));
    assert_eq!((status, stderr.as_str()), (Some(0), ""));
    let made = read(&stdout);
    let items = made.get("items").and_then(Node::as_list).unwrap();
    snapshot("replaced", &to_yaml(&items[0]));
    assert!(stdout.contains(ITEM), "{stdout}");
    let json = serde_json::to_string(&jinnacle::json::to_json(&read(&list(config, ITEM)))).unwrap();
    let (status, from_json, _) = jinnacle(&["krm"], &directory, &json);
    assert_eq!(status, Some(0));
    assert_eq!(read(&from_json).get("items").unwrap().as_list().unwrap().len(), items.len());
}

const BROKEN: &str = "- apiVersion: v1\n  kind: Service\n  metadata:\n    name: bus\n    namespace: messaging\n    \
    annotations:\n      internal.config.kubernetes.io/path: service.yaml\n      \
    internal.config.kubernetes.io/index: '1'\n  spec:\n    ports:\n    - port: 70000\n- apiVersion: v1\n  kind: \
    ConfigMap\n  metadata: {name: conf}\n  data:\n    nats.conf: |\n      port: 4222\n      jetstrem {}\n- \
    apiVersion: example.com/v1\n  kind: Local\n  metadata: {annotations: {config.kubernetes.io/local-config: \
    'true'}}\n";

#[test]
fn a_function_says_what_is_wrong_with_items_in_results() {
    let directory = example("kustomize");
    let check = fs::read_to_string(directory.join("check.yaml")).unwrap();
    for config in ["", &check] {
        let input = list(config, BROKEN);
        let (status, stdout, stderr) = jinnacle(&["krm"], &directory, &input);
        assert_eq!(status, Some(1));
        assert!(stderr.contains("error[kubernetes/value]"), "{stderr}");
        snapshot("results", stdout.strip_prefix(&input).unwrap());
        let fine = list(config, ITEM);
        assert_eq!(jinnacle(&["krm"], &directory, &fine), (Some(0), fine, String::new()));
    }
}

#[test]
fn a_function_allows_and_denies_rules() {
    let directory = example("kustomize");
    let config = |spec: &str| {
        format!(
            "apiVersion: jinnacle.github.io/v1\nkind: JinnacleCheck\nmetadata: {{name: a}}\nspec: {{{spec}}}\n"
        )
    };
    let allowed = list(&config("allow: [kubernetes/value, nats-conf/unknown-option]"), BROKEN);
    assert_eq!(jinnacle(&["krm"], &directory, &allowed), (Some(0), allowed, String::new()));
    let unknown = list(&config("deny: [kubernetes/valu]"), ITEM);
    let (status, _, stderr) = jinnacle(&["krm"], &directory, &unknown);
    assert_eq!(status, Some(1));
    assert!(stderr.contains("error[krm/config]: unknown rule `kubernetes/valu`"), "{stderr}");
}

#[test]
fn a_configuration_that_is_wrong_leaves_the_items_alone() {
    let directory = example("kustomize");
    let head = "apiVersion: jinnacle.github.io/v1\nkind: JinnacleChart\nmetadata: {name: bus}\n";
    let mut all = String::new();
    for config in [
        &format!("{head}spec: {{valuesInlin: {{}}}}\n"),
        &format!("{head}spec: {{valuesInline: {{natsBox: {{enabled: false}}}}}}\n"),
        &format!("{head}spec: {{releaseName: No_, kubeVersion: one}}\n"),
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\ndata: {strict: \"yes\"}\n",
        "apiVersion: example.com/v1\nkind: Chart\nmetadata: {name: x}\n",
    ] {
        let input = list(config, ITEM);
        let (status, stdout, stderr) = jinnacle(&["krm"], &directory, &input);
        assert_eq!(status, Some(1), "{config}");
        assert!(!stderr.is_empty());
        all += stdout.strip_prefix(&input).unwrap();
    }
    snapshot("configurations", &all);
    for stdin in ["a: 1\n", "kind: ResourceList\nitems: 3\n", "a: [\n"] {
        let (status, stdout, stderr) = jinnacle(&["krm"], &directory, stdin);
        assert_eq!((status, stdout.as_str()), (Some(1), ""), "{stdin}: {stderr}");
        assert!(stderr.starts_with("error["), "{stderr}");
    }
    for file in ["gone.yaml", "\"-\""] {
        let gone = list(&format!("{head}spec: {{valuesFiles: [{file}]}}\n"), ITEM);
        let (status, stdout, stderr) = jinnacle(&["krm"], &directory, &gone);
        assert_eq!((status, stdout.as_str()), (Some(2), ""), "{file}: {stderr}");
    }
}

#[test]
fn the_page_has_every_key_of_the_schemas() {
    let page = fs::read_to_string(example("../docs/integrations.md")).unwrap();
    for name in ["jinnaclechart", "jinnaclecheck"] {
        let text = fs::read_to_string(example(&format!("../schemas/{name}.json"))).unwrap();
        let schema: serde_json::Value = serde_json::from_str(&text).unwrap();
        let spec = schema["properties"]["spec"]["$ref"].as_str().unwrap();
        let spec = schema.pointer(spec.strip_prefix('#').unwrap()).unwrap();
        let keys = spec["properties"].as_object().unwrap().keys();
        let missing: Vec<_> = keys.filter(|key| !page.contains(&format!("`{key}`"))).collect();
        assert!(missing.is_empty(), "{name}: {missing:?}");
    }
}

/// The generate command of the plugin, as argocd-cmp-server runs it in an application's directory.
fn generate(directory: &Path, variables: &[(&str, &str)]) -> (Option<i32>, String, String) {
    let plugin = read(&fs::read_to_string(example("argocd/plugin.yaml")).unwrap());
    let words = |key: &str| -> Vec<String> {
        let list = plugin.at(&["spec", "generate", key]).and_then(Node::as_list).unwrap();
        list.iter().map(|word| word.as_str().unwrap().to_owned()).collect()
    };
    let (command, args) = (words("command"), words("args"));
    let programs = Path::new(PROGRAM).parent().unwrap().display().to_string();
    let path = std::env::var("PATH").unwrap();
    let mut command_line = Command::new(&command[0]);
    command_line
        .args(&command[1..])
        .args(args)
        .env("PATH", format!("{programs}:{path}"))
        .env("ARGOCD_APP_NAME", "bus")
        .env("ARGOCD_APP_NAMESPACE", "messaging")
        .env("KUBE_VERSION", "1.31")
        .env("KUBE_API_VERSIONS", "v1,apps/v1,monitoring.coreos.com/v1/ServiceMonitor")
        .envs(variables.iter().copied());
    told(&run(&mut command_line, directory, b""))
}

#[test]
fn the_plugin_of_argo_cd_renders_an_application() {
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join("argocd");
    fs::create_dir_all(&directory).unwrap();
    fs::write(directory.join("nats-values.yaml"), "cluster: {enabled: true}\n").unwrap();
    fs::write(directory.join("eu west.yaml"), "natsbox: {enabled: false}\n").unwrap();
    let words = [
        "template",
        "bus",
        "nats/nats",
        "-n",
        "messaging",
        "--include-crds",
        "--kube-version",
        "1.31",
        "-f",
        "nats-values.yaml",
    ];
    let plain = jinnacle(&words, &directory, "");
    assert!(plain.1.contains("kind: StatefulSet"), "{}", plain.2);
    assert_eq!(generate(&directory, &[]), plain);
    let more =
        ["-f", "eu west.yaml", "--set", "cluster.replicas=5", "--set", "nats.serverTags={a b,$c}"];
    let all = jinnacle(&[&words[..], &more].concat(), &directory, "");
    assert!(all.1.contains("replicas: 5"), "{}", all.2);
    let variables = [
        ("PARAM_VALUES_FILES_0", "nats-values.yaml"),
        ("PARAM_VALUES_FILES_1", "eu west.yaml"),
        ("PARAM_SET_0", "cluster.replicas=5"),
        ("PARAM_SET_1", "nats.serverTags={a b,$c}"),
    ];
    assert_eq!(generate(&directory, &variables), all);
    for file in ["/etc/passwd", "../argocd/nats-values.yaml", "a/../../x", ".."] {
        let (status, stdout, stderr) = generate(&directory, &[("PARAM_VALUES_FILES_0", file)]);
        assert_eq!((status, stdout.as_str()), (Some(1), ""), "{file}");
        assert!(stderr.contains("below the application only"), "{stderr}");
    }
    let (status, stdout, _) = generate(&directory, &[("PARAM_SET_0", "cluster.replicsa=5")]);
    assert_eq!((status, stdout.as_str()), (Some(1), ""));
}

#[test]
fn a_post_renderer_passes_manifests_on_byte_for_byte_or_not_at_all() {
    let directory = example("");
    let words = ["check", "--pass-through"];
    let fine = "\u{feff}---\r\n# Source: a/templates/a.yaml\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n\n\
        ---\n# nothing\n---\napiVersion: v1\nkind: Secret # odd\nmetadata:   {name: b}\n   \n";
    let (status, stdout, stderr) = jinnacle(&words, &directory, fine);
    assert_eq!((status, stdout.as_str()), (Some(0), fine), "{stderr}");
    let old = "apiVersion: v1\nkind: Endpoints\nmetadata: {name: a}\n";
    let (status, stdout, stderr) = jinnacle(&words, &directory, old);
    assert_eq!((status, stdout.as_str()), (Some(0), old), "{stderr}");
    let broken = "apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec: {ports: [{port: 0}]}\n";
    let (status, stdout, stderr) = jinnacle(&words, &directory, broken);
    assert_eq!((status, stdout.as_str()), (Some(1), ""));
    assert!(stderr.contains("--> <stdin>:4:23"), "{stderr}");
    let bytes = run(Command::new(PROGRAM).args(words), &directory, b"a: \xff\n");
    assert!(bytes.stdout.is_empty() && !bytes.status.success());
    assert_eq!(jinnacle(&["check", "--pass-through", "x.yaml"], &directory, "").0, Some(2));
    assert_eq!(jinnacle(&["check"], &directory, "").0, Some(2));
}

#[test]
fn the_post_renderer_of_template_can_be_the_check() {
    let directory = example("kustomize");
    let words = ["template", "bus", "nats/nats", "-f", "values.yaml", "--no-hooks"];
    let plain = jinnacle(&words, &directory, "");
    let (with, args) = (["--post-renderer", PROGRAM], "--post-renderer-args");
    let more = [with[0], with[1], args, "check", args, "--pass-through"];
    assert_eq!(jinnacle(&[&words[..], &more].concat(), &directory, ""), plain);
}

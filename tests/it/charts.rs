//! Charts of one's own: the example in `tests/charts/web`, rendered, linted, packed and shown, and charts that
//! are made on the spot for what is wrong in them.

use std::fs;
use std::path::{Path, PathBuf};

use jinnacle::commands;
use jinnacle::commands::Cli;
use jinnacle::diagnostic::write_full;

const WEB: &str = "tests/charts/web";

/// What the program prints: what it says of the input, then stdout.
fn printed(words: &[&str]) -> String {
    let cli = Cli::from_words(["jinnacle"].iter().chain(words)).unwrap();
    let outcome = commands::run(cli);
    let failure = outcome.failure.map_or_else(String::new, |error| format!("{error:#}\n"));
    let mut said = anstream::StripStream::new(Vec::new());
    write_full(&mut said, &outcome.diagnostics).unwrap();
    String::from_utf8(said.into_inner()).unwrap() + &failure + &outcome.stdout
}

/// A directory for one test, empty.
fn directory(name: &str) -> PathBuf {
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&directory);
    fs::create_dir_all(&directory).unwrap();
    directory
}

/// A chart `app` of the given files, below a directory for one test.
fn chart(test: &str, files: &[(&str, &str)]) -> String {
    let directory = directory(test).join("app");
    let metadata = ("Chart.yaml", "apiVersion: v2\nname: app\nversion: 1.0.0\n");
    for (path, text) in [metadata].iter().chain(files) {
        let path = directory.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    directory.to_str().unwrap().to_owned()
}

fn snapshot(name: &str, text: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(concat!(env!("CARGO_MANIFEST_DIR"), "/snapshots/charts"));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, text));
}

#[test]
fn the_example_renders() {
    snapshot("web", &printed(&["template", "shop", WEB]));
    let all = ["template", "shop", WEB, "--include-crds", "--is-upgrade", "--namespace", "shops"];
    let more = [
        "--set",
        "hosts={a.example.com,b.example.com},migration={web,migrate}",
        "--set",
        "sessions.enabled=false",
    ];
    snapshot("web-upgrade", &printed(&[&all[..], &more].concat()));
}

#[test]
fn values_are_judged_by_the_schemas_of_all_charts() {
    let set = "replicas=0,sessions.size=much,hots={a}";
    snapshot("web-invalid", &printed(&["template", "shop", WEB, "--set", set]));
}

#[test]
fn the_example_passes_lint() {
    let text = printed(&["lint", WEB, "--with-subcharts", "--strict"]);
    snapshot("web-lint", &text);
    assert!(text.ends_with("3 chart(s) linted, 0 chart(s) failed\n"), "{text}");
}

#[test]
fn lint_finds_what_helm_s_finds_and_says_where() {
    let chart = chart(
        "lint",
        &[
            (
                "Chart.yaml",
                "name: app\nversion: 1.10\nkubeVersion: '>=1.99'\nmaintainers: [{email: me}]\nicon: x\n",
            ),
            ("charts/other/Chart.yaml", "apiVersion: v2\nname: other\nversion: 1.0.0\n"),
            (
                "templates/a.yaml.j2",
                "apiVersion: v1\nkind: A\nmetadata: {name: a}\nx: {{ required(\"needs x\", values.x) }}\n",
            ),
            ("templates/b.yaml", "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: B\n"),
            (
                "templates/c.yaml",
                "  apiVersion: policy/v1beta1\n  kind: PodDisruptionBudget\n  metadata: {name: c}\n",
            ),
            ("templates/d.conf", "kind: D\n"),
        ],
    );
    let text = printed(&["lint", &chart]).replace(&chart, "app");
    snapshot("lint", &text);
    assert!(text.starts_with("error[lint/failed]: 1 chart(s) linted, 1 chart(s) failed"), "{text}");
}

#[test]
fn an_archive_is_the_same_each_time_and_renders_as_its_folder() {
    let directory = directory("package");
    let pack = |name: &str| {
        let into = directory.join(name);
        let said = printed(&["package", WEB, "-d", into.to_str().unwrap()]);
        let archive = into.join("web-1.4.0.tgz");
        assert_eq!(
            said,
            format!("Successfully packaged chart and saved it to: {}\n", archive.display())
        );
        archive
    };
    let (one, two) = (pack("one"), pack("two"));
    assert_eq!(fs::read(&one).unwrap(), fs::read(two).unwrap());
    let one = one.to_str().unwrap();
    assert_eq!(printed(&["template", "shop", one]), printed(&["template", "shop", WEB]));
    let again = printed(&["package", one, "-d", directory.to_str().unwrap(), "--version", "2.0.0"]);
    assert!(again.ends_with("web-2.0.0.tgz\n"), "{again}");
    let renamed = directory.join("web-2.0.0.tgz");
    assert!(printed(&["show", "chart", renamed.to_str().unwrap()]).contains("\nversion: 2.0.0\n"));
}

#[test]
fn parts_of_the_example_are_shown() {
    let values = fs::read_to_string(format!("{WEB}/values.yaml")).unwrap();
    assert_eq!(printed(&["show", "values", WEB]), format!("{values}\n"));
    assert_eq!(
        printed(&["show", "values", WEB, "--jsonpath", "{.image.repository}"]),
        "registry.example.com/web"
    );
    assert_eq!(printed(&["show", "readme", WEB]), "# web\n\nServes pages.\n\n");
    assert!(printed(&["show", "schema", WEB]).starts_with("{\n  \"$schema\""));
    let all = printed(&["inspect", "all", WEB]);
    assert_eq!(all.matches("\n---\n").count(), 3, "{all}");
    snapshot("web-chart", &printed(&["show", "chart", WEB]));
    snapshot("web-dependencies", &printed(&["dependency", "list", WEB]));
}

#[test]
fn a_built_in_chart_shows_its_commented_defaults() {
    let values = fs::read_to_string("values/nats.yaml").unwrap();
    assert_eq!(printed(&["show", "values", "nats/nats"]), format!("{values}\n"));
    assert_eq!(
        printed(&["show", "schema", "nats/nats"]),
        fs::read_to_string("schemas/nats.json").unwrap()
    );
}

#[test]
fn a_new_chart_passes_lint_and_renders() {
    let chart = directory("create").join("shop");
    let chart = chart.to_str().unwrap();
    assert_eq!(printed(&["create", chart]), format!("Creating {chart}\n"));
    let linted = printed(&["lint", chart, "--strict"]);
    assert!(linted.ends_with("1 chart(s) linted, 0 chart(s) failed\n"), "{linted}");
    snapshot("create", &printed(&["template", "my", chart, "--set-string", "env.PORT=80"]));
    assert!(printed(&["create", chart]).contains("already exists"));
    assert!(printed(&["create", "Not_A_Name"]).contains("invalid chart name"));
}

#[test]
fn chart_yaml_is_read_as_strictly_as_helm_does() {
    for (line, message) in [
        ("type: library", "`app` is a library, and makes nothing by itself"),
        ("keywords: a", "`keywords`: expected a list, found a string"),
        ("sources: [[a]]", "`sources`: expected strings, found a list"),
        ("annotations: {a: [1]}", "`annotations`: expected strings, found a list"),
        ("maintainers: [x]", "an entry of `maintainers`: expected a map, found a string"),
        ("description: [a]", "`description`: expected a string, found a list"),
        ("kubeVersion: '>=1.25,'", "invalid version constraint `>=1.25,`"),
    ] {
        let text = format!("apiVersion: v2\nname: app\nversion: 1.0.0\n{line}\n");
        let directory = chart("strict", &[("Chart.yaml", &text)]);
        let said = printed(&["template", "r", &directory]);
        assert!(said.contains(message) && said.contains("Chart.yaml:4:"), "{line}: {said}");
    }
}

#[test]
fn an_error_in_what_a_template_makes_points_at_the_template_and_the_value() {
    let chart = chart(
        "cause",
        &[
            ("values.yaml", "name: x\nextra: [a, b]\n"),
            ("templates/a.yaml.j2", "{% if values.extra %}\n{{ values.extra }}\n{% endif %}\n"),
            (
                "templates/b.yaml.j2",
                "{% if values.name %}\nkind: B\nname: {{ values.name }}\nx: \"open\n{% endif %}\n",
            ),
            ("templates/c.yaml", "a: 1\n---\nb: [1\n"),
        ],
    );
    let said = printed(&["template", "r", &chart]);
    for place in ["a.yaml.j2:2:4", "values.yaml:2:8", "b.yaml.j2:4:", "c.yaml:3:4"] {
        assert!(said.contains(place), "{place}: {said}");
    }
}

#[test]
fn partials_of_the_whole_release_are_found_by_the_names_of_charts() {
    let library = "{% import \"_words.j2\" as words %}{% macro name() %}{{ chart.name }}-{{ words.end() }}{% endmacro %}\n";
    let chart = chart(
        "partials",
        &[
            ("templates/_pod.yaml.j2", "pod: {{ release.name }}\n"),
            ("charts/lib/Chart.yaml", "apiVersion: v2\nname: lib\nversion: 0.1.0\ntype: library\n"),
            ("charts/lib/templates/_names.j2", library),
            ("charts/lib/templates/_words.j2", "{% macro end() %}end{% endmacro %}\n"),
            ("charts/sub/Chart.yaml", "apiVersion: v2\nname: sub\nversion: 0.1.0\n"),
            (
                "charts/sub/templates/a.yaml.j2",
                "{% import \"lib/_names.j2\" as names %}\napiVersion: example.com/v1\nkind: A\nmetadata:\n  name: {{ names.name() }}\n{% include \"app/_pod.yaml.j2\" %}\n",
            ),
        ],
    );
    assert_eq!(
        printed(&["template", "r", &chart]),
        "---\n# Source: app/charts/sub/templates/a.yaml\napiVersion: example.com/v1\nkind: A\nmetadata:\n  name: sub-end\npod: r\n"
    );
}

#[test]
fn the_context_has_helm_s_fields() {
    let chart = chart(
        "context",
        &[
            ("values.yaml", "x: 1\nsub: {port: 2}\n"),
            ("conf/a.ini", "a\nb\n"),
            ("charts/sub/Chart.yaml", "apiVersion: v2\nname: sub\nversion: 0.1.0\n"),
            ("templates/a.yaml.j2", include_str!("../charts/context.yaml.j2")),
        ],
    );
    snapshot("context", &printed(&["template", "r", &chart, "-n", "ns", "-a", "my/v1"]));
}

#[test]
fn templates_draw_apart_from_each_other() {
    let drawing = "apiVersion: v1\nkind: Secret\nmetadata: {name: a}\nstringData:\n  password: {{ rand_alpha_num(16) }}\n";
    let files = [("templates/a.yaml.j2", drawing), ("templates/b.yaml.j2", drawing)];
    let printed = printed(&["template", "r", &chart("draw", &files), "--seed", "x"]);
    let drawn: Vec<&str> =
        printed.lines().filter_map(|line| line.trim().strip_prefix("password: ")).collect();
    assert!(drawn.len() == 2 && drawn[0] != drawn[1], "{printed}");
}

/// A chart of Go templates with a subchart, a library of definitions and values that are changed on the way.
const GO: [(&str, &str); 6] = [
    (
        "values.yaml",
        "image: {repository: nginx}\ntext: hello\nport: \"80\"\nsize: 1000000\nweb:\n  on: true\n",
    ),
    (
        "templates/_names.tpl",
        "{{- define \"app.labels\" -}}\napp: {{ .Chart.Name }}\nrelease: {{ .Release.Name | quote }}\n{{- end }}\n{{- define \"app.deep\" -}}\n{{ include \"app.tag\" . }}\n{{- end }}\n{{- define \"app.tag\" -}}\ntag: {{ .Values.image.tagg.name }}\n{{- end }}\n",
    ),
    (
        "templates/map.yaml",
        "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{ .Release.Name }}-map\n  labels:\n    {{- include \"app.labels\" . | nindent 4 }}\ndata:\n  size: {{ .Values.size | quote }}\n  all: |\n    {{- toYaml .Values.image | nindent 4 }}\n",
    ),
    ("charts/web/Chart.yaml", "apiVersion: v2\nname: web\nversion: 0.1.0\n"),
    ("charts/web/values.yaml", "replicas: 2\n"),
    (
        "charts/web/templates/deployment.yaml",
        "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: web\ndata:\n  replicas: \"{{ .Values.replicas }}\"\n  on: \"{{ .Values.true }}\"\n",
    ),
];

#[test]
fn go_templates_render() {
    let app = chart("go", &GO);
    let printed = |words: &[&str]| printed(words).replace(&app, "app");
    snapshot("go", &printed(&["template", "shop", &app]));
    snapshot("go-helm-3", &printed(&["template", "shop", &app, "--helm-version", "3"]));
}

#[test]
fn faults_of_go_templates_are_shown_at_their_places() {
    let faults = [
        ("templates/chain.yaml", "{{ include \"app.deep\" . }}\n"),
        ("templates/scalar.yaml", "name: {{ .Values.text.x }}\n"),
        ("templates/type.yaml", "x: {{ add .Values.port 1 | upper }}\n"),
        ("templates/required.yaml", "x: {{ required \"set `name`\" .Values.name }}\n"),
        ("templates/missing.yaml", "x: {{ include \"nothing\" . }}\n"),
    ];
    let files: Vec<_> = GO.iter().chain(&faults).copied().collect();
    let app = chart("go-faults", &files);
    let printed = |words: &[&str]| printed(words).replace(&app, "app");
    snapshot("go-faults", &printed(&["template", "shop", &app]));
    let app = &chart(
        "go-syntax",
        &[
            GO[0],
            ("templates/a.yaml", "{{ if }}\n"),
            ("templates/b.yaml", "x: 1\n{{ nothing 1 }}\n"),
        ],
    );
    snapshot(
        "go-syntax",
        &printed(&["template", "shop", app, "--debug"]).replace(app.as_str(), "app"),
    );
    let output = (
        "templates/out.yaml",
        "kind: X\nlist:\n  - {{ .Values.text }}\n   bad: [{{ .Values.port }}\n",
    );
    let app = &chart("go-output", &[GO[0], output]);
    snapshot("go-output", &printed(&["template", "shop", app]).replace(app.as_str(), "app"));
}

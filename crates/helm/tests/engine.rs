//! The order in which files are rendered, what they see, and which definition wins.

use bumpalo::Bump;
use go_template::value::Map;
use go_template::{Limits, Runtime, Value};
use jinnacle_functions::time::Moment;
use jinnacle_functions::yaml;
use jinnacle_helm::engine::{self, ChartTree, File, Input};
use jinnacle_helm::objects::{Capabilities, Chart, Release};
use jinnacle_helm::{HelmVersion, Host, from_tree, functions};

fn chart(
    name: &str,
    templates: &[(&'static str, &str)],
    children: Vec<ChartTree<'static>>,
) -> ChartTree<'static> {
    ChartTree {
        metadata: Chart { name: name.to_owned(), version: "1.0.0".to_owned(), ..Chart::default() },
        templates: templates
            .iter()
            .map(|(name, text)| File {
                name: format!("templates/{name}").leak(),
                bytes: (*text).to_owned().leak().as_bytes(),
            })
            .collect(),
        files: vec![File { name: "README.md", bytes: b"read me" }],
        children,
    }
}

/// Each file as `name: text`, or the line of the failure.
fn render(chart: ChartTree<'static>, values: &str) -> Result<Vec<String>, String> {
    let arena = Bump::new();
    let host = Host::new(HelmVersion::THREE, Moment::at(0), "seed");
    let functions = functions(HelmVersion::THREE);
    let mut rt = Runtime::new(&arena, &functions, &host, Limits::default());
    let values = match from_tree(&rt, &yaml::read(values.as_bytes()).unwrap()) {
        Value::Map(map, _) => map,
        _ => Map::new(&arena),
    };
    let input = Input {
        chart: arena.alloc(chart),
        values,
        release: arena.alloc(Release {
            name: "r".to_owned(),
            namespace: "ns".to_owned(),
            revision: 1,
            is_upgrade: false,
        }),
        capabilities: arena.alloc(Capabilities::default()),
        version: HelmVersion::THREE,
    };
    let outcome = engine::render(&mut rt, input);
    if let Some(failure) = outcome.failures.first() {
        return Err(failure.to_string());
    }
    Ok(outcome
        .rendered
        .iter()
        .map(|file| format!("{}: {}", file.name, String::from_utf8_lossy(&file.text)))
        .collect())
}

#[test]
fn the_deepest_files_come_first_and_share_their_values() {
    let set = |by: &str| format!("{{{{ $_ := set .Values \"n\" \"{by}\" }}}}{{{{ .Values.s }}}}");
    let sub = chart("s", &[("b.yaml", &set("b")), ("_x.yaml", "never")], Vec::new());
    let tree = chart(
        "t",
        &[("a.yaml", "{{ .Values.n }}{{ .Values.s.n }}"), ("z.yaml", &set("z"))],
        vec![sub],
    );
    assert_eq!(
        render(tree, "q: 1\ns: {q: 2}").unwrap(),
        [
            "t/charts/s/templates/b.yaml: ",
            "t/templates/z.yaml: map[n:b q:2]",
            "t/templates/a.yaml: zb"
        ]
    );
}

#[test]
fn the_definition_that_is_parsed_last_wins() {
    let define = |by: &str| format!("{{{{ define \"x\" }}}}{by}{{{{ end }}}}");
    let s1 = chart("s1", &[("_a.tpl", &define("s1"))], Vec::new());
    let s2 = chart("s2", &[("_a.tpl", &define("s2"))], Vec::new());
    let show = ("x.yaml", "{{ include \"x\" . }}");
    let both = chart("t", &[show], vec![s1.clone(), s2]);
    assert_eq!(render(both, "").unwrap(), ["t/templates/x.yaml: s1"]);
    let own = [show, ("_b.tpl", &*define("b")), ("_a.tpl", &*define("a"))];
    assert_eq!(render(chart("t", &own, vec![s1]), "").unwrap(), ["t/templates/x.yaml: a"]);
}

#[test]
fn charts_see_their_part_and_library_charts_only_define() {
    let mut library = chart(
        "l",
        &[("x.yaml", "{{ no template"), ("_l.tpl", "{{ define \"l\" }}L{{ end }}")],
        Vec::new(),
    );
    library.metadata.kind = "library".to_owned();
    let text = "{{ include \"l\" . }} {{ .Values.a }} {{ .Chart.Name }} {{ .Template.BasePath }} {{ .Files.Get \"README.md\" }} {{ .Release.Name }}{{ .Values.none }}";
    let sub = chart("s", &[("y.yaml", text)], Vec::new());
    let root = ("z.yaml", "{{ .Subcharts.s.Chart.Name }} {{ .Values.global }}");
    assert_eq!(
        render(chart("t", &[root], vec![library, sub]), "s: {a: 1}\na: 2").unwrap(),
        [
            "t/charts/s/templates/y.yaml: L 1 s t/charts/s/templates read me r",
            "t/templates/z.yaml: s "
        ]
    );
}

#[test]
fn failures_are_helms_lines() {
    for (text, line) in [
        ("a\n{{ .Values.s ", "parse error at (t/templates/x.yaml:2): unclosed action"),
        ("{{ fail \"stop\" }}", "execution error at (t/templates/x.yaml:1:3): stop"),
        (
            "{{ .Values.a.b.c }}",
            "template: t/templates/x.yaml:1:10: executing \"t/templates/x.yaml\" at <.Values.a.b.c>: nil pointer evaluating interface {}.c",
        ),
    ] {
        assert_eq!(render(chart("t", &[("x.yaml", text)], Vec::new()), "a: {}").unwrap_err(), line);
    }
}

#[test]
fn a_map_that_holds_itself_ends() {
    let text = "{{ $d := dict }}{{ $_ := set $d \"d\" $d }}[{{ toYaml $d }}{{ toJson $d }}]";
    let tree = chart("t", &[("x.yaml", text)], Vec::new());
    let deep = std::thread::Builder::new().stack_size(256 << 20).spawn(move || render(tree, ""));
    assert_eq!(deep.unwrap().join().unwrap().unwrap(), ["t/templates/x.yaml: []"]);
}

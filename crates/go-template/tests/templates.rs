//! Whole templates. The expected strings are what Go 1.26 prints.

use bumpalo::Bump;
use go_template::{
    Fault, Function, Functions, Limit, Limits, MissingKey, Runtime, Value,
    error::Cause,
    value::{
        Func, INTS, Kind, LIST, List, ListType, Map, MapType, ObjectType, Origin, STRING_MAP,
        STRINGS, Struct, Type, UintType,
    },
    with_stack,
};

fn include<'a>(rt: &mut Runtime<'a>, args: &[Value<'a>]) -> Result<Value<'a>, Fault> {
    rt.execute(args[0].text(), args[1]).map(Value::Str)
}

fn tpl<'a>(rt: &mut Runtime<'a>, args: &[Value<'a>]) -> Result<Value<'a>, Fault> {
    rt.execute_text("inner", args[0].text(), args[1])
        .map(Value::Str)
        .map_err(|fault| fault.context("tpl: "))
}

fn dict<'a>(rt: &mut Runtime<'a>, args: &[Value<'a>]) -> Result<Value<'a>, Fault> {
    let map = rt.new_map();
    for pair in args.chunks_exact(2) {
        map.insert(pair[0].text(), pair[1]);
    }
    Ok(Value::map(map))
}

fn set<'a>(_: &mut Runtime<'a>, args: &[Value<'a>]) -> Result<Value<'a>, Fault> {
    if let Value::Map(map, _) = args[0] {
        map.set(args[1].text(), args[2])?;
    }
    Ok(args[0])
}

static FUNCTIONS: &[Function] = &[
    Function::new("include", &[Type::String, Type::Any], include),
    Function::new("tpl", &[Type::String, Type::Any], tpl),
    Function::variadic("dict", &[Type::Any], dict),
    Function::variadic("list", &[Type::Any], |rt, args| Ok(rt.list(args.iter().copied()))),
    Function::new("set", &[Type::MAP, Type::String, Type::Any], set),
    Function::new("upper", &[Type::String], |rt, args| {
        Ok(rt.string(args[0].text().to_ascii_uppercase()))
    }),
    Function::new("inc", &[Type::INT], |_, args| Ok(Value::int(args[0].integer() + 1))),
    Function::new("u64", &[Type::Uint(UintType::Uint64)], |_, args| Ok(args[0])),
    Function::new("half", &[Type::Float], |_, args| Ok(args[0])),
    Function::new("flag", &[Type::Bool], |_, args| Ok(args[0])),
    Function::new("on", &[Type::Object(&POINT)], |_, args| Ok(args[0])),
    Function::new("fail", &[Type::String], |_, args| {
        Err(Fault::Fail(String::from_utf8_lossy(args[0].text()).into_owned()))
    }),
];

static METHODS: &[Function] = &[Function::new("Has", &[Type::String], |_, args| {
    let wanted = args[1].text();
    Ok(Value::Bool(match args[0] {
        Value::List(list) => list.values().any(|value| value.text() == wanted),
        Value::Map(map, _) => map.contains(wanted),
        _ => false,
    }))
})];
static SET: ListType = ListType { name: "x.Set", elem: Type::String, methods: METHODS };
static VALUES: MapType = MapType { name: "x.Values", elem: Type::Any, methods: METHODS };
static POINT: ObjectType = ObjectType { name: "x.Point", kind: Kind::Struct, methods: &[] };
static POINTER: ObjectType = ObjectType { name: "*x.Point", kind: Kind::Ptr, methods: &[] };
static UPPER: Function = Function::new("upper", &[Type::String], |rt, args| {
    Ok(rt.string(args[0].text().to_ascii_uppercase()))
});

fn list<'a>(arena: &'a Bump, ty: &'static ListType, values: Vec<Value<'a>>) -> Value<'a> {
    Value::List(List::new(
        arena,
        ty,
        arena.alloc_slice_fill_iter(values.into_iter().map(Into::into)),
    ))
}

fn map<'a>(
    arena: &'a Bump,
    ty: &'static MapType,
    entries: Vec<(&'static str, Value<'a>)>,
) -> Value<'a> {
    let map = Map::new(arena);
    for (at, (key, value)) in entries.into_iter().enumerate() {
        map.insert_from(key.as_bytes(), value, Origin(at as u32));
    }
    Value::Map(map, ty)
}

fn values(arena: &Bump) -> Value<'_> {
    let text = Value::str;
    let point = |ty| {
        let fields =
            arena.alloc([("X", Value::int(1)), ("Y", Value::str("two")), ("hidden", Value::Nil)]);
        Value::Object(arena.alloc(Struct { ty, fields, embedded: &[] }))
    };
    map(
        arena,
        &VALUES,
        vec![
            ("s", text("Hello")),
            ("e", text("")),
            ("n", Value::Float(8_388_608.0)),
            ("i", Value::int(7)),
            ("u", Value::Uint(5, UintType::Uint64)),
            ("t", Value::Bool(true)),
            ("nil", Value::Nil),
            ("list", list(arena, &LIST, vec![text("b"), text("a"), Value::Nil])),
            ("none", list(arena, &LIST, vec![])),
            ("ss", list(arena, &STRINGS, vec![text("x"), text("y")])),
            ("ii", list(arena, &INTS, vec![Value::int(3), Value::int(1)])),
            ("set", list(arena, &SET, vec![text("v1")])),
            (
                "map",
                map(
                    arena,
                    &go_template::value::MAP,
                    vec![("b", Value::Float(2.0)), ("a", text("one")), ("_", Value::Nil)],
                ),
            ),
            ("strings", map(arena, &STRING_MAP, vec![("k", text("v"))])),
            ("point", point(&POINT)),
            ("pointer", point(&POINTER)),
            (
                "func",
                Value::Func(arena.alloc(Func {
                    type_name: "func(string) string",
                    function: &UPPER,
                    receiver: None,
                })),
            ),
            ("bytes", Value::Bytes(b"ab")),
        ],
    )
}

fn run_with(text: &str, missing_key: MissingKey, limits: Limits) -> Result<String, Fault> {
    let arena = Bump::new();
    let functions = Functions::new(&[FUNCTIONS]);
    let mut rt = Runtime::new(&arena, &functions, &(), limits);
    rt.set_missing_key(missing_key);
    let text = arena.alloc_str(text);
    rt.parse("f", text.as_bytes())
        .map_err(|error| Fault::Syntax { before: String::new(), error: Box::new(error) })?;
    let mut out = Vec::new();
    rt.run(b"f", values(&arena), &mut out)?;
    Ok(String::from_utf8_lossy(&out).into_owned())
}

fn run(text: &str) -> String {
    match run_with(text, MissingKey::Zero, Limits::default()) {
        Ok(out) => out,
        Err(Fault::Template { error, .. }) => format!(
            "! {}",
            error.to_string().replace("template: f:", "").replace("executing \"f\" at ", "")
        ),
        Err(Fault::Syntax { error, .. }) => format!("! {error}"),
        Err(other) => format!("! {other:?}"),
    }
}

fn check(cases: &[(&str, &str)]) {
    for (template, expected) in cases {
        assert_eq!(run(template), *expected, "{template}");
    }
}

#[test]
fn actions() {
    check(&[
        ("a {{- 1 -}} b", "a1b"),
        ("{{/* c */}}x{{- /* c */ -}} y", "xy"),
        ("{{if .t}}1{{else}}2{{end}}{{if .e}}1{{else if .i}}3{{else}}2{{end}}", "13"),
        (
            "{{with .s}}{{.}}{{end}}{{with .e}}{{.}}{{else}}no{{end}}{{with .e}}1{{else with .i}}{{.}}{{end}}",
            "Hellono7",
        ),
        ("{{range .list}}[{{.}}]{{end}}", "[b][a][<no value>]"),
        ("{{range $k, $v := .map}}{{$k}}={{$v}};{{end}}", "_=<no value>;a=one;b=2;"),
        (
            "{{range $i := 3}}{{$i}}{{end}}{{range .none}}{{else}}empty{{end}}{{range .nope}}{{else}}nil{{end}}",
            "012emptynil",
        ),
        (
            "{{range .ii}}{{if eq . 1}}{{break}}{{end}}{{.}}{{end}}{{range 4}}{{if eq . 1}}{{continue}}{{end}}{{.}}{{end}}",
            "3023",
        ),
        ("{{$x := 1}}{{if true}}{{$x := 2}}{{end}}{{$x}}{{if true}}{{$x = 3}}{{end}}{{$x}}", "13"),
        ("{{$a := 0}}{{range $a = .ii}}{{end}}{{$a}}", "1"),
        ("{{range 2}}{{range $.nope}}{{else}}a{{break}}b{{end}}c{{end}}", "acac"),
        ("{{range 2}}{{range $.nope}}{{else}}a{{continue}}b{{end}}c{{end}}", "aa"),
        ("{{($x := 1)}}{{$x}}", "11"),
        (
            "{{define \"d\"}}<{{.}}{{$}}>{{end}}{{template \"d\" .s}}{{template \"d\"}}",
            "<HelloHello><<no value><no value>>",
        ),
        ("{{block \"b\" .i}}({{.}}){{end}}{{template \"b\" 8}}", "(7)(8)"),
        ("{{range 2}}{{range 3}}{{if eq . 1}}{{break}}{{end}}{{.}}{{end}}-{{end}}", "0-0-"),
    ]);
}

#[test]
fn pipelines_and_literals() {
    check(&[
        ("{{ \"a\" | printf \"%s-%s\" \"x\" | printf \"%q\" }}", "\"x-a\""),
        (
            "{{ 0x10 }} {{ 0b11 }} {{ 0o17 }} {{ 017 }} {{ 1_000 }} {{ 1e3 }} {{ 0x1p4 }} {{ 'a' }} {{ `a\\n` }} {{ \"\\u00e9\\x41\" }}",
            "16 3 15 15 1000 1000 16 97 a\\n éA",
        ),
        (
            "{{ (index .map \"a\") }} {{ (dict \"a\" (dict \"b\" 1)).a.b }} {{ len .s }} {{ .s | len }}",
            "one 1 5 5",
        ),
        (
            "{{ and 1 0 2 }} {{ or 0 \"\" \"x\" }} {{ and .nope .nope.x }} {{ or nil \"d\" }} {{ not 0 }}",
            "0 x <no value> d true",
        ),
        (
            "{{ eq 1 2 1 }} {{ eq .i .u }} {{ lt 1.5 2.5 }} {{ ne .s .e }} {{ ge .u .i }} {{ eq .nil nil }} {{ eq .nope \"a\" }}",
            "true false true true false true false",
        ),
        (
            "{{ slice .s 1 3 }} {{ slice .ss 1 }} {{ index .s 1 }} {{ index .strings \"z\" }}|",
            "el [y] 101 |",
        ),
        (
            "{{ html \"<a>\" }} {{ js \"'=\" }} {{ urlquery \"a b/\" }} {{ print 1 2 \"x\" 3 }} {{ println 1 }}|",
            "&lt;a&gt; \\'\\u003D a+b%2F 1 2x3 1\n|",
        ),
        (
            "{{ call .func \"a\" }} {{ .set.Has \"v1\" }} {{ $.Has \"s\" }} {{ \"q\" | .set.Has }}",
            "A true true false",
        ),
        (
            "{{ .point }} {{ .pointer }} {{ .point.Y }} {{ printf \"%+v %v\" .point .pointer }}",
            "{1 two <nil>} {1 two <nil>} two {X:1 Y:two hidden:<nil>} &{1 two <nil>}",
        ),
        (
            "{{ .map }} {{ .bytes }} {{ .list }} {{ printf \"%T %T %T\" . .set .n }}",
            "map[_:<nil> a:one b:2] [97 98] [b a <nil>] x.Values x.Set float64",
        ),
        (
            "{{ $m := dict \"a\" 1 }}{{ $n := $m }}{{ $_ := set $m \"a\" 2 }}{{ $n.a }}{{ $_ := set . \"new\" 1 }}{{ .new }}{{ printf \"%T\" $_ }}",
            "21map[string]interface {}",
        ),
        (
            "{{ range $k, $v := .map }}{{ $_ := set $.map (print $k 1) 1 }}{{ end }}{{ len .map }}",
            "6",
        ),
        ("{{ on .pointer }}", "{1 two <nil>}"),
    ]);
}

#[test]
fn templates_within_templates() {
    check(&[
        ("{{ define \"h\" }}<{{ .nope }}>{{ end }}{{ include \"h\" . | len }}", "12"),
        (
            "{{ tpl \"{{ .s }}{{ define \\\"q\\\" }}Q{{ end }}{{ template \\\"q\\\" }}\" . }}",
            "HelloQ",
        ),
        (
            "{{ $_ := tpl \"{{ define \\\"q\\\" }}Q{{ end }}\" . }}{{ include \"q\" . }}",
            "! 1:51: <include \"q\" .>: error calling include: template: no template \"q\" associated with template \"gotpl\"",
        ),
        (
            "{{ define \"q\" }}1{{ end }}{{ tpl \"{{ define \\\"q\\\" }}2{{ end }}{{ template \\\"q\\\" }}\" . }}{{ template \"q\" }}",
            "21",
        ),
        (
            "{{ tpl \"{{ .s \" . }}",
            "! 1:3: <tpl \"{{ .s \" .>: error calling tpl: tpl: template: inner:1: unclosed action",
        ),
        (
            "\n{{ define \"h\" }}\n{{ .a.b.c }}{{ end }}{{ include \"h\" (dict \"a\" nil) }}",
            "! 3:24: <include \"h\" (dict \"a\" nil)>: error calling include: 3:5: executing \"h\" at <.a.b.c>: nil pointer evaluating interface {}.b",
        ),
    ]);
}

#[test]
fn errors_name_the_node() {
    check(&[
        ("{{ .nope.x }}", "! 1:8: <.nope.x>: nil pointer evaluating interface {}.x"),
        ("{{ ((.nope).a).b }}", "<no value>"),
        ("{{ .s.x }}", "! 1:5: <.s.x>: can't evaluate field x in type interface {}"),
        ("{{ (.s).x }}", "! 1:4: <.s>: can't evaluate field x in type string"),
        ("{{ .point.Z }}", "! 1:9: <.point.Z>: can't evaluate field Z in type interface {}"),
        (
            "{{ .point.hidden }}",
            "! 1:9: <.point.hidden>: hidden is an unexported field of struct type interface {}",
        ),
        ("{{ upper 5 }}", "! 1:9: <5>: expected string; found 5"),
        ("{{ upper .n }}", "! 1:9: <.n>: wrong type for value; expected string; got float64"),
        (
            "{{ upper .nope }}",
            "! 1:9: <.nope>: wrong type for value; expected string; got interface {}",
        ),
        ("{{ .nope | upper }}", "! 1:11: <upper>: invalid value; expected string"),
        ("{{ upper nil }}", "! 1:9: <nil>: cannot assign nil to string"),
        ("{{ upper }}", "! 1:3: <upper>: wrong number of args for upper: want 1 got 0"),
        ("{{ printf }}", "! 1:3: <printf>: wrong number of args for printf: want at least 1 got 0"),
        ("{{ inc \"a\" }}", "! 1:7: <\"a\">: expected integer; found \"a\""),
        ("{{ u64 -1 }}", "! 1:7: <-1>: expected unsigned integer; found -1"),
        ("{{ half \"a\" }}", "! 1:8: <\"a\">: expected float; found \"a\""),
        ("{{ flag 1 }}", "! 1:8: <1>: expected bool; found 1"),
        (
            "{{ set 5 \"a\" 1 }}",
            "! 1:7: <5>: can't handle 5 for arg of type map[string]interface {}",
        ),
        (
            "{{ set .nil \"a\" 1 }}",
            "! 1:7: <.nil>: wrong type for value; expected map[string]interface {}; got interface {}",
        ),
        (
            "{{ set nil \"a\" 1 }}",
            "! 1:3: <set nil \"a\" 1>: error calling set: assignment to entry in nil map",
        ),
        (
            "{{ eq .n 1 }}",
            "! 1:3: <eq .n 1>: error calling eq: incompatible types for comparison: float64 and int",
        ),
        (
            "{{ eq .map .map }}",
            "! 1:3: <eq .map .map>: error calling eq: non-comparable type map[_:<nil> a:one b:%!s(float64=2)]: map[string]interface {}",
        ),
        ("{{ lt nil 1 }}", "! 1:3: <lt nil 1>: error calling lt: invalid type for comparison"),
        (
            "{{ len nil }}",
            "! 1:3: <len nil>: error calling len: reflect: call of reflect.Value.Type on zero Value",
        ),
        (
            "{{ index .list 5 }}",
            "! 1:3: <index .list 5>: error calling index: index out of range: 5",
        ),
        (
            "{{ index .list 3 }}",
            "! 1:3: <index .list 3>: error calling index: reflect: slice index out of range",
        ),
        ("{{ nil }}", "! 1:3: <nil>: nil is not a command"),
        ("{{ 1 2 }}", "! 1:3: <1>: can't give argument to non-function 1"),
        ("{{ .s 1 }}", "! 1:3: <.s>: s is not a method but has arguments"),
        (
            "{{ 18446744073709551615 }}",
            "! 1:3: <18446744073709551615>: 18446744073709551615 overflows int",
        ),
        ("\n\n  {{ $zz = 1 }}", "! 3:11: <1>: undefined variable: $zz"),
        ("{{ range .s }}{{ end }}", "! 1:9: <.s>: range can't iterate over Hello"),
        (
            "{{ range $i, $j := 2 }}{{ end }}",
            "! 1:19: <2>: can't use 2 to iterate over more than one variable",
        ),
        (
            "{{ template \"zz\" .s }}",
            "! 1:12: <{{template \"zz\" .s}}>: template \"zz\" not defined",
        ),
        ("{{ call .s }}", "! 1:3: <call .s>: error calling call: non-function .s of type string"),
        (
            "{{ call .func }}",
            "! 1:3: <call .func>: error calling call: wrong number of args for .func: got 0 want 1",
        ),
        ("{{ .func }}", "! 1:3: <{{.func}}>: can't print {{.func}} of type func(string) string"),
    ]);
}

#[test]
fn missing_keys() {
    let with =
        |missing_key| match run_with("{{ .nope }} {{ .nope.x }}", missing_key, Limits::default()) {
            Ok(out) => out,
            Err(Fault::Template { error, .. }) => error.message,
            Err(_) => String::new(),
        };
    assert_eq!(with(MissingKey::Nothing), "<no value> <no value>");
    assert_eq!(with(MissingKey::Zero), "nil pointer evaluating interface {}.x");
    assert_eq!(with(MissingKey::Error), "map has no entry for key \"nope\"");
}

#[test]
fn errors_are_data() {
    let error = |text| match run_with(text, MissingKey::Zero, Limits::default()) {
        Err(Fault::Template { error, .. }) => *error,
        other => panic!("{other:?}"),
    };
    let nil = error("{{ .nil.x }}");
    assert_eq!(nil.cause, Cause::NilPointer { field: "x".into() });
    assert_eq!(nil.origin, Origin(6));
    let fail = error("{{ define \"h\" }}{{ fail \"no\" }}{{ end }}a\n b{{ include \"h\" . }}");
    assert_eq!((&fail.cause, fail.message.as_str()), (&Cause::Fail, "no"));
    let outermost = fail.outermost().unwrap();
    assert_eq!(
        (outermost.line, outermost.column, outermost.node.as_str()),
        (2, 5, "include \"h\" .")
    );
}

#[test]
fn output_leads_back_to_the_template() {
    let arena = Bump::new();
    let functions = Functions::new(&[FUNCTIONS]);
    let mut rt = Runtime::new(&arena, &functions, &(), Limits::default());
    rt.parse("f", b"{{ define \"d\" }}d{{ end }}ab{{ .s }}{{ template \"d\" }}").unwrap();
    let mut out = Vec::new();
    let marks = rt.run_marked(b"f", values(&arena), &mut out).unwrap();
    let marks: Vec<_> =
        marks.iter().map(|mark| (mark.output, mark.offset, mark.template.name)).collect();
    assert_eq!(out, b"abHellod");
    assert_eq!(marks, [(0, 26, &b"f"[..]), (2, 31, b"f"), (7, 16, b"d")]);
}

fn limit(text: &str, limits: Limits) -> Option<Limit> {
    match run_with(text, MissingKey::Zero, limits) {
        Err(Fault::Template { error, .. }) => match error.cause {
            Cause::Limit(limit) => Some(limit),
            _ => None,
        },
        _ => None,
    }
}

#[test]
fn templates_nest_as_deep_as_in_go() {
    let error = run("{{ define \"t\" }}{{ template \"t\" . }}{{ end }}{{ template \"t\" . }}");
    assert_eq!(
        error,
        "! 1:28: executing \"t\" at <{{template \"t\" .}}>: exceeded maximum template depth (100000)"
    );
}

#[test]
fn runs_are_bounded() {
    with_stack(|| {
        let small = Limits { steps: 100_000, output: 10_000, memory: 10 << 20, depth: 1_500 };
        assert_eq!(
            limit("{{ range 1000000 }}{{ range 1000000 }}{{ end }}{{ end }}", small),
            Some(Limit::Steps)
        );
        assert_eq!(limit("{{ range 1000000 }}0123456789{{ end }}", small), Some(Limit::Output));
        assert_eq!(
            limit("{{ define \"r\" }}{{ include \"r\" . }}{{ end }}{{ include \"r\" . }}", small),
            Some(Limit::Depth)
        );
        assert_eq!(
            limit(
                "{{ define \"r\" }}{{ tpl \"{{ include \\\"r\\\" . }}\" . }}{{ end }}{{ include \"r\" . }}",
                small
            ),
            Some(Limit::Depth)
        );
        let doubling = "{{ $x := `0123456789` }}{{ range 100 }}{{ $x = print $x $x }}{{ end }}";
        assert_eq!(limit(doubling, Limits { steps: 10_000_000, ..small }), Some(Limit::Memory));
        let cycle = "{{ $m := dict }}{{ $_ := set $m `a` $m }}{{ $m }}";
        assert_eq!(limit(cycle, Limits::default()), Some(Limit::Depth));
        let nested = "{{ $l := 1 }}{{ range 5000 }}{{ $l = list $l }}{{ end }}{{ $l }}";
        assert_eq!(limit(nested, Limits::default()), Some(Limit::Depth));
    });
}

/// A thousand templates within templates that functions run, as Helm's `include` allows.
#[test]
fn a_chain_of_errors_is_long() {
    with_stack(|| {
        let text = "{{ define \"r\" }}{{ if gt . 1000 }}{{ fail \"deep\" }}{{ end }}{{ include \"r\" (inc .) }}{{ end }}{{ include \"r\" 1 }}";
        let Err(Fault::Template { error, .. }) =
            run_with(text, MissingKey::Zero, Limits::default())
        else {
            panic!("no error")
        };
        assert_eq!(error.frames.len(), 1_002);
    });
}

/// Numbers that look random and are the same each time.
struct Random(u64);

impl Random {
    fn below(&mut self, n: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as usize) % n
    }
}

#[test]
fn nothing_panics() {
    const PIECES: &[&str] = &[
        "{{",
        "}}",
        "{{-",
        " -}}",
        "{{ ",
        " }}",
        "if ",
        "else",
        "end",
        "range ",
        "with ",
        "define ",
        "block ",
        "template ",
        "break",
        "continue",
        ".s",
        ".map",
        ".list",
        ".nil",
        ".n",
        ".point",
        ".func",
        "$x",
        " := ",
        " = ",
        ", ",
        "|",
        "(",
        ")",
        ".",
        ".a",
        "\"a\"",
        "`b`",
        "'c'",
        "1",
        "-2",
        "1.5",
        "0x",
        "1i",
        "99999999999999999999",
        "nil",
        "true",
        "printf \"%*d %[2]v %#x %+q\" ",
        "index ",
        "slice ",
        "len ",
        "eq ",
        "lt ",
        "and ",
        "or ",
        "call ",
        "html ",
        "js ",
        "tpl ",
        "include ",
        "dict ",
        "set ",
        "list ",
        "upper ",
        "inc ",
        " ",
        "\n",
        "/*",
        "*/",
        "é",
        "\u{0}",
        "{",
        "}",
        "\\",
        "\"",
        "d",
    ];
    with_stack(|| {
        let small = Limits { steps: 2_000, output: 100_000, memory: 10 << 20, depth: 100 };
        let mut random = Random(1);
        for _ in 0..20_000 {
            let text: String =
                (0..random.below(20)).map(|_| PIECES[random.below(PIECES.len())]).collect();
            let _ = run_with(&text, MissingKey::Zero, small);
            let _ = run_with(&format!("{{{{ {text} }}}}"), MissingKey::Nothing, small);
        }
    });
}

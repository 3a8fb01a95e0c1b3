package main

import (
	"fmt"
	"maps"
	"math/rand"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// What expressions are of, one letter a kind:
//
//	s string  i integer  c small count  C small number of any sign  n number  f float  b bool  l list  t list of strings
//	m map  M fresh map  a any  r regular expression  v version  k constraint of versions  d date  D duration
//	L layout of dates  F format of printf  y YAML  j JSON  T TOML  u URL  w name of a type or kind  h index or key
type kind = byte

// functions has a line per function: its name, the kind of its result, and the kinds of its arguments, of which a `*`
// repeats the last one. What draws random numbers or asks for the time is not among them, nor what takes long.
const functions = `
abbrev s cs|abbrevboth s ccs|trunc s Cs|trim s s|upper s s|lower s s|title s s|untitle s s|substr s CCs|repeat s cs|trimAll s ss
trimall s ss|trimSuffix s ss|trimPrefix s ss|nospace s s|initials s s|swapcase s s|snakecase s s|camelcase s s|kebabcase s s
wrap s cs|wrapWith s css|contains b ss|hasPrefix b ss|hasSuffix b ss|quote s a*|squote s a*|cat s a*|indent s cs|nindent s cs
replace s sss|plural s ssi|toString s a|toStrings t a|split m ss|splitn m scs|splitList t ss|join s sl|join s st|sortAlpha t l
atoi i s|toDecimal i a|b64enc s s|b64dec s s|b32enc s s|b32dec s s|sha1sum s s|sha256sum s s|sha512sum s s|adler32sum s s
regexMatch b rs|mustRegexMatch b rs|regexFind s rs|mustRegexFind s rs|regexFindAll t rsC|mustRegexFindAll t rsC
regexReplaceAll s rss|mustRegexReplaceAll s rss|regexReplaceAllLiteral s rss|mustRegexReplaceAllLiteral s rss
regexSplit t rsC|mustRegexSplit t rsC|regexQuoteMeta s s
int i a|int64 i a|float64 f a|add1 i a|add i n*|sub i nn|div i nn|mod i nn|mul i n*|add1f f n|addf f n*|subf f nn*|mulf f nn*
divf f nn*|max i nn*|min i nn*|maxf f nn*|minf f nn*|ceil f n|floor f n|round f nc|round f ncf|until l c|untilStep l CCC|seq s CC|seq s CCC
biggest i nn
base s s|dir s s|clean s s|ext s s|isAbs b s|osBase s s|osDir s s|osClean s s|osExt s s|osIsAbs b s
list l a*|tuple l a*|append l la|push l la|mustAppend l la|prepend l la|mustPrepend l la|first a l|mustFirst a l|last a l|mustLast a l
rest l l|mustRest l l|initial l l|mustInitial l l|reverse l l|mustReverse l l|compact l l|mustCompact l l|uniq l l|mustUniq l l
without l la*|mustWithout l la*|has b al|mustHas b al|slice l lc|slice l lcc|mustSlice l lc|concat l l*|chunk l cl|mustChunk l cl
dict M sa*|get a mh|set m Mhb|unset m Mh|hasKey b mh|pluck l hm*|pick M mh*|omit M mh*|merge M Mm*|mustMerge M Mm|mergeOverwrite M Mm*
mustMergeOverwrite M Mm|dig a haM|deepCopy M m|mustDeepCopy M m|deepCopy a a
include s ea|tpl s pa|typeOf s a|typeIs b wa|typeIsLike b wa|kindOf s a|kindIs b wa|deepEqual b aa
default a aa|empty b a|coalesce a a*|all b a*|any b a*|ternary a aab|fail s s|required a sa|lookup m ssss
toYaml s a|toYamlPretty s a|toJson s a|toPrettyJson s a|toRawJson s a|mustToJson s a|mustToPrettyJson s a|mustToRawJson s a
fromYaml m y|fromYamlArray l y|fromJson m j|fromJsonArray l j|mustFromJson a j|fromToml m T|toToml s M|toToml s m
urlParse M u|urlJoin s M|semver a v|semverCompare b kv|htmlDate s d|date s Ld|dateInZone s Lds|toDate a Ls|mustToDate a Ls
dateModify a Dd|duration s n|durationRound s D|unixEpoch s d
and a a*|or a a*|not b a|eq b aa*|eq b ss|eq b ii|ne b aa|lt b nn|le b nn|gt b nn|ge b nn|lt b ss|len i l|len i s|len i m|len i a
index a lC|index a mh|index a lCh|slice s scc|slice s sc|print s a*|printf s Fa*|println s a*|html s a*|js s a*|urlquery s a*|call a a
decryptAES s ss|hello s |fromYaml a y`

const functionsOf4 = `
mustToYaml s a|mustToToml s M|mustToDuration a D|durationSeconds f D|durationMinutes f D|durationHours f D|durationDays f D
durationMilliseconds i D|durationMicroseconds i D|durationNanoseconds i D|durationRoundTo a DD|durationTruncateTo a DD`

type function struct {
	name   string
	result kind
	args   string
}

func table(text string) (all []function) {
	for _, row := range strings.FieldsFunc(text, func(r rune) bool { return r == '|' || r == '\n' }) {
		words := strings.Split(row+" ", " ")
		all = append(all, function{words[0], words[1][0], words[2]})
	}
	return all
}

var (
	common3 = table(functions)
	common4 = append(table(functions), table(functionsOf4)...)
)

var texts = []string{"", "a", "b", "hello world", "  x ", "héllo wörld", "日本語", "a\tb", "<a & 'b'>", "1", "-1", "1.5", "1e3", "0x1F", "08",
	"true", "no", "null", "~", "y", "2024-07-04", "2001-01-01T00:00:00Z", "a: b", "- x", "# c", "k=v,w", "one\ntwo\n", "\n", "x\n\n", "\ttab",
	"end ", "a,b,,c", "a/b/../c.txt", "/", "{{ . }}", "{{ .Values.a }}", "}}", "it's", `back\slash`, `"q"`, "*ref", "&x", "!t", "%d", "@", "`",
	"\u2028", "\ufeff", "\u00a0", "\u0085", "\x7f", "\x00", "\a", "😀", "ÀÉ", "ǆ", "ß", "İ", "FooBar", "foo_bar-baz", "HTTPServer2", "aBc", "=", "<<", ".", "..",
	"word word word word word word word word word word word word word word word word word word word word", "1_000", "+1", ".5", "5.", "0b11", "0o7",
	"12:30:45", "1:2", "NaN", ".inf", "-.INF", "Infinity", "<no value>", "1.2.3", "dGVzdA==", "MFRGG===", "a b\r\nc", "trailing\\", "$1", "${1}x", "%!s"}

var keys = []string{"a", "b", "c", "name", "list", "map", "n", "x-y", "1", "on", "B", "a10", "a2", "é", "", "a.b"}

var pools = map[kind][]string{
	'r': {`a`, `[a-z]+`, `^a.*b$`, `(\w+)-(\w+)`, `\s`, `(a|b)*`, `x*`, ``, `[^,]`, `(?i)HELLO`, `\bw`, `(?P<n>o)`, `[[:alpha:]]`, `\pL`, `o{1,2}`, `{`, `a{,2}`,
		`(`, `[`, `\`, `*`, `a**`, `(?=a)`, `\d+?`, `.`, `(?s).`, `(?m)^`, `$`, `[\w-\.]+`, `\x{e9}`, `é`, `\Q.\E`, `[a-]`, `\z`, `(?U)a+`, `(a)(b)?`, `x{1001}`, `\8`, `[b-a]`},
	'v': {"1.2.3", "v1.32.0", "1.2", "1", "v1.2.3-beta.1+b5", "1.2.3-alpha", "01.2.3", "1.2.3.4", "", "x", "1.2.3-01", "99999999999999999999.0.0", "2.0.0-rc.1", "0.0.1", "0.2.0"},
	'k': {">=1.19-0", "^1.2", "~1.2.0", "1.x", "*", ">1.0 <2.0", ">=1.0, <2", "1.2 - 2.0", "=1.2.3", "!=1.2.3", "<1.2.3-beta", "^0.0.1", "^0.2", "~>1", "", "x", ">", ">=1.2.3 || <0.5",
		"^1.2.3-alpha", "~0.0.1", ">=v1.2", "=>1", "1.2.*", ">=1.x", "<=2", "!1", "^*", "1.2.3-beta - 2"},
	'd': {"0", "1720132200", "-1", `(toDate "2006-01-02" "2024-02-29")`, `(toDate "2006-01-02 15:04:05" "1999-12-31 23:59:59")`, "(int64 86400)", "(int 1)"},
	'D': {`"1h"`, `"-1.5h"`, `"90s"`, `"1d"`, `"2h45m30.5s"`, `"x"`, `""`, `"100"`, "3600", "0.5", "1.5", `"1us"`, `"3ns"`, "nil", `"0"`, `"-5m"`, "(int64 5)", `"1h1h"`, "100000000000"},
	'L': {"2006-01-02", "2006-01-02T15:04:05Z07:00", "Jan 2, 2006 at 3:04pm (MST)", "Monday", "20060102150405", "02/01/06 03:04:05 PM", "", "x", "2006-01-02 15:04:05.000", "_2 Jan", "Mon 002", ".999999"},
	'y': {"a: 1", "a: [1, 2]\nb: {c: d}", "- x\n- y", "", "a", "a: b: c", "a: 0x1f\nb: 0o7\nc: 1e3", "? x\n: y", "a: &x 1\nb: *x", "<<: {a: 1}\nb: 2", "a: |\n  t\n  u\n", "a: >-\n  t\n  u", "a: 'it''s'",
		"a: \"\\u00e9\\n\"", "y: yes\nn: no", "a: ~", "a: 2024-07-04", "a: !!str 1", "---\na: 1\n---\nb: 2", "{a: 1", "a:\n\tb: 1", "1: 2", "true: x", "a: 1\na: 2", "a: 1_000", "a: .inf", "[1, a, null, 1.5, \"x\"]", "a: 12345678901234567890", "null", "a: # c\n  b"},
	'j': {`{"a":1}`, `{"a":[1,2.5,"x",null,true]}`, `[1,2]`, `["a"]`, ``, `{`, `{"a":}`, `"x"`, `1`, `null`, `{"a":1e400}`, `{"a":"\u00e9\ud83d\ude00"}`, `{"a":"\ud800"}`, ` {"a" : 1 } `, `{"a":1}x`, `{"a":1,"a":2}`, `[`, `{"a":01}`,
		`{"a":"` + "\n" + `"}`, `tru`, `{"a":123456789012345678}`, `-0`, `[1,]`, `{"A":1,"b":{"c":[{}]}}`},
	'T': {"a = 1", "a = \"x\"\n[b]\nc = true", "a = [1, 2]", "a = 1.5", "", "a", "a.b = 1"},
	'u': {"http://u:p@h.com:80/p/q?x=1#f", "", "/a/b", "h.com", "mailto:a@b", "http://[::1]:8080", "%zz", "http://a b/", "//h/p", "https://h?x=%20y", ":x", "http://h/%41"},
	'w': {"string", "int", "float64", "map", "slice", "bool", "invalid", "int64", "map[string]interface {}", "[]interface {}", "*semver.Version", "chartutil.Values", "common.Values", "struct", "ptr", ""},
	'F': {"%s", "%d", "%v", "%q", "%t", "%T", "%x", "%X", "%5d|", "%-5s|", "%05d", "%+d", "%.2f", "%g", "%e", "%c", "%U", "%b", "%o", "%%", "%", "%s %d", "%[2]s %[1]s", "%#v", "%+v", "%6.2f", "%.3s", "%!", "%*d", "x", "%#x",
		"% d", "%08.3f", "%z", "%.q", "%#q", "%+q", "% x", "%G", "%E", "%.0f", "%3c|", "%O", "%p", "%[3]d", "%[x]d", "%.*f", "%w", "%-05d|", "%#o", "%v %v %v", "%10.3v|", "%#U", "%[1]v %[1]T", "%x %X"},
}

// generator makes one chart.
type generator struct {
	*rand.Rand
	version string
	// What a template can name: paths of values by kind, defined templates, variables in scope.
	paths     map[kind][]string
	templates []string
	variables []variable
	// Whether the dot is the root of the chart, and `$` is.
	dotIsRoot, dollarIsRoot bool
	ranges                  int
}

type variable struct {
	name string
	kind kind
}

func generate(r *rand.Rand) chart {
	g := &generator{Rand: r, version: pick(r, []string{"3", "3", "4"}), paths: map[kind][]string{}}
	values := g.mapOf(3)
	sub := g.mapOf(2)
	// What a chart finds below the names of others.
	values["sub"], values["global"] = sub, map[string]any{"g": "G"}
	sub["global"] = values["global"]
	g.collect(".Values", values)
	define := ""
	for _, at := range r.Perm(8)[:g.Intn(4)] {
		name := "t." + keys[at]
		g.dollarIsRoot, g.dotIsRoot = true, true
		define += fmt.Sprintf("{{%s define %s %s}}%s{{%s end %s}}", g.trim(), g.quoted(name), g.rtrim(), g.block(2), g.trim(), g.rtrim())
		// Known from here on: a template within itself takes Go long.
		g.templates = append(g.templates, name)
	}
	files := []file{{"templates/_helpers.tpl", define}, {"conf/a.txt", "one\ntwo\n"}, {"conf/b.bin", "\x00\x01\xff"}}
	names := []string{"templates/a.yaml"}
	if g.chance(0.2) {
		names = append(names, "templates/b.yaml", "charts/sub/templates/c.yaml", "charts/sub/templates/_d.tpl")
	}
	for _, name := range names {
		g.dollarIsRoot, g.dotIsRoot = true, true
		g.variables = nil
		text := g.block(3)
		if g.chance(0.1) {
			text += fmt.Sprintf("{{ define %s }}%s{{ end }}", g.quoted("t."+pick(r, keys[8:])), g.block(1))
		}
		if g.chance(0.08) {
			text = g.damaged(text)
		}
		files = append(files, file{name, text})
	}
	return chart{g.version, values, files}
}

func pick[T any](r *rand.Rand, from []T) T { return from[r.Intn(len(from))] }

func (g *generator) chance(p float64) bool { return g.Float64() < p }

// Values

func (g *generator) mapOf(depth int) map[string]any {
	m := map[string]any{}
	for range g.Intn(6) {
		m[pick(g.Rand, keys)] = g.value(depth)
	}
	return m
}

func (g *generator) value(depth int) any {
	switch n := g.Intn(14); {
	case n < 4:
		return g.text()
	case n < 6:
		return float64(g.Intn(2000) - 500)
	case n == 6:
		return pick(g.Rand, []float64{0, 1, 1.5, -0.25, 1e6, 1e21, 123456789, 0.1, 1e-7, 8080, 5368709120, 3.0e10, 9007199254740993, 1e300})
	case n == 7:
		return g.chance(0.5)
	case n == 8:
		return nil
	case depth <= 0:
		return "leaf"
	case n < 11:
		list := []any{}
		for range g.Intn(4) {
			list = append(list, g.value(depth-1))
		}
		return list
	default:
		return g.mapOf(depth - 1)
	}
}

func (g *generator) text() string {
	switch g.Intn(6) {
	case 0:
		return pick(g.Rand, texts) + pick(g.Rand, texts)
	case 1:
		return pick(g.Rand, texts) + " " + pick(g.Rand, texts) + "\n" + pick(g.Rand, texts)
	case 2:
		const letters = "ab c-:#'\"\n\t,[]{}!|>&*%@`~1.0_é\\=<?"
		var out []rune
		for range g.Intn(8) {
			out = append(out, pick(g.Rand, []rune(letters)))
		}
		return string(out)
	}
	return pick(g.Rand, texts)
}

var isName = regexp.MustCompile(`^[\pL_][\pL\pN_]*$`)

// collect notes the paths of what is in a value.
func (g *generator) collect(path string, value any) {
	note := func(kinds string) {
		for _, k := range []byte(kinds) {
			g.paths[k] = append(g.paths[k], path)
		}
	}
	switch value := value.(type) {
	case string:
		note("sa")
	case float64:
		note("na")
	case bool:
		note("ba")
	case nil:
		note("a")
	case []any:
		note("la")
	case map[string]any:
		note("ma")
		for _, key := range slices.Sorted(maps.Keys(value)) {
			if isName.MatchString(key) {
				g.collect(path+"."+key, value[key])
			}
		}
	}
}

// Statements

func (g *generator) trim() string {
	if g.chance(0.3) {
		return "- "
	}
	return ""
}

func (g *generator) rtrim() string {
	if g.chance(0.3) {
		return " -"
	}
	return ""
}

func (g *generator) action(words string) string {
	space := pick(g.Rand, []string{" ", " ", " ", "", "\n", "  "})
	if strings.HasPrefix(words, "-") {
		space = " "
	}
	return "{{" + g.trim() + space + words + space + g.rtrim() + "}}"
}

// block makes statements; variables declared in it are forgotten.
func (g *generator) block(depth int) string {
	known := len(g.variables)
	var out strings.Builder
	for range 1 + g.Intn(4) {
		out.WriteString(g.statement(depth))
	}
	g.variables = g.variables[:min(known, len(g.variables))]
	return out.String()
}

func (g *generator) statement(depth int) string {
	switch n := g.Intn(30); {
	case n < 5:
		return pick(g.Rand, []string{"a: ", "\n", "  - x\n", "# c\n", " ", "text", "<no value>", "{ ", "}}", "\r\n", "é", "\n\n  ", "'", "{ { ", "-"})
	case n < 14:
		return g.action(g.pipeline(g.kindOfAny(), 3))
	case n < 17:
		k := g.kindOfAny()
		value := g.pipeline(k, 2)
		name := "$" + pick(g.Rand, []string{"x", "y", "z", "x1", "é"})
		if len(g.variables) > 0 && g.chance(0.3) {
			at := g.Intn(len(g.variables))
			g.variables[at].kind = k
			return g.action(g.variables[at].name + " = " + value)
		}
		g.variables = append(g.variables, variable{name, k})
		return g.action(name + pick(g.Rand, []string{" := ", ":=", " :="}) + value)
	case n == 17:
		return "{{" + g.trim() + "/* " + pick(g.Rand, texts) + " */" + g.rtrim() + "}}"
	case n == 18 && len(g.templates) > 0:
		return g.action("template " + g.quoted(g.templateName()) + " " + pick(g.Rand, []string{"", ".", "$", g.operand('a', 1)}))
	case n == 19:
		// A change of what others see.
		return g.action("$_ := " + pick(g.Rand, []string{
			"set " + g.operand('m', 1) + " " + g.operand('h', 0) + " " + g.operand(pick(g.Rand, []byte("sib")), 1),
			"unset " + g.operand('m', 1) + " " + g.operand('h', 0),
			pick(g.Rand, []string{"merge ", "mergeOverwrite "}) + g.operand('m', 1) + " " + g.operand('M', 1),
		}))
	case n == 20 && g.ranges > 0:
		return g.action("if "+g.operand('b', 1)) + g.action(pick(g.Rand, []string{"break", "continue"})) + "{{ end }}"
	case depth <= 0:
		return "."
	case n < 24:
		known := len(g.variables)
		out := g.action("if " + g.condition(depth))
		out += g.block(depth - 1)
		if g.chance(0.2) {
			out += g.action("else if "+g.condition(depth)) + g.block(depth-1)
		}
		if g.chance(0.4) {
			out += g.action("else") + g.block(depth-1)
		}
		g.variables = g.variables[:known]
		return out + g.action("end")
	case n < 26:
		known := len(g.variables)
		k := pick(g.Rand, []byte("smlnab"))
		value := g.pipeline(k, 2)
		if g.chance(0.2) {
			value = "$w := " + value
			g.variables = append(g.variables, variable{"$w", k})
		}
		out := g.action("with " + value)
		dot := g.dotIsRoot
		g.dotIsRoot = false
		out += g.block(depth - 1)
		g.dotIsRoot = dot
		if g.chance(0.2) {
			out += g.action("else with "+g.pipeline('a', 1)) + "w"
		}
		if g.chance(0.3) {
			out += g.action("else") + g.block(depth-1)
		}
		g.variables = g.variables[:known]
		return out + g.action("end")
	case n == 26:
		return g.action("block "+g.quoted("b."+strconv.Itoa(g.Intn(1000)))+" "+pick(g.Rand, []string{".", "$"})) + g.block(0) + g.action("end")
	default:
		known, dot := len(g.variables), g.dotIsRoot
		over := g.pipeline(pick(g.Rand, []byte("lmtlmc")), 2)
		switch g.Intn(4) {
		case 0:
			over = "$i := " + over
			g.variables = append(g.variables, variable{"$i", 'a'})
		case 1:
			over = "$k, $v := " + over
			g.variables = append(g.variables, variable{"$k", 's'}, variable{"$v", 'a'})
		}
		out := g.action("range " + over)
		g.dotIsRoot = false
		g.ranges++
		out += g.block(depth - 1)
		g.ranges--
		g.dotIsRoot = dot
		g.variables = g.variables[:known]
		if g.chance(0.2) {
			out += g.action("else") + "none"
		}
		return out + g.action("end")
	}
}

func (g *generator) condition(depth int) string {
	if g.chance(0.1) {
		g.variables = append(g.variables, variable{"$c", 'a'})
		return "$c := " + g.pipeline('a', 1)
	}
	return g.pipeline(pick(g.Rand, []byte("ba")), depth)
}

func (g *generator) kindOfAny() kind { return pick(g.Rand, []byte("sssssinfbltmMa")) }

func (g *generator) templateName() string {
	if len(g.templates) == 0 || g.chance(0.03) {
		return "nope"
	}
	return pick(g.Rand, g.templates)
}

// Expressions

// pipeline makes a pipeline, which can have more than one command.
func (g *generator) pipeline(k kind, depth int) string {
	if depth > 0 && g.chance(0.75) {
		if f, ok := g.function(k); ok {
			return g.call(f, depth, g.chance(0.4))
		}
	}
	return strings.TrimPrefix(g.operand(k, depth), "\x00")
}

func (g *generator) function(k kind) (function, bool) {
	all := common3
	if g.version == "4" {
		all = common4
	}
	fits := slices.DeleteFunc(slices.Clone(all), func(f function) bool {
		return k != 'a' && f.result != k && !(k == 'n' && (f.result == 'i' || f.result == 'f')) && !(k == 'm' && f.result == 'M') && !(k == 'l' && f.result == 't')
	})
	if len(fits) == 0 {
		return function{}, false
	}
	return pick(g.Rand, fits), true
}

func (g *generator) call(f function, depth int, piped bool) string {
	kinds := f.args
	if last, is := strings.CutSuffix(kinds, "*"); is {
		if n := len(last); f.name == "dict" {
			kinds = strings.Repeat("ha", g.Intn(4))
		} else {
			kinds = last + strings.Repeat(last[n-1:], g.Intn(3))
			if g.chance(0.1) {
				kinds = last[:n-1]
			}
		}
	}
	if g.chance(0.01) && kinds != "" {
		kinds = kinds[1:]
	}
	var args []string
	for i, k := range []byte(kinds) {
		d := depth - 1
		if i == len(kinds)-1 && piped {
			args = append(args, g.pipeline(k, d))
		} else {
			args = append(args, g.operand(k, d))
		}
	}
	if n := len(args); piped && n > 0 {
		// A literal may only be the first command.
		return args[n-1] + " | " + strings.Join(append([]string{f.name}, args[:n-1]...), " ")
	}
	return strings.Join(append([]string{f.name}, args...), " ")
}

// operand makes an argument of a call.
func (g *generator) operand(k kind, depth int) string {
	if g.chance(0.02) && !strings.ContainsRune("cCMd", rune(k)) {
		k = pick(g.Rand, []byte("sibafnlm"))
	}
	if k == 'c' && g.chance(0.02) {
		return g.operand(pick(g.Rand, []byte("sblm")), depth)
	}
	if depth > 0 && g.chance(0.55) {
		if f, ok := g.function(k); ok {
			call := "(" + g.call(f, depth, g.chance(0.2)) + ")"
			if (k == 'a' || k == 's') && g.chance(0.05) {
				return "(" + g.operand('m', depth-1) + ")." + pick(g.Rand, []string{"a", "b", "name", "_0"})
			}
			return call
		}
	}
	if g.chance(0.4) {
		var fits []string
		for _, v := range g.variables {
			if v.kind == k || k == 'a' || (k == 'n' && (v.kind == 'i' || v.kind == 'f')) || (k == 'm' && v.kind == 'M') || (k == 'l' && v.kind == 't') {
				fits = append(fits, v.name)
			}
		}
		if len(fits) > 0 {
			return pick(g.Rand, fits)
		}
	}
	if g.chance(0.6) {
		if path, ok := g.path(k); ok {
			return path
		}
	}
	return g.literal(k)
}

// path makes a way to a value of the kind, or now and then to none.
func (g *generator) path(k kind) (string, bool) {
	root := ""
	switch {
	case g.dotIsRoot:
	case g.dollarIsRoot:
		root = "$"
	default:
		return ".", k == 'a'
	}
	paths := g.paths[k]
	if k == 'a' || k == 's' {
		if g.chance(0.1) {
			return root + pick(g.Rand, []string{".Release.Name", ".Chart.Name", ".Chart.Version", ".Template.Name", ".Template.BasePath", ".Release.Service",
				".Capabilities.KubeVersion.Version", `.Files.Get "conf/a.txt"`, ".Values.nope"}[:8+g.Intn(1)]), k == 's' || g.chance(0.9)
		}
	}
	if k == 'a' && g.chance(0.1) {
		return root + pick(g.Rand, []string{".Values.nope", ".Values", ".Chart", ".Release", ".Capabilities.KubeVersion", ".Capabilities.APIVersions", ".Files", ".Template",
			".Values.nope.x", ".Chart.Nope", ".Release.Nope", ".Subcharts", ".Values.a.b", ".Chart.Keywords"}), true
	}
	if len(paths) == 0 {
		return "", false
	}
	return root + pick(g.Rand, paths), true
}

func (g *generator) literal(k kind) string {
	if pool, ok := pools[k]; ok {
		s := pick(g.Rand, pool)
		if k == 'd' || k == 'D' {
			return s
		}
		if k == 'F' && g.chance(0.3) {
			s = "%" + pick(g.Rand, []string{"", "-", "+", "#", " ", "0", "-0", "+#"}) + pick(g.Rand, []string{"", "1", "8", "12"}) + pick(g.Rand, []string{"", ".", ".0", ".3"}) + pick(g.Rand, strings.Split("vTtbcdoOqxXUeEfFgGsqp", ""))
		}
		return g.quoted(s)
	}
	switch k {
	case 's':
		return g.quoted(g.text())
	case 'i':
		return pick(g.Rand, []string{"0", "1", "-1", "7", "42", "1000000", "0x10", "'a'", "9223372036854775807", "-5", "0b11", "1_000", "010", "+3"})
	case 'c':
		return strconv.Itoa(g.Intn(13))
	case 'C':
		return strconv.Itoa(g.Intn(12) - 4)
	case 'f':
		return pick(g.Rand, []string{"0.0", "1.5", "-2.25", "1e3", "1e21", "0.1", "1e-7", "3.0", "0x1p4", "2.5", "1.005", ".5", "1e100", "1i", "0i", "-1.5+2i", "3+0i"})
	case 'n':
		return g.literal(pick(g.Rand, []byte("if")))
	case 'b':
		return pick(g.Rand, []string{"true", "false"})
	case 'l':
		return pick(g.Rand, []string{"(list)", `(list 1 "a" nil)`, `(list "b" "a" "b")`, "(list 3 1 2.5)", "(until 3)", "(list (list 1) (dict))", "(list true false)"})
	case 't':
		return pick(g.Rand, []string{`(splitList "," "b,a,c")`, `(splitList " " "x")`, "(list | toStrings)"})
	case 'm', 'M':
		return pick(g.Rand, []string{"(dict)", `(dict "a" 1 "b" "x")`, `(dict "a" (dict "b" (list 1 2)) "c" nil)`, `(dict "x-y" true "10" 1.5 "9" "")`, `(dict "a" (dict "a" "v"))`})
	case 'h':
		return g.quoted(pick(g.Rand, keys))
	case 'e':
		return g.quoted(g.templateName())
	case 'p':
		if g.chance(0.3) {
			return g.quoted(g.text())
		}
		inner := &generator{Rand: g.Rand, version: g.version, paths: g.paths, templates: g.templates}
		return g.quoted(inner.block(1))
	default:
		if g.chance(0.05) {
			return "nil"
		}
		return g.literal(pick(g.Rand, []byte("sssiifblm")))
	}
}

// quoted makes a string of the template's language.
func (g *generator) quoted(s string) string {
	if !strings.ContainsAny(s, "`\r") && g.chance(0.3) {
		return "`" + s + "`"
	}
	return strconv.Quote(s)
}

// damaged takes a part out of a text, repeats one, or puts something else in.
func (g *generator) damaged(text string) string {
	words := tokens.FindAllString(text, -1)
	if len(words) == 0 {
		return text
	}
	for range 1 + g.Intn(2) {
		at := g.Intn(len(words))
		switch g.Intn(4) {
		case 0:
			words[at] = ""
		case 1:
			words[at] += words[at]
		case 2:
			words[at] = words[g.Intn(len(words))]
		default:
			words[at] += pick(g.Rand, []string{"|", "(", ")", ".", "$", "{{", "}}", ",", "\"", "`", "'", ":=", "=", "-", " ", "\n", "end", "else", "nope", "é", "\xff", "/*", "@", "1", ".a", "$x", "1i", "2+3i", "0x", "1e", "break", "nil", "..", "'", "''", "\\", "define", "template", "%"})
		}
	}
	return strings.Join(words, "")
}

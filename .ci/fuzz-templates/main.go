// Compares jinnacle's Go templates with Helm's own packages: generated charts and values, rendered by both.
//
//	go run . -bin ../../target/release/examples/answers -time 60s -seed 1
//
// It prints each difference after shrinking it, then the number of cases, and ends with status 1 if there was one.
package main

import (
	"flag"
	"fmt"
	"math/rand"
	"os"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"
)

func main() {
	helm := flag.Bool("helm", false, "answer requests with Helm's packages: how the program calls itself")
	bin := flag.String("bin", "", "the example `answers` of crates/helm")
	limit := flag.Duration("time", time.Minute, "how long to run")
	seed := flag.Int64("seed", time.Now().UnixNano(), "the first case; each case has a seed of its own, which is printed with a difference")
	cases := flag.Int("cases", 0, "how many cases at most; 0 is as many as there is time for")
	most := flag.Int("differences", 20, "after how many differences to stop")
	flag.Parse()
	if *helm {
		serve()
		return
	}
	self, err := os.Executable()
	fatal(err)
	both := pair{ours: newWorker(*bin), helms: newWorker(self, "-helm")}
	begin := time.Now()
	number, rendered, differences := 0, 0, 0
	for time.Since(begin) < *limit && (*cases == 0 || number < *cases) && differences < *most {
		c := generate(rand.New(rand.NewSource(*seed + int64(number))))
		ours, theirs := both.render(c)
		if theirs.kind == "out" {
			rendered++
		}
		if differs(ours, theirs, c) && both.isStable(c) {
			differences++
			small := shrink(c, func(c chart) bool { a, b := both.render(c); return differs(a, b, c) && both.isStable(c) })
			ours, theirs = both.render(small)
			fmt.Printf("DIFFERENCE seed %d, Helm %s\n%s\n  helm: %s %q\n  ours: %s %q\n", *seed+int64(number), c.version,
				small, theirs.kind, theirs.text, ours.kind, ours.text)
		}
		number++
	}
	fmt.Printf("%d charts compared in %s (%d of them render), %d differences, from seed %d on\n", number,
		time.Since(begin).Round(time.Second), rendered, differences, *seed)
	if differences > 0 || number == 0 {
		os.Exit(1)
	}
}

// isStable says whether Helm gives the same answer each time: not where it prints an address, or the time.
func (p pair) isStable(c chart) bool {
	values := asJSON(c.values)
	first := p.helms.ask(c, values)
	return first == p.helms.ask(c, values) && first == p.helms.ask(c, values)
}

// differs says whether the answers are not the same. Helm 4 has a layout of its own for errors: there the line is not
// compared. A chart that makes Helm crash (a map within itself) or takes it long has no answer.
func differs(ours, theirs answer, c chart) bool {
	if theirs.kind == "crash" || theirs.kind == "late" {
		return ours.kind == "crash"
	}
	// Helm stops at the first error, and the others are looked for here: up to the bounds of a run.
	if ours.kind == "late" && theirs.kind == "error" {
		return false
	}
	if ours.kind == "error" && theirs.kind == "error" && c.version == "4" {
		return false
	}
	ours.text, theirs.text = pointer.ReplaceAllString(ours.text, "0x"), pointer.ReplaceAllString(theirs.text, "0x")
	// What is not UTF-8 is bytes to some functions and characters to others.
	if !utf8.ValidString(theirs.text) || strings.Contains(ours.text, "\ufffd") {
		return false
	}
	for _, known := range []string{
		// What is behind the end of a slice, up to its capacity, is a matter of how Go has made it.
		"slice index out of bounds",
		// Words of the library that reads TOML.
		"toml: line ",
	} {
		if strings.Contains(ours.text, known) {
			return false
		}
	}
	return ours != theirs
}

// pointer is an address, which is another one in each process.
var pointer = regexp.MustCompile(`0x[0-9a-f]{6,}`)

func fatal(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
}

// chart is a case: a chart `t` with a subchart `sub`.
type chart struct {
	version string
	values  map[string]any
	files   []file
}

type file struct{ name, text string }

func (c chart) String() string {
	var out strings.Builder
	fmt.Fprintf(&out, "  values: %s", asJSON(c.values))
	for _, f := range c.files {
		if f.text != "" {
			fmt.Fprintf(&out, "\n  %s: %q", f.name, f.text)
		}
	}
	return out.String()
}

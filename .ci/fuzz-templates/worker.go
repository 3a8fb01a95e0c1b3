package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime/debug"
	"sort"
	"strconv"
	"strings"
	"time"

	chart3 "helm.sh/helm/v3/pkg/chart"
	"helm.sh/helm/v3/pkg/chartutil"
	engine3 "helm.sh/helm/v3/pkg/engine"
	"helm.sh/helm/v4/pkg/chart/common"
	"helm.sh/helm/v4/pkg/chart/common/util"
	chart4 "helm.sh/helm/v4/pkg/chart/v2"
	engine4 "helm.sh/helm/v4/pkg/engine"
)

// pair is the two programs that render.
type pair struct{ ours, helms *worker }

func (p pair) render(c chart) (ours, theirs answer) {
	values := asJSON(c.values)
	return p.ours.ask(c, values), p.helms.ask(c, values)
}

// answer is what became of a chart: "out", "error", "crash" or "late", and the text.
type answer struct{ kind, text string }

// worker is a process that answers requests; see crates/helm/examples/answers.rs.
type worker struct {
	command []string
	process *exec.Cmd
	in      io.WriteCloser
	out     *bufio.Reader
}

func newWorker(command ...string) *worker { return &worker{command: command} }

func (w *worker) start() {
	w.process = exec.Command(w.command[0], w.command[1:]...)
	w.process.Env = append(os.Environ(), "TZ=UTC")
	var err error
	w.in, err = w.process.StdinPipe()
	fatal(err)
	out, err := w.process.StdoutPipe()
	fatal(err)
	w.out = bufio.NewReader(out)
	fatal(w.process.Start())
}

// patience is how long a worker may take.
const patience = 20 * time.Second

func (w *worker) ask(c chart, values string) answer {
	if w.process == nil {
		w.start()
	}
	process := w.process.Process
	late := time.AfterFunc(patience, func() { _ = process.Kill() })
	var request strings.Builder
	add := func(s string) { fmt.Fprintf(&request, "%d\n%s", len(s), s) }
	add(c.version)
	add(values)
	fmt.Fprintf(&request, "%d\n", len(c.files))
	for _, f := range c.files {
		add(f.name)
		add(f.text)
	}
	_, err := io.WriteString(w.in, request.String())
	kind, err2 := readString(w.out)
	text, err3 := readString(w.out)
	if errors.Join(err, err2, err3) != nil {
		_ = w.process.Process.Kill()
		_ = w.process.Wait()
		w.process = nil
		if !late.Stop() {
			return answer{kind: "late"}
		}
		return answer{kind: "crash"}
	}
	late.Stop()
	return answer{kind, text}
}

func readNumber(in *bufio.Reader) (int, error) {
	line, err := in.ReadString('\n')
	if err != nil {
		return 0, err
	}
	return strconv.Atoi(strings.TrimSuffix(line, "\n"))
}

func readString(in *bufio.Reader) (string, error) {
	length, err := readNumber(in)
	if err != nil {
		return "", err
	}
	text := make([]byte, length)
	_, err = io.ReadFull(in, text)
	return string(text), err
}

// serve answers with Helm's packages.
func serve() {
	debug.SetMaxStack(256 << 20)
	in := bufio.NewReader(os.Stdin)
	for {
		version, err := readString(in)
		if err != nil {
			return
		}
		values, err := readString(in)
		fatal(err)
		count, err := readNumber(in)
		fatal(err)
		var files []file
		for range count {
			name, err := readString(in)
			fatal(err)
			text, err := readString(in)
			fatal(err)
			files = append(files, file{name, text})
		}
		rendered, err := render(version, values, files)
		kind, text := "out", ""
		if err != nil {
			kind, text = "error", err.Error()
		} else {
			var names []string
			for name := range rendered {
				names = append(names, name)
			}
			sort.Strings(names)
			for _, name := range names {
				text += "== " + name + "\n" + rendered[name]
			}
		}
		fmt.Printf("%d\n%s%d\n%s", len(kind), kind, len(text), text)
	}
}

func render(version, text string, files []file) (map[string]string, error) {
	var values map[string]any
	fatal(json.Unmarshal([]byte(text), &values))
	if version == "4" {
		return render4(values, files)
	}
	metadata := func(name string) *chart3.Metadata {
		return &chart3.Metadata{Name: name, Version: "1.2.3", AppVersion: "4.5", Description: "a chart",
			Keywords: []string{"k1", "k2"}, APIVersion: "v2"}
	}
	root, sub := &chart3.Chart{Metadata: metadata("t")}, &chart3.Chart{Metadata: metadata("sub")}
	root.AddDependency(sub)
	for _, f := range files {
		c, name := root, f.name
		if inSub, is := strings.CutPrefix(f.name, "charts/sub/"); is {
			c, name = sub, inSub
		}
		list := &c.Files
		if strings.HasPrefix(name, "templates/") {
			list = &c.Templates
		}
		*list = append(*list, &chart3.File{Name: name, Data: []byte(f.text)})
	}
	capabilities := &chartutil.Capabilities{
		KubeVersion: chartutil.KubeVersion{Version: "v1.32.0", Major: "1", Minor: "32"},
		APIVersions: chartutil.VersionSet{"v1", "apps/v1"},
		HelmVersion: chartutil.DefaultCapabilities.HelmVersion,
	}
	release := chartutil.ReleaseOptions{Name: "r", Namespace: "ns", Revision: 1, IsInstall: true}
	top, err := chartutil.ToRenderValues(root, map[string]any{}, release, capabilities)
	fatal(err)
	// Merging of values is not what is compared here.
	top["Values"] = chartutil.Values(values)
	return engine3.Render(root, top)
}

func render4(values map[string]any, files []file) (map[string]string, error) {
	metadata := func(name string) *chart4.Metadata {
		return &chart4.Metadata{Name: name, Version: "1.2.3", AppVersion: "4.5", Description: "a chart",
			Keywords: []string{"k1", "k2"}, APIVersion: "v2"}
	}
	root, sub := &chart4.Chart{Metadata: metadata("t")}, &chart4.Chart{Metadata: metadata("sub")}
	root.AddDependency(sub)
	for _, f := range files {
		c, name := root, f.name
		if inSub, is := strings.CutPrefix(f.name, "charts/sub/"); is {
			c, name = sub, inSub
		}
		list := &c.Files
		if strings.HasPrefix(name, "templates/") {
			list = &c.Templates
		}
		*list = append(*list, &common.File{Name: name, Data: []byte(f.text)})
	}
	capabilities := &common.Capabilities{
		KubeVersion: common.KubeVersion{Version: "v1.32.0", Major: "1", Minor: "32"},
		APIVersions: common.VersionSet{"v1", "apps/v1"},
		HelmVersion: common.DefaultCapabilities.HelmVersion,
	}
	release := common.ReleaseOptions{Name: "r", Namespace: "ns", Revision: 1, IsInstall: true}
	top, err := util.ToRenderValues(root, map[string]any{}, release, capabilities)
	fatal(err)
	top["Values"] = common.Values(values)
	return engine4.Render(root, top)
}

func asJSON(v any) string {
	text, err := json.Marshal(v)
	fatal(err)
	return string(text)
}

//! Renders charts for a program in another language: what `.ci/fuzz-templates` compares with Helm's packages.
//!
//! A request on stdin is Helm's major version, values as JSON, and the names and contents of the files of a chart `t`;
//! names that begin with `charts/sub/` are those of its subchart. The answer on stdout is `out` and what was rendered,
//! or `error` and Helm's line. Each string is written as its length in bytes, a line break, and its bytes; the files of
//! a request come after their number.

use std::io::{self, BufRead, Write};

use bumpalo::Bump;
use go_template::{Limits, Runtime, Value};
use jinnacle_functions::{json, time::Moment};
use jinnacle_helm::engine::{self, ChartTree, File, Input};
use jinnacle_helm::objects::{Capabilities, Chart, Release};
use jinnacle_helm::{HelmVersion, Host, from_tree, functions};

fn main() -> io::Result<()> {
    // As `go_template::with_stack`, for builds in which nothing is optimized.
    let thread = std::thread::Builder::new().stack_size(2 << 30).spawn(serve)?;
    thread.join().map_err(|_| io::Error::other("a template made the program panic"))?
}

fn serve() -> io::Result<()> {
    let (mut input, mut output) = (io::stdin().lock(), io::stdout().lock());
    while let Some(version) = string(&mut input)? {
        let values = string(&mut input)?.unwrap_or_default();
        let mut files = Vec::new();
        for _ in 0..number(&mut input)?.unwrap_or_default() {
            let name = string(&mut input)?.unwrap_or_default();
            let text = string(&mut input)?.unwrap_or_default();
            files.push((String::from_utf8_lossy(&name).into_owned(), text));
        }
        let version = if version == b"4" { HelmVersion::FOUR } else { HelmVersion::THREE };
        let (kind, text) = match render(version, &values, &files) {
            Ok(text) => ("out", text),
            Err(error) => ("error", error.into_bytes()),
        };
        for string in [kind.as_bytes(), &text] {
            writeln!(output, "{}", string.len())?;
            output.write_all(string)?;
        }
        output.flush()?;
    }
    Ok(())
}

/// A number on a line of its own; none at the end.
fn number(input: &mut impl BufRead) -> io::Result<Option<usize>> {
    let mut line = String::new();
    if input.read_line(&mut line)? == 0 {
        return Ok(None);
    }
    line.trim_end().parse().map(Some).map_err(io::Error::other)
}

fn string(input: &mut impl BufRead) -> io::Result<Option<Vec<u8>>> {
    let Some(length) = number(input)? else { return Ok(None) };
    let mut bytes = vec![0; length];
    input.read_exact(&mut bytes)?;
    Ok(Some(bytes))
}

/// All rendered files in the order of their names, each after a line with its name.
fn render(
    version: HelmVersion,
    values: &[u8],
    files: &[(String, Vec<u8>)],
) -> Result<Vec<u8>, String> {
    let now =
        std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    let now = Moment::at(i64::try_from(now.as_secs()).unwrap_or_default());
    let arena = Bump::new();
    let host = Host::new(version, now, "seed");
    let functions = functions(version);
    let mut rt = Runtime::new(&arena, &functions, &host, Limits::default());
    let Value::Map(values, _) = from_tree(&rt, &json::read(values)?) else {
        return Err("the values are not a map".to_owned());
    };
    let mut chart = ChartTree { metadata: metadata("t", true), ..ChartTree::default() };
    let mut sub = ChartTree { metadata: metadata("sub", false), ..ChartTree::default() };
    for (name, bytes) in files {
        let (chart, name) = match name.strip_prefix("charts/sub/") {
            Some(name) => (&mut sub, name),
            None => (&mut chart, name.as_str()),
        };
        let list =
            if name.starts_with("templates/") { &mut chart.templates } else { &mut chart.files };
        list.push(File { name, bytes });
    }
    chart.children.push(sub);
    let release = Release {
        name: "r".to_owned(),
        namespace: "ns".to_owned(),
        revision: 1,
        is_upgrade: false,
    };
    let capabilities = Capabilities {
        kube_version: "v1.32.0".to_owned(),
        kube_major: "1".to_owned(),
        kube_minor: "32".to_owned(),
        api_versions: vec!["v1".to_owned(), "apps/v1".to_owned()],
        ..Capabilities::of_helm(version)
    };
    let input =
        Input { chart: &chart, values, release: &release, capabilities: &capabilities, version };
    let mut outcome = engine::render(&mut rt, input);
    if let Some(failure) = outcome.failures.first() {
        return Err(failure.to_string());
    }
    outcome.rendered.sort_by_key(|file| file.name);
    let mut all = Vec::new();
    for file in outcome.rendered {
        all.extend_from_slice(format!("== {}\n", file.name).as_bytes());
        all.extend_from_slice(&file.text);
    }
    Ok(all)
}

fn metadata(name: &str, is_root: bool) -> Chart {
    Chart {
        name: name.to_owned(),
        version: "1.2.3".to_owned(),
        app_version: "4.5".to_owned(),
        description: "a chart".to_owned(),
        keywords: vec!["k1".to_owned(), "k2".to_owned()],
        api_version: "v2".to_owned(),
        is_root,
        ..Chart::default()
    }
}

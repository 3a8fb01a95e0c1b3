//! How fast YAML is read: `cargo run --release -p jinnacle-syntax --example yaml_speed -- FILE…`
//!
//! Prints a line for each file: its size, and MB/s by the best of several runs over each document. Documents
//! are split as Helm splits them. Without arguments, a source in the shape of definitions of custom resources is made.

use std::ops::Range;
use std::time::{Duration, Instant};

use jinnacle_syntax::source::Source;
use jinnacle_syntax::yaml::{self, Limits};

fn main() {
    let mut files: Vec<(String, String)> = std::env::args()
        .skip(1)
        .map(|path| {
            let text = std::fs::read_to_string(&path).expect("a file with text");
            (path, text)
        })
        .collect();
    if files.is_empty() {
        files = vec![("definitions".to_owned(), definitions(2_000_000))];
    }
    for (name, text) in files {
        let source = Source::new(name.as_str(), text);
        let bytes = source.text().len();
        let parts: Vec<Range<usize>> = yaml::documents(source.text(), yaml::Ends::Lines)
            .into_iter()
            .map(|(start, end)| start..end + usize::from(source.text()[end..].starts_with('\n')))
            .collect();
        // Documents are short enough to be read before another program is given the core.
        let sum = |read: &dyn Fn(Range<usize>) -> bool| -> Duration {
            parts.iter().map(|part| best(|| read(part.clone()))).sum()
        };
        let whole = sum(&|part| yaml::read_part(&source, part, &Limits::default()).is_ok());
        let entries = sum(&|part| {
            yaml::read_entries(&source, part, &["apiVersion", "kind", "metadata"]).is_some()
        });
        println!(
            "{bytes:>9} bytes, read {:>6.1} MB/s, entries {:>6.1} MB/s  {name}",
            speed(bytes, whole),
            speed(bytes, entries)
        );
    }
}

fn speed(bytes: usize, time: Duration) -> f64 {
    bytes as f64 / time.as_secs_f64() / 1e6
}

/// The shortest time of several runs.
fn best(run: impl Fn() -> bool) -> Duration {
    let begin = Instant::now();
    let mut best = Duration::MAX;
    let mut runs = 0;
    while runs < 5 || begin.elapsed() < Duration::from_millis(10) {
        let begin = Instant::now();
        std::hint::black_box(run());
        best = best.min(begin.elapsed());
        runs += 1;
    }
    best
}

/// A source of at least so many bytes in the shape of definitions of custom resources.
fn definitions(bytes: usize) -> String {
    let mut text = String::new();
    let mut number = 0;
    while text.len() < bytes {
        number += 1;
        text += &format!(
            "---\napiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata:\n  \
             name: things{number}.example.com\n  annotations:\n    helm.sh/resource-policy: keep\n\
             spec:\n  versions:\n  - name: v1\n    schema:\n      openAPIV3Schema:\n        \
             type: object\n        properties:\n"
        );
        for property in 0..400 {
            text += &format!(
                "          property{property}:\n            description: |-\n              \
                 What number {property} is for, in a sentence that goes on\n              over a \
                 second line.\n            items:\n              properties:\n                \
                 enabled:\n                  type: boolean\n                port:\n                  \
                 description: the port, from 1 to 65535\n                  format: int32\n                  \
                 type: integer\n              required:\n              - port\n            \
                 type: array\n            x-kubernetes-list-type: atomic\n"
            );
        }
    }
    text
}

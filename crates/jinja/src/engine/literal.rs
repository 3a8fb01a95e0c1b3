//! Words in a YAML template that are no strings, although they look like it.

use std::ops::Range;

use crate::placeholders::yaml::key_end;
use jinnacle_jinja_syntax::Tag;
use jinnacle_syntax::yaml::scalar::{Scalar, resolve};

/// The keys and values of a template that YAML 1.1 and 1.2 read differently, and what to write instead.
pub fn ambiguous(text: &str, tags: &[Tag]) -> Vec<(Range<usize>, String)> {
    let mut found = Vec::new();
    let own = without_tags(text, tags);
    let mut next = 0;
    // The column of the key or dash whose block text goes on.
    let mut block = None;
    for line in own.split_inclusive('\n') {
        let start = next;
        next += line.len();
        let mut at = next - line.trim_start_matches(' ').len();
        let end = start + line.trim_end().len();
        if at >= end || block.is_some_and(|column| at - start > column) {
            continue;
        }
        block = None;
        let mut column = at - start;
        while let Some(rest) = own[at..end].strip_prefix("- ") {
            column = at - start;
            at = end - rest.trim_start_matches(' ').len();
        }
        if let Some(colon) = key_end(&own[at..end]) {
            column = at - start;
            check(&own, at..at + colon, &mut found);
            at += colon + 1;
        }
        let value = &own[at..end];
        let comment = value.as_bytes().windows(2).position(|pair| pair == b" #");
        let value = &value[..comment.unwrap_or(value.len())];
        check(&own, at..at + value.len(), &mut found);
        if value.trim().starts_with(['|', '>']) {
            block = Some(column);
        }
    }
    found
}

/// The template's own characters; a tag is a run of signs that no word holds.
fn without_tags(text: &str, tags: &[Tag]) -> String {
    let mut own = String::with_capacity(text.len());
    let mut at = 0;
    for tag in tags {
        own.push_str(&text[at..tag.range.start]);
        own.extend(std::iter::repeat_n('\u{1}', tag.range.len()));
        at = tag.range.end;
    }
    own.push_str(&text[at..]);
    own
}

fn check(own: &str, range: Range<usize>, found: &mut Vec<(Range<usize>, String)>) {
    let part = &own[range.clone()];
    let word = part.trim();
    let start = range.start + (part.len() - part.trim_start().len());
    let help = match resolve(word) {
        Scalar::Bool(value) if !word.eq_ignore_ascii_case(&value.to_string()) => {
            format!("write `{value}`, or \"{word}\" for the string")
        }
        Scalar::Int(value) if is_octal(word) => {
            format!("write `{value}`, or \"{word}\" for the string")
        }
        _ => return,
    };
    found.push((start..start + word.len(), help));
}

/// Whether digits begin with a zero, which makes them octal in YAML 1.1 and decimal in YAML 1.2.
fn is_octal(word: &str) -> bool {
    let digits = word.trim_start_matches(['+', '-']);
    digits.len() > 1
        && digits.starts_with('0')
        && digits.bytes().all(|b| b.is_ascii_digit() || b == b'_')
}

//! Changes of the user's text that fix a finding. They touch the bytes concerned and nothing else.

use super::Diagnostic;
use crate::source::{Source, Span};

/// Edits that belong together: all of them are made, or none.
#[derive(Clone, Debug)]
pub struct Fix {
    /// Each with the text that replaces it.
    pub edits: Vec<(Span, String)>,
}

impl Fix {
    /// One string for another.
    pub fn replace(span: &Span, text: impl Into<String>) -> Self {
        Self { edits: vec![(span.clone(), text.into())] }
    }
}

/// The text of a source with the fixes of its findings, and how many were made. Of two that touch the same
/// bytes, the first is made; the next run finds the other.
pub fn apply(source: &Source, findings: &[Diagnostic]) -> (String, usize) {
    let mut chosen: Vec<(usize, usize, &str)> = Vec::new();
    let mut made = 0;
    for fix in findings.iter().filter_map(|finding| finding.fix.as_ref()) {
        let edits: Vec<(usize, usize, &str)> = fix
            .edits
            .iter()
            .map(|(span, text)| (span.start(), span.end(), text.as_str()))
            .collect();
        let here = fix.edits.iter().all(|(span, _)| std::ptr::eq(&**span.source(), source));
        let free = |&(start, end, _): &(usize, usize, &str)| {
            chosen.iter().all(|&(from, to, _)| end < from || to < start)
        };
        if here && edits.iter().all(free) {
            chosen.extend(edits);
            made += 1;
        }
    }
    chosen.sort_by_key(|(start, end, _)| (*start, *end));
    let mut text = String::new();
    let mut done = 0;
    for (start, end, new) in chosen {
        text.push_str(&source.text()[done..start]);
        text.push_str(new);
        done = end;
    }
    text.push_str(&source.text()[done..]);
    (text, made)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule;

    #[test]
    fn fixes_touch_their_bytes_alone_and_never_each_other() {
        let source = Source::new("v.yaml", "a: 1 # one\r\nb: 2\r\n");
        let fix = |start, end, text: &str| {
            Diagnostic::error(rule!("schema/type"), "x")
                .fix(Fix::replace(&Span::new(&source, start, end), text))
        };
        let (text, made) = apply(&source, &[fix(12, 13, "bee"), fix(0, 1, "aa"), fix(12, 13, "c")]);
        assert_eq!((text.as_str(), made), ("aa: 1 # one\r\nbee: 2\r\n", 2));
    }
}

//! From a place in what a template made back to the template and the value.

use std::ops::Range;
use std::sync::Arc;

use minijinja::value::{Value, ValueKind};

use super::Origin;
use crate::source::{Source, Span};
use crate::yaml::{Kind, emit};
use jinnacle_jinja::engine::{Entry, Input, Read, Rendered, Written, entries};
use jinnacle_jinja::placeholders::{Claim, Expected};

/// A template that was rendered, kept so that places in what it made can be explained.
pub struct Trace {
    /// What it made.
    pub rendered: Rendered,
    /// The values of its chart.
    pub input: Arc<Input>,
    /// The source of the defaults of a built-in chart: only what comes from elsewhere can be wrong.
    pub defaults: Option<Arc<Source>>,
}

impl Trace {
    /// What made a stretch of the rendered source.
    pub fn origin(&self, source: &Source, range: Range<usize>) -> Option<Origin> {
        Output { trace: self, rendered: &self.rendered, source }.origin(range)
    }

    fn is_users(&self, span: &Span) -> bool {
        self.defaults.as_ref().is_none_or(|defaults| defaults.name() != span.source().name())
    }
}

/// What a template made: the traced one, or one that it includes as a string.
struct Output<'a> {
    trace: &'a Trace,
    rendered: &'a Rendered,
    source: &'a Source,
}

impl Output<'_> {
    /// What made a stretch: the last `{{ }}` before it that is on its first line, else the first one after it, else
    /// the line of a template.
    fn origin(&self, range: Range<usize>) -> Option<Origin> {
        let (source, claims) = (self.source, &self.rendered.claims);
        let line = source.place(range.start).line;
        let line_range = source.line_start(line)..source.line_start(line + 1);
        let before = claims.partition_point(|claim| claim.range.start <= range.start);
        let last = before.checked_sub(1).map(|index| &claims[index]);
        let claim = last
            .filter(|claim| claim.range.end > range.start || claim.range.start >= line_range.start)
            .or_else(|| claims.get(before).filter(|claim| line_range.contains(&claim.range.start)));
        let Some(claim) = claim else {
            if let Some(origin) = claims.get(before).and_then(|next| self.in_block(line, next)) {
                return Some(origin);
            }
            let template =
                self.rendered.line(last.map(|claim| claim.placeholder), source.line(line))?;
            return Some(Origin { template, value: None, is_at_fault: false });
        };
        let printed = &self.rendered.printed[claim.placeholder].value;
        let included = self.trace.input.log.included(printed);
        if let Some(included) = &included
            && let Some(origin) = self.inside(included, claim, &range)
        {
            return Some(origin);
        }
        let template = self.rendered.place(claim.placeholder)?.span;
        let value = included.is_none().then(|| self.value(claim, range)).flatten();
        let is_users = value.as_ref().is_some_and(|value| self.trace.is_users(value));
        let is_at_fault = self.trace.defaults.is_some() && is_users;
        Some(Origin { template, value, is_at_fault })
    }

    /// The first value in the block that a line of a built-in chart begins: the value is why the block is there.
    fn in_block(&self, line: usize, next: &Claim) -> Option<Origin> {
        let source = self.source;
        let indent = |line: &str| line.len() - line.trim_start_matches(' ').len();
        let last = source.place(next.range.start).line;
        let begin = indent(source.line(line));
        let is_inside = (line + 1..=last).all(|line| indent(source.line(line)) > begin);
        let origin = self.origin(next.range.clone())?;
        (is_inside && origin.is_at_fault).then_some(origin)
    }

    /// What made a stretch of a block that another template made, such as nats.conf in its ConfigMap.
    fn inside(&self, included: &Rendered, claim: &Claim, range: &Range<usize>) -> Option<Origin> {
        let inner = Source::new(included.name.as_str(), included.text.as_str());
        let place = self.source.place(range.start);
        let first_line = self.source.place(claim.range.start).line + 1;
        let line = (place.line + 1).checked_sub(first_line).filter(|line| *line > 0)?;
        let indent = self.source.line(place.line).strip_suffix(inner.line(line))?.len();
        let column = range.start.checked_sub(self.source.line_start(place.line) + indent)?;
        let start = inner.line_start(line) + column;
        Output { trace: self.trace, rendered: included, source: &inner }
            .origin(start..start + range.len())
    }

    /// Where the value was written that was printed in a stretch.
    fn value(&self, claim: &Claim, range: Range<usize>) -> Option<Span> {
        let printed = &self.rendered.printed[claim.placeholder];
        let input = &self.trace.input;
        if self.is_all(claim, &printed.value, &range)
            && let Some(span) = input.place(&printed.value)
        {
            return Some(span.clone());
        }
        let pieces = match claim.want {
            Expected::Entry(number) => pieces(entries(&printed.value).into_iter().nth(number)?),
            _ => pieces(Entry { key: None, value: printed.value.clone(), read: None }),
        };
        let text = self.source.text();
        let line = text[range.start..range.end].lines().next().unwrap_or_default();
        let end = (range.start + line.len()).saturating_sub(claim.range.start);
        let piece = piece_before(pieces, &text[claim.range.clone()], end)?;
        let known = piece.read.and_then(|read| piece.place(input.written(read)?));
        if let Some(span) = known.or_else(|| input.place(piece.scalar()).cloned()) {
            return Some(span);
        }
        let before = claim
            .placeholder
            .checked_sub(1)
            .map_or(0, |placeholder| self.rendered.printed[placeholder].reads);
        let reads = input.log.reads();
        let reads = &reads[..printed.reads.min(reads.len())];
        let (earlier, recent) = reads.split_at(before.min(reads.len()));
        self.same(recent, &piece)
            .or_else(|| self.part(recent, &piece, line))
            .or_else(|| self.same(earlier, &piece).filter(|_| piece.is_telling()))
    }

    /// Whether a stretch is all that a placeholder printed: a list begins before its first entry.
    fn is_all(&self, claim: &Claim, value: &Value, range: &Range<usize>) -> bool {
        let claims =
            || self.rendered.claims.iter().filter(|other| other.placeholder == claim.placeholder);
        let (Some(first), Some(last)) = (claims().next(), claims().next_back()) else {
            return false;
        };
        let begins = match value.kind() {
            ValueKind::Map => range.start <= first.range.start,
            _ => range.start < first.range.start,
        };
        begins && self.source.text()[..last.range.end].trim_end().len() <= range.end
    }

    /// The entry that was read last of those that are what was printed, best under the same key.
    fn same(&self, reads: &[Read], piece: &Piece) -> Option<Span> {
        let has_value = |written: &&Written| written.value == piece.value;
        let has_key = |written: &&Written| {
            written.key.as_ref().map(|(key, _)| &**key)
                == piece.key.as_ref().and_then(Value::as_str)
        };
        let found = self.candidates(reads).filter(has_value).find(has_key);
        if piece.is_key || found.is_some() {
            return piece.place(found?);
        }
        let mut others = self.candidates(reads).filter(has_value);
        others.next().map(|written| written.span.clone())
    }

    /// The key or value of an entry of which what was printed was made: the longest that is in it, best one that is
    /// in the line. What is printed may also be a part of the entry.
    fn part(&self, reads: &[Read], piece: &Piece, line: &str) -> Option<Span> {
        let whole = piece.scalar().as_str().filter(|whole| !whole.is_empty())?;
        let mut best: Option<((bool, usize), &Span)> = None;
        for written in self.candidates(reads) {
            let key = written.key.as_ref().map(|(key, span)| (key.to_string(), span));
            let value = shown(&written.value).map(|text| (text, &written.span));
            for (text, span) in value.into_iter().chain(key) {
                let is_part = !text.is_empty() && whole.contains(&text) || text.contains(whole);
                let rank = (line.contains(&text), text.len().min(whole.len()));
                if is_part && best.is_none_or(|(other, _)| rank > other) {
                    best = Some((rank, span));
                }
            }
        }
        best.map(|(_, span)| span.clone())
    }

    /// The entries that were read, the last first; of a built-in chart those that the user wrote.
    fn candidates<'r>(&'r self, reads: &'r [Read]) -> impl Iterator<Item = &'r Written> {
        let written = reads.iter().rev().filter_map(|read| self.trace.input.written(*read));
        written.filter(|written| self.trace.is_users(&written.span))
    }
}

/// A key or a scalar of what was printed.
struct Piece {
    key: Option<Value>,
    value: Value,
    /// Whether it is the key, or else the value.
    is_key: bool,
    /// The entry of the chart's values that it is.
    read: Option<Read>,
}

impl Piece {
    fn scalar(&self) -> &Value {
        self.key.as_ref().filter(|_| self.is_key).unwrap_or(&self.value)
    }

    /// The place of an entry that it is.
    fn place(&self, written: &Written) -> Option<Span> {
        match &written.key {
            Some((_, span)) if self.is_key => Some(span.clone()),
            _ => Some(written.span.clone()),
        }
    }

    /// Whether it is unlikely to be equal to another by chance.
    fn is_telling(&self) -> bool {
        self.is_key || matches!(self.value.kind(), ValueKind::String | ValueKind::Number)
    }
}

/// The keys and scalars of an entry, in the order in which they are printed.
fn pieces(entry: Entry) -> Vec<Piece> {
    let mut found = Vec::new();
    collect(entry, &mut found);
    found
}

fn collect(entry: Entry, found: &mut Vec<Piece>) {
    let Entry { key, value, read } = entry;
    if key.is_some() {
        found.push(Piece { key: key.clone(), value: value.clone(), is_key: true, read });
    }
    if shown(&value).is_some() {
        found.push(Piece { key, value, is_key: false, read });
    } else {
        entries(&value).into_iter().for_each(|entry| collect(entry, found));
    }
}

/// The last piece that begins before an offset, else the first one. All pieces are printed in their order, and
/// little else is between them.
fn piece_before(pieces: Vec<Piece>, text: &str, end: usize) -> Option<Piece> {
    let mut at = 0;
    let mut found = None;
    for piece in pieces {
        let shown = shown(piece.scalar()).unwrap_or_default();
        let line = shown.lines().next().unwrap_or_default();
        let Some(start) = text[at..].find(line) else { continue };
        if at + start >= end && found.is_some() {
            break;
        }
        at += start + line.len();
        found = Some(piece);
    }
    found
}

/// A scalar as it is printed, quotes aside.
fn shown(value: &Value) -> Option<String> {
    match value.kind() {
        ValueKind::String => value.as_str().map(str::to_owned),
        ValueKind::Bool => emit::word(&Kind::Bool(value.is_true())),
        ValueKind::Number => Some(value.to_string()),
        ValueKind::None => Some("null".to_owned()),
        _ => None,
    }
}

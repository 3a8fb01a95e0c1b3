//! Lists and maps between `[ ]` and `{ }`, over one line or more.

use super::signs::{double_end, flow_plain_end, is_colon, single_end};
use super::{Place, Printer, Trouble, Want, emit, first_mark, joined, mark_at, only_mark};

impl Printer<'_> {
    pub(super) fn flow(&mut self) -> Result<(), Trouble> {
        let mut depth = 0;
        let mut scalar_before = false;
        let mut mark_before = None;
        while self.at < self.text.len() {
            let rest = &self.text[self.at..];
            let Some(first) = rest.chars().next() else {
                break;
            };
            match first {
                ' ' | '\t' | '\n' | '\r' => {
                    self.copy(1);
                    continue;
                }
                '#' if self.out.ends_with([' ', '\t', '\n']) => {
                    self.comment();
                    continue;
                }
                '[' | '{' => {
                    depth += 1;
                    self.copy(1);
                    scalar_before = false;
                    continue;
                }
                ']' | '}' => {
                    depth -= 1;
                    self.copy(1);
                    if depth == 0 {
                        return Ok(());
                    }
                    (scalar_before, mark_before) = (true, None);
                    continue;
                }
                ',' => {
                    self.copy(1);
                    scalar_before = false;
                    continue;
                }
                ':' if is_colon(rest.as_bytes().get(1), true)
                    || self.out.ends_with(['"', '\'', '}', ']']) =>
                {
                    self.copy(1);
                    scalar_before = false;
                    continue;
                }
                _ => {}
            }
            let end = match first {
                '"' => double_end(rest).unwrap_or(rest.len()),
                '\'' => single_end(rest).unwrap_or(rest.len()),
                _ => flow_plain_end(rest),
            };
            let part = &rest[..end];
            let mark = first_mark(part);
            if scalar_before && let Some(mark) = mark.or(mark_before) {
                return Err(Trouble::new(mark, "two texts stand side by side without a comma")
                    .help("put the whole text in one pair of quotes"));
            }
            (scalar_before, mark_before) = (true, mark);
            match (mark, first) {
                (None, '&' | '!') => {
                    self.copy(end);
                    let next = self.text[self.at..].trim_start_matches([' ', '\t', '\n', '\r']);
                    if let Some((mark, _)) = mark_at(next) {
                        return Err(behind_tag(mark));
                    }
                    scalar_before = false;
                }
                (None, _) => self.copy(end),
                (Some(_), '"') => self.double()?,
                (Some(_), '\'') => self.single()?,
                (Some(mark), '&' | '!' | '*') => return Err(behind_tag(mark)),
                (Some(mark), _) => self.flow_plain(part, mark)?,
            }
        }
        Ok(())
    }

    fn flow_plain(&mut self, part: &str, mark: usize) -> Result<(), Trouble> {
        self.at += part.len();
        let rest = self.text[self.at..].trim_start_matches([' ', '\t']);
        let is_key = rest.starts_with(':') && is_colon(rest.as_bytes().get(1), true);
        if self.out.ends_with(':') {
            self.out.push(' ');
        }
        let start = self.out.len();
        if only_mark(part).is_some() && !is_key {
            self.scalar(mark, Place::Flow, start, Want::Value);
            return Ok(());
        }
        let text = joined(self.values, part)?;
        emit::text(&text, Place::Flow, &mut self.out);
        self.claims_of(part, start, Want::Text(text));
        self.key_fits(is_key.then_some(mark), start)
    }
}

fn behind_tag(mark: usize) -> Trouble {
    Trouble::new(mark, "a value cannot stand behind a tag, an anchor or an alias in `[ ]` or `{ }`")
}

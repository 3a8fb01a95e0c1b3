//! Lists and maps between `[ ]` and `{ }`, over one line or more.

use super::signs::{double_end, flow_plain_end, is_colon, single_end};
use super::{
    Expected, Place, PrintError, Printer, emit, first_placeholder, joined, only_placeholder,
    placeholder_at,
};

impl Printer<'_> {
    pub(super) fn flow(&mut self) -> Result<(), PrintError> {
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
            let placeholder = first_placeholder(part);
            if scalar_before && let Some(placeholder) = placeholder.or(mark_before) {
                return Err(PrintError::new(placeholder, "missing comma between two strings")
                    .help("put the whole text in one pair of quotes"));
            }
            (scalar_before, mark_before) = (true, placeholder);
            match (placeholder, first) {
                (None, '&' | '!') => {
                    self.copy(end);
                    let next = self.text[self.at..].trim_start_matches([' ', '\t', '\n', '\r']);
                    if let Some((placeholder, _)) = placeholder_at(next) {
                        return Err(behind_tag(placeholder));
                    }
                    scalar_before = false;
                }
                (None, _) => self.copy(end),
                (Some(_), '"') => self.double()?,
                (Some(_), '\'') => self.single()?,
                (Some(placeholder), '&' | '!' | '*') => return Err(behind_tag(placeholder)),
                (Some(placeholder), _) => self.flow_plain(part, placeholder)?,
            }
        }
        Ok(())
    }

    fn flow_plain(&mut self, part: &str, placeholder: usize) -> Result<(), PrintError> {
        self.at += part.len();
        let rest = self.text[self.at..].trim_start_matches([' ', '\t']);
        let is_key = rest.starts_with(':') && is_colon(rest.as_bytes().get(1), true);
        if self.out.ends_with(':') {
            self.out.push(' ');
        }
        let start = self.out.len();
        if only_placeholder(part).is_some() && !is_key {
            self.scalar(placeholder, Place::Flow, start, Expected::Value);
            return Ok(());
        }
        let text = joined(self.values, part)?;
        emit::text(&text, Place::Flow, &mut self.out);
        self.claims_of(part, start, Expected::Text(text));
        self.key_fits(is_key.then_some(placeholder), start)
    }
}

fn behind_tag(placeholder: usize) -> PrintError {
    PrintError::new(
        placeholder,
        "a value is not allowed after a tag, an anchor or an alias in `[ ]` or `{ }`",
    )
}

//! Strings in quotes: the template's quotes stay, the value gets the escapes they need.

use super::signs::{double_end, single_end};
use super::{
    Expected, PLACEHOLDER, PLACEHOLDER_END, PrintError, Printer, emit, escape_is_open,
    first_placeholder, joined, part_of_text, placeholder_at,
};

impl<'a> Printer<'a> {
    /// The value goes between the template's quotes and gets its escapes; the template's own stay.
    pub(super) fn double(&mut self) -> Result<(), PrintError> {
        let start = self.out.len();
        let inside = self.quoted(double_end)?;
        if first_placeholder(inside).is_none() {
            self.out.push_str(inside);
            return Ok(());
        }
        let lines = inside.contains('\n');
        let mut at = 0;
        while at < inside.len() {
            let rest = &inside[at..];
            let Some((placeholder, length)) = placeholder_at(rest) else {
                let own = rest.find(PLACEHOLDER).unwrap_or(rest.len());
                self.out.push_str(&rest[..own]);
                at += own;
                continue;
            };
            let own = inside[..at].rfind(PLACEHOLDER_END).map_or(0, |end| end + 1);
            if escape_is_open(&inside[own..at], &[('x', 2), ('u', 4), ('U', 8)]) {
                return Err(PrintError::new(placeholder, "a value cannot be part of an escape"));
            }
            let value = part_of_text(self.values, placeholder)?;
            // Spaces at the edge of a line of a string over several lines are not read.
            let begins = lines && ends_in_line_edge(&inside[..at]);
            let ends = lines && starts_with_line_edge(&rest[length..]);
            if value.is_empty() && (begins || ends) {
                return Err(PrintError::new(
                    placeholder,
                    "an empty string at the start or the end of a line of a quoted string",
                ));
            }
            self.escaped(&value, begins, ends);
            at += length;
        }
        let want = if inside.contains(['\\', '\n']) {
            Expected::Nothing
        } else {
            Expected::Text(joined(self.values, &inside[1..inside.len() - 1])?)
        };
        self.claims_of(inside, start, want);
        Ok(())
    }

    /// Moves after a quoted text.
    fn quoted(&mut self, end: fn(&str) -> Option<usize>) -> Result<&'a str, PrintError> {
        let rest = &self.text[self.at..];
        let inside = match (end(rest), first_placeholder(rest)) {
            (Some(end), _) => &rest[..end],
            (None, None) => rest,
            (None, Some(placeholder)) => {
                return Err(PrintError::new(placeholder, "quotes are not closed"));
            }
        };
        self.at += inside.len();
        Ok(inside)
    }

    fn escaped(&mut self, value: &str, begins: bool, ends: bool) {
        let start = self.out.len();
        emit::escaped(value, &mut self.out);
        if ends && self.out.len() > start && self.out.ends_with(' ') {
            self.out.pop();
            self.out.push_str("\\x20");
        }
        if begins && self.out[start..].starts_with(' ') {
            self.out.replace_range(start..=start, "\\x20");
        }
    }

    /// Single quotes have no escapes: the text is read, joined and written again.
    pub(super) fn single(&mut self) -> Result<(), PrintError> {
        let start = self.out.len();
        let inside = self.quoted(single_end)?;
        if first_placeholder(inside).is_none() {
            self.out.push_str(inside);
            return Ok(());
        }
        let text = joined(self.values, &fold(&inside[1..inside.len() - 1].replace("''", "'")))?;
        if text.chars().all(emit::is_printable) {
            self.out.push('\'');
            self.out.push_str(&text.replace('\'', "''"));
            self.out.push('\'');
        } else {
            emit::quoted(&text, &mut self.out);
        }
        self.claims_of(inside, start, Expected::Text(text));
        Ok(())
    }
}

/// Whether the last line of a string holds nothing but spaces; a string without a break has no edge.
fn ends_in_line_edge(text: &str) -> bool {
    text.trim_end_matches([' ', '\t']).ends_with('\n')
}

fn starts_with_line_edge(text: &str) -> bool {
    text.trim_start_matches([' ', '\t', '\r']).starts_with('\n')
}

/// Reads the lines of a quoted text: a break is a space, more breaks are one less.
fn fold(text: &str) -> String {
    let mut out = String::new();
    let mut breaks = 0;
    let last = text.matches('\n').count();
    for (index, line) in text.split('\n').enumerate() {
        let mut line = line;
        if index > 0 {
            line = line.trim_start_matches([' ', '\t']);
            breaks += 1;
        }
        if index < last {
            line = line.trim_end_matches([' ', '\t', '\r']);
        }
        if line.is_empty() && index > 0 && index < last {
            continue;
        }
        match breaks {
            0 => {}
            1 => out.push(' '),
            more => out.extend(std::iter::repeat_n('\n', more - 1)),
        }
        breaks = 0;
        out.push_str(line);
    }
    out
}

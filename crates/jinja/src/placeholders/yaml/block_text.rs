//! Block strings (`|` and `>`): a value goes into the lines as it is, indented like them.

use super::signs::{indentation, is_document_marker};
use super::{Expected, PrintError, Printer, emit, first_placeholder, joined};

impl Printer<'_> {
    pub(super) fn block_text(&mut self, column: isize) -> Result<(), PrintError> {
        let header = self.rest_of_line();
        let folded = header.starts_with('>');
        let signs = &header[..header.find([' ', '\t']).unwrap_or(header.len())];
        if let Some(placeholder) = first_placeholder(signs) {
            return Err(PrintError::new(
                placeholder,
                "a string that begins with `|` or `>` needs quotes",
            ));
        }
        let mut digit = signs.bytes().find(u8::is_ascii_digit).map(|b| usize::from(b - b'0'));
        let insert = self.out.len() + 1;
        self.copy(signs.len());
        self.comment();
        let parent = column.max(0) as usize;
        let lines = self.text[self.at..].split_inclusive('\n');
        let Some(content) = digit.map(|digit| parent + digit).or_else(|| {
            lines.map(|line| line.trim_end()).find(|line| !line.is_empty()).map(indentation)
        }) else {
            return Ok(());
        };
        if (content as isize) <= column || (content == 0 && self.text[self.at..].starts_with("---"))
        {
            return Ok(());
        }
        let mut first = true;
        while self.at < self.text.len() {
            let line = self.rest_of_line();
            let blank = line.trim_end_matches('\r').trim_matches(' ').is_empty();
            if !blank && (indentation(line) < content || (content == 0 && is_document_marker(line)))
            {
                break;
            }
            let Some(placeholder) = first_placeholder(line) else {
                self.copy_line();
                first &= blank;
                continue;
            };
            if content == 0 {
                return Err(PrintError::new(
                    placeholder,
                    "a value is not allowed in a block scalar without indentation",
                ));
            }
            self.at += line.len();
            let text = joined(self.values, &line[content..])?;
            block_text_takes(&text, folded)
                .map_err(|message| PrintError::new(placeholder, message))?;
            if first && digit.is_none() && (text.is_empty() || text.starts_with([' ', '\t', '\n']))
            {
                // The reader would take the column from the value.
                if content - parent > 9 {
                    return Err(PrintError::new(
                        placeholder,
                        "a block scalar that may begin with a space is indented too far",
                    )
                    .help("indent it by 9 spaces at most"));
                }
                digit = Some(content - parent);
                self.out.insert_str(insert, &(content - parent).to_string());
            }
            first = false;
            let start = self.out.len();
            for (index, part) in text.split('\n').enumerate() {
                if index > 0 {
                    self.out.push('\n');
                }
                if !part.is_empty() {
                    emit::spaces(content, &mut self.out);
                    self.out.push_str(part);
                }
            }
            self.claims_of(line, start, Expected::Nothing);
            self.line_break();
        }
        Ok(())
    }
}

/// Whether a block text can hold a line with its values.
fn block_text_takes(text: &str, folded: bool) -> Result<(), String> {
    if let Some(c) = text.chars().find(|&c| !matches!(c, '\n' | '\t') && !emit::is_printable(c)) {
        return Err(format!("a block text cannot hold the character U+{:04X}", u32::from(c)));
    }
    if folded && (text.contains('\n') || text.is_empty() || text.starts_with([' ', '\t'])) {
        return Err("a folded text (`>`) would change the lines of the value".to_owned());
    }
    Ok(())
}

//! A template as its author wrote it → the text that the engine compiles.
//!
//! In a template whose values are printed by their place nothing may catch printed text, since it
//! holds placeholders: macros and the like belong into a file of their own (`_names.j2`).

use std::ops::Range;
use std::sync::Arc;

use super::bounds;
use super::literal::ambiguous;
use jinnacle_jinja_syntax::signs::{NAME, PLACEHOLDER};
use jinnacle_jinja_syntax::{Language, Tag, TagKind, Word, for_engine, tags, words};
use jinnacle_syntax::diagnostic::{Diagnostic, RuleId, rule};
use jinnacle_syntax::source::{Source, Span};

/// A template ready for the engine, and the way back to its author's text.
pub struct Template {
    /// The author's text.
    pub source: Arc<Source>,
    /// The engine's text: the same lines.
    pub text: String,
    /// Offsets of the engine's text with the author's offsets from there on, in order.
    anchors: Vec<(usize, usize)>,
}

impl Template {
    /// Makes a template ready; all that is wrong with it at once. A trusted one is not searched for faults.
    pub fn new(source: Arc<Source>, name: &str, trusted: bool) -> Result<Self, Vec<Diagnostic>> {
        if !trusted {
            let faults = faults(&source, Language::of(name));
            if !faults.is_empty() {
                return Err(faults);
            }
        }
        let (text, anchors) = for_engine(source.text(), name);
        Ok(Self { source, text, anchors })
    }

    /// The author's text for a range of the engine's.
    pub fn span(&self, range: Range<usize>) -> Span {
        Span::new(&self.source, self.original(range.start), self.original(range.end))
    }

    fn original(&self, offset: usize) -> usize {
        let next = self.anchors.partition_point(|&(engine, _)| engine <= offset);
        let (engine, author) = self.anchors[next - 1];
        let limit = self.anchors.get(next).map_or(self.source.text().len(), |&(_, author)| author);
        (author + offset - engine).min(limit)
    }
}

/// All that is wrong with an author's text.
fn faults(source: &Arc<Source>, language: Language) -> Vec<Diagnostic> {
    let mut author = Author { source, language, diagnostics: Vec::new() };
    author.control_characters();
    author.nesting();
    if author.diagnostics.is_empty() && language.has_placeholders() {
        author.tags(&tags(source.text()).collect::<Vec<_>>());
    }
    author.diagnostics
}

struct Author<'a> {
    source: &'a Arc<Source>,
    language: Language,
    diagnostics: Vec<Diagnostic>,
}

/// The statements that catch no printed text.
const STATEMENTS: [&str; 13] = [
    "if", "elif", "else", "for", "with", "set", "include", "import", "from", "do", "break",
    "continue", "raw",
];

impl Author<'_> {
    fn control_characters(&mut self) {
        let text = self.source.text();
        if let Some(at) = text.find(|c| (PLACEHOLDER..=NAME).contains(&c)) {
            let code = u32::from(text.as_bytes()[at]);
            self.error(
                rule!("template/character"),
                at..at + 1,
                format!("a template cannot hold the control character U+{code:04X}"),
                "print it from a value",
            );
        }
    }

    fn nesting(&mut self) {
        let text = self.source.text();
        if let Some((range, message)) = bounds::nesting(text) {
            self.error(rule!("template/limit"), range, message, "put a part of it into a macro");
        }
    }

    fn tags(&mut self, tags: &[Tag]) {
        let text = self.source.text();
        for tag in tags {
            self.white_space_control(tag);
            if tag.kind != TagKind::Comment {
                self.joins(tag);
            }
            if tag.kind == TagKind::Statement {
                self.statement(tag);
            }
        }
        if self.language == Language::Yaml {
            for (range, help) in ambiguous(text, tags) {
                let message = format!(
                    "`{}` means one thing in YAML 1.1 and another in YAML 1.2",
                    &text[range.clone()]
                );
                self.error(rule!("template/literal"), range, message, &help);
            }
        }
    }

    fn white_space_control(&mut self, tag: &Tag) {
        let bytes = self.source.text().as_bytes();
        for at in [tag.range.start + 2, tag.range.end - 3] {
            if bytes[at] == b'-' {
                self.error(
                    rule!("template/whitespace"),
                    at..at + 1,
                    "`-` in a tag would glue lines together",
                    "remove it: a line that holds only `{% %}` prints nothing",
                );
            }
        }
    }

    fn joins(&mut self, tag: &Tag) {
        for word in words(self.source.text(), tag.inner()).filter(|word| word.text == "~") {
            self.error(
                rule!("template/join"),
                word.range,
                "`~` joins strings before their position is known",
                "write the parts side by side: `{{ a }}-{{ b }}`",
            );
        }
    }

    fn statement(&mut self, tag: &Tag) {
        let text = self.source.text();
        let words: Vec<Word> = words(text, tag.inner()).collect();
        let Some(first) = words.first() else { return };
        let refused = match first.text {
            "set" => !words.iter().any(|word| word.text == "="),
            "for" => words.last().is_some_and(|word| word.text == "recursive"),
            "include" => {
                self.include(tag, &words);
                false
            }
            // What is wrong with the begin of a block is said there.
            word => !STATEMENTS.contains(&word) && !word.starts_with("end"),
        };
        if refused {
            let message = match first.text {
                "set" => "`{% set %}` without `=` catches printed text".to_owned(),
                "for" => "`{% for %}` with `recursive` catches printed text".to_owned(),
                word => format!("`{{% {word} %}}` captures printed values"),
            };
            let help = "put it into a file with another suffix, such as `_names.j2`, and import it";
            self.error(rule!("template/statement"), first.range.clone(), message, help);
        }
    }

    fn include(&mut self, tag: &Tag, words: &[Word]) {
        let text = self.source.text();
        let start = text[..tag.range.start].rfind('\n').map_or(0, |at| at + 1);
        let behind = &text[tag.range.end..];
        let line_end = behind.find('\n').unwrap_or(behind.len());
        let blanks = &text[start..tag.range.start];
        if !blanks.trim_matches(' ').is_empty() || !behind[..line_end].trim().is_empty() {
            self.error(
                rule!("template/include"),
                tag.range.clone(),
                "`{% include %}` must be alone on its line",
                "the included file is brought at the column of the tag",
            );
            return;
        }
        let names: Vec<&Word> = match words.get(1) {
            Some(word) if word.text == "[" => words[2..]
                .iter()
                .take_while(|word| word.text != "]")
                .filter(|word| word.text != ",")
                .collect(),
            word => word.into_iter().collect(),
        };
        for name in names {
            let literal = name.text.trim_matches(['"', '\'']);
            if literal.len() + 2 != name.text.len() {
                self.error(
                    rule!("template/include"),
                    name.range.clone(),
                    "the name of an included template must be written out",
                    "choose with `{% if %}`",
                );
            } else if Language::of(literal) != self.language {
                self.error(
                    rule!("template/include"),
                    name.range.clone(),
                    format!("{name} prints its values by other rules", name = name.text),
                    "include a template with the same suffix, import one with macros, or use `include_text`",
                );
            }
        }
    }

    fn error(&mut self, rule: RuleId, range: Range<usize>, message: impl Into<String>, help: &str) {
        let span = Span::new(self.source, range.start, range.end);
        self.diagnostics.push(Diagnostic::error(rule, message).at(&span).help(help));
    }
}

//! Which findings count, and how much: flags, `jinnacle.toml`, and comments in the values files.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use toml::de::{DeTable, DeValue};

use crate::diagnostic::{Diagnostic, RuleId, Severity, Sink, Stopped, has_errors, rule};
use crate::source::{Source, Span};

/// What the user has decided about rules.
#[derive(Clone, Debug, Default)]
pub struct Policy {
    /// Warnings are errors, and rules that are off by themselves are on.
    pub strict: bool,
    /// Rules whose findings are left out.
    pub allow: Vec<RuleId>,
    /// Rules whose findings are errors.
    pub deny: Vec<RuleId>,
}

/// Rules that have nothing to say unless they are asked for, by `--strict` or `--deny`.
pub const OFF: [RuleId; 2] = [rule!("nats/plain-secret"), rule!("nats/host-ports")];

/// The stage of rules that cannot be allowed: a string which is not read is not checked.
const UNREADABLE: [RuleId; 4] =
    [rule!("yaml/syntax"), rule!("yaml/encoding"), rule!("yaml/limit"), rule!("values/shape")];

/// The file with the decisions of a repository.
const FILE: &str = "jinnacle.toml";

impl Policy {
    /// The decisions that hold for a finding.
    pub fn judge(&self, findings: Vec<Diagnostic>) -> Vec<Diagnostic> {
        findings.into_iter().filter_map(|finding| self.judge_one(finding)).collect()
    }

    /// Does a step, and goes on unless it finds an error.
    ///
    /// # Errors
    /// Something is wrong that counts.
    pub fn pass<T>(
        &self,
        sink: &mut Sink,
        step: impl FnOnce(&mut Sink) -> T,
    ) -> Result<T, Stopped> {
        sink.stop_on_errors(|sink| sink.changed(step, |finding| self.judge_one(finding)))
    }

    /// Adds what a step found and leaves the judgement of each finding to a later step. Goes on unless any of it is an
    /// error.
    ///
    /// # Errors
    /// Something is wrong that counts.
    pub fn stop(&self, step: Sink, sink: &mut Sink) -> Result<(), Stopped> {
        let step = step.into_vec();
        let stops = has_errors(&self.judge(step.clone()));
        sink.extend(step);
        if stops { Err(Stopped) } else { Ok(()) }
    }

    fn judge_one(&self, mut finding: Diagnostic) -> Option<Diagnostic> {
        let denied = self.deny.contains(&finding.rule);
        // Another policy may have made an error of it.
        let is_error = finding.severity == Severity::Error;
        if OFF.contains(&finding.rule) && !self.strict && !denied && !is_error {
            return None;
        }
        let may_go = !UNREADABLE.contains(&finding.rule);
        if may_go && (self.allow.contains(&finding.rule) && !denied || allowed_at(&finding)) {
            return None;
        }
        if denied || self.strict && finding.severity == Severity::Warning {
            finding.severity = Severity::Error;
        }
        Some(finding)
    }

    /// This policy with what a file adds to it.
    pub fn and(mut self, file: Self) -> Self {
        self.strict |= file.strict;
        // A flag takes precedence over the file.
        self.allow.extend(file.allow.into_iter().filter(|rule| !self.deny.contains(rule)));
        self.deny.extend(file.deny.into_iter().filter(|rule| !self.allow.contains(rule)));
        self
    }

    /// The decisions of a `jinnacle.toml`.
    ///
    /// # Errors
    /// It is no TOML, or says what means nothing.
    pub fn read(source: &Arc<Source>) -> Result<Self, Diagnostic> {
        let wrong = |message: String, range: std::ops::Range<usize>| {
            Diagnostic::error(rule!("config/file"), message).at(&Span::new(
                source,
                range.start,
                range.end,
            ))
        };
        let table = DeTable::parse(source.text()).map_err(|error| {
            wrong(error.message().replace('\n', ", "), error.span().unwrap_or(0..0))
        })?;
        let mut policy = Self::default();
        for (key, value) in table.get_ref() {
            let list = match key.get_ref().as_ref() {
                "strict" => {
                    let DeValue::Boolean(strict) = value.get_ref() else {
                        return Err(wrong("`strict`: expected a boolean".to_owned(), value.span()));
                    };
                    policy.strict = *strict;
                    continue;
                }
                "allow" => &mut policy.allow,
                "deny" => &mut policy.deny,
                other => {
                    let message = format!("unknown setting `{other}`");
                    return Err(wrong(message, key.span())
                        .help("the settings are `strict`, `allow` and `deny`"));
                }
            };
            let DeValue::Array(rules) = value.get_ref() else {
                let message = format!("`{}`: expected a list of rules", key.get_ref());
                return Err(wrong(message, value.span()));
            };
            for rule in rules {
                let DeValue::String(id) = rule.get_ref() else {
                    return Err(wrong(
                        "expected the name of a rule, a string".to_owned(),
                        rule.span(),
                    ));
                };
                list.push(id.parse().map_err(|why| wrong(why, rule.span()))?);
            }
        }
        Ok(policy)
    }
}

/// The nearest `jinnacle.toml`, upwards from a directory.
pub fn find(here: &Path) -> Option<PathBuf> {
    here.ancestors().map(|directory| directory.join(FILE)).find(|file| file.is_file())
}

/// Whether a comment allows the finding: `# jinnacle: allow(RULE)` in its line, or alone in the line above.
fn allowed_at(finding: &Diagnostic) -> bool {
    let Some(span) = &finding.span else { return false };
    let line = span.place().line;
    let above = span.source().line(line - 1);
    let comments = [
        span.source().line(line).rsplit_once('#').map(|(_, comment)| comment),
        above.trim_start().strip_prefix('#'),
    ];
    comments.into_iter().flatten().any(|comment| {
        let rules = comment.trim().strip_prefix("jinnacle:").map(str::trim);
        let rules = rules.and_then(|rest| rest.strip_prefix("allow(")?.split(')').next());
        rules.is_some_and(|rules| rules.split(',').any(|rule| rule.trim() == finding.rule.as_str()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(policy: &Policy, findings: &[Diagnostic]) -> Vec<String> {
        let judged = policy.judge(findings.to_vec());
        judged.iter().map(|f| format!("{} {}", f.severity.word(), f.rule)).collect()
    }

    #[test]
    fn flags_make_findings_weigh_more_or_nothing() {
        let findings = [
            Diagnostic::error(rule!("yaml/syntax"), "x"),
            Diagnostic::warning(rule!("values/no-effect"), "x"),
            Diagnostic::warning(rule!("nats/plain-secret"), "x"),
            Diagnostic::note(rule!("cli/offline"), "x"),
        ];
        let rules = |ids: &[&str]| ids.iter().map(|id| id.parse().unwrap()).collect::<Vec<_>>();
        let policy = |strict, allow: &[&str], deny: &[&str]| Policy {
            strict,
            allow: rules(allow),
            deny: rules(deny),
        };
        assert_eq!(
            words(&Policy::default(), &findings),
            ["error yaml/syntax", "warning values/no-effect", "note cli/offline"]
        );
        assert_eq!(
            words(&policy(true, &["nats/plain-secret"], &[]), &findings),
            ["error yaml/syntax", "error values/no-effect", "note cli/offline"]
        );
        assert_eq!(
            words(
                &policy(false, &["yaml/syntax", "values/no-effect"], &["nats/plain-secret"]),
                &findings
            ),
            ["error yaml/syntax", "error nats/plain-secret", "note cli/offline"]
        );
    }

    #[test]
    fn a_comment_allows_what_stands_in_its_line_or_below() {
        let text = "a: 1 # jinnacle: allow(schema/type)\n# jinnacle: allow(x/y, schema/type)\nb: 2\nc: 3\n";
        let source = Source::new("v.yaml", text);
        for (key, shown) in [("a:", 0), ("b:", 0), ("c:", 1)] {
            let at = text.find(key).unwrap();
            let finding =
                Diagnostic::error(rule!("schema/type"), "x").at(&Span::new(&source, at, at + 1));
            assert_eq!(Policy::default().judge(vec![finding]).len(), shown, "{key}");
        }
    }

    #[test]
    fn the_file_is_checked_as_strictly_as_values_are() {
        let read = |text: &str| {
            Policy::read(&Source::new("jinnacle.toml", text))
                .map_err(|found| format!("{}: {}", found.span.unwrap(), found.message))
        };
        let policy = read("strict = true\nallow = ['schema/type']\n").unwrap();
        assert!(policy.strict && policy.allow == [rule!("schema/type")]);
        for (text, words) in [
            ("strikt = true", "jinnacle.toml:1:1: unknown setting `strikt`"),
            ("strict = 1", "jinnacle.toml:1:10: `strict`: expected a boolean"),
            (
                "deny = ['schema/tipe']",
                "jinnacle.toml:1:9: unknown rule `schema/tipe`, did you mean `schema/type`?",
            ),
        ] {
            assert_eq!(read(text).unwrap_err(), words);
        }
        assert!(read("strict = ").is_err());
    }
}

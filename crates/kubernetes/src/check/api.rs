//! The kinds of a cluster: Kubernetes' own, some that many add, and those of the user's CRDs.
//!
//! Each definition is one line of text that is read in place, so that a run pays for the kinds that it meets
//! and for no others. `crates/schemas/src/api.rs` writes the lines and tells the form.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::sync::LazyLock;

use memchr::{memchr, memchr_iter, memrchr};

// Where the lines of both begin was found when the program was built.
include!(concat!(env!("OUT_DIR"), "/lines.rs"));

static KUBERNETES: LazyLock<Table> = LazyLock::new(|| {
    Table::new(include_str!("../../schemas/kubernetes.txt").into(), KUBERNETES_LINES.into())
});
static ADD_ONS: LazyLock<Table> = LazyLock::new(|| {
    Table::new(include_str!("../../schemas/add-ons.txt").into(), ADD_ONS_LINES.into())
});

/// The newest minor version of Kubernetes that is known; one that is newer is taken for it.
pub(crate) const NEWEST: u64 = 37;
/// The oldest.
pub(crate) const OLDEST: u64 = 19;

/// What a cluster knows.
pub struct Api {
    minor: u64,
    /// Definitions of the user, which come before those that are built in.
    custom: Vec<Table>,
}

/// What is known of a kind.
#[derive(Debug, PartialEq, Eq)]
pub enum Availability<'a> {
    /// It exists, with this definition.
    Known(&'a str),
    /// It existed up to this minor version.
    Gone(u64),
    /// It exists from this minor version on.
    New(u64),
    /// Kubernetes has no such kind.
    Missing,
    /// It may be anyone's.
    Foreign,
}

impl Api {
    /// The kinds of a cluster of Kubernetes 1.`minor`.
    pub fn new(minor: u64) -> Self {
        Self { minor: minor.clamp(OLDEST, NEWEST), custom: Vec::new() }
    }

    /// Adds kinds, written as the built-in ones are.
    pub fn add(&mut self, text: String) {
        let starts = text.match_indices('\n').map(|(at, _)| at as u32 + 1);
        let lines = std::iter::once(0).chain(starts).filter(|at| (*at as usize) < text.len());
        let lines = lines.collect::<Vec<_>>().into();
        self.custom.push(Table::new(text.into(), lines));
    }

    /// The minor version of the cluster.
    pub fn minor(&self) -> u64 {
        self.minor
    }

    /// What is known of a kind in a version such as `apps/v1`.
    pub fn kind(&self, api_version: &str, kind: &str) -> Availability<'_> {
        let name = format!("{api_version}/{kind}");
        let Some(line) = self.tables().find_map(|table| table.kind(&name)) else {
            return if is_of_kubernetes(api_version) {
                Availability::Missing
            } else {
                Availability::Foreign
            };
        };
        let (first, last) = minors(line);
        match self.minor {
            minor if minor < first => Availability::New(first),
            minor if minor > last => Availability::Gone(last),
            _ => Availability::Known(line.rsplit(' ').next().unwrap_or("")),
        }
    }

    /// The versions of a kind that this cluster has, the group's own first.
    pub(crate) fn versions_of(&self, kind: &str) -> Vec<&str> {
        let known = |line: &&str| {
            let mut parts = line.split(' ');
            let name = parts.next().and_then(|name| name.rsplit_once('/'));
            let version = name.filter(|(_, last)| *last == kind).map(|(version, _)| version);
            version
                .is_some_and(|version| matches!(self.kind(version, kind), Availability::Known(_)))
        };
        KUBERNETES
            .kinds()
            .filter(known)
            .filter_map(|line| line.split(' ').next()?.rsplit_once('/'))
            .map(|(version, _)| version)
            .collect()
    }

    /// The names of the kinds that this cluster has in a version such as `apps/v1`.
    pub(crate) fn names_of(&self, api_version: &str) -> Vec<&str> {
        KUBERNETES
            .kinds()
            .filter_map(|line| line.split(' ').next()?.rsplit_once('/'))
            .filter(|(version, _)| *version == api_version)
            .map(|(_, name)| name)
            .filter(|name| matches!(self.kind(api_version, name), Availability::Known(_)))
            .collect()
    }

    /// The definition of a name.
    pub fn definition(&self, name: &str) -> Option<Definition<'_>> {
        self.tables().find_map(|table| {
            let is_custom = !std::ptr::eq(table, &*KUBERNETES);
            table.definition(name).map(|line| Definition { line, is_custom })
        })
    }

    fn tables(&self) -> impl Iterator<Item = &Table> {
        self.custom.iter().chain([&*KUBERNETES, &*ADD_ONS])
    }
}

/// The last minor version that has a kind of Kubernetes; none where no known version has it.
pub(crate) fn last_minor(api_version: &str, kind: &str) -> Option<u64> {
    KUBERNETES.kind(&format!("{api_version}/{kind}")).map(|line| minors(line).1)
}

/// The first and the last minor version of a kind by its line.
fn minors(line: &str) -> (u64, u64) {
    let range = line.split(' ').nth(1).and_then(|range| range.split_once('-'));
    let (first, last) = range.unwrap_or_default();
    (first.parse().unwrap_or(0), last.parse().unwrap_or(u64::MAX))
}

/// Whether an `apiVersion` such as `apps/v1` is of a group that Kubernetes itself serves, or served. A group without
/// a dot cannot be that of a custom resource definition, so it counts as one of these.
pub(crate) fn is_of_kubernetes(api_version: &str) -> bool {
    let Some((group, _)) = api_version.split_once('/') else { return true };
    let is_in = |line: &str| line.strip_prefix(group).is_some_and(|rest| rest.starts_with('/'));
    !group.contains('.') || KUBERNETES.kinds().any(is_in)
}

/// A definition.
#[derive(Clone, Copy, Debug)]
pub struct Definition<'a> {
    /// Its name, then its fields.
    line: &'a str,
    /// Whether it is of a custom resource definition.
    is_custom: bool,
}

/// A field of a definition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field<'a> {
    /// Its name.
    pub name: &'a str,
    /// Whether it must be set.
    pub required: bool,
    /// Its type.
    pub kind: &'a str,
    /// The words or the range that it takes, if not all are taken.
    pub limits: Option<&'a str>,
    /// The minor version that it came with; 0 when that was long ago.
    pub since: u64,
    /// The minor version that it went with; none if it is there still.
    pub gone: Option<u64>,
}

impl<'a> Definition<'a> {
    /// The fields.
    pub fn fields(self) -> impl Iterator<Item = Field<'a>> {
        self.line.split(' ').skip(1).filter_map(Field::read)
    }

    /// The fields that must be set.
    pub fn required(self) -> impl Iterator<Item = Field<'a>> {
        memchr_iter(b'!', self.line.as_bytes()).filter_map(move |at| {
            let start = memrchr(b' ', &self.line.as_bytes()[..at])?;
            Field::read(self.line[start + 1..].split(' ').next()?)
        })
    }

    /// The field of a name.
    pub fn field(self, name: &str) -> Option<Field<'a>> {
        let line = self.line.as_bytes();
        let start = memchr_iter(b' ', line).map(|at| at + 1).find(|start| {
            let rest = line[*start..].strip_prefix(name.as_bytes());
            rest.is_some_and(|rest| rest.starts_with(b":") || rest.starts_with(b"!:"))
        })?;
        let end = memchr(b' ', &line[start..]).map_or(line.len(), |at| start + at);
        Field::read(&self.line[start..end])
    }

    /// Whether it is of a custom resource definition: the API server then takes its schema literally.
    pub(crate) fn is_custom(self) -> bool {
        self.is_custom
    }

    /// Whether it takes fields that it does not name.
    pub fn is_open(self) -> bool {
        self.line.contains(" …:")
    }
}

impl<'a> Field<'a> {
    fn read(text: &'a str) -> Option<Self> {
        let (name, rest) = text.split_once(':')?;
        let (rest, gone) = match rest.rsplit_once('^') {
            Some((rest, gone)) => (rest, Some(gone.parse().ok()?)),
            None => (rest, None),
        };
        let (rest, since) = match rest.rsplit_once('+') {
            Some((rest, since)) => (rest, since.parse().ok()?),
            None => (rest, 0),
        };
        let (kind, limits) = match rest.strip_suffix(')').and_then(|rest| rest.split_once('(')) {
            Some((kind, limits)) => (kind, Some(limits)),
            None => (rest, None),
        };
        let required = name.ends_with('!');
        Some(Self { name: name.trim_end_matches('!'), required, kind, limits, since, gone })
    }
}

/// Lines in the order of their first words: kinds, an empty line, definitions.
struct Table {
    text: Cow<'static, str>,
    /// Where each line begins.
    lines: Cow<'static, [u32]>,
    /// How many of them are kinds; an empty one follows.
    kinds: usize,
}

impl Table {
    fn new(text: Cow<'static, str>, lines: Cow<'static, [u32]>) -> Self {
        let kinds = text
            .find("\n\n")
            .map_or(lines.len(), |at| lines.partition_point(|start| (*start as usize) <= at));
        Self { text, lines, kinds }
    }

    fn kinds(&self) -> impl Iterator<Item = &str> {
        self.lines[..self.kinds].iter().map(|start| self.line(*start))
    }

    fn kind(&self, name: &str) -> Option<&str> {
        self.find(&self.lines[..self.kinds], name)
    }

    fn definition(&self, name: &str) -> Option<&str> {
        self.find(self.lines.get(self.kinds + 1..)?, name)
    }

    fn line(&self, start: u32) -> &str {
        let rest = &self.text[start as usize..];
        memchr(b'\n', rest.as_bytes()).map_or(rest, |end| &rest[..end])
    }

    /// The line that begins with a word, of lines in the order of their first words.
    fn find(&self, lines: &[u32], name: &str) -> Option<&str> {
        let at = lines.binary_search_by(|start| {
            let rest = &self.text.as_bytes()[*start as usize..];
            let (word, behind) = rest.split_at(name.len().min(rest.len()));
            // A longer word comes after those that it begins with.
            let ends = matches!(behind.first(), None | Some(b' ' | b'\n'));
            word.cmp(name.as_bytes()).then(if ends { Ordering::Equal } else { Ordering::Greater })
        });
        let at = at.ok()?;
        Some(self.line(lines[at]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_sorted_and_every_name_in_them_is_defined() {
        let api = Api::new(NEWEST);
        for table in [&*KUBERNETES, &*ADD_ONS] {
            let names: Vec<&str> = table.kinds().map(|l| l.split(' ').next().unwrap()).collect();
            assert!(names.is_sorted());
            let lines: Vec<&str> =
                table.lines[table.kinds + 1..].iter().map(|at| table.line(*at)).collect();
            let names: Vec<&str> = lines.iter().map(|l| l.split(' ').next().unwrap()).collect();
            assert!(names.is_sorted());
            assert!(
                lines
                    .iter()
                    .all(|line| table.definition(line.split(' ').next().unwrap()) == Some(line))
            );
            for line in &lines {
                let texts = line.split(' ').count() - 1;
                assert_eq!(Definition { line, is_custom: false }.fields().count(), texts, "{line}");
                for field in (Definition { line, is_custom: false }).fields() {
                    let kind = field.kind.trim_matches(['[', '{', '~', '}', ']']);
                    let kind = kind.split(';').next().unwrap();
                    assert!(kind.len() == 1 || api.definition(kind).is_some(), "{kind}");
                }
            }
            for line in table.kinds() {
                let name = line.split(' ').next().unwrap();
                assert_eq!(table.kind(name), Some(line));
                let definition = line.split(' ').nth(2).unwrap();
                assert!(api.definition(definition).is_some(), "{definition}");
            }
        }
    }

    #[test]
    fn kinds_come_and_go_with_versions() {
        let kind = |minor, version, kind| format!("{:?}", Api::new(minor).kind(version, kind));
        assert_eq!(kind(37, "apps/v1", "StatefulSet"), "Known(\"apps.v1.StatefulSet\")");
        assert_eq!(kind(37, "policy/v1beta1", "PodDisruptionBudget"), "Gone(24)");
        assert_eq!(kind(20, "policy/v1", "PodDisruptionBudget"), "New(21)");
        assert_eq!(kind(37, "apps/v1", "statefulset"), "Missing");
        assert_eq!(kind(37, "storage.k8s.io/v1", "X"), "Missing");
        assert_eq!(kind(37, "demo.k8s.io/v1", "X"), "Foreign");
        assert_eq!(kind(37, "example.org/v1", "X"), "Foreign");
        assert_eq!(Api::new(37).versions_of("Ingress"), ["networking.k8s.io/v1"]);
    }

    #[test]
    fn a_field_is_read_from_its_text() {
        let line = "x.Y a!:s(b|c)+27 port:i(1..65535) list:[x.Z;a,b]";
        let definition = Definition { line, is_custom: false };
        let field = definition.field("a").unwrap();
        assert_eq!((field.required, field.kind, field.since), (true, "s", 27));
        assert_eq!(field.limits, Some("b|c"));
        assert_eq!(definition.field("list").unwrap().kind, "[x.Z;a,b]");
        assert_eq!(definition.field("por"), None);
    }
}

//! Accounts, and what they hand each other: exports, imports and mappings (`parseAccounts`).

use super::super::section::{Found, Section};
use super::super::{Kind, Value, subject};
use super::{
    CONFLICT, DUPLICATE, MISSING, RANGE, REFERENCE, TYPE, VALUE, conflict, is_unset, missing,
};
use jinnacle_syntax::diagnostic::{Diagnostic, Sink, nearest};
use jinnacle_syntax::source::Span;
use std::collections::{HashMap, HashSet};

pub fn check(root: Section, found: &mut Sink) {
    let accounts = Accounts::of(root);
    if let Some(entry) = root.entry("accounts").filter(|_| !is_unset(root, "accounts"))
        && !matches!(entry.value.kind, Kind::Map(_) | Kind::List(_))
    {
        let message = format!(
            "`accounts` is ignored: expected a block, found {}",
            entry.value.kind.describe()
        );
        found.push(Diagnostic::warning(VALUE, message).at(&entry.value.span));
    }
    check_mappings(root, found);
    let mut seen = HashMap::new();
    for account in &accounts.list {
        if account.name == "$G" {
            let message = "the account `$G` is built in and must not be defined";
            found.push(
                Diagnostic::error(CONFLICT, message).at(account.key).help("give it another name"),
            );
        }
        if let Some(first) = seen.insert(account.name, account.key) {
            let message = format!("duplicate account `{}`", account.name);
            found.push(
                Diagnostic::error(DUPLICATE, message)
                    .at(account.key)
                    .related(first, "first defined here"),
            );
        }
        if let Some(options) = account.options {
            check_mappings(options, found);
            check_trace(options, found);
            let exports: Vec<Section> = options.sections("exports").collect();
            for n in 0..exports.len() {
                check_export(root, &exports[..=n], &accounts, found);
            }
        }
    }
    check_system_account(root, &accounts, found);
    Trade::new(&accounts).check(found);
}

/// The accounts of a configuration.
pub struct Accounts<'a> {
    /// Each account, in the order of the text.
    pub list: Vec<Account<'a>>,
    by_name: HashMap<&'a str, usize>,
    /// Whether none can hide after a variable or an included file.
    pub are_known: bool,
    /// Whether mappings at the top define the account `$G`, which otherwise exists only once a server runs.
    has_global: bool,
}

/// One account.
pub struct Account<'a> {
    /// Its name.
    pub name: &'a str,
    /// Where its name is.
    pub key: &'a Span,
    /// Its options; none where only its name is listed.
    pub options: Option<Section<'a>>,
}

impl<'a> Accounts<'a> {
    /// The accounts that a configuration defines.
    pub fn of(root: Section<'a>) -> Self {
        let has_global = root.entry("mappings|maps").is_some();
        let mut accounts = Self {
            list: Vec::new(),
            by_name: HashMap::new(),
            are_known: !root.map.open,
            has_global,
        };
        match root.entry("accounts").map(|entry| &entry.value.kind) {
            Some(Kind::Map(map)) => {
                accounts.are_known &= !map.open;
                // What a variable refers to is taken for a variable alone.
                for (name, entry) in map.entries.iter().filter(|(_, entry)| !entry.used) {
                    let options = Section::of(&entry.value);
                    accounts.list.push(Account { name, key: &entry.key, options });
                }
            }
            Some(Kind::List(list)) => {
                for value in list {
                    match &value.kind {
                        Kind::Text(name) => {
                            accounts.list.push(Account { name, key: &value.span, options: None })
                        }
                        _ => accounts.are_known = false,
                    }
                }
            }
            Some(Kind::Unset(_)) => accounts.are_known = false,
            _ => {}
        }
        let names = accounts.list.iter().enumerate().map(|(n, account)| (account.name, n));
        accounts.by_name = names.collect();
        accounts
    }

    /// The account of a name.
    pub fn find(&self, name: &str) -> Option<&Account<'a>> {
        self.by_name.get(name).map(|&n| &self.list[n])
    }

    /// Finds fault with a reference to an account that is not defined.
    pub fn must_exist(&self, name: Found<&str>, place: &str, found: &mut Sink) {
        let is_global = name.value == "$G" && self.has_global;
        if is_global || !self.are_known || self.find(name.value).is_some() {
            return;
        }
        let message = format!("unknown account `{}` in {place}", name.value);
        let mut error = Diagnostic::error(REFERENCE, message).at(name.span);
        if let Some(known) = nearest(name.value, self.list.iter().map(|account| account.name)) {
            error = error.help(format!("did you mean `{known}`?"));
        } else {
            error = error.help("define it in `accounts`");
        }
        found.push(error);
    }
}

impl Account<'_> {
    /// Whether JetStream is certainly on for the account.
    pub fn has_jetstream(&self) -> bool {
        match self
            .options
            .and_then(|options| options.entry("jetstream"))
            .map(|entry| &entry.value.kind)
        {
            Some(Kind::Bool(on)) => *on,
            Some(Kind::Text(word)) => word.to_ascii_lowercase().starts_with("enable"),
            Some(Kind::Map(_)) => true,
            _ => false,
        }
    }
}

/// The system account, whose option must be in lower case.
pub fn system(root: Section<'_>) -> Option<Found<'_, &str>> {
    root.exact().text(SYSTEM)
}

/// The names of the option for the system account.
pub const SYSTEM: &str = "system_account|system";

/// The system account must be one of the accounts, unless operators sign accounts elsewhere.
fn check_system_account(root: Section, accounts: &Accounts, found: &mut Sink) {
    if let (None, Some(entry)) = (root.exact().entry(SYSTEM), root.entry(SYSTEM)) {
        let message = format!("`{}` is ignored: expected the name in lower case", entry.key.text());
        found.push(Diagnostic::warning(VALUE, message).at(&entry.key));
    }
    let Some(entry) = root.exact().entry(SYSTEM) else {
        return;
    };
    let Kind::Text(name) = &entry.value.kind else {
        if !is_unset(root.exact(), SYSTEM) {
            let message = format!(
                "`system_account`: expected a string, found {}",
                entry.value.kind.describe()
            );
            found.push(Diagnostic::error(TYPE, message).at(&entry.value.span));
        }
        return;
    };
    let may_be_signed = !super::operators::are_absent(root) || !root.lacks("trusted_keys|trusted");
    let exists = ["", "$G"].contains(&name.as_str()) || accounts.find(name).is_some();
    if accounts.are_known && !may_be_signed && !exists {
        let message = format!("unknown system account `{name}`");
        found.push(
            Diagnostic::error(REFERENCE, message)
                .at(&entry.value.span)
                .help("define it in `accounts`"),
        );
    }
}

fn check_trace(options: Section, found: &mut Sink) {
    if let Some(trace) = options.section("msg_trace|trace_dest")
        && let Some(sampling) = trace.entry("sampling").filter(|_| trace.lacks("dest"))
    {
        let message = "`sampling` has no effect without a `dest`";
        found.push(Diagnostic::warning(MISSING, message).at(&sampling.key));
    }
}

/// Messages of one subject that go to others, with weights.
fn check_mappings(home: Section, found: &mut Sink) {
    let Some(mappings) = home.section("mappings|maps") else {
        return;
    };
    for (source, entry) in &mappings.map.entries {
        if subject::is_valid(source) {
            check_mapping(source, &entry.value, found);
        } else {
            let message = format!("`mappings`: expected a subject, found {source:?}");
            found.push(Diagnostic::error(VALUE, message).at(&entry.key));
        }
    }
}

fn check_mapping(source: &str, value: &Value, found: &mut Sink) {
    let destinations = match &value.kind {
        Kind::List(list) => list.as_slice(),
        _ => std::slice::from_ref(value),
    };
    let mut weights: HashMap<&str, i64> = HashMap::new();
    let mut seen = HashSet::new();
    for destination in destinations {
        let options = Section::of(destination);
        if let Some(options) = options {
            if options.entry("weight").is_none() {
                let error = missing(options, "missing `weight` of a destination");
                found.push(error.help("write `weight: 100%`"));
            }
            let weight =
                weights.entry(options.text("cluster").map_or("", |c| c.value)).or_default();
            *weight += weight_of(options).unwrap_or(0);
            if *weight > 100 {
                let message = format!("weights of `{source}` exceed 100%");
                found.push(Diagnostic::error(RANGE, message).at(&destination.span));
            }
        }
        let text = match (&destination.kind, options) {
            (Kind::Text(text), _) => Some(Found { value: text.as_str(), span: &destination.span }),
            (_, Some(options)) => options.text("destination|dest"),
            _ => None,
        };
        let Some(text) = text else {
            continue;
        };
        if !seen.insert(text.value) {
            let message = format!("duplicate mapping of `{source}` to `{}`", text.value);
            found.push(Diagnostic::error(DUPLICATE, message).at(text.span));
        }
        if let Some(problem) = subject::mapping_problem(source, text.value) {
            let message = format!("`{source}` cannot be mapped to `{}`: {problem}", text.value);
            found.push(Diagnostic::error(VALUE, message).at(text.span));
        }
    }
    // What the weights leave goes to the source itself, which must then be a destination too.
    let rest = weights.values().any(|weight| *weight < 100) && !seen.contains(source);
    if let Some(problem) = rest.then(|| subject::identity_problem(source)).flatten() {
        let message =
            format!("the remaining weight of `{source}` cannot be mapped to itself: {problem}");
        found.push(Diagnostic::error(VALUE, message).at(&value.span));
    }
}

fn weight_of(destination: Section) -> Option<i64> {
    let number = destination.integer("weight").map(|weight| weight.value);
    number.or_else(|| subject::percent(destination.text("weight")?.value))
}

/// Checks the last of some exports of an account; the server has seen the others before.
fn check_export(root: Section, exports: &[Section], accounts: &Accounts, found: &mut Sink) {
    let Some(export) = exports.last() else {
        return;
    };
    if export.entry("stream").is_some() && export.entry("service").is_some() {
        found.push(conflict(*export, "`stream` and `service` are mutually exclusive in an export"));
    } else if export.entry("stream").is_some() {
        let names = [
            "response_type|response",
            "response_threshold|threshold|response_max_time|response_time",
            "latency",
            "allow_trace",
        ];
        for entry in names.into_iter().filter_map(|names| export.entry(names)) {
            let message =
                format!("`{}` is not allowed in the export of a stream", entry.key.text());
            found.push(Diagnostic::error(CONFLICT, message).at(&entry.key));
        }
    }
    // The server looks no further at an export of nothing.
    if export.lacks("stream") && export.lacks("service") {
        return;
    }
    for account in export.strings("accounts") {
        accounts.must_exist(account, "`exports`", found);
    }
    let exported = export.text("stream").or_else(|| export.text("service"));
    if let (Some(position), Some(exported)) = (export.integer("account_token_position"), exported)
        && position.value != 0
    {
        let place = usize::try_from(position.value - 1).ok();
        if place.and_then(|place| exported.value.split('.').nth(place)) != Some("*") {
            let message = format!("token {} of `{}`: expected `*`", position.value, exported.value);
            found.push(Diagnostic::error(RANGE, message).at(position.span));
        }
    }
    check_latency(root, exports, *export, found);
}

fn check_latency(root: Section, exports: &[Section], export: Section, found: &mut Sink) {
    let Some(entry) = export.entry("latency") else {
        return;
    };
    let subject = match Section::of(&entry.value) {
        Some(latency) => {
            if latency.lacks("subject") {
                found.push(missing(latency, "missing `subject` in `latency`"));
            }
            latency.text("subject")
        }
        None => export.text("latency"),
    };
    if matches!(&entry.value.kind, Kind::Text(subject) if subject.is_empty()) {
        let message = "missing subject in `latency`";
        found.push(Diagnostic::error(VALUE, message).at(&entry.value.span));
    }
    let mut services = exports.iter().filter_map(|export| export.text("service"));
    if let Some(subject) = subject
        && (!subject::is_literal(subject.value)
            || services.any(|service| subject::is_within(subject.value, service.value)))
    {
        let message = "subject of `latency`: expected one without wildcards that is not a service of the account";
        found.push(Diagnostic::error(VALUE, message).at(subject.span));
    }
    let response = export.text("response_type|response");
    if let Some(response) = response.filter(|r| !r.value.to_ascii_lowercase().starts_with("single"))
    {
        let message = "`latency` requires a service with a single response";
        found.push(
            Diagnostic::error(CONFLICT, message).at(&entry.key).related(response.span, "set here"),
        );
    }
    if root.is_true("no_system_account|no_system|no_sys_acc") {
        let message = "`latency` requires a system account, which `no_system_account` disables";
        found.push(Diagnostic::error(CONFLICT, message).at(&entry.key));
    }
}

/// Exports and imports of all accounts.
struct Trade<'a> {
    accounts: &'a Accounts<'a>,
    /// Accounts of which not all exports are known here.
    obscure: HashSet<&'a str>,
    streams: HashMap<&'a str, Vec<Export<'a>>>,
    services: HashMap<&'a str, Vec<Export<'a>>>,
    stream_imports: HashMap<&'a str, Vec<Import<'a>>>,
    service_imports: HashMap<&'a str, Vec<Import<'a>>>,
}

/// A subject that an account gives to others.
struct Export<'a> {
    subject: &'a str,
    /// The accounts that may import it; none where all may.
    approved: Option<Vec<&'a str>>,
    /// The token, from 1, in which the importing account must stand.
    position: usize,
}

/// The account and the subject of an import.
type Origin<'a> = (Found<'a, &'a str>, Found<'a, &'a str>);

/// A subject that an account takes from another.
struct Import<'a> {
    from: &'a str,
    /// The exporter's subject.
    subject: &'a str,
    /// The subject under which the importer sees it.
    local: String,
}

/// The server looks no further for circles than this.
const MAX_CIRCLE: usize = 1024;

impl<'a> Trade<'a> {
    fn new(accounts: &'a Accounts<'a>) -> Self {
        let exports = |kind: &'static str| {
            let of = |account: &Account<'a>| {
                let exports =
                    account.options.into_iter().flat_map(|options| options.sections("exports"));
                let exports = exports.filter_map(|export| Export::of(export, kind)).collect();
                (account.name, exports)
            };
            accounts.list.iter().map(of).collect()
        };
        let is_obscure = |account: &&Account| account.options.is_some_and(has_obscure_exports);
        Self {
            accounts,
            obscure: accounts.list.iter().filter(is_obscure).map(|account| account.name).collect(),
            streams: exports("stream"),
            services: exports("service"),
            stream_imports: HashMap::new(),
            service_imports: HashMap::new(),
        }
    }

    fn check(&mut self, found: &mut Sink) {
        let accounts = self.accounts;
        for account in &accounts.list {
            let Some(options) = account.options else {
                continue;
            };
            for import in options.sections("imports") {
                let (stream, service) = (import.entry("stream"), import.entry("service"));
                if stream.is_some() && service.is_some() {
                    found.push(conflict(
                        import,
                        "`stream` and `service` are mutually exclusive in an import",
                    ));
                    continue;
                }
                if let Some(entry) = import.entry("allow_trace").filter(|_| service.is_some()) {
                    let message = "`allow_trace` is not allowed in the import of a service";
                    found.push(Diagnostic::error(CONFLICT, message).at(&entry.key));
                }
                let stream = import.section("stream");
                let origin = stream.or(import.section("service"));
                match origin.and_then(|foreign| self.origin(foreign, found)) {
                    Some(origin) if stream.is_some() => {
                        self.import_stream(account.name, import, origin, found);
                    }
                    Some(origin) => self.import_service(account.name, import, origin, found),
                    None => {}
                }
            }
        }
    }

    fn import_stream(
        &mut self,
        name: &'a str,
        import: Section<'a>,
        (account, subject): Origin<'a>,
        found: &mut Sink,
    ) {
        let is_approved = self.is_approved(&self.streams, account.value, name, subject.value);
        if !subject::is_valid(subject.value) || !is_approved {
            found.push(not_exported("stream", account.value, subject));
            return;
        }
        let (prefix, to) = (import.text("prefix"), import.text("to"));
        if let (Some(_), Some(to)) = (prefix, to) {
            let message =
                "`prefix` and `to` are mutually exclusive in an import: the server uses either";
            found.push(Diagnostic::warning(CONFLICT, message).at(to.span));
        }
        if let Some(prefix) = prefix.filter(|prefix| subject::has_wildcard(prefix.value)) {
            let message = "`prefix` must not have wildcards";
            found.push(Diagnostic::error(VALUE, message).at(prefix.span));
            return;
        }
        let local = match (prefix, to) {
            (Some(prefix), _) => format!(
                "{}.{}",
                prefix.value.strip_suffix('.').unwrap_or(prefix.value),
                subject.value
            ),
            (None, Some(to)) => to.value.to_owned(),
            (None, None) => subject.value.to_owned(),
        };
        let is_circle = self.streams_circle(account.value, &local, &mut HashSet::from([name]))
            || self.streams_circle(account.value, subject.value, &mut HashSet::from([name]));
        if is_circle {
            found.push(circle(subject));
        }
        if subject::has_wildcard(subject.value)
            && local != subject.value
            && let Some(problem) = subject::import_problem(subject.value, &local)
        {
            let message = format!("`{}` cannot be imported as `{local}`: {problem}", subject.value);
            found.push(
                Diagnostic::error(VALUE, message)
                    .at(to.or(prefix).map_or(subject.span, |text| text.span)),
            );
        }
        let imports = self.stream_imports.entry(name).or_default();
        if imports
            .iter()
            .any(|import| import.from == account.value && import.subject == subject.value)
        {
            let message = format!(
                "duplicate import of the stream `{}` of `{}`",
                subject.value, account.value
            );
            found.push(Diagnostic::error(DUPLICATE, message).at(subject.span));
        }
        imports.push(Import {
            from: account.value,
            subject: subject.value,
            local: subject::with_wildcards(&local),
        });
    }

    fn import_service(
        &mut self,
        name: &'a str,
        import: Section<'a>,
        (account, subject): Origin<'a>,
        found: &mut Sink,
    ) {
        let to = import.text("to");
        let local = to.map_or(subject.value, |to| to.value);
        for text in [Some(subject), to].into_iter().flatten() {
            if !subject::is_valid(text.value) {
                let message = format!("expected a subject, found {:?}", text.value);
                found.push(Diagnostic::error(VALUE, message).at(text.span));
                return;
            }
        }
        if !self.is_approved(&self.services, account.value, name, subject.value) {
            found.push(not_exported("service", account.value, subject));
            return;
        }
        let seen = match subject::has_wildcard(subject.value) {
            true => subject::with_wildcards(local),
            false => local.to_owned(),
        };
        if self.services_circle(account.value, &seen, &mut HashSet::from([name])) {
            found.push(circle(subject));
        }
        if subject::has_wildcard(subject.value)
            && local != subject.value
            && let Some(problem) =
                subject::import_problem(&subject::with_wildcards(subject.value), local)
        {
            let message = format!("`{}` cannot be imported as `{local}`: {problem}", subject.value);
            found.push(Diagnostic::error(VALUE, message).at(to.unwrap_or(subject).span));
        }
        let imports = self.service_imports.entry(name).or_default();
        if imports.iter().any(|import| import.from == account.value && import.local == seen) {
            let message =
                format!("duplicate import of a service of `{}` as `{local}`", account.value);
            found.push(Diagnostic::error(DUPLICATE, message).at(to.unwrap_or(subject).span));
        }
        imports.push(Import { from: account.value, subject: subject.value, local: seen });
    }

    /// The account and the subject of an import, if both are there.
    fn origin(&self, foreign: Section<'a>, found: &mut Sink) -> Option<Origin<'a>> {
        if foreign.lacks("account") || foreign.lacks("subject") {
            found.push(missing(foreign, "missing `account` or `subject` of an import"));
        }
        let (account, subject) = (foreign.text("account")?, foreign.text("subject")?);
        self.accounts.must_exist(account, "`imports`", found);
        self.accounts.find(account.value)?.options?;
        Some((account, subject))
    }

    /// Whether an account may import a subject of another; yes where not all exports are known.
    fn is_approved(
        &self,
        exports: &HashMap<&str, Vec<Export>>,
        from: &str,
        to: &str,
        subject: &str,
    ) -> bool {
        if self.obscure.contains(from) {
            return true;
        }
        let exports = exports.get(from).map(Vec::as_slice).unwrap_or_default();
        match exports.iter().rev().find(|export| export.subject == subject) {
            Some(export) => export.allows(to, None),
            None => {
                let mut matching =
                    exports.iter().filter(|export| subject::is_within(subject, export.subject));
                matching.any(|export| export.allows(to, Some(subject)))
            }
        }
    }

    fn services_circle(
        &self,
        account: &'a str,
        subject: &str,
        visited: &mut HashSet<&'a str>,
    ) -> bool {
        if visited.len() >= MAX_CIRCLE {
            return true;
        }
        let imports = self.service_imports.get(account).map(Vec::as_slice).unwrap_or_default();
        imports.iter().filter(|import| subject::collide(subject, import.subject)).any(|import| {
            if visited.contains(import.from) {
                return true;
            }
            visited.insert(account);
            let narrower =
                if subject::is_within(&import.local, subject) { &import.local } else { subject };
            self.services_circle(import.from, narrower, visited)
        })
    }

    fn streams_circle(
        &self,
        account: &'a str,
        subject: &str,
        visited: &mut HashSet<&'a str>,
    ) -> bool {
        let exports = self.streams.get(account).map(Vec::as_slice).unwrap_or_default();
        if visited.len() >= MAX_CIRCLE {
            return true;
        }
        if !exports.iter().any(|export| subject::is_within(subject, export.subject)) {
            return false;
        }
        let imports = self.stream_imports.get(account).map(Vec::as_slice).unwrap_or_default();
        imports.iter().filter(|import| subject::collide(subject, &import.local)).any(|import| {
            if visited.contains(import.from) {
                return true;
            }
            visited.insert(account);
            let narrower =
                if subject::is_within(&import.local, subject) { &import.local } else { subject };
            self.streams_circle(import.from, narrower, visited)
        })
    }
}

/// Whether an included file or a variable may say more of an account's exports.
fn has_obscure_exports(options: Section) -> bool {
    let names = ["stream", "service", "accounts", "account_token_position"];
    let is_obscure =
        |export: Section| export.map.open || names.into_iter().any(|name| is_unset(export, name));
    options.map.open || is_unset(options, "exports") || options.sections("exports").any(is_obscure)
}

impl<'a> Export<'a> {
    fn of(export: Section<'a>, kind: &str) -> Option<Self> {
        let approved = export.entry("accounts").map(|_| export.strings("accounts"));
        Some(Self {
            subject: export.text(kind)?.value,
            // An empty list asks for a token, which a configuration cannot give; `accounts: []` counts as none.
            approved: approved
                .filter(|a| !a.is_empty())
                .map(|a| a.into_iter().map(|text| text.value).collect()),
            position: export
                .integer("account_token_position")
                .map_or(0, |n| usize::try_from(n.value).unwrap_or(0)),
        })
    }

    /// Whether an account may import it; a subject is given where it is narrower than the exported one.
    fn allows(&self, account: &str, subject: Option<&str>) -> bool {
        if self.position > 0 {
            return subject.and_then(|subject| subject.split('.').nth(self.position - 1))
                == Some(account);
        }
        self.approved.as_ref().is_none_or(|approved| approved.contains(&account))
    }
}

fn not_exported(kind: &str, account: &str, subject: Found<&str>) -> Diagnostic {
    let message = format!(
        "the account `{account}` does not export the {kind} `{}` to this one",
        subject.value
    );
    Diagnostic::error(REFERENCE, message)
        .at(subject.span)
        .help(format!("add it to the `exports` of `{account}`"))
}

fn circle(subject: Found<&str>) -> Diagnostic {
    Diagnostic::error(CONFLICT, format!("import of `{}` is circular", subject.value))
        .at(subject.span)
}

#[cfg(test)]
mod tests {
    use crate::check::tests::expect;

    #[test]
    fn accounts_trade_what_exists() {
        let cases: &[(&str, &[&str])] = &[
            ("accounts { \"$G\" {} }", &["conflict 1:13"]),
            ("accounts { A { exports: [{accounts: [B]}, {latency: \"a.*\"}] } }", &[]),
            ("accounts { A { exports: [{service: a, latency: \"\"}] } }", &["value 1:48"]),
            ("accounts: [A, B, A]", &["duplicate 1:18"]),
            ("accounts: \"A\"", &["warning: value 1:11"]),
            ("system_account: SYS", &["reference 1:17"]),
            ("system_account: SYS\naccounts { SYS {} }", &[]),
            ("system_account: $SYS", &[]),
            ("System_Account: SYS", &["warning: value 1:1"]),
            ("system_account: 5", &["type 1:17"]),
            ("accounts { A { exports: [{stream: a, service: b}] } }", &["conflict 1:26"]),
            ("accounts { A { exports: [{stream: a, latency: l}] } }", &["conflict 1:38"]),
            ("accounts { A { exports: [{service: a, accounts: [Z]}] } }", &["reference 1:50"]),
            (
                "accounts { A { exports: [{service: \"a.*\", account_token_position: 1}] } }",
                &["range 1:67"],
            ),
            ("accounts { A { exports: [{service: \"a.*\", account_token_position: 2}] } }", &[]),
            (
                "accounts { A { exports: [{service: a, latency: {sampling: 5}}, {service: b, latency: \"b\", response: stream}] } }",
                &["missing 1:48", "value 1:86", "conflict 1:77"],
            ),
            (
                "accounts { A { exports: [{stream: \"a.*\"}] }, B { imports: [{stream: {account: A, subject: \"a.b\"}}, {stream: {account: A, subject: \"b\"}}] } }",
                &["reference 1:131"],
            ),
            (
                "accounts { A { exports: [{stream: a, accounts: [B]}] }, B { imports: [{stream: {account: A, subject: a}}] }, C { imports: [{stream: {account: A, subject: a}}] } }",
                &["reference 1:155"],
            ),
            (
                "accounts { A { exports: [{service: \"a.*.*\"}] }, B { imports: [{service: {account: A, subject: \"a.*.*\"}, to: \"b.$2.$1\"}, {service: {account: A, subject: \"a.*.*\"}, to: \"b.$1\"}] } }",
                &["value 1:167"],
            ),
            (
                "accounts { A { exports: [{service: a}], imports: [{service: {account: B, subject: a}}] }, B { exports: [{service: a}], imports: [{service: {account: A, subject: a}}] } }",
                &["conflict 1:162"],
            ),
            (
                "accounts { A { exports: [{stream: a}] }, B { imports: [{stream: {account: A, subject: a}, prefix: \"p.*\"}, {stream: {account: A, subject: a}, service: {account: A, subject: a}}, {stream: {account: A}}, {service: {account: Z, subject: b}}] } }",
                &["value 1:99", "conflict 1:107", "missing 1:187", "reference 1:222"],
            ),
            (
                "mappings { a: {dest: b}, \"c.*\": \"d.$2\", \"e..f\": g, h: [{dest: i, weight: 60}, {dest: j, weight: \"60%\"}, {dest: i, weight: 1}] }",
                &[
                    "missing 1:15",
                    "value 1:33",
                    "value 1:42",
                    "range 1:79",
                    "range 1:105",
                    "duplicate 1:112",
                ],
            ),
            ("accounts { A { trace_dest { sampling: 5 } } }", &["warning: missing 1:29"]),
        ];
        expect(cases);
    }
}

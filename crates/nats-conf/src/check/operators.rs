//! Operators, who sign accounts, and the resolvers that find these (`validateTrustedOperators`).

use super::super::encoding::BASE64_URL;
use super::super::section::Section;
use super::super::{Kind, address, nkey};
use super::accounts::{self, SYSTEM};
use super::authorization::Users;
use super::{CONFLICT, MISSING, REFERENCE, VALUE, conflict, is_unset, missing};
use jinnacle_functions::time::Duration;
use jinnacle_syntax::diagnostic::{Diagnostic, Sink};

/// The names of the option for operators.
pub const NAMES: &str = "operator|operators|roots|root|root_operators|root_operator";
const RESOLVER: &str = "resolver|account_resolver|accounts_resolver";

pub fn check(root: Section, found: &mut Sink) {
    check_resolver(root, found);
    check_preload(root, found);
    check_tokens(root, found);
    if are_set(root) {
        check_exclusions(root, found);
        check_pinned(root, found);
        check_system(root, found);
        // One operator can name a server of accounts in its token.
        let operators = root.strings(NAMES);
        let has_server = match operators.as_slice() {
            [operator] => Token::read(operator.value).is_none_or(|token| token.names_server),
            _ => false,
        };
        if !has_server && root.entry(RESOLVER).is_none() && !root.map.open {
            found.push(missing_at(
                root,
                "missing `resolver`: operators need one for their accounts",
            ));
        }
    }
    if let Some(sentinel) = root.text("default_sentinel") {
        if are_absent(root) {
            let message = "`default_sentinel` requires operators";
            found.push(Diagnostic::error(MISSING, message).at(sentinel.span));
        } else if claims(sentinel.value).is_none() {
            let message = "`default_sentinel`: expected the JWT of a user";
            found.push(Diagnostic::error(VALUE, message).at(sentinel.span));
        }
    }
}

/// Whether operators are certainly set.
pub fn are_set(root: Section) -> bool {
    root.has(NAMES)
}

/// Whether there are certainly no operators.
pub fn are_absent(root: Section) -> bool {
    match root.entry(NAMES) {
        None => !root.map.open,
        Some(entry) => matches!(&entry.value.kind, Kind::List(list) if list.is_empty()),
    }
}

/// Whether no operator names the server's system account: one that is alone can, in its token.
pub fn name_no_system(root: Section) -> bool {
    match root.strings(NAMES).as_slice() {
        [operator] => {
            Token::read(operator.value).is_some_and(|token| token.system_account.is_empty())
        }
        _ => true,
    }
}

/// A token may stand in the text or in a file; what looks like a token must be one.
fn check_tokens(root: Section, found: &mut Sink) {
    for operator in root.strings(NAMES) {
        if operator.value.starts_with("eyJ") && Token::read(operator.value).is_none() {
            let message = "invalid operator JWT";
            found.push(Diagnostic::error(VALUE, message).at(operator.span));
        }
    }
}

/// What the accounts of operators replace.
fn check_exclusions(root: Section, found: &mut Sink) {
    let users = Users::of(root);
    if let Some(user) = users.list.first() {
        found.push(
            conflict(*user, "users are not allowed together with operators")
                .help("remove them: users come from signed accounts"),
        );
    }
    let callout = root.section("authorization").and_then(|a| a.entry("auth_callout|auth_hook"));
    let exclusions = [
        (root.entry("accounts").filter(|_| root.has("accounts")), "accounts"),
        (root.entry("mappings|maps"), "mappings"),
        (
            root.entry("trusted_keys|trusted").filter(|_| root.has("trusted_keys|trusted")),
            "trusted keys",
        ),
        (callout, "a callout"),
    ];
    for (entry, what) in exclusions {
        if let Some(entry) = entry {
            let message = format!("{what} not allowed together with operators");
            found.push(Diagnostic::error(CONFLICT, message).at(&entry.key));
        }
    }
}

fn check_pinned(root: Section, found: &mut Sink) {
    for account in root.strings("resolver_pinned_accounts") {
        if !nkey::is_account(account.value) {
            let message = format!(
                "pinned account: expected the public key of an account, found {:?}",
                account.value
            );
            found.push(Diagnostic::error(VALUE, message).at(account.span));
        }
    }
}

/// The system account, which the operator's token may name too.
fn check_system(root: Section, found: &mut Sink) {
    let operators = root.strings(NAMES);
    let tokens: Option<Vec<Token>> =
        operators.iter().map(|operator| Token::read(operator.value)).collect();
    let Some(tokens) = tokens.filter(|tokens| !tokens.is_empty()) else {
        // The token is in a file, which only the server can read.
        return;
    };
    let named: Vec<&str> = tokens
        .iter()
        .map(|token| token.system_account.as_str())
        .filter(|name| !name.is_empty())
        .collect();
    let configured = accounts::system(root);
    let is_configured = !root.exact().lacks(SYSTEM);
    if let Some(system) =
        configured.filter(|system| !named.is_empty() && !named.contains(&system.value))
    {
        let message = "`system_account` differs from the one in the operator JWT";
        found.push(Diagnostic::error(CONFLICT, message).at(system.span));
    }
    let resolver = root.section(RESOLVER);
    let needs_system = resolver.and_then(|resolver| resolver.exact().text("type"));
    let needs_system = needs_system
        .is_some_and(|kind| ["full", "cache"].contains(&kind.value.to_ascii_lowercase().as_str()));
    if needs_system && !is_configured && tokens[0].system_account.is_empty() {
        found.push(missing_at(
            root,
            "missing `system_account`: a resolver with a directory needs one",
        ));
    }
    let system = configured.map(|system| system.value).or(match tokens.as_slice() {
        [token] if !is_configured => {
            named.first().copied().filter(|name| *name == token.system_account)
        }
        _ => None,
    });
    if let Some(system) = system.filter(|_| is_memory(root)) {
        let preload = root.section("resolver_preload");
        let is_there = preload
            .is_some_and(|preload| preload.map.open || preload.map.entries.contains_key(system));
        if !is_there && !is_unset(root, "resolver_preload") && !root.map.open {
            let message = format!("system account `{system}` not found in `resolver_preload`");
            let error = Diagnostic::error(REFERENCE, message);
            found.push(match configured {
                Some(text) => error.at(text.span),
                None => error.at(operators[0].span),
            });
        }
    }
}

fn is_memory(root: Section) -> bool {
    let kind = root
        .section(RESOLVER)
        .and_then(|resolver| resolver.text("type"))
        .or_else(|| root.text(RESOLVER));
    kind.is_some_and(|kind| kind.value.to_ascii_lowercase().contains("mem"))
}

fn check_resolver(root: Section, found: &mut Sink) {
    if let Some(text) =
        root.entry(RESOLVER).filter(|entry| matches!(entry.value.kind, Kind::Text(_)))
    {
        let Kind::Text(word) = &text.value.kind else {
            return;
        };
        let lower = word.to_ascii_lowercase();
        let is_good = lower.contains("mem")
            || lower.find("url").is_some_and(|at| is_good_url(&word[at + 3..]));
        if !is_good {
            let message = format!(
                "`resolver`: expected `MEMORY`, `URL(https://…)` or a block, found {word:?}"
            );
            found.push(Diagnostic::error(VALUE, message).at(&text.value.span));
        }
    }
    let Some(resolver) = root.section(RESOLVER).map(Section::exact) else {
        return;
    };
    if resolver.lacks("type") {
        found.push(missing(resolver, "missing `type` in `resolver`").help("write `type: full`"));
    }
    let kind =
        resolver.text("type").map(|kind| kind.value.to_ascii_lowercase()).unwrap_or_default();
    if !["full", "cache"].contains(&kind.as_str()) {
        return;
    }
    if are_absent(root) {
        found.push(
            missing(resolver, "missing `operator`: a resolver with a directory needs one")
                .help("set `operator` to the file of the operator JWT"),
        );
    }
    let is_short = |text: &str| Duration::parse(text).is_ok_and(|all| all <= Duration::ZERO);
    if let Some(timeout) = resolver.text("timeout").filter(|timeout| is_short(timeout.value)) {
        let message = "`timeout` of the resolver: expected a positive duration";
        found.push(Diagnostic::error(VALUE, message).at(timeout.span));
    }
    if resolver.lacks("dir") {
        found.push(
            missing(resolver, "missing `dir` in `resolver`")
                .help("set `dir` to the directory of the accounts"),
        );
    }
    let is_zero = |name| {
        resolver.text(name).is_some_and(|text| Duration::parse(text.value) == Ok(Duration::ZERO))
    };
    let mut refuse = |name: &str, message: &str| {
        if let Some(entry) = resolver.entry(name) {
            found.push(Diagnostic::error(CONFLICT, message).at(&entry.key));
        }
    };
    if kind == "cache" {
        if !is_zero("interval") {
            refuse("interval", "`interval` is not allowed in a resolver of type `cache`");
        }
        if resolver.is_true("allow_delete") {
            refuse("allow_delete", "`allow_delete` is not allowed in a resolver of type `cache`");
        }
        refuse("hard_delete", "`hard_delete` is not allowed in a resolver of type `cache`");
    } else {
        if !is_zero("ttl") {
            refuse("ttl", "`ttl` is not allowed in a resolver of type `full`");
        }
        if !resolver.is_true("allow_delete") && !is_unset(resolver, "allow_delete") {
            refuse("hard_delete", "`hard_delete` has no effect without `allow_delete: true`");
        }
    }
}

/// What follows `URL`: nothing, or a URL in parentheses, perhaps in quotes.
fn is_good_url(rest: &str) -> bool {
    let inner = rest.strip_prefix('(').and_then(|rest| rest.split(')').next());
    inner.is_none_or(|url| address::is_url(url.trim().trim_matches('"')))
}

fn check_preload(root: Section, found: &mut Sink) {
    let Some(preload) =
        root.section("resolver_preload").filter(|preload| !preload.map.entries.is_empty())
    else {
        return;
    };
    for (_, entry) in &preload.map.entries {
        if let Kind::Text(token) = &entry.value.kind
            && claims(token).is_none_or(|claims| {
                claims["nats"]["type"].as_str().is_some_and(|kind| kind != "account")
            })
        {
            let message =
                "`resolver_preload`: expected the JWT of an account, which begins with `eyJ`";
            found.push(Diagnostic::error(VALUE, message).at(&entry.value.span));
        }
    }
    let is_url = root
        .text(RESOLVER)
        .is_some_and(|text| !is_memory(root) && text.value.to_ascii_lowercase().contains("url"));
    let is_derived =
        root.strings(NAMES).len() == 1 && root.entry(RESOLVER).is_none() && !root.map.open;
    if is_url || is_derived {
        let error = conflict(preload, "`resolver_preload` requires a resolver that is not a URL");
        found.push(error.help("write `resolver: MEMORY`"));
    }
}

fn missing_at(root: Section, message: &str) -> Diagnostic {
    let error = Diagnostic::error(MISSING, message);
    match root.entry(NAMES) {
        Some(entry) => error.at(&entry.key),
        None => error,
    }
}

/// What the token of an operator says of itself.
struct Token {
    system_account: String,
    names_server: bool,
}

impl Token {
    /// Reads a token that is written in the text; none where the text is the name of a file.
    fn read(token: &str) -> Option<Self> {
        let claims = claims(token)?;
        let system_account = claims["nats"]["system_account"].as_str().unwrap_or("").to_owned();
        let names_server =
            claims["nats"]["account_server_url"].as_str().is_some_and(|url| !url.is_empty());
        Some(Self { system_account, names_server })
    }
}

/// The claims of a JWT. Its signature is left to the server.
pub fn claims(token: &str) -> Option<serde_json::Value> {
    let mut parts = token.trim().split('.');
    let (header, body, signature) = (parts.next()?, parts.next()?, parts.next()?);
    let read = |part| serde_json::from_slice::<serde_json::Value>(&base64(part)?).ok();
    if parts.next().is_some() || !read(header)?.is_object() || signature.is_empty() {
        return None;
    }
    read(body)
}

/// Base64 of the alphabet for addresses, without padding; bits that are left over do not matter.
fn base64(text: &str) -> Option<Vec<u8>> {
    BASE64_URL.decode(text.trim_end_matches('=').as_bytes()).ok()
}

#[cfg(test)]
mod tests {
    use crate::check::tests::expect;

    #[test]
    fn operators_replace_what_is_defined_here() {
        let cases: &[(&str, &[&str])] = &[
            ("operator: a.jwt\nresolver: MEMORY", &[]),
            (
                "operator: eyJhIjoxfQ.eyJuYXRzIjp7ImFjY291bnRfc2VydmVyX3VybCI6Imh0dHA6Ly9hIn19.c2ln",
                &[],
            ),
            (
                "operator: eyJhIjoxfQ.eyJuYXRzIjp7InN5c3RlbV9hY2NvdW50IjoiU1lTIn19.c2ln",
                &["missing 1:1"],
            ),
            ("operator: [a.jwt, b.jwt]", &["missing 1:1"]),
            ("operator: eyJ.x.y\nresolver: MEMORY", &["value 1:11"]),
            (
                "operator: a.jwt\nresolver: MEMORY\naccounts { A { users: [{user: a}] } }\ntrusted_keys: []\nmappings { a: b }\nauthorization { auth_callout {} }\nno_auth_user: a",
                &[
                    "missing 6:30",
                    "missing 6:30",
                    "conflict 7:15",
                    "conflict 3:24",
                    "conflict 3:1",
                    "conflict 5:1",
                    "conflict 6:17",
                ],
            ),
            ("operator: a.jwt\nresolver: MEMORY\nresolver_pinned_accounts: [abc]", &["value 3:28"]),
            (
                "operator: eyJhIjoxfQ.eyJuYXRzIjp7ImFjY291bnRfc2VydmVyX3VybCI6Imh0dHA6Ly9hIn19.c2ln\nresolver { type: full, dir: a }",
                &["missing 1:1"],
            ),
            (
                "operator: eyJhIjoxfQ.eyJuYXRzIjp7InN5c3RlbV9hY2NvdW50IjoiU1lTIn19.c2ln\nresolver { type: full, dir: a }",
                &[],
            ),
            (
                "operator: eyJhIjoxfQ.eyJuYXRzIjp7InN5c3RlbV9hY2NvdW50IjoiU1lTIn19.c2ln\nresolver: MEMORY\nsystem_account: OTHER",
                &["conflict 3:17", "reference 3:17"],
            ),
            (
                "operator: eyJhIjoxfQ.eyJuYXRzIjp7InN5c3RlbV9hY2NvdW50IjoiU1lTIn19.c2ln\nresolver: MEMORY",
                &["reference 1:11"],
            ),
            (
                "operator: eyJhIjoxfQ.eyJuYXRzIjp7InN5c3RlbV9hY2NvdW50IjoiU1lTIn19.c2ln\nresolver: MEMORY\nresolver_preload { SYS: eyJhIjoxfQ.eyJuYXRzIjp7InR5cGUiOiJhY2NvdW50In19.c2ln }",
                &[],
            ),
            (
                "operator: a.jwt\nresolver: \"URL(http://a)\"\nresolver_preload { SYS: eyJhIjoxfQ.eyJuYXRzIjp7InR5cGUiOiJhY2NvdW50In19.c2ln, B: x }",
                &["value 3:82", "conflict 3:18"],
            ),
            ("operator: a.jwt\nresolver: \"URL(http://a b)\"", &["value 2:11"]),
            ("resolver: somewhere", &["value 1:11"]),
            ("resolver {}", &["missing 1:10"]),
            (
                "resolver { type: cache, allow_delete: true, hard_delete: true, interval: \"1m\" }",
                &[
                    "missing 1:10",
                    "missing 1:10",
                    "conflict 1:64",
                    "conflict 1:25",
                    "conflict 1:45",
                ],
            ),
            (
                "resolver { type: full, dir: a, ttl: \"1h\", hard_delete: true }",
                &["missing 1:10", "conflict 1:32", "conflict 1:43"],
            ),
            (
                "resolver { type: full, dir: a, allow_delete: true, hard_delete: true }",
                &["missing 1:10"],
            ),
            (
                "default_sentinel: eyJhIjoxfQ.eyJuYXRzIjp7InR5cGUiOiJhY2NvdW50In19.c2ln",
                &["missing 1:19"],
            ),
            ("operator: a.jwt\nresolver: MEMORY\ndefault_sentinel: x", &["value 3:19"]),
            (
                "operator: a.jwt\nresolver: MEMORY\nleafnodes { remotes: [{url: \"nats://a:1\"}], authorization { users: [{user: a}] } }",
                &["missing 3:23", "conflict 3:59"],
            ),
            (
                "operator: $OPERATOR\nsystem_account: SYS\nleafnodes { remotes: [{url: \"nats://a:1\", account: A}] }",
                &[],
            ),
        ];
        expect(cases);
    }
}

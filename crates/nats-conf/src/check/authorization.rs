//! Who may come in: users, tokens, callouts, and the user of those who do not say who they are
//! (`parseAuthorization` and `validateAuth`).

use super::super::Kind;
use super::super::section::{Found, Section};
use super::accounts::Accounts;
use super::{CONFLICT, DUPLICATE, REFERENCE, VALUE, conflict, is_unset, missing};
use jinnacle_syntax::diagnostic::{Diagnostic, Sink};
use std::collections::HashMap;

pub fn check(root: Section, found: &mut Sink) {
    let users = Users::of(root);
    users.check(found);
    if let Some(authorization) = root.section("authorization") {
        check_clients(authorization, &users, found);
    }
    for name in ["cluster", "gateway"] {
        let section = root.section(name);
        if let Some(authorization) = section.and_then(|section| section.section("authorization")) {
            check_servers(name, authorization, found);
        }
    }
    if let Some(permissions) =
        root.section("cluster").and_then(|cluster| cluster.section("permissions"))
    {
        check_server_permissions(permissions, found);
    }
    check_callout(root, found);
    for proxy in root.section("proxies").into_iter().flat_map(|proxies| proxies.sections("trusted"))
    {
        if proxy.lacks("key|public_key") {
            found.push(missing(proxy, "missing `key` of a trusted proxy"));
        }
    }
    check_user_of_nobody(Some(root), "no_auth_user", root, &users, found);
    for (name, names) in [("websocket", "websocket|ws"), ("mqtt", "mqtt")] {
        let section = root.section(names);
        let section =
            section.filter(|s| s.port("port", "listen").is_some_and(|port| port.value != 0));
        check_user_of_nobody(section, &format!("{name}.no_auth_user"), root, &users, found);
        let authorization =
            section.and_then(|section| section.section("authorization|authentication"));
        if let Some(authorization) = authorization.filter(|_| !users.list.is_empty()) {
            for single in ["user|username", "token"] {
                if let Some(text) = authorization.text(single) {
                    let message = format!(
                        "`{name}.authorization`: a single user or token is not allowed together with `users`"
                    );
                    found.push(Diagnostic::error(CONFLICT, message).at(text.span));
                }
            }
        }
    }
}

/// All users of a configuration: of `authorization` and of the accounts.
pub struct Users<'a> {
    /// Their blocks.
    pub list: Vec<Section<'a>>,
    /// Whether none can hide after a variable or an included file.
    pub are_known: bool,
}

const USER: &str = "user|username";
const PASSWORD: &str = "password|pass";

impl<'a> Users<'a> {
    /// The users that a configuration defines.
    pub fn of(root: Section<'a>) -> Self {
        let authorization = root.section("authorization");
        let accounts = Accounts::of(root);
        let homes = || {
            authorization
                .into_iter()
                .chain(accounts.list.iter().filter_map(|account| account.options))
        };
        let list: Vec<Section> = homes().flat_map(|home| home.sections("users")).collect();
        let is_open = |home: Section| home.map.open || is_unset(home, "users");
        let has_variables = list
            .iter()
            .any(|user| is_unset(*user, USER) || is_unset(*user, "nkey") || user.map.open);
        let are_known = accounts.are_known
            && !has_variables
            && !homes().any(is_open)
            && !is_unset(root, "authorization");
        Self { list, are_known }
    }

    fn names(&self) -> impl Iterator<Item = Found<'a, &'a str>> + '_ {
        self.list.iter().filter_map(|user| user.text("nkey").or_else(|| user.text(USER)))
    }

    fn check(&self, found: &mut Sink) {
        for user in &self.list {
            if user.lacks("nkey") && user.lacks(USER) {
                found.push(missing(*user, "missing `user` or `nkey` of a user"));
            }
            if user.has("nkey") && (user.has(USER) || user.has(PASSWORD)) {
                found.push(conflict(
                    *user,
                    "`nkey` is not allowed together with `user` and `password`",
                ));
            }
        }
        let mut names = HashMap::new();
        for name in self.names() {
            if let Some(first) = names.insert(name.value, name.span) {
                let message = format!("duplicate user `{}`", name.value);
                found.push(
                    Diagnostic::error(DUPLICATE, message)
                        .at(name.span)
                        .related(first, "first defined here"),
                );
            }
        }
    }
}

fn check_clients(authorization: Section, users: &Users, found: &mut Sink) {
    if authorization.has("token") && (authorization.has(USER) || authorization.has(PASSWORD)) {
        found.push(conflict(
            authorization,
            "`token` is not allowed together with `user` and `password` in `authorization`",
        ));
    }
    if authorization.entry("users").is_none() && users.list.is_empty() {
        return;
    }
    for single in [USER, "token"] {
        if let Some(text) = authorization.text(single) {
            let message = "`authorization`: a single user or token is not allowed together with `users` or `accounts`";
            found.push(Diagnostic::error(CONFLICT, message).at(text.span));
        }
    }
}

/// Servers come in with one user and a password.
fn check_servers(name: &str, authorization: Section, found: &mut Sink) {
    for (option, what) in [
        ("users", "a list of users"),
        ("token", "a token"),
        ("auth_callout|auth_hook", "a callout"),
    ] {
        let is_empty_text = option == "token" && !authorization.has(option);
        if let Some(entry) = authorization
            .entry(option)
            .filter(|_| !is_empty_text && !is_unset(authorization, option))
        {
            let message =
                format!("`{name}.authorization`: expected one user and a password, found {what}");
            found.push(Diagnostic::error(CONFLICT, message).at(&entry.key));
        }
    }
    if let Some(permissions) = authorization
        .section("default_permissions|default_permission|permissions")
        .filter(|_| name == "cluster")
    {
        check_server_permissions(permissions, found);
    }
}

fn check_server_permissions(permissions: Section, found: &mut Sink) {
    let responses = "allow_responses|publish_allow_responses";
    if let Some(entry) = permissions.entry(responses)
        && (permissions.is_true(responses) || matches!(entry.value.kind, Kind::Map(_)))
    {
        let message = "`allow_responses` is not allowed in the permissions of a cluster";
        found.push(Diagnostic::error(CONFLICT, message).at(&entry.key));
    }
    let export = "subscribe|sub|export";
    let nested = permissions
        .section(export)
        .into_iter()
        .flat_map(|s| [s.strings("allow"), s.strings("deny")]);
    for text in permissions.strings(export).into_iter().chain(nested.flatten()) {
        if !super::super::subject::is_valid(text.value) {
            let message =
                format!("permissions of a cluster: expected a subject, found {:?}", text.value);
            found.push(Diagnostic::error(VALUE, message).at(text.span));
        }
    }
}

/// A callout asks a service who may come in. The account and the users of the service may be unknown.
fn check_callout(root: Section, found: &mut Sink) {
    let Some(callout) =
        root.section("authorization").and_then(|a| a.section("auth_callout|auth_hook"))
    else {
        return;
    };
    if callout.lacks("issuer") {
        found.push(
            missing(callout, "missing `issuer` in `auth_callout`")
                .help("set it to the public key of an account"),
        );
    }
    let users = "auth_users|users";
    if callout.list(users).is_empty() && !is_unset(callout, users) && !callout.map.open {
        found.push(
            missing(callout, "missing `auth_users` in `auth_callout`")
                .help("list the users of the service"),
        );
    }
    let accounts = Accounts::of(root);
    for account in callout.strings("allowed_accounts") {
        accounts.must_exist(account, "`auth_callout.allowed_accounts`", found);
    }
}

/// The user of those who do not say who they are must be one that exists.
fn check_user_of_nobody(
    section: Option<Section>,
    name: &str,
    root: Section,
    users: &Users,
    found: &mut Sink,
) {
    let Some(user) = section.and_then(|section| section.text("no_auth_user")) else {
        return;
    };
    if super::operators::are_set(root) {
        let message = format!("`{name}` is not allowed together with operators");
        found.push(Diagnostic::error(CONFLICT, message).at(user.span));
    } else if users.are_known && !users.names().any(|known| known.value == user.value) {
        let message = format!("`{name}`: unknown user `{}`", user.value);
        found.push(
            Diagnostic::error(REFERENCE, message)
                .at(user.span)
                .help("define the user in `authorization` or an account"),
        );
    }
}

#[cfg(test)]
mod tests {
    use crate::check::tests::expect;

    #[test]
    fn users_are_distinguished() {
        let cases: &[(&str, &[&str])] = &[
            ("authorization { user: a, password: b, token: c }", &["conflict 1:15"]),
            ("authorization { user: a, users: [{user: b}] }", &["conflict 1:23"]),
            (
                "authorization { token: a }\naccounts { A { users: [{user: b}] } }",
                &["conflict 1:24"],
            ),
            ("authorization { users: [{user: a}, {password: b}] }", &["missing 1:36"]),
            (
                "authorization { users: [{user: a}] }\naccounts { A { users: [{user: a}] } }",
                &["duplicate 2:31"],
            ),
            (
                "authorization { users: [{nkey: UBNLMXCPTDPLQ43APWDM72LO7IGOVCM7GXKFUOMCPD6IDAMYMJDA7HCQ, user: a}, {nkey: AAX7Z5T3HZYN4P44BOSTY5AC2HVDULHHJ5QCEGPI66KNQDZDBSMJOEUN}] }",
                &["value 1:107", "conflict 1:25"],
            ),
            (
                "cluster { authorization { users: [{user: a}], token: b } }",
                &["conflict 1:27", "conflict 1:47"],
            ),
            (
                "gateway { authorization { auth_callout { issuer: a } } }",
                &["value 1:50", "conflict 1:27"],
            ),
            (
                "cluster { permissions { allow_responses: true, export: \"a b\" } }",
                &["conflict 1:25", "value 1:56"],
            ),
            (
                "authorization { auth_callout { issuer: AAX7Z5T3HZYN4P44BOSTY5AC2HVDULHHJ5QCEGPI66KNQDZDBSMJOEUN, allowed_accounts: [Z] } }",
                &["missing 1:30", "reference 1:117"],
            ),
            ("authorization { auth_callout { auth_users: [a] } }", &["missing 1:30"]),
            ("no_auth_user: a", &["reference 1:15"]),
            ("no_auth_user: a\nauthorization { users: [{user: a}] }", &[]),
            ("no_auth_user: a\nauthorization { users: [{user: $USER}] }", &[]),
            (
                "websocket { port: -1, no_tls: true, no_auth_user: z, authorization { user: b } }\nauthorization { users: [{user: a}] }",
                &["reference 1:51", "conflict 1:76"],
            ),
            ("proxies { trusted: [{}] }", &["missing 1:21"]),
        ];
        expect(cases);
    }
}

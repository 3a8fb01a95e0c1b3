//! NKeys and JWTs in the values of `nats/nats`: whose they are, and whether they are whole.

use jinnacle_chart::rules::Finding;
use jinnacle_nats_conf::{claims, nkey};
use jinnacle_syntax::yaml::Node;

/// Keys of users: `Not a valid public nkey for a user`.
pub(super) fn nkeys(values: &Node) -> Vec<Finding> {
    if !values.is_true("auth.enabled") {
        return Vec::new();
    }
    let accounts = values.map_at("auth.basic.accounts");
    let of_accounts =
        accounts.into_iter().flat_map(|accounts| accounts.iter()).flat_map(|(name, account)| {
            let users = account.list_at("users").iter().enumerate();
            users
                .map(move |(n, user)| (format!("auth.basic.accounts.{name}.users[{n}].nkey"), user))
        });
    let of_lists = ["auth.nkeys.users", "auth.basic.users"].into_iter().flat_map(|path| {
        let users = values.list_at(path).iter().enumerate();
        users.map(move |(n, user)| (format!("{path}[{n}].nkey"), user))
    });
    of_lists
        .chain(of_accounts)
        .filter_map(|(path, user)| Some((path, user.at("nkey")?)))
        .filter_map(|(path, node)| {
            let key = node.as_str().filter(|key| !nkey::is_user(key))?;
            let (found, help) = if nkey::is_user_seed(key) {
                (
                    "the seed, which is the secret part",
                    "write the public key, which `nk -inkey` prints",
                )
            } else if nkey::is_account(key) {
                ("the key of an account", "write the key of the user, which begins with `U`")
            } else if nkey::is_public(key) {
                ("the key of something else", "write the key of the user, which begins with `U`")
            } else if key.starts_with('U') && key.len() == 56 {
                ("a key with a typo: its checksum is wrong", "copy it again")
            } else {
                ("something else", "write the public key, `U` and 55 letters and digits")
            };
            Some(
                Finding::error(
                    &node.span,
                    format!("`{path}`: expected the public key of a user, found {found}"),
                )
                .help(help),
            )
        })
        .collect()
}

/// Tokens of the operator and of accounts, with the keys that they are for.
pub(super) fn tokens(values: &Node) -> Vec<Finding> {
    let mut found = Vec::new();
    let resolver = values.at("auth.resolver");
    let (true, Some(resolver)) = (values.is_true("auth.enabled"), resolver) else { return found };
    let kind = resolver.text_at("type").unwrap_or("none");
    if kind == "full"
        && let (Some(node), Some(token)) = (resolver.at("operator"), resolver.text_at("operator"))
        // It may also be the name of a file.
        && token.starts_with("eyJ")
        && let Err(why) = token_of(token, "operator", nkey::is_operator)
    {
        found.push(Finding::error(
            &node.span,
            format!("`auth.resolver.operator`: expected the JWT of the operator, found {why}"),
        ));
    }
    let system = ["auth.systemAccount", "auth.resolver.systemAccount"];
    for path in system.into_iter().filter(|_| kind != "none") {
        if let (Some(node), Some(key)) = (values.at(path), values.text_at(path))
            && !nkey::is_account(key)
        {
            found.push(
                Finding::error(
                    &node.span,
                    format!("`{path}`: expected the public key of an account, as accounts come from JWTs"),
                )
                .help("write the key that `nsc describe account SYS` shows: `A` and 55 letters and digits"),
            );
        }
    }
    let preload = resolver.map_at("resolverPreload");
    for (key, entry) in preload.into_iter().flat_map(|map| map.entries()) {
        if !nkey::is_account(key) {
            found.push(
                Finding::error(&entry.key, format!("invalid public key `{key}` of an account"))
                    .help("an account's key is `A` and 55 letters and digits, the last of them a checksum"),
            );
            continue;
        }
        let Some(token) = entry.value.as_str() else { continue };
        let why = match token_of(token, "account", nkey::is_account) {
            Err(why) => why,
            Ok(subject) if subject != key => "the JWT of another account".to_owned(),
            Ok(_) => continue,
        };
        found.push(Finding::error(
            &entry.value.span,
            format!(
                "`auth.resolver.resolverPreload.{key}`: expected the JWT of that account, found {why}"
            ),
        ));
    }
    found
}

/// Whom a token is for.
fn token_of(token: &str, kind: &str, is_key: fn(&str) -> bool) -> Result<String, String> {
    let claims = claims(token).ok_or("an invalid or incomplete JWT")?;
    let found = claims["nats"]["type"].as_str().or_else(|| claims["type"].as_str());
    if let Some(found) = found.filter(|found| *found != kind) {
        return Err(format!("the JWT of the {found} `{}`", claims["name"].as_str().unwrap_or("")));
    }
    match claims["sub"].as_str() {
        Some(subject) if is_key(subject) => Ok(subject.to_owned()),
        _ => Err(format!("a JWT whose subject is not {kind}")),
    }
}

//! Private keys and certificates. Their numbers are random, and so are their keys: P-256, where Helm generates
//! RSA of 2048 bits, whose keys take seconds and make nothing safer.

use jinnacle_functions::certificate::{self, Pair, Subject};
use jinnacle_functions::random::Stream;
use minijinja::value::{Value, from_args};
use minijinja::{Error, ErrorKind, State};

use super::arguments::{items, wrong};
use super::randomness::Randomness;
use super::record::Record;

/// A private key in PEM: `ecdsa` (the default) or `ed25519`.
pub fn gen_private_key(state: &State, kind: Option<&str>) -> Result<String, Error> {
    let kind = kind.filter(|kind| !kind.is_empty()).unwrap_or("ecdsa");
    if !matches!(kind, "ecdsa" | "ed25519") {
        return Err(wrong(format!("keys are of the kind `ecdsa` or `ed25519`, not `{kind}`")));
    }
    certificate::private_key(kind, &mut Randomness::stream(state, "genPrivateKey")?).map_err(wrong)
}

/// A certificate authority of a name, valid for some days: `cert` and `key` in PEM.
pub fn gen_ca(state: &State, name: &str, days: i64) -> Result<Value, Error> {
    let subject = Subject { name, ips: Vec::new(), hosts: Vec::new(), days, is_ca: true };
    self_signed(state, "genCA", subject, None)
}

/// The same for a private key in PEM.
pub fn gen_ca_with_key(state: &State, name: &str, days: i64, key: &str) -> Result<Value, Error> {
    let subject = Subject { name, ips: Vec::new(), hosts: Vec::new(), days, is_ca: true };
    self_signed(state, "genCAWithKey", subject, Some(key))
}

/// A certificate that vouches for itself, for IP addresses and host names.
pub fn gen_self_signed_cert(
    state: &State,
    name: &str,
    ips: &Value,
    hosts: &Value,
    days: i64,
) -> Result<Value, Error> {
    let subject = leaf(name, ips, hosts, days)?;
    self_signed(state, "genSelfSignedCert", subject, None)
}

/// The same for a private key in PEM: `(name, ips, hosts, days, key)`.
pub fn gen_self_signed_cert_with_key(state: &State, args: &[Value]) -> Result<Value, Error> {
    let (name, ips, hosts, days, key): (&str, &Value, &Value, i64, &str) = from_args(args)?;
    let subject = leaf(name, ips, hosts, days)?;
    self_signed(state, "genSelfSignedCertWithKey", subject, Some(key))
}

/// A certificate signed by an authority: `(name, ips, hosts, days, ca)`.
pub fn gen_signed_cert(state: &State, args: &[Value]) -> Result<Value, Error> {
    let (name, ips, hosts, days, ca): (&str, &Value, &Value, i64, &Value) = from_args(args)?;
    let subject = leaf(name, ips, hosts, days)?;
    signed(state, "genSignedCert", subject, ca, None)
}

/// The same for a private key in PEM: `(name, ips, hosts, days, ca, key)`.
pub fn gen_signed_cert_with_key(state: &State, args: &[Value]) -> Result<Value, Error> {
    let (key, args) = args.split_last().ok_or(ErrorKind::MissingArgument)?;
    let (name, ips, hosts, days, ca): (&str, &Value, &Value, i64, &Value) = from_args(args)?;
    let key = key.as_str().ok_or_else(|| wrong("the private key is a string in PEM"))?;
    let subject = leaf(name, ips, hosts, days)?;
    signed(state, "genSignedCertWithKey", subject, ca, Some(key))
}

/// A certificate and its private key, both PEM in base 64, as `cert` and `key`.
pub fn build_custom_cert(cert: &str, key: &str) -> Result<Value, Error> {
    certificate::custom(cert.as_bytes(), key.as_bytes()).map(record).map_err(wrong)
}

fn leaf<'a>(name: &'a str, ips: &Value, hosts: &Value, days: i64) -> Result<Subject<'a>, Error> {
    Ok(Subject { name, ips: texts(ips)?, hosts: texts(hosts)?, days, is_ca: false })
}

fn texts(list: &Value) -> Result<Vec<String>, Error> {
    let text = |value: &Value| {
        value
            .as_str()
            .map(str::to_owned)
            .ok_or_else(|| wrong(format!("expected a string, found `{value}`")))
    };
    items(list)?.iter().map(text).collect()
}

fn self_signed(
    state: &State,
    function: &'static str,
    subject: Subject,
    key: Option<&str>,
) -> Result<Value, Error> {
    made(state, function, key, |key, now, stream| {
        certificate::self_signed(subject, Some(key), now, stream)
    })
}

fn signed(
    state: &State,
    function: &'static str,
    subject: Subject,
    ca: &Value,
    key: Option<&str>,
) -> Result<Value, Error> {
    let field = |name: &str, helm: &str| {
        [name, helm]
            .iter()
            .find_map(|name| ca.get_attr(name).ok()?.as_str().map(str::to_owned))
            .ok_or_else(|| wrong(format!("the authority has no `{name}`")))
    };
    let authority = Pair { cert: field("cert", "Cert")?, key: field("key", "Key")? };
    made(state, function, key, |key, now, stream| {
        certificate::signed(subject, &authority, Some(key), now, stream)
    })
}

/// A certificate for the key that was given, or for a new one.
fn made(
    state: &State,
    function: &'static str,
    key: Option<&str>,
    make: impl FnOnce(&str, i64, &mut Stream) -> Result<Pair, String>,
) -> Result<Value, Error> {
    let mut stream = Randomness::stream(state, function)?;
    let key = match key {
        Some(key) => key.to_owned(),
        None => certificate::private_key("ecdsa", &mut stream).map_err(wrong)?,
    };
    make(&key, Randomness::now(state, function)?, &mut stream).map(record).map_err(wrong)
}

fn record(pair: Pair) -> Value {
    Record::value([("cert", pair.cert.into()), ("key", pair.key.into())])
}

#[cfg(test)]
mod tests {
    use minijinja::Environment;

    use super::*;
    use crate::functions::add_all_to;

    fn rendered(template: &str) -> String {
        let mut env = Environment::new();
        add_all_to(&mut env, &Randomness::new("seed", 1_714_564_800));
        Randomness::begin("a");
        env.render_str(template, ()).unwrap_or_else(|error| error.to_string())
    }

    #[test]
    fn the_same_seed_gives_the_same_certificates() {
        let chain = "{% set ca = genCA('the ca', 365) %}\
            {% set leaf = genSignedCert('nats', ['10.0.0.1', '::1'], ['nats', '*.nats.svc'], 30, ca) %}\
            {{ ca.cert }}|{{ ca.key }}|{{ leaf.Cert }}|{{ leaf.key }}";
        assert_eq!(rendered(chain), rendered(chain));
        assert_eq!(rendered(chain).matches("-----BEGIN EC PRIVATE KEY-----").count(), 2);
        assert_eq!(rendered(chain).matches("-----BEGIN CERTIFICATE-----").count(), 2);
        assert_eq!(rendered("{{ genCA('a', 1).key == genCA('a', 1).key }}"), "False");
    }

    #[test]
    fn keys_of_the_user_are_taken() {
        let own = "{% set key = genPrivateKey('ecdsa') %}";
        for template in [
            "{{ genCAWithKey('a', 1, key).key == key }}",
            "{{ genSelfSignedCertWithKey('a', [], ['a'], 1, key).key == key }}",
            "{{ genSignedCertWithKey('a', none, none, 1, genCA('ca', 1), key).key == key }}",
            "{% set c = genSelfSignedCert('a', [], [], 1) %}{{ buildCustomCert(c.cert | b64enc, c.key | b64enc) == c }}",
        ] {
            assert_eq!(rendered(&format!("{own}{template}")), "True", "{template}");
        }
        assert!(
            rendered("{{ genPrivateKey('ed25519') }}")
                .starts_with("-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEI")
        );
    }

    #[test]
    fn what_cannot_be_signed_is_said() {
        for (template, message) in [
            ("{{ genCAWithKey('a', 1, 'no key') }}", "no PEM data in input"),
            ("{{ genSignedCert('a', [], [], 1, {}) }}", "the authority has no `cert`"),
            ("{{ genSelfSignedCert('a', ['here'], [], 1) }}", "error parsing ip: here"),
            (
                "{{ genSelfSignedCert('a', [], ['ü'], 1) }}",
                "\"ü\" cannot be encoded as an IA5String",
            ),
            ("{{ genCA('a', 9999999999) }}", "cannot represent time as GeneralizedTime"),
            ("{{ genCA('a', 9223372036854775807) }}", "cannot represent time as GeneralizedTime"),
            ("{{ buildCustomCert('YQ==', 'YQ==') }}", "unable to decode certificate"),
        ] {
            let here = rendered(template);
            assert!(here.contains(message), "{template}: {here}");
        }
    }
}

//! Passwords, ciphers, keys and certificates.

use go_template::value::{Kind, List, Object, ObjectType, Struct, UintType};
use jinnacle_functions::certificate::{self, Pair, Subject};
use jinnacle_functions::{cipher, passwords};

use super::*;
use crate::Host;

/// What the certificates of Sprig are: a struct with `Cert` and `Key`.
static CERTIFICATE: ObjectType =
    ObjectType { name: "sprig.certificate", kind: Kind::Struct, methods: &[] };

const L: Type = Type::LIST;
const C: Type = Type::Object(&CERTIFICATE);

/// Work of a tenth of a second, in units of ten nanoseconds.
const SLOW: u64 = 10_000_000;

pub static TABLE: &[Function] = &[
    Function::new("bcrypt", &[S], |rt, a| {
        rt.charge(SLOW)?;
        let salt = Host::of(rt)?.draw("bcrypt").bytes();
        string(rt, hashed(a[0], salt))
    }),
    Function::new("htpasswd", &[S, S], |rt, a| {
        let user = utf8(a[0]);
        if user.contains(':') {
            return string(rt, format!("invalid username: {user}"));
        }
        rt.charge(SLOW)?;
        let salt = Host::of(rt)?.draw("htpasswd").bytes();
        string(rt, format!("{user}:{}", hashed(a[1], salt)))
    }),
    Function::new("derivePassword", &[Type::Uint(UintType::Uint32), S, S, S, S], |rt, a| {
        rt.charge(SLOW)?;
        let counter = u32::try_from(a[0].integer()).unwrap_or(0);
        let derived =
            passwords::derive(counter, &utf8(a[1]), a[2].text(), a[3].text(), a[4].text());
        // Sprig's message is the password then.
        string(rt, derived.unwrap_or_else(|message| message))
    }),
    Function::new("encryptAES", &[S, S], |rt, a| {
        let start = Host::of(rt)?.draw("encryptAES").bytes();
        string(rt, cipher::encrypt(a[0].text(), a[1].text(), start))
    }),
    Function::new("decryptAES", &[S, S], |rt, a| {
        cipher::decrypt(a[0].text(), a[1].text()).map(|text| rt.string(text)).map_err(message)
    }),
    Function::new("genPrivateKey", &[S], |rt, a| {
        rt.charge(SLOW)?;
        let mut stream = Host::of(rt)?.draw("genPrivateKey");
        let key = certificate::private_key(&utf8(a[0]), &mut stream);
        string(rt, key.unwrap_or_else(|error| format!("failed to generate private key: {error}")))
    }),
    Function::new("buildCustomCert", &[S, S], |rt, a| {
        certificate::custom(a[0].text(), a[1].text()).map(|made| pair(rt, made)).map_err(message)
    }),
    Function::new("genCA", &[S, I], |rt, a| own(rt, "genCA", (a[0], None, None, a[1]), None)),
    Function::new("genCAWithKey", &[S, I, S], |rt, a| {
        own(rt, "genCAWithKey", (a[0], None, None, a[1]), Some(a[2]))
    }),
    Function::new("genSelfSignedCert", &[S, L, L, I], |rt, a| {
        own(rt, "genSelfSignedCert", (a[0], Some(a[1]), Some(a[2]), a[3]), None)
    }),
    Function::new("genSelfSignedCertWithKey", &[S, L, L, I, S], |rt, a| {
        own(rt, "genSelfSignedCertWithKey", (a[0], Some(a[1]), Some(a[2]), a[3]), Some(a[4]))
    }),
    Function::new("genSignedCert", &[S, L, L, I, C], |rt, a| signed(rt, "genSignedCert", a)),
    Function::new("genSignedCertWithKey", &[S, L, L, I, C, S], |rt, a| {
        signed(rt, "genSignedCertWithKey", a)
    }),
];

fn hashed(password: Value, salt: [u8; 16]) -> String {
    passwords::bcrypt(password.text(), salt)
        .unwrap_or_else(|error| format!("failed to encrypt string with bcrypt: {error}"))
}

type Wanted<'a> = (Value<'a>, Option<Value<'a>>, Option<Value<'a>>, Value<'a>);

fn own<'a>(
    rt: &mut Runtime<'a>,
    function: &'static str,
    (name, ips, hosts, days): Wanted<'a>,
    key: Option<Value<'a>>,
) -> Answer<'a> {
    rt.charge(SLOW)?;
    let host = Host::of(rt)?;
    let name = utf8(name);
    let subject = subject(&name, ips, hosts, days)?;
    let key = key.map(utf8);
    let mut stream = host.draw(function);
    certificate::self_signed(subject, key.as_deref(), host.now.seconds(), &mut stream)
        .map(|made| pair(rt, made))
        .map_err(message)
}

fn signed<'a>(rt: &mut Runtime<'a>, function: &'static str, a: &[Value<'a>]) -> Answer<'a> {
    rt.charge(SLOW)?;
    let host = Host::of(rt)?;
    let name = utf8(a[0]);
    let subject = Subject { is_ca: false, ..subject(&name, Some(a[1]), Some(a[2]), a[3])? };
    let field = |name: &str| match a[4] {
        Value::Object(ca) => ca.field(name).map(|text| utf8(text).into_owned()).unwrap_or_default(),
        _ => String::new(),
    };
    let authority = Pair { cert: field("Cert"), key: field("Key") };
    let key = a.get(5).map(|key| utf8(*key));
    let mut stream = host.draw(function);
    certificate::signed(subject, &authority, key.as_deref(), host.now.seconds(), &mut stream)
        .map(|made| pair(rt, made))
        .map_err(message)
}

/// Whom a certificate is for; one without hosts and addresses is an authority.
fn subject<'n>(
    name: &'n str,
    ips: Option<Value>,
    hosts: Option<Value>,
    days: Value,
) -> Result<Subject<'n>, Fault> {
    let texts = |list: Option<Value>, what: &str| match list {
        Some(Value::List(List { items, .. })) => items
            .iter()
            .map(|item| match item.value {
                Value::Str(text) => Ok(String::from_utf8_lossy(text).into_owned()),
                other => {
                    let shown = crate::cast::text(other)?;
                    let shown = String::from_utf8_lossy(&shown);
                    Err(message(format!("error {what}: {shown} is not a string")))
                }
            })
            .collect(),
        _ => Ok(Vec::new()),
    };
    Ok(Subject {
        name,
        is_ca: ips.is_none() && hosts.is_none(),
        ips: texts(ips, "parsing ip")?,
        hosts: texts(hosts, "processing alternate dns name")?,
        days: days.integer(),
    })
}

fn pair<'a>(rt: &Runtime<'a>, made: Pair) -> Value<'a> {
    let fields = rt
        .arena()
        .alloc_slice_copy(&[("Cert", rt.string(made.cert)), ("Key", rt.string(made.key))]);
    let object: &'a dyn Object<'a> =
        rt.arena().alloc(Struct { ty: &CERTIFICATE, fields, embedded: &[] });
    Value::Object(object)
}

//! Private keys and certificates. Their numbers are drawn, and so are their keys: P-256, where Helm draws
//! RSA of 2048 bits, whose keys take seconds and make nothing safer.

use std::net::IpAddr;

use minijinja::value::{Value, from_args};
use minijinja::{Error, ErrorKind, State};
use p256::SecretKey;
use p256::ecdsa::{DerSignature, SigningKey};
use p256::pkcs8::DecodePrivateKey as _;
use x509_cert::Certificate;
use x509_cert::attr::AttributeTypeAndValue;
use x509_cert::builder::profile::BuilderProfile;
use x509_cert::builder::{self, Builder as _, CertificateBuilder};
use x509_cert::certificate::TbsCertificate;
use x509_cert::der::asn1::{Any, Ia5String, ObjectIdentifier, SetOfVec};
use x509_cert::der::pem::{self, LineEnding};
use x509_cert::der::{DateTime, Decode as _, DecodePem as _, Encode as _, EncodePem as _, Tag};
use x509_cert::ext::pkix::name::GeneralName;
use x509_cert::ext::pkix::{
    AuthorityKeyIdentifier, BasicConstraints, ExtendedKeyUsage, KeyUsage, KeyUsages,
    SubjectAltName, SubjectKeyIdentifier,
};
use x509_cert::ext::{Extension, ToExtension as _};
use x509_cert::name::{Name, RdnSequence, RelativeDistinguishedName};
use x509_cert::serial_number::SerialNumber;
use x509_cert::spki::{SubjectPublicKeyInfo, SubjectPublicKeyInfoRef};
use x509_cert::time::Validity;

use super::arguments::{items, wrong};
use super::drawn::{Drawn, Stream};
use super::encoding::b64_bytes;
use super::record::Record;

/// A private key in PEM: `ecdsa` (the default) or `ed25519`.
pub fn gen_private_key(state: &State, kind: Option<&str>) -> Result<String, Error> {
    let mut stream = Drawn::stream(state, "genPrivateKey")?;
    match kind {
        None | Some("" | "ecdsa") => key_pem(&new_key(&mut stream)),
        Some("ed25519") => {
            // PKCS #8 with nothing in it but the algorithm and these 32 bytes.
            let mut der =
                b"\x30\x2e\x02\x01\x00\x30\x05\x06\x03\x2b\x65\x70\x04\x22\x04\x20".to_vec();
            der.extend(stream.bytes::<32>());
            pem::encode_string("PRIVATE KEY", LineEnding::LF, &der).map_err(failed)
        }
        Some(other) => {
            Err(wrong(format!("keys are of the kind `ecdsa` or `ed25519`, not `{other}`")))
        }
    }
}

/// A certificate authority of a name, valid for some days: `cert` and `key` in PEM.
pub fn gen_ca(state: &State, name: &str, days: i64) -> Result<Value, Error> {
    let subject = Subject { name, hosts: Vec::new(), days, is_ca: true };
    self_signed(state, "genCA", subject, None)
}

/// The same for a private key in PEM.
pub fn gen_ca_with_key(state: &State, name: &str, days: i64, key: &str) -> Result<Value, Error> {
    let subject = Subject { name, hosts: Vec::new(), days, is_ca: true };
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
    let subject = Subject { name, hosts: names(ips, hosts)?, days, is_ca: false };
    self_signed(state, "genSelfSignedCert", subject, None)
}

/// The same for a private key in PEM: `(name, ips, hosts, days, key)`.
pub fn gen_self_signed_cert_with_key(state: &State, args: &[Value]) -> Result<Value, Error> {
    let (name, ips, hosts, days, key): (&str, &Value, &Value, i64, &str) = from_args(args)?;
    let subject = Subject { name, hosts: names(ips, hosts)?, days, is_ca: false };
    self_signed(state, "genSelfSignedCertWithKey", subject, Some(key))
}

/// A certificate signed by an authority: `(name, ips, hosts, days, ca)`.
pub fn gen_signed_cert(state: &State, args: &[Value]) -> Result<Value, Error> {
    let (name, ips, hosts, days, ca): (&str, &Value, &Value, i64, &Value) = from_args(args)?;
    let subject = Subject { name, hosts: names(ips, hosts)?, days, is_ca: false };
    signed(state, "genSignedCert", subject, ca, None)
}

/// The same for a private key in PEM: `(name, ips, hosts, days, ca, key)`.
pub fn gen_signed_cert_with_key(state: &State, args: &[Value]) -> Result<Value, Error> {
    let (key, args) = args.split_last().ok_or(ErrorKind::MissingArgument)?;
    let (name, ips, hosts, days, ca): (&str, &Value, &Value, i64, &Value) = from_args(args)?;
    let key = key.as_str().ok_or_else(|| wrong("the private key is a text in PEM"))?;
    let subject = Subject { name, hosts: names(ips, hosts)?, days, is_ca: false };
    signed(state, "genSignedCertWithKey", subject, ca, Some(key))
}

/// A certificate and its private key, both PEM in base 64, as `cert` and `key`.
pub fn build_custom_cert(cert: &str, key: &str) -> Result<Value, Error> {
    let text = |base64: &str, what: &str| {
        String::from_utf8(b64_bytes(base64)?).map_err(|_| wrong(format!("the {what} is no PEM")))
    };
    let (cert, key) = (text(cert, "certificate")?, text(key, "private key")?);
    read_certificate(&cert)?;
    if !key.contains("PRIVATE KEY-----") {
        return Err(wrong("the private key is no PEM"));
    }
    Ok(pair(cert, key))
}

/// Whom a certificate is for.
struct Subject<'a> {
    name: &'a str,
    hosts: Vec<GeneralName>,
    days: i64,
    is_ca: bool,
}

/// Who signs it.
struct Issuer {
    name: Name,
    key: SigningKey,
    key_id: Option<SubjectKeyIdentifier>,
}

fn self_signed(
    state: &State,
    function: &'static str,
    subject: Subject,
    key: Option<&str>,
) -> Result<Value, Error> {
    let mut stream = Drawn::stream(state, function)?;
    let key = key.map_or_else(|| Ok(new_key(&mut stream)), read_key)?;
    certificate(state, function, stream, subject, &key, None)
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
    let authority = read_certificate(&field("cert", "Cert")?)?;
    let tbs = authority.tbs_certificate();
    let issuer = Issuer {
        name: tbs.subject().clone(),
        key: SigningKey::from(read_key(&field("key", "Key")?)?),
        key_id: tbs.get_extension().map_err(failed)?.map(|(_, id)| id),
    };
    let mut stream = Drawn::stream(state, function)?;
    let key = key.map_or_else(|| Ok(new_key(&mut stream)), read_key)?;
    certificate(state, function, stream, subject, &key, Some(issuer))
}

fn certificate(
    state: &State,
    function: &'static str,
    mut stream: Stream,
    subject: Subject,
    key: &SecretKey,
    issuer: Option<Issuer>,
) -> Result<Value, Error> {
    let public = SubjectPublicKeyInfo::from_key(&key.public_key()).map_err(failed)?;
    let start = Drawn::now(state, function)?;
    let end = subject.days.checked_mul(86_400).and_then(|seconds| start.checked_add(seconds));
    let validity = Validity::new(date(Some(start))?.into(), date(end)?.into());
    // The first bit of a serial number is its sign; the first byte must not be zero.
    let mut serial: [u8; 16] = stream.bytes();
    serial[0] = serial[0] & 0x7f | 0x40;
    let serial = SerialNumber::new(&serial).map_err(failed)?;
    let own_key = SigningKey::from(key.clone());
    let signer = issuer.as_ref().map_or(&own_key, |issuer| &issuer.key).clone();
    let profile = Profile { subject: common_name(subject.name)?, of: subject, issuer };
    let built = CertificateBuilder::new(profile, serial, validity, public)
        .and_then(|builder| builder.build::<_, DerSignature>(&signer))
        .map_err(failed)?;
    Ok(pair(built.to_pem(LineEnding::LF).map_err(failed)?, key_pem(key)?))
}

struct Profile<'a> {
    subject: Name,
    of: Subject<'a>,
    issuer: Option<Issuer>,
}

const SERVER_AUTH: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.1");
const CLIENT_AUTH: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.2");

impl BuilderProfile for Profile<'_> {
    fn get_issuer(&self, subject: &Name) -> Name {
        self.issuer.as_ref().map_or(subject, |issuer| &issuer.name).clone()
    }

    fn get_subject(&self) -> Name {
        self.subject.clone()
    }

    fn build_extensions(
        &self,
        key: SubjectPublicKeyInfoRef<'_>,
        _: SubjectPublicKeyInfoRef<'_>,
        _: &TbsCertificate,
    ) -> builder::Result<Vec<Extension>> {
        let mut usage = KeyUsages::DigitalSignature | KeyUsages::KeyEncipherment;
        if self.of.is_ca {
            usage |= KeyUsages::KeyCertSign;
        }
        let own_id = SubjectKeyIdentifier::try_from(key)?;
        let mut all = Vec::new();
        let mut add =
            |extension: builder::Result<Extension>| extension.map(|extension| all.push(extension));
        let subject = &self.subject;
        add(Ok(KeyUsage(usage).to_extension(subject, &[])?))?;
        add(Ok(ExtendedKeyUsage(vec![SERVER_AUTH, CLIENT_AUTH]).to_extension(subject, &[])?))?;
        let constraints = BasicConstraints { ca: self.of.is_ca, path_len_constraint: None };
        add(Ok((true, &constraints).to_extension(subject, &[])?))?;
        if self.of.is_ca {
            add(Ok(own_id.to_extension(subject, &[])?))?;
        }
        if let Some(id) = self.issuer.as_ref().and_then(|issuer| issuer.key_id.clone()) {
            let id = AuthorityKeyIdentifier { key_identifier: Some(id.0), ..Default::default() };
            add(Ok(id.to_extension(subject, &[])?))?;
        }
        if !self.of.hosts.is_empty() {
            add(Ok(SubjectAltName(self.of.hosts.clone()).to_extension(subject, &[])?))?;
        }
        Ok(all)
    }
}

/// The key that comes of the next bytes which are one; almost all are.
fn new_key(stream: &mut Stream) -> SecretKey {
    loop {
        if let Ok(key) = SecretKey::from_slice(&stream.bytes::<32>()) {
            return key;
        }
    }
}

fn read_key(pem: &str) -> Result<SecretKey, Error> {
    SecretKey::from_sec1_pem(pem)
        .ok()
        .or_else(|| SecretKey::from_pkcs8_pem(pem).ok())
        .ok_or_else(|| wrong("the private key must be one of ECDSA over P-256 in PEM"))
}

fn read_certificate(pem: &str) -> Result<Certificate, Error> {
    Certificate::from_pem(pem)
        .map_err(|error| wrong(format!("this is no certificate in PEM: {error}")))
}

fn key_pem(key: &SecretKey) -> Result<String, Error> {
    Ok(key.to_sec1_pem(LineEnding::LF).map_err(failed)?.to_string())
}

fn pair(cert: String, key: String) -> Value {
    Record::value([("cert", cert.into()), ("key", key.into())])
}

fn names(ips: &Value, hosts: &Value) -> Result<Vec<GeneralName>, Error> {
    let text = |value: &Value| {
        value.as_str().map(str::to_owned).ok_or_else(|| wrong(format!("`{value}` is no text")))
    };
    let mut names = Vec::new();
    for host in items(hosts)? {
        let host = text(&host)?;
        let name =
            Ia5String::new(&host).map_err(|_| wrong(format!("`{host}` is no name of a host")))?;
        names.push(GeneralName::DnsName(name));
    }
    for ip in items(ips)? {
        let ip = text(&ip)?;
        let ip: IpAddr = ip.parse().map_err(|_| wrong(format!("`{ip}` is no IP address")))?;
        names.push(GeneralName::from(ip));
    }
    Ok(names)
}

const COMMON_NAME: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.3");

fn common_name(name: &str) -> Result<Name, Error> {
    let value = Any::new(Tag::Utf8String, name.as_bytes()).map_err(failed)?;
    let attribute = AttributeTypeAndValue { oid: COMMON_NAME, value };
    let part = RelativeDistinguishedName::from(SetOfVec::from_iter([attribute]).map_err(failed)?);
    let mut parts = RdnSequence::default();
    parts.push(part);
    parts.to_der().and_then(|der| Name::from_der(&der)).map_err(failed)
}

fn date(seconds: Option<i64>) -> Result<DateTime, Error> {
    seconds
        .and_then(|seconds| u64::try_from(seconds).ok())
        .and_then(|seconds| {
            DateTime::from_unix_duration(std::time::Duration::from_secs(seconds)).ok()
        })
        .ok_or_else(|| wrong("a certificate is valid from 1970 to 9999"))
}

fn failed(error: impl std::fmt::Display) -> Error {
    wrong(format!("there can be no such certificate or key: {error}"))
}

#[cfg(test)]
mod tests {
    use minijinja::Environment;
    use p256::ecdsa::VerifyingKey;
    use p256::ecdsa::signature::Verifier as _;
    use x509_cert::ext::pkix::name::GeneralName::{DnsName, IpAddress};

    use super::*;
    use crate::render::filters::add_all_to;

    fn rendered(template: &str) -> String {
        let mut env = Environment::new();
        add_all_to(&mut env, &Drawn::new("seed", 1_714_564_800));
        Drawn::begin("a");
        env.render_str(template, ()).unwrap_or_else(|error| error.to_string())
    }

    const CHAIN: &str = "{% set ca = genCA('the ca', 365) %}\
        {% set leaf = genSignedCert('nats', ['10.0.0.1', '::1'], ['nats', '*.nats.svc'], 30, ca) %}\
        {{ ca.cert }}|{{ ca.key }}|{{ leaf.Cert }}|{{ leaf.key }}";

    fn key_of(certificate: &Certificate) -> VerifyingKey {
        let key =
            certificate.tbs_certificate().subject_public_key_info().subject_public_key.raw_bytes();
        VerifyingKey::from_sec1_bytes(key).unwrap()
    }

    fn is_signed_by(certificate: &Certificate, authority: &Certificate) -> bool {
        let body = certificate.tbs_certificate().to_der().unwrap();
        let signature = DerSignature::from_bytes(certificate.signature().raw_bytes()).unwrap();
        key_of(authority).verify(&body, &signature).is_ok()
    }

    #[test]
    fn an_authority_signs_certificates() {
        let text = rendered(CHAIN);
        let [ca, ca_key, leaf, leaf_key] = text.split('|').collect::<Vec<_>>()[..] else {
            panic!("{text}")
        };
        let (ca, leaf) = (read_certificate(ca).unwrap(), read_certificate(leaf).unwrap());
        assert!(is_signed_by(&ca, &ca) && is_signed_by(&leaf, &ca) && !is_signed_by(&ca, &leaf));
        for (key, certificate) in [(ca_key, &ca), (leaf_key, &leaf)] {
            let key = SigningKey::from(read_key(key).unwrap());
            assert_eq!(key.verifying_key(), &key_of(certificate));
        }
        let (ca, leaf) = (ca.tbs_certificate(), leaf.tbs_certificate());
        assert_eq!(
            (leaf.issuer(), leaf.subject().to_string()),
            (ca.subject(), "CN=nats".to_owned())
        );
        let is_ca =
            |tbs: &TbsCertificate| tbs.get_extension::<BasicConstraints>().unwrap().unwrap().1.ca;
        assert!(is_ca(ca) && !is_ca(leaf));
        let own: SubjectKeyIdentifier = ca.get_extension().unwrap().unwrap().1;
        let above: AuthorityKeyIdentifier = leaf.get_extension().unwrap().unwrap().1;
        assert_eq!(above.key_identifier, Some(own.0));
        let hosts: SubjectAltName = leaf.get_extension().unwrap().unwrap().1;
        assert_eq!(hosts.0.iter().filter(|host| matches!(host, DnsName(_))).count(), 2);
        assert!(matches!(&hosts.0[3], IpAddress(ip) if ip.as_bytes().len() == 16));
        let days = |tbs: &TbsCertificate| {
            let validity = tbs.validity();
            (validity.not_after.to_unix_duration() - validity.not_before.to_unix_duration())
                .as_secs()
                / 86_400
        };
        assert_eq!((days(ca), days(leaf)), (365, 30));
    }

    #[test]
    fn the_same_seed_gives_the_same_certificates() {
        assert_eq!(rendered(CHAIN), rendered(CHAIN));
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
            ("{{ genCAWithKey('a', 1, 'no key') }}", "one of ECDSA over P-256 in PEM"),
            ("{{ genSignedCert('a', [], [], 1, {}) }}", "the authority has no `cert`"),
            ("{{ genSelfSignedCert('a', ['here'], [], 1) }}", "`here` is no IP address"),
            ("{{ genSelfSignedCert('a', [], ['ü'], 1) }}", "`ü` is no name of a host"),
            ("{{ genCA('a', 9999999999) }}", "valid from 1970 to 9999"),
            ("{{ genCA('a', 9223372036854775807) }}", "valid from 1970 to 9999"),
            ("{{ buildCustomCert('YQ==', 'YQ==') }}", "no certificate in PEM"),
        ] {
            let here = rendered(template);
            assert!(here.contains(message), "{template}: {here}");
        }
    }
}

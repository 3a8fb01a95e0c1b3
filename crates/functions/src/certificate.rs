//! Private keys and certificates as Sprig makes them: RSA of 2048 bits, PKCS #1 in PEM.

use std::convert::Infallible;
use std::net::IpAddr;

use p256::SecretKey;
use p256::ecdsa::DerSignature;
use p256::pkcs8::DecodePrivateKey as _;
use rand_core::{TryCryptoRng, TryRng};
use rsa::pkcs1::{DecodeRsaPrivateKey as _, EncodeRsaPrivateKey as _};
use rsa::pkcs1v15::Signature;
use sha2::Sha256;
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

use crate::encoding::from_base64;
use crate::random::Stream;

/// A certificate and its private key in PEM.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pair {
    pub cert: String,
    pub key: String,
}

/// Whom a certificate is for.
#[derive(Clone, Debug)]
pub struct Subject<'a> {
    /// The common name.
    pub name: &'a str,
    pub ips: Vec<String>,
    pub hosts: Vec<String>,
    /// From now on.
    pub days: i64,
    pub is_ca: bool,
}

/// The bits of the keys that certificates get.
const CERTIFICATE_BITS: usize = 2048;
/// The bits of `genPrivateKey "rsa"`.
const KEY_BITS: usize = 4096;

/// A private key in PEM: `rsa` (or nothing), `ecdsa` or `ed25519`. For another kind it is Sprig's text.
pub fn private_key(kind: &str, stream: &mut Stream) -> Result<String, String> {
    match kind {
        "" | "rsa" => new_rsa(stream, KEY_BITS)?.pem(),
        "ecdsa" => loop {
            // Almost all numbers of 32 bytes are keys.
            if let Ok(key) = SecretKey::from_slice(&stream.bytes::<32>()) {
                return Key::P256(key).pem();
            }
        },
        "ed25519" => {
            // PKCS #8 with nothing in it but the algorithm and these 32 bytes.
            let mut der =
                b"\x30\x2e\x02\x01\x00\x30\x05\x06\x03\x2b\x65\x70\x04\x22\x04\x20".to_vec();
            der.extend(stream.bytes::<32>());
            pem::encode_string("PRIVATE KEY", LineEnding::LF, &der).map_err(failed)
        }
        other => Ok(format!("Unknown type {other}")),
    }
}

/// A certificate that vouches for itself, with a new key or one in PEM. `now` is in seconds since 1970.
pub fn self_signed(
    subject: Subject,
    key: Option<&str>,
    now: i64,
    stream: &mut Stream,
) -> Result<Pair, String> {
    let key = match key {
        Some(pem) => read_key(pem)?,
        None => new_rsa(stream, CERTIFICATE_BITS)?,
    };
    certificate(subject, &key, None, now, stream)
}

/// A certificate that an authority signs.
pub fn signed(
    subject: Subject,
    authority: &Pair,
    key: Option<&str>,
    now: i64,
    stream: &mut Stream,
) -> Result<Pair, String> {
    let cert = read_certificate(&authority.cert)?;
    let tbs = cert.tbs_certificate();
    let issuer = Issuer {
        name: tbs.subject().clone(),
        key: read_key(&authority.key)
            .map_err(|error| format!("error parsing private key: {error}"))?,
        key_id: tbs.get_extension().map_err(failed)?.map(|(_, id)| id),
    };
    let key = match key {
        Some(pem) => read_key(pem).map_err(|error| format!("parsing private key: {error}"))?,
        None => new_rsa(stream, CERTIFICATE_BITS)?,
    };
    certificate(subject, &key, Some(issuer), now, stream)
}

/// A certificate and its key, both PEM in base 64.
pub fn custom(cert: &[u8], key: &[u8]) -> Result<Pair, String> {
    let text = |base64: &[u8], what: &str| {
        let bytes = from_base64(base64).map_err(|_| format!("unable to decode base64 {what}"))?;
        String::from_utf8(bytes).map_err(|_| format!("unable to decode {what}"))
    };
    let pair = Pair { cert: text(cert, "certificate")?, key: text(key, "private key")? };
    read_certificate(&pair.cert)?;
    read_key(&pair.key).map_err(|error| format!("error parsing private key: {error}"))?;
    Ok(pair)
}

enum Key {
    Rsa(Box<rsa::PrivateKey>),
    P256(SecretKey),
}

impl Key {
    fn pem(&self) -> Result<String, String> {
        match self {
            Self::Rsa(key) => {
                key.to_pkcs1_pem(LineEnding::LF).map(|pem| pem.to_string()).map_err(failed)
            }
            Self::P256(key) => {
                key.to_sec1_pem(LineEnding::LF).map(|pem| pem.to_string()).map_err(failed)
            }
        }
    }
}

fn new_rsa(stream: &mut Stream, bits: usize) -> Result<Key, String> {
    rsa::PrivateKey::new(&mut Numbers(stream), bits)
        .map(|key| Key::Rsa(Box::new(key)))
        .map_err(|error| format!("error generating rsa key: {error}"))
}

fn read_key(pem: &str) -> Result<Key, String> {
    if !pem.contains("-----BEGIN ") {
        return Err("no PEM data in input".to_owned());
    }
    let rsa = rsa::PrivateKey::from_pkcs1_pem(pem).ok();
    rsa.or_else(|| rsa::PrivateKey::from_pkcs8_pem(pem).ok())
        .map(|key| Key::Rsa(Box::new(key)))
        .or_else(|| SecretKey::from_sec1_pem(pem).ok().map(Key::P256))
        .or_else(|| SecretKey::from_pkcs8_pem(pem).ok().map(Key::P256))
        .ok_or_else(|| "no private key data in PEM block of this type".to_owned())
}

fn read_certificate(pem: &str) -> Result<Certificate, String> {
    if !pem.contains("-----BEGIN ") {
        return Err("unable to decode certificate".to_owned());
    }
    Certificate::from_pem(pem).map_err(|error| format!("error parsing certificate: {error}"))
}

/// The bytes of a stream for those who want a generator of random numbers.
struct Numbers<'s>(&'s mut Stream);

impl TryRng for Numbers<'_> {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok(u32::from_le_bytes(self.0.bytes()))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        Ok(u64::from_le_bytes(self.0.bytes()))
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        bytes.iter_mut().for_each(|byte| [*byte] = self.0.bytes());
        Ok(())
    }
}

impl TryCryptoRng for Numbers<'_> {}

/// Who signs.
struct Issuer {
    name: Name,
    key: Key,
    key_id: Option<SubjectKeyIdentifier>,
}

fn certificate(
    subject: Subject,
    key: &Key,
    issuer: Option<Issuer>,
    now: i64,
    stream: &mut Stream,
) -> Result<Pair, String> {
    let public = match key {
        Key::Rsa(key) => SubjectPublicKeyInfo::from_key(&key.to_public_key()),
        Key::P256(key) => SubjectPublicKeyInfo::from_key(&key.public_key()),
    }
    .map_err(failed)?;
    let end = subject.days.checked_mul(86_400).and_then(|seconds| now.checked_add(seconds));
    let validity = Validity::new(date(Some(now))?.into(), date(end)?.into());
    // The first bit of a serial number is its sign; the first byte must not be zero.
    let mut serial: [u8; 16] = stream.bytes();
    serial[0] = serial[0] & 0x7f | 0x40;
    let serial = SerialNumber::new(&serial).map_err(failed)?;
    let hosts = names(&subject)?;
    let own_name = common_name(subject.name)?;
    let (issuer_name, signer, issuer_id) = match &issuer {
        Some(issuer) => (issuer.name.clone(), &issuer.key, issuer.key_id.clone()),
        None => (own_name.clone(), key, None),
    };
    let profile =
        Profile { subject: own_name, issuer: issuer_name, issuer_id, hosts, is_ca: subject.is_ca };
    let builder = CertificateBuilder::new(profile, serial, validity, public).map_err(failed)?;
    let built = match signer {
        Key::Rsa(key) => {
            let signer = rsa::pkcs1v15::SigningKey::<Sha256>::new((**key).clone());
            builder.build::<_, Signature>(&signer)
        }
        Key::P256(key) => {
            builder.build::<_, DerSignature>(&p256::ecdsa::SigningKey::from(key.clone()))
        }
    }
    .map_err(failed)?;
    Ok(Pair { cert: built.to_pem(LineEnding::LF).map_err(failed)?, key: key.pem()? })
}

struct Profile {
    subject: Name,
    issuer: Name,
    issuer_id: Option<SubjectKeyIdentifier>,
    hosts: Vec<GeneralName>,
    is_ca: bool,
}

const SERVER_AUTH: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.1");
const CLIENT_AUTH: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.2");

impl BuilderProfile for Profile {
    fn get_issuer(&self, _: &Name) -> Name {
        self.issuer.clone()
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
        if self.is_ca {
            usage |= KeyUsages::KeyCertSign;
        }
        let subject = &self.subject;
        let constraints = BasicConstraints { ca: self.is_ca, path_len_constraint: None };
        let mut all = vec![
            KeyUsage(usage).to_extension(subject, &[])?,
            ExtendedKeyUsage(vec![SERVER_AUTH, CLIENT_AUTH]).to_extension(subject, &[])?,
            (true, &constraints).to_extension(subject, &[])?,
        ];
        if self.is_ca {
            all.push(SubjectKeyIdentifier::try_from(key)?.to_extension(subject, &[])?);
        }
        if let Some(id) = &self.issuer_id {
            let id =
                AuthorityKeyIdentifier { key_identifier: Some(id.0.clone()), ..Default::default() };
            all.push(id.to_extension(subject, &[])?);
        }
        if !self.hosts.is_empty() {
            all.push(SubjectAltName(self.hosts.clone()).to_extension(subject, &[])?);
        }
        Ok(all)
    }
}

fn names(subject: &Subject) -> Result<Vec<GeneralName>, String> {
    let hosts = subject.hosts.iter().map(|host| {
        Ia5String::new(host)
            .map(GeneralName::DnsName)
            .map_err(|_| format!("x509: {host:?} cannot be encoded as an IA5String"))
    });
    let ips = subject.ips.iter().map(|ip| {
        ip.parse::<IpAddr>().map(GeneralName::from).map_err(|_| format!("error parsing ip: {ip}"))
    });
    hosts.chain(ips).collect()
}

const COMMON_NAME: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.3");

fn common_name(name: &str) -> Result<Name, String> {
    let value = Any::new(Tag::Utf8String, name.as_bytes()).map_err(failed)?;
    let attribute = AttributeTypeAndValue { oid: COMMON_NAME, value };
    let part = RelativeDistinguishedName::from(SetOfVec::from_iter([attribute]).map_err(failed)?);
    let mut parts = RdnSequence::default();
    parts.push(part);
    parts.to_der().and_then(|der| Name::from_der(&der)).map_err(failed)
}

fn date(seconds: Option<i64>) -> Result<DateTime, String> {
    seconds
        .and_then(|seconds| u64::try_from(seconds).ok())
        .and_then(|seconds| {
            DateTime::from_unix_duration(std::time::Duration::from_secs(seconds)).ok()
        })
        .ok_or_else(|| "x509: cannot represent time as GeneralizedTime".to_owned())
}

fn failed(error: impl std::fmt::Display) -> String {
    format!("error creating certificate: {error}")
}

#[cfg(test)]
mod tests {
    use p256::ecdsa::signature::Verifier as _;
    use p256::ecdsa::{SigningKey, VerifyingKey};

    use super::*;
    use crate::random::Source;

    fn key_of(certificate: &Certificate) -> VerifyingKey {
        let key = &certificate.tbs_certificate().subject_public_key_info().subject_public_key;
        VerifyingKey::from_sec1_bytes(key.raw_bytes()).unwrap()
    }

    fn is_signed_by(certificate: &Certificate, authority: &Certificate) -> bool {
        let body = certificate.tbs_certificate().to_der().unwrap();
        let signature = DerSignature::from_bytes(certificate.signature().raw_bytes()).unwrap();
        key_of(authority).verify(&body, &signature).is_ok()
    }

    fn days(tbs: &TbsCertificate) -> u64 {
        let validity = tbs.validity();
        let valid = validity.not_after.to_unix_duration() - validity.not_before.to_unix_duration();
        valid.as_secs() / 86_400
    }

    /// An authority and a certificate that it signed.
    fn chain() -> (Pair, Pair) {
        let mut source = Source::new("seed");
        let names = |names: &[&str]| names.iter().map(ToString::to_string).collect::<Vec<_>>();
        let authority =
            Subject { name: "the ca", ips: Vec::new(), hosts: Vec::new(), days: 365, is_ca: true };
        let leaf = Subject {
            name: "nats",
            ips: names(&["10.0.0.1", "::1"]),
            hosts: names(&["nats", "*.nats.svc"]),
            days: 30,
            is_ca: false,
        };
        // Keys of RSA would take seconds in a test that is not optimized.
        let keys = [(); 2].map(|()| private_key("ecdsa", &mut source.draw(b"t")).unwrap());
        let mut stream = source.draw(b"t");
        let ca = self_signed(authority, Some(&keys[0]), 1_700_000_000, &mut stream).unwrap();
        let leaf = signed(leaf, &ca, Some(&keys[1]), 1_700_000_000, &mut stream).unwrap();
        (ca, leaf)
    }

    #[test]
    fn an_authority_signs_certificates() {
        let (ca_pair, leaf_pair) = chain();
        let (ca, leaf) =
            (read_certificate(&ca_pair.cert).unwrap(), read_certificate(&leaf_pair.cert).unwrap());
        assert!(is_signed_by(&ca, &ca) && is_signed_by(&leaf, &ca) && !is_signed_by(&ca, &leaf));
        for (pair, certificate) in [(&ca_pair, &ca), (&leaf_pair, &leaf)] {
            let Key::P256(key) = read_key(&pair.key).unwrap() else { panic!("not of P-256") };
            assert_eq!(SigningKey::from(key).verifying_key(), &key_of(certificate));
        }
        let (ca, leaf) = (ca.tbs_certificate(), leaf.tbs_certificate());
        assert_eq!((leaf.issuer(), leaf.subject().to_string().as_str()), (ca.subject(), "CN=nats"));
        let is_ca =
            |tbs: &TbsCertificate| tbs.get_extension::<BasicConstraints>().unwrap().unwrap().1.ca;
        assert!(is_ca(ca) && !is_ca(leaf));
        let own: SubjectKeyIdentifier = ca.get_extension().unwrap().unwrap().1;
        let above: AuthorityKeyIdentifier = leaf.get_extension().unwrap().unwrap().1;
        assert_eq!(above.key_identifier, Some(own.0));
        let hosts: SubjectAltName = leaf.get_extension().unwrap().unwrap().1;
        assert_eq!(
            hosts.0.iter().filter(|host| matches!(host, GeneralName::DnsName(_))).count(),
            2
        );
        assert!(matches!(&hosts.0[3], GeneralName::IpAddress(ip) if ip.as_bytes().len() == 16));
        assert_eq!((days(ca), days(leaf)), (365, 30));
    }

    #[test]
    fn a_pair_is_read_from_base64() {
        let (_, leaf) = chain();
        let encoded = |text: &str| crate::encoding::base64(text.as_bytes());
        assert_eq!(
            custom(encoded(&leaf.cert).as_bytes(), encoded(&leaf.key).as_bytes()).unwrap(),
            leaf
        );
        assert!(custom(b"!", b"!").is_err());
    }
}

//! Nkeys: Ed25519 keys in base 32, with a prefix that says whose they are and a checksum.
//! <https://github.com/nats-io/nkeys>

use super::encoding::BASE32;

/// Whether it is the public key of an operator.
pub fn is_operator(key: &str) -> bool {
    prefix(key) == Some(OPERATOR)
}

/// Whether it is the public key of an account.
pub fn is_account(key: &str) -> bool {
    prefix(key) == Some(ACCOUNT)
}

/// Whether it is the public key of a user.
pub fn is_user(key: &str) -> bool {
    prefix(key) == Some(USER)
}

/// Whether it is a public curve key, with which messages are encrypted.
pub(crate) fn is_curve(key: &str) -> bool {
    prefix(key) == Some(CURVE)
}

/// Whether it is any public key.
pub fn is_public(key: &str) -> bool {
    prefix(key).is_some_and(|prefix| PUBLIC.contains(&prefix))
}

/// Whether it is the seed from which the key of a user is made. A seed has two prefixes in ten bits: its
/// own, and that of the key.
pub fn is_user_seed(seed: &str) -> bool {
    match decode(seed).as_deref() {
        Some([first, second, ..]) => {
            first & 0xf8 == SEED && (first & 7) << 5 | (second & 0xf8) >> 3 == USER
        }
        _ => false,
    }
}

const ACCOUNT: u8 = 0;
const CLUSTER: u8 = 2 << 3;
const OPERATOR: u8 = 14 << 3;
const SERVER: u8 = 13 << 3;
const SEED: u8 = 18 << 3;
const USER: u8 = 20 << 3;
const CURVE: u8 = 23 << 3;
const PUBLIC: [u8; 6] = [ACCOUNT, CLUSTER, OPERATOR, SERVER, USER, CURVE];

fn prefix(key: &str) -> Option<u8> {
    decode(key)?.first().copied()
}

/// The bytes in front of the checksum, if the checksum is right.
fn decode(text: &str) -> Option<Vec<u8>> {
    let mut bytes = BASE32.decode(text.as_bytes()).ok()?;
    let checksum = bytes.split_off(bytes.len().checked_sub(2)?);
    (bytes.len() >= 2 && crc16(&bytes).to_le_bytes() == *checksum).then_some(bytes)
}

/// CRC-16/XMODEM.
fn crc16(bytes: &[u8]) -> u16 {
    bytes.iter().fold(0, |crc, byte| {
        (0..8).fold(crc ^ u16::from(*byte) << 8, |crc, _| {
            if crc & 0x8000 == 0 { crc << 1 } else { crc << 1 ^ 0x1021 }
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_keys_by_prefix_and_checksum() {
        let user = "UBNLMXCPTDPLQ43APWDM72LO7IGOVCM7GXKFUOMCPD6IDAMYMJDA7HCQ";
        let account = "AAX7Z5T3HZYN4P44BOSTY5AC2HVDULHHJ5QCEGPI66KNQDZDBSMJOEUN";
        assert!(is_user(user) && is_public(user) && !is_account(user));
        assert!(is_account(account) && !is_operator(account) && !is_user_seed(account));
        assert!(!is_user(&user.replace("HCQ", "HCA")), "a wrong checksum");
        assert!(!is_user(&format!("{user}A")), "a letter too many");
        assert!(!is_public("abc") && !is_public("") && !is_public("A") && !is_public("ÄÄÄÄ"));
    }
}

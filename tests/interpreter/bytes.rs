//! Functions on bytes, and identities.

use kuneiform::interface::Owner;
use sha2::{Digest, Sha224, Sha256, Sha384, Sha512};

use super::hash::{md5, sha1};
use super::values::{Fault, Value, fault};

/// The namespace of `uuid_generate_kwil`.
const KWIL: &str = "a247cac1-d817-4949-bac7-dc4b1dc41d09";

/// `digest(bytes, name)`
pub fn digest(bytes: &[u8], name: &str) -> Vec<u8> {
    match name.to_lowercase().as_str() {
        "sha224" => Sha224::digest(bytes).to_vec(),
        "sha256" => Sha256::digest(bytes).to_vec(),
        "sha384" => Sha384::digest(bytes).to_vec(),
        "sha512" => Sha512::digest(bytes).to_vec(),
        "md5" => md5(bytes),
        other => panic!("{other} is no hash"),
    }
}

const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

pub fn encode(bytes: &[u8], form: &str) -> Result<String, Fault> {
    match form {
        "hex" => Ok(hex::encode(bytes)),
        "base64" => Ok(base64(bytes)),
        "escape" => Ok(bytes.iter().map(|byte| escaped(*byte)).collect()),
        _ => Err(fault("22023")),
    }
}

fn escaped(byte: u8) -> String {
    match byte {
        0 | 0x80.. => format!("\\{byte:03o}"),
        b'\\' => "\\\\".to_owned(),
        _ => char::from(byte).to_string(),
    }
}

/// With a line break after 76 letters.
fn base64(bytes: &[u8]) -> String {
    let mut letters = String::new();
    for some in bytes.chunks(3) {
        let word = (0..3).fold(0, |word, at| word << 8 | u32::from(some.get(at).copied().unwrap_or(0)));
        for at in 0..4 {
            let place = (word >> (18 - 6 * at)) & 63;
            letters.push(if at <= some.len() { char::from(LETTERS[place as usize]) } else { '=' });
        }
        if letters.len() % 77 == 76 {
            letters.push('\n');
        }
    }
    letters.trim_end().to_owned()
}

pub fn decode(text: &str, form: &str) -> Result<Vec<u8>, Fault> {
    match form {
        "hex" => {
            let digits: String = text.chars().filter(|letter| !letter.is_ascii_whitespace()).collect();
            hex::decode(digits).map_err(|_| fault("22023"))
        }
        "base64" => Ok(from_base64(text)),
        "escape" => unescaped(text.as_bytes()),
        _ => Err(fault("22023")),
    }
}

/// What [`base64`] wrote.
fn from_base64(text: &str) -> Vec<u8> {
    let places: Vec<u32> = text
        .bytes()
        .filter_map(|letter| LETTERS.iter().position(|known| *known == letter))
        .map(|place| place as u32)
        .collect();
    let mut bytes = Vec::new();
    for some in places.chunks(4) {
        let word = (0..4).fold(0, |word, at| word << 6 | some.get(at).copied().unwrap_or(0));
        bytes.extend(word.to_be_bytes()[1..some.len()].iter());
    }
    bytes
}

fn unescaped(mut text: &[u8]) -> Result<Vec<u8>, Fault> {
    let mut bytes = Vec::new();
    while let [first, rest @ ..] = text {
        text = rest;
        match (first, rest) {
            (b'\\', [b'\\', rest @ ..]) => {
                bytes.push(b'\\');
                text = rest;
            }
            (b'\\', [a @ b'0'..=b'3', b @ b'0'..=b'7', c @ b'0'..=b'7', rest @ ..]) => {
                bytes.push((a - b'0') * 64 + (b - b'0') * 8 + (c - b'0'));
                text = rest;
            }
            (b'\\', _) => return Err(fault("22P02")),
            (byte, _) => bytes.push(*byte),
        }
    }
    Ok(bytes)
}

/// The version 5 UUID of a name.
pub fn uuid_of(namespace: &str, name: &str) -> Value {
    let mut bytes = hex::decode(namespace.replace('-', "")).unwrap();
    bytes.extend(name.bytes());
    let mut hash = sha1(&bytes);
    hash[6] = (hash[6] & 15) | 0x50;
    hash[8] = (hash[8] & 63) | 0x80;
    let digits = hex::encode(&hash[..16]);
    let parts = [&digits[..8], &digits[8..12], &digits[12..16], &digits[16..20], &digits[20..]];
    Value::Uuid(parts.join("-"))
}

pub fn kwil_uuid_of(name: &str) -> Value {
    uuid_of(KWIL, name)
}

/// The identity of the schema an owner has.
pub fn dbid_of(name: &str, owner: &[u8]) -> Value {
    let owner = Owner(format!("0x{}", hex::encode(owner)));
    let mut bytes = name.to_ascii_lowercase().into_bytes();
    bytes.extend(owner.bytes());
    Value::Text(format!("x{}", hex::encode(Sha224::digest(bytes))))
}

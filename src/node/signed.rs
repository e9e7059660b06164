//! Calls as users sign them. What is signed is text that a wallet can show, and the bytes that are checked are the bytes
//! that came: nothing is written anew, so nothing has to be written the same way twice.

use ed25519_dalek::{Signature as Ed25519Signature, VerifyingKey as Ed25519Key};
use k256::ecdsa::{RecoveryId, Signature as Secp256k1Signature, VerifyingKey as Secp256k1Key};
use serde::Deserialize;
use serde_json::Value;
use sha2::{Digest, Sha256};
use sha3::Keccak256;

use crate::deploy::call::Given;
use crate::engine::{By, Invocation, Request};

/// What stands before the payload in what is signed, so that a signature for something else is none for a call.
const DOMAIN: &str = "kuneiform call v1\n";
/// Bytes of a payload.
const PAYLOAD_BYTES: usize = 256 * 1024;

/// What a user sends: `docs/reference/http.md`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Envelope {
    /// JSON as text: exactly what was signed after `kuneiform call v1` and a line end.
    pub payload: String,
    /// `0x..`: 64 bytes by Ed25519, 65 by secp256k1.
    pub signature: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Payload {
    chain_id: String,
    caller: String,
    dataset: String,
    action: String,
    args: Vec<Value>,
    nonce: i64,
    expires: Option<i64>,
}

/// A call whose signature holds.
#[derive(Clone, PartialEq, Debug)]
pub struct Signed {
    /// What a block runs. Its txid is the SHA-256, in hex, of what was signed.
    pub request: Request,
    /// Greater than that of any call of the caller's before.
    pub nonce: i64,
    /// The last height at which it may run; none for any.
    pub expires: Option<i64>,
    /// What it takes up.
    pub bytes: usize,
}

/// Why a call is not taken.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Refusal {
    /// The payload is not what it should be.
    Malformed(&'static str),
    /// It is for another chain.
    WrongChain,
    /// The signature is not the caller's.
    BadSignature(&'static str),
}

/// How a caller signs: an Ed25519 key calls itself by its 32 bytes, a secp256k1 key by its Ethereum address.
enum Caller {
    Ed25519([u8; 32]),
    Address([u8; 20]),
}

impl Caller {
    /// Reads `0x..`, in small letters only, so that nobody has two names.
    fn read(text: &str) -> Option<Caller> {
        let digits =
            text.strip_prefix("0x").filter(|digits| !digits.bytes().any(|it| it.is_ascii_uppercase()))?;
        let bytes = hex::decode(digits).ok()?;
        match bytes.len() {
            32 => bytes.try_into().ok().map(Caller::Ed25519),
            _ => bytes.try_into().ok().map(Caller::Address),
        }
    }

    fn bytes(&self) -> &[u8] {
        match self {
            Caller::Ed25519(key) => key,
            Caller::Address(address) => address,
        }
    }

    /// `@authenticator`
    fn authenticator(&self) -> &'static str {
        match self {
            Caller::Ed25519(_) => "ed25519",
            Caller::Address(_) => "secp256k1",
        }
    }

    fn signed(&self, message: &[u8], signature: &[u8]) -> bool {
        match self {
            Caller::Ed25519(key) => ed25519(key, message, signature),
            Caller::Address(address) => signer(message, signature).as_ref() == Some(address),
        }
    }
}

impl Envelope {
    /// Checks form, chain and signature.
    ///
    /// # Errors
    /// The first that does not hold.
    pub fn open(&self, chain_id: &str) -> Result<Signed, Refusal> {
        if self.payload.len() > PAYLOAD_BYTES {
            return Err(Refusal::Malformed("a payload has at most 256 KiB"));
        }
        let payload: Payload = serde_json::from_str(&self.payload)
            .map_err(|_| Refusal::Malformed("the payload is not JSON with the keys it must have"))?;
        let caller = Caller::read(&payload.caller).ok_or(Refusal::Malformed(
            "`caller` is `0x` and 40 digits of an address or 64 of an Ed25519 key, in small letters",
        ))?;
        check(&payload)?;
        if payload.chain_id != chain_id {
            return Err(Refusal::WrongChain);
        }
        let message = [DOMAIN, &self.payload].concat();
        let signature = self.signature.strip_prefix("0x").and_then(|digits| hex::decode(digits).ok());
        let signature =
            signature.ok_or(Refusal::BadSignature("`signature` is not `0x` and hexadecimal digits"))?;
        if !caller.signed(message.as_bytes(), &signature) {
            return Err(Refusal::BadSignature("the signature is not the caller's"));
        }
        let txid = hex::encode(Sha256::digest(message.as_bytes()));
        Ok(payload.signed(txid, &caller, message.len()))
    }
}

fn check(payload: &Payload) -> Result<(), Refusal> {
    if payload.nonce < 1 {
        return Err(Refusal::Malformed("`nonce` is not above 0"));
    }
    if [&payload.dataset, &payload.action].iter().any(|name| name.len() > 128 || name.contains('\0')) {
        return Err(Refusal::Malformed("`dataset` and `action` have at most 128 bytes and no NUL"));
    }
    Ok(())
}

impl Payload {
    fn signed(self, txid: String, caller: &Caller, bytes: usize) -> Signed {
        let call = Invocation {
            dataset: self.dataset.to_lowercase(),
            action: self.action,
            arguments: Given::Json(self.args),
        };
        let request = Request {
            txid,
            caller: self.caller,
            signer: caller.bytes().to_vec(),
            authenticator: caller.authenticator().to_owned(),
            by: By::User,
            calls: vec![call],
        };
        Signed { request, nonce: self.nonce, expires: self.expires, bytes }
    }
}

fn ed25519(key: &[u8; 32], message: &[u8], signature: &[u8]) -> bool {
    let parts = Ed25519Key::from_bytes(key).ok().zip(Ed25519Signature::from_slice(signature).ok());
    parts.is_some_and(|(key, signature)| key.verify_strict(message, &signature).is_ok())
}

/// The address that signed `message` in the way of EIP-191, `personal_sign`: r, s, and v as 0, 1, 27 or 28.
fn signer(message: &[u8], signature: &[u8]) -> Option<[u8; 20]> {
    let (v, rs) = signature.split_last()?;
    let recovery = RecoveryId::from_byte(if *v >= 27 { v - 27 } else { *v })?;
    let signature = Secp256k1Signature::from_slice(rs).ok()?;
    let head = format!("\x19Ethereum Signed Message:\n{}", message.len());
    let hash = Keccak256::new().chain_update(head).chain_update(message).finalize();
    let key = Secp256k1Key::recover_from_prehash(&hash, &signature, recovery).ok()?;
    Some(address(&key))
}

/// The last 20 bytes of the Keccak-256 of both coordinates.
fn address(key: &Secp256k1Key) -> [u8; 20] {
    let point = key.to_sec1_point(false);
    let hash = Keccak256::digest(point.as_bytes().get(1..).unwrap_or_default());
    hash.get(12..).and_then(|bytes| bytes.try_into().ok()).unwrap_or_default()
}

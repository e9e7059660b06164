//! Calls as users sign them. What is signed is text that a wallet can show, and the bytes that are checked are the bytes
//! that came: nothing is written anew, so nothing has to be written the same way twice.

use serde::Deserialize;
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::caller::Caller;
use crate::deploy::call::Given;
use crate::engine::{By, Invocation, Request};

/// What stands before the payload in what is signed, so that a signature for something else is none for a call.
const DOMAIN: &str = "kuneiform call v1\n";
/// Bytes of a payload at most.
pub const PAYLOAD_BYTES: usize = 256 * 1024;

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

impl Envelope {
    /// Checks form, chain and signature.
    ///
    /// # Errors
    /// The first that does not hold.
    pub fn open(&self, chain_id: &str) -> Result<Signed, Refusal> {
        let signature = self.signature.strip_prefix("0x").and_then(|digits| hex::decode(digits).ok());
        let signature =
            signature.ok_or(Refusal::BadSignature("`signature` is not `0x` and hexadecimal digits"))?;
        Signed::open(&self.payload, &signature, chain_id)
    }
}

impl Signed {
    /// Checks form, chain and signature of a payload.
    ///
    /// # Errors
    /// The first that does not hold.
    pub fn open(text: &str, signature: &[u8], chain_id: &str) -> Result<Signed, Refusal> {
        if text.len() > PAYLOAD_BYTES {
            return Err(Refusal::Malformed("a payload has at most 256 KiB"));
        }
        let payload: Payload = serde_json::from_str(text)
            .map_err(|_| Refusal::Malformed("the payload is not JSON with the keys it must have"))?;
        let caller = Caller::read(&payload.caller).ok_or(Refusal::Malformed(
            "`caller` is `0x` and 40 digits of an address or 64 of an Ed25519 key, in small letters",
        ))?;
        check(&payload)?;
        if payload.chain_id != chain_id {
            return Err(Refusal::WrongChain);
        }
        let message = [DOMAIN, text].concat();
        if !caller.signed(message.as_bytes(), signature) {
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

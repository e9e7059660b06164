use ed25519_dalek::Signer as _;
use serde_json::{Value, json};
use sha3::{Digest, Keccak256};

/// Somebody with a key.
pub trait Signer {
    fn caller(&self) -> String;
    fn signature(&self, message: &[u8]) -> Vec<u8>;

    /// The body of a signed call.
    fn sign(&self, payload: &Value) -> Value {
        let payload = payload.to_string();
        let signature = self.signature(format!("kuneiform call v1\n{payload}").as_bytes());
        json!({"payload": payload, "signature": format!("0x{}", hex::encode(signature))})
    }
}

pub struct Ed25519(ed25519_dalek::SigningKey);

impl Ed25519 {
    pub fn new(seed: u8) -> Ed25519 {
        Ed25519(ed25519_dalek::SigningKey::from_bytes(&[seed; 32]))
    }
}

impl Signer for Ed25519 {
    fn caller(&self) -> String {
        format!("0x{}", hex::encode(self.0.verifying_key().as_bytes()))
    }

    fn signature(&self, message: &[u8]) -> Vec<u8> {
        self.0.sign(message).to_bytes().to_vec()
    }
}

pub struct Secp256k1(k256::ecdsa::SigningKey);

impl Secp256k1 {
    pub fn new(seed: u8) -> Secp256k1 {
        Secp256k1(k256::ecdsa::SigningKey::from_slice(&[seed; 32]).unwrap())
    }
}

impl Signer for Secp256k1 {
    fn caller(&self) -> String {
        let point = self.0.verifying_key().to_sec1_point(false);
        format!("0x{}", hex::encode(&Keccak256::digest(&point.as_bytes()[1..])[12..]))
    }

    fn signature(&self, message: &[u8]) -> Vec<u8> {
        let head = format!("\x19Ethereum Signed Message:\n{}", message.len());
        let hash = Keccak256::new().chain_update(head).chain_update(message).finalize();
        let (signature, recovery) = self.0.sign_prehash_recoverable(&hash);
        [signature.to_bytes().as_slice(), &[27 + recovery.to_byte()]].concat()
    }
}

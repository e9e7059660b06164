use ed25519_dalek::{Signature as Ed25519Signature, VerifyingKey as Ed25519Key};
use k256::ecdsa::{RecoveryId, Signature as Secp256k1Signature, VerifyingKey as Secp256k1Key};
use sha3::{Digest, Keccak256};

/// How a caller signs: an Ed25519 key calls itself by its 32 bytes, a secp256k1 key by its Ethereum address.
pub(super) enum Caller {
    Ed25519([u8; 32]),
    Address([u8; 20]),
}

impl Caller {
    /// Reads `0x..`, in small letters only, so that nobody has two names.
    pub(super) fn read(text: &str) -> Option<Caller> {
        let digits =
            text.strip_prefix("0x").filter(|digits| !digits.bytes().any(|it| it.is_ascii_uppercase()))?;
        let bytes = hex::decode(digits).ok()?;
        match bytes.len() {
            32 => bytes.try_into().ok().map(Caller::Ed25519),
            _ => bytes.try_into().ok().map(Caller::Address),
        }
    }

    pub(super) fn bytes(&self) -> &[u8] {
        match self {
            Caller::Ed25519(key) => key,
            Caller::Address(address) => address,
        }
    }

    /// `@authenticator`
    pub(super) fn authenticator(&self) -> &'static str {
        match self {
            Caller::Ed25519(_) => "ed25519",
            Caller::Address(_) => "secp256k1",
        }
    }

    pub(super) fn signed(&self, message: &[u8], signature: &[u8]) -> bool {
        match self {
            Caller::Ed25519(key) => ed25519(key, message, signature),
            Caller::Address(address) => signer(message, signature).as_ref() == Some(address),
        }
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

//! A user's call as a transaction: the payload that was signed and its signature, in one form only.

use crate::oracle::{Malformed, Reader, Writer};

const DOMAIN: &str = "kf.call.v1";

/// The transaction of a call. The payload is the text that was signed, behind `kuneiform call v1` and a line end; the
/// signature has 64 bytes by Ed25519, 65 by secp256k1.
pub fn encode(payload: &str, signature: &[u8]) -> Vec<u8> {
    let mut writer = Writer::new(DOMAIN);
    writer.text(payload);
    writer.bytes(signature);
    writer.finish()
}

/// Payload and signature of a transaction.
///
/// # Errors
/// If it is not what [`encode`] gives.
pub fn decode(transaction: &[u8]) -> Result<(&str, &[u8]), Malformed> {
    let mut reader = Reader::new(transaction, DOMAIN)?;
    let (payload, signature) = (reader.text()?, reader.bytes()?);
    reader.end()?;
    Ok((payload, signature))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_one_form_only() {
        let bytes = encode("{}", &[7; 64]);
        assert_eq!(hex::encode(&bytes[..20]), "0000000a6b662e63616c6c2e7631000000027b7d");
        assert_eq!(decode(&bytes), Ok(("{}", &[7; 64][..])));
        for end in 0..bytes.len() {
            assert!(decode(&bytes[..end]).is_err(), "{end}");
        }
        assert!(decode(&[bytes.clone(), vec![0]].concat()).is_err());
        let mut other = bytes;
        other[12] = b'w';
        assert!(decode(&other).is_err());
    }
}

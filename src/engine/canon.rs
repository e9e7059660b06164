use sha2::{Digest, Sha256};

/// A SHA-256.
pub type Hash = [u8; 32];

/// Hashes values so that no two different sequences of them have the same bytes: each has a length in front, or a length
/// of its own. `docs/reference/state-hash.md` says what is hashed in which order.
#[derive(Clone)]
pub struct Canon(Sha256);

impl Canon {
    /// Begins a hash for one purpose: `kuneiform.block.v1`. Hashes of different domains are never compared.
    pub fn new(domain: &str) -> Canon {
        let mut canon = Canon(Sha256::new());
        canon.bytes(domain.as_bytes());
        canon
    }

    /// The length as eight bytes, most significant first, and the bytes.
    pub fn bytes(&mut self, bytes: &[u8]) -> &mut Canon {
        self.length(bytes.len()).raw(bytes)
    }

    /// A text, as its UTF-8 bytes.
    pub fn text(&mut self, text: &str) -> &mut Canon {
        self.bytes(text.as_bytes())
    }

    /// Eight bytes, most significant first.
    pub fn int(&mut self, number: i64) -> &mut Canon {
        self.raw(&number.to_be_bytes())
    }

    /// How many things follow.
    pub fn length(&mut self, length: usize) -> &mut Canon {
        self.raw(&(length as u64).to_be_bytes())
    }

    /// One byte that says what follows.
    pub fn tag(&mut self, tag: u8) -> &mut Canon {
        self.raw(&[tag])
    }

    /// A byte 0 for nothing, else a byte 1 and the text.
    pub fn optional(&mut self, text: Option<&str>) -> &mut Canon {
        match text {
            None => self.tag(0),
            Some(text) => self.tag(1).text(text),
        }
    }

    /// A hash, which needs no length.
    pub fn hash(&mut self, hash: &Hash) -> &mut Canon {
        self.raw(hash)
    }

    /// Bytes whose length was told before.
    pub fn raw(&mut self, bytes: &[u8]) -> &mut Canon {
        self.0.update(bytes);
        self
    }

    /// The hash.
    pub fn finish(self) -> Hash {
        self.0.finalize().into()
    }
}

use sha2::{Digest, Sha256};

use super::canon::{Canon, Hash};

/// The status of a request that was done.
pub const OK: &str = "OK";

/// What became of a request. The same on every replica.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Receipt {
    /// Identity of the request.
    pub txid: String,
    /// [`OK`], a code of the language (`KF001`), or the class of the SQLSTATE (`23`).
    pub status: String,
    /// What it used, in steps; 0 if it failed.
    pub steps: i64,
    /// Rows its calls gave; 0 if it failed.
    pub rows: i64,
    /// Hash of these rows, in order.
    pub result: Hash,
}

impl Receipt {
    /// True if its effects are there.
    pub fn is_ok(&self) -> bool {
        self.status == OK
    }

    /// The leaf of the tree of receipts.
    pub fn hash(&self) -> Hash {
        let Receipt { txid, status, steps, rows, result } = self;
        let mut canon = Canon::new("kuneiform.receipt.v1");
        canon.text(txid).text(status).int(*steps).int(*rows).hash(result);
        canon.finish()
    }
}

/// The root of the Merkle tree over `leaves`, as RFC 6962 builds it: one receipt can be proved by a few hashes.
pub fn root(leaves: &[Hash]) -> Hash {
    let node = |tag: u8, parts: &[&Hash]| -> Hash {
        let mut hash = Sha256::new();
        hash.update([tag]);
        parts.iter().for_each(|part| hash.update(part));
        hash.finalize().into()
    };
    match leaves {
        [] => Sha256::digest([]).into(),
        [leaf] => node(0, &[leaf]),
        _ => {
            // The largest power of two below the length.
            let (left, right) = leaves.split_at(leaves.len().next_power_of_two() / 2);
            node(1, &[&root(left), &root(right)])
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_root_depends_on_every_leaf_and_on_their_order() {
        let leaves: Vec<Hash> = (0..7).map(|number| [number; 32]).collect();
        let whole = root(&leaves);
        for index in 0..leaves.len() {
            let mut other = leaves.clone();
            other[index][0] ^= 1;
            assert_ne!(root(&other), whole, "{index}");
            assert_ne!(root(&leaves[..index]), whole, "{index}");
        }
        let mut turned = leaves.clone();
        turned.reverse();
        assert_ne!(root(&turned), whole);
        assert_eq!(
            hex::encode(root(&[])),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        );
    }
}

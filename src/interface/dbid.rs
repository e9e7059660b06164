use std::fmt;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha224};

use crate::language::Name;

/// Who owns a dataset, as an identity the network's authenticators produce.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Owner(pub String);

impl Owner {
    /// The owner that `0x..` spells, as a `use` of a source writes it: `0x` and pairs of digits.
    pub fn spelled(text: &str) -> Option<Owner> {
        let digits = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X"))?;
        let is_bytes = !digits.is_empty() && hex::decode(digits).is_ok();
        is_bytes.then(|| Owner(text.to_owned()))
    }

    /// The bytes that enter a DBID: what `0x..` spells, else the text itself.
    pub fn bytes(&self) -> Vec<u8> {
        let spelled = self.0.strip_prefix("0x").or_else(|| self.0.strip_prefix("0X"));
        spelled.and_then(|digits| hex::decode(digits).ok()).unwrap_or_else(|| self.0.clone().into_bytes())
    }
}

/// The identity of a dataset.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Dbid(String);

impl Dbid {
    /// A network schema: its DBID is its name.
    pub fn network(name: &Name) -> Dbid {
        Dbid(name.as_str().to_owned())
    }

    /// A user-owned schema: `x` + hex(sha224(lower(name) ‖ owner bytes)).
    pub fn owned(name: &Name, owner: &Owner) -> Dbid {
        let mut hash = Sha224::new();
        hash.update(name.as_str().as_bytes());
        hash.update(owner.bytes());
        Dbid(format!("x{}", hex::encode(hash.finalize())))
    }

    /// The DBID of `name` for `owner`, or of the network schema `name` without one.
    pub fn of(name: &Name, owner: Option<&Owner>) -> Dbid {
        owner.map_or_else(|| Dbid::network(name), |owner| Dbid::owned(name, owner))
    }

    /// The identity a registry remembers as `text`.
    pub fn recorded(text: impl Into<String>) -> Dbid {
        Dbid(text.into())
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The PostgreSQL schema that holds the dataset: `ds_` + DBID, at most 63 bytes by the limits on names.
    pub fn pg_schema(&self) -> String {
        format!("ds_{}", self.0)
    }
}

impl fmt::Display for Dbid {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn owned_dbids_follow_the_family() {
        let owner = Owner("0xdeadbeef".into());
        assert_eq!(owner.bytes(), [0xde, 0xad, 0xbe, 0xef]);
        let dbid = Dbid::owned(&Name::new("Ens"), &owner);
        assert_eq!(dbid.as_str().len(), 57);
        assert_eq!(dbid, Dbid::owned(&Name::new("ens"), &Owner("0xDEADBEEF".into())));
        assert_eq!(dbid.pg_schema().len(), 60);
    }
}

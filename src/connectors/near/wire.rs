//! What a NEAR node answers, as far as it is read. Nodes of later versions may say more.

use serde::Deserialize;

/// `status`.
#[derive(Deserialize)]
pub struct Status {
    pub chain_id: String,
    pub sync_info: SyncInfo,
}

/// What a node has.
#[derive(Deserialize)]
pub struct SyncInfo {
    /// Everything before was given up, where the node says so.
    pub earliest_block_height: Option<u64>,
}

/// `block`.
#[derive(Deserialize)]
pub struct BlockAnswer {
    pub header: Header,
}

/// The head of a block.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
pub struct Header {
    pub height: u64,
    pub hash: String,
    pub prev_hash: String,
    /// Old blocks do not say it.
    #[serde(default)]
    pub prev_height: Option<u64>,
    /// Nanoseconds since 1970, as text: it does not fit what JSON can count.
    pub timestamp_nanosec: String,
}

/// `EXPERIMENTAL_changes_in_block`, later `block_effects`: what was touched.
#[derive(Deserialize)]
pub struct TouchedAnswer {
    pub block_hash: String,
    pub changes: Vec<Touched>,
}

/// Something that was touched.
#[derive(Deserialize)]
pub struct Touched {
    /// `account_touched`, `access_key_touched`, `data_touched`, ..
    #[serde(rename = "type")]
    pub kind: String,
    pub account_id: String,
}

/// `EXPERIMENTAL_changes`, later `changes`.
#[derive(Deserialize)]
pub struct ChangesAnswer {
    pub block_hash: String,
    pub changes: Vec<Change>,
}

/// A value of the state was written or removed. All of one place come in the order in which they happened.
#[derive(Clone, Debug, Deserialize)]
pub struct Change {
    pub cause: Cause,
    /// `account_update`, `account_deletion`, `access_key_update`, `access_key_deletion`.
    #[serde(rename = "type")]
    pub kind: String,
    pub change: Place,
}

/// Why something changed.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
pub struct Cause {
    /// `transaction_processing` for what the signer pays, `receipt_processing` for what actions do, others.
    #[serde(rename = "type")]
    pub kind: String,
    #[serde(default)]
    pub receipt_hash: Option<String>,
}

/// What changed.
#[derive(Clone, Debug, Deserialize)]
pub struct Place {
    pub account_id: String,
    #[serde(default)]
    pub public_key: Option<String>,
    #[serde(default)]
    pub access_key: Option<AccessKey>,
}

/// A key, as it is after the change.
#[derive(Clone, Debug, Deserialize)]
pub struct AccessKey {
    pub permission: Permission,
}

/// What a key may do.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(untagged)]
pub enum Permission {
    /// `"FullAccess"`.
    Whole(String),
    /// `{"FunctionCall": {"receiver_id": "..", "method_names": [".."], ..}}`.
    Part(std::collections::BTreeMap<String, Part>),
}

/// What a key is restricted to, where it is.
#[derive(Clone, PartialEq, Eq, Debug, Default, Deserialize)]
pub struct Part {
    #[serde(default)]
    pub receiver_id: Option<String>,
    #[serde(default)]
    pub method_names: Option<Vec<String>>,
}

impl Permission {
    /// `FullAccess`, `FunctionCall`, or what a later version of NEAR calls it.
    pub fn word(&self) -> &str {
        match self {
            Permission::Whole(word) => word,
            Permission::Part(parts) => parts.keys().next().map_or("", String::as_str),
        }
    }

    /// What it is restricted to.
    pub fn part(&self) -> Part {
        match self {
            Permission::Whole(_) => Part::default(),
            Permission::Part(parts) => parts.values().next().cloned().unwrap_or_default(),
        }
    }

    /// True if it may do everything.
    pub fn is_whole(&self) -> bool {
        self.word() == "FullAccess"
    }
}

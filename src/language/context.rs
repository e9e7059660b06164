use serde::{Deserialize, Serialize};

use super::Type;

/// A read-only value about the running transaction, written `@name`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ContextValue {
    /// Who signed the transaction, as text. Never null or empty.
    Caller,
    /// The signer's public bytes.
    Signer,
    /// Identity of the transaction.
    Txid,
    /// Block height.
    Height,
    /// Unix time of the block in seconds.
    BlockTimestamp,
    /// How the signature was made.
    Authenticator,
    /// DBID of the schema that called this one; empty when called from outside.
    ForeignCaller,
}

impl ContextValue {
    /// Every value, in the order of the fields of `kf.ctx`.
    pub const ALL: &'static [ContextValue] = &[
        ContextValue::Caller,
        ContextValue::Signer,
        ContextValue::Txid,
        ContextValue::Height,
        ContextValue::BlockTimestamp,
        ContextValue::Authenticator,
        ContextValue::ForeignCaller,
    ];

    /// The name without `@`; also the field of `kf.ctx`.
    pub fn word(self) -> &'static str {
        match self {
            ContextValue::Caller => "caller",
            ContextValue::Signer => "signer",
            ContextValue::Txid => "txid",
            ContextValue::Height => "height",
            ContextValue::BlockTimestamp => "block_timestamp",
            ContextValue::Authenticator => "authenticator",
            ContextValue::ForeignCaller => "foreign_caller",
        }
    }

    /// The value named `word`.
    pub fn from_word(word: &str) -> Option<ContextValue> {
        ContextValue::ALL.iter().copied().find(|value| value.word() == word)
    }

    /// The type of the value.
    pub fn ty(self) -> Type {
        match self {
            ContextValue::Signer => Type::Blob,
            ContextValue::Height | ContextValue::BlockTimestamp => Type::Int,
            _ => Type::Text,
        }
    }
}
